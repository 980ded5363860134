package guard

import (
	"fmt"
	"reflect"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/validator"

	"coopgraph/graph/scalar"
)

// A Request is what a client asks: the parameters of GraphQL over HTTP. Numbers in
// Variables are json.Number, as a decoder with UseNumber gives them.
type Request struct {
	Query         string
	OperationName string
	Variables     map[string]any
}

// Admitted is a request that may be executed.
type Admitted struct {
	// Document is validated and shared with other requests: it must not be changed.
	Document *ast.QueryDocument
	// Operation is the one to execute.
	Operation *ast.OperationDefinition
	// Cost is what the operation was priced at.
	Cost int
}

// Guard admits or refuses requests to one schema. It is safe for concurrent use.
type Guard struct {
	schema    *ast.Schema
	limits    Limits
	costs     Costs
	checks    map[string]func(any) error
	documents *cache
}

// document is a parsed text and what is known of it without a request.
type document struct {
	query     string
	tree      *ast.QueryDocument
	fragments map[string]*ast.FragmentDefinition
	shapes    map[*ast.OperationDefinition]shape
	ruled     map[*ast.OperationDefinition][]ruledVariable
}

// New returns a guard for a schema. A limit that is not positive is an error.
func New(schema *ast.Schema, limits Limits, costs Costs) (*Guard, error) {
	numbers := reflect.ValueOf(limits)
	for i := range numbers.NumField() {
		if numbers.Field(i).Int() < 1 {
			return nil, fmt.Errorf("guard: the limit %s is not positive", numbers.Type().Field(i).Name)
		}
	}
	return &Guard{
		schema:    schema,
		limits:    limits,
		costs:     costs,
		checks:    scalar.Checks(),
		documents: newCache(limits.CachedDocuments, limits.CachedBytes),
	}, nil
}

// Admit holds a request against the limits, the schema and what its caller is granted.
// It returns either what may be executed or coded errors. The order of the checks is
// in the package documentation.
func (g *Guard) Admit(r Request, grant Grant) (*Admitted, gqlerror.List) {
	d := g.documents.find(r.Query)
	validated := d != nil
	if !validated {
		var err *gqlerror.Error
		if d, err = g.open(r.Query); err != nil {
			return nil, gqlerror.List{err}
		}
	}
	op := d.tree.Operations.ForName(r.OperationName)
	cost, err := g.weigh(d, op, r.Variables, grant)
	if err != nil {
		return nil, gqlerror.List{err}
	}
	if !validated {
		if errs := g.validate(d, grant.Suggestions); len(errs) > 0 {
			return nil, errs
		}
		g.documents.keep(d)
	}
	if op == nil {
		return nil, gqlerror.List{noOperation(r.OperationName)}
	}
	values := variables{schema: g.schema, limits: g.limits, checks: g.checks}
	if err := values.operation(op, d.ruled[op], r.Variables); err != nil {
		return nil, gqlerror.List{err}
	}
	return &Admitted{Document: d.tree, Operation: op, Cost: cost}, nil
}

// open parses a text and measures it.
func (g *Guard) open(query string) (*document, *gqlerror.Error) {
	tree, err := parse(query, g.limits)
	if err != nil {
		return nil, err
	}
	shapes, err := survey(tree, g.limits)
	if err != nil {
		return nil, err
	}
	return &document{query: query, tree: tree, fragments: fragmentsByName(tree), shapes: shapes}, nil
}

// weigh refuses what the caller of this request may not ask of an operation, which
// need not be valid; nil, an operation that was not found, weighs nothing.
func (g *Guard) weigh(
	d *document, op *ast.OperationDefinition, values map[string]any, grant Grant,
) (int, *gqlerror.Error) {
	if op == nil {
		return 0, nil
	}
	if op.Operation == ast.Subscription {
		return 0, refuse(CodeBadRequest, op.Position, "subscriptions are not served")
	}
	if d.shapes[op].introspects && !grant.Introspection {
		return 0, refuse(CodeIntrospectionDisabled, op.Position, "introspection is switched off")
	}
	cost := g.cost(d, op, values)
	if cost > grant.Cost {
		return 0, refuse(CodeComplexityLimit, op.Position,
			"the operation costs %d, at most %d is allowed: ask for smaller pages or fewer levels", cost, grant.Cost)
	}
	return cost, nil
}

func (g *Guard) cost(d *document, op *ast.OperationDefinition, values map[string]any) int {
	p := &pricer{
		schema:    g.schema,
		costs:     g.costs,
		fragments: d.fragments,
		operation: op,
		variables: values,
		known:     map[pricedFragment]int{},
	}
	return p.set(op.SelectionSet, g.root(op), 1)
}

func (g *Guard) root(op *ast.OperationDefinition) *ast.Definition {
	switch op.Operation {
	case ast.Mutation:
		return g.schema.Mutation
	case ast.Subscription:
		return g.schema.Subscription
	}
	return g.schema.Query
}

// validate applies the rules of the specification and checks what the document spells
// out. Validation writes types into the tree, so it runs before the tree is shared.
func (g *Guard) validate(d *document, suggestions bool) gqlerror.List {
	if errs := validator.ValidateWithRules(g.schema, d.tree, ruleSet(suggestions)); len(errs) > 0 {
		return codeValidation(errs)
	}
	l := &literals{limits: g.limits, checks: g.checks}
	d.ruled = make(map[*ast.OperationDefinition][]ruledVariable, len(d.tree.Operations))
	for _, op := range d.tree.Operations {
		ruled, err := l.operation(op)
		if err != nil {
			return gqlerror.List{err}
		}
		d.ruled[op] = ruled
	}
	return nil
}

func noOperation(name string) *gqlerror.Error {
	if name == "" {
		return refuse(CodeValidationFailed, nil, "the document holds several operations, and the request names none")
	}
	return refuse(CodeValidationFailed, nil, "the document holds no operation named %q", Clip(name, MaxEcho))
}
