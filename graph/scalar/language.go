package scalar

import (
	"strings"

	"golang.org/x/text/language"

	"github.com/99designs/gqlgen/graphql"
)

// maxTagLength leaves room for every registered tag with extensions (RFC 5646, section 4.4.1,
// asks for at least 35 characters).
const maxTagLength = 100

// MarshalLanguageTag writes a language tag as it is stored.
func MarshalLanguageTag(s string) graphql.Marshaler { return MarshalString(s) }

// UnmarshalLanguageTag takes a language tag of registered subtags (BCP 47) and returns its
// canonical form: nl-be becomes nl-BE.
func UnmarshalLanguageTag(v any) (string, error) {
	s, ok := v.(string)
	// The parser also takes the underscore of POSIX locales, which BCP 47 does not know.
	if !ok || s == "" || len(s) > maxTagLength || strings.Contains(s, "_") {
		return "", refuse("LanguageTag", "is not a language tag (BCP 47)")
	}
	tag, err := language.Parse(s)
	if err != nil {
		return "", refuse("LanguageTag", "is not a language tag of registered parts (BCP 47)")
	}
	return tag.String(), nil
}
