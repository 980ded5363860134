package sqlite_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"coopgraph/store"
	"coopgraph/store/sqlite"
)

// benchSchema is as wide as the program's: a node of about 25 properties with
// four sort keys, edges with dates, keys and runs.
func benchSchema() store.Schema {
	var props []store.Prop
	for _, n := range []string{"key_nl", "key_fr", "key_de", "key_en"} {
		props = append(props, store.Prop{Name: n, Type: store.String, Sort: true})
	}
	for _, n := range []string{"names", "descriptions", "sources", "classification", "url"} {
		props = append(props, store.Prop{Name: n, Type: store.String})
	}
	for _, n := range []string{"identifiers", "folded", "roles", "runs"} {
		props = append(props, store.Prop{Name: n, Type: store.Strings, Lookup: true})
	}
	text := func(n string) store.Prop { return store.Prop{Name: n, Type: store.String, Walk: true} }
	return store.Schema{
		Kinds: []store.KindDef{{Kind: "Organisation", Props: props}, {Kind: "Person", Props: props}, {Kind: "Theme", Props: props}},
		Rels:  []store.Rel{"EXPERT_IN", "MEMBER_OF", "PARTICIPATES_IN", "WORKS_ON"},
		EdgeProps: []store.Prop{
			text("role"), text("from"), text("to"), text("attestedOn"), text("firstDay"), text("lastDay"),
			{Name: "planned", Type: store.Bool, Walk: true},
			{Name: "basis", Type: store.String, Lookup: true, Walk: true},
			{Name: "order", Type: store.String, Sort: true},
			{Name: "fresh", Type: store.String, Sort: true},
			{Name: "sources", Type: store.String},
			{Name: "runs", Type: store.Strings, Lookup: true},
		},
		EdgeOrders: []store.EdgeOrder{{Edge: "order", Far: "key_en"}, {Edge: "fresh"}},
		Text:       []string{"W", "S", "T", "A", "D"},
		Analysis:   1,
	}
}

func openBench(b *testing.B) *sqlite.Store {
	b.Helper()
	s, err := sqlite.Open(b.Context(), filepath.Join(b.TempDir(), "graph.db"), benchSchema())
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = s.Close(context.Background()) })
	return s
}

func benchNode(kind store.Kind, i int) store.Change {
	r := rand.New(rand.NewPCG(1, uint64(i)))
	words := make([]string, 3)
	for j := range words {
		// A few words are everywhere, most are rare.
		words[j] = fmt.Sprintf("w%x", int(1/(r.Float64()+0.0001))*7919%100003)
	}
	name := strings.Join(words, " ")
	prefixes := ""
	for _, w := range words {
		for n := 2; n <= len(w); n++ {
			prefixes += " 3_" + w[:n]
		}
	}
	return store.Change{
		Op: store.PutNode,
		Node: store.Node{ID: benchID("n", i), Kind: kind, Props: store.Props{
			"key_nl": name, "key_fr": name, "key_de": name, "key_en": name, "classification": "COMPANY",
			"names":        `[{"text":"` + name + `","language":"EN","type":"OFFICIAL"},{"text":"` + name + `","language":"NL","type":"OFFICIAL"}]`,
			"descriptions": `[{"text":"a description of some length in one language, as lists have it","language":"EN"}]`,
			"sources":      `[{"source":"s_aaaaaaaaaaaaaaaaaaaaaaaaaa","locator":"row 12","quote":null}]`,
			"identifiers":  []string{"ROR:" + fmt.Sprint(i), "LEI:" + fmt.Sprint(i)}, "folded": []string{name}, "runs": []string{"r_1"},
		}},
		Tokens: map[string]string{"W": name + " x_" + strings.ReplaceAll(name, " ", "_"), "S": name, "T": strings.TrimSpace(prefixes), "A": strings.TrimSpace(prefixes)},
	}
}

func benchEdge(rel store.Rel, i, from, to int) store.Change {
	return store.Change{Op: store.PutEdge, Edge: store.Edge{
		ID: benchID("f", i), Rel: rel, From: benchID("n", from), To: benchID("n", to),
		Props: store.Props{
			"role": "MEMBER", "from": "2019-05", "attestedOn": "2024-01-31", "firstDay": "2019-05-01", "lastDay": "2027-12-31", "planned": false,
			"order": fmt.Sprint(79809999 - i%3000), "fresh": fmt.Sprint(7975 + i%20), "runs": []string{"r_1"},
			"sources": `[{"source":"s_aaaaaaaaaaaaaaaaaaaaaaaaaa","locator":"row 12","quote":null}]`,
		},
	}}
}

// benchID is as long and as random as the program's ids.
func benchID(prefix string, i int) store.ID {
	r := rand.New(rand.NewPCG(2, uint64(i)))
	return store.ID(fmt.Sprintf("%s_%013x%013x", prefix, r.Uint64()>>12, r.Uint64()>>12))
}

// graph gives n nodes, each with three edges: to one of 100 hubs and to two
// nodes by chance.
func benchGraph(n int) []store.Change {
	changes := make([]store.Change, 0, 4*n)
	for i := range n {
		changes = append(changes, benchNode([]store.Kind{"Organisation", "Person", "Theme"}[i%3], i))
	}
	rels := benchSchema().Rels
	for i := range n {
		r := rand.New(rand.NewPCG(3, uint64(i)))
		changes = append(changes,
			benchEdge(rels[0], 3*i, i, i%100), benchEdge(rels[1+i%3], 3*i+1, i, r.IntN(n)), benchEdge(rels[1+i%3], 3*i+2, i, r.IntN(n)))
	}
	return changes
}

func load(b *testing.B, s *sqlite.Store, changes []store.Change) {
	b.Helper()
	const size = 2000
	for from := 0; from < len(changes); from += size {
		if _, err := s.Apply(b.Context(), changes[from:min(from+size, len(changes))]); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkApply loads 20,000 nodes and 60,000 edges in batches of 2,000, and
// loads them again.
func BenchmarkApply(b *testing.B) {
	changes := benchGraph(20_000)
	nodes, edges := changes[:20_000], changes[20_000:]
	for b.Loop() {
		s := openBench(b)
		for _, part := range []struct {
			name    string
			changes []store.Change
		}{{"nodes/s", nodes}, {"edges/s", edges}, {"unchanged/s", changes}} {
			from := b.Elapsed()
			load(b, s, part.changes)
			b.ReportMetric(float64(len(part.changes))/(b.Elapsed()-from).Seconds(), part.name)
		}
	}
}

func benchLoaded(b *testing.B) *sqlite.Store {
	s := openBench(b)
	load(b, s, benchGraph(20_000))
	b.ResetTimer()
	return s
}

// BenchmarkWalk is a level of the contact walk: 100 hubs, at most 50 hops each,
// on several legs, with what a walk reads.
func BenchmarkWalk(b *testing.B) {
	s := benchLoaded(b)
	var hubs []store.ID
	for i := range 100 {
		hubs = append(hubs, benchID("n", i))
	}
	var legs []store.Leg
	for _, r := range benchSchema().Rels {
		legs = append(legs, store.Leg{Rel: r, Dir: store.In}, store.Leg{Rel: r, Dir: store.Out})
	}
	until := store.Cond{Prop: "firstDay", Op: store.AtMost, Values: []any{"2026-11-22"}, OrAbsent: true}
	for name, step := range map[string]store.Step{
		"Limited":   {Legs: legs, Limit: 50, Order: store.EdgeOrder{Edge: "fresh"}},
		"Filtered":  {Legs: legs, Limit: 50, Order: store.EdgeOrder{Edge: "fresh"}, Where: []store.Cond{until}, Count: true},
		"ByName":    {Legs: legs, Limit: 50, Order: store.EdgeOrder{Edge: "order", Far: "key_en"}, NodeProps: []string{"key_en", "names"}},
		"Page":      {Legs: legs[:1], Limit: 20, Order: store.EdgeOrder{Edge: "order", Far: "key_en"}, NodeProps: []string{store.All}, Count: true},
		"Unlimited": {Legs: legs},
	} {
		b.Run(name, func(b *testing.B) {
			hops := 0
			for b.Loop() {
				got, err := s.Expand(b.Context(), hubs, []store.Step{step})
				if err != nil {
					b.Fatal(err)
				}
				hops = 0
				for _, pages := range got {
					hops += len(pages[0].Items)
				}
			}
			b.ReportMetric(float64(hops), "hops")
		})
	}
}

func BenchmarkRead(b *testing.B) {
	s := benchLoaded(b)
	ctx := b.Context()
	run := func(name string, call func() error) {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if err := call(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	run("Nodes20", func() error {
		var ids []store.ID
		for i := range 20 {
			ids = append(ids, benchID("n", 100*i))
		}
		_, err := s.Nodes(ctx, ids)
		return err
	})
	run("FindPage", func() error {
		_, err := s.Find(ctx, []store.Kind{"Person"}, store.Filter{}, store.Paging{Order: store.Order{Prop: "key_en"}, Limit: 21, Count: true})
		return err
	})
	run("FindIdentifier", func() error {
		f := store.Filter{Conds: []store.Cond{{Prop: "identifiers", Values: []any{"ROR:77"}}}}
		_, err := s.Find(ctx, nil, f, store.Paging{Limit: 2})
		return err
	})
	run("Search", func() error {
		q := store.Query{All: [][]store.Term{{{Field: "W", Token: "w1eef", Prefix: true}, {Field: "S", Token: "w1eef"}}}, Limit: 501, Props: []string{"names"}}
		_, err := s.Search(ctx, []store.Query{q})
		return err
	})
	run("SearchLowest", func() error {
		q := store.Query{All: [][]store.Term{{{Field: "W", Token: "w", Prefix: true}}}, Limit: 501, Lowest: true}
		_, err := s.Search(ctx, []store.Query{q})
		return err
	})
	run("Words", func() error { _, err := s.Words(ctx, []string{"w1eex", "w3dde"}, 50); return err })
	run("Path4", func() error {
		_, err := s.Path(ctx, benchID("n", 5000), benchID("n", 15001), store.Reach{Length: 4, Hub: 150})
		return err
	})
	run("Neighbourhood", func() error {
		_, err := s.Neighbourhood(ctx, benchID("n", 5000), store.Reach{Length: 2, Limit: 200, Hub: 150})
		return err
	})
}
