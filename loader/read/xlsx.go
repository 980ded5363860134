package read

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"coopgraph/loader/rows"
)

// XLSX are what a mapping says of a table in a workbook.
type XLSX struct {
	// Sheet is the name of the sheet, or its place from 1; "" to find it.
	Sheet string `yaml:"sheet"`
	// Skip is the number of rows above the header; where it is 0, titles above
	// the header are passed over by themselves.
	Skip int `yaml:"skip"`
}

func (o XLSX) check() error {
	if o.Skip < 0 {
		return errors.New("skip: want the number of rows above the header")
	}
	return nil
}

// xlsxReader reads the rows of one sheet, under a row that names the columns.
// Rows without any value are no records.
type xlsxReader struct {
	in    *Input
	book  *workbook
	sheet *sheetRows
	table *table
	notes []string
}

// openXLSX finds the sheet and its header.
func openXLSX(in *Input, s Spec, expected, required []string) (rows.Reader, io.Closer, error) {
	if !in.workbook {
		return nil, nil, fmt.Errorf("%w: %s is no XLSX workbook", rows.ErrFile, in.name)
	}
	book, err := openWorkbook(in)
	if err != nil {
		return nil, nil, err
	}
	r := &xlsxReader{in: in, book: book, notes: in.notes()}
	if err := r.begin(s, expected, required); err != nil {
		return nil, nil, errors.Join(err, book.Close())
	}
	return r, r, nil
}

// Columns are the names of the columns, in their order.
func (r *xlsxReader) Columns() []string { return r.table.columns() }

// Close closes the workbook.
func (r *xlsxReader) Close() error {
	if r.sheet == nil {
		return r.book.Close()
	}
	return errors.Join(r.sheet.Close(), r.book.Close())
}

// candidate is a sheet that may hold the table.
type candidate struct {
	sheet sheet
	// header is the place of the header among the rows that are not empty,
	// line its row, known the number of expected columns in it.
	header, line, known int
	cells               []string
}

func (r *xlsxReader) begin(s Spec, expected, required []string) error {
	chosen, err := r.choose(s, expected)
	if err != nil {
		return err
	}
	r.table = &table{strict: s.Strict, empty: s.Empty}
	what := fmt.Sprintf("sheet %q, whose columns are named in row %d", chosen.sheet.name, chosen.line)
	r.notes = append(r.notes, "read from the "+what)
	notes, err := r.table.readHeader(r.in.name, chosen.line, chosen.cells, expected, required)
	if err != nil {
		return fmt.Errorf("%w (%s)", err, what)
	}
	r.notes = append(r.notes, notes...)
	if r.sheet, err = r.book.open(chosen.sheet); err != nil {
		return err
	}
	for range chosen.header + 1 {
		if _, err := r.sheet.next(); err != nil {
			return err
		}
	}
	return nil
}

// choose finds the sheet: the one that is named, else the one with the most of
// the expected columns, else the only visible one that is not empty, sheets of
// one column aside: these hold notes.
func (r *xlsxReader) choose(s Spec, expected []string) (candidate, error) {
	sheets := r.book.sheets
	if s.XLSX.Sheet != "" {
		named, err := r.book.sheet(s.XLSX.Sheet)
		if err != nil {
			return candidate{}, err
		}
		sheets = []sheet{named}
	}
	var best []candidate
	for _, sh := range sheets {
		if sh.hidden && s.XLSX.Sheet == "" {
			continue
		}
		c, err := r.look(sh, s.XLSX.Skip, expected)
		switch {
		case err != nil:
			return candidate{}, err
		case c.cells == nil:
		case len(best) == 0 || c.known > best[0].known:
			best = []candidate{c}
		case c.known == best[0].known:
			best = append(best, c)
		}
	}
	if tables := slices.DeleteFunc(slices.Clone(best), func(c candidate) bool { return filled(c.cells) < 2 }); len(tables) == 1 {
		best = tables
	}
	switch {
	case len(best) == 1:
		return best[0], nil
	case len(best) == 0 && s.XLSX.Sheet != "":
		return candidate{}, rows.Unreadable(r.in.name, 1, "the sheet %q is empty", sheets[0].name)
	case len(best) == 0:
		return candidate{}, rows.Unreadable(r.in.name, 1, "no visible sheet of the workbook holds anything; its sheets are %s", r.book.names())
	}
	return candidate{}, rows.Unreadable(r.in.name, best[1].line, "the list may stand in any of several sheets: say which by xlsx: {sheet: NAME}; the sheets are %s", r.book.names())
}

// look reads the first rows of a sheet.
func (r *xlsxReader) look(sh sheet, skip int, expected []string) (c candidate, err error) {
	c.sheet = sh
	in, err := r.book.open(sh)
	if err != nil {
		return c, err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	var records [][]string
	var lines []int
	above := 0
	for len(records) < headerWithin {
		row, err := in.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return c, err
		}
		if row.line <= skip {
			above++
			continue
		}
		records, lines = append(records, row.texts()), append(lines, row.line)
		if skip > 0 {
			break
		}
	}
	if len(records) == 0 {
		return c, nil
	}
	c.header, c.known = findHeader(records, expected)
	c.line, c.cells = lines[c.header], records[c.header]
	c.header += above
	return c, nil
}

// Notes gives what is to be said of the file.
func (r *xlsxReader) Notes() []string { return r.notes }

// Next gives the next row that is not empty.
func (r *xlsxReader) Next(ctx context.Context) (rows.Row, error) {
	if err := ctx.Err(); err != nil {
		return rows.Row{}, err
	}
	in, err := r.sheet.next()
	if err != nil {
		return rows.Row{}, err
	}
	row := rows.Row{Line: in.line, Notes: in.notes, Err: in.bad}
	if in.bad == nil {
		r.fill(&row, in.cells)
	}
	return row, nil
}

// fill gives the row its cells by column.
func (r *xlsxReader) fill(row *rows.Row, cells []sheetCell) {
	row.Fields = make(map[string]any, len(cells))
	extra := 0
	for _, c := range cells {
		switch {
		case c.column >= len(r.table.header):
			if c.value != nil {
				extra++
			}
		case r.table.header[c.column] != "" && c.value != nil:
			if s, ok := c.value.(string); !ok || r.table.cell(s) != "" {
				row.Fields[r.table.header[c.column]] = c.value
			}
		}
	}
	r.table.ragged(row, extra)
}

// sheet finds a sheet by its name, in any case, or by its place.
func (b *workbook) sheet(want string) (sheet, error) {
	if i := slices.IndexFunc(b.sheets, func(s sheet) bool { return s.name == want }); i >= 0 {
		return b.sheets[i], nil
	}
	for i, s := range b.sheets {
		if strings.EqualFold(strings.TrimSpace(s.name), strings.TrimSpace(want)) || fmt.Sprint(i+1) == want {
			return s, nil
		}
	}
	return sheet{}, rows.Unreadable(b.in.name, 1, "there is no sheet %.60q; the sheets are %s", want, b.names())
}

func (b *workbook) names() string {
	var names []string
	for _, s := range b.sheets {
		name := fmt.Sprintf("%q", s.name)
		if s.hidden {
			name += " (hidden)"
		}
		names = append(names, name)
	}
	return rows.Shorten(strings.Join(names, ", "), 500)
}
