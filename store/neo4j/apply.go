package neo4j

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"coopgraph/store"
)

// lockCypher makes this transaction the only writer until it ends, and gives
// the receipts of the last writes.
const lockCypher = `
MATCH (w:Writer {id: 'writer'})
SET w.turn = w.turn + 1
RETURN w.receipts`

// receiptCypher keeps what this write did with those of the last few.
const receiptCypher = `
MATCH (w:Writer {id: 'writer'})
SET w.receipts = (w.receipts + [$receipt])[-32..]`

const loadNodesCypher = `
UNWIND $ids AS id
MATCH (n:Thing|Internal {id: id})
RETURN id, elementId(n), labels(n), n.version, properties(n)`

// loadEndsCypher looks nodes up that the batch only joins.
const loadEndsCypher = `
UNWIND $ids AS id
MATCH (n:Thing|Internal {id: id})
RETURN id, labels(n), n.version`

// loadDegreesCypher counts the edges of nodes that the batch deletes.
const loadDegreesCypher = `
UNWIND $ids AS id
MATCH (n:Thing|Internal {id: id})
RETURN id, COUNT { (n)--() } - COUNT { (n)-[:_SEARCH]-() }`

// loadEdgesCypher finds edges by their ids alone, which are one edge's each
// over all relations: one statement takes a fraction of the time of one for
// each relation.
const loadEdgesCypher = `
UNWIND $queries AS q
CALL db.index.fulltext.queryRelationships($index, q) YIELD relationship AS e
RETURN e.id, type(e), e.version, startNode(e).id, endNode(e).id, properties(e), elementId(e)`

// Apply implements store.Store.
//
// The database takes one writer at a time, so that what a batch was checked
// against is what it changes, and nobody waits for anybody in a circle. Each
// call leaves a receipt with what it did: where the connection is lost at the
// commit, the call is made again and a receipt, if there is one, is its
// answer, so that neither the tally nor IfVersion shows that it was repeated.
func (s *Store) Apply(ctx context.Context, changes []store.Change) (store.Tally, error) {
	if err := s.ready(ctx); err != nil {
		return store.Tally{}, err
	}
	select {
	case s.writing <- struct{}{}:
		defer func() { <-s.writing }()
	case <-ctx.Done():
		return store.Tally{}, ctx.Err()
	}
	call := rand.Text()
	tally, err := s.tryApply(ctx, call, changes, false)
	if errors.Is(err, errAbsentEnd) {
		tally, err = s.tryApply(ctx, call, changes, true)
	}
	if err != nil {
		return store.Tally{}, err
	}
	return tally, nil
}

// tryApply writes the changes in one transaction. That the ends of edges are
// things and are there shows when the edges are written: it fails with
// errAbsentEnd where it is not so. With ends set they are read before.
func (s *Store) tryApply(ctx context.Context, call string, changes []store.Change, ends bool) (store.Tally, error) {
	var tally store.Tally
	err := s.write(ctx, "apply", func(ctx context.Context, tx *transaction) error {
		b := newBatch(s.cat)
		b.readsEnds = ends
		var err error
		tally, err = s.apply(ctx, tx, call, b, changes)
		return err
	})
	return tally, err
}

func (s *Store) apply(ctx context.Context, tx *transaction, call string, b *batch, changes []store.Change) (store.Tally, error) {
	rows, err := tx.run(ctx, lockCypher, nil)
	if err != nil {
		return store.Tally{}, err
	}
	if len(rows) != 1 {
		return store.Tally{}, unexpected("writer", rows)
	}
	receipts, err := list(rows[0][0])
	if err != nil {
		return store.Tally{}, err
	}
	for _, r := range receipts {
		if tally, ok := readReceipt(r, call); ok {
			return tally, nil
		}
	}
	if err := b.load(ctx, tx, changes); err != nil {
		return store.Tally{}, err
	}
	if err := b.play(changes); err != nil {
		return store.Tally{}, err
	}
	if err := b.write(ctx, tx); err != nil {
		return store.Tally{}, err
	}
	_, err = tx.run(ctx, receiptCypher, params{"receipt": receipt(call, b.tally)})
	return b.tally, err
}

// receipt is "CALL CREATED CHANGED UNCHANGED DELETED".
func receipt(call string, t store.Tally) string {
	return fmt.Sprintf("%s %d %d %d %d", call, t.Created, t.Changed, t.Unchanged, t.Deleted)
}

func readReceipt(v any, call string) (store.Tally, bool) {
	s, _ := v.(string)
	parts := strings.Split(s, " ")
	if len(parts) != 5 || parts[0] != call {
		return store.Tally{}, false
	}
	var n [4]int64
	for i := range n {
		var err error
		if n[i], err = strconv.ParseInt(parts[i+1], 10, 64); err != nil {
			return store.Tally{}, false
		}
	}
	return store.Tally{Created: n[0], Changed: n[1], Unchanged: n[2], Deleted: n[3]}, true
}

// load reads the state of what the changes name.
func (b *batch) load(ctx context.Context, tx *transaction, changes []store.Change) error {
	var puts, deletes, ends, edges []store.ID
	for _, ch := range changes {
		switch ch.Op {
		case store.PutNode:
			puts = append(puts, ch.Node.ID)
		case store.DeleteNode:
			puts, deletes = append(puts, ch.Node.ID), append(deletes, ch.Node.ID)
		case store.PutEdge:
			ends = append(ends, ch.Edge.From, ch.Edge.To)
			edges = append(edges, ch.Edge.ID)
		case store.DeleteEdge:
			edges = append(edges, ch.Edge.ID)
		}
	}
	if err := b.loadNodes(ctx, tx, idStrings(puts)); err != nil {
		return err
	}
	if err := b.loadEdges(ctx, tx, idStrings(edges)); err != nil {
		return err
	}
	if b.readsEnds {
		if err := b.loadEnds(ctx, tx, idStrings(ends)); err != nil {
			return err
		}
	}
	return b.loadDegrees(ctx, tx, idStrings(deletes))
}

func (b *batch) loadNodes(ctx context.Context, tx *transaction, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	rows, err := tx.run(ctx, loadNodesCypher, params{"ids": ids})
	if err != nil {
		return err
	}
	for _, id := range ids {
		b.read[store.ID(id)] = true
	}
	_, err = b.addNodes(rows)
	return err
}

// addNodes reads rows of loadNodesCypher and gives the ids in their order.
func (b *batch) addNodes(rows [][]any) ([]store.ID, error) {
	ids := make([]store.ID, 0, len(rows))
	for _, r := range rows {
		element, err := text(r[1])
		if err != nil {
			return nil, err
		}
		n, err := b.cat.node([]any{r[0], r[2], r[3], r[4]}, projection{all: true})
		if err != nil {
			return nil, err
		}
		own, _ := r[4].(map[string]any)
		hash, _ := own[textHash].(string)
		state := nodeState{kind: n.Kind, version: n.Version, props: n.Props, text: hash}
		b.nodes[n.ID], b.nodeWas[n.ID], b.nodeElements[n.ID] = state, state, element
		ids = append(ids, n.ID)
	}
	return ids, nil
}

func (b *batch) loadEdges(ctx context.Context, tx *transaction, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	rows, err := tx.run(ctx, loadEdgesCypher, params{"index": b.cat.edgeIndex(), "queries": idQueries(ids)})
	if err != nil {
		return err
	}
	return b.addEdges(rows)
}

func (b *batch) addEdges(rows [][]any) error {
	for _, r := range rows {
		e, err := edge(r, projection{all: true})
		if err != nil {
			return err
		}
		element, err := text(r[6])
		if err != nil {
			return err
		}
		state := edgeState{e.Rel, e.From, e.To, e.Version, e.Props}
		b.edges[e.ID], b.edgeWas[e.ID], b.edgeElements[e.ID] = state, state, element
	}
	return nil
}

func (b *batch) loadEnds(ctx context.Context, tx *transaction, ids []string) error {
	var unknown []string
	for _, id := range ids {
		if !b.read[store.ID(id)] {
			unknown = append(unknown, id)
		}
	}
	if len(unknown) == 0 {
		return nil
	}
	rows, err := tx.run(ctx, loadEndsCypher, params{"ids": unknown})
	if err != nil {
		return err
	}
	for _, r := range rows {
		id, err := text(r[0])
		if err != nil {
			return err
		}
		names, err := list(r[1])
		if err != nil {
			return err
		}
		version, err := integer(r[2])
		if err != nil {
			return err
		}
		state := nodeState{kind: b.cat.kindAmong(names), version: version}
		b.nodes[store.ID(id)], b.nodeWas[store.ID(id)] = state, state
	}
	return nil
}

func (b *batch) loadDegrees(ctx context.Context, tx *transaction, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	rows, err := tx.run(ctx, loadDegreesCypher, params{"ids": ids})
	if err != nil {
		return err
	}
	for _, r := range rows {
		id, err := text(r[0])
		if err != nil {
			return err
		}
		n := b.nodes[store.ID(id)]
		if n.edges, err = integer(r[1]); err != nil {
			return err
		}
		b.nodes[store.ID(id)] = n
	}
	return nil
}
