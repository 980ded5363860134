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

// turtleReader reads statements of Turtle. The statements that nested blank
// nodes and collections make come after those of what they are nested in, so
// that each subject's stay together.
// Source: RDF 1.1 Turtle, https://www.w3.org/TR/turtle/#sec-grammar.
type turtleReader struct {
	scan *turtleScanner
	base string
	// prefixes are the file's own.
	prefixes map[string]string
	// read are the statements up to the last full stop, of which taken have
	// been given.
	read  []triple
	taken int
	// blanks is the number of blank nodes without a label; depth how deep the
	// one being read is nested.
	blanks, depth int
}

// maxNesting is how deep blank nodes and collections may be nested.
const maxNesting = 200

func newTurtleReader(file string, r *bufio.Reader) *turtleReader {
	return &turtleReader{scan: &turtleScanner{file: file, r: r, line: 1}, prefixes: map[string]string{}}
}

func (t *turtleReader) next() (triple, error) {
	for t.taken == len(t.read) {
		clear(t.read)
		t.read, t.taken, t.scan.size = t.read[:0], 0, 0
		err := t.statement()
		switch {
		case errors.Is(err, errEndOfTurtle):
			return triple{}, io.EOF
		case errors.Is(err, rows.ErrFile):
			return triple{}, err
		case errors.Is(err, io.EOF):
			return triple{}, rows.Unreadable(t.scan.file, t.scan.line, "the file ends in the middle of a statement")
		case err != nil:
			return triple{}, rows.Unreadable(t.scan.file, t.scan.line, "%v", err)
		}
	}
	t.taken++
	return t.read[t.taken-1], nil
}

// errEndOfTurtle: the file ends where it may.
var errEndOfTurtle = errors.New("there are no more statements")

// statement reads up to a full stop, or a directive.
func (t *turtleReader) statement() error {
	c, err := t.scan.start()
	switch {
	case errors.Is(err, io.EOF):
		return errEndOfTurtle
	case err != nil:
		return err
	case c == '@':
		return t.directive()
	}
	subject, alone, err := t.subject(c)
	if errors.Is(err, errSparql) {
		return t.sparqlDirective(subject)
	}
	if err != nil {
		return err
	}
	if c, err = t.scan.start(); err != nil {
		return err
	}
	if c != '.' || !alone {
		if err := t.predicates(subject, '.'); err != nil {
			return err
		}
	}
	t.group(subject)
	return t.scan.want('.')
}

// group puts the statements of each subject together, those of the first one
// first.
func (t *turtleReader) group(first string) {
	order := map[string]int{first: 0}
	for _, one := range t.read {
		if _, ok := order[one.subject]; !ok {
			order[one.subject] = len(order)
		}
	}
	if len(order) > 1 {
		slices.SortStableFunc(t.read, func(a, b triple) int { return order[a.subject] - order[b.subject] })
	}
}

func (t *turtleReader) directive() error {
	t.scan.take()
	word, err := t.scan.word()
	if err != nil {
		return err
	}
	switch word {
	case "prefix":
		err = t.prefix()
	case "base":
		err = t.setBase()
	default:
		return fmt.Errorf("@%.20s is no directive", word)
	}
	if err != nil {
		return err
	}
	return t.scan.want('.')
}

// errSparql: a directive stands where a subject might.
var errSparql = errors.New("a directive without @")

func (t *turtleReader) sparqlDirective(word string) error {
	if strings.EqualFold(word, "prefix") {
		return t.prefix()
	}
	return t.setBase()
}

// maxPrefixes is how many prefixes a file may declare.
const maxPrefixes = 10_000

func (t *turtleReader) prefix() error {
	if _, err := t.scan.start(); err != nil {
		return err
	}
	name, err := t.scan.word()
	if err != nil {
		return err
	}
	if err := t.scan.want(':'); err != nil {
		return err
	}
	iri, err := t.address()
	if err != nil {
		return err
	}
	if t.prefixes[name] = iri; len(t.prefixes) > maxPrefixes {
		return fmt.Errorf("there are more than %d prefixes", maxPrefixes)
	}
	return nil
}

func (t *turtleReader) setBase() (err error) {
	t.base, err = t.address()
	return err
}

// address reads an address in angle brackets.
func (t *turtleReader) address() (string, error) {
	if err := t.scan.want('<'); err != nil {
		return "", err
	}
	iri, err := t.scan.address()
	return resolve(t.base, iri), err
}

// subject reads one that begins with the character. It may stand alone where it
// is a blank node with properties. errSparql comes with the directive's name.
func (t *turtleReader) subject(c rune) (name string, alone bool, err error) {
	switch c {
	case '[':
		before := len(t.read)
		name, err = t.blank()
		return name, len(t.read) > before, err
	case '(':
		name, err = t.collection()
		return name, false, err
	case '<':
		name, err = t.address()
		return name, false, err
	case '_':
		name, err = t.scan.label()
		return name, false, err
	}
	word, err := t.scan.word()
	if err != nil {
		return "", false, err
	}
	if next, err := t.scan.peek(); err == nil && next != ':' && (strings.EqualFold(word, "prefix") || strings.EqualFold(word, "base")) {
		return word, false, errSparql
	}
	name, err = t.prefixed(word)
	return name, false, err
}

// prefixed reads the rest of a prefixed name.
func (t *turtleReader) prefixed(prefix string) (string, error) {
	c, err := t.scan.peek()
	if err != nil {
		return "", err
	}
	if c != ':' {
		return "", fmt.Errorf("want a resource, have %.40q", prefix+string(c))
	}
	t.scan.take()
	namespace, ok := t.prefixes[prefix]
	if !ok {
		return "", fmt.Errorf("the prefix %.40q is not declared", prefix)
	}
	local, err := t.scan.local()
	return namespace + local, err
}

// predicates reads predicates with their objects up to the character that ends
// them, which is left.
func (t *turtleReader) predicates(subject string, end rune) error {
	for {
		predicate, err := t.verb()
		if err != nil {
			return err
		}
		if err := t.objects(subject, predicate); err != nil {
			return err
		}
		c, err := t.scan.start()
		if err != nil {
			return err
		}
		if c != ';' && c != end {
			return fmt.Errorf("want a semicolon or %q after an object, have %q", end, c)
		}
		for c == ';' {
			t.scan.take()
			if c, err = t.scan.start(); err != nil {
				return err
			}
		}
		if c == end {
			return nil
		}
	}
}

func (t *turtleReader) verb() (string, error) {
	c, err := t.scan.start()
	if err != nil {
		return "", err
	}
	if c == '<' {
		return t.address()
	}
	word, err := t.scan.word()
	if err != nil {
		return "", err
	}
	if next, err := t.scan.peek(); word == "a" && err == nil && next != ':' {
		return rdfNamespace + "type", nil
	}
	return t.prefixed(word)
}

// objects reads those of a predicate.
func (t *turtleReader) objects(subject, predicate string) error {
	for {
		c, err := t.scan.start()
		if err != nil {
			return err
		}
		line := t.scan.line
		o, err := t.object(c)
		if err != nil {
			return err
		}
		t.read = append(t.read, triple{subject: subject, predicate: predicate, object: o, line: line})
		if c, err = t.scan.start(); err != nil {
			return err
		}
		if c != ',' {
			return nil
		}
		t.scan.take()
	}
}

func (t *turtleReader) object(c rune) (o term, err error) {
	switch {
	case c == '<':
		o.value, err = t.address()
	case c == '_':
		o.value, err = t.scan.label()
	case c == '[':
		o.value, err = t.blank()
	case c == '(':
		o.value, err = t.collection()
	case c == '"' || c == '\'':
		return t.text()
	case c == '+' || c == '-' || c == '.' || c >= '0' && c <= '9':
		return t.scan.number()
	default:
		return t.wordObject()
	}
	return o, err
}

func (t *turtleReader) wordObject() (o term, err error) {
	word, err := t.scan.word()
	if err != nil {
		return o, err
	}
	if word == "true" || word == "false" {
		next, err := t.scan.peek()
		if err != nil {
			return o, err // a full stop must follow
		}
		if next == ':' {
			o.value, err = t.prefixed(word)
			return o, err
		}
		return term{literal: true, value: word, datatype: xsdNamespace + "boolean"}, nil
	}
	o.value, err = t.prefixed(word)
	return o, err
}

// text reads a literal in quotation marks, with its language or type.
func (t *turtleReader) text() (o term, err error) {
	o.literal = true
	if o.value, err = t.scan.quoted(); err != nil {
		return o, err
	}
	c, err := t.scan.peek()
	if err != nil {
		return o, err
	}
	switch c {
	case '@':
		t.scan.take()
		o.language, err = t.scan.language()
	case '^':
		t.scan.take()
		if err := t.scan.want('^'); err != nil {
			return o, err
		}
		c, err := t.scan.start()
		if err != nil {
			return o, err
		}
		if c == '<' {
			o.datatype, err = t.address()
			return o, err
		}
		word, err := t.scan.word()
		if err != nil {
			return o, err
		}
		o.datatype, err = t.prefixed(word)
		return o, err
	}
	return o, err
}

// fresh names a blank node that has no label, as no label is written.
func (t *turtleReader) fresh() string {
	t.blanks++
	return fmt.Sprintf("_:#%d", t.blanks)
}

func (t *turtleReader) nest() error {
	if t.depth++; t.depth > maxNesting {
		return fmt.Errorf("blank nodes are nested more than %d deep", maxNesting)
	}
	return nil
}

// blank reads a blank node in square brackets.
func (t *turtleReader) blank() (string, error) {
	t.scan.take()
	name := t.fresh()
	c, err := t.scan.start()
	if err != nil {
		return "", err
	}
	if c != ']' {
		if err := t.nest(); err != nil {
			return "", err
		}
		if err := t.predicates(name, ']'); err != nil {
			return "", err
		}
		t.depth--
	}
	return name, t.scan.want(']')
}

// collection reads a list in round brackets.
func (t *turtleReader) collection() (string, error) {
	t.scan.take()
	if err := t.nest(); err != nil {
		return "", err
	}
	defer func() { t.depth-- }()
	first, last := "", ""
	for {
		c, err := t.scan.start()
		if err != nil {
			return "", err
		}
		line := t.scan.line
		if c == ')' {
			t.scan.take()
			if first == "" {
				return rdfNamespace + "nil", nil
			}
			t.read = append(t.read, triple{subject: last, predicate: rdfNamespace + "rest", object: term{value: rdfNamespace + "nil"}, line: line})
			return first, nil
		}
		node := t.fresh()
		if first == "" {
			first = node
		} else {
			t.read = append(t.read, triple{subject: last, predicate: rdfNamespace + "rest", object: term{value: node}, line: line})
		}
		last = node
		o, err := t.object(c)
		if err != nil {
			return "", err
		}
		t.read = append(t.read, triple{subject: node, predicate: rdfNamespace + "first", object: o, line: line})
	}
}
