package loader

import (
	"context"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"coopgraph/ontology"
	"coopgraph/ontology/match"
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
			s.things[string(t.ID)] = say(s.things[string(t.ID)], ontology.Weighed[ontology.ThingClaim]{Claim: t, Standing: r.Standing, At: r.At, Record: id})
		}
	}
	for _, c := range r.Claims.Facts {
		if g := c.Group(); c.Whole() && about[g] {
			s.groups[g] = say(s.groups[g], ontology.Weighed[ontology.FactClaim]{Claim: c, Standing: r.Standing, At: r.At, Record: id})
		}
	}
}

// lookedBack is how many claims a further one is compared with.
const lookedBack = 8

// say adds a claim. One that another of the same standing makes too is kept
// once, in the place of the one that is to be believed first: of a place that
// thousands of rows name the same way, one claim is held.
func say[T any](claims []ontology.Weighed[T], c ontology.Weighed[T]) []ontology.Weighed[T] {
	for i := len(claims) - 1; i >= max(0, len(claims)-lookedBack); i-- {
		if claims[i].Standing != c.Standing || !reflect.DeepEqual(claims[i].Claim, c.Claim) {
			continue
		}
		if c.At.After(claims[i].At) || c.At.Equal(claims[i].At) && c.Record < claims[i].Record {
			claims[i] = c
		}
		return claims
	}
	return append(claims, c)
}

// fold makes the changes to things and facts that follow from the changed
// records. What fresh records only repeat needs no other record to be read: a
// place that thousands of rows name the same way is folded once.
func (f *folding) fold(ctx context.Context) error {
	if len(f.about) == 0 {
		return nil
	}
	fresh := newSaid()
	for id, r := range f.changed {
		fresh.add(id, r, f.about)
	}
	if err := f.readOld(ctx, fresh.groups); err != nil {
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
	if err := f.readRecords(ctx, all, f.about); err != nil {
		return err
	}
	if err := f.vanish(ctx, all); err != nil {
		return err
	}
	if err := f.foldThings(all.things); err != nil {
		return err
	}
	if err := f.readDates(ctx, all.groups); err != nil {
		return err
	}
	if err := f.foldFacts(ctx, all.groups); err != nil {
		return err
	}
	return f.propose(ctx, append(f.claimed(), f.pairs...))
}

// isGroup tells groups of facts from things among what is touched.
func isGroup(about string) bool { return !strings.HasPrefix(about, "n_") }

// readOld reads the things and facts as they are. A group of facts of a thing
// that is not there yet has none.
func (f *folding) readOld(ctx context.Context, fresh map[string][]ontology.Weighed[ontology.FactClaim]) error {
	var ids []store.ID
	for _, a := range slices.Sorted(maps.Keys(f.about)) {
		if !isGroup(a) {
			ids = append(ids, store.ID(a))
		}
	}
	if len(ids) > 0 {
		var err error
		if f.things, err = f.store.Nodes(ctx, ids); err != nil {
			return fmt.Errorf("read %d things: %w", len(ids), err)
		}
	}
	for id := range f.things {
		f.known[id] = true
	}
	absent := func(id store.ID) bool {
		_, there := f.things[id]
		return !there && f.about[string(id)]
	}
	var groups []any
	for _, g := range slices.Sorted(maps.Keys(f.about)) {
		if claims := fresh[g]; isGroup(g) && (len(claims) == 0 || !absent(claims[0].Claim.Subject.ID) && !absent(claims[0].Claim.Object.ID)) {
			groups = append(groups, g)
		}
	}
	return f.readFacts(ctx, groups)
}

// readFacts reads the facts of groups as they are.
func (f *folding) readFacts(ctx context.Context, groups []any) error {
	for chunk := range chunks(groups) {
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
		folded, err := match.Fold(claims)
		if err != nil {
			return err
		}
		same := carry(folded.Node.Props, before.Props)
		if !same {
			if same, err = knows(f, id, claims); err != nil {
				return err
			}
		}
		if same && !overrides(claims) {
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
		same := sameEdges(edges, f.facts[g])
		if !same {
			if same, err = knows(f, g, claims); err != nil {
				return err
			}
		}
		if same && !slices.ContainsFunc(claims, func(w ontology.Weighed[ontology.FactClaim]) bool { return w.Claim.Deleted }) {
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

// overrides says whether claims do more than add to others.
func overrides(claims []ontology.Weighed[ontology.ThingClaim]) bool {
	return slices.ContainsFunc(claims, func(w ontology.Weighed[ontology.ThingClaim]) bool {
		return w.Claim.Deleted || len(w.Claim.Replaces) > 0
	})
}

// readRecords adds what the records that the batch does not change say of what
// is asked about.
func (f *folding) readRecords(ctx context.Context, all said, about map[string]bool) error {
	seen := map[store.ID]bool{}
	for chunk := range chunks(anySorted(about)) {
		p := store.Paging{Limit: recordsAtOnce}
		for more := true; more; {
			page, err := f.store.Find(ctx, []store.Kind{ontology.Record}, anyOf("about", chunk), p)
			if err != nil {
				return fmt.Errorf("find records: %w", err)
			}
			if err := f.hear(all, page.Items, about, seen); err != nil {
				return err
			}
			if more = page.More; more {
				p.After = &store.Position{ID: page.Items[len(page.Items)-1].ID}
			}
		}
	}
	return nil
}

// recordsAtOnce is how many records are held in memory: a place may be told of
// by every row of a list.
const recordsAtOnce = 1_000

// hear adds what records that the batch does not change say.
func (f *folding) hear(all said, records []store.Node, about map[string]bool, seen map[store.ID]bool) error {
	for _, n := range records {
		if _, mine := f.changed[n.ID]; mine || seen[n.ID] || f.dropped[n.ID] {
			continue
		}
		seen[n.ID] = true
		r, err := ontology.RecordOf(n)
		if err != nil {
			return err
		}
		all.add(n.ID, r, about)
	}
	return nil
}

// kept are the properties that folding does not make.
var kept = []string{"createdAt", "updatedAt", "confirmedAt", "confirmedBy"}

// carry takes the properties that folding does not make over from before, and
// says whether all the others are as they were.
func carry(props, before store.Props) bool {
	for _, name := range kept {
		if v, ok := before[name]; ok && props[name] == nil {
			props[name] = v
		}
	}
	old, _ := before["formerIds"].([]string)
	addFormer(props, old)
	return before != nil && reflect.DeepEqual(props, before)
}

// addFormer adds ids that are to resolve to the thing or fact.
func addFormer(props store.Props, ids []string) {
	if len(ids) == 0 {
		return
	}
	have, _ := props["formerIds"].([]string)
	all := append(slices.Clone(have), ids...)
	slices.Sort(all)
	props["formerIds"] = slices.Compact(all)
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
	ids := slices.Sorted(maps.Keys(claims))
	ids = slices.DeleteFunc(ids, func(id string) bool { return f.gone[store.ID(id)] })
	changes := make([]store.Change, len(ids))
	same := make([]bool, len(ids))
	err := spread(len(ids), func(i int) error {
		folded, err := match.Fold(claims[ids[i]])
		if err != nil {
			return err
		}
		node := folded.Node
		before := f.things[node.ID]
		addFormer(node.Props, f.former[node.ID])
		if same[i] = f.keep(node.Props, before.Props); same[i] {
			return nil
		}
		changes[i] = store.Change{Op: store.PutNode, Node: node, Tokens: folded.Tokens(), IfVersion: &before.Version}
		return nil
	})
	if err != nil {
		return err
	}
	for i, id := range ids {
		f.known[store.ID(id)] = true
		if !same[i] {
			f.touch(store.ID(id), *changes[i].IfVersion)
			f.changes = append(f.changes, changes[i])
		}
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

func (f *folding) foldFacts(ctx context.Context, groups map[string][]ontology.Weighed[ontology.FactClaim]) error {
	touched := slices.DeleteFunc(slices.Sorted(maps.Keys(f.about)), func(about string) bool { return !isGroup(about) })
	list := make([][]store.Edge, len(touched))
	err := spread(len(touched), func(i int) (err error) {
		if claims := groups[touched[i]]; len(claims) > 0 {
			list[i], err = ontology.FoldFacts(claims, f.dates)
		}
		return err
	})
	if err != nil {
		return err
	}
	folded := make(map[string][]store.Edge, len(touched))
	for i, g := range touched {
		folded[g] = list[i]
	}
	if err := f.readEnds(ctx, folded); err != nil {
		return err
	}
	for _, g := range touched {
		f.replace(f.facts[g], slices.DeleteFunc(folded[g], f.loose))
	}
	return nil
}

// loose says whether an edge cannot be: an end is not there, or both are the
// same.
func (f *folding) loose(e store.Edge) bool {
	return e.From == e.To || !f.known[e.From] || !f.known[e.To] || f.gone[e.From] || f.gone[e.To]
}

// readEnds finds out about the ends of edges whether they exist, where the
// batch has not.
func (f *folding) readEnds(ctx context.Context, groups map[string][]store.Edge) error {
	asked := map[store.ID]bool{}
	for _, edges := range groups {
		for _, e := range edges {
			for _, id := range []store.ID{e.From, e.To} {
				if !f.known[id] && !f.gone[id] {
					asked[id] = true
				}
			}
		}
	}
	if len(asked) == 0 {
		return nil
	}
	nodes, err := f.store.Nodes(ctx, slices.Sorted(maps.Keys(asked)))
	if err != nil {
		return fmt.Errorf("read %d ends: %w", len(asked), err)
	}
	for id := range nodes {
		f.known[id] = true
	}
	return nil
}

// formerIDs are the ids that are to resolve to the fact: those of the facts
// that it takes the place of, and what resolved to them.
func (f *folding) formerIDs(id store.ID) []string {
	ids := f.former[id]
	if len(ids) == 0 {
		return nil
	}
	ids = slices.Clone(ids)
	for _, edges := range f.facts {
		for _, e := range edges {
			if slices.Contains(ids, string(e.ID)) {
				older, _ := e.Props["formerIds"].([]string)
				ids = append(ids, older...)
			}
		}
	}
	return slices.DeleteFunc(ids, func(former string) bool { return former == string(id) })
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
		addFormer(e.Props, f.formerIDs(e.ID))
		if !f.keep(e.Props, b.Props) {
			f.touch(e.ID, b.Version)
			f.changes = append(f.changes, store.Change{Op: store.PutEdge, Edge: e, IfVersion: &b.Version})
		}
	}
	for _, id := range slices.Sorted(maps.Keys(before)) {
		f.touched = append(f.touched, Touch{ID: id, Op: OpDeleted})
		f.changes = append(f.changes, store.Change{Op: store.DeleteEdge, Edge: before[id]})
	}
}
