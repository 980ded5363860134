package mapping_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"coopgraph/loader/rows"
	"coopgraph/ontology"
)

// whole is what a row claims of all its things.
func whole(it *rows.Item) []string {
	if it.Dropped != "" {
		return []string{string(it.Dropped) + " " + it.Message}
	}
	var out []string
	for i, thing := range it.Claims.Things {
		line := fmt.Sprintf("%d %s", i, thing.Kind)
		for _, n := range thing.Names {
			line += " " + strings.TrimRight(n.Value+"@"+n.Language, "@")
		}
		for _, name := range []string{"classification", "mailbox", "website", "from"} {
			if v, ok := thing.Props[name]; ok {
				line += fmt.Sprintf(" %s=%v", name, v)
			}
		}
		out = append(out, line)
	}
	for _, f := range it.Claims.Facts {
		out = append(out, strings.TrimSpace(strings.Join([]string{f.Subject.Key, string(f.Relation), f.Object.Key, f.Role, string(f.From)}, " ")))
	}
	return out
}

// guessed gives what the rows of a table claim by the mapping that is guessed,
// and the key of each.
func guessed(t *testing.T, name string, data []byte) (claims [][]string, keys []string, text string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	body, _ := guess(t, file)
	for _, it := range itemsOf(t, file, body) {
		claims = append(claims, whole(it))
		if it.Dropped == "" {
			keys = append(keys, it.Key)
		}
	}
	return claims, keys, string(body)
}

// Lists as partners send them give what they say and no more: parts of
// ministries, members of parliaments, municipalities that act; notes and
// headings are no rows, and rows that were merely counted are named by what
// stands in them.
func TestGuessUnderstandsListsOfPartners(t *testing.T) {
	for name, c := range map[string]struct {
		table string
		want  [][]string
		keys  []string
		// not is what the mapping must not read.
		not []string
	}{
		"gemeenten.csv": {
			"Lijst van gemeenten;;;;;;\nNIS-code;Gemeente;Provincie;Adres;Postcode;E-mail;Website\n" +
				"11001;Voorbeelddorp;Antwerpen;Dorpsstraat 1;2630;info@voorbeelddorp.example;www.voorbeelddorp.example\n" +
				"11002;Testegem;Limburg;Markt 2;2000;burgemeester.naam@testegem.example;\n(1) Bron: eigen opgave;;;;;;\n",
			[][]string{
				{"0 Organisation Voorbeelddorp classification=MUNICIPALITY mailbox=info@voorbeelddorp.example website=https://www.voorbeelddorp.example", "#0 LOCATED_IN NAME:antwerpen"},
				{"0 Organisation Testegem classification=MUNICIPALITY", "#0 LOCATED_IN NAME:limburg"},
				{"SKIPPED a note or a heading, not a row"},
			},
			[]string{"11001", "11002"},
			[]string{"Adres", "Postcode"},
		},
		"chambre.csv": {
			"Nom;Prénom;Groupe politique;Fonction;Courriel;Téléphone;Date d'entrée\nDurant;Exemple;Groupe A;Président;e.durant@chambre.example;02;12/06/2019\n" +
				"Durant;Modèle;Groupe B;Membre;m.durant@chambre.example;02;01/09/2020\n",
			[][]string{
				{"0 Person Exemple Durant", "1 Organisation Groupe A", "#0 MEMBER_OF #1"},
				{"0 Person Modèle Durant", "1 Organisation Groupe B", "#0 MEMBER_OF #1"},
			},
			[]string{"Exemple Durant", "Modèle Durant"},
			[]string{"Courriel", "Téléphone", "Fonction", "Date d'entrée"},
		},
		"kammer.csv": {
			"Lfd. Nr.;Abgeordnete;Fraktion;Wahlkreis\n1;Erika Muster;Fraktion A;Aachen I\n2;Max Probe;Fraktion B;Köln II\n",
			[][]string{
				{"0 Person Erika Muster", "1 Organisation Fraktion A", "#0 MEMBER_OF #1"},
				{"0 Person Max Probe", "1 Organisation Fraktion B", "#0 MEMBER_OF #1"},
			},
			[]string{"Erika Muster", "Max Probe"},
			[]string{"Lfd. Nr."},
		},
		"ministerien.csv": {
			"Ministerium;Abteilung;Ansprechpartner;Straße;Nr.;PLZ;Ort;Telefon;E-Mail\n" +
				"Ministerium für Muster;Referat 12;Erika Muster;Musterallee;1;40210;Bonn;0228;poststelle@muster.example\n" +
				"Ministerium für Muster;Referat 13;Max Probe;Musterallee;1;40210;Bonn;0228;max.probe@muster.example\n" +
				"Staatskanzlei;;Hans Test;Musterplatz;9;40213;Bonn;0228;\n",
			[][]string{
				{"0 Organisation Ministerium für Muster mailbox=poststelle@muster.example", "1 Organisation Referat 12 classification=UNIT", "#0 LOCATED_IN NAME:bonn", "#1 PART_OF #0"},
				{"0 Organisation Ministerium für Muster", "1 Organisation Referat 13 classification=UNIT", "#0 LOCATED_IN NAME:bonn", "#1 PART_OF #0"},
				{"0 Organisation Staatskanzlei", "#0 LOCATED_IN NAME:bonn"},
			},
			[]string{"Ministerium für Muster Referat 12", "Ministerium für Muster Referat 13", "Staatskanzlei"},
			[]string{"Ansprechpartner", "Nr.", "PLZ", "Telefon"},
		},
		"langues.csv": {
			"id,nl,fr,de,en\n1,Voorbeeldraad,Conseil d'exemple,Beispielrat,Example Council\n2,Testbureau,,,Test Office\n",
			[][]string{
				{"0 Organisation Voorbeeldraad@nl Conseil d'exemple@fr Beispielrat@de Example Council@en"},
				{"0 Organisation Testbureau@nl Test Office@en"},
			},
			[]string{"1", "2"},
			nil,
		},
		"talen.csv": {
			"Nederlands;Frans;afkorting\nVoorbeeldraad;Conseil d'exemple;VR\nTestbureau;Office de test;TB\n",
			[][]string{{"0 Organisation Voorbeeldraad@nl Conseil d'exemple@fr VR"}, {"0 Organisation Testbureau@nl Office de test@fr TB"}},
			[]string{"Voorbeeldraad", "Testbureau"},
			nil,
		},
		"partners.csv": {
			"Organisation,Country,Role in project,Contact person,Start\nExample University,NL,Coordinator,Jane Doe,2021-01-01\nMuster GmbH,DE,Partner,Max Muster,2022-03-01\n",
			[][]string{
				{"0 Organisation Example University", "#0 LOCATED_IN ISO3166:NL"},
				{"0 Organisation Muster GmbH", "#0 LOCATED_IN ISO3166:DE"},
			},
			[]string{"Example University", "Muster GmbH"},
			[]string{"Contact person", "Start"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			claims, keys, text := guessed(t, name, []byte(c.table))
			if diff := cmp.Diff(c.want, claims) + cmp.Diff(c.keys, keys); diff != "" {
				t.Errorf("(-want +got):\n%s%s", diff, text)
			}
			for _, column := range c.not {
				if strings.Contains(text, "from: {column: \""+column) || strings.Contains(text, "{"+column+"}") {
					t.Errorf("the column %q is read:\n%s", column, text)
				}
			}
		})
	}
}

// A workbook with a sheet of explanations, a merged title, headings between the
// rows and a footnote gives its rows.
func TestGuessReadsWorkbooksWithNotes(t *testing.T) {
	f := excelize.NewFile()
	if _, err := f.NewSheet("Partners"); err != nil {
		t.Fatal(err)
	}
	put := func(sheet, at string, row ...any) {
		if err := f.SetSheetRow(sheet, at, &row); err != nil {
			t.Fatal(err)
		}
	}
	put("Sheet1", "A1", "Toelichting bij deze lijst")
	put("Partners", "A1", "Partnerlijst 2024")
	put("Partners", "A3", "Nr.", "Organisatie", "Land", "Website")
	put("Partners", "A4", "Nederland")
	put("Partners", "A5", 1, "Stichting Voorbeeld", "Nederland", "www.voorbeeld.example")
	put("Partners", "A6", 2, "Stichting Test", "Nederland")
	put("Partners", "A7", "België")
	put("Partners", "A8", 3, "Proef vzw", "België", "https://proef.example")
	put("Partners", "A10", "* onder voorbehoud")
	if err := f.MergeCell("Partners", "A1", "D1"); err != nil {
		t.Fatal(err)
	}
	data, err := f.WriteToBuffer()
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	note := []string{"SKIPPED a note or a heading, not a row"}
	want := [][]string{
		note,
		{"0 Organisation Stichting Voorbeeld website=https://www.voorbeeld.example", "#0 LOCATED_IN ISO3166:NL"},
		{"0 Organisation Stichting Test", "#0 LOCATED_IN ISO3166:NL"},
		note,
		{"0 Organisation Proef vzw website=https://proef.example", "#0 LOCATED_IN ISO3166:BE"},
		note,
	}
	claims, keys, text := guessed(t, "partnerlijst.xlsx", data.Bytes())
	if diff := cmp.Diff(want, claims); diff != "" || slices.Contains(keys, "1") {
		t.Errorf("keys %q (-want +got):\n%s%s", keys, diff, text)
	}
}

// A table of which many rows have one cell only has no notes: they are its rows.
func TestGuessKeepsRowsOfOneCell(t *testing.T) {
	var table strings.Builder
	table.WriteString("Name,Website,Country,City\n")
	for i := range 20 {
		fmt.Fprintf(&table, "Body %d,,,\n", i)
	}
	table.WriteString("Other,https://other.example,BE,Gent\n")
	claims, _, text := guessed(t, "bodies.csv", []byte(table.String()))
	if len(claims) != 21 || !cmp.Equal(claims[0], []string{"0 " + string(ontology.Organisation) + " Body 0"}) {
		t.Errorf("%q\n%s", claims, text)
	}
}
