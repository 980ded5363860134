package contact_test

import (
	"errors"
	"slices"
	"testing"

	"coopgraph/ontology"
	"coopgraph/ontology/contact"
	"coopgraph/ontology/sketch"
	"coopgraph/store"
)

// words is a graph for reading questions.
func wordsGraph() *sketch.Graph {
	g := sketch.New()
	g.Thing(ontology.Theme, "Hydrogen|nl:Waterstof|de:Wasserstoff|fr:Hydrogène", nil)
	g.Thing(ontology.Theme, "Energy storage", nil)
	g.Thing(ontology.Organisation, "Nordic Council", nil)
	g.Thing(ontology.Organisation, "France|fr:Frans", nil)
	g.Thing(ontology.Organisation, "German-speaking Community", nil)
	g.Thing(ontology.Organisation, "Expert Centre", nil)
	g.Thing(ontology.Post, "Secretary-General|fr:secrétaire général", nil)
	g.Thing(ontology.Post, "Deputy Secretary-General|fr:secrétaire général adjoint", nil)
	g.Thing(ontology.Person, "Anna Albers", ontology.Values{"languages": []string{"fr-BE", "nl"}})
	g.Thing(ontology.Person, "Bert Boon", ontology.Values{"languages": []string{"de"}})
	g.Fact("Anna Albers", ontology.HasExpertise, "Hydrogen", "on=2026-06")
	g.Fact("Bert Boon", ontology.HasExpertise, "Hydrogen", "on=2026-06")
	return g
}

func TestQuestionsAreUnderstood(t *testing.T) {
	g := wordsGraph()
	s := load(t, g)
	type understood struct {
		text string
		how  contact.How
		name string // "" for no thing
	}
	tests := []struct {
		about string
		want  []understood
		left  []string
	}{
		{"wie is bij de Nordic Council bevoegd voor waterstof?", []understood{{"Nordic Council", contact.Exact, "Nordic Council"}, {"waterstof", contact.Exact, "Hydrogen"}}, nil},
		{"Ansprechpartner für Wasserstoff", []understood{{"Wasserstoff", contact.Exact, "Hydrogen"}}, nil},
		{"hydrogene", []understood{{"hydrogene", contact.Exact, "Hydrogen"}}, nil},
		{"energy storages", []understood{{"energy storages", contact.Stem, "Energy storage"}}, nil},
		{"hydragen", []understood{{"hydragen", contact.Corrected, "Hydrogen"}}, nil},
		{"expert hydrogen", []understood{{"hydrogen", contact.Exact, "Hydrogen"}}, nil},
		{"Expert Centre", []understood{{"Expert Centre", contact.Exact, "Expert Centre"}}, nil},
		{"zorblax hydrogen", []understood{{"hydrogen", contact.Exact, "Hydrogen"}}, []string{"zorblax"}},
		{"chair of the Nordic Council in March 2024", []understood{{"chair", contact.Role, ""}, {"Nordic Council", contact.Exact, "Nordic Council"}, {"March 2024", contact.Date, ""}}, nil},
		{"Frans hydrogen", []understood{{"Frans", contact.Exact, "France"}, {"hydrogen", contact.Exact, "Hydrogen"}}, nil},
		{"hydrogen, speaks French", []understood{{"hydrogen", contact.Exact, "Hydrogen"}, {"French", contact.Language, ""}}, nil},
		{"wie spreekt Frans en kent waterstof", []understood{{"Frans", contact.Language, ""}, {"waterstof", contact.Exact, "Hydrogen"}}, nil},
		{"deutschsprachige Ansprechpartnerin Wasserstoff", []understood{{"deutschsprachige", contact.Language, ""}, {"Wasserstoff", contact.Exact, "Hydrogen"}}, nil},
		{"German-speaking Community", []understood{{"German-speaking Community", contact.Exact, "German-speaking Community"}}, nil},
		{"adjoint du secrétaire général", []understood{{"adjoint du secrétaire général", contact.Stem, "Deputy Secretary-General"}}, nil},
		{"hallo", nil, []string{"hallo"}},
		{"?!", nil, nil},
	}
	for _, tt := range tests {
		a := ask(t, s, tt.about)
		var got []understood
		for _, u := range a.Understood {
			name := ""
			for _, n := range []string{"Hydrogen", "Energy storage", "Nordic Council", "France", "German-speaking Community", "Expert Centre", "Deputy Secretary-General"} {
				if u.Node == g.ID(n) {
					name = n
				}
			}
			got = append(got, understood{u.Text, u.How, name})
		}
		if !slices.Equal(got, tt.want) || !slices.Equal(a.NotUnderstood, tt.left) {
			t.Errorf("%q: understood %+v, left %q; want %+v, %q", tt.about, got, a.NotUnderstood, tt.want, tt.left)
		}
	}
}

func TestNothingUnderstoodGivesNoMatches(t *testing.T) {
	a := ask(t, load(t, wordsGraph()), "zorblax quux")
	if len(a.Matches) > 0 || a.Total != 0 || !slices.Equal(a.NotUnderstood, []string{"zorblax quux"}) {
		t.Errorf("%+v", a)
	}
}

func TestDatesSetTheDay(t *testing.T) {
	s := load(t, wordsGraph())
	for about, want := range map[string]ontology.Day{
		"hydrogen": today, "hydrogen 2018": "2018-12-31", "hydrogen in 2028": "2028-01-01",
		"hydrogen 2026": today, "hydrogen in mei 2019": "2019-05-31", "waterstof 2027-2028": "2027-01-01",
	} {
		if a := ask(t, s, about); a.AsOf != want {
			t.Errorf("%q: %s, want %s", about, a.AsOf, want)
		}
	}
	if a := find(t, s, contact.Question{About: "hydrogen 2018", AsOf: "2020-02-02"}); a.AsOf != "2020-02-02" {
		t.Errorf("the argument decides: %s", a.AsOf)
	}
}

func TestLanguagesSpokenAreAFacet(t *testing.T) {
	g := wordsGraph()
	s := load(t, g)
	a := find(t, s, contact.Question{About: "hydrogen", Speaks: []string{"fr", "lb"}})
	first(t, a, g.ID("Anna Albers"))
	if m := of(a, g.ID("Bert Boon")); len(m.Missing) != 1 || m.Missing[0].Text != "fr, lb" {
		t.Errorf("any of the languages will do, and who speaks none lacks them: %+v", m)
	}
	a = find(t, s, contact.Question{Speaks: []string{"de"}})
	if !slices.Equal(ids(a), []store.ID{g.ID("Bert Boon")}) {
		t.Errorf("a language alone: %+v", a.Matches)
	}
}

func TestArgumentsAreFacets(t *testing.T) {
	g := wordsGraph()
	s := load(t, g)
	a := find(t, s, contact.Question{Themes: []store.ID{g.ID("Hydrogen")}, Organisations: []store.ID{g.ID("Nordic Council")}, Language: "nl"})
	if len(a.Understood) != 2 || a.Understood[0].Text != "Waterstof" || a.Understood[0].Node != g.ID("Hydrogen") {
		t.Errorf("%+v", a.Understood)
	}
	if m := of(a, g.ID("Anna Albers")); len(m.Missing) != 1 || m.Missing[0].Node != g.ID("Nordic Council") {
		t.Errorf("nobody is filtered away: %+v", m)
	}
	_, err := contact.Find(t.Context(), s, nil, contact.Question{Themes: []store.ID{"n_aaaaaaaaaaaaaaaaaaaaaaaaaa"}, Today: today})
	if !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a thing that does not exist: %v", err)
	}
	_, err = contact.Find(t.Context(), s, nil, contact.Question{Themes: []store.ID{g.ID("Nordic Council")}, Today: today})
	if !errors.Is(err, store.ErrInvalid) {
		t.Errorf("an organisation is no theme: %v", err)
	}
}
