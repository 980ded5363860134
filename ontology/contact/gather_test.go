package contact_test

import (
	"fmt"
	"slices"
	"testing"

	"coopgraph/ontology"
	"coopgraph/ontology/contact"
	"coopgraph/ontology/sketch"
)

func TestTheRoadThroughAHubCountsLess(t *testing.T) {
	g := sketch.New()
	g.Thing(ontology.Theme, "Hydrogen", nil)
	for _, project := range []string{"Hub", "Small"} {
		g.Thing(ontology.Project, project, nil)
		g.Thing(ontology.Person, project+" Lead", nil)
		g.Fact(project, ontology.WorksOn, "Hydrogen", "on=2026-06")
		g.Fact(project+" Lead", ontology.ParticipatesIn, project, "on=2026-06 role=lead")
	}
	for i := range 60 {
		theme := fmt.Sprintf("Theme %d", i)
		g.Thing(ontology.Theme, theme, nil)
		g.Fact("Hub", ontology.WorksOn, theme, "on=2026-06")
	}
	a := ask(t, load(t, g), "hydrogen")
	first(t, a, g.ID("Small Lead"))
	small, hub := of(a, g.ID("Small Lead")).Score, of(a, g.ID("Hub Lead")).Score
	if hub == 0 || hub > small/2 {
		t.Errorf("a project on 61 themes is a hub: %.4f against %.4f", hub, small)
	}
}

func TestEvidenceWeakensWithAge(t *testing.T) {
	g := sketch.New()
	g.Thing(ontology.Theme, "Hydrogen", nil)
	people := []struct{ name, when string }{
		{"Still", "from=2010 to=2030"},
		{"Fresh", "on=2026-06"},
		{"Documented", "doc=2024-11"},
		{"Open", "from=2016"},
		{"Ended", "from=2010 to=2016"},
	}
	for _, p := range people {
		g.Thing(ontology.Person, p.name, nil)
		g.Fact(p.name, ontology.HasExpertise, "Hydrogen", p.when)
	}
	a := ask(t, load(t, g), "hydrogen")
	last := 2.0
	for i, p := range people {
		m := of(a, g.ID(p.name))
		if m.Score == 0 || m.Score > last || i > 1 && m.Score == last {
			t.Errorf("%s (%s) scores %.4f after %.4f", p.name, p.when, m.Score, last)
		}
		last = m.Score
	}
	if s := of(a, g.ID("Ended")).Status; s != ontology.Ended {
		t.Errorf("what has ended is shown as %s", s)
	}
}

func TestAFactThatStartsLaterIsNotUsed(t *testing.T) {
	g := sketch.New()
	g.Thing(ontology.Theme, "Hydrogen", nil)
	g.Thing(ontology.Person, "Later", nil)
	g.Thing(ontology.Person, "Planned", nil)
	g.Fact("Later", ontology.HasExpertise, "Hydrogen", "from=2027")
	g.Fact("Planned", ontology.HasExpertise, "Hydrogen", "planned doc=2025")
	s := load(t, g)
	a := ask(t, s, "hydrogen")
	if !slices.Equal(ids(a), []storeID{g.ID("Planned")}) || a.Matches[0].Status != ontology.Planned {
		t.Errorf("what starts later is left out, what is planned is marked: %+v", a.Matches)
	}
	a = find(t, s, contact.Question{About: "hydrogen", AsOf: "2027-06-01"})
	first(t, a, g.ID("Later"))
}

func TestTwoThemesMeanBoth(t *testing.T) {
	g := sketch.New()
	g.Thing(ontology.Theme, "Hydrogen", nil)
	g.Thing(ontology.Theme, "Ports", nil)
	for _, p := range []string{"Both", "Expert"} {
		g.Thing(ontology.Person, p, nil)
		g.Fact(p, ontology.HasExpertise, "Hydrogen", "on=2026-06")
	}
	g.Fact("Both", ontology.HasExpertise, "Ports", "on=2016")
	a := ask(t, load(t, g), "hydrogen in ports")
	first(t, a, g.ID("Both"))
	if m := of(a, g.ID("Expert")); len(m.Missing) != 1 || m.Missing[0] != (contact.Missing{Text: "ports", Node: g.ID("Ports")}) {
		t.Errorf("what is missing is said: %+v", m)
	}
}

func TestCheckFindsTheContactThatACapHid(t *testing.T) {
	g := sketch.New()
	g.Thing(ontology.Theme, "Hydrogen", nil)
	g.Thing(ontology.Place, "Luxembourg", nil)
	g.Thing(ontology.Person, "Anna Hidden", nil)
	for i := range 120 {
		p := fmt.Sprintf("Project %d", i)
		g.Thing(ontology.Project, p, nil)
		g.Fact(p, ontology.WorksOn, "Hydrogen", "on=2026-06")
	}
	g.Thing(ontology.Project, "Old One", nil)
	g.Fact("Old One", ontology.WorksOn, "Hydrogen", "on=2024-06")
	g.Fact("Old One", ontology.LocatedIn, "Luxembourg", "on=2024-06")
	g.Fact("Anna Hidden", ontology.ParticipatesIn, "Old One", "on=2024-06 role=lead")
	a := ask(t, load(t, g), "hydrogen in Luxembourg")
	if !a.Cut {
		t.Error("120 projects on one theme are cut, and the answer says so")
	}
	first(t, a, g.ID("Anna Hidden"))
	if m := a.Matches[0]; len(m.Missing) > 0 || len(m.Reasons) != 2 || len(m.Reasons[0].Facts) != 2 {
		t.Errorf("both facets are borne out by two facts each: %+v", m)
	}
}

func TestAStateAndItsCountryAreOne(t *testing.T) {
	g := sketch.New()
	g.Thing(ontology.Organisation, "Luxembourg", ontology.Values{"classification": "STATE"})
	g.Thing(ontology.Place, "Grand Duchy|Luxembourg", nil)
	g.Thing(ontology.Place, "Province|Luxembourg", nil)
	g.Thing(ontology.Place, "Esch", nil)
	g.Thing(ontology.Organisation, "Esch Institute", nil)
	g.Thing(ontology.Organisation, "Arlon Institute", nil)
	g.Fact("Luxembourg", ontology.Covers, "Grand Duchy", "")
	g.Fact("Esch", ontology.PartOf, "Grand Duchy", "")
	g.Fact("Esch Institute", ontology.LocatedIn, "Esch", "on=2026")
	g.Fact("Arlon Institute", ontology.LocatedIn, "Province", "on=2026")
	a := ask(t, load(t, g), "Luxembourg")
	if len(a.Understood) != 1 || len(a.Understood[0].Alternatives) != 1 {
		t.Fatalf("the state with its country, and the province: %+v", a.Understood)
	}
	first(t, a, g.ID("Luxembourg"))
	for _, name := range []string{"Esch Institute", "Arlon Institute"} {
		if m := of(a, g.ID(name)); len(m.Missing) > 0 || m.Score < 0.5 {
			t.Errorf("%s answers by its own reading: %+v", name, m)
		}
	}
}

func TestACountryLeadsToThePartnerThatCoversIt(t *testing.T) {
	g := sketch.New()
	g.Thing(ontology.Organisation, "Baltic States", ontology.Values{"roles": []string{"BENELUX_PLUS_PARTNER"}, "classification": "REGIONAL_GROUPING"})
	g.Thing(ontology.Place, "Estonia", nil)
	g.Thing(ontology.Place, "Tartu", nil)
	g.Thing(ontology.Organisation, "Tartu Institute", nil)
	g.Fact("Baltic States", ontology.Covers, "Estonia", "doc=2025")
	g.Fact("Tartu", ontology.PartOf, "Estonia", "")
	g.Fact("Tartu Institute", ontology.LocatedIn, "Tartu", "on=2026")
	s := load(t, g)
	if a := ask(t, s, "Estonia"); of(a, g.ID("Baltic States")).Score < 0.5 {
		t.Errorf("the partner acts for its country: %+v", a.Matches)
	}
	a := find(t, s, contact.Question{Organisations: []storeID{g.ID("Baltic States")}})
	m := of(a, g.ID("Tartu Institute"))
	if m.Score == 0 {
		t.Fatalf("what lies in a place that the partner covers answers for it: %+v", a.Matches)
	}
	if got := texts(t, s, contact.Answer{Matches: []contact.Match{m}}, 1, "en")[0]; !slices.Equal(got, []string{"Located in: Tartu (Baltic States) · covered place · attested 2026"}) {
		t.Errorf("a reason by a covered place says so: %q", got)
	}
}

func TestAnOrganisationFollowsItsOwnPerson(t *testing.T) {
	g := sketch.New()
	g.Thing(ontology.Theme, "Hydrogen", nil)
	g.Thing(ontology.Organisation, "Institute", nil)
	g.Thing(ontology.Organisation, "Other", nil)
	g.Thing(ontology.Person, "Anna", nil)
	g.Fact("Institute", ontology.WorksOn, "Hydrogen", "on=2026-06")
	g.Fact("Institute", ontology.ContactPointFor, "Hydrogen", "on=2026-06")
	g.Fact("Other", ontology.WorksOn, "Hydrogen", "on=2026-06")
	g.Fact("Anna", ontology.HasExpertise, "Hydrogen", "on=2024-11")
	g.Fact("Anna", ontology.MemberOf, "Institute", "on=2026-06")
	a := ask(t, load(t, g), "hydrogen")
	if of(a, g.ID("Institute")).Score <= of(a, g.ID("Anna")).Score {
		t.Fatalf("the institute has more evidence: %+v", a.Matches)
	}
	if want := []storeID{g.ID("Anna"), g.ID("Institute"), g.ID("Other")}; !slices.Equal(ids(a), want) {
		t.Errorf("order %v, want %v", ids(a), want)
	}
}

func TestWhatIsNoContactLeadsToOthers(t *testing.T) {
	g := sketch.New()
	g.Thing(ontology.Theme, "Hydrogen", nil)
	g.Thing(ontology.Organisation, "Countries", ontology.Values{"contactable": false, "classification": "GROUP"})
	g.Thing(ontology.Organisation, "Dissolved", ontology.Values{"to": "1958"})
	g.Thing(ontology.Organisation, "Member", nil)
	g.Fact("Countries", ontology.WorksOn, "Hydrogen", "on=2026")
	g.Fact("Dissolved", ontology.WorksOn, "Hydrogen", "on=2026")
	g.Fact("Member", ontology.MemberOf, "Countries", "on=2026")
	a := ask(t, load(t, g), "hydrogen")
	if !slices.Equal(ids(a), []storeID{g.ID("Member")}) {
		t.Errorf("groups and dissolved bodies do not answer: %+v", a.Matches)
	}
}

func TestAProjectCountsWithItsThemesAndItsDocument(t *testing.T) {
	g := sketch.New()
	g.Thing(ontology.Project, "Telescope", nil)
	g.Thing(ontology.Instrument, "Programme", nil)
	g.Thing(ontology.Organisation, "Coordination Unit", nil)
	g.Thing(ontology.Theme, "Astronomy", nil)
	g.Thing(ontology.Person, "Astronomer", nil)
	g.Fact("Telescope", ontology.NamedIn, "Programme", "doc=2025-01")
	g.Fact("Telescope", ontology.WorksOn, "Astronomy", "doc=2025-01")
	g.Fact("Coordination Unit", ontology.AuthorOf, "Programme", "on=2026-01 role=coordinator")
	g.Fact("Astronomer", ontology.HasExpertise, "Astronomy", "on=2026-01")
	s := load(t, g)
	a := ask(t, s, "Telescope")
	if !slices.Equal(ids(a), []storeID{g.ID("Astronomer"), g.ID("Coordination Unit")}) {
		t.Fatalf("%+v", a.Matches)
	}
	want := [][]string{
		{"Expertise: Astronomy (Telescope) · theme of it · attested January 2026"},
		{"Coordinates: Programme (Telescope) · source document · attested January 2026"},
	}
	for i, got := range texts(t, s, a, 2, "en") {
		if !slices.Equal(got, want[i]) {
			t.Errorf("reasons %q, want %q", got, want[i])
		}
	}
}

func TestEqualChainsAreFolded(t *testing.T) {
	g := sketch.New()
	g.Thing(ontology.Theme, "Hydrogen", nil)
	g.Thing(ontology.Person, "Anna", nil)
	for i := range 3 {
		p := fmt.Sprintf("Project %d", i)
		g.Thing(ontology.Project, p, nil)
		g.Fact(p, ontology.WorksOn, "Hydrogen", "on=2026")
		g.Fact("Anna", ontology.ParticipatesIn, p, "on=2026 role=lead")
	}
	s := load(t, g)
	a := ask(t, s, "hydrogen")
	first(t, a, g.ID("Anna"))
	if r := a.Matches[0].Reasons; len(r) != 1 || len(r[0].Facts) != 6 {
		t.Fatalf("one reason with the facts of three chains: %+v", r)
	}
	if got := texts(t, s, a, 1, "fr")[0]; got[0] != "Dirige : 3 projets (Hydrogen) · attesté en 2026" {
		t.Errorf("reason %q", got[0])
	}
}
