package contact_test

import (
	"math"
	"reflect"
	"testing"

	"coopgraph/ontology"
	"coopgraph/ontology/contact"
	"coopgraph/ontology/evidence"
	"coopgraph/store"
)

// TestTheCalculationGivesTheScore protects that what is explained is what was
// ranked: from the facts of each piece of evidence to the score of each match.
func TestTheCalculationGivesTheScore(t *testing.T) {
	s := load(t, crowded())
	for _, about := range []string{"hydrogen", "hydrogen in Luxembourg", "head of the Energy Unit", "Vacant Post", "hydragen 2019", "who knows Luxembourg, speaks French"} {
		q := contact.Question{About: about, Today: today, Language: "en"}
		e, err := contact.Explain(t.Context(), s, q)
		if err != nil {
			t.Fatal(err)
		}
		if found := find(t, s, q); !reflect.DeepEqual(found, e.Answer) {
			t.Errorf("%q: explained %+v, found %+v", about, e.Answer, found)
		}
		for i, m := range e.Answer.Matches {
			c := e.Of(i)
			if !reflect.DeepEqual(c.Match, m) {
				t.Fatalf("%q: match %d is %+v, explained %+v", about, i, m, c.Match)
			}
			var weights []float64
			for _, f := range c.Facets {
				weights = append(weights, checkFacet(t, f))
			}
			score := evidence.Score(weights)
			if score != c.Mean {
				t.Errorf("%q: match %d has mean %v, its facets make %v", about, i, c.Mean, score)
			}
			for _, r := range c.Roles {
				if r.Lacks {
					score *= contact.WithoutRole
				}
			}
			if evidence.Round(score) != m.Score {
				t.Errorf("%q: match %d scores %v, explained %v", about, i, m.Score, score)
			}
		}
	}
}

// checkFacet adds a facet's chains up again and gives its evidence.
func checkFacet(t *testing.T, f contact.FacetShare) float64 {
	t.Helper()
	same := func(what string, got, want float64) {
		t.Helper()
		if math.Abs(got-want) > 1e-9 {
			t.Errorf("%s of %q: %v, want %v", what, f.Text, got, want)
		}
	}
	var byFirst, byLast []float64
	for _, c := range f.Chains {
		product, age, at := 1.0, 1.0, c.From
		for _, s := range c.Steps {
			product *= s.Strength * s.Damping
			age = min(age, s.Age)
			if ends := [2]store.ID{s.Fact.Subject, s.Fact.Object}; ends != [2]store.ID{at, s.To} && ends != [2]store.ID{s.To, at} {
				t.Errorf("%s of %q does not lead from %s to %s", s.Fact.ID, f.Text, at, s.To)
			}
			at = s.To
		}
		same("product", c.Product, product)
		same("age", c.Age, age)
		same("weight", c.Weight, product*age)
		if c.First > 0 {
			byFirst = append(byFirst, c.Weight)
		}
		if c.Last > 0 {
			byLast = append(byLast, c.Weight)
		}
	}
	same("sum by first fact", f.ByFirst, evidence.Sum(byFirst))
	same("sum by last fact", f.ByLast, evidence.Sum(byLast))
	same("share", f.Share, evidence.Share(f.Evidence))
	switch {
	case f.Itself:
		same("evidence", f.Evidence, 1)
	case !f.Language:
		same("evidence", f.Evidence, min(f.ByFirst, f.ByLast))
	}
	return f.Evidence
}

// TestTheCalculationShowsDampingAgeAndDoubt protects the numbers of one chain.
func TestTheCalculationShowsDampingAgeAndDoubt(t *testing.T) {
	g := scheldt()
	g.Thing(ontology.Organisation, "Twin", nil)
	g.Fact("Twin", ontology.PossiblySameAs, "Scheldt Council", "on=2022-11")
	e, err := contact.Explain(t.Context(), load(t, g), contact.Question{About: "Scheldt Council", Today: today, Language: "en"})
	if err != nil {
		t.Fatal(err)
	}
	for i, m := range e.Answer.Matches {
		if m.Node != g.ID("Twin") {
			continue
		}
		c := e.Of(i)
		if len(c.Facets) != 1 || len(c.Facets[0].Chains) != 1 {
			t.Fatalf("%+v", c)
		}
		chain := c.Facets[0].Chains[0]
		if len(chain.Steps) != 1 || chain.Steps[0].Strength != evidence.Doubt || chain.Age != 0.45 || chain.Weight != evidence.Doubt*0.45 {
			t.Errorf("%+v", chain)
		}
		return
	}
	t.Errorf("the possible twin answers: %+v", e.Answer.Matches)
}
