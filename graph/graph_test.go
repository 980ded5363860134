package graph_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"coopgraph/graph"
	"coopgraph/graph/transport"
	"coopgraph/ontology"
	"coopgraph/seed"
	"coopgraph/store"
	"coopgraph/store/neo4j/neo4jtest"
	"coopgraph/store/sqlite"
)

// clock is the tests' today.
func clock() time.Time { return time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC) }

// newSQLite gives an empty store in a temporary file.
func newSQLite(t testing.TB) store.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "test.db"), ontology.Schema())
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

// newNeo4j gives an empty store in the test database, and a counter of the
// statements that it has run.
func newNeo4j(t testing.TB) (store.Store, *atomic.Int64) {
	t.Helper()
	var statements atomic.Int64
	c := neo4jtest.Server(t)
	c.Observe = func(context.Context, string) { statements.Add(1) }
	s := neo4jtest.OpenConfig(t, c, ontology.Schema())
	neo4jtest.Ready(t, s)
	return s, &statements
}

// seeded fills a store with the seed.
func seeded(t testing.TB, s store.Store) store.Store {
	t.Helper()
	if _, err := seed.Load(t.Context(), s, clock); err != nil {
		t.Fatalf("load the seed: %v", err)
	}
	return s
}

// client is a client of a server over HTTP. token is sent where it is not "".
type client struct {
	t          testing.TB
	url, token string
}

func serve(t testing.TB, s store.Store) client {
	t.Helper()
	return serveWith(t, s, patient())
}

// patient are settings for tests of what is answered, not of how fast: a cold
// Neo4j plans the first questions for longer than a request may last.
func patient() transport.Settings {
	settings := transport.Defaults()
	settings.Request = time.Minute
	return settings
}

func serveWith(t testing.TB, s store.Store, settings transport.Settings) client {
	t.Helper()
	api, err := graph.NewServer(s, clock, settings)
	if err != nil {
		t.Fatalf("new server: %v", err)
	}
	h, err := api.Handler()
	if err != nil {
		t.Fatalf("handler: %v", err)
	}
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return client{t: t, url: server.URL}
}

// send posts one request and gives the status and the body.
func (c client) send(query, operation string, variables map[string]any) (int, []byte) {
	c.t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "operationName": operation, "variables": variables})
	if err != nil {
		c.t.Fatal(err)
	}
	if operation == "" {
		body, err = json.Marshal(map[string]any{"query": query, "variables": variables})
		if err != nil {
			c.t.Fatal(err)
		}
	}
	req, err := http.NewRequestWithContext(c.t.Context(), http.MethodPost, c.url+"/graphql", bytes.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		c.t.Fatal(err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return resp.StatusCode, answer
}

// ask sends a query that must be answered without an error, into data.
func (c client) ask(query string, variables map[string]any, data any) {
	c.t.Helper()
	status, body := c.send(query, "", variables)
	var answer struct {
		Data   json.RawMessage
		Errors []json.RawMessage
	}
	if err := json.Unmarshal(body, &answer); err != nil || status != http.StatusOK || len(answer.Errors) > 0 {
		c.t.Fatalf("%s: %d %s", query, status, body)
	}
	if err := json.Unmarshal(answer.Data, data); err != nil {
		c.t.Fatalf("%s: %v in %s", query, err, body)
	}
}

// seedID is the id of the seed's thing of that kind and key.
func seedID(kind store.Kind, key string) string {
	return string(ontology.NodeID(kind, "COOPGRAPH", key))
}

// variables puts ids in place of "$Kind:key".
func variables(t testing.TB, raw map[string]any) map[string]any {
	t.Helper()
	out := map[string]any{}
	for name, v := range raw {
		out[name] = withIDs(v)
	}
	return out
}

func withIDs(v any) any {
	switch v := v.(type) {
	case string:
		if kind, key, ok := strings.Cut(strings.TrimPrefix(v, "$"), ":"); ok && strings.HasPrefix(v, "$") {
			return seedID(store.Kind(kind), key)
		}
	case []any:
		for i := range v {
			v[i] = withIDs(v[i])
		}
	}
	return v
}

func readFile(t testing.TB, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
