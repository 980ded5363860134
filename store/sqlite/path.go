package sqlite

import (
	"cmp"
	"context"
	"database/sql/driver"
	"fmt"
	"maps"
	"slices"

	"coopgraph/store"
)

const (
	selectEnd = `
SELECT n, kind, degree
FROM node
WHERE id = ?`

	selectLegsAround = `
SELECT p.value, h.leg, h.far, h.e
FROM json_each(?) p
CROSS JOIN hop h ON h.node = p.value
WHERE h.leg IN (SELECT value FROM json_each(?))`

	selectAllAround = `
SELECT p.value, h.leg, h.far, h.e
FROM json_each(?) p
CROSS JOIN hop h ON h.node = p.value`

	selectMet = `
SELECT n.n, n.id, n.kind, n.degree
FROM json_each(?) i
CROSS JOIN node n ON n.n = i.value`

	// An edge from a node to itself stands in hop twice and counts once.
	selectWider = `
SELECT count(*)
FROM (
  SELECT 1
  FROM json_each(?) l
  CROSS JOIN hop h ON h.node = ? AND h.leg = l.value
  WHERE h.far <> h.node OR h.leg % 2 = 0
  LIMIT 0 + ?
)`

	selectBetween = `
SELECT h.leg, h.node, h.far, h.e
FROM json_each(?1) p
CROSS JOIN hop h ON h.node = p.value
WHERE h.leg % 2 = 0
  AND h.far IN (SELECT value FROM json_each(?1))`

	selectLegsBetween = selectBetween + `
  AND h.leg IN (SELECT value FROM json_each(?2))`

	selectSubgraphNodes = `
SELECT n.n, n.id, n.kind, n.version, b.props
FROM json_each(?) i
CROSS JOIN node n ON n.n = i.value
CROSS JOIN body b ON b.n = n.n`

	selectSubgraphEdges = `
SELECT e.id, e.rel, e.version, e.props, e.src, e.dst
FROM json_each(?) i
CROSS JOIN edge e ON e.e = i.value
ORDER BY e.id`
)

// arc is an edge by its numbers.
type arc struct{ e, src, dst int64 }

// met is a node that a walk has come upon.
type met struct {
	id     store.ID
	degree int64
	// open: the walk may go through it, once checked.
	open, checked bool
}

// walk is one call of Path or Neighbourhood.
type walk struct {
	*layout
	c     *conn
	reach store.Reach
	legs  string // JSON
	kinds map[int64]bool
	nodes map[int64]*met
	// shut are the nodes of a kind not asked for.
	shut map[int64]bool
	arcs map[int64]arc
}

func (s *Store) newWalk(r store.Reach) (*walk, error) {
	w := &walk{
		layout: s.layout, reach: r, kinds: map[int64]bool{},
		nodes: map[int64]*met{}, shut: map[int64]bool{}, arcs: map[int64]arc{},
	}
	var legs []int64
	rels := r.Rels
	if len(rels) == 0 {
		rels = s.schema.Rels
	}
	for _, rel := range rels {
		codes, err := s.legsOf(store.Leg{Rel: rel, Dir: store.Both})
		if err != nil {
			return nil, err
		}
		legs = append(legs, codes...)
	}
	slices.Sort(legs)
	w.legs = jsonInts(slices.Compact(legs))
	kinds, err := s.kindList(r.Kinds)
	if err != nil {
		return nil, err
	}
	for _, k := range kinds {
		if !k.internal {
			w.kinds[k.code] = true
		}
	}
	if r.Length < 0 || r.Hub < 0 || r.Limit < 0 {
		return nil, invalid("a reach of length %d, hub %d, limit %d", r.Length, r.Hub, r.Limit)
	}
	if _, err := s.nodeProjection(r.NodeProps); err != nil {
		return nil, err
	}
	_, err = s.edgeProjection(r.EdgeProps)
	return w, err
}

// end gives the number of a node that the walk starts or ends at: it is
// walked through whatever its kind and degree. An internal one is not found.
func (w *walk) end(ctx context.Context, id store.ID) (n int64, err error) {
	err = w.c.query(ctx, selectEnd, []any{string(id)}, func(row []driver.Value) error {
		if !w.kindOf(integer(row[1])).internal {
			n = integer(row[0])
			w.nodes[n] = &met{id: id, degree: integer(row[2]), open: true, checked: true}
		}
		return nil
	})
	if err == nil && n == 0 {
		err = fmt.Errorf("%w: no such node", store.ErrNotFound)
	}
	return n, err
}

// around notes the edges of a level's nodes and gives the nodes at their other
// ends, each once, without those of other kinds.
func (w *walk) around(ctx context.Context, level []int64) (map[int64]bool, error) {
	far := map[int64]bool{}
	var unknown []int64
	query, args := selectAllAround, []any{jsonInts(level)}
	if len(w.reach.Rels) > 0 {
		query, args = selectLegsAround, append(args, w.legs)
	}
	err := w.c.queryLong(ctx, query, args, func(row []driver.Value) error {
		near, n := integer(row[0]), integer(row[2])
		if w.shut[n] {
			return nil
		}
		a := arc{e: integer(row[3]), src: near, dst: n}
		if integer(row[1])%2 == 1 {
			a.src, a.dst = n, near
		}
		w.arcs[a.e] = a
		if !far[n] {
			far[n] = true
			if w.nodes[n] == nil {
				unknown = append(unknown, n)
			}
		}
		return nil
	})
	if err != nil || len(unknown) == 0 {
		return far, err
	}
	err = w.c.query(ctx, selectMet, []any{jsonInts(unknown)}, func(row []driver.Value) error {
		n := integer(row[0])
		if w.kinds[integer(row[2])] {
			w.nodes[n] = &met{id: store.ID(text(row[1])), degree: integer(row[3])}
		} else {
			w.shut[n] = true
			delete(far, n)
		}
		return nil
	})
	return far, err
}

// passable says whether the walk may go through a node it has met.
func (w *walk) passable(ctx context.Context, n int64) (bool, error) {
	m := w.nodes[n]
	if m.checked {
		return m.open, nil
	}
	m.checked, m.open = true, true
	hub := int64(w.reach.Hub)
	if hub > 0 && m.degree > hub {
		v, err := w.c.value(ctx, selectWider, w.legs, n, hub+1)
		if err != nil {
			return false, err
		}
		m.open = integer(v) <= hub
	}
	return m.open, nil
}

// step goes one level on: from the nodes of a level that may be walked through
// to those not seen before, which it notes in dist.
func (w *walk) step(ctx context.Context, level []int64, dist map[int64]int, d int) ([]int64, error) {
	var open []int64
	for _, n := range level {
		ok, err := w.passable(ctx, n)
		if err != nil {
			return nil, err
		}
		if ok {
			open = append(open, n)
		}
	}
	if len(open) == 0 {
		return nil, nil
	}
	far, err := w.around(ctx, open)
	if err != nil {
		return nil, err
	}
	var next []int64
	for n := range far {
		if _, ok := dist[n]; !ok {
			dist[n] = d
			next = append(next, n)
		}
	}
	slices.Sort(next)
	return next, nil
}

// Path walks from both ends at once, the smaller level first, until the levels
// walked add up to the length. Then every edge that can be on a route has been
// met, for one of its ends was walked through; the distances over these edges
// say which are. A node beyond the hub is on no route.
func (s *Store) Path(ctx context.Context, from, to store.ID, r store.Reach) (store.Subgraph, error) {
	w, err := s.newWalk(r)
	if err != nil {
		return store.Subgraph{}, err
	}
	var out store.Subgraph
	err = s.read(ctx, func(c *conn) error {
		w.c = c
		a, err := w.end(ctx, from)
		if err != nil {
			return err
		}
		b, err := w.end(ctx, to)
		if err != nil {
			return err
		}
		dists := [2]map[int64]int{{a: 0}, {b: 0}}
		levels := [2][]int64{{a}, {b}}
		depth := [2]int{}
		for depth[0]+depth[1] < r.Length {
			side := 0
			if len(levels[1]) < len(levels[0]) {
				side = 1
			}
			depth[side]++
			if levels[side], err = w.step(ctx, levels[side], dists[side], depth[side]); err != nil {
				return err
			}
			if len(levels[side]) == 0 {
				// This side has seen all it can reach: the other need go no
				// further, and the edges met are all there are.
				break
			}
		}
		next := w.adjacency()
		near, err := w.distances(ctx, a, next)
		if err != nil {
			return err
		}
		distant, err := w.distances(ctx, b, next)
		if err != nil {
			return err
		}
		out, err = w.routes(ctx, near, distant)
		return err
	})
	if err != nil {
		return store.Subgraph{}, fmt.Errorf("path: %w", err)
	}
	return out, nil
}

// adjacency gives the nodes next to each, over the edges met.
func (w *walk) adjacency() map[int64][]int64 {
	next := make(map[int64][]int64, len(w.nodes))
	for _, a := range w.arcs {
		if w.nodes[a.src] != nil && w.nodes[a.dst] != nil {
			next[a.src] = append(next[a.src], a.dst)
			next[a.dst] = append(next[a.dst], a.src)
		}
	}
	return next
}

// distances gives those from a node, up to the length.
func (w *walk) distances(ctx context.Context, from int64, next map[int64][]int64) (map[int64]int, error) {
	dist := map[int64]int{from: 0}
	level := []int64{from}
	for d := 1; d <= w.reach.Length && len(level) > 0; d++ {
		var far []int64
		for _, n := range level {
			ok, err := w.passable(ctx, n)
			if err != nil {
				return nil, err
			}
			if !ok {
				continue
			}
			for _, m := range next[n] {
				if _, seen := dist[m]; !seen {
					dist[m] = d
					far = append(far, m)
				}
			}
		}
		level = far
	}
	return dist, nil
}

// routes keeps the edges that lie on a route of at most the length.
func (w *walk) routes(ctx context.Context, near, distant map[int64]int) (store.Subgraph, error) {
	on := func(u, v int64) bool {
		a, okA := near[u]
		b, okB := distant[v]
		return okA && okB && a+1+b <= w.reach.Length
	}
	kept := map[int64]int{}
	for e, a := range w.arcs {
		ok := on(a.src, a.dst) || on(a.dst, a.src)
		for _, n := range []int64{a.src, a.dst} {
			if !ok {
				break
			}
			var err error
			if ok, err = w.passable(ctx, n); err != nil {
				return store.Subgraph{}, err
			}
		}
		if !ok {
			delete(w.arcs, e)
			continue
		}
		kept[a.src], kept[a.dst] = near[a.src], near[a.dst]
	}
	return w.subgraph(ctx, kept)
}

// subgraph reads the nodes, nearest first, up to the limit, and the edges of
// arcs between them.
func (w *walk) subgraph(ctx context.Context, dist map[int64]int) (store.Subgraph, error) {
	var out store.Subgraph
	kept := w.ordered(dist)
	if w.reach.Limit > 0 && len(kept) > w.reach.Limit {
		kept, out.Cut = kept[:w.reach.Limit], true
	}
	place := make(map[int64]int, len(kept))
	for i, n := range kept {
		place[n] = i
	}
	var edges []int64
	for e, a := range w.arcs {
		_, src := place[a.src]
		_, dst := place[a.dst]
		if src && dst {
			edges = append(edges, e)
		}
	}
	slices.Sort(edges)
	nodeWant, err := w.nodeProjection(w.reach.NodeProps)
	if err != nil {
		return out, err
	}
	edgeWant, err := w.edgeProjection(w.reach.EdgeProps)
	if err != nil {
		return out, err
	}
	out.Nodes = make([]store.Node, len(kept))
	err = w.c.query(ctx, selectSubgraphNodes, []any{jsonInts(kept)}, func(row []driver.Value) error {
		k := w.kindOf(integer(row[2]))
		props, err := k.decode(text(row[4]), nodeWant.want)
		out.Nodes[place[integer(row[0])]] = store.Node{
			ID: store.ID(text(row[1])), Kind: k.name, Version: integer(row[3]), Props: props,
		}
		return err
	})
	if err != nil {
		return out, err
	}
	err = w.c.query(ctx, selectSubgraphEdges, []any{jsonInts(edges)}, func(row []driver.Value) error {
		props, err := w.edges.decode(text(row[3]), edgeWant.want)
		out.Edges = append(out.Edges, store.Edge{
			ID: store.ID(text(row[0])), Rel: w.relCodes[integer(row[1])], Version: integer(row[2]), Props: props,
			From: w.nodes[integer(row[4])].id, To: w.nodes[integer(row[5])].id,
		})
		return err
	})
	return out, err
}

// ordered sorts nodes by distance, then id.
func (w *walk) ordered(dist map[int64]int) []int64 {
	return slices.SortedFunc(maps.Keys(dist), func(a, b int64) int {
		return cmp.Or(cmp.Compare(dist[a], dist[b]), cmp.Compare(w.nodes[a].id, w.nodes[b].id))
	})
}

// Neighbourhood walks level by level from the centre until the length or the
// limit is reached, then reads the edges between the nodes it keeps.
func (s *Store) Neighbourhood(ctx context.Context, centre store.ID, r store.Reach) (store.Subgraph, error) {
	w, err := s.newWalk(r)
	if err != nil {
		return store.Subgraph{}, err
	}
	var out store.Subgraph
	err = s.read(ctx, func(c *conn) error {
		w.c = c
		n, err := w.end(ctx, centre)
		if err != nil {
			return err
		}
		dist := map[int64]int{n: 0}
		level := []int64{n}
		for d := 1; d <= r.Length && len(level) > 0 && (r.Limit == 0 || len(dist) <= r.Limit); d++ {
			if level, err = w.step(ctx, level, dist, d); err != nil {
				return err
			}
		}
		kept := w.ordered(dist)
		if r.Limit > 0 && len(kept) > r.Limit {
			kept = kept[:r.Limit]
		}
		if err := w.between(ctx, kept); err != nil {
			return err
		}
		out, err = w.subgraph(ctx, dist)
		return err
	})
	if err != nil {
		return store.Subgraph{}, fmt.Errorf("neighbourhood: %w", err)
	}
	return out, nil
}

// between replaces the edges met by those between the nodes.
func (w *walk) between(ctx context.Context, nodes []int64) error {
	clear(w.arcs)
	query, args := selectBetween, []any{jsonInts(nodes)}
	if len(w.reach.Rels) > 0 {
		query, args = selectLegsBetween, append(args, w.legs)
	}
	return w.c.queryLong(ctx, query, args, func(row []driver.Value) error {
		e := integer(row[3])
		w.arcs[e] = arc{e: e, src: integer(row[1]), dst: integer(row[2])}
		return nil
	})
}
