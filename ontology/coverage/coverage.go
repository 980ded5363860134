// Package coverage draws the gap map: for each theme and partner how many
// contacts, projects and instruments are known, and where there is nobody.
//
// It asks a store through the port only, in a number of questions that does not
// depend on the number of cells.
package coverage

import (
	"context"
	"fmt"
	"slices"

	"coopgraph/ontology"
	"coopgraph/store"
)

// The bounds of a map.
const (
	MaxThemes   = 100
	MaxPartners = 100
	// perTheme bounds the facts read for one theme: beyond it, counts are
	// lower bounds.
	perTheme = 5000
)

// Question asks for a map.
type Question struct {
	// Themes are the rows; none for the two upper levels of themes.
	Themes []store.ID
	// Partners are the columns; none for the Benelux+ partners.
	Partners []store.ID
	AsOf     ontology.Day
}

// Map is the answer: a cell for each theme and partner, row by row.
type Map struct {
	Themes, Partners []store.ID
	Cells            []Cell
	// Gaps are the cells without a contact, in the same order.
	Gaps []Gap
}

// Cell says what is known of one theme with one partner. A theme stands for its
// narrower ones too, a partner for its parts and for the organisations in the
// places that it covers.
type Cell struct {
	Theme, Partner store.ID
	// Contacts counts the people and posts with a CURRENT or ATTESTED fact on
	// the theme.
	Contacts int
	// Projects counts the projects on the theme in which the partner takes
	// part, Instruments those on the theme to which it is a party; ended and
	// planned facts do not count.
	Projects, Instruments int
	// Newest is the latest date on which a source attests what was counted; ""
	// for none.
	Newest ontology.PartialDate
}

// Gap is a cell without a contact.
type Gap struct{ Theme, Partner store.ID }

// Draw makes the map. It fails with store.ErrNotFound for a theme or partner
// that does not exist, and store.ErrInvalid for one of the wrong kind or for
// too many.
func Draw(ctx context.Context, reader store.Reader, q Question) (Map, error) {
	if len(q.Themes) > MaxThemes || len(q.Partners) > MaxPartners {
		return Map{}, fmt.Errorf("%w: a map has at most %d themes and %d partners", store.ErrInvalid, MaxThemes, MaxPartners)
	}
	m := Map{Themes: distinct(q.Themes), Partners: distinct(q.Partners)}
	if err := exist(ctx, reader, m); err != nil {
		return Map{}, err
	}
	var err error
	if len(m.Themes) == 0 {
		if m.Themes, err = upperThemes(ctx, reader); err != nil {
			return Map{}, err
		}
	}
	if len(m.Partners) == 0 {
		if m.Partners, err = partners(ctx, reader); err != nil {
			return Map{}, err
		}
	}
	s := &survey{reader: reader, asOf: q.AsOf, theirs: map[store.ID][]int{}, partners: map[store.ID][]int{}}
	if err := s.read(ctx, m.Themes, m.Partners); err != nil {
		return Map{}, err
	}
	for _, theme := range m.Themes {
		for _, c := range s.row(theme, m.Partners) {
			m.Cells = append(m.Cells, c)
			if c.Contacts == 0 {
				m.Gaps = append(m.Gaps, Gap{c.Theme, c.Partner})
			}
		}
	}
	return m, nil
}

func distinct(ids []store.ID) []store.ID {
	var list []store.ID
	for _, id := range ids {
		if !slices.Contains(list, id) {
			list = append(list, id)
		}
	}
	return list
}

// exist checks that the rows and columns asked for are what they should be.
func exist(ctx context.Context, reader store.Reader, m Map) error {
	ids := append(slices.Clone(m.Themes), m.Partners...)
	if len(ids) == 0 {
		return nil
	}
	nodes, err := reader.Nodes(ctx, ids)
	if err != nil {
		return fmt.Errorf("themes and partners: %w", err)
	}
	for i, id := range ids {
		n, ok := nodes[id]
		want := ontology.Theme
		if i >= len(m.Themes) {
			want = ontology.Organisation
		}
		switch {
		case !ok:
			return fmt.Errorf("%w: %s", store.ErrNotFound, id)
		case n.Kind != want:
			return fmt.Errorf("%w: %s is a %s, not a %s", store.ErrInvalid, id, n.Kind, want)
		}
	}
	return nil
}

// themesRead bounds the themes among which the upper ones are looked for.
const themesRead = 5000

// upperThemes lists the themes that have narrower but no broader ones, each
// followed by those directly below it, in the order of their English names.
func upperThemes(ctx context.Context, reader store.Reader) ([]store.ID, error) {
	byName := store.Order{Prop: ontology.NameSort("en")}
	page, err := reader.Find(ctx, []store.Kind{ontology.Theme}, store.Filter{}, store.Paging{Order: byName, Limit: themesRead})
	if err != nil {
		return nil, fmt.Errorf("themes: %w", err)
	}
	ids := make([]store.ID, len(page.Items))
	for i, n := range page.Items {
		ids[i] = n.ID
	}
	if len(ids) == 0 {
		return nil, nil
	}
	broader := store.Step{Legs: []store.Leg{{Rel: ontology.Broader, Dir: store.Out}}, Limit: 1, Order: ontology.ByDate}
	answers, err := reader.Expand(ctx, ids, []store.Step{broader})
	if err != nil {
		return nil, fmt.Errorf("broader themes of %d: %w", len(ids), err)
	}
	var tops []store.ID
	for _, id := range ids {
		if pages := answers[id]; len(pages) == 1 && len(pages[0].Items) == 0 {
			tops = append(tops, id)
		}
	}
	narrower := store.Step{Legs: []store.Leg{{Rel: ontology.Broader, Dir: store.In}}, Limit: MaxThemes, Order: ontology.ByDate}
	if answers, err = reader.Expand(ctx, tops, []store.Step{narrower}); err != nil {
		return nil, fmt.Errorf("narrower themes of %d: %w", len(tops), err)
	}
	var upper []store.ID
	for _, id := range tops {
		pages := answers[id]
		if len(pages) == 0 || len(pages[0].Items) == 0 {
			continue
		}
		upper = append(upper, id)
		for _, h := range pages[0].Items {
			upper = append(upper, h.Node.ID)
		}
	}
	upper = distinct(upper)
	return upper[:min(len(upper), MaxThemes)], nil
}

// partners lists the Benelux+ partners in the order of their English names.
func partners(ctx context.Context, reader store.Reader) ([]store.ID, error) {
	page, err := reader.Find(ctx, []store.Kind{ontology.Organisation}, store.Filter{
		Conds: []store.Cond{{Prop: "roles", Op: store.Any, Values: []any{"BENELUX_PLUS_PARTNER"}}},
	}, store.Paging{Order: store.Order{Prop: ontology.NameSort("en")}, Limit: MaxPartners})
	if err != nil {
		return nil, fmt.Errorf("partners: %w", err)
	}
	ids := make([]store.ID, len(page.Items))
	for i, n := range page.Items {
		ids[i] = n.ID
	}
	return ids, nil
}
