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
	Items []*Item
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
	f := &folding{ctx: ctx, store: w.Store, now: now, run: b.Run, dates: map[store.ID]ontology.PartialDate{}}
	if err := f.documents(append([]ontology.Document{b.Source}, b.Documents...)); err != nil {
		return Written{}, nil, err
	}
	results, records, err := w.resolve(ctx, b, now)
	if err != nil {
		return Written{}, nil, err
	}
	if err := f.records(records, results); err != nil {
		return Written{}, nil, err
	}
	if len(f.changed) > 0 {
		if err := f.fold(); err != nil {
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
		err := it.validate()
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
	items := make([]*Item, len(good))
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
		r.Outcome = Created
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
	*r = Result{Item: r.Item, Outcome: Rejected, Message: reason(err)}
}

func cloneItem(it *Item) *Item {
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
	ctx     context.Context
	store   store.Reader
	now     time.Time
	run     store.ID
	dates   map[store.ID]ontology.PartialDate
	changes []store.Change
	// changed are the records that differ from what the store holds.
	changed map[store.ID]ontology.SourceRecord
	// about are the things and groups that they speak of, or spoke of.
	about map[string]bool
	// answered counts what earlier rows of the run were waiting for.
	answered int
}

// documents notes the sources that are to be written, and their dates.
func (f *folding) documents(docs []ontology.Document) error {
	ids := make([]store.ID, len(docs))
	for i, d := range docs {
		ids[i] = d.ID
	}
	old, err := f.store.Nodes(f.ctx, ids)
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
func (f *folding) records(records []ontology.SourceRecord, results []Result) error {
	byKey := map[string]*Result{}
	for i := range results {
		if results[i].Outcome == Created {
			byKey[results[i].Item.Key] = &results[i]
		}
	}
	ids := make([]store.ID, len(records))
	for i, r := range records {
		ids[i] = r.ID()
	}
	old, err := f.store.Nodes(f.ctx, ids)
	if err != nil {
		return fmt.Errorf("read %d records: %w", len(ids), err)
	}
	f.changed, f.about = map[store.ID]ontology.SourceRecord{}, map[string]bool{}
	for _, r := range records {
		node, err := r.Node()
		if err != nil {
			return err
		}
		before, known := old[node.ID]
		switch {
		case !known:
		case before.Props["body"] == node.Props["body"] && before.Props["standing"] == node.Props["standing"]:
			byKey[r.Key].Outcome = Unchanged
			continue
		default:
			byKey[r.Key].Outcome = Changed
		}
		if err := f.change(r, node, before); err != nil {
			return err
		}
	}
	return f.waiting()
}

// change notes that a record is to be written, and what it touches.
func (f *folding) change(r ontology.SourceRecord, node, before store.Node) error {
	f.changed[node.ID] = r
	version := before.Version
	f.changes = append(f.changes, store.Change{Op: store.PutNode, Node: node, IfVersion: &version})
	for _, n := range []store.Node{node, before} {
		list, _ := n.Props["about"].([]string)
		for _, a := range list {
			f.about[a] = true
		}
	}
	return nil
}

// waiting resolves the records that wait for an identifier which a thing of
// this batch bears.
func (f *folding) waiting() error {
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
		page, err := f.store.Find(f.ctx, []store.Kind{ontology.Record}, anyOf("wants", chunk), store.Paging{})
		if err != nil {
			return fmt.Errorf("find waiting records: %w", err)
		}
		for _, before := range page.Items {
			if _, mine := f.changed[before.ID]; mine {
				continue
			}
			r, err := ontology.RecordOf(before)
			if err != nil {
				return err
			}
			if err := f.answer(r, before, x); err != nil {
				return err
			}
		}
	}
	return nil
}

// answer resolves what one waiting record wants, drops the facts that turn out
// not to be allowed, and notes the record as changed.
func (f *folding) answer(r ontology.SourceRecord, before store.Node, x *index) error {
	kinds, err := f.kindsOf(r.Claims)
	if err != nil {
		return err
	}
	kept := r.Claims.Facts[:0]
	for _, c := range r.Claims.Facts {
		for _, ref := range c.Refs() {
			open := ref.ID == ""
			k, err := x.resolve(ref, nil)
			if err != nil {
				return err
			}
			if k != "" {
				kinds[ref.ID] = k
			}
			if open && ref.ID != "" && r.Run == f.run {
				f.answered++
			}
		}
		if checkEnds(c, kinds) == nil {
			kept = append(kept, c)
		}
	}
	r.Claims.Facts = kept
	node, err := r.Node()
	if err != nil {
		return err
	}
	return f.change(r, node, before)
}

// kindsOf reads the kinds of the ends that the claims name by id.
func (f *folding) kindsOf(c ontology.Claims) (map[store.ID]store.Kind, error) {
	var ids []store.ID
	for _, fact := range c.Facts {
		for _, ref := range fact.Refs() {
			if ref.ID != "" {
				ids = append(ids, ref.ID)
			}
		}
	}
	nodes, err := f.store.Nodes(f.ctx, ids)
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

// fold makes the changes to things and facts that follow from the changed
// records.
func (f *folding) fold() error {
	things, groups, err := f.claims()
	if err != nil {
		return err
	}
	if err := f.foldThings(things); err != nil {
		return err
	}
	if err := f.readDates(groups); err != nil {
		return err
	}
	return f.foldFacts(groups)
}

// claims gathers everything that any record says of what the batch touches.
func (f *folding) claims() (map[string][]ontology.Weighed[ontology.ThingClaim], map[string][]ontology.Weighed[ontology.FactClaim], error) {
	things := map[string][]ontology.Weighed[ontology.ThingClaim]{}
	groups := map[string][]ontology.Weighed[ontology.FactClaim]{}
	add := func(id store.ID, r ontology.SourceRecord) {
		for _, t := range r.Claims.Things {
			if f.about[string(t.ID)] {
				things[string(t.ID)] = append(things[string(t.ID)], ontology.Weighed[ontology.ThingClaim]{Claim: t, Standing: r.Standing, At: r.At, Record: id})
			}
		}
		for _, c := range r.Claims.Facts {
			if g := c.Group(); len(c.Wants()) == 0 && f.about[g] {
				groups[g] = append(groups[g], ontology.Weighed[ontology.FactClaim]{Claim: c, Standing: r.Standing, At: r.At, Record: id})
			}
		}
	}
	for id, r := range f.changed {
		add(id, r)
	}
	seen := map[store.ID]bool{}
	for chunk := range slices.Chunk(anySorted(f.about), maxValues) {
		page, err := f.store.Find(f.ctx, []store.Kind{ontology.Record}, anyOf("about", chunk), store.Paging{})
		if err != nil {
			return nil, nil, fmt.Errorf("find records: %w", err)
		}
		for _, n := range page.Items {
			if _, mine := f.changed[n.ID]; mine || seen[n.ID] {
				continue
			}
			seen[n.ID] = true
			r, err := ontology.RecordOf(n)
			if err != nil {
				return nil, nil, err
			}
			add(n.ID, r)
		}
	}
	return things, groups, nil
}

// kept are the properties that folding does not make.
var kept = []string{"createdAt", "updatedAt", "confirmedAt", "confirmedBy", "formerIds"}

func (f *folding) foldThings(claims map[string][]ontology.Weighed[ontology.ThingClaim]) error {
	ids := make([]store.ID, 0, len(claims))
	for _, id := range slices.Sorted(maps.Keys(claims)) {
		ids = append(ids, store.ID(id))
	}
	old, err := f.store.Nodes(f.ctx, ids)
	if err != nil {
		return fmt.Errorf("read %d things: %w", len(ids), err)
	}
	for _, id := range ids {
		node, tokens, err := ontology.FoldThing(claims[string(id)])
		if err != nil {
			return err
		}
		before := old[id]
		if f.keep(node.Props, before.Props) {
			continue
		}
		f.changes = append(f.changes, store.Change{Op: store.PutNode, Node: node, Tokens: tokens, IfVersion: &before.Version})
	}
	return nil
}

// keep carries the properties that folding does not make over from before,
// and says whether all the others are as they were.
func (f *folding) keep(props, before store.Props) bool {
	for _, name := range kept {
		if v, ok := before[name]; ok && props[name] == nil {
			props[name] = v
		}
	}
	if before != nil && reflect.DeepEqual(props, before) {
		return true
	}
	if before == nil {
		props["createdAt"] = f.now
	}
	props["updatedAt"] = f.now
	return false
}

// readDates learns the dates of the sources that the claims cite.
func (f *folding) readDates(groups map[string][]ontology.Weighed[ontology.FactClaim]) error {
	unknown := map[store.ID]bool{}
	for _, claims := range groups {
		for _, w := range claims {
			for _, c := range w.Claim.Cites {
				if _, ok := f.dates[c.Source]; !ok {
					unknown[c.Source] = true
				}
			}
		}
	}
	if len(unknown) == 0 {
		return nil
	}
	nodes, err := f.store.Nodes(f.ctx, slices.Collect(maps.Keys(unknown)))
	if err != nil {
		return fmt.Errorf("read %d sources: %w", len(unknown), err)
	}
	for id, n := range nodes {
		f.dates[id] = ontology.PartialDate(ontology.DocumentOf(n).Date)
	}
	return nil
}

func (f *folding) foldFacts(groups map[string][]ontology.Weighed[ontology.FactClaim]) error {
	old := map[string][]store.Edge{}
	var touched []any
	for _, a := range anySorted(f.about) {
		if s, ok := a.(string); ok && !strings.HasPrefix(s, "n_") {
			touched = append(touched, a)
		}
	}
	for chunk := range slices.Chunk(touched, maxValues) {
		page, err := f.store.Edges(f.ctx, nil, anyOf("group", chunk), store.Paging{})
		if err != nil {
			return fmt.Errorf("read facts of %d groups: %w", len(chunk), err)
		}
		for _, e := range page.Items {
			g, _ := e.Props["group"].(string)
			old[g] = append(old[g], e)
		}
	}
	for _, a := range touched {
		g, _ := a.(string)
		var edges []store.Edge
		if len(groups[g]) > 0 {
			var err error
			if edges, err = ontology.FoldFacts(groups[g], f.dates); err != nil {
				return err
			}
		}
		f.replace(old[g], edges)
	}
	return nil
}

// replace changes the facts of a group into the folded ones.
func (f *folding) replace(old, edges []store.Edge) {
	before := map[store.ID]store.Edge{}
	for _, e := range old {
		before[e.ID] = e
	}
	for _, e := range edges {
		b := before[e.ID]
		delete(before, e.ID)
		if !f.keep(e.Props, b.Props) {
			f.changes = append(f.changes, store.Change{Op: store.PutEdge, Edge: e, IfVersion: &b.Version})
		}
	}
	for _, id := range slices.Sorted(maps.Keys(before)) {
		f.changes = append(f.changes, store.Change{Op: store.DeleteEdge, Edge: before[id]})
	}
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
