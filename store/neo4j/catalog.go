package neo4j

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"coopgraph/store"
)

// The labels that the adapter gives besides kinds, and the types and
// properties that it keeps for itself. A declared identifier starts with a
// letter, so none can be equal to those that start with an underscore.
const (
	thing       = "Thing"
	internal    = "Internal"
	bookkeeping = "Bookkeeping"

	textHash     = "_text"
	keysProp     = "_keys"
	absentPrefix = "_no_"
)

var reservedLabels = []string{
	thing, internal, bookkeeping, "LookupKey", "SearchText", "SearchWord", "Migration", "Writer", "TestSuite",
}

var reservedProps = []string{"id", "version"}

// catalog is the schema in the forms in which statements need it. Its quoted
// names are the only text that is ever spliced into a statement.
type catalog struct {
	schema store.Schema
	kinds  map[store.Kind]store.KindDef
	rels   map[store.Rel]string
	// nodeProps are the properties of all kinds: a name has one type.
	nodeProps map[string]store.Prop
	edgeProps map[string]store.Prop
	// orders are the declared EdgeOrders.
	orders map[store.EdgeOrder]bool
	// anyRel is the disjunction of all relations.
	anyRel string
	// public is every kind that is not internal, in the schema's order.
	public []store.Kind
}

// ident quotes a name of the schema for use in a statement.
func ident[T ~string](name T) string { return "`" + string(name) + "`" }

func newCatalog(s store.Schema) (*catalog, error) {
	if err := s.Check(); err != nil {
		return nil, err
	}
	c := &catalog{
		schema: s, kinds: map[store.Kind]store.KindDef{}, rels: map[store.Rel]string{},
		nodeProps: map[string]store.Prop{}, edgeProps: map[string]store.Prop{}, orders: map[store.EdgeOrder]bool{},
	}
	for _, k := range s.Kinds {
		if slices.Contains(reservedLabels, string(k.Kind)) {
			return nil, fmt.Errorf("%w: kind %q is the adapter's own label", store.ErrInvalid, k.Kind)
		}
		c.kinds[k.Kind] = k
		if !k.Internal {
			c.public = append(c.public, k.Kind)
		}
		for _, p := range k.Props {
			if err := checkProp(p); err != nil {
				return nil, err
			}
			q, ok := c.nodeProps[p.Name]
			if ok && q.Type != p.Type {
				return nil, fmt.Errorf("%w: property %q is declared with two types", store.ErrInvalid, p.Name)
			}
			p.Lookup, p.Sort, p.Walk = p.Lookup || q.Lookup, p.Sort || q.Sort, p.Walk || q.Walk
			c.nodeProps[p.Name] = p
		}
	}
	for _, p := range s.EdgeProps {
		if err := checkProp(p); err != nil {
			return nil, err
		}
		c.edgeProps[p.Name] = p
	}
	var types []string
	for _, r := range s.Rels {
		c.rels[r] = ident(r)
		types = append(types, ident(r))
	}
	c.anyRel = strings.Join(types, "|")
	for _, o := range s.EdgeOrders {
		c.orders[o] = true
	}
	return c, nil
}

func checkProp(p store.Prop) error {
	if slices.Contains(reservedProps, p.Name) {
		return fmt.Errorf("%w: property %q is the adapter's own", store.ErrInvalid, p.Name)
	}
	if p.Sort && p.Type != store.String && p.Type != store.Time {
		return fmt.Errorf("%w: property %q cannot be sorted by", store.ErrInvalid, p.Name)
	}
	return nil
}

// kind gives the declaration of a kind that a question or change names.
func (c *catalog) kind(k store.Kind) (store.KindDef, error) {
	d, ok := c.kinds[k]
	if !ok {
		return d, fmt.Errorf("%w: kind %q is not declared", store.ErrInvalid, k)
	}
	return d, nil
}

// kindsOf gives the declarations of the kinds named, each once.
func (c *catalog) kindsOf(kinds []store.Kind) ([]store.KindDef, error) {
	var defs []store.KindDef
	seen := map[store.Kind]bool{}
	for _, k := range kinds {
		d, err := c.kind(k)
		if err != nil {
			return nil, err
		}
		if !seen[k] {
			seen[k] = true
			defs = append(defs, d)
		}
	}
	return defs, nil
}

// labels is the disjunction of kinds as a label expression.
func labels(kinds []store.KindDef) string {
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = ident(k.Kind)
	}
	return strings.Join(names, "|")
}

// labelsOf are the labels of a node of the kind.
func labelsOf(d store.KindDef) []string {
	if d.Internal {
		return []string{string(d.Kind), internal}
	}
	return []string{string(d.Kind), thing}
}

// kindAmong finds the kind among a node's labels.
func (c *catalog) kindAmong(labels []any) store.Kind {
	for _, l := range labels {
		name, _ := l.(string)
		if _, ok := c.kinds[store.Kind(name)]; ok {
			return store.Kind(name)
		}
	}
	return ""
}

// relsOf gives the relations named, each once, all where none is named.
func (c *catalog) relsOf(rels []store.Rel) ([]store.Rel, error) {
	if len(rels) == 0 {
		return c.schema.Rels, nil
	}
	var out []store.Rel
	for _, r := range rels {
		if _, ok := c.rels[r]; !ok {
			return nil, fmt.Errorf("%w: relation %q is not declared", store.ErrInvalid, r)
		}
		if !slices.Contains(out, r) {
			out = append(out, r)
		}
	}
	return out, nil
}

// types is the disjunction of relations as a type expression.
func (c *catalog) types(rels []store.Rel) string {
	if len(rels) == len(c.schema.Rels) {
		return c.anyRel
	}
	names := make([]string, len(rels))
	for i, r := range rels {
		names[i] = c.rels[r]
	}
	return strings.Join(names, "|")
}

// edgeProp says which declared property of edges a name means.
func (c *catalog) edgeProp(name string) (store.Prop, error) {
	p, ok := c.edgeProps[name]
	if !ok {
		return p, fmt.Errorf("%w: edges have no property %q", store.ErrInvalid, name)
	}
	return p, nil
}

// nodeProp gives a function that finds the property that a name means on
// nodes of these kinds, of any kind where none is given.
func (c *catalog) nodeProp(kinds []store.KindDef) func(string) (store.Prop, error) {
	return func(name string) (store.Prop, error) {
		for _, k := range kinds {
			if p, ok := k.Prop(name); ok {
				return p, nil
			}
		}
		if p, ok := c.nodeProps[name]; ok && len(kinds) == 0 {
			return p, nil
		}
		return store.Prop{}, fmt.Errorf("%w: nodes have no property %q", store.ErrInvalid, name)
	}
}

// projection is what a question wants of an item's properties: every one, or
// those named.
type projection struct {
	all   bool
	names []string
	// walk are the names that were not asked for: an item has them where its
	// kind marks them Walk.
	walk map[string]bool
}

// project checks the names a question asks for and adds those that every hop
// carries (walk).
func project(names []string, walk map[string]store.Prop, find func(string) (store.Prop, error)) (projection, error) {
	if len(names) == 1 && names[0] == store.All {
		return projection{all: true}, nil
	}
	p := projection{walk: map[string]bool{}}
	set := map[string]bool{}
	for _, n := range names {
		if _, err := find(n); err != nil {
			return projection{}, err
		}
		set[n] = true
	}
	for n, d := range walk {
		if d.Walk && !set[n] {
			set[n], p.walk[n] = true, true
		}
	}
	p.names = slices.Sorted(maps.Keys(set))
	return p, nil
}

// of leaves out what a node's kind does not mark Walk.
func (p projection) of(kind store.KindDef, props store.Props) store.Props {
	for n := range p.walk {
		if d, ok := kind.Prop(n); !ok || !d.Walk {
			delete(props, n)
		}
	}
	return props
}

// expr is the projection of variable v: a map of all properties, or a list of
// values in the order of the names.
func (p projection) expr(v string) string {
	if p.all {
		return "properties(" + v + ")"
	}
	values := make([]string, len(p.names))
	for i, n := range p.names {
		values[i] = v + "." + ident(n)
	}
	return "[" + strings.Join(values, ", ") + "]"
}

// read turns the value of expr into properties.
func (p projection) read(v any) (store.Props, error) {
	if p.all {
		return propsOf(v)
	}
	values, err := list(v)
	if err != nil {
		return nil, err
	}
	if len(values) != len(p.names) {
		return nil, unexpected("projection", v)
	}
	props := store.Props{}
	for i, n := range p.names {
		if values[i] != nil {
			if props[n], err = fromCypher(values[i]); err != nil {
				return nil, err
			}
		}
	}
	return props, nil
}
