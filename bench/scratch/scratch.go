// Package scratch prepares a Neo4j database that a benchmark or an evaluation
// may wipe: the one that tests use, in turn with them.
package scratch

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"coopgraph/store/neo4j"
)

// errStranger: the database holds what no benchmark or test wrote.
var errStranger = errors.New("the Neo4j database holds a graph that no benchmark, evaluation or test wrote: it is left alone")

// strangersCypher counts what the mark, which tests leave too, does not allow
// to be wiped.
const strangersCypher = `
OPTIONAL MATCH (mark:TestSuite)
WITH count(mark) AS marks
RETURN CASE WHEN marks > 0 THEN 0 ELSE COUNT { (n) } END`

const markCypher = `
MERGE (mark:TestSuite {id: 'suite'})
SET mark:Bookkeeping`

// wipeCypher leaves the mark and what says that the indexes are there.
const wipeCypher = `
MATCH (n)
WHERE NOT n:TestSuite AND NOT n:Migration AND NOT n:Writer
CALL (n) {
  DETACH DELETE n
} IN TRANSACTIONS OF 5000 ROWS`

// Neo4j is a database that is the caller's alone until Close.
type Neo4j struct {
	Driver driver.DriverWithContext
	turn   *os.File
}

// Open waits for its turn at the database, and marks it as one that may be
// wiped. It fails where the database holds what no benchmark, evaluation or
// test wrote. Nothing is wiped yet.
func Open(ctx context.Context, c neo4j.Config) (*Neo4j, error) {
	auth := driver.NoAuth()
	if c.User != "" {
		auth = driver.BasicAuth(c.User, c.Password, "")
	}
	d, err := driver.NewDriverWithContext(c.URI, auth)
	if err != nil {
		return nil, err
	}
	turn, err := lock(c.URI)
	if err != nil {
		return nil, errors.Join(err, d.Close(ctx))
	}
	n := &Neo4j{d, turn}
	rows, err := n.Run(ctx, driver.AccessModeRead, strangersCypher, nil)
	if err == nil && rows[0][0] != int64(0) {
		err = errStranger
	}
	if err == nil {
		_, err = n.Run(ctx, driver.AccessModeWrite, markCypher, nil)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("prepare Neo4j: %w", err), n.Close(ctx))
	}
	return n, nil
}

// Wipe empties the database but for the mark and the indexes.
func (n *Neo4j) Wipe(ctx context.Context) error {
	if _, err := n.Run(ctx, driver.AccessModeWrite, wipeCypher, nil); err != nil {
		return fmt.Errorf("wipe Neo4j: %w", err)
	}
	return nil
}

// Close ends the turn. What was written stays.
func (n *Neo4j) Close(ctx context.Context) error {
	return errors.Join(n.Driver.Close(ctx), n.turn.Close())
}

// lock waits until the tests that use the database have ended, and keeps them
// waiting until the file is closed: it is the one of store/neo4j/neo4jtest.
func lock(uri string) (*os.File, error) {
	sum := sha256.Sum256([]byte(uri))
	name := filepath.Join(os.TempDir(), "coopgraph-neo4j-"+hex.EncodeToString(sum[:6])+".lock")
	f, err := os.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		return nil, errors.Join(fmt.Errorf("lock: %w", err), f.Close())
	}
	return f, nil
}

// Run runs one statement in an auto-commit transaction and gives its rows.
func (n *Neo4j) Run(ctx context.Context, mode driver.AccessMode, cypher string, values map[string]any) ([][]any, error) {
	return Run(ctx, n.Driver, mode, cypher, values)
}

// Run runs one statement in an auto-commit transaction and gives its rows.
func Run(ctx context.Context, d driver.DriverWithContext, mode driver.AccessMode, cypher string, values map[string]any) (rows [][]any, err error) {
	session := d.NewSession(ctx, driver.SessionConfig{AccessMode: mode})
	defer func() { err = errors.Join(err, session.Close(ctx)) }()
	result, err := session.Run(ctx, cypher, values)
	if err != nil {
		return nil, err
	}
	for result.Next(ctx) {
		rows = append(rows, result.Record().Values)
	}
	return rows, result.Err()
}
