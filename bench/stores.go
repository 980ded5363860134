package main

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

	"coopgraph/ontology"
	"coopgraph/store"
	"coopgraph/store/neo4j"
	"coopgraph/store/sqlite"
)

// database is a store to be measured.
type database struct {
	name string
	// open opens the store anew.
	open func(context.Context) (store.Store, error)
	// bare is the driver beside the store; nil where there is none to compare with.
	bare driver.DriverWithContext
	// end takes away what the benchmark wrote, unless it is to be kept.
	end func(context.Context) error
}

// embedded is SQLite on a new file, or on one that is kept.
func embedded(file string) (*database, error) {
	d := &database{name: "sqlite", end: func(context.Context) error { return nil }}
	if file == "" {
		dir, err := os.MkdirTemp("", "coopgraph-bench-")
		if err != nil {
			return nil, err
		}
		file = dir + "/bench.db"
		d.end = func(context.Context) error { return os.RemoveAll(dir) }
	}
	d.open = func(ctx context.Context) (store.Store, error) { return sqlite.Open(ctx, file, ontology.Schema()) }
	return d, nil
}

// errStranger: the database holds what no benchmark or test wrote.
var errStranger = errors.New("the Neo4j database holds a graph that neither a benchmark nor a test wrote: it is left alone")

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

// remote is Neo4j, wiped unless what an earlier run wrote is to be used again.
func remote(ctx context.Context, c neo4j.Config, reuse bool) (*database, error) {
	auth := driver.NoAuth()
	if c.User != "" {
		auth = driver.BasicAuth(c.User, c.Password, "")
	}
	bare, err := driver.NewDriverWithContext(c.URI, auth)
	if err != nil {
		return nil, err
	}
	turn, err := lock(c.URI)
	if err != nil {
		return nil, errors.Join(err, bare.Close(ctx))
	}
	d := &database{name: "neo4j", bare: bare, end: func(ctx context.Context) error { return errors.Join(bare.Close(ctx), turn.Close()) }}
	d.open = func(ctx context.Context) (store.Store, error) { return neo4j.Open(ctx, c, ontology.Schema()) }
	rows, err := run(ctx, bare, driver.AccessModeRead, strangersCypher, nil)
	if err == nil && rows[0][0] != int64(0) {
		err = errStranger
	}
	if err == nil {
		_, err = run(ctx, bare, driver.AccessModeWrite, markCypher, nil)
	}
	if err == nil && !reuse {
		_, err = run(ctx, bare, driver.AccessModeWrite, wipeCypher, nil)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("prepare Neo4j: %w", err), d.end(ctx))
	}
	return d, nil
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

// run runs one statement in an auto-commit transaction and gives its rows.
func run(ctx context.Context, d driver.DriverWithContext, mode driver.AccessMode, cypher string, values map[string]any) (rows [][]any, err error) {
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

// loaded says whether the store holds the world.
func (w world) loaded(ctx context.Context, s store.Store) (bool, error) {
	for k, n := range w.counts {
		page, err := s.Find(ctx, []store.Kind{k}, store.Filter{}, store.Paging{Limit: 1, Count: true})
		if err != nil || page.Count != int64(n) {
			return false, err
		}
	}
	return true, nil
}
