package store

import (
	"fmt"
	"regexp"
	"time"
)

// Type is the type of a property's values.
type Type int8

const (
	// String values are UTF-8 text.
	String Type = iota
	// Int values are int64.
	Int
	// Float values are float64.
	Float
	// Bool values are bool.
	Bool
	// Time values are time.Time in UTC, to the microsecond.
	Time
	// Strings values are []string.
	Strings
)

// Prop declares a property.
type Prop struct {
	Name string
	Type Type
	// Lookup: Filter finds it by equality (of any element) through an index.
	Lookup bool
	// Sort: Find, Edges and Step may order by it; String or Time.
	Sort bool
	// Walk: every hop carries it, asked for or not.
	Walk bool
}

// KindDef declares a kind of node.
type KindDef struct {
	Kind Kind
	// Internal kinds hold records about things. They are never found unless
	// named, and never by Search, Path or Neighbourhood.
	Internal bool
	Props    []Prop
}

// Schema is what an adapter must know of the graph it holds.
type Schema struct {
	Kinds []KindDef
	Rels  []Rel
	// EdgeProps are the properties of every relation's edges.
	EdgeProps []Prop
	// EdgeOrders are the orders that steps use.
	EdgeOrders []EdgeOrder
	// Text names the token fields of the search index. The first holds the
	// plain words that Words draws from.
	Text []string
	// Analysis is the version of the code that makes the tokens.
	Analysis int
}

var identifier = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{0,62}$`)

// Check reports, wrapping ErrInvalid, the first name in the schema that is not
// a plain identifier or is declared twice. Adapters splice these names, and
// nothing else, into statements, so they must call it when they open.
func (s Schema) Check() error {
	seen := map[string]bool{}
	name := func(what, n string) error {
		if !identifier.MatchString(n) {
			return fmt.Errorf("%w: %s %q is not an identifier", ErrInvalid, what, n)
		}
		if seen[what+n] {
			return fmt.Errorf("%w: %s %q is declared twice", ErrInvalid, what, n)
		}
		seen[what+n] = true
		return nil
	}
	for _, k := range s.Kinds {
		if err := name("kind", string(k.Kind)); err != nil {
			return err
		}
		for _, p := range k.Props {
			if err := name("property of "+string(k.Kind), p.Name); err != nil {
				return err
			}
		}
	}
	for _, r := range s.Rels {
		if err := name("relation", string(r)); err != nil {
			return err
		}
	}
	for _, p := range s.EdgeProps {
		if err := name("edge property", p.Name); err != nil {
			return err
		}
	}
	for _, f := range s.Text {
		if err := name("text field", f); err != nil {
			return err
		}
	}
	return nil
}

// Kind gives the declaration of a kind.
func (s Schema) Kind(k Kind) (KindDef, bool) {
	for _, d := range s.Kinds {
		if d.Kind == k {
			return d, true
		}
	}
	return KindDef{}, false
}

// Prop gives the declaration of a property of the kind.
func (d KindDef) Prop(name string) (Prop, bool) { return propNamed(d.Props, name) }

// EdgeProp gives the declaration of a property of edges.
func (s Schema) EdgeProp(name string) (Prop, bool) { return propNamed(s.EdgeProps, name) }

func propNamed(props []Prop, name string) (Prop, bool) {
	for _, p := range props {
		if p.Name == name {
			return p, true
		}
	}
	return Prop{}, false
}

// CheckProps reports, wrapping ErrInvalid, the first property that is not
// declared or whose value is not of the declared type.
func CheckProps(props Props, declared []Prop) error {
	for name, v := range props {
		p, ok := propNamed(declared, name)
		if !ok {
			return fmt.Errorf("%w: property %q is not declared", ErrInvalid, name)
		}
		if !p.Type.holds(v) {
			return fmt.Errorf("%w: property %q holds a %T", ErrInvalid, name, v)
		}
	}
	return nil
}

func (t Type) holds(v any) bool {
	switch v := v.(type) {
	case string:
		return t == String
	case int64:
		return t == Int
	case float64:
		return t == Float
	case bool:
		return t == Bool
	case time.Time:
		return t == Time
	case []string:
		return t == Strings && len(v) > 0
	}
	return false
}
