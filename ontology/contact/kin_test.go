package contact_test

import (
	"slices"
	"testing"

	"coopgraph/ontology"
	"coopgraph/ontology/contact"
	"coopgraph/ontology/sketch"
)

// TestAWholeIsImpliedByItsPart protects that of a thing named beside a part of
// it only the part is asked for: few have to do with the whole directly.
func TestAWholeIsImpliedByItsPart(t *testing.T) {
	g := sketch.New()
	g.Thing(ontology.Project, "Seabed", nil)
	g.Thing(ontology.Project, "Sampling", nil)
	g.Thing(ontology.Organisation, "Institute", nil)
	g.Thing(ontology.Organisation, "Coordinator", nil)
	g.Thing(ontology.Person, "Anna", nil)
	g.Thing(ontology.Place, "Estonia", nil)
	g.Fact("Sampling", ontology.PartOf, "Seabed", "")
	g.Fact("Sampling", ontology.LocatedIn, "Estonia", "from=1980; to=1981")
	g.Fact("Anna", ontology.MemberOf, "Institute", "on=2026")
	g.Fact("Anna", ontology.ParticipatesIn, "Sampling", "on=2026")
	g.Fact("Coordinator", ontology.ParticipatesIn, "Seabed", "on=2026; role=lead")
	s := load(t, g)
	for _, about := range []string{"Institute Sampling Seabed", "Seabed: Sampling, Institute", "Sampling Estonia"} {
		a := ask(t, s, about)
		first(t, a, g.ID("Anna"))
		if m := a.Matches[0]; len(m.Missing) > 0 {
			t.Errorf("%q: what the part implies is not asked for: %+v", about, m.Missing)
		}
	}
	if a := ask(t, s, "Seabed Institute"); len(a.Understood) != 2 {
		t.Errorf("the whole alone is asked for: %+v", a.Understood)
	}
}

// TestThemesOfOneNameAreOneBesideSomethingElse protects that a theme named in
// one language also means that of a list which has it in another, once
// something narrows the list down.
func TestThemesOfOneNameAreOneBesideSomethingElse(t *testing.T) {
	g := sketch.New()
	g.Thing(ontology.Theme, "Artificial intelligence|nl:Kunstmatige intelligentie", nil)
	g.Thing(ontology.Theme, "List|en:Artificial Intelligence", nil)
	g.Thing(ontology.Place, "Estonia|nl:Estland", nil)
	g.Thing(ontology.Organisation, "Ministry", nil)
	g.Thing(ontology.Organisation, "Forum", nil)
	g.Fact("Ministry", ontology.WorksOn, "List", "on=2026")
	g.Fact("Ministry", ontology.LocatedIn, "Estonia", "on=2026")
	g.Fact("Forum", ontology.WorksOn, "Artificial intelligence", "on=2026")
	s := load(t, g)
	a := ask(t, s, "kunstmatige intelligentie in Estland")
	first(t, a, g.ID("Ministry"))
	if m := a.Matches[0]; len(m.Missing) > 0 {
		t.Errorf("it has both: %+v", m.Missing)
	}
	a = ask(t, s, "kunstmatige intelligentie")
	first(t, a, g.ID("Forum"))
	if slices.ContainsFunc(a.Matches, func(m contact.Match) bool { return m.Node == g.ID("Ministry") }) {
		t.Error("alone, the theme is the one named")
	}
}
