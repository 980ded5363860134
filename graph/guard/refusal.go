package guard

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// The values of extensions.code that this package answers.
const (
	CodeDocumentTooLarge      = "DOCUMENT_TOO_LARGE"
	CodeDepthLimit            = "DEPTH_LIMIT"
	CodeComplexityLimit       = "COMPLEXITY_LIMIT_EXCEEDED"
	CodeIntrospectionDisabled = "INTROSPECTION_DISABLED"
	CodeParseFailed           = "GRAPHQL_PARSE_FAILED"
	CodeValidationFailed      = "GRAPHQL_VALIDATION_FAILED"
	CodeBadRequest            = "BAD_REQUEST"
	CodeBadUserInput          = "BAD_USER_INPUT"
)

// MaxEcho is the most characters of the input that an error repeats.
const MaxEcho = 100

// refuse builds a coded error at a position of the document, nil for none.
func refuse(code string, at *ast.Position, format string, args ...any) *gqlerror.Error {
	err := &gqlerror.Error{
		Message:    fmt.Sprintf(format, args...),
		Extensions: map[string]any{"code": code},
	}
	if at != nil {
		err.Locations = []gqlerror.Location{{Line: at.Line, Column: at.Column}}
	}
	return err
}

// Clip shortens text to at most n characters and marks the cut.
func Clip(text string, n int) string {
	if len(text) <= n || utf8.RuneCountInString(text) <= n {
		return text
	}
	runes := []rune(text)
	return string(runes[:n]) + "…"
}

// inputRules are the validation rules that speak about arguments and values.
var inputRules = map[string]bool{
	"KnownArgumentNames":        true,
	"ProvidedRequiredArguments": true,
	"UniqueArgumentNames":       true,
	"UniqueInputFieldNames":     true,
	"ValuesOfCorrectType":       true,
}

const (
	// fixedText is the shortest text that gqlparser puts before a literal it repeats
	// (`Expected value of type "T", found …`, `Unexpected String "…`).
	fixedText = 15
	// messageLength bounds a message of several names, each of which is bounded.
	messageLength = 400
)

// codeValidation puts codes on what the validator found and bounds what it repeats.
func codeValidation(errs gqlerror.List) gqlerror.List {
	for _, err := range errs {
		rule := strings.TrimSuffix(err.Rule, withoutSuggestions)
		code, length := CodeValidationFailed, messageLength
		if inputRules[rule] {
			code = CodeBadUserInput
		}
		// The one rule that repeats literals, which may be of any length and hold quotes.
		if rule == "ValuesOfCorrectType" {
			length = MaxEcho + fixedText
		}
		err.Message = Clip(clipQuoted(err.Message), length)
		err.Extensions = map[string]any{"code": code}
	}
	return errs
}

// clipQuoted shortens each part between quotes to MaxEcho characters.
func clipQuoted(message string) string {
	if len(message) <= MaxEcho {
		return message
	}
	parts := strings.Split(message, `"`)
	for i := range parts {
		parts[i] = Clip(parts[i], MaxEcho)
	}
	return strings.Join(parts, `"`)
}
