package neo4j_test

import (
	"context"
	"fmt"
	"testing"

	"coopgraph/store"
	"coopgraph/store/neo4j/neo4jtest"
)

// TestEdgesAreFoundByIDsAmongManyRelations: where a schema has many relations
// another index answers, and gives the same.
func TestEdgesAreFoundByIDsAmongManyRelations(t *testing.T) {
	ctx := context.Background()
	schema := library()
	for i := range 8 {
		schema.Rels = append(schema.Rels, store.Rel(fmt.Sprintf("MORE_%d", i)))
	}
	s := neo4jtest.Open(t, schema)
	odd := `e "\ 3`
	must[store.Tally](t)(s.Apply(ctx, []store.Change{
		node("a", "Author", nil), node("b", "Book", nil),
		link("e1", "WROTE", "a", "b", store.Props{"role": "author", "order": "2"}), link("e2", "MORE_7", "b", "a", store.Props{"order": "1"}),
		link(odd, "MORE_0", "a", "a", nil), link("e4", "LIKES", "a", "b", nil),
	}))
	ids := store.Filter{IDs: []store.ID{"e2", "none", store.ID(odd), "e1", "e1", "WROTE", "\xff"}}
	for _, tc := range []struct {
		what string
		rels []store.Rel
		f    store.Filter
		p    store.Paging
		want string
	}{
		{"all relations", nil, ids, store.Paging{Count: true}, odd + " e1 e2 of 3"},
		{"most relations", schema.Rels[:10], ids, store.Paging{Count: true}, odd + " e1 of 2"},
		{"one relation", schema.Rels[:1], ids, store.Paging{Count: true}, "e1 of 1"},
		{"a page", nil, ids, store.Paging{After: &store.Position{ID: store.ID(odd)}, Limit: 1}, "e1 and more of -1"},
		{"in an order", nil, ids, store.Paging{Order: store.Order{Prop: "order", Desc: true}, Count: true}, "e1 e2 " + odd + " of 3"},
		{"of a role", nil, store.Filter{IDs: ids.IDs, Conds: []store.Cond{{Prop: "role", Values: []any{"author"}}}}, store.Paging{Count: true}, "e1 of 1"},
		{"no ids", nil, store.Filter{IDs: []store.ID{}}, store.Paging{Count: true}, "of 0"},
	} {
		page := must[store.Page[store.Edge]](t)(s.Edges(ctx, tc.rels, tc.f, tc.p))
		got := ""
		for _, e := range page.Items {
			got += string(e.ID) + " "
		}
		if page.More {
			got += "and more "
		}
		if got += fmt.Sprintf("of %d", page.Count); got != tc.want {
			t.Errorf("%s: %q, want %q", tc.what, got, tc.want)
		}
	}
}
