package graph

import (
	"context"
	"fmt"

	"github.com/99designs/gqlgen/graphql"

	"coopgraph/graph/model"
	"coopgraph/ontology"
	"coopgraph/store"
)

// Node answers a thing or a fact by its id.
func (q *query) Node(ctx context.Context, id string) (model.Node, error) {
	nodes, err := q.Nodes(ctx, []string{id})
	if err != nil {
		return nil, err
	}
	return nodes[0], nil
}

// Nodes answers things and facts by their ids, in the order asked, null where
// there is none.
func (q *query) Nodes(ctx context.Context, ids []string) ([]model.Node, error) {
	if err := checkLength("ids", ids, maxFirst); err != nil {
		return nil, err
	}
	v := q.view(ctx)
	var things, facts, runs []store.ID
	for _, id := range ids {
		switch {
		case !ontology.IsID(id):
		case ontology.IsRunID(store.ID(id)):
			runs = append(runs, store.ID(id))
		case ontology.IsFactID(store.ID(id)):
			facts = append(facts, store.ID(id))
		default:
			things = append(things, store.ID(id))
		}
	}
	found := map[string]model.Node{}
	if err := q.thingsByID(ctx, v, things, found); err != nil {
		return nil, err
	}
	w := v.planner(ctx).facts(graphql.GetFieldContext(ctx).Field.Selections, nil)
	read, err := v.factsByID(ctx, facts, w)
	if err != nil {
		return nil, err
	}
	for id, f := range read {
		found[string(id)] = f
	}
	for _, id := range runs {
		r, err := v.run(ctx, id)
		if err != nil {
			return nil, err
		}
		if r != nil {
			found[string(id)] = r
		}
	}
	out := make([]model.Node, len(ids))
	for i, id := range ids {
		out[i] = found[id]
	}
	return out, nil
}

func (q *query) thingsByID(ctx context.Context, v *view, ids []store.ID, found map[string]model.Node) error {
	if len(ids) == 0 {
		return nil
	}
	resolved, err := v.resolve(ctx, ids)
	if err != nil {
		return err
	}
	var nodes []store.Node
	var asked []store.ID
	for _, id := range ids {
		if n, ok := resolved[id]; ok {
			nodes, asked = append(nodes, n), append(asked, id)
		}
	}
	b := v.planner(ctx).things(graphql.GetFieldContext(ctx).Field.Selections, nil)
	things, err := v.things(ctx, nodes, b)
	if err != nil {
		return err
	}
	for i, t := range things {
		found[string(asked[i])] = t
	}
	return nil
}

// resolve reads things by their ids or by ids that they once had.
func (v *view) resolve(ctx context.Context, ids []store.ID) (map[store.ID]store.Node, error) {
	if len(ids) == 0 {
		return map[store.ID]store.Node{}, nil
	}
	out, err := v.store.Nodes(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("read %d things: %w", len(ids), err)
	}
	var former []any
	for _, id := range ids {
		if n, ok := out[id]; !ok {
			former = append(former, string(id))
		} else if !ontology.IsThing(n.Kind) {
			delete(out, id)
		}
	}
	if len(former) == 0 {
		return out, nil
	}
	page, err := v.store.Find(ctx, nil, store.Filter{Conds: []store.Cond{{Prop: "formerIds", Values: former}}}, store.Paging{})
	if err != nil {
		return nil, fmt.Errorf("find %d former ids: %w", len(former), err)
	}
	for _, n := range page.Items {
		old, _ := n.Props["formerIds"].([]string)
		for _, id := range old {
			out[store.ID(id)] = n
		}
	}
	return out, nil
}

// BasisOf gives a page of the facts that rest on an instrument.
func (v *view) BasisOf(ctx context.Context, of *model.Base, _ model.Args) (*model.Hops, error) {
	field := graphql.GetFieldContext(ctx).Field
	p := v.planner(ctx)
	a, err := pageArgs(field.ArgumentMap(p.op.Variables))
	if err != nil {
		return nil, err
	}
	const scope = "Instrument.basisOf"
	f := store.Filter{Conds: []store.Cond{{Prop: "basis", Values: []any{string(of.T.ID)}}}}
	if day := firstOf(a.asOf, p.asOf); day != "" {
		f.Conds = append(f.Conds, ontology.Holding(day)...)
	}
	s, bel := &store.Step{}, &below{scope: scope + ".facts"}
	p.page(s, bel, field.Selections, nil)
	paging := store.Paging{Order: store.Order{Prop: ontology.ByDate.Edge}, Limit: a.first, Count: s.Count}
	if a.after != nil {
		if paging.After, err = decodeCursor(scope, *a.after); err != nil {
			return nil, err
		}
	}
	page, err := v.store.Edges(ctx, nil, f, paging)
	if err != nil {
		return nil, fmt.Errorf("read the facts based on %s: %w", of.T.ID, err)
	}
	h := &model.Hops{HasNext: page.More, HasPrevious: paging.After != nil, Total: int(max(page.Count, 0))}
	for _, e := range page.Items {
		h.Cursors = append(h.Cursors, encodeCursor(scope, store.Position{Keys: []string{store.SortKey(e.Props[ontology.ByDate.Edge])}, ID: e.ID}))
	}
	h.Facts, err = v.facts(ctx, page.Items, bel.facts)
	return h, err
}
