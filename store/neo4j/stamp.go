package neo4j

import (
	"context"
	"strconv"

	"coopgraph/store"
)

// stampCypher tells the turn of the last write and the name of its call, by
// which a database that was restored or emptied does not repeat a turn.
const stampCypher = `
MATCH (w:Writer {id: 'writer'})
RETURN w.turn, coalesce(split(w.receipts[-1], ' ')[0], '')`

// Stamp gives a value that differs from every earlier one if a batch was
// written since, through this Store or another one on the same database, and
// that is the same otherwise, but for batches that changed nothing.
//
// What this Store reads after the call is no older than the value: the
// database makes a commit visible piece by piece, but a later read carries the
// bookmark of this one and waits until what it may have seen is whole.
func (s *Store) Stamp(ctx context.Context) (string, error) {
	rows, err := s.read(ctx, "stamp", stampCypher, nil)
	if err != nil {
		return "", err
	}
	if len(rows) != 1 || len(rows[0]) != 2 {
		return "", unexpected("stamp", rows)
	}
	turn, err := integer(rows[0][0])
	if err != nil {
		return "", err
	}
	call, err := text(rows[0][1])
	if err != nil {
		return "", err
	}
	return strconv.FormatInt(turn, 10) + " " + call, nil
}

var _ interface {
	Stamp(ctx context.Context) (string, error)
} = (*Store)(nil)

var _ store.Store = (*Store)(nil)
