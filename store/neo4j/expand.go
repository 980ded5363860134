package neo4j

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"coopgraph/store"
)

// expandCypher answers a whole tree of steps in one statement. Spliced are the
// subqueries of the tree's top steps and the list of their pages.
const expandCypher = `
UNWIND $from AS id
MATCH (p0:Thing|Internal {id: id})%s
RETURN p0.id, %s AS pages`

// Expand implements store.Reader.
func (s *Store) Expand(ctx context.Context, from []store.ID, tree []store.Step) (map[store.ID][]store.Page[store.Hop], error) {
	statement, err := s.cat.expand(from, tree)
	if err != nil {
		return nil, fmt.Errorf("expand: %w", err)
	}
	rows, err := s.read(ctx, "expand", statement.cypher, statement.values)
	if err != nil {
		return nil, err
	}
	out := make(map[store.ID][]store.Page[store.Hop], len(rows))
	for _, r := range rows {
		id, err := text(r[0])
		if err != nil {
			return nil, err
		}
		if out[store.ID(id)], err = s.cat.pages(store.ID(id), r[1], statement.steps); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// expansion is the statement for a tree of steps, and what is needed to read
// its answer.
type expansion struct {
	cypher string
	values params
	steps  []plannedStep
}

// plannedStep is a step whose names were checked.
type plannedStep struct {
	store.Step
	edge, node projection
	then       []plannedStep
}

// expander renders steps. Each pattern has variables of its own, told apart
// by a number, so that the same tree always gives the same text.
type expander struct {
	c      *catalog
	values params
	number int
}

func (c *catalog) expand(from []store.ID, tree []store.Step) (expansion, error) {
	x := expander{c: c, values: params{"from": idStrings(from)}}
	calls, pages, steps, err := x.steps("p0", tree)
	if err != nil {
		return expansion{}, err
	}
	return expansion{cypher: fmt.Sprintf(expandCypher, calls, pages), values: x.values, steps: steps}, nil
}

// steps renders the steps from one parent: subqueries that bind the parts of
// their pages, and the list of pages put together from these.
func (x *expander) steps(parent string, tree []store.Step) (calls, pages string, planned []plannedStep, err error) {
	list := make([]string, len(tree))
	planned = make([]plannedStep, len(tree))
	for i, st := range tree {
		var call string
		if call, list[i], planned[i], err = x.page(parent, st); err != nil {
			return "", "", nil, err
		}
		calls += call
	}
	return calls, "[" + strings.Join(list, ", ") + "]", planned, nil
}

// vars are the variables of one step: the parent, the node from which its
// legs are followed (with Through one on the way), the edge, the far node and
// the number of edges of Through.
type vars struct{ parent, near, edge, far, steps string }

// page renders a page, [hops, count, counts of the legs], and the subqueries
// that bind its parts.
func (x *expander) page(parent string, st store.Step) (calls, page string, p plannedStep, err error) {
	x.number++
	n := strconv.Itoa(x.number)
	v := vars{parent, parent, "e" + n, "n" + n, "d" + n}
	if st.Through != nil {
		v.near = "m" + n
	}
	p = plannedStep{Step: st}
	q, err := x.question(v, st, &p)
	if err != nil {
		return "", "", p, err
	}
	thens, pages, planned, err := x.steps(v.far, st.Then)
	if err != nil {
		return "", "", p, err
	}
	p.then = planned
	calls = "\nCALL (" + parent + ") {\n" + q.match(st.Legs) + q.once() + q.page() + thens +
		"\nRETURN collect([" + edgeExpr(v.edge, p.edge) + ", " + nodeExpr(v.far, p.node) + ", " + pages + "]) AS h" + n + "\n}"
	count, legs := "-1", "[]"
	if st.Count {
		var call string
		call, count = q.count(st.Legs, "c"+n)
		calls += call
		each := make([]string, len(st.Legs))
		for i, l := range st.Legs {
			if len(st.Legs) == 1 {
				each[i] = count
				break
			}
			call, each[i] = q.count([]store.Leg{l}, "c"+n+"_"+strconv.Itoa(i))
			calls += call
		}
		legs = "[" + strings.Join(each, ", ") + "]"
	}
	return calls, "[h" + n + ", " + count + ", " + legs + "]", p, nil
}

// question is a step in the forms in which its statement needs it.
type question struct {
	c *catalog
	v vars
	// through is the pattern of Through, "" where there is none.
	through       string
	wheres, after []string
	sorted, limit string
}

func (x *expander) question(v vars, st store.Step, p *plannedStep) (question, error) {
	q := question{c: x.c, v: v}
	if len(st.Legs) == 0 {
		return q, fmt.Errorf("%w: a step without legs", store.ErrInvalid)
	}
	legs := st.Legs
	if st.Through != nil {
		legs = append([]store.Leg{*st.Through}, legs...)
		q.through = arrow(st.Through.Dir, "-[:"+x.c.rels[st.Through.Rel]+"*0..16]-")
	}
	for _, l := range legs {
		if _, ok := x.c.rels[l.Rel]; !ok {
			return q, fmt.Errorf("%w: relation %q is not declared", store.ErrInvalid, l.Rel)
		}
		if l.Dir < store.Out || l.Dir > store.Both {
			return q, fmt.Errorf("%w: direction %d", store.ErrInvalid, l.Dir)
		}
	}
	kinds, err := x.c.kindsOf(st.Kinds)
	if err != nil {
		return q, err
	}
	find := x.c.nodeProp(kinds)
	if len(kinds) > 0 {
		q.wheres = append(q.wheres, "("+v.far+":"+labels(kinds)+")")
	}
	edgeConds, err := conds(x.values, v.edge, st.Where, x.c.edgeProp)
	if err != nil {
		return q, err
	}
	nodeConds, err := conds(x.values, v.far, st.Far, find)
	if err != nil {
		return q, err
	}
	q.wheres = append(append(q.wheres, edgeConds...), nodeConds...)
	if p.edge, err = project(st.EdgeProps, x.c.edgeProps, x.c.edgeProp); err != nil {
		return q, err
	}
	if p.node, err = project(st.NodeProps, walked(x.c, kinds), x.c.nodeProp(nil)); err != nil {
		return q, err
	}
	if st.Limit < 0 {
		return q, fmt.Errorf("%w: a limit of %d", store.ErrInvalid, st.Limit)
	}
	if st.Limit > 0 {
		q.limit = "\nLIMIT " + x.values.add(int64(st.Limit)+1)
	}
	return q, x.orderBy(&q, st)
}

// walked gives the properties that hops to nodes of these kinds carry.
func walked(c *catalog, kinds []store.KindDef) map[string]store.Prop {
	if len(kinds) == 0 {
		return c.nodeProps
	}
	props := map[string]store.Prop{}
	for _, k := range kinds {
		for _, p := range k.Props {
			props[p.Name] = c.nodeProps[p.Name]
		}
	}
	return props
}

// orderBy fills the order and what lies after the position in it.
func (x *expander) orderBy(q *question, st store.Step) error {
	type key struct {
		expr string
		prop store.Prop
	}
	var keys []key
	if st.Order != (store.EdgeOrder{}) && !x.c.orders[st.Order] {
		return fmt.Errorf("%w: steps have no order %v", store.ErrInvalid, st.Order)
	}
	if name := st.Order.Edge; name != "" {
		prop, err := x.c.edgeProp(name)
		if err != nil {
			return err
		}
		keys = append(keys, key{q.v.edge + "." + ident(name), prop})
	}
	if name := st.Order.Far; name != "" {
		prop, err := x.c.nodeProp(nil)(name)
		if err != nil {
			return err
		}
		keys = append(keys, key{q.v.far + "." + ident(name), prop})
	}
	id := q.v.edge + ".id"
	if st.After != nil {
		if len(st.After.Keys) != len(keys) {
			return fmt.Errorf("%w: a position of %d keys in an order of %d", store.ErrInvalid, len(st.After.Keys), len(keys))
		}
	}
	var sorted []string
	after := ""
	if st.After != nil {
		after = id + " > " + x.values.add(string(st.After.ID))
	}
	for i := len(keys) - 1; i >= 0; i-- {
		k := keys[i]
		if !k.prop.Sort {
			return fmt.Errorf("%w: %q is no order", store.ErrInvalid, k.prop.Name)
		}
		expr := "coalesce(" + k.expr + ", " + x.values.add(lowest(k.prop)) + ")"
		sorted = append([]string{expr}, sorted...)
		if st.After != nil {
			v, err := sortValue(k.prop, st.After.Keys[i])
			if err != nil {
				return err
			}
			at := x.values.add(v)
			after = "(" + expr + " > " + at + " OR (" + expr + " = " + at + " AND " + after + "))"
		}
	}
	sorted = append(sorted, id)
	if q.through != "" {
		// Met from both of its ends, an edge is two hops.
		sorted = append(sorted, q.v.far+".id")
	}
	q.sorted = strings.Join(sorted, ", ")
	if after != "" {
		q.after = []string{after}
	}
	return nil
}

// match renders the clauses that find edge and far node over these legs, with
// the step's conditions.
func (q question) match(legs []store.Leg) string {
	var clauses strings.Builder
	if q.through != "" {
		// The planner turns the shortest length of paths that are asked for
		// nothing else into a breadth-first search that meets each node once.
		path := "t" + q.v.far
		clauses.WriteString("MATCH " + path + " = (" + q.v.parent + ")" + q.through + "(" + q.v.near + ")\n" +
			"WITH " + q.v.parent + ", " + q.v.near + ", min(length(" + path + ")) AS " + q.v.steps + "\n")
	}
	patterns := q.patterns(legs, q.v.edge, q.v.far)
	if len(patterns) == 1 {
		clauses.WriteString("MATCH " + patterns[0] + where(q.wheres))
		return clauses.String()
	}
	clauses.WriteString("CALL (" + q.v.near + ") {\n")
	for i, p := range patterns {
		if i > 0 {
			clauses.WriteString("\nUNION ALL\n")
		}
		clauses.WriteString("MATCH " + p + "\nRETURN " + q.v.edge + ", " + q.v.far)
	}
	clauses.WriteString("\n}\nWITH *" + where(q.wheres))
	return clauses.String()
}

// patterns renders legs as at most three patterns, one a direction. A
// relation that is followed both ways stands in one of them only, so that an
// edge is met once.
func (q question) patterns(legs []store.Leg, edge, far string) []string {
	dirs := map[store.Rel]store.Dir{}
	var rels []store.Rel
	for _, l := range legs {
		d, ok := dirs[l.Rel]
		switch {
		case !ok:
			rels = append(rels, l.Rel)
			dirs[l.Rel] = l.Dir
		case d != l.Dir:
			dirs[l.Rel] = store.Both
		}
	}
	var out []string
	for _, d := range []store.Dir{store.Out, store.In, store.Both} {
		of := slices.DeleteFunc(slices.Clone(rels), func(r store.Rel) bool { return dirs[r] != d })
		if len(of) > 0 {
			out = append(out, "("+q.v.near+")"+arrow(d, "-["+edge+":"+q.c.types(of)+"]-")+"("+far+")")
		}
	}
	return out
}

func arrow(d store.Dir, pattern string) string {
	switch d {
	case store.In:
		return "<" + pattern
	case store.Both:
		return pattern
	}
	return pattern + ">"
}

// once leaves, behind Through, each far node with the edge that is nearest.
func (q question) once() string {
	if q.through == "" {
		return ""
	}
	return "\nWITH " + q.v.far + ", " + q.v.edge + ", " + q.v.steps +
		"\nORDER BY " + q.v.steps + ", " + q.v.edge + ".id" +
		"\nWITH " + q.v.far + ", collect(" + q.v.edge + ")[0] AS " + q.v.edge
}

// page cuts the page out of the hops found.
func (q question) page() string {
	with := "\nWITH " + q.v.edge + ", " + q.v.far
	return with + where(q.after) + "\nORDER BY " + q.sorted + q.limit
}

// count renders the number of hops over the legs, whatever the position: a
// subquery that binds it to name, or nothing where it is an expression.
func (q question) count(legs []store.Leg, name string) (call, expr string) {
	switch {
	case q.through != "":
		return "\nCALL (" + q.v.parent + ") {\n" + q.match(legs) + "\nRETURN count(DISTINCT " + q.v.far + ") AS " + name + "\n}", name
	case len(q.wheres) > 0:
		return "\nCALL (" + q.v.parent + ") {\n" + q.match(legs) + "\nRETURN count(*) AS " + name + "\n}", name
	}
	// Without conditions the numbers stand with the node.
	var sum []string
	for _, p := range q.patterns(legs, "", "") {
		sum = append(sum, "COUNT { "+p+" }")
	}
	return "", strings.Join(sum, " + ")
}

// pages reads [[hops, count, counts of the legs], …].
func (c *catalog) pages(parent store.ID, v any, steps []plannedStep) ([]store.Page[store.Hop], error) {
	values, err := list(v)
	if err != nil {
		return nil, err
	}
	if len(values) != len(steps) {
		return nil, unexpected("pages", v)
	}
	out := make([]store.Page[store.Hop], len(steps))
	for i, st := range steps {
		if out[i], err = c.hops(values[i], st); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (c *catalog) hops(v any, st plannedStep) (store.Page[store.Hop], error) {
	var out store.Page[store.Hop]
	parts, err := list(v)
	if err != nil {
		return out, err
	}
	if len(parts) != 3 {
		return out, unexpected("page", v)
	}
	rows, err := list(parts[0])
	if err != nil {
		return out, err
	}
	if out.Count, err = integer(parts[1]); err != nil {
		return out, err
	}
	if st.Count {
		legs, err := list(parts[2])
		if err != nil {
			return out, err
		}
		for _, l := range legs {
			n, err := integer(l)
			if err != nil {
				return out, err
			}
			out.Legs = append(out.Legs, n)
		}
	}
	if st.Limit > 0 && len(rows) > st.Limit {
		rows, out.More = rows[:st.Limit], true
	}
	for _, r := range rows {
		row, err := list(r)
		if err != nil {
			return out, err
		}
		if len(row) != 11 {
			return out, unexpected("hop", r)
		}
		var hop store.Hop
		if hop.Edge, err = edge(row, st.edge); err != nil {
			return out, err
		}
		if hop.Node, err = c.node(row[6:], st.node); err != nil {
			return out, err
		}
		if hop.Then, err = c.pages(hop.Node.ID, row[10], st.then); err != nil {
			return out, err
		}
		out.Items = append(out.Items, hop)
	}
	return out, nil
}
