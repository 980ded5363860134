package read

import (
	"bytes"
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"

	"coopgraph/loader/rows"
)

// ntriplesReader reads statements of N-Triples, one a line. A line that is none
// is rejected alone.
// Source: RDF 1.1 N-Triples, https://www.w3.org/TR/n-triples/#n-triples-grammar.
type ntriplesReader struct {
	lines *lineReader
	// text is what is left of the line.
	text []byte
	// subject and predicate are the last ones: they are often the same again.
	subject, predicate string
}

func (r *ntriplesReader) next() (triple, error) {
	for {
		line, ended, err := r.lines.next()
		if err != nil {
			return triple{}, err
		}
		if r.text = line; r.blank() {
			continue
		}
		t := triple{line: r.lines.line}
		err = r.statement(&t)
		switch {
		case err == nil:
			return t, nil
		case !ended:
			return t, rows.Unreadable(r.lines.file, t.line, "the file ends in the middle of a statement: %v", err)
		}
		return triple{line: t.line, bad: rows.BadRow("the line is not a statement of N-Triples: %v", err)}, nil
	}
}

// blank passes over spaces and says whether nothing but a comment is left.
func (r *ntriplesReader) blank() bool {
	r.text = bytes.TrimLeft(r.text, " \t\r\n")
	return len(r.text) == 0 || r.text[0] == '#'
}

func (r *ntriplesReader) statement(t *triple) (err error) {
	if t.subject, err = r.resource(r.subject); err != nil {
		return err
	}
	r.subject = t.subject
	if r.blank() || r.text[0] != '<' {
		return errors.New("want an address as predicate")
	}
	if t.predicate, err = r.resource(r.predicate); err != nil {
		return err
	}
	r.predicate = t.predicate
	if r.blank() {
		return errors.New("want an object")
	}
	if r.text[0] == '"' {
		t.object, err = r.literal()
	} else {
		t.object.value, err = r.resource("")
	}
	if err != nil {
		return err
	}
	if r.blank() || r.text[0] != '.' {
		return errors.New("want a full stop after the object")
	}
	if r.text = r.text[1:]; !r.blank() {
		return errors.New("there is text after the statement")
	}
	return nil
}

// resource reads an address or a blank node. Where it is the last one again,
// that is given.
func (r *ntriplesReader) resource(last string) (string, error) {
	switch {
	case len(r.text) > 0 && r.text[0] == '<':
		end := bytes.IndexByte(r.text, '>')
		if end < 0 {
			return "", errors.New("an address is not closed")
		}
		raw := r.text[1:end]
		r.text = r.text[end+1:]
		if last != "" && string(raw) == last {
			return last, nil
		}
		iri, err := unescapeIRI(string(raw))
		if err != nil {
			return "", err
		}
		if !isAbsolute(iri) {
			return "", errors.New("an address is not whole")
		}
		return iri, nil
	case bytes.HasPrefix(r.text, []byte("_:")):
		end := 2
		for end < len(r.text) {
			c, size := utf8.DecodeRune(r.text[end:])
			if !isNameChar(c) && (c != '.' || end == 2) {
				break
			}
			end += size
		}
		for end > 2 && r.text[end-1] == '.' {
			end--
		}
		if end == 2 {
			return "", errors.New("a blank node has no name")
		}
		label := string(r.text[:end])
		r.text = r.text[end:]
		return label, nil
	}
	return "", errors.New("want an address or a blank node")
}

func (r *ntriplesReader) literal() (o term, err error) {
	o.literal = true
	end := 1
	for end < len(r.text) && r.text[end] != '"' {
		if r.text[end] == '\\' {
			end++
		}
		end++
	}
	if end >= len(r.text) {
		return o, errors.New("a text is not closed")
	}
	raw := string(r.text[1:end])
	r.text = r.text[end+1:]
	if o.value, err = unescapeText(raw); err != nil {
		return o, err
	}
	switch {
	case len(r.text) > 0 && r.text[0] == '@':
		end := 1
		for end < len(r.text) && isLanguageChar(r.text[end]) {
			end++
		}
		if end == 1 {
			return o, errors.New("want a language after @")
		}
		o.language = string(r.text[1:end])
		r.text = r.text[end:]
	case bytes.HasPrefix(r.text, []byte("^^<")):
		r.text = r.text[2:]
		o.datatype, err = r.resource("")
	case bytes.HasPrefix(r.text, []byte("^")):
		return o, errors.New("want a type after ^^")
	}
	return o, err
}

func isLanguageChar(c byte) bool {
	return c == '-' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// unescapeText undoes the escapes of a literal.
func unescapeText(s string) (string, error) {
	if strings.IndexByte(s, '\\') < 0 {
		return s, nil
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		if s[i] != '\\' {
			b.WriteByte(s[i])
			i++
			continue
		}
		if i+1 == len(s) {
			return "", errBadEscape
		}
		if at := strings.IndexByte(`tbnrf"'\`, s[i+1]); at >= 0 {
			b.WriteByte("\t\b\n\r\f\"'\\"[at])
			i += 2
			continue
		}
		c, size, err := escapedRune(s[i:])
		if err != nil {
			return "", err
		}
		b.WriteRune(c)
		i += size
	}
	return b.String(), nil
}

var errBadEscape = errors.New("there is a \\ that escapes nothing")

// escapedRune reads \uXXXX or \UXXXXXXXX.
func escapedRune(s string) (c rune, size int, err error) {
	switch {
	case strings.HasPrefix(s, `\u`):
		size = 6
	case strings.HasPrefix(s, `\U`):
		size = 10
	default:
		return 0, 0, errBadEscape
	}
	if len(s) < size {
		return 0, 0, errBadEscape
	}
	code, err := strconv.ParseUint(s[2:size], 16, 32)
	if err != nil || !utf8.ValidRune(rune(code)) {
		return 0, 0, errBadEscape
	}
	return rune(code), size, nil
}

// unescapeIRI undoes the escapes of an address and checks its characters.
func unescapeIRI(s string) (string, error) {
	if strings.IndexByte(s, '\\') >= 0 {
		var b strings.Builder
		for i := 0; i < len(s); {
			if s[i] != '\\' {
				b.WriteByte(s[i])
				i++
				continue
			}
			c, size, err := escapedRune(s[i:])
			if err != nil {
				return "", err
			}
			b.WriteRune(c)
			i += size
		}
		s = b.String()
	}
	for i := range len(s) {
		if s[i] <= ' ' || strings.IndexByte("<>\"{}|^`\\", s[i]) >= 0 {
			return "", errors.New("an address holds a character that none may hold")
		}
	}
	return s, nil
}

// isAbsolute says whether an address begins with a scheme.
func isAbsolute(iri string) bool {
	for i := range len(iri) {
		switch c := iri[i]; {
		case c == ':':
			return i > 0
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z':
		case i > 0 && (c >= '0' && c <= '9' || c == '+' || c == '-' || c == '.'):
		default:
			return false
		}
	}
	return false
}

// isNameStart and isNameChar are PN_CHARS_U with digits, and PN_CHARS, of the
// grammar.
func isNameStart(c rune) bool {
	switch {
	case c == '_', c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z':
		return true
	case c < 0xC0 || c == 0xD7 || c == 0xF7 || c == utf8.RuneError:
		return false
	}
	return c <= 0x2FF || c >= 0x370 && c <= 0x1FFF && c != 0x37E || c == 0x200C || c == 0x200D ||
		c >= 0x2070 && c <= 0x218F || c >= 0x2C00 && c <= 0x2FEF || c >= 0x3001 && c <= 0xD7FF ||
		c >= 0xF900 && c <= 0xFDCF || c >= 0xFDF0 && c <= 0xFFFD || c >= 0x10000 && c <= 0xEFFFF
}

func isNameChar(c rune) bool {
	return isNameStart(c) || c == '-' || c >= '0' && c <= '9' || c == 0xB7 || c >= 0x300 && c <= 0x36F || c == 0x203F || c == 0x2040
}
