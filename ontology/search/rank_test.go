package search

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"coopgraph/ontology/text"
	"coopgraph/store"
)

func judged(question string, label text.Label, mend bool) verdict {
	r := newRanker(newPhrase(question), "", nil)
	r.mend = mend
	var e text.Encoded
	e.Next(text.Encode([]text.Label{label}))
	return r.judge(&e)
}

// The worth of labels, from the table of the design.
func TestScoresOfLabels(t *testing.T) {
	for _, c := range []struct {
		question, label, language string
		points                    int
		how                       How
	}{
		{"water", "Water", "en", 10000, Exact},
		{"waterstof economie", "Waterstofeconomie", "nl", 10000, Compound},
		{"eau qualite", "Qualité de l'eau", "fr", 9975, Words},
		{"energies", "Energy", "en", 9357, Stem},
		{"nordrhein", "Nordrhein-Westfalen", "de", 8750, Words},
		{"rotter", "Rotterdam", "nl", 8117, Prefix},
		{"hydrogn", "Hydrogen", "en", 7252, Corrected},
		{"verkeer veiligheid", "Verkeersveiligheid", "nl", 7800, Compound},
		{"kustwachtsamenwerking", "Samenwerking van de kustwachten", "nl", 7800, Compound},
		{"qualite deau", "Qualité de l'eau", "fr", 9677, Stem},
		{"politie samenwerkign", "Politiesamenwerking", "nl", 7252, Corrected},
		{"interreg va", "Interreg V-A", "nl", 10000, Compound},
		{"stof", "Waterstof", "nl", 5697, Substring},
	} {
		got := judged(c.question, text.Label{Value: c.label, Language: c.language, Type: text.Official}, true)
		if got.points != c.points || got.how != c.how {
			t.Errorf("%q in %q: %d by %s, want %d by %s", c.question, c.label, got.points, got.how, c.points, c.how)
		}
	}
}

func TestLabelsOfLesserTypesComeAfterEqualOnes(t *testing.T) {
	last := 10001
	for _, typ := range []text.Type{text.Official, text.Alternative, text.Former, text.Acronym} {
		got := judged("ems", text.Label{Value: "EMS", Type: typ}, false).points
		if got >= last {
			t.Errorf("%s: %d after %d", typ, got, last)
		}
		last = got
	}
}

func TestScoresHoldTheirLaws(t *testing.T) {
	words := []string{"water", "kwaliteit", "energie", "eau", "de", "l", "hydrogen", "hydrogn", "waterkwaliteit", "e", "economy", "nrw"}
	phraseOf := rapid.SliceOfN(rapid.SampledFrom(words), 1, 5)
	rapid.Check(t, func(t *rapid.T) {
		question, label := fmt.Sprint(phraseOf.Draw(t, "question")), fmt.Sprint(phraseOf.Draw(t, "label"))
		l := text.Label{Value: label, Language: "nl", Type: text.Official}
		v := judged(question, l, true)
		if v.points < 0 || v.points > 10000 {
			t.Errorf("%q in %q: %d points", question, label, v.points)
		}
		if same := text.NameKey(question) == text.NameKey(label); same != (v.how == Exact) || same && v.points != 10000 {
			t.Errorf("%q in %q: %d by %s", question, label, v.points, v.how)
		}
		if plain := judged(question, l, false); plain.points > v.points && v.how != Corrected {
			t.Errorf("%q in %q: mending takes %d to %d", question, label, plain.points, v.points)
		}
		if v.sure && !v.whole {
			t.Errorf("%q in %q is sure and not whole", question, label)
		}
	})
}

func BenchmarkRankOf500(b *testing.B) {
	encoded := text.Encode([]text.Label{
		{Value: "Drinkwatervoorziening", Language: "nl", Type: text.Official},
		{Value: "Approvisionnement en eau potable", Language: "fr", Type: text.Official},
		{Value: "Trinkwasserversorgung", Language: "de", Type: text.Official},
		{Value: "Drinking water supply", Language: "en", Type: text.Official},
		{Value: "International Commission for the Protection of the Rhine", Language: "en", Type: text.Alternative},
	})
	c := newCandidates(nil, nil, MaxHits)
	for i := range 500 {
		c.list = append(c.list, candidate{node: store.Node{ID: store.ID(fmt.Sprint(i)), Kind: "Theme", Props: store.Props{LabelsProp: encoded}}})
	}
	for _, mend := range []bool{false, true} {
		b.Run(fmt.Sprintf("mend=%v", mend), func(b *testing.B) {
			r := newRanker(newPhrase("drinking water supplies Luxemburg"), "", nil)
			r.mend = mend
			b.ReportAllocs()
			for b.Loop() {
				r.rank(c)
			}
		})
	}
}
