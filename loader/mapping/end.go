package mapping

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"coopgraph/ontology"
	"coopgraph/ontology/text"
	"coopgraph/store"
)

// endRule names an end of a fact: "#name" of a thing of the row, or whoever
// bears an id, an identifier or a name. Of several ways the first that the row
// fills in counts.
type endRule struct {
	endFields
	own  string
	ways []endRule
	line int
}

// endFields are an end's fields: one of ID, Name, and Scheme with From.
type endFields struct {
	Scheme string      `yaml:"scheme"`
	Kind   store.Kind  `yaml:"kind"`
	Each   *expression `yaml:"each"`
	When   conditions  `yaml:"when"`
	From   *expression `yaml:"from"`
	// ID is the id of a thing in the graph, where the text is one.
	ID *expression `yaml:"id"`
	// Name is the name of a thing of the kind: it is found where exactly one
	// bears it.
	Name *expression `yaml:"name"`
}

// UnmarshalYAML reads every form.
func (e *endRule) UnmarshalYAML(n ast.Node) error {
	e.line = lineOf(n)
	switch n.Type() {
	case ast.MappingType, ast.MappingValueType:
		return decodeNode(n, &e.endFields)
	case ast.SequenceType:
		return decodeNode(n, &e.ways)
	default:
		return decodeNode(n, &e.own)
	}
}

func (e *endRule) prepare(m *Mapping, names map[string]bool) error {
	if e == nil {
		return nil
	}
	for i := range e.ways {
		if err := e.ways[i].prepare(m, names); err != nil {
			return err
		}
	}
	if len(e.ways) > 0 {
		return nil
	}
	if e.own == "" {
		return e.prepareFields(m)
	}
	name, ok := strings.CutPrefix(e.own, "#")
	if !ok || !names[name] {
		return m.errorAt(e.line, "%q names no thing of the row: want # and the name of one: %s", e.own, oneOf(name, slices.Sorted(maps.Keys(names))))
	}
	e.own = name
	return nil
}

func (e *endRule) prepareFields(m *Mapping) error {
	switch {
	case e.ID == nil && e.Name == nil:
		k := keyRule{Scheme: e.Scheme, Kind: e.Kind, Each: e.Each, When: e.When, From: e.From}
		return k.prepare(m)
	case e.ID != nil && e.Name != nil, e.Scheme != "", e.From != nil:
		return m.errorAt(e.line, "want one of id, name, and scheme with from")
	case e.Name != nil && e.Kind == "":
		return m.errorAt(e.line, "name: want the kind of what bears it")
	case e.Kind != "" && !ontology.IsThing(e.Kind):
		return m.errorAt(e.line, "%q is no kind: %s", e.Kind, oneOf(string(e.Kind), texts(ontology.Kinds())))
	}
	return errors.Join(prepareAll(m, e.Each, e.ID, e.Name), e.When.prepare(m))
}

// refs gives what the end names in the scope.
func (e *endRule) refs(s scope) ([]ontology.Ref, error) {
	var refs []ontology.Ref
	err := each(e.Each, s, e.When, func(s scope) error {
		from := e.From
		if e.ID != nil {
			from = e.ID
		} else if e.Name != nil {
			from = e.Name
		}
		values, err := from.texts(s)
		for _, v := range values {
			switch key := text.NameKey(v); {
			case e.ID != nil && ontology.IsID(v):
				refs = append(refs, ontology.Ref{ID: store.ID(v), Kind: e.Kind})
			case e.ID != nil, e.Name != nil && key == "":
			case e.Name != nil:
				refs = append(refs, ontology.Ref{Kind: e.Kind, Key: ontology.NameScheme + ":" + key})
			default:
				refs = append(refs, ontology.Ref{Kind: e.Kind, Key: e.Scheme + ":" + v})
			}
		}
		return err
	})
	return refs, err
}

func (c *claims) ends(e *endRule, s scope) ([]ontology.Ref, error) {
	if e == nil {
		return nil, nil
	}
	var refs []ontology.Ref
	if e.own != "" {
		for _, place := range c.made[e.own] {
			refs = append(refs, ontology.Ref{Key: fmt.Sprintf("#%d", place)})
		}
		return refs, nil
	}
	if len(e.ways) == 0 {
		return e.refs(s)
	}
	for i := range e.ways {
		refs, err := c.ends(&e.ways[i], s)
		if len(refs) > 0 || err != nil {
			return refs, err
		}
	}
	return nil, nil
}
