package neo4j

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"coopgraph/store"
)

// kindField is the field of the search index that holds the kind: a filter
// behind the index's limit would lose hits.
const kindField = "_kind"

// maxClauses is the number of terms that Lucene takes in one group.
const maxClauses = 1000

// noMatch is a query that nothing matches: the name of a kind holds no space.
const noMatch = kindField + `:"- -"`

// searchCypher answers each query with its hits in the order of their ids.
// %s is the projection of the things.
const searchCypher = `
UNWIND range(0, size($queries) - 1) AS i
WITH i, $queries[i] AS q
CALL (q) {
  CALL db.index.fulltext.queryNodes($index, q.text, q.options) YIELD node
  WITH q, node
  ORDER BY node.id
  WITH q, collect(node)[..q.limit] AS nodes
  UNWIND nodes AS t
  MATCH (n:Thing)-[:_SEARCH]->(t)
  RETURN collect([%s, COUNT { (n)--() } - COUNT { (n)-[:_SEARCH]-() }]) AS hits
}
RETURN i, hits
ORDER BY i`

// Search implements store.Reader.
func (s *Store) Search(ctx context.Context, qs []store.Query) ([]store.Result, error) {
	statement, values, err := s.cat.search(qs)
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	if len(qs) == 0 {
		return nil, nil
	}
	rows, err := s.read(ctx, "search", statement.cypher, values)
	if err != nil {
		return nil, err
	}
	if len(rows) != len(qs) {
		return nil, unexpected("results", rows)
	}
	results := make([]store.Result, len(qs))
	for i, r := range rows {
		hits, err := list(r[1])
		if err != nil {
			return nil, err
		}
		if results[i].More = len(hits) > qs[i].Limit; results[i].More {
			hits = hits[:qs[i].Limit]
		}
		for _, h := range hits {
			row, err := list(h)
			if err != nil {
				return nil, err
			}
			n, err := s.cat.node(row, statement.props)
			if err != nil {
				return nil, err
			}
			if n.Degree, err = integer(row[len(row)-1]); err != nil {
				return nil, err
			}
			n.Props = only(n.Props, qs[i].Props)
			results[i].Hits = append(results[i].Hits, n)
		}
	}
	return results, nil
}

// only leaves the properties that one of several queries asked for.
func only(props store.Props, names []string) store.Props {
	if len(names) == 1 && names[0] == store.All {
		return props
	}
	maps.DeleteFunc(props, func(name string, _ any) bool { return !slices.Contains(names, name) })
	return props
}

type searchStatement struct {
	cypher string
	props  projection
}

func (c *catalog) search(qs []store.Query) (searchStatement, params, error) {
	queries := make([]any, len(qs))
	var names []string
	for i, q := range qs {
		text, err := c.lucene(q)
		if err != nil {
			return searchStatement{}, nil, err
		}
		limit := int64(q.Limit) + 1
		options := map[string]any{"limit": limit}
		if q.Lowest {
			options = map[string]any{}
		}
		queries[i] = map[string]any{"text": text, "limit": limit, "options": options}
		names = append(names, q.Props...)
	}
	if slices.Contains(names, store.All) {
		names = []string{store.All}
	}
	props, err := project(names, nil, c.nodeProp(nil))
	if err != nil {
		return searchStatement{}, nil, err
	}
	values := params{"index": c.searchIndex(), "queries": queries}
	return searchStatement{fmt.Sprintf(searchCypher, nodeExpr("n", props)), props}, values, nil
}

// lucene renders a query in Lucene's syntax, in which no token has a meaning:
// whole ones are quoted, and of a prefix each character is escaped.
func (c *catalog) lucene(q store.Query) (string, error) {
	if q.Limit < 1 {
		return "", fmt.Errorf("%w: a limit of %d", store.ErrInvalid, q.Limit)
	}
	var parts []string
	for _, group := range q.All {
		if len(group) == 0 {
			return noMatch, nil
		}
		text, err := c.terms(group)
		if err != nil {
			return "", err
		}
		parts = append(parts, "+("+text+")")
	}
	if len(q.None) > 0 {
		text, err := c.terms(q.None)
		if err != nil {
			return "", err
		}
		parts = append(parts, "-("+text+")")
	}
	kinds := q.Kinds
	if len(kinds) == 0 && len(q.All) == 0 {
		// Lucene finds nothing where it is only told what must not match.
		kinds = c.public
	}
	defs, err := c.kindsOf(kinds)
	if err != nil {
		return "", err
	}
	if len(defs) > 0 {
		var kinds []string
		for _, d := range defs {
			kinds = append(kinds, kindField+":"+phrase(string(d.Kind)))
		}
		parts = append(parts, "+("+strings.Join(kinds, " ")+")")
	}
	return strings.Join(parts, " "), nil
}

func (c *catalog) terms(group []store.Term) (string, error) {
	if len(group) > maxClauses {
		return "", fmt.Errorf("%w: a group of %d terms", store.ErrInvalid, len(group))
	}
	out := make([]string, len(group))
	for i, t := range group {
		if !slices.Contains(c.schema.Text, t.Field) {
			return "", fmt.Errorf("%w: there is no text field %q", store.ErrInvalid, t.Field)
		}
		if !isToken(t.Token) {
			return "", fmt.Errorf("%w: a search token is empty or holds a space", store.ErrInvalid)
		}
		if t.Prefix {
			out[i] = t.Field + ":" + escape(t.Token) + "*"
		} else {
			out[i] = t.Field + ":" + phrase(t.Token)
		}
	}
	return strings.Join(out, " "), nil
}

// isToken says whether the index can hold s as one token: its analyzer parts
// text at every white space.
func isToken(s string) bool {
	return s != "" && utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r)
	})
}

// escape takes its meaning from each character of a prefix. Letters and digits
// have none, and an escaped u would start a code.
func escape(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

var phraseEscapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`)

// phrase quotes text for Lucene: only the quote and the backslash have a
// meaning between quotes.
func phrase(s string) string { return `"` + phraseEscapes.Replace(s) + `"` }
