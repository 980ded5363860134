package export

import (
	"context"
	"fmt"
	"slices"

	"coopgraph/ontology"
	"coopgraph/store"
)

// pageSize is how many nodes or edges are read at once.
const pageSize = 500

// pages reads a selection, a page at a time.
type pages struct {
	r store.Reader
	s Selection
}

// eachNode gives the nodes of the kind that pass the filter, a page at a time, by id.
func eachNode(ctx context.Context, r store.Reader, k store.Kind, f store.Filter, do func([]store.Node) error) error {
	p := store.Paging{Limit: pageSize}
	for {
		page, err := r.Find(ctx, []store.Kind{k}, f, p)
		if err != nil {
			return fmt.Errorf("read %s: %w", k, err)
		}
		if len(page.Items) > 0 {
			if err := do(page.Items); err != nil {
				return err
			}
			p.After = &store.Position{ID: page.Items[len(page.Items)-1].ID}
		}
		if !page.More {
			return nil
		}
	}
}

// eachEdge gives the edges of the relation, a page at a time, by id.
func eachEdge(ctx context.Context, r store.Reader, rel store.Rel, do func([]store.Edge) error) error {
	p := store.Paging{Limit: pageSize}
	for {
		page, err := r.Edges(ctx, []store.Rel{rel}, store.Filter{}, p)
		if err != nil {
			return fmt.Errorf("read %s: %w", rel, err)
		}
		if len(page.Items) > 0 {
			if err := do(page.Items); err != nil {
				return err
			}
			p.After = &store.Position{ID: page.Items[len(page.Items)-1].ID}
		}
		if !page.More {
			return nil
		}
	}
}

// things gives the selected things of a kind by id.
func (p pages) things(ctx context.Context, k store.Kind, do func(ontology.Thing) error) error {
	f := store.Filter{IDs: p.s.IDs}
	add := func(prop string, values []any) {
		if len(values) > 0 {
			f.Conds = append(f.Conds, store.Cond{Prop: prop, Values: values})
		}
	}
	add("sources", anyOf(p.s.Sources))
	add("roles", anyOf(p.s.Roles))
	add("classification", anyOf(p.s.Classifications))
	return eachNode(ctx, p.r, k, f, func(nodes []store.Node) error {
		for _, n := range nodes {
			t, err := ontology.ThingOf(n)
			if err != nil {
				return err
			}
			if err := do(t); err != nil {
				return err
			}
		}
		return nil
	})
}

func anyOf[T ~string](list []T) []any {
	var out []any
	for _, x := range list {
		out = append(out, string(x))
	}
	return out
}

// link is a fact with its ends.
type link struct {
	fact            ontology.Fact
	subject, object ontology.Thing
}

// facts gives the selected facts by relation and id.
func (p pages) facts(ctx context.Context, do func(link) error) error {
	for _, r := range ontology.Relations() {
		if len(p.s.Relations) > 0 && !slices.Contains(p.s.Relations, r.Rel) {
			continue
		}
		err := eachEdge(ctx, p.r, r.Rel, func(edges []store.Edge) error { return p.linked(ctx, edges, do) })
		if err != nil {
			return err
		}
	}
	return nil
}

// linked gives those of the facts whose ends are selected.
func (p pages) linked(ctx context.Context, edges []store.Edge, do func(link) error) error {
	ids := make([]store.ID, 0, 2*len(edges))
	for _, e := range edges {
		ids = append(ids, e.From, e.To)
	}
	slices.Sort(ids)
	nodes, err := p.r.Nodes(ctx, slices.Compact(ids))
	if err != nil {
		return fmt.Errorf("read the ends of %d facts: %w", len(edges), err)
	}
	for _, e := range edges {
		if !p.selected(nodes[e.From]) || !p.selected(nodes[e.To]) {
			continue
		}
		var l link
		if l.fact, err = ontology.FactOf(e); err != nil {
			return err
		}
		if l.subject, err = ontology.ThingOf(nodes[e.From]); err != nil {
			return err
		}
		if l.object, err = ontology.ThingOf(nodes[e.To]); err != nil {
			return err
		}
		if err := do(l); err != nil {
			return err
		}
	}
	return nil
}

// selected says of a node what the filter of things says to the store.
func (p pages) selected(n store.Node) bool {
	if !slices.Contains(p.s.things(), n.Kind) {
		return false
	}
	if p.s.allThings() {
		return true
	}
	return (p.s.IDs == nil || slices.Contains(p.s.IDs, n.ID)) &&
		among(p.s.Sources, n.Props["sources"]) && among(p.s.Roles, n.Props["roles"]) && among(p.s.Classifications, n.Props["classification"])
}

// among says whether a value, or an element of it, is in the list; an empty
// list has all.
func among[T ~string](list []T, v any) bool {
	if len(list) == 0 {
		return true
	}
	values, isList := v.([]string)
	if s, ok := v.(string); ok && !isList {
		values = []string{s}
	}
	return slices.ContainsFunc(values, func(s string) bool { return slices.Contains(list, T(s)) })
}
