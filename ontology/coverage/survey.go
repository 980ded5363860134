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
	// theirs are the places of the partners whose an organisation is: it is the
	// partner, part of it, or in a place that it covers.
	theirs map[store.ID][]int
	// of are those organisations of a person, post, project or instrument.
	of map[store.ID][]store.ID
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
// what is on the themes, which organisations are the partners', and whose of
// them each thing is.
func (s *survey) read(ctx context.Context, themes, partners []store.ID) error {
	if err := s.openThemes(ctx, themes); err != nil {
		return err
	}
	if err := s.readThemes(ctx); err != nil {
		return err
	}
	places, err := s.openPartners(ctx, partners)
	if err != nil {
		return err
	}
	if err := s.readResidents(ctx, places); err != nil {
		return err
	}
	return s.readOwners(ctx)
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

// openPartners notes the partners' own organisations, and gives the places that
// each covers, with those inside.
func (s *survey) openPartners(ctx context.Context, partners []store.ID) (map[store.ID][]int, error) {
	inside := store.Leg{Rel: ontology.PartOf, Dir: store.In}
	covers := step(store.Leg{Rel: ontology.Covers, Dir: store.Out})
	covers.Kinds = []store.Kind{ontology.Place}
	covers.Then = []store.Step{whole(inside, ontology.Place)}
	answers, err := s.expand(ctx, "parts and places", slices.Clone(partners), whole(inside, ontology.Organisation), covers)
	if err != nil {
		return nil, err
	}
	places := map[store.ID][]int{}
	for i, partner := range partners {
		pages := answers[partner]
		if len(pages) != 2 {
			continue
		}
		if err := s.grow(s.theirs, partner, i, pages[0]); err != nil {
			return nil, err
		}
		for _, h := range pages[1].Items {
			ok, _, err := s.holds(h)
			if err != nil {
				return nil, err
			}
			if !ok {
				continue
			}
			for _, inner := range h.Then {
				if err := s.grow(places, h.Node.ID, i, inner); err != nil {
					return nil, err
				}
			}
		}
	}
	return places, nil
}

// grow notes a root for the i-th partner, and what is inside it by facts that
// hold. The page gives each part once, with the fact that joins it to its
// whole.
func (s *survey) grow(into map[store.ID][]int, root store.ID, i int, page store.Page[store.Hop]) error {
	parts := map[store.ID][]store.ID{}
	for _, h := range page.Items {
		ok, f, err := s.holds(h)
		if err != nil {
			return err
		}
		if ok {
			parts[f.Object] = append(parts[f.Object], h.Node.ID)
		}
	}
	seen := map[store.ID]bool{root: true}
	for level := []store.ID{root}; len(level) > 0; {
		var next []store.ID
		for _, id := range level {
			note(into, id, i)
			for _, part := range parts[id] {
				if !seen[part] {
					seen[part] = true
					next = append(next, part)
				}
			}
		}
		level = next
	}
	return nil
}

// note adds the i-th partner to those of a thing.
func note(into map[store.ID][]int, id store.ID, i int) {
	if !slices.Contains(into[id], i) {
		into[id] = append(into[id], i)
	}
}

// readResidents notes the organisations in the partners' places.
func (s *survey) readResidents(ctx context.Context, places map[store.ID][]int) error {
	in := step(store.Leg{Rel: ontology.LocatedIn, Dir: store.In}, store.Leg{Rel: ontology.Covers, Dir: store.In})
	in.Kinds = []store.Kind{ontology.Organisation}
	answers, err := s.expand(ctx, "organisations", keys(places), in)
	if err != nil {
		return err
	}
	for place, pages := range answers {
		for _, page := range pages {
			for _, h := range page.Items {
				ok, _, err := s.holds(h)
				if err != nil {
					return err
				}
				if !ok {
					continue
				}
				for _, i := range places[place] {
					note(s.theirs, h.Node.ID, i)
				}
			}
		}
	}
	return nil
}

func keys[T any](m map[store.ID]T) []store.ID {
	ids := make([]store.ID, 0, len(m))
	for id := range m {
		ids = append(ids, id)
	}
	return ids
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

// readOwners finds the partners' organisations of the things on the themes,
// from whichever of the two are fewer.
func (s *survey) readOwners(ctx context.Context) error {
	things := map[store.ID]bool{}
	for _, list := range s.on {
		for _, e := range list {
			things[e.id] = true
		}
	}
	s.of = map[store.ID][]store.ID{}
	if len(things) <= len(s.theirs) {
		return s.readOwnersOf(ctx, things)
	}
	return s.readOwned(ctx, things)
}

// readOwnersOf goes from things to their organisations.
func (s *survey) readOwnersOf(ctx context.Context, things map[store.ID]bool) error {
	held := step(store.Leg{Rel: ontology.Holds, Dir: store.Out})
	held.Then = []store.Step{step(store.Leg{Rel: ontology.PostIn, Dir: store.Out})}
	near := step(
		store.Leg{Rel: ontology.MemberOf, Dir: store.Out}, store.Leg{Rel: ontology.PostIn, Dir: store.Out},
		store.Leg{Rel: ontology.ParticipatesIn, Dir: store.In}, store.Leg{Rel: ontology.PartyTo, Dir: store.In},
	)
	answers, err := s.expand(ctx, "organisations", keys(things), near, held)
	if err != nil {
		return err
	}
	for thing, pages := range answers {
		for _, page := range pages {
			if err := s.each(page, func(far store.ID) {
				if s.theirs[far] != nil {
					s.of[thing] = append(s.of[thing], far)
				}
			}); err != nil {
				return err
			}
		}
	}
	return nil
}

// readOwned goes from organisations to their things.
func (s *survey) readOwned(ctx context.Context, things map[store.ID]bool) error {
	posts := step(store.Leg{Rel: ontology.PostIn, Dir: store.In})
	posts.Then = []store.Step{step(store.Leg{Rel: ontology.Holds, Dir: store.In})}
	near := step(
		store.Leg{Rel: ontology.MemberOf, Dir: store.In},
		store.Leg{Rel: ontology.ParticipatesIn, Dir: store.Out}, store.Leg{Rel: ontology.PartyTo, Dir: store.Out},
	)
	answers, err := s.expand(ctx, "things", keys(s.theirs), near, posts)
	if err != nil {
		return err
	}
	for organisation, pages := range answers {
		for _, page := range pages {
			if err := s.each(page, func(far store.ID) {
				if things[far] {
					s.of[far] = append(s.of[far], organisation)
				}
			}); err != nil {
				return err
			}
		}
	}
	return nil
}

// each calls do for the far things of a page, at any depth, whose facts hold.
func (s *survey) each(page store.Page[store.Hop], do func(store.ID)) error {
	for _, h := range page.Items {
		ok, _, err := s.holds(h)
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		do(h.Node.ID)
		for _, then := range h.Then {
			if err := s.each(then, do); err != nil {
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
			for _, i := range s.partnersOf(e.id) {
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

// partnersOf lists the places of the partners whose thing it is.
func (s *survey) partnersOf(thing store.ID) []int {
	if of, ok := s.partners[thing]; ok {
		return of
	}
	var of []int
	for _, organisation := range s.of[thing] {
		for _, i := range s.theirs[organisation] {
			if !slices.Contains(of, i) {
				of = append(of, i)
			}
		}
	}
	s.partners[thing] = of
	return of
}
