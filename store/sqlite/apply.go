package sqlite

import (
	"bytes"
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
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
)

// nodeState is a node at one moment: as stored, or as the batch leaves it.
type nodeState struct {
	n       int64
	kind    *kind
	version int64 // 0: absent
	props   string
	values  store.Props // what props hold; nil where they are as stored
	hash    []byte      // of the tokens; nil: not in the text index
	made    int64       // the analysis that made the tokens
	words   string
	fields  []string // the tokens; nil where they are as stored
	far     []string // the keys of farSort
}

// nodeRow is a node that a batch names.
type nodeRow struct {
	id store.ID
	// put says that a change writes the node; of one that is only the end of
	// an edge, neither properties nor tokens are read.
	put     bool
	was, is nodeState
	degree  int64 // as stored
	legs    string
}

// edgeState is an edge at one moment.
type edgeState struct {
	e, rel, src, dst, version int64
	props                     string
	values                    store.Props
	from, to                  *nodeRow // the ends; nil where they are as stored
}

// edgeRow is an edge that a batch names.
type edgeRow struct {
	id      store.ID
	was, is edgeState
}

func scanEdge(row []driver.Value) (store.ID, edgeState) {
	return store.ID(text(row[1])), edgeState{
		e: integer(row[0]), rel: integer(row[2]), src: integer(row[3]),
		dst: integer(row[4]), version: integer(row[5]), props: text(row[6]),
	}
}

// batch is one call of Apply. What the changes name is read first; the changes
// are made in memory, in their order; then what differs is written, each table
// in the order of its keys: see flush.
type batch struct {
	*Store
	c            *conn
	nodes        map[store.ID]*nodeRow
	edges        map[store.ID]*edgeRow
	nodeList     []*nodeRow // in the order in which they were named
	edgeList     []*edgeRow
	lastN, lastE int64
	ends         map[int64]*ends
	tally        store.Tally
}

// About how many changes one transaction best holds, usually and with
// LowMemory: each writes every page that it touches anew, and the keys are
// scattered over the indexes, so that few changes touch almost as many pages as
// many do. More take memory and save little.
const (
	changesAtOnce          = 10_000
	changesAtOnceLowMemory = 5_000
)

// ChangesAtOnce says how many changes Apply is best given where there are many
// to be written.
func (s *Store) ChangesAtOnce() int {
	if s.low {
		return changesAtOnceLowMemory
	}
	return changesAtOnce
}

// Apply writes the changes in one transaction.
func (s *Store) Apply(ctx context.Context, changes []store.Change) (store.Tally, error) {
	ready := s.prepare(changes)
	c, err := s.take(ctx, s.writer)
	if err != nil {
		ready()
		return store.Tally{}, err
	}
	defer func() { s.writer <- c }()
	b := &batch{Store: s, c: c, ends: map[int64]*ends{}}
	_, err = c.execute(ctx, "BEGIN IMMEDIATE")
	begun := err == nil
	if err == nil {
		err = b.load(ctx, changes)
	}
	puts := ready()
	if err == nil {
		err = b.run(ctx, changes, puts)
	}
	if err == nil {
		err = c.exec("COMMIT")
	}
	if err != nil {
		if begun {
			_ = c.exec("ROLLBACK")
		}
		return store.Tally{}, translate(ctx, err)
	}
	s.folder.follow(c)
	return b.tally, nil
}

func (b *batch) run(ctx context.Context, changes []store.Change, puts []prepared) error {
	for i := range changes {
		if i%checkEvery == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		switch err := b.change(&changes[i], &puts[i]); {
		case errors.Is(err, store.ErrInvalid), errors.Is(err, store.ErrConflict), errors.Is(err, store.ErrNotFound):
			return &store.ChangeError{Index: i, Err: err}
		case err != nil:
			return err
		}
	}
	return b.flush(ctx)
}

// name notes the nodes and edges that the changes name, and gives their ids:
// those of the nodes to be written, and those of nodes that are only ends of
// edges.
func (b *batch) name(changes []store.Change) (nodeIDs, endIDs, edgeIDs []store.ID) {
	b.nodes = make(map[store.ID]*nodeRow, len(changes))
	b.edges = make(map[store.ID]*edgeRow, len(changes))
	node := func(id store.ID) *nodeRow {
		row := b.nodes[id]
		if row == nil {
			row = &nodeRow{id: id}
			b.nodes[id] = row
			b.nodeList = append(b.nodeList, row)
		}
		return row
	}
	for i := range changes {
		switch ch := &changes[i]; ch.Op {
		case store.PutNode, store.DeleteNode:
			node(ch.Node.ID).put = true
		case store.PutEdge, store.DeleteEdge:
			if b.edges[ch.Edge.ID] == nil {
				row := &edgeRow{id: ch.Edge.ID}
				b.edges[ch.Edge.ID] = row
				b.edgeList = append(b.edgeList, row)
				edgeIDs = append(edgeIDs, ch.Edge.ID)
			}
			if ch.Op == store.PutEdge {
				node(ch.Edge.From)
				node(ch.Edge.To)
			}
		}
	}
	for _, row := range b.nodeList {
		if row.put {
			nodeIDs = append(nodeIDs, row.id)
		} else {
			endIDs = append(endIDs, row.id)
		}
	}
	return nodeIDs, endIDs, edgeIDs
}

// load reads the nodes and edges that the changes name.
func (b *batch) load(ctx context.Context, changes []store.Change) error {
	nodeIDs, endIDs, edgeIDs := b.name(changes)
	err := b.c.query(ctx, selectLast, nil, func(row []driver.Value) error {
		b.lastN, b.lastE = integer(row[0]), integer(row[1])
		return nil
	})
	if err != nil {
		return err
	}
	err = b.c.query(ctx, b.nodeLoad, []any{jsonIDs(nodeIDs)}, func(row []driver.Value) error {
		hash, _ := row[7].([]byte)
		at := b.nodes[store.ID(text(row[1]))]
		at.degree, at.legs = integer(row[4]), text(row[5])
		at.was = nodeState{
			n: integer(row[0]), kind: b.kindOf(integer(row[2])), version: integer(row[3]), props: text(row[6]),
			hash: hash, made: integer(row[8]), words: text(row[9]), far: texts(row[10:]),
		}
		at.is = at.was
		return nil
	})
	if err != nil {
		return err
	}
	err = b.c.query(ctx, b.endLoad, []any{jsonIDs(endIDs)}, func(row []driver.Value) error {
		at := b.nodes[store.ID(text(row[1]))]
		at.degree, at.legs = integer(row[4]), text(row[5])
		at.was = nodeState{n: integer(row[0]), kind: b.kindOf(integer(row[2])), version: integer(row[3]), far: texts(row[6:])}
		at.is = at.was
		return nil
	})
	if err != nil {
		return err
	}
	return b.c.query(ctx, selectPutEdges, []any{jsonIDs(edgeIDs)}, func(row []driver.Value) error {
		id, state := scanEdge(row)
		b.edges[id].was, b.edges[id].is = state, state
		return nil
	})
}

func (b *batch) change(ch *store.Change, p *prepared) error {
	switch ch.Op {
	case store.PutNode:
		return b.putNode(ch, p)
	case store.DeleteNode:
		return b.deleteNode(ch)
	case store.PutEdge:
		return b.putEdge(ch, p)
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

func (b *batch) putNode(ch *store.Change, p *prepared) error {
	k, ok := b.kinds[ch.Node.Kind]
	if !ok {
		return invalid("kind %q is not declared", ch.Node.Kind)
	}
	if err := checkID(ch.Node.ID); err != nil {
		return err
	}
	row := &b.nodes[ch.Node.ID].is
	if err := checkVersion(ch, row.version); err != nil {
		return err
	}
	if row.version > 0 && row.kind != k {
		return invalid("the node is a %s, not a %s", row.kind.name, k.name)
	}
	if p.err != nil {
		return p.err
	}
	made := int64(b.schema.Analysis)
	sameProps := row.version > 0 && row.props == p.props
	sameText := bytes.Equal(row.hash, p.doc.hash)
	switch {
	case sameProps && sameText:
		b.tally.Unchanged++
		if p.doc.hash != nil {
			row.made = made
		}
		return nil
	case row.version == 0:
		b.tally.Created++
		b.lastN++
		row.n, row.kind = b.lastN, k
	default:
		b.tally.Changed++
	}
	row.version++
	if !sameProps {
		row.props, row.values, row.far = p.props, ch.Node.Props, b.farKeys(ch.Node.Props)
	}
	row.made = made
	if !sameText {
		row.hash, row.words, row.fields = p.doc.hash, p.doc.words, p.doc.fields
	}
	return nil
}

// farKeys gives the keys by which hops that lead to a node are sorted.
func (l *layout) farKeys(props store.Props) []string {
	keys := make([]string, len(l.farSort))
	for i, p := range l.farSort {
		keys[i] = store.SortKey(props[p])
	}
	return keys
}

func (b *batch) deleteNode(ch *store.Change) error {
	row := b.nodes[ch.Node.ID]
	if err := checkVersion(ch, row.is.version); err != nil {
		return err
	}
	if row.is.version == 0 || row.is.kind.name != ch.Node.Kind {
		return fmt.Errorf("%w: no such %s", store.ErrNotFound, ch.Node.Kind)
	}
	degree := int64(0)
	if row.is.n == row.was.n {
		degree = row.degree
	}
	if e := b.ends[row.is.n]; e != nil {
		degree += e.degree
	}
	if degree > 0 {
		return invalid("the node has edges")
	}
	delete(b.ends, row.is.n)
	row.is = nodeState{}
	b.tally.Deleted++
	return nil
}

func (b *batch) putEdge(ch *store.Change, p *prepared) error {
	rel, ok := b.rels[ch.Edge.Rel]
	if !ok {
		return invalid("relation %q is not declared", ch.Edge.Rel)
	}
	if err := checkID(ch.Edge.ID); err != nil {
		return err
	}
	row := &b.edges[ch.Edge.ID].is
	if err := checkVersion(ch, row.version); err != nil {
		return err
	}
	if row.version > 0 && row.rel != rel {
		return invalid("the edge is a %s, not a %s", b.relCodes[row.rel], ch.Edge.Rel)
	}
	src, dst := b.nodes[ch.Edge.From], b.nodes[ch.Edge.To]
	if src.is.version == 0 || dst.is.version == 0 {
		return invalid("an end of the edge is absent")
	}
	if p.err != nil {
		return p.err
	}
	if row.version > 0 && row.src == src.is.n && row.dst == dst.is.n && row.props == p.props {
		b.tally.Unchanged++
		return nil
	}
	if row.version == 0 {
		b.lastE++
		row.e = b.lastE
		b.tally.Created++
	} else {
		b.count(row, -1)
		b.tally.Changed++
	}
	*row = edgeState{
		e: row.e, rel: rel, src: src.is.n, dst: dst.is.n, version: row.version + 1,
		props: p.props, values: ch.Edge.Props, from: src, to: dst,
	}
	b.count(row, 1)
	return nil
}

func (b *batch) deleteEdge(ch *store.Change) error {
	row := &b.edges[ch.Edge.ID].is
	if err := checkVersion(ch, row.version); err != nil {
		return err
	}
	if row.version == 0 || b.relCodes[row.rel] != ch.Edge.Rel {
		return fmt.Errorf("%w: no such %s", store.ErrNotFound, ch.Edge.Rel)
	}
	b.count(row, -1)
	*row = edgeState{}
	b.tally.Deleted++
	return nil
}
