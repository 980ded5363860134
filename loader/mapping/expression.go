package mapping

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"coopgraph/loader/rows"
	"coopgraph/ontology/text"
)

// expression says how texts are made of a row. Its steps, in their order:
// where the texts come from (one of value, column, path, text), then split, match, case,
// lookup, date and default. In YAML a plain text is a value.
type expression struct {
	// Value is a constant.
	Value string `yaml:"value"`
	// Column is a column of a table; of several the first that holds something.
	Column list `yaml:"column"`
	// Columns is a regular expression for the names of columns. Each that it
	// fits is an element of the keys name, match (the first group of the
	// expression) and value; as texts, the values.
	Columns string `yaml:"columns"`
	// Path are keys and list places parted by dots, from the present element;
	// "." is the element itself, "$.x" starts at the row. A key that holds dots
	// is put in double quotes; a key of a list is that of each of its elements.
	// Of several paths the first that leads to something counts.
	Path list `yaml:"path"`
	// Text is a template, in which {column} or {path} stands for its first
	// text. Where there is none the whole template gives nothing, unless the
	// name ends in a question mark.
	Text string `yaml:"text"`
	// Split parts each text.
	Split string `yaml:"split"`
	// Match is a regular expression (RE2): texts in which it finds nothing are
	// left out, the others become its first group, or stay whole where it has
	// none.
	Match string `yaml:"match"`
	// Case is lower, upper, fold: lower case without accents and punctuation,
	// as names are compared, or compact: letters and digits in upper case.
	Case string `yaml:"case"`
	// Lookup names a table of the mapping; texts that are not in it are left out.
	Lookup string `yaml:"lookup"`
	// Date is how a date is written: words out of YYYY, MM, M, DD, D and what
	// parts them, or ISO for what ISO 8601 has. Of several the first that fits
	// counts; a whole day in the form of ISO 8601 is read besides.
	Date list `yaml:"date"`
	// Default stands where nothing is left.
	Default string `yaml:"default"`

	line    int
	columns *regexp.Regexp
	paths   []path
	match   *regexp.Regexp
	lookup  func(string) (string, bool)
	layouts []string
	holes   []hole
}

// hole is a place in a template, and the constant text before it.
type hole struct {
	before string
	from   *expression
	// optional: the template goes on where there is no text.
	optional bool
}

// list is one text or several.
type list []string

// UnmarshalYAML reads either form.
func (l *list) UnmarshalYAML(n ast.Node) error {
	if n.Type() == ast.SequenceType {
		return decodeNode(n, (*[]string)(l))
	}
	var one string
	err := decodeNode(n, &one)
	*l = list{one}
	return err
}

// UnmarshalYAML reads an expression, or a constant.
func (e *expression) UnmarshalYAML(n ast.Node) error {
	if n.Type() == ast.MappingType || n.Type() == ast.MappingValueType {
		type plain expression
		if err := decodeNode(n, (*plain)(e)); err != nil {
			return err
		}
	} else if err := decodeNode(n, &e.Value); err != nil {
		return err
	}
	e.line = lineOf(n)
	return nil
}

// firstOf are expressions of which the first that gives a text counts. In YAML,
// one or a list.
type firstOf []expression

// UnmarshalYAML reads either form.
func (l *firstOf) UnmarshalYAML(n ast.Node) error {
	if n.Type() == ast.SequenceType {
		return decodeNode(n, (*[]expression)(l))
	}
	var one expression
	err := decodeNode(n, &one)
	*l = firstOf{one}
	return err
}

func (l firstOf) prepare(m *Mapping) error {
	for i := range l {
		if err := l[i].prepare(m); err != nil {
			return err
		}
	}
	return nil
}

func (l firstOf) first(s scope) (string, error) {
	for i := range l {
		if t, err := l[i].first(s); t != "" || err != nil {
			return t, err
		}
	}
	return "", nil
}

// prepare checks the expression and readies its parts.
func (e *expression) prepare(m *Mapping) error {
	if e == nil {
		return nil
	}
	if err := e.prepareOrigin(m); err != nil {
		return err
	}
	var err error
	if e.Match != "" {
		if e.match, err = regexp.Compile(e.Match); err != nil {
			return m.errorAt(e.line, "match: %v", err)
		}
	}
	if e.Case != "" && !slices.Contains(cases(), e.Case) {
		return m.errorAt(e.line, "case %q: %s", e.Case, oneOf(e.Case, cases()))
	}
	if e.Lookup != "" {
		if e.lookup = m.table(e.Lookup); e.lookup == nil {
			return m.errorAt(e.line, "there is no lookup %q: %s", e.Lookup, oneOf(e.Lookup, m.tables()))
		}
	}
	if e.layouts, err = layoutsOf(e.Date); err != nil {
		return m.errorAt(e.line, "%s", rows.Reason(err))
	}
	return e.prepareText(m)
}

// standsIn says which columns or paths the texts come from, "" where it is none.
func (e *expression) standsIn() string {
	switch {
	case e == nil:
		return ""
	case len(e.Column) > 0:
		return strings.Join(e.Column, " or ")
	}
	return strings.Join(e.Path, " or ")
}

// cases are what Case takes.
func cases() []string { return []string{"lower", "upper", "fold", "compact"} }

func (e *expression) prepareOrigin(m *Mapping) error {
	origins := 0
	for _, given := range []bool{e.Value != "", len(e.Column) > 0, e.Columns != "", len(e.Path) > 0, e.Text != ""} {
		if given {
			origins++
		}
	}
	if origins != 1 {
		return m.errorAt(e.line, "want one of value, column, columns, path and text")
	}
	for _, c := range e.Column {
		if c == "" {
			return m.errorAt(e.line, "column: the name is empty")
		}
		m.columns[c] = true
	}
	for _, p := range e.Path {
		parsed, err := parsePath(p)
		if err != nil {
			return m.errorAt(e.line, "%s", rows.Reason(err))
		}
		e.paths = append(e.paths, parsed)
	}
	if e.Columns != "" {
		var err error
		if e.columns, err = regexp.Compile(e.Columns); err != nil {
			return m.errorAt(e.line, "columns: %v", err)
		}
	}
	return nil
}

func (e *expression) prepareText(m *Mapping) error {
	rest := e.Text
	for rest != "" {
		before, after, found := strings.Cut(rest, "{")
		name, tail, closed := strings.Cut(after, "}")
		if found && !closed {
			return m.errorAt(e.line, "text: a { is not closed")
		}
		h := hole{before: before}
		if found {
			name, h.optional = strings.CutSuffix(name, "?")
			h.from = &expression{Column: list{name}, line: e.line}
			if !m.isTable() {
				h.from = &expression{Path: list{name}, line: e.line}
			}
			if err := h.from.prepare(m); err != nil {
				return err
			}
		}
		e.holes = append(e.holes, h)
		rest = tail
	}
	return nil
}

// scope is where an expression is evaluated: the row, and the element of it
// that is being looked at.
type scope struct {
	row     map[string]any
	element any
}

// texts evaluates the expression: the texts that are not blank, trimmed.
func (e *expression) texts(s scope) ([]string, error) {
	if e == nil {
		return nil, nil
	}
	var out []string
	for _, t := range e.origin(s) {
		parts := []string{t}
		if e.Split != "" {
			parts = strings.Split(t, e.Split)
		}
		for _, p := range parts {
			p, ok, err := e.refine(strings.TrimSpace(p))
			if err != nil {
				return nil, err
			}
			if ok && p != "" {
				out = append(out, p)
			}
		}
	}
	if len(out) == 0 && e.Default != "" {
		out = []string{e.Default}
	}
	return out, nil
}

func (e *expression) refine(t string) (string, bool, error) {
	if t == "" {
		return "", false, nil
	}
	if e.match != nil {
		groups := e.match.FindStringSubmatch(t)
		if groups == nil {
			return "", false, nil
		}
		if len(groups) > 1 {
			t = groups[1]
		}
	}
	switch e.Case {
	case "lower":
		t = strings.ToLower(t)
	case "upper":
		t = strings.ToUpper(t)
	case "fold":
		t = text.NameKey(t)
	case "compact":
		t = compact(t)
	}
	if e.lookup != nil {
		v, ok := e.lookup(t)
		if !ok {
			return "", false, nil
		}
		t = v
	}
	if len(e.layouts) > 0 {
		d, err := readDate(t, e.layouts, e.Date)
		return d, true, err
	}
	return t, true, nil
}

// first is the first text, "" for none.
func (e *expression) first(s scope) (string, error) {
	texts, err := e.texts(s)
	if err != nil || len(texts) == 0 {
		return "", err
	}
	return texts[0], nil
}

func (e *expression) origin(s scope) []string {
	switch {
	case e.Value != "":
		return []string{e.Value}
	case len(e.Column) > 0:
		for _, c := range e.Column {
			if texts := plain(s.row[c]); hasText(texts) {
				return texts
			}
		}
		return nil
	case e.Text != "":
		return e.fill(s)
	}
	if e.columns != nil {
		var out []string
		for _, c := range e.fittingColumns(s) {
			out = append(out, plain(walk(c, []string{"value"}))...)
		}
		return out
	}
	for _, v := range e.elements(s) {
		if texts := plain(v); len(texts) > 0 {
			return texts
		}
	}
	return nil
}

func hasText(texts []string) bool {
	return slices.ContainsFunc(texts, func(t string) bool { return strings.TrimSpace(t) != "" })
}

// fittingColumns gives the columns whose names Columns fits and that hold
// something, in the order of their names.
func (e *expression) fittingColumns(s scope) []any {
	var out []any
	for _, name := range slices.Sorted(maps.Keys(s.row)) {
		groups := e.columns.FindStringSubmatch(name)
		if groups == nil || !hasText(plain(s.row[name])) {
			continue
		}
		column := map[string]any{"name": name, "value": s.row[name]}
		if len(groups) > 1 {
			column["match"] = groups[1]
		}
		out = append(out, column)
	}
	return out
}

// elements gives what each path leads to.
func (e *expression) elements(s scope) []any {
	if e.columns != nil {
		return e.fittingColumns(s)
	}
	var out []any
	for _, p := range e.paths {
		if v := p.follow(s); v != nil {
			out = append(out, v)
		}
	}
	return out
}

// fill gives the template's text, nothing where a hole has none.
func (e *expression) fill(s scope) []string {
	var b strings.Builder
	for _, h := range e.holes {
		b.WriteString(h.before)
		if h.from == nil {
			continue
		}
		texts := h.from.origin(s)
		if len(texts) == 0 || strings.TrimSpace(texts[0]) == "" {
			if h.optional {
				continue
			}
			return nil
		}
		b.WriteString(strings.TrimSpace(texts[0]))
	}
	return []string{b.String()}
}

// plain gives the texts of a value: of a list, those of its elements.
func plain(v any) []string {
	switch v := v.(type) {
	case string:
		if v != "" {
			return []string{v}
		}
	case json.Number:
		return []string{v.String()}
	case bool:
		return []string{fmt.Sprint(v)}
	case []any:
		var out []string
		for _, x := range v {
			out = append(out, plain(x)...)
		}
		return out
	}
	return nil
}
