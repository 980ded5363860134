// Package scalar holds the GraphQL scalars of the API in the form gqlgen binds:
// a pair of functions MarshalX and UnmarshalX for the scalar X.
//
//	models:
//	  Int:         { model: [coopgraph/graph/scalar.Int] }         # Go int
//	  String:      { model: [coopgraph/graph/scalar.String] }      # Go string
//	  Boolean:     { model: [coopgraph/graph/scalar.Boolean] }     # Go bool
//	  ID:          { model: [coopgraph/graph/scalar.ID] }          # Go string
//	  Date:        { model: [coopgraph/graph/scalar.Date] }        # Go string
//	  PartialDate: { model: [coopgraph/graph/scalar.PartialDate] } # Go string
//	  LanguageTag: { model: [coopgraph/graph/scalar.LanguageTag] } # Go string
//	  DateTime:    { model: [coopgraph/graph/scalar.DateTime] }    # Go time.Time
//
// They are strict where gqlgen's own are lenient: a string is no number, a number
// is no string, and text is valid UTF-8 without NUL. A value that is refused
// answers an *Error, whose text repeats nothing of the value and may be shown.
//
// [Checks] gives the same rules without conversion, so that a request can be
// refused before anything is executed. The package imports gqlgen's runtime for
// the Marshaler interface and nothing else of the project.
package scalar

import "fmt"

// Error says why a value of the input is refused. It repeats nothing of the value.
type Error struct {
	// Name is the name in the schema of the scalar or argument.
	Name string
	// Reason completes the sentence "the value …".
	Reason string
}

func (e *Error) Error() string {
	return fmt.Sprintf("%s: the value %s", e.Name, e.Reason)
}

func refuse(name, format string, args ...any) error {
	return &Error{Name: name, Reason: fmt.Sprintf(format, args...)}
}

// Checks returns a check for each scalar of the API by its name in the schema.
// A check takes what JSON (json.Number, string, bool, map, slice) or a GraphQL
// literal (int64, float64, string, bool) makes of a value, never nil, and answers
// an *Error where the scalar's Unmarshal function would.
func Checks() map[string]func(any) error {
	return map[string]func(any) error{
		"Int":         check(UnmarshalInt),
		"Float":       checkFloat,
		"String":      check(UnmarshalString),
		"Boolean":     check(UnmarshalBoolean),
		"ID":          check(UnmarshalID),
		"Date":        check(UnmarshalDate),
		"PartialDate": check(UnmarshalPartialDate),
		"LanguageTag": check(UnmarshalLanguageTag),
		"DateTime":    check(UnmarshalDateTime),
		"Upload":      checkUpload,
	}
}

func check[T any](unmarshal func(any) (T, error)) func(any) error {
	return func(v any) error {
		_, err := unmarshal(v)
		return err
	}
}
