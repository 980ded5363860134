package loader

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"time"

	"coopgraph/loader/rows"
	"coopgraph/ontology"
	"coopgraph/store"
)

// folding is the work of one commit: the records that change, and what must be
// folded anew because of them.
type folding struct {
	store store.Reader
	now   time.Time
	run   store.ID
	by    string
	dates map[store.ID]ontology.PartialDate
	// prior are the records as they stand in the store, by id.
	prior   map[store.ID]store.Node
	changes []store.Change
	// last are changes that must come after all others: nodes to be deleted.
	last []store.Change
	// changed are the records that differ from what the store holds; dropped
	// are those that go.
	changed map[store.ID]ontology.SourceRecord
	dropped map[store.ID]bool
	// about are the things and groups that they speak of, or spoke of; revised
	// are those of records that said something else before.
	about, revised map[string]bool
	// things and facts are as they stand in the store; facts by group.
	things map[store.ID]store.Node
	facts  map[string][]store.Edge
	// known are things that exist once the changes are made, gone those that
	// do not.
	known, gone map[store.ID]bool
	// undoing says that a run is taken back; lost are the names and identifiers
	// that things which stay lose by it.
	undoing bool
	lost    map[store.ID]map[string]bool
	// former are the ids that are to resolve to things and facts.
	former map[store.ID][]string
	// pairs are things that may be the same.
	pairs []Pair
	// touched is what the Commit says.
	touched []Touch
	// told are claims that earlier batches of the run made, nil outside one;
	// telling are those that this one adds.
	told    told
	telling []toldBy
	// answered counts what earlier rows of the run were waiting for.
	answered int
}

func newFolding(s store.Reader, now time.Time, run store.ID, by string) *folding {
	return &folding{
		store: s, now: now, run: run, by: by, dates: map[store.ID]ontology.PartialDate{},
		prior: map[store.ID]store.Node{}, changed: map[store.ID]ontology.SourceRecord{}, dropped: map[store.ID]bool{},
		about: map[string]bool{}, revised: map[string]bool{}, known: map[store.ID]bool{}, gone: map[store.ID]bool{}, lost: map[store.ID]map[string]bool{},
		things: map[store.ID]store.Node{}, facts: map[string][]store.Edge{}, former: map[store.ID][]string{},
	}
}

// Operation says what a commit did with a thing or fact.
type Operation string

// The operations.
const (
	OpCreated   Operation = "CREATED"
	OpChanged   Operation = "CHANGED"
	OpDeleted   Operation = "DELETED"
	OpMerged    Operation = "MERGED"
	OpConfirmed Operation = "CONFIRMED"
)

// Touch is a thing or fact that a commit wrote.
type Touch struct {
	ID store.ID  `json:"id"`
	Op Operation `json:"op"`
	// Into is the thing that a merged one resolves to.
	Into store.ID `json:"into,omitempty"`
}

// touch notes what the commit does with a thing or fact.
func (f *folding) touch(id store.ID, version int64) {
	op := OpCreated
	if version > 0 {
		op = OpChanged
	}
	f.touched = append(f.touched, Touch{ID: id, Op: op})
}

// committed gives the changes, with the Commit that says what they touch.
func (f *folding) committed() ([]store.Change, error) {
	changes := append(f.changes, f.last...)
	if len(f.touched) == 0 {
		return changes, nil
	}
	body, err := json.Marshal(f.touched)
	if err != nil {
		return nil, fmt.Errorf("encode a commit: %w", err)
	}
	sum := sha256.Sum256(body)
	p := store.Props{"at": f.now, "body": string(body)}
	if f.run != "" {
		p["run"] = string(f.run)
	}
	if f.by != "" {
		p["by"] = f.by
	}
	id := ontology.NodeID(ontology.Commit, string(f.run)+"/"+f.by, f.now.Format(time.RFC3339Nano)+fmt.Sprintf("/%x", sum[:8]))
	return append(changes, store.Change{Op: store.PutNode, Node: store.Node{ID: id, Kind: ontology.Commit, Props: p}}), nil
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

// readPrior reads what the items' source said in these rows before.
func (f *folding) readPrior(ctx context.Context, b Batch, places []int) error {
	ids := make([]store.ID, len(places))
	for i, place := range places {
		ids[i] = ontology.SourceRecord{Source: b.Source.ID, Key: b.Items[place].Key}.ID()
	}
	var err error
	if f.prior, err = f.store.Nodes(ctx, ids); err != nil {
		return fmt.Errorf("read %d records: %w", len(ids), err)
	}
	return nil
}

// withdrawn adds to the set the things of which the records speak and which
// people deleted, and says whether there are more than before.
func (f *folding) withdrawn(ctx context.Context, records []ontology.SourceRecord, set map[store.ID]bool) (more bool, err error) {
	hand := ByHand().ID
	if nodes, err := f.store.Nodes(ctx, []store.ID{hand}); err != nil || len(nodes) == 0 {
		return false, err
	}
	asked := map[store.ID]bool{}
	for _, r := range records {
		for _, t := range r.Claims.Things {
			if !set[t.ID] {
				asked[entryOf(t.ID).ID()] = true
			}
		}
	}
	entries, err := f.store.Nodes(ctx, slices.Sorted(maps.Keys(asked)))
	if err != nil {
		return false, fmt.Errorf("read %d entries: %w", len(asked), err)
	}
	for _, n := range entries {
		r, err := ontology.RecordOf(n)
		if err != nil {
			return false, err
		}
		for _, t := range r.Claims.Things {
			if t.Deleted {
				set[t.ID], more = true, true
			}
		}
	}
	return more, nil
}

// know notes the things that the index found in the store or the batch.
func (f *folding) know(x *index) {
	for _, list := range x.bearers {
		for _, found := range list {
			f.known[found.id] = true
		}
	}
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
	nodes := make([]store.Node, len(records))
	err := spread(len(records), func(i int) (err error) {
		nodes[i], err = records[i].Node()
		return err
	})
	if err != nil {
		return err
	}
	for i, r := range records {
		node := nodes[i]
		before, known := f.prior[node.ID]
		switch {
		case !known:
			f.tell(r, node, before)
			continue
		case before.Props["body"] == node.Props["body"] && before.Props["standing"] == node.Props["standing"]:
			byKey[r.Key].Outcome = rows.Unchanged
			continue
		default:
			old, err := ontology.RecordOf(before)
			if err != nil {
				return err
			}
			byKey[r.Key].Outcome, byKey[r.Key].Differences = rows.Changed, Differences(old.Claims, r.Claims)
		}
		if err := f.change(r, before); err != nil {
			return err
		}
	}
	return f.waiting(ctx)
}

// change notes that a record says something else than before, which is kept as
// a Revision, and what it touches.
func (f *folding) change(r ontology.SourceRecord, before store.Node) error {
	if before.Version > 0 {
		rev := revisionOf(before)
		r.Previous = rev.ID
		f.changes = append(f.changes, store.Change{Op: store.PutNode, Node: rev})
	}
	return f.say(r, before)
}

// say notes that a record is to be written as it is, and what it touches.
func (f *folding) say(r ontology.SourceRecord, before store.Node) error {
	node, err := r.Node()
	if err == nil {
		f.tell(r, node, before)
	}
	return err
}

// tell is say with the record's node.
func (f *folding) tell(r ontology.SourceRecord, node, before store.Node) {
	f.put(r, node, before)
	f.aboutNode(node, before.Version > 0)
	f.aboutNode(before, before.Version > 0)
}

// drop notes that a record is to go.
func (f *folding) drop(before store.Node) {
	f.dropped[before.ID] = true
	f.changes = append(f.changes, store.Change{Op: store.DeleteNode, Node: before, IfVersion: &before.Version})
	f.aboutNode(before, true)
}

func (f *folding) aboutNode(n store.Node, revised bool) {
	list, _ := n.Props["about"].([]string)
	for _, a := range list {
		f.about[a] = true
		f.revised[a] = f.revised[a] || revised
	}
}

func (f *folding) put(r ontology.SourceRecord, node, before store.Node) {
	f.changed[node.ID] = r
	version := before.Version
	f.changes = append(f.changes, store.Change{Op: store.PutNode, Node: node, IfVersion: &version})
}

// revisionOf keeps what a record says: its id follows from the record's
// version.
func revisionOf(record store.Node) store.Node {
	p := store.Props{"record": string(record.ID)}
	for _, name := range []string{"about", "source", "key", "standing", "run", "body", "at", "by", "previous"} {
		if v, ok := record.Props[name]; ok {
			p[name] = v
		}
	}
	id := ontology.NodeID(ontology.Revision, string(record.ID), strconv.FormatInt(record.Version, 10))
	return store.Node{ID: id, Kind: ontology.Revision, Props: p}
}

// waiting resolves the records that wait for an identifier or a name which a
// thing of this batch bears.
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
	for chunk := range chunks(wants) {
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
		if _, mine := f.changed[n.ID]; mine || f.dropped[n.ID] {
			continue
		}
		r, err := ontology.RecordOf(n)
		if err != nil {
			return err
		}
		waiting, records, facts = append(waiting, n), append(records, r), append(facts, r.Claims.Facts...)
	}
	if err := x.lookupNames(ctx, f.store, facts); err != nil {
		return err
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

// answer resolves what one waiting record wants, and bars the facts that turn
// out not to be allowed. Only the facts that become complete are to be folded:
// for all else that the record says, nothing changes.
func (f *folding) answer(r ontology.SourceRecord, before store.Node, x *index, kinds map[store.ID]store.Kind) error {
	wanted := len(r.Claims.Wants())
	facts := r.Claims.Facts
	for i := range facts {
		c := &facts[i]
		if len(c.Wants()) == 0 {
			continue
		}
		for _, ref := range c.Refs() {
			if ref.ID != "" {
				continue
			}
			k, err := x.resolve(ref, nil, nil)
			if err != nil {
				return err
			}
			if k != "" {
				kinds[ref.ID] = k
			}
		}
		switch {
		case len(c.Wants()) > 0:
		case checkEnds(*c, kinds) != nil:
			bar(c)
		default:
			f.about[c.Group()] = true
		}
	}
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
	kinds := map[store.ID]store.Kind{}
	if len(ids) > 0 {
		nodes, err := f.store.Nodes(ctx, ids)
		if err != nil {
			return nil, fmt.Errorf("read %d ends: %w", len(ids), err)
		}
		for id, n := range nodes {
			kinds[id] = n.Kind
		}
	}
	for _, r := range f.changed {
		for _, t := range r.Claims.Things {
			kinds[t.ID] = t.Kind
		}
	}
	return kinds, nil
}
