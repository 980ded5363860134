package search_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"coopgraph/ontology/search"
	"coopgraph/ontology/text"
	"coopgraph/store"
	"coopgraph/store/sqlite"
)

// small gives a store with a few things.
func small(t testing.TB, things ...thing) world {
	t.Helper()
	s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "small.db"), schema())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(t.Context()); err != nil && !errors.Is(err, t.Context().Err()) {
			t.Error(err)
		}
	})
	if err := fill(t.Context(), s, things); err != nil {
		t.Fatal(err)
	}
	w := world{store: s, keys: map[store.ID]string{}}
	for _, n := range things {
		w.keys[idOf(n.key)] = n.key
	}
	return w
}

// named gives a thing with names of one type.
func named(key string, kind store.Kind, typ text.Type, names ...string) thing {
	n := thing{key: key, kind: kind}
	for _, name := range names {
		n.labels = append(n.labels, text.Label{Value: name, Language: "en", Type: typ})
	}
	return n
}

func (w world) search(t testing.TB, q search.Question) search.Answer {
	t.Helper()
	a, err := search.Search(t.Context(), w.store, q)
	if err != nil {
		t.Fatalf("search %q: %v", q.Text, err)
	}
	return a
}

func (w world) found(a search.Answer) []string {
	var keys []string
	for _, h := range a.Hits {
		keys = append(keys, w.keys[h.Node.ID])
	}
	return keys
}

func TestAnExactHitComesBeforeAFuzzyOne(t *testing.T) {
	w := small(t,
		named("long", "Project", text.Official, "Observatory of the quarterly hydrogel statistics of many regions"),
		named("typo", "Theme", text.Official, "Hydrogen statistics"))
	a := w.search(t, search.Question{Text: "hydrogel statistics"})
	if got := w.found(a); !slices.Equal(got, []string{"long", "typo"}) {
		t.Errorf("got %s", w.describe(a.Hits))
	}
	if a.Suggestion != "" {
		t.Errorf("a suggestion where every word is known: %q", a.Suggestion)
	}
}

func TestAnAcronymComesAfterAFullName(t *testing.T) {
	w := small(t,
		named("acronym", "Organisation", text.Acronym, "EMS", "EMSLAND"),
		named("name", "Organisation", text.Official, "Ems"),
		named("begins", "Organisation", text.Official, "Emscherland Water Board of the Seven Valleys"))
	for question, want := range map[string]string{"ems": "name", "EMS": "name", "em": "name", "emsc": "begins"} {
		a := w.search(t, search.Question{Text: question})
		if len(a.Hits) == 0 || w.keys[a.Hits[0].Node.ID] != want {
			t.Errorf("%q wants %s, got %s", question, want, w.describe(a.Hits))
		}
	}
	a := w.search(t, search.Question{Text: "emsl"})
	if got := w.found(a); len(got) > 1 && got[0] == "acronym" && a.Hits[0].Score > 0.5 {
		t.Errorf("the beginning of an acronym scores too much: %s", w.describe(a.Hits))
	}
}

func TestTiesGoByKindAskedForThenDegreeThenID(t *testing.T) {
	things := []thing{
		named("a", "Organisation", text.Official, "Delta"),
		named("b", "Organisation", text.Official, "Delta"),
		named("c", "Project", text.Official, "Delta"),
		named("d", "Organisation", text.Official, "Delta"),
		named("hub", "Theme", text.Official, "Hub"),
	}
	things[3].links = []string{"hub"}
	w := small(t, things...)
	last := []string{"a", "b"}
	slices.SortFunc(last, func(x, y string) int { return strings.Compare(string(idOf(x)), string(idOf(y))) })
	a := w.search(t, search.Question{Text: "delta", Kinds: []store.Kind{"Project", "Organisation"}})
	if got, want := w.found(a), append([]string{"c", "d"}, last...); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if want := []search.Facet{{Kind: "Organisation", Count: 3}, {Kind: "Project", Count: 1}}; !slices.Equal(a.Facets, want) {
		t.Errorf("facets %v, want %v", a.Facets, want)
	}
	a = w.search(t, search.Question{Text: "delta", Kinds: []store.Kind{"Project"}})
	if got := w.found(a); !slices.Equal(got, []string{"c"}) || a.Total != 1 {
		t.Errorf("of one kind: got %v of %d", got, a.Total)
	}
}

func TestPagesJoinToTheWholeAnswer(t *testing.T) {
	w := among
	whole := w.search(t, search.Question{Text: "wasser"})
	if whole.Total != int64(len(whole.Hits)) || whole.More || whole.Total < 100 {
		t.Fatalf("%d hits of %d", len(whole.Hits), whole.Total)
	}
	var pages []search.Hit
	q := search.Question{Text: "wasser", Limit: 37}
	for {
		a := w.search(t, q)
		if a.Total != whole.Total || !slices.Equal(a.Facets, whole.Facets) {
			t.Fatalf("a page counts %d of %d", a.Total, whole.Total)
		}
		pages = append(pages, a.Hits...)
		if !a.More {
			break
		}
		last := a.Hits[len(a.Hits)-1].Position()
		q.After = &last
	}
	if got, want := w.describe(pages), w.describe(whole.Hits); got != want {
		t.Errorf("pages hold%s\nthe whole%s", got, want)
	}
}

func TestABadPositionIsInvalid(t *testing.T) {
	for _, p := range []store.Position{{}, {Keys: []string{"1", "2"}}, {Keys: []string{"1", "x", "3"}}} {
		if _, err := search.Search(t.Context(), among.store, search.Question{Text: "water", After: &p}); !errors.Is(err, store.ErrInvalid) {
			t.Errorf("position %v: %v", p, err)
		}
	}
}

// More matches than candidates are cut in the order of their ids, whether a
// store sorts them all or is asked by the first letter.
func TestTooManyMatchesAreCutInTheOrderOfIDs(t *testing.T) {
	for _, n := range []int{search.MaxHits, search.MaxHits + 200, 6000} {
		things := []thing{named("whole", "Theme", text.Official, "Delta")}
		for i := range n - 1 {
			things = append(things, named(fmt.Sprint(i), "Theme", text.Official, fmt.Sprintf("Delta %d", i)))
		}
		w := small(t, things...)
		a := w.search(t, search.Question{Text: "delta"})
		if a.Total != search.MaxHits || a.TotalLowerBound != (n > search.MaxHits) || a.Facets[0].Count != a.Total {
			t.Errorf("%d things: %d hits, lower bound %v", n, a.Total, a.TotalLowerBound)
		}
		if w.keys[a.Hits[0].Node.ID] != "whole" {
			t.Errorf("%d things: the whole label is not first", n)
		}
		var all, got []store.ID
		for _, thing := range things[1:] {
			all = append(all, idOf(thing.key))
		}
		for _, h := range a.Hits[1:] {
			got = append(got, h.Node.ID)
		}
		slices.Sort(all)
		slices.Sort(got)
		if !slices.Equal(got, all[:search.MaxHits-1]) {
			t.Errorf("%d things: not the lowest ids", n)
		}
	}
}

func TestHitsSayWhyTheyMatch(t *testing.T) {
	w := among
	for _, c := range []struct {
		question, key, label string
		how                  search.How
		marked               []string
		unmatched            []string
	}{
		{"GESTION de l’eau", "t:wat", "Gestion de l'eau", search.Exact, []string{"Gestion", "de", "l", "eau"}, nil},
		{"kringloopeconomie", "t:circ", "Kringloopeconomie", search.Exact, []string{"Kringloopeconomie"}, nil},
		{"rotter", "c:rt", "Rotterdam", search.Prefix, []string{"Rotterdam"}, nil},
		{"verkeers veiligheid", "t:saf", "Verkeersveiligheid", search.Compound, []string{"Verkeersveiligheid"}, nil},
		{"kustwachtsamenwerking", "t:sam", "Samenwerking van de kustwachten", search.Compound, []string{"Samenwerking", "kustwachten"}, nil},
		{"hernieuwbare energieën", "t:ren", "Hernieuwbare energie", search.Stem, []string{"Hernieuwbare", "energie"}, nil},
		{"Luxemborg", "r:lu", "Luxemburg", search.Corrected, []string{"Luxemburg"}, nil},
		{"brandweer Maas hulpdiensten", "j:nexus", "Nexusol", search.Description, nil, []string{"brandweer", "Maas", "hulpdiensten"}},
		{"Frontex kustwachtagentschap", "w:frontex", "Frontex", search.Words, []string{"Frontex"}, []string{"kustwachtagentschap"}},
		{"europol zwaailicht", "o:europol", "Europol", search.Words, []string{"Europol"}, []string{"zwaailicht"}},
	} {
		a := w.search(t, search.Question{Text: c.question, Limit: 1})
		if len(a.Hits) == 0 || w.keys[a.Hits[0].Node.ID] != c.key {
			t.Errorf("%q: got %s", c.question, w.describe(a.Hits))
			continue
		}
		h := a.Hits[0]
		var marked []string
		for _, m := range h.Marks {
			marked = append(marked, h.Label.Value[m.Start:m.End])
		}
		if h.Label.Value != c.label || h.How != c.how || !slices.Equal(marked, c.marked) || !slices.Equal(h.Unmatched, c.unmatched) {
			t.Errorf("%q: %q by %s, marked %q, unmatched %q", c.question, h.Label.Value, h.How, marked, h.Unmatched)
		}
		if h.Score < 0 || h.Score > 1 || c.how == search.Description && h.Score > 0.5 {
			t.Errorf("%q: score %v", c.question, h.Score)
		}
	}
}

func TestTheReadersLanguageIsShown(t *testing.T) {
	for _, language := range []string{"nl", "fr", "de", "en"} {
		a := among.search(t, search.Question{Text: "rotterdam", Language: language, Limit: 1})
		if a.Hits[0].Label.Language != language {
			t.Errorf("in %s: %+v", language, a.Hits[0].Label)
		}
	}
}

func TestSuggestionsKeepTheOrderAndWriteNames(t *testing.T) {
	for question, want := range map[string]string{
		"Luxemborg": "Luxemburg", "politiesamenwerkng": "Politiesamenwerking",
		"economie, circulire": "economie, Circulaire", "Benelux  Parlment": "Benelux  parlement",
		"politie samenwerkign": "Politiesamenwerking", "water": "", "rotter": "", "": "",
	} {
		if a := among.search(t, search.Question{Text: question}); a.Suggestion != want {
			t.Errorf("%q: %q, want %q; got %s", question, a.Suggestion, want, best(a))
		}
	}
}

// best describes the first hits among others.
func best(a search.Answer) string {
	return among.describe(a.Hits[:min(3, len(a.Hits))])
}

func TestWhatLeadsNowhereHasNoHits(t *testing.T) {
	for _, question := range []string{"", " ", "?!", "xqzvwk", "\x00\xff", "____", "\u0301"} {
		if a := among.search(t, search.Question{Text: question}); len(a.Hits) > 0 || a.Total != 0 || a.More {
			t.Errorf("%q: got %s", question, best(a))
		}
	}
}

// Query text is data: no character of it reaches an engine's syntax.
func FuzzSearch(f *testing.F) {
	for _, s := range []string{
		`water" OR w : *`, "NEAR(a b)", "AND OR NOT", "water*", "(", "t_w:x", "a-b^2~", `\`, "日本語 ελλάδα", strings.Repeat("word ", 90),
		strings.Repeat("x", 600), "l'", "of the and", "e 4 0", "ß ä ö", "{}[]/&&||!", "water\u0000kwaliteit", "i_a x_water k",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a := among.search(t, search.Question{Text: s, Limit: 10})
		last := 1.0
		for _, h := range a.Hits {
			if h.Score > last || h.Score <= 0 || h.How == "" {
				t.Errorf("%q: score %v after %v by %q", s, h.Score, last, h.How)
			}
			last = h.Score
			for _, m := range h.Marks {
				if m.Start >= m.End || m.End > len(h.Label.Value) {
					t.Errorf("%q: mark %v in %q", s, m, h.Label.Value)
				}
			}
		}
		if _, err := search.Suggest(t.Context(), among.store, search.Question{Text: s}, 5); err != nil {
			t.Error(err)
		}
		if _, err := search.Spans(t.Context(), among.store, []string{s, s + "x"}, nil, ""); err != nil {
			t.Error(err)
		}
	})
}

func TestCompletionsAreDistinctThingsBestFirst(t *testing.T) {
	w := among
	for typed, want := range map[string]string{
		"lux": "r:lu", "lëtz": "r:lu", "coop pol": "t:polc", "circ eco": "t:circ", "nordrhein w": "r:nrw", "kü": "", "verkeersv": "t:saf",
		"roterd": "c:rt", "digitale sleutels voor gr": "j:dig", "c": "",
	} {
		list, err := search.Suggest(t.Context(), w.store, search.Question{Text: typed, Language: "nl"}, 5)
		if err != nil {
			t.Fatal(err)
		}
		if len(list) == 0 || len(list) > 5 || want != "" && w.keys[list[0].Node.ID] != want {
			t.Errorf("%q wants %s, got %+v", typed, want, list)
		}
		seen := map[store.ID]bool{}
		for _, s := range list {
			if seen[s.Node.ID] || s.Text != s.Label.Value || s.Text == "" {
				t.Errorf("%q: %+v", typed, s)
			}
			seen[s.Node.ID] = true
		}
	}
}

// Short names come first even where there are more of each length than a
// completion looks at.
func TestCompletionsAreTheShortestNames(t *testing.T) {
	var things []thing
	for i := range 250 {
		things = append(things,
			named(fmt.Sprintf("one-%d", i), "Organisation", text.Official, fmt.Sprintf("Deltawerk%d", i)),
			named(fmt.Sprintf("two-%d", i), "Organisation", text.Official, fmt.Sprintf("Deltawerk kreek%d", i)),
			named(fmt.Sprintf("three-%d", i), "Organisation", text.Official, fmt.Sprintf("Deltawerk over%d zee", i)))
	}
	w := small(t, things...)
	for typed, want := range map[string]string{"delt": "one", "deltawerk k": "two", "deltawerk ove ze": "three"} {
		list, err := search.Suggest(t.Context(), w.store, search.Question{Text: typed}, 20)
		if err != nil || len(list) != 20 {
			t.Fatalf("%q: %d completions, %v", typed, len(list), err)
		}
		for _, s := range list {
			if !strings.HasPrefix(w.keys[s.Node.ID], want) {
				t.Errorf("%q wants names of length %s, got %q", typed, want, s.Text)
			}
		}
	}
}

// The index holds the first letters of names: many that share them with a long
// question and go on differently are no hits.
func TestALongQuestionDoesNotBringWhatOnlyBeginsLikeIt(t *testing.T) {
	things := []thing{named("wanted", "Organisation", text.Official, "Ministerie van Drinkwater Linfebeek")}
	for i := range 700 {
		things = append(things, named(fmt.Sprint(i), "Organisation", text.Official, fmt.Sprintf("Ministerie van Landbouw Noord%d", i)))
	}
	w := small(t, things...)
	a := w.search(t, search.Question{Text: "Ministerie van Drinkwater Linfebeek"})
	if got := w.found(a); len(got) == 0 || got[0] != "wanted" || a.Total > 200 {
		t.Errorf("%d hits, the first %s", a.Total, w.describe(a.Hits[:min(3, len(a.Hits))]))
	}
}

func TestSpansAreWholeLabels(t *testing.T) {
	w := among
	spans := []string{
		"Noordrijn-Westfalen", "hydrogène", "hydrogen in", "circulaire economieën", "gemeenschap duitstalige", "",
		"Koeln", "ION", "water", "hernieuwbare", "Luxembourg",
	}
	want := [][]string{
		{"r:nrw EXACT"},
		{"t:h2 EXACT"},
		{"t:h2 STEM"},
		{"t:circ STEM"},
		{"r:dg STEM"},
		nil,
		{"c:ko EXACT"},
		{"o:ion EXACT", "o:ions EXACT"},
		nil,
		nil,
		{"r:lu EXACT"},
	}
	got, err := search.Spans(t.Context(), w.store, spans, nil, "fr")
	if err != nil {
		t.Fatal(err)
	}
	for i, a := range got {
		var keys []string
		for _, m := range a.Matches {
			keys = append(keys, fmt.Sprintf("%s %s", w.keys[m.Node.ID], m.How))
		}
		slices.Sort(keys)
		if !slices.Equal(keys, want[i]) || a.Cut {
			t.Errorf("%q: got %v, want %v", spans[i], keys, want[i])
		}
	}
	if l := got[10].Matches[0].Label; l.Language != "fr" {
		t.Errorf("the label shown: %+v", l)
	}
}

func TestASpanWithManyBearersIsCut(t *testing.T) {
	for _, n := range []int{search.MaxSpan + 5, 500} {
		things := []thing{named("fire", "Organisation", text.Official, "Fire service")}
		for i := range n {
			things = append(things, named(fmt.Sprint(i), "Organisation", text.Official, "Police"))
		}
		w := small(t, things...)
		got, err := search.Spans(t.Context(), w.store, []string{"police", "fire services", "police service"}, nil, "")
		if err != nil || len(got[0].Matches) != search.MaxSpan || !got[0].Cut {
			t.Fatalf("%d bearers: %d matches, cut %v, %v", n, len(got[0].Matches), got[0].Cut, err)
		}
		if len(got[1].Matches) != 1 || got[1].Cut || len(got[2].Matches) != 0 || got[2].Cut {
			t.Errorf("%d bearers: the other spans: %+v", n, got[1:])
		}
	}
}

func TestARunNeedsACloseMatch(t *testing.T) {
	w := small(t,
		named("halle", "City", text.Official, "Halle"),
		named("lux", "City", text.Official, "Luxembourg"),
		named("adj", "Organisation", text.Official, "Deputy Secretary-General"))
	for run, want := range map[string]string{
		"hallo": "", "halle": "halle", "luxemborg": "lux", "luxe": "lux", "deputy secretary general": "adj", "secretary": "adj", "general store": "", "walking": "",
	} {
		hits, err := search.FindRun(t.Context(), w.store, search.Question{Text: run}, 0.72, 6, 3)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if len(hits) > 0 {
			got = w.keys[hits[0].Node.ID]
		}
		if got != want {
			t.Errorf("%q: got %q, want %q: %s", run, got, want, w.describe(hits))
		}
	}
}
