package search_test

import (
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
		for _, row := range list {
			questions = append(questions, row["query"])
		}
	}
	for _, question := range questions {
		q := search.Question{Text: question, Language: "de"}
		a, b := embedded.search(t, q), other.search(t, q)
		if embedded.describe(a.Hits) != other.describe(b.Hits) || a.TotalLowerBound != b.TotalLowerBound || a.Suggestion != b.Suggestion {
			t.Errorf("%q: SQLite %d of %d %q%s\nNeo4j %d of %d %q%s", question,
				len(a.Hits), a.Total, a.Suggestion, embedded.describe(a.Hits[:min(5, len(a.Hits))]),
				len(b.Hits), b.Total, b.Suggestion, other.describe(b.Hits[:min(5, len(b.Hits))]))
		}
	}
}
