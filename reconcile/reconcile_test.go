package reconcile_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"coopgraph/ontology"
	"coopgraph/reconcile"
	"coopgraph/seed"
	"coopgraph/store"
	"coopgraph/store/sqlite"
)

func clock() time.Time { return time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC) }

// base is where the tests' service stands, whatever its port.
const base = "https://graph.example"

// embedded is the seed in SQLite, read by all tests.
var embedded store.Store

func TestMain(m *testing.M) {
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "reconcile")
		if err != nil {
			panic(err)
		}
		defer os.RemoveAll(dir)
		ctx := context.Background()
		if embedded, err = sqlite.Open(ctx, filepath.Join(dir, "seed.db"), ontology.Schema()); err != nil {
			panic(err)
		}
		defer embedded.Close(ctx)
		if _, err := seed.Load(ctx, embedded, clock); err != nil {
			panic(err)
		}
		return m.Run()
	}())
}

// client asks a service as OpenRefine does.
type client struct {
	t        testing.TB
	url      string
	language string
}

func serve(t testing.TB, s reconcile.Settings) client {
	t.Helper()
	if s.Store == nil {
		s.Store = embedded
	}
	if s.Now == nil {
		s.Now = clock
	}
	s.Base = base
	server := httptest.NewServer(reconcile.Handler(s))
	t.Cleanup(server.Close)
	return client{t: t, url: server.URL}
}

// reply is an answer read whole.
type reply struct {
	status int
	header http.Header
	body   []byte
}

func (c client) send(r *http.Request) reply {
	c.t.Helper()
	r.Header.Set("Accept-Language", c.language)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return reply{answer.StatusCode, answer.Header, body}
}

func (c client) get(path string, form url.Values) reply {
	c.t.Helper()
	address := c.url + path
	if form != nil {
		address += "?" + form.Encode()
	}
	r, err := http.NewRequestWithContext(c.t.Context(), http.MethodGet, address, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	return c.send(r)
}

func (c client) post(form url.Values) reply {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), http.MethodPost, c.url+reconcile.Path, strings.NewReader(form.Encode()))
	if err != nil {
		c.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return c.send(r)
}

// check holds a reply to a schema of testdata and decodes it.
func (c client) check(r reply, status int, schema string, into any) {
	c.t.Helper()
	if r.status != status {
		c.t.Fatalf("status %d, not %d: %s", r.status, status, r.body)
	}
	if got := r.header.Get("Content-Type"); got != "application/json; charset=utf-8" {
		c.t.Errorf("content type %q", got)
	}
	if err := conforms(c.t, schema, r.body); err != nil {
		c.t.Fatalf("%s: %v\n%.2000s", schema, err, r.body)
	}
	if err := json.Unmarshal(r.body, into); err != nil {
		c.t.Fatal(err)
	}
}

func conforms(t testing.TB, schema string, body []byte) error {
	t.Helper()
	compiled, err := jsonschema.NewCompiler().Compile(filepath.Join("testdata/schemas", schema+".json"))
	if err != nil {
		t.Fatal(err)
	}
	message, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return compiled.Validate(message)
}

type candidate struct {
	ID, Name, Description string
	Type                  []struct{ ID, Name string }
	Score                 float64
	Match                 bool
	Features              []struct {
		ID    string
		Value any
	}
}

func (c candidate) feature(id string) any {
	for _, f := range c.Features {
		if f.ID == id {
			return f.Value
		}
	}
	return nil
}

type batch map[string]any

type m = map[string]any

// reconcile sends a batch, held to the schema of batches, as OpenRefine does.
func (c client) reconcile(queries batch) map[string][]candidate {
	c.t.Helper()
	body, err := json.Marshal(queries)
	if err != nil {
		c.t.Fatal(err)
	}
	if err := conforms(c.t, "reconciliation-query-batch", body); err != nil {
		c.t.Fatalf("the test's batch: %v", err)
	}
	var answer map[string]struct{ Result []candidate }
	c.check(c.post(url.Values{"queries": {string(body)}}), http.StatusOK, "reconciliation-result-batch", &answer)
	if len(answer) != len(queries) {
		c.t.Errorf("%d answers to %d queries", len(answer), len(queries))
	}
	out := map[string][]candidate{}
	for key := range queries {
		out[key] = answer[key].Result
	}
	return out
}

// one sends a batch of one query.
func (c client) one(query m) []candidate {
	c.t.Helper()
	return c.reconcile(batch{"q0": query})["q0"]
}

func first(t testing.TB, list []candidate) candidate {
	t.Helper()
	if len(list) == 0 {
		t.Fatal("no candidates")
	}
	return list[0]
}
