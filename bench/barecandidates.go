package main

import (
	"context"
	"strings"
	"sync"
	"unicode"

	"coopgraph/store"
)

// candidatesCypher finds by hand what the program weighs for a search: all that
// it asks the index for, one question after the other, at once.
const candidatesCypher = `
UNWIND $queries AS q
CALL (q) {
  CALL db.index.fulltext.queryNodes($index, q.text, q.options) YIELD node
  WITH q, node
  ORDER BY node.id
  WITH q.limit AS most, collect(node) AS nodes
  UNWIND nodes[..most] AS t
  MATCH (n:Thing)-[:_SEARCH]->(t)
  RETURN labels(n) AS kinds, n.id AS id, n.labels AS names, COUNT { (n)--() } AS degree
}
RETURN kinds, id, names, degree`

// hitsCypher reads by hand what the answer shows of its hits.
const hitsCypher = `
UNWIND $ids AS id
MATCH (n:Thing {id: id})
RETURN labels(n), n.id, n.names`

// candidates is what one request asked the store.
type candidates struct {
	queries []store.Query
	ids     []store.ID
	// edges are the edges that were read, by their relations; walks the steps
	// from one thing to the next.
	edges map[store.Rel][]store.ID
	walks []walk
}

// witness is a store that notes, while it is asked to, which candidates are
// looked for and what is read of them.
type witness struct {
	store.Store
	mu    sync.Mutex
	notes *candidates
}

// note runs a request and gives what it asked.
func (w *witness) note(request func() error) (candidates, error) {
	w.mu.Lock()
	w.notes = &candidates{edges: map[store.Rel][]store.ID{}}
	w.mu.Unlock()
	err := request()
	w.mu.Lock()
	defer w.mu.Unlock()
	notes := *w.notes
	w.notes = nil
	return notes, err
}

func (w *witness) add(note func(*candidates)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.notes != nil {
		note(w.notes)
	}
}

// Search implements store.Reader.
func (w *witness) Search(ctx context.Context, qs []store.Query) ([]store.Result, error) {
	w.add(func(c *candidates) { c.queries = append(c.queries, qs...) })
	return w.Store.Search(ctx, qs)
}

// Nodes implements store.Reader.
func (w *witness) Nodes(ctx context.Context, ids []store.ID) (map[store.ID]store.Node, error) {
	w.add(func(c *candidates) { c.ids = append(c.ids, ids...) })
	return w.Store.Nodes(ctx, ids)
}

// Edges implements store.Reader.
func (w *witness) Edges(ctx context.Context, rels []store.Rel, f store.Filter, p store.Paging) (store.Page[store.Edge], error) {
	page, err := w.Store.Edges(ctx, rels, f, p)
	w.add(func(c *candidates) {
		for _, e := range page.Items {
			c.edges[e.Rel] = append(c.edges[e.Rel], e.ID)
		}
	})
	return page, err
}

// Expand implements store.Reader.
func (w *witness) Expand(ctx context.Context, from []store.ID, tree []store.Step) (map[store.ID][]store.Page[store.Hop], error) {
	pages, err := w.Store.Expand(ctx, from, tree)
	w.add(func(c *candidates) { c.walk(pages, tree) })
	return pages, err
}

// values are the parameters of the statements above, and the reads to be made
// beside them.
func (c candidates) values(index string) map[string]any {
	queries := make([]any, len(c.queries))
	for i, q := range c.queries {
		limit := int64(q.Limit) + 1
		options := map[string]any{"limit": limit}
		if q.Lowest {
			options = map[string]any{}
		}
		queries[i] = map[string]any{"text": luceneText(q), "limit": limit, "options": options}
	}
	return map[string]any{"index": index, "queries": queries, "ids": idTexts(c.ids), "reads": c.reads()}
}

// luceneText is the query in Lucene's syntax.
func luceneText(q store.Query) string {
	var parts []string
	for _, group := range q.All {
		parts = append(parts, "+("+luceneTerms(group)+")")
	}
	if len(q.None) > 0 {
		parts = append(parts, "-("+luceneTerms(q.None)+")")
	}
	if len(q.Kinds) > 0 {
		kinds := make([]string, len(q.Kinds))
		for i, k := range q.Kinds {
			kinds[i] = `_kind:"` + string(k) + `"`
		}
		parts = append(parts, "+("+strings.Join(kinds, " ")+")")
	}
	return strings.Join(parts, " ")
}

func luceneTerms(group []store.Term) string {
	terms := make([]string, len(group))
	for i, t := range group {
		terms[i] = t.Field + ":" + escaped(t.Token)
		if t.Prefix {
			terms[i] += "*"
		}
	}
	return strings.Join(terms, " ")
}

// escaped takes from each character the meaning that it has for Lucene.
func escaped(token string) string {
	var b strings.Builder
	for _, r := range token {
		if r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}
