package graph_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// contactEdge is one contact of an answer.
type contactEdge struct {
	Score   float64
	Status  string
	Missing []struct{ Text string }
	Reasons []struct {
		Text   string
		Weight float64
		Facts  []fact
	}
	Node seedThing
}

// contactAnswer is the answer to a question for contacts.
type contactAnswer struct {
	AsOf       string
	Understood []struct {
		Text, How string
		Node      *struct{ ID string }
	}
	NotUnderstood []string
	TotalCount    int
	Edges         []contactEdge
}

// contactsOperation asks whom to call.
const contactsOperation = `query ($about: String, $asOf: Date, $language: Language, $first: Int) {
	contacts(about: $about, asOf: $asOf, first: $first) {
		asOf understood { text how node { id } } notUnderstood totalCount
		edges {
			score status missing { text }
			reasons { text(language: $language) weight facts { ` + factFields + ` } }
			node { __typename id name(language: EN) identifiers { scheme value } }
		}
	}
}`

func contacts(c client, q contactQuestion) contactAnswer {
	c.t.Helper()
	var data struct{ Contacts contactAnswer }
	v := map[string]any{"about": q.about, "language": q.language, "first": 10}
	if q.asOf != "" {
		v["asOf"] = q.asOf
	}
	c.ask(contactsOperation, v, &data)
	return data.Contacts
}

// contactQuestion is what a colleague asks.
type contactQuestion struct{ about, language, asOf string }

// contactQuestions are asked in four languages about all that the seed holds.
var contactQuestions = []contactQuestion{
	{"hydrogen in North Rhine-Westphalia", "EN", ""},
	{"voorzitter Schelderaad", "NL", ""},
	{"secrétariat forum pentalatéral de l'énergie", "FR", ""},
	{"Grenzhindernisse Flandern Niederlande", "DE", ""},
	{"police liaison officers", "EN", ""},
	{"Greater Region presidency", "EN", "2026-01-01"},
	{"Greater Region presidency", "EN", "2028-01-01"},
	{"Präsidentschaft der Großregion 2028", "DE", ""},
	{"présidence de la Grande Région", "FR", "2020-06-30"},
	{"wie is bij de Nordic Council bevoegd voor cyberveiligheid?", "NL", ""},
	{"Who is the Secretary-General of the Benelux Union?", "EN", ""},
	{"adjunct-secretaris-generaal", "NL", ""},
	{"adjoint du secrétaire général", "FR", "2018-04-17"},
	{"stellvertretender Generalsekretär", "DE", ""},
	{"Alain de Muyser", "NL", ""},
	{"Frans Weekers", "EN", "2024-12-31"},
	{"Jan Jambon", "FR", ""},
	{"coordination of the Joint Work Programme", "EN", ""},
	{"Einstein Telescope", "DE", ""},
	{"télescope Einstein", "FR", ""},
	{"migration", "EN", ""},
	{"Cybersicherheit", "DE", ""},
	{"eau et inondations", "FR", ""},
	{"waterbeheer Schelde", "NL", ""},
	{"circular economy agriculture", "EN", ""},
	{"Hochschulbildung Hauts-de-France", "DE", ""},
	{"enseignement supérieur Hauts-de-France", "FR", ""},
	{"contact in Estonia", "EN", ""},
	{"Saarland", "DE", ""},
	{"Lower Saxony", "EN", ""},
	{"Baltische staten weerbaarheid", "NL", ""},
	{"North Sea Port", "EN", ""},
	{"haven van Rotterdam", "NL", ""},
	{"5G border regions", "EN", ""},
	{"Benelux avec la Basse-Saxe", "FR", ""},
	{"NATO ports military mobility", "EN", ""},
	{"liaison officers week April 2018", "EN", ""},
	{"politieverdrag", "NL", ""},
	{"expert qui parle néerlandais", "FR", ""},
	{"info@benelux.int", "EN", ""},
	{"xqzvwk", "EN", ""},
	{"Letta", "EN", ""},
}

// The questions of a first demonstration get sensible first answers.
func testContactQuestions(t *testing.T, c client) {
	for _, q := range []struct {
		contactQuestion
		// first are the inventory's entities that stand first, in any order.
		first []string
	}{
		{contactQuestions[0], []string{"32"}},
		{contactQuestions[1], []string{"21"}},
		{contactQuestions[2], []string{"1"}},
		{contactQuestions[3], []string{"51"}},
		{contactQuestions[4], []string{"52"}},
		{contactQuestions[5], []string{"35", "36"}},
		{contactQuestions[6], []string{"25"}},
	} {
		a := contacts(c, q.contactQuestion)
		if len(a.NotUnderstood) > 0 || len(a.Edges) < len(q.first) {
			t.Errorf("%v: %d contacts, not understood %q", q.contactQuestion, len(a.Edges), a.NotUnderstood)
			continue
		}
		for _, number := range q.first {
			if !slices.ContainsFunc(a.Edges[:len(q.first)], func(e contactEdge) bool { return hasIdentifier(e.Node, "INVENTORY", number) }) {
				t.Errorf("%v: entity %s is not among the first %d: %s", q.contactQuestion, number, len(q.first), described(a))
			}
		}
	}
	a := contacts(c, contactQuestions[0])
	for _, e := range a.Edges {
		if len(e.Missing) == 0 {
			t.Errorf("no source joins hydrogen and North Rhine-Westphalia, yet %s lacks nothing", e.Node.Name)
		}
	}
	a = contacts(c, contactQuestions[1])
	if !slices.ContainsFunc(a.Edges[:min(3, len(a.Edges))], func(e contactEdge) bool { return hasIdentifier(e.Node, "INVENTORY", "3") }) {
		t.Errorf("the chair's holder is not near its post: %s", described(a))
	}
	a = contacts(c, contactQuestions[6])
	for _, e := range a.Edges {
		past := hasIdentifier(e.Node, "INVENTORY", "35") || hasIdentifier(e.Node, "INVENTORY", "36")
		if past && (e.Status != "ENDED" || len(e.Missing) == 0) {
			t.Errorf("%s presided until 2026, shown in 2028 as %s", e.Node.Name, e.Status)
		}
	}
}

func described(a contactAnswer) string {
	var out []string
	for _, e := range a.Edges {
		out = append(out, fmt.Sprintf("%s %s %.4f %s", e.Node.Typename, e.Node.Name, e.Score, e.Status))
	}
	return strings.Join(out, "; ")
}

// statusOn computes a fact's status on a day as the schema's description of
// Status says, from what the answer shows of it.
func statusOn(f fact, day string) string {
	switch {
	case f.To != "" && f.To < day[:len(f.To)]:
		return "ENDED"
	case f.Planned || firstDay(f.From) > day:
		return "PLANNED"
	case f.From != "":
		return "CURRENT"
	case f.AttestedOn != "" && firstDay(f.AttestedOn) <= day:
		return "ATTESTED"
	}
	return "UNDATED"
}

// firstDay is the first day of a year, month or day; "" of none.
func firstDay(date string) string {
	switch len(date) {
	case len("2018"):
		return date + "-01-01"
	case len("2018-04"):
		return date + "-01"
	}
	return date
}

// weakness orders statuses from the weakest.
var weakness = []string{"ENDED", "PLANNED", "UNDATED", "ATTESTED", "CURRENT"}

// Whatever is asked: nothing past is shown as present, every reason can be
// proved, and nobody answers whom the sources do not name.
func testContactLaws(t *testing.T, c client) {
	for _, q := range contactQuestions {
		a := contacts(c, q)
		if q.asOf != "" && a.AsOf != q.asOf {
			t.Errorf("%v: answered as of %s", q, a.AsOf)
		}
		named := map[string]bool{}
		for _, u := range a.Understood {
			if u.Node != nil {
				named[u.Node.ID] = true
			}
		}
		lacking := false
		for _, e := range a.Edges {
			if len(e.Missing) == 0 && lacking {
				t.Errorf("%v: %s lacks nothing and comes after one that lacks something", q, e.Node.Name)
			}
			lacking = lacking || len(e.Missing) > 0
			checkContact(t, q, a.AsOf, e, named)
		}
	}
	if a := contacts(c, contactQuestion{"xqzvwk", "EN", ""}); len(a.Edges) > 0 || len(a.NotUnderstood) != 1 {
		t.Errorf("what leads nowhere gives %s", described(a))
	}
}

func checkContact(t *testing.T, q contactQuestion, day string, e contactEdge, named map[string]bool) {
	t.Helper()
	if e.Score <= 0 || e.Score > 1 || len(e.Reasons) == 0 || len(e.Reasons) > 5 {
		t.Errorf("%v: %s has score %v and %d reasons", q, e.Node.Name, e.Score, len(e.Reasons))
	}
	if e.Node.Typename == "Person" && !slices.ContainsFunc([]string{"12", "13", "14"}, func(n string) bool { return hasIdentifier(e.Node, "INVENTORY", n) }) {
		t.Errorf("%v: %s is no person whom the sources name in full", q, e.Node.Name)
	}
	for i, r := range e.Reasons {
		if r.Text == "" || r.Weight <= 0 || r.Weight > 1 {
			t.Errorf("%v: %s: reason %q of weight %v", q, e.Node.Name, r.Text, r.Weight)
		}
		if len(r.Facts) == 0 && !named[e.Node.ID] {
			t.Errorf("%v: %s: the reason %q rests on no fact, and it is not named", q, e.Node.Name, r.Text)
		}
		weakest := len(weakness)
		for _, f := range r.Facts {
			if want := statusOn(f, day); f.Status != want {
				t.Errorf("%v: %s %s %s (%q to %q, attested %q) is %s on %s, want %s", q, f.Subject.Name, f.Relation, f.Object.Name, f.From, f.To, f.AttestedOn, f.Status, day, want)
			}
			if firstDay(f.From) > day && !f.Planned {
				t.Errorf("%v: %s %s %s starts only in %s", q, f.Subject.Name, f.Relation, f.Object.Name, f.From)
			}
			if !slices.ContainsFunc(f.Sources, func(s citation) bool { return s.Locator != "" || s.Quote != "" }) {
				t.Errorf("%v: %s %s %s has no quote or locator", q, f.Subject.Name, f.Relation, f.Object.Name)
			}
			weakest = min(weakest, slices.Index(weakness, f.Status))
		}
		if i == 0 && len(r.Facts) > 0 && e.Status != weakness[weakest] {
			t.Errorf("%v: %s is %s, its best reason's weakest fact is %s", q, e.Node.Name, e.Status, weakness[weakest])
		}
	}
}
