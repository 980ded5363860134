package main

import (
	"reflect"
	"testing"

	"coopgraph/store"
)

// TestBareDriverAsksTheIndexForWhatTheProgramDoes: the query by hand is the
// program's, with nothing in a word that the index takes for an operator.
func TestBareDriverAsksTheIndexForWhatTheProgramDoes(t *testing.T) {
	q := store.Query{
		All:   [][]store.Term{{{Field: "w", Token: "air"}, {Field: "s", Token: "a-b", Prefix: true}}, {{Field: "w", Token: "eau"}}},
		None:  []store.Term{{Field: "w", Token: "c"}},
		Kinds: []store.Kind{"Theme", "Place"},
		Limit: 5,
	}
	if got, want := luceneText(q), `+(w:air s:a\-b*) +(w:eau) -(w:c) +(_kind:"Theme" _kind:"Place")`; got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

// TestBareDriverWalksWhereTheProgramDoes: each level of a tree is one read from
// the things that the program reached.
func TestBareDriverWalksWhereTheProgramDoes(t *testing.T) {
	inner := store.Step{Legs: []store.Leg{{Rel: "HOLDS", Dir: store.In}, {Rel: "LIKES"}}, Count: true}
	tree := []store.Step{
		{Legs: []store.Leg{{Rel: "POST_IN", Dir: store.In}, {Rel: "MEMBER_OF", Dir: store.In}}, Order: store.EdgeOrder{Edge: "fresh"}, Limit: 3, Then: []store.Step{inner}},
		{Through: &store.Leg{Rel: "BROADER", Dir: store.In}, Legs: []store.Leg{{Rel: "WORKS_ON"}}},
	}
	hop := store.Hop{Node: store.Node{ID: "p"}, Then: []store.Page[store.Hop]{{}}}
	c := candidates{edges: map[store.Rel][]store.ID{"HOLDS": {"e"}}}
	c.walk(map[store.ID][]store.Page[store.Hop]{"o": {{Items: []store.Hop{hop}}, {}}}, tree)
	var paths []string
	var parents [][]store.ID
	for _, w := range c.walks {
		paths, parents = append(paths, pathOf(w.step)), append(parents, w.parents)
	}
	wantPaths := []string{
		"(p)<-[e:POST_IN|MEMBER_OF]-(n)", "(p)-[e:HOLDS|LIKES]-(n)", "(p)<-[:BROADER*0..16]-()-[e:WORKS_ON]->(n)",
	}
	if want := [][]store.ID{{"o"}, {"p"}, {"o"}}; !reflect.DeepEqual(paths, wantPaths) || !reflect.DeepEqual(parents, want) {
		t.Errorf("paths %q from %q", paths, parents)
	}
	// A walk each, the count of the inner one, and the edges by their ids.
	if got := c.reads(); len(got) != 5 {
		t.Errorf("%d reads: %+v", len(got), got)
	}
}
