package sqlite

import (
	"context"
	"database/sql/driver"
	"slices"
	"strings"

	"coopgraph/store"
)

// A list is read a kind (or relation) at a time, each from the index that has
// its order, and merged: the first page of several kinds reads a page of each.

const (
	findColumns = `
SELECT n.id, n.kind, n.version, b.props, `

	nodeBody = `
CROSS JOIN body b ON b.n = n.n`

	edgeColumns = `
SELECT e.id, e.rel, e.version, e.props, a.id, b.id, `

	edgeEnds = `
CROSS JOIN node a ON a.n = e.src
CROSS JOIN node b ON b.n = e.dst`

	countLookup = `
SELECT count(*)
FROM (
  SELECT 1
  FROM lookup
  WHERE prop = ?
    AND value IN (SELECT value FROM json_each(?))
  LIMIT 0 + ?
)`

	selectLookup = `
SELECT prop, item
FROM lookup
WHERE prop IN (SELECT value FROM json_each(?))
  AND value IN (SELECT value FROM json_each(?))
LIMIT 0 + ?`
)

// fewMatches is the number of matches of a lookup up to which reading and
// sorting them is cheaper than filtering the list in its order.
const fewMatches = 2000

// manyMatches is the number of matches up to which a page in the order of ids is
// cut from the ids of all of them: filtering the list takes a hundred times as
// long a node.
const manyMatches = 50_000

// keyed is a row of a list with its sort key.
type keyed[T any] struct {
	item T
	key  string
	id   store.ID
}

// Find lists nodes.
func (s *Store) Find(ctx context.Context, names []store.Kind, f store.Filter, p store.Paging) (store.Page[store.Node], error) {
	page := store.Page[store.Node]{Count: -1}
	kinds, err := s.kindList(names)
	if err != nil {
		return page, err
	}
	if err := s.checkFind(kinds, f, p); err != nil {
		return page, err
	}
	var rows []keyed[store.Node]
	count := int64(0)
	err = s.read(ctx, func(c *conn) error {
		m, err := s.matches(ctx, c, kinds, f, p)
		if err != nil {
			return err
		}
		for _, k := range kinds {
			q := list{order: p.Order, id: "n.id", page: p}
			some, err := s.nodeSource(ctx, c, &q, k, f, m)
			if err != nil {
				return err
			}
			if !some {
				continue
			}
			err = q.read(ctx, c, findColumns, nodeBody, func(row []driver.Value) error {
				n, err := s.scanNode(row)
				rows = append(rows, keyed[store.Node]{n, text(row[4]), n.ID})
				return err
			}, &count)
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return page, err
	}
	page.Items, page.More = cut(rows, p)
	if p.Count {
		page.Count = count
	}
	return page, nil
}

// checkFind makes sure that the kinds together declare what is asked about.
func (s *Store) checkFind(kinds []*kind, f store.Filter, p store.Paging) error {
	if err := checkPaging(p); err != nil {
		return err
	}
	if p.Order.Prop != "" && !slices.ContainsFunc(kinds, func(k *kind) bool { return k.types[p.Order.Prop].Sort }) {
		return invalid("no kind sorts by %q", p.Order.Prop)
	}
	for _, c := range f.Conds {
		r, err := s.nodeRef(c.Prop, kinds)
		if err != nil {
			return err
		}
		if err := new(clause).cond(c, r); err != nil {
			return err
		}
	}
	return nil
}

func checkPaging(p store.Paging) error {
	keys := 0
	if p.Order.Prop != "" {
		keys = 1
	}
	if p.After != nil && len(p.After.Keys) != keys {
		return invalid("a position with %d keys in an order with %d", len(p.After.Keys), keys)
	}
	if p.Limit < 0 {
		return invalid("a limit of %d", p.Limit)
	}
	return nil
}

// list is a statement that reads one kind's or relation's part of a list.
type list struct {
	from  string // its arguments are the first of where's
	where clause
	order store.Order
	key   string // the sort key, "''" where there is none
	id    string
	page  store.Paging
}

func (q *list) read(ctx context.Context, c *conn, columns, joins string, row func([]driver.Value) error, count *int64) error {
	if q.page.Count {
		where := q.where.sql.String()
		if strings.Contains(where, bodyProps) {
			where = nodeBody + "\nWHERE 1" + where
		} else {
			where = "\nWHERE 1" + where
		}
		v, err := c.value(ctx, "\nSELECT count(*)"+q.from+where, q.where.args...)
		if err != nil {
			return err
		}
		*count += integer(v)
	}
	dir, after := "", ">"
	if q.order.Desc {
		dir, after = " DESC", "<"
	}
	sort := q.id + dir
	if q.key != "''" {
		sort = q.key + dir + ", " + sort
	}
	where, args := q.where.sql.String(), q.where.args
	if a := q.page.After; a != nil {
		if q.order.Prop == "" {
			where += "\n  AND " + q.id + " " + after + " ?"
			args = append(args, string(a.ID))
		} else {
			where += "\n  AND (" + q.key + ", " + q.id + ") " + after + " (?, ?)"
			args = append(args, a.Keys[0], string(a.ID))
		}
	}
	query := columns + q.key + q.from + joins + "\nWHERE 1" + where
	if q.page.Limit > 0 { // a whole list is sorted when its parts are merged
		query += "\nORDER BY " + sort + "\nLIMIT 0 + ?"
		args = append(args, int64(q.page.Limit)+1)
	}
	return c.queryLong(ctx, query, args, row)
}

// nodeSource says where the nodes of a kind come from: the ids, the matches of
// a selective lookup, or the index of the order. It is false where the kind
// does not declare a property that must be there.
func (s *Store) nodeSource(ctx context.Context, c *conn, q *list, k *kind, f store.Filter, m *matches) (some bool, err error) {
	q.key = "''"
	if k.types[q.order.Prop].Sort {
		q.key = "n.s_" + q.order.Prop
	}
	one := []*kind{k}
	drive := -1
	switch {
	case f.IDs != nil:
	case m != nil:
		drive = m.cond
	default:
		drive, err = selective(ctx, c, f.Conds, q.page, func(name string) (int64, bool) {
			code, ok := k.keys[name]
			return code, ok
		})
		if err != nil {
			return false, err
		}
	}
	switch {
	case f.IDs != nil:
		q.from = "\nFROM (SELECT DISTINCT value FROM json_each(?)) i\nCROSS JOIN node n ON n.id = i.value"
		q.where.args = append(q.where.args, jsonIDs(f.IDs))
	case m != nil:
		items := m.of(k)
		if len(items) == 0 {
			return false, nil
		}
		q.from = "\nFROM json_each(?) i\nCROSS JOIN node n ON n.n = i.value"
		q.where.args = append(q.where.args, jsonInts(items))
	case drive >= 0:
		if err := q.lookups(f.Conds[drive], k.keys[f.Conds[drive].Prop], "node n ON n.n"); err != nil {
			return false, err
		}
	default:
		q.from = "\nFROM node n"
		if q.key != "''" {
			q.where.and(q.key + " IS NOT NULL")
		}
	}
	q.where.and("n.kind = ?", k.code)
	for i, cond := range f.Conds {
		if i == drive {
			continue
		}
		if _, declared := k.types[cond.Prop]; !declared {
			if cond.Op != store.None && !cond.OrAbsent {
				return false, nil
			}
			continue
		}
		r, err := s.nodeRef(cond.Prop, one)
		if err != nil {
			return false, err
		}
		if err := q.where.cond(cond, r); err != nil {
			return false, err
		}
	}
	return true, nil
}

// matches are the nodes that one condition on lookups lets through.
type matches struct {
	cond  int // its place
	prop  string
	items map[int64][]int64 // by the property's number
}

// of gives the kind's matches, each once.
func (m *matches) of(k *kind) []int64 {
	code, ok := k.keys[m.prop]
	if !ok {
		return nil
	}
	items := m.items[code]
	slices.Sort(items)
	return slices.Compact(items)
}

// matches looks up the nodes of all the kinds at once where one condition alone
// says which they are: most values have none in most kinds. It is nil where
// there is no such condition, or so many matches that following the order may
// be the better way to a page.
func (s *Store) matches(ctx context.Context, c *conn, kinds []*kind, f store.Filter, p store.Paging) (*matches, error) {
	m := &matches{cond: -1, items: map[int64][]int64{}}
	var codes []int64
	for i, cond := range f.Conds {
		in := codesOf(kinds, cond.Prop)
		if cond.Op != store.Any || cond.OrAbsent || len(in) == 0 {
			continue
		}
		if m.cond >= 0 {
			return nil, nil //nolint:nilnil // the conditions are weighed against each other
		}
		m.cond, m.prop, codes = i, cond.Prop, in
	}
	if f.IDs != nil || m.cond < 0 {
		return nil, nil //nolint:nilnil // there is nothing to look up
	}
	values, err := lookupValues(f.Conds[m.cond])
	if err != nil {
		return nil, err
	}
	most, n := fewMatches, 0
	narrowed := p.Order.Prop == "" && !p.Count && len(f.Conds) == 1
	if narrowed {
		most = manyMatches
	}
	limit := int64(-1)
	if p.Limit > 0 {
		limit = int64(most) + 1
	}
	err = c.queryLong(ctx, selectLookup, []any{jsonInts(codes), values, limit}, func(row []driver.Value) error {
		n++
		m.items[integer(row[0])] = append(m.items[integer(row[0])], integer(row[1]))
		return nil
	})
	if err != nil || limit > 0 && n > most {
		return nil, err
	}
	if limit > 0 && n > fewMatches {
		err = m.narrow(ctx, c, p)
	}
	return m, err
}

// narrow keeps of the matches those of a page in the order of ids.
func (m *matches) narrow(ctx context.Context, c *conn, p store.Paging) error {
	query, dir, after := "\nSELECT n.n\nFROM json_each(?) i\nCROSS JOIN node n ON n.n = i.value\nWHERE 1", "", ">"
	if p.Order.Desc {
		dir, after = " DESC", "<"
	}
	if p.After != nil {
		query += "\n  AND n.id " + after + " ?"
	}
	query += "\nORDER BY n.id" + dir + "\nLIMIT 0 + ?"
	for code, items := range m.items {
		slices.Sort(items)
		args := []any{jsonInts(slices.Compact(items))}
		if p.After != nil {
			args = append(args, string(p.After.ID))
		}
		first := items[:0]
		err := c.queryLong(ctx, query, append(args, int64(p.Limit)+1), func(row []driver.Value) error {
			first = append(first, integer(row[0]))
			return nil
		})
		if err != nil {
			return err
		}
		m.items[code] = first
	}
	return nil
}

// codesOf gives the property's number in each of the kinds that look it up.
func codesOf(kinds []*kind, prop string) []int64 {
	var codes []int64
	for _, k := range kinds {
		if code, ok := k.keys[prop]; ok {
			codes = append(codes, code)
		}
	}
	return codes
}

// lookups makes the matches of a condition the source of the list.
func (q *list) lookups(cond store.Cond, code int64, join string) error {
	values, err := lookupValues(cond)
	if err != nil {
		return err
	}
	q.from = "\nFROM (SELECT DISTINCT item FROM lookup WHERE prop = ? AND value IN (SELECT value FROM json_each(?))) k" +
		"\nCROSS JOIN " + join + " = k.item"
	q.where.args = append(q.where.args, code, values)
	return nil
}

func lookupValues(cond store.Cond) (string, error) {
	values := make([]any, len(cond.Values))
	for i, v := range cond.Values {
		var err error
		if values[i], err = column(v); err != nil {
			return "", err
		}
	}
	return jsonList(values)
}

// selective gives the index of the lookup condition with the fewest matches to
// start from, -1 where filtering the order is the better way.
func selective(ctx context.Context, c *conn, conds []store.Cond, p store.Paging, code func(string) (int64, bool)) (int, error) {
	indexed := func(cond store.Cond) bool {
		_, ok := code(cond.Prop)
		return ok && cond.Op == store.Any && !cond.OrAbsent
	}
	if first := slices.IndexFunc(conds, indexed); first < 0 || p.Limit == 0 && !slices.ContainsFunc(conds[first+1:], indexed) {
		return first, nil
	}
	best, least := -1, int64(fewMatches)+1
	for i, cond := range conds {
		if !indexed(cond) {
			continue
		}
		n, _ := code(cond.Prop)
		values, err := lookupValues(cond)
		if err != nil {
			return -1, err
		}
		v, err := c.value(ctx, countLookup, n, values, int64(fewMatches)+1)
		if err != nil {
			return -1, err
		}
		if m := integer(v); m < least || (best < 0 && p.Limit == 0) {
			best, least = i, m
		}
	}
	return best, nil
}

// cut merges the parts of a list.
func cut[T any](rows []keyed[T], p store.Paging) (items []T, more bool) {
	slices.SortFunc(rows, func(a, b keyed[T]) int {
		if p.Order.Desc {
			a, b = b, a
		}
		if d := strings.Compare(a.key, b.key); d != 0 {
			return d
		}
		return strings.Compare(string(a.id), string(b.id))
	})
	if p.Limit > 0 && len(rows) > p.Limit {
		rows, more = rows[:p.Limit], true
	}
	items = make([]T, len(rows))
	for i, r := range rows {
		items[i] = r.item
	}
	return items, more
}

// Edges lists edges.
func (s *Store) Edges(ctx context.Context, rels []store.Rel, f store.Filter, p store.Paging) (store.Page[store.Edge], error) {
	page := store.Page[store.Edge]{Count: -1}
	for _, r := range rels {
		if _, ok := s.rels[r]; !ok {
			return page, invalid("relation %q is not declared", r)
		}
	}
	if err := checkPaging(p); err != nil {
		return page, err
	}
	if p.Order.Prop != "" && !s.edges.types[p.Order.Prop].Sort {
		return page, invalid("edges do not sort by %q", p.Order.Prop)
	}
	var rows []keyed[store.Edge]
	count := int64(0)
	err := s.read(ctx, func(c *conn) error {
		parts, err := s.edgeSources(ctx, c, rels, f, p)
		if err != nil {
			return err
		}
		for _, q := range parts {
			err := q.read(ctx, c, edgeColumns, edgeEnds, func(row []driver.Value) error {
				e := store.Edge{
					ID: store.ID(text(row[0])), Rel: s.relCodes[integer(row[1])], Version: integer(row[2]),
					From: store.ID(text(row[4])), To: store.ID(text(row[5])),
				}
				var err error
				e.Props, err = s.edges.decode(text(row[3]), nil)
				rows = append(rows, keyed[store.Edge]{e, text(row[6]), e.ID})
				return err
			}, &count)
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return page, err
	}
	page.Items, page.More = cut(rows, p)
	if p.Count {
		page.Count = count
	}
	return page, nil
}

// edgeSources says where the edges come from: the ids, the matches of a
// selective lookup, the index of ids, or each relation apart.
func (s *Store) edgeSources(ctx context.Context, c *conn, rels []store.Rel, f store.Filter, p store.Paging) ([]*list, error) {
	base := func() *list {
		q := &list{order: p.Order, key: "''", id: "e.id", page: p}
		if p.Order.Prop != "" {
			q.key = "coalesce(json_extract(e.props, '$." + p.Order.Prop + "'), '')"
		}
		return q
	}
	drive := -1
	if f.IDs == nil {
		var err error
		drive, err = selective(ctx, c, f.Conds, p, func(name string) (int64, bool) {
			code, ok := s.edgeKeys[name]
			return code, ok
		})
		if err != nil {
			return nil, err
		}
	}
	conds := func(q *list) error {
		for i, cond := range f.Conds {
			r, _, err := s.edgeRef(cond.Prop, "e", "")
			if err != nil {
				return err
			}
			check := &q.where
			if i == drive {
				check = new(clause)
			}
			if err := check.cond(cond, r); err != nil {
				return err
			}
		}
		return nil
	}
	codes := make([]int64, 0, len(rels))
	for _, r := range rels {
		if !slices.Contains(codes, s.rels[r]) {
			codes = append(codes, s.rels[r])
		}
	}
	q := base()
	switch {
	case f.IDs != nil:
		q.from = "\nFROM (SELECT DISTINCT value FROM json_each(?)) i\nCROSS JOIN edge e ON e.id = i.value"
		q.where.args = append(q.where.args, jsonIDs(f.IDs))
	case drive >= 0:
		if err := q.lookups(f.Conds[drive], s.edgeKeys[f.Conds[drive].Prop], "edge e ON e.e"); err != nil {
			return nil, err
		}
	default:
		if len(codes) == 0 {
			for code := range s.relCodes {
				codes = append(codes, code)
			}
		}
		parts := make([]*list, 0, len(codes))
		for _, code := range codes {
			q := base()
			q.from = "\nFROM edge e INDEXED BY edge_rel"
			q.where.and("e.rel = ?", code)
			if err := conds(q); err != nil {
				return nil, err
			}
			parts = append(parts, q)
		}
		return parts, nil
	}
	if len(codes) > 0 {
		q.where.and("e.rel IN (SELECT value FROM json_each(?))", jsonInts(codes))
	}
	return []*list{q}, conds(q)
}
