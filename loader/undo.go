package loader

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"coopgraph/ontology"
	"coopgraph/store"
)

// UndoOptions say which run Undo takes back.
type UndoOptions struct {
	Store store.Store
	// Now gives the time of writing.
	Now func() time.Time
	Run store.ID
	// By is who takes it back, "" at the command line.
	By string
	// BatchSize is the number of rows taken back at once, 0 for the usual.
	BatchSize int
}

// Undone is what Undo did.
type Undone struct {
	Run store.ID `json:"run"`
	// Removed rows were the run's first, Restored ones say what they said
	// before it.
	Removed  int64 `json:"removed"`
	Restored int64 `json:"restored"`
	// Kept rows hold what people have built on since; Later ones were changed
	// again by a later run.
	Kept  int64 `json:"kept"`
	Later int64 `json:"later"`
	// Notes say which things were kept, and why.
	Notes []string `json:"notes,omitempty"`
}

// maxKeptNotes is how many things that were kept are named.
const maxKeptNotes = 100

// Undo takes a run back: its source says again, row by row, what it said
// before. What people entered stays, and so does a row's thing that they have
// edited or related since and that nothing else tells of; the notes say so. It
// goes on where it was killed when it is asked again. It fails with
// store.ErrNotFound where there is no such run, store.ErrInvalid for a dry run,
// and ErrBusy while its source is being loaded.
func Undo(ctx context.Context, o UndoOptions) (Undone, error) {
	o.BatchSize = rowsAtOnce(o.BatchSize)
	nodes, err := o.Store.Nodes(ctx, []store.ID{o.Run})
	if err != nil {
		return Undone{}, fmt.Errorf("read run %s: %w", o.Run, err)
	}
	node, ok := nodes[o.Run]
	if !ok || node.Kind != ontology.ImportRun {
		return Undone{}, fmt.Errorf("%w: there is no run %.40s", store.ErrNotFound, o.Run)
	}
	if dry, _ := node.Props["dryRun"].(bool); dry {
		return Undone{}, fmt.Errorf("%w: %s was a dry run: there is nothing to take back", store.ErrInvalid, o.Run)
	}
	source, _ := node.Props["source"].(string)
	l, err := acquire(ctx, o.Store, o.Now, store.ID(source), "undo/"+string(o.Run))
	if err != nil {
		return Undone{}, err
	}
	u := &undo{UndoOptions: o, lease: l, out: Undone{Run: o.Run}}
	err = u.whole(ctx, node)
	if released := l.release(context.WithoutCancel(ctx)); err == nil {
		err = released
	}
	return u.out, err
}

type undo struct {
	UndoOptions
	lease *lease
	out   Undone
}

func (u *undo) whole(ctx context.Context, run store.Node) error {
	var after *store.Position
	for {
		page, err := u.Store.Find(ctx, []store.Kind{ontology.Record}, anyOf("run", []any{string(u.Run)}), store.Paging{Limit: u.BatchSize, After: after})
		if err != nil {
			return fmt.Errorf("read the run's rows: %w", err)
		}
		if len(page.Items) > 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := u.batch(context.WithoutCancel(ctx), page.Items); err != nil {
				return err
			}
			after = &store.Position{ID: page.Items[len(page.Items)-1].ID}
		}
		if !page.More {
			break
		}
	}
	return u.finish(context.WithoutCancel(ctx), run)
}

// batch takes some rows back.
func (u *undo) batch(ctx context.Context, records []store.Node) error {
	w := Writer{Store: u.Store, Now: u.Now}
	var out Undone
	var kept map[store.ID]string
	err := w.commit(ctx, u.Run, u.By, func(f *folding) error {
		out = Undone{}
		f.undoing = true
		var err error
		if kept, err = u.builtOn(ctx, f, records); err != nil {
			return err
		}
		var restored []ontology.SourceRecord
		var before []store.Node
		for _, n := range records {
			prior, said, err := u.before(ctx, f, n)
			switch {
			case err != nil:
				return err
			case said:
				restored, before = append(restored, prior), append(before, n)
				out.Restored++
			case kept[n.ID] != "":
				out.Kept++
			default:
				f.drop(n)
				out.Removed++
			}
		}
		if err := u.restore(ctx, f, restored, before); err != nil {
			return err
		}
		renewal, err := u.lease.renew(ctx)
		if err != nil {
			return err
		}
		f.changes = append(f.changes, renewal)
		return f.fold(ctx)
	})
	if err != nil {
		return err
	}
	u.out.Restored, u.out.Removed, u.out.Kept = u.out.Restored+out.Restored, u.out.Removed+out.Removed, u.out.Kept+out.Kept
	for _, id := range slices.Sorted(maps.Keys(kept)) {
		u.note("%s", kept[id])
	}
	return nil
}

// note keeps what is to be said, once.
func (u *undo) note(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if !slices.Contains(u.out.Notes, text) && len(u.out.Notes) < maxKeptNotes {
		u.out.Notes = append(u.out.Notes, text)
	}
}

// before gives what a record said before the run, and whether it said anything,
// and takes the revisions of the run away.
func (u *undo) before(ctx context.Context, f *folding, n store.Node) (record ontology.SourceRecord, said bool, err error) {
	at, _ := n.Props["previous"].(string)
	for at != "" {
		nodes, err := u.Store.Nodes(ctx, []store.ID{store.ID(at)})
		if err != nil {
			return record, false, fmt.Errorf("read a revision: %w", err)
		}
		rev, ok := nodes[store.ID(at)]
		if !ok {
			return record, false, nil
		}
		f.last = append(f.last, store.Change{Op: store.DeleteNode, Node: rev})
		if run, _ := rev.Props["run"].(string); run != string(u.Run) {
			record, err = ontology.RecordOf(store.Node{ID: n.ID, Kind: ontology.Record, Props: rev.Props})
			return record, err == nil, err
		}
		at, _ = rev.Props["previous"].(string)
	}
	return record, false, nil
}

// restore lets records say what they said before; what they name by an
// identifier is looked up anew, and things that were merged since are followed.
func (u *undo) restore(ctx context.Context, f *folding, records []ontology.SourceRecord, before []store.Node) error {
	if len(records) == 0 {
		return nil
	}
	items := make([]*ontology.Claims, len(records))
	for i := range records {
		items[i] = &records[i].Claims
	}
	if err := f.reresolve(ctx, items); err != nil {
		return err
	}
	for i, r := range records {
		if err := f.say(r, before[i]); err != nil {
			return err
		}
	}
	return f.waiting(ctx)
}

// builtOn finds the records whose things people have edited or related since
// and of which nothing else tells, with a note for each.
func (u *undo) builtOn(ctx context.Context, f *folding, records []store.Node) (map[store.ID]string, error) {
	owner := map[store.ID][]store.ID{}
	for _, n := range records {
		r, err := ontology.RecordOf(n)
		if err != nil {
			return nil, err
		}
		if r.Previous != "" {
			continue
		}
		for _, t := range r.Claims.Things {
			owner[t.ID] = append(owner[t.ID], n.ID)
		}
	}
	ids := slices.Sorted(maps.Keys(owner))
	about, err := u.tellers(ctx, f, ids)
	if err != nil {
		return nil, err
	}
	kept := map[store.ID]string{}
	for _, id := range ids {
		switch {
		case !about.edited[id] || about.told[id]:
		case about.named[id]:
			u.note("%s stays as people entered it: what the list said of it is taken back", id)
		default:
			for _, record := range owner[id] {
				kept[record] = fmt.Sprintf("%s is kept: people have edited or related it since", id)
			}
		}
	}
	return kept, nil
}

// telling says what is known of things besides the run's rows.
type telling struct {
	// told: other lists name them. named: people do. edited: people have edited
	// or related them.
	told, named, edited map[store.ID]bool
}

// tellers finds out what is known of the things besides the run's rows.
func (u *undo) tellers(ctx context.Context, f *folding, ids []store.ID) (telling, error) {
	out := telling{map[store.ID]bool{}, map[store.ID]bool{}, map[store.ID]bool{}}
	if len(ids) == 0 {
		return out, nil
	}
	about, err := f.groupsOf(ctx, ids)
	if err != nil {
		return out, err
	}
	for _, id := range ids {
		about[string(id)] = true
	}
	byHand := string(ByHand().ID)
	for chunk := range chunks(anySorted(about)) {
		page, err := u.Store.Find(ctx, []store.Kind{ontology.Record}, anyOf("about", chunk), store.Paging{})
		if err != nil {
			return out, fmt.Errorf("find records: %w", err)
		}
		for _, n := range page.Items {
			hand := n.Props["source"] == byHand
			if !hand && n.Props["run"] == string(u.Run) {
				continue
			}
			r, err := ontology.RecordOf(n)
			if err != nil {
				return out, err
			}
			out.add(r.Claims, hand)
		}
	}
	return out, nil
}

// add notes what a record tells.
func (t telling) add(c ontology.Claims, hand bool) {
	for _, thing := range c.Things {
		named := len(thing.Names) > 0
		t.told[thing.ID] = t.told[thing.ID] || named && !hand
		t.named[thing.ID] = t.named[thing.ID] || named && hand && !thing.Deleted
		t.edited[thing.ID] = t.edited[thing.ID] || hand && !thing.Deleted
	}
	for i := range c.Facts {
		for _, ref := range c.Facts[i].Refs() {
			t.edited[ref.ID] = t.edited[ref.ID] || hand && !c.Facts[i].Deleted
		}
	}
}

// finish closes what the run left open and writes down that it is undone.
func (u *undo) finish(ctx context.Context, run store.Node) error {
	page, err := u.Store.Find(ctx, []store.Kind{ontology.Duplicate}, anyOf("run", []any{string(u.Run)}), store.Paging{})
	if err != nil {
		return fmt.Errorf("find the run's pairs: %w", err)
	}
	renewal, err := u.lease.renew(ctx)
	if err != nil {
		return err
	}
	changes := []store.Change{renewal}
	for _, n := range page.Items {
		if n.Props["status"] == PairOpen {
			changes = append(changes, store.Change{Op: store.DeleteNode, Node: n})
		}
	}
	later, err := u.Store.Find(ctx, []store.Kind{ontology.Revision}, anyOf("run", []any{string(u.Run)}), store.Paging{Limit: 1, Count: true})
	if err != nil {
		return fmt.Errorf("find rows changed since: %w", err)
	}
	if u.out.Later = later.Count; later.Count > 0 {
		u.out.Notes = append(u.out.Notes, fmt.Sprintf("%d rows were changed again by later runs and stay: take those back first", later.Count))
	}
	more, err := u.orphaned(ctx, run)
	if err != nil {
		return err
	}
	run.Props["status"] = StateUndone
	run.Props["finishedAt"] = u.Now().UTC().Truncate(time.Microsecond)
	changes = append(append(changes, more...), store.Change{Op: store.PutNode, Node: run})
	if _, err := u.Store.Apply(ctx, changes); err != nil {
		return fmt.Errorf("write down that the run is undone: %w", err)
	}
	return nil
}

// orphaned gives the change that removes the run's source where none of its
// rows are left.
func (u *undo) orphaned(ctx context.Context, run store.Node) ([]store.Change, error) {
	source, _ := run.Props["source"].(string)
	rows, err := u.Store.Find(ctx, []store.Kind{ontology.Record}, anyOf("source", []any{source}), store.Paging{Limit: 1})
	if err != nil || len(rows.Items) > 0 {
		return nil, err
	}
	nodes, err := u.Store.Nodes(ctx, []store.ID{store.ID(source)})
	if err != nil || nodes[store.ID(source)].Version == 0 {
		return nil, err
	}
	return []store.Change{{Op: store.DeleteNode, Node: nodes[store.ID(source)]}}, nil
}
