package coverage

import (
	"context"
	"fmt"
	"slices"

	"coopgraph/ontology"
	"coopgraph/store"
)

// survey holds what the cells are counted from.
type survey struct {
	reader store.Reader
	asOf   ontology.Day

	// closure are a theme and all narrower ones.
	closure map[store.ID][]store.ID
	// on are the things on a theme.
	on map[store.ID][]entry
	// of are the organisations of a person, post, project or instrument.
	of map[store.ID][]store.ID
	// within are what an organisation belongs to: itself, what it is part of,
	// and the places it is in.
	within map[store.ID][]store.ID
	// reach are what makes an organisation the partner's: the partner itself,
	// and the places it covers.
	reach map[store.ID]map[store.ID]bool
	// partners are the places of the partners whose a thing is.
	partners map[store.ID][]int
}

// entry is a thing with a fact that puts it on a theme.
type entry struct {
	id     store.ID
	kind   store.Kind
	status ontology.Status
	seen   ontology.PartialDate
}

// counted says whether the fact counts for a thing of its kind.
func (e entry) counted() bool {
	switch e.kind {
	case ontology.Person, ontology.Post:
		return e.status == ontology.Current || e.status == ontology.Attested
	}
	return e.status != ontology.Ended && e.status != ontology.Planned
}

// read opens the trees of themes and partners, then asks a level at a time:
// what is on the themes, whose it is, and where those are.
func (s *survey) read(ctx context.Context, themes, partners []store.ID) error {
	if err := s.openThemes(ctx, themes); err != nil {
		return err
	}
	if err := s.openPartners(ctx, partners); err != nil {
		return err
	}
	if err := s.readThemes(ctx); err != nil {
		return err
	}
	if err := s.readOwners(ctx); err != nil {
		return err
	}
	return s.readOrganisations(ctx)
}

func step(legs ...store.Leg) store.Step {
	return store.Step{Legs: legs, Order: ontology.ByFreshness}
}

// whole is the step that follows a leg as far as it leads.
func whole(leg store.Leg, kind store.Kind) store.Step {
	s := step(leg)
	s.Through = &leg
	s.Kinds = []store.Kind{kind}
	return s
}

func (s *survey) expand(ctx context.Context, what string, ids []store.ID, steps ...store.Step) (map[store.ID][]store.Page[store.Hop], error) {
	if len(ids) == 0 {
		return map[store.ID][]store.Page[store.Hop]{}, nil
	}
	slices.Sort(ids)
	answers, err := s.reader.Expand(ctx, slices.Compact(ids), steps)
	if err != nil {
		return nil, fmt.Errorf("%s of %d things: %w", what, len(ids), err)
	}
	return answers, nil
}

func (s *survey) openThemes(ctx context.Context, themes []store.ID) error {
	answers, err := s.expand(ctx, "narrower themes", slices.Clone(themes), whole(store.Leg{Rel: ontology.Broader, Dir: store.In}, ontology.Theme))
	if err != nil {
		return err
	}
	s.closure = map[store.ID][]store.ID{}
	for _, id := range themes {
		s.closure[id] = []store.ID{id}
		for _, page := range answers[id] {
			for _, h := range page.Items {
				if h.Node.ID != id {
					s.closure[id] = append(s.closure[id], h.Node.ID)
				}
			}
		}
	}
	return nil
}

func (s *survey) openPartners(ctx context.Context, partners []store.ID) error {
	answers, err := s.expand(ctx, "places", slices.Clone(partners), step(store.Leg{Rel: ontology.Covers, Dir: store.Out}))
	if err != nil {
		return err
	}
	s.reach = map[store.ID]map[store.ID]bool{}
	for _, id := range partners {
		s.reach[id] = map[store.ID]bool{id: true}
		for _, page := range answers[id] {
			for _, h := range page.Items {
				if ok, _, err := s.holds(h); err != nil {
					return err
				} else if ok {
					s.reach[id][h.Node.ID] = true
				}
			}
		}
	}
	return nil
}

// holds says whether the fact of a hop has neither ended nor is planned.
func (s *survey) holds(h store.Hop) (bool, ontology.Fact, error) {
	f, err := ontology.FactOf(h.Edge)
	if err != nil {
		return false, f, fmt.Errorf("fact of a map: %w", err)
	}
	status := f.Status(s.asOf)
	return status != ontology.Ended && status != ontology.Planned, f, nil
}

func (s *survey) readThemes(ctx context.Context) error {
	var all []store.ID
	for _, list := range s.closure {
		all = append(all, list...)
	}
	on := step(store.Leg{Rel: ontology.HasExpertise, Dir: store.In}, store.Leg{Rel: ontology.WorksOn, Dir: store.In})
	on.Kinds = []store.Kind{ontology.Person, ontology.Post, ontology.Project, ontology.Instrument}
	on.Limit = perTheme
	answers, err := s.expand(ctx, "what is on the themes", all, on)
	if err != nil {
		return err
	}
	s.on = map[store.ID][]entry{}
	for theme, pages := range answers {
		for _, page := range pages {
			for _, h := range page.Items {
				_, f, err := s.holds(h)
				if err != nil {
					return err
				}
				e := entry{id: h.Node.ID, kind: h.Node.Kind, status: f.Status(s.asOf), seen: f.Witnessed}
				if e.counted() {
					s.on[theme] = append(s.on[theme], e)
				}
			}
		}
	}
	return nil
}

func (s *survey) readOwners(ctx context.Context) error {
	var things []store.ID
	for _, list := range s.on {
		for _, e := range list {
			things = append(things, e.id)
		}
	}
	held := step(store.Leg{Rel: ontology.Holds, Dir: store.Out})
	held.Then = []store.Step{step(store.Leg{Rel: ontology.PostIn, Dir: store.Out})}
	near := step(
		store.Leg{Rel: ontology.MemberOf, Dir: store.Out}, store.Leg{Rel: ontology.PostIn, Dir: store.Out},
		store.Leg{Rel: ontology.ParticipatesIn, Dir: store.In}, store.Leg{Rel: ontology.PartyTo, Dir: store.In},
	)
	answers, err := s.expand(ctx, "organisations", things, near, held)
	if err != nil {
		return err
	}
	s.of = map[store.ID][]store.ID{}
	for id, pages := range answers {
		for _, page := range pages {
			if err := s.collect(s.of, id, page, ontology.Organisation); err != nil {
				return err
			}
		}
	}
	return nil
}

// collect adds the far things of a kind, whose facts hold, at any depth.
func (s *survey) collect(into map[store.ID][]store.ID, id store.ID, page store.Page[store.Hop], kinds ...store.Kind) error {
	for _, h := range page.Items {
		ok, _, err := s.holds(h)
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		if slices.Contains(kinds, h.Node.Kind) && !slices.Contains(into[id], h.Node.ID) {
			into[id] = append(into[id], h.Node.ID)
		}
		for _, then := range h.Then {
			if err := s.collect(into, id, then, kinds...); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *survey) readOrganisations(ctx context.Context) error {
	var organisations []store.ID
	for _, list := range s.of {
		organisations = append(organisations, list...)
	}
	up := store.Leg{Rel: ontology.PartOf, Dir: store.Out}
	in := step(store.Leg{Rel: ontology.LocatedIn, Dir: store.Out}, store.Leg{Rel: ontology.Covers, Dir: store.Out})
	in.Then = []store.Step{whole(up, ontology.Place)}
	answers, err := s.expand(ctx, "places and wholes", organisations, whole(up, ontology.Organisation), in)
	if err != nil {
		return err
	}
	s.within = map[store.ID][]store.ID{}
	for id, pages := range answers {
		s.within[id] = []store.ID{id}
		for _, page := range pages {
			if err := s.collect(s.within, id, page, ontology.Organisation, ontology.Place); err != nil {
				return err
			}
		}
	}
	return nil
}

// row counts the cells of one theme.
func (s *survey) row(theme store.ID, partners []store.ID) []Cell {
	cells := make([]Cell, len(partners))
	for i, p := range partners {
		cells[i] = Cell{Theme: theme, Partner: p}
	}
	seen := map[store.ID]bool{}
	for _, t := range s.closure[theme] {
		for _, e := range s.on[t] {
			counted := seen[e.id]
			seen[e.id] = true
			for _, i := range s.partnersOf(e.id, partners) {
				cells[i].add(e, counted)
			}
		}
	}
	return cells
}

// add counts a thing, once, and the date of each of its facts.
func (c *Cell) add(e entry, counted bool) {
	if e.seen.Newer(c.Newest) {
		c.Newest = e.seen
	}
	if counted {
		return
	}
	switch e.kind {
	case ontology.Person, ontology.Post:
		c.Contacts++
	case ontology.Project:
		c.Projects++
	case ontology.Instrument:
		c.Instruments++
	}
}

// partnersOf lists the places of the partners whose thing it is: one of its
// organisations is the partner, part of it, or in a place that it covers.
func (s *survey) partnersOf(thing store.ID, partners []store.ID) []int {
	if of, ok := s.partners[thing]; ok {
		return of
	}
	var of []int
	for i, partner := range partners {
		if slices.ContainsFunc(s.of[thing], func(organisation store.ID) bool {
			return slices.ContainsFunc(s.within[organisation], func(id store.ID) bool { return s.reach[partner][id] })
		}) {
			of = append(of, i)
		}
	}
	s.partners[thing] = of
	return of
}
