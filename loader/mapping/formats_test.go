package mapping_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"coopgraph/loader/mapping"
	"coopgraph/ontology"
	"coopgraph/store"
)

// toldBy reads a file by a built-in mapping and tells what each row claims.
func toldBy(t *testing.T, name, file, content string) []told {
	t.Helper()
	path := filepath.Join(t.TempDir(), file)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile("mappings/" + name + ".yaml")
	if err != nil {
		t.Fatal(err)
	}
	var out []told
	for _, it := range itemsOf(t, path, text) {
		if it.Dropped == "" {
			out = append(out, tell(it))
		}
	}
	return out
}

func compare(t *testing.T, want, got []told) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(told{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A record of ROR in the first version of its schema gives what one in the
// second gives: names by language, identifiers, places, relations.
func TestRORSchema1(t *testing.T) {
	compare(t, []told{{
		ontology.Organisation,
		[]string{"OFFICIAL Example Institute", "OFFICIAL Voorbeeldinstituut@nl", "ACRONYM EI", "ALTERNATIVE The Institute"},
		[]string{"ROR:000k1q888", "WIKIDATA:Q1", "ISNI:0000 0001 1161 7020", "GRID:grid.1.a"},
		map[string]any{"website": "https://example.org", "classification": "UNIVERSITY", "from": "1949"},
		[]string{"#1 PART_OF ISO3166:NL", "#0 LOCATED_IN #1", "#0 PART_OF ROR:00d21gf72"},
	}}, toldBy(t, "ror-v1", "dump.json", `[{"id": "https://ror.org/000k1q888", "name": "Example Institute", "status": "active",
		"labels": [{"label": "Voorbeeldinstituut", "iso639": "nl"}], "acronyms": ["EI"], "aliases": ["The Institute"], "types": ["Education"],
		"links": ["https://example.org"], "established": 1949, "country": {"country_code": "NL", "country_name": "Netherlands"},
		"addresses": [{"lat": 52.8, "lng": 6.4, "geonames_city": {"id": 2756451, "city": "Dwingeloo"}}],
		"external_ids": {"GRID": {"preferred": "grid.1.a", "all": "grid.1.a"}, "ISNI": {"preferred": null, "all": ["0000 0001 1161 7020"]}, "Wikidata": {"preferred": null, "all": ["Q1"]}},
		"relationships": [{"type": "Parent", "label": "X", "id": "https://ror.org/00d21gf72"}]}]`))
}

// People, organisations, posts, memberships, areas and events of Popolo, with
// their dates; of contact data only an organisation's mailbox.
func TestPopolo(t *testing.T) {
	got := toldBy(t, "popolo", "parliament-2024.json", `{
		"persons": [{"id": "p1", "name": "Ada Example", "given_name": "Ada", "family_name": "Example", "birth_date": "1970-01-01", "email": "info@example.org",
			"contact_details": [{"type": "email", "value": "info@example.org"}],
			"other_names": [{"name": "A. Example"}, {"name": "Ada Former", "end_date": "2000"}], "identifiers": [{"scheme": "wikidata", "identifier": "Q42"}]}],
		"organizations": [{"id": "o1", "name": "House", "classification": "legislature", "area_id": "a1", "contact_details": [{"type": "email", "value": "info@house.example.org"}]}, {"id": "o2", "name": "Party", "parent_id": "o1"}],
		"posts": [{"id": "s1", "label": "Speaker", "organization_id": "o1"}],
		"areas": [{"id": "a1", "name": "North"}],
		"events": [{"id": "e1", "name": "First term", "start_date": "2019-06-01", "organization_id": "o1"}],
		"memberships": [{"person_id": "p1", "organization_id": "o1", "post_id": "s1", "on_behalf_of_id": "o2", "role": "member", "start_date": "2020-01", "legislative_period_id": "e1"}]}`)
	byName := map[string]told{}
	for _, x := range got {
		name := "membership"
		if len(x.names) > 0 {
			name = x.names[0]
		}
		byName[name] = x
	}
	want := map[string]told{
		"OFFICIAL Ada Example": {
			ontology.Person,
			[]string{"OFFICIAL Ada Example", "ALTERNATIVE A. Example", "FORMER Ada Former"},
			[]string{"POPOLO-PARLIAMENT:p1", "WIKIDATA:Q42"},
			map[string]any{"givenName": "Ada", "familyName": "Example"},
			nil,
		},
		"OFFICIAL House": {
			ontology.Organisation,
			[]string{"OFFICIAL House"},
			[]string{"POPOLO-PARLIAMENT:o1"},
			map[string]any{"classification": "INSTITUTION", "mailbox": "info@house.example.org"},
			[]string{"#0 COVERS POPOLO-PARLIAMENT:a1"},
		},
		"OFFICIAL Party":   {ontology.Organisation, []string{"OFFICIAL Party"}, []string{"POPOLO-PARLIAMENT:o2"}, map[string]any{}, []string{"#0 PART_OF POPOLO-PARLIAMENT:o1"}},
		"OFFICIAL Speaker": {ontology.Post, []string{"OFFICIAL Speaker"}, []string{"POPOLO-PARLIAMENT:s1"}, map[string]any{}, []string{"#0 POST_IN POPOLO-PARLIAMENT:o1"}},
		"OFFICIAL North":   {ontology.Place, []string{"OFFICIAL North"}, []string{"POPOLO-PARLIAMENT:a1"}, map[string]any{}, nil},
		"OFFICIAL First term": {
			ontology.Event,
			[]string{"OFFICIAL First term"},
			[]string{"POPOLO-PARLIAMENT:e1"},
			map[string]any{"from": "2019-06-01"},
			[]string{"#0 LINKED_TO POPOLO-PARLIAMENT:o1 of"},
		},
		"membership": {props: map[string]any{}},
	}
	if diff := cmp.Diff(want, byName, cmp.AllowUnexported(told{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A membership row claims facts alone: as member, in the post, on whose behalf
// and in which term.
func TestPopoloMembership(t *testing.T) {
	path := filepath.Join(t.TempDir(), "house.json")
	content := `{"memberships": [{"person_id": "p1", "organization_id": "o1", "post_id": "s1", "on_behalf_of_id": "o2", "role": "member", "start_date": "2020-01", "legislative_period_id": "e1"}], "persons": []}`
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile("mappings/popolo.yaml")
	if err != nil {
		t.Fatal(err)
	}
	items := itemsOf(t, path, text)
	if len(items) != 1 {
		t.Fatalf("%d rows", len(items))
	}
	var got []string
	for _, f := range items[0].Claims.Facts {
		got = append(got, f.Subject.Key+" "+string(f.Relation)+" "+f.Object.Key+" "+f.Role+" "+string(f.From))
	}
	want := []string{
		"POPOLO-HOUSE:p1 MEMBER_OF POPOLO-HOUSE:o1 member 2020-01",
		"POPOLO-HOUSE:p1 HOLDS POPOLO-HOUSE:s1  2020-01",
		"POPOLO-HOUSE:p1 LINKED_TO POPOLO-HOUSE:o2 on behalf of 2020-01",
		"POPOLO-HOUSE:p1 TOOK_PART_IN POPOLO-HOUSE:e1 member ",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A SKOS list in Turtle gives themes, with labels by language, what is
// broader, and what matches.
func TestSKOSInTurtle(t *testing.T) {
	compare(t, []told{
		{
			ontology.Theme,
			[]string{"OFFICIAL water@en", "OFFICIAL eau@fr", "ALTERNATIVE waters@en"},
			[]string{"URI:http://example.org/t/water", "EUROVOC:3730", "EXACTMATCH:http://eurovoc.europa.eu/3730"},
			map[string]any{"scheme": "http://example.org/t"},
			[]string{"#0 BROADER URI:http://example.org/t/nature", "#0 RELATED URI:http://example.org/t/rain"},
		},
	}, toldBy(t, "skos", "themes.ttl", `@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix : <http://example.org/t/> .
:water a skos:Concept ; skos:inScheme <http://example.org/t> ; skos:prefLabel "water"@en, "eau"@fr ; skos:altLabel "waters"@en ;
  skos:broader :nature ; skos:related :rain ; skos:exactMatch <http://eurovoc.europa.eu/3730> .
<http://example.org/t> a skos:ConceptScheme ; skos:prefLabel "Themes"@en .
`))
}

// Public bodies of another country, in the columns of before, with a parent.
func TestPublicBodiesInOlderColumns(t *testing.T) {
	compare(t, []told{{
		ontology.Organisation,
		[]string{"OFFICIAL Direction des Ponts@fr", "ACRONYM DP"},
		[]string{"PUBLICBODIES:fr/ponts"},
		map[string]any{"website": "http://example.org", "mailbox": "accueil@example.org", "classification": "AGENCY"},
		[]string{"#0 PART_OF PUBLICBODIES:fr/travaux", "#0 LOCATED_IN ISO3166:FR"},
	}}, toldBy(t, "publicbodies", "fr.csv", "title,abbr,key,category,parent,parent_key,description,url,jurisdiction,jurisdiction_code,email\n"+
		"Direction des Ponts,DP,fr/ponts,Agence,Travaux,fr/travaux,,http://example.org,France,FR,accueil@example.org\n"))
}

// Addresses that are not those of a function are not taken for an
// organisation's mailbox.
func TestMailboxesAreThoseOfFunctions(t *testing.T) {
	for mail, taken := range map[string]bool{
		"info@example.org": true, "E-Mail: poststelle@example.org": true, "a@b, info@example.org": true,
		"ada.example@example.org": false, "example@example.org": false, "a.example@example.org": false, "": false,
	} {
		got := toldBy(t, "publicbodies", "x.csv", "id,name,email\no,O,\""+mail+"\"\n")
		if _, ok := got[0].props["mailbox"]; ok != taken {
			t.Errorf("%q taken: %v, want %v", mail, ok, taken)
		}
	}
}

// A generic mapping gives lists of different files sources of their own, and
// next year's file the source of this year's.
func TestSourcesAreByList(t *testing.T) {
	m, err := mapping.Open("skos")
	if err != nil {
		t.Fatal(err)
	}
	source := func(file string) store.ID {
		f, err := m.For(file, "ntriples")
		if err != nil {
			t.Fatal(err)
		}
		return f.Document().ID
	}
	if source("refnis2025.nt") != source("refnis2019.nt.gz") || source("refnis2025.nt") == source("be-theme.nt") {
		t.Error("lists are told apart by year, or not by name")
	}
}

// Aliases that would grow without bound are refused.
func TestAliasBombIsRefused(t *testing.T) {
	text := "format: csv\nlookups:\n  a: &a {x: y}\n"
	text += "anchors:\n  b0: &b0 [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]\n"
	for i := range 8 {
		next := string(rune('1' + i))
		text += "  b" + next + ": &b" + next + " ["
		for j := range 10 {
			if j > 0 {
				text += ", "
			}
			text += "*b" + string(rune('0'+i))
		}
		text += "]\n"
	}
	if _, err := mapping.Parse("bomb.yaml", []byte(text)); !errors.Is(err, store.ErrInvalid) {
		t.Errorf("the bomb is taken: %v", err)
	}
}

// Organisations, units, people, posts and memberships of RDF in the terms of
// the Organization Ontology, regorg, FOAF and vCard, with names in their
// languages and both directions of what is part of what; addresses and other
// subjects are passed over, not rejected.
func TestOrganizationOntology(t *testing.T) {
	compare(t, []told{
		{
			ontology.Person,
			[]string{"OFFICIAL Ada Example"},
			[]string{"URI:http://list.example/ada", "ORCID:0000-0002-1825-0097"},
			map[string]any{"givenName": "Ada", "familyName": "Example"},
			[]string{"#0 MEMBER_OF URI:http://list.example/agency", "#0 HOLDS URI:http://list.example/head"},
		},
		{
			ontology.Organisation,
			[]string{"OFFICIAL Etaten@nb", "OFFICIAL The Agency@en", "ALTERNATIVE ETATEN"},
			[]string{"URI:http://list.example/agency", "WIKIDATA:Q42", "NOTATION-LIST:991"},
			map[string]any{"website": "https://agency.example/", "mailbox": "info@agency.example", "classification": "AGENCY", "from": "2011-11-01"},
			[]string{"#0 PART_OF URI:http://list.example/ministry", "URI:http://list.example/unit PART_OF #0"},
		},
		{ontology.Organisation, []string{"OFFICIAL Unit"}, []string{"URI:http://list.example/unit"}, map[string]any{"classification": "UNIT"}, nil},
		{ontology.Post, []string{"OFFICIAL Head of the agency"}, []string{"URI:http://list.example/head"}, map[string]any{}, []string{"#0 POST_IN URI:http://list.example/agency"}},
		{props: map[string]any{}},
	}, toldBy(t, "org", "list.ttl", `@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix rov: <http://www.w3.org/ns/regorg#> .
@prefix vcard: <http://www.w3.org/2006/vcard/ns#> .
@prefix schema: <https://schema.org/> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix : <http://list.example/> .
:ada a foaf:Person ; foaf:givenName "Ada" ; foaf:familyName "Example" ; owl:sameAs <https://orcid.org/0000-0002-1825-0097> ;
  org:memberOf :agency ; org:holds :head ; foaf:mbox <mailto:ada.example@agency.example> ; vcard:hasAddress [ a vcard:Address ; vcard:country-name "NO" ] .
:agency a foaf:Agent, rov:RegisteredOrganization ; dct:identifier "991" ; rov:legalName "ETATEN" ; foaf:name "Etaten"@nb, "The Agency"@en ;
  owl:sameAs <http://www.wikidata.org/entity/Q42> ; rov:orgType <http://types.example/Agency> ; foaf:homepage <https://agency.example/> ;
  vcard:hasEmail <mailto:info@agency.example> ; schema:foundingDate "2011-11-01" ; org:subOrganizationOf :ministry ; org:hasUnit :unit .
:unit a org:OrganizationalUnit ; foaf:name "Unit" .
:head a org:Post ; foaf:name "Head of the agency" ; org:postIn :agency .
[ a org:Membership ; org:member :ada ; org:organization :unit ; org:role <http://roles.example/adviser> ] .
`))
}

// Belgian publishers of data are known by their numbers in the register of
// enterprises, and classified by ADMS.
func TestOrganizationOntologyReadsPublishers(t *testing.T) {
	compare(t, []told{{
		ontology.Organisation,
		[]string{"OFFICIAL Voorbeeld@nl"},
		[]string{"URI:https://org.belgif.be/id/CbeRegisteredEntity/0123456749", "KBO:0123456749"},
		map[string]any{"classification": "GOVERNMENT_BODY"},
		nil,
	}}, toldBy(t, "org", "list.ttl", `@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dct: <http://purl.org/dc/terms/> .
<https://org.belgif.be/id/CbeRegisteredEntity/0123456749> a foaf:Organization ; skos:prefLabel "Voorbeeld"@nl ;
  dct:type <http://purl.org/adms/publishertype/RegionalAuthority> .
`))
}
