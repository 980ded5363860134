package graph_test

import (
	"bytes"
	"net/http"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// asked is a question of the sweep.
type asked struct {
	name, query string
	variables   map[string]any
}

// wholeOperations are the shared operations that show a thing of a kind.
var wholeOperations = map[string]string{
	"Organisation": "organisation", "Person": "person", "Project": "project", "Theme": "theme", "Instrument": "instrument",
}

// placeRelations are those of most places: the seed has hundreds of them, and
// asking for each relation apart is slow under the race detector.
var placeRelations = []string{"PART_OF", "COVERS", "LOCATED_IN", "LINKED_TO"}

// factsOperation shows what things of the other kinds hold.
const factsOperation = `query ($id: ID!, $language: Language, $relations: [Relation!]) { node(id: $id) { __typename id ... on Thing {
	kind name(language: $language) names { value language type sources { locator quote } } description(language: $language)
	identifiers { scheme value url } figures { property value unit } sources { source { id title date } locator quote }
	facts(relations: $relations, first: 50) { totalCount edges { cursor node { ` + factFields + ` } } }
	possiblySameAs { nodes { id } } precursors { nodes { id } } successors { nodes { id } }
} } }`

// sweep asks for everything that the seed holds and for much of what leads to
// it. Samples are taken at fixed distances, so that two runs ask the same.
func sweep(t *testing.T, things []seedThing) []asked {
	t.Helper()
	operation := func(name string) string {
		return string(readFile(t, filepath.Join("testdata/operations", name+".graphql")))
	}
	languages := []string{"NL", "FR", "DE", "EN"}
	var list []asked
	add := func(name, query string, v map[string]any) {
		v["language"] = languages[len(list)%len(languages)]
		list = append(list, asked{name, query, v})
	}
	for i, thing := range things {
		query, v := factsOperation, map[string]any{"id": thing.ID}
		if name, ok := wholeOperations[thing.Typename]; ok {
			query = operation(name)
		} else if thing.Typename == "Place" && i%7 != 0 {
			v["relations"] = placeRelations
		}
		add(thing.Typename+" "+thing.Name, query, v)
	}
	names := 0
	for _, thing := range things {
		for _, n := range thing.Names {
			if names++; names%16 == 0 {
				add("search "+n.Value, operation("search"), map[string]any{"text": n.Value, "first": 15})
			}
			if r := []rune(n.Value); names%40 == 0 {
				add("suggest "+n.Value, operation("suggest"), map[string]any{"prefix": string(r[:min(len(r), 3+names/40%5)])})
			}
			if r := []rune(n.Value); names%60 == 0 && len(r) > 8 {
				misspelt := string(r[:5]) + string(r[6:])
				add("search "+misspelt, operation("search"), map[string]any{"text": misspelt, "first": 15})
			}
		}
	}
	for _, q := range contactQuestions {
		v := map[string]any{"about": q.about, "first": 10}
		if q.asOf != "" {
			v["asOf"] = q.asOf
		}
		add("contacts "+q.about, operation("contacts"), v)
	}
	for i := 0; i < len(things); i += 17 {
		far := things[(i*7+len(things)/2)%len(things)]
		add("paths "+things[i].Name+" to "+far.Name, operation("paths"), map[string]any{"from": things[i].ID, "to": far.ID, "maxLength": 3 + i%3, "first": 5})
		add("network "+things[i].Name, operation("network"), map[string]any{"around": things[i].ID, "depth": 1 + i%3, "limit": 20 + i%60})
	}
	for i := 5; i < len(things); i += 34 {
		add("contacts of "+things[i].Name, operation("contacts"), map[string]any{"about": things[i].Name, "first": 10})
	}
	for _, day := range []string{"2018-04-18", "2026-01-31", "2028-06-30"} {
		add("coverage on "+day, operation("coverage"), map[string]any{"asOf": day})
	}
	for range languages {
		add("partners", operation("partners"), map[string]any{"first": 10})
	}
	return list
}

// TestStoresAnswerEqually: whatever is asked of the seed, both stores give the
// same answer, byte for byte, but for the times of writing.
func TestStoresAnswerEqually(t *testing.T) {
	s, _ := newNeo4j(t)
	graph, embedded := serve(t, seeded(t, s)), serve(t, seeded(t, newSQLite(t)))
	things := seedThings(embedded)
	if diff := cmp.Diff(things, seedThings(graph)); diff != "" {
		t.Fatalf("the lists differ (-sqlite +neo4j):\n%s", diff)
	}
	differ := 0
	for _, q := range sweep(t, things) {
		status, want := embedded.send(q.query, "", q.variables)
		if status != http.StatusOK || bytes.Contains(want, []byte(`"errors":`)) {
			t.Errorf("%s: SQLite answers %d %.300s", q.name, status, want)
		}
		_, got := graph.send(q.query, "", q.variables)
		if want, got = steady(t, want), steady(t, got); !bytes.Equal(want, got) {
			if differ++; differ > 5 {
				t.Errorf("%s: the answers differ", q.name)
				continue
			}
			t.Errorf("%s: the answers differ (-sqlite +neo4j):\n%.4000s", q.name, cmp.Diff(string(want), string(got)))
		}
	}
}
