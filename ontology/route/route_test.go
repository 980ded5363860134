package route_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"coopgraph/ontology"
	"coopgraph/ontology/route"
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

func find(tb testing.TB, s store.Reader, q route.Question) []route.Path {
	tb.Helper()
	if q.AsOf == "" {
		q.AsOf = today
	}
	paths, err := route.Find(context.Background(), s, q)
	if err != nil {
		tb.Fatal(err)
	}
	return paths
}

// acquainted is a graph in which Anna reaches Zoe by a strong way of three
// facts, a weak one of two, and one that has ended.
func acquainted() *sketch.Graph {
	g := sketch.New()
	for _, p := range []string{"Anna", "Zoe"} {
		g.Thing(ontology.Person, p, nil)
	}
	g.Thing(ontology.Event, "Conference", nil)
	g.Thing(ontology.Organisation, "Old Club", nil)
	g.Thing(ontology.Post, "Desk", nil)
	g.Thing(ontology.Organisation, "Institute", nil)
	g.Fact("Anna", ontology.TookPartIn, "Conference", "on=2014")
	g.Fact("Zoe", ontology.TookPartIn, "Conference", "on=2014")
	g.Fact("Anna", ontology.MemberOf, "Old Club", "from=2001 to=2003")
	g.Fact("Zoe", ontology.MemberOf, "Old Club", "from=2001 to=2003")
	g.Fact("Anna", ontology.Holds, "Desk", "on=2026")
	g.Fact("Desk", ontology.PostIn, "Institute", "on=2026")
	g.Fact("Zoe", ontology.MemberOf, "Institute", "on=2026")
	return g
}

func TestTheBestRouteIsNotTheShortest(t *testing.T) {
	g := acquainted()
	s := load(t, g)
	paths := find(t, s, route.Question{From: g.ID("Anna"), To: g.ID("Zoe")})
	if len(paths) != 3 {
		t.Fatalf("three routes: %+v", paths)
	}
	want := []store.ID{g.ID("Anna"), g.ID("Desk"), g.ID("Institute"), g.ID("Zoe")}
	if !slices.Equal(paths[0].Nodes, want) || paths[0].Length != 3 {
		t.Errorf("the living connection comes first: %+v", paths[0])
	}
	last := 1.0
	for _, p := range paths {
		if p.Score <= 0 || p.Score > last || len(p.Facts) != p.Length || len(p.Nodes) != p.Length+1 {
			t.Errorf("%+v", p)
		}
		for i, f := range p.Facts {
			ends := []store.ID{f.From, f.To}
			if !slices.Contains(ends, p.Nodes[i]) || !slices.Contains(ends, p.Nodes[i+1]) || f.Props["group"] == nil {
				t.Errorf("fact %d joins its two things and has its properties: %+v", i, f)
			}
		}
		last = p.Score
	}
}

func TestEachHopShowsItsBestFact(t *testing.T) {
	g := acquainted()
	best := g.Fact("Anna", ontology.TookPartIn, "Conference", "on=2026 role=speaker")
	g.Fact("Zoe", ontology.TookPartIn, "Conference", "on=2026 role=chair")
	paths := find(t, load(t, g), route.Question{From: g.ID("Anna"), To: g.ID("Zoe"), Using: []store.Rel{ontology.TookPartIn}})
	if len(paths) != 1 || paths[0].Facts[0].ID != best {
		t.Errorf("one route, by the better of two facts: %+v", paths)
	}
}

func TestTheDayChangesTheOrderAndKeepsWhatHasEnded(t *testing.T) {
	g := acquainted()
	s := load(t, g)
	paths := find(t, s, route.Question{From: g.ID("Anna"), To: g.ID("Zoe"), AsOf: "2002-06-01"})
	if len(paths) != 3 || !slices.Contains(paths[0].Nodes, g.ID("Old Club")) {
		t.Errorf("in 2002 the club is the best way: %+v", paths)
	}
}

func TestBoundsAndAbsentThings(t *testing.T) {
	g := acquainted()
	s := load(t, g)
	ctx := context.Background()
	ends := route.Question{From: g.ID("Anna"), To: g.ID("Zoe"), AsOf: today}
	for name, change := range map[string]func(*route.Question){
		"too long": func(q *route.Question) { q.MaxLength = 7 },
		"too many": func(q *route.Question) { q.First = 11 },
		"unknown":  func(q *route.Question) { q.Using = []store.Rel{"KNOWS"} },
	} {
		q := ends
		change(&q)
		if _, err := route.Find(ctx, s, q); !errors.Is(err, store.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	gone := ends
	gone.To = "n_aaaaaaaaaaaaaaaaaaaaaaaaaa"
	if _, err := route.Find(ctx, s, gone); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("an absent end: %v", err)
	}
	if paths := find(t, s, route.Question{From: g.ID("Anna"), To: g.ID("Zoe"), MaxLength: 1}); len(paths) != 0 {
		t.Errorf("no route of one fact: %+v", paths)
	}
	if paths := find(t, s, route.Question{From: g.ID("Anna"), To: g.ID("Anna")}); len(paths) != 0 {
		t.Errorf("a thing needs no introduction to itself: %+v", paths)
	}
}

func TestAHubIsNoIntroduction(t *testing.T) {
	g := sketch.New()
	for _, p := range []string{"Anna", "Zoe"} {
		g.Thing(ontology.Person, p, nil)
	}
	g.Thing(ontology.Organisation, "Crowd", nil)
	g.Thing(ontology.Organisation, "Team", nil)
	for _, o := range []string{"Crowd", "Team"} {
		g.Fact("Anna", ontology.MemberOf, o, "on=2026")
		g.Fact("Zoe", ontology.MemberOf, o, "on=2026")
	}
	for i := range 100 {
		member := fmt.Sprintf("Member %d", i)
		g.Thing(ontology.Person, member, nil)
		g.Fact(member, ontology.MemberOf, "Crowd", "on=2026")
	}
	paths := find(t, load(t, g), route.Question{From: g.ID("Anna"), To: g.ID("Zoe"), MaxLength: 2})
	if len(paths) != 2 || paths[0].Nodes[1] != g.ID("Team") || paths[1].Score > paths[0].Score/2 {
		t.Errorf("the small team introduces better than the crowd: %+v", paths)
	}
}

func TestRoutesAreDistinctAndDoNotDependOnLoading(t *testing.T) {
	s := load(t, sketch.New())
	var written []store.Change
	names := []string{"A", "B", "C", "D", "E", "F"}
	rapid.Check(t, func(t *rapid.T) {
		type line struct {
			from, to int
			rel      store.Rel
			when     string
		}
		lines := rapid.SliceOfNDistinct(rapid.Custom(func(t *rapid.T) line {
			l := line{from: rapid.IntRange(0, 5).Draw(t, "from"), to: rapid.IntRange(0, 5).Draw(t, "to")}
			l.rel = rapid.SampledFrom([]store.Rel{ontology.CooperatesWith, ontology.MemberOf, ontology.Chairs}).Draw(t, "rel")
			l.when = rapid.SampledFrom([]string{"on=2026", "from=2010 to=2012", ""}).Draw(t, "when")
			return l
		}), 1, 16, func(l line) line { return l }).Draw(t, "facts")
		draw := func(order []line) []route.Path {
			g := sketch.New()
			for _, n := range names {
				g.Thing(ontology.Organisation, n, nil)
			}
			for _, l := range order {
				if l.from != l.to {
					g.Fact(names[l.from], l.rel, names[l.to], l.when)
				}
			}
			ctx := context.Background()
			var err error
			if written, err = g.Replace(ctx, s, written); err != nil {
				t.Fatal(err)
			}
			paths, err := route.Find(ctx, s, route.Question{From: g.ID("A"), To: g.ID("B"), AsOf: today, First: 10})
			if err != nil {
				t.Fatal(err)
			}
			return paths
		}
		paths := draw(lines)
		seen := map[string]bool{}
		for _, p := range paths {
			key := fmt.Sprint(p.Nodes)
			sorted := slices.Clone(p.Nodes)
			slices.Sort(sorted)
			if seen[key] || len(slices.Compact(sorted)) != p.Length+1 || p.Length > route.DefaultLength {
				t.Fatalf("%+v", p)
			}
			seen[key] = true
		}
		if again := draw(rapid.Permutation(lines).Draw(t, "order")); !reflect.DeepEqual(paths, again) {
			t.Fatalf("loaded in another order:\n%+v\n%+v", paths, again)
		}
	})
}
