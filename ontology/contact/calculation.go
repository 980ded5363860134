package contact

import (
	"context"
	"slices"

	"coopgraph/ontology"
	"coopgraph/ontology/evidence"
	"coopgraph/store"
)

// Explanation is an answer with what its ranking weighed.
type Explanation struct {
	Answer  Answer
	ranking *ranking
}

// Ask answers a question as Find does, but leaves the reasons and the status of
// the matches to Match: a reader sees but a page of them. Of gives the
// calculation of a match.
func Ask(ctx context.Context, reader store.Reader, memory *Memory, q Question) (*Explanation, error) {
	answer, r, err := find(ctx, reader, memory, q)
	if err != nil {
		return nil, err
	}
	return &Explanation{Answer: answer, ranking: r}, nil
}

// Explain answers a question as Find does. Of gives the calculation of each
// match.
func Explain(ctx context.Context, reader store.Reader, q Question) (*Explanation, error) {
	return explain(ctx, reader, nil, q)
}

func explain(ctx context.Context, reader store.Reader, memory *Memory, q Question) (*Explanation, error) {
	e, err := Ask(ctx, reader, memory, q)
	if err != nil {
		return nil, err
	}
	for i := range e.Answer.Matches {
		e.Answer.Matches[i] = e.Match(i)
	}
	return e, nil
}

// Match is the i-th match, from 0, with its reasons and status.
func (e *Explanation) Match(i int) Match {
	c := e.ranking.ranked[i]
	m := c.Match
	m.Reasons, m.Status = e.ranking.reasons(e.ranking.graph.things[m.Node], c.findings)
	return m
}

// Calculation is how the score of a match comes about: the geometric mean of
// the facets' shares, times WithoutRole for each role that it lacks.
type Calculation struct {
	Match  Match
	Facets []FacetShare
	// Mean is the geometric mean of the shares, to four digits.
	Mean float64
	// Roles are the roles asked for.
	Roles []RoleShare
	// After is the person or post of the organisation that has the whole
	// question by facts of its own, behind whom the organisation is placed
	// whatever its score; "" where it stands by its score.
	After store.ID
}

// RoleShare is a role asked for.
type RoleShare struct {
	Text  string
	Lacks bool
}

// FacetShare is what one part of the question contributes.
type FacetShare struct {
	Text string
	// Language says that a spoken language was asked for: no chains, evidence 1
	// or 0.
	Language bool
	// Itself says that the contact is the thing named: evidence 1, whatever the
	// chains say.
	Itself bool
	// Evidence is in [0, 1]; Share is evidence.Share of it.
	Evidence, Share float64
	// ByFirst and ByLast are the two sums of the chains, grouped by the fact
	// next to the thing named and by the fact next to the contact: the smaller
	// is the evidence.
	ByFirst, ByLast float64
	// Chains are all that was weighed, the heaviest first.
	Chains []Chain
}

// Chain is one piece of evidence: facts from a thing named to the contact.
type Chain struct {
	// From is the thing named.
	From  store.ID
	Steps []Step
	// Product is that of the steps' strengths and dampings: what distance
	// leaves. Age is the factor of the oldest fact, Weight the product of both.
	Product, Age, Weight float64
	// First and Last are the places, from 1, that its groups have in the two
	// sums; 0 where a heavier chain stands for the group.
	First, Last int
}

// Step is one fact of a chain, as it was weighed.
type Step struct {
	Fact ontology.Fact
	// Leg leads from the thing nearer to the thing named to To.
	Leg    store.Leg
	To     store.ID
	Status ontology.Status
	// Tree says that the step opens the tree of themes or places (or the
	// content of a project) around the thing named: age does not weaken it.
	Tree bool
	// Strength is the relation's weight: see package evidence.
	Strength float64
	// Neighbours are those of the thing passed before this step, Damping the
	// factor for them: 1 at the first step, and where there are few.
	Neighbours int64
	Damping    float64
	// Age is the factor for the age of the fact alone; 1 in a tree.
	Age float64
}

// Of gives the calculation of the i-th match, from 0.
func (e *Explanation) Of(i int) Calculation {
	c := e.ranking.ranked[i]
	out := Calculation{Match: e.Match(i), Mean: c.mean}
	if c.after != nil {
		out.After = c.after.Node
	}
	for i, f := range e.ranking.facets {
		share := FacetShare{Text: f.text, Language: f.speaks != nil, Evidence: c.weights[i], Share: evidence.Share(c.weights[i])}
		if found := c.findings[i]; found != nil {
			share.Itself = found.itself
			share.ByFirst, share.ByLast = evidence.Sum(weights(found.byFirst)), evidence.Sum(weights(found.byLast))
			share.Chains = chainsOf(found)
		}
		out.Facets = append(out.Facets, share)
	}
	for i, r := range e.ranking.roles {
		out.Roles = append(out.Roles, RoleShare{Text: r.text, Lacks: c.lacksRole[i]})
	}
	return out
}

func chainsOf(f *finding) []Chain {
	first, last := places(f.byFirst), places(f.byLast)
	var chains []Chain
	for _, l := range f.chains() {
		c := Chain{
			From: l.root(), Product: l.product, Age: l.age.Factor(), Weight: l.weight(),
			First: first[l], Last: last[l],
		}
		for ; l.fact != nil; l = l.prev {
			c.Steps = append(c.Steps, l.step())
		}
		slices.Reverse(c.Steps)
		chains = append(chains, c)
	}
	return chains
}

// places numbers the best chains of groups from the heaviest.
func places(groups map[store.ID]*link) map[*link]int {
	list := make([]*link, 0, len(groups))
	for _, l := range groups {
		list = append(list, l)
	}
	slices.SortFunc(list, better)
	at := make(map[*link]int, len(list))
	for i, l := range list {
		at[l] = i + 1
	}
	return at
}

// step describes the fact at the end of the chain.
func (l *link) step() Step {
	s := Step{
		Fact: l.fact.known(), Leg: l.leg, To: l.at, Status: l.fact.status, Tree: l.walked == 0,
		Strength: l.strength, Neighbours: l.neighbours, Damping: evidence.Damping(l.neighbours), Age: l.fact.age.Factor(),
	}
	if s.Tree {
		s.Age = evidence.Ageless.Factor()
	}
	return s
}

// Things lists the things that the calculation speaks of, each once.
func (c *Calculation) Things() []store.ID {
	ids := []store.ID{c.Match.Node}
	if c.After != "" {
		ids = append(ids, c.After)
	}
	for _, f := range c.Facets {
		for _, chain := range f.Chains {
			ids = append(ids, chain.From)
			for _, s := range chain.Steps {
				ids = append(ids, s.To)
			}
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}
