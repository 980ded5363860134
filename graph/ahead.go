package graph

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"coopgraph/graph/model"
	"coopgraph/ontology"
	"coopgraph/store"
)

// The look-ahead: one recursive function turns the selection below a thing
// into a tree of steps, one Expand answers it, and resolvers read the pages by
// their place in the tree. A field that the tree does not hold is one Expand
// of its own, so that a mistake costs speed, never correctness.

// branch is what is asked below things of some kinds.
type branch struct {
	steps []store.Step
	below []*below
	// at gives a field's step, by kind and alias: "Person.posts".
	at map[string]int
	// want says what is to be read of the things themselves.
	want want
}

// below is what is asked of the hops of a step.
type below struct {
	scope string
	// cursors says that the hops' places are shown.
	cursors bool
	// facts says what is to be read of the facts.
	facts want
	// things is what is asked below the far ends.
	things *branch
}

// want says what is to be read of a thing or a fact beyond its properties.
type want struct {
	sources, ends, basis bool
	lastHolder, fallback bool
}

// tree is what was read below one thing.
type tree struct {
	branch *branch
	pages  []store.Page[store.Hop]
}

// planner turns selections into steps.
type planner struct {
	op   *graphql.OperationContext
	asOf ontology.Day
}

func (v *view) planner(ctx context.Context) planner {
	return planner{op: graphql.GetOperationContext(ctx), asOf: v.asOf}
}

// selectedFields lists the fields of a selection that things of these types
// have. It goes past the operation's own cache, which knows a selection by its
// address alone: the planner's selections die while the operation lives, and
// another one put in their place would be taken for them.
func selectedFields(op *graphql.OperationContext, sel ast.SelectionSet, types []string) []graphql.CollectedField {
	return graphql.CollectFields(&graphql.OperationContext{Doc: op.Doc, Variables: op.Variables}, sel, types)
}

// implements lists the type conditions that a thing of the kind fulfils.
func implements(k store.Kind) []string {
	names := []string{string(k), "Thing", "Node"}
	if k == ontology.Person || k == ontology.Organisation {
		names = append(names, "Agent")
	}
	return names
}

// things plans what a selection asks of things of these kinds; nil for any.
func (p planner) things(sel ast.SelectionSet, kinds []store.Kind) *branch {
	if kinds == nil {
		kinds = ontology.Kinds()
	}
	b := &branch{at: map[string]int{}}
	for _, k := range kinds {
		for _, f := range selectedFields(p.op, sel, implements(k)) {
			p.field(b, k, f)
		}
	}
	return b
}

func (p planner) field(b *branch, k store.Kind, f graphql.CollectedField) {
	switch f.Name {
	case "sources":
		b.want.sources = true
	case "names", "figures":
		b.want.sources = b.want.sources || p.selects(f.Selections, "sources")
	case "lastHolder":
		b.want.lastHolder = true
	case "fallback":
		b.want.fallback = true
	}
	step, bel, err := p.step(k, f)
	if err != nil || step == nil {
		return // no connection, or arguments that the resolver refuses
	}
	b.at[string(k)+"."+f.Alias] = len(b.steps)
	b.steps = append(b.steps, *step)
	b.below = append(b.below, bel)
}

// selects says whether a selection holds a field of the name, at its top.
func (p planner) selects(sel ast.SelectionSet, name string) bool {
	return slices.ContainsFunc(selectedFields(p.op, sel, nil), func(f graphql.CollectedField) bool { return f.Name == name })
}

// step plans one field: nil where it is no connection.
func (p planner) step(k store.Kind, f graphql.CollectedField) (*store.Step, *below, error) {
	raw := f.ArgumentMap(p.op.Variables)
	c, ok := ontology.ConnectionOf(k, f.Name)
	if f.Name == "facts" {
		c, ok = ontology.FactsOf(relationsOf(raw["relations"])), true
	}
	if !ok {
		return nil, nil, nil
	}
	a, err := pageArgs(raw)
	if err != nil {
		return nil, nil, err
	}
	bel := &below{scope: string(k) + "." + f.Name}
	s := &store.Step{Legs: c.Legs, Kinds: c.FarKinds(), Order: ontology.ByDate, Limit: a.first}
	if day := firstOf(a.asOf, p.asOf); day != "" {
		s.Where = ontology.Holding(day)
	}
	if a.after != nil {
		if s.After, err = decodeCursor(bel.scope, *a.after); err != nil {
			return nil, nil, err
		}
	}
	if narrow, _ := raw["includeNarrower"].(bool); narrow {
		s.Through = c.Narrower
	}
	if c.Single {
		s.Limit = 1
		p.far(s, bel, f.Selections, c.Far)
	} else {
		p.page(s, bel, f.Selections, c.Far)
	}
	return s, bel, nil
}

// page plans what is asked of a connection.
func (p planner) page(s *store.Step, bel *below, sel ast.SelectionSet, far []store.Kind) {
	var nodes, facts ast.SelectionSet
	for _, f := range selectedFields(p.op, sel, nil) {
		switch f.Name {
		case "totalCount":
			s.Count = true
		case "pageInfo":
			bel.cursors = true
		case "nodes":
			nodes = append(nodes, f.Selections...)
		case "edges":
			for _, e := range selectedFields(p.op, f.Selections, nil) {
				switch e.Name {
				case "cursor":
					bel.cursors = true
				case "node":
					nodes = append(nodes, e.Selections...)
				case "fact":
					facts = append(facts, e.Selections...)
				}
			}
		}
	}
	if strings.HasSuffix(bel.scope, ".facts") {
		facts, nodes = nodes, nil // the list's nodes are facts
	}
	bel.facts = p.facts(facts, s)
	p.far(s, bel, nodes, far)
	if bel.cursors {
		s.NodeProps = withProp(s.NodeProps, s.Order.Far)
		s.EdgeProps = withProp(s.EdgeProps, s.Order.Edge)
	}
}

// far plans what is asked of the far ends.
func (p planner) far(s *store.Step, bel *below, sel ast.SelectionSet, kinds []store.Kind) {
	bel.things = p.things(sel, kinds)
	s.NodeProps = p.props(sel, kinds)
	s.Then = bel.things.steps
}

// facts plans what is asked of facts; s, where given, is told which of their
// properties to read.
func (p planner) facts(sel ast.SelectionSet, s *store.Step) want {
	var w want
	for _, f := range selectedFields(p.op, sel, []string{"Fact", "Node"}) {
		switch f.Name {
		case "sources":
			w.sources = true
		case "subject", "object":
			w.ends = true
		case "basis":
			w.basis = true
		}
		if s != nil && (f.Name == "sources" || f.Name == "lastConfirmed") {
			s.EdgeProps = []string{store.All}
		}
	}
	return w
}

// plainFields are fields that show nothing but the properties named.
var plainFields = map[string][]string{
	"__typename": nil, "id": nil, "kind": nil, "version": nil,
	"name": {"names"}, "names": {"names"}, "description": {"descriptions"},
	"classification": {"classification"}, "roles": {"roles"}, "mailbox": {"mailbox"}, "website": {"website"},
	"seats": {"seats"}, "state": {"state"}, "languages": {"languages"},
}

// props lists the properties that a selection shows of things of these kinds.
func (p planner) props(sel ast.SelectionSet, kinds []store.Kind) []string {
	if kinds == nil {
		kinds = ontology.Kinds()
	}
	var props []string
	for _, k := range kinds {
		for _, f := range selectedFields(p.op, sel, implements(k)) {
			if _, ok := ontology.ConnectionOf(k, f.Name); ok || f.Name == "facts" || f.Name == "lastHolder" || f.Name == "fallback" {
				continue
			}
			names, plain := plainFields[f.Name]
			if !plain {
				return []string{store.All}
			}
			for _, n := range names {
				props = withProp(props, n)
			}
		}
	}
	return props
}

func withProp(props []string, name string) []string {
	if name == "" || slices.Contains(props, store.All) || slices.Contains(props, name) {
		return props
	}
	return append(props, name)
}

// args are the arguments of a page, checked.
type args struct {
	asOf  ontology.Day
	first int
	// after is the cursor to continue after; nil for the beginning.
	after *string
}

// The bounds of a page.
const (
	defaultFirst = 20
	maxFirst     = 100
)

func pageArgs(raw map[string]any) (args, error) {
	a := args{first: defaultFirst}
	if v, ok := raw["first"]; ok && v != nil {
		n, err := graphql.UnmarshalInt(v)
		if err != nil || n < 1 || n > maxFirst {
			return a, fmt.Errorf("%w: first must be 1 to %d", errInput, maxFirst)
		}
		a.first = n
	}
	if s, ok := raw["asOf"].(string); ok {
		a.asOf = ontology.Day(s)
	}
	if s, ok := raw["after"].(string); ok {
		a.after = &s
	}
	return a, nil
}

func relationsOf(v any) []store.Rel {
	list, isList := v.([]any)
	if !isList && v != nil {
		list = []any{v}
	}
	var rels []store.Rel
	for _, x := range list {
		if s, ok := x.(string); ok {
			rels = append(rels, store.Rel(s))
		}
	}
	return rels
}

func firstOf[T comparable](values ...T) T {
	var zero T
	for _, v := range values {
		if v != zero {
			return v
		}
	}
	return zero
}

// refs are what things and facts refer to.
type refs struct {
	nodes []store.ID
	// posts are those of which the last holder, or whom to ask instead, is
	// asked.
	lastHolder, fallback []store.ID
}

// collect gathers what is referred to from a thing and from everything that
// was read below it.
func (b *branch) collect(n store.Node, pages []store.Page[store.Hop], r *refs) error {
	if b.want.sources {
		ids, _ := n.Props["sources"].([]string)
		for _, id := range ids {
			r.nodes = append(r.nodes, store.ID(id))
		}
	}
	if n.Kind == ontology.Post {
		if b.want.lastHolder {
			r.lastHolder = append(r.lastHolder, n.ID)
		}
		if b.want.fallback {
			r.fallback = append(r.fallback, n.ID)
		}
	}
	for i, page := range pages {
		for _, h := range page.Items {
			b.below[i].facts.collect(h.Edge, r)
			if err := b.below[i].things.collect(h.Node, h.Then, r); err != nil {
				return err
			}
		}
	}
	return nil
}

// collect gathers what a fact refers to.
func (w want) collect(e store.Edge, r *refs) {
	if w.sources {
		ids, _ := e.Props["sources"].([]string)
		for _, id := range ids {
			r.nodes = append(r.nodes, store.ID(id))
		}
	}
	if w.ends {
		r.nodes = append(r.nodes, e.From, e.To)
	}
	if basis, _ := e.Props["basis"].(string); w.basis && basis != "" {
		r.nodes = append(r.nodes, store.ID(basis))
	}
}

// Related gives a page of a connection: from the tree, or else by an Expand of
// its own.
func (v *view) Related(ctx context.Context, of *model.Base, _ string, _ model.Args) (*model.Hops, error) {
	field := graphql.GetFieldContext(ctx).Field
	if t, ok := of.Tree.(*tree); ok && t != nil {
		if i, ok := t.branch.at[string(of.T.Kind)+"."+field.Alias]; ok && i < len(t.pages) {
			return v.hops(t.pages[i], t.branch.steps[i], t.branch.below[i])
		}
	}
	step, bel, err := v.planner(ctx).step(of.T.Kind, field)
	if err != nil {
		return nil, err
	}
	if step == nil {
		return nil, fmt.Errorf("%s.%s is no connection", of.T.Kind, field.Name)
	}
	pages, err := v.store.Expand(ctx, []store.ID{of.T.ID}, []store.Step{*step})
	if err != nil {
		return nil, fmt.Errorf("expand %s: %w", field.Name, err)
	}
	if len(pages[of.T.ID]) != 1 {
		return nil, fmt.Errorf("%s: %w", of.T.ID, store.ErrNotFound)
	}
	b := &branch{steps: []store.Step{*step}, below: []*below{bel}}
	var r refs
	if err := b.collect(store.Node{}, pages[of.T.ID], &r); err != nil {
		return nil, err
	}
	if err := v.warmRefs(ctx, r); err != nil {
		return nil, err
	}
	return v.hops(pages[of.T.ID][0], *step, bel)
}

// hops gives a page as the API shows it.
func (v *view) hops(page store.Page[store.Hop], s store.Step, bel *below) (*model.Hops, error) {
	h := &model.Hops{HasNext: page.More, HasPrevious: s.After != nil, Total: int(max(page.Count, 0))}
	for _, hop := range page.Items {
		f, err := ontology.FactOf(hop.Edge)
		if err != nil {
			return nil, err
		}
		t, err := v.thing(hop.Node, &tree{branch: bel.things, pages: hop.Then})
		if err != nil {
			return nil, err
		}
		h.Facts = append(h.Facts, &model.Fact{F: f, Load: v})
		h.Things = append(h.Things, t)
		place := ""
		if bel.cursors {
			place = encodeCursor(bel.scope, store.Position{
				Keys: []string{store.SortKey(hop.Edge.Props[s.Order.Edge]), store.SortKey(hop.Node.Props[s.Order.Far])},
				ID:   hop.Edge.ID,
			})
		}
		h.Cursors = append(h.Cursors, place)
	}
	return h, nil
}
