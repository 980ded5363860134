package neo4j

import (
	"context"
	"strconv"
)

// stampCypher tells the turn of the last write and the name of its call, by
// which a database that was restored or emptied does not repeat a turn.
const stampCypher = `
MATCH (w:Writer {id: 'writer'})
RETURN w.turn, coalesce(split(w.receipts[-1], ' ')[0], '')`

// Stamp implements store.Reader. The value is the database's, the same for
// every Store on it; a batch that changed nothing changes it too.
//
// The database makes a commit visible piece by piece, but a later read of this
// Store carries the bookmark of this one, and waits until what this one may
// have seen is whole.
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
