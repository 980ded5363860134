package mapping

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"

	"coopgraph/loader/rows"
	"coopgraph/ontology"
)

// expression says how texts are made of a row. Its steps, in their order:
// where the texts come from (one of value, column, path, text), then split, match, case,
// lookup, date and default. In YAML a plain text is a value.
type expression struct {
	// Value is a constant.
	Value string `yaml:"value"`
	// Column is a column of a table.
	Column string `yaml:"column"`
	// Path are keys and list places parted by dots, from the present element;
	// "." is the element itself, "$.x" starts at the row. Of several paths the
	// first that leads to something counts.
	Path list `yaml:"path"`
	// Text is a template, in which {column} or {path} stands for its first text.
	Text string `yaml:"text"`
	// Split parts each text.
	Split string `yaml:"split"`
	// Match is a regular expression (RE2): texts in which it finds nothing are
	// left out, the others become its first group, or stay whole where it has
	// none.
	Match string `yaml:"match"`
	// Case is lower or upper.
	Case string `yaml:"case"`
	// Lookup names a table of the mapping; texts that are not in it are left out.
	Lookup string `yaml:"lookup"`
	// Date is how a date is written: words out of YYYY, MM, DD and what parts
	// them. Of several the first that fits counts.
	Date list `yaml:"date"`
	// Default stands where nothing is left.
	Default string `yaml:"default"`

	line    int
	match   *regexp.Regexp
	lookup  map[string]string
	layouts []string
	holes   []hole
}

// hole is a place in a template, and the constant text before it.
type hole struct {
	before string
	from   *expression
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

// prepare checks the expression and readies its parts.
func (e *expression) prepare(m *Mapping) error {
	if e == nil {
		return nil
	}
	origins := 0
	for _, given := range []bool{e.Value != "", e.Column != "", len(e.Path) > 0, e.Text != ""} {
		if given {
			origins++
		}
	}
	if origins != 1 {
		return m.errorAt(e.line, "want one of value, column, path and text")
	}
	var err error
	if e.Match != "" {
		if e.match, err = regexp.Compile(e.Match); err != nil {
			return m.errorAt(e.line, "match: %v", err)
		}
	}
	if e.Case != "" && e.Case != "lower" && e.Case != "upper" {
		return m.errorAt(e.line, "case %q: want lower or upper", e.Case)
	}
	if e.Lookup != "" {
		var ok bool
		if e.lookup, ok = m.Lookups[e.Lookup]; !ok {
			return m.errorAt(e.line, "there is no lookup %q; there are %s", e.Lookup, strings.Join(slices.Sorted(maps.Keys(m.Lookups)), ", "))
		}
	}
	for _, d := range e.Date {
		layout := strings.NewReplacer("YYYY", "2006", "MM", "01", "DD", "02").Replace(d)
		if !strings.Contains(layout, "2006") {
			return m.errorAt(e.line, "date %q: want YYYY, MM and DD, YYYY at least", d)
		}
		e.layouts = append(e.layouts, layout)
	}
	if e.Column != "" {
		m.columns[e.Column] = true
	}
	return e.prepareText(m)
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
			h.from = &expression{Column: name, line: e.line}
			if m.Format != "csv" {
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
	}
	if e.lookup != nil {
		v, ok := e.lookup[t]
		if !ok {
			return "", false, nil
		}
		t = v
	}
	if len(e.layouts) > 0 {
		d, err := e.date(t)
		return d, true, err
	}
	return t, true, nil
}

// date reads a text as a partial date.
func (e *expression) date(t string) (string, error) {
	for _, layout := range e.layouts {
		day, err := time.Parse(layout, t)
		if err != nil {
			continue
		}
		form := "2006"
		if strings.Contains(layout, "01") {
			form = "2006-01"
			if strings.Contains(layout, "02") {
				form = "2006-01-02"
			}
		}
		d, err := ontology.ParsePartialDate(day.Format(form))
		return string(d), err
	}
	return "", rows.BadRow("%.40q is no date of the form %s", t, strings.Join(e.Date, " or "))
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
	case e.Column != "":
		return plain(s.row[e.Column])
	case e.Text != "":
		return e.fill(s)
	}
	for _, v := range e.elements(s) {
		if texts := plain(v); len(texts) > 0 {
			return texts
		}
	}
	return nil
}

// elements gives what each path leads to.
func (e *expression) elements(s scope) []any {
	var out []any
	for _, p := range e.Path {
		if v := follow(s, p); v != nil {
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
			return nil
		}
		b.WriteString(strings.TrimSpace(texts[0]))
	}
	return []string{b.String()}
}

// follow walks a path.
func follow(s scope, path string) any {
	v := s.element
	if rest, ok := strings.CutPrefix(path, "$."); ok {
		v, path = any(s.row), rest
	}
	if path == "." {
		return v
	}
	for key := range strings.SplitSeq(path, ".") {
		switch x := v.(type) {
		case map[string]any:
			v = x[key]
		case []any:
			i, err := place(key, len(x))
			if err != nil {
				return nil
			}
			v = x[i]
		default:
			return nil
		}
	}
	return v
}

var errPlace = errors.New("no such place")

func place(key string, n int) (int, error) {
	i := 0
	if _, err := fmt.Sscanf(key, "%d", &i); err != nil || i < 0 || i >= n {
		return 0, errPlace
	}
	return i, nil
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

// condition holds where the texts of its expression are as it says.
type condition struct {
	expression
	// Any holds where one of the texts is among these; None where none is.
	Any  list `yaml:"any"`
	None list `yaml:"none"`
	// Present holds where there is a text, or, false, where there is none. It
	// may be left out beside match.
	Present *bool `yaml:"present"`
	// Differs holds where no text is one of the other expression's.
	Differs *expression `yaml:"differs"`
}

// UnmarshalYAML reads the condition's own fields beside the expression's.
func (c *condition) UnmarshalYAML(n ast.Node) error {
	type plain expression
	var flat struct {
		Plain   plain       `yaml:",inline"`
		Any     list        `yaml:"any"`
		None    list        `yaml:"none"`
		Present *bool       `yaml:"present"`
		Differs *expression `yaml:"differs"`
	}
	if err := decodeNode(n, &flat); err != nil {
		return err
	}
	*c = condition{expression(flat.Plain), flat.Any, flat.None, flat.Present, flat.Differs}
	c.line = lineOf(n)
	return nil
}

func (c *condition) prepare(m *Mapping) error {
	tests := 0
	for _, given := range []bool{c.Any != nil, c.None != nil, c.Present != nil, c.Differs != nil} {
		if given {
			tests++
		}
	}
	if tests == 0 && c.Match != "" {
		present := true
		c.Present, tests = &present, 1
	}
	if tests != 1 {
		return m.errorAt(c.line, "a condition wants one of any, none, present and differs")
	}
	if c.Differs != nil {
		if err := c.Differs.prepare(m); err != nil {
			return err
		}
	}
	return c.expression.prepare(m)
}

func (c *condition) holds(s scope) (bool, error) {
	texts, err := c.texts(s)
	if err != nil {
		return false, err
	}
	among := func(set []string) bool {
		return slices.ContainsFunc(texts, func(t string) bool { return slices.Contains(set, t) })
	}
	switch {
	case c.Any != nil:
		return among(c.Any), nil
	case c.None != nil:
		return !among(c.None), nil
	case c.Present != nil:
		return *c.Present == (len(texts) > 0), nil
	}
	other, err := c.Differs.texts(s)
	return !among(other), err
}

// conditions hold where each one does. In YAML, one condition or a list.
type conditions []condition

// UnmarshalYAML reads either form.
func (c *conditions) UnmarshalYAML(n ast.Node) error {
	if n.Type() == ast.SequenceType {
		return decodeNode(n, (*[]condition)(c))
	}
	var one condition
	err := decodeNode(n, &one)
	*c = conditions{one}
	return err
}

func (c conditions) prepare(m *Mapping) error {
	for i := range c {
		if err := c[i].prepare(m); err != nil {
			return err
		}
	}
	return nil
}

func (c conditions) hold(s scope) (bool, error) {
	for i := range c {
		ok, err := c[i].holds(s)
		if !ok || err != nil {
			return false, err
		}
	}
	return true, nil
}
