package text_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"coopgraph/ontology/text"
)

// The tables of the search design: the tokens of one label, field by field.
func TestTokensOfOneLabel(t *testing.T) {
	got := text.Tokens("n_k7abc", []text.Label{{Value: "Qualité de l'eau", Language: "fr", Type: text.Official}},
		[]text.Label{{Value: "Metingen van de waterkwaliteit", Language: "nl"}})
	want := map[string]string{
		text.FieldWords: "de eau l qualite",
		text.FieldStems: "eau qualit",
		text.FieldParts: "2_e 2_ea 2_eau 2_q 2_qu 2_qua 2_qual 2_quali 2_qualit 2_qualite 2_s_eau 2_s_qualit",
		text.FieldAnchors: "2_q 2_qu 2_qua 2_qual 2_quali 2_qualit 2_qualite 2_qualited 2_qualitede 2_qualitedel " +
			"2_qualitedele 2_qualitedelea i_k x_qualite_de_l_eau z_eau_qualit",
		text.FieldDescription: "meting waterkwaliteit",
	}
	for field, tokens := range want {
		if got[field] != tokens {
			t.Errorf("field %s:\n got %s\nwant %s", field, got[field], tokens)
		}
	}
	if len(got) != len(text.Fields()) {
		t.Errorf("got %d fields, want %d", len(got), len(text.Fields()))
	}
}

func TestFolding(t *testing.T) {
	for in, want := range map[string]string{
		"Lëtzebuerg":                "letzebuerg",
		"Straßenverkehr":            "strassenverkehr",
		"CŒUR d’Anvers":             "coeur d anvers",
		"'s-Hertogenbosch":          "s hertogenbosch",
		"Łódź":                      "lodz",
		"CO₂-afvang":                "co2 afvang",
		"Færøerne / Ærø":            "faeroerne aero",
		"soft\u00adhyphen":          "softhyphen",
		"l\u02bceau":                "l eau",
		"e\u0301nergie":             "energie",
		"ﬁnance 2½":                 "finance 2 1 2",
		"ÎLE-DE-FRANCE":             "ile de france",
		"Rhénanie-du-Nord (Région)": "rhenanie du nord region",
		"K\u212Aelvin":              "kkelvin",
	} {
		if got := text.NameKey(in); got != want {
			t.Errorf("NameKey(%q) = %q, want %q", in, got, want)
		}
	}
	if got := text.Fold("Qualité de l'eau!"); got != "qualite de l'eau!" {
		t.Errorf("Fold keeps punctuation: got %q", got)
	}
}

func TestUmlautsAlsoAsTwoLetters(t *testing.T) {
	if got := text.NameKeys("Köln Düren"); !slices.Equal(got, []string{"koln duren", "koeln dueren"}) {
		t.Errorf("NameKeys = %q", got)
	}
	if got := text.NameKeys("Liège"); !slices.Equal(got, []string{"liege"}) {
		t.Errorf("NameKeys = %q", got)
	}
	if got := text.NameKeys("--"); got != nil {
		t.Errorf("NameKeys = %q", got)
	}
	tokens := text.Tokens("n_a", []text.Label{{Value: "Köln", Language: "de"}}, nil)
	for field, token := range map[string]string{
		text.FieldWords: "koeln", text.FieldParts: "1_koel", text.FieldAnchors: "x_koeln",
	} {
		if !slices.Contains(strings.Fields(tokens[field]), token) {
			t.Errorf("field %s lacks %s: %s", field, token, tokens[field])
		}
	}
}

// Inflected forms meet in a stem, with and without their accents.
func TestInflectionsShareAStem(t *testing.T) {
	for _, c := range []struct{ question, label, lang string }{
		{"energieën", "energie", "nl"},
		{"énergie", "énergies", "fr"},
		{"energies", "énergie", "fr"},
		{"erneuerbaren", "erneuerbare", "de"},
		{"energies", "energy", "en"},
		{"grensarbeider", "grensarbeiders", "nl"},
		{"frontalier", "frontaliers", "fr"},
		{"transportation", "transport", "en"},
		{"managing", "management", "en"},
		{"Häfen", "Häfen", "de"},
		{"Haefen", "Häfen", "de"},
	} {
		q, l := text.Analyse(c.question, ""), text.Analyse(c.label, c.lang)
		if !q.Words[0].SharesStem(l.Words[0]) {
			t.Errorf("%s (%s) and %s (%s) share no stem", c.question, q.Words[0].Stems, c.label, l.Words[0].Stems)
		}
	}
}

func TestWordOrderHasOneToken(t *testing.T) {
	a, b := text.Analyse("Duitstalige Gemeenschap", "nl"), text.Analyse("gemeenschap duitstalige", "")
	common := 0
	for _, token := range a.Stemmed {
		if slices.Contains(b.Stemmed, token) {
			common++
		}
	}
	if common == 0 {
		t.Errorf("no sorted token in common: %q, %q", a.Stemmed, b.Stemmed)
	}
}

func TestStopWordsAreNoParts(t *testing.T) {
	if a := text.Analyse("Grand Est", "fr"); a.Words[1].Stop {
		t.Error("the second word of Grand Est is a stop word")
	}
	if a := text.Analyse("The Of", "en"); a.Words[0].Stop || a.Words[1].Stop {
		t.Error("a label of stop words alone has none left")
	}
	if text.StopWord("die", "en") || !text.StopWord("die", "de-AT") || !text.StopWord("die", "") {
		t.Error("stop words are those of the language")
	}
}

func TestLabelsOfFiveWordsHaveAnchorsOnly(t *testing.T) {
	got := text.Tokens("n_a", []text.Label{{Value: "International Commission for the Protection of the Rhine Basin", Language: "en"}}, nil)
	if got[text.FieldParts] != "" {
		t.Errorf("parts: %s", got[text.FieldParts])
	}
	if !strings.Contains(got[text.FieldAnchors], "4_internationa") {
		t.Errorf("anchors: %s", got[text.FieldAnchors])
	}
}

func TestWholeLabelTokensAreCapped(t *testing.T) {
	long := strings.Repeat("élargissement ", 60)
	for _, token := range strings.Fields(text.Tokens("n_a", []text.Label{{Value: long, Language: "fr"}}, nil)[text.FieldAnchors]) {
		if len(token) > 200 {
			t.Errorf("a token of %d bytes", len(token))
		}
	}
	endless := strings.Repeat("a", 1000)
	if got := text.Words(endless); len(got) != 1 || len(got[0]) != 60 {
		t.Errorf("an endless word is cut to 60 letters, got %d", len(got[0]))
	}
	if text.NameKey(endless) != text.NameKey(endless[:300]) {
		t.Error("question and label are cut alike")
	}
}

func TestIDLettersFollowTheOrderOfIDs(t *testing.T) {
	letters := text.IDLetters()
	if !slices.IsSorted(letters) {
		t.Errorf("not in order: %q", letters)
	}
	for id, want := range map[string]string{"n_2a": "i_2", "n_zz": "i_z", "n_": "i_0", "N": "i_0", "abc": "i_a", "n_éa": "i_0"} {
		got := text.Tokens(id, nil, nil)[text.FieldAnchors]
		if got != want || !slices.Contains(letters, got) {
			t.Errorf("id %q: token %q, want %q", id, got, want)
		}
	}
}

func TestSortKeysOrderNames(t *testing.T) {
	names := []string{
		"Aachen", "Académie", "Arzt", "Ärzte", "École", "Écoles", "Ecosystem", "Grand Est", "Grande Région",
		"'s-Hertogenbosch", "Straße", "Strasse 2", "Straßen", "Zürich", "Ελλάδα",
	}
	keys := make([]string, len(names))
	for i, n := range names {
		keys[i] = text.SortKey(n)
	}
	if !slices.IsSorted(keys) {
		t.Errorf("not in order: %q", keys)
	}
	if text.SortKey("Ecole") == text.SortKey("École") {
		t.Error("two spellings share a key")
	}
}

func TestEncodedLabelsComeBack(t *testing.T) {
	labels := []text.Label{
		{Value: "Qualité de l'eau", Language: "fr", Type: text.Official},
		{Value: "Straßenverkehr über Köln", Language: "de", Type: text.Translation},
		{Value: "a\tb\nc", Type: text.Acronym},
		{Value: "Qualité de l'eau", Language: "fr", Type: text.Official},
		{Value: "!?", Language: "en", Type: text.Short},
	}
	want := []text.Label{labels[0], labels[1], {Value: "a b c", Type: text.Acronym}}
	encoded := text.Encode(labels)
	if got := text.Decode(encoded); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	var e text.Encoded
	for rest, i := encoded, 0; rest != ""; i++ {
		rest = e.Next(rest)
		for j, w := range text.Analyse(want[i].Value, want[i].Language).Words {
			w.Start, w.End = 0, 0
			if e.Words[j] != w {
				t.Errorf("word %d of %q: got %+v, want %+v", j, want[i].Value, e.Words[j], w)
			}
		}
	}
	if text.Decode("") != nil {
		t.Error("no labels from an empty string")
	}
}

func TestReadingEncodedLabelsAllocatesNothing(t *testing.T) {
	encoded := text.Encode([]text.Label{{Value: "Qualité de l'eau", Language: "fr"}, {Value: "Wasserqualität", Language: "de"}})
	var e text.Encoded
	e.Next(encoded)
	if n := testing.AllocsPerRun(100, func() {
		for rest := encoded; rest != ""; {
			rest = e.Next(rest)
		}
	}); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

// checkText holds what is true of any text whatever.
func checkText(t interface {
	Errorf(format string, args ...any)
}, s, lang string,
) {
	if f := text.Fold(s); text.Fold(f) != f {
		t.Errorf("folding %q twice: %q, then %q", s, f, text.Fold(f))
	}
	key := text.NameKey(s)
	if text.NameKey(key) != key {
		t.Errorf("key of %q: %q, then %q", s, key, text.NameKey(key))
	}
	a := text.Analyse(s, lang)
	last := 0
	for _, w := range a.Words {
		if w.Start < 0 || w.End > len(a.Value) || w.Start >= w.End || w.Start < last || !utf8.ValidString(a.Value[w.Start:w.End]) {
			t.Errorf("offsets %d to %d in %q", w.Start, w.End, a.Value)
		}
		last = w.Start
		if w.Folded == "" || w.Stems == "" || !w.SharesStem(w) {
			t.Errorf("word %+v of %q", w, s)
		}
	}
	labels := []text.Label{{Value: s, Language: lang, Type: text.Official}}
	for field, tokens := range text.Tokens("n_"+s, labels, labels) {
		if !slices.Contains(text.Fields(), field) {
			t.Errorf("field %q", field)
		}
		for token := range strings.SplitSeq(tokens, " ") {
			if token == "" || len(token) > 4*60+4 {
				t.Errorf("token %q of %q", token, s)
			}
			for _, r := range token {
				if r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) || unicode.IsUpper(r) {
					t.Errorf("character %q in token %q of %q", r, token, s)
				}
			}
		}
	}
	if got := text.Decode(text.Encode(labels)); len(a.Words) > 0 && (len(got) != 1 || text.NameKey(got[0].Value) != key) {
		t.Errorf("label %q came back as %q", s, got)
	}
	checkBeginnings(t, a, lang)
	if k := text.SortKey(s); !utf8.ValidString(k) || len(k) > 242 {
		t.Errorf("sort key %q of %q", k, s)
	}
	for _, stem := range text.Stems(s, lang) {
		if stem == "" {
			t.Errorf("empty stem of %q", s)
		}
	}
}

// checkBeginnings makes sure that a label is found by each beginning of its
// words, and by no others.
func checkBeginnings(t interface {
	Errorf(format string, args ...any)
}, a text.Analysis, lang string,
) {
	class := text.ClassOf(a.Words)
	if class > text.Classes {
		return
	}
	want := map[string]bool{}
	for _, w := range a.Words {
		if w.Stop {
			continue
		}
		for stem := range strings.SplitSeq(w.Stems, ",") {
			want[text.PartStemToken(class, stem)] = true
		}
		for _, form := range []string{w.Folded, w.Wide} {
			for i := range form {
				if i > 0 {
					want[text.PartToken(class, form[:i])] = true
				}
			}
			if form != "" {
				want[text.PartToken(class, form)] = true
			}
		}
	}
	got := strings.Fields(text.Tokens("n_a", []text.Label{{Value: a.Value, Language: lang}}, nil)[text.FieldParts])
	if parts := slices.Sorted(maps.Keys(want)); !slices.Equal(got, parts) {
		t.Errorf("%q has the tokens %q, want %q", a.Value, got, parts)
	}
}

func FuzzText(f *testing.F) {
	for _, s := range []string{
		"Qualité de l'eau", "Straße Köln", "2½ ⑴ ﬁ", "İstanbul ǅ ŉ", "a\u0300\u0301", "\xff\xfe", "日本語", "ʼn", "Ⅷ ²", "العربية",
		"\u1e9e ẞ", "ᾳ Ὰ", "ﷺ",
	} {
		f.Add(s, "fr")
		f.Add(s, "")
	}
	f.Fuzz(func(t *testing.T, s, lang string) {
		if len(lang) > 8 || len(s) > 300 {
			t.Skip()
		}
		checkText(t, s, lang)
	})
}

func TestAnyTextHoldsTheLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		checkText(t, rapid.StringN(0, 60, -1).Draw(t, "text"), rapid.SampledFrom([]string{"", "nl", "fr", "de", "en", "lb"}).Draw(t, "language"))
	})
}

func BenchmarkTokens(b *testing.B) {
	labels := []text.Label{
		{Value: "Drinkwatervoorziening", Language: "nl"},
		{Value: "Approvisionnement en eau potable", Language: "fr"},
		{Value: "Trinkwasserversorgung", Language: "de"},
		{Value: "Drinking water supply", Language: "en"},
	}
	b.ReportAllocs()
	for b.Loop() {
		text.Tokens("n_a", labels, nil)
	}
}
