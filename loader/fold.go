package loader

import (
	"context"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"coopgraph/ontology"
	"coopgraph/store"
)

// said is everything that records say of things and of groups of facts, by id.
type said struct {
	things map[string][]ontology.Weighed[ontology.ThingClaim]
	groups map[string][]ontology.Weighed[ontology.FactClaim]
}

func newSaid() said {
	return said{map[string][]ontology.Weighed[ontology.ThingClaim]{}, map[string][]ontology.Weighed[ontology.FactClaim]{}}
}

// add adds what the record says of what is asked about.
func (s said) add(id store.ID, r ontology.SourceRecord, about map[string]bool) {
	for _, t := range r.Claims.Things {
		if about[string(t.ID)] {
			s.things[string(t.ID)] = append(s.things[string(t.ID)], ontology.Weighed[ontology.ThingClaim]{Claim: t, Standing: r.Standing, At: r.At, Record: id})
		}
	}
	for _, c := range r.Claims.Facts {
		if g := c.Group(); len(c.Wants()) == 0 && about[g] {
			s.groups[g] = append(s.groups[g], ontology.Weighed[ontology.FactClaim]{Claim: c, Standing: r.Standing, At: r.At, Record: id})
		}
	}
}

// fold makes the changes to things and facts that follow from the changed
// records. What fresh records only repeat needs no other record to be read: a
// place that thousands of rows name the same way is folded once.
func (f *folding) fold(ctx context.Context) error {
	fresh := newSaid()
	for id, r := range f.changed {
		fresh.add(id, r, f.about)
	}
	if err := f.readOld(ctx); err != nil {
		return err
	}
	if err := f.readDates(ctx, fresh.groups); err != nil {
		return err
	}
	if err := f.dropRepeated(fresh); err != nil {
		return err
	}
	all := newSaid()
	for id, r := range f.changed {
		all.add(id, r, f.about)
	}
	if err := f.readRecords(ctx, all); err != nil {
		return err
	}
	if err := f.foldThings(all.things); err != nil {
		return err
	}
	if err := f.readDates(ctx, all.groups); err != nil {
		return err
	}
	return f.foldFacts(all.groups)
}

// isGroup tells groups of facts from things among what is touched.
func isGroup(about string) bool { return !strings.HasPrefix(about, "n_") }

// readOld reads the things and facts as they are.
func (f *folding) readOld(ctx context.Context) error {
	var ids []store.ID
	var groups []any
	for _, a := range slices.Sorted(maps.Keys(f.about)) {
		if isGroup(a) {
			groups = append(groups, a)
		} else {
			ids = append(ids, store.ID(a))
		}
	}
	var err error
	if f.things, err = f.store.Nodes(ctx, ids); err != nil {
		return fmt.Errorf("read %d things: %w", len(ids), err)
	}
	f.facts = map[string][]store.Edge{}
	for chunk := range slices.Chunk(groups, maxValues) {
		page, err := f.store.Edges(ctx, nil, anyOf("group", chunk), store.Paging{})
		if err != nil {
			return fmt.Errorf("read facts of %d groups: %w", len(chunk), err)
		}
		for _, e := range page.Items {
			g, _ := e.Props["group"].(string)
			f.facts[g] = append(f.facts[g], e)
		}
	}
	return nil
}

// dropRepeated takes out of what must be folded anew that which records that
// were not there before say exactly as it stands. Folding unites: what says the
// same as all others together adds nothing to them.
func (f *folding) dropRepeated(fresh said) error {
	for id, claims := range fresh.things {
		before, ok := f.things[store.ID(id)]
		if !ok || f.revised[id] {
			continue
		}
		node, _, err := ontology.FoldThing(claims)
		if err != nil {
			return err
		}
		if carry(node.Props, before.Props) {
			delete(f.about, id)
		}
	}
	for g, claims := range fresh.groups {
		if f.revised[g] || len(f.facts[g]) == 0 {
			continue
		}
		edges, err := ontology.FoldFacts(claims, f.dates)
		if err != nil {
			return err
		}
		if sameEdges(edges, f.facts[g]) {
			delete(f.about, g)
		}
	}
	return nil
}

func sameEdges(edges, old []store.Edge) bool {
	before := map[store.ID]store.Props{}
	for _, e := range old {
		before[e.ID] = e.Props
	}
	for _, e := range edges {
		if !carry(e.Props, before[e.ID]) {
			return false
		}
	}
	return len(edges) == len(old)
}

// readRecords adds what the records that the batch does not change say.
func (f *folding) readRecords(ctx context.Context, all said) error {
	seen := map[store.ID]bool{}
	for chunk := range slices.Chunk(anySorted(f.about), maxValues) {
		page, err := f.store.Find(ctx, []store.Kind{ontology.Record}, anyOf("about", chunk), store.Paging{})
		if err != nil {
			return fmt.Errorf("find records: %w", err)
		}
		for _, n := range page.Items {
			if _, mine := f.changed[n.ID]; mine || seen[n.ID] {
				continue
			}
			seen[n.ID] = true
			r, err := ontology.RecordOf(n)
			if err != nil {
				return err
			}
			all.add(n.ID, r, f.about)
		}
	}
	return nil
}

// kept are the properties that folding does not make.
var kept = []string{"createdAt", "updatedAt", "confirmedAt", "confirmedBy", "formerIds"}

// carry takes the properties that folding does not make over from before, and
// says whether all the others are as they were.
func carry(props, before store.Props) bool {
	for _, name := range kept {
		if v, ok := before[name]; ok && props[name] == nil {
			props[name] = v
		}
	}
	return before != nil && reflect.DeepEqual(props, before)
}

// keep carries properties over, and sets the times of writing where something
// is not as it was.
func (f *folding) keep(props, before store.Props) bool {
	if carry(props, before) {
		return true
	}
	if before == nil {
		props["createdAt"] = f.now
	}
	props["updatedAt"] = f.now
	return false
}

func (f *folding) foldThings(claims map[string][]ontology.Weighed[ontology.ThingClaim]) error {
	for _, id := range slices.Sorted(maps.Keys(claims)) {
		node, tokens, err := ontology.FoldThing(claims[id])
		if err != nil {
			return err
		}
		before := f.things[node.ID]
		if f.keep(node.Props, before.Props) {
			continue
		}
		f.changes = append(f.changes, store.Change{Op: store.PutNode, Node: node, Tokens: tokens, IfVersion: &before.Version})
	}
	return nil
}

// readDates learns the dates of the sources that the claims cite.
func (f *folding) readDates(ctx context.Context, groups map[string][]ontology.Weighed[ontology.FactClaim]) error {
	unknown := map[store.ID]bool{}
	for _, claims := range groups {
		for _, w := range claims {
			for _, c := range w.Claim.Cites {
				if _, ok := f.dates[c.Source]; !ok {
					unknown[c.Source] = true
				}
			}
		}
	}
	if len(unknown) == 0 {
		return nil
	}
	nodes, err := f.store.Nodes(ctx, slices.Collect(maps.Keys(unknown)))
	if err != nil {
		return fmt.Errorf("read %d sources: %w", len(unknown), err)
	}
	for id, n := range nodes {
		f.dates[id] = ontology.PartialDate(ontology.DocumentOf(n).Date)
	}
	return nil
}

func (f *folding) foldFacts(groups map[string][]ontology.Weighed[ontology.FactClaim]) error {
	for _, g := range slices.Sorted(maps.Keys(f.about)) {
		if !isGroup(g) {
			continue
		}
		var edges []store.Edge
		if len(groups[g]) > 0 {
			var err error
			if edges, err = ontology.FoldFacts(groups[g], f.dates); err != nil {
				return err
			}
		}
		f.replace(f.facts[g], edges)
	}
	return nil
}

// replace changes the facts of a group into the folded ones.
func (f *folding) replace(old, edges []store.Edge) {
	before := map[store.ID]store.Edge{}
	for _, e := range old {
		before[e.ID] = e
	}
	for _, e := range edges {
		b := before[e.ID]
		delete(before, e.ID)
		if !f.keep(e.Props, b.Props) {
			f.changes = append(f.changes, store.Change{Op: store.PutEdge, Edge: e, IfVersion: &b.Version})
		}
	}
	for _, id := range slices.Sorted(maps.Keys(before)) {
		f.changes = append(f.changes, store.Change{Op: store.DeleteEdge, Edge: before[id]})
	}
}
