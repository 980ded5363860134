package sqlite

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"coopgraph/store"
	"coopgraph/store/storetest"
)

// TestHubsAreOrdered makes sure that a node's hops come in order while it
// becomes a hub, when a far node is renamed, when it is one no more, and after
// the table has been made again.
func TestHubsAreOrdered(t *testing.T) {
	path := filepath.Join(t.TempDir(), "graph.db")
	var s *Store
	reopen := func(hub int64) {
		t.Helper()
		if s != nil {
			if err := s.Close(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		var err error
		if s, err = Open(t.Context(), path, storetest.Schema(), func(s *Store) { s.hubHops = hub }); err != nil {
			t.Fatal(err)
		}
	}
	apply := func(changes ...store.Change) {
		t.Helper()
		if _, err := s.Apply(t.Context(), changes); err != nil {
			t.Fatal(err)
		}
	}
	names := map[string]string{}
	person := func(id, name string) store.Change {
		names[id] = name
		return store.Change{Node: store.Node{ID: store.ID(id), Kind: storetest.Person, Props: store.Props{"name": name}}}
	}
	edge := func(op store.ChangeOp, i int) store.Change {
		return store.Change{Op: op, Edge: store.Edge{ID: store.ID(fmt.Sprint("e", i)), Rel: storetest.Knows, From: "hub", To: store.ID(fmt.Sprint("p", i))}}
	}
	check := func(want int) {
		t.Helper()
		for _, order := range s.schema.EdgeOrders {
			if order.Far != "name" || order.Edge != "" && order.Edge != "order" {
				continue
			}
			for _, limit := range []int{0, 2, 5} {
				step := store.Step{Legs: []store.Leg{{Rel: storetest.Knows}}, Order: order, Limit: limit, NodeProps: []string{"name"}}
				got, err := s.Expand(t.Context(), []store.ID{"hub"}, []store.Step{step})
				if err != nil {
					t.Fatal(err)
				}
				var found []string
				for _, h := range got["hub"][0].Items {
					name, _ := h.Node.Props["name"].(string)
					if name != names[string(h.Node.ID)] {
						t.Errorf("%s is called %q", h.Node.ID, name)
					}
					found = append(found, name)
				}
				expected := want
				if limit > 0 {
					expected = min(want, limit)
				}
				if len(found) != expected || !slices.IsSorted(found) {
					t.Errorf("order %v, limit %d: %v", order, limit, found)
				}
			}
		}
	}
	if !slices.ContainsFunc(storetest.Schema().EdgeOrders, func(o store.EdgeOrder) bool { return o.Far == "name" }) {
		t.Fatal("the schema of the suite sorts by no far name")
	}
	reopen(3)
	apply(person("hub", "hub"))
	for i := range 8 {
		apply(person(fmt.Sprint("p", i), fmt.Sprint("n", (i*5)%8)), edge(store.PutEdge, i))
		check(i + 1)
	}
	apply(person("p3", "a"), person("p4", "z"))
	check(8)
	for i := range 6 {
		apply(edge(store.DeleteEdge, i))
		check(7 - i)
	}
	apply(person("p6", "zz"), edge(store.PutEdge, 0), edge(store.PutEdge, 1), edge(store.PutEdge, 2))
	check(5)
	reopen(2)
	check(5)
	reopen(100)
	check(5)
	if err := s.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
}
