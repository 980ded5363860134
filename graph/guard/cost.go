package guard

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// Costs say what a schema's fields weigh, as far as the schema does not. See the
// package documentation for the formula. [CheckCosts] holds them against a schema.
type Costs struct {
	// Lists is how many things a list field without an argument `first` is taken to
	// return, by "Type.field", or by "field" for every type. The resolvers bound what
	// these fields return.
	Lists map[string]int
	// List is the number for a list that Lists does not name.
	List int
	// Page is the page size of a field whose `first` is neither given nor has a
	// default in the schema.
	Page int
	// Protected is what a protected field with a selection costs instead of 1.
	Protected int
	// IsProtected says whether a field leads to protected data; nil protects none.
	IsProtected func(parent *ast.Definition, field *ast.FieldDefinition) bool
}

// DefaultCosts returns the numbers the server starts from, without a protected field
// or a list that is named.
func DefaultCosts() Costs {
	return Costs{List: 3, Page: 20, Protected: 10}
}

// CheckCosts returns an error for each list of objects in the schema whose length
// nothing bounds: it has no argument `first` or `ids`, is not the `edges` or `nodes`
// of a connection, and is not in Lists. It also reports a connection field without
// `first`, and entries of Lists that name no such field or no positive number.
func CheckCosts(schema *ast.Schema, costs Costs) error {
	var errs []error
	used := map[string]bool{}
	for _, name := range typeNames(schema) {
		parent := schema.Types[name]
		for _, field := range parent.Fields {
			key, bounded := costs.bound(schema, parent, field)
			used[key] = true
			if !bounded {
				errs = append(errs, fmt.Errorf("%s.%s: %s has no cost multiplier", name, field.Name, field.Type))
			}
		}
	}
	for _, key := range sortedKeys(costs.Lists) {
		switch {
		case !used[key]:
			errs = append(errs, fmt.Errorf("%s: no list field of this name needs a cost multiplier", key))
		case costs.Lists[key] < 1:
			errs = append(errs, fmt.Errorf("%s: the cost multiplier is not positive", key))
		}
	}
	return errors.Join(errs...)
}

// bound says whether the length of what a field returns is bounded, and by which
// entry of Lists, if by one.
func (c Costs) bound(schema *ast.Schema, parent *ast.Definition, field *ast.FieldDefinition) (string, bool) {
	target := schema.Types[field.Type.Name()]
	if strings.HasPrefix(field.Name, "__") || target == nil || !target.IsCompositeType() {
		return "", true
	}
	paged := field.Arguments.ForName("first") != nil
	if field.Type.Elem == nil {
		return "", paged || !isConnection(target)
	}
	if paged || isItems(parent, field) || field.Arguments.ForName("ids") != nil {
		return "", true
	}
	for _, key := range []string{parent.Name + "." + field.Name, field.Name} {
		if _, ok := c.Lists[key]; ok {
			return key, true
		}
	}
	return "", false
}

func typeNames(schema *ast.Schema) []string {
	var names []string
	for name, def := range schema.Types {
		if (def.Kind == ast.Object || def.Kind == ast.Interface) && !strings.HasPrefix(name, "__") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func sortedKeys(m map[string]int) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// isConnection says whether a type is a page of things (Relay Cursor Connections).
func isConnection(def *ast.Definition) bool {
	return def != nil && (strings.HasSuffix(def.Name, "Connection") || def.Fields.ForName("pageInfo") != nil)
}

// isItems says whether a field holds the things of a page.
func isItems(parent *ast.Definition, field *ast.FieldDefinition) bool {
	return (field.Name == "edges" || field.Name == "nodes") && isConnection(parent)
}

// pricer computes the cost of one operation for one request.
type pricer struct {
	schema    *ast.Schema
	costs     Costs
	fragments map[string]*ast.FragmentDefinition
	operation *ast.OperationDefinition
	variables map[string]any
	known     map[pricedFragment]int
}

// pricedFragment is a fragment where it stands: one on a connection costs as much as
// the page of the field it was spread below.
type pricedFragment struct {
	name string
	page int
}

// set prices a selection set. The page is that of the connection the set selects from.
func (p *pricer) set(selections ast.SelectionSet, parent *ast.Definition, page int) int {
	sum := 0
	for _, selection := range selections {
		switch it := selection.(type) {
		case *ast.Field:
			sum = add(sum, p.field(it, parent, page))
		case *ast.InlineFragment:
			narrowed := parent
			if it.TypeCondition != "" {
				narrowed = p.schema.Types[it.TypeCondition]
			}
			sum = add(sum, p.set(it.SelectionSet, narrowed, page))
		case *ast.FragmentSpread:
			sum = add(sum, p.fragment(it.Name, page))
		}
	}
	return sum
}

// fragment prices a fragment once for each page size it stands under. A cycle, which
// validation refuses, ends where it closes.
func (p *pricer) fragment(name string, page int) int {
	at := pricedFragment{name, page}
	if cost, ok := p.known[at]; ok {
		return cost
	}
	f := p.fragments[name]
	if f == nil {
		return 0
	}
	p.known[at] = 0
	cost := p.set(f.SelectionSet, p.schema.Types[f.TypeCondition], page)
	p.known[at] = cost
	return cost
}

func (p *pricer) field(f *ast.Field, parent *ast.Definition, page int) int {
	if len(f.SelectionSet) == 0 {
		return 0
	}
	var def *ast.FieldDefinition
	if parent != nil {
		def = parent.Fields.ForName(f.Name)
	}
	if def == nil {
		// Unknown to the schema, so never executed; or __schema and __type, one each.
		return add(1, p.set(f.SelectionSet, p.introspected(f), 1))
	}
	target := p.schema.Types[def.Type.Name()]
	own := 1
	if p.costs.IsProtected != nil && p.costs.IsProtected(parent, def) {
		own = max(p.costs.Protected, 1)
	}
	if def.Type.Elem == nil {
		return add(own, p.set(f.SelectionSet, target, p.first(f, def)))
	}
	return multiply(p.length(f, parent, def, page), add(own, p.set(f.SelectionSet, target, 1)))
}

// introspected returns the type of the two introspection fields, which are in no type's
// list of fields.
func (p *pricer) introspected(f *ast.Field) *ast.Definition {
	switch f.Name {
	case "__schema":
		return p.schema.Types["__Schema"]
	case "__type":
		return p.schema.Types["__Type"]
	}
	return nil
}

// length is how many things a list field is taken to return.
func (p *pricer) length(f *ast.Field, parent *ast.Definition, def *ast.FieldDefinition, page int) int {
	if isItems(parent, def) {
		return page
	}
	if def.Arguments.ForName("first") != nil {
		return p.first(f, def)
	}
	if ids := f.Arguments.ForName("ids"); ids != nil {
		return max(p.count(ids.Value), 1)
	}
	for _, key := range []string{parent.Name + "." + def.Name, def.Name} {
		if n, ok := p.costs.Lists[key]; ok {
			return between(n)
		}
	}
	return between(p.costs.List)
}

// first is the page size a field asks for: the argument, its default, the usual page.
func (p *pricer) first(f *ast.Field, def *ast.FieldDefinition) int {
	argument := def.Arguments.ForName("first")
	if argument == nil {
		return between(p.costs.Page)
	}
	if given := f.Arguments.ForName("first"); given != nil {
		if n, ok := p.number(given.Value); ok {
			return n
		}
	}
	if n, ok := p.number(argument.DefaultValue); ok {
		return n
	}
	return between(p.costs.Page)
}

// number reads a whole number from a literal or a variable, at least 1. What is none
// is refused later, by validation or with the other values.
func (p *pricer) number(v *ast.Value) (int, bool) {
	if v == nil {
		return 0, false
	}
	switch v.Kind {
	case ast.IntValue:
		return digits(v.Raw)
	case ast.Variable:
		if given, ok := p.variables[v.Raw]; ok {
			if n, ok := given.(json.Number); ok {
				return digits(n.String())
			}
			if n, ok := given.(int); ok {
				return between(n), true
			}
			return 0, false
		}
		if definition := p.operation.VariableDefinitions.ForName(v.Raw); definition != nil && definition.DefaultValue != nil &&
			definition.DefaultValue.Kind == ast.IntValue {
			return digits(definition.DefaultValue.Raw)
		}
	}
	return 0, false
}

// digits reads a whole number, at least 1. One that is no Int of GraphQL counts as
// none, so that it is refused as the wrong value that it is.
func digits(s string) (int, bool) {
	n, err := strconv.ParseInt(s, 10, 32)
	if err != nil {
		return 0, false
	}
	return int(min(max(n, 1), saturated)), true
}

// count is the number of values of a list literal or variable.
func (p *pricer) count(v *ast.Value) int {
	if v == nil {
		return 1
	}
	switch v.Kind {
	case ast.ListValue:
		return len(v.Children)
	case ast.Variable:
		if given, ok := p.variables[v.Raw].([]any); ok {
			return len(given)
		}
		if definition := p.operation.VariableDefinitions.ForName(v.Raw); definition != nil && definition.DefaultValue != nil {
			return len(definition.DefaultValue.Children)
		}
	}
	return 1
}

func between(n int) int { return min(max(n, 1), saturated) }
