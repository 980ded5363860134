package coverage_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"coopgraph/ontology"
	"coopgraph/ontology/coverage"
	"coopgraph/ontology/sketch"
	"coopgraph/store"
	"coopgraph/store/sqlite"
)

const today ontology.Day = "2026-11-22"

func load(tb testing.TB, g *sketch.Graph) store.Store {
	tb.Helper()
	ctx := context.Background()
	s, err := sqlite.Open(ctx, filepath.Join(tb.TempDir(), "test.db"), ontology.Schema())
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := s.Close(ctx); err != nil {
			tb.Error(err)
		}
	})
	if err := g.Load(ctx, s); err != nil {
		tb.Fatal(err)
	}
	return s
}

func draw(tb testing.TB, s store.Reader, q coverage.Question) coverage.Map {
	tb.Helper()
	if q.AsOf == "" {
		q.AsOf = today
	}
	m, err := coverage.Draw(context.Background(), s, q)
	if err != nil {
		tb.Fatal(err)
	}
	return m
}

// known is a graph of two partners and three levels of themes.
func known() *sketch.Graph {
	g := sketch.New()
	g.Thing(ontology.Theme, "Green transition", nil)
	g.Thing(ontology.Theme, "Energy", nil)
	g.Thing(ontology.Theme, "Hydrogen", nil)
	g.Thing(ontology.Theme, "Alone", nil)
	g.Fact("Energy", ontology.Broader, "Green transition", "")
	g.Fact("Hydrogen", ontology.Broader, "Energy", "")
	partner := ontology.Values{"roles": []string{"BENELUX_PLUS_PARTNER"}}
	g.Thing(ontology.Organisation, "Baltic States", partner)
	g.Thing(ontology.Organisation, "Saxony", partner)
	g.Thing(ontology.Place, "Estonia", nil)
	g.Thing(ontology.Place, "Tartu", nil)
	g.Fact("Baltic States", ontology.Covers, "Estonia", "")
	g.Fact("Tartu", ontology.PartOf, "Estonia", "")
	g.Thing(ontology.Organisation, "Tartu Institute", nil)
	g.Fact("Tartu Institute", ontology.LocatedIn, "Tartu", "on=2026")
	g.Thing(ontology.Organisation, "Ministry", nil)
	g.Thing(ontology.Organisation, "Unit", nil)
	g.Fact("Ministry", ontology.PartOf, "Saxony", "on=2026")
	g.Fact("Unit", ontology.PartOf, "Ministry", "on=2026")
	return g
}

func cell(m coverage.Map, theme, partner store.ID) coverage.Cell {
	for _, c := range m.Cells {
		if c.Theme == theme && c.Partner == partner {
			return c
		}
	}
	return coverage.Cell{}
}

func TestTheMapShowsTwoUpperLevelsAndAllPartners(t *testing.T) {
	g := known()
	m := draw(t, load(t, g), coverage.Question{})
	if !slices.Equal(m.Themes, []store.ID{g.ID("Green transition"), g.ID("Energy")}) {
		t.Errorf("themes %v", m.Themes)
	}
	if !slices.Equal(m.Partners, []store.ID{g.ID("Baltic States"), g.ID("Saxony")}) {
		t.Errorf("partners %v", m.Partners)
	}
	if len(m.Cells) != 4 || len(m.Gaps) != 4 {
		t.Errorf("a cell for each pair, all white: %+v", m)
	}
}

func TestContactsOfACell(t *testing.T) {
	g := known()
	for _, p := range []string{"Anna", "Bert", "Carla", "Dirk"} {
		g.Thing(ontology.Person, p, nil)
	}
	g.Thing(ontology.Post, "Desk", nil)
	// Anna: in an institute in a place inside the country that the partner covers.
	g.Fact("Anna", ontology.HasExpertise, "Hydrogen", "on=2025-03")
	g.Fact("Anna", ontology.MemberOf, "Tartu Institute", "on=2026")
	// The desk: in a unit of a ministry of the partner.
	g.Fact("Desk", ontology.WorksOn, "Energy", "from=2020")
	g.Fact("Desk", ontology.PostIn, "Unit", "on=2026")
	// Bert has no date, Carla's expertise has ended, Dirk has left.
	g.Fact("Bert", ontology.HasExpertise, "Hydrogen", "")
	g.Fact("Bert", ontology.MemberOf, "Tartu Institute", "on=2026")
	g.Fact("Carla", ontology.HasExpertise, "Hydrogen", "from=2010 to=2012")
	g.Fact("Carla", ontology.MemberOf, "Tartu Institute", "on=2026")
	g.Fact("Dirk", ontology.HasExpertise, "Hydrogen", "on=2026")
	g.Fact("Dirk", ontology.MemberOf, "Tartu Institute", "from=2010 to=2012")
	m := draw(t, load(t, g), coverage.Question{})
	for _, theme := range []string{"Green transition", "Energy"} {
		if c := cell(m, g.ID(theme), g.ID("Baltic States")); c.Contacts != 1 || c.Newest != "2025-03" {
			t.Errorf("%s with the Baltic States: %+v", theme, c)
		}
		if c := cell(m, g.ID(theme), g.ID("Saxony")); c.Contacts != 1 {
			t.Errorf("%s with Saxony: %+v", theme, c)
		}
	}
	if len(m.Gaps) != 0 {
		t.Errorf("no cell is white: %+v", m.Gaps)
	}
	m = draw(t, load(t, g), coverage.Question{Themes: []store.ID{g.ID("Hydrogen")}, AsOf: "2011-01-01"})
	if c := cell(m, g.ID("Hydrogen"), g.ID("Baltic States")); c.Contacts != 1 {
		t.Errorf("in 2011 Carla counts alone: %+v", c)
	}
	if want := []coverage.Gap{{Theme: g.ID("Hydrogen"), Partner: g.ID("Saxony")}}; !slices.Equal(m.Gaps, want) {
		t.Errorf("gaps %+v", m.Gaps)
	}
}

func TestProjectsAndInstrumentsOfACell(t *testing.T) {
	g := known()
	for _, p := range []string{"Alpha", "Over"} {
		g.Thing(ontology.Project, p, nil)
		g.Fact(p, ontology.WorksOn, "Hydrogen", "doc=2024")
	}
	g.Thing(ontology.Instrument, "Declaration", nil)
	g.Thing(ontology.Instrument, "Plan", nil)
	g.Fact("Declaration", ontology.WorksOn, "Energy", "doc=2023")
	g.Fact("Plan", ontology.WorksOn, "Energy", "doc=2023")
	g.Fact("Tartu Institute", ontology.ParticipatesIn, "Alpha", "")
	g.Fact("Tartu Institute", ontology.ParticipatesIn, "Over", "to=2020")
	g.Fact("Saxony", ontology.PartyTo, "Declaration", "from=2019")
	g.Fact("Saxony", ontology.PartyTo, "Plan", "planned")
	m := draw(t, load(t, g), coverage.Question{Themes: []store.ID{g.ID("Energy")}})
	if c := cell(m, g.ID("Energy"), g.ID("Baltic States")); c.Projects != 1 || c.Instruments != 0 || c.Contacts != 0 || c.Newest != "2024" {
		t.Errorf("with the Baltic States: %+v", c)
	}
	if c := cell(m, g.ID("Energy"), g.ID("Saxony")); c.Instruments != 1 || c.Projects != 0 {
		t.Errorf("with Saxony: %+v", c)
	}
}

func TestAMapOfThingsThatAreNotThemesOrPartners(t *testing.T) {
	g := known()
	s := load(t, g)
	for want, q := range map[error]coverage.Question{
		store.ErrNotFound: {Themes: []store.ID{"n_aaaaaaaaaaaaaaaaaaaaaaaaaa"}},
		store.ErrInvalid:  {Partners: []store.ID{g.ID("Energy")}},
	} {
		if _, err := coverage.Draw(context.Background(), s, q); !errors.Is(err, want) {
			t.Errorf("%+v: %v, want %v", q, err, want)
		}
	}
	many := make([]store.ID, coverage.MaxThemes+1)
	if _, err := coverage.Draw(context.Background(), s, coverage.Question{Themes: many}); !errors.Is(err, store.ErrInvalid) {
		t.Errorf("too many themes: %v", err)
	}
}

// TestTheMapDoesNotDependOnWhatIsFewer protects that a cell counts the same
// whether its partner has more organisations than the themes have things, or
// fewer.
func TestTheMapDoesNotDependOnWhatIsFewer(t *testing.T) {
	world := func() *sketch.Graph {
		g := known()
		g.Thing(ontology.Person, "Anna", nil)
		g.Thing(ontology.Person, "Bert", nil)
		g.Thing(ontology.Post, "Desk", nil)
		g.Thing(ontology.Project, "Alpha", nil)
		g.Thing(ontology.Instrument, "Declaration", nil)
		g.Thing(ontology.Organisation, "Closed Unit", nil)
		g.Fact("Anna", ontology.HasExpertise, "Hydrogen", "on=2025-03")
		g.Fact("Anna", ontology.Holds, "Desk", "from=2020")
		g.Fact("Desk", ontology.PostIn, "Unit", "on=2026")
		g.Fact("Alpha", ontology.WorksOn, "Hydrogen", "doc=2024")
		g.Fact("Tartu Institute", ontology.ParticipatesIn, "Alpha", "on=2026")
		g.Fact("Declaration", ontology.WorksOn, "Hydrogen", "doc=2024")
		g.Fact("Saxony", ontology.PartyTo, "Declaration", "from=2019")
		// What was part of the partner once is not.
		g.Fact("Closed Unit", ontology.PartOf, "Ministry", "from=2001 to=2010")
		g.Fact("Bert", ontology.HasExpertise, "Hydrogen", "on=2025-03")
		g.Fact("Bert", ontology.MemberOf, "Closed Unit", "on=2026")
		return g
	}
	few, many := world(), world()
	for i := range 12 {
		expert, office := fmt.Sprintf("Expert %d", i), fmt.Sprintf("Office %d", i)
		few.Thing(ontology.Person, expert, nil)
		few.Fact(expert, ontology.HasExpertise, "Hydrogen", "on=2026")
		many.Thing(ontology.Organisation, office, nil)
		many.Fact(office, ontology.PartOf, "Ministry", "on=2026")
	}
	question := coverage.Question{Themes: []store.ID{few.ID("Energy")}}
	a, b := draw(t, load(t, few), question), draw(t, load(t, many), question)
	if !reflect.DeepEqual(a, b) {
		t.Errorf("more organisations than things: %+v\nmore things than organisations: %+v", b, a)
	}
	if c := cell(a, few.ID("Energy"), few.ID("Saxony")); c.Contacts != 1 || c.Instruments != 1 || c.Projects != 0 {
		t.Errorf("with Saxony: %+v", c)
	}
	if c := cell(a, few.ID("Energy"), few.ID("Baltic States")); c.Contacts != 0 || c.Projects != 1 {
		t.Errorf("with the Baltic States: %+v", c)
	}
}
