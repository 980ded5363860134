package loader_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"coopgraph/loader"
	"coopgraph/loader/mapping"
	"coopgraph/loader/rows"
	"coopgraph/ontology"
	"coopgraph/seed"
	"coopgraph/store"
	"coopgraph/store/neo4j/neo4jtest"
	"coopgraph/store/sqlite"
)

// list is a file with its mapping.
type list struct{ file, mapping string }

var (
	ror           = list{"testdata/ror-v2-benelux.json", "ror-v2"}
	organisations = list{"testdata/marcobolo-organization.csv", "marcobolo-organization"}
	people        = list{"testdata/marcobolo-person.csv", "marcobolo-person"}
)

func start() time.Time { return time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC) }

func openSQLite(t testing.TB) store.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "test.db"), ontology.Schema())
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.WithoutCancel(t.Context())
	t.Cleanup(func() {
		if err := s.Close(ctx); err != nil {
			t.Error(err)
		}
	})
	return s
}

// onBothStores runs the test on an empty SQLite file and an empty Neo4j.
func onBothStores(t *testing.T, test func(*testing.T, store.Store)) {
	t.Run("sqlite", func(t *testing.T) { test(t, openSQLite(t)) })
	t.Run("neo4j", func(t *testing.T) {
		s := neo4jtest.Open(t, ontology.Schema())
		// A cold server may still be making its indexes.
		for deadline := time.Now().Add(time.Minute); s.Ping(t.Context()) != nil && time.Now().Before(deadline); {
			time.Sleep(100 * time.Millisecond)
		}
		test(t, s)
	})
}

func builtIn(t testing.TB, name string) *mapping.Mapping {
	t.Helper()
	m, err := mapping.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func options(t testing.TB, s store.Store, l list) loader.Options {
	t.Helper()
	return loader.Options{Store: s, Now: start, File: l.file, Mapping: builtIn(t, l.mapping)}
}

// load runs a list and fails the test where the run does.
func load(t testing.TB, s store.Store, l list) loader.Summary {
	t.Helper()
	sum, err := loader.Run(t.Context(), options(t, s, l))
	if err != nil {
		t.Fatalf("load %s: %v", l.file, err)
	}
	sum.Run = ""
	return sum
}

func plantSeed(t testing.TB, s store.Store) {
	t.Helper()
	if _, err := seed.Load(t.Context(), s, start); err != nil {
		t.Fatal(err)
	}
}

// graph writes down everything that the store holds of things, facts and
// records, but for times and versions.
func graph(t testing.TB, s store.Store) []string {
	t.Helper()
	nodes, err := s.Find(t.Context(), append(ontology.Kinds(), ontology.Record), store.Filter{}, store.Paging{})
	if err != nil {
		t.Fatal(err)
	}
	edges, err := s.Edges(t.Context(), nil, store.Filter{}, store.Paging{})
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	line := func(what string, props store.Props) {
		for _, name := range []string{"createdAt", "updatedAt", "at", "run"} {
			delete(props, name)
		}
		b, err := json.Marshal(props)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, what+" "+string(b))
	}
	for _, n := range nodes.Items {
		line(fmt.Sprintf("%s %s", n.Kind, n.ID), n.Props)
	}
	for _, e := range edges.Items {
		line(fmt.Sprintf("%s %s %s %s", e.From, e.Rel, e.To, e.ID), e.Props)
	}
	slices.Sort(out)
	return out
}

func write(t testing.TB, name string, data []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// The three lists give the counts that their files hold, and a second run of
// each changes nothing.
func TestListsLoadAndRepeatUnchanged(t *testing.T) {
	onBothStores(t, func(t *testing.T, s store.Store) {
		plantSeed(t, s)
		for _, l := range []struct {
			list
			first, second loader.Summary
		}{
			{
				ror,
				loader.Summary{Read: 715, Created: 710, Skipped: 5, Dangling: 331},
				loader.Summary{Read: 715, Unchanged: 710, Skipped: 5, Dangling: 331},
			},
			{organisations, loader.Summary{Read: 58, Created: 58, Dangling: 5}, loader.Summary{Read: 58, Unchanged: 58, Dangling: 5}},
			{people, loader.Summary{Read: 162, Created: 162, Dangling: 45}, loader.Summary{Read: 162, Unchanged: 162, Dangling: 45}},
		} {
			if diff := cmp.Diff(l.first, load(t, s, l.list)); diff != "" {
				t.Errorf("%s, first run (-want +got):\n%s", l.file, diff)
			}
			if diff := cmp.Diff(l.second, load(t, s, l.list)); diff != "" {
				t.Errorf("%s, second run (-want +got):\n%s", l.file, diff)
			}
		}
	})
}

// The order of a list's rows does not matter, nor does how many are committed
// at once.
func TestOrderOfRowsDoesNotMatter(t *testing.T) {
	whole := openSQLite(t)
	load(t, whole, ror)
	want := graph(t, whole)

	data, err := os.ReadFile(ror.file)
	if err != nil {
		t.Fatal(err)
	}
	var rows []json.RawMessage
	if err := json.Unmarshal(data, &rows); err != nil {
		t.Fatal(err)
	}
	slices.Reverse(rows)
	reversed, err := json.Marshal(rows)
	if err != nil {
		t.Fatal(err)
	}
	s := openSQLite(t)
	o := options(t, s, list{write(t, "reversed.json", reversed), ror.mapping})
	o.BatchSize = 97
	if _, err := loader.Run(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, graph(t, s)); diff != "" {
		t.Errorf("reversed (-want +got):\n%s", diff)
	}
}

// Loading half of a list and then all of it gives what loading all gives.
func TestHalfThenWholeIsWhole(t *testing.T) {
	for _, l := range []list{organisations, people} {
		whole := openSQLite(t)
		load(t, whole, l)
		data, err := os.ReadFile(l.file)
		if err != nil {
			t.Fatal(err)
		}
		lines := bytes.SplitAfter(data, []byte("\n"))
		s := openSQLite(t)
		load(t, s, list{write(t, "half.csv", bytes.Join(lines[:len(lines)/2], nil)), l.mapping})
		load(t, s, l)
		if diff := cmp.Diff(graph(t, whole), graph(t, s)); diff != "" {
			t.Errorf("%s (-whole +half then whole):\n%s", l.file, diff)
		}
	}
}

// References to what another list brings are kept, and resolved when it
// arrives: the order of lists does not matter.
func TestOrderOfListsDoesNotMatter(t *testing.T) {
	onBothStores(t, func(t *testing.T, s store.Store) {
		if sum := load(t, s, people); sum.Dangling == 0 {
			t.Error("nothing dangles before the organisations are there")
		}
		load(t, s, organisations)
		other := openSQLite(t)
		load(t, other, organisations)
		load(t, other, people)
		if diff := cmp.Diff(graph(t, other), graph(t, s)); diff != "" {
			t.Errorf("people first (+) is not organisations first (-):\n%s", diff)
		}
		if sum := load(t, s, people); sum.Unchanged != sum.Read {
			t.Errorf("after their organisations arrived, the people are %v", sum)
		}
	})
}

// failing is a store whose writes fail after a number of them.
type failing struct {
	store.Store
	left int
	// after: the failing write is made nevertheless, as when the connection
	// is lost at the commit.
	after bool
}

var errKilled = errors.New("killed")

func (f *failing) Apply(ctx context.Context, batch []store.Change) (store.Tally, error) {
	if f.left--; f.left >= 0 {
		return f.Store.Apply(ctx, batch)
	}
	if f.left == -1 && f.after {
		if _, err := f.Store.Apply(ctx, batch); err != nil {
			return store.Tally{}, err
		}
	}
	return store.Tally{}, errKilled
}

// A run that was killed at any write, acknowledged or not, goes on where it
// stopped and ends as if nothing had happened.
func TestKilledRunResumes(t *testing.T) {
	whole := openSQLite(t)
	o := options(t, whole, people)
	o.BatchSize = 40
	want, err := loader.Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	wantGraph := graph(t, whole)
	for kill := range 8 {
		for _, after := range []bool{false, true} {
			s := openSQLite(t)
			o := options(t, &failing{s, kill, after}, people)
			o.BatchSize = 40
			if _, err := loader.Run(t.Context(), o); !errors.Is(err, errKilled) {
				t.Fatalf("write %d was to fail: %v", kill, err)
			}
			// The dead run's lease runs out.
			o.Store, o.Now = s, func() time.Time { return start().Add(time.Minute) }
			got, err := loader.Run(t.Context(), o)
			if err != nil {
				t.Fatalf("resume after write %d: %v", kill, err)
			}
			// The run may have ended before its last writes were killed.
			if got.Unchanged == got.Read {
				got.Run, got.Created, got.Unchanged = want.Run, got.Unchanged, 0
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("resumed after write %d (%v): counts (-want +got):\n%s", kill, after, diff)
			}
			if diff := cmp.Diff(wantGraph, graph(t, s)); diff != "" {
				t.Errorf("resumed after write %d (%v): graph (-want +got):\n%s", kill, after, diff)
			}
		}
	}
}

// tiny is a mapping of a table with the columns id, name, also and boss.
const tiny = `
format: csv
scheme: TINY
source: {key: tiny, title: A tiny list}
key: {column: id}
things:
  - as: self
    kind: Organisation
    identifiers:
      - {scheme: TINY, from: {column: id}}
      - {scheme: SHARED, from: {column: also}}
    names:
      - {from: {column: name}, type: OFFICIAL}
    properties:
      website: {from: {column: web}}
      from: {from: {column: since, date: [DD/MM/YYYY, YYYY]}}
facts:
  - {subject: "#self", relation: PART_OF, object: {scheme: TINY, from: {column: boss, split: "|"}}}
`

func parse(t testing.TB, text string) *mapping.Mapping {
	t.Helper()
	m, err := mapping.Parse("tiny.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// loadTable loads a table by the tiny mapping, and gives the messages about
// its rows as well.
func loadTable(t testing.TB, s store.Store, table string, change ...func(*loader.Options)) (loader.Summary, []string, error) {
	t.Helper()
	var said []string
	o := loader.Options{
		Store: s, Now: start, File: write(t, "table.csv", []byte(table)), Mapping: parse(t, tiny),
		Row: func(r loader.Result) { said = append(said, fmt.Sprintf("%d %s %s", r.Item.Line, r.Outcome, r.Message)) },
	}
	for _, c := range change {
		c(&o)
	}
	sum, err := loader.Run(t.Context(), o)
	sum.Run, sum.Notes = "", nil
	return sum, said, err
}

// Of two rows with one key the first counts, in whatever batches they are, and
// on every run.
func TestSecondRowWithAKeyIsRejected(t *testing.T) {
	for _, size := range []int{1, 2, 100} {
		s := openSQLite(t)
		table := "id,name\na,First\nb,Other\na,Second\n"
		_, said, err := loadTable(t, s, table, func(o *loader.Options) { o.BatchSize = size })
		want := []string{"2 CREATED ", "3 CREATED ", "4 REJECTED line 2 has the same key"}
		if diff := cmp.Diff(want, said); diff != "" || err != nil {
			t.Errorf("batches of %d: %v (-want +got):\n%s", size, err, diff)
		}
		_, said, err = loadTable(t, s, table, func(o *loader.Options) { o.BatchSize = size })
		if diff := cmp.Diff(want[2:], said); diff != "" || err != nil {
			t.Errorf("again, batches of %d: %v (-want +got):\n%s", size, err, diff)
		}
	}
}

// A row that is rejected leaves no trace, and the others are loaded.
func TestRejectedRowsHurtNobody(t *testing.T) {
	s := openSQLite(t)
	sum, said, err := loadTable(t, s, "id,name,since,boss\na,A,2001,\n,Nameless,,\nb,B,soon,\nc,C,31/12/1999,b|a|c\n")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"2 CREATED ", "3 REJECTED the row has no key", `4 REJECTED "soon" is no date of the form DD/MM/YYYY or YYYY`,
		"5 CREATED left out: PART_OF joins a thing to itself; not found: TINY:b",
	}
	if diff := cmp.Diff(want, said); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(loader.Summary{Read: 4, Created: 2, Rejected: 2, Dangling: 1}, sum); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	page, err := s.Find(t.Context(), []store.Kind{ontology.Organisation}, store.Filter{}, store.Paging{})
	if err != nil || len(page.Items) != 2 {
		t.Errorf("%d organisations, %v; want 2", len(page.Items), err)
	}
}

// Two rows of a list that share an identifier of another scheme stay two
// things, whichever comes first: the list tells them apart by its own.
func TestSharedIdentifiersDoNotMergeRowsOfAList(t *testing.T) {
	var graphs [][]string
	for _, table := range []string{"id,also,name\na,x,A\nb,x,B\n", "id,also,name\nb,x,B\na,x,A\n"} {
		s := openSQLite(t)
		if _, _, err := loadTable(t, s, table); err != nil {
			t.Fatal(err)
		}
		graphs = append(graphs, graph(t, s))
	}
	if diff := cmp.Diff(graphs[0], graphs[1]); diff != "" {
		t.Errorf("the order of rows matters:\n%s", diff)
	}
	if n := strings.Count(strings.Join(graphs[0], "\n"), "\nOrganisation ") + 1; n != 2 {
		t.Errorf("%d organisations, want 2", n)
	}
}

// A dry run reports what a run does, and writes nothing.
func TestDryRunWritesNothing(t *testing.T) {
	s := openSQLite(t)
	table := "id,name,boss\na,A,\n,B,\nc,C,a\n"
	dry, dryRows, err := loadTable(t, s, table, func(o *loader.Options) { o.DryRun, o.Scratch = true, openSQLite(t) })
	if err != nil {
		t.Fatal(err)
	}
	if got := graph(t, s); len(got) > 0 {
		t.Errorf("a dry run wrote %d things", len(got))
	}
	wet, wetRows, err := loadTable(t, s, table)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(dry, wet) + cmp.Diff(dryRows, wetRows); diff != "" {
		t.Errorf("(-dry +wet):\n%s", diff)
	}
}

// A run keeps its counts, a ledger that adds up to them, and the rows that are
// not unchanged.
func TestRunIsWrittenDown(t *testing.T) {
	s := openSQLite(t)
	o := options(t, s, people)
	o.BatchSize = 50
	sum, err := loader.Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	nodes, err := s.Nodes(t.Context(), []store.ID{sum.Run})
	if err != nil {
		t.Fatal(err)
	}
	run := nodes[sum.Run]
	if run.Kind != ontology.ImportRun || run.Props["status"] != loader.Finished || run.Props["read"] != int64(162) || run.Props["created"] != int64(162) {
		t.Errorf("the run is %v %v", run.Kind, run.Props)
	}
	of := func(kind store.Kind) int {
		page, err := s.Find(t.Context(), []store.Kind{kind}, store.Filter{Conds: []store.Cond{{Prop: "run", Values: []any{string(sum.Run)}}}}, store.Paging{})
		if err != nil {
			t.Fatal(err)
		}
		return len(page.Items)
	}
	if batches, rows := of(ontology.ImportBatch), of(ontology.ImportRow); batches != 4 || rows != 162 {
		t.Errorf("%d batches and %d rows, want 4 and 162", batches, rows)
	}
}

// A second loader of a source is told that the first is at work; when the
// first does not answer any more, the second takes over and the first is
// refused.
func TestOneLoaderAtATimePerSource(t *testing.T) {
	s := openSQLite(t)
	other := write(t, "other.csv", []byte("id,name\nz,Z\n"))
	second := func(now time.Time) error {
		_, err := loader.Run(t.Context(), loader.Options{Store: s, Now: func() time.Time { return now }, File: other, Mapping: parse(t, tiny)})
		return err
	}
	var told, taken error
	batch := 0
	_, _, err := loadTable(t, s, "id,name\na,A\nb,B\nc,C\n", func(o *loader.Options) {
		o.BatchSize = 1
		o.Progress = func(loader.Progress) {
			switch batch++; batch {
			case 1:
				told = second(start())
			case 2:
				taken = second(start().Add(time.Hour))
			}
		}
	})
	if !errors.Is(told, loader.ErrBusy) {
		t.Errorf("the second loader is told %v", told)
	}
	if taken != nil {
		t.Errorf("the source cannot be taken over: %v", taken)
	}
	if !errors.Is(err, loader.ErrFenced) {
		t.Errorf("the first loader goes on: %v", err)
	}
}

// A file that is none is refused before anything is opened.
func TestOnlyRegularFilesAreRead(t *testing.T) {
	for _, file := range []string{"testdata/absent.csv", t.TempDir(), os.DevNull} {
		_, err := loader.Run(t.Context(), options(t, openSQLite(t), list{file, people.mapping}))
		if !errors.Is(err, rows.ErrNoInput) {
			t.Errorf("%s: %v", file, err)
		}
	}
}
