package contact

import (
	"cmp"
	"context"
	"slices"

	"coopgraph/ontology"
	"coopgraph/ontology/evidence"
	"coopgraph/store"
)

// chainsAThing bounds the chains that are followed through one thing: what the
// ninth-best would add to a contact is below the score's last digit.
const chainsAThing = 12

// gather walks from the opened trees of every reading, a level at a time for
// all of them together, and notes the contacts met. named are the things of the
// question: of our own house only they answer by any fact.
func (g *graph) gather(ctx context.Context, readings []*reading, named map[store.ID]bool) error {
	fronts := make([]map[store.ID][]*link, len(readings))
	for i, r := range readings {
		fronts[i] = r.start(g)
	}
	for level := range levels {
		parents := make([][]store.ID, len(readings))
		var all []store.ID
		for i, r := range readings {
			parents[i] = r.choose(fronts[i])
			all = append(all, parents[i]...)
		}
		if err := g.spread(ctx, all, forward, level > 0); err != nil {
			return err
		}
		for i, r := range readings {
			next := map[store.ID][]*link{}
			for _, at := range parents[i] {
				f := g.fans[forward][at]
				r.cut = r.cut || f.cut
				for _, l := range fronts[i][at] {
					for _, h := range f.hops {
						if n := l.extend(h, f.counts); n != nil && !r.isRoot(h.to.id) && g.arrive(r, n, named) {
							next[h.to.id] = append(next[h.to.id], n)
						}
					}
				}
			}
			for id := range next {
				next[id] = prune(next[id])
			}
			fronts[i] = next
		}
	}
	return nil
}

// start notes the things asked for, and gives the first front: the trees.
func (r *reading) start(g *graph) map[store.ID][]*link {
	front := map[store.ID][]*link{}
	for id, l := range r.open {
		front[id] = []*link{l}
		if g.things[id].contact && l.fact == nil {
			r.at(id).itself = true
		}
	}
	return front
}

// arrive notes a chain that reaches a contact and says whether the walk may go
// on from there.
func (g *graph) arrive(r *reading, l *link, named map[store.ID]bool) bool {
	t := g.things[l.at]
	if t.contact && (!t.own || named[t.id] || l.leads()) {
		r.at(t.id).add(l)
	}
	return !t.own
}

// choose gives the things of a front to go on from, the best first.
func (r *reading) choose(front map[store.ID][]*link) []store.ID {
	ids := make([]store.ID, 0, len(front))
	for id := range front {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b store.ID) int {
		return cmp.Or(cmp.Compare(front[b][0].weight(), front[a][0].weight()), cmp.Compare(a, b))
	})
	if len(ids) > parentsALevel {
		ids, r.cut = ids[:parentsALevel], true
	}
	return ids
}

// prune keeps the best chains at one thing: of those that agree in first fact,
// age and the leg entered by (which decides the damping) only one matters.
func prune(links []*link) []*link {
	slices.SortFunc(links, better)
	type key struct {
		first store.ID
		age   evidence.Age
		leg   store.Leg
	}
	seen := map[key]bool{}
	kept := links[:0]
	for _, l := range links {
		k := key{l.first, l.age, l.leg}
		if !seen[k] && len(kept) < chainsAThing {
			seen[k] = true
			kept = append(kept, l)
		}
	}
	return kept
}

// check walks back from the best contacts of each facet to the facets that a
// bound cut and that they lack: bounds alone lose the contact who has both.
func (g *graph) check(ctx context.Context, facets []*facet, named map[store.ID]bool) error {
	type task struct {
		reading *reading
		contact store.ID
	}
	var tasks []task
	for _, f := range facets {
		for _, r := range f.readings {
			if !r.cut {
				continue
			}
			for _, other := range facets {
				if other == f {
					continue
				}
				for _, id := range other.best(checked) {
					if f.evidence(id) <= evidence.Floor {
						tasks = append(tasks, task{r, id})
					}
				}
			}
		}
	}
	if len(tasks) == 0 {
		return nil
	}
	starts := make([]store.ID, len(tasks))
	for i, t := range tasks {
		starts[i] = t.contact
	}
	slices.Sort(starts)
	starts, err := g.withPosts(ctx, slices.Compact(starts))
	if err != nil {
		return err
	}
	if err := g.spreadBack(ctx, starts); err != nil {
		return err
	}
	done := map[task]bool{}
	for _, t := range tasks {
		for _, id := range append([]store.ID{t.contact}, g.seats[t.contact]...) {
			if k := (task{t.reading, id}); !done[k] {
				done[k] = true
				g.traceBack(t.reading, id, named)
			}
		}
	}
	return nil
}

// spreadBack reads what the contacts rest on, three levels deep, going on from
// the things that the strongest facts lead to.
func (g *graph) spreadBack(ctx context.Context, contacts []store.ID) error {
	front := make(map[store.ID]float64, len(contacts))
	met := map[store.ID]bool{}
	for _, id := range contacts {
		front[id] = 1
	}
	for level := range levels {
		ids := make([]store.ID, 0, len(front))
		for id := range front {
			ids = append(ids, id)
			met[id] = true
		}
		sortByWeight(ids, front)
		if level > 0 {
			ids = ids[:min(len(ids), parentsBack)]
		}
		if err := g.spread(ctx, ids, backward, level > 0); err != nil {
			return err
		}
		next := map[store.ID]float64{}
		for _, id := range ids {
			for _, h := range g.fans[backward][id].hops {
				t, weight := h.to, front[id]*h.weight*h.fact.age.Factor()
				if !met[t.id] && !t.own && t.kind != ontology.Theme && t.kind != ontology.Place && weight >= evidence.Floor {
					next[t.id] = max(next[t.id], weight)
				}
			}
		}
		front = next
	}
	return nil
}

// back is a walk from a contact towards a facet: the hops made, the nearest to
// the contact first.
type back struct {
	hops    []hop
	at      store.ID
	product float64
	age     evidence.Age
}

// traceBack adds the chains from a reading to a contact that the facts read by
// spreadBack make.
func (g *graph) traceBack(r *reading, contact store.ID, named map[store.ID]bool) {
	walks := []back{{at: contact, product: 1}}
	for range levels {
		var next []back
		for _, w := range walks {
			f := g.fans[backward][w.at]
			if f == nil {
				continue
			}
			for _, h := range f.hops {
				n, ok := w.extend(h, f.counts)
				if !ok || h.to.id == contact {
					continue
				}
				if start := r.open[h.to.id]; start != nil {
					g.join(r, start, n, contact, named)
				} else if !h.to.own {
					next = append(next, n)
				}
			}
		}
		walks = next
	}
}

func (w back) extend(h hop, counts map[store.Leg]int64) (back, bool) {
	for _, made := range w.hops {
		if made.to == h.to {
			return back{}, false
		}
	}
	product := w.product * h.weight
	if len(w.hops) > 0 {
		left := w.hops[len(w.hops)-1].leg
		product *= evidence.Damping(max(counts[left], counts[h.leg.Turned()]))
	}
	n := back{hops: append(slices.Clone(w.hops), h), at: h.to.id, product: product, age: max(w.age, h.fact.age)}
	return n, n.product*n.age.Factor() >= evidence.Floor
}

// join turns a walk back into a chain from the trees of the reading.
func (g *graph) join(r *reading, start *link, w back, contact store.ID, named map[store.ID]bool) {
	l := start
	for i := len(w.hops) - 1; i >= 0; i-- {
		h := w.hops[i]
		h.to = g.things[contact]
		if i > 0 {
			h.to = w.hops[i-1].to
		}
		var counts map[store.Leg]int64
		if f := g.fans[backward][l.at]; f != nil {
			counts = f.counts
		}
		if l = l.extend(h, counts); l == nil {
			return
		}
	}
	g.arrive(r, l, named)
}

// withPosts adds the posts for which the people among the contacts answer.
func (g *graph) withPosts(ctx context.Context, contacts []store.ID) ([]store.ID, error) {
	var people []store.ID
	for _, id := range contacts {
		if g.things[id].kind == ontology.Person {
			people = append(people, id)
		}
	}
	if len(people) == 0 {
		return contacts, nil
	}
	if err := g.spread(ctx, people, held, false); err != nil {
		return nil, err
	}
	var posts []store.ID
	for _, id := range people {
		for _, h := range g.fans[held][id].hops {
			if h.to.contact {
				posts = append(posts, h.to.id)
			}
		}
	}
	if err := g.spread(ctx, posts, holders, false); err != nil {
		return nil, err
	}
	for _, id := range people {
		for _, h := range g.fans[held][id].hops {
			if holder, ok := g.soleHolder(h.to.id); ok && h.to.contact && holder.to.id == id {
				g.seats[id] = append(g.seats[id], h.to.id)
			}
		}
		contacts = append(contacts, g.seats[id]...)
	}
	slices.Sort(contacts)
	return slices.Compact(contacts), nil
}

// soleHolder gives the holding of a post's one current holder; false where
// there is none or are several.
func (g *graph) soleHolder(post store.ID) (sole hop, ok bool) {
	f := g.fans[holders][post]
	if f == nil {
		return hop{}, false
	}
	for _, h := range f.hops {
		switch {
		case h.fact.status != ontology.Current:
		case !ok:
			sole, ok = h, true
		case sole.to.id != h.to.id:
			return hop{}, false
		case h.fact.ID < sole.fact.ID:
			sole = h
		}
	}
	return sole, ok
}

// seat makes a post and its one current holder one answer, the holder. Any
// other post answers itself.
func (g *graph) seat(ctx context.Context, facets []*facet) error {
	posts := map[store.ID]bool{}
	for _, f := range facets {
		for _, r := range f.readings {
			for id := range r.found {
				if g.things[id].kind == ontology.Post {
					posts[id] = true
				}
			}
		}
	}
	ids := sortedIDs(posts)
	if err := g.spread(ctx, ids, holders, false); err != nil {
		return err
	}
	for _, post := range ids {
		h, ok := g.soleHolder(post)
		if !ok || !h.to.contact {
			if last, ok := g.lastHolder(post); ok {
				g.tenures[post] = tenure{fact: last.fact, other: last.to, contactIs: store.Out}
			}
			continue
		}
		for _, f := range facets {
			if f.seat(post, h) {
				g.tenures[h.to.id] = tenure{fact: h.fact, other: g.things[post], contactIs: store.In}
			}
		}
		if holder := h.to.id; !slices.Contains(g.seats[holder], post) {
			g.seats[holder] = append(g.seats[holder], post)
		}
	}
	return nil
}

func sortedIDs(set map[store.ID]bool) []store.ID {
	ids := make([]store.ID, 0, len(set))
	for id := range set {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// seat moves what was found about a post to its holder, who answers as the
// thing asked for where the post was: it says whether that is so.
func (f *facet) seat(post store.ID, h hop) (itself bool) {
	for _, r := range f.readings {
		found := r.found[post]
		if found == nil {
			continue
		}
		delete(r.found, post)
		if found.itself {
			r.at(h.to.id).itself = true
			itself = true
		}
		for _, l := range found.chains() {
			if n := l.held(h); n != nil {
				r.at(h.to.id).add(n)
			}
		}
	}
	return itself
}
