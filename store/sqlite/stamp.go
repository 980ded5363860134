package sqlite

import (
	"context"
	"strconv"
)

// Stamp implements store.Reader. The value is SQLite's own data_version, which
// holds for one connection: only this Store's values may be compared. It takes
// no part in transactions, so it waits for nobody.
func (s *Store) Stamp(ctx context.Context) (string, error) {
	c, err := s.take(ctx, s.watch)
	if err != nil {
		return "", err
	}
	defer func() { s.watch <- c }()
	v, err := c.value(ctx, "PRAGMA data_version")
	if err != nil {
		return "", translate(ctx, err)
	}
	return strconv.FormatInt(integer(v), 10), nil
}
