package match_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"coopgraph/ontology"
	"coopgraph/ontology/match"
	"coopgraph/ontology/text"
	"coopgraph/store"
)

// exchanged is a verdict as it must be with the sides exchanged.
func exchanged(v match.Verdict) match.Verdict {
	v.Reasons = slices.Clone(v.Reasons)
	for i := range v.Reasons {
		v.Reasons[i].A, v.Reasons[i].B = v.Reasons[i].B, v.Reasons[i].A
	}
	return v
}

func codes(v match.Verdict) []match.Code {
	var out []match.Code
	for _, r := range v.Reasons {
		out = append(out, r.Code)
	}
	return out
}

// Which of two things comes first does not change how alike they are.
func TestLabelledPairsAreSymmetric(t *testing.T) {
	for _, p := range readPairs(t, "pairs.csv") {
		v, w := match.Score(p.a, p.b), match.Score(p.b, p.a)
		if v.Score != w.Score || v.Veto != w.Veto || !slices.Equal(codes(v), codes(exchanged(w))) {
			t.Errorf("%v: %v %v, exchanged %v %v", p.row, v.Score, codes(v), w.Score, codes(w))
		}
	}
}

var kinds = []store.Kind{
	ontology.Organisation, ontology.Person, ontology.Post, ontology.Project, ontology.Theme, ontology.Instrument, ontology.Event, ontology.Place,
}

var vocabulary = strings.Fields(`Ministerie van Financiën Finances Université Universität Universiteit Gent Ghent Hospital Ziekenhuis Stad Gemeente
 GmbH NV Stichting 1 2 II Milieu Köln Koeln Beersel Beerse Natuurpunt Natuur Punt VZW e.V. Piet Jansen, Jansen P. de la Gеnt Straße A Finanzamt`)

func drawSide(kind store.Kind) *rapid.Generator[match.Side] {
	return rapid.Custom(func(t *rapid.T) match.Side {
		s := match.Side{Kind: kind, Props: ontology.Values{}}
		for range rapid.IntRange(0, 3).Draw(t, "names") {
			value := strings.Join(rapid.SliceOfN(rapid.SampledFrom(vocabulary), 0, 5).Draw(t, "words"), " ")
			if rapid.IntRange(0, 9).Draw(t, "odd") == 0 {
				value = rapid.String().Draw(t, "text")
			}
			s.Names = append(s.Names, ontology.Name{
				Value:    value,
				Language: rapid.SampledFrom([]string{"", "nl", "fr", "de", "en"}).Draw(t, "language"),
				Type:     rapid.SampledFrom([]string{ontology.OfficialName, ontology.AlternativeName, ontology.Acronym, ontology.FormerName}).Draw(t, "type"),
			})
		}
		s.Places = rapid.SliceOfN(rapid.SampledFrom([]string{"ISO3166:NL", "ISO3166:BE", "NUTS:BE2", "NUTS:BE211", "NUTS:BE3", "GEONAMES:1", "REFNIS:11002"}), 0, 3).Draw(t, "places")
		s.Related = rapid.SliceOfN(rapid.SampledFrom([]store.ID{"x", "y"}), 0, 2).Draw(t, "related")
		draw := func(name string, values ...string) {
			if v := rapid.SampledFrom(append(values, "")).Draw(t, name); v != "" {
				s.Props[name] = v
			}
		}
		draw("website", "https://a.example/", "https://www.a.example", "https://a.example/x", "http://b.example", "://")
		draw("classification", "UNIVERSITY", "COMPANY", "AGENCY", "OTHER")
		draw("placeType", "COUNTRY", "PROVINCE")
		draw("scheme", "A", "B")
		draw("familyName", "Jansen", "Testman")
		draw("from", "1990", "2013-05", "13")
		draw("to", "2000", "2013")
		draw("date", "2018", "2018-06-12", "2019-01")
		if id := rapid.SampledFrom([]string{"", "ROR:1", "ROR:2", "LIST:1", "KBO:0123.456.789", "KBO:0123456789"}).Draw(t, "id"); id != "" {
			s.Identifiers = append(s.Identifiers, ontology.IdentifierOf(id))
		}
		return s
	})
}

// Whatever the sides hold, the score lies between 0 and 1, does not depend on
// which comes first nor on whether the names were taken apart before, and
// every reason has a text in each language.
func TestScoreIsBoundedAndSymmetric(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom(kinds).Draw(t, "kind")
		a, b := drawSide(kind).Draw(t, "a"), drawSide(kind).Draw(t, "b")
		v, w := match.Score(a, b), match.Score(b.Prepared(), a.Prepared())
		if v.Score != w.Score || v.Veto != w.Veto {
			t.Fatalf("score %v %v, exchanged %v %v", v.Score, codes(v), w.Score, codes(w))
		}
		if v.Score < 0 || v.Score > 1 || v.Veto && v.Score != 0 {
			t.Fatalf("score %v, veto %v", v.Score, v.Veto)
		}
		for _, r := range v.Reasons {
			for _, l := range append(ontology.Languages(), "", "pl", "nl-BE") {
				if text := r.Text(l); text == "" || strings.HasPrefix(text, ":") {
					t.Fatalf("%s has no text in %q", r.Code, l)
				}
			}
		}
	})
}

// A thing with a telling name and a place is the same as itself.
func TestThingIsTheSameAsItself(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringMatching(`[A-Z][b-df-hj-np-tv-z]{5,9}[aeo] [A-Z][b-df-hj-np-tv-z]{5,9}[aeo]`).Draw(t, "name")
		s := match.Side{
			Kind: ontology.Organisation, Names: []ontology.Name{{Value: name, Type: ontology.OfficialName}},
			Places: []string{"ISO3166:NL", "GEONAMES:1"},
		}
		if v := match.Score(s, s); v.Score < match.DefaultMarks.Same {
			t.Fatalf("%q: %v", name, v)
		}
	})
}

// Claims that may be about one thing share a key; those about things of other
// names do not.
func TestKeysBringTogether(t *testing.T) {
	together := [][2]string{
		{"Universität zu Köln", "Universitaet Koeln"},
		{"Ministerie van Financiën", "Financiën, Ministerie van"},
		{"Natuurpunt VZW", "Natuurpunt v.z.w."},
		{"Vlaamse Landmaatschappij", "Vlaamse Landmaatschapij"},
		{"Bundesanstalt für Straßenwesen", "Bundesanstalt fuer Strassenwesen e.V."},
		{"Osaühing Imavere Soojus", "Imavere Soojus OÜ"},
		{"Province de Liège", "Liège (Province de)"},
		{"Stichting IKEA Foundation", "IKEA"},
		{"Gymnasium II Musterstadt", "Gymnasium 2 Musterstadt"},
	}
	for _, p := range together {
		if x, y := keysOf(ontology.Organisation, p[0]), keysOf(ontology.Organisation, p[1]); !shareKey(x, y) {
			t.Errorf("%q %v and %q %v share no key", p[0], x, p[1], y)
		}
	}
	apart := [][2]string{
		{"Natuurpunt VZW", "Natagora VZW"},
		{"Gymnasium 1", "Gymnasium 2"},
		{"Ministerie van Financiën", "Ministerie van Justitie"},
		{"Stad Gеnt", "Stad Gent"}, // one holds a Cyrillic letter
	}
	for _, p := range apart {
		if x, y := keysOf(ontology.Organisation, p[0]), keysOf(ontology.Organisation, p[1]); shareKey(x, y) {
			t.Errorf("%q and %q share a key of %v", p[0], p[1], x)
		}
	}
}

// What is the same is found in the first place: of the labelled pairs nearly
// all share a key or a folded name.
func TestKeysFindTheSame(t *testing.T) {
	found, meant := 0, 0
	for _, p := range readPairs(t, "pairs.csv") {
		if p.label != "same" {
			continue
		}
		meant++
		if shareKey(allKeys(p.a), allKeys(p.b)) {
			found++
			continue
		}
		t.Logf("not found: %v", p.row)
	}
	t.Logf("%d of %d found", found, meant)
	if share(found, meant) < 0.97 {
		t.Errorf("keys find %d of %d", found, meant)
	}
}

func allKeys(s match.Side) []string {
	keys := match.Keys(ontology.ThingClaim{Kind: s.Kind, Names: s.Names, Props: s.Props})
	for _, n := range s.Names {
		keys = append(keys, text.NameKeys(n.Value)...)
	}
	return keys
}

// People are found whichever of their names comes first.
func TestKeysOfPeople(t *testing.T) {
	claim := ontology.ThingClaim{Kind: ontology.Person, Props: ontology.Values{"givenName": "Piet", "familyName": "van den Voorbeeld"}}
	for _, name := range []string{"Piet van den Voorbeeld", "Voorbeeld, Piet van den", "P. van den Voorbeeld", "Voorbeeld Piet", "Dr. Piet Voorbeeld"} {
		if got := keysOf(ontology.Person, name); !shareKey(got, match.Keys(claim)) {
			t.Errorf("%q has keys %v, not %v", name, got, match.Keys(claim))
		}
	}
}

func keysOf(kind store.Kind, name string) []string {
	return match.Keys(ontology.ThingClaim{Kind: kind, Names: []ontology.Name{{Value: name, Type: ontology.OfficialName}}})
}

func shareKey(a, b []string) bool {
	return slices.ContainsFunc(a, func(k string) bool { return slices.Contains(b, k) })
}

// Keys are few, distinct, sorted and bounded, whatever the names hold.
func TestKeysAreFew(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := ontology.ThingClaim{Kind: rapid.SampledFrom(kinds).Draw(t, "kind")}
		for _, n := range rapid.SliceOfN(rapid.String(), 0, 12).Draw(t, "names") {
			c.Names = append(c.Names, ontology.Name{Value: n, Type: ontology.OfficialName})
		}
		keys := match.Keys(c)
		if len(keys) > 6 || !slices.IsSorted(keys) || len(slices.Compact(slices.Clone(keys))) != len(keys) {
			t.Fatalf("keys %q", keys)
		}
		for _, k := range keys {
			if len(k) < 3 || len(k) > 255 {
				t.Fatalf("key %q", k)
			}
		}
	})
}

// Forms of one text are one name: composed or not, with invisible characters
// or without. Letters of another script that look the same are not.
func TestFormsOfUnicode(t *testing.T) {
	thing := func(name string) match.Side {
		s := match.SideOf(ontology.Thing{Kind: ontology.Organisation, Names: []ontology.Name{{Value: name, Type: ontology.OfficialName}}})
		s.Places = []string{"ISO3166:BE"}
		return s
	}
	liege := thing("Observatoire Liégeois")
	for _, same := range []string{"Observatoire Lie\u0301geois", "Obser\u00advatoire Lié\u200bgeois", "OBSERVATOIRE LIÉGEOIS", "Ｏbservatoire  Liégeois"} {
		if v := match.Score(liege, thing(same)); v.Score < match.DefaultMarks.Same {
			t.Errorf("%+q: %v", same, v)
		}
	}
	for _, other := range []string{"Observatoir\u0435 Liégeois", "Observatoire Li\u00e9ge\u03bfis"} {
		if v := match.Score(liege, thing(other)); v.Score >= match.DefaultMarks.Same || slices.Contains(codes(v), match.SameName) {
			t.Errorf("%+q: %v", other, v)
		}
	}
}

// Only the exact place tells bodies of one name apart: that both lie in one
// country or province, whose ids and keys both sides list, does not.
func TestExactPlaceCounts(t *testing.T) {
	id := func(name string) string { return string(ontology.NodeID(ontology.Place, "test", name)) }
	netherlands := []string{id("nl"), "GEONAMES:1", "ISO3166:NL", "WIKIDATA:Q1", id("europe")}
	province := append([]string{id("province"), "NUTS:NL32"}, netherlands...)
	first := append([]string{id("first"), "GEONAMES:2"}, province...)
	second := append([]string{id("second"), "GEONAMES:3"}, province...)
	for name, c := range map[string]struct {
		a, b []string
		same bool
	}{
		"one town":                     {first, first, true},
		"a town, known by its key":     {first, []string{"GEONAMES:2", "ISO3166:NL"}, true},
		"two towns of a province":      {first, second, false},
		"a town and its province":      {first, province, false},
		"a country only":               {netherlands, netherlands, false},
		"a town and its country":       {first, netherlands, false},
		"a country known by its key":   {[]string{"ISO3166:NL"}, netherlands, false},
		"nothing known on either side": {nil, nil, false},
	} {
		side := func(places []string) match.Side {
			return match.Side{
				Kind: ontology.Organisation, Places: places,
				Names: []ontology.Name{{Value: "Stadsbestuur", Language: "nl", Type: ontology.OfficialName}},
			}
		}
		v := match.Score(side(c.a), side(c.b))
		if (v.Score >= match.DefaultMarks.Same) != c.same || v.Score < match.DefaultMarks.Possible {
			t.Errorf("%s: %.2f %v", name, v.Score, codes(v))
		}
	}
}

// What rules sameness out does so however much else agrees, and is named.
func TestVetoes(t *testing.T) {
	name := []ontology.Name{{Value: "Leiden University", Language: "en", Type: ontology.OfficialName}}
	side := func(kind store.Kind, key string) match.Side {
		return match.Side{Kind: kind, Names: name, Identifiers: []ontology.Identifier{ontology.IdentifierOf(key)}, Places: []string{"ISO3166:NL"}}
	}
	for code, pair := range map[match.Code][2]match.Side{
		match.OtherIdentifier: {side(ontology.Organisation, "ROR:027bh9e22"), side(ontology.Organisation, "ROR:05xvt9f17")},
		match.OtherKind:       {side(ontology.Organisation, "X:1"), side(ontology.Place, "X:1")},
	} {
		if v := match.Score(pair[0], pair[1]); !v.Veto || v.Score != 0 || !slices.Equal(codes(v), []match.Code{code}) {
			t.Errorf("%s: %v", code, v)
		}
	}
	one, two := side(ontology.Organisation, "KBO:0123.456.789"), side(ontology.Organisation, "KBO:0123456789")
	if v := match.Score(one, two); v.Veto || !slices.Contains(codes(v), match.SameIdentifier) {
		t.Errorf("one number, written in two ways: %v", v)
	}
}

// A reason is a sentence's worth of text in the reader's language.
func TestReasonText(t *testing.T) {
	r := match.Reason{Code: match.SameName, A: "Province de Liège", B: "Province de Liège", Language: "fr"}
	for language, want := range map[string]string{
		"nl": "zelfde naam in het Frans: Province de Liège",
		"fr": "même nom en français : Province de Liège",
		"de": "gleicher Name auf Französisch: Province de Liège",
		"en": "same name in French: Province de Liège",
		"pl": "same name in French: Province de Liège",
	} {
		if got := r.Text(language); got != want {
			t.Errorf("%s: %q, want %q", language, got, want)
		}
	}
	two := match.Reason{Code: match.OtherIdentifier, A: "ROR:1", B: "ROR:2"}
	if got := two.Text("en"); got != "different identifier in the same registry: ROR:1 / ROR:2" {
		t.Error(got)
	}
}

func BenchmarkScore(b *testing.B) {
	pairs := readPairs(b, "pairs.csv")
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		p := &pairs[i%len(pairs)]
		match.Score(p.a, p.b)
	}
}

func BenchmarkPrepare(b *testing.B) {
	pairs := readPairs(b, "pairs.csv")
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		pairs[i%len(pairs)].a.Prepared()
	}
}

func BenchmarkKeys(b *testing.B) {
	pairs := readPairs(b, "pairs.csv")
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		a := pairs[i%len(pairs)].a
		match.Keys(ontology.ThingClaim{Kind: a.Kind, Names: a.Names, Props: a.Props})
	}
}
