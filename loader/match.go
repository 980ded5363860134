package loader

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"coopgraph/loader/rows"
	"coopgraph/ontology"
	"coopgraph/ontology/match"
	"coopgraph/ontology/text"
	"coopgraph/store"
)

// maxCandidates is how many things a claim is compared with. A name that more
// bear tells nothing.
const maxCandidates = 20

// pending is a claim whose thing no identifier tells.
type pending struct {
	place place
	claim ontology.ThingClaim
	facts []ontology.FactClaim
	own   string
	// fresh is the id that it gets where it is a thing of its own.
	fresh      store.ID
	candidates []store.ID
	// known says that the source spoke of a thing of this very name before.
	known bool
}

// matchNames settles which things the claims without a known identifier are:
// what the row was about before, else the one thing whose names and whatever
// else is known of it agree well enough. What agrees less is a pair for a
// person to settle.
func (x *index) matchNames(ctx context.Context, f *folding, b Batch, places []int) error {
	list, err := x.pending(f, b, places)
	if err != nil || len(list) == 0 {
		return err
	}
	nodes, err := x.candidates(ctx, f.store, b.Source.ID, list)
	if err != nil || len(nodes) == 0 {
		return err
	}
	around, err := x.surroundings(ctx, f.store, list, nodes)
	if err != nil {
		return err
	}
	return x.settle(ctx, f, b, list, nodes, around)
}

// pending lists the claims to be matched, and settles those of which the row
// spoke before.
func (x *index) pending(f *folding, b Batch, places []int) ([]pending, error) {
	var list []pending
	for _, p := range places {
		it := b.Items[p]
		var prior []ontology.ThingClaim
		node, known := f.prior[ontology.SourceRecord{Source: b.Source.ID, Key: it.Key}.ID()]
		for i, t := range it.Claims.Things {
			mine := own(it, t)
			if bearers, _ := x.matches(t, mine); t.ID != "" || len(bearers) > 0 {
				continue
			}
			if known && prior == nil {
				r, err := ontology.RecordOf(node)
				if err != nil {
					return nil, err
				}
				prior = r.Claims.Things
			}
			here := place{it.Key, i}
			if id := before(prior, t); id != "" {
				x.settled[here] = id
				continue
			}
			if len(t.Names) > 0 {
				list = append(list, pending{place: here, claim: t, facts: factsOf(it, i), own: mine, fresh: x.fresh(t, mine)})
			}
		}
	}
	return list, nil
}

// factsOf gives the item's facts whose subject is its i-th thing, with objects
// of its own by an identifier that they have.
func factsOf(it *rows.Item, i int) []ontology.FactClaim {
	var facts []ontology.FactClaim
	for _, c := range it.Claims.Facts {
		if ownThing(c.Subject, it.Claims.Things) != i {
			continue
		}
		if j := ownThing(c.Object, it.Claims.Things); j >= 0 && len(it.Claims.Things[j].Identifiers) > 0 {
			t := it.Claims.Things[j]
			c.Object = ontology.Ref{Kind: t.Kind, Key: t.Identifiers[0].Key()}
		}
		facts = append(facts, c)
	}
	return facts
}

// ownThing gives the place of the thing of the row that the reference names, -1
// where it names none.
func ownThing(r ontology.Ref, things []ontology.ThingClaim) int {
	number, ok := strings.CutPrefix(r.Key, "#")
	if i, err := strconv.Atoi(number); ok && err == nil && i >= 0 && i < len(things) {
		return i
	}
	return -1
}

// before gives the thing that the row spoke of before: one of the kind that
// shares an identifier or a name with the claim.
func before(things []ontology.ThingClaim, t ontology.ThingClaim) store.ID {
	keys := map[string]bool{}
	for _, key := range names(t) {
		keys[key] = true
	}
	for _, old := range things {
		if old.Kind == t.Kind && slices.ContainsFunc(names(old), func(key string) bool { return keys[key] }) {
			return old.ID
		}
	}
	return ""
}

// candidates reads the things that share a name, or nearly one, with the
// claims, and notes with each claim which they are.
func (x *index) candidates(ctx context.Context, r store.Reader, source store.ID, list []pending) (map[store.ID]store.Node, error) {
	type lookup struct {
		kind store.Kind
		prop string
	}
	keys, wants := map[lookup]map[string]bool{}, make([]map[string]bool, len(list))
	for i, p := range list {
		wants[i] = map[string]bool{}
		note := func(prop, key string) {
			l := lookup{p.claim.Kind, prop}
			if keys[l] == nil {
				keys[l] = map[string]bool{}
			}
			keys[l][key], wants[i][prop+"/"+key] = true, true
		}
		for _, n := range p.claim.Names {
			note("nameKeys", text.NameKey(n.Value))
		}
		for _, key := range match.Keys(p.claim) {
			note("matchKeys", key)
		}
	}
	nodes, bearers := map[store.ID]store.Node{}, map[string][]store.ID{}
	for l, set := range keys {
		for chunk := range chunks(anySorted(set)) {
			page, err := r.Find(ctx, []store.Kind{l.kind}, anyOf(l.prop, chunk), store.Paging{})
			if err != nil {
				return nil, fmt.Errorf("look up %d names: %w", len(chunk), err)
			}
			for _, n := range page.Items {
				nodes[n.ID] = n
				x.stored(n, nil)
				held, _ := n.Props[l.prop].([]string)
				for _, key := range held {
					at := string(l.kind) + "/" + l.prop + "/" + key
					bearers[at] = append(bearers[at], n.ID)
				}
			}
		}
	}
	used := map[store.ID]store.Node{}
	for i := range list {
		p := &list[i]
		x.keepApart(p, source, nodes)
		found := map[store.ID]bool{}
		for key := range wants[i] {
			all := bearers[string(p.claim.Kind)+"/"+key]
			if len(all) > maxCandidates {
				continue
			}
			for _, id := range all {
				if p.own == "" || x.compatible(id, p.own) {
					found[id], used[id] = true, nodes[id]
				}
			}
		}
		p.candidates = slices.Sorted(maps.Keys(found))
	}
	return used, nil
}

// keepApart gives a claim that has nothing but names an id that is its source's
// alone where another source speaks of a thing of the very name: whether the
// two are one is a matter of evidence.
func (x *index) keepApart(p *pending, source store.ID, nodes map[store.ID]store.Node) {
	n, taken := nodes[p.fresh]
	if len(p.claim.Identifiers) > 0 || !taken {
		return
	}
	if p.known = tells(n, source); !p.known {
		p.fresh = ontology.NodeID(p.claim.Kind, "name/"+string(source), text.NameKey(p.claim.Names[0].Value))
		_, p.known = nodes[p.fresh]
		x.settled[p.place] = p.fresh
	}
}

// tells says whether the source speaks of the thing.
func tells(n store.Node, source store.ID) bool {
	sources, _ := n.Props["sources"].([]string)
	return slices.Contains(sources, string(source))
}

// tellsAlone says whether the source speaks of the thing, and no other does.
func tellsAlone(n store.Node, source store.ID) bool {
	sources, _ := n.Props["sources"].([]string)
	return len(sources) == 1 && tells(n, source)
}

// verdict is what comes of comparing a claim with a thing.
type verdict struct {
	id store.ID
	match.Verdict
	// decided is what a person decided of the pair, "" for nothing.
	decided string
	// apart: only the claim's own source speaks of the thing, in another row,
	// and has the last word on whether its rows are one.
	apart bool
}

// settle compares the claims with their candidates.
func (x *index) settle(ctx context.Context, f *folding, b Batch, list []pending, nodes map[store.ID]store.Node, around *surroundings) error {
	marks := b.Marks
	if marks == (match.Marks{}) {
		marks = match.DefaultMarks
	}
	sides := map[store.ID]match.Side{}
	for id, n := range nodes {
		t, err := ontology.ThingOf(n)
		if err != nil {
			return err
		}
		s := match.SideOf(t)
		s.Places, s.Related = around.of(id)
		sides[id] = s
	}
	var asked []store.ID
	for _, p := range list {
		for _, id := range p.candidates {
			asked = append(asked, pairID(p.fresh, id))
		}
	}
	decided, err := f.store.Nodes(ctx, asked)
	if err != nil {
		return fmt.Errorf("read %d pairs: %w", len(asked), err)
	}
	for _, p := range list {
		if p.known {
			continue
		}
		side := match.SideOfClaim(p.claim)
		side.Places, side.Related = around.ofClaim(p.place)
		var all []verdict
		for _, id := range p.candidates {
			v := verdict{id: id, Verdict: match.Score(side, sides[id]), apart: tellsAlone(nodes[id], b.Source.ID)}
			v.decided, _ = decided[pairID(p.fresh, id)].Props["status"].(string)
			if v.decided == PairSame || v.decided != PairNotSame && v.Score >= marks.Possible {
				all = append(all, v)
			}
		}
		slices.SortFunc(all, func(a, b verdict) int {
			return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.id, b.id))
		})
		x.decide(f, marks, p, all)
	}
	return nil
}

// decide takes the claim for the one thing that agrees well enough, or notes
// the pairs for a person to settle.
func (x *index) decide(f *folding, marks match.Marks, p pending, all []verdict) {
	if i := slices.IndexFunc(all, func(v verdict) bool { return v.decided == PairSame }); i >= 0 {
		x.settled[p.place] = all[i].id
		x.notes[p.place] = fmt.Sprintf("taken for %s, as a person decided", all[i].id)
		return
	}
	if len(all) == 0 {
		return
	}
	if all[0].Score >= marks.Same && !all[0].apart && (len(all) == 1 || all[1].Score < marks.Same) {
		x.settled[p.place] = all[0].id
		x.notes[p.place] = fmt.Sprintf("taken for %s by its names (%.2f: %s)", all[0].id, all[0].Score, explain(all[0].Reasons))
		return
	}
	for _, v := range all {
		f.pairs = append(f.pairs, Pair{A: p.fresh, B: v.id, Score: v.Score, Reasons: v.Reasons})
	}
	x.notes[p.place] = fmt.Sprintf("may be the same as %s (%.2f: %s)", all[0].id, all[0].Score, explain(all[0].Reasons))
}

func explain(reasons []match.Reason) string {
	texts := make([]string, len(reasons))
	for i, r := range reasons {
		texts[i] = r.Text("en")
	}
	return strings.Join(texts, "; ")
}
