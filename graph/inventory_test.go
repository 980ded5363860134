package graph_test

import (
	"slices"
	"strings"
	"testing"
)

// TestInventoryIsWhole: the extract of the inventory that the other tests read
// holds all of its rows.
func TestInventoryIsWhole(t *testing.T) {
	numbers := map[string]bool{}
	for _, row := range inventory(t, "forms.csv") {
		numbers[row["number"]] = true
	}
	if len(numbers) != 111 || numbers["104"] {
		t.Errorf("%d entities, want 1 to 112 but 104", len(numbers))
	}
	rows := map[string]bool{}
	for _, row := range inventory(t, "relations.csv") {
		rows[row["row"]] = true
	}
	if len(rows) != 59 || rows["20"] {
		t.Errorf("%d relations, want 1 to 60 but 20", len(rows))
	}
	if n := len(inventory(t, "sentences.csv")); n != 103 {
		t.Errorf("%d sentences, want 103", n)
	}
}

// searchHit is one hit of a search.
type searchHit struct {
	Score float64
	Match struct {
		Name  *struct{ Value string }
		How   string
		Parts []struct {
			Text    string
			Matches bool
		}
	}
	Node seedThing
}

// marked puts the name's matching parts in brackets, and says whether the parts
// are the name.
func (h searchHit) marked() (name string, whole bool) {
	plain, before := "", false
	for i, p := range h.Match.Parts {
		if whole = i == 0 || p.Matches != before; !whole {
			return "", false
		}
		before = p.Matches
		if plain += p.Text; p.Matches {
			name += "[" + p.Text + "]"
		} else {
			name += p.Text
		}
	}
	return name, h.Match.Name == nil && plain == "" || h.Match.Name != nil && plain == h.Match.Name.Value
}

// searchOperation asks for hits with what tells things apart.
const searchOperation = `query ($text: String!, $first: Int) { search(text: $text, first: $first) {
	edges { score match { name { value } how parts { text matches } } node { __typename id name(language: EN) identifiers { scheme value } } }
} }`

func hits(c client, text string, first int) []searchHit {
	c.t.Helper()
	var data struct {
		Search struct{ Edges []searchHit }
	}
	c.ask(searchOperation, map[string]any{"text": text, "first": first}, &data)
	return data.Search.Edges
}

// Every name and written form of the inventory's entities finds its entity
// first, or among those that score as the first does.
func testWrittenForms(t *testing.T, c client) {
	for _, row := range inventory(t, "forms.csv") {
		found := hits(c, row["form"], 10)
		var before []seedThing
		ok := false
		for _, h := range found {
			if marked, whole := h.marked(); !whole || h.Match.Name != nil && !strings.Contains(marked, "[") {
				t.Errorf("%q finds %q in the parts %v", row["form"], marked, h.Match.Parts)
			}
			if h.Score < found[0].Score {
				break
			}
			if ok = hasIdentifier(h.Node, "INVENTORY", row["number"]); ok {
				break
			}
			before = append(before, h.Node)
		}
		if !ok {
			t.Errorf("%q does not find entity %s; it finds %s", row["form"], row["number"], titles(before))
		}
	}
}

// The parts of a name that match are those that the words of the question stand
// in, whatever their form.
func testMatchesAreMarked(t *testing.T, c client) {
	for text, want := range map[string]string{
		"Hauts de France":         "[Hauts]-[de]-[France]",
		"secretariaat":            "Benelux-[secretariaat]",
		"Schelderad":              "[Schelderaad]",
		"zwischen nordrhein west": "[Nordrhein]-[Westfalen]",
	} {
		found := hits(c, text, 1)
		if len(found) == 0 {
			t.Errorf("%q finds nothing", text)
			continue
		}
		if got, _ := found[0].marked(); got != want {
			t.Errorf("%q is found in %q, want %q", text, got, want)
		}
	}
}

// Every relation of the inventory is a fact between its two things, with its
// dates and with the sentences that state it, word for word.
func testInventoryRelations(t *testing.T, c client) {
	things := byKey(seedThings(c))
	only := func(row map[string]string, column string) string {
		if len(things[row[column]]) != 1 {
			t.Fatalf("row %s: %q is %d things", row["row"], row[column], len(things[row[column]]))
		}
		return things[row[column]][0].ID
	}
	sentences, documents := map[string]string{}, map[string]map[string]string{}
	for _, row := range inventory(t, "sentences.csv") {
		sentences[row["locator"]] = row["sentence"]
	}
	for _, row := range inventory(t, "documents.csv") {
		documents[row["code"]] = row
	}
	for _, row := range inventory(t, "relations.csv") {
		subject, object, basis := only(row, "subject"), only(row, "object"), ""
		if row["basis"] != "" {
			basis = only(row, "basis")
		}
		facts := factsOf(c, subject, row["relation"])
		at := slices.IndexFunc(facts, func(f fact) bool {
			b := ""
			if f.Basis != nil {
				b = f.Basis.ID
			}
			ends := f.Subject.ID == subject && f.Object.ID == object
			// Those who cooperate do so in both directions.
			if row["relation"] == "COOPERATES_WITH" {
				ends = ends || f.Subject.ID == object && f.Object.ID == subject
			}
			return ends && f.Role == row["role"] && b == basis && f.From == row["from"] && f.To == row["to"]
		})
		if at < 0 {
			t.Errorf("row %s: no fact %s %s %s from %q to %q as %q", row["row"], row["subject"], row["relation"], row["object"], row["from"], row["to"], row["role"])
			continue
		}
		f := facts[at]
		if f.AttestedOn != row["attestedOn"] || f.Planned != (row["planned"] == "yes") {
			t.Errorf("row %s: attested %q, planned %v, want %q, %q", row["row"], f.AttestedOn, f.Planned, row["attestedOn"], row["planned"])
		}
		for locator := range strings.FieldsSeq(row["sentences"]) {
			document := documents[locator[:2]]
			if !slices.ContainsFunc(f.Sources, func(s citation) bool {
				return s.Locator == locator && s.Quote == sentences[locator] && s.Source.Language == document["language"] && s.Source.Date == document["date"]
			}) {
				t.Errorf("row %s: not cited with %s %q, but with %v", row["row"], locator, sentences[locator], f.Sources)
			}
		}
	}
}

// Row 20: the network's 47 officers are a figure with its citation.
func testInventoryFigure(t *testing.T, c client) {
	var data struct {
		Organisation struct {
			Figures []struct {
				Property         string
				Value            int
				Unit, AttestedOn string
				Sources          []citation
			}
		}
	}
	c.ask(`query ($id: ID!) { organisation(id: $id) {
		figures { property value unit attestedOn sources { source { title language date } locator quote } }
	} }`, map[string]any{"id": seedID("Organisation", "network-of-liaison-officers")}, &data)
	if len(data.Organisation.Figures) != 1 {
		t.Fatalf("figures: %+v", data.Organisation.Figures)
	}
	f := data.Organisation.Figures[0]
	if f.Value != 47 || f.Unit != "officers" || f.AttestedOn != "2018-04-16" {
		t.Errorf("figure: %+v", f)
	}
	if !slices.ContainsFunc(f.Sources, func(s citation) bool {
		return s.Locator == "D3-13" && strings.Contains(s.Quote, "netwerk van 47 verbindingsofficieren")
	}) {
		t.Errorf("sources: %+v", f.Sources)
	}
}

// What the inventory says of the kind of its entities.
func testInventoryKinds(t *testing.T, c client) {
	things := byKey(seedThings(c))
	for number, kind := range map[string]string{
		"1": "Organisation", "5": "Organisation", "6": "Post", "7": "Post", "8": "Place", "9": "Place", "11": "Place", "12": "Person",
		"15": "Person", "21": "Post", "32": "Organisation", "42": "Place", "56": "Instrument", "70": "Instrument", "79": "Project",
		"93": "Event", "97": "Event", "100": "Place", "105": "Organisation", "112": "Organisation",
	} {
		for _, thing := range things[number] {
			if thing.Typename != kind {
				t.Errorf("%s %s is a %s, want a %s", number, thing.Name, thing.Typename, kind)
			}
		}
		if len(things[number]) == 0 {
			t.Errorf("no thing %s", number)
		}
	}
	for _, number := range []string{"10", "51"} {
		var data struct {
			Organisation struct{ Classification string }
		}
		c.ask(`query ($id: ID!) { organisation(id: $id) { classification } }`, map[string]any{"id": things[number][0].ID}, &data)
		if data.Organisation.Classification != "CONTACT_POINT" {
			t.Errorf("%s is a %q, want a CONTACT_POINT", number, data.Organisation.Classification)
		}
	}
	if len(things["104"]) != 0 {
		t.Errorf("104 is a source, not %s", titles(things["104"]))
	}
}

// Every heading and phrase of the theme scheme is a theme, below the headings
// under which it stands.
func testThemeScheme(t *testing.T, c client) {
	themes := map[string][]seedThing{}
	for _, thing := range seedThings(c) {
		if thing.Typename != "Theme" {
			continue
		}
		for _, n := range thing.Names {
			if n.Language == "en" && !slices.ContainsFunc(themes[n.Value], func(s seedThing) bool { return s.ID == thing.ID }) {
				themes[n.Value] = append(themes[n.Value], thing)
			}
		}
	}
	for _, row := range inventory(t, "themes.csv") {
		found := themes[row["theme"]]
		if len(found) != 1 {
			t.Errorf("%q is %d themes", row["theme"], len(found))
			continue
		}
		for _, language := range []string{"nl", "fr", "de"} {
			if !slices.ContainsFunc(found[0].Names, func(n struct{ Value, Language, Type string }) bool { return n.Language == language }) {
				t.Errorf("%q has no name in %s", row["theme"], language)
			}
		}
		if row["broader"] == "" {
			continue
		}
		if !slices.ContainsFunc(factsOf(c, found[0].ID, "BROADER"), func(f fact) bool {
			return f.Subject.ID == found[0].ID && slices.ContainsFunc(themes[row["broader"]], func(s seedThing) bool { return s.ID == f.Object.ID })
		}) {
			t.Errorf("%q is not narrower to %q", row["theme"], row["broader"])
		}
	}
}

// What the texts leave open stays open.
func testDoubtsStayOpen(t *testing.T, c client) {
	things := byKey(seedThings(c))
	id := func(key string) string { return things[key][0].ID }
	if id("56") == id("59") {
		t.Error("the two police treaties are one")
	}
	if f := factsOf(c, id("56"), "POSSIBLY_SAME_AS"); len(f) != 1 || f[0].Subject.ID != id("59") && f[0].Object.ID != id("59") {
		t.Errorf("the police treaties are not joined by a doubt: %+v", f)
	}
	if f := factsOf(c, id("65"), "PARTY_TO"); len(f) != 0 {
		t.Errorf("the memorandum of 2018 has parties: %+v", f)
	}
	for _, pair := range [][2]string{{"38", "40"}, {"8", "9"}, {"3", "8"}} {
		if id(pair[0]) == id(pair[1]) {
			t.Errorf("%s and %s are one thing", pair[0], pair[1])
		}
	}
	for _, post := range []string{"6", "7", "17", "18"} {
		for _, f := range factsOf(c, id(post), "HOLDS") {
			if f.From != "" || f.To != "" || f.Status != "ATTESTED" {
				t.Errorf("%s holds %s from %q to %q, %s: the texts give no term", f.Subject.Name, f.Object.Name, f.From, f.To, f.Status)
			}
		}
	}
}
