package read

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"coopgraph/loader/rows"
)

// Spec says how a file is to be read.
type Spec struct {
	// Format is one of Formats.
	Format string `yaml:"format"`
	// Items are the keys, parted by dots, that lead to the array of records in a
	// JSON document; the last is Members where these are the members of an
	// object instead.
	Items string `yaml:"items"`
	// Strict rejects the rows of a table that have cells too many or too few.
	Strict bool `yaml:"strict"`
	// Empty are texts that stand in the cells of a table for nothing: NA, NULL.
	Empty []string `yaml:"empty"`
	// CSV is how a table in text is written.
	CSV CSV `yaml:"csv"`
	// XLSX is where a table stands in a workbook.
	XLSX XLSX `yaml:"xlsx"`
}

// The formats.
const (
	// FormatTable is CSV or XLSX, whichever the file is.
	FormatTable = "table"
	// FormatCSV is a table in text, whatever its separator.
	FormatCSV = "csv"
	// FormatXLSX is a sheet of an Excel workbook.
	FormatXLSX = "xlsx"
	// FormatJSON is an array of objects in a JSON document.
	FormatJSON = "json"
	// FormatJSONLines is one JSON object a line.
	FormatJSONLines = "jsonl"
	// FormatNTriples is RDF, one statement a line.
	FormatNTriples = "ntriples"
	// FormatTurtle is RDF in Turtle, of which N-Triples is a part.
	FormatTurtle = "turtle"
	// FormatGenericode is a code list in OASIS genericode.
	FormatGenericode = "genericode"
	// FormatPopolo is people, organisations and posts in Popolo JSON.
	FormatPopolo = "popolo"
)

// Formats lists the formats that Spec.Format takes.
func Formats() []string {
	return []string{
		FormatCSV, FormatXLSX, FormatTable, FormatJSON, FormatJSONLines,
		FormatNTriples, FormatTurtle, FormatGenericode, FormatPopolo,
	}
}

// Check reports what is wrong with the spec.
func (s Spec) Check() error {
	if !slices.Contains(Formats(), s.Format) {
		return fmt.Errorf("format %q: want one of %s", s.Format, strings.Join(Formats(), ", "))
	}
	if err := s.CSV.check(); err != nil {
		return fmt.Errorf("csv: %w", err)
	}
	if err := s.XLSX.check(); err != nil {
		return fmt.Errorf("xlsx: %w", err)
	}
	return nil
}

// Open gives a reader of the file's records, and what closes it. The columns
// expected help to find a table's sheet, header and separator; those required
// must be there.
func (in *Input) Open(s Spec, expected, required []string) (rows.Reader, io.Closer, error) {
	if err := s.Check(); err != nil {
		return nil, nil, err
	}
	if s.Format == FormatXLSX || s.Format == FormatTable && in.workbook {
		return openXLSX(in, s, expected, required)
	}
	if s.Format == FormatNTriples || s.Format == FormatTurtle {
		return openRDF(in, s.Format)
	}
	text, closer, err := in.text()
	if err != nil {
		return nil, nil, err
	}
	reader, err := in.textReader(text, s, expected, required)
	if err != nil {
		return nil, nil, errors.Join(err, closer.Close())
	}
	return reader, closer, nil
}

func (in *Input) textReader(text *bufio.Reader, s Spec, expected, required []string) (rows.Reader, error) {
	switch s.Format {
	case FormatJSON:
		return newJSONReader(in, text, s.Items), nil
	case FormatJSONLines:
		return newLinesReader(in, text), nil
	case FormatGenericode:
		return newGenericodeReader(in, text, required)
	case FormatPopolo:
		return newPopoloReader(in, text, s.Items)
	}
	return newCSVReader(in, text, s, expected, required)
}

// Digest is the SHA-256 of the data, unpacked, in hexadecimal.
func (in *Input) Digest() string { return in.digest }

// Name is the file's name, for reports.
func (in *Input) Name() string { return in.name }

// Size is the file's size in bytes, as it was given: packed, where it is.
func (in *Input) Size() int64 { return in.content.size }

// Passed is the number of the file's bytes that readers have read.
func (in *Input) Passed() int64 { return min(in.passed.Load(), in.content.size) }
