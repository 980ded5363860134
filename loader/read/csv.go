package read

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"coopgraph/loader/rows"
)

// CSV are what a mapping says of a table in text.
type CSV struct {
	// Separator parts the cells; "" to find out.
	Separator string `yaml:"separator"`
	// Quote is "none" where quotation marks are ordinary characters.
	Quote string `yaml:"quote"`
	// Skip is the number of lines above the header; where it is 0, titles above
	// the header are passed over by themselves.
	Skip int `yaml:"skip"`
	// Header is "none" where no record names the columns: they are called "1",
	// "2", and so on.
	Header string `yaml:"header"`
}

// separators are those that are recognised.
var separators = []byte{',', ';', '\t', '|'}

func (o CSV) check() error {
	if o.Separator != "" && (len(o.Separator) != 1 || strings.ContainsAny(o.Separator, "\"\r\n\x00")) {
		return fmt.Errorf("separator %q: want one ASCII character", o.Separator)
	}
	if o.Quote != "" && o.Quote != "none" {
		return fmt.Errorf("quote %q: want none, or leave it out", o.Quote)
	}
	if o.Skip < 0 {
		return errors.New("skip: want the number of lines above the header")
	}
	if o.Header != "" && o.Header != "none" {
		return fmt.Errorf("header %q: want none, or leave it out", o.Header)
	}
	return nil
}

// csvReader reads a table in text whose first record names the columns.
type csvReader struct {
	in    *Input
	cells *cellReader
	table *table
	notes []string
}

// Columns are the names of the columns, in their order.
func (r *csvReader) Columns() []string { return r.table.columns() }

// sample is how much of a file tells its separator and its header.
const sample = 64 << 10

// newCSVReader reads the header. The columns expected help to find it, and the
// separator; those required must be there.
func newCSVReader(in *Input, text *bufio.Reader, s Spec, expected, required []string) (*csvReader, error) {
	o := s.CSV
	r := &csvReader{in: in, cells: &cellReader{file: in.name, text: text, line: 1, quoted: o.Quote != "none"}, notes: in.notes()}
	for range o.Skip {
		if err := r.cells.skipLine(); err != nil {
			return nil, rows.Unreadable(in.name, r.cells.line, "the file ends above its header")
		}
	}
	found, err := r.detect(o, expected)
	if err != nil {
		return nil, err
	}
	r.table = &table{strict: s.Strict, empty: s.Empty}
	if o.Header == "none" {
		notes, err := r.table.readHeader(in.name, r.cells.line, numbered(found.widest), expected, required)
		r.notes = append(r.notes, notes...)
		return r, err
	}
	above := found.header
	for range above {
		if _, err := r.cells.next(); err != nil {
			return nil, err
		}
	}
	header, err := r.cells.next()
	if errors.Is(err, io.EOF) {
		return nil, rows.Unreadable(in.name, 1, "the file is empty")
	}
	if err != nil {
		return nil, err
	}
	if header.err != nil {
		return nil, rows.Unreadable(in.name, header.line, "in the header: %s", rows.Reason(header.err))
	}
	if above > 0 {
		r.notes = append(r.notes, fmt.Sprintf("the columns are named in line %d; what stands above is passed over", header.line))
	}
	notes, err := r.table.readHeader(in.name, header.line, header.cells, expected, required)
	r.notes = append(r.notes, notes...)
	return r, err
}

// numbered are the names of columns that have none.
func numbered(columns int) []string {
	names := make([]string, columns)
	for i := range names {
		names[i] = strconv.Itoa(i + 1)
	}
	return names
}

// attempt is how the sample looks when parted by a separator.
type attempt struct {
	separator byte
	quoted    bool
	// header is the place of the header among the records, known the number
	// of expected columns in it, width the usual number of cells.
	header, known, width int
	// widest is the largest number of cells of a record.
	widest int
	// even is how many of a hundred records have that number, and wrong how
	// many records cannot be parted.
	even, wrong int
}

// detect finds the separator: the one that gives the most of the expected
// columns, else the one that parts all records into the same number of cells.
// It gives how the table looks then.
func (r *csvReader) detect(o CSV, expected []string) (attempt, error) {
	head, err := r.cells.text.Peek(sample)
	if err != nil && !errors.Is(err, io.EOF) {
		return attempt{}, rows.Unreadable(r.in.name, r.cells.line, "%v", err)
	}
	var best []attempt
	tried := separators
	if o.Separator != "" {
		tried = []byte(o.Separator)
	}
	for _, sep := range tried {
		got := r.try(head, sep, r.cells.quoted, expected)
		if sep == '\t' && o.Quote == "" && got.wrong > 0 {
			// Programs that write tabs seldom quote.
			if plain := r.try(head, sep, false, expected); plain.wrong == 0 && plain.even >= got.even {
				got = plain
			}
		}
		if got.width < 2 && o.Separator == "" {
			continue
		}
		switch {
		case len(best) == 0 || got.known > best[0].known || got.known == best[0].known && got.even > best[0].even:
			best = []attempt{got}
		case got.known == best[0].known && got.even == best[0].even:
			best = append(best, got)
		}
	}
	if len(best) == 0 {
		best = []attempt{r.try(head, ',', r.cells.quoted, expected)}
	}
	if len(best) > 1 {
		var could []byte
		for _, b := range best {
			could = append(could, b.separator)
		}
		first, _, _ := bytes.Cut(head, []byte("\n"))
		return attempt{}, rows.Unreadable(r.in.name, r.cells.line, "the separator may be any of %q: say which; the header is %s", could, rows.Shorten(string(first), 500))
	}
	r.cells.separator = best[0].separator
	if r.cells.quoted && !best[0].quoted {
		r.cells.quoted = false
		r.notes = append(r.notes, "quotation marks are read as ordinary characters")
	}
	if o.Skip > 0 {
		best[0].header = 0
	}
	return best[0], nil
}

// try parts the sample by a separator.
func (r *csvReader) try(head []byte, sep byte, quoted bool, expected []string) attempt {
	got := attempt{separator: sep, quoted: quoted}
	c := &cellReader{file: r.in.name, text: bufio.NewReader(bytes.NewReader(head)), line: 1, separator: sep, quoted: quoted}
	var records [][]string
	for len(records) < 200 {
		rec, err := c.next()
		if err != nil {
			break
		}
		if rec.err != nil {
			got.wrong++
		}
		records = append(records, rec.cells)
	}
	if len(head) == sample && len(records) > 2 {
		records = records[:len(records)-1] // the sample cuts the last record
	}
	if len(records) == 0 {
		return got
	}
	for _, cells := range records {
		got.widest = max(got.widest, len(cells))
	}
	got.header, got.known = findHeader(records, expected)
	records = records[got.header:]
	counts := map[int]int{}
	for _, cells := range records {
		counts[len(cells)]++
	}
	got.width = len(records[0])
	got.even = counts[got.width] * 100 / len(records)
	return got
}

// Notes gives what is to be said of the file.
func (r *csvReader) Notes() []string { return r.notes }

// Next gives the next record. Lines without any character are no records.
func (r *csvReader) Next(ctx context.Context) (rows.Row, error) {
	if err := ctx.Err(); err != nil {
		return rows.Row{}, err
	}
	rec, err := r.cells.next()
	if err != nil {
		return rows.Row{}, err
	}
	row := rows.Row{Line: rec.line, Err: rec.err}
	if row.Err == nil {
		r.fill(&row, rec.cells)
	}
	return row, nil
}

// fill gives the row its cells by column.
func (r *csvReader) fill(row *rows.Row, cells []string) {
	row.Fields = make(map[string]any, len(r.table.header))
	for i, name := range r.table.header {
		if i < len(cells) && name != "" {
			row.Fields[name] = r.table.cell(cells[i])
		}
	}
	extra := len(cells) - len(r.table.header)
	if extra > 0 && strings.TrimSpace(strings.Join(cells[len(r.table.header):], "")) == "" {
		extra = 0
	}
	r.table.ragged(row, extra)
}

// record is the cells of one record, or why they cannot be told apart.
type record struct {
	line  int
	cells []string
	err   error
}

// cellReader parts text into records and cells, as RFC 4180 says: quoted cells
// may hold separators, line ends and doubled quotes. Line ends are LF, CR LF
// or CR.
type cellReader struct {
	file      string
	text      *bufio.Reader
	line      int
	separator byte
	quoted    bool
	cell      []byte
	size      int
}

// next gives the next record; io.EOF after the last.
func (c *cellReader) next() (record, error) {
	for {
		first, err := c.text.ReadByte()
		if err != nil {
			return record{}, c.fail(err)
		}
		if c.lineEnd(first) {
			continue
		}
		if err := c.text.UnreadByte(); err != nil {
			return record{}, c.fail(err)
		}
		return c.record()
	}
}

func (c *cellReader) record() (record, error) {
	rec := record{line: c.line}
	c.size = 0
	for {
		more, err := c.readCell(&rec)
		if err != nil {
			return record{}, err
		}
		if rec.cells = append(rec.cells, string(c.cell)); len(rec.cells) > rows.MaxColumns {
			return record{}, rows.Unreadable(c.file, rec.line, "the row has more than %d columns", rows.MaxColumns)
		}
		if !more {
			return rec, nil
		}
	}
}

// readCell reads one cell and says whether another follows in its record.
func (c *cellReader) readCell(rec *record) (more bool, err error) {
	c.cell = c.cell[:0]
	start := true
	for {
		b, err := c.text.ReadByte()
		switch {
		case errors.Is(err, io.EOF):
			return false, nil
		case err != nil:
			return false, c.fail(err)
		case b == '"' && c.quoted && start:
			if err := c.readQuoted(rec); err != nil {
				return false, err
			}
		case b == c.separator:
			return true, nil
		case c.lineEnd(b):
			return false, nil
		default:
			if b == '"' && c.quoted {
				rec.refuse("a cell holds a quotation mark but is not quoted")
			}
			if err := c.put(rec, b); err != nil {
				return false, err
			}
		}
		start = false
	}
}

// readQuoted reads up to the closing quotation mark.
func (c *cellReader) readQuoted(rec *record) error {
	opened := c.line
	for {
		b, err := c.text.ReadByte()
		switch {
		case errors.Is(err, io.EOF):
			return rows.Unreadable(c.file, opened, "a quotation mark is opened here and never closed")
		case err != nil:
			return c.fail(err)
		case b == '"':
			next, err := c.text.Peek(1)
			if err != nil && !errors.Is(err, io.EOF) {
				return c.fail(err)
			}
			if len(next) == 0 || next[0] == c.separator || next[0] == '\n' || next[0] == '\r' {
				return nil
			}
			if next[0] != '"' {
				rec.refuse("there is text after a closing quotation mark")
				return nil
			}
			if _, err := c.text.Discard(1); err != nil {
				return c.fail(err)
			}
		case c.lineEnd(b):
			b = '\n'
			if err := c.put(rec, b); err != nil {
				return fmt.Errorf("%w (a quotation mark is opened in line %d)", err, opened)
			}
			continue
		}
		if err := c.put(rec, b); err != nil {
			return fmt.Errorf("%w (a quotation mark is opened in line %d)", err, opened)
		}
	}
}

// put adds a byte to the cell, and the ordinary ones that follow it and stand in
// memory.
func (c *cellReader) put(rec *record, b byte) error {
	if b == 0 {
		rec.refuse("a cell holds the character NUL")
	}
	c.cell = append(c.cell, b)
	// What is buffered can be peeked at and taken.
	ahead, _ := c.text.Peek(c.text.Buffered())
	n := 0
	for n < len(ahead) && ahead[n] != c.separator && ahead[n] != '"' && ahead[n] != '\n' && ahead[n] != '\r' && ahead[n] != 0 {
		n++
	}
	c.cell = append(c.cell, ahead[:n]...)
	_, _ = c.text.Discard(n)
	c.size += 1 + n
	if len(c.cell) > rows.MaxField || c.size > rows.MaxRecord {
		return rows.Unreadable(c.file, rec.line, "a cell is longer than %d bytes, or the row than %d", rows.MaxField, rows.MaxRecord)
	}
	return nil
}

// lineEnd says whether the byte ends a line, and takes the LF after a CR.
func (c *cellReader) lineEnd(b byte) bool {
	if b != '\n' && b != '\r' {
		return false
	}
	if b == '\r' {
		if next, err := c.text.Peek(1); err == nil && next[0] == '\n' {
			// Peek has just seen the byte: Discard cannot fail.
			_, _ = c.text.Discard(1)
		}
	}
	c.line++
	return true
}

func (c *cellReader) skipLine() error {
	for {
		b, err := c.text.ReadByte()
		if err != nil {
			return err
		}
		if c.lineEnd(b) {
			return nil
		}
	}
}

func (c *cellReader) fail(err error) error {
	if errors.Is(err, io.EOF) {
		return io.EOF
	}
	return rows.Unreadable(c.file, c.line, "%v", err)
}

func (r *record) refuse(why string) {
	if r.err == nil {
		r.err = rows.BadRow("%s", why)
	}
}
