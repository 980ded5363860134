package main

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"coopgraph/ontology"
	"coopgraph/ontology/contact"
	"coopgraph/ontology/evidence"
	"coopgraph/store"
)

// explanation is what explain prints.
type explanation struct {
	*contact.Explanation
	question contact.Question
	// at is the place, from 0, of the match explained, and calculation its own;
	// there is none without matches.
	at          int
	calculation contact.Calculation
	// chains bounds the evidence shown for each part of the question; 0 for all.
	chains int
	names  contact.Names

	out strings.Builder
}

// String is the explanation as plain text: nothing in it can steer a terminal.
func (e *explanation) String() string {
	e.out.Reset()
	e.understanding()
	if len(e.Answer.Matches) == 0 {
		e.printf("Nobody answers.\n")
	} else {
		e.order()
		e.match()
		for _, f := range e.calculation.Facets {
			e.facet(f)
		}
		e.score()
	}
	return strings.Map(func(r rune) rune {
		if r == '\n' || unicode.IsPrint(r) {
			return r
		}
		return '\uFFFD'
	}, e.out.String())
}

func (e *explanation) printf(format string, values ...any) { fmt.Fprintf(&e.out, format, values...) }

// line prints a line with a title before it.
func (e *explanation) line(title, format string, values ...any) {
	e.printf("%-15s %s\n", title, strings.TrimRight(fmt.Sprintf(format, values...), " "))
}

// name is the name of a thing in the reader's language, and its kind.
func (e *explanation) name(id store.ID) string {
	t, ok := e.names[id]
	if !ok {
		return string(id)
	}
	return t.Name(e.question.Language) + " (" + strings.ToLower(string(t.Kind)) + ")"
}

func (e *explanation) understanding() {
	a := e.Answer
	e.line("Question", "%s", e.question.About)
	e.line("As of", "%s", a.AsOf)
	title := "Understood"
	for _, u := range a.Understood {
		meaning := strings.ToLower(string(u.How))
		if u.Node != "" {
			meaning = e.name(u.Node) + ", " + meaning
		}
		e.line(title, "%q: %s", u.Text, meaning)
		for _, id := range u.Alternatives {
			e.line("", "  or %s", e.name(id))
		}
		title = ""
	}
	if len(a.Understood) == 0 {
		e.line(title, "nothing")
	}
	title = "Not understood"
	for _, s := range a.NotUnderstood {
		e.line(title, "%q", s)
		title = ""
	}
	if a.Suggestion != "" {
		e.line("Perhaps meant", "%s", a.Suggestion)
	}
	e.printf("\n")
}

// order lists the first contacts, and the one explained where it stands behind
// them.
func (e *explanation) order() {
	matches := e.Answer.Matches
	count := fmt.Sprintf("%d matches", e.Answer.Total)
	if e.Answer.Cut {
		count = "at least " + count + ", a bound left evidence out"
	}
	e.printf("%s\n", count)
	for i, m := range matches {
		if i >= order && i != e.at {
			continue
		}
		sign := " "
		if i == e.at {
			sign = ">"
		}
		e.printf("%s %3d  %.4f  %-8s  %s%s\n", sign, i+1, m.Score, m.Status, e.name(m.Node), lacking(m))
	}
	e.printf("\n")
}

func lacking(m contact.Match) string {
	if len(m.Missing) == 0 {
		return ""
	}
	texts := make([]string, len(m.Missing))
	for i, lacks := range m.Missing {
		texts[i] = fmt.Sprintf("%q", lacks.Text)
	}
	return "; lacks " + strings.Join(texts, ", ")
}

// match prints the match explained and its reasons.
func (e *explanation) match() {
	m := e.calculation.Match
	e.printf("Match %d: %s, %s\n", e.at+1, e.name(m.Node), m.Node)
	for _, r := range m.Reasons {
		e.printf("  %.4f  %s\n", r.Weight, r.Text(e.names, e.question.Language))
	}
	e.printf("\n")
}

// facet prints what one part of the question contributes.
func (e *explanation) facet(f contact.FacetShare) {
	switch {
	case f.Language && f.Evidence > 0:
		e.printf("%q: the language is spoken, evidence 1\n", f.Text)
	case f.Language:
		e.printf("%q: the language is not known to be spoken, evidence 0\n", f.Text)
	case f.Itself:
		e.printf("%q: the contact is the thing named, evidence 1\n", f.Text)
	case len(f.Chains) == 0:
		e.printf("%q: no facts lead there, evidence 0\n", f.Text)
	default:
		e.printf("%q: evidence %.4f\n", f.Text, f.Evidence)
	}
	shown := len(f.Chains)
	if e.chains > 0 {
		shown = min(shown, e.chains)
	}
	for i, c := range f.Chains[:shown] {
		e.chain(i+1, c)
	}
	if shown < len(f.Chains) {
		e.printf("  and %d lighter pieces of evidence: --evidence 0 shows them\n", len(f.Chains)-shown)
	}
	if len(f.Chains) > 0 && !f.Itself {
		byFirst := sum(f.Chains, func(c contact.Chain) int { return c.First })
		byLast := sum(f.Chains, func(c contact.Chain) int { return c.Last })
		e.printf("  grouped by first fact: %s = %.4f\n", byFirst, f.ByFirst)
		e.printf("  grouped by last fact:  %s = %.4f; the smaller counts\n", byLast, f.ByLast)
	}
	e.printf("  share %.2f + %.2f × %.4f = %.4f\n\n", evidence.Lacking, 1-evidence.Lacking, f.Evidence, f.Share)
}

// chain prints one piece of evidence, a line a fact.
func (e *explanation) chain(number int, c contact.Chain) {
	e.printf("  %d. %s\n", number, e.name(c.From))
	for _, s := range c.Steps {
		e.step(s)
	}
	e.printf("     %s%.4f × age %.2f = %.4f\n", "distance ", c.Product, c.Age, c.Weight)
}

func (e *explanation) step(s contact.Step) {
	arrow := map[store.Dir]string{store.Out: "→", store.In: "←", store.Both: "—"}[s.Leg.Dir]
	relation := string(s.Fact.Relation)
	if s.Fact.Role != "" {
		relation += " as " + s.Fact.Role
	}
	strength := fmt.Sprintf("strength %.2f", s.Strength)
	switch {
	case s.Leg.Rel == ontology.PossiblySameAs:
		strength = fmt.Sprintf("doubt %.2f", s.Strength)
	case s.Tree:
		strength = fmt.Sprintf("tree %.2f", s.Strength)
	}
	if s.Damping < 1 {
		strength += fmt.Sprintf(", past %d neighbours %.2f", s.Neighbours, s.Damping)
	}
	if !s.Tree {
		strength += fmt.Sprintf(", age %.2f (%s)", s.Age, when(s))
	}
	e.printf("     %s %s %s: %s\n", arrow, relation, e.name(s.To), strength)
}

// when tells the status of a fact and the dates by which it is judged.
func when(s contact.Step) string {
	text := string(s.Status)
	if s.Fact.From != "" || s.Fact.To != "" {
		text += fmt.Sprintf(" %s/%s", s.Fact.From, s.Fact.To)
	}
	switch {
	case s.Fact.AttestedOn != "":
		text += fmt.Sprintf(", attested %s", s.Fact.AttestedOn)
	case s.Fact.Witnessed != "":
		text += fmt.Sprintf(", document of %s", s.Fact.Witnessed)
	}
	return text
}

// shownTerms is the number of terms of a sum that are printed: the next would
// change the fourth digit at most.
const shownTerms = 5

// sum writes how groups of evidence add up.
func sum(chains []contact.Chain, place func(contact.Chain) int) string {
	weights := map[int]float64{}
	for _, c := range chains {
		if n := place(c); n > 0 {
			weights[n] = c.Weight
		}
	}
	var b strings.Builder
	b.WriteString("1 − ")
	part := 1
	for i := 1; i <= len(weights); i++ {
		if i > shownTerms {
			b.WriteString(" × …")
			break
		}
		if i > 1 {
			b.WriteString(" × ")
		}
		if part == 1 {
			fmt.Fprintf(&b, "(1 − %.4f)", weights[i])
		} else {
			fmt.Fprintf(&b, "(1 − %.4f/%d)", weights[i], part)
		}
		part *= evidence.Fewer
	}
	return b.String()
}

// score prints how the shares make the score.
func (e *explanation) score() {
	c := e.calculation
	shares := make([]string, len(c.Facets))
	for i, f := range c.Facets {
		shares[i] = fmt.Sprintf("%.4f", f.Share)
	}
	text := shares[0]
	if len(shares) > 1 {
		text = fmt.Sprintf("(%s)^(1/%d) = %.4f", strings.Join(shares, " × "), len(shares), c.Mean)
	}
	for _, r := range c.Roles {
		if r.Lacks {
			text += fmt.Sprintf(" × %.1f without the role %q", contact.WithoutRole, r.Text)
		}
	}
	if slices.ContainsFunc(c.Roles, func(r contact.RoleShare) bool { return r.Lacks }) {
		text += fmt.Sprintf(" = %.4f", c.Match.Score)
	}
	e.line("Score", "%s", text)
	if c.After != "" {
		e.line("Place", "behind %s, its own, who has the whole question by facts of their own", e.name(c.After))
	}
}
