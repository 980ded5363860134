package contact_test

import (
	"slices"
	"testing"

	"coopgraph/ontology"
	"coopgraph/ontology/contact"
	"coopgraph/ontology/sketch"
)

// TestNamesAreReadAsColleaguesShortenThem protects names with abbreviations,
// titles known by their first word, words of two languages, and words that
// alone are no name.
func TestNamesAreReadAsColleaguesShortenThem(t *testing.T) {
	g := sketch.New()
	g.Thing(ontology.Organisation, "Hafen Rotterdam", nil)
	g.Thing(ontology.Organisation, "Deutsche Welle", nil)
	g.Thing(ontology.Organisation, "Ghent University|nl:Universiteit Gent", nil)
	g.Thing(ontology.Organisation, "Nordic Council|fr:Conseil nordique", nil)
	g.Thing(ontology.Organisation, "Scheldt Council|fr:Conseil de l'Escaut", nil)
	g.Thing(ontology.Organisation, "Gemeente Utrecht", nil)
	g.Thing(ontology.Organisation, "Eindhoven University of Technology|nl:TU/e", nil)
	g.Thing(ontology.Organisation, "Bundesinstitut für Arzneimittel und Medizinprodukte", nil)
	g.Thing(ontology.Organisation, "Kaminari Medical B.V.", nil)
	g.Thing(ontology.Project, "SyRi (Systeem voor de indicatie van risico's)", nil)
	g.Thing(ontology.Project, "Robort judge for small claims of citizens", nil)
	g.Thing(ontology.Theme, "Arzneimittel", nil)
	g.Thing(ontology.Place, "Rotterdam", nil)
	g.Thing(ontology.Place, "Groningen", nil)
	s := load(t, g)
	for about, want := range map[string]string{
		"wer weiss Bescheid im Hafen v. Rotterdam": "Hafen Rotterdam",
		"dt. Welle":                        "Deutsche Welle",
		"univ gent":                        "Ghent University",
		"Conseil nordic":                   "Nordic Council",
		"welke gemeente zit achter SyRi":   "SyRi (Systeem voor de indicatie van risico's)",
		"robot judge small claims":         "Robort judge for small claims of citizens",
		"TU/e":                             "Eindhoven University of Technology",
		"Bundes institut für Arzneimittel": "Bundesinstitut für Arzneimittel und Medizinprodukte",
		"woningen":                         "",
	} {
		var things []string
		for _, u := range ask(t, s, about).Understood {
			if u.Node != "" {
				things = append(things, nameOf(t, s, u.Node))
			}
		}
		if want == "" && len(things) > 0 || want != "" && !slices.Equal(things, []string{want}) {
			t.Errorf("%q is understood as %q, want %q", about, things, want)
		}
	}
}

// TestAMisreadPartOfNamesIsNotUnderstood protects that a part of names whose
// bearers have to do with nothing else of the question counts for nothing where
// somebody has all the rest, and stays where nobody has.
func TestAMisreadPartOfNamesIsNotUnderstood(t *testing.T) {
	g := sketch.New()
	g.Thing(ontology.Organisation, "Institute", nil)
	g.Thing(ontology.Project, "Telescope", nil)
	g.Thing(ontology.Organisation, "Leipzig Bank", nil)
	g.Thing(ontology.Person, "Anna", nil)
	g.Fact("Anna", ontology.MemberOf, "Institute", "on=2026")
	g.Fact("Anna", ontology.ParticipatesIn, "Telescope", "on=2026")
	s := load(t, g)
	a := ask(t, s, "Institute Leipzig, Telescope")
	first(t, a, g.ID("Anna"))
	if !slices.Equal(a.NotUnderstood, []string{"Leipzig"}) {
		t.Errorf("left %q", a.NotUnderstood)
	}
}

// TestWhoAdvisesIsARole protects the verb of advice, which names a fact.
func TestWhoAdvisesIsARole(t *testing.T) {
	g := registry()
	s := load(t, g)
	for _, about := range []string{"wie adviseert de Vlaams-Nederlandse Scheldecommissie", "who advises the Flemish-Dutch Scheldt Commission?"} {
		a := ask(t, s, about)
		first(t, a, g.ID("Scheldt Council"))
		if !slices.ContainsFunc(a.Understood, func(u contact.Understood) bool { return u.How == contact.Role }) {
			t.Errorf("%q: %+v", about, a.Understood)
		}
	}
}

// TestABodyNamedAfterAPlaceIsThere protects that of a place and something else
// who has the other and bears the place's name has both, though no fact says so.
func TestABodyNamedAfterAPlaceIsThere(t *testing.T) {
	g := sketch.New()
	g.Thing(ontology.Place, "Genk", nil)
	g.Thing(ontology.Theme, "Noise", nil)
	g.Thing(ontology.Organisation, "City of Genk", nil)
	g.Thing(ontology.Organisation, "City of Bree", nil)
	g.Fact("City of Genk", ontology.WorksOn, "Noise", "on=2019")
	g.Fact("City of Bree", ontology.WorksOn, "Noise", "on=2026")
	a := ask(t, load(t, g), "noise in Genk")
	first(t, a, g.ID("City of Genk"))
	if m := a.Matches[0]; len(m.Missing) > 0 {
		t.Errorf("it lacks %+v", m.Missing)
	}
}
