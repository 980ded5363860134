package loader

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"coopgraph/loader/rows"
	"coopgraph/ontology"
	"coopgraph/store"
)

// maxValues is how many values one condition carries to the store.
const maxValues = 1_000

// maxTries is how often a batch is folded anew when another writer was faster.
const maxTries = 8

// Writer folds claims into the graph. Its zero value is not usable: Store and
// Now must be set.
type Writer struct {
	Store store.Store
	// Now gives the time of writing.
	Now func() time.Time
}

// Batch is what Write commits at once.
type Batch struct {
	// Source is where the items come from; its id stands in their records.
	Source ontology.Document
	// Documents are further sources that the items cite.
	Documents []ontology.Document
	// Run is the import run, "" outside one.
	Run   store.ID
	Items []*rows.Item
	// Also gives changes to commit with the items: the run's ledger and report.
	// It is asked again when the batch is folded anew.
	Also func(context.Context, Written) ([]store.Change, error)
}

// Written is what became of a batch.
type Written struct {
	// Results has one result an item, in order.
	Results []Result
	// Answered is the number of identifiers that earlier rows of the same run
	// were waiting for and that came with this batch.
	Answered int
}

// Write resolves the items, folds what they claim with what every source said
// before, and commits the difference atomically. An item that the ontology does not allow is rejected and leaves no
// trace; the others are written. Writing the same items again changes nothing.
func (w *Writer) Write(ctx context.Context, b Batch) (Written, error) {
	for try := 1; ; try++ {
		written, changes, err := w.plan(ctx, b)
		if err != nil {
			return Written{}, err
		}
		if b.Also != nil {
			also, err := b.Also(ctx, written)
			if err != nil {
				return Written{}, err
			}
			changes = append(changes, also...)
		}
		if len(changes) == 0 {
			return written, nil
		}
		_, err = w.Store.Apply(ctx, changes)
		if !errors.Is(err, store.ErrConflict) || try == maxTries {
			return written, err
		}
	}
}

// Plan gives what Write would give, and writes nothing.
func (w *Writer) Plan(ctx context.Context, b Batch) (Written, error) {
	written, _, err := w.plan(ctx, b)
	return written, err
}

func (w *Writer) plan(ctx context.Context, b Batch) (Written, []store.Change, error) {
	now := w.Now().UTC().Truncate(time.Microsecond)
	f := &folding{store: w.Store, now: now, run: b.Run, dates: map[store.ID]ontology.PartialDate{}}
	if err := f.documents(ctx, append([]ontology.Document{b.Source}, b.Documents...)); err != nil {
		return Written{}, nil, err
	}
	results, records, err := w.resolve(ctx, b, now)
	if err != nil {
		return Written{}, nil, err
	}
	if err := f.records(ctx, records, results); err != nil {
		return Written{}, nil, err
	}
	if len(f.changed) > 0 {
		if err := f.fold(ctx); err != nil {
			return Written{}, nil, err
		}
	}
	return Written{Results: results, Answered: f.answered}, f.changes, nil
}

// resolve gives the items ids and ends. It works on copies: an item may be
// planned more than once. What an item that turns out not to be allowed would
// have brought does not exist for the others.
func (w *Writer) resolve(ctx context.Context, b Batch, now time.Time) ([]Result, []ontology.SourceRecord, error) {
	results := make([]Result, len(b.Items))
	var good []int
	keys := map[string]bool{}
	for i, it := range b.Items {
		results[i] = Result{Item: it, Outcome: it.Dropped, Message: it.Message}
		if it.Dropped != "" {
			continue
		}
		err := it.Validate()
		if err == nil && keys[it.Key] {
			err = fmt.Errorf("%w: another row of the same batch has the key %.60q", store.ErrInvalid, it.Key)
		}
		if err != nil {
			results[i].reject(err)
			continue
		}
		keys[it.Key] = true
		good = append(good, i)
	}
	stored, err := lookup(ctx, w.Store, b.Items, good)
	if err != nil {
		return nil, nil, err
	}
	for {
		records, bad := stored.clone().claim(b, now, good, results)
		if len(bad) == 0 {
			return results, records, nil
		}
		good = slices.DeleteFunc(good, func(i int) bool { return slices.Contains(bad, i) })
	}
}

// claim makes the records of the good items, and sets their results. It gives
// the places of those that turn out not to be allowed.
func (x *index) claim(b Batch, now time.Time, good []int, results []Result) (records []ontology.SourceRecord, bad []int) {
	items := make([]*rows.Item, len(good))
	for i, place := range good {
		items[i] = cloneItem(b.Items[place])
	}
	x.contest(items)
	notes := make([][]string, len(items))
	for i, it := range items {
		notes[i] = append(slices.Clone(it.Notes), x.identify(it)...)
	}
	for i, it := range items {
		r := &results[good[i]]
		more, err := x.join(&it.Claims)
		if err != nil {
			r.reject(err)
			bad = append(bad, good[i])
			continue
		}
		notes[i] = append(notes[i], more...)
		wants := it.Claims.Wants()
		if r.Dangling = len(wants); len(wants) > 0 {
			notes[i] = append(notes[i], notFound+strings.Join(wanting(wants), ", "))
		}
		r.Message = strings.Join(notes[i], "; ")
		if len(it.Claims.Things) > 0 {
			r.Node = it.Claims.Things[0].ID
		}
		r.Outcome = rows.Created
		records = append(records, ontology.SourceRecord{
			Source: b.Source.ID, Key: it.Key, Standing: b.Source.Standing, Run: b.Run, At: now, Claims: it.Claims,
		})
	}
	return records, bad
}

// wanting gives what is wanted in a form for people: "Place ISO3166:NL".
func wanting(wants []string) []string {
	out := make([]string, len(wants))
	for i, w := range wants {
		kind, key, _ := strings.Cut(w, "/")
		out[i] = strings.TrimSpace(kind + " " + key)
	}
	return out
}

// notFound begins the message about references that nothing answers yet.
const notFound = "not found: "

func (r *Result) reject(err error) {
	*r = Result{Item: r.Item, Outcome: rows.Rejected, Message: rows.Reason(err)}
}

func cloneItem(it *rows.Item) *rows.Item {
	c := *it
	c.Claims.Things = slices.Clone(it.Claims.Things)
	c.Claims.Facts = slices.Clone(it.Claims.Facts)
	for i := range c.Claims.Facts {
		if b := c.Claims.Facts[i].Basis; b != nil {
			basis := *b
			c.Claims.Facts[i].Basis = &basis
		}
	}
	return &c
}

// folding is the work of one batch: the records that change, and what must be
// folded anew because of them.
type folding struct {
	store   store.Reader
	now     time.Time
	run     store.ID
	dates   map[store.ID]ontology.PartialDate
	changes []store.Change
	// changed are the records that differ from what the store holds.
	changed map[store.ID]ontology.SourceRecord
	// about are the things and groups that they speak of, or spoke of; revised
	// are those of records that said something else before.
	about, revised map[string]bool
	// things and facts are as they stand in the store; facts by group.
	things map[store.ID]store.Node
	facts  map[string][]store.Edge
	// answered counts what earlier rows of the run were waiting for.
	answered int
}

// documents notes the sources that are to be written, and their dates.
func (f *folding) documents(ctx context.Context, docs []ontology.Document) error {
	ids := make([]store.ID, len(docs))
	for i, d := range docs {
		ids[i] = d.ID
	}
	old, err := f.store.Nodes(ctx, ids)
	if err != nil {
		return fmt.Errorf("read %d sources: %w", len(ids), err)
	}
	for _, d := range docs {
		f.dates[d.ID] = ontology.PartialDate(d.Date)
		if node := d.Node(); !reflect.DeepEqual(node.Props, old[d.ID].Props) {
			f.changes = append(f.changes, store.Change{Op: store.PutNode, Node: node})
		}
	}
	return nil
}

// records keeps the records that say something else than before, sets the
// results' outcomes, and adds the records of others that waited for a thing
// that comes with these.
func (f *folding) records(ctx context.Context, records []ontology.SourceRecord, results []Result) error {
	byKey := map[string]*Result{}
	for i := range results {
		if results[i].Outcome == rows.Created {
			byKey[results[i].Item.Key] = &results[i]
		}
	}
	ids := make([]store.ID, len(records))
	for i, r := range records {
		ids[i] = r.ID()
	}
	old, err := f.store.Nodes(ctx, ids)
	if err != nil {
		return fmt.Errorf("read %d records: %w", len(ids), err)
	}
	f.changed, f.about, f.revised = map[store.ID]ontology.SourceRecord{}, map[string]bool{}, map[string]bool{}
	for _, r := range records {
		node, err := r.Node()
		if err != nil {
			return err
		}
		before, known := old[node.ID]
		switch {
		case !known:
		case before.Props["body"] == node.Props["body"] && before.Props["standing"] == node.Props["standing"]:
			byKey[r.Key].Outcome = rows.Unchanged
			continue
		default:
			byKey[r.Key].Outcome = rows.Changed
		}
		f.change(r, node, before)
	}
	return f.waiting(ctx)
}

// change notes that a record is to be written, and what it touches.
func (f *folding) change(r ontology.SourceRecord, node, before store.Node) {
	f.put(r, node, before)
	for _, n := range []store.Node{node, before} {
		list, _ := n.Props["about"].([]string)
		for _, a := range list {
			f.about[a] = true
			f.revised[a] = f.revised[a] || before.Version > 0
		}
	}
}

func (f *folding) put(r ontology.SourceRecord, node, before store.Node) {
	f.changed[node.ID] = r
	version := before.Version
	f.changes = append(f.changes, store.Change{Op: store.PutNode, Node: node, IfVersion: &version})
}

// waiting resolves the records that wait for an identifier which a thing of
// this batch bears.
func (f *folding) waiting(ctx context.Context) error {
	x := newIndex()
	var wants []any
	for _, r := range f.changed {
		for _, t := range r.Claims.Things {
			for _, key := range names(t) {
				x.add(found{t.ID, t.Kind}, key)
				wants = append(wants, string(t.Kind)+"/"+key, "/"+key)
			}
		}
	}
	for chunk := range slices.Chunk(wants, maxValues) {
		page, err := f.store.Find(ctx, []store.Kind{ontology.Record}, anyOf("wants", chunk), store.Paging{})
		if err != nil {
			return fmt.Errorf("find waiting records: %w", err)
		}
		if err := f.answerAll(ctx, page.Items, x); err != nil {
			return err
		}
	}
	return nil
}

// answerAll resolves what waiting records want, as far as the index knows it.
func (f *folding) answerAll(ctx context.Context, nodes []store.Node, x *index) error {
	var waiting []store.Node
	var records []ontology.SourceRecord
	var facts []ontology.FactClaim
	for _, n := range nodes {
		if _, mine := f.changed[n.ID]; mine {
			continue
		}
		r, err := ontology.RecordOf(n)
		if err != nil {
			return err
		}
		waiting, records, facts = append(waiting, n), append(records, r), append(facts, r.Claims.Facts...)
	}
	kinds, err := f.kindsOf(ctx, facts)
	if err != nil {
		return err
	}
	for i, r := range records {
		if err := f.answer(r, waiting[i], x, kinds); err != nil {
			return err
		}
	}
	return nil
}

// answer resolves what one waiting record wants, and drops the facts that turn
// out not to be allowed. Only the facts that become complete are to be folded:
// for all else that the record says, nothing changes.
func (f *folding) answer(r ontology.SourceRecord, before store.Node, x *index, kinds map[store.ID]store.Kind) error {
	wanted := len(r.Claims.Wants())
	allowed := r.Claims.Facts[:0]
	for _, c := range r.Claims.Facts {
		open := len(c.Wants())
		for _, ref := range c.Refs() {
			k, err := x.resolve(ref, nil)
			if err != nil {
				return err
			}
			if k != "" {
				kinds[ref.ID] = k
			}
		}
		left := len(c.Wants())
		if checkEnds(c, kinds) != nil {
			continue
		}
		if open > 0 && left == 0 {
			f.about[c.Group()] = true
		}
		allowed = append(allowed, c)
	}
	r.Claims.Facts = allowed
	if r.Run == f.run {
		f.answered += wanted - len(r.Claims.Wants())
	}
	node, err := r.Node()
	if err != nil {
		return err
	}
	f.put(r, node, before)
	return nil
}

// kindsOf reads the kinds of the ends that the facts name by id.
func (f *folding) kindsOf(ctx context.Context, facts []ontology.FactClaim) (map[store.ID]store.Kind, error) {
	var ids []store.ID
	for _, fact := range facts {
		for _, ref := range fact.Refs() {
			if ref.ID != "" {
				ids = append(ids, ref.ID)
			}
		}
	}
	nodes, err := f.store.Nodes(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("read %d ends: %w", len(ids), err)
	}
	kinds := map[store.ID]store.Kind{}
	for id, n := range nodes {
		kinds[id] = n.Kind
	}
	for _, r := range f.changed {
		for _, t := range r.Claims.Things {
			kinds[t.ID] = t.Kind
		}
	}
	return kinds, nil
}

func anyOf(prop string, values []any) store.Filter {
	return store.Filter{Conds: []store.Cond{{Prop: prop, Values: values}}}
}

func anySorted(set map[string]bool) []any {
	values := make([]any, 0, len(set))
	for _, s := range slices.Sorted(maps.Keys(set)) {
		values = append(values, s)
	}
	return values
}
