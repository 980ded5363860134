package sqlite

import (
	"bytes"
	"cmp"
	"context"
	"database/sql/driver"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"coopgraph/store"
)

const (
	deleteDocument = `
DELETE FROM search
WHERE rowid = ?`

	upsertText = `
INSERT INTO text (n, hash, analysis, words)
VALUES (?, ?, ?, ?)
ON CONFLICT (n) DO UPDATE SET hash = excluded.hash, analysis = excluded.analysis, words = excluded.words`

	deleteText = `
DELETE FROM text
WHERE n = ?`

	selectHits = `
SELECT n.id, n.kind, n.version, n.degree, b.props
FROM search s
CROSS JOIN node n ON n.n = s.rowid
LEFT JOIN body b ON b.n = n.n AND ?2
WHERE s.search MATCH ?1
LIMIT 0 + ?3`

	// Which ids are lowest is known only when all are seen: the first pass
	// reads no properties.
	selectLowest = `
SELECT n.id, n.kind, n.version, n.degree, b.props
FROM (
  SELECT m.n
  FROM search s
  CROSS JOIN node m ON m.n = s.rowid
  WHERE s.search MATCH ?1
  ORDER BY m.id
  LIMIT 0 + ?3
) k
CROSS JOIN node n ON n.n = k.n
LEFT JOIN body b ON b.n = n.n AND ?2`
)

// anyKind is the token that every document has in the field kind; the other
// is kindToken.
const anyKind = "k"

func kindToken(code int64) string { return "k" + strconv.FormatInt(code, 10) }

// flushText brings the text index, and what goes with it, from what was stored
// to what the batch leaves.
func (b *batch) flushText(ctx context.Context) error {
	words := map[string]int64{}
	erased := false
	var docs []docChange
	for _, row := range b.nodeList {
		was, is := &row.was, &row.is
		if row.gone() {
			if was.hash != nil {
				docs = append(docs, docChange{n: was.n, gone: true})
			}
			countWords(words, was.words, "")
			was = &nodeState{}
		}
		switch {
		case bytes.Equal(was.hash, is.hash):
			if is.made != was.made && is.hash != nil {
				if err := b.c.exec(upsertText, is.n, is.hash, is.made, is.words); err != nil {
					return err
				}
			}
			continue
		case is.hash == nil:
			docs = append(docs, docChange{n: is.n, gone: true})
		default:
			docs = append(docs, docChange{n: is.n, gone: was.hash != nil, put: is})
		}
		countWords(words, was.words, is.words)
	}
	slices.SortFunc(docs, func(x, y docChange) int { return cmp.Compare(x.n, y.n) })
	for _, d := range docs {
		var err error
		if d.put != nil {
			err = b.c.exec(upsertText, d.n, d.put.hash, d.put.made, d.put.words)
		} else {
			erased = true
			err = b.c.exec(deleteText, d.n)
		}
		if err != nil {
			return err
		}
	}
	if erased {
		if err := b.c.exec(upsertMeta, "purge", "1"); err != nil {
			return err
		}
	}
	if err := b.flushWords(ctx, words); err != nil {
		return err
	}
	return b.writeDocs(docs)
}

// docChange takes a node's document out of the text index, puts one in, or
// both.
type docChange struct {
	n    int64
	gone bool
	put  *nodeState
}

// writeDocs writes documents in the order of their numbers: FTS5 writes out
// what it holds back when a number is lower than the one before.
func (b *batch) writeDocs(docs []docChange) error {
	for _, d := range docs {
		if d.gone {
			if err := b.c.exec(deleteDocument, d.n); err != nil {
				return err
			}
		}
		if d.put == nil {
			continue
		}
		args := make([]any, 0, len(d.put.fields)+2)
		args = append(args, d.n, anyKind+" "+kindToken(d.put.kind.code))
		for _, f := range d.put.fields {
			args = append(args, f)
		}
		if err := b.c.exec(b.documentInsert, args...); err != nil {
			return err
		}
	}
	return nil
}

// purge writes the text indexes anew where a node has left them: FTS5 only
// marks the tokens of a deleted document, and what is erased must leave the
// file.
func purge(ctx context.Context, c *conn) error {
	due, err := c.value(ctx, selectMeta, "purge")
	if err != nil || text(due) != "1" {
		return err
	}
	for _, q := range []string{
		"INSERT INTO search (search) VALUES ('optimize')",
		"INSERT INTO gram (gram) VALUES ('optimize')",
	} {
		if _, err := c.execute(ctx, q); err != nil {
			return err
		}
	}
	return c.exec(upsertMeta, "purge", "0")
}

// plainTokens makes tokens that FTS5's tokenizer keeps whole and apart: all
// but ASCII small letters, digits and "_" is written as the private character
// U+E000, the number in hexadecimal and U+E001. What is equal or a prefix stays
// so; nothing depends on the tokenizer's tables of letters and cases.
func plainTokens(s string) string {
	if !slices.ContainsFunc([]byte(s), func(c byte) bool { return !plain(rune(c)) && c != ' ' }) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if r == ' ' || plain(r) {
			b.WriteRune(r)
		} else {
			b.WriteRune('\uE000')
			b.WriteString(strconv.FormatInt(int64(r), 16))
			b.WriteRune('\uE001')
		}
	}
	return b.String()
}

func plain(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '_'
}

// Search answers each query from the text index.
func (s *Store) Search(ctx context.Context, qs []store.Query) ([]store.Result, error) {
	results := make([]store.Result, len(qs))
	err := s.read(ctx, func(c *conn) error {
		for i, q := range qs {
			var err error
			if results[i], err = s.search(ctx, c, q); err != nil {
				return fmt.Errorf("search %d: %w", i, err)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return results, nil
}

func (s *Store) search(ctx context.Context, c *conn, q store.Query) (store.Result, error) {
	var r store.Result
	match, err := s.match(ctx, c, q)
	if err != nil {
		return r, err
	}
	want, err := s.nodeProjection(q.Props)
	if err != nil {
		return r, err
	}
	if match == "" {
		return r, nil
	}
	for _, name := range s.nodeWalk {
		if want.want != nil && !slices.Contains(q.Props, name) {
			delete(want.want, name)
		}
	}
	var rows []hitRow
	collect := func(row []driver.Value) error {
		rows = append(rows, hitRow{text(row[0]), integer(row[1]), integer(row[2]), integer(row[3]), text(row[4])})
		return nil
	}
	limit := int64(q.Limit) + 1
	props, _ := column(len(q.Props) > 0)
	query := selectHits
	if q.Lowest {
		query = selectLowest
	}
	if err := c.queryLong(ctx, query, []any{match, props, limit}, collect); err != nil {
		return r, err
	}
	if q.Lowest {
		slices.SortFunc(rows, byHitID)
	}
	if r.More = len(rows) > q.Limit; r.More {
		rows = rows[:q.Limit]
	}
	slices.SortFunc(rows, byHitID)
	r.Hits = make([]store.Node, len(rows))
	for i, h := range rows {
		k := s.kindOf(h.kind)
		r.Hits[i] = store.Node{ID: store.ID(h.id), Kind: k.name, Version: h.version, Degree: h.degree}
		if len(q.Props) > 0 {
			if r.Hits[i].Props, err = k.decode(h.props, want.want); err != nil {
				return r, err
			}
		}
	}
	return r, nil
}

type hitRow struct {
	id                    string
	kind, version, degree int64
	props                 string
}

func byHitID(a, b hitRow) int { return strings.Compare(a.id, b.id) }
