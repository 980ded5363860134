package mapping

import (
	_ "embed"
	"slices"
)

//go:embed schema.json
var schema []byte

// Schema is the mapping language as a JSON Schema (draft 2020-12), for editors
// that check a mapping while it is written. Parse checks more: expressions,
// lookups, and that facts name things of the row.
func Schema() []byte { return slices.Clone(schema) }
