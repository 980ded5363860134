package scalar_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"coopgraph/graph/scalar"
)

func written(m graphql.Marshaler) string {
	var b strings.Builder
	m.MarshalGQL(&b)
	return b.String()
}

// The table is checked through Checks, which runs the Unmarshal functions.
func TestScalarsTakeOnlyWhatTheirSpecificationsAllow(t *testing.T) {
	checks := scalar.Checks()
	for _, c := range []struct {
		typeName string
		value    any
		ok       bool
	}{
		{"Int", json.Number("12"), true},
		{"Int", json.Number("-2147483648"), true},
		{"Int", int64(2147483647), true},
		{"Int", json.Number("2147483648"), false},
		{"Int", json.Number("9007199254740993"), false},
		{"Int", json.Number("9223372036854775808"), false},
		{"Int", json.Number("1e400"), false},
		{"Int", json.Number("1.0"), false},
		{"Int", "12", false},
		{"Int", true, false},
		{"Int", 1.0, false},
		{"Float", json.Number("1.5"), true},
		{"Float", json.Number("1e400"), false},
		{"Float", "1.5", false},
		{"String", "é 🙂", true},
		{"String", "a\x00b", false},
		{"String", "\xff", false},
		{"String", "\xed\xa0\x80", false},
		{"String", json.Number("1"), false},
		{"Boolean", true, true},
		{"Boolean", "true", false},
		{"Boolean", json.Number("1"), false},
		{"ID", "n_abc", true},
		{"ID", json.Number("7"), true},
		{"ID", json.Number("7.5"), false},
		{"ID", "", false},
		{"ID", strings.Repeat("x", 129), false},
		{"ID", true, false},
		{"Date", "2024-02-29", true},
		{"Date", "2023-02-29", false},
		{"Date", "0000-01-01", false},
		{"Date", "2018-04", false},
		{"Date", "16/04/2018", false},
		{"Date", "2018-4-16", false},
		{"PartialDate", "2018", true},
		{"PartialDate", "2018-04", true},
		{"PartialDate", "2018-04-16", true},
		{"PartialDate", "0000", false},
		{"PartialDate", "10000", false},
		{"PartialDate", "2018-13", false},
		{"PartialDate", json.Number("2018"), false},
		{"LanguageTag", "nl-BE", true},
		{"LanguageTag", "nl_BE", false},
		{"LanguageTag", "", false},
		{"LanguageTag", "not a tag", false},
		{"LanguageTag", strings.Repeat("a-", 60), false},
		{"DateTime", "2018-04-16T10:00:00+02:00", true},
		{"DateTime", "2018-04-16T9:00:00Z", false},
		{"DateTime", "2018-04-16", false},
		{"Upload", "text", false},
		{"Upload", graphql.Upload{}, true},
	} {
		err := checks[c.typeName](c.value)
		if (err == nil) != c.ok {
			t.Errorf("%s %q: error %v, want accepted %v", c.typeName, c.value, err, c.ok)
		}
		var refused *scalar.Error
		if err != nil && !errors.As(err, &refused) {
			t.Errorf("%s %q: error is a %T, want *scalar.Error", c.typeName, c.value, err)
		}
	}
}

func TestLanguageTagsBecomeCanonical(t *testing.T) {
	if got, err := scalar.UnmarshalLanguageTag("nl-be"); err != nil || got != "nl-BE" {
		t.Errorf("nl-be became %q, %v", got, err)
	}
}

func TestLoneSurrogateIsFoundInEscapedTextOnly(t *testing.T) {
	for text, want := range map[string]bool{
		`\ud800`:         true,
		`\udc00`:         true,
		`\ud83d\ude42`:   false,
		`\ud83d\u0041`:   true,
		`\ud83d\ud83d`:   true,
		`\\ud800`:        false,
		`\\\ud800`:       true,
		`é\n\u00e9`:      false,
		`\ud83d`:         true,
		`\u`:             false,
		`\`:              false,
		`ud800`:          false,
		`\uD83D\uDE42 x`: false,
	} {
		if got := scalar.LoneSurrogate(text); got != want {
			t.Errorf("LoneSurrogate(%s) = %v", text, got)
		}
	}
}

func TestAnswersAreValidJSON(t *testing.T) {
	moment := time.Date(2018, 4, 16, 10, 0, 0, 0, time.FixedZone("", 7200))
	for want, m := range map[string]graphql.Marshaler{
		"\"a\uFFFDb\"":           scalar.MarshalString("a\xffb"),
		`"<b>\"\u0000"`:          scalar.MarshalString("<b>\"\x00"),
		`12`:                     scalar.MarshalInt(12),
		`true`:                   scalar.MarshalBoolean(true),
		`"n_1"`:                  scalar.MarshalID("n_1"),
		`"2018-04"`:              scalar.MarshalPartialDate("2018-04"),
		`"2018-04-16"`:           scalar.MarshalDate("2018-04-16"),
		`"nl"`:                   scalar.MarshalLanguageTag("nl"),
		`"2018-04-16T08:00:00Z"`: scalar.MarshalDateTime(moment),
	} {
		if got := written(m); got != want || !json.Valid([]byte(got)) {
			t.Errorf("wrote %s, want %s", got, want)
		}
	}
}
