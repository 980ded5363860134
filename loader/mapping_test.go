package loader_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"coopgraph/loader/mapping"
	"coopgraph/loader/rows"
	"coopgraph/ontology"
	"coopgraph/ontology/contact"
	"coopgraph/ontology/search"
	"coopgraph/store"
)

// Every built-in mapping is read, and bears a name of its own.
func TestBuiltInMappingsAreRead(t *testing.T) {
	names, err := mapping.Names()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"be-dictionary", "ips-cases", "kohesio-beneficiaries", "labels", "marcobolo-organization", "marcobolo-person", "nuts-genericode",
		"org", "popolo", "publicbodies", "ror-v1", "ror-v2", "skos", "skos-place",
	} {
		if !slices.Contains(names, want) {
			t.Errorf("there is no mapping %s", want)
		}
	}
	sources := map[store.ID]bool{}
	for _, name := range names {
		m := builtIn(t, name)
		if m.Name() != name || sources[m.Document().ID] {
			t.Errorf("%s is named %s and is the source %s", name, m.Name(), m.Document().Title)
		}
		sources[m.Document().ID] = true
	}
	if _, err := mapping.Open("absent"); !errors.Is(err, rows.ErrNoInput) || !strings.Contains(err.Error(), "ror-v2") {
		t.Errorf("an absent mapping: %v", err)
	}
}

// What is wrong with a mapping is said with its line, and with what would be
// right where that can be told.
func TestMappingErrorsNameTheLine(t *testing.T) {
	for _, c := range []struct{ old, changed, want string }{
		{"format: csv", "format: xls", `format "xls": want one of csv, xlsx, table, json`},
		{"scheme: TINY\nsource", "skeme: TINY\nsource", `tiny.yaml:3: unknown field "skeme"`},
		{"kind: Organisation", "kind: Organization", `"Organization" is no kind`},
		{"relation: PART_OF", "relation: PARTOF", `tiny.yaml:18: "PARTOF" is no relation`},
		{`subject: "#self"`, `subject: "#me"`, `tiny.yaml:18: "#me" names no thing of the row`},
		{"type: OFFICIAL", "type: LONG", "tiny.yaml:13: names: want from, and a type of name"},
		{"website: {from", "web: {from", `tiny.yaml:15: properties: want a property of Organisation, and from: "web"`},
		{"{column: web}", "{colunm: web}", `tiny.yaml:15: unknown field "colunm"`},
		{"{column: web}", "{column: web, path: web}", "tiny.yaml:15: want one of value, column, columns, path and text"},
		{"{column: web}", "{column: web, match: '('}", "tiny.yaml:15: match: error parsing regexp"},
		{"{column: web}", "{column: web, lookup: webs}", `tiny.yaml:15: there is no lookup "webs"`},
		{"date: [DD/MM/YYYY, YYYY]", "date: DD/MM/YY", `tiny.yaml:16: date "DD/MM/YY": want YYYY, MM and DD`},
		{"key: {column: id}", "key: {column: id", "tiny.yaml:"},
		{"source: {key: tiny, title: A tiny list}", "source: {key: tiny}", "source: want a key and a title"},
	} {
		text := strings.Replace(tiny, c.old, c.changed, 1)
		if text == tiny {
			t.Fatalf("%q is not in the mapping", c.old)
		}
		_, err := mapping.Parse("tiny.yaml", []byte(text))
		if !errors.Is(err, store.ErrInvalid) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", c.changed, err, c.want)
		}
	}
}

// The registry's records become organisations with their names by type and
// language, identifiers, dates and places.
func TestRORRecordIsUnderstood(t *testing.T) {
	s := openSQLite(t)
	plantSeed(t, s)
	load(t, s, ror)
	astron := byIdentifier(t, s, ontology.Organisation, "ROR:000k1q888")
	if got := astron.Name("en") + "/" + astron.Name("nl"); got != "Netherlands Institute for Radio Astronomy/Nederlands Instituut voor Radioastronomie" {
		t.Errorf("it is named %s", got)
	}
	want := []ontology.Identifier{
		{Scheme: "FUNDREF", Value: "501100014073"},
		{Scheme: "GRID", Value: "grid.425696.a"},
		{Scheme: "ISNI", Value: "0000 0001 1161 7020"},
		{Scheme: "ROR", Value: "000k1q888"},
		{Scheme: "WIKIDATA", Value: "Q751860"},
	}
	if diff := cmp.Diff(want, astron.Identifiers); diff != "" {
		t.Errorf("identifiers (-want +got):\n%s", diff)
	}
	props := store.Props{"website": "https://www.astron.nl", "from": "1949", "classification": "OTHER"}
	if diff := cmp.Diff(props, astron.Props); diff != "" {
		t.Errorf("properties (-want +got):\n%s", diff)
	}
	if got := related(t, s, astron.ID, ontology.LocatedIn); !cmp.Equal(got, []string{"Dwingeloo"}) {
		t.Errorf("it is located in %q", got)
	}
	dwingeloo := byIdentifier(t, s, ontology.Place, "GEONAMES:2756451")
	if got := related(t, s, dwingeloo.ID, ontology.PartOf); !cmp.Equal(got, []string{"Netherlands"}) {
		t.Errorf("Dwingeloo is part of %q", got)
	}
	// A place that the seed knows is not made again.
	brussels := byIdentifier(t, s, ontology.Place, "GEONAMES:2800866")
	if got := brussels.Name("nl"); got != "Brussel" {
		t.Errorf("Brussels is named %q", got)
	}
}

// The people of MARCO-BOLO are joined to their organisations and work
// packages, which bear their telling titles, and to what they are contacts for.
func TestMarcoBoloIsUnderstood(t *testing.T) {
	s := openSQLite(t)
	load(t, s, organisations)
	load(t, s, people)
	wp := byIdentifier(t, s, ontology.Project, "MARCO-BOLO:mbo_org_mbo_wp2")
	if got := wp.Name("en"); got != "Validating the Use of eDNA" {
		t.Errorf("the work package is named %q", got)
	}
	if got := related(t, s, wp.ID, ontology.PartOf); !cmp.Equal(got, []string{"MARCO-BOLO"}) {
		t.Errorf("it is part of %q", got)
	}
	person := byIdentifier(t, s, ontology.Person, "ORCID:0000-0001-7806-6761")
	if got := related(t, s, person.ID, ontology.ParticipatesIn); !cmp.Equal(got, []string{wp.Name("en")}) {
		t.Errorf("the person takes part in %q", got)
	}
	if got := related(t, s, person.ID, ontology.MemberOf); len(got) != 1 {
		t.Errorf("the person is a member of %q", got)
	}
	mbo := byIdentifier(t, s, ontology.Project, "MARCO-BOLO:mbo_org_mbo")
	obis := byIdentifier(t, s, ontology.Organisation, "ROR:00d21gf72")
	for id, want := range map[store.ID]int{mbo.ID: 3, obis.ID: 1} {
		hops, err := s.Expand(t.Context(), []store.ID{id}, []store.Step{{Legs: []store.Leg{{Rel: ontology.ContactPointFor, Dir: store.In}}}})
		if err != nil || len(hops[id][0].Items) != want {
			t.Errorf("%s has %d contacts, %v; want %d", id, len(hops[id][0].Items), err, want)
		}
	}
}

func byIdentifier(t testing.TB, s store.Store, kind store.Kind, key string) ontology.Thing {
	t.Helper()
	page, err := s.Find(t.Context(), []store.Kind{kind}, store.Filter{Conds: []store.Cond{{Prop: "identifiers", Values: []any{key}}}}, store.Paging{})
	if err != nil || len(page.Items) != 1 {
		t.Fatalf("%d things bear %s, %v", len(page.Items), key, err)
	}
	thing, err := ontology.ThingOf(page.Items[0])
	if err != nil {
		t.Fatal(err)
	}
	return thing
}

// related names what the thing has facts of the relation with.
func related(t testing.TB, s store.Store, id store.ID, rel store.Rel) []string {
	t.Helper()
	hops, err := s.Expand(t.Context(), []store.ID{id}, []store.Step{{Legs: []store.Leg{{Rel: rel}}, NodeProps: []string{store.All}}})
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, h := range hops[id][0].Items {
		thing, err := ontology.ThingOf(h.Node)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, thing.Name("en"))
	}
	return out
}

// After the lists are loaded, their people are found by name, and as contacts
// for the work package they take part in, by its title.
func TestMarcoBoloPeopleAnswer(t *testing.T) {
	s := openSQLite(t)
	plantSeed(t, s)
	load(t, s, ror)
	load(t, s, organisations)
	load(t, s, people)
	person := byIdentifier(t, s, ontology.Person, "ORCID:0000-0001-7806-6761")
	found, err := search.Search(t.Context(), s, search.Question{Text: person.Name("en"), Language: "en", Limit: 5})
	if err != nil || len(found.Hits) == 0 || found.Hits[0].Node.ID != person.ID {
		t.Errorf("the person is not the first of %d hits for the name, %v", len(found.Hits), err)
	}
	contacts, err := contact.Find(t.Context(), s, nil, contact.Question{About: "Validating the Use of eDNA", Language: "en", AsOf: "2026-01-01"})
	if err != nil {
		t.Fatal(err)
	}
	taking := 0
	for _, m := range contacts.Matches {
		if m.Kind == ontology.Person && slices.Contains(related(t, s, m.Node, ontology.ParticipatesIn), "Validating the Use of eDNA") {
			taking++
		}
	}
	if taking == 0 {
		t.Errorf("none of %d contacts for the work package takes part in it", len(contacts.Matches))
	}
}
