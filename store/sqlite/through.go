package sqlite

import (
	"context"
	"database/sql/driver"
	"strings"

	"coopgraph/store"
)

// maxThrough is the number of times that a Through is followed.
const maxThrough = 16

const selectThrough = `
SELECT p.value, h.far, n.id, n.legs
FROM json_each(?) p
CROSS JOIN hop h ON h.node = p.value AND h.leg IN (SELECT value FROM json_each(?))
CROSS JOIN node n ON n.n = h.far`

// throughPages answers a step with Through: the relation is read once for all
// the parents, a level at a time; then each parent's nodes are ordered by the
// number of steps from it in memory.
func (p *plan) throughPages(ctx context.Context, c *conn, parents []parent) (map[int64]*linkPage, error) {
	next := map[int64][]int64{}
	ids := make(map[int64]store.ID, len(parents))
	level := make([]int64, 0, len(parents))
	var met []parent
	for _, q := range parents {
		ids[q.n] = q.id
		level = append(level, q.n)
		met = append(met, q)
	}
	for range maxThrough {
		if len(level) == 0 {
			break
		}
		ask := jsonInts(level)
		level = level[:0]
		err := c.query(ctx, selectThrough, []any{ask, jsonInts(p.through)}, func(row []driver.Value) error {
			from, far := integer(row[0]), integer(row[1])
			next[from] = append(next[from], far)
			if _, ok := ids[far]; ok {
				return nil
			}
			legs, err := decodeLegs(text(row[3]))
			ids[far] = store.ID(text(row[2]))
			level = append(level, far)
			met = append(met, parent{far, ids[far], legs})
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	hops := map[int64][]link{}
	whole := *p
	whole.step.Limit, whole.after = 0, nil
	whole.many = p.manyAll
	_, err := whole.read(ctx, c, met, func(n int64, l link) { hops[n] = append(hops[n], l) }, ids)
	if err != nil {
		return nil, err
	}
	out := make(map[int64]*linkPage, len(parents))
	for _, q := range parents {
		out[q.n] = p.nearest(depths(q.n, next), hops)
	}
	return out, nil
}

// depths gives the number of steps to each node at most maxThrough away.
func depths(from int64, next map[int64][]int64) map[int64]int {
	depth := map[int64]int{from: 0}
	level := []int64{from}
	for d := 1; d <= maxThrough && len(level) > 0; d++ {
		var far []int64
		for _, n := range level {
			for _, m := range next[n] {
				if _, ok := depth[m]; !ok {
					depth[m] = d
					far = append(far, m)
				}
			}
		}
		level = far
	}
	return depth
}

// nearest makes the page of a parent: each far node once.
func (p *plan) nearest(depth map[int64]int, hops map[int64][]link) *linkPage {
	best := map[int64]link{}
	legs := make([]map[int64]bool, len(p.stepLegs))
	for i := range legs {
		legs[i] = map[int64]bool{}
	}
	for n, d := range depth {
		for _, l := range hops[n] {
			l.depth = d
			if b, ok := best[l.n]; !ok || nearer(l, b) {
				best[l.n] = l
			}
			for i, list := range p.stepLegs {
				for _, g := range list {
					if g == l.leg || (g/2 == l.leg/2 && l.hop.Edge.From == l.hop.Edge.To) {
						legs[i][l.n] = true
					}
				}
			}
		}
	}
	page := &linkPage{count: -1, links: make([]link, 0, len(best))}
	for _, l := range best {
		page.links = append(page.links, l)
	}
	sortLinks(page.links)
	if p.step.Count {
		page.count = int64(len(page.links))
		page.legs = make([]int64, len(legs))
		for i := range legs {
			page.legs[i] = int64(len(legs[i]))
		}
	}
	if a := p.step.After; a != nil {
		i := 0
		for i < len(page.links) && !after(page.links[i], a) {
			i++
		}
		page.links = page.links[i:]
	}
	if p.step.Limit > 0 && len(page.links) > p.step.Limit {
		page.links, page.more = page.links[:p.step.Limit], true
	}
	return page
}

func nearer(a, b link) bool {
	if a.depth != b.depth {
		return a.depth < b.depth
	}
	if a.hop.Edge.ID != b.hop.Edge.ID {
		return a.hop.Edge.ID < b.hop.Edge.ID
	}
	return a.leg < b.leg
}

// after says whether a link comes after a position in its step's order.
func after(l link, a *store.Position) bool {
	for i, k := range a.Keys {
		if d := strings.Compare(l.keys[i], k); d != 0 {
			return d > 0
		}
	}
	return l.hop.Edge.ID > a.ID
}
