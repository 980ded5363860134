package reconcile

import (
	"context"
	"fmt"
	"slices"

	"coopgraph/ontology"
	"coopgraph/store"
)

// resolve reads things by ids that they have, or once had.
func (v *service) resolve(ctx context.Context, ids []string) (map[string]ontology.Thing, error) {
	var asked []store.ID
	for _, id := range ids {
		if ontology.IsID(id) && !ontology.IsFactID(store.ID(id)) {
			asked = append(asked, store.ID(id))
		}
	}
	out := map[string]ontology.Thing{}
	if len(asked) == 0 {
		return out, nil
	}
	nodes, err := v.Store.Nodes(ctx, asked)
	if err != nil {
		return nil, fmt.Errorf("read %d things: %w", len(asked), err)
	}
	var former []any
	for _, id := range asked {
		n, found := nodes[id]
		if !found {
			former = append(former, string(id))
			continue
		}
		if err := addThing(out, string(id), n); err != nil {
			return nil, err
		}
	}
	if len(former) == 0 {
		return out, nil
	}
	page, err := v.Store.Find(ctx, nil, store.Filter{Conds: []store.Cond{{Prop: "formerIds", Values: former}}}, store.Paging{})
	if err != nil {
		return nil, fmt.Errorf("find %d former ids: %w", len(former), err)
	}
	for _, n := range page.Items {
		old, _ := n.Props["formerIds"].([]string)
		for _, id := range old {
			if slices.Contains(former, any(id)) {
				if err := addThing(out, id, n); err != nil {
					return nil, err
				}
			}
		}
	}
	return out, nil
}

func addThing(to map[string]ontology.Thing, id string, n store.Node) error {
	if !ontology.IsThing(n.Kind) {
		return nil
	}
	t, err := ontology.ThingOf(n)
	if err != nil {
		return err
	}
	to[id] = t
	return nil
}

// subject is a thing with what its properties lead to.
type subject struct {
	ontology.Thing
	// far are the things that a property of connected things leads to, by its id.
	far map[string][]ontology.Thing
}

// farProps are the properties that are read of connected things.
var farProps = []string{"names", "identifiers", "formerIds", "placeType"}

// mostFar bounds the things that a property leads to.
const mostFar = 100

// placesIn gives the steps from a thing of a kind to its places: where it is
// or what it acts for, the places around these, and those of what it belongs to.
func placesIn(k store.Kind) []store.Step {
	partOf := store.Leg{Rel: ontology.PartOf, Dir: store.Out}
	around := store.Step{Legs: []store.Leg{partOf}, Through: &partOf, NodeProps: farProps, Limit: mostFar}
	at := store.Step{
		Legs:  []store.Leg{{Rel: ontology.LocatedIn}, {Rel: ontology.HeldAt}, {Rel: ontology.Covers}},
		Kinds: []store.Kind{ontology.Place}, Order: ontology.ByDate, Limit: mostFar, NodeProps: farProps,
		Then: []store.Step{around},
	}
	whole := store.Step{Legs: []store.Leg{partOf}, Through: &partOf, NodeProps: farProps, Limit: mostFar, Then: []store.Step{at}}
	of := store.Step{
		Legs:  []store.Leg{{Rel: ontology.PostIn}, {Rel: ontology.MemberOf}},
		Kinds: []store.Kind{ontology.Organisation}, Order: ontology.ByDate, Limit: mostFar,
		Then: []store.Step{at, whole},
	}
	switch k {
	case ontology.Place:
		return []store.Step{around}
	case ontology.Organisation, ontology.Project:
		return []store.Step{at, whole}
	case ontology.Event:
		return []store.Step{at}
	case ontology.Person, ontology.Post:
		return []store.Step{of}
	}
	return nil
}

// subjects reads what the properties of things lead to: a tree of steps for
// each kind among them. With only holding, facts that have ended or are
// planned are left out.
func (v *service) subjects(ctx context.Context, things []ontology.Thing, props []property, onlyHolding bool) ([]subject, error) {
	out := make([]subject, len(things))
	byKind := map[store.Kind][]store.ID{}
	for i, t := range things {
		out[i] = subject{Thing: t, far: map[string][]ontology.Thing{}}
		byKind[t.Kind] = append(byKind[t.Kind], t.ID)
	}
	for _, k := range ontology.Kinds() {
		ids := byKind[k]
		if len(ids) == 0 {
			continue
		}
		tree, spans := v.tree(k, props, onlyHolding)
		if len(tree) == 0 {
			continue
		}
		slices.Sort(ids)
		pages, err := v.Store.Expand(ctx, slices.Compact(ids), tree)
		if err != nil {
			return nil, fmt.Errorf("read what %d things lead to: %w", len(ids), err)
		}
		for i := range out {
			if out[i].Kind != k {
				continue
			}
			for _, s := range spans {
				if err := out[i].read(s, pages[out[i].ID]); err != nil {
					return nil, err
				}
			}
		}
	}
	return out, nil
}

// span is the part of a tree that answers a property.
type span struct {
	property   string
	start, end int
	// places keeps places only, countries those that are countries.
	places, countries bool
}

func (v *service) tree(k store.Kind, props []property, onlyHolding bool) (tree []store.Step, spans []span) {
	var where []store.Cond
	if onlyHolding {
		where = ontology.Holding(ontology.DayOf(v.Now()))
	}
	for _, p := range props {
		start := len(tree)
		switch p.form {
		case formPlace:
			tree = append(tree, placesIn(k)...)
		case formThing:
			c, ok := ontology.ConnectionOf(k, p.id)
			if !ok {
				continue
			}
			tree = append(tree, store.Step{Legs: c.Legs, Kinds: c.FarKinds(), Where: where, Order: ontology.ByDate, Limit: mostFar, NodeProps: farProps})
		default:
			continue
		}
		spans = append(spans, span{p.id, start, len(tree), p.form == formPlace, p.id == countryProperty})
	}
	return tree, spans
}

// read collects the things at the ends of a property.
func (s *subject) read(of span, pages []store.Page[store.Hop]) error {
	seen := map[store.ID]bool{}
	if of.places && s.Kind == ontology.Place && (!of.countries || isCountry(s.Thing)) {
		seen[s.ID] = true
		s.far[of.property] = append(s.far[of.property], s.Thing)
	}
	if of.end > len(pages) {
		return nil // deleted since it was read
	}
	err := collect(pages[of.start:of.end], func(n store.Node) error {
		if seen[n.ID] || of.places && n.Kind != ontology.Place {
			return nil
		}
		seen[n.ID] = true
		t, err := ontology.ThingOf(n)
		if err == nil && (!of.countries || isCountry(t)) {
			s.far[of.property] = append(s.far[of.property], t)
		}
		return err
	})
	if of.countries && len(s.far[of.property]) == 0 && isCountry(s.Thing) {
		s.far[of.property] = []ontology.Thing{s.Thing} // a state that covers no place has its country's code
	}
	return err
}

func collect(pages []store.Page[store.Hop], each func(store.Node) error) error {
	for _, page := range pages {
		for _, h := range page.Items {
			if err := each(h.Node); err != nil {
				return err
			}
			if err := collect(h.Then, each); err != nil {
				return err
			}
		}
	}
	return nil
}

// isCountry says whether a thing is a country or its state.
func isCountry(t ontology.Thing) bool {
	if t.Props["placeType"] == "COUNTRY" {
		return true
	}
	return slices.ContainsFunc(t.Identifiers, func(i ontology.Identifier) bool { return i.Scheme == "ISO3166" && len(i.Value) == 2 })
}
