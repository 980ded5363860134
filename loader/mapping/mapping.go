// Package mapping turns the rows of lists into claims: as a mapping in YAML
// says, or as they stand in the claims format, in which the seed is written.
//
// It must not read stores.
package mapping

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"coopgraph/loader/read"
	"coopgraph/loader/rows"
	"coopgraph/loader/template"
	"coopgraph/ontology"
	"coopgraph/store"
)

//go:embed mappings/*.yaml
var builtIn embed.FS

// namespaceOfLists tells the sources of mappings from those of the seed.
const namespaceOfLists = "list"

// standingOfLists is the standing of a list that declares none.
const standingOfLists = 10

// Mapping says what the rows of a list claim. See mappings/README.md.
type Mapping struct {
	// Spec is how the file is read.
	read.Spec `yaml:",inline"`
	// Source is the list.
	Source sourceHead `yaml:"source"`
	// Key names a row within the list; the row is cited by it. Of several the
	// first that the row fills in counts.
	Key firstOf `yaml:"key"`
	// Scheme is the scheme of the list's own identifiers.
	Scheme string `yaml:"scheme"`
	// Required are the columns without which a table is another one.
	Required []string `yaml:"required"`
	// Skip passes rows over.
	// Template names the template whose columns the table has, in place of key,
	// skip, things and facts.
	Template string                       `yaml:"template"`
	Skip     []skipRule                   `yaml:"skip"`
	Things   []thingRule                  `yaml:"things"`
	Facts    []factRule                   `yaml:"facts"`
	Lookups  map[string]map[string]string `yaml:"lookups"`

	text     []byte
	template *template.Template
	// formats are those that format lists; the first is the usual one.
	formats  []string
	file     string
	digest   string
	document ontology.Document
	// columns are those that the mapping reads.
	columns map[string]bool
}

// skipRule passes over the rows for which it holds.
type skipRule struct {
	When    conditions `yaml:"when"`
	Message string     `yaml:"message"`
}

// thingRule makes a thing, or with Each one of every element.
type thingRule struct {
	// As names the thing for facts, which call it "#name". Two rules may
	// share a name where their conditions exclude each other.
	As   string      `yaml:"as"`
	Kind store.Kind  `yaml:"kind"`
	Each *expression `yaml:"each"`
	When conditions  `yaml:"when"`
	// ID is the thing's id in the graph, where the text is one.
	ID *expression `yaml:"id"`
	// ByName makes the thing by its first name where the row gives it no
	// identifier. A rule without identifiers always does.
	ByName       bool                 `yaml:"byName"`
	Identifiers  []keyRule            `yaml:"identifiers"`
	Anchors      []keyRule            `yaml:"anchors"`
	Names        []nameRule           `yaml:"names"`
	Descriptions []textRule           `yaml:"descriptions"`
	Properties   map[string]propRules `yaml:"properties"`
	Locator      *expression          `yaml:"locator"`
	Facts        []factRule           `yaml:"facts"`
}

// keyRule makes identifiers of a scheme, or references to them.
type keyRule struct {
	Scheme string      `yaml:"scheme"`
	Kind   store.Kind  `yaml:"kind"`
	Each   *expression `yaml:"each"`
	When   conditions  `yaml:"when"`
	From   *expression `yaml:"from"`
}

type nameRule struct {
	Each     *expression `yaml:"each"`
	When     conditions  `yaml:"when"`
	From     *expression `yaml:"from"`
	Language *expression `yaml:"language"`
	Type     string      `yaml:"type"`
}

type textRule struct {
	Each     *expression `yaml:"each"`
	When     conditions  `yaml:"when"`
	From     *expression `yaml:"from"`
	Language *expression `yaml:"language"`
}

type propRule struct {
	Each *expression `yaml:"each"`
	When conditions  `yaml:"when"`
	From *expression `yaml:"from"`
}

// propRules are tried in their order until one gives a value. In YAML, one rule
// or a list.
type propRules []propRule

// UnmarshalYAML reads either form.
func (r *propRules) UnmarshalYAML(n ast.Node) error {
	if n.Type() == ast.SequenceType {
		return decodeNode(n, (*[]propRule)(r))
	}
	var one propRule
	err := decodeNode(n, &one)
	*r = propRules{one}
	return err
}

// factRule makes a fact, or with Each one of every element. Ends that are
// several things make several facts.
type factRule struct {
	Each       *expression `yaml:"each"`
	When       conditions  `yaml:"when"`
	Subject    *endRule    `yaml:"subject"`
	Relation   store.Rel   `yaml:"relation"`
	Object     *endRule    `yaml:"object"`
	Basis      *endRule    `yaml:"basis"`
	Role       *expression `yaml:"role"`
	From       *expression `yaml:"from"`
	To         *expression `yaml:"to"`
	AttestedOn *expression `yaml:"attestedOn"`
	Planned    bool        `yaml:"planned"`
	Locator    *expression `yaml:"locator"`
	Quote      *expression `yaml:"quote"`
}

// Names lists the names of the built-in mappings.
func Names() ([]string, error) {
	files, err := fs.Glob(builtIn, "mappings/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("list the mappings: %w", err)
	}
	for i, f := range files {
		files[i] = strings.TrimSuffix(strings.TrimPrefix(f, "mappings/"), ".yaml")
	}
	return files, nil
}

// Open gives the built-in mapping of the name, or reads the file. It
// fails with ErrNoInput where there is neither.
func Open(nameOrFile string) (*Mapping, error) {
	file := "mappings/" + nameOrFile + ".yaml"
	data, err := builtIn.ReadFile(file)
	if err != nil {
		file = nameOrFile
		data, err = os.ReadFile(nameOrFile)
	}
	if err != nil {
		names, listErr := Names()
		return nil, errors.Join(fmt.Errorf("%w: %q is neither a file nor a mapping; the built-in mappings are %s", rows.ErrNoInput, nameOrFile, strings.Join(names, ", ")), listErr)
	}
	return Parse(file, data)
}

// Parse reads a mapping. Errors wrap store.ErrInvalid and name file and
// line.
func Parse(file string, data []byte) (*Mapping, error) {
	f, err := parser.ParseBytes(data, 0)
	if err != nil {
		return nil, yamlError(file, err)
	}
	if len(f.Docs) != 1 || f.Docs[0].Body == nil {
		return nil, at(file, 0, "want one YAML document, have %d", len(f.Docs))
	}
	sum := sha256.Sum256(data)
	m := &Mapping{text: data, file: file, digest: hex.EncodeToString(sum[:]), columns: map[string]bool{}}
	body, err := writeOut(f.Docs[0].Body)
	if err != nil {
		return nil, at(file, 0, "%s", rows.Reason(err))
	}
	if m.formats, err = takeFormats(body); err != nil {
		return nil, yamlError(file, err)
	}
	if err := yaml.NodeToValue(body, m, yaml.DisallowUnknownField()); err != nil {
		return nil, yamlError(file, err)
	}
	if err := m.prepare(); err != nil {
		return nil, err
	}
	m.document = m.Source.document(namespaceOfLists, standingOfLists)
	return m, nil
}

// Digest is the SHA-256 of the mapping's text, in hexadecimal.
func (m *Mapping) Digest() string { return m.digest }

// Name is the mapping's name: that of its file, without folder and ending.
func (m *Mapping) Name() string {
	name := m.file[strings.LastIndexByte(m.file, '/')+1:]
	return strings.TrimSuffix(name, ".yaml")
}

// Document is the list as a source.
func (m *Mapping) Document() ontology.Document { return m.document }

// Columns lists the columns that the mapping reads.
func (m *Mapping) Columns() []string { return slices.Sorted(maps.Keys(m.columns)) }

// isTable says whether rows have columns, so that templates name these.
func (m *Mapping) isTable() bool {
	return slices.Contains([]string{read.FormatTable, read.FormatCSV, read.FormatXLSX, read.FormatGenericode}, m.Format)
}

func (m *Mapping) errorAt(line int, format string, args ...any) error {
	return at(m.file, line, format, args...)
}

func (m *Mapping) prepare() error {
	if m.Template != "" {
		return m.prepareTemplate()
	}
	switch {
	case m.Source.Key == "" || m.Source.Title == "":
		return m.errorAt(0, "source: want a key and a title")
	case len(m.Key) == 0:
		return m.errorAt(0, "key: want what names a row")
	case len(m.Things)+len(m.Facts) == 0:
		return m.errorAt(0, "things: want at least one, or facts")
	}
	if m.Source.Date != "" {
		if _, err := ontology.ParsePartialDate(m.Source.Date); err != nil {
			return m.errorAt(0, "source: %s", rows.Reason(err))
		}
	}
	if err := m.Check(); err != nil {
		return m.errorAt(0, "%v", err)
	}
	if err := m.Key.prepare(m); err != nil {
		return err
	}
	if len(m.Key) == 1 && len(m.Key[0].Column) == 1 && m.isTable() {
		m.Required = append(m.Required, m.Key[0].Column[0])
	}
	for _, s := range m.Skip {
		if err := s.When.prepare(m); err != nil {
			return err
		}
	}
	names := map[string]bool{}
	for i := range m.Things {
		names[m.Things[i].As] = true
	}
	for i := range m.Things {
		if err := m.Things[i].prepare(m, names); err != nil {
			return err
		}
	}
	return prepareFacts(m, m.Facts, names)
}

func (t *thingRule) prepare(m *Mapping, names map[string]bool) error {
	line := t.Each.lineOr(0)
	switch {
	case t.As == "":
		return m.errorAt(line, "things: a thing needs a name (as)")
	case !ontology.IsThing(t.Kind):
		return m.errorAt(line, "things: %s: %q is no kind: %s", t.As, t.Kind, oneOf(string(t.Kind), texts(ontology.Kinds())))
	case len(t.Identifiers) == 0 && len(t.Names) == 0:
		return m.errorAt(line, "things: %s: want at least one identifier or name", t.As)
	}
	if err := prepareAll(m, t.ID, t.Each, t.Locator); err != nil {
		return err
	}
	if err := t.When.prepare(m); err != nil {
		return err
	}
	for _, keys := range [][]keyRule{t.Identifiers, t.Anchors} {
		for i := range keys {
			if err := keys[i].prepare(m); err != nil {
				return err
			}
		}
	}
	for _, n := range t.Names {
		if err := errors.Join(prepareAll(m, n.Each, n.From, n.Language), n.When.prepare(m)); err != nil {
			return err
		}
		probe := ontology.ThingClaim{Kind: t.Kind, Names: []ontology.Name{{Value: "x", Type: n.Type}}}
		if err := probe.Validate(); err != nil || n.From == nil {
			return m.errorAt(n.From.lineOr(line), "names: want from, and a type of name: %q: %s", n.Type, oneOf(n.Type, nameTypes()))
		}
	}
	for _, d := range t.Descriptions {
		if err := errors.Join(prepareAll(m, d.Each, d.From, d.Language), d.When.prepare(m)); err != nil {
			return err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(t.Properties)) {
		for _, p := range t.Properties[name] {
			if _, ok := ontology.PropertyOf(t.Kind, name); !ok || p.From == nil {
				return m.errorAt(p.From.lineOr(line), "properties: want a property of %s, and from: %q: %s", t.Kind, name, oneOf(name, propertyNames(t.Kind)))
			}
			if err := errors.Join(prepareAll(m, p.Each, p.From), p.When.prepare(m)); err != nil {
				return err
			}
		}
	}
	return prepareFacts(m, t.Facts, names)
}

func (k *keyRule) prepare(m *Mapping) error {
	line := k.From.lineOr(0)
	if k.Scheme == "" || strings.Contains(k.Scheme, ":") || k.From == nil {
		return m.errorAt(line, "want a scheme and from; the scheme is %q", k.Scheme)
	}
	if k.Kind != "" && !ontology.IsThing(k.Kind) {
		return m.errorAt(line, "%q is no kind: %s", k.Kind, oneOf(string(k.Kind), texts(ontology.Kinds())))
	}
	return errors.Join(prepareAll(m, k.Each, k.From), k.When.prepare(m))
}

func prepareFacts(m *Mapping, facts []factRule, names map[string]bool) error {
	for i := range facts {
		f := &facts[i]
		line := 0
		if f.Subject != nil {
			line = f.Subject.line
		}
		if _, ok := ontology.RelationOf(f.Relation); !ok {
			return m.errorAt(line, "%q is no relation: %s", f.Relation, oneOf(string(f.Relation), relationNames()))
		}
		if f.Subject == nil || f.Object == nil {
			return m.errorAt(line, "%s: want a subject and an object", f.Relation)
		}
		for _, end := range []*endRule{f.Subject, f.Object, f.Basis} {
			if err := end.prepare(m, names); err != nil {
				return err
			}
		}
		if err := errors.Join(prepareAll(m, f.Each, f.Role, f.From, f.To, f.AttestedOn, f.Locator, f.Quote), f.When.prepare(m)); err != nil {
			return err
		}
	}
	return nil
}

func prepareAll(m *Mapping, list ...*expression) error {
	for _, e := range list {
		if err := e.prepare(m); err != nil {
			return err
		}
	}
	return nil
}

func (e *expression) lineOr(line int) int {
	if e == nil {
		return line
	}
	return e.line
}
