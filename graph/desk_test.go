package graph_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"coopgraph/access"
	"coopgraph/graph"
	"coopgraph/ontology"
	"coopgraph/store"
	"coopgraph/store/sqlite"
)

// desk is a server with a token of each role, and a clock that the test sets.
type desk struct {
	store  store.Store
	api    *graph.Server
	url    string
	tokens map[access.Role]string
	// past is how long after the tests' today it is.
	past atomic.Int64
}

func (d *desk) now() time.Time { return clock().Add(time.Duration(d.past.Load())) }

// pass lets time go by.
func (d *desk) pass(by time.Duration) { d.past.Add(int64(by)) }

// openDesk serves a store. Tokens are the same store's; set, where given,
// changes the server before it answers.
func openDesk(t testing.TB, s store.Store, set ...func(*graph.Server)) *desk {
	t.Helper()
	d := &desk{store: s, tokens: map[access.Role]string{access.Anonymous: ""}}
	registry := access.NewRegistry(s, d.now, rand.Reader)
	for _, role := range access.Roles() {
		_, text, err := registry.Create(t.Context(), role, "desk of "+string(role), 0)
		if err != nil {
			t.Fatal(err)
		}
		d.tokens[role] = text
	}
	settings := patient()
	settings.Authenticate = registry.Verify
	var err error
	if d.api, err = graph.NewServer(s, d.now, settings); err != nil {
		t.Fatal(err)
	}
	d.api.Imports.Scratch = scratch(t)
	for _, f := range set {
		f(d.api)
	}
	h, err := d.api.Handler()
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(h)
	t.Cleanup(func() {
		server.Close()
		d.api.Imports.Stop()
	})
	d.url = server.URL
	return d
}

// scratch gives stores for dry runs, and counts on their being given back.
func scratch(t testing.TB) func(context.Context) (store.Store, func() error, error) {
	return func(ctx context.Context) (store.Store, func() error, error) {
		s, err := sqlite.Open(ctx, filepath.Join(t.TempDir(), "scratch.db"), ontology.Schema())
		if err != nil {
			return nil, nil, err
		}
		return s, func() error { return s.Close(context.WithoutCancel(ctx)) }, nil
	}
}

// as is a client with the role's token.
func (d *desk) as(t testing.TB, role access.Role) client {
	return client{t: t, url: d.url, token: d.tokens[role]}
}

// wrong is one of userErrors.
type wrong struct {
	Field         []string
	Message, Code string
}

// payload is what every mutation answers, as far as the tests read it.
type payload struct {
	Node, Organisation, Person, Post, Project, Theme, Instrument, Event, Place json.RawMessage
	Fact                                                                       json.RawMessage
	DeletedID, MergedID                                                        string
	DryRun                                                                     bool
	Run                                                                        *run
	UserErrors                                                                 []wrong
}

// run is an import run.
type run struct {
	ID, File, Mapping, Status, By, Message string
	DryRun                                 bool
	Counts                                 struct{ Read, Created, Changed, Unchanged, Skipped, Rejected int }
	Rows                                   struct {
		Nodes []struct {
			Line             int
			Outcome, Message string
			Node             *struct{ ID, Name string }
		}
	}
}

// mutate sends a mutation, `name(input: $input) { selection userErrors … }`,
// that must be answered without an error of the request.
func (c client) mutate(name, selection string, input map[string]any) payload {
	c.t.Helper()
	data := map[string]payload{}
	c.ask("mutation($input: "+inputOf(name)+"!) { "+name+"(input: $input) { "+selection+" userErrors { field message code } } }",
		map[string]any{"input": input}, &data)
	return data[name]
}

// code is that of the only user error, "" for none.
func (p payload) code(t testing.TB) string {
	t.Helper()
	switch len(p.UserErrors) {
	case 0:
		return ""
	case 1:
		return p.UserErrors[0].Code
	}
	t.Fatalf("several errors: %+v", p.UserErrors)
	return ""
}

func inputOf(mutation string) string {
	return string(bytes.ToUpper([]byte(mutation[:1]))) + mutation[1:] + "Input"
}

// part decodes a part of a payload.
func part[T any](t testing.TB, raw json.RawMessage) T {
	t.Helper()
	var v T
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatalf("%v: %s", err, raw)
	}
	return v
}

// upload sends a list as a file.
func (c client) upload(input map[string]any, name string, content []byte) (int, []byte) {
	c.t.Helper()
	query := string(readFile(c.t, "testdata/operations/load.graphql"))
	input["file"] = nil
	operations, err := json.Marshal(map[string]any{"query": query, "operationName": "ImportList", "variables": map[string]any{"input": input}})
	if err != nil {
		c.t.Fatal(err)
	}
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	if err := form.WriteField("operations", string(operations)); err != nil {
		c.t.Fatal(err)
	}
	if err := form.WriteField("map", `{"0":["variables.input.file"]}`); err != nil {
		c.t.Fatal(err)
	}
	w, err := form.CreateFormFile("0", name)
	if err == nil {
		_, err = w.Write(content)
	}
	if err == nil {
		err = form.Close()
	}
	if err != nil {
		c.t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(c.t.Context(), http.MethodPost, c.url+"/graphql", &body)
	if err != nil {
		c.t.Fatal(err)
	}
	req.Header.Set("Content-Type", form.FormDataContentType())
	req.Header.Set("Authorization", "Bearer "+c.token)
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

// importFile uploads a list that must be taken.
func (c client) importFile(input map[string]any, name, content string) payload {
	c.t.Helper()
	status, body := c.upload(input, name, []byte(content))
	var answer struct {
		Data   struct{ ImportList *payload }
		Errors []json.RawMessage
	}
	if err := json.Unmarshal(body, &answer); err != nil || status != http.StatusOK || len(answer.Errors) > 0 || answer.Data.ImportList == nil {
		c.t.Fatalf("import: %d %s", status, body)
	}
	return *answer.Data.ImportList
}

// runFields are what the tests read of a run.
const runFields = `id file mapping status by message dryRun counts { read created changed unchanged skipped rejected }
	rows(first: 100) { nodes { line outcome message node { id name } } }`
