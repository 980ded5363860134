package mapping

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"coopgraph/loader/read"
	"coopgraph/ontology"
	"coopgraph/store"
)

// oneOf says what would be right in place of what was given: the choice that
// is most like it, where one is, and all of them.
func oneOf(given string, choices []string) string {
	all := "it is one of " + strings.Join(choices, ", ")
	if near := nearest(given, choices); near != "" {
		return fmt.Sprintf("did you mean %s? %s", near, all)
	}
	return all
}

// nearest gives the choice with the fewest typing errors, "" where all differ
// in more than a third of their letters.
func nearest(given string, choices []string) string {
	best, least := "", 0
	for _, c := range choices {
		d := edits(strings.ToLower(given), strings.ToLower(c))
		if 3*d <= max(len(given), len(c)) && (best == "" || d < least) {
			best, least = c, d
		}
	}
	return best
}

// edits is the number of bytes to put in, leave out or replace.
func edits(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(row[j+1]+1, row[j]+1, diagonal+cost)
		}
	}
	return row[len(b)]
}

var unknownField = regexp.MustCompile(`^unknown field "([^"]*)"$`)

// explainField adds to the message about an unknown field what it may have
// been meant to be.
func explainField(message string) string {
	if m := unknownField.FindStringSubmatch(message); m != nil {
		if near := nearest(m[1], fieldNames()); near != "" {
			return message + ": did you mean " + near + "?"
		}
	}
	return message
}

// fieldNames are all fields of the mapping language.
func fieldNames() []string {
	var names []string
	for _, part := range []any{Mapping{}, read.Spec{}, read.CSV{}, read.XLSX{}, sourceHead{}, skipRule{}, thingRule{}, keyRule{}, endFields{}, nameRule{}, textRule{}, propRule{}, factRule{}, expression{}, condition{}} {
		t := reflect.TypeOf(part)
		for i := range t.NumField() {
			name, _, _ := strings.Cut(t.Field(i).Tag.Get("yaml"), ",")
			if name != "" && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

func texts[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, x := range list {
		out[i] = string(x)
	}
	return out
}

func relationNames() []string {
	var names []string
	for _, r := range ontology.Relations() {
		names = append(names, string(r.Rel))
	}
	return names
}

func propertyNames(k store.Kind) []string {
	var names []string
	for _, p := range ontology.Properties(k) {
		names = append(names, p.Name)
	}
	return names
}

func nameTypes() []string {
	return []string{
		ontology.OfficialName, ontology.ShortName, ontology.TranslatedName, ontology.AlternativeName, ontology.Acronym,
		ontology.FormerName,
	}
}
