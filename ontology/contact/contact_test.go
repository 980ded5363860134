package contact_test

import (
	"slices"
	"testing"

	"coopgraph/ontology"
	"coopgraph/ontology/contact"
	"coopgraph/ontology/sketch"
)

// scheldt is a graph with a council chaired by our own house.
func scheldt() *sketch.Graph {
	g := sketch.New()
	g.Thing(ontology.Organisation, "Secretariat-General|nl:Secretariaat-Generaal", ontology.Values{"roles": []string{"OWN_HOUSE"}})
	g.Thing(ontology.Organisation, "Scheldt Council|nl:Schelderaad", nil)
	g.Thing(ontology.Theme, "Water management|nl:Waterbeheer", nil)
	g.Thing(ontology.Organisation, "Port Authority", nil)
	g.Fact("Secretariat-General", ontology.Chairs, "Scheldt Council", "on=2025-01")
	g.Fact("Secretariat-General", ontology.WorksOn, "Water management", "on=2025-01")
	g.Fact("Secretariat-General", ontology.CooperatesWith, "Port Authority", "on=2025-01")
	return g
}

func TestTheChairAnswersForItsCouncil(t *testing.T) {
	g := scheldt()
	s := load(t, g)
	for _, about := range []string{"voorzitter Schelderaad", "who chairs the Scheldt Council", "Scheldt Council chair"} {
		a := ask(t, s, about)
		first(t, a, g.ID("Secretariat-General"))
		if m := a.Matches[0]; m.Status != ontology.Attested || len(m.Missing) > 0 {
			t.Errorf("%s: %+v", about, m)
		}
		council := of(a, g.ID("Scheldt Council"))
		if council.Score != 0.3 || len(council.Missing) != 1 || council.Missing[0].Node != "" {
			t.Errorf("%s: the council lacks the role: %+v", about, council)
		}
	}
	a := ask(t, s, "voorzitter Schelderaad")
	if got := texts(t, s, a, 1, "en")[0]; !slices.Equal(got, []string{"Chairs: Scheldt Council · attested January 2025"}) {
		t.Errorf("reasons %q", got)
	}
	if got := texts(t, s, a, 1, "nl")[0]; !slices.Equal(got, []string{"Voorzitter: Schelderaad · bekend in januari 2025"}) {
		t.Errorf("reasons %q", got)
	}
}

func TestOurOwnHouseAnswersOnlyWhenNamedOrByARole(t *testing.T) {
	g := scheldt()
	s := load(t, g)
	house := g.ID("Secretariat-General")
	if a := ask(t, s, "water management"); slices.Contains(ids(a), house) {
		t.Errorf("it works on the theme, and so on everything: %+v", a.Matches)
	}
	if a := ask(t, s, "Port Authority"); slices.Contains(ids(a), house) {
		t.Errorf("it cooperates with everybody: %+v", a.Matches)
	}
	a := ask(t, s, "Secretariat-General")
	first(t, a, house)
	a = find(t, s, contact.Question{About: "Secretariat-General Port Authority"})
	first(t, a, g.ID("Port Authority"))
	if m := a.Matches[0]; len(m.Missing) > 0 || m.Score != 1 {
		t.Errorf("named beside something else, our house restricts nothing: %+v", m)
	}
	if len(a.Understood) != 2 {
		t.Errorf("both are understood: %+v", a.Understood)
	}
}
