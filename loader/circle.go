package loader

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"coopgraph/loader/rows"
	"coopgraph/ontology"
	"coopgraph/store"
)

// circles says of the rows that close a circle of broader themes which it is:
// A is under B, and B is under A. What the rows say is kept, since another
// source may be the one that is wrong. Of what the store holds, the themes up
// to levelsAbove are looked at.
func (f *folding) circles(ctx context.Context, items []ontology.SourceRecord, results []Result) error {
	mine, byRow := map[store.ID]bool{}, map[string]*Result{}
	for i := range results {
		byRow[results[i].Item.Key] = &results[i]
	}
	asked := map[store.ID]bool{}
	for _, r := range items {
		mine[r.ID()] = true
		for _, b := range broader(r.Claims) {
			asked[b[1]] = true
		}
	}
	if len(asked) == 0 {
		return nil
	}
	above, err := f.above(ctx, asked)
	if err != nil {
		return err
	}
	for id, r := range f.changed {
		if mine[id] {
			continue
		}
		for _, b := range broader(r.Claims) {
			above.add(b)
		}
	}
	for _, r := range items {
		result := byRow[r.Key]
		if result == nil || result.Outcome == rows.Unchanged {
			continue
		}
		for _, b := range broader(r.Claims) {
			above.add(b)
			if way := above.way(b[1], b[0]); way != nil {
				circle, err := f.circle(ctx, way)
				if err != nil {
					return err
				}
				result.Message = strings.TrimPrefix(result.Message+"; its broader themes go in a circle: "+circle, "; ")
				break
			}
		}
	}
	return nil
}

// broader gives the themes that the claims put under others, with these.
func broader(c ontology.Claims) [][2]store.ID {
	var pairs [][2]store.ID
	for i := range c.Facts {
		if fact := &c.Facts[i]; fact.Relation == ontology.Broader && fact.Whole() && !fact.Deleted {
			pairs = append(pairs, [2]store.ID{fact.Subject.ID, fact.Object.ID})
		}
	}
	return pairs
}

// themesAbove are the themes that are broader than others.
type themesAbove map[store.ID][]store.ID

func (a themesAbove) add(pair [2]store.ID) {
	if !slices.Contains(a[pair[0]], pair[1]) {
		a[pair[0]] = append(a[pair[0]], pair[1])
	}
}

// levelsAbove bounds how far up the store's themes are read.
const levelsAbove = 16

// above reads which themes stand above these, a level at a time.
func (f *folding) above(ctx context.Context, themes map[store.ID]bool) (themesAbove, error) {
	up := []store.Step{{Legs: []store.Leg{{Rel: ontology.Broader, Dir: store.Out}}}}
	above, met := themesAbove{}, maps.Clone(themes)
	level := slices.Sorted(maps.Keys(themes))
	for range levelsAbove {
		if len(level) == 0 {
			break
		}
		hops, err := f.store.Expand(ctx, level, up)
		if err != nil {
			return nil, fmt.Errorf("read the themes above %d others: %w", len(level), err)
		}
		level = nil
		for _, pages := range hops {
			for _, hop := range pages[0].Items {
				above.add([2]store.ID{hop.Edge.From, hop.Edge.To})
				if !met[hop.Edge.To] {
					met[hop.Edge.To] = true
					level = append(level, hop.Edge.To)
				}
			}
		}
		slices.Sort(level)
	}
	return above, nil
}

// way gives the themes on the shortest way up from one to another, both
// included; nil where there is none.
func (a themesAbove) way(from, to store.ID) []store.ID {
	below := map[store.ID]store.ID{from: ""}
	for next := []store.ID{from}; len(next) > 0; next = next[1:] {
		if next[0] == to {
			var way []store.ID
			for id := to; id != ""; id = below[id] {
				way = append(way, id)
			}
			slices.Reverse(way)
			return way
		}
		for _, id := range a[next[0]] {
			if _, met := below[id]; !met {
				below[id] = next[0]
				next = append(next, id)
			}
		}
	}
	return nil
}

// maxCircle is how many themes of a circle are named.
const maxCircle = 10

// circle writes a circle down, by the names of its themes.
func (f *folding) circle(ctx context.Context, way []store.ID) (string, error) {
	nodes, err := f.store.Nodes(ctx, way)
	if err != nil {
		return "", fmt.Errorf("read %d themes: %w", len(way), err)
	}
	called := map[store.ID]string{}
	for id, n := range nodes {
		t, err := ontology.ThingOf(n)
		if err != nil {
			return "", err
		}
		called[id] = t.Name("en")
	}
	for _, r := range f.changed {
		for _, t := range r.Claims.Things {
			if called[t.ID] == "" && len(t.Names) > 0 {
				called[t.ID] = t.Names[0].Value
			}
		}
	}
	var texts []string
	for i, id := range append(way[len(way)-1:], way...) {
		if i == maxCircle {
			texts = append(texts, "…")
			break
		}
		texts = append(texts, rows.Shorten(cmp.Or(called[id], string(id)), 100))
	}
	return strings.Join(texts, " → "), nil
}
