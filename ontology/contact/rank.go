package contact

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"coopgraph/ontology"
	"coopgraph/ontology/evidence"
	"coopgraph/ontology/text"
	"coopgraph/store"
)

// WithoutRole is the factor for a contact that lacks a role asked for.
const WithoutRole = 0.3

// speakers bounds the people listed for a question that names a language only.
const speakers = 100

// ownChecked bounds the contacts whose organisations are looked up.
const ownChecked = 200

// ranking combines what was gathered.
type ranking struct {
	graph  *graph
	facets []*facet
	roles  []askedRole
	cut    bool
	// ranked are the candidates, best first.
	ranked []*candidate
}

// candidate is a contact while it is ranked.
type candidate struct {
	Match
	complete bool
	findings []*finding // by facet
	weights  []float64  // the evidence, by facet
	// lacksRole says, by role asked for, whether the contact does not have it.
	lacksRole []bool
	// mean is the score before the roles count.
	mean float64
	// after is the person or post that an organisation follows though its
	// score would put it first; nil for none.
	after *candidate
}

func (r *ranking) rank(ctx context.Context) ([]Match, error) {
	ids, err := r.contacts(ctx)
	if err != nil {
		return nil, err
	}
	named, err := r.namedForRoles(ctx, ids)
	if err != nil {
		return nil, err
	}
	list := make([]*candidate, 0, len(ids))
	for _, id := range ids {
		list = append(list, r.weigh(id, named))
	}
	slices.SortFunc(list, func(a, b *candidate) int {
		return cmp.Or(
			boolOrder(b.complete, a.complete), cmp.Compare(b.Score, a.Score),
			cmp.Compare(kindOrder(a.Kind), kindOrder(b.Kind)), cmp.Compare(a.Node, b.Node),
		)
	})
	if list, err = r.ownFirst(ctx, list); err != nil {
		return nil, err
	}
	r.ranked = list
	matches := make([]Match, len(list))
	for i, c := range list {
		matches[i] = c.Match
	}
	return matches, nil
}

// contacts lists everybody with evidence for at least one facet. A question
// for a language alone means the people who speak it.
func (r *ranking) contacts(ctx context.Context) ([]store.ID, error) {
	all := map[store.ID]bool{}
	walked := false
	for _, f := range r.facets {
		for _, reading := range f.readings {
			walked = true
			for id, found := range reading.found {
				if !lacks(found.evidence()) {
					all[id] = true
				}
			}
		}
	}
	if walked || len(r.facets) == 0 {
		return sortedIDs(all), nil
	}
	page, err := r.graph.reader.Find(ctx, []store.Kind{ontology.Person}, store.Filter{
		Conds: []store.Cond{{Prop: "languages", Op: store.Any, Values: anyValues(r.facets[0].speaks)}},
	}, store.Paging{Limit: speakers})
	if err != nil {
		return nil, fmt.Errorf("people by language: %w", err)
	}
	r.cut = page.More
	for _, n := range page.Items {
		if r.graph.meet(n).contact {
			all[n.ID] = true
		}
	}
	return sortedIDs(all), nil
}

// weigh makes the candidate: its score and what it lacks.
func (r *ranking) weigh(id store.ID, named map[store.ID]map[int]bool) *candidate {
	t := r.graph.things[id]
	c := &candidate{Match: Match{Node: id, Kind: t.kind}, lacksRole: make([]bool, len(r.roles))}
	for _, f := range r.facets {
		e := 0.0
		var found *finding
		if f.speaks != nil {
			if speaksAny(t.languages, f.speaks) {
				e = 1
			}
		} else {
			found = f.finding(id)
			e = found.evidence()
		}
		c.findings = append(c.findings, found)
		c.weights = append(c.weights, e)
		if lacks(e) {
			c.Missing = append(c.Missing, Missing{Text: f.text, Node: f.node()})
		}
	}
	c.mean = evidence.Score(c.weights)
	score := c.mean
	for i, role := range r.roles {
		if !named[id][i] && !r.bound(role, c.findings) {
			score *= WithoutRole
			c.lacksRole[i] = true
			c.Missing = append(c.Missing, Missing{Text: role.text})
		}
	}
	c.Score = evidence.Round(score)
	c.complete = len(c.Missing) == 0
	return c
}

// bound says whether a chain ends in the role. What has ended or is only
// planned gives nobody a role.
func (r *ranking) bound(role askedRole, findings []*finding) bool {
	for _, f := range findings {
		for _, l := range f.chains() {
			if l.leg == holding {
				l = l.prev // the post's chain is the holder's
			}
			if l.fact != nil && l.fact.status != ontology.Ended && l.fact.status != ontology.Planned &&
				role.binds(l.leg, l.fact.Role, r.graph.things[l.at].head) {
				return true
			}
		}
	}
	return false
}

// namedForRoles says which contacts bear a role asked for in the name of the
// post that they are or hold.
func (r *ranking) namedForRoles(ctx context.Context, ids []store.ID) (map[store.ID]map[int]bool, error) {
	named := map[store.ID]map[int]bool{}
	if len(r.roles) == 0 {
		return named, nil
	}
	holders := map[store.ID][]store.ID{}
	for _, id := range ids {
		if r.graph.things[id].kind == ontology.Post {
			holders[id] = append(holders[id], id)
		}
		for _, post := range r.graph.seats[id] {
			holders[post] = append(holders[post], id)
		}
	}
	posts := make(map[store.ID]bool, len(holders))
	for id := range holders {
		posts[id] = true
	}
	if len(posts) == 0 {
		return named, nil
	}
	nodes, err := r.graph.reader.Nodes(ctx, sortedIDs(posts))
	if err != nil {
		return nil, fmt.Errorf("names of %d posts: %w", len(posts), err)
	}
	for post, n := range nodes {
		labels, _ := n.Props["labels"].(string)
		for i, role := range r.roles {
			if !role.inLabels(labels) {
				continue
			}
			for _, id := range holders[post] {
				if named[id] == nil {
					named[id] = map[int]bool{}
				}
				named[id][i] = true
			}
		}
	}
	return named, nil
}

// inLabels says whether a name among the encoded labels has the role's word.
func (a askedRole) inLabels(labels string) bool {
	var e text.Encoded
	for labels != "" {
		labels = e.Next(labels)
		for _, w := range e.Words {
			if a.role.hasWord(w) {
				return true
			}
		}
	}
	return false
}

// ownFirst places an organisation that would stand before its own people or
// posts directly after the first of them that has every facet by facts that do
// not lead through the organisation.
func (r *ranking) ownFirst(ctx context.Context, list []*candidate) ([]*candidate, error) {
	precise, seenOrganisation := []store.ID(nil), false
	for _, c := range list {
		switch {
		case c.Kind == ontology.Organisation:
			seenOrganisation = true
		case seenOrganisation && c.complete && len(precise) < ownChecked:
			precise = append(precise, c.Node)
		}
	}
	if len(precise) == 0 {
		return list, nil
	}
	homes, err := r.homes(ctx, precise)
	if err != nil {
		return nil, err
	}
	before := map[store.ID]int{} // organisations by their place
	for i, c := range list {
		if c.Kind == ontology.Organisation {
			before[c.Node] = i
		}
	}
	after := map[*candidate][]*candidate{}
	moved := map[*candidate]bool{}
	for i, c := range list {
		for _, home := range homes[c.Node] {
			at, ok := before[home]
			if !ok || at > i || moved[list[at]] || !c.complete || !c.without(home) {
				continue
			}
			moved[list[at]] = true
			list[at].after = c
			after[c] = append(after[c], list[at])
		}
	}
	ordered := make([]*candidate, 0, len(list))
	for _, c := range list {
		if !moved[c] {
			slices.SortFunc(after[c], func(a, b *candidate) int { return cmp.Compare(before[a.Node], before[b.Node]) })
			ordered = append(ordered, c)
			ordered = append(ordered, after[c]...)
		}
	}
	return ordered, nil
}

// without says whether the contact has every facet by a chain that does not
// pass the organisation, other than what asks for the organisation itself: that
// its own people have by being its own. One facet at least must be another.
func (c *candidate) without(organisation store.ID) bool {
	another := false
	for _, f := range c.findings {
		if f == nil || f.itself {
			another = true
			continue
		}
		own, other := false, false
		for _, l := range f.chains() {
			switch {
			case lacks(l.weight()):
			case l.root() == organisation:
				own = true
			case !l.passes(organisation):
				other = true
			}
		}
		if !own && !other {
			return false
		}
		another = another || other
	}
	return another
}

// homes lists the organisations of people and posts.
func (r *ranking) homes(ctx context.Context, ids []store.ID) (map[store.ID][]store.ID, error) {
	in := r.graph.step(hopsBack, store.Leg{Rel: ontology.PostIn, Dir: store.Out}, store.Leg{Rel: ontology.MemberOf, Dir: store.Out})
	held := r.graph.step(hopsBack, store.Leg{Rel: ontology.Holds, Dir: store.Out})
	held.Then = []store.Step{in}
	answers, err := r.graph.reader.Expand(ctx, ids, []store.Step{in, held})
	if err != nil {
		return nil, fmt.Errorf("organisations of %d contacts: %w", len(ids), err)
	}
	homes := map[store.ID][]store.ID{}
	var collect func(id store.ID, page store.Page[store.Hop])
	collect = func(id store.ID, page store.Page[store.Hop]) {
		for _, h := range page.Items {
			if h.Node.Kind == ontology.Organisation && !slices.Contains(homes[id], h.Node.ID) {
				homes[id] = append(homes[id], h.Node.ID)
			}
			for _, then := range h.Then {
				collect(id, then)
			}
		}
	}
	for _, id := range ids {
		for _, page := range answers[id] {
			collect(id, page)
		}
	}
	return homes, nil
}

func boolOrder(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// kindOrder puts people before posts before organisations.
func kindOrder(k store.Kind) int {
	return slices.Index([]store.Kind{ontology.Person, ontology.Post, ontology.Organisation}, k)
}

func sortByWeight(ids []store.ID, weights map[store.ID]float64) {
	slices.SortFunc(ids, func(a, b store.ID) int {
		return cmp.Or(cmp.Compare(weights[b], weights[a]), cmp.Compare(a, b))
	})
}

// baseLanguage is the language of a tag without script and region.
func baseLanguage(tag string) string {
	base, _, _ := strings.Cut(strings.ToLower(tag), "-")
	return base
}
