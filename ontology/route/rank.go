package route

import (
	"cmp"
	"container/heap"
	"context"
	"fmt"
	"slices"

	"coopgraph/ontology"
	"coopgraph/ontology/evidence"
	"coopgraph/store"
)

// road is the best fact between two things, seen from one of them.
type road struct {
	id     store.ID
	rel    store.Rel
	leg    store.Leg // away from the thing
	to     store.ID
	weight float64
	age    evidence.Age
}

// roadMap is the part of the graph between two things.
type roadMap struct {
	question Question
	roads    map[store.ID][]road
	// counts are the neighbours of a thing, where they have been asked for.
	counts map[store.ID]map[store.Leg]int64
	// left is the least number of facts from a thing to the end.
	left map[store.ID]int
}

func newMap(q Question, between store.Subgraph) (*roadMap, error) {
	m := &roadMap{question: q, roads: map[store.ID][]road{}, counts: map[store.ID]map[store.Leg]int64{}}
	kinds := map[store.ID]store.Kind{}
	for _, n := range between.Nodes {
		kinds[n.ID] = n.Kind
	}
	for _, e := range between.Edges {
		f, err := ontology.FactOf(e)
		if err != nil {
			return nil, fmt.Errorf("fact of a route: %w", err)
		}
		r := road{
			id: e.ID, rel: e.Rel, leg: store.Leg{Rel: e.Rel, Dir: store.Out}, to: e.To,
			weight: evidence.Either(e.Rel, f.Role, kinds[e.From], kinds[e.To]), age: evidence.AgeOf(f, q.AsOf),
		}
		if declared, ok := ontology.RelationOf(e.Rel); ok && declared.Symmetric {
			r.leg.Dir = store.Both
		}
		m.add(e.From, r)
		r.to = e.From
		if r.leg.Dir == store.Out {
			r.leg.Dir = store.In
		}
		m.add(e.To, r)
	}
	for at := range m.roads {
		slices.SortFunc(m.roads[at], func(a, b road) int { return cmp.Compare(a.to, b.to) })
	}
	m.measure()
	return m, nil
}

// add keeps the best fact to each neighbour.
func (m *roadMap) add(at store.ID, r road) {
	if at == r.to {
		return
	}
	for i, have := range m.roads[at] {
		if have.to == r.to {
			if r.better(have) {
				m.roads[at][i] = r
			}
			return
		}
	}
	m.roads[at] = append(m.roads[at], r)
}

func (r road) better(o road) bool {
	return cmp.Or(cmp.Compare(r.weight*r.age.Factor(), o.weight*o.age.Factor()), cmp.Compare(o.age, r.age), cmp.Compare(o.id, r.id)) > 0
}

// measure walks from the end to find how far everything is from it.
func (m *roadMap) measure() {
	m.left = map[store.ID]int{m.question.To: 0}
	for front := []store.ID{m.question.To}; len(front) > 0; {
		var next []store.ID
		for _, at := range front {
			for _, r := range m.roads[at] {
				if _, seen := m.left[r.to]; !seen {
					m.left[r.to] = m.left[at] + 1
					next = append(next, r.to)
				}
			}
		}
		front = next
	}
}

// rounds bounds how often neighbours are asked for before all of them are.
const rounds = 6

// settle finds the best routes, asking for the neighbours of those things only
// that matter: a thing whose neighbours are unknown does not weaken a route, so
// that the best routes are right as soon as they pass known things only.
func (m *roadMap) settle(ctx context.Context, reader store.Reader) ([]*walk, error) {
	for round := 1; ; round++ {
		found := m.best(looked * m.question.First)
		missing := m.unknown(found)
		if len(m.unknown(found[:min(len(found), m.question.First)])) == 0 {
			return found[:min(len(found), m.question.First)], nil
		}
		if round == rounds {
			missing = m.inner()
		}
		if err := m.count(ctx, reader, missing); err != nil {
			return nil, err
		}
	}
}

// looked is the number of routes looked at in a round for each one wanted.
const looked = 3

// unknown lists the things passed by routes whose neighbours are unknown.
func (m *roadMap) unknown(routes []*walk) []store.ID {
	var ids []store.ID
	for _, w := range routes {
		for w = w.prev; w != nil && w.prev != nil; w = w.prev {
			if m.counts[w.at] == nil {
				ids = append(ids, w.at)
			}
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// inner lists all things between the two whose neighbours are unknown.
func (m *roadMap) inner() []store.ID {
	var ids []store.ID
	for at := range m.roads {
		if at != m.question.From && at != m.question.To && m.counts[at] == nil {
			ids = append(ids, at)
		}
	}
	slices.Sort(ids)
	return ids
}

// count asks how many neighbours things have on each leg.
func (m *roadMap) count(ctx context.Context, reader store.Reader, things []store.ID) error {
	step := store.Step{Limit: 1, Count: true, Order: ontology.ByFreshness}
	for _, r := range ontology.Relations() {
		if r.Symmetric {
			step.Legs = append(step.Legs, store.Leg{Rel: r.Rel, Dir: store.Both})
			continue
		}
		step.Legs = append(step.Legs, store.Leg{Rel: r.Rel, Dir: store.Out}, store.Leg{Rel: r.Rel, Dir: store.In})
	}
	answers, err := reader.Expand(ctx, things, []store.Step{step})
	if err != nil {
		return fmt.Errorf("neighbours of %d things: %w", len(things), err)
	}
	for _, at := range things {
		m.counts[at] = map[store.Leg]int64{}
		for _, page := range answers[at] {
			for i, leg := range step.Legs {
				if i < len(page.Legs) {
					m.counts[at][leg] = page.Legs[i]
				}
			}
		}
	}
	return nil
}

// walk is a route while it is made.
type walk struct {
	prev    *walk
	at      store.ID
	by      road
	length  int
	product float64
	age     evidence.Age
}

func (w *walk) score() float64 { return w.product * w.age.Factor() }

func (w *walk) passes(id store.ID) bool {
	for ; w != nil; w = w.prev {
		if w.at == id {
			return true
		}
	}
	return false
}

// handover is what is left of an introduction with each thing it passes: a
// long way of strong facts is not better than a short one of weaker facts.
const handover = 0.7

// extend follows a road, weakened by the thing it leaves, the more where that
// is a hub.
func (w *walk) extend(r road, counts map[store.Leg]int64) *walk {
	product := w.product * r.weight
	if w.prev != nil {
		product *= handover * evidence.Damping(max(counts[w.by.leg.Turned()], counts[r.leg]))
	}
	return &walk{prev: w, at: r.to, by: r, length: w.length + 1, product: product, age: max(w.age, r.age)}
}

// compare orders routes: the better score, the shorter, then by their things
// from the last.
func (w *walk) compare(o *walk) int {
	if c := cmp.Or(cmp.Compare(o.score(), w.score()), cmp.Compare(w.length, o.length)); c != 0 {
		return c
	}
	for a, b := w, o; a != nil && b != nil; a, b = a.prev, b.prev {
		if c := cmp.Compare(a.at, b.at); c != 0 {
			return c
		}
	}
	return 0
}

// visits bounds, for each route wanted, how often a thing is left at one
// distance from the start.
const visits = 4

// best finds a number of routes, the best first: a route never grows better, so
// that the best unfinished one is always the next to go on with.
func (m *roadMap) best(wanted int) []*walk {
	type place struct {
		at     store.ID
		length int
	}
	var found []*walk
	left := map[place]int{}
	open := &frontier{{at: m.question.From, product: 1}}
	for open.Len() > 0 && len(found) < wanted {
		w, ok := heap.Pop(open).(*walk)
		if !ok {
			break
		}
		if w.at == m.question.To {
			found = append(found, w)
			continue
		}
		p := place{w.at, w.length}
		if left[p]++; left[p] > visits*wanted {
			continue
		}
		for _, r := range m.roads[w.at] {
			far, ok := m.left[r.to]
			if ok && w.length+1+far <= m.question.MaxLength && !w.passes(r.to) {
				heap.Push(open, w.extend(r, m.counts[w.at]))
			}
		}
	}
	return found
}

// frontier is a heap of unfinished routes, the best on top.
type frontier []*walk

func (f frontier) Len() int           { return len(f) }
func (f frontier) Less(i, j int) bool { return f[i].compare(f[j]) < 0 }
func (f frontier) Swap(i, j int)      { f[i], f[j] = f[j], f[i] }

// Push adds a *walk.
func (f *frontier) Push(x any) {
	if w, ok := x.(*walk); ok {
		*f = append(*f, w)
	}
}

// Pop takes the last.
func (f *frontier) Pop() any {
	old := *f
	w := old[len(old)-1]
	*f = old[:len(old)-1]
	return w
}
