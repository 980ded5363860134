package read

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"

	"coopgraph/loader/rows"
)

// linesReader reads JSON Lines: one object a line. A line that is none is
// rejected alone.
type linesReader struct {
	in    *Input
	lines *lineReader
	any   bool
}

func newLinesReader(in *Input, text *bufio.Reader) *linesReader {
	return &linesReader{in: in, lines: &lineReader{file: in.name, r: text}}
}

// Notes gives what is to be said of the file.
func (r *linesReader) Notes() []string { return r.in.notes() }

// Next gives the next line that is not empty.
func (r *linesReader) Next(ctx context.Context) (rows.Row, error) {
	if err := ctx.Err(); err != nil {
		return rows.Row{}, err
	}
	for {
		line, ended, err := r.lines.next()
		if err != nil {
			return rows.Row{}, err
		}
		line = bytes.TrimSpace(line)
		if len(line) == 0 {
			continue
		}
		row := rows.Row{Line: r.lines.line}
		if json.Valid(line) {
			r.any = true
			row.Fields, row.Err = object(line)
			return row, nil
		}
		switch {
		case !ended:
			return row, rows.Unreadable(r.in.name, row.Line, "the file ends in the middle of a value")
		case !r.any:
			return row, rows.Unreadable(r.in.name, row.Line, "want one JSON object a line; where the file is one JSON document, say format: json")
		}
		row.Err = rows.BadRow("the line is not a JSON object")
		return row, nil
	}
}

// lineReader parts text into lines, which end with LF, or CR LF.
type lineReader struct {
	file string
	r    *bufio.Reader
	// line is the number of the line last read.
	line int
	buf  []byte
}

// next gives the next line, until the following call, and says whether a line
// end closes it. io.EOF after the last.
func (l *lineReader) next() (line []byte, ended bool, err error) {
	l.buf = l.buf[:0]
	l.line++
	for {
		part, err := l.r.ReadSlice('\n')
		if len(l.buf)+len(part) > rows.MaxRecord {
			return nil, false, rows.Unreadable(l.file, l.line, "a record is longer than %d bytes", rows.MaxRecord)
		}
		switch {
		case err == nil && len(l.buf) == 0:
			return part, true, nil
		case err == nil:
			return append(l.buf, part...), true, nil
		}
		l.buf = append(l.buf, part...)
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
		case errors.Is(err, io.EOF) && len(l.buf) == 0:
			return nil, false, io.EOF
		case errors.Is(err, io.EOF):
			return l.buf, false, nil
		default:
			return nil, false, rows.Unreadable(l.file, l.line, "%v", err)
		}
	}
}
