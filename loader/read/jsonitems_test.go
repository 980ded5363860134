package read_test

import (
	"strings"
	"testing"

	"coopgraph/loader/read"
)

// The records of a JSON document are found, whatever stands around them: the
// array with the most objects, or an object that has nothing but objects.
func TestRecordsAreFoundInJSON(t *testing.T) {
	for text, want := range map[string]string{
		`[{"a": 1}, {"a": 2}]`: "",
		`{"meta": {"x": [1, 2, 3]}, "data": [{"a": 1}, {"a": 2, "b": [{}, {}, {}]}]}`:        "data",
		`{"result": {"count": 2, "records": [{"a": 1}, {"a": 2}], "fields": [{"id": "a"}]}}`: "result.records",
		`{"AEAJM": {"name": "Ajman", "alias": []}, "AGANU": {"name": "Antigua"}}`:            "*",
		`{"version": 1, "ports": {"A": {"n": 1}, "B": {"n": 2}, "C": {"n": 3}}}`:             "ports.*",
		`{"a.b": [{"x": 1}], "c": [{"x": 1}]}`:                                               "c",
		`{"a": 1, "b": {"c": 2}}`:                                                            "",
		`{"data": [{"a": 1}, {"a": 2}, {"a":`:                                                "data",
		`{"a": {"b": {"c": {"d": [{"x": 1}]}}}}`:                                             "",
		``:                                                                                   "",
		`{"a": {"x": 1}} {"b": 1}]]`:                                                         "",
	} {
		in, err := read.FromBytes(t.Context(), "x.json", []byte(text), "")
		if text == "" {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		got, err := in.Items(t.Context())
		if err != nil || got != want {
			t.Errorf("%s: %q, %v, want %q", text, got, err, want)
		}
		if err := in.Close(); err != nil {
			t.Error(err)
		}
	}
}

// Members of an object are records with their key; what is none is rejected,
// and a cut file is noticed.
func TestMembersAreRecords(t *testing.T) {
	l := mustList(t, "x.json", "{\"v\": 1, \"all\": {\"A\": {\"n\": 1},\n\"B\": 2,\n\"C\": {\"n\": {\"x\": 3}}}, \"z\": []}", read.Spec{Format: read.FormatJSON, Items: "all.*"}, table{})
	same(t, []string{`1 {"@key":"A","n":1}`, `2 ! the record is not a JSON object`, `3 {"@key":"C","n":{"x":3}}`}, l.lines())
	for text, want := range map[string]string{
		`{"all": [{"n": 1}]}`:                           "want an object of records, have an array",
		`{"all": {"A": {"n": 1}, "B"`:                   "ends in the middle",
		`{"all": {"A": {"n": 1}}} x`:                    "text after the end",
		`{"all": {"A": "` + strings.Repeat("x", 17<<20): "longer than",
	} {
		_, err := listBytes(t, "x.json", []byte(text), read.Spec{Format: read.FormatJSON, Items: "all.*"}, table{})
		refused(t, err, want)
	}
}

// A table without a header loses no row: its columns are called by their places,
// as many as the widest row has.
func TestTablesWithoutHeader(t *testing.T) {
	spec := csv
	spec.CSV.Header = "none"
	l := mustList(t, "x.csv", "Club A,a@example.org,https://a.example/\nClub B,b@example.org\n", spec, table{expected: []string{"1", "3"}, required: []string{"1"}})
	same(t, []string{
		`1 {"1":"Club A","2":"a@example.org","3":"https://a.example/"}`, `2 {"1":"Club B","2":"b@example.org"} (1 cells of 3 are missing)`,
	}, l.lines())
	_, err := listBytes(t, "x.csv", []byte("a,b\n1,2\n"), spec, table{expected: []string{"3"}, required: []string{"3"}})
	refused(t, err, `there is no column "3"`)
}
