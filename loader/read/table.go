package read

import (
	"fmt"
	"slices"
	"strings"

	"coopgraph/loader/rows"
)

// table is what tables in text and in workbooks have in common: columns that
// are named by a row.
type table struct {
	strict bool
	// empty are the texts of cells that stand for nothing.
	empty []string
	// header names the columns; "" are those passed over.
	header []string
}

// columns are the names of the columns, in their order.
func (t *table) columns() []string {
	return slices.DeleteFunc(slices.Clone(t.header), func(name string) bool { return name == "" })
}

// cell is what stands in a cell, "" where its text stands for nothing.
func (t *table) cell(text string) string {
	if len(t.empty) > 0 && slices.Contains(t.empty, strings.TrimSpace(text)) {
		return ""
	}
	return text
}

// headerWithin is how many rows may stand above a header.
const headerWithin = 50

// findHeader finds the row that names the columns: the one that names most of
// the expected, else the first that fills more than half of the table's width.
// It says how many of the expected are named.
func findHeader(records [][]string, expected []string) (place, known int) {
	records = records[:min(len(records), headerWithin)]
	for i, cells := range records {
		seen := map[string]bool{}
		for _, cell := range cells {
			if name := strings.TrimSpace(cell); name != "" && slices.Contains(expected, name) {
				seen[name] = true
			}
		}
		if len(seen) > known {
			place, known = i, len(seen)
		}
	}
	if known > 0 {
		return place, known
	}
	width := usualWidth(records)
	for i, cells := range records {
		if 2*filled(cells) > width {
			return i, 0
		}
	}
	return 0, 0
}

// filled is the number of cells with something in them.
func filled(cells []string) (n int) {
	for _, cell := range cells {
		if strings.TrimSpace(cell) != "" {
			n++
		}
	}
	return n
}

// wideTable is from how many columns a table is wide.
const wideTable = 3

// usualWidth is the number of columns up to the last filled one that most rows
// have; the larger of two that are as frequent. In a wide table rows of one cell
// are notes and headings.
func usualWidth(records [][]string) (usual int) {
	counts, broad := map[int]int{}, 0
	for _, cells := range records {
		width := len(cells)
		for width > 0 && strings.TrimSpace(cells[width-1]) == "" {
			width--
		}
		counts[width]++
		if width >= wideTable {
			broad++
		}
	}
	if 3*broad >= len(records) {
		delete(counts, 1)
	}
	for width, n := range counts {
		if n > counts[usual] || n == counts[usual] && width > usual {
			usual = width
		}
	}
	return usual
}

// readHeader takes the names of the columns, and gives what is to be said of
// them.
func (t *table) readHeader(file string, line int, cells, expected, required []string) (notes []string, err error) {
	seen := map[string]bool{}
	for i, cell := range cells {
		name := strings.TrimSpace(cell)
		switch {
		case name == "":
			notes = append(notes, fmt.Sprintf("column %d has no name and is passed over", i+1))
		case seen[name] && slices.Contains(expected, name):
			return nil, rows.Unreadable(file, line, "two columns are named %q", name)
		case seen[name]:
			notes = append(notes, fmt.Sprintf("two columns are named %q: the second, column %d, is passed over", name, i+1))
			name = ""
		}
		seen[name] = true
		t.header = append(t.header, name)
	}
	if len(required) == 0 && len(expected) > 0 && !slices.ContainsFunc(t.header, func(name string) bool { return slices.Contains(expected, name) }) {
		return notes, rows.Unreadable(file, line, "none of the columns is known; they are %s, and known are %s",
			rows.Shorten(strings.Join(cells, " | "), 500), rows.Shorten(strings.Join(expected, " | "), 500))
	}
	return notes, missingColumns(file, line, cells, required)
}

// missingColumns says which of the required columns are not there.
func missingColumns(file string, line int, have, required []string) error {
	var missing []string
	for _, name := range required {
		if !slices.ContainsFunc(have, func(cell string) bool { return strings.TrimSpace(cell) == name }) {
			missing = append(missing, fmt.Sprintf("%q", name))
		}
	}
	if len(missing) == 0 {
		return nil
	}
	return rows.Unreadable(file, line, "there is no column %s; the columns are %s", strings.Join(missing, ", "), rows.Shorten(strings.Join(have, " | "), 500))
}

// ragged notes the cells beyond the columns, or, where extra is negative, those
// missing; a strict table rejects the row.
func (t *table) ragged(row *rows.Row, extra int) {
	var what string
	switch {
	case extra == 0:
		return
	case extra < 0:
		what = fmt.Sprintf("%d cells of %d are missing", -extra, len(t.header))
	case t.strict:
		what = fmt.Sprintf("there are %d cells beyond the %d columns", extra, len(t.header))
	default:
		what = fmt.Sprintf("%d cells beyond the %d columns are passed over", extra, len(t.header))
	}
	if t.strict {
		row.Fields, row.Err = nil, rows.BadRow("%s", what)
		return
	}
	row.Notes = append(row.Notes, what)
}
