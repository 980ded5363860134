package neo4j

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strings"

	"coopgraph/store"
)

const createNodesCypher = `
UNWIND $rows AS row
CREATE (n:$(row.labels))
SET n = row.props
RETURN n.id, elementId(n)`

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

const createEdgesCypher = `
UNWIND $rows AS row
MATCH (a)
WHERE elementId(a) = row.from
MATCH (b)
WHERE elementId(b) = row.to
CREATE (a)-[e:$(row.rel)]->(b)
SET e = row.props`

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

const addKeysCypher = `
UNWIND $rows AS row
MATCH (n)
WHERE elementId(n) = row.at
UNWIND row.keys AS name
MERGE (key:LookupKey {key: name})
ON CREATE SET key:Bookkeeping
CREATE (key)<-[:_KEY]-(n)`

const dropKeysCypher = `
UNWIND $rows AS row
MATCH (n)
WHERE elementId(n) = row.at
UNWIND row.keys AS name
MATCH (key:LookupKey {key: name})<-[r:_KEY]-(n)
DELETE r
WITH DISTINCT key
WHERE NOT EXISTS { (key)--() }
DELETE key`

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

const loadWordsCypher = `
UNWIND $words AS word
MATCH (w:SearchWord {word: word})
USING INDEX w:SearchWord(word)
RETURN w.word, w.uses`

const addWordsCypher = `
UNWIND $rows AS row
CREATE (w:SearchWord:Bookkeeping {word: row.word, spaced: ' ' + row.word + ' ', uses: row.uses})`

const countWordsCypher = `
UNWIND $rows AS row
MATCH (w:SearchWord {word: row.word})
USING INDEX w:SearchWord(word)
SET w.uses = row.uses`

const dropWordsCypher = `
UNWIND $words AS word
MATCH (w:SearchWord {word: word})
USING INDEX w:SearchWord(word)
DELETE w`

// lookupKey names the node that stands for an element of a list property.
// Text that is too long for an index is named by its hash: whoever reads a
// key reads the property too.
func lookupKey(prop, value string) string {
	if len(value) > 1000 {
		sum := sha256.Sum256([]byte(value))
		value = "#" + hex.EncodeToString(sum[:])
	}
	return prop + "=" + value
}

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
	created := make([]any, len(edges.created))
	for i, id := range edges.created {
		e := b.edges[id]
		created[i] = map[string]any{
			"rel": string(e.rel), "from": b.nodeElements[e.from], "to": b.nodeElements[e.to], "props": edgeProps(id, e),
		}
	}
	if err := rows(ctx, tx, createEdgesCypher, "rows", created); err != nil {
		return err
	}
	return rows(ctx, tx, updateEdgesCypher, "rows", edges.changed)
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
	m["id"], m["version"] = string(id), n.version
	return m
}

// keys gives the lookup keys of a node's lists.
func (c *catalog) keys(n nodeState) map[string]bool {
	keys := map[string]bool{}
	for _, p := range c.kinds[n.kind].Props {
		if values, ok := n.props[p.Name].([]string); ok && p.Lookup {
			for _, v := range values {
				keys[lookupKey(p.Name, v)] = true
			}
		}
	}
	return keys
}

// minus gives the keys of a that b has not, in order.
func minus(a, b map[string]bool) []string {
	var out []string
	for k := range a {
		if !b[k] {
			out = append(out, k)
		}
	}
	slices.Sort(out)
	return out
}

// nodeDiff is what is to be written of nodes.
type nodeDiff struct {
	gone             []string
	created, changed []any
	// newKeys and newText are the ids of nodes that get keys or tokens.
	newKeys map[store.ID][]string
	newText []store.ID
	oldKeys []any
	oldText []string
	// words counts by how many things more or fewer have each word.
	words map[string]int64
}

func (b *batch) nodeRows() nodeDiff {
	d := nodeDiff{newKeys: map[store.ID][]string{}, words: map[string]int64{}}
	for _, id := range slices.Sorted(maps.Keys(b.nodes)) {
		is, was := b.nodes[id], b.nodeWas[id]
		stays := is.version > 0 && was.version > 0 && is.kind == was.kind
		if stays && is.version == was.version && is.text == was.text && equalProps(is.props, was.props) {
			continue
		}
		at := b.nodeElements[id]
		var had, has map[string]bool
		if was.version > 0 {
			had = b.cat.keys(was)
		}
		if is.version > 0 {
			has = b.cat.keys(is)
		}
		if old := minus(had, has); len(old) > 0 && stays {
			d.oldKeys = append(d.oldKeys, map[string]any{"at": at, "keys": old})
		}
		if stays {
			d.changed = append(d.changed, map[string]any{"at": at, "props": b.cat.stored(id, is)})
		} else {
			if was.version > 0 {
				d.gone = append(d.gone, at)
				if len(had) > 0 {
					d.oldKeys = append(d.oldKeys, map[string]any{"at": at, "keys": minus(had, nil)})
				}
				had = nil
			}
			if is.version > 0 {
				d.created = append(d.created, map[string]any{"labels": labelsOf(b.cat.kinds[is.kind]), "props": b.cat.stored(id, is)})
			}
		}
		if keys := minus(has, had); len(keys) > 0 {
			d.newKeys[id] = keys
		}
		if stays && tokensOf(is.text) == tokensOf(was.text) {
			continue
		}
		if was.text != "" {
			d.oldText = append(d.oldText, at)
		}
		if is.text != "" {
			d.newText = append(d.newText, id)
		}
	}
	return d
}

func (b *batch) writeNodes(ctx context.Context, tx *transaction) error {
	d := b.nodeRows()
	if err := b.forget(ctx, tx, d); err != nil {
		return err
	}
	if err := rows(ctx, tx, deleteNodesCypher, "elements", d.gone); err != nil {
		return err
	}
	if len(d.created) > 0 {
		made, err := tx.run(ctx, createNodesCypher, params{"rows": d.created})
		if err != nil {
			return err
		}
		for _, r := range made {
			id, err := text(r[0])
			if err != nil {
				return err
			}
			if b.nodeElements[store.ID(id)], err = text(r[1]); err != nil {
				return err
			}
		}
	}
	if err := rows(ctx, tx, updateNodesCypher, "rows", d.changed); err != nil {
		return err
	}
	var keys, texts []any
	for _, id := range slices.Sorted(maps.Keys(d.newKeys)) {
		keys = append(keys, map[string]any{"at": b.nodeElements[id], "keys": d.newKeys[id]})
	}
	for _, id := range d.newText {
		texts = append(texts, map[string]any{"at": b.nodeElements[id], "fields": b.fields(id)})
		for _, w := range distinctWords(b.nodes[id].tokens[b.cat.schema.Text[0]]) {
			d.words[w]++
		}
	}
	if err := rows(ctx, tx, addKeysCypher, "rows", keys); err != nil {
		return err
	}
	if err := rows(ctx, tx, addTextCypher, "rows", texts); err != nil {
		return err
	}
	return writeWords(ctx, tx, d.words)
}

// forget takes what no longer holds out of the keys and the search index.
func (b *batch) forget(ctx context.Context, tx *transaction, d nodeDiff) error {
	if err := rows(ctx, tx, dropKeysCypher, "rows", d.oldKeys); err != nil {
		return err
	}
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
	maps.DeleteFunc(words, func(_ string, n int64) bool { return n == 0 })
	if len(words) == 0 {
		return nil
	}
	known, err := tx.run(ctx, loadWordsCypher, params{"words": slices.Sorted(maps.Keys(words))})
	if err != nil {
		return err
	}
	var counted, added []any
	var unused []string
	for _, r := range known {
		word, err := text(r[0])
		if err != nil {
			return err
		}
		uses, err := integer(r[1])
		if err != nil {
			return err
		}
		if uses += words[word]; uses > 0 {
			counted = append(counted, map[string]any{"word": word, "uses": uses})
		} else {
			unused = append(unused, word)
		}
		delete(words, word)
	}
	for _, w := range slices.Sorted(maps.Keys(words)) {
		if words[w] > 0 {
			added = append(added, map[string]any{"word": w, "uses": words[w]})
		}
	}
	if err := rows(ctx, tx, dropWordsCypher, "words", unused); err != nil {
		return err
	}
	if err := rows(ctx, tx, countWordsCypher, "rows", counted); err != nil {
		return err
	}
	return rows(ctx, tx, addWordsCypher, "rows", added)
}
