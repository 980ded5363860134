package read

import (
	"bufio"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"coopgraph/loader/rows"
)

// genericodeReader reads the rows of a code list in OASIS genericode, keyed by
// the ids of its columns.
// Source: OASIS Code List Representation (genericode) Version 1.0, section 4.
type genericodeReader struct {
	in      *Input
	x       *xmlTokens
	columns []string
	known   map[string]bool
	done    bool
}

// newGenericodeReader reads up to the rows. The columns required must be there.
func newGenericodeReader(in *Input, text *bufio.Reader, required []string) (*genericodeReader, error) {
	r := &genericodeReader{in: in, x: newXMLTokens("the code list", text), known: map[string]bool{}}
	if err := r.begin(); err != nil {
		return nil, r.explain(err)
	}
	return r, missingColumns(in.name, r.x.line(), r.columns, required)
}

// begin reads the names of the columns, which stand before the rows.
func (r *genericodeReader) begin() error {
	root := false
	for {
		t, err := r.x.next()
		if errors.Is(err, io.EOF) {
			return errors.New("want a genericode document, have nothing")
		}
		if err != nil {
			return err
		}
		start, ok := t.(xml.StartElement)
		switch {
		case !ok && !root && hasText(t):
			return errors.New("want a genericode document, have text")
		case !ok:
			if r.x.depth == 0 && root {
				return errors.New("the code list has no SimpleCodeList")
			}
		case !root && start.Name.Local != "CodeList":
			return fmt.Errorf("want a genericode CodeList, have the element %.60q", start.Name.Local)
		case !root:
			root = true
		case start.Name.Local == "ColumnSet":
		case start.Name.Local == "Column" || start.Name.Local == "ColumnRef":
			if err := r.column(start); err != nil {
				return err
			}
		case start.Name.Local == "SimpleCodeList":
			return nil
		default:
			if err := r.x.skip(); err != nil {
				return err
			}
		}
	}
}

func hasText(t xml.Token) bool {
	text, ok := t.(xml.CharData)
	return ok && strings.TrimSpace(string(text)) != ""
}

func (r *genericodeReader) column(start xml.StartElement) error {
	id, ok := attribute(start, "Id")
	if !ok || r.known[id] {
		return fmt.Errorf("column %d has no Id of its own", len(r.columns)+1)
	}
	if r.columns = append(r.columns, id); len(r.columns) > rows.MaxColumns {
		return fmt.Errorf("there are more than %d columns", rows.MaxColumns)
	}
	r.known[id] = true
	return r.x.skip()
}

func (r *genericodeReader) explain(err error) error {
	return rows.Unreadable(r.in.name, r.x.line(), "%v", err)
}

// Notes gives what is to be said of the file.
func (r *genericodeReader) Notes() []string { return r.in.notes() }

// Next gives the next row.
func (r *genericodeReader) Next(ctx context.Context) (rows.Row, error) {
	for {
		if err := ctx.Err(); err != nil {
			return rows.Row{}, err
		}
		if r.done {
			return rows.Row{}, io.EOF
		}
		t, err := r.x.next()
		if errors.Is(err, io.EOF) {
			r.done = true
			continue
		}
		if err != nil {
			return rows.Row{}, r.explain(err)
		}
		start, ok := t.(xml.StartElement)
		if !ok {
			continue
		}
		if start.Name.Local == "Row" && r.x.depth == 3 {
			return r.row()
		}
		if err := r.x.skip(); err != nil {
			return rows.Row{}, r.explain(err)
		}
	}
}

// row reads the values of the row just opened.
func (r *genericodeReader) row() (rows.Row, error) {
	row := rows.Row{Line: r.x.line(), Fields: map[string]any{}}
	place := -1
	begun := r.x.d.InputOffset()
	for depth := r.x.depth; r.x.depth >= depth; {
		t, err := r.x.next()
		if err != nil {
			return row, r.explain(unexpected(err, r.x.part))
		}
		start, ok := t.(xml.StartElement)
		if !ok {
			continue
		}
		if start.Name.Local != "Value" {
			if err := r.x.skip(); err != nil {
				return row, r.explain(err)
			}
			continue
		}
		if place, err = r.value(&row, start, place); err != nil {
			return row, r.explain(err)
		}
		if r.x.d.InputOffset()-begun > rows.MaxRecord {
			return row, r.explain(fmt.Errorf("a record is longer than %d bytes", rows.MaxRecord))
		}
	}
	if row.Err != nil {
		row.Fields = nil
	}
	return row, nil
}

// value reads one value. Where it names no column, it is that of the column
// after the last one's.
func (r *genericodeReader) value(row *rows.Row, start xml.StartElement, last int) (place int, err error) {
	name, named := attribute(start, "ColumnRef")
	place = last + 1
	if named {
		place = r.place(name)
	}
	switch {
	case row.Err != nil:
	case place < 0 || place >= len(r.columns):
		row.Err = rows.BadRow("a value is of no column of the list")
	case row.Fields[r.columns[place]] != nil:
		row.Err = rows.BadRow("the row has two values of one column")
	}
	if row.Err != nil {
		return place, r.x.skip()
	}
	for depth := r.x.depth; r.x.depth >= depth; {
		t, err := r.x.next()
		if err != nil {
			return place, unexpected(err, r.x.part)
		}
		inner, ok := t.(xml.StartElement)
		switch {
		case !ok:
		case inner.Name.Local == "SimpleValue":
			text, err := r.x.text()
			if err != nil {
				return place, err
			}
			row.Fields[r.columns[place]] = text
		default:
			if inner.Name.Local == "ComplexValue" {
				row.Notes = append(row.Notes, "a complex value is passed over")
			}
			if err := r.x.skip(); err != nil {
				return place, err
			}
		}
	}
	return place, nil
}

func (r *genericodeReader) place(name string) int {
	for i, id := range r.columns {
		if id == name {
			return i
		}
	}
	return -1
}
