package storetest

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"coopgraph/store"
)

// model is a graph in memory that answers by the letter of the contract: what
// a store is compared with. It holds everything in maps, looks at all of it for
// each question, and knows the suite's schema only.
type model struct {
	schema store.Schema
	nodes  map[store.ID]store.Node
	edges  map[store.ID]store.Edge
	tokens map[store.ID]map[string]string
}

func newModel() *model {
	return &model{
		schema: Schema(),
		nodes:  map[store.ID]store.Node{},
		edges:  map[store.ID]store.Edge{},
		tokens: map[store.ID]map[string]string{},
	}
}

func (m *model) apply(batch []store.Change) (store.Tally, error) {
	was := *m
	m.nodes, m.edges, m.tokens = maps.Clone(m.nodes), maps.Clone(m.edges), maps.Clone(m.tokens)
	var t store.Tally
	for i, ch := range batch {
		if err := m.change(ch, &t); err != nil {
			*m = was
			return store.Tally{}, &store.ChangeError{Index: i, Err: err}
		}
	}
	return t, nil
}

func (m *model) change(ch store.Change, t *store.Tally) error {
	isNode := ch.Op == store.PutNode || ch.Op == store.DeleteNode
	version := m.edges[ch.Edge.ID].Version
	if isNode {
		version = m.nodes[ch.Node.ID].Version
	}
	if ch.IfVersion != nil && *ch.IfVersion != version {
		return store.ErrConflict
	}
	count := func(same bool) int64 {
		switch {
		case version == 0:
			t.Created++
		case same:
			t.Unchanged++
			return version
		default:
			t.Changed++
		}
		return version + 1
	}
	switch ch.Op {
	case store.PutNode:
		tokens := map[string]string{}
		for f, s := range ch.Tokens {
			if s != "" && ch.Node.Kind != Record {
				tokens[f] = s
			}
		}
		n := ch.Node
		n.Version = count(equalProps(m.nodes[n.ID].Props, n.Props) && maps.Equal(m.tokens[n.ID], tokens))
		m.nodes[n.ID], m.tokens[n.ID] = n, tokens
	case store.PutEdge:
		e, old := ch.Edge, m.edges[ch.Edge.ID]
		if m.nodes[e.From].ID == "" || m.nodes[e.To].ID == "" {
			return store.ErrInvalid
		}
		e.Version = count(equalProps(old.Props, e.Props) && old.From == e.From && old.To == e.To)
		m.edges[e.ID] = e
	case store.DeleteNode:
		if version == 0 {
			return store.ErrNotFound
		}
		if m.degree(ch.Node.ID, nil) > 0 {
			return store.ErrInvalid
		}
		delete(m.nodes, ch.Node.ID)
		delete(m.tokens, ch.Node.ID)
		t.Deleted++
	case store.DeleteEdge:
		if version == 0 {
			return store.ErrNotFound
		}
		delete(m.edges, ch.Edge.ID)
		t.Deleted++
	}
	return nil
}

func (m *model) degree(id store.ID, rels []store.Rel) (n int64) {
	for _, e := range m.edges {
		if (e.From == id || e.To == id) && (len(rels) == 0 || slices.Contains(rels, e.Rel)) {
			n++
		}
	}
	return n
}

func (m *model) internal(k store.Kind) bool {
	d, _ := m.schema.Kind(k)
	return d.Internal
}

// holds says whether properties fulfil all the conditions.
func holds(props store.Props, conds []store.Cond) bool {
	for _, c := range conds {
		v, ok := props[c.Prop]
		if !ok {
			if c.Op != store.None && !c.OrAbsent {
				return false
			}
			continue
		}
		var in bool
		if list, isList := v.([]string); isList {
			in = slices.ContainsFunc(list, func(e string) bool { return slices.Contains(c.Values, any(e)) })
		} else {
			in = slices.ContainsFunc(c.Values, func(w any) bool { return compareValues(v, w) == 0 })
		}
		switch c.Op {
		case store.Any:
			ok = in
		case store.None:
			ok = !in
		case store.AtMost:
			ok = compareValues(v, c.Values[0]) <= 0
		case store.AtLeast:
			ok = compareValues(v, c.Values[0]) >= 0
		}
		if !ok {
			return false
		}
	}
	return true
}

func compareValues(a, b any) int {
	switch a := a.(type) {
	case string:
		return strings.Compare(a, b.(string))
	case int64:
		return cmp.Compare(a, b.(int64))
	case float64:
		return cmp.Compare(a, b.(float64))
	case time.Time:
		return a.Compare(b.(time.Time))
	case bool:
		if a == b.(bool) {
			return 0
		}
		if a {
			return 1
		}
		return -1
	}
	panic(fmt.Sprintf("a %T is not compared", a))
}

// row is an item of a list with its place in the order.
type row[T any] struct {
	item T
	keys []string
	id   store.ID
	// tie parts two far nodes of one edge.
	tie store.ID
}

func compareRows[T any](a, b row[T]) int {
	return cmp.Or(slices.Compare(a.keys, b.keys), cmp.Compare(a.id, b.id))
}

func page[T any](rows []row[T], after *store.Position, limit int, desc bool) (items []T, more bool) {
	sign := 1
	if desc {
		sign = -1
	}
	slices.SortFunc(rows, func(a, b row[T]) int { return cmp.Or(sign*compareRows(a, b), cmp.Compare(a.tie, b.tie)) })
	for _, r := range rows {
		if after != nil && sign*compareRows(r, row[T]{keys: after.Keys, id: after.ID}) <= 0 {
			continue
		}
		if limit > 0 && len(items) == limit {
			return items, true
		}
		items = append(items, r.item)
	}
	return items, false
}

func keysOf(prop string, props store.Props) []string {
	if prop == "" {
		return nil
	}
	return []string{store.SortKey(props[prop])}
}

func count(wanted bool, n int) int64 {
	if wanted {
		return int64(n)
	}
	return -1
}

func (m *model) find(kinds []store.Kind, f store.Filter, p store.Paging) store.Page[store.Node] {
	var rows []row[store.Node]
	for _, n := range m.nodes {
		ok := slices.Contains(kinds, n.Kind) || (len(kinds) == 0 && !m.internal(n.Kind))
		if ok && (f.IDs == nil || slices.Contains(f.IDs, n.ID)) && holds(n.Props, f.Conds) {
			rows = append(rows, row[store.Node]{item: n, keys: keysOf(p.Order.Prop, n.Props), id: n.ID})
		}
	}
	out := store.Page[store.Node]{Count: count(p.Count, len(rows))}
	out.Items, out.More = page(rows, p.After, p.Limit, p.Order.Desc)
	return out
}

func (m *model) findEdges(rels []store.Rel, f store.Filter, p store.Paging) store.Page[store.Edge] {
	var rows []row[store.Edge]
	for _, e := range m.edges {
		if (len(rels) == 0 || slices.Contains(rels, e.Rel)) && (f.IDs == nil || slices.Contains(f.IDs, e.ID)) && holds(e.Props, f.Conds) {
			rows = append(rows, row[store.Edge]{item: e, keys: keysOf(p.Order.Prop, e.Props), id: e.ID})
		}
	}
	out := store.Page[store.Edge]{Count: count(p.Count, len(rows))}
	out.Items, out.More = page(rows, p.After, p.Limit, p.Order.Desc)
	return out
}

// follow gives the edges of a leg at a node, each with the far node.
func (m *model) follow(id store.ID, g store.Leg) map[store.ID]store.ID {
	far := map[store.ID]store.ID{}
	for _, e := range m.edges {
		if e.Rel != g.Rel {
			continue
		}
		if e.From == id && g.Dir != store.In {
			far[e.ID] = e.To
		}
		if e.To == id && g.Dir != store.Out {
			far[e.ID] = e.From
		}
	}
	return far
}

func (m *model) expand(from []store.ID, tree []store.Step) map[store.ID][]store.Page[store.Hop] {
	out := map[store.ID][]store.Page[store.Hop]{}
	for _, id := range from {
		if _, ok := m.nodes[id]; ok {
			out[id] = m.expandOne(id, tree)
		}
	}
	return out
}

func (m *model) expandOne(id store.ID, tree []store.Step) []store.Page[store.Hop] {
	pages := make([]store.Page[store.Hop], len(tree))
	for i, s := range tree {
		pages[i] = m.step(id, s)
	}
	return pages
}

func (m *model) step(id store.ID, s store.Step) store.Page[store.Hop] {
	depth := map[store.ID]int{id: 0}
	if s.Through != nil {
		for d := 1; d <= 16; d++ {
			for n := range maps.Clone(depth) {
				for _, far := range m.follow(n, *s.Through) {
					if _, ok := depth[far]; !ok {
						depth[far] = d
					}
				}
			}
		}
	}
	type hop struct {
		edge, far store.ID
		depth     int
	}
	best := map[store.ID]hop{} // by edge; with Through by far node
	legs := make([]map[store.ID]bool, len(s.Legs))
	for i, g := range s.Legs {
		legs[i] = map[store.ID]bool{}
		for n, d := range depth {
			for e, far := range m.follow(n, g) {
				node := m.nodes[far]
				if !holds(m.edges[e].Props, s.Where) || !holds(node.Props, s.Far) || (len(s.Kinds) > 0 && !slices.Contains(s.Kinds, node.Kind)) {
					continue
				}
				key := e
				if s.Through != nil {
					key = far
				}
				legs[i][key] = true
				old, ok := best[key]
				if !ok || cmp.Or(cmp.Compare(d, old.depth), cmp.Compare(e, old.edge)) < 0 {
					best[key] = hop{e, far, d}
				}
			}
		}
	}
	rows := make([]row[store.Hop], 0, len(best))
	for _, h := range best {
		e, n := m.edges[h.edge], m.nodes[h.far]
		keys := append(keysOf(s.Order.Edge, e.Props), keysOf(s.Order.Far, n.Props)...)
		e.Props = m.projected(e.Props, m.schema.EdgeProps, s.EdgeProps)
		def, _ := m.schema.Kind(n.Kind)
		n.Props = m.projected(n.Props, def.Props, s.NodeProps)
		rows = append(rows, row[store.Hop]{item: store.Hop{Edge: e, Node: n}, keys: keys, id: e.ID, tie: n.ID})
	}
	out := store.Page[store.Hop]{Count: count(s.Count, len(rows))}
	if s.Count {
		for _, l := range legs {
			out.Legs = append(out.Legs, int64(len(l)))
		}
	}
	out.Items, out.More = page(rows, s.After, s.Limit, false)
	if len(s.Then) > 0 {
		for i := range out.Items {
			out.Items[i].Then = m.expandOne(out.Items[i].Node.ID, s.Then)
		}
	}
	return out
}

func (m *model) projected(props store.Props, declared []store.Prop, names []string) store.Props {
	out := store.Props{}
	for _, p := range declared {
		v, ok := props[p.Name]
		if ok && (p.Walk || slices.Contains(names, p.Name) || slices.Equal(names, []string{store.All})) {
			out[p.Name] = v
		}
	}
	return out
}

func (m *model) has(id store.ID, t store.Term) bool {
	return slices.ContainsFunc(strings.Fields(m.tokens[id][t.Field]), func(tok string) bool {
		return tok == t.Token || (t.Prefix && strings.HasPrefix(tok, t.Token))
	})
}

// search gives every match, whatever the limit.
func (m *model) search(q store.Query) []store.Node {
	var hits []store.Node
	for id, n := range m.nodes {
		ok := len(m.tokens[id]) > 0 && (len(q.Kinds) == 0 || slices.Contains(q.Kinds, n.Kind))
		for _, group := range q.All {
			ok = ok && slices.ContainsFunc(group, func(t store.Term) bool { return m.has(id, t) })
		}
		if !ok || slices.ContainsFunc(q.None, func(t store.Term) bool { return m.has(id, t) }) {
			continue
		}
		props := store.Props{}
		for _, name := range q.Props {
			if v, ok := n.Props[name]; ok {
				props[name] = v
			}
		}
		hits = append(hits, store.Node{ID: id, Kind: n.Kind, Version: n.Version, Degree: m.degree(id, nil), Props: props})
	}
	slices.SortFunc(hits, func(a, b store.Node) int { return cmp.Compare(a.ID, b.ID) })
	return hits
}

func trigrams(word string) map[string]bool {
	set := map[string]bool{}
	r := []rune(" " + word + " ")
	for i := 0; i+3 <= len(r); i++ {
		set[string(r[i:i+3])] = true
	}
	return set
}

func (m *model) words(near string, limit int) []string {
	shared := map[string]int{}
	for _, t := range m.tokens {
		for _, w := range strings.Fields(t[m.schema.Text[0]]) {
			n := 0
			for g := range trigrams(w) {
				if trigrams(near)[g] {
					n++
				}
			}
			if n > 0 {
				shared[w] = n
			}
		}
	}
	list := slices.SortedFunc(maps.Keys(shared), func(a, b string) int {
		return cmp.Or(cmp.Compare(shared[b], shared[a]), cmp.Compare(a, b))
	})
	return list[:min(limit, len(list))]
}

// walkable says whether an edge belongs to a walk that starts or ends at ends.
func (m *model) walkable(e store.Edge, r store.Reach, ends ...store.ID) bool {
	if len(r.Rels) > 0 && !slices.Contains(r.Rels, e.Rel) {
		return false
	}
	for _, id := range []store.ID{e.From, e.To} {
		n := m.nodes[id]
		if !slices.Contains(ends, id) && (m.internal(n.Kind) || (len(r.Kinds) > 0 && !slices.Contains(r.Kinds, n.Kind))) {
			return false
		}
	}
	return true
}

func (m *model) hub(id store.ID, r store.Reach, ends ...store.ID) bool {
	return r.Hub > 0 && !slices.Contains(ends, id) && m.degree(id, r.Rels) > int64(r.Hub)
}

// distances gives those over walkable edges, not through hubs.
func (m *model) distances(from store.ID, r store.Reach, ends ...store.ID) map[store.ID]int {
	dist := map[store.ID]int{from: 0}
	for d := 1; d <= r.Length; d++ {
		for _, e := range m.edges {
			if !m.walkable(e, r, ends...) {
				continue
			}
			for _, way := range [][2]store.ID{{e.From, e.To}, {e.To, e.From}} {
				at, ok := dist[way[0]]
				_, seen := dist[way[1]]
				if ok && at == d-1 && !seen && !m.hub(way[0], r, ends...) {
					dist[way[1]] = d
				}
			}
		}
	}
	return dist
}

func (m *model) path(from, to store.ID, r store.Reach) (store.Subgraph, error) {
	for _, id := range []store.ID{from, to} {
		if n, ok := m.nodes[id]; !ok || m.internal(n.Kind) {
			return store.Subgraph{}, store.ErrNotFound
		}
	}
	a, b := m.distances(from, r, from, to), m.distances(to, r, from, to)
	on := func(u, v store.ID) bool {
		x, okX := a[u]
		y, okY := b[v]
		return okX && okY && x+1+y <= r.Length
	}
	keep := map[store.ID]int{}
	var edges []store.Edge
	for _, e := range m.edges {
		if m.walkable(e, r, from, to) && (on(e.From, e.To) || on(e.To, e.From)) && !m.hub(e.From, r, from, to) && !m.hub(e.To, r, from, to) {
			edges = append(edges, e)
			keep[e.From], keep[e.To] = a[e.From], a[e.To]
		}
	}
	return m.subgraph(keep, edges, r), nil
}

func (m *model) neighbourhood(centre store.ID, r store.Reach) (store.Subgraph, error) {
	if n, ok := m.nodes[centre]; !ok || m.internal(n.Kind) {
		return store.Subgraph{}, store.ErrNotFound
	}
	var edges []store.Edge
	for _, e := range m.edges {
		if m.walkable(e, r, centre) {
			edges = append(edges, e)
		}
	}
	return m.subgraph(m.distances(centre, r, centre), edges, r), nil
}

func (m *model) subgraph(keep map[store.ID]int, edges []store.Edge, r store.Reach) store.Subgraph {
	ids := slices.SortedFunc(maps.Keys(keep), func(a, b store.ID) int {
		return cmp.Or(cmp.Compare(keep[a], keep[b]), cmp.Compare(a, b))
	})
	var out store.Subgraph
	if r.Limit > 0 && len(ids) > r.Limit {
		ids, out.Cut = ids[:r.Limit], true
	}
	for _, id := range ids {
		n := m.nodes[id]
		def, _ := m.schema.Kind(n.Kind)
		n.Props = m.projected(n.Props, def.Props, r.NodeProps)
		out.Nodes = append(out.Nodes, n)
	}
	for _, e := range edges {
		if slices.Contains(ids, e.From) && slices.Contains(ids, e.To) {
			e.Props = m.projected(e.Props, m.schema.EdgeProps, r.EdgeProps)
			out.Edges = append(out.Edges, e)
		}
	}
	slices.SortFunc(out.Edges, func(a, b store.Edge) int { return cmp.Compare(a.ID, b.ID) })
	return out
}

// sameError says whether two errors are of the same sentinel.
func sameError(a, b error) bool {
	for _, s := range []error{store.ErrNotFound, store.ErrConflict, store.ErrInvalid} {
		if errors.Is(a, s) != errors.Is(b, s) {
			return false
		}
	}
	return (a == nil) == (b == nil)
}
