package read

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"coopgraph/loader/rows"
)

// The limits of a sheet, as Excel's.
const (
	maxSheetRows    = 1 << 20
	maxSheetColumns = 1 << 14
)

// sheetRows reads the rows of a sheet, one at a time.
type sheetRows struct {
	book   *workbook
	x      *xmlTokens
	closer io.Closer
	// inData says that the rows have begun.
	inData bool
	// line is the number of the last row.
	line int
}

// sheetRow is a row with its cells that are not empty.
type sheetRow struct {
	line  int
	cells []sheetCell
	notes []string
	bad   error
}

// sheetCell is a cell: its column, from 0, and its value: string, json.Number,
// bool, or nil.
type sheetCell struct {
	column int
	value  any
}

// texts gives the row's cells as text, each at its column.
func (r sheetRow) texts() []string {
	var out []string
	for _, c := range r.cells {
		if c.value == nil || c.column >= rows.MaxColumns {
			continue
		}
		for len(out) <= c.column {
			out = append(out, "")
		}
		out[c.column] = fmt.Sprint(c.value)
	}
	return out
}

func (b *workbook) open(s sheet) (*sheetRows, error) {
	x, closer, err := b.part(s.part)
	if err != nil {
		return nil, err
	}
	return &sheetRows{book: b, x: x, closer: closer}, nil
}

// Close closes the sheet.
func (s *sheetRows) Close() error { return s.closer.Close() }

// next gives the next row with a value; io.EOF after the last.
func (s *sheetRows) next() (sheetRow, error) {
	for {
		row, err := s.nextOfAny()
		if err == nil && len(row.cells) == 0 && row.bad == nil && len(row.notes) == 0 {
			continue
		}
		if err != nil && !errors.Is(err, io.EOF) {
			err = s.book.explain(max(s.line, 1), err)
		}
		return row, err
	}
}

func (s *sheetRows) nextOfAny() (sheetRow, error) {
	for {
		t, err := s.x.next()
		if errors.Is(err, io.EOF) && !s.inData {
			return sheetRow{}, fmt.Errorf("%w: %s is no sheet", errXML, s.x.part)
		}
		if err != nil {
			return sheetRow{}, err
		}
		start, ok := t.(xml.StartElement)
		switch {
		case !ok, s.x.depth == 1:
		case s.x.depth == 2 && start.Name.Local == "sheetData":
			s.inData = true
		case s.x.depth == 3 && start.Name.Local == "row":
			return s.row(start)
		default:
			if err := s.x.skip(); err != nil {
				return sheetRow{}, err
			}
		}
	}
}

func (s *sheetRows) row(start xml.StartElement) (sheetRow, error) {
	s.line++
	if text, ok := attribute(start, "r"); ok {
		n, err := strconv.Atoi(text)
		if err != nil || n < s.line {
			return sheetRow{}, fmt.Errorf("%w: %s: after row %d stands a row numbered %.20q", errXML, s.x.part, s.line-1, text)
		}
		s.line = n
	}
	if s.line > maxSheetRows {
		return sheetRow{}, fmt.Errorf("%w: %s has more than %d rows", errXML, s.x.part, maxSheetRows)
	}
	row := sheetRow{line: s.line}
	begun, column := s.x.d.InputOffset(), -1
	for depth := s.x.depth; s.x.depth >= depth; {
		t, err := s.x.next()
		if err != nil {
			return row, unexpected(err, s.x.part)
		}
		c, ok := t.(xml.StartElement)
		switch {
		case !ok:
		case c.Name.Local == "c":
			if column, err = s.cell(&row, c, column); err != nil {
				return row, err
			}
			if s.x.d.InputOffset()-begun > rows.MaxRecord {
				return row, fmt.Errorf("%w: %s: a row is longer than %d bytes", errXML, s.x.part, rows.MaxRecord)
			}
		default:
			if err := s.x.skip(); err != nil {
				return row, err
			}
		}
	}
	return row, nil
}

// cell reads the cell just opened into the row. It stands after the last
// column where it does not say in which.
func (s *sheetRows) cell(row *sheetRow, start xml.StartElement, last int) (column int, err error) {
	column = last + 1
	if ref, ok := attribute(start, "r"); ok {
		if column = columnOf(ref); column < 0 {
			return 0, fmt.Errorf("%w: %s: row %d has a cell at %.20q", errXML, s.x.part, row.line, ref)
		}
	}
	if column <= last || column >= maxSheetColumns {
		return 0, fmt.Errorf("%w: %s: row %d has a cell at column %d after column %d", errXML, s.x.part, row.line, column+1, last+1)
	}
	kind, _ := attribute(start, "t")
	var text string
	var has, formula bool
	for depth := s.x.depth; s.x.depth >= depth; {
		t, err := s.x.next()
		if err != nil {
			return 0, unexpected(err, s.x.part)
		}
		inner, ok := t.(xml.StartElement)
		if !ok {
			continue
		}
		switch inner.Name.Local {
		case "v":
			has = true
			text, err = s.x.text()
		case "is":
			has = true
			text, err = richText(s.x)
		case "f":
			formula = true
			err = s.x.skip()
		default:
			err = s.x.skip()
		}
		if err != nil {
			return 0, err
		}
	}
	if has && kind != "" && kind != "n" || strings.TrimSpace(text) != "" {
		return column, s.put(row, column, kind, styleIndex(start), text)
	}
	if formula {
		row.notes = append(row.notes, fmt.Sprintf("the formula in %s%d has no value: it is passed over", columnName(column), row.line))
	}
	return column, nil
}

// put gives the row the value of a cell.
func (s *sheetRows) put(row *sheetRow, column int, kind string, styled int, text string) error {
	where := func() string { return fmt.Sprintf("%s%d", columnName(column), row.line) }
	var value any
	switch kind {
	case "s":
		i, err := strconv.Atoi(strings.TrimSpace(text))
		if err != nil {
			i = -1
		}
		shared, ok, err := s.book.texts.text(i)
		if err != nil {
			return err
		}
		if !ok {
			row.bad = rows.BadRow("the text of cell %s is not in the workbook", where())
			return nil
		}
		value = shared
	case "b":
		value = strings.TrimSpace(text) == "1" || strings.TrimSpace(text) == "true"
	case "e":
		row.notes = append(row.notes, fmt.Sprintf("cell %s holds the error %.20s: it is passed over", where(), text))
		return nil
	case "str":
		value = unescape(text)
	case "inlineStr":
		value = text
	case "d":
		value = strings.TrimSuffix(strings.TrimSpace(text), "T00:00:00")
	default:
		var how style
		if styled >= 0 && styled < len(s.book.styles) {
			how = s.book.styles[styled]
		}
		number, note, ok := how.value(strings.TrimSpace(text), s.book.from1904)
		if !ok {
			row.bad = rows.BadRow("cell %s is not a number", where())
			return nil
		}
		if note != "" {
			row.notes = append(row.notes, "cell "+where()+": "+note)
		}
		value = number
	}
	if text, ok := value.(string); ok {
		if len(text) > rows.MaxField {
			return fmt.Errorf("%w: %s: cell %s is longer than %d bytes", errXML, s.x.part, where(), rows.MaxField)
		}
		if text == "" {
			return nil
		}
	}
	row.cells = append(row.cells, sheetCell{column: column, value: value})
	return nil
}

func styleIndex(start xml.StartElement) int {
	text, ok := attribute(start, "s")
	if !ok {
		return 0
	}
	i, err := strconv.Atoi(text)
	if err != nil {
		return -1
	}
	return i
}

// columnOf gives the column of a reference as "AB12", from 0; -1 where it is
// none.
func columnOf(ref string) int {
	n := 0
	for i, c := range []byte(ref) {
		switch {
		case c >= 'A' && c <= 'Z':
			n = n*26 + int(c-'A') + 1
		case c >= 'a' && c <= 'z':
			n = n*26 + int(c-'a') + 1
		case c >= '0' && c <= '9' && i > 0:
			return n - 1
		default:
			return -1
		}
		if n > maxSheetColumns {
			return -1
		}
	}
	return -1
}

// columnName is the letters of a column, from 0.
func columnName(column int) string {
	name := ""
	for n := column + 1; n > 0; n = (n - 1) / 26 {
		name = string(rune('A'+(n-1)%26)) + name
	}
	return name
}
