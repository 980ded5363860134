package loader

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"coopgraph/loader/rows"
	"coopgraph/ontology"
	"coopgraph/ontology/match"
	"coopgraph/store"
)

// maxValues is how many values one condition carries to the store.
const maxValues = 4_000

// maxTries is how often a batch is folded anew when another writer was faster.
const maxTries = 8

// Writer folds claims into the graph. Its zero value is not usable: Store and
// Now must be set.
type Writer struct {
	Store store.Store
	// Now gives the time of writing.
	Now func() time.Time
	// told is what a run remembers from batch to batch, nil outside one.
	told told
}

// Batch is what Write commits at once.
type Batch struct {
	// Source is where the items come from; its id stands in their records.
	Source ontology.Document
	// Documents are further sources that the items cite.
	Documents []ontology.Document
	// Run is the import run, "" outside one; By is who writes outside one.
	Run   store.ID
	By    string
	Items []*rows.Item
	// At is when the records say what they say, the time of writing where it is
	// not given. The batches of a run share it, so that what comes of a run does
	// not depend on how its rows are parted.
	At time.Time
	// Marks are the scores from which names tell that two things are the same,
	// and that they may be; match.DefaultMarks where they are not given.
	Marks match.Marks
	// Also gives changes to commit with the items: the run's ledger and report.
	// It is asked again when the batch is folded anew.
	Also func(context.Context, Written) ([]store.Change, error)
}

// moment is when the batch's records say what they say.
func (b Batch) moment(now time.Time) time.Time {
	if b.At.IsZero() {
		return now
	}
	return b.At.UTC().Truncate(time.Microsecond)
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
// before, and commits the difference atomically. An item that the ontology does
// not allow is rejected and leaves no trace; the others are written. Writing
// the same items again changes nothing.
func (w *Writer) Write(ctx context.Context, b Batch) (Written, error) {
	var written Written
	err := w.commit(ctx, b.Run, b.By, func(f *folding) error {
		if err := f.documents(ctx, append([]ontology.Document{b.Source}, b.Documents...)); err != nil {
			return err
		}
		results, records, err := w.resolve(ctx, b, f)
		if err != nil {
			return err
		}
		if err := f.records(ctx, records, results); err != nil {
			return err
		}
		if err := f.circles(ctx, records, results); err != nil {
			return err
		}
		if err := f.fold(ctx); err != nil {
			return err
		}
		written = Written{Results: results, Answered: f.answered}
		if b.Also == nil {
			return nil
		}
		also, err := b.Also(ctx, written)
		f.changes = append(f.changes, also...)
		return err
	})
	return written, err
}

// commit makes the changes that a function finds to be made, all or none; it
// is asked anew where another writer was faster.
func (w *Writer) commit(ctx context.Context, run store.ID, by string, plan func(*folding) error) error {
	for try := 1; ; try++ {
		f := newFolding(w.Store, w.Now().UTC().Truncate(time.Microsecond), run, by)
		f.told = w.told
		if err := plan(f); err != nil {
			return err
		}
		changes, err := f.committed()
		if err != nil || len(changes) == 0 {
			return err
		}
		_, err = w.Store.Apply(ctx, changes)
		if err == nil {
			w.told.remember(f.telling)
		}
		if !errors.Is(err, store.ErrConflict) || try == maxTries {
			return err
		}
	}
}

// resolve gives the items ids and ends. It works on copies: an item may be
// planned more than once. What an item that turns out not to be allowed would
// have brought does not exist for the others.
func (w *Writer) resolve(ctx context.Context, b Batch, f *folding) ([]Result, []ontology.SourceRecord, error) {
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
	if err := f.readPrior(ctx, b, good); err != nil {
		return nil, nil, err
	}
	if err := stored.remember(f, b, good); err != nil {
		return nil, nil, err
	}
	if err := stored.matchNames(ctx, f, b, good); err != nil {
		return nil, nil, err
	}
	for {
		x := stored.clone()
		records, bad := x.claim(b, b.moment(f.now), good, results)
		if len(bad) == 0 {
			more, err := f.withdrawn(ctx, records, stored.withdrawn)
			if err != nil {
				return nil, nil, err
			}
			if more {
				continue
			}
			f.know(x)
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
		for j := range it.Claims.Things {
			if note := x.notes[place{it.Key, j}]; note != "" {
				notes[i] = append(notes[i], note)
			}
		}
	}
	for i, it := range items {
		r := &results[good[i]]
		more, err := x.join(it.Key, &it.Claims)
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
			Source: b.Source.ID, Key: it.Key, Standing: b.Source.Standing, Run: b.Run, At: now, By: b.By, Claims: it.Claims,
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
	for i := range c.Claims.Things {
		composeNames(&c.Claims.Things[i])
	}
	c.Claims.Facts = slices.Clone(it.Claims.Facts)
	for i := range c.Claims.Facts {
		if b := c.Claims.Facts[i].Basis; b != nil {
			basis := *b
			c.Claims.Facts[i].Basis = &basis
		}
	}
	return &c
}

// composeNames writes letters with accents as one character each, so that names
// that read alike are alike. See Unicode Standard Annex 15.
func composeNames(t *ontology.ThingClaim) {
	composed := func(n ontology.Name) bool { return norm.NFC.IsNormalString(n.Value) }
	if !slices.ContainsFunc(t.Names, func(n ontology.Name) bool { return !composed(n) }) {
		return
	}
	t.Names = slices.Clone(t.Names)
	for i := range t.Names {
		t.Names[i].Value = norm.NFC.String(t.Names[i].Value)
	}
}

// chunks parts values into as many as one condition carries.
func chunks(values []any) iter.Seq[[]any] { return slices.Chunk(values, maxValues) }

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
