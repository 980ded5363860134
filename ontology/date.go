package ontology

import (
	"fmt"
	"time"

	"coopgraph/store"
)

// Day is a calendar day, "2018-04-16". Days compare as text.
type Day string

// PartialDate is a year, a month or a day, as exact as its source: "2018",
// "2018-04" or "2018-04-16" (EDTF level 0). The empty one is no date.
type PartialDate string

// ParsePartialDate checks that the text is a year from 0001, a month or a day
// of the Gregorian calendar. It fails with an error that wraps
// store.ErrInvalid.
func ParsePartialDate(s string) (PartialDate, error) {
	layout, ok := map[int]string{4: "2006", 7: "2006-01", 10: "2006-01-02"}[len(s)]
	if ok && s[:4] != "0000" {
		if _, err := time.Parse(layout, s); err == nil {
			return PartialDate(s), nil
		}
	}
	return "", fmt.Errorf("%w: %.40q is not a date: write a year (2018), a month (2018-04) or a day (2018-04-16)", store.ErrInvalid, s)
}

// First is the first day of the period that the date names; "" for no date.
func (d PartialDate) First() Day {
	switch len(d) {
	case 4:
		return Day(d + "-01-01")
	case 7:
		return Day(d + "-01")
	}
	return Day(d)
}

// Last is the last day of the period that the date names; "" for no date.
func (d PartialDate) Last() Day {
	switch len(d) {
	case 4:
		return Day(d + "-12-31")
	case 7:
		t, err := time.Parse("2006-01", string(d))
		if err != nil {
			return ""
		}
		return DayOf(t.AddDate(0, 1, -1))
	}
	return Day(d)
}

// DayOf is the day of a time, in its own zone.
func DayOf(t time.Time) Day { return Day(t.Format("2006-01-02")) }

// Newer says whether d says something later than e: the one whose period ends
// later, and of two that end on the same day the more exact.
func (d PartialDate) Newer(e PartialDate) bool {
	if d.Last() != e.Last() {
		return d.Last() > e.Last()
	}
	return len(d) > len(e)
}

// Status says how a fact stands on a day.
type Status string

// The statuses, from DESIGN.md, "Honest time".
const (
	// Current: it began and has not ended.
	Current Status = "CURRENT"
	// Ended: its end lies before the day.
	Ended Status = "ENDED"
	// Attested: it was known to hold at an earlier day; nothing is known since.
	Attested Status = "ATTESTED"
	// Planned: it begins after the day, or its source only plans it.
	Planned Status = "PLANNED"
	// Undated: its source gives no date.
	Undated Status = "UNDATED"
)

// Span is when something holds, as exact as its sources.
type Span struct {
	From, To, AttestedOn PartialDate
	// Planned marks what its source only plans or expects.
	Planned bool
}

// Status is the first that fits: To before the day ENDED; From after it, or
// marked planned, PLANNED; From given CURRENT; AttestedOn not after it
// ATTESTED; else UNDATED. From counts from its first day, To until its last.
func (s Span) Status(on Day) Status {
	switch {
	case s.To != "" && s.To.Last() < on:
		return Ended
	case s.Planned || s.From != "" && s.From.First() > on:
		return Planned
	case s.From != "":
		return Current
	case s.AttestedOn != "" && s.AttestedOn.First() <= on:
		return Attested
	}
	return Undated
}
