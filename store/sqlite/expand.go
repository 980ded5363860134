package sqlite

import (
	"cmp"
	"context"
	"database/sql/driver"
	"fmt"
	"slices"
	"strings"

	"coopgraph/store"
)

const (
	selectParents = `
SELECT n.id, n.n, n.legs
FROM json_each(?) i
CROSS JOIN node n ON n.id = i.value`

	farNode = `
CROSS JOIN node n ON n.n = h.far`

	farBody = `
CROSS JOIN body b ON b.n = h.far`
)

// parent is a node that a step is asked of.
type parent struct {
	n    int64
	id   store.ID
	legs legCounts
}

// A list of nodes and legs goes to a statement as numbers, each n<<legBits|leg.
const (
	legBits  = 20
	pairNode = "p.value >> 20"
	pairLeg  = "p.value & 1048575"
)

func pair(n, leg int64) int64 { return n<<legBits | leg }

// link is a hop with what orders it.
type link struct {
	hop  store.Hop
	n    int64 // the far node
	leg  int64
	keys [2]string
	// depth is the number of steps of Through before it.
	depth int
}

// Expand walks the tree level by level: the pages of a step are asked once for
// all its parents, and a node met twice on a level shares its pages.
func (s *Store) Expand(ctx context.Context, from []store.ID, tree []store.Step) (map[store.ID][]store.Page[store.Hop], error) {
	out := make(map[store.ID][]store.Page[store.Hop], len(from))
	plans, err := s.plan(tree)
	if err != nil {
		return nil, err
	}
	if len(from) == 0 {
		return out, ctx.Err()
	}
	err = s.read(ctx, func(c *conn) error {
		var parents []parent
		err := c.query(ctx, selectParents, []any{jsonIDs(from)}, func(row []driver.Value) error {
			id := store.ID(text(row[0]))
			if _, ok := out[id]; ok {
				return nil
			}
			out[id] = nil
			legs, err := decodeLegs(text(row[2]))
			parents = append(parents, parent{integer(row[1]), id, legs})
			return err
		})
		if err != nil {
			return err
		}
		pages, err := expandTree(ctx, c, plans, parents)
		if err != nil {
			return err
		}
		for _, p := range parents {
			out[p.id] = pages[p.n]
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("expand from %d nodes: %w", len(from), err)
	}
	return out, nil
}

func expandTree(ctx context.Context, c *conn, plans []*plan, parents []parent) (map[int64][]store.Page[store.Hop], error) {
	out := make(map[int64][]store.Page[store.Hop], len(parents))
	for _, p := range parents {
		out[p.n] = make([]store.Page[store.Hop], 0, len(plans))
	}
	for _, pl := range plans {
		pages, err := pl.pages(ctx, c, parents)
		if err != nil {
			return nil, err
		}
		if len(pl.then) > 0 {
			if err := pl.expandFar(ctx, c, pages); err != nil {
				return nil, err
			}
		}
		for _, p := range parents {
			out[p.n] = append(out[p.n], pages[p.n].render())
		}
	}
	return out, nil
}

// expandFar answers the step's Then for the far nodes of its pages.
func (p *plan) expandFar(ctx context.Context, c *conn, pages map[int64]*linkPage) error {
	var far []parent
	seen := map[int64]bool{}
	for _, page := range pages {
		for i := range page.links {
			if l := &page.links[i]; !seen[l.n] {
				seen[l.n] = true
				far = append(far, parent{n: l.n, id: l.hop.Node.ID})
			}
		}
	}
	slices.SortFunc(far, func(a, b parent) int { return cmp.Compare(a.n, b.n) })
	if err := readLegs(ctx, c, far); err != nil {
		return err
	}
	then, err := expandTree(ctx, c, p.then, far)
	if err != nil {
		return err
	}
	for _, page := range pages {
		for i := range page.links {
			page.links[i].hop.Then = then[page.links[i].n]
		}
	}
	return nil
}

// linkPage is a page before its internal numbers are dropped.
type linkPage struct {
	links []link
	more  bool
	count int64
	legs  []int64
}

func (p *linkPage) render() store.Page[store.Hop] {
	out := store.Page[store.Hop]{Items: make([]store.Hop, len(p.links)), More: p.more, Count: p.count, Legs: p.legs}
	for i := range p.links {
		out.Items[i] = p.links[i].hop
	}
	return out
}

// plan is a step made ready: checked, with its statements.
type plan struct {
	*layout
	step     store.Step
	legs     []int64   // distinct
	stepLegs [][]int64 // those of each of the step's legs
	through  []int64
	edge     projection
	node     projection
	// one asks for the hops of one parent on one leg, in order, and hub does so
	// where an index has that order; many for those of many parents and legs,
	// manyAll whatever the position; count for the numbers of hops, and of
	// those that lead back to the parent, in one sum.
	one, hub, many, manyAll, count string
	where                          clause // of all, after parent and leg
	after                          []any  // the position's arguments
	then                           []*plan
}

func (l *layout) plan(tree []store.Step) ([]*plan, error) {
	plans := make([]*plan, len(tree))
	for i, step := range tree {
		p, err := l.planStep(step)
		if err != nil {
			return nil, fmt.Errorf("step %d: %w", i, err)
		}
		plans[i] = p
	}
	return plans, nil
}

func (l *layout) planStep(step store.Step) (*plan, error) {
	p := &plan{layout: l, step: step}
	for _, g := range step.Legs {
		codes, err := l.legsOf(g)
		if err != nil {
			return nil, err
		}
		p.stepLegs = append(p.stepLegs, codes)
		p.legs = append(p.legs, codes...)
	}
	slices.Sort(p.legs)
	p.legs = slices.Compact(p.legs)
	var err error
	if step.Through != nil {
		if p.through, err = l.legsOf(*step.Through); err != nil {
			return nil, err
		}
	}
	if !l.ownsOrder(step.Order) {
		return nil, invalid("edge order %v is not declared", step.Order)
	}
	if step.Limit < 0 {
		return nil, invalid("a limit of %d", step.Limit)
	}
	if p.node, err = l.nodeProjection(step.NodeProps); err != nil {
		return nil, err
	}
	if p.edge, err = l.edgeProjection(step.EdgeProps); err != nil {
		return nil, err
	}
	if err := p.statements(); err != nil {
		return nil, err
	}
	if p.then, err = l.plan(step.Then); err != nil {
		return nil, err
	}
	return p, nil
}

// statements writes the step's statements.
func (p *plan) statements() error {
	joinEdge := p.edge.stored
	for _, cond := range p.step.Where {
		r, stored, err := p.edgeRef(cond.Prop, "e", "h")
		if err != nil {
			return err
		}
		joinEdge = joinEdge || stored
		if err := p.where.cond(cond, r); err != nil {
			return err
		}
	}
	kinds, err := p.farKinds()
	if err != nil {
		return err
	}
	if len(p.step.Kinds) > 0 {
		p.where.and("n.kind IN (" + joinInts(codes(kinds)) + ")")
	}
	for _, cond := range p.step.Far {
		r, err := p.nodeRef(cond.Prop, kinds)
		if err != nil {
			return err
		}
		if err := p.where.cond(cond, r); err != nil {
			return err
		}
	}
	order, indexed := p.orderColumns()
	after, afterIndexed := "", ""
	if a := p.step.After; a != nil {
		if len(a.Keys) != len(order)-1 {
			return invalid("a position with %d keys in an order with %d", len(a.Keys), len(order)-1)
		}
		for _, k := range a.Keys {
			p.after = append(p.after, k)
		}
		p.after = append(p.after, string(a.ID))
		marks := ") > (" + strings.TrimSuffix(strings.Repeat("?, ", len(order)), ", ") + ")"
		after = "\n  AND (" + strings.Join(order, ", ") + marks
		afterIndexed = "\n  AND (" + strings.Join(indexed, ", ") + marks
	}
	cols := "h.leg, h.id, h.version, h.far, n.id, n.kind, n.version"
	for i := range 2 {
		if i < len(order)-1 {
			cols += ", " + order[i]
		} else {
			cols += ", NULL"
		}
	}
	for _, w := range p.edgeWalk {
		cols += ", h.p_" + w.Name
	}
	for _, w := range p.nodeWalk {
		cols += ", n.p_" + w
	}
	joins := farNode
	if joinEdge {
		joins += "\nCROSS JOIN edge e ON e.e = h.e"
	}
	cols += pick(p.edge.stored, ", e.props", ", NULL") + pick(p.node.stored, ", "+bodyProps, ", NULL")
	where := p.where.sql.String()
	bodyConds := strings.Contains(where, bodyProps)
	counted := joins
	if !strings.Contains(where, "n.") && !bodyConds {
		counted = strings.ReplaceAll(joins, farNode, "")
	}
	if bodyConds {
		counted += farBody
	}
	if bodyConds || p.node.stored {
		joins += farBody
	}
	// The node is not selected as ?1: SQLite compares a parameter in the list
	// of results with its literals, and would prepare the statement anew for
	// each value.
	one := "\nSELECT h.node, " + cols + "\nFROM hop h" + joins + "\nWHERE h.node = ?1\n  AND h.leg = ?2" + where
	p.one = one + after + "\nORDER BY " + strings.Join(order, ", ") + "\nLIMIT 0 + ?"
	p.hub = p.one
	if p.step.Order != p.clusterOrder() && slices.Contains(p.schema.EdgeOrders, p.step.Order) {
		p.hub = one + "\n  AND h.hub IS NOT NULL" + afterIndexed + "\nORDER BY " + strings.Join(indexed, ", ") + "\nLIMIT 0 + ?"
	}
	p.manyAll = "\nSELECT h.node, " + cols + "\nFROM json_each(?1) p\nCROSS JOIN hop h ON h.node = " + pairNode + " AND h.leg = " + pairLeg + joins +
		"\nWHERE 1" + where
	p.many = p.manyAll + after
	p.count = "\nSELECT p.value, (\nSELECT (count(*) << 32) + coalesce(sum(h.far = h.node), 0)\nFROM hop h" + counted +
		"\nWHERE h.node = " + pairNode + "\n  AND h.leg = " + pairLeg + where + ")\nFROM json_each(?) p"
	return nil
}

// orderColumns gives the columns that sort the step's hops, and those that sort
// them in the index of a hub's leg.
func (p *plan) orderColumns() (order, indexed []string) {
	for _, col := range p.hopOrder(p.step.Order) {
		indexed = append(indexed, "h."+col)
		if far, ok := strings.CutPrefix(col, "f_"); ok {
			order = append(order, "coalesce(n.s_"+far+", '')")
		} else {
			order = append(order, "h."+col)
		}
	}
	return order, indexed
}

func pick(ok bool, yes, no string) string {
	if ok {
		return yes
	}
	return no
}

// farKinds gives the kinds that a far node may be of.
func (p *plan) farKinds() ([]*kind, error) {
	if len(p.step.Kinds) > 0 {
		return p.kindList(p.step.Kinds)
	}
	list := make([]*kind, 0, len(p.kinds))
	for _, d := range p.schema.Kinds {
		list = append(list, p.kinds[d.Kind])
	}
	return list, nil
}

// pages answers the step for its parents.
func (p *plan) pages(ctx context.Context, c *conn, parents []parent) (map[int64]*linkPage, error) {
	if p.through != nil {
		return p.throughPages(ctx, c, parents)
	}
	out := make(map[int64]*linkPage, len(parents))
	ids := make(map[int64]store.ID, len(parents))
	for _, q := range parents {
		out[q.n] = &linkPage{links: make([]link, 0, p.most(q)), count: -1}
		ids[q.n] = q.id
	}
	hubs, err := p.read(ctx, c, parents, func(n int64, l link) {
		out[n].links = append(out[n].links, l)
	}, ids)
	if err != nil {
		return nil, err
	}
	var parted []parent
	for _, q := range parents {
		page := out[q.n]
		sortLinks(page.links)
		page.links = slices.CompactFunc(page.links, func(a, b link) bool { return a.hop.Edge.ID == b.hop.Edge.ID })
		switch whole := !hubs[q.n] && p.step.After == nil; {
		case p.step.Count && whole:
			p.countLinks(page)
		case p.step.Count:
			parted = append(parted, q)
		}
		if p.step.Limit > 0 && len(page.links) > p.step.Limit {
			page.links, page.more = page.links[:p.step.Limit], true
		}
	}
	return out, p.countHops(ctx, c, parted, out)
}

func sortLinks(links []link) {
	slices.SortFunc(links, func(a, b link) int {
		for i, k := range a.keys {
			if d := strings.Compare(k, b.keys[i]); d != 0 {
				return d
			}
		}
		// With Through an edge may lead to both its ends.
		return cmp.Or(
			cmp.Compare(a.hop.Edge.ID, b.hop.Edge.ID),
			cmp.Compare(a.hop.Node.ID, b.hop.Node.ID),
			cmp.Compare(a.leg, b.leg))
	})
}

// most is the greatest number of hops that are read for a parent.
func (p *plan) most(q parent) (n int64) {
	for _, l := range q.legs {
		if _, ok := slices.BinarySearch(p.legs, l.leg); !ok {
			continue
		}
		if limit := int64(p.step.Limit); limit > 0 {
			n += min(l.hops, limit+1)
		} else {
			n += l.hops
		}
	}
	return n
}

// read gives the hops of the parents. What a parent has on a leg on which it
// has at most Limit hops is read together with what the others have; a hub by
// a statement of its own, which stops after Limit. It says which parents were
// such hubs.
func (p *plan) read(ctx context.Context, c *conn, parents []parent, add func(int64, link), ids map[int64]store.ID) (map[int64]bool, error) {
	hubs := map[int64]bool{}
	var small []int64
	var large []largeLeg
	for _, q := range parents {
		for _, l := range q.legs {
			if _, ok := slices.BinarySearch(p.legs, l.leg); !ok {
				continue
			}
			if p.step.Limit > 0 && l.hops > int64(p.step.Limit) {
				query := p.one
				if l.hops > p.hubHops {
					query = p.hub
				}
				large = append(large, largeLeg{q.n, l.leg, query})
				hubs[q.n] = true
			} else {
				small = append(small, pair(q.n, l.leg))
			}
		}
	}
	row := func(row []driver.Value) error {
		n := integer(row[0])
		l, err := p.scan(row[1:], ids[n])
		add(n, l)
		return err
	}
	tail := append(slices.Clip(p.where.args), p.after...)
	if len(small) > 0 {
		slices.Sort(small)
		if err := c.query(ctx, p.many, append([]any{jsonInts(small)}, tail...), row); err != nil {
			return nil, err
		}
	}
	for _, l := range large {
		args := append(append([]any{l.node, l.leg}, tail...), int64(p.step.Limit)+1)
		if err := c.query(ctx, l.query, args, row); err != nil {
			return nil, err
		}
	}
	return hubs, nil
}

// largeLeg is a leg of which only the first hops are read.
type largeLeg struct {
	node, leg int64
	query     string
}

// scan reads a hop; from is its near end.
func (p *plan) scan(row []driver.Value, from store.ID) (l link, err error) {
	l.leg, l.n = integer(row[0]), integer(row[3])
	l.keys = [2]string{text(row[7]), text(row[8])}
	far, k := store.ID(text(row[4])), p.kindOf(integer(row[5]))
	e := store.Edge{ID: store.ID(text(row[1])), Rel: p.relCodes[l.leg/2], From: from, To: far, Version: integer(row[2])}
	if l.leg%2 == 1 {
		e.From, e.To = far, from
	}
	rest := row[9:]
	walk, rest := rest[:len(p.edgeWalk)], rest[len(p.edgeWalk):]
	if p.edge.stored {
		e.Props, err = p.edges.decode(text(rest[len(p.nodeWalk)]), p.edge.want)
	} else {
		e.Props, err = walkProps(p.edgeWalk, walk)
	}
	if err != nil {
		return l, err
	}
	n := store.Node{ID: far, Kind: k.name, Version: integer(row[6])}
	if p.node.stored {
		n.Props, err = k.decode(text(rest[len(p.nodeWalk)+1]), p.node.want)
	} else {
		n.Props, err = k.walkProps(p.nodeWalk, rest)
	}
	l.hop = store.Hop{Edge: e, Node: n}
	return l, err
}

// walkProps reads the walk properties of an edge from their columns.
func walkProps(declared []store.Prop, row []driver.Value) (store.Props, error) {
	size := 0
	for _, v := range row {
		if v != nil {
			size++
		}
	}
	props := make(store.Props, size)
	for i, p := range declared {
		if row[i] == nil {
			continue
		}
		v, err := fromColumn(row[i], p.Type)
		if err != nil {
			return nil, err
		}
		props[p.Name] = v
	}
	return props, nil
}

// walkProps reads those of a node.
func (k *kind) walkProps(names []string, row []driver.Value) (store.Props, error) {
	var props store.Props
	for i, name := range names {
		if row[i] == nil {
			continue
		}
		v, err := fromColumn(row[i], k.types[name].Type)
		if err != nil {
			return nil, err
		}
		if props == nil {
			props = store.Props{}
		}
		props[name] = v
	}
	return props, nil
}

// countLinks counts a page that holds every hop.
func (p *plan) countLinks(page *linkPage) {
	page.count = int64(len(page.links))
	page.legs = make([]int64, len(p.stepLegs))
	for i := range page.links {
		l := &page.links[i]
		loop := l.hop.Edge.From == l.hop.Edge.To
		for j, legs := range p.stepLegs {
			if slices.ContainsFunc(legs, func(g int64) bool { return g == l.leg || (loop && g/2 == l.leg/2) }) {
				page.legs[j]++
			}
		}
	}
}

// countHops counts the hops of parents in the database.
func (p *plan) countHops(ctx context.Context, c *conn, parents []parent, pages map[int64]*linkPage) error {
	if len(parents) == 0 {
		return nil
	}
	var pairs []int64
	for _, q := range parents {
		for _, l := range q.legs {
			if _, ok := slices.BinarySearch(p.legs, l.leg); ok {
				pairs = append(pairs, pair(q.n, l.leg))
			}
		}
	}
	slices.Sort(pairs)
	type tally struct{ hops, loops int64 }
	tallies := make(map[int64]tally, len(pairs))
	err := c.query(ctx, p.count, append(slices.Clip(p.where.args), jsonInts(pairs)), func(row []driver.Value) error {
		sum := integer(row[1])
		tallies[integer(row[0])] = tally{sum >> 32, sum & 0xffffffff}
		return nil
	})
	if err != nil {
		return err
	}
	for _, q := range parents {
		// A leg and its reverse both count an edge from the node to itself.
		sum := func(legs []int64) (total int64) {
			for _, g := range legs {
				t := tallies[pair(q.n, g)]
				total += t.hops
				if g%2 == 1 && slices.Contains(legs, g-1) {
					total -= t.loops
				}
			}
			return total
		}
		page := pages[q.n]
		page.count = sum(p.legs)
		page.legs = make([]int64, len(p.stepLegs))
		for i, legs := range p.stepLegs {
			page.legs[i] = sum(legs)
		}
	}
	return nil
}
