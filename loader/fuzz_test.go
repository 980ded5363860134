package loader_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"coopgraph/loader"
	"coopgraph/loader/mapping"
	"coopgraph/loader/rows"
	"coopgraph/ontology"
	"coopgraph/store"
	"coopgraph/store/sqlite"
)

// fuzzStore is one store for all inputs: a dry run writes nothing to it.
func fuzzStore(f *testing.F) store.Store {
	f.Helper()
	s, err := sqlite.Open(f.Context(), filepath.Join(f.TempDir(), "fuzz.db"), ontology.Schema())
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() {
		if err := s.Close(f.Context()); err != nil && f.Context().Err() == nil {
			f.Error(err)
		}
	})
	return s
}

// dryRun reads the input to its end or to an error that it knows.
func dryRun(t *testing.T, s store.Store, m *mapping.Mapping, data []byte) {
	file := filepath.Join(t.TempDir(), "input")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	begun := time.Now()
	sum, err := loader.Run(t.Context(), loader.Options{Store: s, Now: start, File: file, Mapping: m, DryRun: true})
	if err != nil && !errors.Is(err, rows.ErrFile) {
		t.Fatalf("%v: %v", sum, err)
	}
	if sum.Read != sum.Created+sum.Changed+sum.Unchanged+sum.Skipped+sum.Rejected {
		t.Fatalf("rows are unaccounted for: %v", sum)
	}
	if spent := time.Since(begun); spent > 10*time.Second {
		t.Fatalf("%d bytes took %v", len(data), spent)
	}
}

// Any table is read or refused, and every row of it accounted for.
func FuzzCSV(f *testing.F) {
	for _, seed := range []string{
		"id,name\n1,A\n", "\ufeffid;name\r\n1;\"a\nb\"\r\n", "id\tname\r1\tA\r", "id,name\n1,\"A\n", "id,name\n1,a\"b\n2,\"a\"b\n",
		"id,name\n1,\x00\n", "id,name\n1\n1,2,3\n", "id,name\n\xe9,\x80\n", "\xff\xfei\x00d\x00\n\x00", "id,id\n1,2\n", ",\n,\n",
	} {
		f.Add([]byte(seed))
	}
	s, m := fuzzStore(f), parse(f, tiny)
	f.Fuzz(func(t *testing.T, data []byte) { dryRun(t, s, m, data) })
}

// Any document is read or refused, and every record of it accounted for.
func FuzzJSON(f *testing.F) {
	for _, seed := range []string{
		`[{"id": 1, "name": "A"}]`, "\ufeff[]", `[{"id": {"a": [1]}}, 5, null, []]`, `[{"id": 1}`, `{"a": [{"id": 1}]}`, `[{"id": "\ud800"}]`, "[[[[", `[{"id": 1e999}]`,
	} {
		f.Add([]byte(seed))
	}
	s, m := fuzzStore(f), parse(f, fmt.Sprintf(tinyJSON, "json", ""))
	f.Fuzz(func(t *testing.T, data []byte) { dryRun(t, s, m, data) })
}

// Any mapping is read, or refused with a reason.
func FuzzMapping(f *testing.F) {
	f.Add([]byte(tiny))
	f.Add([]byte("a: &a [*a]"))
	f.Add([]byte("things: [{as: x, each: {}}]\nkey: {path: }"))
	f.Add([]byte("format: csv\nkey: {text: \"{\"}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if _, err := mapping.Parse("fuzz.yaml", data); err != nil && !errors.Is(err, store.ErrInvalid) {
			t.Fatalf("not a mapping error: %v", err)
		}
	})
}
