package loader_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"coopgraph/loader"
	"coopgraph/ontology"
	"coopgraph/seed"
	"coopgraph/store"
	"coopgraph/store/sqlite"
)

const (
	rorFile          = "testdata/ror-v2-benelux.json"
	organisationFile = "testdata/marcobolo-organization.csv"
	personFile       = "testdata/marcobolo-person.csv"
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

func mapping(t testing.TB, name string) *loader.Mapping {
	t.Helper()
	m, err := loader.OpenMapping(name)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// load runs a file and fails the test where the run does.
func load(t testing.TB, s store.Store, file, name string, change ...func(*loader.Options)) loader.Summary {
	t.Helper()
	o := loader.Options{Store: s, Now: start, File: file, Mapping: mapping(t, name)}
	for _, c := range change {
		c(&o)
	}
	sum, err := loader.Run(t.Context(), o)
	if err != nil {
		t.Fatalf("load %s: %v", file, err)
	}
	return sum
}

func plantSeed(t testing.TB, s store.Store) {
	t.Helper()
	if _, err := seed.Load(t.Context(), s, start); err != nil {
		t.Fatal(err)
	}
}

// The three lists give the counts that their files hold, and a second run of
// each changes nothing.
func TestListsLoadAndRepeatUnchanged(t *testing.T) {
	s := openSQLite(t)
	plantSeed(t, s)
	for _, l := range []struct{ file, mapping string }{
		{rorFile, "ror-v2"}, {organisationFile, "marcobolo-organization"}, {personFile, "marcobolo-person"},
	} {
		begin := time.Now()
		first := load(t, s, l.file, l.mapping, func(o *loader.Options) {
			o.Row = func(r loader.Result) {
				if r.Message != "" {
					t.Log(r.Item.Line, r.Outcome, r.Message)
				}
			}
		})
		t.Log(first, time.Since(begin))
		begin = time.Now()
		second := load(t, s, l.file, l.mapping)
		t.Log(second, time.Since(begin))
	}
}
