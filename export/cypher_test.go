package export_test

import (
	"fmt"
	"strings"
	"testing"

	"coopgraph/export"
	"coopgraph/ontology"
	"coopgraph/store"
	"coopgraph/store/neo4j/neo4jtest"
)

// The script makes the same graph in a Neo4j, hostile names included, and makes
// it once though it is run twice.
func TestScriptMakesTheGraph(t *testing.T) {
	s := world(t)
	config := neo4jtest.Server(t)
	run := func(statement string) [][]any {
		t.Helper()
		return neo4jtest.Run(t, config, statement)
	}
	t.Cleanup(func() {
		run("MATCH (n:Thing) DETACH DELETE n")
		run("DROP CONSTRAINT coopgraph_thing_id IF EXISTS")
	})
	text := string(written(t, s, export.Selection{}, export.Cypher))
	for range 2 {
		for statement := range strings.SplitSeq(text, ";\n") {
			if strings.TrimSpace(statement) != "" {
				run(statement)
			}
		}
	}
	things, facts := count(t, s)
	if n := run("MATCH (n:Thing) RETURN count(n)")[0][0]; n != things {
		t.Errorf("%v nodes, want %d", n, things)
	}
	if n := run("MATCH (:Thing)-[r]->(:Thing) RETURN count(r)")[0][0]; n != facts {
		t.Errorf("%v relationships, want %d", n, facts)
	}
	names := map[string]string{}
	for _, r := range run("MATCH (n:Thing) RETURN n.id, n.names, labels(n)") {
		names[fmt.Sprint(r[0])] = fmt.Sprintf("%q %v", r[1], r[2])
	}
	page, err := s.Find(t.Context(), ontology.Kinds(), store.Filter{}, store.Paging{})
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range page.Items {
		thing, err := ontology.ThingOf(n)
		if err != nil {
			t.Fatal(err)
		}
		var list []string
		for _, name := range thing.Names {
			if name.Language != "" {
				name.Value += "@" + name.Language
			}
			list = append(list, name.Value)
		}
		got, want := names[string(n.ID)], fmt.Sprintf("%q", list)
		if !strings.HasPrefix(got, want) || !strings.Contains(got[len(want):], string(n.Kind)) {
			t.Errorf("%s is %s, want %s", n.ID, got, want)
		}
	}
}
