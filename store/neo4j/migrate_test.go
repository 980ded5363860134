package neo4j_test

import (
	"context"
	"slices"
	"testing"

	"coopgraph/store"
	"coopgraph/store/neo4j/neo4jtest"
)

func TestAChangedSchemaFindsWhatWasWrittenBefore(t *testing.T) {
	ctx := context.Background()
	c := neo4jtest.Server(t)
	old := library()
	plain := slices.Clone(old.Kinds[0].Props)
	for i := range plain {
		plain[i].Lookup, plain[i].Sort = false, false
	}
	old.Kinds = slices.Clone(old.Kinds)
	old.Kinds[0].Props = plain
	old.Text = []string{"W"}
	before := neo4jtest.OpenConfig(t, c, old)
	a := node("a", "Author", store.Props{"tags": []string{"x"}, "name": "Ada"})
	a.Tokens = map[string]string{"W": "ada"}
	must[store.Tally](t)(before.Apply(ctx, []store.Change{a, node("b", "Author", nil)}))

	s := neo4jtest.OpenConfig(t, c, library())
	tagged := store.Filter{Conds: []store.Cond{{Prop: "tags", Values: []any{"x"}}}}
	if got := must[store.Page[store.Node]](t)(s.Find(ctx, nil, tagged, store.Paging{})); len(got.Items) != 1 {
		t.Errorf("by key: %+v", got)
	}
	ordered := store.Paging{Order: store.Order{Prop: "name"}, Count: true}
	got := must[store.Page[store.Node]](t)(s.Find(ctx, []store.Kind{"Author"}, store.Filter{}, ordered))
	if len(got.Items) != 2 || got.Items[0].ID != "b" || got.Items[1].Version != 1 {
		t.Errorf("by name: %+v", got)
	}
	if words := must[map[string][]string](t)(s.Words(ctx, []string{"ada"}, 1)); len(words["ada"]) != 0 {
		t.Errorf("words of the fields of before: %v", words)
	}
	if tally := must[store.Tally](t)(s.Apply(ctx, []store.Change{a})); tally.Changed != 1 {
		t.Errorf("a put whose tokens were lost: %+v", tally)
	}
}

func TestASecondStartRunsOneStatement(t *testing.T) {
	ctx := context.Background()
	c := neo4jtest.Server(t)
	if err := neo4jtest.OpenConfig(t, c, library()).Ping(ctx); err != nil {
		t.Fatal(err)
	}
	var statements []string
	c.Observe = func(_ context.Context, statement string) { statements = append(statements, statement) }
	if err := neo4jtest.OpenConfig(t, c, library()).Ping(ctx); err != nil {
		t.Fatal(err)
	}
	if len(statements) != 2 {
		t.Errorf("a ping after the second start ran %d statements: %q", len(statements), statements)
	}
}

func TestTokensOfAnEarlierAnalysisAreToldAndNoted(t *testing.T) {
	ctx := context.Background()
	c := neo4jtest.Server(t)
	must[store.Tally](t)(neo4jtest.OpenConfig(t, c, library()).Apply(ctx, sample()))
	later := library()
	later.Analysis++
	s := neo4jtest.OpenConfig(t, c, later)
	if info := must[store.Info](t)(s.Info(ctx)); len(info.Problems) != 1 {
		t.Errorf("problems %q", info.Problems)
	}
	if tally := must[store.Tally](t)(s.Apply(ctx, sample())); tally != (store.Tally{Unchanged: 8}) {
		t.Errorf("the same tokens by another analysis: %+v", tally)
	}
	if info := must[store.Info](t)(s.Info(ctx)); len(info.Problems) != 0 {
		t.Errorf("problems %q", info.Problems)
	}
	if nodes := must[map[store.ID]store.Node](t)(s.Nodes(ctx, []store.ID{"a"})); nodes["a"].Version != 1 {
		t.Errorf("version %d", nodes["a"].Version)
	}
}

// TestKeysOfAnEarlierProgramAreBroughtAlong: a graph of the first migration,
// which kept a node for each value of a list, answers as it did before.
func TestKeysOfAnEarlierProgramAreBroughtAlong(t *testing.T) {
	ctx := context.Background()
	c := neo4jtest.Server(t)
	before := neo4jtest.OpenConfig(t, c, library())
	must[store.Tally](t)(before.Apply(ctx, sample()))
	for _, statement := range []string{
		"MATCH (n) REMOVE n._keys",
		"MATCH (n:Author|Book) UNWIND n.tags AS tag MERGE (key:LookupKey:Bookkeeping {key: 'tags=' + tag}) CREATE (n)-[:_KEY]->(key)",
		"MATCH (m:Migration) WHERE m.number < 2 DELETE m",
		"MATCH (m:Migration) SET m.number = 1, m.derived = 'before'",
		"DROP INDEX coop_keys",
	} {
		neo4jtest.Run(t, c, statement)
	}
	s := neo4jtest.OpenConfig(t, c, library())
	neo4jtest.Ready(t, s)
	tagged := store.Filter{Conds: []store.Cond{{Prop: "tags", Values: []any{"y"}}}}
	got := must[store.Page[store.Node]](t)(s.Find(ctx, nil, tagged, store.Paging{Count: true}))
	if len(got.Items) != 2 || got.Count != 2 || got.Items[0].Version != 1 {
		t.Errorf("by a value of a list: %+v", got)
	}
	if left := neo4jtest.Run(t, c, "MATCH (key:LookupKey) RETURN key"); len(left) > 0 {
		t.Errorf("%d nodes for values are left", len(left))
	}
	if tally := must[store.Tally](t)(s.Apply(ctx, sample())); tally != (store.Tally{Unchanged: 8}) {
		t.Errorf("the same again: %+v", tally)
	}
}
