package loader

import (
	"context"
	"fmt"
	"slices"

	"coopgraph/ontology"
	"coopgraph/store"
)

// reresolve looks up anew what claims of former days name by an identifier or a
// name, and lets them follow things that were merged since.
func (f *folding) reresolve(ctx context.Context, claims []*ontology.Claims) error {
	keys, refs, ids := map[string]bool{}, map[string]bool{}, map[store.ID]bool{}
	named := make([]map[string]store.ID, len(claims))
	for i, c := range claims {
		named[i] = namedBy(*c)
		for _, id := range named[i] {
			ids[id] = true
		}
		for j := range c.Things {
			ids[c.Things[j].ID] = true
		}
		for j := range c.Facts {
			for _, ref := range c.Facts[j].Refs() {
				if ref.Key == "" {
					ids[ref.ID] = true
					continue
				}
				ref.ID = ""
				keys[ref.Key], refs[ref.Key] = true, true
			}
		}
	}
	now, err := f.follow(ctx, ids)
	if err != nil {
		return err
	}
	x := newIndex()
	if err := x.lookupThings(ctx, f.store, keys); err != nil {
		return err
	}
	if err := x.lookupAnchors(ctx, f.store, refs); err != nil {
		return err
	}
	kinds := map[store.ID]store.Kind{}
	for _, c := range claims {
		for i := range c.Things {
			t := &c.Things[i]
			t.ID = now[t.ID]
			kinds[t.ID] = t.Kind
			for _, key := range names(*t) {
				x.add(found{t.ID, t.Kind}, key)
			}
		}
	}
	for i, c := range claims {
		for want, id := range named[i] {
			named[i][want] = now[id]
		}
		for j := range c.Facts {
			for _, ref := range c.Facts[j].Refs() {
				if ref.Key == "" {
					ref.ID = now[ref.ID]
				}
			}
			if err := x.rejoin(&c.Facts[j], kinds, named[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

// rejoin resolves the references by key of a fact of former days. kinds are
// those of the things of the rows.
func (x *index) rejoin(c *ontology.FactClaim, kinds map[store.ID]store.Kind, named map[string]store.ID) error {
	ends, byKey := map[store.ID]store.Kind{}, false
	for _, ref := range c.Refs() {
		if ref.Key == "" {
			ends[ref.ID] = kinds[ref.ID]
			continue
		}
		k, err := x.resolve(ref, nil, named)
		if err != nil {
			return err
		}
		ends[ref.ID], byKey = k, true
	}
	if c.Barred = false; byKey && checkEnds(*c, ends) != nil {
		bar(c)
	}
	return nil
}

// follow gives for each id the one that it resolves to: itself unless the thing
// was merged into another.
func (f *folding) follow(ctx context.Context, ids map[store.ID]bool) (map[store.ID]store.ID, error) {
	now, gone := map[store.ID]store.ID{}, []any{}
	list := make([]store.ID, 0, len(ids))
	for id := range ids {
		now[id] = id
		list = append(list, id)
	}
	slices.Sort(list)
	nodes, err := f.store.Nodes(ctx, list)
	if err != nil {
		return nil, fmt.Errorf("read %d things: %w", len(list), err)
	}
	for _, id := range list {
		if _, ok := nodes[id]; !ok {
			gone = append(gone, string(id))
		}
	}
	for chunk := range chunks(gone) {
		page, err := f.store.Find(ctx, nil, anyOf("formerIds", chunk), store.Paging{})
		if err != nil {
			return nil, fmt.Errorf("read %d former ids: %w", len(chunk), err)
		}
		for _, n := range page.Items {
			former, _ := n.Props["formerIds"].([]string)
			for _, id := range former {
				if _, asked := now[store.ID(id)]; asked {
					now[store.ID(id)] = n.ID
				}
			}
		}
	}
	return now, nil
}
