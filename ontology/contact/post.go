package contact

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"coopgraph/ontology"
	"coopgraph/store"
)

// Holding is who held a post, and the fact that says so, with the properties
// that a walk reads.
type Holding struct {
	Node store.ID
	Kind store.Kind
	Fact store.Edge
}

// LastHolders gives, for each post that nobody holds on the day (no holding is
// CURRENT), the holding last attested on or before it. Posts without one, and
// posts that somebody holds, are absent.
func LastHolders(ctx context.Context, reader store.Reader, posts []store.ID, asOf ontology.Day) (map[store.ID]Holding, error) {
	if len(posts) == 0 {
		return map[store.ID]Holding{}, nil
	}
	answers, err := reader.Expand(ctx, posts, []store.Step{{Legs: []store.Leg{holding}, Order: ontology.ByFreshness}})
	if err != nil {
		return nil, fmt.Errorf("holders of %d posts: %w", len(posts), err)
	}
	found := map[store.ID]Holding{}
	for post, pages := range answers {
		var hops []store.Hop
		var facts []*fact
		for _, page := range pages {
			for _, h := range page.Items {
				f, err := factOf(h.Edge, asOf)
				if err != nil {
					return nil, err
				}
				hops, facts = append(hops, h), append(facts, f)
			}
		}
		if i := lastOf(facts, asOf); i >= 0 {
			found[post] = Holding{Node: hops[i].Node.ID, Kind: hops[i].Node.Kind, Fact: hops[i].Edge}
		}
	}
	return found, nil
}

// lastHolder gives the holding of a post that nobody holds which was attested
// last.
func (g *graph) lastHolder(post store.ID) (hop, bool) {
	f := g.fans[holders][post]
	if f == nil {
		return hop{}, false
	}
	facts := make([]*fact, len(f.hops))
	for i, h := range f.hops {
		facts[i] = h.fact
	}
	if i := lastOf(facts, g.asOf); i >= 0 {
		return f.hops[i], true
	}
	return hop{}, false
}

// lastOf gives the place of the fact that is known to have held last, on or
// before the day; -1 where one holds on the day, or none is known.
func lastOf(facts []*fact, asOf ontology.Day) int {
	last := -1
	var known ontology.PartialDate
	for i, f := range facts {
		if f.status == ontology.Current {
			return -1
		}
		date := lastKnown(f, asOf)
		if f.status == ontology.Planned || date == "" {
			continue
		}
		if last < 0 || date.Newer(known) || !known.Newer(date) && f.ID < facts[last].ID {
			last, known = i, date
		}
	}
	return last
}

// lastKnown is the latest date, not after the day, on which the fact is known
// to have held; "" for none.
func lastKnown(f *fact, asOf ontology.Day) ontology.PartialDate {
	var latest ontology.PartialDate
	dates := []ontology.PartialDate{f.From, f.AttestedOn, f.To}
	if f.To == "" {
		dates = append(dates, f.Witnessed)
	}
	for _, d := range dates {
		if d != "" && d.First() <= asOf && d.Newer(latest) {
			latest = d
		}
	}
	return latest
}

// Fallbacks gives, for each post, who to turn to in its stead: its deputy's
// post, else the post of the head of its organisation, else the organisation
// itself. What is no contact, has ended or is only planned does not count;
// posts without a fallback are absent.
func Fallbacks(ctx context.Context, reader store.Reader, posts []store.ID, asOf ontology.Day) (map[store.ID]store.ID, error) {
	if len(posts) == 0 {
		return map[store.ID]store.ID{}, nil
	}
	g := newGraph(reader, recall{}, asOf)
	heads := g.step(0, store.Leg{Rel: ontology.PostIn, Dir: store.In})
	heads.Far = []store.Cond{{Prop: "head", Op: store.Any, Values: []any{true}}}
	heads.Kinds = []store.Kind{ontology.Post}
	home := g.step(0, store.Leg{Rel: ontology.PostIn, Dir: store.Out})
	home.Then = []store.Step{heads}
	deputies := g.step(0, store.Leg{Rel: ontology.DeputyOf, Dir: store.In})
	answers, err := reader.Expand(ctx, posts, []store.Step{deputies, home})
	if err != nil {
		return nil, fmt.Errorf("fallbacks of %d posts: %w", len(posts), err)
	}
	fallbacks := map[store.ID]store.ID{}
	for post, pages := range answers {
		if len(pages) != 2 {
			continue
		}
		choices := [][]store.Hop{pages[0].Items, nil, pages[1].Items}
		for _, h := range pages[1].Items {
			for _, then := range h.Then {
				choices[1] = append(choices[1], then.Items...)
			}
		}
		for _, hops := range choices {
			id, ok, err := g.firstContact(hops, post)
			if err != nil {
				return nil, err
			}
			if ok {
				fallbacks[post] = id
				break
			}
		}
	}
	return fallbacks, nil
}

// firstContact gives the contact whose fact was attested last.
func (g *graph) firstContact(hops []store.Hop, not store.ID) (store.ID, bool, error) {
	var list []hop
	for _, h := range hops {
		f, err := g.factOf(h.Edge)
		if err != nil {
			return "", false, err
		}
		t := g.meet(h.Node)
		if t.id != not && t.contact && f.status != ontology.Ended && f.status != ontology.Planned {
			list = append(list, hop{fact: f, to: t})
		}
	}
	if len(list) == 0 {
		return "", false, nil
	}
	best := slices.MinFunc(list, func(a, b hop) int {
		return cmp.Or(cmp.Compare(b.fact.freshYear(), a.fact.freshYear()), cmp.Compare(a.fact.ID, b.fact.ID))
	})
	return best.to.id, true, nil
}
