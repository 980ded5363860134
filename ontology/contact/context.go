package contact

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"coopgraph/ontology"
	"coopgraph/ontology/search"
	"coopgraph/ontology/text"
	"coopgraph/store"
)

// described bounds the contacts of each facet whose names are looked at.
const described = 100

// settle reads once more what names alone do not settle, by the contacts that
// the rest of the question leads to: "hospital" in "hospital in Terneuzen" is
// the one of that name which is there. What is a part only of some names, and
// leads to nobody, is not understood. It gives the facets that count.
func (u *understanding) settle(ctx context.Context, g *graph, facets []*facet) ([]*facet, error) {
	runs := u.runs()
	open := func(f *facet) bool { return f.start >= 0 && (f.how != Exact || u.isPlace(f)) && f.speaks == nil }
	if len(facets) > 1 && slices.ContainsFunc(facets, open) || len(runs) > 0 {
		contacts, err := u.namesOfContacts(ctx, g, facets)
		if err != nil {
			return nil, err
		}
		for _, f := range facets {
			if open(f) {
				u.describe(g, f, contacts, facets)
			}
		}
		for _, r := range runs {
			f := &facet{text: u.written(r.start, r.end), how: Stem, start: r.start, end: r.end}
			if u.describe(g, f, contacts, facets); len(f.readings) > 0 {
				u.explain(r.start, r.end)
				u.facets, facets = append(u.facets, f), append(facets, f)
			}
		}
	}
	return u.dropLoose(facets), nil
}

// isPlace says whether the facet may mean a place.
func (u *understanding) isPlace(f *facet) bool {
	return slices.ContainsFunc(f.readings, func(r *reading) bool { return u.nodes[r.roots[0]].Kind == ontology.Place })
}

// dropLoose leaves out what is a part of names that lead to nobody, or to nobody
// to whom anything else leads, where the rest of the question leads to somebody.
func (u *understanding) dropLoose(facets []*facet) []*facet {
	wrong := map[*facet]bool{}
	apart := func(f *facet) bool { return f.loose && !f.meets(facets) }
	astray := answered(slices.DeleteFunc(slices.Clone(facets), apart))
	for _, f := range facets {
		wrong[f] = f.loose && !f.leads() || astray && apart(f)
	}
	maps.DeleteFunc(wrong, func(_ *facet, is bool) bool { return !is })
	if len(wrong) == 0 || len(wrong) == len(facets) {
		return facets
	}
	for f := range wrong {
		for i := f.start; i < f.end; i++ {
			u.words[i].explained = false
		}
	}
	is := func(f *facet) bool { return wrong[f] }
	u.facets = slices.DeleteFunc(u.facets, is)
	return slices.DeleteFunc(facets, is)
}

// leads says whether the facet has evidence about anybody.
func (f *facet) leads() bool {
	return slices.ContainsFunc(f.readings, func(r *reading) bool { return r.leads() })
}

// meets says whether somebody to whom the facet leads has something to do with
// another one too.
func (f *facet) meets(facets []*facet) bool {
	for _, r := range f.readings {
		for id := range r.found {
			if !lacks(f.evidence(id)) && slices.ContainsFunc(facets, func(o *facet) bool { return o != f && !lacks(o.evidence(id)) }) {
				return true
			}
		}
	}
	return false
}

// answered says whether somebody has to do with all facets of several, or is the
// only one.
func answered(facets []*facet) bool {
	if len(facets) == 0 {
		return false
	}
	for _, r := range facets[0].readings {
		for id, found := range r.found {
			if len(facets) == 1 && (!found.itself || facets[0].how != Exact) {
				continue
			}
			if !slices.ContainsFunc(facets, func(f *facet) bool { return lacks(f.evidence(id)) }) {
				return true
			}
		}
	}
	return false
}

// namesOfContacts reads the labels of the contacts with most evidence.
func (u *understanding) namesOfContacts(ctx context.Context, g *graph, facets []*facet) (map[store.ID]store.Node, error) {
	wanted := map[store.ID]bool{}
	for _, f := range facets {
		for _, id := range f.best(described) {
			wanted[id] = true
		}
	}
	if len(wanted) == 0 {
		return nil, nil //nolint:nilnil // no contacts have no names
	}
	nodes, err := g.reader.Nodes(ctx, sortedIDs(wanted))
	if err != nil {
		return nil, fmt.Errorf("names of %d contacts: %w", len(wanted), err)
	}
	return nodes, nil
}

// describe adds to a facet the contacts of the others whose name holds its
// words: each is a reading of its own.
func (u *understanding) describe(g *graph, f *facet, contacts map[store.ID]store.Node, facets []*facet) {
	weights := map[store.ID]float64{}
	for id, n := range contacts {
		if f.evidence(id) == 1 || !u.bears(n, run{f.start, f.end}) {
			continue
		}
		for _, other := range facets {
			if other != f && !lacks(other.evidence(id)) {
				weights[id] += other.evidence(id)
			}
		}
	}
	ids := make([]store.ID, 0, len(weights))
	for id := range weights {
		ids = append(ids, id)
	}
	sortByWeight(ids, weights)
	var readings []*reading
	for _, id := range ids[:min(len(ids), maxReadings)] {
		u.nodes[id] = contacts[id]
		r := newReading(id)
		r.at(id).itself = true
		readings = append(readings, r)
	}
	f.readings = append(readings, f.readings...)
}

// bears says whether a label of the node holds the words of the run.
func (u *understanding) bears(n store.Node, r run) bool {
	encoded, _ := n.Props[search.LabelsProp].(string)
	var label text.Encoded
	for encoded != "" {
		encoded = label.Next(encoded)
		if u.standsIn(r, label.Words) {
			return true
		}
	}
	return false
}

// tell says what was understood and what was not.
func (u *understanding) tell(a *Answer) {
	a.Understood = u.report()
	for _, r := range u.runs() {
		a.NotUnderstood = append(a.NotUnderstood, u.written(r.start, r.end))
	}
	if len(a.NotUnderstood) > 0 {
		a.Suggestion = u.suggestion
	}
}
