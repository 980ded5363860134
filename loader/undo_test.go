package loader_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"coopgraph/loader"
	"coopgraph/loader/mapping"
	"coopgraph/ontology"
	"coopgraph/store"
)

// otherTiny is the tiny mapping as another list's.
func otherTiny(t testing.TB) *mapping.Mapping {
	t.Helper()
	return parse(t, strings.NewReplacer("TINY", "OTHER", "key: tiny", "key: other", "A tiny list", "Another list").Replace(tiny))
}

// byOther lets loadTable load the other list.
func byOther(t testing.TB) func(*loader.Options) {
	return func(o *loader.Options) { o.Mapping = otherTiny(t) }
}

// state is the graph with its sources, the pairs that wait, and what rows said
// before.
func state(t testing.TB, s store.Store) []string {
	t.Helper()
	out := graph(t, s)
	page, err := s.Find(t.Context(), []store.Kind{ontology.Source, ontology.Duplicate, ontology.Revision}, store.Filter{}, store.Paging{})
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range page.Items {
		delete(n.Props, "at")
		out = append(out, fmt.Sprintf("%s %s %v", n.Kind, n.ID, n.Props))
	}
	slices.Sort(out)
	return out
}

// An edition of the tiny list, and the next one: of it a part is as it was, a
// part changed, a part is there for the first time, with references forwards
// and backwards, to what is unknown, to itself, and by a shared identifier.
const (
	edition = "id,name,also,web,since,boss\n" +
		"a,Alpha Institute,x1,https://a.example,1999,\nb,Beta Office,,https://b.example,2001,a|later\nc,Gamma Council,,,,b\n"
	nextEdition = "id,name,also,web,since,boss\n" +
		"a,Alpha Institute,x1,https://a.example,1999,\nb,Beta Bureau,,https://b.example/new,2001,a|d\nd,Delta Agency,x2,,,e\n" +
		"e,Epsilon Bank,,,,unknown\nlater,Zeta House,,,2010,b\nf,,,,,\ng,Eta Fund,,,never,a\n"
	otherEdition = "id,name,also,web,since,boss\n1,Beta Office,,https://b.example,2001,\n2,Delta Agency,x2,,,1\n3,Alfa Institute,,,1999,\n"
)

// reported is what a report says of a row.
func reported(into *[]string) func(*loader.Options) {
	return func(o *loader.Options) {
		o.Row = func(r loader.Result) {
			*into = append(*into, fmt.Sprintf("%d %s %s %q %v", r.Item.Line, r.Outcome, r.Node, r.Message, r.Differences))
		}
	}
}

// A dry run reports word for word what the run then does, whatever of the list
// is there already, and however its rows fall into batches.
func TestDryRunSaysWhatTheRunDoes(t *testing.T) {
	onBothStores(t, func(t *testing.T, s store.Store) {
		small := func(o *loader.Options) { o.BatchSize = 2 }
		for i, step := range []struct {
			table string
			more  func(*loader.Options)
		}{
			{edition, small},
			{otherEdition, byOther(t)},
			{nextEdition, small},
			{strings.Replace(nextEdition, "d,Delta Agency,x2,,,e\n", "", 1), func(o *loader.Options) { o.BatchSize, o.Missing = 2, loader.MissingEnd }},
			{nextEdition, small},
		} {
			var dryRows, wetRows []string
			before := state(t, s)
			dry, _, dryErr := loadTable(t, s, step.table, step.more, reported(&dryRows), func(o *loader.Options) {
				o.DryRun, o.Scratch = true, openSQLite(t)
			})
			if diff := cmp.Diff(before, state(t, s)); diff != "" {
				t.Fatalf("step %d: a dry run wrote (-before +after):\n%s", i, diff)
			}
			wet, _, wetErr := loadTable(t, s, step.table, step.more, reported(&wetRows))
			if dryErr != nil || wetErr != nil {
				t.Fatalf("step %d: dry %v, wet %v", i, dryErr, wetErr)
			}
			if diff := cmp.Diff(dry, wet) + cmp.Diff(dryRows, wetRows); diff != "" {
				t.Errorf("step %d (-dry +wet):\n%s", i, diff)
			}
			if len(wetRows) == 0 {
				t.Errorf("step %d reports nothing", i)
			}
		}
	})
}

// loadRun is loadTable, for the run's id.
func loadRun(t testing.TB, s store.Store, table string, change ...func(*loader.Options)) store.ID {
	t.Helper()
	var id store.ID
	if _, _, err := loadTable(t, s, table, append(change, func(o *loader.Options) { o.Begun = func(run store.ID) { id = run } })...); err != nil {
		t.Fatal(err)
	}
	return id
}

func undo(t testing.TB, s store.Store, run store.ID) loader.Undone {
	t.Helper()
	out, err := loader.Undo(t.Context(), loader.UndoOptions{Store: s, Now: start, Run: run, BatchSize: 2})
	if err != nil {
		t.Fatalf("undo %s: %v", run, err)
	}
	return out
}

// Taking a run back leaves everything as it was before it: what dangled dangles
// again, the pairs that it found are gone, and so is a source that was not
// there.
func TestUndoRestoresExactly(t *testing.T) {
	onBothStores(t, func(t *testing.T, s store.Store) {
		small := func(o *loader.Options) { o.BatchSize = 2 }
		empty := state(t, s)
		first := loadRun(t, s, edition, small)
		afterFirst := state(t, s)
		other := loadRun(t, s, otherEdition, byOther(t), small)
		afterOther := state(t, s)
		next := loadRun(t, s, nextEdition, small)
		if diff := cmp.Diff(afterOther, state(t, s)); diff == "" {
			t.Fatal("the next edition changes nothing")
		}
		if got := undo(t, s, next); got.Removed != 4 || got.Restored != 1 || got.Kept != 0 {
			t.Errorf("undone: %+v", got)
		}
		if diff := cmp.Diff(afterOther, state(t, s)); diff != "" {
			t.Errorf("next edition undone (-before +after):\n%s", diff)
		}
		undo(t, s, other)
		if diff := cmp.Diff(afterFirst, state(t, s)); diff != "" {
			t.Errorf("the other list undone (-before +after):\n%s", diff)
		}
		undo(t, s, first)
		if diff := cmp.Diff(empty, state(t, s)); diff != "" {
			t.Errorf("all undone (-before +after):\n%s", diff)
		}
		nodes, err := s.Nodes(t.Context(), []store.ID{first})
		if err != nil || nodes[first].Props["status"] != loader.StateUndone {
			t.Errorf("the run is %v, %v", nodes[first].Props["status"], err)
		}
		if again := loadRun(t, s, edition, small); again == first {
			t.Error("a run that was taken back is done again under the same id")
		}
		if diff := cmp.Diff(afterFirst, state(t, s)); diff != "" {
			t.Errorf("loaded again (-before +after):\n%s", diff)
		}
	})
}

// A list that is taken back lets the references of another list wait again, and
// its return answers them.
func TestUndoOfATargetLetsReferencesWait(t *testing.T) {
	s := openSQLite(t)
	loadRun(t, s, "id,name,boss\na,Alpha Institute,\n")
	refers := func(o *loader.Options) {
		text := strings.NewReplacer("scheme: TINY\n", "scheme: OTHER\n", "{scheme: TINY, from: {column: id}}", "{scheme: OTHER, from: {column: id}}", "key: tiny", "key: other").Replace(tiny)
		o.Mapping = parse(t, text)
	}
	loadRun(t, s, "id,name,boss\n1,First Branch,a\n2,Second Branch,b\n", refers)
	before := state(t, s)
	target := loadRun(t, s, "id,name,boss\na,Alpha Institute,\nb,Beta Office,\n")
	answered := state(t, s)
	undo(t, s, target)
	if diff := cmp.Diff(before, state(t, s)); diff != "" {
		t.Errorf("the target undone (-before +after):\n%s", diff)
	}
	loadRun(t, s, "id,name,boss\na,Alpha Institute,\nb,Beta Office,\n")
	if diff := cmp.Diff(answered, state(t, s)); diff != "" {
		t.Errorf("the target loaded again (-first time +again):\n%s", diff)
	}
}

// An undo that was killed at any write goes on when it is asked again.
func TestUndoGoesOnAfterAKill(t *testing.T) {
	for kill := range 5 {
		s := openSQLite(t)
		small := func(o *loader.Options) { o.BatchSize = 2 }
		loadRun(t, s, edition, small)
		before := state(t, s)
		run := loadRun(t, s, nextEdition, small)
		o := loader.UndoOptions{Store: &failing{s, kill, kill%2 == 0}, Now: start, Run: run, BatchSize: 2}
		if _, err := loader.Undo(t.Context(), o); !errors.Is(err, errKilled) {
			t.Fatalf("write %d was to fail: %v", kill, err)
		}
		o.Store, o.Now = s, func() time.Time { return start().Add(time.Minute) }
		if _, err := loader.Undo(t.Context(), o); err != nil {
			t.Fatalf("after a kill at write %d: %v", kill, err)
		}
		if diff := cmp.Diff(before, state(t, s)); diff != "" {
			t.Errorf("after a kill at write %d (-before +after):\n%s", kill, diff)
		}
	}
}

// What cannot be taken back is refused with a reason.
func TestUndoIsRefused(t *testing.T) {
	s := openSQLite(t)
	refused := func(run store.ID) error {
		_, err := loader.Undo(t.Context(), loader.UndoOptions{Store: s, Now: start, Run: run})
		return err
	}
	if err := refused("r_aaaaaaaaaaaaaaaaaaaaaaaaaa"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a run that is not there: %v", err)
	}
	run := loadRun(t, s, edition)
	var busy error
	loadRun(t, s, nextEdition, func(o *loader.Options) { o.Progress = func(loader.Progress) { busy = refused(run) } })
	if !errors.Is(busy, loader.ErrBusy) {
		t.Errorf("while another run holds the source: %v", busy)
	}
	dry := loadRun(t, s, edition, func(o *loader.Options) { o.DryRun, o.KeepReport, o.Scratch = true, true, openSQLite(t) })
	if err := refused(dry); !errors.Is(err, store.ErrInvalid) {
		t.Errorf("a dry run: %v", err)
	}
}

// Rows that a later run changed stay, and that is said; when the later run is
// taken back too, they say what they said before it.
func TestUndoLeavesLaterRuns(t *testing.T) {
	s := openSQLite(t)
	first := loadRun(t, s, "id,name\na,Alpha Institute\nb,Beta Office\n")
	loadRun(t, s, "id,name\na,Alpha Academy\nb,Beta Office\n")
	got := undo(t, s, first)
	if got.Removed != 1 || got.Later != 1 || !strings.Contains(strings.Join(got.Notes, "\n"), "later runs") {
		t.Errorf("undone: %+v", got)
	}
	if diff := cmp.Diff([]string{"Alpha Academy"}, names(t, s)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// What disappeared from a list is reported; it is ended where that is asked
// for, and never where most of the list is gone. Nothing is deleted.
func TestMissingRowsAreEndedNotDeleted(t *testing.T) {
	onBothStores(t, func(t *testing.T, s store.Store) {
		const whole = "id,name,boss\na,Alpha Institute,\nb,Beta Office,a\nc,Gamma Council,a\n"
		const part = "id,name,boss\na,Alpha Institute,\nb,Beta Office,a\n"
		loadRun(t, s, whole)
		before := graph(t, s)
		sum, said, err := loadTable(t, s, part)
		if err != nil || sum.Missing != 1 || !slices.Contains(said, "0 MISSING no longer in the list: c") {
			t.Errorf("reported: %v, %v, %q", err, sum.Missing, said)
		}
		if diff := cmp.Diff(before, graph(t, s)); diff != "" {
			t.Errorf("reporting writes (-before +after):\n%s", diff)
		}
		end := func(o *loader.Options) { o.Missing = loader.MissingEnd }
		if _, _, err = loadTable(t, s, "id,name,boss\na,Alpha Institute,\n", end); !errors.Is(err, loader.ErrManyMissing) {
			t.Errorf("most of the list is gone: %v", err)
		}
		if diff := cmp.Diff(before, graph(t, s)); diff != "" {
			t.Errorf("a refusal writes (-before +after):\n%s", diff)
		}
		run := loadRun(t, s, part, end)
		edges, err := s.Edges(t.Context(), nil, store.Filter{}, store.Paging{})
		if err != nil || len(edges.Items) != 2 {
			t.Fatalf("%d facts, %v", len(edges.Items), err)
		}
		ended := 0
		for _, e := range edges.Items {
			if e.Props["to"] == "2026-01-01" {
				ended++
			}
		}
		if ended != 1 || len(names(t, s)) != 3 {
			t.Errorf("%d facts ended and %d things, want 1 and 3", ended, len(names(t, s)))
		}
		undo(t, s, run)
		if diff := cmp.Diff(before, graph(t, s)); diff != "" {
			t.Errorf("undone (-before +after):\n%s", diff)
		}
	})
}

// A row that is in the file and refused is not missing from it.
func TestRefusedRowsAreNotMissing(t *testing.T) {
	s := openSQLite(t)
	loadRun(t, s, "id,name,since\na,A,2001\nb,B,2002\n")
	sum, _, err := loadTable(t, s, "id,name,since\na,A,2001\nb,B,never\n", func(o *loader.Options) { o.Missing = loader.MissingEnd })
	if err != nil || sum.Missing != 0 || sum.Rejected != 1 {
		t.Errorf("%v, %v", sum, err)
	}
}

// Taking back a list that gave a thing of another list an identifier and a name
// lets what named it so wait again; the thing stays.
func TestUndoOfANameLetsReferencesWait(t *testing.T) {
	s := openSQLite(t)
	loadRun(t, s, "id,name,also\n1,Alpha Institute,x\n", byOther(t))
	loadRun(t, s, "id,name,boss\n2,First Branch,a\n", func(o *loader.Options) {
		o.Mapping = parse(t, strings.NewReplacer("scheme: TINY\n", "scheme: THIRD\n", "{scheme: TINY, from: {column: id}}", "{scheme: THIRD, from: {column: id}}", "key: tiny", "key: third").Replace(tiny))
	})
	loadRun(t, s, "id,name,office\n3,Desk,Alpha Academy\n", byDesks(t))
	before := state(t, s)
	run := loadRun(t, s, "id,name,also\na,Alpha Academy,x\n")
	if tinyID(t, s, "TINY:a") != tinyID(t, s, "OTHER:1") || len(office(t, s, "DESK:3")) == 0 || len(office(t, s, "THIRD:2")) == 0 {
		t.Fatal("the lists do not meet")
	}
	undo(t, s, run)
	if diff := cmp.Diff(before, state(t, s)); diff != "" {
		t.Errorf("undone (-before +after):\n%s", diff)
	}
}

// What two lists say alike of a thing waits, in the list that stays, when the
// other is taken back with the thing.
func TestUndoOfWhatTwoListsSayLetsOneWait(t *testing.T) {
	s := openSQLite(t)
	loadRun(t, s, "id,name,also\n1,First Branch,x\n", byOther(t))
	third := strings.NewReplacer("scheme: TINY\n", "scheme: THIRD\n", "{scheme: TINY, from: {column: id}}", "{scheme: THIRD, from: {column: id}}", "key: tiny", "key: third").Replace(tiny)
	loadRun(t, s, "id,name,also,boss\n2,First Branch,x,a\n", func(o *loader.Options) { o.Mapping = parse(t, third) })
	before := state(t, s)
	const both = "id,name,also,boss\na,Alpha Institute,,\nb,First Branch,x,a\n"
	run := loadRun(t, s, both)
	with := state(t, s)
	undo(t, s, run)
	if diff := cmp.Diff(before, state(t, s)); diff != "" {
		t.Errorf("undone (-before +after):\n%s", diff)
	}
	loadRun(t, s, both)
	if diff := cmp.Diff(with, state(t, s)); diff != "" {
		t.Errorf("loaded again (-first time +again):\n%s", diff)
	}
}
