package guard

import (
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

func TestAMutationThatNamesNoRightIsFound(t *testing.T) {
	for mutation, missing := range map[string]string{
		``: "",
		`type Mutation { a: Int @needs(right: EDIT) b: Int @needs(right: IMPORT) }`: "",
		`type Mutation { a: Int @needs(right: EDIT) b: Int }`:                       "b",
		`type Mutation { a: Int @deprecated(reason: "x") }`:                         "a",
		`type Mutation { a: Int } extend type Mutation { c: Int }`:                  "c",
	} {
		schema := gqlparser.MustLoadSchema(&ast.Source{Input: `
			directive @needs(right: Right!) on FIELD_DEFINITION
			enum Right { EDIT IMPORT }
			type Query { x: Int }` + mutation})
		err := CheckRights(schema)
		if (err != nil) != (missing != "") || err != nil && !strings.Contains(err.Error(), "the mutation "+missing+" ") {
			t.Errorf("%s: %v", mutation, err)
		}
	}
}
