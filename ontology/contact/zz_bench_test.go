package contact_test

import (
	"context"
	"fmt"
	"math/rand"
	"os"
	"slices"
	"testing"
	"time"

	"coopgraph/ontology"
	"coopgraph/ontology/contact"
	"coopgraph/ontology/sketch"
	"coopgraph/store"
	"coopgraph/store/sqlite"
)

func TestScratchBench(t *testing.T) {
	ctx := context.Background()
	path := "/tmp/coop/contact/bench.db"
	_, err := os.Stat(path)
	s, e := sqlite.Open(ctx, path, ontology.Schema())
	if e != nil {
		t.Fatal(e)
	}
	defer s.Close(ctx)
	r := rand.New(rand.NewSource(1))
	zipf := func(n int) int {
		z := int(float64(n) * r.Float64() * r.Float64() * r.Float64())
		return min(z, n-1)
	}
	th := func(i int) string { return fmt.Sprintf("Theme%d word%d", i, i*7%977) }
	pl := func(i int) string { return fmt.Sprintf("Town%d place%d", i, i*3%811) }
	if err != nil {
		g := sketch.New()
		const nt, npl, no, npo, npr, npe = 3000, 3000, 14000, 10000, 15000, 55000
		for i := range nt {
			g.Thing(ontology.Theme, th(i), nil)
		}
		for i := range npl {
			g.Thing(ontology.Place, pl(i), nil)
		}
		for i := range no {
			g.Thing(ontology.Organisation, fmt.Sprintf("Org %d", i), nil)
		}
		for i := range npo {
			g.Thing(ontology.Post, fmt.Sprintf("Post %d", i), nil)
		}
		for i := range npr {
			g.Thing(ontology.Project, fmt.Sprintf("Project %d", i), nil)
		}
		for i := range npe {
			g.Thing(ontology.Person, fmt.Sprintf("Person %d", i), nil)
		}
		when := func() string { return fmt.Sprintf("on=%d", 2012+r.Intn(15)) }
		for i := 30; i < nt; i++ {
			g.Fact(th(i), ontology.Broader, th(i/6), "")
		}
		for i := 20; i < npl; i++ {
			g.Fact(pl(i), ontology.PartOf, pl(i/10), "")
		}
		for i := range no {
			g.Fact(fmt.Sprintf("Org %d", i), ontology.LocatedIn, pl(zipf(npl)), when())
			if r.Intn(3) == 0 {
				g.Fact(fmt.Sprintf("Org %d", i), ontology.WorksOn, th(zipf(nt)), when())
			}
			if i > 100 && r.Intn(3) == 0 {
				g.Fact(fmt.Sprintf("Org %d", i), ontology.PartOf, fmt.Sprintf("Org %d", i/20), when())
			}
		}
		for i := range npo {
			g.Fact(fmt.Sprintf("Post %d", i), ontology.PostIn, fmt.Sprintf("Org %d", zipf(no)), when())
			g.Fact(fmt.Sprintf("Post %d", i), ontology.WorksOn, th(zipf(nt)), when())
			g.Fact(fmt.Sprintf("Person %d", i), ontology.Holds, fmt.Sprintf("Post %d", i), fmt.Sprintf("from=%d", 2010+r.Intn(15)))
		}
		for i := range npr {
			for range 3 {
				g.Fact(fmt.Sprintf("Project %d", i), ontology.WorksOn, th(zipf(nt)), when())
			}
			for range 5 {
				g.Fact(fmt.Sprintf("Org %d", zipf(no)), ontology.ParticipatesIn, fmt.Sprintf("Project %d", i), when())
			}
			g.Fact(fmt.Sprintf("Person %d", r.Intn(npe)), ontology.ParticipatesIn, fmt.Sprintf("Project %d", i), when()+" role=lead")
		}
		for i := range npe {
			g.Fact(fmt.Sprintf("Person %d", i), ontology.MemberOf, fmt.Sprintf("Org %d", zipf(no)), when())
			if r.Intn(2) == 0 {
				g.Fact(fmt.Sprintf("Person %d", i), ontology.HasExpertise, th(zipf(nt)), when())
			}
			if i < 20000 {
				g.Fact(fmt.Sprintf("Person %d", i), ontology.HasExpertise, th(5), when())
			}
		}
		start := time.Now()
		changes, err := g.Changes()
		if err != nil {
			t.Fatal(err)
		}
		fmt.Println("changes", len(changes), time.Since(start))
		for c := range slices.Chunk(changes, 10000) {
			if _, err := s.Apply(ctx, c); err != nil {
				t.Fatal(err)
			}
		}
		fmt.Println("loaded", time.Since(start))
	}
	counted := &countingReader{Reader: s}
	var all []time.Duration
	for i := range 60 {
		a, b := zipf(3000), zipf(3000)
		if i%10 == 0 {
			a = 5
		}
		about := th(a) + " in " + pl(b)
		if i%3 == 0 {
			about = th(a)
		}
		*counted = countingReader{Reader: s}
		start := time.Now()
		ans, err := contact.Find(ctx, counted, contact.Question{About: about, Today: today, Language: "en"})
		if err != nil {
			t.Fatal(err)
		}
		took := time.Since(start)
		all = append(all, took)
		if i < 24 {
			fmt.Printf("%-40s %8s total %4d cut %v complete %v expands %d hops %d store %s  per %v\n", about, took.Round(time.Millisecond), ans.Total, ans.Cut, len(ans.Matches) > 0 && len(ans.Matches[0].Missing) == 0, counted.n, counted.hops, counted.took.Round(time.Millisecond), counted.each)
		}
	}
	slices.Sort(all)
	fmt.Println("p50", all[len(all)/2], "p95", all[len(all)*95/100], "max", all[len(all)-1])
}

type countingReader struct {
	store.Reader
	n, hops int
	took    time.Duration
	each    []string
}

func (c *countingReader) Expand(ctx context.Context, from []store.ID, tree []store.Step) (map[store.ID][]store.Page[store.Hop], error) {
	start := time.Now()
	m, err := c.Reader.Expand(ctx, from, tree)
	d := time.Since(start)
	c.took += d
	c.n++
	h := 0
	for _, ps := range m {
		for _, p := range ps {
			h += len(p.Items)
		}
	}
	c.hops += h
	c.each = append(c.each, fmt.Sprintf("%d/%d/%s", len(from), h, d.Round(100*time.Microsecond)))
	return m, err
}
