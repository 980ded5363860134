package sqlite

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql/driver"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"coopgraph/store"
)

const (
	selectPutEdges = `
SELECT e.e, e.id, e.rel, e.src, e.dst, e.version, e.props
FROM json_each(?) i
CROSS JOIN edge e ON e.id = i.value`

	selectLast = `
SELECT (SELECT coalesce(max(n), 0) FROM node), (SELECT coalesce(max(e), 0) FROM edge)`

	insertEdge = `
INSERT INTO edge (e, id, rel, src, dst, version, props)
VALUES (?, ?, ?, ?, ?, ?, ?)`

	updateEdge = `
UPDATE edge
SET src = ?, dst = ?, version = ?, props = ?
WHERE e = ?`

	deleteEdge = `
DELETE FROM edge
WHERE e = ?`

	deleteNode = `
DELETE FROM node
WHERE n = ?`

	insertBody = `
INSERT INTO body (n, props)
VALUES (?, ?)`

	updateBody = `
UPDATE body
SET props = ?
WHERE n = ?`

	deleteBody = `
DELETE FROM body
WHERE n = ?`

	selectAnyHop = `
SELECT 1
FROM hop
WHERE node = ?
LIMIT 1`

	insertLookup = `
INSERT OR IGNORE INTO lookup (prop, value, item)
VALUES (?, ?, ?)`

	deleteLookup = `
DELETE FROM lookup
WHERE prop = ?
  AND value = ?
  AND item = ?`
)

// nodeRow is a node as the batch has left it so far.
type nodeRow struct {
	n       int64
	kind    *kind
	version int64 // 0: absent
	props   string
	hash    []byte
	made    int64 // the analysis that made the tokens
	words   string
	far     []string
}

// edgeRow is a row of edge.
type edgeRow struct {
	e, rel, src, dst, version int64
	id                        store.ID
	props                     string
}

func scanEdge(row []driver.Value) edgeRow {
	return edgeRow{
		e: integer(row[0]), id: store.ID(text(row[1])), rel: integer(row[2]), src: integer(row[3]),
		dst: integer(row[4]), version: integer(row[5]), props: text(row[6]),
	}
}

// batch is one call of Apply. What the changes touch is read at the start; the
// sums that many changes add to (degrees, words) are written at the end.
type batch struct {
	*Store
	c            *conn
	nodes        map[store.ID]*nodeRow
	edges        map[store.ID]*edgeRow
	lastN, lastE int64
	ends         map[int64]*ends
	legs         map[int64]string // the column legs, of the nodes named
	words        map[string]int64
	tally        store.Tally
	buf          []byte
	purge        bool // a node has left the text index: see purge
}

// Apply writes the changes in one transaction.
func (s *Store) Apply(ctx context.Context, changes []store.Change) (store.Tally, error) {
	c, err := s.take(ctx, s.writer)
	if err != nil {
		return store.Tally{}, err
	}
	defer func() { s.writer <- c }()
	if _, err := c.execute(ctx, "BEGIN IMMEDIATE"); err != nil {
		return store.Tally{}, translate(ctx, err)
	}
	b := &batch{Store: s, c: c, ends: map[int64]*ends{}, words: map[string]int64{}}
	err = b.run(ctx, changes)
	if err == nil {
		err = c.exec("COMMIT")
	}
	if err != nil {
		_ = c.exec("ROLLBACK")
		return store.Tally{}, translate(ctx, err)
	}
	return b.tally, nil
}

func (b *batch) run(ctx context.Context, changes []store.Change) error {
	if err := b.load(ctx, changes); err != nil {
		return err
	}
	for i := range changes {
		if i%checkEvery == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		switch err := b.change(ctx, &changes[i]); {
		case errors.Is(err, store.ErrInvalid), errors.Is(err, store.ErrConflict), errors.Is(err, store.ErrNotFound):
			return &store.ChangeError{Index: i, Err: err}
		case err != nil:
			return err
		}
	}
	if err := b.flushEnds(ctx); err != nil {
		return err
	}
	if b.purge {
		if err := b.c.exec(upsertMeta, "purge", "1"); err != nil {
			return err
		}
	}
	return b.flushWords(ctx)
}

// load reads the nodes and edges that the changes name.
func (b *batch) load(ctx context.Context, changes []store.Change) error {
	b.nodes = make(map[store.ID]*nodeRow, len(changes))
	b.edges = make(map[store.ID]*edgeRow, len(changes))
	b.legs = make(map[int64]string, len(changes))
	var nodeIDs, edgeIDs []store.ID
	node := func(id store.ID) {
		if b.nodes[id] == nil {
			b.nodes[id] = &nodeRow{}
			nodeIDs = append(nodeIDs, id)
		}
	}
	for i := range changes {
		switch ch := &changes[i]; ch.Op {
		case store.PutNode, store.DeleteNode:
			node(ch.Node.ID)
		case store.PutEdge, store.DeleteEdge:
			if b.edges[ch.Edge.ID] == nil {
				b.edges[ch.Edge.ID] = &edgeRow{}
				edgeIDs = append(edgeIDs, ch.Edge.ID)
			}
			if ch.Op == store.PutEdge {
				node(ch.Edge.From)
				node(ch.Edge.To)
			}
		}
	}
	err := b.c.query(ctx, selectLast, nil, func(row []driver.Value) error {
		b.lastN, b.lastE = integer(row[0]), integer(row[1])
		return nil
	})
	if err != nil {
		return err
	}
	err = b.c.query(ctx, b.nodeLoad(), []any{jsonIDs(nodeIDs)}, func(row []driver.Value) error {
		hash, _ := row[5].([]byte)
		*b.nodes[store.ID(text(row[1]))] = nodeRow{
			n: integer(row[0]), kind: b.kindOf(integer(row[2])), version: integer(row[3]), props: text(row[4]),
			hash: hash, made: integer(row[6]), words: text(row[7]), far: texts(row[9:]),
		}
		b.legs[integer(row[0])] = text(row[8])
		return nil
	})
	if err != nil {
		return err
	}
	return b.c.query(ctx, selectPutEdges, []any{jsonIDs(edgeIDs)}, func(row []driver.Value) error {
		e := scanEdge(row)
		*b.edges[e.id] = e
		return nil
	})
}

func (l *layout) nodeLoad() string {
	far := ""
	for _, p := range l.farSort {
		far += ", n.s_" + p
	}
	return `
SELECT n.n, n.id, n.kind, n.version, b.props, t.hash, t.analysis, t.words, n.legs` + far + `
FROM json_each(?) i
CROSS JOIN node n ON n.id = i.value
CROSS JOIN body b ON b.n = n.n
LEFT JOIN text t ON t.n = n.n`
}

func (b *batch) change(ctx context.Context, ch *store.Change) error {
	switch ch.Op {
	case store.PutNode:
		return b.putNode(ch)
	case store.DeleteNode:
		return b.deleteNode(ctx, ch)
	case store.PutEdge:
		return b.putEdge(ch)
	case store.DeleteEdge:
		return b.deleteEdge(ch)
	}
	return invalid("operation %d", ch.Op)
}

func checkVersion(ch *store.Change, present int64) error {
	if ch.IfVersion != nil && *ch.IfVersion != present {
		return fmt.Errorf("%w: version %d is not %d", store.ErrConflict, present, *ch.IfVersion)
	}
	return nil
}

func checkID(id store.ID) error {
	if id == "" || !utf8.ValidString(string(id)) {
		return invalid("an id is empty or not UTF-8")
	}
	return nil
}

func (b *batch) putNode(ch *store.Change) error {
	k, ok := b.kinds[ch.Node.Kind]
	if !ok {
		return invalid("kind %q is not declared", ch.Node.Kind)
	}
	if err := checkID(ch.Node.ID); err != nil {
		return err
	}
	row := b.nodes[ch.Node.ID]
	if err := checkVersion(ch, row.version); err != nil {
		return err
	}
	if row.version > 0 && row.kind != k {
		return invalid("the node is a %s, not a %s", row.kind.name, k.name)
	}
	buf, err := k.encode(b.buf[:0], ch.Node.Props)
	if err != nil {
		return err
	}
	b.buf = buf
	doc, err := b.document(k, ch.Tokens)
	if err != nil {
		return err
	}
	sameProps := row.version > 0 && row.props == string(buf)
	sameText := bytes.Equal(row.hash, doc.hash)
	if sameProps && sameText && (doc.hash == nil || row.made == int64(b.schema.Analysis)) {
		b.tally.Unchanged++
		return nil
	}
	switch {
	case sameProps && sameText:
		b.tally.Unchanged++
	case row.version == 0:
		b.tally.Created++
	default:
		b.tally.Changed++
	}
	if !sameProps || !sameText {
		if err := b.writeNode(ch, k, row, string(buf), sameProps); err != nil {
			return err
		}
	}
	return b.writeText(row, doc, sameText)
}

// writeNode inserts or updates the node's row and what is derived from it.
func (b *batch) writeNode(ch *store.Change, k *kind, row *nodeRow, encoded string, sameProps bool) error {
	var old store.Props
	if row.version == 0 {
		b.lastN++
		row.n, row.kind = b.lastN, k
		b.legs[row.n] = ""
		args, err := b.nodeValues(k, ch.Node.Props, []any{row.n, string(ch.Node.ID), k.code})
		if err != nil {
			return err
		}
		if err := b.c.exec(b.nodeInsert, args...); err != nil {
			return err
		}
		if err := b.c.exec(insertBody, row.n, encoded); err != nil {
			return err
		}
	} else {
		args, err := b.nodeValues(k, ch.Node.Props, []any{row.version + 1})
		if err != nil {
			return err
		}
		if err := b.c.exec(b.nodeUpdate, append(args, row.n)...); err != nil {
			return err
		}
		if !sameProps {
			if err := b.c.exec(updateBody, encoded, row.n); err != nil {
				return err
			}
			if old, err = k.decode(row.props, nil); err != nil {
				return err
			}
		}
	}
	row.version++
	row.props = encoded
	if sameProps {
		return nil
	}
	if err := putLookups(b.c, row.n, k.keys, old, ch.Node.Props); err != nil {
		return err
	}
	return b.writeFar(row, ch.Node.Props)
}

// writeFar copies the node's sort keys into the hops that lead to it.
func (b *batch) writeFar(row *nodeRow, props store.Props) error {
	keys := make([]string, len(b.farSort))
	for i, p := range b.farSort {
		keys[i] = store.SortKey(props[p])
	}
	known := row.far != nil
	changed := known && !slices.Equal(row.far, keys)
	row.far = keys
	if !changed {
		return nil
	}
	args := make([]any, 0, len(keys)+1)
	for _, k := range keys {
		args = append(args, k)
	}
	return b.c.exec(b.farUpdate, append(args, row.n)...)
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

func (b *batch) deleteNode(ctx context.Context, ch *store.Change) error {
	row := b.nodes[ch.Node.ID]
	if err := checkVersion(ch, row.version); err != nil {
		return err
	}
	if row.version == 0 || row.kind.name != ch.Node.Kind {
		return fmt.Errorf("%w: no such %s", store.ErrNotFound, ch.Node.Kind)
	}
	hop, err := b.c.value(ctx, selectAnyHop, row.n)
	if err != nil {
		return err
	}
	if hop != nil {
		return invalid("the node has edges")
	}
	old, err := row.kind.decode(row.props, nil)
	if err != nil {
		return err
	}
	if err := putLookups(b.c, row.n, row.kind.keys, old, nil); err != nil {
		return err
	}
	if err := b.writeText(row, document{}, row.hash == nil); err != nil {
		return err
	}
	for _, q := range []string{deleteBody, deleteNode} {
		if err := b.c.exec(q, row.n); err != nil {
			return err
		}
	}
	delete(b.ends, row.n)
	*row = nodeRow{}
	b.tally.Deleted++
	return nil
}

func (b *batch) putEdge(ch *store.Change) error {
	rel, ok := b.rels[ch.Edge.Rel]
	if !ok {
		return invalid("relation %q is not declared", ch.Edge.Rel)
	}
	if err := checkID(ch.Edge.ID); err != nil {
		return err
	}
	row := b.edges[ch.Edge.ID]
	if err := checkVersion(ch, row.version); err != nil {
		return err
	}
	if row.version > 0 && row.rel != rel {
		return invalid("the edge is a %s, not a %s", b.relCodes[row.rel], ch.Edge.Rel)
	}
	src, dst := b.nodes[ch.Edge.From], b.nodes[ch.Edge.To]
	if src.version == 0 || dst.version == 0 {
		return invalid("an end of the edge is absent")
	}
	buf, err := b.Store.edges.encode(b.buf[:0], ch.Edge.Props)
	if err != nil {
		return err
	}
	b.buf = buf
	if row.version > 0 && row.src == src.n && row.dst == dst.n && row.props == string(buf) {
		b.tally.Unchanged++
		return nil
	}
	next := edgeRow{
		e: row.e, id: ch.Edge.ID, rel: rel, src: src.n, dst: dst.n, version: row.version + 1, props: string(buf),
	}
	var old store.Props
	if row.version == 0 {
		b.lastE++
		next.e = b.lastE
		b.tally.Created++
		err = b.c.exec(insertEdge, next.e, string(next.id), rel, src.n, dst.n, next.version, next.props)
	} else {
		b.tally.Changed++
		if old, err = b.removeHops(row); err != nil {
			return err
		}
		err = b.c.exec(updateEdge, src.n, dst.n, next.version, next.props, next.e)
	}
	if err != nil {
		return err
	}
	*row = next
	b.count(row, 1)
	if err := b.putHops(b.c, next, ch.Edge.Props, src.far, dst.far); err != nil {
		return err
	}
	return putLookups(b.c, next.e, b.edgeKeys, old, ch.Edge.Props)
}

func (b *batch) deleteEdge(ch *store.Change) error {
	row := b.edges[ch.Edge.ID]
	if err := checkVersion(ch, row.version); err != nil {
		return err
	}
	if row.version == 0 || b.relCodes[row.rel] != ch.Edge.Rel {
		return fmt.Errorf("%w: no such %s", store.ErrNotFound, ch.Edge.Rel)
	}
	old, err := b.removeHops(row)
	if err != nil {
		return err
	}
	if err := putLookups(b.c, row.e, b.edgeKeys, old, nil); err != nil {
		return err
	}
	if err := b.c.exec(deleteEdge, row.e); err != nil {
		return err
	}
	*row = edgeRow{}
	b.tally.Deleted++
	return nil
}

// removeHops takes the edge out of hop and gives its properties.
func (b *batch) removeHops(row *edgeRow) (store.Props, error) {
	old, err := b.Store.edges.decode(row.props, nil)
	if err != nil {
		return nil, err
	}
	b.count(row, -1)
	for _, end := range []struct{ node, leg int64 }{{row.src, leg(row.rel, false)}, {row.dst, leg(row.rel, true)}} {
		args := []any{end.node, end.leg, string(row.id)}
		if b.cluster != "" {
			args = append(args, store.SortKey(old[b.cluster]))
		}
		if err := b.c.exec(b.hopDelete, args...); err != nil {
			return nil, err
		}
	}
	return old, nil
}

// putHops writes the edge's two hops; src and dst are the ends' keys of farSort.
func (s *Store) putHops(c *conn, e edgeRow, props store.Props, src, dst []string) error {
	args := make([]any, 0, 6+len(s.edgeSort)+2*len(s.farSort)+len(s.edgeWalk))
	args = append(args, e.src, e.dst, e.rel, string(e.id), e.e, e.version)
	for _, p := range s.edgeSort {
		args = append(args, store.SortKey(props[p]))
	}
	for _, keys := range [][]string{dst, src} {
		for i := range s.farSort {
			args = append(args, keys[i])
		}
	}
	for _, p := range s.edgeWalk {
		v, err := column(props[p.Name])
		if err != nil {
			return err
		}
		args = append(args, v)
	}
	return c.exec(s.hopInsert, args...)
}

// putLookups brings the rows of lookup for an item from old to props.
func putLookups(c *conn, item int64, keys map[string]int64, old, props store.Props) error {
	for name, code := range keys {
		before, after := old[name], props[name]
		if before == nil && after == nil {
			continue
		}
		was, err := elements(before)
		if err != nil {
			return err
		}
		is, err := elements(after)
		if err != nil {
			return err
		}
		for v := range was {
			if !is[v] {
				if err := c.exec(deleteLookup, code, v, item); err != nil {
					return err
				}
			}
		}
		for v := range is {
			if !was[v] {
				if err := c.exec(insertLookup, code, v, item); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// elements gives the values by which a property is found.
func elements(v any) (map[any]bool, error) {
	switch v := v.(type) {
	case nil:
		return map[any]bool{}, nil
	case []string:
		set := make(map[any]bool, len(v))
		for _, e := range v {
			set[e] = true
		}
		return set, nil
	}
	key, err := column(v)
	return map[any]bool{key: true}, err
}

// document is what the text index is to hold of a node.
type document struct {
	hash   []byte // nil: nothing
	fields []string
}

// document reads a change's tokens; those of an internal kind are not indexed.
func (l *layout) document(k *kind, tokens map[string]string) (document, error) {
	for f, t := range tokens {
		if !slices.Contains(l.text, f) {
			return document{}, invalid("text field %q is not declared", f)
		}
		if !utf8.ValidString(t) {
			return document{}, invalid("text field %q is not UTF-8", f)
		}
	}
	if k.internal || len(tokens) == 0 {
		return document{}, nil
	}
	d := document{fields: make([]string, len(l.text))}
	sum := sha256.New()
	empty := true
	for i, f := range l.text {
		d.fields[i] = tokens[f]
		empty = empty && strings.Trim(tokens[f], " ") == ""
		sum.Write([]byte(tokens[f]))
		sum.Write([]byte{0xff})
	}
	if empty {
		return document{}, nil
	}
	d.hash = sum.Sum(nil)[:16]
	return d, nil
}

// sqlText is the statements of Apply whose columns the schema decides.
type sqlText struct {
	nodeInsert, nodeUpdate, farUpdate, hopInsert, hopDelete, documentInsert string
}

func (l *layout) applyText() sqlText {
	var t sqlText
	fields := ""
	for _, f := range l.text {
		fields += ", t_" + f
	}
	t.documentInsert = "INSERT INTO search (rowid, kind" + fields + ")\nVALUES (?, ?" + strings.Repeat(", ?", len(l.text)) + ")"
	cols := l.nodeColumns()
	list, sets := "", ""
	for _, col := range cols {
		list += ", " + col
		sets += ", " + col + " = ?"
	}
	t.nodeInsert = "INSERT INTO node (n, id, kind, version, degree" + list + ")\nVALUES (?, ?, ?, 1, 0" +
		strings.Repeat(", ?", len(cols)) + ")"
	t.nodeUpdate = "UPDATE node\nSET version = ?" + sets + "\nWHERE n = ?"
	var names []string
	for _, p := range l.edgeSort {
		names = append(names, "s_"+p)
	}
	for _, p := range l.farSort {
		names = append(names, "f_"+p)
	}
	for _, p := range l.edgeWalk {
		names = append(names, "p_"+p.Name)
	}
	t.hopInsert = l.hopInsertText(names)
	t.hopDelete = "DELETE FROM hop\nWHERE node = ?\n  AND leg = ?\n  AND id = ?"
	key := "id"
	if l.cluster != "" {
		t.hopDelete += "\n  AND s_" + l.cluster + " = ?"
		key = "s_" + l.cluster + ", id"
	}
	if len(l.farSort) > 0 {
		t.farUpdate = "UPDATE hop\nSET f_" + strings.Join(l.farSort, " = ?, f_") + " = ?\nWHERE (node, leg, " + key +
			") IN (\n  SELECT far, leg + 1 - 2 * (leg % 2), " + key + "\n  FROM hop\n  WHERE node = ?)"
	}
	return t
}

// hopInsertText inserts both hops of an edge. Its parameters are the ends, the
// relation, the columns from id to version, the edge's keys, the far keys of
// the one hop and of the other, and the walk properties.
func (l *layout) hopInsertText(names []string) string {
	row := func(node, leg, far string, farKeys int) string {
		values := []string{node, leg, "?4", "?5", far, "?6"}
		next := 7
		add := func(n int) {
			for range n {
				values = append(values, "?"+strconv.Itoa(next))
				next++
			}
		}
		add(len(l.edgeSort))
		end := next + 2*len(l.farSort)
		next += farKeys
		add(len(l.farSort))
		next = end
		add(len(l.edgeWalk))
		return "(" + strings.Join(values, ", ") + ")"
	}
	return "INSERT INTO hop (" + strings.Join(append([]string{"node", "leg", "id", "e", "far", "version"}, names...), ", ") +
		")\nVALUES " + row("?1", "?3 * 2", "?2", 0) + ", " + row("?2", "?3 * 2 + 1", "?1", len(l.farSort))
}

// sorted gives the keys of a map in order, so that a batch writes the same
// rows in the same order every time.
func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
