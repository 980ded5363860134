package loader

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"coopgraph/store"
)

// overlay is a store whose writes go to a scratch store and whose reads see
// them: what a dry run writes to. It answers the questions that a Writer asks:
// nodes and edges by id and by condition, whole lists only, and steps of one
// level.
type overlay struct {
	store.Store
	scratch store.Store
	// nodes and edges are those that were deleted.
	nodes, edges map[store.ID]bool
}

func newOverlay(base, scratch store.Store) *overlay {
	return &overlay{Store: base, scratch: scratch, nodes: map[store.ID]bool{}, edges: map[store.ID]bool{}}
}

func (o *overlay) Nodes(ctx context.Context, ids []store.ID) (map[store.ID]store.Node, error) {
	out, err := o.scratch.Nodes(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("scratch: %w", err)
	}
	var rest []store.ID
	for _, id := range ids {
		if _, ok := out[id]; !ok && !o.nodes[id] {
			rest = append(rest, id)
		}
	}
	if len(rest) == 0 {
		return out, nil
	}
	base, err := o.Store.Nodes(ctx, rest)
	if err != nil {
		return nil, err
	}
	maps.Copy(out, base)
	return out, nil
}

func (o *overlay) Find(ctx context.Context, kinds []store.Kind, f store.Filter, p store.Paging) (store.Page[store.Node], error) {
	if p.Order != (store.Order{}) || p.Count {
		return store.Page[store.Node]{}, fmt.Errorf("%w: a dry run reads lists by id", store.ErrInvalid)
	}
	for {
		base, err := o.Store.Find(ctx, kinds, f, p)
		if err != nil {
			return base, err
		}
		above, err := o.scratch.Find(ctx, kinds, f, p)
		if err != nil {
			return above, fmt.Errorf("scratch: %w", err)
		}
		page, last, err := o.union(ctx, base, above)
		if err != nil || len(page.Items) > 0 || !page.More {
			return page, err
		}
		p.After = &store.Position{ID: last}
	}
}

// union makes one page, by id, of two that may be cut: what lies beyond last,
// the end of the one that was cut first, is left to the next.
func (o *overlay) union(ctx context.Context, base, above store.Page[store.Node]) (page store.Page[store.Node], last store.ID, err error) {
	ids := make([]store.ID, len(base.Items))
	for i, n := range base.Items {
		ids[i] = n.ID
	}
	newer, err := o.scratch.Nodes(ctx, ids)
	if err != nil {
		return page, last, fmt.Errorf("scratch: %w", err)
	}
	for _, p := range []store.Page[store.Node]{base, above} {
		if end := len(p.Items) - 1; p.More && (last == "" || p.Items[end].ID < last) {
			last = p.Items[end].ID
		}
	}
	kept := slices.DeleteFunc(slices.Clone(base.Items), func(n store.Node) bool {
		_, renewed := newer[n.ID]
		return renewed || o.nodes[n.ID]
	})
	items := slices.DeleteFunc(append(kept, above.Items...), func(n store.Node) bool { return last != "" && n.ID > last })
	slices.SortFunc(items, func(a, b store.Node) int { return cmp.Compare(a.ID, b.ID) })
	return store.Page[store.Node]{Items: items, Count: -1, More: last != ""}, last, nil
}

func (o *overlay) Edges(ctx context.Context, rels []store.Rel, f store.Filter, p store.Paging) (store.Page[store.Edge], error) {
	base, err := o.Store.Edges(ctx, rels, f, p)
	if err != nil {
		return base, err
	}
	above, err := o.scratch.Edges(ctx, rels, f, p)
	if err != nil {
		return above, fmt.Errorf("scratch: %w", err)
	}
	hidden, err := o.hidden(ctx, base.Items)
	if err != nil {
		return base, err
	}
	items := slices.DeleteFunc(base.Items, func(e store.Edge) bool { return hidden[e.ID] })
	return store.Page[store.Edge]{Items: append(items, above.Items...), Count: -1}, nil
}

// hidden says which edges of the base are deleted or written anew.
func (o *overlay) hidden(ctx context.Context, edges []store.Edge) (map[store.ID]bool, error) {
	hidden := map[store.ID]bool{}
	ids := []store.ID{}
	for _, e := range edges {
		if o.edges[e.ID] {
			hidden[e.ID] = true
		} else {
			ids = append(ids, e.ID)
		}
	}
	newer, err := o.scratch.Edges(ctx, nil, store.Filter{IDs: ids}, store.Paging{})
	if err != nil {
		return nil, fmt.Errorf("scratch: %w", err)
	}
	for _, e := range newer.Items {
		hidden[e.ID] = true
	}
	return hidden, nil
}

func (o *overlay) Expand(ctx context.Context, from []store.ID, tree []store.Step) (map[store.ID][]store.Page[store.Hop], error) {
	for _, s := range tree {
		if len(s.Then) > 0 || s.Through != nil || s.Limit > 0 || s.Count || s.After != nil {
			return nil, fmt.Errorf("%w: a dry run reads steps of one level, and whole", store.ErrInvalid)
		}
	}
	present, err := o.Nodes(ctx, from)
	if err != nil {
		return nil, err
	}
	base, err := o.Store.Expand(ctx, from, tree)
	if err != nil {
		return nil, err
	}
	above, err := o.scratch.Expand(ctx, from, tree)
	if err != nil {
		return nil, fmt.Errorf("scratch: %w", err)
	}
	out := map[store.ID][]store.Page[store.Hop]{}
	for id := range present {
		pages := make([]store.Page[store.Hop], len(tree))
		for i := range tree {
			if pages[i], err = o.join(ctx, at(base[id], i), at(above[id], i)); err != nil {
				return nil, err
			}
		}
		out[id] = pages
	}
	return out, nil
}

func at(pages []store.Page[store.Hop], i int) []store.Hop {
	if i < len(pages) {
		return pages[i].Items
	}
	return nil
}

func (o *overlay) join(ctx context.Context, base, above []store.Hop) (store.Page[store.Hop], error) {
	edges := make([]store.Edge, len(base))
	for i, h := range base {
		edges[i] = h.Edge
	}
	hidden, err := o.hidden(ctx, edges)
	if err != nil {
		return store.Page[store.Hop]{}, err
	}
	kept := slices.DeleteFunc(slices.Clone(base), func(h store.Hop) bool { return hidden[h.Edge.ID] })
	return store.Page[store.Hop]{Items: append(kept, above...), Count: -1}, nil
}

// Apply writes to the scratch store. Whoever runs dry is the only writer
// there, so that versions need no comparing.
func (o *overlay) Apply(ctx context.Context, batch []store.Change) (store.Tally, error) {
	changes, err := o.ends(ctx, batch)
	if err != nil {
		return store.Tally{}, err
	}
	for _, c := range batch {
		c.IfVersion, c.Tokens = nil, nil
		switch c.Op {
		case store.PutNode:
			delete(o.nodes, c.Node.ID)
		case store.PutEdge:
			delete(o.edges, c.Edge.ID)
		case store.DeleteNode:
			o.nodes[c.Node.ID] = true
		case store.DeleteEdge:
			o.edges[c.Edge.ID] = true
		}
		changes = append(changes, c)
	}
	if changes, err = o.present(ctx, changes); err != nil {
		return store.Tally{}, err
	}
	tally, err := o.scratch.Apply(ctx, changes)
	if err != nil {
		return tally, fmt.Errorf("scratch: %w", err)
	}
	return tally, nil
}

// ends gives the changes that copy the ends of edges to be put into the
// scratch store, where they are in the base only.
func (o *overlay) ends(ctx context.Context, batch []store.Change) ([]store.Change, error) {
	put, asked := map[store.ID]bool{}, map[store.ID]bool{}
	for _, c := range batch {
		switch c.Op {
		case store.PutNode:
			put[c.Node.ID] = true
		case store.PutEdge:
			asked[c.Edge.From], asked[c.Edge.To] = true, true
		case store.DeleteNode, store.DeleteEdge:
		}
	}
	maps.DeleteFunc(asked, func(id store.ID, _ bool) bool { return put[id] })
	ids := slices.Sorted(maps.Keys(asked))
	there, err := o.scratch.Nodes(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("scratch: %w", err)
	}
	ids = slices.DeleteFunc(ids, func(id store.ID) bool { _, ok := there[id]; return ok || o.nodes[id] })
	base, err := o.Store.Nodes(ctx, ids)
	if err != nil {
		return nil, err
	}
	var copies []store.Change
	for _, id := range ids {
		if n, ok := base[id]; ok {
			copies = append(copies, store.Change{Op: store.PutNode, Node: n})
		}
	}
	return copies, nil
}

// present leaves out the deletions of what the scratch store does not hold.
func (o *overlay) present(ctx context.Context, changes []store.Change) ([]store.Change, error) {
	var nodes, edges []store.ID
	for _, c := range changes {
		switch c.Op {
		case store.DeleteNode:
			nodes = append(nodes, c.Node.ID)
		case store.DeleteEdge:
			edges = append(edges, c.Edge.ID)
		case store.PutNode, store.PutEdge:
		}
	}
	if len(nodes)+len(edges) == 0 {
		return changes, nil
	}
	there, err := o.scratch.Nodes(ctx, nodes)
	if err != nil {
		return nil, fmt.Errorf("scratch: %w", err)
	}
	page, err := o.scratch.Edges(ctx, nil, store.Filter{IDs: append([]store.ID{}, edges...)}, store.Paging{})
	if err != nil {
		return nil, fmt.Errorf("scratch: %w", err)
	}
	held := map[store.ID]bool{}
	for _, e := range page.Items {
		held[e.ID] = true
	}
	return slices.DeleteFunc(changes, func(c store.Change) bool {
		_, node := there[c.Node.ID]
		return c.Op == store.DeleteNode && !node || c.Op == store.DeleteEdge && !held[c.Edge.ID]
	}), nil
}
