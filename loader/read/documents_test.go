package read_test

import (
	"fmt"
	"strings"
	"testing"

	"coopgraph/loader/read"
)

const codeList = `<?xml version="1.0" encoding="ISO-8859-1"?>
<gc:CodeList xmlns:gc="http://docs.oasis-open.org/codelist/ns/genericode/1.0/">
 <Identification><ShortName>x</ShortName></Identification>
 <ColumnSet>
  <Column Id="code" Use="required"><ShortName>Code</ShortName></Column>
  <Column Id="name" Use="optional"><ShortName>Name</ShortName></Column>
  <ColumnRef Id="more" ExternalRef="y"/>
  <Key Id="key"><ColumnRef Ref="code"/></Key>
 </ColumnSet>
 <SimpleCodeList>%s</SimpleCodeList>
</gc:CodeList>`

var genericode = read.Spec{Format: read.FormatGenericode}

// Each row of a code list is keyed by its columns; a value that names none is of
// the column after the last one's.
func TestCodeListsAreRead(t *testing.T) {
	text := fmt.Sprintf(codeList, `
  <Row><Value ColumnRef="code"><SimpleValue>A &amp; <!-- x -->B</SimpleValue></Value><Value ColumnRef="name"><SimpleValue>`+"\xe9"+`</SimpleValue></Value></Row>
  <Row><Value><SimpleValue>1</SimpleValue></Value><Value/><Value><SimpleValue/></Value></Row>
  <Row><Value ColumnRef="name"><Annotation><x>y</x></Annotation><ComplexValue><b/></ComplexValue></Value></Row>
  <Row><Value ColumnRef="other"><SimpleValue>1</SimpleValue></Value></Row>
  <Row><Value ColumnRef="more"/><Value><SimpleValue>1</SimpleValue></Value></Row>
  <Row/>`)
	l := mustList(t, "list.gc", text, genericode, table{required: []string{"code"}})
	same(t, []string{
		`11 {"code":"A \u0026 B","name":"é"}`, `12 {"code":"1","more":""}`, `13 {} (a complex value is passed over)`,
		`14 ! a value is of no column of the list`, `15 ! a value is of no column of the list`, `16 {}`,
	}, l.lines())
}

// What is no code list, or a hostile one, is refused with the line.
func TestBrokenCodeListsAreRefused(t *testing.T) {
	row := `<Row><Value ColumnRef="code"><SimpleValue>%s</SimpleValue></Value></Row>`
	for want, text := range map[string]string{
		"1: the XML cannot be read: the code list declares a document type": `<!DOCTYPE x [<!ENTITY a "aaa">]>` + codeList,
		"invalid character entity &a;":                                      fmt.Sprintf(codeList, fmt.Sprintf(row, "&a;")),
		"ends in the middle of an element":                                  strings.SplitAfter(fmt.Sprintf(codeList, fmt.Sprintf(row, "x")), "<Row>")[0],
		"have the element \"html\"":                                         "<html></html>",
		"have text":                                                         "id,name\n1,A\n",
		"have nothing":                                                      "",
		"column 2 has no Id of its own":                                     strings.Replace(codeList, `"name"`, `"code"`, 1),
		"there is no column \"id\"":                                         fmt.Sprintf(codeList, ""),
		"has no SimpleCodeList":                                             "<CodeList></CodeList>",
		"longer than 16777216 bytes":                                        fmt.Sprintf(codeList, fmt.Sprintf(row, strings.Repeat("x", 17<<20))),
	} {
		_, err := listBytes(t, "list.gc", []byte(text), genericode, table{required: []string{"id", "code"}})
		if want != "there is no column \"id\"" && strings.Contains(text, "<ColumnSet>") {
			_, err = listBytes(t, "list.gc", []byte(text), genericode, table{})
		}
		refused(t, err, want)
	}
}

var popolo = read.Spec{Format: read.FormatPopolo}

// The objects of all lists of a Popolo document are rows that say what they are,
// in the order of the file.
func TestPopoloIsRead(t *testing.T) {
	same(t, []string{
		`3 {"class":"Membership","id":"m"}`, `4 {"class":"Person","id":"p"}`, `5 ! the record is not a JSON object`, `8 {"class":"Organization","id":"o"}`,
	}, mustList(t, "list.json", "{\"meta\": {\"a\": [1]},\n\"memberships\": [\n{\"id\": \"m\"}],\n\"persons\": [{\"id\": \"p\"},\n null],\n\"posts\": null, \"areas\": [],\n\"organizations\": [\n{\"id\": \"o\"}]}", popolo, table{}).lines())
	objects := []string{
		`{"person_id": "p", "organization_id": "o"}`, `{"family_name": "F"}`, `{"label": "L", "organization_id": "o"}`,
		`{"classification": "party", "name": "N"}`, `{"name": "N"}`, `{"@type": "event", "name": "N"}`,
	}
	want := []string{
		`1 {"class":"Membership","organization_id":"o","person_id":"p"}`, `2 {"class":"Person","family_name":"F"}`,
		`3 {"class":"Post","label":"L","organization_id":"o"}`, `4 {"class":"Organization","classification":"party","name":"N"}`,
		`5 ! the record does not show whether it is a person, an organisation, a post or a membership`, `6 {"@type":"event","class":"Event","name":"N"}`,
	}
	same(t, want, mustList(t, "list.json", "["+strings.Join(objects, ",\n")+"]", popolo, table{}).lines())
	same(t, want, mustList(t, "list.jsonl", strings.Join(objects, "\n"), popolo, table{}).lines())
	same(t, want[:2], mustList(t, "list.json", `{"results": [`+strings.Join(objects[:2], ",\n")+"]}", read.Spec{Format: "popolo", Items: "results"}, table{}).lines())
}

// What is no Popolo, or is cut, is refused.
func TestBrokenPopoloIsRefused(t *testing.T) {
	for text, want := range map[string]string{
		`{"a": 1}`:                             "the document has none of the lists areas, events",
		`{"persons": {}}`:                      "want a list of persons, have an object",
		`{"persons": [{"id": "p"}`:             "the file ends in the middle of a value",
		`{"persons": []} x`:                    "there is text after the end",
		"":                                     "the file ends",
		`{"x": ` + strings.Repeat("[", 20_000): "nested more than",
	} {
		_, err := listBytes(t, "list.json", []byte(text), popolo, table{})
		refused(t, err, want)
	}
}

// Records of a document are found wherever their array stands, and one that is
// no object is rejected alone.
func TestJSONIsRead(t *testing.T) {
	js := func(items string) read.Spec { return read.Spec{Format: "json", Items: items} }
	same(t, []string{`2 {"id":1.0}`, `3 ! the record is not a JSON object`, `3 ! the record is not a JSON object`},
		mustList(t, "list.json", "\ufeff[\n{\"id\": 1.0},\nnull, 5]\n", js(""), table{}).lines())
	same(t, []string{`2 {"id":1}`}, mustList(t, "list.json", "{\"x\": [1, {\"b\": 2}], \"a\": {\"c\": null, \"b\": [\n{\"id\": 1}], \"d\": {}}, \"e\": 1}", js("a.b"), table{}).lines())
	for text, want := range map[string]string{
		"[\n{\"id\": 1}": "2: the file ends in the middle of a value",
		"{}":             "1: want an array of records, have an object",
		"[]\nx":          "there is",
		"[{\"id\": " + strings.Repeat("[", 20_000):            "exceeded max depth",
		"[{\"id\": \"" + strings.Repeat("x", 17<<20) + "\"}]": "a record is longer than",
	} {
		_, err := listBytes(t, "list.json", []byte(text), js(""), table{})
		refused(t, err, want)
	}
}

// A line that is no object is rejected alone; a file that is cut, or is no JSON
// Lines, is refused.
func TestJSONLinesAreRead(t *testing.T) {
	lines := read.Spec{Format: read.FormatJSONLines}
	same(t, []string{`1 {"id":1}`, `3 ! the line is not a JSON object`, `4 ! the record is not a JSON object`, `5 {"id":2}`},
		mustList(t, "list.jsonl", "{\"id\": 1}\r\n\n{\"id\": }\nnull\n{\"id\": 2}", lines, table{}).lines())
	for text, want := range map[string]string{
		"{\"id\": 1}\n{\"id\":":     "2: the file ends in the middle of a value",
		"[\n{\"id\": 1}\n]\n":       "say format: json",
		strings.Repeat("x", 17<<20): "a record is longer than",
	} {
		_, err := listBytes(t, "list.jsonl", []byte(text), lines, table{})
		refused(t, err, want)
	}
}
