package contact_test

import (
	"fmt"
	"slices"
	"testing"

	"coopgraph/ontology"
	"coopgraph/ontology/contact"
	"coopgraph/ontology/sketch"
)

// registry is a graph of names of several words.
func registry() *sketch.Graph {
	g := sketch.New()
	g.Thing(ontology.Organisation, "Nordic Council|nl:Noordse Raad", nil)
	g.Thing(ontology.Organisation, "Nordics", ontology.Values{"contactable": false, "classification": "GROUP"})
	g.Thing(ontology.Organisation, "Flemish-Dutch Scheldt Commission|nl:Vlaams-Nederlandse Scheldecommissie", nil)
	g.Thing(ontology.Organisation, "Scheldt Council|nl:Schelderaad", nil)
	g.Thing(ontology.Organisation, "European Commission|nl:Europese Commissie", nil)
	g.Thing(ontology.Organisation, "Coordination Point Border Obstacles|nl:Coördinatiepunt Grensbelemmeringen Vlaanderen-Nederland", nil)
	g.Thing(ontology.Instrument, "Joint Work Programme 2025-2028|nl:Gezamenlijk Werkprogramma 2025-2028", nil)
	g.Thing(ontology.Post, "Publisher of the Joint Work Programme 2025-2028", nil)
	g.Thing(ontology.Instrument, "Declaration of 2008", nil)
	g.Thing(ontology.Instrument, "Declaration of 2019", nil)
	g.Thing(ontology.Organisation, "Marine Biological Association of the United Kingdom", nil)
	g.Thing(ontology.Place, "Zitterthof", nil)
	for i := range 9 {
		g.Thing(ontology.Organisation, fmt.Sprintf("University %s", []string{"Ahnen", "Brons", "Celin", "Dorst", "Ertal", "Fahren", "Gelb", "Harst", "Ilmen"}[i]), nil)
	}
	g.Fact("Scheldt Council", ontology.Advises, "Flemish-Dutch Scheldt Commission", "on=2026")
	return g
}

// TestWordsLeftOverFindTheirName protects how words that are no name by
// themselves are understood: with what stands beside them, as a part of a name,
// mended, or not at all.
func TestWordsLeftOverFindTheirName(t *testing.T) {
	g := registry()
	s := load(t, g)
	tests := []struct {
		about string
		text  string // what was understood as things
		names []string
		left  []string
	}{
		{"wie kennt iemand bij de nordic counsil", "nordic counsil", []string{"Nordic Council"}, nil},
		{"Noordse Raat", "Noordse Raat", []string{"Nordic Council"}, nil},
		{"Scheldt Commission commissie", "Scheldt Commission commissie", []string{"Flemish-Dutch Scheldt Commission"}, nil},
		{"grensbelemeringen", "grensbelemeringen", []string{"Coordination Point Border Obstacles"}, nil},
		{"who coordinates the joint work program", "joint work program", []string{"Joint Work Programme 2025-2028"}, nil},
		{"gezamenlijk werkprogramma 2025-2028", "gezamenlijk werkprogramma 2025-2028", []string{"Joint Work Programme 2025-2028"}, nil},
		{"declarations", "declarations", []string{"Declaration of 2008", "Declaration of 2019"}, nil},
		{"declarations 2019", "declarations 2019", []string{"Declaration of 2019"}, nil},
		{"Marine Biological Association", "Marine Biological Association", []string{"Marine Biological Association of the United Kingdom"}, nil},
		{"wie zit bij de universiteit", "", nil, []string{"universiteit"}},
		{"university", "", nil, []string{"university"}},
		{"zit", "", nil, nil},
		{"zitt", "", nil, []string{"zitt"}},
	}
	for _, tt := range tests {
		a := ask(t, s, tt.about)
		var text string
		var got []string
		for _, u := range a.Understood {
			if u.Node == "" {
				continue
			}
			text = u.Text
			for _, id := range append([]storeID{u.Node}, u.Alternatives...) {
				got = append(got, nameOf(t, s, id))
			}
		}
		slices.Sort(got)
		if text != tt.text || !slices.Equal(got, tt.names) || !slices.Equal(a.NotUnderstood, tt.left) {
			t.Errorf("%q: %q is %q, left %q; want %q, %q, %q", tt.about, text, got, a.NotUnderstood, tt.text, tt.names, tt.left)
		}
	}
	if a := ask(t, s, "gezamenlijk werkprogramma 2025-2028"); a.AsOf != today {
		t.Errorf("a year that is part of a name is no date: %s", a.AsOf)
	}
}

// TestVerbsInTwoPartsNameTheChair protects Dutch and German verbs that stand
// apart from their particle.
func TestVerbsInTwoPartsNameTheChair(t *testing.T) {
	g := scheldt()
	s := load(t, g)
	for about, asked := range map[string]bool{
		"wie zit de Schelderaad voor?": true, "wie zit in 2026 de Schelderaad voor": true, "wer sitzt der Schelderaad vor": true,
		"wie zit er in de Schelderaad": false, "wie zit voor de Port Authority in de Schelderaad": false,
	} {
		role := slices.ContainsFunc(ask(t, s, about).Understood, func(u contact.Understood) bool { return u.How == contact.Role })
		if role != asked {
			t.Errorf("%q asks for the chair: %t", about, role)
		}
	}
	first(t, ask(t, s, "wie zit de Schelderaad voor?"), g.ID("Secretariat-General"))
}

// TestTheReadingThatLeadsToContactsComesFirst protects which of several things
// of one name is shown as understood.
func TestTheReadingThatLeadsToContactsComesFirst(t *testing.T) {
	g := sketch.New()
	g.Thing(ontology.Place, "Dead|Moor", nil)
	g.Thing(ontology.Theme, "Live|Moor", nil)
	g.Thing(ontology.Person, "Anna", nil)
	g.Thing(ontology.Event, "Fair", nil)
	g.Fact("Anna", ontology.HasExpertise, "Live", "on=2026")
	for i := range 3 { // the place is better connected, though to nobody
		inner := fmt.Sprintf("Inner %d", i)
		g.Thing(ontology.Place, inner, nil)
		g.Fact(inner, ontology.PartOf, "Dead", "")
	}
	a := ask(t, load(t, g), "Moor")
	if len(a.Understood) != 1 || a.Understood[0].Node != g.ID("Live") || !slices.Equal(a.Understood[0].Alternatives, []storeID{g.ID("Dead")}) {
		t.Errorf("%+v", a.Understood)
	}
	first(t, a, g.ID("Anna"))
}

// TestAnOrganisationFollowsItsOwnPersonWhenNamedItself protects that of an
// organisation named together with something else, its own person who has that
// too comes first; named alone, it answers itself.
func TestAnOrganisationFollowsItsOwnPersonWhenNamedItself(t *testing.T) {
	g := sketch.New()
	g.Thing(ontology.Organisation, "Institute", nil)
	g.Thing(ontology.Project, "Telescope", nil)
	g.Thing(ontology.Person, "Anna", nil)
	g.Fact("Anna", ontology.MemberOf, "Institute", "on=2026-06")
	g.Fact("Anna", ontology.ParticipatesIn, "Telescope", "on=2026-06")
	g.Fact("Institute", ontology.ParticipatesIn, "Telescope", "on=2026-06")
	s := load(t, g)
	first(t, ask(t, s, "Institute Telescope"), g.ID("Anna"))
	first(t, ask(t, s, "Institute"), g.ID("Institute"))
}

// TestWordsAreReadByTheContactsOfTheRest protects that words which stand in
// many names mean those that the rest of the question leads to, and that parts
// of names which lead to nobody count for nothing.
func TestWordsAreReadByTheContactsOfTheRest(t *testing.T) {
	g := registry()
	g.Thing(ontology.Place, "Terneuzen", nil)
	g.Thing(ontology.Place, "Lonely Corner", nil)
	g.Thing(ontology.Organisation, "Water Board", nil)
	g.Fact("University Gelb", ontology.LocatedIn, "Terneuzen", "on=2026")
	g.Fact("Water Board", ontology.LocatedIn, "Terneuzen", "on=2026")
	s := load(t, g)
	a := ask(t, s, "universities in Terneuzen")
	first(t, a, g.ID("University Gelb"))
	if m := a.Matches[0]; len(m.Missing) > 0 || len(a.NotUnderstood) > 0 {
		t.Errorf("it is the one of that name which is there: %+v, left %q", m, a.NotUnderstood)
	}
	a = ask(t, s, "lonely in Terneuzen")
	if m := a.Matches[0]; len(m.Missing) > 0 || !slices.Equal(a.NotUnderstood, []string{"lonely"}) {
		t.Errorf("a part of a name that leads to nobody is not understood: %+v, left %q", m, a.NotUnderstood)
	}
}

// TestSomebodyWithALanguageSpeaksIt protects the language beside "somebody
// with".
func TestSomebodyWithALanguageSpeaksIt(t *testing.T) {
	g := wordsGraph()
	s := load(t, g)
	for _, about := range []string{"jemand mit Französisch für Wasserstoff", "iemand met Frans voor waterstof", "quelqu'un avec du français, hydrogène"} {
		a := ask(t, s, about)
		first(t, a, g.ID("Anna Albers"))
		if m := of(a, g.ID("Bert Boon")); len(m.Missing) != 1 {
			t.Errorf("%q: who does not speak it lacks it: %+v", about, m)
		}
	}
}
