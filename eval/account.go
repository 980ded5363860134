package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"coopgraph/ontology"
	"coopgraph/ontology/contact"
	"coopgraph/ontology/search"
	"coopgraph/store"
)

// The causes of misses, as far as an answer shows them.
const (
	notUnderstood = "nothing was understood"
	notReached    = "the wanted contact is not among the matches"
	lacksPart     = "the wanted contact lacks a part of the question that the first one has"
	lighter       = "the wanted contact has less evidence"
	placedBehind  = "the wanted contact scores as high and stands behind"
	partlyRead    = "words were left over, and the wanted contact is not among the matches"
	notFound      = "the wanted thing is not among the first hits"
	outscored     = "another name matches better"
)

// reasonsShown is the number of reasons printed for a contact.
const reasonsShown = 2

// things are what an account names. People are named by their identifier.
type things contact.Names

func (t things) name(id store.ID) string {
	thing, ok := t[id]
	switch {
	case !ok:
		return string(id)
	case len(thing.Identifiers) == 0:
		return fmt.Sprintf("%s %s", thing.Kind, id)
	}
	key := thing.Identifiers[0].Key()
	if thing.Kind == ontology.Person {
		return "Person " + key
	}
	return fmt.Sprintf("%s %s %q", thing.Kind, key, thing.Name("en"))
}

// readThings reads the things, and puts identifiers in the place of people's names.
func readThings(ctx context.Context, s store.Reader, ids []store.ID) (things, error) {
	slices.Sort(ids)
	names, err := contact.ReadNames(ctx, s, slices.Compact(ids))
	if err != nil {
		return nil, err
	}
	for id, t := range names {
		if t.Kind == ontology.Person && len(t.Identifiers) > 0 {
			t.Names = []ontology.Name{{Value: t.Identifiers[0].Key(), Type: ontology.OfficialName}}
			names[id] = t
		}
	}
	return things(names), nil
}

// accountOfContacts says what was understood, and compares the first contact
// with the wanted one, part by part of the question.
func (a *asker) accountOfContacts(ctx context.Context, e *contact.Explanation, o *outcome) error {
	answer := e.Answer
	var compared []contact.Calculation
	if len(answer.Matches) > 0 {
		compared = append(compared, e.Of(0))
	}
	if o.rank > 0 {
		compared = append(compared, e.Of(o.rank-1))
	}
	var ids []store.ID
	for _, u := range answer.Understood {
		ids = append(append(ids, u.Node), u.Alternatives...)
	}
	for i := range compared {
		ids = append(ids, compared[i].Things()...)
	}
	ids = slices.DeleteFunc(ids, func(id store.ID) bool { return id == "" })
	names, err := readThings(ctx, a.store, ids)
	if err != nil {
		return err
	}
	o.cause = causeOf(answer, compared, o.rank)
	o.account = append(understanding(answer, names), fmt.Sprintf("%d matches", answer.Total))
	for i, c := range compared {
		place := 1
		if i == 1 {
			place = o.rank
		}
		o.account = append(o.account, calculation(place, c, names, o.language)...)
	}
	return nil
}

func causeOf(answer contact.Answer, compared []contact.Calculation, rank int) string {
	switch {
	case len(answer.Understood) == 0:
		return notUnderstood
	case rank == 0 && len(answer.NotUnderstood) > 0:
		return partlyRead
	case rank == 0:
		return notReached
	case len(compared[0].Match.Missing) < len(compared[1].Match.Missing):
		return lacksPart
	case compared[1].Match.Score < compared[0].Match.Score:
		return lighter
	}
	return placedBehind
}

func understanding(a contact.Answer, names things) []string {
	var lines []string
	for _, u := range a.Understood {
		line := fmt.Sprintf("understood %q, %s", u.Text, strings.ToLower(string(u.How)))
		if u.Node != "" {
			line += ": " + names.name(u.Node)
		}
		for _, id := range u.Alternatives {
			line += ", or " + names.name(id)
		}
		lines = append(lines, line)
	}
	if len(a.NotUnderstood) > 0 {
		lines = append(lines, fmt.Sprintf("left over %q", a.NotUnderstood))
	}
	if a.Suggestion != "" {
		lines = append(lines, fmt.Sprintf("perhaps meant %q", a.Suggestion))
	}
	return lines
}

// calculation prints a match: what its parts weigh, and its best reasons.
func calculation(place int, c contact.Calculation, names things, language string) []string {
	line := fmt.Sprintf("%d. %s, score %.4f:", place, names.name(c.Match.Node), c.Match.Score)
	for _, f := range c.Facets {
		line += fmt.Sprintf(" %q %.4f", f.Text, f.Evidence)
	}
	for _, r := range c.Roles {
		if r.Lacks {
			line += fmt.Sprintf(", without the role %q", r.Text)
		} else {
			line += fmt.Sprintf(", with the role %q", r.Text)
		}
	}
	if c.After != "" {
		line += ", behind " + names.name(c.After)
	}
	lines := []string{line}
	for _, r := range c.Match.Reasons[:min(reasonsShown, len(c.Match.Reasons))] {
		lines = append(lines, "   "+r.Text(contact.Names(names), language))
	}
	return lines
}

// accountOfHits prints the first hits and the wanted one.
func (a *asker) accountOfHits(ctx context.Context, answer search.Answer, o *outcome) error {
	o.cause = outscored
	if o.rank == 0 {
		o.cause = notFound
	}
	ids := make([]store.ID, len(answer.Hits))
	for i, h := range answer.Hits {
		ids[i] = h.Node.ID
	}
	names, err := readThings(ctx, a.store, ids)
	if err != nil {
		return err
	}
	for i, h := range answer.Hits {
		if i < 3 || i == o.rank-1 {
			o.account = append(o.account, fmt.Sprintf("%d. %s, score %.4f, %s by %q", i+1, names.name(h.Node.ID), h.Score, strings.ToLower(string(h.How)), h.Label.Value))
		}
	}
	return nil
}
