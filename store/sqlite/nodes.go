package sqlite

import (
	"context"
	"database/sql/driver"

	"coopgraph/store"
)

const selectNodes = `
SELECT n.id, n.kind, n.version, b.props
FROM json_each(?) i
CROSS JOIN node n ON n.id = i.value
CROSS JOIN body b ON b.n = n.n`

// Nodes reads nodes by id.
func (s *Store) Nodes(ctx context.Context, ids []store.ID) (map[store.ID]store.Node, error) {
	out := make(map[store.ID]store.Node, len(ids))
	if len(ids) == 0 {
		return out, ctx.Err()
	}
	err := s.read(ctx, func(c *conn) error {
		return c.query(ctx, selectNodes, []any{jsonIDs(ids)}, func(row []driver.Value) error {
			n, err := s.scanNode(row)
			out[n.ID] = n
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// scanNode reads id, kind, version and props.
func (l *layout) scanNode(row []driver.Value) (store.Node, error) {
	k := l.kindOf(integer(row[1]))
	props, err := k.decode(text(row[3]), nil)
	return store.Node{ID: store.ID(text(row[0])), Kind: k.name, Version: integer(row[2]), Props: props}, err
}
