package search_test

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"coopgraph/ontology/search"
	"coopgraph/ontology/text"
	"coopgraph/store"
)

// rows reads a labelled set by column name.
func rows(name string) ([]map[string]string, error) {
	f, err := os.Open(filepath.Join("testdata", name))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	all, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, err
	}
	var out []map[string]string
	for _, record := range all[1:] {
		row := map[string]string{}
		for i, column := range all[0] {
			row[column] = record[i]
		}
		out = append(out, row)
	}
	return out, nil
}

// entities gives the things of a labelled set.
func entities(name string) ([]thing, error) {
	list, err := rows(name)
	if err != nil {
		return nil, err
	}
	var out []thing
	for _, row := range list {
		n := thing{key: row["key"], kind: store.Kind(row["kind"])}
		for _, language := range []string{"nl", "fr", "de", "en", "any"} {
			for i, value := range strings.Split(row[language], ";") {
				if value == "" {
					continue
				}
				l := text.Label{Value: value, Language: strings.TrimPrefix(language, "any"), Type: text.Official}
				if i > 0 {
					l.Type = text.Alternative
				}
				for _, typ := range []text.Type{text.Former, text.Acronym, text.Short} {
					if v, ok := strings.CutPrefix(value, strings.ToLower(string(typ))+":"); ok {
						l.Value, l.Type = v, typ
					}
				}
				n.labels = append(n.labels, l)
			}
		}
		if row["description"] != "" {
			n.descriptions = []text.Label{{Value: row["description"]}}
		}
		out = append(out, n)
	}
	return out, nil
}

// sets are the labelled sets, and the share of each whose wanted thing must come
// first. Of a large one the tests ask one query of every so many; the evaluation
// asks them all.
var sets = []struct {
	entities, queries string
	every             int
	least             float64
}{
	{"search-entities.csv", "search-queries.csv", 1, 1},
	{"more-entities.csv", "more-queries.csv", 1, 1},
	{"wide-entities.csv", "wide-queries.csv", 5, 0.98},
	{"local-entities.csv", "local-queries.csv", 5, 0.98},
}

// labelled gives the things of all sets.
func labelled() ([]thing, error) {
	var out []thing
	for _, set := range sets {
		list, err := entities(set.entities)
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	return out, nil
}

func TestLabelledQueriesFindTheWantedThingFirst(t *testing.T) {
	w := among
	for _, set := range sets {
		right, all := 0, 0
		var misses []string
		list, err := rows(set.queries)
		if err != nil {
			t.Fatal(err)
		}
		for i, row := range list {
			if i%set.every > 0 {
				continue
			}
			all++
			a, err := search.Search(t.Context(), w.store, search.Question{Text: row["query"], Limit: 5})
			if err != nil {
				t.Fatal(err)
			}
			if len(a.Hits) > 0 && slices.Contains(strings.Split(row["want"], ","), w.keys[a.Hits[0].Node.ID]) {
				right++
				continue
			}
			misses = append(misses, fmt.Sprintf("%s: %q wants %s first, got %s", row["category"], row["query"], row["want"], w.describe(a.Hits)))
		}
		t.Logf("%s: %d of %d", set.queries, right, all)
		if float64(right) < set.least*float64(all) {
			t.Errorf("%s: %d of %d, wanted %v; missed %s", set.queries, right, all, set.least, strings.Join(misses, "\n"))
		}
	}
}

func (w world) describe(hits []search.Hit) string {
	var b strings.Builder
	for _, h := range hits {
		fmt.Fprintf(&b, "\n    %.4f %-10s %-10s %q", h.Score, h.How, cmp.Or(w.keys[h.Node.ID], string(h.Node.ID)), h.Label.Value)
	}
	return b.String()
}
