package search_test

import (
	"testing"

	"coopgraph/ontology/search"
)

func BenchmarkSearch(b *testing.B) {
	list, err := rows("search-queries.csv")
	if err != nil {
		b.Fatal(err)
	}
	for i := 0; b.Loop(); i++ {
		if _, err := search.Search(b.Context(), among.store, search.Question{Text: list[i%len(list)]["query"], Limit: 20}); err != nil {
			b.Fatal(err)
		}
	}
}

// A question with more matches than candidates: five hundred are ranked.
func BenchmarkSearchOfAFrequentBeginning(b *testing.B) {
	for b.Loop() {
		a, err := search.Search(b.Context(), among.store, search.Question{Text: "wa", Limit: 20})
		if err != nil || a.Total < 100 {
			b.Fatal(a.Total, err)
		}
	}
}

func BenchmarkSuggest(b *testing.B) {
	for b.Loop() {
		if _, err := search.Suggest(b.Context(), among.store, search.Question{Text: "wasserst"}, 10); err != nil {
			b.Fatal(err)
		}
	}
}
