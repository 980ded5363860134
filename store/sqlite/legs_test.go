package sqlite

import (
	"context"
	"database/sql/driver"
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"testing"

	"coopgraph/store"
	"coopgraph/store/storetest"
)

// TestLegs makes sure that the legs counted while edges come, move, go and
// lead back to where they start are those of the hops there are.
func TestLegs(t *testing.T) {
	s, err := Open(t.Context(), filepath.Join(t.TempDir(), "graph.db"), storetest.Schema())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close(context.Background()) }()
	const nodes = 6
	node := func(i int) store.ID { return store.ID(fmt.Sprintf("n%d", i)) }
	var changes []store.Change
	for i := range nodes {
		changes = append(changes, store.Change{Op: store.PutNode, Node: store.Node{ID: node(i), Kind: storetest.Person}})
	}
	r := rand.New(rand.NewPCG(1, 2))
	present := map[int]bool{}
	widest := 0
	for range 40 {
		for range 1 + r.IntN(6) {
			// An edge keeps its relation.
			i := r.IntN(20)
			e := store.Edge{
				ID: store.ID(fmt.Sprintf("e%d", i)), Rel: s.schema.Rels[i%len(s.schema.Rels)],
				From: node(r.IntN(nodes)), To: node(r.IntN(nodes)),
			}
			op := store.PutEdge
			if present[i] && r.IntN(3) == 0 {
				op = store.DeleteEdge
			}
			present[i] = op == store.PutEdge
			changes = append(changes, store.Change{Op: op, Edge: e})
		}
		if _, err := s.Apply(t.Context(), changes); err != nil {
			t.Fatal(err)
		}
		changes = nil
		kept := storedLegs(t, s)
		c := <-s.writer
		err := c.exec(rebuildLegs)
		s.writer <- c
		if err != nil {
			t.Fatal(err)
		}
		if counted := storedLegs(t, s); !maps.Equal(kept, counted) {
			t.Fatalf("legs are %v, want %v", kept, counted)
		}
		for _, text := range kept {
			legs, err := decodeLegs(text)
			if err != nil || (len(legs) > 0 && legs.encode() != text) {
				t.Fatalf("%q is read as %v, %v", text, legs, err)
			}
			widest = max(widest, len(legs))
		}
	}
	if widest < 3 {
		t.Fatalf("no node had more than %d legs", widest)
	}
}

func storedLegs(t *testing.T, s *Store) map[string]string {
	t.Helper()
	legs := map[string]string{}
	err := s.read(t.Context(), func(c *conn) error {
		return c.query(t.Context(), "SELECT id, legs FROM node", nil, func(row []driver.Value) error {
			legs[text(row[0])] = text(row[1])
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return legs
}
