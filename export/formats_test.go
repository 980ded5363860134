package export_test

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"coopgraph/export"
	"coopgraph/ontology"
	"coopgraph/store"
)

// count gives how many things and facts a store holds.
func count(t *testing.T, s store.Reader) (things, facts int64) {
	t.Helper()
	page, err := s.Find(t.Context(), ontology.Kinds(), store.Filter{}, store.Paging{Limit: 1, Count: true})
	if err != nil {
		t.Fatal(err)
	}
	edges, err := s.Edges(t.Context(), nil, store.Filter{}, store.Paging{Limit: 1, Count: true})
	if err != nil {
		t.Fatal(err)
	}
	return page.Count, edges.Count
}

// elements counts the elements of a document in XML by name, and gives the
// distinct values of their id attributes; it must be well-formed.
func elements(t *testing.T, doc []byte) (counts map[string]int64, unique map[string]map[string]bool) {
	t.Helper()
	counts, unique = map[string]int64{}, map[string]map[string]bool{}
	d := xml.NewDecoder(bytes.NewReader(doc))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return counts, unique
		}
		if err != nil {
			t.Fatal(err)
		}
		e, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		counts[e.Name.Local]++
		for _, a := range e.Attr {
			if a.Name.Local != "id" {
				continue
			}
			if unique[e.Name.Local] == nil {
				unique[e.Name.Local] = map[string]bool{}
			}
			unique[e.Name.Local][a.Value] = true
		}
	}
}

// Documents in XML are well-formed and hold each thing and fact once.
func TestXMLHoldsAll(t *testing.T) {
	s := world(t)
	things, facts := count(t, s)
	for _, f := range []export.Format{export.GraphML, export.GEXF} {
		doc := written(t, s, export.Selection{}, f)
		counts, unique := elements(t, doc)
		if counts["node"] != things || counts["edge"] != facts {
			t.Errorf("%s: %d nodes and %d edges, want %d and %d", f, counts["node"], counts["edge"], things, facts)
		}
		if int64(len(unique["node"])) != things || int64(len(unique["edge"])) != facts {
			t.Errorf("%s: ids stand twice", f)
		}
		if !bytes.Contains(doc, []byte("&lt;b&gt;&amp;amp;&lt;/b&gt;]]&gt;")) {
			t.Errorf("%s: a hostile name is not there as text", f)
		}
		if bytes.Contains(doc, []byte("undirected")) {
			t.Errorf("%s: edges of both sorts, which few programs read", f)
		}
		if f == export.GEXF && (counts["spell"] == 0 || !bytes.Contains(doc, []byte(`<spell start="2001-01-01" end="2003-04-30"/>`))) {
			t.Errorf("%s: dates are not there", f)
		}
	}
}

// Linked data is JSON whose terms the context explains, and holds each thing,
// fact and cited source once.
func TestLinkedDataHoldsAll(t *testing.T) {
	s := world(t)
	things, facts := count(t, s)
	var doc struct {
		Context map[string]any   `json:"@context"`
		Graph   []map[string]any `json:"@graph"`
	}
	if err := json.Unmarshal(written(t, s, export.Selection{}, export.JSONLD), &doc); err != nil {
		t.Fatal(err)
	}
	counts, seen := map[byte]int64{}, map[string]bool{}
	for _, o := range doc.Graph {
		id, _ := o["id"].(string)
		if seen[id] || !strings.HasPrefix(id, "cg:") {
			t.Fatalf("%q stands twice, or is no id", id)
		}
		seen[id] = true
		counts[id[3]]++
	}
	if counts['n'] != things || counts['f'] != facts || counts['s'] == 0 {
		t.Errorf("%v, want %d things and %d facts", counts, things, facts)
	}
	checkReferences(t, doc.Graph, seen)
	for _, o := range doc.Graph {
		if o["id"] != "cg:"+string(ontology.NodeID(ontology.Theme, "COOPGRAPH", "cross-border-trade")) {
			continue
		}
		names, _ := o["prefLabel"].(map[string]any)
		types, _ := json.Marshal(o["type"])
		if names["en"] != "cross-border trade" || !strings.Contains(string(types), "skos:Concept") {
			t.Errorf("a theme is %v", o)
		}
		return
	}
	t.Error("the theme is not there")
}

// checkReferences reports references in the graph to what is not in it.
func checkReferences(t *testing.T, v any, there map[string]bool) {
	t.Helper()
	switch v := v.(type) {
	case []map[string]any:
		for _, x := range v {
			checkReferences(t, x, there)
		}
	case []any:
		for _, x := range v {
			checkReferences(t, x, there)
		}
	case map[string]any:
		for name, x := range v {
			if name != "prefLabel" && name != "altLabel" && name != "name" && name != "alternateName" && name != "description" {
				checkReferences(t, x, there)
			}
		}
	case string:
		if strings.HasPrefix(v, "cg:") && !there[v] {
			t.Errorf("%s is named and not there", v)
		}
	}
}

// A workbook has a sheet a table, with the same cells as text.
func TestWorkbookHasTheTables(t *testing.T) {
	s := world(t)
	data := written(t, s, export.Selection{}, export.XLSX)
	if !bytes.Equal(data, written(t, s, export.Selection{}, export.XLSX)) {
		t.Error("the workbook differs from time to time")
	}
	book, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := book.Close(); err != nil {
			t.Error(err)
		}
	}()
	tables := unzip(t, written(t, s, export.Selection{}, export.CSV))
	if sheets := book.GetSheetList(); len(sheets) != len(tables) {
		t.Errorf("the sheets are %v", sheets)
	}
	for name, table := range tables {
		rows, err := book.GetRows(strings.TrimSuffix(name, ".csv"))
		if err != nil {
			t.Fatal(err)
		}
		if len(rows) != records(t, table) {
			t.Errorf("%s: %d rows, want %d", name, len(rows), records(t, table))
		}
	}
	cells, err := book.SearchSheet("organisation", `^[=@\t]`, true)
	if err != nil || len(cells) > 0 {
		t.Errorf("cells %v begin as formulas do, %v", cells, err)
	}
}

// A selection has what it says, and the facts between what it has.
func TestSelections(t *testing.T) {
	s := world(t)
	member := string(ontology.NodeID(ontology.Organisation, "COOPGRAPH", "nowhere"))
	for _, c := range []struct {
		query map[string][]string
		check func(nodes, edges int64) bool
	}{
		{map[string][]string{"kind": {"Organisation,PERSON"}}, func(n, e int64) bool { return n > 100 && e > 10 }},
		{map[string][]string{"role": {"member_state"}}, func(n, e int64) bool { return n == 3 }},
		{map[string][]string{"classification": {"UNIVERSITY"}, "kind": {"organisation"}}, func(n, e int64) bool { return n > 10 }},
		{map[string][]string{"relation": {"BROADER"}}, func(n, e int64) bool { return n > 500 && e > 50 && e < 500 }},
		{map[string][]string{"id": {member}}, func(n, e int64) bool { return n == 0 && e == 0 }},
		{map[string][]string{"source": {string(ontology.NodeID(ontology.Source, "test", "hostile"))}}, func(n, e int64) bool { return n == int64(2*len(hostile)) && e == int64(3*len(hostile)) }},
	} {
		sel, err := export.ParseSelection(c.query)
		if err != nil {
			t.Fatal(err)
		}
		counts, _ := elements(t, written(t, s, sel, export.GraphML))
		if !c.check(counts["node"], counts["edge"]) {
			t.Errorf("%v: %d nodes, %d edges", c.query, counts["node"], counts["edge"])
		}
	}
}

// What is wrong with a selection is said before anything is written.
func TestWrongSelectionsAreRefused(t *testing.T) {
	s := openSQLite(t)
	for _, c := range []struct {
		s export.Selection
		f export.Format
	}{
		{export.Selection{}, "pdf"},
		{export.Selection{Kinds: []store.Kind{ontology.Record}}, export.CSV},
		{export.Selection{Kinds: []store.Kind{ontology.Token}}, export.GraphML},
		{export.Selection{Kinds: []store.Kind{ontology.Person}}, export.JSONLines},
		{export.Selection{IDs: []store.ID{"n_' OR 1=1"}}, export.CSV},
		{export.Selection{Roles: []string{"KING"}}, export.CSV},
		{export.Selection{Roles: []string{"MEMBER_STATE"}, Kinds: []store.Kind{ontology.Person}}, export.CSV},
		{export.Selection{Relations: []store.Rel{"KNOWS"}}, export.CSV},
		{export.Selection{IDs: make([]store.ID, 1_001)}, export.CSV},
	} {
		var b bytes.Buffer
		if err := export.Write(t.Context(), &b, s, c.s, c.f); !errors.Is(err, store.ErrInvalid) || b.Len() > 0 {
			t.Errorf("%+v as %s: %v, %d bytes", c.s, c.f, err, b.Len())
		}
	}
	for _, query := range []map[string][]string{{"kind": {"token"}}, {"theme": {"x"}}} {
		if _, err := export.ParseSelection(query); !errors.Is(err, store.ErrInvalid) {
			t.Errorf("%v: %v", query, err)
		}
	}
}

// A writer that fails, or a context that ends, ends the export with its error.
func TestWriteFails(t *testing.T) {
	s := world(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, f := range export.Formats() {
		if err := export.Write(t.Context(), failing{}, s, export.Selection{}, f); !errors.Is(err, errFull) {
			t.Errorf("%s on a full disk: %v", f, err)
		}
		if err := export.Write(ctx, io.Discard, s, export.Selection{}, f); !errors.Is(err, context.Canceled) {
			t.Errorf("%s cancelled: %v", f, err)
		}
	}
}

var errFull = errors.New("the disk is full")

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errFull }
