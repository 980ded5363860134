package export_test

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"coopgraph/export"
	"coopgraph/ontology"
	"coopgraph/store"
	"coopgraph/store/neo4j/neo4jtest"
)

// nodes gives all nodes of a kind, a line each, without versions and the times
// of writing.
func nodes(t *testing.T, s store.Reader, k store.Kind) []byte {
	t.Helper()
	page, err := s.Find(t.Context(), []store.Kind{k}, store.Filter{}, store.Paging{})
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	for _, n := range page.Items {
		fmt.Fprint(&b, n.ID)
		for _, name := range slices.Sorted(maps.Keys(n.Props)) {
			v := n.Props[name]
			if at, ok := v.(time.Time); ok {
				v = store.SortKey(at)
			}
			fmt.Fprintf(&b, " %s=%T %q", name, v, fmt.Sprint(v))
		}
		fmt.Fprintln(&b)
	}
	return b.Bytes()
}

// A copy has all that the original has, internal kinds included, and search
// finds in it what it finds in the original.
func TestCopyIsTheSame(t *testing.T) {
	s, again := world(t), openSQLite(t)
	checkCopy(t, s, again)
	if _, err := export.Copy(t.Context(), s, again, nil); !errors.Is(err, export.ErrNotEmpty) {
		t.Errorf("copied into a store that is not empty: %v", err)
	}
}

// A graph goes from SQLite to Neo4j and back and is the same.
func TestCopyThroughNeo4j(t *testing.T) {
	graph := neo4jtest.Open(t, ontology.Schema())
	s, again := world(t), openSQLite(t)
	checkCopy(t, s, graph)
	for _, f := range []export.Format{export.CSV, export.JSONLines, export.XLSX, export.GraphML, export.JSONLD, export.Cypher} {
		if !bytes.Equal(written(t, graph, export.Selection{}, f), written(t, s, export.Selection{}, f)) {
			t.Errorf("%s: Neo4j gives other bytes than SQLite", f)
		}
	}
	checkCopy(t, graph, again)
	for _, k := range ontology.Schema().Kinds {
		if k.Kind != ontology.Lease {
			same(t, string(k.Kind), nodes(t, again, k.Kind), nodes(t, s, k.Kind))
		}
	}
}

func checkCopy(t *testing.T, from, to store.Store) {
	t.Helper()
	var last export.Copied
	done, err := export.Copy(t.Context(), from, to, func(c export.Copied) { last = c })
	if err != nil {
		t.Fatal(err)
	}
	if last != done || !done.Checking || done.Nodes < 1000 || done.Edges < 1000 {
		t.Errorf("copied %+v, said %+v", done, last)
	}
	queries := []store.Query{
		{All: [][]store.Term{{{Field: "name", Token: "universiteit"}}}, Limit: 50, Lowest: true},
		{All: [][]store.Term{{{Field: "name", Token: "benel", Prefix: true}}}, Limit: 50, Lowest: true},
	}
	for i := range queries {
		queries[i].All[0][0].Field = ontology.Schema().Text[0]
	}
	want, err := from.Search(t.Context(), queries)
	if err != nil {
		t.Fatal(err)
	}
	got, err := to.Search(t.Context(), queries)
	if err != nil {
		t.Fatal(err)
	}
	for i := range want {
		if len(want[i].Hits) == 0 || fmt.Sprint(ids(got[i])) != fmt.Sprint(ids(want[i])) {
			t.Errorf("search %d finds %v, want %v", i, ids(got[i]), ids(want[i]))
		}
	}
}

func ids(r store.Result) []store.ID {
	var out []store.ID
	for _, n := range r.Hits {
		out = append(out, n.ID)
	}
	return out
}
