package mapping

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"coopgraph/loader/rows"
	"coopgraph/ontology"
	"coopgraph/store"
)

// isoDate is the word for what ISO 8601 has: years, months, days, and days with
// a time.
const isoDate = "ISO"

// isoDay is a day of ISO 8601, of which a time may follow.
var isoDay = regexp.MustCompile(`^([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ][0-9:.,]+(?:Z|[+-][0-9:]+)?)?$`)

// layoutsOf turns what a mapping writes into layouts of time.Parse.
func layoutsOf(formats []string) ([]string, error) {
	var layouts []string
	for _, f := range formats {
		if f == isoDate {
			layouts = append(layouts, "2006", "2006-01")
			continue
		}
		layout := strings.NewReplacer("YYYY", "2006", "MM", "01", "DD", "02", "M", "1", "D", "2").Replace(f)
		if !strings.Contains(layout, "2006") {
			return nil, fmt.Errorf("%w: date %q: want YYYY, MM and DD, YYYY at least, or ISO", store.ErrInvalid, f)
		}
		layouts = append(layouts, layout)
	}
	return layouts, nil
}

// readDate reads a text as a partial date.
func readDate(t string, layouts, formats []string) (string, error) {
	if day := isoDay.FindStringSubmatch(t); day != nil {
		d, err := ontology.ParsePartialDate(day[1])
		return string(d), err
	}
	// A year as tables with numbers have it.
	if year, ok := strings.CutSuffix(t, ".0"); ok && len(year) == 4 {
		t = year
	}
	for _, layout := range layouts {
		day, err := time.Parse(layout, t)
		if err != nil {
			continue
		}
		form, rest := "2006", strings.Replace(layout, "2006", "", 1)
		if strings.Contains(rest, "1") {
			form = "2006-01"
			if strings.Contains(rest, "2") {
				form = "2006-01-02"
			}
		}
		d, err := ontology.ParsePartialDate(day.Format(form))
		return string(d), err
	}
	return "", rows.BadRow("%.40q is no date of the form %s", t, strings.Join(formats, " or "))
}
