package sqlite

import (
	"context"
	"database/sql/driver"
	"slices"
	"strings"
	"unicode/utf8"

	"coopgraph/store"
)

// match renders a query in FTS5's syntax; "" matches nothing. Every token is
// quoted and holds only what plainTokens leaves.
func (s *Store) match(ctx context.Context, c *conn, q store.Query) (string, error) {
	if q.Limit < 1 {
		return "", invalid("a search for %d hits", q.Limit)
	}
	kinds := `"` + anyKind + `"`
	if len(q.Kinds) > 0 {
		list, err := s.kindList(q.Kinds)
		if err != nil {
			return "", err
		}
		tokens := make([]string, len(list))
		for i, k := range list {
			tokens[i] = `"` + kindToken(k.code) + `"`
		}
		kinds = strings.Join(tokens, " OR ")
	}
	var b strings.Builder
	nothing := false
	for _, group := range q.All {
		nothing = nothing || len(group) == 0
		b.WriteString("(")
		if err := s.terms(ctx, c, &b, group); err != nil {
			return "", err
		}
		b.WriteString(") AND ")
	}
	b.WriteString("(kind : (" + kinds + "))")
	if len(q.None) > 0 {
		b.WriteString(" NOT (")
		if err := s.terms(ctx, c, &b, q.None); err != nil {
			return "", err
		}
		b.WriteString(")")
	}
	if nothing {
		return "", nil
	}
	return b.String(), nil
}

func (s *Store) terms(ctx context.Context, c *conn, b *strings.Builder, terms []store.Term) error {
	for i, t := range terms {
		if !slices.Contains(s.text, t.Field) {
			return invalid("text field %q is not declared", t.Field)
		}
		if t.Token == "" || strings.ContainsAny(t.Token, " \x00") {
			return invalid("a search token is empty or holds a space")
		}
		if i > 0 {
			b.WriteString(" OR ")
		}
		words := []string(nil)
		if t.Prefix && t.Field == s.text[0] {
			var err error
			if words, err = c.wordsFrom(ctx, t.Token); err != nil {
				return err
			}
		}
		if len(words) == 0 || len(words) > fewWords {
			b.WriteString("t_" + t.Field + ` : "` + plainTokens(t.Token) + `"`)
			if t.Prefix {
				b.WriteString(" *")
			}
			continue
		}
		b.WriteString("t_" + t.Field + ` : (`)
		for j, w := range words {
			if j > 0 {
				b.WriteString(" OR ")
			}
			b.WriteString(`"` + plainTokens(w) + `"`)
		}
		b.WriteString(")")
	}
	return nil
}

// fewWords is the number of words up to which each is asked for instead of the
// prefix that they share: FTS5 merges all documents of a prefix before it gives
// the first, those of words as they are read.
const fewWords = 32

const selectWordsFrom = `
SELECT word
FROM word
WHERE word >= ?1
  AND word < ?2
LIMIT 0 + ?3`

// wordsFrom gives the words of the first text field that begin so: some more
// than fewWords where there are more.
func (c *conn) wordsFrom(ctx context.Context, prefix string) (words []string, err error) {
	err = c.query(ctx, selectWordsFrom, []any{prefix, prefix + string(utf8.MaxRune), int64(fewWords) + 1}, func(row []driver.Value) error {
		words = append(words, text(row[0]))
		return nil
	})
	return words, err
}
