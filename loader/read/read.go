package read

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"coopgraph/loader/rows"
)

// Spec says how a file is to be read.
type Spec struct {
	// Format is one of Formats.
	Format string `yaml:"format"`
	// Items is the path to the array of records in a JSON document.
	Items string `yaml:"items"`
	// CSV is how a table in text is written.
	CSV CSV `yaml:"csv"`
}

// Formats lists the formats that Spec.Format takes.
func Formats() []string { return []string{"csv", "json", "jsonl"} }

// Check reports what is wrong with the spec.
func (s Spec) Check() error {
	switch s.Format {
	case "csv":
		if err := s.CSV.check(); err != nil {
			return fmt.Errorf("csv: %w", err)
		}
	case "json", "jsonl":
	default:
		return fmt.Errorf("format %q: want one of %s", s.Format, strings.Join(Formats(), ", "))
	}
	return nil
}

// Open gives a reader of the file's records. The columns expected help to find
// a table's separator and header; those required must be there.
func (in *Input) Open(s Spec, expected, required []string) (rows.Reader, io.Closer, error) {
	text, closer, err := in.text()
	if err != nil {
		return nil, nil, err
	}
	switch s.Format {
	case "json":
		return newJSONReader(in, text, s.Items), closer, nil
	case "jsonl":
		return newJSONLinesReader(in, text), closer, nil
	case "csv":
		reader, err := newCSVReader(in, text, s.CSV, expected, required)
		if err != nil {
			return nil, nil, errors.Join(err, closer.Close())
		}
		return reader, closer, nil
	}
	return nil, nil, errors.Join(s.Check(), closer.Close())
}

// Digest is the SHA-256 of the file, in hexadecimal.
func (in *Input) Digest() string { return in.digest }

// Name is the file's name, for reports.
func (in *Input) Name() string { return in.name }

// Size is the file's size in bytes, Passed how many of them have been read.
func (in *Input) Size() int64 { return in.size }

// Passed is the number of the file's bytes that readers have read.
func (in *Input) Passed() int64 { return in.passed.Load() }
