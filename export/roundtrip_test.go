package export_test

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"coopgraph/export"
	"coopgraph/loader/template"
	"coopgraph/ontology"
	"coopgraph/store"
)

// Each table, loaded into an empty store by the mapping of its kind, is written
// again byte for byte: CSV and workbook, things and facts, hostile names too.
func TestTablesComeBack(t *testing.T) {
	s, again := world(t), openSQLite(t)
	for _, k := range ontology.Kinds() {
		name := strings.ToLower(string(k))
		sel := export.Selection{Kinds: []store.Kind{k}}
		want := written(t, s, sel, export.CSV)
		sum := load(t, again, file(t, name+".csv", want), name)
		same(t, name, written(t, again, sel, export.CSV), want)
		if lines := int64(records(t, want)); sum.Created != lines-1 {
			t.Errorf("%s: %d rows, %v", name, lines-1, sum)
		}
	}
	sel := export.Selection{Facts: true}
	want := written(t, s, sel, export.CSV)
	load(t, again, file(t, "facts.csv", want), template.Facts)
	same(t, "facts", written(t, again, sel, export.CSV), want)
	if n := records(t, want); n < 1000 {
		t.Errorf("only %d facts", n)
	}
}

// A sheet says the same as the table.
func TestSheetsComeBack(t *testing.T) {
	s, again := world(t), openSQLite(t)
	for _, sel := range []export.Selection{{Kinds: []store.Kind{ontology.Organisation}}, {Kinds: []store.Kind{ontology.Place}}, {Kinds: []store.Kind{ontology.Project}}, {Kinds: []store.Kind{ontology.Event}}, {Facts: true, Relations: []store.Rel{ontology.LocatedIn}}} {
		name := template.Facts
		if !sel.Facts {
			name = strings.ToLower(string(sel.Kinds[0]))
		}
		load(t, again, file(t, name+".xlsx", written(t, s, sel, export.XLSX)), name)
		same(t, name, written(t, again, sel, export.CSV), written(t, s, sel, export.CSV))
	}
}

func records(t *testing.T, table []byte) int {
	t.Helper()
	all, err := csv.NewReader(bytes.NewReader(table)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return len(all)
}

// No cell of a table is what a spreadsheet takes for a formula, but for
// numbers.
func TestNoCellIsAFormula(t *testing.T) {
	s := world(t)
	number := regexp.MustCompile(`^-[0-9.]+$`)
	guarded := 0
	for name, table := range unzip(t, written(t, s, export.Selection{}, export.CSV)) {
		all, err := csv.NewReader(bytes.NewReader(table)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range all {
			for i, cell := range row {
				if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) && (!number.MatchString(cell) || !strings.HasSuffix(all[0][i], "itude")) {
					t.Errorf("%s: %s is %q", name, all[0][i], cell)
				}
				if strings.HasPrefix(cell, "'=") {
					guarded++
				}
			}
		}
	}
	if guarded == 0 {
		t.Error("no cell had to be guarded")
	}
}

// Several tables are a zip file of all of them, the same at any time.
func TestSeveralTablesAreZipped(t *testing.T) {
	s := world(t)
	first := written(t, s, export.Selection{}, export.CSV)
	if !bytes.Equal(first, written(t, s, export.Selection{}, export.CSV)) {
		t.Error("the zip file differs from time to time")
	}
	tables := unzip(t, first)
	if len(tables) != len(ontology.Kinds())+1 {
		t.Errorf("there are %d tables", len(tables))
	}
	same(t, "facts", tables["facts.csv"], written(t, s, export.Selection{Facts: true}, export.CSV))
}

func unzip(t *testing.T, data []byte) map[string][]byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if files[f.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

// JSON Lines lose nothing: restored into an empty store, they are written again
// byte for byte, and the things and facts are the same in every property.
func TestLinesComeBack(t *testing.T) {
	s, again := world(t), openSQLite(t)
	want := written(t, s, export.Selection{}, export.JSONLines)
	done, err := export.Restore(t.Context(), again, bytes.NewReader(want))
	if err != nil {
		t.Fatal(err)
	}
	same(t, "lines", written(t, again, export.Selection{}, export.JSONLines), want)
	for _, f := range []export.Format{export.CSV, export.JSONLD, export.GEXF} {
		same(t, string(f), written(t, again, export.Selection{}, f), written(t, s, export.Selection{}, f))
	}
	for _, k := range ontology.Kinds() {
		same(t, string(k), nodes(t, again, k), nodes(t, s, k))
	}
	if done.Records == 0 || done.Things == 0 || done.Facts == 0 {
		t.Errorf("restored %+v", done)
	}
	// Restoring the same again changes nothing.
	if done, err = export.Restore(t.Context(), again, bytes.NewReader(want)); err != nil || done.Things != 0 || done.Facts != 0 {
		t.Errorf("the second time: %+v, %v", done, err)
	}
}

// A store in use is not restored into.
func TestRestoreWantsAnEmptyStore(t *testing.T) {
	s := openSQLite(t)
	load(t, s, filepath.Join("../loader/testdata", "marcobolo-person.csv"), "marcobolo-person")
	if _, err := export.Restore(t.Context(), s, strings.NewReader("")); !errors.Is(err, export.ErrNotEmpty) {
		t.Errorf("restored into a store in use: %v", err)
	}
}

// What is wrong in a line is said with its number.
func TestRestoreNamesTheLine(t *testing.T) {
	id := "s_" + strings.Repeat("a", 26)
	source := `{"source":{"id":"` + id + `","title":"A list","standing":10}}` + "\n"
	for bad, want := range map[string]string{
		`{"source":{"id":"x","standing":1}}`: "no id of a source",
		`{"sauce":{}}`:                       "sauce",
		`{}`:                                 "want one of",
		`{"record":{"source":"` + id + `","key":"k","standing":1,"at":"2026-01-02T03:04:05Z","claims":{"things":[{"id":"n_x","kind":"Person"}]}}}`: "no id of a thing",
		`{"record":`: "unexpected",
	} {
		_, err := export.Restore(t.Context(), openSQLite(t), strings.NewReader(source+bad+"\n"))
		if !errors.Is(err, store.ErrInvalid) || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "line 2: ") {
			t.Errorf("%s: %v, want %s", bad, err, want)
		}
	}
}
