package contact_test

import (
	"testing"

	"coopgraph/ontology"
	"coopgraph/ontology/contact"
	"coopgraph/ontology/sketch"
)

// The adjective of a country stands for it, whatever its ending and language;
// not where it names a language, or is a part of a name.
func TestAdjectivesOfCountriesAreUnderstood(t *testing.T) {
	g := sketch.New()
	g.Thing(ontology.Theme, "Hydrogen|nl:Waterstof", nil)
	g.Thing(ontology.Place, "Germany|nl:Duitsland", nil)
	g.Thing(ontology.Place, "Sweden", nil)
	g.Thing(ontology.Organisation, "Institute", nil)
	g.Thing(ontology.Organisation, "Agency", nil)
	g.Thing(ontology.Organisation, "German Desk", nil)
	for _, name := range []string{"Institute", "Agency"} {
		g.Fact(name, ontology.WorksOn, "Hydrogen", "on=2026-06")
	}
	g.Fact("Institute", ontology.LocatedIn, "Germany", "on=2026-06")
	g.Fact("Agency", ontology.LocatedIn, "Sweden", "on=2026-06")
	s := load(t, g)
	for about, want := range map[string]string{
		"Duitse partners waterstof":            "Germany",
		"partenaires allemands, hydrogen":      "Germany",
		"deutscher Partner hydrogen":           "Germany",
		"who are the German hydrogen partners": "Germany",
		"Zweeds waterstof":                     "Sweden",
		"partenaire suédoise hydrogen":         "Sweden",
		"schwedische Stelle für hydrogen":      "Sweden",
		"answer in German about hydrogen":      "",
		"hydrogen, speaks German":              "",
		"German Desk hydrogen":                 "",
	} {
		a := ask(t, s, about)
		got := ""
		for _, u := range a.Understood {
			for _, country := range []string{"Germany", "Sweden"} {
				if u.Node == g.ID(country) && u.How == contact.Stem {
					got = country
				}
			}
		}
		if got != want {
			t.Errorf("%q is about %q, want %q: %+v", about, got, want, a.Understood)
		}
		first := map[string]string{"Germany": "Institute", "Sweden": "Agency"}[want]
		if want != "" && a.Matches[0].Node != g.ID(first) {
			t.Errorf("%q: the first is not the %s: %+v", about, first, a.Matches)
		}
	}
}
