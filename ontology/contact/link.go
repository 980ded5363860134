package contact

import (
	"cmp"
	"slices"

	"coopgraph/ontology"
	"coopgraph/ontology/evidence"
	"coopgraph/store"
)

// link is the end of a chain of facts that starts at a thing asked for.
type link struct {
	prev *link
	at   store.ID
	// fact and leg led here; fact is nil at the thing asked for.
	fact *fact
	leg  store.Leg
	// strength is the weight of the step that led here.
	strength float64
	// neighbours are those of the thing left, on the leg that has more; 0 where
	// it does not damp.
	neighbours int64
	// product is the chain's weight without its age.
	product float64
	age     evidence.Age
	// first is the first fact walked, "" within the trees.
	first store.ID
	// walked counts the facts outside the trees.
	walked int
	// note says what the tree's step was: see the notes of reasons.
	note note
}

// note says how a chain leaves the thing asked for.
type note int8

const (
	plain note = iota
	narrower
	wider
	around
	related
	inner
	covered
	substance
	document
)

func (l *link) weight() float64 { return l.product * l.age.Factor() }

// facts lists the chain's facts from the target to the contact.
func (l *link) facts() []*fact {
	var list []*fact
	for ; l.fact != nil; l = l.prev {
		list = append(list, l.fact)
	}
	slices.Reverse(list)
	return list
}

// root is the thing asked for, where the chain starts.
func (l *link) root() store.ID {
	for l.fact != nil {
		l = l.prev
	}
	return l.at
}

// passes says whether the chain goes through the thing or ends there.
func (l *link) passes(id store.ID) bool {
	for ; l != nil; l = l.prev {
		if l.at == id {
			return true
		}
	}
	return false
}

// better orders chains: heavier, shorter, then by their facts from the last.
func better(a, b *link) int {
	if c := cmp.Or(cmp.Compare(b.weight(), a.weight()), cmp.Compare(a.walked, b.walked)); c != 0 {
		return c
	}
	for a.fact != nil && b.fact != nil {
		if c := cmp.Compare(a.fact.ID, b.fact.ID); c != 0 {
			return c
		}
		a, b = a.prev, b.prev
	}
	switch {
	case a.fact == nil && b.fact != nil:
		return -1
	case a.fact != nil:
		return 1
	}
	return cmp.Compare(a.at, b.at)
}

// grow leads a tree one step further.
func (l *link) grow(at store.ID, f *fact, leg store.Leg, weight float64, n note) *link {
	if l.note != plain {
		n = l.note
	}
	return &link{prev: l, at: at, fact: f, leg: leg, strength: weight, product: l.product * weight, age: l.age, note: n}
}

// extend leads a chain over a hop, or gives nil where it would return to a
// thing it has passed or become too weak. counts are the neighbours of the
// thing it stands on.
func (l *link) extend(h hop, counts map[store.Leg]int64) *link {
	if l.passes(h.to.id) {
		return nil
	}
	product, neighbours := l.product*h.weight, int64(0)
	if l.walked > 0 {
		neighbours = max(counts[l.leg.Turned()], counts[h.leg])
		product *= evidence.Damping(neighbours)
	}
	n := &link{
		prev: l, at: h.to.id, fact: h.fact, leg: h.leg, strength: h.weight, neighbours: neighbours,
		product: product, age: max(l.age, h.fact.age),
		first: l.first, walked: l.walked + 1, note: l.note,
	}
	if n.first == "" {
		n.first = h.fact.ID
	}
	if n.weight() < evidence.Floor {
		return nil
	}
	return n
}

// held is the chain of the holder who answers for the post at its end.
func (l *link) held(h hop) *link {
	if l.passes(h.to.id) {
		return nil
	}
	n := &link{
		prev: l, at: h.to.id, fact: h.fact, leg: holding, strength: h.weight,
		product: l.product * h.weight, age: max(l.age, h.fact.age),
		first: l.first, walked: l.walked + 1, note: l.note,
	}
	if n.first == "" {
		n.first = h.fact.ID
	}
	return n
}

// finding is the evidence that one reading of a facet has about one contact:
// the best chain for each first and each last fact.
type finding struct {
	// itself: the contact is the thing asked for.
	itself          bool
	byFirst, byLast map[store.ID]*link
}

func (f *finding) add(l *link) {
	if f.byFirst == nil {
		f.byFirst, f.byLast = map[store.ID]*link{}, map[store.ID]*link{}
	}
	keep(f.byFirst, l.first, l)
	keep(f.byLast, l.fact.ID, l)
}

func keep(best map[store.ID]*link, key store.ID, l *link) {
	if have := best[key]; have == nil || better(l, have) < 0 {
		best[key] = l
	}
}

// evidence adds the chains up: grouped by first fact and by last, the smaller.
func (f *finding) evidence() float64 {
	if f == nil {
		return 0
	}
	if f.itself {
		return 1
	}
	return min(evidence.Sum(weights(f.byFirst)), evidence.Sum(weights(f.byLast)))
}

func weights(groups map[store.ID]*link) []float64 {
	list := make([]float64, 0, len(groups))
	for _, l := range groups {
		list = append(list, l.weight())
	}
	return list
}

// chains lists the chains, the best first.
func (f *finding) chains() []*link {
	if f == nil {
		return nil
	}
	seen := map[*link]bool{}
	var list []*link
	for _, groups := range []map[store.ID]*link{f.byFirst, f.byLast} {
		for _, l := range groups {
			if !seen[l] {
				seen[l] = true
				list = append(list, l)
			}
		}
	}
	slices.SortFunc(list, better)
	return list
}

// leads says whether the fact gives its subject a role at the object: only by
// such facts does our own house answer unasked.
func (l *link) leads() bool {
	switch l.leg {
	case store.Leg{Rel: ontology.Chairs, Dir: store.In}, store.Leg{Rel: ontology.Presides, Dir: store.In},
		store.Leg{Rel: ontology.ProvidesSecretariat, Dir: store.In}, holding:
		return true
	case store.Leg{Rel: ontology.ParticipatesIn, Dir: store.In}, store.Leg{Rel: ontology.AuthorOf, Dir: store.In}:
		return evidence.HasRole(evidence.Leading, l.fact.Role)
	}
	return false
}
