package template_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"coopgraph/loader/rows"
	"coopgraph/loader/template"
	"coopgraph/ontology"
	"coopgraph/store"
)

const source store.ID = "s_aaaaaaaaaaaaaaaaaaaaaaaaaa"

func read(t *testing.T, name string, cells map[string]any) *rows.Item {
	t.Helper()
	tpl, err := template.Of(name)
	if err != nil {
		t.Fatal(err)
	}
	return tpl.Item(source, "table.csv", rows.Row{Line: 2, Fields: cells})
}

// Every property of every kind has a column, and every column says what it
// means.
func TestTemplatesCarryEverything(t *testing.T) {
	for _, k := range ontology.Kinds() {
		tpl := template.OfKind(k)
		seen := map[string]bool{}
		for _, c := range tpl.Columns() {
			if seen[c.Name] || c.Doc == "" {
				t.Errorf("%s: the column %q stands twice or says nothing", k, c.Name)
			}
			seen[c.Name] = true
		}
		for _, p := range ontology.Properties(k) {
			name := strings.ToLower(strings.NewReplacer("N", "_n", "T", "_t").Replace(p.Name))
			if !seen[name] {
				t.Errorf("%s: no column %q", k, name)
			}
		}
		if cells := tpl.Cells(ontology.Thing{Kind: k}); len(cells) != len(tpl.Header()) {
			t.Errorf("%s: %d cells for %d columns", k, len(cells), len(tpl.Header()))
		}
	}
	if cells := template.FactCells(ontology.Fact{}, template.End{}, template.End{}); len(cells) != len(mustColumns(t)) {
		t.Errorf("%d cells of a fact", len(cells))
	}
	if _, err := template.Of("token"); err == nil {
		t.Error("there is a template of an internal kind")
	}
}

func mustColumns(t *testing.T) []template.Column {
	t.Helper()
	tpl, err := template.Of(template.Facts)
	if err != nil {
		t.Fatal(err)
	}
	return tpl.Columns()
}

// A row as a person fills it in becomes a claim with its relations.
func TestRowsOfPeople(t *testing.T) {
	it := read(t, "person", map[string]any{
		"identifiers": "EXAMPLE:1 | ORCID:0000", "name": "Example Person | Voorbeeldpersoon@nl", "given_name": " Example ", "languages": "nl|fr",
		"member_of": "ROR:012345678 | Example Network", "member_of_role": "adviser", "member_of_from": "2021", "holds": "n_bbbbbbbbbbbbbbbbbbbbbbbbbb",
		"expertise": "", "unknown": json.Number("1"),
	})
	if it.Dropped != "" || len(it.Notes) > 0 || it.Key != "EXAMPLE:1" {
		t.Fatalf("the row is %+v", it)
	}
	thing := it.Claims.Things[0]
	want := []ontology.Name{{Value: "Example Person", Type: "OFFICIAL"}, {Value: "Voorbeeldpersoon", Language: "nl", Type: "OFFICIAL"}}
	if !reflect.DeepEqual(thing.Names, want) || thing.Props["givenName"] != "Example" || !reflect.DeepEqual(thing.Props["languages"], []string{"nl", "fr"}) {
		t.Errorf("the person is %+v", thing)
	}
	cites := []ontology.Citation{{Source: source, Locator: "EXAMPLE:1"}}
	facts := []ontology.FactClaim{
		{Relation: ontology.MemberOf, Subject: ontology.Ref{Key: "#0"}, Object: ontology.Ref{Kind: ontology.Organisation, Key: "ROR:012345678"}, Role: "adviser", From: "2021", Cites: cites},
		{Relation: ontology.MemberOf, Subject: ontology.Ref{Key: "#0"}, Object: ontology.Ref{Kind: ontology.Organisation, Key: "NAME:example network"}, Role: "adviser", From: "2021", Cites: cites},
		{Relation: ontology.Holds, Subject: ontology.Ref{Key: "#0"}, Object: ontology.Ref{ID: "n_bbbbbbbbbbbbbbbbbbbbbbbbbb", Kind: ontology.Post}, Cites: cites},
	}
	if !reflect.DeepEqual(it.Claims.Facts, facts) {
		t.Errorf("the facts are %+v", it.Claims.Facts)
	}
}

// Values that the ontology does not allow are left out with a note; rows that
// cannot be are rejected with the column.
func TestWrongCellsAreNamed(t *testing.T) {
	for cell, note := range map[[2]string]string{
		{"website", "javascript:alert(1)"}:         "website is left out",
		{"classification", "club"}:                 "classification is left out",
		{"contactable", "perhaps"}:                 "contactable is left out",
		{"from", "31/02/2020"}:                     "from is left out",
		{"identifiers", "novalue"}:                 "identifiers is left out",
		{"figures", "forty-seven"}:                 "figures is left out",
		{"name_nl", "control\u0007letter"}:         "name_nl is left out",
		{"figures", "size = 1 (2024-13)"}:          "figures is left out",
		{"figures", "size = 99999999999999999999"}: "figures is left out",
	} {
		it := read(t, "organisation", map[string]any{"name": "Example", cell[0]: cell[1]})
		if it.Dropped != "" || len(it.Notes) != 1 || !strings.HasPrefix(it.Notes[0], note) {
			t.Errorf("%v: %q, %q %s", cell, it.Notes, it.Dropped, it.Message)
		}
	}
	for _, c := range []struct {
		template, column string
		cells            map[string]any
	}{
		{"person", "id", map[string]any{"name": "Example", "id": "n_short"}},
		{"person", "", map[string]any{"given_name": "Example"}},
		{"person", "member_of", map[string]any{"name": "Example", "member_of": "X", "member_of_from": "soon"}},
		{"organisation", "to", map[string]any{"name": "Example", "from": "2001-05", "to": "2001-04"}},
		{"fact", "to", map[string]any{"subject": "X:2", "relation": "member of", "object": "X:1", "from": "2001", "to": "2000"}},
		{"fact", "subject", map[string]any{"relation": "MEMBER_OF", "object": "X:1"}},
		{"fact", "subject_kind", map[string]any{"subject": "X:2", "subject_kind": "Robot", "relation": "MEMBER_OF", "object": "X:1"}},
		{"fact", "", map[string]any{"subject": "X:2", "relation": "KNOWS", "object": "X:1"}},
		{"fact", "planned", map[string]any{"subject": "X:2", "relation": "member of", "object": "X:1", "planned": "perhaps"}},
	} {
		it := read(t, c.template, c.cells)
		if it.Dropped != rows.Rejected || it.Column != c.column || it.Message == "" || len(it.Claims.Things)+len(it.Claims.Facts) > 0 {
			t.Errorf("%v: %q in %q: %s", c.cells, it.Dropped, it.Column, it.Message)
		}
	}
	if it := read(t, "place", map[string]any{"name": "Example", "latitude": "90.5", "longitude": "180"}); !slices.Equal(it.Notes, []string{"latitude is left out: latitude must be -90 to 90"}) {
		t.Errorf("a place beyond the pole: %q", it.Notes)
	}
	if it := read(t, "person", map[string]any{"name": " ", "id": nil}); it.Dropped != rows.Skipped {
		t.Errorf("an empty row is %+v", it)
	}
}

// A guarded text is no formula and comes back; other apostrophes stay.
func TestGuard(t *testing.T) {
	for text, want := range map[string]string{
		"=1+1": "'=1+1", "'=1": "''=1", "-1": "'-1", "@a": "'@a", "\tx": "'\tx", "'s-Example": "'s-Example", "": "", "a=b": "a=b", "''": "''",
	} {
		if got := template.Guard(text); got != want {
			t.Errorf("%q is guarded as %q, want %q", text, got, want)
		}
	}
}

// Whatever a thing is called, its row comes back as the same claim.
func FuzzNamesComeBack(f *testing.F) {
	for _, s := range []string{"=x", "a|b", `\`, " a ", "a@nl", "'=1", "a@", "\n\n", `\|`, "@", "x@-y"} {
		f.Add(s, "nl")
		f.Add(s, "")
	}
	tpl := template.OfKind(ontology.Organisation)
	f.Fuzz(func(t *testing.T, value, language string) {
		thing := ontology.ThingClaim{
			Kind:        ontology.Organisation,
			Names:       []ontology.Name{{Value: value, Language: language, Type: ontology.OfficialName}, {Value: value, Language: language, Type: ontology.Acronym}},
			Identifiers: []ontology.Identifier{{Scheme: "X", Value: value}},
		}
		if thing.Validate() != nil {
			return // no name in a language
		}
		cells := map[string]any{}
		for i, c := range tpl.Cells(ontology.Thing{Kind: thing.Kind, Names: thing.Names, Identifiers: thing.Identifiers}) {
			cells[tpl.Header()[i]] = c
		}
		it := tpl.Item(source, "f", rows.Row{Fields: cells})
		if it.Dropped != "" || len(it.Claims.Things) != 1 || !reflect.DeepEqual(it.Claims.Things[0].Names, thing.Names) ||
			!reflect.DeepEqual(it.Claims.Things[0].Identifiers, thing.Identifiers) {
			t.Errorf("%q in %q comes back as %+v %s %q", value, language, it.Claims, it.Message, it.Notes)
		}
	})
}
