package export_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"coopgraph/export"
	"coopgraph/loader"
	"coopgraph/loader/mapping"
	"coopgraph/loader/rows"
	"coopgraph/ontology"
	"coopgraph/seed"
	"coopgraph/store"
	"coopgraph/store/sqlite"
)

func clock() time.Time { return time.Date(2026, 3, 4, 5, 6, 7, 891_000, time.UTC) }

// filled is a file with the store of fill, made once: loading takes seconds.
var filled = filepath.Join(os.TempDir(), "coopgraph-export-test-"+strconv.Itoa(os.Getpid())+".db")

var filling sync.Once

func TestMain(m *testing.M) {
	code := m.Run()
	// The file is there only if a test asked for it.
	_ = os.Remove(filled)
	os.Exit(code)
}

// world is a store of its own with the seed, the three lists and hostile names.
func world(t *testing.T) store.Store {
	t.Helper()
	filling.Do(func() {
		s, err := sqlite.Open(t.Context(), filled, ontology.Schema())
		if err != nil {
			t.Fatal(err)
		}
		fill(t, s)
		if err := s.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
	})
	data, err := os.ReadFile(filled)
	if err != nil {
		t.Fatal(err)
	}
	return openFile(t, file(t, "world.db", data))
}

func openSQLite(t *testing.T) store.Store {
	t.Helper()
	return openFile(t, filepath.Join(t.TempDir(), "graph.db"))
}

func openFile(t *testing.T, name string) store.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), name, ontology.Schema())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(t.Context()); err != nil && t.Context().Err() == nil {
			t.Error(err)
		}
	})
	return s
}

// fill loads the seed, a fifth of the largest list, two others, and things with
// hostile names.
func fill(t *testing.T, s store.Store) {
	t.Helper()
	if _, err := seed.Load(t.Context(), s, clock); err != nil {
		t.Fatal(err)
	}
	const lists = "../loader/testdata/"
	for _, l := range [][2]string{
		{oneInFive(t, lists+"ror-v2-benelux.json"), "ror-v2"},
		{lists + "marcobolo-organization.csv", "marcobolo-organization"},
		{lists + "marcobolo-person.csv", "marcobolo-person"},
	} {
		load(t, s, l[0], l[1])
	}
	fillHostile(t, s)
}

// oneInFive writes every fifth entry of a list to a file of the same name.
func oneInFive(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var all, some []json.RawMessage
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(all); i += 5 {
		some = append(some, all[i])
	}
	if data, err = json.Marshal(some); err != nil {
		t.Fatal(err)
	}
	return file(t, filepath.Base(name), data)
}

// load loads a file and gives its summary, with no row rejected.
func load(t *testing.T, s store.Store, file, name string) loader.Summary {
	t.Helper()
	m, err := mapping.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	sum, err := loader.Run(t.Context(), loader.Options{Store: s, Now: clock, File: file, Mapping: m, Row: func(r loader.Result) {
		if r.Outcome == rows.Rejected {
			t.Errorf("%s: line %d is rejected: %s", name, r.Item.Line, r.Message)
		}
	}})
	if err != nil {
		t.Fatalf("load %s: %v", name, err)
	}
	return sum
}

// hostile are names that a careless export breaks on.
var hostile = []string{
	`=HYPERLINK("http://example.org","x")`, "+1", "-1", "@SUM(A1)", "'=1", "''+x", "'s-Example", "\tTab first", "a | b", `back\slash | \| \\`, `end\`,
	"line one\nline two", "two\n\nempty", `"quoted", and, commas`, "\u202eright to left\u202c", "𝔈xample 🦆", "a@b", "a@", "name@nl", "x@home", `\u0041 \\u0027`,
	"it's; DROP\n;\n", "<b>&amp;</b>]]>", "NULL", " edge ", "1e5", "001", "true", "\u00a0nbsp\u00a0", "e\u0301", "\ufeffmark",
}

func fillHostile(t *testing.T, s store.Store) {
	t.Helper()
	var items []*rows.Item
	list := ontology.NodeID(ontology.Source, "test", "hostile")
	item := func(key string, c ontology.Claims) { items = append(items, &rows.Item{Key: key, Claims: c}) }
	for i, value := range hostile {
		key := "hostile-" + string(rune('a'+i/26)) + string(rune('a'+i%26))
		cites := []ontology.Citation{{Source: list, Locator: key, Quote: value}}
		item(key, ontology.Claims{Things: []ontology.ThingClaim{{
			Kind: ontology.Organisation, Identifiers: []ontology.Identifier{{Scheme: "X", Value: key}, {Scheme: "Y", Value: value}},
			Names: []ontology.Name{
				{Value: value, Type: ontology.OfficialName},
				{Value: value, Language: "nl", Type: ontology.OfficialName},
				{Value: value, Language: "uk", Type: ontology.AlternativeName},
				{Value: value, Type: ontology.FormerName},
			},
			Descriptions: []ontology.Description{{Value: value, Language: "en"}, {Value: value, Language: "zh-Hant"}, {Value: value}},
			Cites:        cites,
		}, {
			Kind: ontology.Place, Names: []ontology.Name{{Value: "Place " + value, Type: ontology.OfficialName}},
			Identifiers: []ontology.Identifier{{Scheme: "X", Value: key}},
			Props:       ontology.Values{"latitude": -52.25, "longitude": 4.5, "placeType": "SEA"},
			Cites:       cites,
		}}, Facts: []ontology.FactClaim{
			{Relation: ontology.LocatedIn, Subject: ontology.Ref{Key: "#0"}, Object: ontology.Ref{Key: "#1"}, Role: value, Cites: cites},
			{Relation: ontology.Covers, Subject: ontology.Ref{Key: "#0"}, Object: ontology.Ref{Key: "#1"}, From: "2001", To: "2003-04", AttestedOn: "2002", Planned: i%2 == 0},
			{Relation: ontology.Covers, Subject: ontology.Ref{Key: "#0"}, Object: ontology.Ref{Key: "#1"}, AttestedOn: "2010-01-02"},
		}})
	}
	w := loader.Writer{Store: s, Now: clock}
	written, err := w.Write(t.Context(), loader.Batch{
		Source: ontology.Document{ID: list, Title: "Hostile <names> & \"others\"", Date: "2024"}, Items: items,
	})
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range written.Results {
		if r.Outcome != rows.Created {
			t.Fatalf("%q is %s: %s", hostile[i], r.Outcome, r.Message)
		}
	}
}

// written gives the selection in the format.
func written(t *testing.T, s store.Reader, sel export.Selection, f export.Format) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := export.Write(t.Context(), &b, s, sel, f); err != nil {
		t.Fatalf("write %s: %v", f, err)
	}
	return b.Bytes()
}

// file puts content into a file.
func file(t *testing.T, name string, content []byte) string {
	t.Helper()
	name = filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(name, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// same reports the first line in which two texts differ.
func same(t *testing.T, what string, got, want []byte) {
	t.Helper()
	if bytes.Equal(got, want) {
		return
	}
	a, b := bytes.Split(got, []byte("\n")), bytes.Split(want, []byte("\n"))
	for i := range min(len(a), len(b)) {
		if !bytes.Equal(a[i], b[i]) {
			t.Errorf("%s: line %d is\n%.600s\nwant\n%.600s", what, i+1, a[i], b[i])
			return
		}
	}
	t.Errorf("%s: %d lines, want %d", what, len(a), len(b))
}
