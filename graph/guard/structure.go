package guard

import (
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// saturated is where sums and products stop growing: far above every limit, far
// below what overflows when two are added.
const saturated = 1 << 30

func add(a, b int) int { return min(a+b, saturated) }

// multiply takes numbers of at most saturated.
func multiply(a, b int) int {
	return int(min(int64(a)*int64(b), saturated))
}

// shape is what a selection set weighs with its fragments expanded.
type shape struct {
	depth               int // fields on the longest way down, introspection exempt
	nesting             int // selection sets on the longest way down
	top                 int // fields of the set itself
	fields              int // fields of the set and of all below
	aliases, directives int
	introspects         bool
}

// beside adds a shape of the same level.
func (s *shape) beside(o shape) {
	s.depth = max(s.depth, o.depth)
	s.nesting = max(s.nesting, o.nesting)
	s.top = add(s.top, o.top)
	s.fields = add(s.fields, o.fields)
	s.aliases = add(s.aliases, o.aliases)
	s.directives = add(s.directives, o.directives)
	s.introspects = s.introspects || o.introspects
}

// surveyor measures the operations of one document, each fragment once.
type surveyor struct {
	limits    Limits
	fragments map[string]*ast.FragmentDefinition
	shapes    map[string]shape
	crowded   *ast.Position // a selection set with too many selections or fields
	nested    *ast.Position // a literal that is nested too deep
}

// survey measures a document that only has been parsed, and refuses what exceeds the
// limits. Fragments that no operation spreads count too, because they are validated.
func survey(doc *ast.QueryDocument, limits Limits) (map[*ast.OperationDefinition]shape, *gqlerror.Error) {
	switch {
	case len(doc.Operations) > limits.Operations:
		return nil, refuse(CodeComplexityLimit, doc.Operations[limits.Operations].Position,
			"the document holds %d operations, at most %d are allowed", len(doc.Operations), limits.Operations)
	case len(doc.Fragments) > limits.Fragments:
		return nil, refuse(CodeComplexityLimit, doc.Fragments[limits.Fragments].Position,
			"the document holds %d fragments, at most %d are allowed", len(doc.Fragments), limits.Fragments)
	}
	s := &surveyor{
		limits:    limits,
		fragments: fragmentsByName(doc),
		shapes:    make(map[string]shape, len(doc.Fragments)),
	}
	for _, f := range doc.Fragments {
		// A second fragment of the same name is measured too, without a name to find it by.
		whole := s.set(f.SelectionSet)
		s.directives(f.Directives, &whole)
		s.variables(f.VariableDefinition, &whole)
		if err := s.judge(whole, f.Position); err != nil {
			return nil, err
		}
	}
	shapes := make(map[*ast.OperationDefinition]shape, len(doc.Operations))
	for _, op := range doc.Operations {
		whole := s.set(op.SelectionSet)
		s.directives(op.Directives, &whole)
		s.variables(op.VariableDefinitions, &whole)
		if err := s.judge(whole, op.Position); err != nil {
			return nil, err
		}
		switch {
		case whole.depth > limits.Depth:
			return nil, refuse(CodeDepthLimit, op.Position, "fields are nested deeper than %d levels", limits.Depth)
		case whole.top > limits.RootFields:
			return nil, refuse(CodeComplexityLimit, op.Position, "the operation has more than %d root fields", limits.RootFields)
		}
		shapes[op] = whole
	}
	return shapes, nil
}

func fragmentsByName(doc *ast.QueryDocument) map[string]*ast.FragmentDefinition {
	byName := make(map[string]*ast.FragmentDefinition, len(doc.Fragments))
	for _, f := range doc.Fragments {
		if byName[f.Name] == nil {
			byName[f.Name] = f
		}
	}
	return byName
}

// judge holds the shape of an operation or a fragment against the limits of both. The
// depth is not among them: a fragment does not know that it stands below __schema.
func (s *surveyor) judge(of shape, at *ast.Position) *gqlerror.Error {
	switch {
	case s.crowded != nil:
		return refuse(CodeComplexityLimit, s.crowded, "a selection set holds more than %d selections or fields", s.limits.Selections)
	case s.nested != nil:
		return refuse(CodeComplexityLimit, s.nested, "a value is nested deeper than %d levels", s.limits.ValueNesting)
	case of.nesting > s.limits.Nesting:
		return refuse(CodeDepthLimit, at, "selection sets are nested deeper than %d levels", s.limits.Nesting)
	case of.fields > s.limits.Fields:
		return refuse(CodeComplexityLimit, at, "the operation selects more than %d fields with its fragments expanded", s.limits.Fields)
	case of.aliases > s.limits.Aliases:
		return refuse(CodeComplexityLimit, at, "the operation has more than %d aliases", s.limits.Aliases)
	case of.directives > s.limits.Directives:
		return refuse(CodeComplexityLimit, at, "the operation has more than %d directives", s.limits.Directives)
	}
	return nil
}

func (s *surveyor) set(selections ast.SelectionSet) shape {
	var sum shape
	for _, selection := range selections {
		switch it := selection.(type) {
		case *ast.Field:
			sum.beside(s.field(it))
		case *ast.InlineFragment:
			inner := s.set(it.SelectionSet)
			s.directives(it.Directives, &inner)
			sum.beside(inner)
		case *ast.FragmentSpread:
			inner := s.fragment(it.Name)
			s.directives(it.Directives, &inner)
			sum.beside(inner)
		}
	}
	if s.crowded == nil && len(selections) > 0 && max(len(selections), sum.top) > s.limits.Selections {
		s.crowded = selections[0].GetPosition()
	}
	if len(selections) > 0 {
		sum.nesting = add(sum.nesting, 1)
	}
	return sum
}

func (s *surveyor) field(f *ast.Field) shape {
	below := s.set(f.SelectionSet)
	if isIntrospection(f) {
		below.depth = 0
		below.introspects = true
	}
	below.depth = add(below.depth, 1)
	below.fields = add(below.fields, 1)
	below.top = 1
	if f.Alias != f.Name {
		below.aliases = add(below.aliases, 1)
	}
	s.arguments(f.Arguments)
	s.directives(f.Directives, &below)
	return below
}

// fragment measures a fragment once. One that is being measured, so part of a cycle,
// weighs nothing here; validation refuses it.
func (s *surveyor) fragment(name string) shape {
	if known, ok := s.shapes[name]; ok {
		return known
	}
	f := s.fragments[name]
	if f == nil {
		return shape{}
	}
	s.shapes[name] = shape{}
	whole := s.set(f.SelectionSet)
	s.directives(f.Directives, &whole)
	s.shapes[name] = whole
	return whole
}

// directives adds directives to the shape of what they stand on.
func (s *surveyor) directives(directives ast.DirectiveList, of *shape) {
	of.directives = add(of.directives, len(directives))
	for _, directive := range directives {
		s.arguments(directive.Arguments)
	}
}

func (s *surveyor) variables(definitions ast.VariableDefinitionList, of *shape) {
	for _, definition := range definitions {
		s.value(definition.DefaultValue, 0)
		s.directives(definition.Directives, of)
	}
}

func (s *surveyor) arguments(arguments ast.ArgumentList) {
	for _, argument := range arguments {
		s.value(argument.Value, 0)
	}
}

// value looks for literals that are nested too deep: validation may write the whole
// literal into a message once for each level.
func (s *surveyor) value(v *ast.Value, enclosing int) {
	if v == nil || (v.Kind != ast.ListValue && v.Kind != ast.ObjectValue) {
		return
	}
	if enclosing >= s.limits.ValueNesting {
		s.nested = v.Position
		return
	}
	for _, child := range v.Children {
		s.value(child.Value, enclosing+1)
	}
}

func isIntrospection(f *ast.Field) bool {
	return f.Name == "__schema" || f.Name == "__type"
}
