package contact

import (
	"context"
	"fmt"
	"slices"

	"coopgraph/ontology"
	"coopgraph/ontology/search"
	"coopgraph/ontology/text"
	"coopgraph/store"
)

// maxBridges bounds the themes of other schemes that a theme is taken with.
const maxBridges = 6

// bridge takes each theme that the text names with the themes of other schemes
// that bear one of its own names as a whole: who asks in French means also the
// themes of a list that is in English. Alone, a theme is the one named: nothing
// narrows down the lists that it would bring in.
func (u *understanding) bridge(ctx context.Context) error {
	if u.things() < 2 {
		return nil
	}
	type side struct {
		reading *reading
		texts   []string
	}
	var sides []side
	var all []string
	for _, f := range u.facets {
		for _, r := range f.readings {
			if f.start < 0 || u.nodes[r.roots[0]].Kind != ontology.Theme {
				continue
			}
			s := side{reading: r}
			for _, id := range r.roots {
				s.texts = append(s.texts, properNames(u.nodes[id])...)
			}
			sides = append(sides, s)
			all = append(all, s.texts...)
		}
	}
	slices.Sort(all)
	all = slices.Compact(all)
	if len(all) == 0 {
		return nil
	}
	answers, err := search.Spans(ctx, u.reader, all, []store.Kind{ontology.Theme}, u.question.Language)
	if err != nil {
		return fmt.Errorf("themes of the same names: %w", err)
	}
	for _, s := range sides {
		added := 0
		for i, name := range all {
			if !slices.Contains(s.texts, name) {
				continue
			}
			for _, m := range answers[i].Matches {
				if m.How == search.Exact && m.Label.Type != text.Acronym && !s.reading.isRoot(m.Node.ID) && added < maxBridges {
					u.nodes[m.Node.ID] = m.Node
					s.reading.add(m.Node.ID)
					added++
				}
			}
		}
	}
	return nil
}

// add takes a reading with a further thing.
func (r *reading) add(id store.ID) {
	r.roots = append(r.roots, id)
	r.open[id] = newReading(id).open[id]
}

// things is the number of facets that are things.
func (u *understanding) things() int {
	n := 0
	for _, f := range u.facets {
		if len(f.readings) > 0 {
			n++
		}
	}
	return n
}

// properNames are the official names of a node and their translations.
func properNames(n store.Node) []string {
	encoded, _ := n.Props[search.LabelsProp].(string)
	var names []string
	for _, label := range text.Decode(encoded) {
		if label.Type == text.Official || label.Type == text.Translation {
			names = append(names, label.Value)
		}
	}
	return names
}

// levelsUp is the number of steps from a thing to what it is part of, and
// maxAround the number of things on each.
const (
	levelsUp  = 3
	maxAround = 20
)

// nest finds the things of the question that another thing of it is a part of,
// or, if that is an activity, lies in: "WP2 of the project" is WP2, and who has
// to do with it has to do with the whole. They restrict nothing.
func (u *understanding) nest(ctx context.Context) error {
	var ids []store.ID
	for _, f := range u.facets {
		for _, r := range f.readings {
			for _, id := range r.roots {
				if _, ok := surroundings[u.nodes[id].Kind]; ok {
					ids = append(ids, id)
				}
			}
		}
	}
	if u.things() < 2 || len(ids) == 0 {
		return nil
	}
	around, err := u.around(ctx, ids)
	if err != nil {
		return err
	}
	u.implied = map[*facet]bool{}
	for _, wide := range u.facets {
		for _, f := range u.facets {
			if f != wide && !u.implied[f] && f.within(wide, around) {
				u.implied[wide] = true
			}
		}
	}
	return nil
}

// surroundings are the relations, by kind of thing, to what includes it. Where a
// body is says which one is meant, and is asked for.
var surroundings = map[store.Kind][]store.Rel{
	ontology.Organisation: {ontology.PartOf},
	ontology.Project:      {ontology.PartOf, ontology.LocatedIn},
	ontology.Instrument:   {ontology.PartOf},
	ontology.Event:        {ontology.PartOf, ontology.LocatedIn},
}

// around gives what each of the things is part of, and lies in.
func (u *understanding) around(ctx context.Context, ids []store.ID) (map[store.ID]map[store.ID]bool, error) {
	part := store.Leg{Rel: ontology.PartOf, Dir: store.Out}
	in := store.Step{Legs: []store.Leg{part, {Rel: ontology.LocatedIn, Dir: store.Out}}, Limit: maxAround}
	up := in
	for range levelsUp - 1 {
		next := store.Step{Legs: []store.Leg{part}, Limit: maxAround}
		next.Then = up.Then
		up.Then = []store.Step{next}
	}
	slices.Sort(ids)
	answers, err := u.reader.Expand(ctx, slices.Compact(ids), []store.Step{up})
	if err != nil {
		return nil, fmt.Errorf("what %d things are part of: %w", len(ids), err)
	}
	around := make(map[store.ID]map[store.ID]bool, len(answers))
	for id, pages := range answers {
		around[id] = map[store.ID]bool{}
		for _, h := range pages[0].Items {
			if slices.Contains(surroundings[u.nodes[id].Kind], h.Edge.Rel) {
				collect(around[id], h)
			}
		}
	}
	return around, nil
}

// collect adds a hop's thing and those behind it.
func collect(to map[store.ID]bool, h store.Hop) {
	to[h.Node.ID] = true
	for _, page := range h.Then {
		for _, then := range page.Items {
			collect(to, then)
		}
	}
}

// within says whether each reading of the facet is in a reading of another.
func (f *facet) within(wide *facet, around map[store.ID]map[store.ID]bool) bool {
	if len(f.readings) == 0 {
		return false
	}
	for _, r := range f.readings {
		inside := slices.ContainsFunc(wide.readings, func(w *reading) bool {
			return slices.ContainsFunc(w.roots, func(id store.ID) bool { return around[r.roots[0]][id] })
		})
		if !inside {
			return false
		}
	}
	return true
}
