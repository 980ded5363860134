package neo4j_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"coopgraph/store"
	"coopgraph/store/neo4j/neo4jtest"
)

// TestEndsThatTheBatchDoesNotWriteMayBeOfAnyKindOrAbsent: edges are written
// without their ends being read before; an end that is no thing or is not there
// is told as if it had been read.
func TestEndsThatTheBatchDoesNotWriteMayBeOfAnyKindOrAbsent(t *testing.T) {
	ctx := context.Background()
	s := neo4jtest.Open(t, library())
	must[store.Tally](t)(s.Apply(ctx, sample()))
	internal := []store.Change{link("e5", "PART_OF", "a", "s", nil), link("e6", "PART_OF", "s", "b", nil), link("e7", "LIKES", "b", "a", nil)}
	if tally := must[store.Tally](t)(s.Apply(ctx, internal)); tally != (store.Tally{Created: 3}) {
		t.Errorf("edges of an internal node: %+v", tally)
	}
	if tally := must[store.Tally](t)(s.Apply(ctx, internal)); tally != (store.Tally{Unchanged: 3}) {
		t.Errorf("the same again: %+v", tally)
	}
	_, err := s.Apply(ctx, []store.Change{link("e8", "LIKES", "a", "b", nil), link("e9", "LIKES", "a", "none", nil)})
	var change *store.ChangeError
	if !errors.As(err, &change) || change.Index != 1 || !errors.Is(err, store.ErrInvalid) {
		t.Errorf("an absent end: %v", err)
	}
	edges := must[store.Page[store.Edge]](t)(s.Edges(ctx, nil, store.Filter{IDs: []store.ID{"e8"}}, store.Paging{}))
	if len(edges.Items) > 0 {
		t.Errorf("of a batch that failed is left: %+v", edges.Items)
	}
	_, err = s.Apply(ctx, []store.Change{
		{Op: store.DeleteEdge, Edge: store.Edge{ID: "e4", Rel: "LIKES"}},
		node("d", "Book", nil),
		{Op: store.DeleteNode, Node: store.Node{ID: "d", Kind: "Book"}},
		link("e10", "LIKES", "a", "d", nil),
	})
	if !errors.As(err, &change) || change.Index != 3 {
		t.Errorf("an end that the batch deletes: %v", err)
	}
}

// TestValuesTooLongForAnIndexDoNoHarm: Lucene takes no term of more than
// 32,766 bytes, and Neo4j stops the database where it is given one.
func TestValuesTooLongForAnIndexDoNoHarm(t *testing.T) {
	ctx := context.Background()
	s := neo4jtest.Open(t, library())
	must[store.Tally](t)(s.Apply(ctx, sample()))
	long := strings.Repeat("ü", 20_000)
	for name, props := range map[string]store.Props{"basis": {"basis": long}, "runs": {"runs": []string{"r", long}}} {
		if _, err := s.Apply(ctx, []store.Change{link("e5", "LIKES", "a", "b", props)}); !errors.Is(err, store.ErrInvalid) {
			t.Errorf("an edge with a long %s: %v", name, err)
		}
	}
	must[store.Tally](t)(s.Apply(ctx, []store.Change{node("d", "Book", store.Props{"tags": []string{long, "z"}})}))
	tagged := store.Filter{Conds: []store.Cond{{Prop: "tags", Values: []any{long}}}}
	if got := must[store.Page[store.Node]](t)(s.Find(ctx, nil, tagged, store.Paging{})); len(got.Items) != 1 || got.Items[0].ID != "d" {
		t.Errorf("by a long value: %d found", len(got.Items))
	}
}
