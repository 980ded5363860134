package loader

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"coopgraph/ontology"
	"coopgraph/store"
)

// vanish finds the things of which nobody claims anything any more, or that
// somebody deleted: they go, with their facts. Facts of other records that
// named one by an identifier wait for it again.
func (f *folding) vanish(ctx context.Context, all said) error {
	var ids []store.ID
	for _, a := range slices.Sorted(maps.Keys(f.about)) {
		if isGroup(a) || len(all.things[a]) > 0 && !ontology.Withdrawn(all.things[a]) {
			continue
		}
		id := store.ID(a)
		f.gone[id] = true
		if n, ok := f.things[id]; ok {
			ids = append(ids, id)
			if !slices.ContainsFunc(f.touched, func(t Touch) bool { return t.ID == id && t.Op == OpMerged }) {
				f.touched = append(f.touched, Touch{ID: id, Op: OpDeleted})
			}
			f.last = append(f.last, store.Change{Op: store.DeleteNode, Node: n, IfVersion: &n.Version})
		}
	}
	if err := f.dropPairs(ctx, ids); err != nil {
		return err
	}
	ids = append(ids, f.lose(all)...)
	if err := f.releaseChanged(); err != nil || len(ids) == 0 {
		return err
	}
	groups, err := f.groupsOf(ctx, ids)
	if err != nil {
		return err
	}
	bars := map[string]bool{}
	for _, id := range ids {
		bars[ontology.BarredBy(id)] = true
	}
	if err := f.unresolve(ctx, "wants", bars); err != nil || len(groups) == 0 {
		return err
	}
	more := maps.Clone(groups)
	maps.DeleteFunc(more, func(g string, _ bool) bool { return f.about[g] })
	if err := f.readFacts(ctx, anySorted(more)); err != nil {
		return err
	}
	if err := f.unresolve(ctx, "about", groups); err != nil {
		return err
	}
	for g := range groups {
		f.about[g] = true
		delete(all.groups, g)
	}
	for id, r := range f.changed {
		all.add(id, r, groups)
	}
	return f.readRecords(ctx, all, groups)
}

// lose finds the things that stay and lose names or identifiers because a run is
// taken back: what named them so waits again, as before the run. A list that
// drops a name by itself leaves what was meant by it.
func (f *folding) lose(all said) []store.ID {
	var ids []store.ID
	if !f.undoing {
		return nil
	}
	for _, a := range slices.Sorted(maps.Keys(f.about)) {
		id := store.ID(a)
		n, there := f.things[id]
		if !there || f.gone[id] {
			continue
		}
		kept := map[string]bool{}
		for _, w := range all.things[a] {
			for _, key := range names(w.Claim) {
				kept[key] = true
			}
		}
		lost := map[string]bool{}
		identifiers, _ := n.Props["identifiers"].([]string)
		for _, key := range identifiers {
			lost[key] = !kept[key]
		}
		keys, _ := n.Props["nameKeys"].([]string)
		for _, key := range keys {
			key = ontology.NameScheme + ":" + key
			lost[key] = !kept[key]
		}
		maps.DeleteFunc(lost, func(_ string, is bool) bool { return !is })
		if len(lost) > 0 {
			f.lost[id] = lost
			ids = append(ids, id)
		}
	}
	return ids
}

// dropPairs takes the open pairs of the things that go off the queue, but for
// those that the commit itself settles.
func (f *folding) dropPairs(ctx context.Context, ids []store.ID) error {
	things := make([]any, len(ids))
	for i, id := range ids {
		things[i] = string(id)
	}
	for chunk := range chunks(things) {
		page, err := f.store.Find(ctx, []store.Kind{ontology.Duplicate}, anyOf("things", chunk), store.Paging{})
		if err != nil {
			return fmt.Errorf("find pairs: %w", err)
		}
		for _, n := range page.Items {
			if n.Props["status"] == PairOpen && !f.writes(n.ID) {
				f.last = append(f.last, store.Change{Op: store.DeleteNode, Node: n})
			}
		}
	}
	return nil
}

// writes says whether the commit puts or deletes the node already.
func (f *folding) writes(id store.ID) bool {
	is := func(c store.Change) bool { return c.Node.ID == id }
	return slices.ContainsFunc(f.changes, is) || slices.ContainsFunc(f.last, is)
}

// groupsOf gives the groups of all facts of the things.
func (f *folding) groupsOf(ctx context.Context, ids []store.ID) (map[string]bool, error) {
	step := store.Step{Order: ontology.ByDate, EdgeProps: []string{"group", ontology.ByDate.Edge}, NodeProps: []string{ontology.ByDate.Far}}
	for _, r := range ontology.Relations() {
		step.Legs = append(step.Legs, store.Leg{Rel: r.Rel, Dir: store.Both})
	}
	pages, err := f.store.Expand(ctx, ids, []store.Step{step})
	if err != nil {
		return nil, fmt.Errorf("read the facts of %d things: %w", len(ids), err)
	}
	groups := map[string]bool{}
	for _, page := range pages {
		for _, hop := range page[0].Items {
			if g, _ := hop.Edge.Props["group"].(string); g != "" {
				groups[g] = true
			}
		}
	}
	return groups, nil
}

// unresolve lets the records that have one of these values wait again for the
// things that go, where they named them by an identifier.
func (f *folding) unresolve(ctx context.Context, prop string, values map[string]bool) error {
	for chunk := range chunks(anySorted(values)) {
		page, err := f.store.Find(ctx, []store.Kind{ontology.Record}, anyOf(prop, chunk), store.Paging{})
		if err != nil {
			return fmt.Errorf("find records: %w", err)
		}
		for _, n := range page.Items {
			if _, mine := f.changed[n.ID]; mine || f.dropped[n.ID] {
				continue
			}
			r, err := ontology.RecordOf(n)
			if err != nil {
				return err
			}
			if !f.release(r.Claims) {
				continue
			}
			node, err := r.Node()
			if err != nil {
				return err
			}
			f.put(r, node, n)
		}
	}
	return nil
}

// releaseChanged lets the records that the batch changes wait for the things
// that go with it.
func (f *folding) releaseChanged() error {
	if len(f.gone)+len(f.lost) == 0 {
		return nil
	}
	for i := range f.changes {
		c := &f.changes[i]
		r, mine := f.changed[c.Node.ID]
		if !mine || c.Op != store.PutNode || !f.release(r.Claims) {
			continue
		}
		node, err := r.Node()
		if err != nil {
			return err
		}
		c.Node = node
	}
	return nil
}

// release takes the ids of things that go, or that are not named so any more,
// out of references that name them by an identifier too, and says whether there
// were any. What one of them barred is open again.
func (f *folding) release(c ontology.Claims) bool {
	released := false
	for i := range c.Facts {
		for _, ref := range c.Facts[i].Refs() {
			if ref.ID != "" && ref.Key != "" && (f.gone[ref.ID] || f.lost[ref.ID][ref.Key]) {
				ref.ID, c.Facts[i].Barred, released = "", false, true
			}
		}
	}
	return released
}
