package read

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"coopgraph/loader/rows"
)

// turtleScanner reads the words of Turtle. io.EOF says that the file ends.
type turtleScanner struct {
	file string
	r    *bufio.Reader
	line int
	// size is the number of bytes taken since the statement began.
	size int
}

// peek gives the next character and leaves it.
func (s *turtleScanner) peek() (rune, error) {
	if s.size > rows.MaxRecord {
		return 0, rows.Unreadable(s.file, s.line, "a statement is longer than %d bytes", rows.MaxRecord)
	}
	head, err := s.r.Peek(1)
	if err != nil {
		return 0, s.fail(err)
	}
	if head[0] < utf8.RuneSelf {
		return rune(head[0]), nil
	}
	head, err = s.r.Peek(utf8.UTFMax)
	if err != nil && !errors.Is(err, io.EOF) {
		return 0, s.fail(err)
	}
	c, _ := utf8.DecodeRune(head)
	return c, nil
}

func (s *turtleScanner) fail(err error) error {
	if errors.Is(err, io.EOF) {
		return io.EOF
	}
	return rows.Unreadable(s.file, s.line, "%v", err)
}

// take takes the character that was peeked at.
func (s *turtleScanner) take() {
	c, size, err := s.r.ReadRune()
	if err != nil {
		return // the next peek says so
	}
	s.size += size
	if c == '\n' {
		s.line++
	}
}

// start passes over spaces and comments and gives the character after them.
func (s *turtleScanner) start() (rune, error) {
	comment := false
	for {
		c, err := s.peek()
		switch {
		case err != nil:
			return 0, err
		case c == '#':
			comment = true
		case c == '\n' || c == '\r':
			comment = false
		case !comment && c != ' ' && c != '\t':
			return c, nil
		}
		s.take()
	}
}

// want takes the character, after any spaces.
func (s *turtleScanner) want(want rune) error {
	c, err := s.start()
	if err != nil {
		return err
	}
	if c != want {
		return fmt.Errorf("want %q, have %q", want, c)
	}
	s.take()
	return nil
}

// dotsInside says whether the full stops that follow stand inside of a name:
// whether, after them, another of its characters comes.
func (s *turtleScanner) dotsInside(inName func(rune) bool) bool {
	const most = 64
	head, err := s.r.Peek(most)
	if err != nil && len(head) == 0 {
		return false
	}
	rest := bytes.TrimLeft(head, ".")
	if len(rest) == 0 {
		return false
	}
	c, _ := utf8.DecodeRune(rest)
	return inName(c)
}

// word reads a keyword, or a prefix up to its colon; it may be empty.
func (s *turtleScanner) word() (string, error) {
	var b strings.Builder
	for {
		c, err := s.peek()
		switch {
		case errors.Is(err, io.EOF):
			return b.String(), nil
		case err != nil:
			return "", err
		case isNameChar(c), c == '.' && b.Len() > 0 && s.dotsInside(isPrefixChar):
			b.WriteRune(c)
			s.take()
		default:
			return b.String(), nil
		}
	}
}

func isPrefixChar(c rune) bool { return isNameChar(c) || c == ':' }

// local reads a prefixed name from after its colon.
func (s *turtleScanner) local() (string, error) {
	var b strings.Builder
	for {
		c, err := s.peek()
		if errors.Is(err, io.EOF) {
			return b.String(), nil
		}
		if err != nil {
			return "", err
		}
		switch {
		case isNameChar(c) && (c != '-' || b.Len() > 0), c == ':', c == '.' && b.Len() > 0 && s.dotsInside(isLocalChar):
			b.WriteRune(c)
			s.take()
		case c == '%':
			head, _ := s.r.Peek(3) // what is missing is no digit
			if len(head) < 3 || !isHex(head[1]) || !isHex(head[2]) {
				return "", errors.New("want two hexadecimal digits after %")
			}
			for range 3 {
				s.take()
			}
			b.Write([]byte{'%', head[1], head[2]})
		case c == '\\':
			s.take()
			c, err := s.peek()
			if err != nil {
				return "", err
			}
			if !strings.ContainsRune("_~.-!$&'()*+,;=/?#@%", c) {
				return "", errBadEscape
			}
			b.WriteRune(c)
			s.take()
		default:
			return b.String(), nil
		}
	}
}

func isLocalChar(c rune) bool { return isNameChar(c) || strings.ContainsRune(`:%\`, c) }

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

// label reads the name of a blank node.
func (s *turtleScanner) label() (string, error) {
	s.take()
	c, err := s.peek()
	if err != nil {
		return "", err
	}
	if c != ':' {
		return "", errors.New("want a blank node")
	}
	s.take()
	var b strings.Builder
	b.WriteString("_:")
	for {
		c, err := s.peek()
		if err != nil && !errors.Is(err, io.EOF) {
			return "", err
		}
		if err == nil && (isNameChar(c) || c == '.' && b.Len() > 2 && s.dotsInside(isNameChar)) {
			b.WriteRune(c)
			s.take()
			continue
		}
		if b.Len() == 2 {
			return "", errors.New("a blank node has no name")
		}
		return b.String(), nil
	}
}

// address reads an address from after its opening bracket.
func (s *turtleScanner) address() (string, error) {
	var b strings.Builder
	for {
		c, err := s.peek()
		if err != nil {
			return "", err
		}
		s.take()
		if c == '>' {
			return unescapeIRI(b.String())
		}
		if c <= ' ' || c == '<' {
			return "", errors.New("an address holds a character that none may hold")
		}
		b.WriteRune(c)
	}
}

// language reads a language from after its @.
func (s *turtleScanner) language() (string, error) {
	var b strings.Builder
	for {
		c, err := s.peek()
		if err != nil && !errors.Is(err, io.EOF) {
			return "", err
		}
		if err == nil && c < utf8.RuneSelf && isLanguageChar(byte(c)) {
			b.WriteRune(c)
			s.take()
			continue
		}
		if b.Len() == 0 {
			return "", errors.New("want a language after @")
		}
		return b.String(), nil
	}
}

// quoted reads a text in one or three quotation marks of either kind.
func (s *turtleScanner) quoted() (string, error) {
	mark, err := s.peek()
	if err != nil {
		return "", err
	}
	s.take()
	head, err := s.r.Peek(2)
	if err != nil && !errors.Is(err, io.EOF) {
		return "", s.fail(err)
	}
	marks := strings.Repeat(string(mark), 2)
	long := string(head) == marks
	if long {
		s.take()
		s.take()
	}
	opened := s.line
	var b strings.Builder
	for {
		c, err := s.peek()
		if errors.Is(err, io.EOF) {
			return "", rows.Unreadable(s.file, opened, "a text begins here and is never closed")
		}
		if err != nil {
			return "", err
		}
		s.take()
		switch {
		case c == mark && !long:
			return b.String(), nil
		case c == mark && long:
			head, _ := s.r.Peek(2) // at the file's end, fewer
			if string(head) == marks {
				s.take()
				s.take()
				return b.String(), nil
			}
			b.WriteRune(c)
		case c == '\\':
			if err := s.escaped(&b); err != nil {
				return "", err
			}
		case (c == '\n' || c == '\r') && !long:
			return "", errors.New("a text in single quotation marks ends with its line")
		default:
			b.WriteRune(c)
			s.ordinary(&b)
		}
	}
}

// ordinary takes the characters of a text that mean nothing else and stand in
// memory.
func (s *turtleScanner) ordinary(b *strings.Builder) {
	// What is buffered can be peeked at and taken.
	ahead, _ := s.r.Peek(s.r.Buffered())
	n := 0
	for n < len(ahead) && ahead[n] >= ' ' && ahead[n] < utf8.RuneSelf && ahead[n] != '"' && ahead[n] != '\'' && ahead[n] != '\\' {
		n++
	}
	b.Write(ahead[:n])
	_, _ = s.r.Discard(n)
	s.size += n
}

// escaped reads an escape from after its backslash.
func (s *turtleScanner) escaped(b *strings.Builder) error {
	c, err := s.peek()
	if err != nil {
		return err
	}
	digits := 0
	switch c {
	case 'u':
		digits = 4
	case 'U':
		digits = 8
	}
	raw := `\` + string(c)
	s.take()
	for range digits {
		if c, err = s.peek(); err != nil {
			return err
		}
		raw += string(c)
		s.take()
	}
	text, err := unescapeText(raw)
	b.WriteString(text)
	return err
}

// number reads an integer, a decimal or a double.
func (s *turtleScanner) number() (o term, err error) {
	var b strings.Builder
	digits, point, exponent := 0, false, false
	for {
		c, err := s.peek()
		if err != nil && !errors.Is(err, io.EOF) {
			return o, err
		}
		switch last := strings.ToLower(b.String()); {
		case err != nil:
		case c >= '0' && c <= '9':
			digits++
			b.WriteRune(c)
			s.take()
			continue
		case (c == '+' || c == '-') && (last == "" || strings.HasSuffix(last, "e")),
			(c == 'e' || c == 'E') && digits > 0 && !exponent,
			c == '.' && !point && !exponent && s.dotsInside(isDigitOrE):
			point = point || c == '.'
			if c == 'e' || c == 'E' {
				exponent, digits = true, 0
			}
			b.WriteRune(c)
			s.take()
			continue
		}
		break
	}
	o = term{literal: true, value: b.String()}
	if digits == 0 {
		return o, fmt.Errorf("want a number, have %.40q", o.value)
	}
	switch {
	case exponent:
		o.datatype = xsdNamespace + "double"
	case point:
		o.datatype = xsdNamespace + "decimal"
	default:
		o.datatype = xsdNamespace + "integer"
	}
	return o, nil
}

func isDigitOrE(c rune) bool { return c >= '0' && c <= '9' || c == 'e' || c == 'E' }
