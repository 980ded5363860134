package mapping

import (
	"slices"

	"github.com/goccy/go-yaml/ast"
)

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
