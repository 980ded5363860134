// Package contact finds the right contact: it understands what a colleague
// types, gathers the evidence that leads from the things named to people,
// posts and organisations, combines it into a ranking, and explains each answer
// by the facts it rests on. The model is CONTACTS.md; the weights stand in
// package evidence.
//
// It asks a store through the port only, and knows nothing of GraphQL.
package contact

import (
	"context"
	"fmt"
	"slices"

	"coopgraph/ontology"
	"coopgraph/ontology/evidence"
	"coopgraph/store"
)

// Question is what is asked. Every part given must be borne out by evidence.
type Question struct {
	// About is free text in Dutch, French, German or English.
	About string
	// Themes, Organisations, Places and Projects are things that the answer
	// must have to do with, each a facet of its own. One that does not exist
	// fails the question with store.ErrNotFound.
	Themes, Organisations, Places, Projects []store.ID
	// Speaks are BCP 47 tags: any of them will do.
	Speaks []string
	// AsOf is the day asked about. "" is the one that About names, else Today.
	AsOf ontology.Day
	// Today is the day on which the question is asked.
	Today ontology.Day
	// Language is the reader's: "nl", "fr", "de" or "en".
	Language string
}

// How says in what way a part of the question was understood.
type How string

// The ways of understanding.
const (
	// Exact: the words are a name of the thing.
	Exact How = "EXACT"
	// Stem: they are one but for inflection.
	Stem How = "STEM"
	// Corrected: they are near enough to one.
	Corrected How = "CORRECTED"
	// Role: they name what the contact does, not a thing.
	Role How = "ROLE"
	// Language: they name a language to be spoken.
	Language How = "LANGUAGE"
	// Date: they name the day asked about.
	Date How = "DATE"
)

// Understood is a part of the question that was understood.
type Understood struct {
	// Text is the question's words; for an argument the thing's name or the
	// tag.
	Text string
	How  How
	// Node is the thing; "" for a role, a language or a date.
	Node store.ID
	// Alternatives are other things of that name; all of them were followed.
	Alternatives []store.ID
}

// Missing is a part of the question that a contact has no evidence for.
type Missing struct {
	Text string
	// Node is the thing; "" for a role or a language.
	Node store.ID
}

// Match is a contact.
type Match struct {
	Node store.ID
	Kind store.Kind
	// Score is in [0, 1], to four digits.
	Score float64
	// Status is that of the weakest fact of the best reason; of a contact that
	// is the thing named, its own, or UNDATED.
	Status  ontology.Status
	Missing []Missing
	// Reasons are at most five, best first.
	Reasons []Reason
}

// Answer is what was understood, and the contacts, best first.
type Answer struct {
	// AsOf is the day for which the answer holds.
	AsOf          ontology.Day
	Understood    []Understood
	NotUnderstood []string
	// Suggestion is the question as it may have been meant, "" where there is
	// none.
	Suggestion string
	Matches    []Match
	// Total is the number of matches: a lower bound where Cut.
	Total int
	// Cut says that a bound left evidence out.
	Cut bool
}

// Find answers a question. Nothing understood gives no matches. memory, which
// may be nil, is one kept for this store. Errors are the store's, and
// store.ErrInvalid for arguments of a wrong kind.
func Find(ctx context.Context, reader store.Reader, memory *Memory, q Question) (Answer, error) {
	e, err := explain(ctx, reader, memory, q)
	if err != nil {
		return Answer{}, err
	}
	return e.Answer, nil
}

// find answers a question and keeps what was weighed: the ranking holds a
// candidate for each match.
func find(ctx context.Context, reader store.Reader, memory *Memory, q Question) (Answer, *ranking, error) {
	// Before anything is read: nothing that is kept may be older than its stamp.
	remembered, err := memory.at(ctx, reader, q.Today)
	if err != nil {
		return Answer{}, nil, err
	}
	u := understanding{reader: reader, question: q}
	if err := u.read(ctx); err != nil {
		return Answer{}, nil, fmt.Errorf("understand: %w", err)
	}
	answer := Answer{AsOf: u.asOf}
	g := newGraph(reader, remembered.on(u.asOf), u.asOf)
	r := &ranking{graph: g, facets: u.counting(), roles: u.roles()}
	if len(r.facets) == 0 {
		u.tell(&answer)
		return answer, r, nil
	}
	for _, n := range u.nodes {
		g.meet(n)
	}
	readings, err := g.evidence(ctx, r.facets, u.named())
	if err != nil {
		return Answer{}, nil, err
	}
	if r.facets, err = u.settle(ctx, g, r.facets); err != nil {
		return Answer{}, nil, err
	}
	u.tell(&answer)
	for _, r := range readings {
		answer.Cut = answer.Cut || r.cut
	}
	if answer.Matches, err = r.rank(ctx); err != nil {
		return Answer{}, nil, fmt.Errorf("combine: %w", err)
	}
	answer.Total = len(answer.Matches)
	answer.Cut = answer.Cut || r.cut
	return answer, r, nil
}

// evidence opens the trees of the facets and gathers what leads from them to
// contacts, and gives the readings that are left. named are the things of the
// question.
func (g *graph) evidence(ctx context.Context, facets []*facet, named map[store.ID]bool) ([]*reading, error) {
	var readings []*reading
	for _, f := range facets {
		readings = append(readings, f.readings...)
	}
	if len(readings) == 0 {
		return nil, nil
	}
	if err := g.openTrees(ctx, readings); err != nil {
		return nil, err
	}
	readings = nil
	for _, f := range facets {
		f.join()
		readings = append(readings, f.readings...)
	}
	if err := g.gather(ctx, readings, named); err != nil {
		return nil, fmt.Errorf("gather: %w", err)
	}
	if err := g.check(ctx, facets, named); err != nil {
		return nil, fmt.Errorf("check: %w", err)
	}
	if err := g.seat(ctx, facets); err != nil {
		return nil, err
	}
	for _, f := range facets {
		f.prefer()
	}
	return readings, nil
}

// facet is one thing that a contact must have to do with, or a language.
type facet struct {
	text     string
	how      How
	readings []*reading
	// loose says that the words are a part only of the things' names.
	loose bool
	// speaks are the languages of a facet without readings.
	speaks []string
	// start and end are the facet's place in the question's words; -1 for an
	// argument.
	start, end int
}

// node is the thing the facet means first; "" for a language.
func (f *facet) node() store.ID {
	if len(f.readings) == 0 {
		return ""
	}
	return f.readings[0].roots[0]
}

// prefer puts the readings that lead to contacts before those that lead to
// nobody.
func (f *facet) prefer() {
	slices.SortStableFunc(f.readings, func(a, b *reading) int { return boolOrder(b.leads(), a.leads()) })
}

// best lists the contacts of the facet with most evidence.
func (f *facet) best(n int) []store.ID {
	all := map[store.ID]bool{}
	for _, r := range f.readings {
		for id := range r.found {
			all[id] = true
		}
	}
	ids := sortedIDs(all)
	weights := make(map[store.ID]float64, len(ids))
	for _, id := range ids {
		weights[id] = f.evidence(id)
	}
	sortByWeight(ids, weights)
	return ids[:min(n, len(ids))]
}

// evidence is what the facet's best reading has about the contact.
func (f *facet) evidence(id store.ID) float64 {
	best := 0.0
	for _, r := range f.readings {
		best = max(best, r.found[id].evidence())
	}
	return best
}

// finding is that of the best reading; nil where none has evidence.
func (f *facet) finding(id store.ID) *finding {
	var best *finding
	for _, r := range f.readings {
		if found := r.found[id]; found != nil && (best == nil || found.evidence() > best.evidence()) {
			best = found
		}
	}
	return best
}

// speaksAny says whether one of the languages is among those spoken; regions
// and scripts do not matter.
func speaksAny(spoken, wanted []string) bool {
	for _, s := range spoken {
		for _, w := range wanted {
			if baseLanguage(s) == baseLanguage(w) {
				return true
			}
		}
	}
	return false
}

// lacks says whether a contact with the evidence has nothing of a facet.
func lacks(e float64) bool { return e <= evidence.Floor }
