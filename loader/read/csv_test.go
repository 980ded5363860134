package read_test

import (
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"coopgraph/loader/read"
)

func encoded(t testing.TB, text string, to interface {
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

// SAFETY rows 56 to 58: a table is read whatever program wrote it, with any
// byte-order mark, encoding, separator and line end.
func TestRows56To58DialectsAreRead(t *testing.T) {
	text := "id,name\n1,Université de Liège\n2,\"Œuvre, 5 €\"\n"
	semicolons := "id;name\n1;Université de Liège\n2;Œuvre, 5 €\n"
	for name, table1 := range map[string]string{
		"plain":             text,
		"byte-order mark":   "\ufeff" + text,
		"CR LF":             strings.ReplaceAll(text, "\n", "\r\n"),
		"CR":                strings.ReplaceAll(text, "\n", "\r"),
		"no last line end":  strings.TrimSuffix(text, "\n"),
		"semicolons":        semicolons,
		"tabs":              strings.ReplaceAll(semicolons, ";", "\t"),
		"bars":              strings.ReplaceAll(semicolons, ";", "|"),
		"Windows-1252":      encoded(t, text, charmap.Windows1252.NewEncoder()),
		"UTF-16":            encoded(t, text, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder()),
		"UTF-16BE":          encoded(t, text, unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder()),
		"UTF-16, no mark":   encoded(t, text, unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewEncoder()),
		"UTF-16BE, no mark": encoded(t, text, unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewEncoder()),
	} {
		t.Run(name, func(t *testing.T) {
			l := mustList(t, "list.csv", table1, csv, table{})
			var got []string
			for _, line := range l.lines() {
				_, fields, _ := strings.Cut(line, " ")
				got = append(got, fields)
			}
			same(t, []string{`{"id":"1","name":"Université de Liège"}`, `{"id":"2","name":"Œuvre, 5 €"}`}, got)
			if strings.HasPrefix(name, "Windows") && !strings.Contains(strings.Join(l.notes, ""), "read as windows-1252") {
				t.Errorf("the notes do not name the encoding: %v", l.notes)
			}
		})
	}
}

// SAFETY row 58: where several separators would do, it is asked which.
func TestRow58AmbiguousSeparatorsAreRefused(t *testing.T) {
	_, err := listBytes(t, "list.csv", []byte("a,b;c\n1,2;3\n"), csv, table{})
	refused(t, err, `the separator may be any of ",;": say which; the header is a,b;c`)
	l := mustList(t, "list.csv", "a,b;c\n1,2;3\n", read.Spec{Format: "csv", CSV: read.CSV{Separator: ";"}}, table{})
	same(t, []string{`2 {"a,b":"1,2","c":"3"}`}, l.lines())
}

// SAFETY row 59: ragged rows are noted and read, or rejected where the table is
// strict.
func TestRow59RaggedRows(t *testing.T) {
	text := "a,b,c\n1\n\n1,2,3\n1,2,3,4\n1,2,3,,\n"
	same(t, []string{
		`2 {"a":"1"} (2 cells of 3 are missing)`, `4 {"a":"1","b":"2","c":"3"}`,
		`5 {"a":"1","b":"2","c":"3"} (1 cells beyond the 3 columns are passed over)`, `6 {"a":"1","b":"2","c":"3"}`,
	}, mustList(t, "list.csv", text, csv, table{}).lines())
	same(t, []string{
		`2 ! 2 cells of 3 are missing`, `4 {"a":"1","b":"2","c":"3"}`,
		`5 ! there are 1 cells beyond the 3 columns`, `6 {"a":"1","b":"2","c":"3"}`,
	}, mustList(t, "list.csv", text, read.Spec{Format: "csv", Strict: true}, table{}).lines())
}

// SAFETY row 60: columns twice or without a name are passed over and named;
// those that the mapping needs are refused.
func TestRow60Headers(t *testing.T) {
	l := mustList(t, "list.csv", "c,a,,a\n1,2,3,4\n", csv, table{expected: []string{"c"}})
	same(t, []string{`2 {"a":"2","c":"1"}`}, l.lines())
	same(t, []string{"column 3 has no name and is passed over", `two columns are named "a": the second, column 4, is passed over`}, l.notes)
	_, err := listBytes(t, "list.csv", []byte("id,name,id\n1,A,2\n"), csv, table{expected: []string{"id"}})
	refused(t, err, `list.csv:1: two columns are named "id"`)
	_, err = listBytes(t, "list.csv", []byte("key,name\n1,A\n"), csv, table{required: []string{"id"}})
	refused(t, err, `there is no column "id"; the columns are key | name`)
}

// Titles above the header are passed over, found by the expected columns or by
// the width of the table.
func TestTitlesAboveTheHeaderArePassedOver(t *testing.T) {
	text := "Organisations; 2026\n;;\nid;name;web\n1;A;\n2;B;\n"
	for name, columns := range map[string]table{"expected": {expected: []string{"id", "name"}}, "unknown": {}} {
		l := mustList(t, "list.csv", strings.ReplaceAll(text, "; 2026", ""), csv, columns)
		if len(l.rows) != 2 || l.rows[0].Line != 4 || l.rows[0].Fields["name"] != "A" || !strings.Contains(strings.Join(l.notes, ""), "named in line 3") {
			t.Errorf("%s: %v %v", name, l.lines(), l.notes)
		}
	}
	l := mustList(t, "list.csv", text, csv, table{expected: []string{"id"}})
	same(t, []string{`4 {"id":"1","name":"A","web":""}`, `5 {"id":"2","name":"B","web":""}`}, l.lines())
}

// Tables parted by tabs whose programs do not quote are read as they stand.
func TestUnquotedTabs(t *testing.T) {
	l := mustList(t, "list.tsv", "id\tname\n1\tThe \"A\" team\n2\t\"B\" and C\n", csv, table{})
	same(t, []string{`2 {"id":"1","name":"The \"A\" team"}`, `3 {"id":"2","name":"\"B\" and C"}`}, l.lines())
	l = mustList(t, "list.tsv", "id\tname\n1\t\"A\tB\"\n", csv, table{})
	same(t, []string{`2 {"id":"1","name":"A\tB"}`}, l.lines())
}

// SAFETY row 61: a cell that cannot be told apart is rejected with its row; a
// quotation mark that is never closed is refused with the place.
func TestRow61BrokenCells(t *testing.T) {
	l := mustList(t, "list.csv", "id,name\n1,a \"b\" c\n2,\"a\" b\n3,a\x00b\n4,D\n", csv, table{})
	same(t, []string{
		"2 ! a cell holds a quotation mark but is not quoted", "3 ! there is text after a closing quotation mark",
		"4 ! a cell holds the character NUL", `5 {"id":"4","name":"D"}`,
	}, l.lines())
	_, err := listBytes(t, "list.csv", []byte("id,name\n1,A\n2,\"B\n3,C\n"), csv, table{})
	refused(t, err, "list.csv:3: a quotation mark is opened here and never closed")
}

// SAFETY row 62: cells and rows beyond the limits are refused with the place.
func TestRow62Limits(t *testing.T) {
	many := strings.Repeat("x", 1<<20+1)
	for text, want := range map[string]string{
		"id,name\n1,A\n2," + many:                       "list.csv:3: a cell is longer than",
		"id,name\n1,A\n2,\"" + many:                     "a quotation mark is opened in line 3",
		"id,name\n1,A\n2" + strings.Repeat(",", 10_001): "list.csv:3: the row has more than",
		"id,name\n1,\xff\n2,ééééé":                      "UTF-8 but for 1 places",
	} {
		_, err := listBytes(t, "list.csv", []byte(text), csv, table{})
		refused(t, err, want)
	}
}

// Texts that stand for nothing leave their cells empty, in text and in
// workbooks, wherever they are the whole cell.
func TestTextsThatStandForNothing(t *testing.T) {
	empty := []string{"NA", "n/a"}
	same(t, []string{`2 {"id":"1","name":"NATO","web":""}`, `3 {"id":"2","name":"","web":"na"}`},
		mustList(t, "list.csv", "id,name,web\n1,NATO,NA\n2,n/a,na\n", read.Spec{Format: read.FormatCSV, Empty: empty}, table{}).lines())
	book := sheetOf(t, [][]any{{"id", "name", "web"}, {"1", "NATO", "NA"}, {"2", " n/a ", "na"}})
	l, err := listBytes(t, "list.xlsx", book, read.Spec{Format: read.FormatXLSX, Empty: empty}, table{})
	if err != nil {
		t.Fatal(err)
	}
	same(t, []string{`2 {"id":"1","name":"NATO"}`, `3 {"id":"2","web":"na"}`}, l.lines())
}
