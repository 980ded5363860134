package guard

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"coopgraph/graph/scalar"
)

// argumentRule checks the value of a field's argument by the argument's name and type.
type argumentRule func(Limits, any) error

// ruleFor returns the rule of an argument, nil where it has none.
func ruleFor(argument *ast.ArgumentDefinition) argumentRule {
	if argument == nil || argument.Type == nil {
		return nil
	}
	switch {
	case argument.Name == "first" && argument.Type.NamedType == "Int":
		return func(l Limits, v any) error {
			n, err := scalar.UnmarshalInt(v)
			if err != nil {
				return err
			}
			return CheckPageSize(n, l.PageSize)
		}
	case argument.Type.NamedType == "String" && (argument.Name == "text" || argument.Name == "about" || argument.Name == "prefix"):
		return func(l Limits, v any) error {
			text, err := scalar.UnmarshalString(v)
			if err != nil {
				return err
			}
			return CheckSearchText(text, l)
		}
	}
	return nil
}

// CheckPageSize refuses a page size outside 1 to most, with a *scalar.Error. It is for
// fields with a bound of their own; the guard has checked [Limits.PageSize] for every
// `first`.
func CheckPageSize(first, most int) error {
	if first < 1 || first > most {
		return &scalar.Error{Name: "first", Reason: fmt.Sprintf("is not between 1 and %d", most)}
	}
	return nil
}

// CheckSearchText refuses search text of too many characters or words, with a
// *scalar.Error.
func CheckSearchText(text string, limits Limits) error {
	switch {
	case utf8.RuneCountInString(text) > limits.TextCharacters:
		return &scalar.Error{Name: "search text", Reason: fmt.Sprintf("has more than %d characters", limits.TextCharacters)}
	case len(strings.Fields(text)) > limits.TextWords:
		return &scalar.Error{Name: "search text", Reason: fmt.Sprintf("has more than %d words", limits.TextWords)}
	}
	return nil
}

// ruledVariable is a variable in the place of an argument that has a rule.
type ruledVariable struct {
	name string
	rule argumentRule
}

// literals checks what a validated document spells out, and collects for each
// operation the variables whose values the rules of arguments will check.
type literals struct {
	limits Limits
	checks map[string]func(any) error
	seen   map[string]bool // fragments, within one operation
	ruled  []ruledVariable
	err    *gqlerror.Error
}

// operation walks one operation and the fragments it reaches.
func (l *literals) operation(op *ast.OperationDefinition) ([]ruledVariable, *gqlerror.Error) {
	l.seen, l.ruled = map[string]bool{}, nil
	for _, variable := range op.VariableDefinitions {
		if variable.DefaultValue != nil {
			l.value(variable.Variable, variable.DefaultValue)
		}
		l.directives(variable.Directives)
	}
	l.directives(op.Directives)
	l.set(op.SelectionSet)
	return l.ruled, l.err
}

func (l *literals) set(selections ast.SelectionSet) {
	for _, selection := range selections {
		switch it := selection.(type) {
		case *ast.Field:
			l.directives(it.Directives)
			if it.Definition != nil {
				l.arguments(it.Definition.Arguments, it.Arguments)
			}
			l.set(it.SelectionSet)
		case *ast.InlineFragment:
			l.directives(it.Directives)
			l.set(it.SelectionSet)
		case *ast.FragmentSpread:
			l.directives(it.Directives)
			if it.Definition != nil && !l.seen[it.Name] {
				l.seen[it.Name] = true
				l.directives(it.Definition.Directives)
				l.set(it.Definition.SelectionSet)
			}
		}
	}
}

func (l *literals) directives(directives ast.DirectiveList) {
	for _, directive := range directives {
		if directive.Definition != nil {
			l.arguments(directive.Definition.Arguments, directive.Arguments)
		}
	}
}

func (l *literals) arguments(definitions ast.ArgumentDefinitionList, arguments ast.ArgumentList) {
	for _, argument := range arguments {
		l.value(argument.Name, argument.Value)
		rule := ruleFor(definitions.ForName(argument.Name))
		if rule == nil || argument.Value.Kind == ast.NullValue {
			continue
		}
		if argument.Value.Kind == ast.Variable {
			l.ruled = append(l.ruled, ruledVariable{argument.Value.Raw, rule})
			continue
		}
		if v, err := argument.Value.Value(nil); err == nil {
			l.report(argument.Name, argument.Value, rule(l.limits, v))
		}
	}
}

func (l *literals) value(name string, v *ast.Value) {
	switch v.Kind {
	case ast.Variable, ast.NullValue:
		return
	case ast.ListValue, ast.ObjectValue:
		if v.Kind == ast.ListValue && len(v.Children) > l.limits.ListValues {
			l.report(name, v, tooManyValues(l.limits))
		}
		for _, child := range v.Children {
			l.value(name, child.Value)
		}
		return
	case ast.StringValue, ast.BlockValue:
		l.report(name, v, scalar.CheckText(v.Raw))
	}
	if v.Definition == nil || v.Definition.Kind != ast.Scalar {
		return
	}
	check := l.checks[v.Definition.Name]
	if check == nil {
		return
	}
	plain, err := v.Value(nil)
	if err != nil {
		err = &scalar.Error{Name: v.Definition.Name, Reason: "is out of range"}
	} else {
		err = check(plain)
	}
	l.report(name, v, err)
}

func (l *literals) report(name string, at *ast.Value, err error) {
	if err != nil && l.err == nil {
		l.err = refuse(CodeBadUserInput, at.Position, "%s: %v", name, err)
	}
}

func tooManyValues(limits Limits) error {
	return &scalar.Error{Name: "list", Reason: fmt.Sprintf("holds more than %d values", limits.ListValues)}
}

// variables checks the values of one request against the types its operation declares.
type variables struct {
	schema *ast.Schema
	limits Limits
	checks map[string]func(any) error
}

// operation checks every variable of an operation. Values that belong to no variable
// are ignored, as the specification asks.
func (c *variables) operation(op *ast.OperationDefinition, ruled []ruledVariable, values map[string]any) *gqlerror.Error {
	for _, definition := range op.VariableDefinitions {
		value, given := values[definition.Variable]
		var err error
		switch {
		case given:
			err = c.value(definition.Type, value, 0)
		case definition.Type.NonNull && definition.DefaultValue == nil:
			err = &scalar.Error{Name: definition.Type.Name(), Reason: "is required"}
		}
		if err != nil {
			return refuse(CodeBadUserInput, definition.Position, "variable %q: %v", definition.Variable, err)
		}
	}
	for _, r := range ruled {
		definition := op.VariableDefinitions.ForName(r.name)
		if definition == nil {
			continue
		}
		value, given := values[r.name]
		if !given && definition.DefaultValue != nil {
			literal, err := definition.DefaultValue.Value(nil)
			if err != nil {
				continue // refused as a literal
			}
			value = literal
		}
		if value == nil {
			continue
		}
		if err := r.rule(c.limits, value); err != nil {
			return refuse(CodeBadUserInput, definition.Position, "variable %q: %v", r.name, err)
		}
	}
	return nil
}

func (c *variables) value(t *ast.Type, v any, nesting int) error {
	switch {
	case nesting > c.limits.ValueNesting:
		return &scalar.Error{Name: t.Name(), Reason: fmt.Sprintf("is nested deeper than %d levels", c.limits.ValueNesting)}
	case v == nil && t.NonNull:
		return &scalar.Error{Name: t.String(), Reason: "is null"}
	case v == nil:
		return nil
	case t.Elem != nil:
		return c.list(t, v, nesting)
	}
	def := c.schema.Types[t.NamedType]
	if def == nil {
		return &scalar.Error{Name: t.NamedType, Reason: "has no type in the schema"}
	}
	switch def.Kind {
	case ast.Enum:
		name, ok := v.(string)
		if !ok || def.EnumValues.ForName(name) == nil {
			return &scalar.Error{Name: def.Name, Reason: "is not a value of the enum"}
		}
		return nil
	case ast.InputObject:
		return c.object(def, v, nesting)
	}
	if check := c.checks[def.Name]; check != nil {
		return check(v)
	}
	return nil
}

// list checks a list, or a single value in the place of one (GraphQL, section 3.11).
func (c *variables) list(t *ast.Type, v any, nesting int) error {
	values, ok := v.([]any)
	if !ok {
		return c.value(t.Elem, v, nesting+1)
	}
	if len(values) > c.limits.ListValues {
		return tooManyValues(c.limits)
	}
	for _, value := range values {
		if err := c.value(t.Elem, value, nesting+1); err != nil {
			return err
		}
	}
	return nil
}

func (c *variables) object(def *ast.Definition, v any, nesting int) error {
	fields, ok := v.(map[string]any)
	if !ok {
		return &scalar.Error{Name: def.Name, Reason: "is not an object"}
	}
	for name := range fields {
		if def.Fields.ForName(name) == nil {
			return &scalar.Error{Name: def.Name, Reason: fmt.Sprintf("has the unknown field %q", Clip(name, MaxEcho))}
		}
	}
	for _, field := range def.Fields {
		value, given := fields[field.Name]
		if !given && (!field.Type.NonNull || field.DefaultValue != nil) {
			continue
		}
		if !given {
			return &scalar.Error{Name: def.Name + "." + field.Name, Reason: "is required"}
		}
		if err := c.value(field.Type, value, nesting+1); err != nil {
			return err
		}
	}
	if def.Directives.ForName("oneOf") != nil && len(fields) != 1 {
		return &scalar.Error{Name: def.Name, Reason: "does not have exactly one field"}
	}
	return nil
}
