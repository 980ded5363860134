package neo4j

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"coopgraph/store"
)

// endsCypher looks the nodes up from which a walk starts.
const endsCypher = `
UNWIND $ids AS id
MATCH (n:Thing {id: id})
RETURN n.id, elementId(n)`

// edgesCypher walks one edge further from a set of nodes and gives every edge
// met: the relations, a condition on the node met and its degree are spliced.
const edgesCypher = `
UNWIND $from AS at
MATCH (u)
WHERE elementId(u) = at
MATCH (u)-[e:%s]-(v:Thing)%s
RETURN u.id, v.id, elementId(v), elementId(e), %s`

// metCypher walks one edge further and gives the nodes not met before, lowest
// ids first.
const metCypher = `
UNWIND $from AS at
MATCH (u)
WHERE elementId(u) = at
MATCH (u)-[:%s]-(v:Thing)
WHERE NOT v.id IN $met%s
WITH DISTINCT v
ORDER BY v.id%s
RETURN v.id, elementId(v), %s`

// chosenCypher fetches the nodes and edges of an answer.
const chosenCypher = `
RETURN COLLECT {
  UNWIND $nodes AS at
  MATCH (n)
  WHERE elementId(n) = at
  RETURN [%s]
} AS nodes, COLLECT {
  UNWIND $edges AS at
  MATCH ()-[e]->()
  WHERE elementId(e) = at
  RETURN [%s]
} AS edges`

// betweenCypher fetches nodes and every edge between them.
const betweenCypher = `
UNWIND $nodes AS at
MATCH (n)
WHERE elementId(n) = at
WITH collect(n) AS nodes
RETURN [n IN nodes | [%s]] AS nodes, COLLECT {
  UNWIND nodes AS u
  MATCH (u)-[e:%s]->(v)
  WHERE v IN nodes
  RETURN [%s]
} AS edges`

// reach is a store.Reach in the forms in which its statements need it.
type reach struct {
	store.Reach
	types      string
	kinds      string
	degree     string
	node, edge projection
}

func (c *catalog) reach(r store.Reach) (reach, error) {
	out := reach{Reach: r, degree: "0"}
	if r.Length < 0 || r.Hub < 0 || r.Limit < 0 {
		return out, fmt.Errorf("%w: a bound below 0", store.ErrInvalid)
	}
	rels, err := c.relsOf(r.Rels)
	if err != nil {
		return out, err
	}
	kinds, err := c.kindsOf(r.Kinds)
	if err != nil {
		return out, err
	}
	out.types = c.types(rels)
	if len(kinds) > 0 {
		out.kinds = "(v:" + labels(kinds) + " OR v.id IN $ends)"
	}
	switch {
	case r.Hub == 0:
	case len(rels) == len(c.schema.Rels):
		out.degree = "COUNT { (v)--() } - COUNT { (v)-[:_SEARCH]-() }"
	default:
		out.degree = "COUNT { (v)-[:" + out.types + "]-() }"
	}
	if out.edge, err = project(r.EdgeProps, c.edgeProps, c.edgeProp); err != nil {
		return out, err
	}
	out.node, err = project(r.NodeProps, walked(c, kinds), c.nodeProp(nil))
	return out, err
}

func (r reach) edgesStatement() string {
	condition := ""
	if r.kinds != "" {
		condition = "\nWHERE " + r.kinds
	}
	return fmt.Sprintf(edgesCypher, r.types, condition, r.degree)
}

func (r reach) metStatement() string {
	condition, limit := "", ""
	if r.kinds != "" {
		condition = "\n  AND " + r.kinds
	}
	if r.Limit > 0 {
		limit = "\nLIMIT $limit"
	}
	return fmt.Sprintf(metCypher, r.types, condition, limit, r.degree)
}

func (r reach) chosenStatement() string {
	return fmt.Sprintf(chosenCypher, nodeExpr("n", r.node), edgeExpr("e", r.edge))
}

func (r reach) betweenStatement() string {
	return fmt.Sprintf(betweenCypher, nodeExpr("n", r.node), r.types, edgeExpr("e", r.edge))
}

// ends gives the elements of the nodes from which a walk starts.
func (s *Store) ends(ctx context.Context, what string, ids ...store.ID) (map[string]string, error) {
	want := idStrings(ids)
	rows, err := s.ask(ctx, what, endsCypher, params{"ids": want})
	if err != nil {
		return nil, err
	}
	elements := map[string]string{}
	for _, r := range rows {
		id, err := text(r[0])
		if err != nil {
			return nil, err
		}
		if elements[id], err = text(r[1]); err != nil {
			return nil, err
		}
	}
	for _, id := range ids {
		if _, ok := elements[string(id)]; !ok {
			return nil, fmt.Errorf("%s: %w: an end is absent", what, store.ErrNotFound)
		}
	}
	return elements, nil
}

// Path implements store.Reader.
//
// It walks from both ends, one statement a level, the smaller side first,
// until the levels add up to the length. Every edge of every route has then
// been met: a node of a route that lies beyond one side's levels lies within
// the other's. Distances are taken on the edges met.
func (s *Store) Path(ctx context.Context, from, to store.ID, r store.Reach) (store.Subgraph, error) {
	rc, err := s.cat.reach(r)
	if err != nil {
		return store.Subgraph{}, fmt.Errorf("path: %w", err)
	}
	if err := s.ready(ctx); err != nil {
		return store.Subgraph{}, err
	}
	var out store.Subgraph
	err = s.gate.read(ctx, func() error {
		out, err = s.path(ctx, from, to, rc)
		return err
	})
	return out, err
}

func (s *Store) path(ctx context.Context, from, to store.ID, rc reach) (store.Subgraph, error) {
	elements, err := s.ends(ctx, "path", from, to)
	if err != nil {
		return store.Subgraph{}, err
	}
	m := &meeting{
		reach: rc, ends: idStrings([]store.ID{from, to}), elements: elements,
		hubs: map[string]bool{}, edges: map[string][2]string{},
	}
	sides := [2]*side{newSide(string(from)), newSide(string(to))}
	for range rc.Length {
		near := sides[0]
		if len(sides[1].frontier) < len(near.frontier) {
			near = sides[1]
		}
		if len(near.frontier) == 0 {
			break
		}
		if err := s.walk(ctx, m, near); err != nil {
			return store.Subgraph{}, err
		}
	}
	ids, chosen := m.routes(string(from), string(to))
	if len(ids) == 0 {
		return store.Subgraph{}, nil
	}
	cut := false
	if rc.Limit > 0 && len(ids) > rc.Limit {
		ids, cut = ids[:rc.Limit], true
	}
	nodes := make([]string, len(ids))
	for i, id := range ids {
		nodes[i] = m.elements[id]
	}
	rows, err := s.ask(ctx, "path", rc.chosenStatement(), params{"nodes": nodes, "edges": chosen})
	if err != nil {
		return store.Subgraph{}, err
	}
	return s.cat.subgraph(rows, rc, ids, cut)
}

// side is what was met from one end.
type side struct {
	met      map[string]bool
	frontier []string
}

func newSide(id string) *side {
	return &side{met: map[string]bool{id: true}, frontier: []string{id}}
}

// meeting is what both sides of a path have met.
type meeting struct {
	reach
	ends     []string
	elements map[string]string
	hubs     map[string]bool
	edges    map[string][2]string
}

// walk takes one side a level further.
func (s *Store) walk(ctx context.Context, m *meeting, sd *side) error {
	from := make([]string, len(sd.frontier))
	for i, id := range sd.frontier {
		from[i] = m.elements[id]
	}
	rows, err := s.ask(ctx, "path", m.edgesStatement(), params{"from": from, "ends": m.ends})
	if err != nil {
		return err
	}
	sd.frontier = nil
	for _, r := range rows {
		var texts [4]string
		for i := range texts {
			if texts[i], err = text(r[i]); err != nil {
				return err
			}
		}
		degree, err := integer(r[4])
		if err != nil {
			return err
		}
		u, v, element, e := texts[0], texts[1], texts[2], texts[3]
		m.edges[e] = [2]string{u, v}
		m.elements[v] = element
		if m.Hub > 0 && degree > int64(m.Hub) && !slices.Contains(m.ends, v) {
			m.hubs[v] = true
		}
		if !sd.met[v] {
			sd.met[v] = true
			if !m.hubs[v] {
				sd.frontier = append(sd.frontier, v)
			}
		}
	}
	return nil
}

// routes gives the nodes on routes, nearest to from first, and the edges.
func (m *meeting) routes(from, to string) (ids, edges []string) {
	next := map[string][]string{}
	for _, e := range m.edges {
		next[e[0]] = append(next[e[0]], e[1])
		next[e[1]] = append(next[e[1]], e[0])
	}
	near, far := m.distances(from, next), m.distances(to, next)
	on := map[string]bool{}
	within := func(u, v string) bool {
		d, ok := near[u]
		rest, reached := far[v]
		return ok && reached && d+1+rest <= m.Length && !m.hubs[u] && !m.hubs[v]
	}
	for element, e := range m.edges {
		if within(e[0], e[1]) || within(e[1], e[0]) {
			edges = append(edges, element)
			on[e[0]], on[e[1]] = true, true
		}
	}
	ids = slices.SortedFunc(maps.Keys(on), func(a, b string) int {
		return cmp.Or(cmp.Compare(near[a], near[b]), cmp.Compare(a, b))
	})
	return ids, edges
}

// distances walks the edges met from one node; hubs are met, not passed.
func (m *meeting) distances(from string, next map[string][]string) map[string]int {
	dist := map[string]int{from: 0}
	for frontier := []string{from}; len(frontier) > 0; {
		var met []string
		for _, u := range frontier {
			if m.hubs[u] {
				continue
			}
			for _, v := range next[u] {
				if _, ok := dist[v]; !ok {
					dist[v] = dist[u] + 1
					met = append(met, v)
				}
			}
		}
		frontier = met
	}
	return dist
}

// Neighbourhood implements store.Reader. It takes one statement a level and
// one for the answer.
func (s *Store) Neighbourhood(ctx context.Context, centre store.ID, r store.Reach) (store.Subgraph, error) {
	rc, err := s.cat.reach(r)
	if err != nil {
		return store.Subgraph{}, fmt.Errorf("neighbourhood: %w", err)
	}
	if err := s.ready(ctx); err != nil {
		return store.Subgraph{}, err
	}
	var out store.Subgraph
	err = s.gate.read(ctx, func() error {
		out, err = s.neighbourhood(ctx, centre, rc)
		return err
	})
	return out, err
}

func (s *Store) neighbourhood(ctx context.Context, centre store.ID, r reach) (store.Subgraph, error) {
	elements, err := s.ends(ctx, "neighbourhood", centre)
	if err != nil {
		return store.Subgraph{}, err
	}
	ids := []string{string(centre)}
	nodes := []string{elements[string(centre)]}
	frontier := slices.Clone(nodes)
	cut := false
	for depth := 0; depth < r.Length && len(frontier) > 0 && !cut; depth++ {
		values := params{"from": frontier, "met": ids, "ends": []string{string(centre)}}
		if r.Limit > 0 {
			values["limit"] = r.Limit - len(ids) + 1
		}
		rows, err := s.ask(ctx, "neighbourhood", r.metStatement(), values)
		if err != nil {
			return store.Subgraph{}, err
		}
		if r.Limit > 0 && len(ids)+len(rows) > r.Limit {
			rows, cut = rows[:r.Limit-len(ids)], true
		}
		frontier = nil
		for _, row := range rows {
			id, err := text(row[0])
			if err != nil {
				return store.Subgraph{}, err
			}
			element, err := text(row[1])
			if err != nil {
				return store.Subgraph{}, err
			}
			degree, err := integer(row[2])
			if err != nil {
				return store.Subgraph{}, err
			}
			ids, nodes = append(ids, id), append(nodes, element)
			if r.Hub == 0 || degree <= int64(r.Hub) {
				frontier = append(frontier, element)
			}
		}
	}
	rows, err := s.ask(ctx, "neighbourhood", r.betweenStatement(), params{"nodes": nodes})
	if err != nil {
		return store.Subgraph{}, err
	}
	return s.cat.subgraph(rows, r, ids, cut)
}

// subgraph reads [nodes, edges]: the nodes in the order of ids, the edges
// whose two ends are among them.
func (c *catalog) subgraph(rows [][]any, rc reach, ids []string, cut bool) (store.Subgraph, error) {
	if len(rows) != 1 {
		return store.Subgraph{}, unexpected("subgraph", rows)
	}
	values, err := list(rows[0][0])
	if err != nil {
		return store.Subgraph{}, err
	}
	nodes := make(map[store.ID]store.Node, len(values))
	for _, v := range values {
		row, err := list(v)
		if err != nil {
			return store.Subgraph{}, err
		}
		n, err := c.node(row, rc.node)
		if err != nil {
			return store.Subgraph{}, err
		}
		nodes[n.ID] = n
	}
	out := store.Subgraph{Cut: cut}
	for _, id := range ids {
		if n, ok := nodes[store.ID(id)]; ok {
			out.Nodes = append(out.Nodes, n)
		}
	}
	if values, err = list(rows[0][1]); err != nil {
		return store.Subgraph{}, err
	}
	for _, v := range values {
		row, err := list(v)
		if err != nil {
			return store.Subgraph{}, err
		}
		e, err := edge(row, rc.edge)
		if err != nil {
			return store.Subgraph{}, err
		}
		_, starts := nodes[e.From]
		_, ends := nodes[e.To]
		if starts && ends {
			out.Edges = append(out.Edges, e)
		}
	}
	slices.SortFunc(out.Edges, func(a, b store.Edge) int { return cmp.Compare(a.ID, b.ID) })
	return out, nil
}
