package read_test

import (
	"errors"
	"testing"
	"time"

	"coopgraph/loader/read"
	"coopgraph/loader/rows"
)

// anyInput is read to its end, or refused for a reason that is known: no reader
// panics, goes on for ever or gives a row that is neither fields nor an error.
func anyInput(f *testing.F, s read.Spec, seeds ...string) {
	f.Helper()
	for _, seed := range seeds {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		begun := time.Now()
		l, err := listBytes(t, "fuzz", data, s, table{expected: []string{"id"}})
		if err != nil && !errors.Is(err, rows.ErrFile) {
			t.Fatal(err)
		}
		for _, row := range l.rows {
			if (row.Fields == nil) == (row.Err == nil) || row.Line < 1 || row.Err != nil && row.Fields != nil {
				t.Fatalf("line %d: %v, %v", row.Line, row.Fields, row.Err)
			}
		}
		if spent := time.Since(begun); spent > time.Minute {
			t.Fatalf("%d bytes took %v", len(data), spent)
		}
	})
}

func FuzzCSV(f *testing.F) {
	anyInput(f, csv, "id,name\n1,A\n", "\ufeffid;name\r\n1;\"a\nb\"\r\n", "id\tname\r1\tA\r", "id,name\n1,\"A\n", "id,name\n1,\x00\n",
		"\xff\xfei\x00d\x00\n\x00", "a\n\nb,id,c\n1,2,3\n", "\x1f\x8b\x08\x00", "PK\x03\x04", "PK\x05\x06", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
}

func FuzzGzip(f *testing.F) {
	anyInput(f, csv, string(gzipped(f, []byte(small))), string(gzipped(f, gzipped(f, []byte(small)))))
}

func FuzzZip(f *testing.F) {
	anyInput(f, read.Spec{Format: read.FormatTable}, string(zipped(f, entry{"a.csv", []byte(small)})), string(zipped(f, entry{"a.xlsx", raw{sheet: headRow}.bytes(f)})))
}

// FuzzXLSX changes the parts of a workbook, which are then packed.
func FuzzXLSX(f *testing.F) {
	f.Add(headRow+`<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" s="1"><f>1</f><v>45000.5</v></c></row>`, `<si><t>x</t></si>`, `<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>`)
	f.Add(`<row r="1048576"><c r="XFD1"/></row>`, `<si><r><t>_x0041_</t></r></si>`, `<numFmt numFmtId="14" formatCode="[h]yyyy\-"/>`)
	f.Add(`<!DOCTYPE x>&lol;`, `<si>`, `</x>`)
	f.Fuzz(func(t *testing.T, sheet, texts, styles string) {
		l, err := listBytes(t, "fuzz.xlsx", raw{sheet: sheet, texts: texts, styles: styles}.bytes(t), xlsx, table{})
		if err != nil && !errors.Is(err, rows.ErrFile) {
			t.Fatal(err)
		}
		for _, row := range l.rows {
			if (row.Fields == nil) == (row.Err == nil) || row.Line < 1 {
				t.Fatalf("line %d: %v, %v", row.Line, row.Fields, row.Err)
			}
		}
	})
}

func FuzzJSON(f *testing.F) {
	anyInput(f, read.Spec{Format: read.FormatJSON}, `[{"id": 1, "name": "A"}]`, "\ufeff[]", `[{"id": {"a": [1]}}, 5, null, []]`, `[{"id": 1}`, `[{"id": "\ud800"}]`, "[[[[", `[{"id": 1e999}]`)
}

func FuzzJSONLines(f *testing.F) {
	anyInput(f, read.Spec{Format: read.FormatJSONLines}, "{\"id\": 1}\n{\"id\": 2}", "{}\nnull\n[", "{\"id\": 1}\r\n\n{")
}

func FuzzPopolo(f *testing.F) {
	anyInput(f, popolo, `{"persons": [{"id": 1}], "x": [{}]}`, `[{"family_name": "x"}, null]`, "{\"gender\": \"x\"}\n{}\n", `{"persons": null, "posts": [[]]}`, `{"persons"`)
}

func FuzzNTriples(f *testing.F) {
	anyInput(f, ntriples, "<x:1> <x:p> \"a\\u00e9\"@en .\n", "_:b <x:p> _:c.d. # x\n<x:1> <x:p> \"1\"^^<x:t> .", "<x:1> <x:p> \"a\\", "<x:2> <x:p> <x:1> .\n<x:1> <x:p> <x:1> .\n<x:2> <x:q> <x:1> .\nx\n")
}

func FuzzTurtle(f *testing.F) {
	anyInput(f, turtle, "@prefix : <x:> .\n:s :p 1, 'a'@en, \"\"\"b\"\"\"^^:t ; a [ :q ( 1 2.5e3 [] ) ] .\n", "BASE <x:/a/b>\n<../c> <?d> <#e> .", "@prefix a.b: <x:> . a.b:c\\,%20 a a.b: .", "[] a [] .", "@prefix : <x:> .\n((((", ":s :p :o .")
}

func FuzzGenericode(f *testing.F) {
	anyInput(f, genericode, codeList, `<CodeList><ColumnSet><Column Id="id"/></ColumnSet><SimpleCodeList><Row><Value><SimpleValue>1</SimpleValue></Value></Row></SimpleCodeList></CodeList>`,
		`<!DOCTYPE x [<!ENTITY a "b">]><CodeList>&a;</CodeList>`, `<CodeList><SimpleCodeList><Row><Value/></Row>`)
}
