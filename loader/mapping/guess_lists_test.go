package mapping_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"coopgraph/ontology"
)

// proposed gives the mapping proposed for a file and what its rows claim by it.
func proposed(t *testing.T, name, content string) (text string, rows []told) {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	proposal, _ := guess(t, file)
	for _, it := range itemsOf(t, file, proposal) {
		rows = append(rows, tell(it))
	}
	return string(proposal), rows
}

// The word with which all headers begin is what the rows are about. A telephone
// number or a figure names no row, codes of provinces are no names of places,
// and what is called an abbreviation may be a shorter name.
func TestGuessReadsHeadersThatBeginAlike(t *testing.T) {
	text, got := proposed(t, "lijst.csv", `gemeente.naam,gemeente.afkorting,gemeente.provincie,gemeente.contact.telefoon,gemeente.contact.emailadres,gemeente.contact.internet,gemeente.aantalInwoners
Gemeente Voorbeeld,Voorbeeld,NH,(020)1111111,info@voorbeeld.example,http://www.voorbeeld.example,6307
Gemeente Elders,Elders,GLD,140591,gemeente@elders.example,http://www.elders.example,5920
Gemeente Nergens,Nergens,LB,(077)3333333,info@nergens.example,http://www.nergens.example,43045
`)
	compare(t, []told{{
		ontology.Organisation,
		[]string{"OFFICIAL Gemeente Voorbeeld", "SHORT Voorbeeld"},
		[]string{"LIJST:gemeente voorbeeld"},
		map[string]any{"website": "http://www.voorbeeld.example", "classification": "MUNICIPALITY", "mailbox": "info@voorbeeld.example"},
		nil,
	}}, got[:1])
	if !strings.Contains(text, `key: {column: "gemeente.naam"}`) {
		t.Errorf("the key is not the name:\n%s", text)
	}
}

// A number that rows of several names share is of something else: taken for
// theirs, it would make one thing of them.
func TestGuessTellsNumbersOfOtherThings(t *testing.T) {
	_, got := proposed(t, "operators.csv", `operator_abbr,operator_name,observatory_id,node
UEX,University of Example,OBS1,NODE-A
EMI,Example Marine Institute,OBS1,NODE-A
SBE,Station Biologique d'Exemple,OBS2,NODE-B
IEX,Istituto di Esempio,OBS3,NODE-C
`)
	identifiers := map[string]bool{}
	for _, row := range got {
		identifiers[strings.Join(row.identifiers, " ")] = true
	}
	if len(identifiers) != 4 {
		t.Errorf("4 organisations are %d: %v", len(identifiers), identifiers)
	}
}

// Namesakes that nothing but their address tells apart stay apart, and no row
// is lost.
func TestGuessTellsNamesakesByTheirAddress(t *testing.T) {
	text, got := proposed(t, "schulen.csv", `URL;Name;Träger;Gründung
http://a.example/;Hochschule (Berlin);staatlich;1971
http://b.example/;Hochschule (Berlin);privat;1647/1972
http://c.example/;Hochschule Beispiel;staatlich;2002
`)
	seen := map[string]bool{}
	for _, row := range got {
		seen[row.identifiers[0]] = true
	}
	if len(seen) != 3 || strings.Contains(text, "will be rejected") {
		t.Errorf("3 rows are %d things:\n%s", len(seen), text)
	}
}

// The website is the column of whole addresses of the rows' own; addresses of
// types and of parents, which many rows share, are none.
func TestGuessTellsTheWebsite(t *testing.T) {
	_, got := proposed(t, "list.csv", `id,name,domain,website,class_uri
1,Example College,student.example.gr,https://example.gr/,http://vocabulary.example/core#College
2,Example Institute,example.fr,https://www.example.fr/,http://vocabulary.example/core#College
3,Example Academy,example.at,http://example.at/,http://vocabulary.example/core#College
`)
	if website := got[0].props["website"]; website != "https://example.gr/" {
		t.Errorf("the website is %v", website)
	}
	_, got = proposed(t, "list.csv", `class_uri,name,id
http://vocabulary.example/core#Department,Accounting,8b9df681
http://vocabulary.example/core#Department,Biology,533de40b
http://vocabulary.example/core#Department,History,4d01014a
`)
	if website, there := got[0].props["website"]; there {
		t.Errorf("a type is the website %v", website)
	}
}

// Rows that have a gender are people, though no header says so; names to sort
// by are no further names, and items of other things than the row's are not
// the row's.
func TestGuessTellsPeopleByWhatOnlyPeopleHave(t *testing.T) {
	_, got := proposed(t, "term.csv", `id,wikidata_group,name,sort_name,group,area,gender,wikidata
361a24bf,Q9000001,Ada Example,"Example, Ada",unknown,North,female,Q563297
802e8e7a,Q9000001,Bo Sample,"Sample, Bo",unknown,South,male,Q5200657
92077ffa,Q9000001,Cy Specimen,"Specimen, Cy",unknown,South,male,Q58096
`)
	compare(t, []told{{
		ontology.Person, []string{"OFFICIAL Ada Example"}, []string{"WIKIDATA:Q563297", "TERM:361a24bf"}, map[string]any{}, nil,
	}}, got[:1])
}

// A code list says what things are called in any language: its rows are themes
// unless something in them acts or lies somewhere.
func TestGuessReadsCodeListsInAnyLanguage(t *testing.T) {
	_, got := proposed(t, "types.gc", `<?xml version="1.0" encoding="UTF-8"?>
<gc:CodeList xmlns:gc="http://docs.oasis-open.org/codelist/ns/genericode/1.0/">
<Identification><ShortName>Types</ShortName><Version>1</Version><CanonicalUri>http://types.example/</CanonicalUri><CanonicalVersionUri/></Identification>
<ColumnSet><Column Id="code" Use="required"><ShortName>Code</ShortName><Data Type="normalizedString"/></Column>
<Column Id="Name" Use="optional"><ShortName>Name</ShortName><Data Type="string"/></Column>
<Column Id="bul_label" Use="optional"><ShortName>bulLabel</ShortName><Data Type="string"/></Column>
<Column Id="nld_label" Use="optional"><ShortName>nldLabel</ShortName><Data Type="string"/></Column></ColumnSet>
<SimpleCodeList><Row><Value ColumnRef="code"><SimpleValue>body</SimpleValue></Value><Value ColumnRef="Name"><SimpleValue>Public body</SimpleValue></Value>
<Value ColumnRef="bul_label"><SimpleValue>Публична организация</SimpleValue></Value><Value ColumnRef="nld_label"><SimpleValue>Publieke instelling</SimpleValue></Value></Row>
<Row><Value ColumnRef="code"><SimpleValue>other</SimpleValue></Value><Value ColumnRef="Name"><SimpleValue>Other</SimpleValue></Value></Row></SimpleCodeList></gc:CodeList>`)
	compare(t, []told{{
		ontology.Theme,
		[]string{"OFFICIAL Public body", "OFFICIAL Публична организация@bg", "OFFICIAL Publieke instelling@nl"},
		[]string{"TYPES:body"},
		map[string]any{},
		nil,
	}}, got[:1])
}

// The records of a JSON document are found under whatever keys, and the keys of
// an object's members are the records' own.
func TestGuessFindsTheRecordsOfADocument(t *testing.T) {
	_, got := proposed(t, "ports.json", `{"BEANR": {"name": "Antwerp", "country": "Belgium", "unlocs": ["BEANR"]}, "NLRTM": {"name": "Rotterdam", "country": "Netherlands", "unlocs": ["NLRTM"]},
 "ANBON": {"name": "Bonaire", "country": "Netherlands Antilles", "unlocs": ["ANBON"]}}`)
	compare(t, []told{{
		ontology.Organisation, []string{"OFFICIAL Antwerp"}, []string{"PORTS:BEANR"}, map[string]any{}, []string{"#0 LOCATED_IN ISO3166:BE"},
	}}, got[:1])
	text, got := proposed(t, "codes.json", `{"attributes": {"complete": "1"}, "data": [{"code": "BE-KBO", "name": "Register of Example", "url": "https://example.org/"}, {"code": "LU-RCS", "name": "Example Register", "url": "https://example.net/"}], "metadata": {"name": "Codes"}}`)
	if len(got) != 2 || !strings.Contains(text, `items: "data"`) || got[0].props["website"] != "https://example.org/" {
		t.Errorf("%d rows, %v by\n%s", len(got), got, text)
	}
}

// A table whose first row is one of its rows has no header: none is lost.
func TestGuessSeesThatAHeaderIsMissing(t *testing.T) {
	text, got := proposed(t, "clubs.csv", `Club A - Example Students,President: A,info@a.example,http://a.example/,https://social.example/a
Club B,President: B,info@b.example,http://b.example
Greenhouse,info@c.example,http://c.example,http://social.example/c
LOOP,loop@d.example
`)
	compare(t, []told{{
		ontology.Organisation,
		[]string{"OFFICIAL Club A - Example Students"},
		[]string{"CLUBS:club a example students"},
		map[string]any{"website": "http://a.example/", "mailbox": "info@a.example"},
		nil,
	}}, got[:1])
	if len(got) != 4 || !strings.Contains(text, `csv: {header: "none"}`) {
		t.Errorf("4 rows are %d by\n%s", len(got), text)
	}
}

// Titles that a law gives are names, those that all rows have before those of
// some, one of them official in a language; codes of types may be written as one
// word.
func TestGuessTellsTitlesFromFunctions(t *testing.T) {
	_, got := proposed(t, "bodies.csv", `org_id,abbr_en,legal_title_en,applied_title_en,form_code,other_title,category
1,AAF,Department of Examples,Examples Canada,x,Exemples Canada,dept_agency
2,HC,House of Examples,,x,,crown_corp
4,,Example Foundation,,x,,dept_agency
`)
	compare(t, []told{{
		ontology.Organisation,
		[]string{"OFFICIAL Department of Examples@en", "ALTERNATIVE Examples Canada@en", "ACRONYM AAF@en"},
		[]string{"BODIES:1"},
		map[string]any{"classification": "AGENCY"},
		nil,
	}}, got[:1])
}

// What stands for nothing is nothing, neither a website nor Namibia; the name of
// an organisation comes before its status, and that of who answers for it is
// none of its names.
func TestGuessReadsRegistersWithEmptyMarkers(t *testing.T) {
	text, got := proposed(t, "hospitals.csv", `OrganisationCode,OrganisationStatus,OrganisationName,Address3,City,ResponsiblePersonName,Email,Website
NDA07,Visible,Oak County Hospital,NA,Oakville,Mary Example,NA,NA
NDA18,Visible,Elm Regional Clinic,NA,Elmham,John Example,NA,www.elm.example
NLT02,Visible,Ash Health Centre,NA,Ashton,NA,info@ash.example,http://www.ash.example
`)
	compare(t, []told{
		{
			ontology.Organisation,
			[]string{"OFFICIAL Oak County Hospital"},
			[]string{"HOSPITALS:NDA07"},
			map[string]any{},
			[]string{"#0 LOCATED_IN NAME:oakville"},
		},
	}, got[:1])
	for _, want := range []string{`empty: ["NA"]`, `# Not loaded, since they may hold personal data: "ResponsiblePersonName".`} {
		if !strings.Contains(text, want) {
			t.Errorf("the mapping lacks %s:\n%s", want, text)
		}
	}
}

// NA among codes of countries is Namibia, whatever it is elsewhere.
func TestGuessKeepsNamibia(t *testing.T) {
	text, _ := proposed(t, "ports.csv", `id,name,country,website
1,Port of Example,NA,NA
2,Port of Elsewhere,ZA,http://elsewhere.example
3,Port of Nowhere,NA,http://nowhere.example
`)
	if strings.Contains(text, "empty:") {
		t.Errorf("Namibia is taken for nothing:\n%s", text)
	}
}

// An IRI of each row identifies it, and is no website; umlauts may be written as
// two letters.
func TestGuessTakesIRIsForIdentifiers(t *testing.T) {
	_, got := proposed(t, "laender.csv", `BL_ID,BL_Kuerzel,BL_Name_DE,BL_Name_EN,BL_URI
1,XA,Beispielland,Exampleland,http://states.example/key/01
2,XB,Musterland,Modelland,http://states.example/key/02
3,XC,Niemandsland,Nowhereland,http://states.example/key/03
`)
	compare(t, []told{{
		ontology.Organisation,
		[]string{"OFFICIAL Beispielland@de", "OFFICIAL Exampleland@en", "ACRONYM XA"},
		[]string{"URI:http://states.example/key/01", "LAENDER:1"},
		map[string]any{},
		nil,
	}}, got[:1])
}
