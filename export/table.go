package export

import (
	"archive/zip"
	"bufio"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"coopgraph/loader/template"
	"coopgraph/ontology"
	"coopgraph/store"
)

// tableName is the name of a kind's table, or for "" of that of facts.
func tableName(k store.Kind) string {
	if k == "" {
		return Facts
	}
	return strings.ToLower(string(k))
}

// table gives the header and the rows of a kind's table, or for "" of that of
// facts.
func (p pages) table(ctx context.Context, k store.Kind, row func([]string) error) error {
	if k != "" {
		t := template.OfKind(k)
		if err := row(t.Header()); err != nil {
			return err
		}
		return p.things(ctx, k, func(thing ontology.Thing) error { return row(t.Cells(thing)) })
	}
	t, err := template.Of(template.Facts)
	if err != nil {
		return err
	}
	if err := row(t.Header()); err != nil {
		return err
	}
	return p.facts(ctx, func(l link) error { return row(template.FactCells(l.fact, endOf(l.subject), endOf(l.object))) })
}

func endOf(t ontology.Thing) template.End {
	return template.End{ID: t.ID, Kind: t.Kind, Name: t.Name("en")}
}

func writeCSV(ctx context.Context, w *bufio.Writer, p pages) error {
	tables := p.s.tables()
	if len(tables) == 1 {
		out := csv.NewWriter(w)
		if err := p.table(ctx, tables[0], out.Write); err != nil {
			return err
		}
		out.Flush()
		return out.Error()
	}
	z := zip.NewWriter(w)
	for _, k := range tables {
		entry, err := z.CreateHeader(&zip.FileHeader{Name: tableName(k) + ".csv", Method: zip.Deflate})
		if err != nil {
			return fmt.Errorf("write the zip file: %w", err)
		}
		out := csv.NewWriter(entry)
		if err := p.table(ctx, k, out.Write); err != nil {
			return err
		}
		if out.Flush(); out.Error() != nil {
			return out.Error()
		}
	}
	return z.Close()
}

// cut marks the end of a text that is longer than a cell of a workbook holds.
const cut = " […]"

func writeXLSX(ctx context.Context, w *bufio.Writer, p pages) (err error) {
	book := excelize.NewFile()
	defer func() { err = errors.Join(err, book.Close()) }()
	for i, k := range p.s.tables() {
		name := tableName(k)
		if i == 0 {
			err = book.SetSheetName(book.GetSheetName(0), name)
		} else {
			_, err = book.NewSheet(name)
		}
		if err != nil {
			return fmt.Errorf("add the sheet %s: %w", name, err)
		}
		if err := p.sheet(ctx, book, k); err != nil {
			return err
		}
	}
	return writeBook(w, book)
}

// writeBook writes the workbook with its parts in the order of their names:
// excelize writes them in any.
func writeBook(w *bufio.Writer, book *excelize.File) (err error) {
	file, err := os.CreateTemp("", "coopgraph-*.xlsx")
	if err != nil {
		return fmt.Errorf("write the workbook: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close(), os.Remove(file.Name())) }()
	size, err := book.WriteTo(file)
	if err != nil {
		return fmt.Errorf("write the workbook: %w", err)
	}
	in, err := zip.NewReader(file, size)
	if err != nil {
		return fmt.Errorf("write the workbook: %w", err)
	}
	slices.SortFunc(in.File, func(a, b *zip.File) int { return strings.Compare(a.Name, b.Name) })
	out := zip.NewWriter(w)
	for _, part := range in.File {
		if err := out.Copy(part); err != nil {
			return err
		}
	}
	return out.Close()
}

// sheet writes a table into the sheet of its name, all cells as text.
func (p pages) sheet(ctx context.Context, book *excelize.File, k store.Kind) error {
	out, err := book.NewStreamWriter(tableName(k))
	if err != nil {
		return fmt.Errorf("write the sheet %s: %w", tableName(k), err)
	}
	number := 0
	err = p.table(ctx, k, func(cells []string) error {
		if number++; number > excelize.TotalRows {
			return invalid("a sheet has at most %d rows: export CSV, or fewer %s", excelize.TotalRows, tableName(k))
		}
		values := make([]any, len(cells))
		for i, c := range cells {
			values[i] = shortened(c)
		}
		return out.SetRow(fmt.Sprintf("A%d", number), values)
	})
	if err != nil {
		return err
	}
	return out.Flush()
}

// shortened cuts a text to what a cell of a workbook holds.
func shortened(s string) string {
	if utf8.RuneCountInString(s) <= excelize.TotalCellChars/2 {
		return s
	}
	units, end := 0, 0
	for i, r := range s {
		if r > 0xFFFF {
			units++
		}
		if units++; units > excelize.TotalCellChars {
			return s[:end] + cut
		}
		if units <= excelize.TotalCellChars-len(cut) {
			end = i + utf8.RuneLen(r)
		}
	}
	return s
}
