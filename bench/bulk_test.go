package main

import (
	"testing"

	"coopgraph/store"
)

// TestBareDriverWritesWhatTheLoaderDoes: what is compared is the same graph,
// each node and edge created once.
func TestBareDriverWritesWhatTheLoaderDoes(t *testing.T) {
	batches, err := newWorld(1000).recorded(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ids := map[store.ID]bool{}
	changes := 0
	for _, b := range batches {
		for _, ch := range b {
			ids[ch.Node.ID+ch.Edge.ID] = true
		}
		changes += len(b)
	}
	if len(batches) != 2 || len(ids) < 3000 {
		t.Errorf("%d batches of %d nodes and edges", len(batches), len(ids))
	}
	for _, create := range []bool{true, false} {
		rows, fresh := 0, 0
		seen := map[store.ID]bool{}
		for _, b := range batches {
			before := len(seen)
			statements, err := bareWriter{create: create}.statements(b, seen)
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range statements {
				rows += len(s.rows)
			}
			fresh += len(seen) - before
		}
		if rows != changes || fresh != len(ids) {
			t.Errorf("create %t: %d rows of %d changes, %d of %d things", create, rows, changes, fresh, len(ids))
		}
	}
}
