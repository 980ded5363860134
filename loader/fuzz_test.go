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
	"coopgraph/store"
)

// fuzzStores are a store and a scratch store for all inputs: a dry run writes
// nothing to the first, and the second is emptied after each.
func fuzzStores(f *testing.F) (s, scratch store.Store) {
	f.Helper()
	return openSQLite(f), openSQLite(f)
}

// empty deletes everything that the store holds.
func empty(t *testing.T, s store.Store) {
	t.Helper()
	page, err := s.Find(t.Context(), nil, store.Filter{}, store.Paging{})
	if err != nil {
		t.Fatal(err)
	}
	edges, err := s.Edges(t.Context(), nil, store.Filter{}, store.Paging{})
	if err != nil {
		t.Fatal(err)
	}
	changes := make([]store.Change, 0, len(page.Items)+len(edges.Items))
	for _, e := range edges.Items {
		changes = append(changes, store.Change{Op: store.DeleteEdge, Edge: e})
	}
	for _, n := range page.Items {
		changes = append(changes, store.Change{Op: store.DeleteNode, Node: n})
	}
	if _, err := s.Apply(t.Context(), changes); err != nil {
		t.Fatal(err)
	}
}

// dryRun reads the input to its end or to an error that it knows.
func dryRun(t *testing.T, s, scratch store.Store, m *mapping.Mapping, data []byte) {
	defer empty(t, scratch)
	file := filepath.Join(t.TempDir(), "input")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	begun := time.Now()
	sum, err := loader.Run(t.Context(), loader.Options{Store: s, Now: start, File: file, Mapping: m, DryRun: true, Scratch: scratch})
	if err != nil && !errors.Is(err, rows.ErrFile) {
		t.Fatalf("%v: %v", sum, err)
	}
	if sum.Read != sum.Created+sum.Changed+sum.Unchanged+sum.Skipped+sum.Rejected {
		t.Fatalf("rows are unaccounted for: %v", sum)
	}
	if spent := time.Since(begun); spent > time.Minute {
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
	s, scratch := fuzzStores(f)
	m := parse(f, tiny)
	f.Fuzz(func(t *testing.T, data []byte) { dryRun(t, s, scratch, m, data) })
}

// Any document is read or refused, and every record of it accounted for.
func FuzzJSON(f *testing.F) {
	for _, seed := range []string{
		`[{"id": 1, "name": "A"}]`, "\ufeff[]", `[{"id": {"a": [1]}}, 5, null, []]`, `[{"id": 1}`, `{"a": [{"id": 1}]}`, `[{"id": "\ud800"}]`, "[[[[", `[{"id": 1e999}]`,
	} {
		f.Add([]byte(seed))
	}
	s, scratch := fuzzStores(f)
	m := parse(f, fmt.Sprintf(tinyJSON, "json", ""))
	f.Fuzz(func(t *testing.T, data []byte) { dryRun(t, s, scratch, m, data) })
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
