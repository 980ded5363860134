package read

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"coopgraph/loader/rows"
)

// jsonReader reads the elements of an array, or the members of an object, in a
// JSON document.
type jsonReader struct {
	in     *Input
	d      *json.Decoder
	source *lineSource
	// path are the keys that lead to the records, which are the members of an
	// object where members says so.
	path    []string
	members bool
	begun   bool
	// depth is the number of objects that the array stands in.
	depth int
	done  bool
}

func newJSONReader(in *Input, text io.Reader, items string) *jsonReader {
	source := &lineSource{r: text, line: 1, most: rows.MaxRecord}
	r := &jsonReader{in: in, source: source, d: json.NewDecoder(source)}
	if items != "" {
		r.path = strings.Split(items, ".")
	}
	if n := len(r.path); n > 0 && r.path[n-1] == Members {
		r.path, r.members = r.path[:n-1], true
	}
	return r
}

// Notes gives what is to be said of the file.
func (r *jsonReader) Notes() []string { return r.in.notes() }

// Next gives the next element.
func (r *jsonReader) Next(ctx context.Context) (rows.Row, error) {
	if err := ctx.Err(); err != nil {
		return rows.Row{}, err
	}
	if r.done {
		return rows.Row{}, io.EOF
	}
	if !r.begun {
		if err := r.begin(); err != nil {
			return rows.Row{}, r.explain(err)
		}
		r.begun = true
	}
	if !r.d.More() {
		r.done = true
		if err := r.end(); err != nil {
			return rows.Row{}, r.explain(err)
		}
		return rows.Row{}, io.EOF
	}
	return r.element()
}

// element reads the value that follows.
func (r *jsonReader) element() (rows.Row, error) {
	r.source.limit(r.d.InputOffset() + rows.MaxRecord)
	var key json.Token
	if r.members {
		var err error
		if key, err = r.d.Token(); err != nil {
			return rows.Row{}, r.explain(err)
		}
	}
	var raw json.RawMessage
	if err := r.d.Decode(&raw); err != nil {
		return rows.Row{}, r.explain(err)
	}
	row := rows.Row{Line: r.source.at(r.d.InputOffset() - int64(len(raw)))}
	row.Fields, row.Err = object(raw)
	if row.Err == nil && r.members {
		row.Fields[MemberKey] = key
	}
	return row, nil
}

// object gives a record's fields, with numbers as they are written.
func object(raw []byte) (fields map[string]any, err error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if err := d.Decode(&fields); err != nil || fields == nil {
		return nil, rows.BadRow("the record is not a JSON object")
	}
	return fields, nil
}

// begin reads up to the first element of the array.
func (r *jsonReader) begin() error {
	for _, key := range r.path {
		if err := r.delim('{', "an object with the key "+key); err != nil {
			return err
		}
		if err := r.find(key); err != nil {
			return err
		}
		r.depth++
	}
	if r.members {
		return r.delim('{', "an object of records")
	}
	return r.delim('[', "an array of records")
}

func (r *jsonReader) delim(want json.Delim, what string) error {
	t, err := r.d.Token()
	if err != nil {
		return err
	}
	if t != want {
		return fmt.Errorf("want %s, have %s", what, kindOfToken(t))
	}
	return nil
}

func kindOfToken(t json.Token) string {
	switch t := t.(type) {
	case json.Delim:
		if t == '{' {
			return "an object"
		}
		return "an array"
	case string:
		return "a text"
	case nil:
		return "null"
	}
	return "a number or truth value"
}

// find reads up to the value of the key.
func (r *jsonReader) find(key string) error {
	var seen []string
	for r.d.More() {
		t, err := r.d.Token()
		if err != nil {
			return err
		}
		if t == key {
			return nil
		}
		if name, ok := t.(string); ok && len(seen) < 20 {
			seen = append(seen, name)
		}
		if err := r.skip(); err != nil {
			return err
		}
	}
	slices.Sort(seen)
	return fmt.Errorf("there is no key %q: the keys are %s", key, strings.Join(seen, ", "))
}

// maxDepth is how deep what is skipped may be nested.
const maxDepth = 10_000

// skip reads over one value, token by token.
func (r *jsonReader) skip() error {
	for depth := 0; ; {
		r.source.limit(r.d.InputOffset() + rows.MaxRecord)
		t, err := r.d.Token()
		if err != nil {
			return err
		}
		switch t {
		case json.Delim('{'), json.Delim('['):
			if depth++; depth > maxDepth {
				return fmt.Errorf("a value is nested more than %d deep", maxDepth)
			}
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
		if depth == 0 {
			return nil
		}
	}
}

// end reads what follows the array, so that a cut file is noticed.
func (r *jsonReader) end() error {
	r.source.limit(r.d.InputOffset() + rows.MaxRecord)
	last := json.Delim(']')
	if r.members {
		last = '}'
	}
	if err := r.delim(last, "the end of the records"); err != nil {
		return err
	}
	for ; r.depth > 0; r.depth-- {
		for r.d.More() {
			if _, err := r.d.Token(); err != nil {
				return err
			}
			if err := r.skip(); err != nil {
				return err
			}
		}
		if err := r.delim('}', "the end of the object"); err != nil {
			return err
		}
	}
	if _, err := r.d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("there is text after the end of the document")
	}
	return nil
}

func (r *jsonReader) explain(err error) error {
	offset := r.d.InputOffset()
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		offset = max(offset, syntax.Offset-1)
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = errors.New("the file ends in the middle of a value")
	}
	return rows.Unreadable(r.in.name, r.source.at(offset), "%v", err)
}

// lineSource counts the lines of what is read, ahead of the place asked about,
// and refuses to read far beyond it.
type lineSource struct {
	r io.Reader
	// line is the line at the offset last asked about, breaks are the offsets
	// of the line ends after it.
	line   int
	breaks []int64
	// read bytes have been read, of most that may be; 0 for no bound.
	read, most int64
}

func (s *lineSource) limit(offset int64) { s.most = offset }

func (s *lineSource) Read(p []byte) (int, error) {
	if s.most > 0 {
		if s.read >= s.most {
			return 0, fmt.Errorf("a record is longer than %d bytes", rows.MaxRecord)
		}
		p = p[:min(int64(len(p)), s.most-s.read)]
	}
	n, err := s.r.Read(p)
	for i, c := range p[:n] {
		if c == '\n' {
			s.breaks = append(s.breaks, s.read+int64(i))
		}
	}
	s.read += int64(n)
	return n, err
}

// at gives the line of an offset, which must not lie before the last one asked
// about.
func (s *lineSource) at(offset int64) int {
	n := 0
	for n < len(s.breaks) && s.breaks[n] < offset {
		n++
	}
	s.line += n
	s.breaks = append(s.breaks[:0], s.breaks[n:]...)
	return s.line
}
