package neo4j

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"coopgraph/store"
)

// Find implements store.Reader.
//
// A page in the order of a property is the union of a branch for each kind,
// which its index of (property, id) gives in order, and one for the nodes
// without the property, which are marked. Where the filter names ids or
// elements of a list that is looked up, those nodes are gathered and sorted.
func (s *Store) Find(ctx context.Context, kinds []store.Kind, f store.Filter, p store.Paging) (store.Page[store.Node], error) {
	statement, values, err := s.cat.find(kinds, f, p)
	if err != nil {
		return store.Page[store.Node]{}, fmt.Errorf("find: %w", err)
	}
	rows, err := s.read(ctx, "find", statement, values)
	if err != nil {
		return store.Page[store.Node]{}, err
	}
	return page(rows, p, func(row []any) (store.Node, error) { return s.cat.node(row, projection{all: true}) })
}

func (c *catalog) find(kinds []store.Kind, f store.Filter, p store.Paging) (string, params, error) {
	if len(kinds) == 0 {
		kinds = c.public
	}
	defs, err := c.kindsOf(kinds)
	if err != nil {
		return "", nil, err
	}
	values := params{}
	list := listing{v: "n", match: func(d string) string { return "MATCH (n:" + d + ")" }, item: nodeExpr("n", projection{all: true})}
	if list.wheres, err = conds(values, "n", f.Conds, c.nodeProp(defs)); err != nil {
		return "", nil, err
	}
	sorted := func(name string) (store.Prop, error) {
		for _, d := range defs {
			if prop, ok := d.Prop(name); ok && prop.Sort {
				return prop, nil
			}
		}
		return c.nodeProp(defs)(name)
	}
	if err := list.order(values, p, sorted); err != nil {
		return "", nil, err
	}
	if f.IDs != nil {
		list.wheres = append(list.wheres, "n.id IN "+values.add(idStrings(f.IDs)))
	}
	keys := c.keysOf(f.Conds)
	switch {
	case keys != nil:
		list.wheres = append(list.wheres, "(n:"+labels(defs)+")")
		list.gather("UNWIND " + values.add(keyQueries(keys)) + " AS q\n" +
			"CALL db.index.fulltext.queryNodes('" + keyIndex + "', q) YIELD node AS n\nWITH DISTINCT n")
	case f.IDs != nil:
		list.gather("MATCH (n:Thing|Internal)\nWHERE n.id IN " + values.add(idStrings(f.IDs)) + " AND (n:" + labels(defs) + ")\nWITH n")
	case p.Order.Prop == "":
		for _, d := range defs {
			list.branch(ident(d.Kind), "")
		}
	default:
		marked := map[string][]store.KindDef{}
		for _, d := range defs {
			if prop, ok := d.Prop(p.Order.Prop); !ok || !prop.Sort {
				list.absentBranch(ident(d.Kind), "")
				continue
			}
			list.branch(ident(d.Kind), p.Order.Prop)
			marked[labelsOf(d)[1]] = append(marked[labelsOf(d)[1]], d)
		}
		for _, label := range []string{thing, internal} {
			if of := marked[label]; of != nil {
				list.absentBranch(label, "n."+ident(absentPrefix+p.Order.Prop)+" = true AND (n:"+labels(of)+")")
			}
		}
	}
	return list.statement(p), values, nil
}

// Edges implements store.Reader.
//
// Edges by id are found by their relations' constraints, or by the full-text
// index over the ids and lookups of edges where many relations are asked about;
// those of a lookup by the latter. Any other order or filter reads the relations
// that are asked about.
func (s *Store) Edges(ctx context.Context, rels []store.Rel, f store.Filter, p store.Paging) (store.Page[store.Edge], error) {
	statement, values, err := s.cat.edges(rels, f, p)
	if err != nil {
		return store.Page[store.Edge]{}, fmt.Errorf("edges: %w", err)
	}
	rows, err := s.read(ctx, "edges", statement, values)
	if err != nil {
		return store.Page[store.Edge]{}, err
	}
	return page(rows, p, func(row []any) (store.Edge, error) { return edge(row, projection{all: true}) })
}

func (c *catalog) edges(rels []store.Rel, f store.Filter, p store.Paging) (string, params, error) {
	rels, err := c.relsOf(rels)
	if err != nil {
		return "", nil, err
	}
	values := params{}
	list := listing{v: "e", match: func(t string) string { return "MATCH ()-[e:" + t + "]->()" }, item: edgeExpr("e", projection{all: true})}
	if list.wheres, err = conds(values, "e", f.Conds, c.edgeProp); err != nil {
		return "", nil, err
	}
	if err := list.order(values, p, c.edgeProp); err != nil {
		return "", nil, err
	}
	if f.IDs != nil {
		list.wheres = append(list.wheres, "e.id IN "+values.add(idStrings(f.IDs)))
	}
	if queries := c.edgeQueries(rels, f); queries != nil {
		source := "UNWIND " + values.add(queries) + " AS q\n" +
			"CALL db.index.fulltext.queryRelationships(" + values.add(c.edgeIndex()) + ", q) YIELD relationship AS e"
		if len(rels) < len(c.schema.Rels) {
			names := make([]string, len(rels))
			for i, r := range rels {
				names[i] = string(r)
			}
			list.wheres = append(list.wheres, "type(e) IN "+values.add(names))
		}
		list.gather(source + "\nWITH e")
		return list.statement(p), values, nil
	}
	for _, r := range rels {
		if p.Order.Prop == "" {
			list.branch(c.rels[r], "")
		} else {
			list.scan(c.rels[r])
		}
	}
	return list.statement(p), values, nil
}

// manyRels is the number of relations from which the full-text index finds an
// id sooner than a constraint for each of them does.
const manyRels = 8

// edgeQueries are those of the full-text index over edges, of which each gives
// edges of its own; nil where it cannot answer, or others do so sooner.
func (c *catalog) edgeQueries(rels []store.Rel, f store.Filter) []string {
	switch {
	case f.IDs == nil:
		if query := c.edgeLookup(f.Conds); query != "" {
			return []string{query}
		}
	case len(rels) >= manyRels:
		return idQueries(idStrings(f.IDs))
	}
	return nil
}

// idQueries asks the index for the edges with the ids, each of which is given
// once.
func idQueries(ids []string) []string {
	queries := []string{}
	for chunk := range slices.Chunk(ids, maxClauses) {
		queries = append(queries, lookup("id", chunk))
	}
	return queries
}

// edgeLookup renders the first condition that the full-text index over the
// lookups of edges can answer; "" where there is none.
func (c *catalog) edgeLookup(cs []store.Cond) string {
	for _, cond := range cs {
		p := c.edgeProps[cond.Prop]
		if !p.Lookup || (p.Type != store.Strings && p.Type != store.String) ||
			cond.Op != store.Any || cond.OrAbsent || len(cond.Values) == 0 || len(cond.Values) > maxClauses {
			continue
		}
		var values []string
		for _, v := range cond.Values {
			if s, ok := v.(string); ok {
				values = append(values, s)
			}
		}
		return lookup(p.Name, values)
	}
	return ""
}

// lookup renders a query of the full-text index over edges.
func lookup(field string, values []string) string {
	terms := make([]string, len(values))
	for i, v := range values {
		terms[i] = phrase(v)
	}
	return field + ":(" + strings.Join(terms, " ") + ")"
}

// listing puts a page of an ordered list together from branches, each of
// which gives its part of the list in order.
type listing struct {
	// v is the item's variable, match what finds it by a label or type, item
	// what is returned of it.
	v     string
	match func(name string) string
	item  string
	// wheres are the filter's conditions.
	wheres []string

	key, desc string
	keyProp   store.Prop
	// keyExpr is the sort key, bottom what stands for an absent one; afterKey
	// and afterID are the position.
	keyExpr, bottom   string
	afterKey, afterID string
	bottomPassed      bool
	limit             string
	branches          []string
	counts            []string
}

func (l *listing) order(values params, p store.Paging, find func(string) (store.Prop, error)) error {
	if p.Limit < 0 {
		return fmt.Errorf("%w: a limit of %d", store.ErrInvalid, p.Limit)
	}
	if p.Order.Desc {
		l.desc = " DESC"
	}
	if p.Limit > 0 {
		l.limit = "\nLIMIT " + values.add(int64(p.Limit)+1)
	}
	keys := 0
	if p.Order.Prop != "" {
		keys = 1
		prop, err := find(p.Order.Prop)
		if err != nil {
			return err
		}
		if !prop.Sort {
			return fmt.Errorf("%w: %q is no order", store.ErrInvalid, p.Order.Prop)
		}
		l.keyProp, l.key = prop, l.v+"."+ident(prop.Name)
		l.bottom = values.add(lowest(prop))
		l.keyExpr = "coalesce(" + l.key + ", " + l.bottom + ")"
	}
	if p.After == nil {
		return nil
	}
	if len(p.After.Keys) != keys {
		return fmt.Errorf("%w: a position of %d keys in an order of %d", store.ErrInvalid, len(p.After.Keys), keys)
	}
	l.afterID = values.add(string(p.After.ID))
	if keys == 1 {
		v, err := sortValue(l.keyProp, p.After.Keys[0])
		if err != nil {
			return err
		}
		l.afterKey = values.add(v)
		// Ascending, whatever is absent lies before a position with a key.
		l.bottomPassed = p.After.Keys[0] != "" && !p.Order.Desc
	}
	return nil
}

// beyond is the comparison that holds for what lies after the position.
func (l *listing) beyond() string {
	if l.desc != "" {
		return " < "
	}
	return " > "
}

// after is the condition that an item lies after the position, by this key.
func (l *listing) after(key string) []string {
	switch {
	case l.afterID == "":
		return nil
	case key == "":
		return []string{l.v + ".id" + l.beyond() + l.afterID}
	}
	op := l.beyond()
	// The first part bounds the index, the second the ties.
	return []string{
		key + strings.TrimSuffix(op, " ") + "= " + l.afterKey,
		"(" + key + op + l.afterKey + " OR " + l.v + ".id" + op + l.afterID + ")",
	}
}

func where(conds []string) string {
	if len(conds) == 0 {
		return ""
	}
	return "\nWHERE " + strings.Join(conds, "\n  AND ")
}

// branch adds the items of a label or type in the order of their index: of
// (prop, id), or of id where prop is "". Counted are also those without prop.
func (l *listing) branch(name, prop string) {
	l.count(l.match(name), "")
	if prop == "" {
		l.add(l.match(name), nil, l.after(""), "''", "")
		return
	}
	l.add(l.match(name), []string{l.key + " IS NOT NULL"}, l.after(l.key), l.key, l.key+l.desc+", ")
}

// absentBranch adds the items of a label that have no value to sort by; marked
// tells them from those that have one, where some have.
func (l *listing) absentBranch(name, marked string) {
	var bound, after []string
	if marked == "" {
		l.count(l.match(name), "")
	} else {
		bound = []string{marked}
	}
	switch {
	case l.bottomPassed:
		return
	case l.afterID == "":
	case l.desc == "":
		after = []string{l.v + ".id > " + l.afterID}
	default:
		// After a key, every absent value is still to come.
		after = []string{"(" + l.afterKey + " > " + l.bottom + " OR " + l.v + ".id < " + l.afterID + ")"}
	}
	l.add(l.match(name), bound, after, l.bottom, "")
}

// scan adds the items of a type, sorted.
func (l *listing) scan(name string) { l.sorted(l.match(name), "") }

// gather adds items that a source finds by other means, sorted.
func (l *listing) gather(source string) { l.sorted(source, "\nRETURN "+l.v) }

func (l *listing) sorted(source, end string) {
	l.count(source, end)
	if l.key == "" {
		l.add(source, nil, l.after(""), "''", "")
		return
	}
	l.add(source, nil, l.after(l.keyExpr), l.keyExpr, "k"+l.desc+", ")
}

// count adds what source finds and the filter lets pass to the count; end ends
// a source that is more than a pattern.
func (l *listing) count(source, end string) {
	l.counts = append(l.counts, "COUNT {\n"+source+where(l.wheres)+end+"\n}")
}

// add adds a branch: what source finds and the filter, bound and after let
// pass, by key.
func (l *listing) add(source string, bound, after []string, key, by string) {
	// Without a predicate on each column the planner takes no order from an
	// index.
	bound = append(slices.Clip(bound), l.v+".id IS NOT NULL")
	l.branches = append(l.branches, source+where(slices.Concat(bound, l.wheres, after))+
		"\nWITH "+l.v+", "+key+" AS k"+
		"\nORDER BY "+by+l.v+".id"+l.desc+l.limit+
		"\nRETURN "+l.v+", k")
}

// statement returns one row: the list of items and the count, -1 where it was
// not asked for.
func (l *listing) statement(p store.Paging) string {
	by := ""
	if l.key != "" {
		by = "k" + l.desc + ", "
	}
	count := "-1"
	if p.Count {
		count = "0"
		if len(l.counts) > 0 {
			count = strings.Join(l.counts, " + ")
		}
	}
	items := "[]"
	if len(l.branches) > 0 {
		items = "COLLECT {\nCALL () {\n" + strings.Join(l.branches, "\nUNION ALL\n") + "\n}" +
			"\nWITH " + l.v + ", k" +
			"\nORDER BY " + by + l.v + ".id" + l.desc + l.limit +
			"\nRETURN [" + l.item + "]\n}"
	}
	return "RETURN " + items + " AS items, " + count + " AS total"
}

// page reads what statement returns.
func page[T any](rows [][]any, p store.Paging, read func([]any) (T, error)) (store.Page[T], error) {
	if len(rows) != 1 {
		return store.Page[T]{}, unexpected("page", rows)
	}
	items, err := list(rows[0][0])
	if err != nil {
		return store.Page[T]{}, err
	}
	out := store.Page[T]{}
	if out.Count, err = integer(rows[0][1]); err != nil {
		return store.Page[T]{}, err
	}
	if p.Limit > 0 && len(items) > p.Limit {
		items, out.More = items[:p.Limit], true
	}
	for _, x := range items {
		row, err := list(x)
		if err != nil {
			return store.Page[T]{}, err
		}
		item, err := read(row)
		if err != nil {
			return store.Page[T]{}, err
		}
		out.Items = append(out.Items, item)
	}
	return out, nil
}
