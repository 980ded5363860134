package read

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"coopgraph/loader/rows"
)

// CSV are what a mapping says of a table in text.
type CSV struct {
	// Separator parts the cells; "" to find out.
	Separator string `yaml:"separator"`
	// Quote is "none" where quotation marks are ordinary characters.
	Quote string `yaml:"quote"`
	// Skip is the number of lines above the header.
	Skip int `yaml:"skip"`
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
	return nil
}

// csvReader reads a table in text whose first record names the columns.
type csvReader struct {
	in     *Input
	cells  *cellReader
	header []string
	notes  []string
}

// sample is how much of a file tells its separator.
const sample = 64 << 10

// newCSVReader reads the header. The columns expected help to find the
// separator; those required must be there.
func newCSVReader(in *Input, text *bufio.Reader, o CSV, expected, required []string) (*csvReader, error) {
	r := &csvReader{in: in, cells: &cellReader{file: in.name, text: text, line: 1, quoted: o.Quote != "none"}, notes: in.notes()}
	for range o.Skip {
		if err := r.cells.skipLine(); err != nil {
			return nil, rows.Unreadable(in.name, r.cells.line, "the file ends above its header")
		}
	}
	if o.Separator != "" {
		r.cells.separator = o.Separator[0]
	} else if err := r.detect(expected); err != nil {
		return nil, err
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
	return r, r.readHeader(header, expected, required)
}

func (r *csvReader) readHeader(h record, expected, required []string) error {
	seen := map[string]bool{}
	for i, cell := range h.cells {
		name := strings.TrimSpace(cell)
		switch {
		case name == "":
			r.notes = append(r.notes, fmt.Sprintf("column %d has no name and is passed over", i+1))
		case seen[name] && slices.Contains(expected, name):
			return rows.Unreadable(r.in.name, h.line, "two columns are named %q", name)
		case seen[name]:
			r.notes = append(r.notes, fmt.Sprintf("two columns are named %q: the second, column %d, is passed over", name, i+1))
			name = ""
		}
		seen[name] = true
		r.header = append(r.header, name)
	}
	var missing []string
	for _, name := range required {
		if !seen[name] {
			missing = append(missing, fmt.Sprintf("%q", name))
		}
	}
	if len(missing) > 0 {
		return rows.Unreadable(r.in.name, h.line, "there is no column %s; the columns are %s", strings.Join(missing, ", "), rows.Shorten(strings.Join(h.cells, " | "), 500))
	}
	return nil
}

// detect finds the separator: the one that gives the most of the expected
// columns, else the one that parts all records into the same number of cells.
func (r *csvReader) detect(expected []string) error {
	head, err := r.cells.text.Peek(sample)
	if err != nil && !errors.Is(err, io.EOF) {
		return rows.Unreadable(r.in.name, r.cells.line, "%v", err)
	}
	type rating struct{ columns, known, even int }
	var best rating
	var chosen []byte
	for _, sep := range separators {
		counts, header := r.try(head, sep)
		if len(counts) == 0 || counts[0] < 2 {
			continue
		}
		got := rating{columns: counts[0]}
		for _, name := range header {
			if slices.Contains(expected, strings.TrimSpace(name)) {
				got.known++
			}
		}
		for _, n := range counts {
			if n == counts[0] {
				got.even += 100
			}
		}
		got.even /= len(counts)
		switch {
		case got.known > best.known || got.known == best.known && got.even > best.even:
			best, chosen = got, []byte{sep}
		case got.known == best.known && got.even == best.even:
			chosen = append(chosen, sep)
		}
	}
	switch len(chosen) {
	case 0:
		r.cells.separator = ','
	case 1:
		r.cells.separator = chosen[0]
	default:
		first, _, _ := bytes.Cut(head, []byte("\n"))
		return rows.Unreadable(r.in.name, r.cells.line, "the separator may be any of %q: say which; the header is %s", chosen, rows.Shorten(string(first), 500))
	}
	return nil
}

// try parts the sample by a separator: the number of cells of each record, and
// the first one's cells.
func (r *csvReader) try(head []byte, sep byte) (counts []int, header []string) {
	c := &cellReader{file: r.in.name, text: bufio.NewReader(bytes.NewReader(head)), line: 1, separator: sep, quoted: r.cells.quoted}
	for len(counts) < 200 {
		rec, err := c.next()
		if err != nil {
			break
		}
		if len(counts) == 0 {
			header = rec.cells
		}
		counts = append(counts, len(rec.cells))
	}
	if len(head) == sample && len(counts) > 2 {
		counts = counts[:len(counts)-1] // the sample cuts the last record
	}
	return counts, header
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

// fill gives the row its cells by column, and notes those missing or too many.
func (r *csvReader) fill(row *rows.Row, cells []string) {
	row.Fields = make(map[string]any, len(r.header))
	for i, name := range r.header {
		if i < len(cells) && name != "" {
			row.Fields[name] = cells[i]
		}
	}
	switch extra := len(cells) - len(r.header); {
	case extra < 0:
		row.Notes = append(row.Notes, fmt.Sprintf("%d cells of %d are missing", -extra, len(r.header)))
	case extra > 0 && strings.TrimSpace(strings.Join(cells[len(r.header):], "")) != "":
		row.Notes = append(row.Notes, fmt.Sprintf("%d cells beyond the %d columns are passed over", extra, len(r.header)))
	}
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

func (c *cellReader) put(rec *record, b byte) error {
	if b == 0 {
		rec.refuse("a cell holds the character NUL")
	}
	c.cell = append(c.cell, b)
	c.size++
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
