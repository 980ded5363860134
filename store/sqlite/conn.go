package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"

	sqlite "modernc.org/sqlite"
)

// maxStatements bounds the statements kept prepared on one connection.
const maxStatements = 512

// checkEvery is the number of rows between two looks at the context.
const checkEvery = 256

// errStop ends a query's rows early.
var errStop = errors.New("stop")

// conn is one connection with its prepared statements. It goes to the driver
// without database/sql: a walk reads ten thousand rows, and Scan would double
// their cost. It is not safe for concurrent use.
type conn struct {
	raw   driver.Conn
	stmts map[string]statement
	args  []driver.NamedValue
	// seen, in tests, is told each statement.
	seen func(query string)
}

func dial(dsn string) (*conn, error) {
	raw, err := (&sqlite.Driver{}).Open(dsn)
	if err != nil {
		return nil, err
	}
	return &conn{raw: raw, stmts: map[string]statement{}}, nil
}

func (c *conn) close() error {
	c.forget()
	return c.raw.Close()
}

// forget closes the prepared statements.
func (c *conn) forget() {
	for _, s := range c.stmts {
		_ = s.Close()
	}
	clear(c.stmts)
}

// statement is what the driver prepares.
type statement interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

func (c *conn) prepare(query string) (statement, error) {
	if c.seen != nil {
		c.seen(query)
	}
	if s, ok := c.stmts[query]; ok {
		return s, nil
	}
	if len(c.stmts) >= maxStatements {
		c.forget()
	}
	prepared, err := c.raw.Prepare(query)
	if err != nil {
		return nil, fmt.Errorf("prepare: %w", err)
	}
	s, ok := prepared.(statement)
	if !ok {
		return nil, errors.Join(fmt.Errorf("the driver prepares a %T", prepared), prepared.Close())
	}
	c.stmts[query] = s
	return s, nil
}

func (c *conn) named(args []any) []driver.NamedValue {
	c.args = c.args[:0]
	for i, a := range args {
		c.args = append(c.args, driver.NamedValue{Ordinal: i + 1, Value: a})
	}
	return c.args
}

// Statements say LIMIT 0 + ?: SQLite looks into a bare parameter when it plans
// a LIMIT, and would prepare the statement anew for each call.

// exec runs one statement; its arguments are int64, float64, string, []byte or
// nil. It does not watch a context: the driver starts a goroutine a statement
// for one, and a batch has thousands.
func (c *conn) exec(query string, args ...any) error {
	_, err := c.execute(context.Background(), query, args...)
	return err
}

func (c *conn) execute(ctx context.Context, query string, args ...any) (driver.Result, error) {
	s, err := c.prepare(query)
	if err != nil {
		return nil, err
	}
	return s.ExecContext(ctx, c.named(args))
}

// insert runs a statement that inserts one row and gives its number.
func (c *conn) insert(query string, args ...any) (int64, error) {
	r, err := c.execute(context.Background(), query, args...)
	if err != nil {
		return 0, err
	}
	return r.LastInsertId()
}

// query gives each row of a statement that finds its first row fast. The
// values are only good during the call. The function ends the rows early with
// errStop.
func (c *conn) query(ctx context.Context, query string, args []any, row func([]driver.Value) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return c.rows(ctx, context.Background(), query, args, row)
}

// queryLong is query for a statement that may work long before its first row:
// it is interrupted when the context ends.
func (c *conn) queryLong(ctx context.Context, query string, args []any, row func([]driver.Value) error) error {
	return c.rows(ctx, ctx, query, args, row)
}

func (c *conn) rows(ctx, inner context.Context, query string, args []any, row func([]driver.Value) error) (err error) {
	s, err := c.prepare(query)
	if err != nil {
		return err
	}
	rows, err := s.QueryContext(inner, c.named(args))
	if err != nil {
		return err
	}
	defer func() {
		if e := rows.Close(); err == nil {
			err = e
		}
	}()
	dest := make([]driver.Value, len(rows.Columns()))
	for i := 1; ; i++ {
		switch err := rows.Next(dest); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
		if i%checkEvery == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		switch err := row(dest); {
		case errors.Is(err, errStop):
			return nil
		case err != nil:
			return err
		}
	}
}

// value gives the first column of the first row, nil where there is none.
func (c *conn) value(ctx context.Context, query string, args ...any) (v driver.Value, err error) {
	err = c.queryLong(ctx, query, args, func(row []driver.Value) error {
		v = row[0]
		return errStop
	})
	return v, err
}

func text(v driver.Value) string {
	s, _ := v.(string)
	return s
}

func integer(v driver.Value) int64 {
	n, _ := v.(int64)
	return n
}
