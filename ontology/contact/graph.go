package contact

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"coopgraph/ontology"
	"coopgraph/ontology/evidence"
	"coopgraph/store"
)

// thing is what the walk must know of a node.
type thing struct {
	id   store.ID
	kind store.Kind
	// own marks our own house.
	own bool
	// contact says that the thing can be a contact.
	contact bool
	// head marks the post of the head of an organisation.
	head bool
	// territory marks the organisation of a state, region or municipality.
	territory bool
	languages []string
	span      ontology.Span
}

// walkProps are the properties of nodes that the walk reads.
var walkProps = []string{"roles", "contactable", "head", "classification", "languages", "from", "to", "planned"}

// territories are the classifications of organisations that are one with the
// place they cover.
var territories = []string{"STATE", "REGION", "COMMUNITY", "MUNICIPALITY"}

func thingOf(n store.Node, on ontology.Day) thing {
	text := func(name string) string {
		s, _ := n.Props[name].(string)
		return s
	}
	roles, _ := n.Props["roles"].([]string)
	contactable, stated := n.Props["contactable"].(bool)
	t := thing{id: n.ID, kind: n.Kind, own: slices.Contains(roles, "OWN_HOUSE")}
	t.head, _ = n.Props["head"].(bool)
	t.languages, _ = n.Props["languages"].([]string)
	t.span = ontology.Span{From: ontology.PartialDate(text("from")), To: ontology.PartialDate(text("to"))}
	t.span.Planned, _ = n.Props["planned"].(bool)
	switch n.Kind {
	case ontology.Organisation:
		t.territory = slices.Contains(territories, text("classification"))
		t.contact = t.span.Status(on) != ontology.Ended
	case ontology.Person, ontology.Post:
		t.contact = true
	}
	t.contact = t.contact && (contactable || !stated)
	return t
}

// fact is a relation as the walk sees it on the day.
type fact struct {
	ontology.Fact
	age    evidence.Age
	status ontology.Status
}

// hop is a fact that leads from a parent to another thing.
type hop struct {
	fact *fact
	// leg is the way from the thing nearer to the target to the one nearer to
	// the contact.
	leg    store.Leg
	to     store.ID
	weight float64
}

// fan is what leads away from one thing: its best hops, how many neighbours it
// has on each leg, and whether hops were left out.
type fan struct {
	hops   []hop
	counts map[store.Leg]int64
	cut    bool
}

// The bounds of the walk.
const (
	// levels is the number of hops from the opened trees to a contact.
	levels = 3
	// hopsAParent and parentsALevel bound what one level reads for a facet.
	hopsAParent   = 50
	parentsALevel = 100
	// hopsBack bounds the hops a parent of the check, by strength.
	hopsBack = 10
	// checked is the number of contacts of a facet that are checked for the
	// others.
	checked = 100
	// parentsBack bounds the parents a level of the check.
	parentsBack = 100
	// treeNodes bounds each tree of a thing asked for.
	treeNodes = 1000
)

// graph is the part of the store that one question has touched.
type graph struct {
	reader store.Reader
	asOf   ontology.Day
	things map[store.ID]thing
	facts  map[store.ID]*fact
	fans   [2]map[store.ID]*fan // by direction
	// seats are the posts for which a holder answers.
	seats map[store.ID][]store.ID
	// tenures are the holdings by which a post that answers itself, or the one
	// who answers for it, is known.
	tenures map[store.ID]tenure
	// steps are the steps of a walk, and entries the legs counted apart, by
	// direction.
	steps   [2][]store.Step
	entries [2][]store.Leg
}

// tenure is a holding seen from one of its ends.
type tenure struct {
	fact  *fact
	other thing
	// contactIs is In for the holder and Out for the post.
	contactIs store.Dir
}

// The directions of spreading.
const (
	forward = iota
	backward
)

func newGraph(reader store.Reader, asOf ontology.Day) *graph {
	g := &graph{
		reader: reader, asOf: asOf, things: map[store.ID]thing{}, facts: map[store.ID]*fact{},
		fans: [2]map[store.ID]*fan{{}, {}}, seats: map[store.ID][]store.ID{}, tenures: map[store.ID]tenure{},
	}
	g.steps = [2][]store.Step{forward: g.walkSteps(), backward: g.backSteps()}
	g.entries = [2][]store.Leg{forward: entryLegs(forward), backward: entryLegs(backward)}
	return g
}

// meet remembers the node of a hop, read with walkProps.
func (g *graph) meet(n store.Node) thing {
	t, ok := g.things[n.ID]
	if !ok {
		t = thingOf(n, g.asOf)
		g.things[n.ID] = t
	}
	return t
}

// factOf decodes an edge once.
func (g *graph) factOf(e store.Edge) (*fact, error) {
	if f, ok := g.facts[e.ID]; ok {
		return f, nil
	}
	decoded, err := ontology.FactOf(e)
	if err != nil {
		return nil, fmt.Errorf("fact of a walk: %w", err)
	}
	f := &fact{Fact: decoded, age: evidence.AgeOf(decoded, g.asOf), status: decoded.Status(g.asOf)}
	g.facts[e.ID] = f
	return f, nil
}

// begun lets pass the facts that do not start after the day.
func (g *graph) begun() store.Cond {
	return store.Cond{Prop: "firstDay", Op: store.AtMost, Values: []any{string(g.asOf)}, OrAbsent: true}
}

func (g *graph) step(limit int, legs ...store.Leg) store.Step {
	return store.Step{
		Legs: legs, Where: []store.Cond{g.begun()}, Order: ontology.ByFreshness, Limit: limit, NodeProps: walkProps,
	}
}

// holding is left out of the walk: which holder answers for a post is settled
// once all evidence is gathered.
var holding = store.Leg{Rel: ontology.Holds, Dir: store.In}

// walkSteps are the steps that lead towards contacts, one for each strength and
// condition of the table of weights.
func (g *graph) walkSteps() []store.Step {
	var steps []store.Step
	var last evidence.Passage
	for _, p := range evidence.Passages() {
		leg := store.Leg{Rel: p.Rel, Dir: p.Dir}
		if leg == holding {
			continue
		}
		if len(steps) > 0 && sameCondition(last, p) {
			steps[len(steps)-1].Legs = append(steps[len(steps)-1].Legs, leg)
			continue
		}
		s := g.step(hopsAParent, leg)
		s.Kinds = p.To
		if p.Roles != nil {
			s.Where = append(s.Where, store.Cond{Prop: "role", Op: store.Any, Values: anyValues(p.Roles)})
		}
		if p.Head {
			s.Far = []store.Cond{{Prop: "head", Op: store.Any, Values: []any{true}}}
			s.Kinds = []store.Kind{ontology.Post}
		}
		steps, last = append(steps, s), p
	}
	return steps
}

// sameCondition says whether two passages fit one step: doubt and the middle
// strength are near enough to share a cap.
func sameCondition(a, b evidence.Passage) bool {
	near := a.Weight == b.Weight || a.Weight >= evidence.Doubt && b.Weight >= evidence.Doubt && a.Weight < evidence.Strong && b.Weight < evidence.Strong
	return near && a.Head == b.Head && slices.Equal(a.To, b.To) && slices.Equal(a.Roles, b.Roles)
}

func anyValues(list []string) []any {
	values := make([]any, len(list))
	for i, v := range list {
		values[i] = v
	}
	return values
}

// backSteps are the steps that lead from a contact towards what it rests on:
// the walk's, turned around.
func (g *graph) backSteps() []store.Step {
	classes := map[bool][]store.Leg{}
	for _, leg := range walkLegs() {
		turned := leg.Turned()
		strong := evidence.Strength(leg) >= evidence.Strong
		classes[strong] = append(classes[strong], turned)
	}
	return []store.Step{g.step(hopsBack, classes[true]...), g.step(hopsBack, classes[false]...)}
}

// walkLegs lists the legs of the walk, each once.
func walkLegs() []store.Leg {
	var legs []store.Leg
	for _, p := range evidence.Passages() {
		if leg := (store.Leg{Rel: p.Rel, Dir: p.Dir}); leg != holding && !slices.Contains(legs, leg) {
			legs = append(legs, leg)
		}
	}
	return legs
}

// countStep counts the neighbours of a thing on every leg of a list.
func (g *graph) countStep(legs []store.Leg) store.Step {
	return store.Step{Legs: legs, Where: []store.Cond{g.begun()}, Order: ontology.ByFreshness, Limit: 1, Count: true}
}

// allLegs are the legs by which the walk, in either direction, can enter or
// leave a thing; entryLegs those that the steps of a direction do not follow:
// their neighbours must be counted apart.
func allLegs() []store.Leg {
	legs := walkLegs()
	for _, leg := range walkLegs() {
		if turned := leg.Turned(); !slices.Contains(legs, turned) {
			legs = append(legs, turned)
		}
	}
	return legs
}

func entryLegs(direction int) []store.Leg {
	followed := walkLegs()
	if direction == backward {
		for i, leg := range followed {
			followed[i] = leg.Turned()
		}
	}
	return slices.DeleteFunc(allLegs(), func(leg store.Leg) bool { return slices.Contains(followed, leg) })
}

// spread reads the fans of the things that have none yet, in one question.
// counted says whether neighbours are to be counted: only things passed on the
// way are damped. What a fan holds whole is counted from it; for things of
// which a cap left something out a second question counts.
func (g *graph) spread(ctx context.Context, ids []store.ID, direction int, counted bool) error {
	var missing []store.ID
	for _, id := range ids {
		f := g.fans[direction][id]
		if f == nil || counted && f.counts == nil {
			missing = append(missing, id)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	slices.Sort(missing)
	missing = slices.Compact(missing)
	steps, limit := g.steps[direction], hopsAParent
	if direction == backward {
		limit = 2 * hopsBack
	}
	if counted {
		steps = append(slices.Clone(steps), g.countStep(g.entries[direction]))
	}
	pages, err := g.reader.Expand(ctx, missing, steps)
	if err != nil {
		return fmt.Errorf("walk from %d things: %w", len(missing), err)
	}
	var hubs []store.ID
	for _, id := range missing {
		f, err := g.fanOf(id, pages[id], direction, counted)
		if err != nil {
			return err
		}
		if counted && f.cut {
			hubs = append(hubs, id)
		}
		f.settle(limit)
		g.fans[direction][id] = f
	}
	return g.countHubs(ctx, hubs, direction)
}

// fanOf makes the fan of a thing from its pages, the last of which counts the
// legs by which it may have been entered.
func (g *graph) fanOf(id store.ID, pages []store.Page[store.Hop], direction int, counted bool) (*fan, error) {
	f := &fan{}
	if counted {
		f.counts = map[store.Leg]int64{}
		if last := len(pages) - 1; last >= 0 {
			f.setCounts(g.entries[direction], pages[last])
			pages = pages[:last]
		}
	}
	type neighbour struct {
		leg store.Leg
		id  store.ID
	}
	seen := map[neighbour]bool{}
	for _, page := range pages {
		f.cut = f.cut || page.More
		for _, h := range page.Items {
			leg, err := g.addHop(f, id, h, direction)
			if err != nil {
				return nil, err
			}
			if n := (neighbour{leg, h.Node.ID}); counted && !seen[n] {
				seen[n] = true
				f.counts[leg]++
			}
		}
	}
	return f, nil
}

func (f *fan) setCounts(legs []store.Leg, page store.Page[store.Hop]) {
	for i, leg := range legs {
		if i < len(page.Legs) {
			f.counts[leg] = page.Legs[i]
		}
	}
}

// countHubs counts the neighbours of things that a cap cut.
func (g *graph) countHubs(ctx context.Context, hubs []store.ID, direction int) error {
	if len(hubs) == 0 {
		return nil
	}
	legs := allLegs()
	answers, err := g.reader.Expand(ctx, hubs, []store.Step{g.countStep(legs)})
	if err != nil {
		return fmt.Errorf("neighbours of %d hubs: %w", len(hubs), err)
	}
	for id, pages := range answers {
		for _, page := range pages {
			g.fans[direction][id].setCounts(legs, page)
		}
	}
	return nil
}

// addHop adds a hop to a fan, unless no evidence passes there, and gives the
// leg by which it leaves the parent.
func (g *graph) addHop(f *fan, parent store.ID, h store.Hop, direction int) (store.Leg, error) {
	far := g.meet(h.Node)
	away := store.Leg{Rel: h.Edge.Rel, Dir: store.Out}
	if h.Edge.From != parent {
		away.Dir = store.In
	}
	if r, ok := ontology.RelationOf(away.Rel); ok && r.Symmetric {
		away.Dir = store.Both
	}
	if far.id == parent {
		return away, nil
	}
	// Evidence passes from the thing nearer to the target to the other.
	leg, led := away, far
	if direction == backward {
		leg, led = away.Turned(), g.things[parent]
	}
	decoded, err := g.factOf(h.Edge)
	if err != nil {
		return away, err
	}
	if weight, ok := evidence.Weight(leg.Rel, leg.Dir, decoded.Role, led.kind, led.head); ok && leg != holding {
		f.hops = append(f.hops, hop{fact: decoded, leg: leg, to: far.id, weight: weight})
	}
	return away, nil
}

// settle orders the hops best first, each fact once, and keeps the best.
func (f *fan) settle(limit int) {
	slices.SortFunc(f.hops, func(a, b hop) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(b.fact.freshYear(), a.fact.freshYear()), cmp.Compare(a.fact.ID, b.fact.ID))
	})
	f.hops = slices.CompactFunc(f.hops, func(a, b hop) bool { return a.fact.ID == b.fact.ID })
	if len(f.hops) > limit {
		f.hops, f.cut = f.hops[:limit], true
	}
}

// freshYear is the year in which the fact was last attested, "" for none.
func (f *fact) freshYear() string {
	if len(f.Witnessed) < 4 {
		return ""
	}
	return string(f.Witnessed[:4])
}
