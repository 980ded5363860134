package contact

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"coopgraph/ontology"
	"coopgraph/ontology/evidence"
	"coopgraph/store"
)

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
	memory recall
	asOf   ontology.Day
	things map[store.ID]*thing
	facts  map[store.ID]*fact
	fans   [directions]map[store.ID]*fan
	// seats are the posts for which a holder answers.
	seats map[store.ID][]store.ID
	// tenures are the holdings by which a post that answers itself, or the one
	// who answers for it, is known.
	tenures map[store.ID]tenure
	// steps are the steps of a walk, and entries the legs counted apart, by
	// direction.
	steps   [directions][]store.Step
	entries [directions][]store.Leg
}

// tenure is a holding seen from one of its ends.
type tenure struct {
	fact  *fact
	other *thing
	// contactIs is In for the holder and Out for the post.
	contactIs store.Dir
}

// The directions of spreading.
const (
	// forward leads towards contacts, backward from them.
	forward = iota
	backward
	// holders leads from posts to who has held them, held from people to their
	// posts.
	holders
	held
	directions
)

func newGraph(reader store.Reader, memory recall, asOf ontology.Day) *graph {
	g := &graph{
		reader: reader, memory: memory, asOf: asOf, things: map[store.ID]*thing{}, facts: map[store.ID]*fact{},
		seats: map[store.ID][]store.ID{}, tenures: map[store.ID]tenure{},
	}
	g.steps = [directions][]store.Step{
		forward: g.walkSteps(), backward: g.backSteps(),
		holders: {g.step(0, holding)}, held: {g.step(hopsBack, holding.Turned())},
	}
	g.entries = [directions][]store.Leg{forward: entryLegs(forward), backward: entryLegs(backward)}
	for direction := range g.fans {
		g.fans[direction] = map[store.ID]*fan{}
	}
	return g
}

// meet remembers the node of a hop.
func (g *graph) meet(n store.Node) *thing {
	t := g.things[n.ID]
	if t == nil {
		t = thingOf(n, g.asOf)
		g.things[n.ID] = t
	}
	return t
}

// adopt takes over a fan that another question has read.
func (g *graph) adopt(f *fan) {
	for i := range f.hops {
		if to := f.hops[i].to; g.things[to.id] == nil {
			g.things[to.id] = to
		}
	}
}

// factOf decodes an edge once.
func (g *graph) factOf(e store.Edge) (*fact, error) {
	if f, ok := g.facts[e.ID]; ok {
		return f, nil
	}
	f, err := factOf(e, g.asOf)
	if err == nil {
		g.facts[e.ID] = f
	}
	return f, err
}

// begun lets pass the facts that do not start after the day.
func (g *graph) begun() store.Cond {
	return store.Cond{Prop: "firstDay", Op: store.AtMost, Values: []any{string(g.asOf)}, OrAbsent: true}
}

func (g *graph) step(limit int, legs ...store.Leg) store.Step {
	return store.Step{
		Legs: legs, Where: []store.Cond{g.begun()}, Order: ontology.ByFreshness, Limit: limit,
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
	if missing = g.remembered(missing, direction, counted); len(missing) == 0 {
		return nil
	}
	steps := g.steps[direction]
	if counted {
		steps = append(slices.Clone(steps), g.countStep(g.entries[direction]))
	}
	pages, err := g.reader.Expand(ctx, missing, steps)
	if err != nil {
		return fmt.Errorf("walk from %d things: %w", len(missing), err)
	}
	fans, hubs := make([]*fan, len(missing)), map[store.ID]*fan{}
	for i, id := range missing {
		f, err := g.fanOf(id, pages[id], direction, counted)
		if err != nil {
			return err
		}
		if counted && f.cut {
			hubs[id] = f
		}
		f.settle(most(direction))
		fans[i] = f
	}
	if err := g.countHubs(ctx, hubs); err != nil {
		return err
	}
	for i, id := range missing {
		g.fans[direction][id] = fans[i]
	}
	g.memory.keep(direction, missing, fans)
	return nil
}

// most is the greatest number of hops of a fan, 0 for any.
func most(direction int) int {
	switch direction {
	case forward:
		return hopsAParent
	case backward:
		return 2 * hopsBack
	}
	return 0
}

// remembered takes the fans that other questions have read, and gives the
// things, in order, whose fans are still to be read.
func (g *graph) remembered(ids []store.ID, direction int, counted bool) []store.ID {
	slices.Sort(ids)
	ids = slices.Compact(ids)
	fans := g.memory.fans(direction, ids)
	missing := ids[:0]
	for i, id := range ids {
		if i >= len(fans) || fans[i] == nil || counted && fans[i].counts == nil {
			missing = append(missing, id)
			continue
		}
		g.fans[direction][id] = fans[i]
		g.adopt(fans[i])
	}
	return missing
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

// countHubs counts the neighbours of things that a cap cut.
func (g *graph) countHubs(ctx context.Context, hubs map[store.ID]*fan) error {
	if len(hubs) == 0 {
		return nil
	}
	legs := allLegs()
	answers, err := g.reader.Expand(ctx, slices.Sorted(maps.Keys(hubs)), []store.Step{g.countStep(legs)})
	if err != nil {
		return fmt.Errorf("neighbours of %d hubs: %w", len(hubs), err)
	}
	for id, pages := range answers {
		for _, page := range pages {
			hubs[id].setCounts(legs, page)
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
	if direction >= holders {
		f.hops = append(f.hops, hop{fact: decoded, leg: away, to: far, weight: evidence.Strong})
		return away, nil
	}
	if weight, ok := evidence.Weight(leg.Rel, leg.Dir, decoded.Role, led.kind, led.head); ok && leg != holding {
		f.hops = append(f.hops, hop{fact: decoded, leg: leg, to: far, weight: weight})
	}
	return away, nil
}
