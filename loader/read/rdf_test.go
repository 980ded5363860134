package read_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"coopgraph/loader/read"
)

var (
	turtle   = read.Spec{Format: read.FormatTurtle}
	ntriples = read.Spec{Format: read.FormatNTriples}
)

// Each subject is one row: addresses and blank nodes with their names, texts
// with language and type, and what is said twice once.
func TestSubjectsAreRows(t *testing.T) {
	text := "# a comment\n" +
		"<http://a.example/x#1> <http://www.w3.org/2004/02/skos/core#prefLabel> \"caf\\u00E9 \\\"x\\\"\\n\"@fr-BE .\n\n" +
		"<http://a.example/x#1> <http://www.w3.org/2004/02/skos/core#prefLabel> \"caf\\u00E9 \\\"x\\\"\\n\"@fr-BE . # again\n" +
		"<http://a.example/x#1> <http://a.example/p> \"1\"^^<http://www.w3.org/2001/XMLSchema#integer>.\n" +
		"<http://a.example/x#1> <http://purl.org/dc/terms/subject> _:b.0 .\r\n" +
		"_:b.0 <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://a.example/Caf%C3%A9/> .\n" +
		"<http://a.example/2#id> <http://a.example/p> <http://a.example/1#id> ."
	want := []string{
		`2 {"dcterms:subject":[{"id":"_:b.0","name":"_:b.0"}],"http://a.example/p":[{"type":"xsd:integer","value":"1"}],"id":"http://a.example/x#1","skos:prefLabel":[{"language":"fr-BE","value":"café \"x\"\n"}]}`,
		`7 {"id":"_:b.0","rdf:type":[{"id":"http://a.example/Caf%C3%A9/","name":"Café"}]}`,
		`8 {"http://a.example/p":[{"id":"http://a.example/1#id","name":"1"}],"id":"http://a.example/2#id"}`,
	}
	same(t, want, mustList(t, "list.nt", text, ntriples, table{}).lines())
	same(t, want, mustList(t, "list.ttl", text, turtle, table{}).lines())
}

// A line that is no statement is rejected alone, wherever rows are sorted to.
func TestBrokenNTriplesAreRejectedAlone(t *testing.T) {
	s := func(n int) string { return fmt.Sprintf("<x:%d> <x:p> \"%d\" .\n", n, n) }
	broken := "<x:1> <x:p> .\n<x:1> \"p\" \"o\" .\n<1> <x:p> \"o\" .\n<x:1> <x:p> \"\\q\" .\n<x:1> <x:p> \"o\"\n<x:1 2> <x:p> \"o\" .\n<x:1> <x:p> \"o\" . x\n"
	for name, text := range map[string]string{"grouped": s(1) + broken + s(2), "scattered": s(1) + broken + s(2) + s(1)} {
		l := mustList(t, "list.nt", text, ntriples, table{})
		var lines []string
		for _, line := range l.lines() {
			line, _, _ = strings.Cut(line, ": ")
			lines = append(lines, line)
		}
		bad := 0
		for _, line := range lines {
			if strings.HasSuffix(line, "! the line is not a statement of N-Triples") {
				bad++
			}
		}
		if bad != 7 || len(lines) != 9 {
			t.Errorf("%s: %v", name, l.lines())
		}
	}
	_, err := listBytes(t, "list.nt", []byte(s(1)+"<x:2> <x:p> \"o"), ntriples, table{})
	refused(t, err, "list.nt:2: the file ends in the middle of a statement")
}

// The statements of a subject make one row however they are scattered, and the
// rows are the same in whatever order they stand, though they go beyond what is
// sorted at once.
func TestScatteredStatementsAreSorted(t *testing.T) {
	const subjects, each = 2_000, 40
	long := strings.Repeat("x", 400)
	lines := make([]string, 0, subjects*each)
	for i := range subjects * each {
		lines = append(lines, fmt.Sprintf("<x:%06d> <x:p%02d> \"%s\" .\n", i/each, i%each, long))
	}
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
	l := mustList(t, "list.nt", strings.Join(lines, ""), ntriples, table{})
	if len(l.rows) != subjects {
		t.Fatalf("%d rows, want %d", len(l.rows), subjects)
	}
	for i, row := range l.rows {
		if row.Fields["id"] != fmt.Sprintf("x:%06d", i) || len(row.Fields) != each+1 || row.Line < 1 {
			t.Fatalf("row %d: %v in line %d has %d fields", i, row.Fields["id"], row.Line, len(row.Fields))
		}
	}
	if !strings.Contains(strings.Join(l.notes, ""), "scattered") {
		t.Errorf("the notes do not say it: %v", l.notes)
	}
}

// Turtle is read as its grammar says: directives, prefixed names with escapes,
// texts of all kinds, numbers, nested nodes and collections.
func TestTurtleIsRead(t *testing.T) {
	const head = "@prefix : <http://a.example/> .\nPREFIX ex.x: <b/>\n@base <http://a.example/dir/doc> .\nBASE <http://a.example/dir/doc>\n"
	for text, want := range map[string][]string{
		":s a :C, ex.x:D ; :p 1, -1.5, 2e3, .5, true ; .": {
			`5 {"http://a.example/p":[{"type":"xsd:integer","value":"1"},{"type":"xsd:decimal","value":"-1.5"},{"type":"xsd:double","value":"2e3"},{"type":"xsd:decimal","value":".5"},{"type":"xsd:boolean","value":"true"}],` +
				`"id":"http://a.example/s","rdf:type":[{"id":"http://a.example/C","name":"C"},{"id":"b/D","name":"D"}]}`,
		},
		":s :p 1.":           {`5 {"http://a.example/p":[{"type":"xsd:integer","value":"1"}],"id":"http://a.example/s"}`},
		":a.b%20\\,c :p :x.": {`5 {"http://a.example/p":[{"id":"http://a.example/x","name":"x"}],"id":"http://a.example/a.b%20,c"}`},
		"<#f> <../q?x#y> <> , <//b.example/./z/../c>.": {
			`5 {"http://a.example/q?x#y":[{"id":"http://a.example/dir/doc","name":"doc"},{"id":"http://b.example/c","name":"c"}],"id":"http://a.example/dir/doc#f"}`,
		},
		":s :p 'it', \"\"\"a \"quoted\"\n\\u00e9\"\"\"@en, '''x'y'''^^:t .": {
			`5 {"http://a.example/p":[{"value":"it"},{"language":"en","value":"a \"quoted\"\né"},{"type":"http://a.example/t","value":"x'y"}],"id":"http://a.example/s"}`,
		},
		":s :p [ :q 1 ; :r [] ], _:b1 ; :z 2 .": {
			`5 {"http://a.example/p":[{"id":"_:#1","name":"_:#1"},{"id":"_:b1","name":"_:b1"}],"http://a.example/z":[{"type":"xsd:integer","value":"2"}],"id":"http://a.example/s"}`,
			`5 {"http://a.example/q":[{"type":"xsd:integer","value":"1"}],"http://a.example/r":[{"id":"_:#2","name":"_:#2"}],"id":"_:#1"}`,
		},
		"[ :p 1 ] .\n[] :q 2 .": {
			`5 {"http://a.example/p":[{"type":"xsd:integer","value":"1"}],"id":"_:#1"}`,
			`6 {"http://a.example/q":[{"type":"xsd:integer","value":"2"}],"id":"_:#2"}`,
		},
		":s :p (1 ()) .": {
			`5 {"http://a.example/p":[{"id":"_:#1","name":"_:#1"}],"id":"http://a.example/s"}`,
			`5 {"id":"_:#1","rdf:first":[{"type":"xsd:integer","value":"1"}],"rdf:rest":[{"id":"_:#2","name":"_:#2"}]}`,
			`5 {"id":"_:#2","rdf:first":[{"id":"http://www.w3.org/1999/02/22-rdf-syntax-ns#nil","name":"nil"}],"rdf:rest":[{"id":"http://www.w3.org/1999/02/22-rdf-syntax-ns#nil","name":"nil"}]}`,
		},
		"# nothing": nil,
	} {
		l := mustList(t, "list.ttl", head+text, turtle, table{})
		same(t, want, l.lines())
	}
}

// What is not Turtle is refused with the line.
func TestBrokenTurtleIsRefused(t *testing.T) {
	for text, want := range map[string]string{
		"@prefix : <x:> .\n:s :p 'o'":                              "2: the file ends in the middle of a statement",
		":s :p 1 .":                                                `the prefix "" is not declared`,
		"@prefix : <x:> .\n:s :p 'o\n'.":                           "a text in single quotation marks ends with its line",
		"@prefix : <x:> .\n:s :p \"\"\"o\n\n":                      "2: a text begins here and is never closed",
		"@prefix : <x:> .\n:s :p :a :b .":                          "want a semicolon",
		"@prefix : <x:> .\n:s :p :a ; ] .":                         "want a resource",
		"@prefix : <x:> .\n:s :p '\\q' .":                          "escapes nothing",
		"@prefix : <x:> .\n:s :p <a b> .":                          "a character that none may hold",
		"@prefix : <x:> .\n:s :p :%x .":                            "two hexadecimal digits",
		"@what : <x:> .":                                           "is no directive",
		"@prefix : <x:> .\n:s :p " + strings.Repeat("[ :p ", 1000): "nested more than",
		"@prefix : <x:> .\n:s :p " + strings.Repeat("(", 1000):     "nested more than",
		"@prefix : <x:> .\n:s { :p :o } .":                         "want a resource",
	} {
		_, err := listBytes(t, "list.ttl", []byte(text), turtle, table{})
		refused(t, err, want)
	}
}
