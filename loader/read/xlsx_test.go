package read_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/unicode"

	"coopgraph/loader/read"
)

var xlsx = read.Spec{Format: read.FormatXLSX}

func saved(t testing.TB, f *excelize.File) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func fill(t testing.TB, f *excelize.File, name string, cells [][]any) {
	t.Helper()
	if _, err := f.NewSheet(name); err != nil {
		t.Fatal(err)
	}
	for i, row := range cells {
		if err := f.SetSheetRow(name, fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
}

// sheetOf is a workbook with one sheet.
func sheetOf(t testing.TB, cells [][]any) []byte {
	t.Helper()
	f := excelize.NewFile()
	fill(t, f, "Sheet1", cells)
	return saved(t, f)
}

// A sheet that somebody made by hand is read: a merged title, a gap, the header,
// values as they were typed.
func TestSheetsAreRead(t *testing.T) {
	f := excelize.NewFile()
	fill(t, f, "Sheet1", [][]any{
		{"Partners of 2026"},
		{},
		{"id", "name", "share", "count", "member", "since", "postcode"},
		{"1", "Université", 0.1 + 0.2, 1234567890123, true, time.Date(2024, 2, 29, 0, 0, 0, 0, time.UTC), 1234},
		{},
		{"007", "B"},
		{nil, nil, nil, nil, nil, nil, nil, "beyond"},
	})
	zeros := "00000"
	style, err := f.NewStyle(&excelize.Style{CustomNumFmt: &zeros})
	if err == nil {
		err = f.SetCellStyle("Sheet1", "G4", "G4", style)
	}
	if err == nil {
		err = f.MergeCell("Sheet1", "A1", "G1")
	}
	if err != nil {
		t.Fatal(err)
	}
	data := saved(t, f)
	for name, columns := range map[string]table{"expected": {expected: []string{"name", "id"}, required: []string{"id"}}, "unknown": {}} {
		l, err := listBytes(t, "list.xlsx", data, xlsx, columns)
		if err != nil {
			t.Fatal(name, err)
		}
		same(t, []string{
			`4 {"count":1234567890123,"id":"1","member":true,"name":"Université","postcode":"01234","share":0.3,"since":"2024-02-29"}`,
			`6 {"id":"007","name":"B"}`, `7 {} (1 cells beyond the 7 columns are passed over)`,
		}, l.lines())
		same(t, []string{`read from the sheet "Sheet1", whose columns are named in row 3`}, l.notes)
	}
}

// The sheet is the one asked for, the one with the expected columns, or the only
// visible one that is a table; where it is none of them, the sheets are listed.
func TestSheetsAreChosen(t *testing.T) {
	f := excelize.NewFile()
	fill(t, f, "Read me", [][]any{{"About this"}})
	fill(t, f, "Bodies", [][]any{{"id", "name"}, {"1", "A"}})
	fill(t, f, "Secret", [][]any{{"id", "name"}, {"2", "B"}})
	if err := f.SetSheetVisible("Secret", false); err != nil {
		t.Fatal(err)
	}
	data := saved(t, f)
	with := func(sheet string) read.Spec { return read.Spec{Format: "xlsx", XLSX: read.XLSX{Sheet: sheet}} }
	for name, c := range map[string]struct {
		spec    read.Spec
		columns table
		want    string
	}{
		"by columns": {xlsx, table{expected: []string{"id"}}, `2 {"id":"1","name":"A"}`},
		"by name":    {with("secret"), table{}, `2 {"id":"2","name":"B"}`},
		"by place":   {with("4"), table{}, `2 {"id":"2","name":"B"}`},
		"by width":   {xlsx, table{}, `2 {"id":"1","name":"A"}`},
	} {
		l, err := listBytes(t, "list.xlsx", data, c.spec, c.columns)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		same(t, []string{c.want}, l.lines())
	}
	fill(t, f, "More", [][]any{{"id", "name"}, {"3", "C"}})
	_, err := listBytes(t, "list.xlsx", saved(t, f), xlsx, table{})
	refused(t, err, `say which by xlsx: {sheet: NAME}; the sheets are "Sheet1", "Read me", "Bodies", "Secret" (hidden), "More"`)
	_, err = listBytes(t, "list.xlsx", data, with("Bodys"), table{})
	refused(t, err, `there is no sheet "Bodys"; the sheets are "Sheet1"`)
	_, err = listBytes(t, "list.xlsx", data, with("Sheet1"), table{})
	refused(t, err, `the sheet "Sheet1" is empty`)
	_, err = listBytes(t, "list.xlsx", data, with("Bodies"), table{required: []string{"web"}})
	refused(t, err, `there is no column "web"; the columns are id | name (sheet "Bodies"`)
}

// raw is a workbook of one sheet, written by hand.
type raw struct{ book, sheet, texts, styles string }

func (r raw) bytes(t testing.TB, more ...entry) []byte {
	t.Helper()
	const head = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>`
	const office = `http://schemas.openxmlformats.org/officeDocument/2006/relationships`
	return zipped(t, append([]entry{
		{"[Content_Types].xml", []byte(head + `<Types/>`)},
		{"_rels/.rels", []byte(head + `<Relationships><Relationship Id="a" Type="` + office + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`)},
		{"xl/workbook.xml", []byte(head + `<workbook>` + r.book + `<sheets><sheet name="S" sheetId="1" r:id="b"/></sheets></workbook>`)},
		{"xl/_rels/workbook.xml.rels", []byte(head + `<Relationships><Relationship Id="b" Type="` + office + `/worksheet" Target="worksheets/one.xml"/>` +
			`<Relationship Id="c" Type="` + office + `/sharedStrings" Target="/xl/texts.xml"/><Relationship Id="d" Type="` + office + `/styles" Target="styles.xml"/></Relationships>`)},
		{"xl/texts.xml", []byte(head + `<sst>` + r.texts + `</sst>`)},
		{"xl/styles.xml", []byte(head + `<styleSheet>` + r.styles + `</styleSheet>`)},
		{"xl/worksheets/one.xml", []byte(head + `<worksheet><sheetData>` + r.sheet + `</sheetData></worksheet>`)},
	}, more...)...)
}

const headRow = `<row r="1"><c r="A1" t="inlineStr"><is><t>id</t></is></c><c r="B1" t="inlineStr"><is><t>name</t></is></c></row>`

// SAFETY row 66: cells that are sparse, without a value, or errors are read with
// a note, and formulas by the value that was kept.
func TestRow66CellsOfEveryKind(t *testing.T) {
	l, err := listBytes(t, "list.xlsx", raw{
		texts: `<si><t>plain</t></si><si><r><t xml:space="preserve">rich </t></r><r><t>text</t></r><rPh><t>x</t></rPh></si><si><t>a_x000D_b_x0041_</t></si>`,
		sheet: headRow +
			`<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" t="s"><v>1</v></c></row>` +
			`<row r="3"><c r="A3"><f>1+1</f><v>2</v></c><c r="B3"><f>NOW()</f></c></row>` +
			`<row r="4"><c r="A4" t="e"><v>#N/A</v></c><c r="B4" t="str"><f>A1</f><v>text</v></c></row>` +
			`<row r="5"><c r="A5" t="s"><v>99</v></c></row>` +
			`<row r="6"><c r="A6"><v>x</v></c></row>` +
			`<row><c><v>1e3</v></c><c t="s"><v>2</v></c></row>` +
			`<row r="1048576"><c r="XFD1048576" t="b"><v>1</v></c></row>`,
	}.bytes(t), xlsx, table{})
	if err != nil {
		t.Fatal(err)
	}
	same(t, []string{
		`2 {"id":"plain","name":"rich text"}`, `3 {"id":2} (the formula in B3 has no value: it is passed over)`,
		`4 {"name":"text"} (cell A4 holds the error #N/A: it is passed over)`, `5 ! the text of cell A5 is not in the workbook`,
		`6 ! cell A6 is not a number`, `7 {"id":1000,"name":"abA"}`,
		`1048576 {} (1 cells beyond the 2 columns are passed over)`,
	}, l.lines())
}

// SAFETY row 66: days are written as ISO dates, as precise as they are shown, in
// the calendar of 1900, with the day that never was, and in that of 1904.
func TestRow66Dates(t *testing.T) {
	styles := `<numFmts><numFmt numFmtId="170" formatCode="dd/mm/yyyy\ hh:mm;@"/><numFmt numFmtId="171" formatCode="yyyy"/>` +
		`<numFmt numFmtId="172" formatCode="[$-409]mmm\-yy"/><numFmt numFmtId="173" formatCode="[h]:mm"/><numFmt numFmtId="174" formatCode="0.00&quot;d&quot;"/></numFmts>` +
		`<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/><xf numFmtId="171"/><xf numFmtId="172"/><xf numFmtId="173"/><xf numFmtId="174"/><xf numFmtId="20"/></cellXfs>`
	for _, c := range []struct{ style, number, in1900, in1904 string }{
		{"0", "45351", "45351", "45351"},
		{"1", "45351", `"2024-02-29"`, `"2028-03-01"`},
		{"1", "1", `"1900-01-01"`, `"1904-01-02"`},
		{"1", "59", `"1900-02-28"`, `"1904-02-29"`},
		{"1", "61", `"1900-03-01"`, `"1904-03-02"`},
		{"1", "2958465", `"9999-12-31"`, "2958465"},
		{"1", "-1", "-1", "-1"},
		{"1", "60", "60", `"1904-03-01"`},
		{"2", "45351.5", `"2024-02-29T12:00:00"`, `"2028-03-01T12:00:00"`},
		{"2", "45351.999999999", `"2024-03-01"`, `"2028-03-02"`},
		{"3", "45351", `"2024"`, `"2028"`},
		{"4", "45351", `"2024-02"`, `"2028-03"`},
		{"5", "1.5", "1.5", "1.5"},
		{"6", "2", "2", "2"},
		{"7", "0.75", `"18:00:00"`, `"18:00:00"`},
	} {
		for book, want := range map[string]string{"": c.in1900, `<workbookPr date1904="1"/>`: c.in1904} {
			l, err := listBytes(t, "list.xlsx", raw{book: book, styles: styles, sheet: headRow + `<row r="2"><c r="A2" s="` + c.style + `"><v>` + c.number + `</v></c></row>`}.bytes(t), xlsx, table{})
			if err != nil || len(l.rows) != 1 || !strings.HasPrefix(l.lines()[0], `2 {"id":`+want+`}`) {
				t.Errorf("style %s, %s, %q: %v, %v, want %s", c.style, c.number, book, l.lines(), err, want)
			}
		}
	}
}

// SAFETY rows 65 and 66: what is no workbook, or a hostile one, is refused with
// the reason; it is never read as a sheet without rows.
func TestRows65And66HostileWorkbooksAreRefused(t *testing.T) {
	dtd := `<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY l "&lol;&lol;">]>`
	encrypted := append([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), bytes.Repeat([]byte{0}, 2000)...)
	old := bytes.Clone(encrypted)
	encrypted = append(encrypted, encoded(t, "EncryptedPackage", unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewEncoder())...)
	for want, data := range map[string][]byte{
		"declares a document type":      raw{sheet: headRow + dtd}.bytes(t),
		"invalid character entity &lol": raw{sheet: headRow + `<row r="2"><c t="str"><v>&lol;</v></c></row>`}.bytes(t),
		"has a cell at \"XFE2\"":        raw{sheet: headRow + `<row r="2"><c r="XFE2"><v>1</v></c></row>`}.bytes(t),
		"has more than 1048576 rows":    raw{sheet: headRow + `<row r="1048577"/>`}.bytes(t),
		"stands a row numbered \"1\"":   raw{sheet: headRow + headRow}.bytes(t),
		"an encrypted Excel workbook":   encrypted,
		"before 2007 (.xls)":            old,
		"unsafe name":                   raw{sheet: headRow}.bytes(t, entry{"xl/../../evil.xml", nil}),
		"is no XLSX workbook":           zipped(t, entry{"[Content_Types].xml", nil}, entry{"word/document.xml", nil}),
		"list.xlsx is no XLSX workbook": []byte(small),
		"ends in the middle":            raw{sheet: headRow + `<row r="2">`}.bytes(t),
		"no visible sheet":              raw{}.bytes(t),
		"nested more than":              raw{sheet: strings.Repeat("<a>", 1000)}.bytes(t),
		"longer than":                   raw{sheet: headRow + `<row r="2"><c t="str"><v>` + strings.Repeat("ab", 1<<19+1) + `</v></c></row>`}.bytes(t),
	} {
		l, err := listBytes(t, "list.xlsx", data, xlsx, table{})
		if refused(t, err, want); len(l.rows) > 0 {
			t.Errorf("%s: %d rows", want, len(l.rows))
		}
	}
}

// SAFETY row 64: workbooks that unpack to a thousand times their size are
// refused before anything is unpacked.
func TestRow64WorkbookBombsAreRefused(t *testing.T) {
	zeros := bytes.Repeat([]byte("0"), 100<<20)
	sheet := bytes.Repeat([]byte(`<row><c><v>1</v></c></row>`), 3<<20)
	for name, data := range map[string][]byte{
		"media": raw{sheet: headRow}.bytes(t, entry{"xl/media/image1.png", zeros}),
		"sheet": raw{sheet: headRow}.bytes(t, entry{"xl/worksheets/two.xml", sheet}),
	} {
		begun := time.Now()
		_, err := listBytes(t, "list.xlsx", data, xlsx, table{})
		refused(t, err, "too large: ")
		if spent := time.Since(begun); spent > 30*time.Second {
			t.Errorf("%s took %v", name, spent)
		}
	}
}
