package search_test

import (
	"fmt"
	"slices"
	"testing"

	"coopgraph/ontology/search"
	"coopgraph/store/neo4j/neo4jtest"
)

// Both stores must give the same hits in the same order, cut alike.
func TestBothStoresGiveTheSameAnswers(t *testing.T) {
	other := world{store: neo4jtest.Open(t, schema()), keys: among.keys}
	things, err := labelled()
	if err != nil {
		t.Fatal(err)
	}
	things = append(others(3000), things...)
	if err := fill(t.Context(), other.store, things); err != nil {
		t.Fatal(err)
	}
	embedded := small(t, things...)
	questions := []string{"hof", "wa", "l", "benelux", "netwerk voor", "police und water", "ti rotterdam haven"}
	for _, set := range sets {
		list, err := rows(set.queries)
		if err != nil {
			t.Fatal(err)
		}
		for i, row := range list {
			if i%(2*set.every) == 0 {
				questions = append(questions, row["query"])
			}
		}
	}
	for _, question := range questions {
		q := search.Question{Text: question, Language: "de"}
		a, b := embedded.search(t, q), other.search(t, q)
		if embedded.describe(a.Hits) != other.describe(b.Hits) || a.TotalLowerBound != b.TotalLowerBound || a.Suggestion != b.Suggestion ||
			!slices.Equal(a.Facets, b.Facets) {
			t.Errorf("%q: SQLite %d of %d %q%s\nNeo4j %d of %d %q%s", question,
				len(a.Hits), a.Total, a.Suggestion, embedded.describe(a.Hits[:min(5, len(a.Hits))]),
				len(b.Hits), b.Total, b.Suggestion, other.describe(b.Hits[:min(5, len(b.Hits))]))
		}
	}
	for _, typed := range []string{"b", "wa", "benel", "raad voor", "dienst v", "coop pol", "université de l", "rotterdan"} {
		q := search.Question{Text: typed, Language: "fr"}
		if a, b := embedded.complete(t, q), other.complete(t, q); !slices.Equal(a, b) {
			t.Errorf("%q is completed on SQLite as\n%q\non Neo4j as\n%q", typed, a, b)
		}
	}
}

func (w world) complete(t testing.TB, q search.Question) []string {
	t.Helper()
	list, err := search.Suggest(t.Context(), w.store, q, 20)
	if err != nil {
		t.Fatal(err)
	}
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = fmt.Sprintf("%s %s %.4f", w.keys[s.Node.ID], s.Text, s.Score)
	}
	return out
}
