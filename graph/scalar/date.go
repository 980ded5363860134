package scalar

import (
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"
)

// MarshalDate writes a full day as it is stored, YYYY-MM-DD.
func MarshalDate(s string) graphql.Marshaler { return MarshalString(s) }

// UnmarshalDate takes a day that exists in the Gregorian calendar, YYYY-MM-DD, of the
// years 0001 to 9999 (ISO 8601 calendar date, extended format).
func UnmarshalDate(v any) (string, error) {
	s, ok := v.(string)
	if !ok || len(s) != len(time.DateOnly) || !isCalendar(s) {
		return "", refuse("Date", "is not a day of the calendar written YYYY-MM-DD")
	}
	return s, nil
}

// MarshalPartialDate writes a year, month or day as it is stored.
func MarshalPartialDate(s string) graphql.Marshaler { return MarshalString(s) }

// UnmarshalPartialDate takes a year, a month or a day: 2018, 2018-04, 2018-04-16
// (EDTF level 0, Library of Congress, of the years 0001 to 9999).
func UnmarshalPartialDate(v any) (string, error) {
	s, ok := v.(string)
	if !ok || !isCalendar(s) {
		return "", refuse("PartialDate", "is not a year, month or day written YYYY, YYYY-MM or YYYY-MM-DD")
	}
	return s, nil
}

// isCalendar says whether s is a year, month or day that exists.
func isCalendar(s string) bool {
	const year, month = "2006", "2006-01"
	var layout string
	switch len(s) {
	case len(year):
		layout = year
	case len(month):
		layout = month
	case len(time.DateOnly):
		layout = time.DateOnly
	default:
		return false
	}
	t, err := time.Parse(layout, s)
	return err == nil && t.Year() >= 1
}

// MarshalDateTime writes a moment in UTC (RFC 3339).
func MarshalDateTime(t time.Time) graphql.Marshaler {
	return MarshalString(t.UTC().Format(time.RFC3339Nano))
}

// UnmarshalDateTime takes a moment with its offset from UTC (RFC 3339).
func UnmarshalDateTime(v any) (time.Time, error) {
	s, ok := v.(string)
	// time.Parse also takes one-digit hours and a decimal comma.
	if !ok || len(s) <= len("2006-01-02T15:") || s[len("2006-01-02T15")] != ':' || strings.Contains(s, ",") {
		return time.Time{}, refuseDateTime()
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return time.Time{}, refuseDateTime()
	}
	return t, nil
}

func refuseDateTime() error {
	return refuse("DateTime", "is not a date and time with an offset (RFC 3339)")
}
