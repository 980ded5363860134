package sqlite

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"coopgraph/store"
)

// Rows are inserted OR FAIL: what fails ends the batch, and SQLite need not
// keep what it takes to undo half a statement.
const (
	insertEdge = `
INSERT OR FAIL INTO edge (e, id, rel, src, dst, version, props)`

	updateEdge = `
UPDATE edge
SET src = ?, dst = ?, version = ?, props = ?
WHERE e = ?`

	deleteEdge = `
DELETE FROM edge
WHERE e = ?`

	updateVersion = `
UPDATE node
SET version = ?
WHERE n = ?`

	deleteNode = `
DELETE FROM node
WHERE n = ?`

	insertBody = `
INSERT OR FAIL INTO body (n, props)`

	updateBody = `
UPDATE body
SET props = ?
WHERE n = ?`

	deleteBody = `
DELETE FROM body
WHERE n = ?`
)

// flush writes what the batch has changed. Tables are written one after the
// other, each in the order of its keys: neighbours share pages. The text
// indexes come last, because SQLite has them write out what they hold back
// whenever a later statement needs a savepoint.
func (b *batch) flush(ctx context.Context) error {
	for _, e := range b.ends {
		e.legs.sort()
	}
	var l lookups
	derived := b.derive()
	defer derived()
	for _, step := range []func() error{
		func() error { return b.removeEdges(&l) },
		func() error { return b.removeNodes(&l) },
		func() error { return b.writeNodes(&l) },
		func() error { return b.flushEnds(ctx) },
		func() error { return b.makeHubs() },
		func() error { return b.writeEdges() },
		func() error { return derived().err },
		func() error { return b.insertHops(b.c, derived().hops) },
		func() error { return l.write(b.c, derived().put) },
		func() error { return b.flushText(ctx) },
	} {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// gone says that what is stored is to be removed; what stands in its place, if
// anything, has another number.
func (r *nodeRow) gone() bool  { return r.was.version > 0 && r.is.n != r.was.n }
func (r *nodeRow) fresh() bool { return r.is.version > 0 && r.is.n != r.was.n }

func (r *edgeRow) gone() bool    { return r.was.version > 0 && r.is.e != r.was.e }
func (r *edgeRow) fresh() bool   { return r.is.version > 0 && r.is.e != r.was.e }
func (r *edgeRow) changed() bool { return r.is.e == r.was.e && r.is.version != r.was.version }

// removeEdges takes out the edges that are gone, and the hops of those that
// are to be written anew.
func (b *batch) removeEdges(l *lookups) error {
	for _, row := range b.edgeList {
		if !row.gone() && !row.changed() {
			continue
		}
		old, err := b.Store.edges.decode(row.was.props, nil)
		if err != nil {
			return err
		}
		var kept store.Props
		if row.changed() {
			kept = row.is.values
		}
		if err := l.change(row.was.e, b.edgeKeys, old, kept); err != nil {
			return err
		}
		for _, h := range hopsOf(row.id, &row.was) {
			args := []any{h.node, h.leg, string(h.id)}
			if b.cluster != "" {
				args = append(args, store.SortKey(old[b.cluster]))
			}
			if err := b.c.exec(b.hopDelete, args...); err != nil {
				return err
			}
		}
		if row.gone() {
			if err := b.c.exec(deleteEdge, row.was.e); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b *batch) removeNodes(l *lookups) error {
	for _, row := range b.nodeList {
		if !row.gone() {
			continue
		}
		old, err := row.was.kind.decode(row.was.props, nil)
		if err != nil {
			return err
		}
		if err := l.change(row.was.n, row.was.kind.keys, old, nil); err != nil {
			return err
		}
		for _, q := range []string{deleteBody, deleteNode} {
			if err := b.c.exec(q, row.was.n); err != nil {
				return err
			}
		}
	}
	return nil
}

// writeNodes inserts and updates nodes and their properties. The list is in
// the order of the numbers where these are fresh.
func (b *batch) writeNodes(l *lookups) error {
	nodes, bodies := b.c.inserts(b.nodeInsert, nodeWidth+len(b.nodeColumns())), b.c.inserts(insertBody, 2)
	for _, row := range b.nodeList {
		var err error
		switch {
		case row.fresh():
			err = b.insertNode(row, nodes, bodies)
		case row.is.version != row.was.version:
			err = b.updateNode(row, l)
		}
		if err != nil {
			return err
		}
	}
	if err := nodes.flush(); err != nil {
		return err
	}
	return bodies.flush()
}

func (b *batch) insertNode(row *nodeRow, nodes, bodies *inserts) error {
	is := &row.is
	args := []any{is.n, string(row.id), is.kind.code, is.version, int64(0), nil}
	if e := b.ends[is.n]; e != nil {
		args[4], args[5] = e.degree, e.legs.encode()
	}
	args, err := b.nodeValues(is.kind, is.values, args)
	if err != nil {
		return err
	}
	if err := nodes.add(args...); err != nil {
		return err
	}
	return bodies.add(is.n, is.props)
}

func (b *batch) updateNode(row *nodeRow, l *lookups) error {
	is, was := &row.is, &row.was
	if is.values == nil {
		return b.c.exec(updateVersion, is.version, is.n)
	}
	args, err := b.nodeValues(is.kind, is.values, []any{is.version})
	if err != nil {
		return err
	}
	if err := b.c.exec(b.nodeUpdate, append(args, is.n)...); err != nil {
		return err
	}
	if is.props == was.props {
		return nil
	}
	if err := b.c.exec(updateBody, is.props, is.n); err != nil {
		return err
	}
	old, err := is.kind.decode(was.props, nil)
	if err != nil {
		return err
	}
	if err := l.change(is.n, is.kind.keys, old, is.values); err != nil {
		return err
	}
	if slices.Equal(is.far, was.far) {
		return nil
	}
	// The hops that lead to the node have copies of its keys.
	keys := make([]any, 0, len(is.far)+1)
	for _, k := range is.far {
		keys = append(keys, k)
	}
	return b.c.exec(b.farUpdate, append(keys, is.n)...)
}

// nodeValues appends the values of nodeColumns.
func (l *layout) nodeValues(k *kind, props store.Props, args []any) ([]any, error) {
	for _, name := range l.nodeSort {
		if p, ok := k.types[name]; ok && p.Sort {
			args = append(args, store.SortKey(props[name]))
		} else {
			args = append(args, nil)
		}
	}
	for _, name := range l.nodeWalk {
		var v any
		if p, ok := k.types[name]; ok && p.Walk {
			var err error
			if v, err = column(props[name]); err != nil {
				return nil, err
			}
		}
		args = append(args, v)
	}
	return args, nil
}

// writeEdges inserts and updates edges.
func (b *batch) writeEdges() error {
	edges := b.c.inserts(insertEdge, 7)
	for _, row := range b.edgeList {
		is := &row.is
		var err error
		switch {
		case row.fresh():
			err = edges.add(is.e, string(row.id), is.rel, is.src, is.dst, is.version, is.props)
		case row.changed():
			err = b.c.exec(updateEdge, is.src, is.dst, is.version, is.props, is.e)
		}
		if err != nil {
			return err
		}
	}
	return edges.flush()
}

// hopRows gives the values of hops, one row after the other in the order of
// their table.
func (s *Store) hopRows(hops []hop) (values []any, err error) {
	slices.SortFunc(hops, func(a, b hop) int {
		return cmp.Or(cmp.Compare(a.node, b.node), cmp.Compare(a.leg, b.leg), strings.Compare(a.key, b.key), strings.Compare(string(a.id), string(b.id)))
	})
	values = make([]any, 0, len(hops)*s.hopWidth())
	for i := range hops {
		if values, err = s.hopValues(values, &hops[i]); err != nil {
			return nil, err
		}
	}
	return values, nil
}

// insertHops inserts rows of hop.
func (s *Store) insertHops(c *conn, values []any) error {
	rows := c.inserts(s.hopInsert, s.hopWidth())
	for row := range slices.Chunk(values, s.hopWidth()) {
		if err := rows.add(row...); err != nil {
			return err
		}
	}
	return rows.flush()
}

// hop is a row of hop in the making: an edge seen from one end.
type hop struct {
	node, leg, far int64
	key            string // that of the cluster
	id             store.ID
	edge           *edgeState
	hub            bool
	farKeys        []string // where hub
}

// hopsOf gives an edge's hop from its start and that from its end.
func hopsOf(id store.ID, e *edgeState) [2]hop {
	return [2]hop{
		{node: e.src, leg: leg(e.rel, false), far: e.dst, id: id, edge: e},
		{node: e.dst, leg: leg(e.rel, true), far: e.src, id: id, edge: e},
	}
}

// hopValues appends a hop's values.
func (s *Store) hopValues(args []any, h *hop) ([]any, error) {
	var hub any
	if h.hub {
		hub = int64(1)
	}
	args = append(args, h.node, h.leg, string(h.id), h.edge.e, h.far, h.edge.version, hub)
	for _, p := range s.edgeSort {
		args = append(args, store.SortKey(h.edge.values[p]))
	}
	for i := range s.farSort {
		if h.hub {
			args = append(args, h.farKeys[i])
		} else {
			args = append(args, nil)
		}
	}
	for _, p := range s.edgeWalk {
		v, err := column(h.edge.values[p.Name])
		if err != nil {
			return nil, err
		}
		args = append(args, v)
	}
	return args, nil
}
