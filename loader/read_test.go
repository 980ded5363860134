package loader_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"coopgraph/loader"
	"coopgraph/loader/rows"
	"coopgraph/ontology"
	"coopgraph/store"
)

// names lists the names of the organisations in the store.
func names(t testing.TB, s store.Store) []string {
	t.Helper()
	page, err := s.Find(t.Context(), []store.Kind{ontology.Organisation}, store.Filter{}, store.Paging{Order: store.Order{Prop: "key_en"}})
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, n := range page.Items {
		thing, err := ontology.ThingOf(n)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, thing.Name("en"))
	}
	return out
}

func encode(t testing.TB, text string, to interface {
	String(string) (string, error)
},
) string {
	t.Helper()
	out, err := to.String(text)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// A table is read whatever program wrote it: with a byte-order mark, in
// UTF-8, UTF-16 or Windows-1252, with any separator and any line end.
func TestTablesOfEveryDialectAreRead(t *testing.T) {
	text := "id,name\n1,Université de Liège\n2,\"Œuvre, 5 €\"\n"
	semicolons := "id;name\n1;Université de Liège\n2;Œuvre, 5 €\n"
	for name, table := range map[string]string{
		"plain":            text,
		"byte-order mark":  "\ufeff" + text,
		"CR LF":            strings.ReplaceAll(text, "\n", "\r\n"),
		"CR":               strings.ReplaceAll(text, "\n", "\r"),
		"no last line end": strings.TrimSuffix(text, "\n"),
		"semicolons":       semicolons,
		"tabs":             strings.ReplaceAll(semicolons, ";", "\t"),
		"bars":             strings.ReplaceAll(semicolons, ";", "|"),
		"Windows-1252":     encode(t, text, charmap.Windows1252.NewEncoder()),
		"UTF-16":           encode(t, text, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder()),
		"other columns":    "x,name,id,y\n,Université de Liège,1,\n,\"Œuvre, 5 €\",2,\n",
		"empty lines":      strings.ReplaceAll(text, "\n", "\n\n"),
		"quoted header":    strings.Replace(text, "id,name", `"id","name"`, 1),
	} {
		t.Run(name, func(t *testing.T) {
			s := openSQLite(t)
			sum, said, err := loadTable(t, s, table)
			if err != nil || sum.Created != 2 {
				t.Fatalf("%v, %v, %q", sum, err, said)
			}
			if diff := cmp.Diff([]string{"Œuvre, 5 €", "Université de Liège"}, names(t, s)); diff != "" {
				if diff := cmp.Diff([]string{"Université de Liège", "Œuvre, 5 €"}, names(t, s)); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			}
		})
	}
}

// The encoding that is asked for is the one that is read.
func TestEncodingOverridesDetection(t *testing.T) {
	s := openSQLite(t)
	_, _, err := loadTable(t, s, "id,name\n1,"+encode(t, "5 €", charmap.ISO8859_15.NewEncoder())+"\n", func(o *loader.Options) { o.Encoding = "ISO-8859-15" })
	if diff := cmp.Diff([]string{"5 €"}, names(t, s)); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if _, _, err := loadTable(t, s, "id\n1\n", func(o *loader.Options) { o.Encoding = "ebcdic" }); !errors.Is(err, rows.ErrFile) {
		t.Errorf("an unknown encoding: %v", err)
	}
}

// What is wrong with a row is said of that row; the others are loaded, and
// every row is accounted for.
func TestHostileRowsAreReported(t *testing.T) {
	for name, c := range map[string]struct {
		table string
		want  []string
	}{
		"missing cells":       {"id,name,web\n1\n2,B,\n", []string{"2 CREATED 2 cells of 3 are missing", "3 CREATED "}},
		"extra cells":         {"id,name\n1,A,x,y\n2,B,\n", []string{"2 CREATED 2 cells beyond the 2 columns are passed over", "3 CREATED "}},
		"blank row":           {"id,name\n ,\n2,B\n", []string{"2 SKIPPED the row is empty", "3 CREATED "}},
		"bare quote":          {"id,name\n1,a \"b\" c\n2,B\n", []string{"2 REJECTED a cell holds a quotation mark but is not quoted", "3 CREATED "}},
		"text after quote":    {"id,name\n1,\"a\" b\n2,B\n", []string{"2 REJECTED there is text after a closing quotation mark", "3 CREATED "}},
		"NUL":                 {"id,name\n1,a\x00b\n2,B\n", []string{"2 REJECTED a cell holds the character NUL", "3 CREATED "}},
		"line end in a cell":  {"id,name\n1,\"a\nb\"\n2,B\n", []string{"2 CREATED ", "4 CREATED "}},
		"doubled quotes":      {"id,name\n1,\"a \"\"b\"\"\"\n", []string{"2 CREATED "}},
		"bad address":         {"id,name,web\n1,A,javascript:alert(1)\n", []string{"2 CREATED left out of web: website is not a web address (http or https, at most 2000 characters)"}},
		"formula":             {"id,name\n1,\"=HYPERLINK(\"\"x\"\")\"\n", []string{"2 CREATED "}},
		"control characters":  {"id,name\n1,a\x07b\n", []string{"2 CREATED left out of name: the name holds control characters"}},
		"identifier too long": {"id,name\n" + strings.Repeat("9", 501) + ",A\n2,B\n", []string{"2 REJECTED the identifier has 501 bytes; at most 500 are kept", "3 CREATED "}},
	} {
		t.Run(name, func(t *testing.T) {
			_, said, err := loadTable(t, openSQLite(t), c.table)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, said); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// A file that cannot be read to its end is refused with the place; what stands
// above it is loaded.
func TestUnreadableFilesAreRefused(t *testing.T) {
	many := strings.Repeat("x", 1<<20)
	for name, c := range map[string]struct {
		table, want string
		created     int64
	}{
		"quote never closed":   {"id,name\n1,A\n2,\"B\n3,C\n", "table.csv:3: a quotation mark is opened here and never closed", 1},
		"empty":                {"", "table.csv:1: the file is empty", 0},
		"no key column":        {"name;web\nA;\n", `table.csv:1: there is no column "id"; the columns are name | web`, 0},
		"key column twice":     {"id,name,id\n1,A,2\n", `table.csv:1: two columns are named "id"`, 0},
		"cell too long":        {"id,name\n1,A\n2," + many + "x\n", "table.csv:3: a cell is longer than", 1},
		"quoted cell too long": {"id,name\n1,A\n2,\"" + many + "x\n", "a quotation mark is opened in line 3", 1},
		"too many columns":     {"id,name\n1,A\n2" + strings.Repeat(",", 10_001) + "\n", "table.csv:3: the row has more than", 1},
		"UTF-8 but for a byte": {"id,name\n1,éééééééééé\n2,\xff\n", "table.csv:3: the file is UTF-8 but for 1 places", 0},
	} {
		t.Run(name, func(t *testing.T) {
			sum, _, err := loadTable(t, openSQLite(t), c.table)
			if !errors.Is(err, rows.ErrFile) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%.200v, want %s", err, c.want)
			}
			if sum.Created != c.created {
				t.Errorf("%v, want %d created", sum, c.created)
			}
		})
	}
}

const tinyJSON = `
format: %s
items: "%s"
scheme: TINY
source: {key: tiny, title: A tiny list}
key: {path: id}
things:
  - {as: self, kind: Organisation, identifiers: [{scheme: TINY, from: {path: id}}], names: [{from: {path: name}, type: OFFICIAL}]}
`

// loadJSON loads a document by a mapping of id and name.
func loadJSON(t testing.TB, format, items, text string) (loader.Summary, []string, error) {
	t.Helper()
	return loadTable(t, openSQLite(t), text, func(o *loader.Options) { o.Mapping = parse(t, fmt.Sprintf(tinyJSON, format, items)) })
}

// Records are found in a document wherever its array stands, with the lines on
// which they begin, and one that is no object is rejected alone.
func TestJSONRecordsAreFoundAndNumbered(t *testing.T) {
	for name, c := range map[string]struct {
		format, items, text string
		want                []string
	}{
		"array":  {"json", "", "[\n {\"id\": 1,\n  \"name\": \"A\"},\n 5,\n {\"id\": \"b\", \"name\": \"B\"}]\n", []string{"2 CREATED ", "4 REJECTED the record is not a JSON object", "5 CREATED "}},
		"nested": {"json", "a.b", "{\"x\": [1, {\"b\": 2}], \"a\": {\"c\": null, \"b\": [\n{\"id\": 1, \"name\": \"A\"}], \"d\": {}}, \"e\": 1}", []string{"2 CREATED "}},
		"none":   {"json", "", "[]", nil},
		"lines":  {"jsonl", "", "{\"id\": 1, \"name\": \"A\"}\n\n{\"id\": 2, \"name\": \"B\"}", []string{"1 CREATED ", "3 CREATED "}},
	} {
		t.Run(name, func(t *testing.T) {
			_, said, err := loadJSON(t, c.format, c.items, c.text)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, said); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// A document that is cut, or is another one, is refused with the line.
func TestBrokenJSONIsRefused(t *testing.T) {
	for name, c := range map[string]struct{ items, text, want string }{
		"cut in a record":     {"", "[\n{\"id\": 1}, {\"id\":", "2: the file ends in the middle of a value"},
		"cut after a record":  {"", "[\n{\"id\": 1}", "2: the file ends in the middle of a value"},
		"no array":            {"", "{}", "1: want an array of records, have an object"},
		"no such key":         {"a", `{"b": [], "c": 1}`, `1: there is no key "a": the keys are b, c`},
		"text after the end":  {"", "[]\nx", "there is"},
		"no JSON":             {"", "id,name\n", "1: invalid character"},
		"no separating comma": {"", "[{\"id\": 1}\n{\"id\": 2}]", "2: "},
		"a huge record":       {"", `[{"id": "` + strings.Repeat("x", 17<<20) + `"}]`, "1: a record is longer than"},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := loadJSON(t, "json", c.items, c.text)
			if !errors.Is(err, rows.ErrFile) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%.200v, want %s", err, c.want)
			}
		})
	}
}
