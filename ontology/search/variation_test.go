package search_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"coopgraph/ontology/search"
	"coopgraph/ontology/text"
)

// variation changes a name as people do when they type it; "" where it cannot.
type variation struct {
	name  string
	apply func(r *rand.Rand, name string) string
	// least is the share of names that must still be found first.
	least float64
}

func variations() []variation {
	return []variation{
		{"as it is", func(_ *rand.Rand, s string) string { return s }, 1},
		{"without accents", func(_ *rand.Rand, s string) string { return text.Fold(s) }, 1},
		{"upper case", func(_ *rand.Rand, s string) string { return strings.ToUpper(s) }, 1},
		{"umlauts as two letters", func(_ *rand.Rand, s string) string {
			w := strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "Ä", "Ae", "Ö", "Oe", "Ü", "Ue").Replace(s)
			if w == s {
				return ""
			}
			return w
		}, 1},
		{"words reversed", func(_ *rand.Rand, s string) string {
			words := text.Words(s)
			if len(words) < 2 {
				return ""
			}
			slices.Reverse(words)
			return strings.Join(words, " ")
		}, 1},
		{"words joined", func(_ *rand.Rand, s string) string {
			if words := text.Words(s); len(words) > 1 && len(words) < 4 {
				return strings.Join(words, "")
			}
			return ""
		}, 1},
		{"without the last letters", func(r *rand.Rand, s string) string {
			f := text.NameKey(s)
			if len(f) < 9 {
				return ""
			}
			return f[:len(f)-1-r.IntN(3)]
		}, 0.97},
		{"a word cut in two", func(r *rand.Rand, s string) string {
			f := text.NameKey(s)
			if len(f) < 9 || strings.Contains(f, " ") {
				return ""
			}
			at := 3 + r.IntN(len(f)-6)
			return f[:at] + " " + f[at:]
		}, 0.98},
		{"a letter left out", edit(func(r *rand.Rand, w []rune, i int) []rune { return slices.Delete(w, i, i+1) }), 0.93},
		{"a letter doubled", edit(func(r *rand.Rand, w []rune, i int) []rune { return slices.Insert(w, i, w[i]) }), 0.93},
		{"another letter", edit(func(r *rand.Rand, w []rune, i int) []rune {
			w[i] = rune('a' + r.IntN(26))
			return w
		}), 0.93},
		{"letters swapped", edit(func(r *rand.Rand, w []rune, i int) []rune {
			w[i-1], w[i] = w[i], w[i-1]
			return w
		}), 0.93},
	}
}

// edit changes a letter, not the first, of the longest word of a name.
func edit(change func(r *rand.Rand, w []rune, i int) []rune) func(*rand.Rand, string) string {
	return func(r *rand.Rand, s string) string {
		words := text.Words(s)
		longest := 0
		for i, w := range words {
			if utf8.RuneCountInString(w) > utf8.RuneCountInString(words[longest]) {
				longest = i
			}
		}
		letters := []rune(words[longest])
		if len(letters) < 6 {
			return ""
		}
		words[longest] = string(change(r, letters, 1+r.IntN(len(letters)-1)))
		return strings.Join(words, " ")
	}
}

func TestEveryNameIsFoundHoweverItIsTyped(t *testing.T) {
	things, err := labelled()
	if err != nil {
		t.Fatal(err)
	}
	owners := map[string][]string{}
	for _, n := range things {
		for _, l := range n.labels {
			key := strings.ReplaceAll(text.NameKey(l.Value), " ", "")
			owners[key] = append(owners[key], n.key)
		}
	}
	w := among
	for _, v := range variations() {
		r := rand.New(rand.NewPCG(3, 5))
		right, all := 0, 0
		var misses []string
		for _, n := range things {
			for _, l := range n.labels {
				if r.IntN(60) > 0 {
					continue // these are enough
				}
				typed := v.apply(r, l.Value)
				key := strings.ReplaceAll(text.NameKey(typed), " ", "")
				if typed == "" || len(owners[key]) > 1 && v.least == 1 {
					continue
				}
				a, err := search.Search(t.Context(), w.store, search.Question{Text: typed, Limit: 3})
				if err != nil {
					t.Fatal(err)
				}
				all++
				own := strings.ReplaceAll(text.NameKey(l.Value), " ", "")
				if len(a.Hits) > 0 && (w.keys[a.Hits[0].Node.ID] == n.key || slices.Contains(owners[own], w.keys[a.Hits[0].Node.ID])) {
					right++
					continue
				}
				misses = append(misses, typed+" wants "+n.key+", got "+w.describe(a.Hits))
			}
		}
		t.Logf("%s: %d of %d", v.name, right, all)
		if float64(right) < v.least*float64(all) {
			t.Errorf("%s: %d of %d, wanted %v; missed %s", v.name, right, all, v.least, strings.Join(misses, "\n  "))
		} else if len(misses) > 0 {
			t.Logf("missed %s", strings.Join(misses, "\n  "))
		}
	}
}

// TestDutchSpellingsOfOneSoundAreOneName protects ij for y and the reverse,
// also where the word begins with it and where it is short.
func TestDutchSpellingsOfOneSoundAreOneName(t *testing.T) {
	w := among
	for query, key := range map[string]string{
		"ysselkade": "g:l-ys", "byenteelt": "t:l-bees", "wynbouw": "t:l-wine", "kvk dennenryk": "k:l-dr", "waterschap yzerbeek": "w:l-ij",
	} {
		hits := w.search(t, search.Question{Text: query, Limit: 3}).Hits
		if len(hits) == 0 || w.keys[hits[0].Node.ID] != key {
			t.Errorf("%q wants %s first, got %s", query, key, w.describe(hits))
		}
	}
}

// TestATownIsFoundByWhatTownsAreCalled protects "ville de" before a town whose
// names do not say that it is one.
func TestATownIsFoundByWhatTownsAreCalled(t *testing.T) {
	w := among
	for query, key := range map[string]string{
		"ville de Tournai": "c:w-tournai", "stad Bütgenbach": "g:l-bt", "gemeente ijsselkade": "g:l-ys", "ville de comines": "g:l-cw",
	} {
		hits := w.search(t, search.Question{Text: query, Limit: 3}).Hits
		if len(hits) == 0 || w.keys[hits[0].Node.ID] != key {
			t.Errorf("%q wants %s first, got %s", query, key, w.describe(hits))
		}
	}
}
