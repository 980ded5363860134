package rows

import (
	"context"
	"errors"
	"fmt"

	"coopgraph/store"
)

// Row is one record of a file.
type Row struct {
	// Line is where the record starts, from 1: a line of text, or a row of a
	// sheet.
	Line int
	// Fields is the record: a map[string]any of columns or keys, whose values
	// are string, json.Number, bool, nil, []any or map[string]any.
	Fields map[string]any
	// Notes are what the reader had to pass over: cells too many or too few.
	Notes []string
	// Err says why the record could not be read although the file goes on
	// after it. Fields is nil then.
	Err error
}

// Reader reads the records of a file, one at a time, in constant memory. It
// must give a Row for every record of the file, those included that it cannot
// read, so that nothing is lost unseen.
type Reader interface {
	// Next gives the next record; io.EOF after the last. Any other error says
	// that the rest of the file cannot be read: it wraps ErrFile and names
	// file and line, or is the context's own.
	Next(ctx context.Context) (Row, error)
	// Notes are what is to be said of the file as a whole: its encoding where
	// it was guessed, its columns without a name.
	Notes() []string
}

// ErrFile: the file is not what its format asks for.
var ErrFile = errors.New("cannot read the file")

// ErrNoInput: there is no file, or it is a folder, a device or a pipe.
var ErrNoInput = errors.New("no input")

// Unreadable is an ErrFile that names a place.
func Unreadable(file string, line int, format string, args ...any) error {
	return fmt.Errorf("%w: %s:%d: %s", ErrFile, file, line, fmt.Sprintf(format, args...))
}

// ErrTooLarge: the file, or what is packed in it, is larger than may be read.
// It comes with ErrFile.
var ErrTooLarge = errors.New("too large")

// TooLarge is an ErrFile and ErrTooLarge.
func TooLarge(file, format string, args ...any) error {
	return fmt.Errorf("%w: %s: %w: %s", ErrFile, file, ErrTooLarge, fmt.Sprintf(format, args...))
}

// BadRow is why a single record is rejected.
func BadRow(format string, args ...any) error {
	return fmt.Errorf("%w: %s", store.ErrInvalid, fmt.Sprintf(format, args...))
}

// The limits of one record, in bytes and columns.
const (
	MaxRecord  = 16 << 20
	MaxField   = 1 << 20
	MaxColumns = 10_000
)
