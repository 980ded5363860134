// Package template is the tables that people fill in and that exports write:
// one a kind of thing, and one of facts. Each declares its columns once, with
// what they mean, how they are read into a claim, and how a thing is written
// into them; so what an export writes can be loaded again.
//
// It must not read stores.
package template

import (
	"fmt"
	"strings"

	"coopgraph/loader/rows"
	"coopgraph/ontology"
	"coopgraph/store"
)

// Column is a column of a table.
type Column struct {
	Name string
	// Doc says what its cells mean.
	Doc string
	// Entry columns are for people who fill a table in: exports leave them out,
	// since what they say stands elsewhere.
	Entry bool
}

// Facts is the name of the template of facts.
const Facts = "fact"

// Template is a table.
type Template struct {
	name string
	// kind is what the rows are, "" for facts.
	kind    store.Kind
	columns []column
}

// column is a Column that can be read and written.
type column struct {
	Column
	// read adds what the cell says to the row's claim.
	read func(r *reading, cell string)
	// write gives the cell of a thing; nil for entry columns.
	write func(t *ontology.Thing) string
}

// Names lists the templates: the kinds, then facts.
func Names() []string {
	names := make([]string, 0, len(ontology.Kinds())+1)
	for _, k := range ontology.Kinds() {
		names = append(names, nameOf(k))
	}
	return append(names, Facts)
}

func nameOf(k store.Kind) string { return strings.ToLower(string(k)) }

// Of gives the template of the name. It fails with store.ErrInvalid where there
// is none.
func Of(name string) (*Template, error) {
	if name == Facts {
		return &Template{name: Facts}, nil
	}
	for _, k := range ontology.Kinds() {
		if name == nameOf(k) {
			return OfKind(k), nil
		}
	}
	return nil, fmt.Errorf("%w: there is no template %.40q; there are %s", store.ErrInvalid, name, strings.Join(Names(), ", "))
}

// OfKind gives the template of a kind of thing.
func OfKind(k store.Kind) *Template {
	return &Template{name: nameOf(k), kind: k, columns: thingColumns(k)}
}

// Name is the template's name.
func (t *Template) Name() string { return t.name }

// Columns lists the columns in their order.
func (t *Template) Columns() []Column {
	if t.kind == "" {
		return factColumns()
	}
	columns := make([]Column, len(t.columns))
	for i, c := range t.columns {
		columns[i] = c.Column
	}
	return columns
}

// Header lists the names of the columns that an export writes.
func (t *Template) Header() []string {
	var names []string
	for _, c := range t.Columns() {
		if !c.Entry {
			names = append(names, c.Name)
		}
	}
	return names
}

// Required lists the columns without which a table is another one.
func (t *Template) Required() []string {
	if t.kind == "" {
		return []string{"subject", "relation", "object"}
	}
	return nil
}

// Cells gives the thing's row, a cell for each column of Header, each guarded
// against being taken for a formula.
func (t *Template) Cells(thing ontology.Thing) []string {
	var cells []string
	for _, c := range t.columns {
		if !c.Entry {
			cells = append(cells, c.write(&thing))
		}
	}
	return cells
}

// Item gives what a row claims, cited as a row of the source. A row that cannot
// be read, or says of nothing what it is, is dropped with its reason; a value
// that the ontology does not allow is left out with a note.
func (t *Template) Item(source store.ID, file string, row rows.Row) *rows.Item {
	r := &reading{source: source, row: row, item: &rows.Item{File: file, Line: row.Line, Notes: row.Notes}}
	switch {
	case row.Err != nil:
		r.reject("", rows.Reason(row.Err))
	case r.blank():
		r.item.Dropped, r.item.Message = rows.Skipped, "the row is empty"
	case t.kind == "":
		r.fact()
	default:
		r.thing(t)
	}
	return r.item
}

// reading is a row on its way to an item.
type reading struct {
	source store.ID
	row    rows.Row
	item   *rows.Item
	claim  ontology.ThingClaim
	facts  []ontology.FactClaim
}

func (r *reading) cell(name string) string { return strings.TrimSpace(cellText(r.row.Fields[name])) }

func (r *reading) blank() bool {
	for name := range r.row.Fields {
		if r.cell(name) != "" {
			return false
		}
	}
	return true
}

func (r *reading) note(column, format string, args ...any) {
	r.item.Notes = append(r.item.Notes, column+" is left out: "+fmt.Sprintf(format, args...))
}

// reject drops the row for its first reason.
func (r *reading) reject(column, reason string) {
	if r.item.Dropped == "" {
		r.item.Dropped, r.item.Column, r.item.Message = rows.Rejected, column, reason
		r.item.Claims = ontology.Claims{}
	}
}

func (r *reading) cite() []ontology.Citation {
	return []ontology.Citation{{Source: r.source, Locator: r.item.Key}}
}
