package read

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"net/url"
	"strings"
	"sync/atomic"
	"unicode/utf8"

	"coopgraph/loader/rows"
)

// triple is one statement of RDF. Subjects and objects that are blank nodes are
// named "_:label".
type triple struct {
	subject, predicate string
	object             term
	line               int
	// bad says why the statement cannot be read although the file goes on
	// after it.
	bad error
}

// term is an object: an address or a blank node, or a literal.
type term struct {
	literal                   bool
	value, language, datatype string
}

// tripleReader reads statements; io.EOF after the last.
type tripleReader interface {
	next() (triple, error)
}

// namespaces are the prefixes by which fields are named, whatever a file calls
// them.
var namespaces = map[string]string{
	"http://www.w3.org/1999/02/22-rdf-syntax-ns#":   "rdf",
	"http://www.w3.org/2000/01/rdf-schema#":         "rdfs",
	"http://www.w3.org/2002/07/owl#":                "owl",
	"http://www.w3.org/2001/XMLSchema#":             "xsd",
	"http://www.w3.org/2004/02/skos/core#":          "skos",
	"http://www.w3.org/2008/05/skos-xl#":            "skosxl",
	"http://purl.org/dc/terms/":                     "dcterms",
	"http://purl.org/dc/elements/1.1/":              "dc",
	"http://www.w3.org/ns/dcat#":                    "dcat",
	"http://xmlns.com/foaf/0.1/":                    "foaf",
	"http://www.w3.org/ns/org#":                     "org",
	"http://www.w3.org/2006/vcard/ns#":              "vcard",
	"http://schema.org/":                            "schema",
	"https://schema.org/":                           "schema",
	"http://www.w3.org/ns/prov#":                    "prov",
	"http://www.w3.org/2003/01/geo/wgs84_pos#":      "geo",
	"http://www.w3.org/ns/adms#":                    "adms",
	"http://www.w3.org/2006/time#":                  "time",
	"http://www.w3.org/ns/locn#":                    "locn",
	"http://www.w3.org/ns/regorg#":                  "rov",
	"http://data.europa.eu/eli/ontology#":           "eli",
	"http://publications.europa.eu/ontology/euvoc#": "euvoc",
}

const (
	rdfNamespace = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
	xsdNamespace = "http://www.w3.org/2001/XMLSchema#"
)

// short is the address with the prefix of its namespace, or the whole address.
func short(iri string) string {
	cut := strings.LastIndexAny(iri, "#/") + 1
	if prefix, ok := namespaces[iri[:cut]]; ok && cut < len(iri) {
		return prefix + ":" + iri[cut:]
	}
	return iri
}

// lastSegment is the last part of an address that says something: a fragment
// that only tells a thing from the page about it does not.
func lastSegment(iri string) string {
	for _, fragment := range []string{"#id", "#this", "#it"} {
		iri = strings.TrimSuffix(iri, fragment)
	}
	iri = strings.TrimRight(iri, "#/")
	segment := iri[strings.LastIndexAny(iri, "#/")+1:]
	if text, err := url.PathUnescape(segment); err == nil && utf8.ValidString(text) {
		return text
	}
	return segment
}

// rdfReader gives a row for each subject of an RDF file: its "id", and for each
// predicate a list of what it leads to: {"id", "name"} of addresses and blank
// nodes, {"value", "language", "type"} of literals. Where the statements of a
// subject are scattered over the file, they are sorted first.
type rdfReader struct {
	in      *Input
	format  string
	source  tripleReader
	closers []io.Closer
	sorted  bool
	// ahead is the first statement of the subject that follows.
	ahead *triple
	done  bool
}

// openRDF gives a reader of N-Triples or Turtle, which is UTF-8.
func openRDF(in *Input, format string) (rows.Reader, io.Closer, error) {
	if in.workbook {
		return nil, nil, fmt.Errorf("%w: %s is an XLSX workbook, not RDF", rows.ErrFile, in.name)
	}
	r := &rdfReader{in: in, format: format}
	return r, r, nil
}

// Close closes the file and removes what was sorted.
func (r *rdfReader) Close() error {
	var err error
	for _, c := range r.closers {
		err = errors.Join(err, c.Close())
	}
	r.closers = nil
	return err
}

// Notes gives what is to be said of the file.
func (r *rdfReader) Notes() []string {
	notes := r.in.notes()
	if r.sorted {
		notes = append(notes, "the statements of some subjects are scattered over the file: rows come in the order of their subjects")
	}
	return notes
}

// open gives the file's statements from its start.
func (r *rdfReader) open(passed *atomic.Int64) (tripleReader, io.Closer, error) {
	text, closer, err := r.in.textCounted(passed)
	if err != nil {
		return nil, nil, err
	}
	if r.format == FormatNTriples {
		return &ntriplesReader{lines: &lineReader{file: r.in.name, r: text}}, closer, nil
	}
	return newTurtleReader(r.in.name, text), closer, nil
}

// begin finds out whether the statements have to be sorted.
func (r *rdfReader) begin(ctx context.Context) error {
	grouped, err := r.grouped(ctx)
	if err != nil {
		return err
	}
	source, closer, err := r.open(r.in.passed)
	if err != nil {
		return err
	}
	r.closers = append(r.closers, closer)
	if r.source = source; grouped {
		return nil
	}
	r.sorted = true
	sorter, err := newSorter()
	if err != nil {
		return err
	}
	r.closers = append(r.closers, sorter)
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		t, err := source.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if err := sorter.add(r.in.name, t); err != nil {
			return err
		}
	}
	r.source, err = sorter.merge()
	return err
}

// maxSubjects is for how many subjects it is found out whether they come
// together: some 40 bytes each.
const maxSubjects = 1 << 20

// grouped reads the file once to see whether each subject's statements stand
// together. A file that breaks off is taken as it is: reading it again says
// where.
func (r *rdfReader) grouped(ctx context.Context) (yes bool, err error) {
	source, closer, err := r.open(new(atomic.Int64))
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, closer.Close()) }()
	seed, seen, last := maphash.MakeSeed(), map[uint64]struct{}{}, ""
	for n := 0; ; n++ {
		if n%1000 == 0 && ctx.Err() != nil {
			return false, ctx.Err()
		}
		t, err := source.next()
		if err != nil {
			// The error comes again when the rows are read.
			return errors.Is(err, io.EOF) || errors.Is(err, rows.ErrFile), nil
		}
		if t.bad != nil || t.subject == last {
			continue
		}
		last = t.subject
		hash := maphash.String(seed, t.subject)
		if _, again := seen[hash]; again || len(seen) >= maxSubjects {
			return false, nil
		}
		seen[hash] = struct{}{}
	}
}

// Next gives the next subject.
func (r *rdfReader) Next(ctx context.Context) (rows.Row, error) {
	if err := ctx.Err(); err != nil {
		return rows.Row{}, err
	}
	if r.source == nil {
		if err := r.begin(ctx); err != nil {
			return rows.Row{}, err
		}
	}
	if r.done {
		return rows.Row{}, io.EOF
	}
	if r.ahead == nil {
		t, err := r.source.next()
		if err != nil {
			return rows.Row{}, err
		}
		r.ahead = &t
	}
	first := *r.ahead
	r.ahead = nil
	if first.bad == nil {
		return r.subject(first)
	}
	return rows.Row{Line: first.line, Err: first.bad}, nil
}

// subject reads all statements of a subject.
func (r *rdfReader) subject(first triple) (rows.Row, error) {
	s := subject{seen: map[string]struct{}{}, fields: map[string]any{"id": first.subject}}
	row := rows.Row{Line: first.line}
	s.add(first)
	for {
		t, err := r.source.next()
		if errors.Is(err, io.EOF) {
			r.done = true
			break
		}
		if err != nil {
			return row, err
		}
		if t.bad != nil || t.subject != first.subject {
			r.ahead = &t
			break
		}
		row.Line = min(row.Line, t.line)
		s.add(t)
	}
	if s.size > rows.MaxRecord {
		row.Err = rows.BadRow("the statements of the subject are longer than %d bytes", rows.MaxRecord)
		return row, nil
	}
	row.Fields = s.fields
	return row, nil
}

// subject gathers the statements of one. Those that are said twice count once.
type subject struct {
	fields map[string]any
	seen   map[string]struct{}
	size   int
}

func (s *subject) add(t triple) {
	s.size += len(t.predicate) + len(t.object.value) + 100
	if s.size > rows.MaxRecord {
		s.fields, s.seen = nil, nil
		return
	}
	key := fmt.Sprint(len(t.predicate), t.predicate, t.object.literal, t.object.language, " ", t.object.datatype, " ", t.object.value)
	if _, again := s.seen[key]; again {
		return
	}
	s.seen[key] = struct{}{}
	name := short(t.predicate)
	list, _ := s.fields[name].([]any)
	s.fields[name] = append(list, t.object.asField())
}

// asField is the object as a field's value.
func (o term) asField() map[string]any {
	if !o.literal {
		name := o.value
		if !strings.HasPrefix(name, "_:") {
			name = lastSegment(name)
		}
		return map[string]any{"id": o.value, "name": name}
	}
	m := map[string]any{"value": o.value}
	if o.language != "" {
		m["language"] = o.language
	}
	if o.datatype != "" && o.datatype != xsdNamespace+"string" {
		m["type"] = short(o.datatype)
	}
	return m
}
