package sqlite

import (
	"context"
	"database/sql/driver"
	"fmt"
	"slices"
	"strings"

	"coopgraph/store"
)

const (
	selectMeta = `
SELECT value
FROM meta
WHERE name = ?`

	upsertMeta = `
INSERT INTO meta (name, value)
VALUES (?, ?)
ON CONFLICT (name) DO UPDATE SET value = excluded.value`

	selectNames = `
SELECT code, what, name
FROM name`

	insertName = `
INSERT INTO name (what, name)
VALUES (?, ?)
RETURNING code`

	selectColumns = `
SELECT name
FROM pragma_table_info('node')`

	selectNodeIndexes = `
SELECT name
FROM sqlite_schema
WHERE type = 'index'
  AND tbl_name = 'node'
  AND name LIKE 'node\_s\_%' ESCAPE '\'`

	// The page of a rebuild: by number, so that it can go on where it stopped.
	selectNodesFrom = `
SELECT n.n, n.kind, b.props
FROM node n
CROSS JOIN body b ON b.n = n.n
WHERE n.n > ?
ORDER BY n.n
LIMIT 0 + ?`

	selectEdgesFrom = `
SELECT e, id, rel, src, dst, version, props
FROM edge
WHERE e > ?
ORDER BY e
LIMIT 0 + ?`
)

const rebuildPage = 2000

// build numbers the names of the schema and brings the tables that depend on
// it up to date: where the schema differs from the one they were made for,
// they are made again from node and edge.
func (s *Store) build(ctx context.Context, c *conn) (err error) {
	if err := c.exec("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = c.exec("ROLLBACK")
		}
	}()
	if err := s.number(ctx, c); err != nil {
		return err
	}
	if err := s.buildSearch(ctx, c); err != nil {
		return err
	}
	made, err := c.value(ctx, selectMeta, "layout")
	if err != nil {
		return err
	}
	if text(made) != s.fingerprint() {
		if err := s.rebuild(ctx, c); err != nil {
			return fmt.Errorf("index for the schema: %w", err)
		}
		if err := c.exec(upsertMeta, "layout", s.fingerprint()); err != nil {
			return err
		}
	}
	return c.exec("COMMIT")
}

// number gives each kind, relation and lookup property its code.
func (s *Store) number(ctx context.Context, c *conn) error {
	known := map[[2]string]int64{}
	err := c.query(ctx, selectNames, nil, func(row []driver.Value) error {
		known[[2]string{text(row[1]), text(row[2])}] = integer(row[0])
		return nil
	})
	if err != nil {
		return err
	}
	code := func(what, name string) (int64, error) {
		if n, ok := known[[2]string{what, name}]; ok {
			return n, nil
		}
		v, err := c.value(ctx, insertName, what, name)
		known[[2]string{what, name}] = integer(v)
		return integer(v), err
	}
	for _, d := range s.schema.Kinds {
		k := s.kinds[d.Kind]
		if k.code, err = code("kind", string(k.name)); err != nil {
			return err
		}
		for _, p := range k.list {
			if p.Lookup {
				if k.keys[p.Name], err = code("prop", string(k.name)+"."+p.Name); err != nil {
					return err
				}
			}
		}
	}
	for _, r := range s.schema.Rels {
		if s.rels[r], err = code("rel", string(r)); err != nil {
			return err
		}
	}
	for _, p := range s.edges.list {
		if p.Lookup {
			if s.edgeKeys[p.Name], err = code("prop", edgesName+"."+p.Name); err != nil {
				return err
			}
		}
	}
	// Names that the schema has dropped keep their meaning for what is stored.
	for name, n := range known {
		switch name[0] {
		case "kind":
			k, ok := s.kinds[store.Kind(name[1])]
			if !ok {
				k = &kind{name: store.Kind(name[1]), code: n, internal: true}
			}
			s.kindCodes[n] = k
		case "rel":
			s.relCodes[n] = store.Rel(name[1])
		}
	}
	return nil
}

// buildSearch makes the text index for the schema's fields. An index of other
// fields is emptied: tokens cannot be read back, so the nodes must be put
// again.
func (s *Store) buildSearch(ctx context.Context, c *conn) error {
	made, err := c.value(ctx, selectMeta, "text")
	if err != nil || s.sameSearchTable(text(made)) {
		return err
	}
	for _, q := range []string{
		"DROP TABLE IF EXISTS search",
		"DELETE FROM text",
		"DELETE FROM word",
		"INSERT INTO gram (gram) VALUES ('delete-all')",
		s.searchTable(),
	} {
		if err := c.exec(q); err != nil {
			return err
		}
	}
	return c.exec(upsertMeta, "text", s.searchTable())
}

func (s *Store) rebuild(ctx context.Context, c *conn) error {
	statements := []string{"DROP TABLE IF EXISTS hop", "DELETE FROM lookup"}
	statements = append(statements, s.hopTable()...)
	present := map[string]bool{}
	err := c.query(ctx, selectColumns, nil, func(row []driver.Value) error {
		present[text(row[0])] = true
		return nil
	})
	if err != nil {
		return err
	}
	for _, col := range append(s.nodeColumns(), "legs") {
		if !present[col] {
			statements = append(statements, "ALTER TABLE node ADD COLUMN "+col)
		}
	}
	err = c.query(ctx, selectNodeIndexes, nil, func(row []driver.Value) error {
		statements = append(statements, "DROP INDEX "+text(row[0]))
		return nil
	})
	if err != nil {
		return err
	}
	for _, q := range statements {
		if err := c.exec(q); err != nil {
			return err
		}
	}
	if err := s.rebuildNodes(ctx, c); err != nil {
		return err
	}
	for _, p := range s.nodeSort {
		q := fmt.Sprintf("CREATE INDEX node_s_%[1]s ON node (kind, s_%[1]s, id) WHERE s_%[1]s IS NOT NULL", p)
		if err := c.exec(q); err != nil {
			return err
		}
	}
	if err := s.rebuildEdges(ctx, c); err != nil {
		return err
	}
	if err := c.exec(s.hubRebuild, s.hubHops); err != nil {
		return err
	}
	return c.exec(rebuildLegs)
}

// nodeColumns are the columns of node that the schema adds.
func (l *layout) nodeColumns() []string {
	var cols []string
	for _, p := range l.nodeSort {
		cols = append(cols, "s_"+p)
	}
	for _, p := range l.nodeWalk {
		cols = append(cols, "p_"+p)
	}
	return cols
}

func (s *Store) rebuildNodes(ctx context.Context, c *conn) error {
	var update string
	if cols := s.nodeColumns(); len(cols) > 0 {
		update = "UPDATE node SET " + strings.Join(cols, " = ?, ") + " = ? WHERE n = ?"
	}
	type node struct {
		n     int64
		kind  *kind
		props string
	}
	for from := int64(0); ; {
		var page []node
		err := c.query(ctx, selectNodesFrom, []any{from, int64(rebuildPage)}, func(row []driver.Value) error {
			page = append(page, node{integer(row[0]), s.kindOf(integer(row[1])), text(row[2])})
			return nil
		})
		if err != nil || len(page) == 0 {
			return err
		}
		var l lookups
		for _, n := range page {
			props, err := n.kind.decode(n.props, nil)
			if err != nil {
				return err
			}
			if update != "" {
				args, err := s.nodeValues(n.kind, props, nil)
				if err != nil {
					return err
				}
				if err := c.exec(update, append(args, n.n)...); err != nil {
					return err
				}
			}
			if err := l.change(n.n, n.kind.keys, nil, props); err != nil {
				return err
			}
		}
		if err := l.write(c, nil); err != nil {
			return err
		}
		from = page[len(page)-1].n
	}
}

func (s *Store) rebuildEdges(ctx context.Context, c *conn) error {
	for from := int64(0); ; {
		var page []edgeRow
		err := c.query(ctx, selectEdgesFrom, []any{from, int64(rebuildPage)}, func(row []driver.Value) error {
			id, state := scanEdge(row)
			page = append(page, edgeRow{id: id, was: state})
			return nil
		})
		if err != nil || len(page) == 0 {
			return err
		}
		var l lookups
		hops := make([]hop, 0, 2*len(page))
		for i := range page {
			row := &page[i]
			if row.was.values, err = s.edges.decode(row.was.props, nil); err != nil {
				return err
			}
			for _, h := range hopsOf(row.id, &row.was) {
				h.key = store.SortKey(row.was.values[s.cluster])
				hops = append(hops, h)
			}
			if err := l.change(row.was.e, s.edgeKeys, nil, row.was.values); err != nil {
				return err
			}
		}
		rows, err := s.hopRows(hops)
		if err != nil {
			return err
		}
		if err := s.insertHops(c, rows); err != nil {
			return err
		}
		if err := l.write(c, nil); err != nil {
			return err
		}
		from = page[len(page)-1].was.e
	}
}

func texts(row []driver.Value) []string {
	out := make([]string, len(row))
	for i, v := range row {
		out[i] = text(v)
	}
	return slices.Clip(out)
}
