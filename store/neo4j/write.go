package neo4j

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"coopgraph/store"
)

// createNodesCypher creates nodes with the labels spliced: those in a parameter
// take longer.
const createNodesCypher = `
UNWIND $rows AS row
CREATE (n:%s)
SET n = row.props`

// createTextsCypher creates nodes with the tokens by which they are found.
const createTextsCypher = `
UNWIND $rows AS row
CREATE (n:%s)-[:_SEARCH]->(t:SearchText:Bookkeeping)
SET n = row.props, t = row.fields`

const updateNodesCypher = `
UNWIND $rows AS row
MATCH (n)
WHERE elementId(n) = row.at
SET n = row.props`

const deleteNodesCypher = `
UNWIND $elements AS at
MATCH (n)
WHERE elementId(n) = at
DELETE n`

// createEdgesCypher creates edges of a relation between nodes of two labels.
// Without the hints a plan made on an empty graph would read all nodes.
const createEdgesCypher = `
UNWIND $rows AS row
MATCH (a:%[1]s {id: row.from})
USING INDEX a:%[1]s(id)
MATCH (b:%[2]s {id: row.to})
USING INDEX b:%[2]s(id)
CREATE (a)-[e:%[3]s]->(b)
SET e = row.props
RETURN count(*)`

const updateEdgesCypher = `
UNWIND $rows AS row
MATCH ()-[e]->()
WHERE elementId(e) = row.at
SET e = row.props`

const deleteEdgesCypher = `
UNWIND $elements AS at
MATCH ()-[e]->()
WHERE elementId(e) = at
DELETE e`

const oldWordsCypher = `
UNWIND $elements AS at
MATCH (n)
WHERE elementId(n) = at
MATCH (n)-[:_SEARCH]->(t:SearchText)
RETURN t[$field]`

const dropTextCypher = `
UNWIND $elements AS at
MATCH (n)
WHERE elementId(n) = at
MATCH (n)-[:_SEARCH]->(t:SearchText)
DETACH DELETE t`

const addTextCypher = `
UNWIND $rows AS row
MATCH (n)
WHERE elementId(n) = row.at
CREATE (n)-[:_SEARCH]->(t:SearchText:Bookkeeping)
SET t = row.fields`

const addWordsCypher = `
UNWIND $rows AS row
MERGE (w:SearchWord {word: row.word})
ON CREATE SET w:Bookkeeping, w.spaced = ' ' + row.word + ' ', w.uses = row.uses
ON MATCH SET w.uses = w.uses + row.uses`

const dropWordsCypher = `
UNWIND $rows AS row
MATCH (w:SearchWord {word: row.word})
USING INDEX w:SearchWord(word)
SET w.uses = w.uses - row.uses
WITH w
WHERE w.uses <= 0
DELETE w`

// write writes what the changes have left different, in the order of ids, so
// that the same batch always does the same.
func (b *batch) write(ctx context.Context, tx *transaction) error {
	edges := b.edgeRows()
	if err := rows(ctx, tx, deleteEdgesCypher, "elements", edges.gone); err != nil {
		return err
	}
	if err := b.writeNodes(ctx, tx); err != nil {
		return err
	}
	if err := b.createEdges(ctx, tx, edges.created); err != nil {
		return err
	}
	return rows(ctx, tx, updateEdgesCypher, "rows", edges.changed)
}

func (b *batch) createEdges(ctx context.Context, tx *transaction, ids []store.ID) error {
	statements := map[string][]any{}
	for _, id := range ids {
		e := b.edges[id]
		cypher := fmt.Sprintf(createEdgesCypher, b.label(e.from), b.label(e.to), b.cat.rels[e.rel])
		statements[cypher] = append(statements[cypher], map[string]any{
			"from": string(e.from), "to": string(e.to), "props": edgeProps(id, e),
		})
	}
	for _, cypher := range slices.Sorted(maps.Keys(statements)) {
		made, err := tx.run(ctx, cypher, params{"rows": statements[cypher]})
		if err != nil {
			return err
		}
		if len(made) != 1 {
			return unexpected("count", made)
		}
		n, err := integer(made[0][0])
		if err != nil {
			return err
		}
		if n != int64(len(statements[cypher])) {
			return errAbsentEnd
		}
	}
	return nil
}

// rows runs a statement over a list, if there is anything in it.
func rows[T any](ctx context.Context, tx *transaction, cypher, name string, list []T) error {
	if len(list) == 0 {
		return nil
	}
	_, err := tx.run(ctx, cypher, params{name: list})
	return err
}

// edgeDiff is what is to be written of edges: elements that go, rows that
// change, and the ids of those that are to be created.
type edgeDiff struct {
	gone    []string
	changed []any
	created []store.ID
}

func (b *batch) edgeRows() edgeDiff {
	var d edgeDiff
	for _, id := range slices.Sorted(maps.Keys(b.edges)) {
		is, was := b.edges[id], b.edgeWas[id]
		stays := is.version > 0 && was.version > 0 && is.rel == was.rel && is.from == was.from && is.to == was.to
		switch {
		case stays && is.version == was.version && equalProps(is.props, was.props):
		case stays:
			d.changed = append(d.changed, map[string]any{"at": b.edgeElements[id], "props": edgeProps(id, is)})
		default:
			if was.version > 0 {
				d.gone = append(d.gone, b.edgeElements[id])
			}
			if is.version > 0 {
				d.created = append(d.created, id)
			}
		}
	}
	return d
}

func edgeProps(id store.ID, e edgeState) map[string]any {
	m := make(map[string]any, len(e.props)+2)
	for name, v := range e.props {
		m[name] = toCypher(v)
	}
	m["id"], m["version"] = string(id), e.version
	return m
}

// stored gives the properties that a node is stored with.
func (c *catalog) stored(id store.ID, n nodeState) map[string]any {
	m := make(map[string]any, len(n.props)+3)
	for name, v := range n.props {
		m[name] = toCypher(v)
	}
	for _, p := range c.kinds[n.kind].Props {
		if _, ok := n.props[p.Name]; p.Sort && !ok {
			m[absentPrefix+p.Name] = true
		}
	}
	if n.text != "" {
		m[textHash] = n.text
	}
	if keys := c.keys(n); keys != "" {
		m[keysProp] = keys
	}
	m["id"], m["version"] = string(id), n.version
	return m
}

// nodeDiff is what is to be written of nodes.
type nodeDiff struct {
	gone    []string
	changed []any
	// created are rows by their statement; newText are the ids of nodes that
	// were there and get tokens, oldText the elements of those that lose them.
	created map[string][]any
	newText []store.ID
	oldText []string
	// words counts by how many things more or fewer have each word.
	words map[string]int64
}

func (b *batch) nodeRows() nodeDiff {
	d := nodeDiff{created: map[string][]any{}, words: map[string]int64{}}
	for _, id := range slices.Sorted(maps.Keys(b.nodes)) {
		is, was := b.nodes[id], b.nodeWas[id]
		stays := is.version > 0 && was.version > 0 && is.kind == was.kind
		if stays && is.version == was.version && is.text == was.text && equalProps(is.props, was.props) {
			continue
		}
		at := b.nodeElements[id]
		if stays {
			d.changed = append(d.changed, map[string]any{"at": at, "props": b.cat.stored(id, is)})
			if tokensOf(is.text) == tokensOf(was.text) {
				continue
			}
		}
		if was.text != "" {
			d.oldText = append(d.oldText, at)
		}
		switch {
		case stays && is.text != "":
			d.newText = append(d.newText, id)
		case stays:
		default:
			if was.version > 0 {
				d.gone = append(d.gone, at)
			}
			if is.version > 0 {
				b.create(d, id)
			}
		}
	}
	return d
}

// create adds what creates a node.
func (b *batch) create(d nodeDiff, id store.ID) {
	n := b.nodes[id]
	row, cypher := map[string]any{"props": b.cat.stored(id, n)}, createNodesCypher
	if n.text != "" {
		row["fields"], cypher = b.fields(id), createTextsCypher
		b.count(d, id)
	}
	cypher = fmt.Sprintf(cypher, ident(n.kind)+":"+b.label(id))
	d.created[cypher] = append(d.created[cypher], row)
}

// count counts the words of a node that gets tokens.
func (b *batch) count(d nodeDiff, id store.ID) {
	for _, w := range distinctWords(b.nodes[id].tokens[b.cat.schema.Text[0]]) {
		d.words[w]++
	}
}

func (b *batch) writeNodes(ctx context.Context, tx *transaction) error {
	d := b.nodeRows()
	if err := b.forget(ctx, tx, d); err != nil {
		return err
	}
	if err := rows(ctx, tx, deleteNodesCypher, "elements", d.gone); err != nil {
		return err
	}
	for _, cypher := range slices.Sorted(maps.Keys(d.created)) {
		if err := rows(ctx, tx, cypher, "rows", d.created[cypher]); err != nil {
			return err
		}
	}
	if err := rows(ctx, tx, updateNodesCypher, "rows", d.changed); err != nil {
		return err
	}
	var texts []any
	for _, id := range d.newText {
		texts = append(texts, map[string]any{"at": b.nodeElements[id], "fields": b.fields(id)})
		b.count(d, id)
	}
	if err := rows(ctx, tx, addTextCypher, "rows", texts); err != nil {
		return err
	}
	return writeWords(ctx, tx, d.words)
}

// forget takes what no longer holds out of the search index.
func (b *batch) forget(ctx context.Context, tx *transaction, d nodeDiff) error {
	if len(d.oldText) == 0 {
		return nil
	}
	old, err := tx.run(ctx, oldWordsCypher, params{"elements": d.oldText, "field": b.cat.schema.Text[0]})
	if err != nil {
		return err
	}
	for _, r := range old {
		// A node whose first field is empty has no words.
		words, _ := r[0].(string)
		for _, w := range distinctWords(words) {
			d.words[w]--
		}
	}
	return rows(ctx, tx, dropTextCypher, "elements", d.oldText)
}

// fields are the properties of the node that holds a thing's tokens.
func (b *batch) fields(id store.ID) map[string]any {
	n := b.nodes[id]
	m := map[string]any{"id": string(id), kindField: string(n.kind)}
	for f, t := range n.tokens {
		if t != "" {
			m[f] = t
		}
	}
	return m
}

func distinctWords(field string) []string {
	words := strings.FieldsFunc(field, func(r rune) bool { return r == ' ' })
	slices.Sort(words)
	return slices.Compact(words)
}

// writeWords adds to the numbers of things that have each word, and keeps the
// words that any thing has.
func writeWords(ctx context.Context, tx *transaction, words map[string]int64) error {
	var more, fewer []any
	for _, w := range slices.Sorted(maps.Keys(words)) {
		switch n := words[w]; {
		case n > 0:
			more = append(more, map[string]any{"word": w, "uses": n})
		case n < 0:
			fewer = append(fewer, map[string]any{"word": w, "uses": -n})
		}
	}
	if err := rows(ctx, tx, addWordsCypher, "rows", more); err != nil {
		return err
	}
	return rows(ctx, tx, dropWordsCypher, "rows", fewer)
}
