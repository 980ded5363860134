package guard

import (
	"errors"
	"fmt"

	"github.com/vektah/gqlparser/v2/ast"
)

// CheckRights returns an error for each mutation of a schema that does not say by
// @needs(right: …) what right its caller needs: one that was forgotten must not be open
// to everybody.
func CheckRights(schema *ast.Schema) error {
	if schema.Mutation == nil {
		return nil
	}
	var errs []error
	for _, field := range schema.Mutation.Fields {
		if directive := field.Directives.ForName("needs"); directive == nil || directive.Arguments.ForName("right") == nil {
			errs = append(errs, fmt.Errorf("the mutation %s does not say which right it needs", field.Name))
		}
	}
	return errors.Join(errs...)
}
