package loader

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"coopgraph/ontology"
	"coopgraph/store"
)

// Merge makes two things of one kind one: everything that any source said of
// either is said of keep from then on, and the id of the other resolves to it
// for ever. Each record keeps what it said before as a Revision. A dry run
// makes sure that it would work, and writes nothing.
func (e *Editor) Merge(ctx context.Context, q Request, keep, merge store.ID, dryRun bool) (Outcome, error) {
	if dryRun {
		f := newFolding(e.Store, e.Now(), "", e.By)
		out, err := e.merge(ctx, f, keep, merge)
		if err != nil {
			return out, err
		}
		return out, f.fold(ctx)
	}
	return e.once(ctx, q, func(f *folding) (Outcome, error) { return e.merge(ctx, f, keep, merge) })
}

func (e *Editor) merge(ctx context.Context, f *folding, keep, merge store.ID) (Outcome, error) {
	k, err := e.thing(ctx, keep)
	if err != nil {
		return Outcome{}, fmt.Errorf("keep: %w", err)
	}
	m, err := e.thing(ctx, merge)
	if err != nil {
		return Outcome{}, fmt.Errorf("merge: %w", err)
	}
	switch {
	case k.ID == m.ID:
		return Outcome{}, fmt.Errorf("%w: the two are one already", store.ErrInvalid)
	case k.Kind != m.Kind:
		return Outcome{}, fmt.Errorf("%w: %s and %s cannot be one", store.ErrInvalid, k.Kind, m.Kind)
	}
	groups, err := f.groupsOf(ctx, []store.ID{m.ID})
	if err != nil {
		return Outcome{}, err
	}
	groups[string(m.ID)] = true
	if err := f.rewrite(ctx, "about", groups, m.ID, k.ID); err != nil {
		return Outcome{}, err
	}
	if err := f.rewrite(ctx, "wants", map[string]bool{ontology.BarredBy(m.ID): true}, m.ID, k.ID); err != nil {
		return Outcome{}, err
	}
	former, _ := m.Props["formerIds"].([]string)
	f.former[k.ID] = append(slices.Clone(former), string(m.ID))
	f.touched = append(f.touched, Touch{ID: m.ID, Op: OpMerged, Into: k.ID})
	return Outcome{ID: k.ID, Other: m.ID}, e.settlePairs(ctx, f, k.ID, m.ID)
}

// rewrite lets the records that have one of these values speak of one thing
// instead of another.
func (f *folding) rewrite(ctx context.Context, prop string, values map[string]bool, from, to store.ID) error {
	seen := map[store.ID]bool{}
	for chunk := range chunks(anySorted(values)) {
		page, err := f.store.Find(ctx, []store.Kind{ontology.Record}, anyOf(prop, chunk), store.Paging{})
		if err != nil {
			return fmt.Errorf("find records: %w", err)
		}
		for _, n := range page.Items {
			if _, mine := f.changed[n.ID]; mine || seen[n.ID] {
				continue
			}
			seen[n.ID] = true
			r, err := ontology.RecordOf(n)
			if err != nil {
				return err
			}
			if !f.redirect(&r.Claims, from, to) {
				continue
			}
			if err := f.change(r, n); err != nil {
				return err
			}
		}
	}
	return nil
}

// redirect lets claims name one thing instead of another, and says whether they
// named it. The facts' former ids will resolve to those they get; facts that
// joined the two are barred, as they are of rows.
func (f *folding) redirect(c *ontology.Claims, from, to store.ID) bool {
	found := false
	for i := range c.Things {
		if c.Things[i].ID == from {
			c.Things[i].ID, found = to, true
		}
	}
	for i := range c.Facts {
		fact := &c.Facts[i]
		before, hit := store.ID(""), false
		if fact.Whole() {
			before = fact.FactID()
		}
		for _, ref := range fact.Refs() {
			if ref.ID == from {
				ref.ID, hit = to, true
			}
		}
		if hit && before != "" {
			after := fact.FactID()
			if !slices.Contains(f.former[after], string(before)) {
				f.former[after] = append(f.former[after], string(before))
			}
		}
		found = found || hit
	}
	kept := c.Facts[:0]
	for _, fact := range c.Facts {
		if fact.Subject.ID != to || fact.Object.ID != to || bar(&fact) {
			kept = append(kept, fact)
		}
	}
	c.Facts = kept
	return found
}

// settlePairs closes the pair of the two, and lets the pairs of the one that
// goes be pairs of the one that stays.
func (e *Editor) settlePairs(ctx context.Context, f *folding, keep, merge store.ID) error {
	page, err := e.Store.Find(ctx, []store.Kind{ontology.Duplicate}, anyOf("things", []any{string(merge), string(keep)}), store.Paging{})
	if err != nil {
		return fmt.Errorf("find pairs: %w", err)
	}
	pairs := map[store.ID]Pair{}
	for _, n := range page.Items {
		p, err := PairOf(n)
		if err != nil {
			return err
		}
		pairs[n.ID] = p
	}
	both := pairID(keep, merge)
	settled, ok := pairs[both]
	if !ok {
		settled = Pair{A: keep, B: merge}
	}
	settled.Status, settled.At, settled.By = PairSame, f.now, e.By
	if err := f.putPair(settled); err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(pairs)) {
		p := pairs[id]
		if id == both || p.A != merge && p.B != merge {
			continue
		}
		f.last = append(f.last, store.Change{Op: store.DeleteNode, Node: store.Node{ID: id, Kind: ontology.Duplicate}})
		other := p.A
		if other == merge {
			other = p.B
		}
		p.A, p.B = keep, other
		if there, ok := pairs[pairID(keep, other)]; !ok || there.Status == PairOpen && p.Status != PairOpen {
			if err := f.putPair(p); err != nil {
				return err
			}
		}
	}
	return nil
}

func (f *folding) putPair(p Pair) error {
	node, err := p.node()
	if err != nil {
		return err
	}
	f.changes = append(f.changes, store.Change{Op: store.PutNode, Node: node})
	return nil
}

// NotTheSame tells two things apart for good: no import asks about them again,
// or takes one for the other by its names.
func (e *Editor) NotTheSame(ctx context.Context, q Request, a, b store.ID) (Outcome, error) {
	return e.once(ctx, q, func(f *folding) (Outcome, error) {
		one, err := e.thing(ctx, a)
		if err != nil {
			return Outcome{}, fmt.Errorf("a: %w", err)
		}
		other, err := e.thing(ctx, b)
		if err != nil {
			return Outcome{}, fmt.Errorf("b: %w", err)
		}
		if one.ID == other.ID {
			return Outcome{}, fmt.Errorf("%w: the two are one thing", store.ErrInvalid)
		}
		id := pairID(one.ID, other.ID)
		nodes, err := e.Store.Nodes(ctx, []store.ID{id})
		if err != nil {
			return Outcome{}, fmt.Errorf("read a pair: %w", err)
		}
		p := Pair{A: one.ID, B: other.ID}
		if n, ok := nodes[id]; ok {
			if p, err = PairOf(n); err != nil {
				return Outcome{}, err
			}
		}
		p.Status, p.At, p.By = PairNotSame, f.now, e.By
		return Outcome{ID: one.ID, Other: other.ID}, f.putPair(p)
	})
}
