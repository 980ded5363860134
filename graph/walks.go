package graph

import (
	"context"
	"fmt"
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"coopgraph/graph/model"
	"coopgraph/ontology"
	"coopgraph/ontology/coverage"
	"coopgraph/ontology/route"
	"coopgraph/store"
)

// day is the day asked for, or today.
func (v *view) day(asOf *string) ontology.Day {
	if asOf == nil {
		return v.today
	}
	return ontology.Day(*asOf)
}

func storeRelations(relations []model.Relation) []store.Rel {
	var rels []store.Rel
	for _, r := range relations {
		rels = append(rels, store.Rel(r))
	}
	return rels
}

// end resolves the id of a thing that a question starts from. It fails with
// errInput for what is no id, and with store.ErrNotFound.
func (v *view) end(ctx context.Context, name, id string) (store.ID, error) {
	ends, err := v.ends(ctx, name, []string{id})
	if err != nil {
		return "", err
	}
	return ends[0], nil
}

// ends is end for several ids at once.
func (v *view) ends(ctx context.Context, name string, ids []string) ([]store.ID, error) {
	if err := checkLength(name, ids, maxFirst); err != nil {
		return nil, err
	}
	var asked []store.ID
	for _, id := range ids {
		if !ontology.IsID(id) {
			return nil, fmt.Errorf("%w: what is given as %s is no id", errInput, name)
		}
		asked = append(asked, store.ID(id))
	}
	nodes, err := v.resolve(ctx, asked)
	if err != nil {
		return nil, err
	}
	ends := make([]store.ID, 0, len(ids))
	for _, id := range ids {
		n, ok := nodes[store.ID(id)]
		if !ok {
			return nil, fmt.Errorf("nothing has the id given as %s: %w", name, store.ErrNotFound)
		}
		ends = append(ends, n.ID)
	}
	return ends, nil
}

// The bounds of networks, from DESIGN.md.
const (
	maxDepth                 = 3
	defaultThings, maxThings = 100, 500
)

// Network answers a neighbourhood.
func (q *query) Network(ctx context.Context, around string, depth *int, kinds []model.Kind, relations []model.Relation, asOf *string, limit *int) (*model.Network, error) {
	v := q.view(ctx)
	v.today = v.day(asOf)
	reach := store.Reach{Rels: storeRelations(relations), Kinds: storeKinds(kinds)}
	var err error
	if reach.Length, err = between("depth", depth, 1, 1, maxDepth); err != nil {
		return nil, err
	}
	if reach.Limit, err = between("limit", limit, defaultThings, 1, maxThings); err != nil {
		return nil, err
	}
	centre, err := v.end(ctx, "around", around)
	if err != nil {
		return nil, err
	}
	nodes, facts := v.selected(ctx, "nodes"), v.selected(ctx, "facts")
	p := v.planner(ctx)
	s := &store.Step{}
	w := p.facts(facts, s)
	below := p.things(nodes, nil)
	// Every end of the facts is among the nodes.
	joint := len(below.steps) == 0 && !below.want.lastHolder && !below.want.fallback
	if joint {
		for _, end := range []string{"subject", "object", "basis"} {
			nodes = append(slices.Clone(nodes), v.selected(ctx, "facts", end)...)
		}
	}
	reach.NodeProps, reach.EdgeProps = p.props(nodes, nil), s.EdgeProps
	found, err := q.Store.Neighbourhood(ctx, centre, reach)
	if err != nil {
		return nil, fmt.Errorf("network: %w", err)
	}
	n := &model.Network{Truncated: found.Cut}
	if n.Nodes, err = v.things(ctx, found.Nodes, below); err != nil {
		return nil, err
	}
	if joint {
		v.know(found.Nodes, n.Nodes)
	}
	n.Facts, err = v.facts(ctx, found.Edges, w)
	return n, err
}

// Paths answers how two things are connected.
func (q *query) Paths(ctx context.Context, from, to string, length *int, using []model.Relation, asOf *string, first *int) ([]*model.Path, error) {
	v := q.view(ctx)
	v.today = v.day(asOf)
	question := route.Question{Using: storeRelations(using), AsOf: v.today}
	var err error
	if question.MaxLength, err = between("maxLength", length, route.DefaultLength, 1, route.MaxLength); err != nil {
		return nil, err
	}
	if question.First, err = between("first", first, route.DefaultFirst, 1, route.MaxFirst); err != nil {
		return nil, err
	}
	if question.From, err = v.end(ctx, "from", from); err != nil {
		return nil, err
	}
	if question.To, err = v.end(ctx, "to", to); err != nil {
		return nil, err
	}
	found, err := route.Find(ctx, q.Store, question)
	if err != nil {
		return nil, err
	}
	p := v.planner(ctx)
	var ids []store.ID
	var edges []store.Edge
	for _, path := range found {
		ids, edges = append(ids, path.Nodes...), append(edges, path.Facts...)
	}
	slices.Sort(ids)
	things, err := v.thingsOf(ctx, slices.Compact(ids), p.things(v.selected(ctx, "nodes"), nil))
	if err != nil {
		return nil, err
	}
	facts, err := v.facts(ctx, edges, p.facts(v.selected(ctx, "facts"), nil))
	if err != nil {
		return nil, err
	}
	paths := make([]*model.Path, 0, len(found))
	for _, path := range found {
		out := &model.Path{Length: path.Length, Score: path.Score, Facts: facts[:len(path.Facts)]}
		facts = facts[len(path.Facts):]
		for _, id := range path.Nodes {
			out.Nodes = append(out.Nodes, things[id])
		}
		paths = append(paths, out)
	}
	return paths, nil
}

// Coverage answers the gap map.
func (q *query) Coverage(ctx context.Context, themes, partners []string, asOf *string) (*model.Coverage, error) {
	v := q.view(ctx)
	v.today = v.day(asOf)
	question := coverage.Question{AsOf: v.today}
	var err error
	if question.Themes, err = v.ends(ctx, "themes", themes); err != nil {
		return nil, err
	}
	if question.Partners, err = v.ends(ctx, "partners", partners); err != nil {
		return nil, err
	}
	m, err := coverage.Draw(ctx, q.Store, question)
	if err != nil {
		return nil, err
	}
	p := v.planner(ctx)
	rows, err := v.thingsOf(ctx, m.Themes, p.things(append(v.selected(ctx, "themes"), append(v.selected(ctx, "cells", "theme"), v.selected(ctx, "gaps", "theme")...)...), []store.Kind{ontology.Theme}))
	if err != nil {
		return nil, err
	}
	columns, err := v.thingsOf(ctx, m.Partners, p.things(append(v.selected(ctx, "partners"), append(v.selected(ctx, "cells", "partner"), v.selected(ctx, "gaps", "partner")...)...), []store.Kind{ontology.Organisation}))
	if err != nil {
		return nil, err
	}
	theme := func(id store.ID) *model.Theme { t, _ := rows[id].(*model.Theme); return t }
	partner := func(id store.ID) *model.Organisation { o, _ := columns[id].(*model.Organisation); return o }
	c := &model.Coverage{Themes: []*model.Theme{}, Partners: []*model.Organisation{}, Cells: []*model.CoverageCell{}, Gaps: []*model.CoverageGap{}}
	for _, id := range m.Themes {
		c.Themes = append(c.Themes, theme(id))
	}
	for _, id := range m.Partners {
		c.Partners = append(c.Partners, partner(id))
	}
	for _, cell := range m.Cells {
		c.Cells = append(c.Cells, &model.CoverageCell{
			Theme: theme(cell.Theme), Partner: partner(cell.Partner),
			ContactCount: cell.Contacts, ProjectCount: cell.Projects, InstrumentCount: cell.Instruments,
			NewestEvidence: orNull(string(cell.Newest)),
		})
	}
	for _, gap := range m.Gaps {
		c.Gaps = append(c.Gaps, &model.CoverageGap{Theme: theme(gap.Theme), Partner: partner(gap.Partner)})
	}
	return c, nil
}

func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// selected gives what is selected below a field of the root field's answer.
func (v *view) selected(ctx context.Context, path ...string) ast.SelectionSet {
	op := graphql.GetOperationContext(ctx)
	sel := graphql.GetFieldContext(ctx).Field.Selections
	for _, name := range path {
		var next ast.SelectionSet
		for _, f := range selectedFields(op, sel, []string{"Fact", "Node", "Thing"}) {
			if f.Name == name {
				next = append(next, f.Selections...)
			}
		}
		sel = next
	}
	return sel
}

// facts gives edges as the API shows them, and reads what they refer to.
func (v *view) facts(ctx context.Context, edges []store.Edge, w want) ([]*model.Fact, error) {
	facts := make([]*model.Fact, 0, len(edges))
	var r refs
	for _, e := range edges {
		f, err := ontology.FactOf(e)
		if err != nil {
			return nil, err
		}
		w.collect(e, &r)
		facts = append(facts, &model.Fact{F: f, Load: v})
	}
	return facts, v.warmRefs(ctx, r)
}

// factsByID reads facts by their ids, or by ids that they once had, and what
// they refer to. Ids without a fact are absent from the map.
func (v *view) factsByID(ctx context.Context, ids []store.ID, w want) (map[store.ID]*model.Fact, error) {
	out := map[store.ID]*model.Fact{}
	if len(ids) == 0 {
		return out, nil
	}
	page, err := v.store.Edges(ctx, nil, store.Filter{IDs: ids}, store.Paging{})
	if err != nil {
		return nil, fmt.Errorf("read %d facts: %w", len(ids), err)
	}
	facts, err := v.facts(ctx, page.Items, w)
	if err != nil {
		return nil, err
	}
	for _, f := range facts {
		out[f.F.ID] = f
	}
	var former []any
	for _, id := range ids {
		if out[id] == nil {
			former = append(former, string(id))
		}
	}
	if len(former) == 0 {
		return out, nil
	}
	page, err = v.store.Edges(ctx, nil, store.Filter{Conds: []store.Cond{{Prop: "formerIds", Values: former}}}, store.Paging{})
	if err != nil {
		return nil, fmt.Errorf("find %d former facts: %w", len(former), err)
	}
	if facts, err = v.facts(ctx, page.Items, w); err != nil {
		return nil, err
	}
	for i, e := range page.Items {
		old, _ := e.Props["formerIds"].([]string)
		for _, id := range old {
			out[store.ID(id)] = facts[i]
		}
	}
	return out, nil
}
