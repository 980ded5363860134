package read

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"coopgraph/loader/rows"
)

// xmlTokens reads XML token by token. It knows no entities but those of XML
// itself, refuses document types, and bounds what stands between two marks, so
// that nothing in a file can make it grow.
type xmlTokens struct {
	// part names what is read, for messages.
	part   string
	d      *xml.Decoder
	source *boundedSource
	depth  int
}

func newXMLTokens(part string, r io.Reader) *xmlTokens {
	source := &boundedSource{r: r}
	d := xml.NewDecoder(source)
	// The text has been made UTF-8, whatever its declaration says.
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	return &xmlTokens{part: part, d: d, source: source}
}

// errXML is why XML cannot be read.
var errXML = errors.New("the XML cannot be read")

// maxElements is how deep elements may be nested.
const maxElements = 500

// next gives the next token, until the following call; io.EOF after the last.
// Names are without their namespaces' prefixes.
func (x *xmlTokens) next() (xml.Token, error) {
	x.source.most = x.d.InputOffset() + rows.MaxRecord
	t, err := x.d.RawToken()
	if err != nil {
		if errors.Is(err, io.EOF) && x.depth > 0 {
			return nil, fmt.Errorf("%w: %s ends in the middle of an element", errXML, x.part)
		}
		if errors.Is(err, io.EOF) {
			return nil, io.EOF
		}
		if errors.Is(err, rows.ErrFile) {
			return nil, err
		}
		return nil, fmt.Errorf("%w: %s: %w", errXML, x.part, err)
	}
	switch t.(type) {
	case xml.StartElement:
		if x.depth++; x.depth > maxElements {
			return nil, fmt.Errorf("%w: %s: elements are nested more than %d deep", errXML, x.part, maxElements)
		}
	case xml.EndElement:
		if x.depth--; x.depth < 0 {
			return nil, fmt.Errorf("%w: %s: an element is closed that was never opened", errXML, x.part)
		}
	case xml.Directive:
		return nil, fmt.Errorf("%w: %s declares a document type or entities, which are never read", errXML, x.part)
	}
	return t, nil
}

// line is the line of the token last read.
func (x *xmlTokens) line() int {
	line, _ := x.d.InputPos()
	return line
}

// text reads up to the end of the element just opened and gives its text.
// Elements in it are passed over where keep does not name them.
func (x *xmlTokens) text(keep ...string) (string, error) {
	var b strings.Builder
	for depth := x.depth; ; {
		t, err := x.next()
		if err != nil {
			return "", unexpected(err, x.part)
		}
		switch t := t.(type) {
		case xml.CharData:
			if b.Len()+len(t) > rows.MaxRecord {
				return "", fmt.Errorf("%w: %s: a text is longer than %d bytes", errXML, x.part, rows.MaxRecord)
			}
			b.Write(t)
		case xml.StartElement:
			if slices.Contains(keep, t.Name.Local) {
				continue
			}
			if err := x.skip(); err != nil {
				return "", err
			}
		case xml.EndElement:
			if x.depth < depth {
				return b.String(), nil
			}
		}
	}
}

// skip reads over the element just opened.
func (x *xmlTokens) skip() error {
	for depth := x.depth; x.depth >= depth; {
		if _, err := x.next(); err != nil {
			return unexpected(err, x.part)
		}
	}
	return nil
}

func unexpected(err error, part string) error {
	if errors.Is(err, io.EOF) {
		return fmt.Errorf("%w: %s ends in the middle of an element", errXML, part)
	}
	return err
}

func attribute(t xml.StartElement, name string) (string, bool) {
	for _, a := range t.Attr {
		if a.Name.Local == name {
			return a.Value, true
		}
	}
	return "", false
}

// boundedSource refuses to be read beyond a place.
type boundedSource struct {
	r          io.Reader
	read, most int64
}

func (s *boundedSource) Read(p []byte) (int, error) {
	if s.read >= s.most {
		return 0, fmt.Errorf("what stands between two marks is longer than %d bytes", rows.MaxRecord)
	}
	n, err := s.r.Read(p[:min(int64(len(p)), s.most-s.read)])
	s.read += int64(n)
	return n, err
}
