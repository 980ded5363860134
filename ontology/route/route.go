// Package route ranks the ways in which two things are connected: who can
// introduce whom to whom, and on what facts that rests.
//
// A store gives the part of the graph between the two (store.Reader.Path);
// choosing among its routes is done here, by the weights of package evidence,
// so that every store gives the same routes in the same order.
package route

import (
	"context"
	"fmt"
	"slices"

	"coopgraph/ontology"
	"coopgraph/ontology/evidence"
	"coopgraph/store"
)

// The bounds of a question, and what counts where it gives none.
const (
	DefaultLength = 4
	MaxLength     = 6
	DefaultFirst  = 3
	MaxFirst      = 10
)

// The bounds of the part of the graph that is looked at.
const (
	// hub is the number of facts beyond which a thing is not passed: nobody is
	// introduced by way of a whole country.
	hub = 500
	// maxNodes bounds the things between the two.
	maxNodes = 1000
)

// Question asks how two things are connected.
type Question struct {
	From, To store.ID
	// MaxLength is the greatest number of facts in a route: 0 for
	// DefaultLength, at most MaxLength.
	MaxLength int
	// Using are the only relations followed; none for all.
	Using []store.Rel
	// AsOf is the day on which facts are judged. What has ended or is planned
	// stays, and weighs less.
	AsOf ontology.Day
	// First is the number of routes wanted: 0 for DefaultFirst, at most
	// MaxFirst.
	First int
}

// Path is a route: a sequence of things, each joined to the next by the best
// fact between them.
type Path struct {
	// Length is the number of facts.
	Length int
	// Score is in (0, 1], to four digits.
	Score float64
	Nodes []store.ID
	// Facts[i] joins Nodes[i] and Nodes[i+1]; they have all their properties.
	Facts []store.Edge
}

// Find gives the best routes: by strength × damping × age of their facts, not
// only by length; then the shorter, then by the ids of the things. It fails
// with store.ErrNotFound where an end is absent and store.ErrInvalid for bounds
// or relations that do not exist; no route is an empty list, and so is the
// route of a thing to itself.
func Find(ctx context.Context, reader store.Reader, q Question) ([]Path, error) {
	q, err := q.checked()
	if err != nil {
		return nil, err
	}
	between, err := reader.Path(ctx, q.From, q.To, store.Reach{Rels: q.Using, Length: q.MaxLength, Hub: hub, Limit: maxNodes})
	if err != nil {
		return nil, fmt.Errorf("between %s and %s: %w", q.From, q.To, err)
	}
	if q.From == q.To || len(between.Edges) == 0 {
		return nil, nil
	}
	m, err := newMap(q, between)
	if err != nil {
		return nil, err
	}
	routes, err := m.settle(ctx, reader)
	if err != nil {
		return nil, err
	}
	return paths(ctx, reader, routes)
}

func (q Question) checked() (Question, error) {
	if q.MaxLength == 0 {
		q.MaxLength = DefaultLength
	}
	if q.First == 0 {
		q.First = DefaultFirst
	}
	if q.MaxLength < 1 || q.MaxLength > MaxLength {
		return q, fmt.Errorf("%w: a route has 1 to %d facts", store.ErrInvalid, MaxLength)
	}
	if q.First < 1 || q.First > MaxFirst {
		return q, fmt.Errorf("%w: 1 to %d routes can be asked for", store.ErrInvalid, MaxFirst)
	}
	for _, rel := range q.Using {
		if _, ok := ontology.RelationOf(rel); !ok {
			return q, fmt.Errorf("%w: %q is no relation", store.ErrInvalid, rel)
		}
	}
	return q, nil
}

// paths reads the facts of the routes, in one question.
func paths(ctx context.Context, reader store.Reader, routes []*walk) ([]Path, error) {
	var ids []store.ID
	rels := map[store.Rel]bool{}
	for _, w := range routes {
		for ; w.prev != nil; w = w.prev {
			ids = append(ids, w.by.id)
			rels[w.by.rel] = true
		}
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	var used []store.Rel
	for _, r := range ontology.Relations() {
		if rels[r.Rel] {
			used = append(used, r.Rel)
		}
	}
	page, err := reader.Edges(ctx, used, store.Filter{IDs: ids}, store.Paging{})
	if err != nil {
		return nil, fmt.Errorf("facts of %d routes: %w", len(routes), err)
	}
	facts := map[store.ID]store.Edge{}
	for _, e := range page.Items {
		facts[e.ID] = e
	}
	list := make([]Path, 0, len(routes))
	for _, w := range routes {
		p := Path{Length: w.length, Score: evidence.Round(w.score())}
		for ; w != nil; w = w.prev {
			p.Nodes = append(p.Nodes, w.at)
			if w.prev != nil {
				p.Facts = append(p.Facts, facts[w.by.id])
			}
		}
		slices.Reverse(p.Nodes)
		slices.Reverse(p.Facts)
		list = append(list, p)
	}
	return list, nil
}
