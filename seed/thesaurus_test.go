package seed_test

import (
	"encoding/csv"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"coopgraph/loader/mapping"
	"coopgraph/ontology"
	"coopgraph/ontology/search"
	"coopgraph/ontology/text"
	"coopgraph/seed"
	"coopgraph/store"
)

// table reads a CSV file of testdata: its rows by the names of the columns.
func table(t *testing.T, name string) []map[string]string {
	t.Helper()
	f, err := os.Open("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var rows []map[string]string
	for _, line := range lines[1:] {
		row := map[string]string{}
		for i, column := range lines[0] {
			row[column] = line[i]
		}
		rows = append(rows, row)
	}
	return rows
}

// themes are the seed's themes by their keys, read once for all tests.
var themes = sync.OnceValues(func() (map[string]ontology.ThingClaim, error) {
	set, err := seed.Claims()
	if err != nil {
		return nil, err
	}
	of := map[string]ontology.ThingClaim{}
	for _, it := range set.Items {
		for _, c := range it.Claims.Things {
			if c.Kind == ontology.Theme {
				of[it.Key] = c
			}
		}
	}
	return of, nil
})

func allThemes(t *testing.T) map[string]ontology.ThingClaim {
	t.Helper()
	all, err := themes()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// Every heading and phrase of the inventory's scheme of themes is the official
// name of one theme, and every theme has at least two forms in each language.
func TestEveryThemeHasTwoFormsInEachLanguage(t *testing.T) {
	all := allThemes(t)
	official := map[string]string{}
	for key, theme := range all {
		forms := map[string]map[string]bool{}
		for _, n := range theme.Names {
			if forms[n.Language] == nil {
				forms[n.Language] = map[string]bool{}
			}
			forms[n.Language][text.NameKey(n.Value)] = true
			if n.Type == ontology.OfficialName {
				official[text.NameKey(n.Value)] = key
			}
		}
		for _, language := range ontology.Languages() {
			if len(forms[language]) < 2 {
				t.Errorf("%s: forms in %s are %q, want at least 2", key, language, slices.Sorted(maps.Keys(forms[language])))
			}
		}
	}
	for _, row := range table(t, "inventory/themes.csv") {
		if official[text.NameKey(row["theme"])] == "" {
			t.Errorf("no theme is named %q", row["theme"])
		}
	}
}

// A form leads to one theme.
func TestFormsAreOfOneTheme(t *testing.T) {
	bearers := map[string][]string{}
	for key, theme := range allThemes(t) {
		for _, n := range theme.Names {
			if form := text.NameKey(n.Value); !slices.Contains(bearers[form], key) {
				bearers[form] = append(bearers[form], key)
			}
		}
	}
	for form, keys := range bearers {
		if len(keys) > 1 {
			t.Errorf("%q is a form of %s", form, strings.Join(slices.Sorted(slices.Values(keys)), " and "))
		}
	}
}

// A concept of a public vocabulary is one theme, and its own term for it is a
// name of that theme, with the vocabulary as its source.
func TestMatchesToEuroVocAreNamed(t *testing.T) {
	source := ontology.NodeID(ontology.Source, "seed", "eurovoc")
	matched := map[string]string{}
	for key, theme := range allThemes(t) {
		for _, i := range theme.Identifiers {
			if i.Scheme != "EUROVOC" {
				continue
			}
			if other := matched[i.Value]; other != "" {
				t.Errorf("EuroVoc's %s is both %s and %s", i.Value, key, other)
			}
			matched[i.Value] = key
			if !slices.ContainsFunc(theme.Names, func(n ontology.Name) bool {
				return slices.ContainsFunc(n.Cites, func(c ontology.Citation) bool {
					return c.Source == source && c.Locator == ontology.IdentifierURL(i) && c.Quote != ""
				})
			}) {
				t.Errorf("%s is EuroVoc's %s and has no name from there", key, i.Value)
			}
		}
	}
	if len(matched) == 0 {
		t.Error("no theme is a concept of EuroVoc")
	}
}

// findThemes: what a colleague types about a subject of the Joint Work Programme,
// inflected, joined or split, with or without accents, finds its theme before
// anything else in a store that holds the seed.
func findThemes(t *testing.T, s store.Store) {
	t.Helper()
	keys := allThemes(t)
	for _, row := range table(t, "thesaurus.csv") {
		if _, ok := keys[row["theme"]]; !ok {
			t.Errorf("%q: there is no theme %q", row["word"], row["theme"])
			continue
		}
		answer, err := search.Search(t.Context(), s, search.Question{Text: row["word"], Language: row["language"], Limit: 1})
		if err != nil {
			t.Fatal(err)
		}
		if len(answer.Hits) == 0 {
			t.Errorf("%q (%s) finds nothing, want %s", row["word"], row["language"], row["theme"])
			continue
		}
		if hit := answer.Hits[0]; hit.Node.ID != ontology.NodeID(ontology.Theme, mapping.KeyScheme, row["theme"]) {
			t.Errorf("%q (%s) finds the %s %q (%s, %.4f), want %s",
				row["word"], row["language"], hit.Node.Kind, hit.Label.Value, hit.How, hit.Score, row["theme"])
		}
	}
}
