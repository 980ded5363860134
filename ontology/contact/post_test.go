package contact_test

import (
	"slices"
	"testing"

	"coopgraph/ontology"
	"coopgraph/ontology/contact"
	"coopgraph/ontology/sketch"
)

// office is a unit with a head, a deputy and posts in every state.
func office() *sketch.Graph {
	g := sketch.New()
	g.Thing(ontology.Theme, "Hydrogen", nil)
	g.Thing(ontology.Organisation, "Energy Unit", ontology.Values{"mailbox": "energy@example.org"})
	g.Thing(ontology.Post, "Head Post", ontology.Values{"head": true})
	g.Thing(ontology.Post, "Deputy Post", nil)
	for _, p := range []string{"Held", "Vacant", "Attested", "Shared"} {
		g.Thing(ontology.Post, p+" Post", nil)
		g.Fact(p+" Post", ontology.PostIn, "Energy Unit", "on=2026")
		g.Fact(p+" Post", ontology.WorksOn, "Hydrogen", "on=2026")
	}
	g.Fact("Head Post", ontology.PostIn, "Energy Unit", "on=2026")
	g.Fact("Deputy Post", ontology.DeputyOf, "Held Post", "on=2026")
	for _, p := range []string{"Anna", "Bert", "Carla", "Dirk", "Emma", "Frank"} {
		g.Thing(ontology.Person, p, nil)
	}
	g.Fact("Anna", ontology.Holds, "Held Post", "from=2020")
	g.Fact("Frank", ontology.Holds, "Held Post", "from=2010 to=2019")
	g.Fact("Bert", ontology.Holds, "Vacant Post", "from=2015 to=2022")
	g.Fact("Frank", ontology.Holds, "Vacant Post", "from=2010 to=2014")
	g.Fact("Carla", ontology.Holds, "Attested Post", "on=2025-01")
	g.Fact("Dirk", ontology.Holds, "Shared Post", "from=2021")
	g.Fact("Emma", ontology.Holds, "Shared Post", "from=2022")
	return g
}

func TestOnlyTheOneCurrentHolderAnswersForAPost(t *testing.T) {
	g := office()
	a := ask(t, load(t, g), "hydrogen")
	got := ids(a)
	for _, name := range []string{"Anna", "Vacant Post", "Attested Post", "Shared Post"} {
		if !slices.Contains(got, g.ID(name)) {
			t.Errorf("%s does not answer", name)
		}
	}
	for _, name := range []string{"Held Post", "Bert", "Carla", "Dirk", "Emma", "Frank"} {
		if slices.Contains(got, g.ID(name)) {
			t.Errorf("%s answers: %+v", name, of(a, g.ID(name)))
		}
	}
	first(t, find(t, load(t, office()), contact.Question{About: "Held Post"}), g.ID("Anna"))
}

func TestAPostHeldLaterAnswersItselfBefore(t *testing.T) {
	g := office()
	a := find(t, load(t, g), contact.Question{About: "hydrogen", AsOf: "2019-06-30"})
	if slices.Contains(ids(a), g.ID("Anna")) {
		t.Errorf("a year before she took the post: %+v", of(a, g.ID("Anna")))
	}
	if !slices.Contains(ids(a), g.ID("Frank")) {
		t.Errorf("its holder of that day answers: %+v", a.Matches)
	}
}

func TestTheLastHolderIsKnownWhereNobodyHoldsThePost(t *testing.T) {
	g := office()
	s := load(t, g)
	posts := []storeID{g.ID("Held Post"), g.ID("Vacant Post"), g.ID("Attested Post"), g.ID("Shared Post"), g.ID("Head Post")}
	last, err := contact.LastHolders(t.Context(), s, posts, today)
	if err != nil {
		t.Fatal(err)
	}
	if len(last) != 2 || last[g.ID("Vacant Post")].Node != g.ID("Bert") || last[g.ID("Attested Post")].Node != g.ID("Carla") {
		t.Errorf("%+v", last)
	}
	if last, err = contact.LastHolders(t.Context(), s, posts, "2014-12-31"); err != nil || last[g.ID("Attested Post")].Node != "" {
		t.Errorf("an attestation after the day says nothing of it: %+v %v", last, err)
	}
	a := ask(t, s, "Attested Post")
	first(t, a, g.ID("Attested Post"))
	if m := a.Matches[0]; m.Status != ontology.Attested || len(m.Reasons[0].Facts) != 1 {
		t.Errorf("a post named answers with its last holding: %+v", m)
	}
	if got := texts(t, s, a, 1, "de")[0][0]; got != "Besetzt durch: Carla · bekannt im Januar 2025" {
		t.Errorf("reason %q", got)
	}
}

func TestFallbackIsDeputyThenHeadThenOrganisation(t *testing.T) {
	g := office()
	s := load(t, g)
	fallbacks, err := contact.Fallbacks(t.Context(), s, []storeID{g.ID("Held Post"), g.ID("Vacant Post"), g.ID("Head Post"), g.ID("Deputy Post")}, today)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"Held Post": "Deputy Post", "Vacant Post": "Head Post", "Head Post": "Energy Unit"}
	if len(fallbacks) != len(want) {
		t.Errorf("a post without deputy or organisation has none: %+v", fallbacks)
	}
	for post, fallback := range want {
		if fallbacks[g.ID(post)] != g.ID(fallback) {
			t.Errorf("%s: %s, want %s", post, fallbacks[g.ID(post)], fallback)
		}
	}
}

func TestTheHeadAnswersForTheHead(t *testing.T) {
	g := office()
	g.Fact("Emma", ontology.Holds, "Head Post", "from=2024")
	a := ask(t, load(t, g), "hoofd Energy Unit")
	first(t, a, g.ID("Emma"))
	if m := a.Matches[0]; len(m.Missing) > 0 {
		t.Errorf("she holds the head's post: %+v", m)
	}
}
