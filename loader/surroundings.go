package loader

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"coopgraph/ontology"
	"coopgraph/store"
)

// surroundings are the places and organisations that things and claims belong
// to, as far as they tell things of one name apart.
type surroundings struct {
	// direct are the ends of what is compared, by the thing's id.
	direct map[store.ID][]store.Node
	// claims are those that claims name, by the claim's place.
	claims map[place][]store.ID
	// keys are those that claims name and nothing bears.
	keys map[place][]string
	// nodes are the places and organisations met, above what each is part of.
	nodes map[store.ID]store.Node
	above map[store.ID][]store.ID
}

// maxAbove is how far up the places are followed.
const maxAbove = 5

// belonging are the relations that say where a thing belongs.
func belonging() []store.Leg {
	var legs []store.Leg
	for _, rel := range []store.Rel{ontology.LocatedIn, ontology.PartOf, ontology.Covers, ontology.MemberOf, ontology.PostIn, ontology.ParticipatesIn, ontology.HeldAt} {
		legs = append(legs, store.Leg{Rel: rel, Dir: store.Out})
	}
	return legs
}

// surroundings reads where the candidates, and what the claims name, belong.
func (x *index) surroundings(ctx context.Context, r store.Reader, list []pending, candidates map[store.ID]store.Node) (*surroundings, error) {
	s := &surroundings{
		direct: map[store.ID][]store.Node{}, claims: map[place][]store.ID{}, keys: map[place][]string{},
		nodes: map[store.ID]store.Node{}, above: map[store.ID][]store.ID{},
	}
	next := map[store.ID]bool{}
	for _, p := range list {
		if len(p.candidates) == 0 {
			continue
		}
		for _, c := range p.facts {
			if !slices.ContainsFunc(belonging(), func(l store.Leg) bool { return l.Rel == c.Relation }) {
				continue
			}
			if found, ok := x.bearer(c.Object, x.named[p.place.key]); ok {
				s.claims[p.place] = append(s.claims[p.place], found.id)
				next[found.id] = true
			} else if c.Object.Key != "" && !isName(c.Object.Key) {
				s.keys[p.place] = append(s.keys[p.place], c.Object.Key)
			}
		}
	}
	named, err := r.Nodes(ctx, slices.Sorted(maps.Keys(next)))
	if err != nil {
		return nil, fmt.Errorf("read %d places: %w", len(next), err)
	}
	maps.Copy(s.nodes, named)
	direct, err := s.step(ctx, r, slices.Sorted(maps.Keys(candidates)), belonging())
	if err != nil {
		return nil, err
	}
	for id, nodes := range direct {
		s.direct[id] = nodes
		for _, n := range nodes {
			next[n.ID] = true
		}
	}
	return s, s.climb(ctx, r, next)
}

// climb follows the places upwards.
func (s *surroundings) climb(ctx context.Context, r store.Reader, next map[store.ID]bool) error {
	for range maxAbove {
		maps.DeleteFunc(next, func(id store.ID, _ bool) bool {
			_, done := s.above[id]
			return done || s.nodes[id].Kind != ontology.Place
		})
		if len(next) == 0 {
			return nil
		}
		ids := slices.Sorted(maps.Keys(next))
		pages, err := s.step(ctx, r, ids, []store.Leg{{Rel: ontology.PartOf, Dir: store.Out}})
		if err != nil {
			return err
		}
		next = map[store.ID]bool{}
		for _, id := range ids {
			s.above[id] = nil
			for _, n := range pages[id] {
				s.above[id] = append(s.above[id], n.ID)
				next[n.ID] = true
			}
		}
	}
	return nil
}

// step follows relations from things, and notes whom they meet.
func (s *surroundings) step(ctx context.Context, r store.Reader, ids []store.ID, legs []store.Leg) (map[store.ID][]store.Node, error) {
	if len(ids) == 0 {
		return map[store.ID][]store.Node{}, nil
	}
	pages, err := r.Expand(ctx, ids, []store.Step{{Legs: legs, Order: ontology.ByDate, NodeProps: []string{"identifiers", ontology.ByDate.Far}, EdgeProps: []string{ontology.ByDate.Edge}}})
	if err != nil {
		return nil, fmt.Errorf("read where %d things belong: %w", len(ids), err)
	}
	out := map[store.ID][]store.Node{}
	for id, page := range pages {
		for _, hop := range page[0].Items {
			out[id] = append(out[id], hop.Node)
			s.nodes[hop.Node.ID] = hop.Node
		}
	}
	return out, nil
}

// of gives the places, as ids and identifier keys, and the other things that a
// thing belongs to.
func (s *surroundings) of(id store.ID) (places []string, related []store.ID) {
	ids := make([]store.ID, 0, len(s.direct[id]))
	for _, n := range s.direct[id] {
		ids = append(ids, n.ID)
	}
	return s.spread(ids)
}

// ofClaim gives the same for a claim.
func (s *surroundings) ofClaim(p place) (places []string, related []store.ID) {
	places, related = s.spread(s.claims[p])
	return append(places, s.keys[p]...), related
}

func (s *surroundings) spread(ids []store.ID) (places []string, related []store.ID) {
	seen := map[store.ID]bool{}
	for len(ids) > 0 {
		id := ids[0]
		ids = ids[1:]
		if seen[id] {
			continue
		}
		seen[id] = true
		n := s.nodes[id]
		if n.Kind != ontology.Place {
			related = append(related, id)
			continue
		}
		keys, _ := n.Props["identifiers"].([]string)
		places = append(append(places, string(id)), keys...)
		ids = append(ids, s.above[id]...)
	}
	return places, related
}
