package mapping

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"coopgraph/loader/rows"
	"coopgraph/ontology"
	"coopgraph/store"
)

// The schemes of the identifiers that the claims format gives its things: the
// key, and the number in the inventory of a source.
const (
	KeyScheme       = "COOPGRAPH"
	InventoryScheme = "INVENTORY"
)

// ClaimsFile is one file in the claims format: YAML with the lists `sources`,
// `things` and `facts`, and the map `sentences` from a locator to the sentence,
// word for word.
type ClaimsFile struct {
	Name string
	Data []byte
}

// ClaimSet is what files in the claims format say.
type ClaimSet struct {
	Documents []ontology.Document
	// Items are the things, in the order of the files, then the facts.
	Items []*rows.Item
}

// ReadClaims reads files that cite each other's sources and sentences. The
// namespace tells the sources' keys from those of other lists, as standing
// does their weight. Errors wrap store.ErrInvalid and name file and line.
func ReadClaims(namespace string, standing int64, files []ClaimsFile) (ClaimSet, error) {
	r := &claimsReader{namespace: namespace, standing: standing, sources: map[string]store.ID{}, sentences: map[string]string{}}
	parsed := make([][]entry, len(files))
	for i, f := range files {
		top, err := parseYAML(f.Name, f.Data)
		if err != nil {
			return ClaimSet{}, err
		}
		parsed[i] = top
		if err := r.readSources(f.Name, top); err != nil {
			return ClaimSet{}, err
		}
	}
	var facts []*rows.Item
	for i, f := range files {
		more, err := r.readClaims(f.Name, parsed[i])
		if err != nil {
			return ClaimSet{}, err
		}
		facts = append(facts, more...)
	}
	return ClaimSet{Documents: r.documents, Items: append(r.things, facts...)}, nil
}

type claimsReader struct {
	namespace string
	standing  int64
	documents []ontology.Document
	sources   map[string]store.ID
	sentences map[string]string
	things    []*rows.Item
}

func (r *claimsReader) readSources(file string, top []entry) error {
	for _, e := range top {
		switch e.key {
		case "sources":
			var sources []sourceHead
			if err := decodeYAML(file, e.value, &sources); err != nil {
				return err
			}
			for _, s := range sources {
				if _, twice := r.sources[s.Key]; twice || s.Key == "" || s.Title == "" {
					return at(file, e.line, "source %q: want a title and a key of its own", s.Key)
				}
				d := s.document(r.namespace, r.standing)
				r.sources[s.Key] = d.ID
				r.documents = append(r.documents, d)
			}
		case "sentences":
			sentences := map[string]string{}
			if err := decodeYAML(file, e.value, &sentences); err != nil {
				return err
			}
			for locator, s := range sentences {
				r.sentences[locator] = s
			}
		case "things", "facts":
		default:
			return at(file, e.line, "unknown field %q: want sources, sentences, things or facts", e.key)
		}
	}
	return nil
}

// readClaims keeps the file's things and gives its facts.
func (r *claimsReader) readClaims(file string, top []entry) ([]*rows.Item, error) {
	var facts []*rows.Item
	for _, e := range top {
		if e.key != "things" && e.key != "facts" {
			continue
		}
		nodes, err := yamlItems(file, e.value)
		if err != nil {
			return nil, err
		}
		for _, n := range nodes {
			if e.key == "things" {
				it, err := r.thing(file, n)
				if err != nil {
					return nil, err
				}
				r.things = append(r.things, it)
				continue
			}
			it, err := r.fact(file, n)
			if err != nil {
				return nil, err
			}
			facts = append(facts, it)
		}
	}
	return facts, nil
}

// claimedName, and the types below, are the parts of a thing in the format.
type claimedName struct {
	Value    string  `yaml:"value"`
	Language string  `yaml:"language"`
	Type     string  `yaml:"type"`
	Cite     []citer `yaml:"cite"`
}

type claimedText struct {
	Value    string  `yaml:"value"`
	Language string  `yaml:"language"`
	Cite     []citer `yaml:"cite"`
}

type claimedFigure struct {
	Property   string  `yaml:"property"`
	Value      int64   `yaml:"value"`
	Unit       string  `yaml:"unit"`
	AttestedOn string  `yaml:"attestedOn"`
	Cite       []citer `yaml:"cite"`
}

type claimedIdentifier struct {
	Scheme string `yaml:"scheme"`
	Value  string `yaml:"value"`
}

type claimedFact struct {
	// Row is the relation's number in the inventory, for people.
	Row        int     `yaml:"row"`
	Subject    string  `yaml:"subject"`
	Relation   string  `yaml:"relation"`
	Object     string  `yaml:"object"`
	Role       string  `yaml:"role"`
	Basis      string  `yaml:"basis"`
	From       string  `yaml:"from"`
	To         string  `yaml:"to"`
	AttestedOn string  `yaml:"attestedOn"`
	Planned    bool    `yaml:"planned"`
	Cite       []citer `yaml:"cite"`
}

// citer is a citation: a locator of `sentences`, or source, locator and quote.
type citer struct {
	line                   int
	source, locator, quote string
}

// UnmarshalYAML reads either form of a citation.
func (c *citer) UnmarshalYAML(n ast.Node) error {
	c.line = lineOf(n)
	switch n.Type() {
	case ast.MappingType, ast.MappingValueType:
		var full struct {
			Source  string `yaml:"source"`
			Locator string `yaml:"locator"`
			Quote   string `yaml:"quote"`
		}
		if err := decodeNode(n, &full); err != nil {
			return err
		}
		c.source, c.locator, c.quote = full.Source, full.Locator, full.Quote
		return nil
	default:
		return decodeNode(n, &c.locator)
	}
}

func (r *claimsReader) cites(file string, list []citer) ([]ontology.Citation, error) {
	var cites []ontology.Citation
	for _, c := range list {
		if c.source == "" {
			i := strings.LastIndexByte(c.locator, '-')
			sentence, ok := r.sentences[c.locator]
			if i < 0 || !ok {
				return nil, at(file, c.line, "there is no sentence %q", c.locator)
			}
			c.source, c.quote = c.locator[:i], sentence
		}
		id, ok := r.sources[c.source]
		if !ok {
			return nil, at(file, c.line, "there is no source %q", c.source)
		}
		cites = append(cites, ontology.Citation{Source: id, Locator: c.locator, Quote: c.quote})
	}
	return cites, nil
}

func (r *claimsReader) thing(file string, n ast.Node) (*rows.Item, error) {
	fields, err := yamlFields(file, n)
	if err != nil {
		return nil, err
	}
	t := &thingReader{claimsReader: r, file: file}
	t.claim.Props = ontology.Values{}
	// The kind decides what the other fields may be.
	slices.SortStableFunc(fields, func(a, b entry) int { return fieldRank(a.key) - fieldRank(b.key) })
	for _, e := range fields {
		if err := t.field(e); err != nil {
			return nil, err
		}
	}
	if t.key == "" {
		return nil, at(file, lineOf(n), "the thing has no key")
	}
	it := &rows.Item{Key: t.key, Scheme: KeyScheme, File: file, Line: lineOf(n), Claims: ontology.Claims{Things: []ontology.ThingClaim{t.claim}}}
	if err := it.Validate(); err != nil {
		return nil, fmt.Errorf("%s:%d: %w", file, it.Line, err)
	}
	return it, nil
}

// fieldRank puts the kind first, and the identifiers in the order in which they
// count: all other fields keep their order.
func fieldRank(key string) int {
	first := []string{"kind", "key", "inventory", "identifiers"}
	if i := slices.Index(first, key); i >= 0 {
		return i
	}
	return len(first)
}

type thingReader struct {
	*claimsReader
	file  string
	key   string
	claim ontology.ThingClaim
}

func (t *thingReader) field(e entry) error {
	switch e.key {
	case "kind":
		return decodeYAML(t.file, e.value, (*string)(&t.claim.Kind))
	case "key":
		if err := decodeYAML(t.file, e.value, &t.key); err != nil {
			return err
		}
		t.claim.Identifiers = append(t.claim.Identifiers, ontology.Identifier{Scheme: KeyScheme, Value: t.key})
		return nil
	case "inventory":
		var number int
		if err := decodeYAML(t.file, e.value, &number); err != nil {
			return err
		}
		t.claim.Identifiers = append(t.claim.Identifiers, ontology.Identifier{Scheme: InventoryScheme, Value: strconv.Itoa(number)})
		return nil
	case "identifiers":
		var list []claimedIdentifier
		if err := decodeYAML(t.file, e.value, &list); err != nil {
			return err
		}
		for _, i := range list {
			t.claim.Identifiers = append(t.claim.Identifiers, ontology.Identifier(i))
		}
		return nil
	case "names":
		return t.names(e)
	case "description":
		return t.descriptions(e)
	case "figures":
		return t.figures(e)
	case "cite":
		var list []citer
		if err := decodeYAML(t.file, e.value, &list); err != nil {
			return err
		}
		var err error
		t.claim.Cites, err = t.cites(t.file, list)
		return err
	}
	return t.property(e)
}

func (t *thingReader) names(e entry) error {
	var list []claimedName
	if err := decodeYAML(t.file, e.value, &list); err != nil {
		return err
	}
	for _, n := range list {
		cites, err := t.cites(t.file, n.Cite)
		if err != nil {
			return err
		}
		t.claim.Names = append(t.claim.Names, ontology.Name{Value: n.Value, Language: n.Language, Type: n.Type, Cites: cites})
	}
	return nil
}

// descriptions reads a map from language to text, or a list of texts with
// their citations.
func (t *thingReader) descriptions(e entry) error {
	var list []claimedText
	if e.value.Type() == ast.SequenceType {
		if err := decodeYAML(t.file, e.value, &list); err != nil {
			return err
		}
	} else {
		fields, err := yamlFields(t.file, e.value)
		if err != nil {
			return err
		}
		for _, f := range fields {
			d := claimedText{Language: f.key}
			if err := decodeYAML(t.file, f.value, &d.Value); err != nil {
				return err
			}
			list = append(list, d)
		}
	}
	for _, d := range list {
		cites, err := t.cites(t.file, d.Cite)
		if err != nil {
			return err
		}
		t.claim.Descriptions = append(t.claim.Descriptions, ontology.Description{Value: d.Value, Language: d.Language, Cites: cites})
	}
	return nil
}

func (t *thingReader) figures(e entry) error {
	var list []claimedFigure
	if err := decodeYAML(t.file, e.value, &list); err != nil {
		return err
	}
	for _, f := range list {
		cites, err := t.cites(t.file, f.Cite)
		if err != nil {
			return err
		}
		t.claim.Figures = append(t.claim.Figures, ontology.Figure{
			Property: f.Property, Value: f.Value, Unit: f.Unit, AttestedOn: ontology.PartialDate(f.AttestedOn), Cites: cites,
		})
	}
	return nil
}

func (t *thingReader) property(e entry) error {
	p, ok := ontology.PropertyOf(t.claim.Kind, e.key)
	if !ok {
		return at(t.file, e.line, "%q is no property of the kind %q", e.key, t.claim.Kind)
	}
	var list []string
	if e.value.Type() == ast.SequenceType {
		if err := decodeYAML(t.file, e.value, &list); err != nil {
			return err
		}
	} else {
		list = []string{e.value.GetToken().Value}
		if e.value.Type() == ast.LiteralType {
			if err := decodeYAML(t.file, e.value, &list[0]); err != nil {
				return err
			}
		}
	}
	v, err := propValue(p, list)
	if err != nil {
		return at(t.file, e.line, "%s", rows.Reason(err))
	}
	t.claim.Props[e.key] = v
	return nil
}

func (r *claimsReader) fact(file string, n ast.Node) (*rows.Item, error) {
	var c claimedFact
	if err := decodeYAML(file, n, &c); err != nil {
		return nil, err
	}
	line := lineOf(n)
	if c.Subject == "" || c.Object == "" {
		return nil, at(file, line, "a fact needs a subject and an object")
	}
	cites, err := r.cites(file, c.Cite)
	if err != nil {
		return nil, err
	}
	f := ontology.FactClaim{
		Relation: store.Rel(c.Relation), Subject: keyRef(c.Subject), Object: keyRef(c.Object), Role: c.Role,
		From: ontology.PartialDate(c.From), To: ontology.PartialDate(c.To), AttestedOn: ontology.PartialDate(c.AttestedOn),
		Planned: c.Planned, Cites: cites,
	}
	if c.Basis != "" {
		basis := keyRef(c.Basis)
		basis.Kind = ontology.Instrument
		f.Basis = &basis
	}
	it := &rows.Item{
		Key:    strings.Join([]string{c.Subject, c.Relation, c.Object, c.Role, c.Basis, c.From, c.To}, "|"),
		Scheme: KeyScheme, File: file, Line: line, Claims: ontology.Claims{Facts: []ontology.FactClaim{f}},
	}
	if err := it.Validate(); err != nil {
		return nil, fmt.Errorf("%s:%d: %w", file, line, err)
	}
	return it, nil
}

func keyRef(key string) ontology.Ref { return ontology.Ref{Key: KeyScheme + ":" + key} }
