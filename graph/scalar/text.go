package scalar

import (
	"encoding/json"
	"io"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"
)

// MaxIDLength is the longest identifier the API takes, in bytes. The server's own
// ids are 28 bytes long.
const MaxIDLength = 128

// MarshalString writes a string as JSON. Bytes that are not UTF-8 become U+FFFD.
func MarshalString(s string) graphql.Marshaler {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, string(utf8.RuneError))
	}
	return graphql.MarshalString(s)
}

// UnmarshalString takes a string of valid UTF-8 without NUL.
func UnmarshalString(v any) (string, error) {
	s, ok := v.(string)
	if !ok {
		return "", refuse("String", "is not a string")
	}
	return s, checkText("String", s)
}

// CheckText refuses text that holds NUL or is not valid UTF-8.
func CheckText(s string) error { return checkText("String", s) }

func checkText(typeName, s string) error {
	switch {
	case strings.IndexByte(s, 0) >= 0:
		return refuse(typeName, "holds the character U+0000")
	case !utf8.ValidString(s):
		return refuse(typeName, "is not valid UTF-8")
	}
	return nil
}

// LoneSurrogate says whether text that is still escaped, JSON or the inside of a
// GraphQL string literal, holds a \uXXXX escape of half a surrogate pair. Decoders
// turn it into U+FFFD without a word.
func LoneSurrogate(escaped string) bool {
	for i := 0; i < len(escaped); i++ {
		if escaped[i] != '\\' {
			continue
		}
		r, ok := surrogate(escaped[i:])
		if !ok {
			i++ // the escaped character is no start of another escape
			continue
		}
		next, ok := surrogate(escaped[i+6:])
		if !ok || utf16.DecodeRune(r, next) == utf8.RuneError {
			return true
		}
		i += 11
	}
	return false
}

// surrogate reads an escape of a surrogate code point at the start of s.
func surrogate(s string) (rune, bool) {
	if len(s) < 6 || s[0] != '\\' || s[1] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(s[2:6], 16, 16)
	if err != nil || !utf16.IsSurrogate(rune(n)) {
		return 0, false
	}
	return rune(n), true
}

// MarshalID writes an identifier.
func MarshalID(s string) graphql.Marshaler { return MarshalString(s) }

// UnmarshalID takes a string of 1 to [MaxIDLength] bytes, or a whole number, which
// becomes its decimal digits (GraphQL, section 3.5.5).
func UnmarshalID(v any) (string, error) {
	switch v := v.(type) {
	case string:
		switch {
		case v == "":
			return "", refuse("ID", "is empty")
		case len(v) > MaxIDLength:
			return "", refuse("ID", "is longer than %d characters", MaxIDLength)
		}
		return v, checkText("ID", v)
	case int:
		return strconv.Itoa(v), nil
	case int64:
		return strconv.FormatInt(v, 10), nil
	case json.Number:
		n, err := strconv.ParseInt(v.String(), 10, 64)
		if err != nil {
			return "", refuse("ID", "is a number that is not whole or too large")
		}
		return strconv.FormatInt(n, 10), nil
	}
	return "", refuse("ID", "is neither a string nor a whole number")
}

// MarshalBoolean writes true or false.
func MarshalBoolean(b bool) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) {
		// The writer collects the answer in memory; a Marshaler has no way to report an error.
		_, _ = io.WriteString(w, strconv.FormatBool(b))
	})
}

// UnmarshalBoolean takes true and false only.
func UnmarshalBoolean(v any) (bool, error) {
	b, ok := v.(bool)
	if !ok {
		return false, refuse("Boolean", "is neither true nor false")
	}
	return b, nil
}

// checkUpload refuses an Upload that did not come as a file of a multipart request.
func checkUpload(v any) error {
	if _, ok := v.(graphql.Upload); !ok {
		return refuse("Upload", "is not a file of a multipart request")
	}
	return nil
}
