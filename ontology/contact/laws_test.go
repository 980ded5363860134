package contact_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"coopgraph/ontology"
	"coopgraph/ontology/contact"
	"coopgraph/ontology/sketch"
	"coopgraph/store"
)

// TestMain keeps the number of random graphs small, since each is written to a
// real store; -rapid.checks asks for more.
func TestMain(m *testing.M) {
	flag.Parse()
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == "rapid.checks" })
	if !given {
		if err := flag.Set("rapid.checks", "30"); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

// line is a fact of a random graph.
type line struct {
	subject string
	rel     store.Rel
	object  string
	when    string
}

// population are the things of random graphs.
var population = map[store.Kind][]string{
	ontology.Theme:        {"Hydrogen", "Ports"},
	ontology.Person:       {"Anna", "Bert", "Carla"},
	ontology.Post:         {"Desk", "Liaison"},
	ontology.Organisation: {"Institute", "Agency"},
	ontology.Project:      {"Alpha", "Beta"},
	ontology.Instrument:   {"Treaty"},
	ontology.Place:        {"Estonia"},
}

// lines draws a fact between two of the population.
func lines() *rapid.Generator[line] {
	times := []string{"", "on=2026-06", "on=2018", "from=2020", "from=2010 to=2016", "from=2020 to=2030", "doc=2024", "planned", "from=2028"}
	return rapid.Custom(func(t *rapid.T) line {
		r := rapid.SampledFrom(ontology.Relations()).Draw(t, "relation")
		var pairs [][2]string
		for _, from := range ontology.Kinds() {
			for _, to := range ontology.Kinds() {
				if !r.Allows(from, to) {
					continue
				}
				for _, a := range population[from] {
					for _, b := range population[to] {
						if a != b {
							pairs = append(pairs, [2]string{a, b})
						}
					}
				}
			}
		}
		if len(pairs) == 0 {
			return line{"Anna", ontology.HasExpertise, "Hydrogen", "on=2026-06"}
		}
		pair := rapid.SampledFrom(pairs).Draw(t, "ends")
		return line{pair[0], r.Rel, pair[1], rapid.SampledFrom(times).Draw(t, "when")}
	})
}

func drawn(things []store.Kind, facts []line) *sketch.Graph {
	g := sketch.New()
	for _, kind := range things {
		for _, name := range population[kind] {
			g.Thing(kind, name, nil)
		}
	}
	for _, f := range facts {
		g.Fact(f.subject, f.rel, f.object, f.when)
	}
	return g
}

// slate is a store that holds one graph after the other, with a memory that
// must forget each.
type slate struct {
	store   store.Store
	memory  *contact.Memory
	written []store.Change
}

func newSlate(t *testing.T) *slate {
	return &slate{store: load(t, sketch.New()), memory: &contact.Memory{}}
}

// answer asks a question of a graph.
func (s *slate) answer(t *rapid.T, g *sketch.Graph, q contact.Question) contact.Answer {
	var err error
	if s.written, err = g.Replace(context.Background(), s.store, s.written); err != nil {
		t.Fatal(err)
	}
	q.Today, q.Language = today, "en"
	a, err := contact.Find(context.Background(), s.store, s.memory, q)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestMoreEvidenceNeverLowersAScore(t *testing.T) {
	s := newSlate(t)
	rapid.Check(t, func(t *rapid.T) {
		facts := rapid.SliceOfNDistinct(lines(), 1, 14, func(l line) line { return l }).Draw(t, "facts")
		q := contact.Question{About: rapid.SampledFrom([]string{"hydrogen", "hydrogen ports", "Estonia hydrogen"}).Draw(t, "about")}
		who := rapid.SampledFrom(population[ontology.Person]).Draw(t, "contact")
		// A role of its own makes it a further fact, not a date for one without.
		more := append(slices.Clone(facts), line{who, ontology.HasExpertise, "Hydrogen", rapid.SampledFrom([]string{"on=2026-05 role=researcher", "on=2017 role=researcher", "from=2009 to=2012 role=researcher"}).Draw(t, "when")})
		g := drawn(ontology.Kinds(), facts)
		before := of(s.answer(t, g, q), g.ID(who)).Score
		after := of(s.answer(t, drawn(ontology.Kinds(), more), q), g.ID(who)).Score
		if after < before {
			t.Fatalf("%s fell from %.4f to %.4f", who, before, after)
		}
	})
}

func TestScoresAreSharesAndOrderDoesNotDependOnLoading(t *testing.T) {
	s := newSlate(t)
	rapid.Check(t, func(t *rapid.T) {
		facts := rapid.SliceOfNDistinct(lines(), 1, 20, func(l line) line { return l }).Draw(t, "facts")
		q := contact.Question{About: "hydrogen Estonia", AsOf: rapid.SampledFrom([]ontology.Day{"", "2015-01-01", "2029-01-01"}).Draw(t, "day")}
		a := s.answer(t, drawn(ontology.Kinds(), facts), q)
		seen := map[store.ID]bool{}
		for i, m := range a.Matches {
			if m.Score <= 0 || m.Score > 1 || seen[m.Node] || len(m.Reasons) > 5 || len(m.Reasons) == 0 {
				t.Fatalf("match %d: %+v", i, m)
			}
			seen[m.Node] = true
		}
		kinds := rapid.Permutation(ontology.Kinds()).Draw(t, "order of kinds")
		again := s.answer(t, drawn(kinds, rapid.Permutation(facts).Draw(t, "order of facts")), q)
		if !reflect.DeepEqual(a, again) {
			t.Fatalf("loaded in another order:\n%+v\n%+v", a, again)
		}
	})
}

func TestAnAddedHubRaisesNobodyElse(t *testing.T) {
	s := newSlate(t)
	rapid.Check(t, func(t *rapid.T) {
		facts := rapid.SliceOfNDistinct(lines(), 1, 14, func(l line) line { return l }).Draw(t, "facts")
		q := contact.Question{About: "hydrogen"}
		before := s.answer(t, drawn(ontology.Kinds(), facts), q)
		g := drawn(ontology.Kinds(), facts)
		g.Thing(ontology.Organisation, "Hub", nil)
		g.Fact("Hub", ontology.WorksOn, "Hydrogen", "on=2026")
		for i := range 12 {
			member := fmt.Sprintf("Member %d", i)
			g.Thing(ontology.Person, member, nil)
			g.Fact(member, ontology.MemberOf, "Hub", "on=2026")
		}
		after := s.answer(t, g, q)
		for _, m := range before.Matches {
			if got := of(after, m.Node).Score; got > m.Score {
				t.Fatalf("%s rose from %.4f to %.4f", m.Node, m.Score, got)
			}
		}
	})
}

func TestAFactThatLosesItsLastSourceLeavesEveryReason(t *testing.T) {
	s := newSlate(t)
	rapid.Check(t, func(t *rapid.T) {
		facts := rapid.SliceOfNDistinct(lines(), 1, 14, func(l line) line { return l }).Draw(t, "facts")
		gone := rapid.IntRange(0, len(facts)-1).Draw(t, "gone")
		g := drawn(ontology.Kinds(), facts)
		l := facts[gone]
		id := g.Fact(l.subject, l.rel, l.object, l.when)
		left := append(append([]line(nil), facts[:gone]...), facts[gone+1:]...)
		kept := drawn(ontology.Kinds(), nil)
		for _, f := range left {
			if kept.Fact(f.subject, f.rel, f.object, f.when) == id {
				t.Skip("another source says the same")
			}
		}
		for _, m := range s.answer(t, kept, contact.Question{About: "hydrogen Estonia"}).Matches {
			for _, r := range m.Reasons {
				for _, f := range r.Facts {
					if f == id {
						t.Fatalf("%s rests on a fact that is gone", m.Node)
					}
				}
			}
		}
	})
}
