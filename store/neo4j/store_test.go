package neo4j_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"coopgraph/store"
	"coopgraph/store/neo4j/neo4jtest"
)

// library is a small schema that uses every trait of one.
func library() store.Schema {
	return store.Schema{
		Kinds: []store.KindDef{
			{Kind: "Author", Props: []store.Prop{
				{Name: "name", Sort: true},
				{Name: "born", Type: store.Int},
				{Name: "tags", Type: store.Strings, Lookup: true},
				{Name: "seen", Type: store.Time, Sort: true},
				{Name: "class", Lookup: true, Walk: true},
				{Name: "height", Type: store.Float},
				{Name: "alive", Type: store.Bool},
			}},
			{Kind: "Book", Props: []store.Prop{{Name: "name", Sort: true}, {Name: "tags", Type: store.Strings, Lookup: true}}},
			{Kind: "Shelf", Internal: true, Props: []store.Prop{{Name: "name", Sort: true}, {Name: "room", Lookup: true}}},
		},
		Rels: []store.Rel{"WROTE", "PART_OF", "LIKES"},
		EdgeProps: []store.Prop{
			{Name: "role", Walk: true},
			{Name: "order", Sort: true},
			{Name: "when", Type: store.Time, Sort: true},
			{Name: "basis", Lookup: true},
			{Name: "runs", Type: store.Strings, Lookup: true},
		},
		EdgeOrders: []store.EdgeOrder{{Edge: "order", Far: "name"}, {Edge: "when"}},
		Text:       []string{"W", "S"},
		Analysis:   1,
	}
}

func node(id, kind string, props store.Props) store.Change {
	return store.Change{Op: store.PutNode, Node: store.Node{ID: store.ID(id), Kind: store.Kind(kind), Props: props}}
}

func link(id, rel, from, to string, props store.Props) store.Change {
	return store.Change{Op: store.PutEdge, Edge: store.Edge{
		ID: store.ID(id), Rel: store.Rel(rel), From: store.ID(from), To: store.ID(to), Props: props,
	}}
}

func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func sample() []store.Change {
	when := time.Date(2024, 2, 3, 4, 5, 6, 7000, time.UTC)
	a := node("a", "Author", store.Props{
		"name": "Ada", "born": int64(1815), "tags": []string{"x", "y"}, "seen": when, "class": "poet", "height": 1.0, "alive": false,
	})
	a.Tokens = map[string]string{"W": "ada lovelace", "S": "ad"}
	b := node("b", "Book", store.Props{"name": "Babel", "tags": []string{"y"}})
	b.Tokens = map[string]string{"W": "babel ada", "S": "babel"}
	return []store.Change{
		a, b, node("c", "Book", nil), node("s", "Shelf", store.Props{"room": "r1"}),
		link("e1", "WROTE", "a", "b", store.Props{"role": "author", "runs": []string{"r 1", `q"\`}, "basis": "b1", "order": "2"}),
		link("e2", "WROTE", "a", "c", store.Props{"when": when}),
		link("e3", "PART_OF", "c", "b", nil), link("e4", "LIKES", "a", "a", nil),
	}
}

func TestWhatIsWrittenIsReadAndFound(t *testing.T) {
	ctx := context.Background()
	s := neo4jtest.Open(t, library())
	tally := must[store.Tally](t)(s.Apply(ctx, sample()))
	if want := (store.Tally{Created: 8}); tally != want {
		t.Errorf("first tally %+v, want %+v", tally, want)
	}
	tally = must[store.Tally](t)(s.Apply(ctx, sample()))
	if want := (store.Tally{Unchanged: 8}); tally != want {
		t.Errorf("second tally %+v, want %+v", tally, want)
	}
	nodes := must[map[store.ID]store.Node](t)(s.Nodes(ctx, []store.ID{"a", "s", "none"}))
	if diff := cmp.Diff(sample()[0].Node.Props, nodes["a"].Props); diff != "" || len(nodes) != 2 {
		t.Errorf("props (-want +got):\n%s of %d nodes", diff, len(nodes))
	}
	find := func(kinds []store.Kind, f store.Filter, p store.Paging) string {
		t.Helper()
		page := must[store.Page[store.Node]](t)(s.Find(ctx, kinds, f, p))
		out := ""
		for _, n := range page.Items {
			out += string(n.ID)
		}
		if page.More {
			out += "+"
		}
		if p.Count {
			out += string(rune('0' + page.Count))
		}
		return out
	}
	byName := store.Order{Prop: "name"}
	tagged := store.Filter{Conds: []store.Cond{{Prop: "tags", Values: []any{"y"}}}}
	for _, tc := range []struct {
		what, got, want string
	}{
		{"all", find(nil, store.Filter{}, store.Paging{Count: true}), "abc3"},
		{"by name", find(nil, store.Filter{}, store.Paging{Order: byName, Count: true}), "cab3"},
		{"by name descending", find(nil, store.Filter{}, store.Paging{Order: store.Order{Prop: "name", Desc: true}, Limit: 2}), "ba+"},
		{"after", find(nil, store.Filter{}, store.Paging{Order: byName, After: &store.Position{Keys: []string{""}, ID: "c"}, Count: true}), "ab3"},
		{"tags", find(nil, tagged, store.Paging{Order: byName, Count: true}), "ab2"},
		{"room", find([]store.Kind{"Shelf"}, store.Filter{Conds: []store.Cond{{Prop: "room", Values: []any{"r1"}}}}, store.Paging{Count: true}), "s1"},
		{"ids", find(nil, store.Filter{IDs: []store.ID{"b", "zz"}}, store.Paging{Count: true}), "b1"},
	} {
		if tc.got != tc.want {
			t.Errorf("%s: %q, want %q", tc.what, tc.got, tc.want)
		}
	}
	for _, f := range []store.Filter{
		{IDs: []store.ID{"e1"}}, {Conds: []store.Cond{{Prop: "runs", Values: []any{`q"\`}}}}, {Conds: []store.Cond{{Prop: "basis", Values: []any{"b1"}}}},
	} {
		edges := must[store.Page[store.Edge]](t)(s.Edges(ctx, nil, f, store.Paging{Count: true}))
		if len(edges.Items) != 1 || edges.Items[0].ID != "e1" || edges.Count != 1 {
			t.Errorf("edges %v: %+v", f, edges)
		}
	}
	edges := must[store.Page[store.Edge]](t)(s.Edges(ctx, nil, store.Filter{}, store.Paging{Count: true, Order: store.Order{Prop: "when"}}))
	if len(edges.Items) != 4 || edges.Items[3].ID != "e2" {
		t.Errorf("edges by time: %+v", edges)
	}
	pages := must[map[store.ID][]store.Page[store.Hop]](t)(s.Expand(ctx, []store.ID{"a", "c", "none"}, []store.Step{
		{
			Legs: []store.Leg{{Rel: "WROTE"}, {Rel: "LIKES", Dir: store.Both}}, Order: store.EdgeOrder{Edge: "order", Far: "name"}, Limit: 2, Count: true,
			NodeProps: []string{"name"}, Then: []store.Step{{Legs: []store.Leg{{Rel: "PART_OF", Dir: store.In}}, NodeProps: []string{"*"}}},
		},
		{Through: &store.Leg{Rel: "PART_OF"}, Legs: []store.Leg{{Rel: "WROTE", Dir: store.In}}, Count: true},
	}))
	if len(pages) != 2 || pages["a"][0].Count != 3 || len(pages["a"][0].Items) != 2 || !pages["a"][0].More || pages["a"][0].Items[0].Edge.ID != "e2" {
		t.Errorf("expand: %+v", pages["a"])
	}
	if p := pages["c"][1]; len(p.Items) != 1 || p.Items[0].Edge.ID != "e2" || p.Count != 1 || p.Items[0].Node.Props["class"] != "poet" {
		t.Errorf("through: %+v", p)
	}
	results := must[[]store.Result](t)(s.Search(ctx, []store.Query{
		{All: [][]store.Term{{{Field: "W", Token: "ada"}}}, Limit: 5},
		{All: [][]store.Term{{{Field: "W", Token: "ad", Prefix: true}}}, None: []store.Term{{Field: "S", Token: "ad"}}, Limit: 1, Lowest: true, Props: []string{"name"}},
		{All: [][]store.Term{{{Field: "W", Token: "OR"}}}, Limit: 1},
		{All: [][]store.Term{{{Field: "W", Token: "ada"}}}, Kinds: []store.Kind{"Book"}, Limit: 1},
	}))
	if len(results[0].Hits) != 2 || results[0].Hits[0].ID != "a" || results[0].Hits[0].Degree != 3 || results[0].Hits[1].Degree != 2 {
		t.Errorf("search: %+v", results[0])
	}
	if len(results[1].Hits) != 1 || results[1].Hits[0].ID != "b" || len(results[2].Hits) != 0 || len(results[3].Hits) != 1 {
		t.Errorf("search: %+v", results[1:])
	}
	words := must[map[string][]string](t)(s.Words(ctx, []string{"adda"}, 3))
	if diff := cmp.Diff([]string{"ada"}, words["adda"]); diff != "" {
		t.Errorf("words: %s", diff)
	}
	path := must[store.Subgraph](t)(s.Path(ctx, "a", "b", store.Reach{Length: 2}))
	if len(path.Nodes) != 3 || len(path.Edges) != 4 {
		t.Errorf("path: %+v", path)
	}
	near := must[store.Subgraph](t)(s.Neighbourhood(ctx, "b", store.Reach{Length: 1, Limit: 2}))
	if len(near.Nodes) != 2 || near.Nodes[1].ID != "a" || !near.Cut || len(near.Edges) != 2 {
		t.Errorf("neighbourhood: %+v", near)
	}
	if _, err := s.Apply(ctx, []store.Change{{Op: store.DeleteNode, Node: store.Node{ID: "c", Kind: "Book"}}}); !errors.Is(err, store.ErrInvalid) {
		t.Errorf("deleting a node with edges: %v", err)
	}
	gone := []store.Change{
		{Op: store.DeleteEdge, Edge: store.Edge{ID: "e1", Rel: "WROTE"}},
		{Op: store.DeleteEdge, Edge: store.Edge{ID: "e3", Rel: "PART_OF"}},
		{Op: store.DeleteNode, Node: store.Node{ID: "b", Kind: "Book"}},
	}
	if tally = must[store.Tally](t)(s.Apply(ctx, gone)); tally.Deleted != 3 {
		t.Errorf("deletion: %+v", tally)
	}
	if words = must[map[string][]string](t)(s.Words(ctx, []string{"babel", "ada"}, 3)); len(words["babel"]) != 0 || len(words["ada"]) != 1 {
		t.Errorf("words after deletion: %v", words)
	}
	info := must[store.Info](t)(s.Info(ctx))
	if info.Migration != 2 || len(info.Problems) > 0 {
		t.Errorf("info: %+v", info)
	}
}
