package loader_test

import (
	"path/filepath"
	"testing"

	"coopgraph/loader"
	"coopgraph/loader/rows"
	"coopgraph/ontology"
	"coopgraph/store"
	"coopgraph/store/sqlite"
)

// A batch ends at the number of rows asked for, else where its rows make as
// many changes as the store wants at once, however many rows these are.
func TestBatchesSuitTheStore(t *testing.T) {
	s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "graph.db"), ontology.Schema())
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(t.Context()); err != nil {
			t.Error(err)
		}
	}()
	narrow := &rows.Item{Claims: ontology.Claims{Things: make([]ontology.ThingClaim, 1)}}
	wide := &rows.Item{Claims: ontology.Claims{Things: make([]ontology.ThingClaim, 1), Facts: make([]ontology.FactClaim, 97)}}
	for name, c := range map[string]struct {
		store store.Store
		size  int
		item  *rows.Item
		want  int
	}{
		"a number asked for":  {s, 7, wide, 7},
		"rows without facts":  {s, 0, narrow, (s.ChangesAtOnce() + 2) / 3},
		"rows of many facts":  {s, 0, wide, (s.ChangesAtOnce() + 99) / 100},
		"a store that is mum": {struct{ store.Store }{s}, 0, wide, 500},
	} {
		t.Run(name, func(t *testing.T) {
			g := loader.Gather(c.store, c.size)
			for range 2 {
				n := 1
				for !g.Add(c.item) {
					n++
				}
				if n != c.want || len(g.Items) != n {
					t.Errorf("a batch of %d rows, %d kept, not of %d", n, len(g.Items), c.want)
				}
				g.Clear()
			}
		})
	}
}
