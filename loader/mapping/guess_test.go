package mapping_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"coopgraph/loader/mapping"
	"coopgraph/loader/read"
	"coopgraph/loader/rows"
	"coopgraph/ontology"
	"coopgraph/store"
)

// told is what a row claims of its first thing, in short.
type told struct {
	kind        store.Kind
	names       []string
	identifiers []string
	props       map[string]any
	facts       []string
}

func tell(it *rows.Item) told {
	out := told{props: map[string]any{}}
	if len(it.Claims.Things) == 0 {
		return out
	}
	thing := it.Claims.Things[0]
	out.kind = thing.Kind
	for _, n := range thing.Names {
		out.names = append(out.names, strings.TrimRight(n.Type+" "+n.Value+"@"+n.Language, "@"))
	}
	for _, i := range thing.Identifiers {
		out.identifiers = append(out.identifiers, i.Key())
	}
	for name, v := range thing.Props {
		out.props[name] = v
	}
	for _, f := range it.Claims.Facts {
		out.facts = append(out.facts, strings.TrimSpace(strings.Join([]string{f.Subject.Key, string(f.Relation), f.Object.Key, f.Role, string(f.From)}, " ")))
	}
	return out
}

// Tables in four languages and several dialects give what their headers and
// values say, with no mapping written.
func TestGuessUnderstandsOrdinaryTables(t *testing.T) {
	for _, c := range []struct {
		file, table string
		want        told
	}{
		{
			"partners.csv",
			"Naam (NL);Nom (FR);Afkorting;Website;Land;Plaats;Ondernemingsnummer;Opgericht op;E-mail;Telefoon\n" +
				"Haven van Antwerpen;Port d'Anvers;HA;https://example.org;België;Antwerpen;BE 0403.170.701;15/03/1997;info@example.org;+32 3 000\n" +
				"Vlaamse Havens;Ports flamands;;https://example.net;BE;Gent;0403.199.702;01/02/2001;jan.peeters@example.net;+32 9 000\n",
			told{
				ontology.Organisation,
				[]string{"OFFICIAL Haven van Antwerpen@nl", "OFFICIAL Port d'Anvers@fr", "ACRONYM HA"},
				[]string{"KBO:0403170701"},
				map[string]any{"website": "https://example.org", "from": "1997-03-15", "mailbox": "info@example.org"},
				[]string{"#0 LOCATED_IN NAME:antwerpen", "#0 LOCATED_IN ISO3166:BE"},
			},
		},
		{
			"annuaire.tsv",
			"Nom de l'organisme\tSigle\tPays\tVille\tType\tSite web\n" +
				"Université du Val\tUV\tFrance\tMetz\tUniversité\twww.example.org/uv\nAgence de l'eau\tAE\tFrance\tNancy\tAgence\thttps://example.org/ae\n",
			told{
				ontology.Organisation,
				[]string{"OFFICIAL Université du Val", "ACRONYM UV"},
				[]string{"ANNUAIRE:universite du val france metz"},
				map[string]any{"website": "https://www.example.org/uv", "classification": "UNIVERSITY"},
				[]string{"#0 LOCATED_IN NAME:metz", "#0 LOCATED_IN ISO3166:FR"},
			},
		},
		{
			"behoerden.csv",
			"Nr.;Bezeichnung DE;Kürzel;übergeordnete Behörde;Ort;Gründungsjahr\n1;Ministerium der Wälder;MW;;Mainz;1949\n2;Amt für Bäche;AB;1;Trier;1987\n3;Amt für Seen;AS;1;Bonn;1990\n",
			told{
				ontology.Organisation,
				[]string{"OFFICIAL Ministerium der Wälder@de", "ACRONYM MW"},
				[]string{"BEHOERDEN:1"},
				map[string]any{"from": "1949"},
				[]string{"#0 LOCATED_IN NAME:mainz"},
			},
		},
		{
			"experts.csv",
			"First name,Last name,Function,Organisation,Email,Since,Date of birth\nAda,Example,Head of unit,Example Institute,ada@example.org,2020-01-01,1970-01-01\nBo,Sample,Adviser,Example Institute,bo@example.org,2021-05-01,1980-01-01\n",
			told{
				ontology.Person,
				[]string{"OFFICIAL Ada Example"},
				[]string{"EXPERTS:ada example"},
				map[string]any{"givenName": "Ada", "familyName": "Example"},
				[]string{"#0 MEMBER_OF #1 Head of unit 2020-01-01"},
			},
		},
		{
			"projects.csv",
			"Project title,Lead partner,Start date,End date,NUTS\nGreen Rivers,Water Board,01.09.2020,31.08.2023,NL42\nBlue Roads,Road Board,1.1.2021,31.12.2022,BE21\n",
			told{
				ontology.Project,
				[]string{"OFFICIAL Green Rivers"},
				[]string{"PROJECTS:green rivers"},
				map[string]any{"from": "2020-09-01", "to": "2023-08-31"},
				[]string{"#0 LOCATED_IN NUTS:NL42", "#1 PARTICIPATES_IN #0 lead"},
			},
		},
		{
			"havens.csv",
			"Lijst van havens;;;\n;;;\nHavenbedrijf;Gemeente;KvK-nummer;Telefoonnummer\nHaven van Voorbeeld;Goes;12345678;0113\nNoorderhaven;Delfzijl;87654321;0596\n",
			told{
				ontology.Organisation,
				[]string{"OFFICIAL Haven van Voorbeeld"},
				[]string{"KVK:12345678"},
				map[string]any{},
				[]string{"#0 LOCATED_IN NAME:goes"},
			},
		},
	} {
		file := filepath.Join(t.TempDir(), c.file)
		if err := os.WriteFile(file, []byte(c.table), 0o600); err != nil {
			t.Fatal(err)
		}
		text, _ := guess(t, file)
		got := tell(itemsOf(t, file, text)[0])
		if diff := cmp.Diff(c.want, got, cmp.AllowUnexported(told{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s%s", c.file, diff, text)
		}
	}
}

// A workbook with a merged title above its header, and with dates as Excel
// keeps them, is understood as a table in text is.
func TestGuessReadsWorkbooks(t *testing.T) {
	f := excelize.NewFile()
	for cell, v := range map[string]any{
		"A1": "Netwerk grensregio", "A3": "Organisatie", "B3": "Land", "C3": "Opgericht op",
		"A4": "Stichting Voorbeeld", "B4": "Nederland", "C4": time.Date(1998, 5, 3, 0, 0, 0, 0, time.UTC),
		"A5": "Verein Muster", "B5": "Duitsland", "C5": time.Date(2004, 11, 20, 0, 0, 0, 0, time.UTC),
	} {
		if err := f.SetCellValue("Sheet1", cell, v); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.MergeCell("Sheet1", "A1", "C1"); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "netwerk.xlsx")
	if err := errors.Join(f.SaveAs(file), f.Close()); err != nil {
		t.Fatal(err)
	}
	text, _ := guess(t, file)
	want := told{
		ontology.Organisation,
		[]string{"OFFICIAL Stichting Voorbeeld"},
		[]string{"NETWERK:stichting voorbeeld nederland"},
		map[string]any{"from": "1998-05-03"},
		[]string{"#0 LOCATED_IN ISO3166:NL"},
	}
	if diff := cmp.Diff(want, tell(itemsOf(t, file, text)[0]), cmp.AllowUnexported(told{})); diff != "" {
		t.Errorf("(-want +got):\n%s%s", diff, text)
	}
}

// The lists whose mappings are built in are loaded by a guess as well: every
// row makes a thing with a name.
func TestGuessReadsKnownListsWithoutTheirMapping(t *testing.T) {
	for _, c := range []struct {
		file   string
		kind   store.Kind
		named  int
		sample string
	}{
		{"publicbodies-de.csv", ontology.Organisation, 1003, "10. Panzerdivision"},
		{"kohesio-beneficiaries-ee-lv.tsv", ontology.Organisation, 1886, "Tartu Ülikool"},
		{"be-dictionary-latin1.csv", ontology.Place, 15929, "AARTSELAAR-CENTRUM"},
		{"ips-cases-2022.csv", ontology.Project, 853, "Quickscan Organisaties"},
		{"marcobolo-organization.csv", ontology.Organisation, 58, "APS"},
		{"ror-v2-benelux.json", ontology.Organisation, 715, "IKEA Foundation"},
	} {
		file := filepath.Join("../testdata", c.file)
		text, explanation := guess(t, file)
		named, found := 0, false
		for _, it := range itemsOf(t, file, text) {
			got := tell(it)
			if got.kind == c.kind && len(got.names) > 0 && len(got.identifiers) > 0 {
				named++
			}
			found = found || slices.Contains(got.names, "OFFICIAL "+c.sample)
		}
		if named != c.named || !found {
			t.Errorf("%s: %d rows make a %s with name and identifier, want %d; %q found: %v\n%s", c.file, named, c.kind, c.named, c.sample, found, text)
		}
		if len(explanation) == 0 || !strings.Contains(string(text), "# - "+explanation[0]) {
			t.Errorf("%s: the mapping does not say why", c.file)
		}
	}
}

// Check digits tell a register's numbers from others of the same length.
func TestGuessChecksDigits(t *testing.T) {
	for numbers, scheme := range map[string]string{
		"732829320,552100554": "SIREN:732829320", "732829321,552100555": "",
		"5493001KJTIIGC8Y1R12,529900T8BM49AURSDO55": "LEI:5493001KJTIIGC8Y1R12",
		"0000 0001 1161 7020,0000 0001 2103 2683":   "ISNI:0000 0001 1161 7020",
		"https://ror.org/00d21gf72,000k1q888":       "ROR:00d21gf72", "https://ror.org/00d21gf73,000k1q889": "",
		"0403.170.701,0403.199.702": "KBO:0403170701", "0403.170.702,0403.199.703": "",
	} {
		first, second, _ := strings.Cut(numbers, ",")
		file := filepath.Join(t.TempDir(), "table.csv")
		if err := os.WriteFile(file, []byte("Name,Register\nAlpha,"+first+"\nBeta,"+second+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		text, _ := guess(t, file)
		got := tell(itemsOf(t, file, text)[0]).identifiers
		if found := slices.Contains(got, scheme); found != (scheme != "") || scheme == "" && len(got) > 1 {
			t.Errorf("%s: identifiers %q, want %q", numbers, got, scheme)
		}
	}
}

// No guess ever loads addresses, numbers or birth dates of people.
func TestGuessLeavesPersonalDataOut(t *testing.T) {
	file := filepath.Join(t.TempDir(), "people.csv")
	table := "Voornaam,Achternaam,E-mail,GSM,Geboortedatum,Adres\nAda,Example,ada.example@example.org,0470000000,1970-01-01,Straat 1\nBo,Sample,info@example.org,0470000001,1980-01-01,Straat 2\n"
	if err := os.WriteFile(file, []byte(table), 0o600); err != nil {
		t.Fatal(err)
	}
	text, _ := guess(t, file)
	for _, it := range itemsOf(t, file, text) {
		thing := it.Claims.Things[0]
		if len(thing.Props) != 2 || len(it.Claims.Facts) != 0 || len(thing.Descriptions) != 0 || len(thing.Names) != 1 {
			t.Errorf("more than the name is loaded: %d properties, %d facts", len(thing.Props), len(it.Claims.Facts))
		}
	}
	if !strings.Contains(string(text), "Not loaded, since they may hold personal data") {
		t.Error("the mapping does not say what it leaves out")
	}
}

// A table in which nothing is a name is refused.
func TestGuessRefusesATableWithoutNames(t *testing.T) {
	file := filepath.Join(t.TempDir(), "numbers.csv")
	if err := os.WriteFile(file, []byte("a,b\n1,2\n3,4\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	in, err := read.Inspect(t.Context(), file, "numbers.csv", "")
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := mapping.GuessFile(t.Context(), in, read.Spec{Format: in.Format()}); !errors.Is(err, store.ErrInvalid) {
		t.Errorf("the table is taken: %v", err)
	}
}
