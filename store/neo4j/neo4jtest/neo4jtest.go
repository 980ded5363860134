// Package neo4jtest gives tests an empty graph in a real Neo4j.
//
// TEST_NEO4J_URI names the database (TEST_NEO4J_USER and TEST_NEO4J_PASSWORD
// where it asks for them). It is wiped for each test, but only if it is empty
// or bears the mark of an earlier test. Without the variable tests are skipped
// and say so; with REQUIRE_NEO4J=1 they fail instead. Tests of several
// packages and processes take turns by a lock file.
package neo4jtest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"coopgraph/store"
	"coopgraph/store/neo4j"
)

// strangersCypher counts what the mark does not allow to be wiped.
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

// Open gives an empty store on the test database, which is the test's alone
// until it ends.
func Open(t testing.TB, schema store.Schema) store.Store {
	t.Helper()
	s := OpenConfig(t, Server(t), schema)
	Ready(t, s)
	return s
}

// Ready waits until the database has the schema's indexes: on a busy machine
// that can take longer than one call may.
func Ready(t testing.TB, s store.Store) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	for {
		err := s.Ping(ctx)
		if err == nil {
			return
		}
		if !errors.Is(err, store.ErrUnavailable) || ctx.Err() != nil {
			t.Fatalf("the database is not ready: %v", err)
		}
		time.Sleep(100 * time.Millisecond)
	}
}

// OpenConfig gives another store on a database that Server gave, closed when
// the test ends.
func OpenConfig(t testing.TB, c neo4j.Config, schema store.Schema) *neo4j.Store {
	t.Helper()
	s, err := neo4j.Open(context.Background(), c, schema)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	t.Cleanup(func() {
		if err := s.Close(context.Background()); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return s
}

// Server gives the address of the test database, wiped and locked until the
// test ends. A test must not ask for it twice.
func Server(t testing.TB) neo4j.Config {
	t.Helper()
	c := neo4j.Config{
		URI: os.Getenv("TEST_NEO4J_URI"), User: os.Getenv("TEST_NEO4J_USER"), Password: os.Getenv("TEST_NEO4J_PASSWORD"),
	}
	if c.URI == "" {
		if os.Getenv("REQUIRE_NEO4J") == "1" {
			t.Fatal("REQUIRE_NEO4J is set, and TEST_NEO4J_URI is not")
		}
		t.Skip("no Neo4j: TEST_NEO4J_URI is not set")
	}
	lock(t, c.URI)
	wipe(t, c)
	return c
}

// lock waits for the turn of this test.
func lock(t testing.TB, uri string) {
	t.Helper()
	sum := sha256.Sum256([]byte(uri))
	name := filepath.Join(os.TempDir(), "coopgraph-neo4j-"+hex.EncodeToString(sum[:6])+".lock")
	f, err := os.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		t.Fatalf("lock file: %v", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		t.Fatalf("lock file: %v", err)
	}
	// Closing the file gives the lock back, as the end of the process does.
	t.Cleanup(func() { _ = f.Close() })
}

func wipe(t testing.TB, c neo4j.Config) {
	t.Helper()
	if strangers := Run(t, c, strangersCypher); len(strangers) != 1 || strangers[0][0] != int64(0) {
		t.Fatal("the database of TEST_NEO4J_URI holds a graph that no test wrote: it is left alone")
	}
	Run(t, c, markCypher)
	Run(t, c, wipeCypher)
}

// Run runs a statement beside the store and gives its rows.
func Run(t testing.TB, c neo4j.Config, cypher string) [][]any {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	d, err := driver.NewDriverWithContext(c.URI, Auth(c))
	if err != nil {
		t.Fatalf("test database: %v", err)
	}
	defer func() { _ = d.Close(ctx) }()
	session := d.NewSession(ctx, driver.SessionConfig{})
	defer func() { _ = session.Close(ctx) }()
	result, err := session.Run(ctx, cypher, nil)
	if err != nil {
		t.Fatalf("test database: %v", err)
	}
	var rows [][]any
	for result.Next(ctx) {
		rows = append(rows, result.Record().Values)
	}
	if err := result.Err(); err != nil {
		t.Fatalf("test database: %v", err)
	}
	return rows
}

// Auth is how the driver itself logs in to the test database.
func Auth(c neo4j.Config) driver.AuthToken {
	if c.User != "" {
		return driver.BasicAuth(c.User, c.Password, "")
	}
	return driver.NoAuth()
}
