package transport_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"coopgraph/graph/guard"
	"coopgraph/graph/transport"
)

// rig is a whole server over TCP, as cmd wires it.
type rig struct {
	t       testing.TB
	schema  *testExecutable
	handler http.Handler
	url     string // of the server
	addr    string
	log     *lockedBuffer
}

// lockedBuffer collects the log of several goroutines.
type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

// start serves with the default settings as change leaves them.
func start(t testing.TB, change func(*transport.Settings)) *rig {
	t.Helper()
	r := &rig{t: t, schema: newTestExecutable(), log: &lockedBuffer{}}
	settings := transport.Defaults()
	settings.Log = slog.New(slog.NewJSONHandler(r.log, nil))
	settings.Classify = func(err error) (string, string, bool) {
		switch {
		case errors.Is(err, errStore):
			return transport.CodeStoreUnavailable, "the store is not available", true
		case errors.Is(err, errShown):
			return "SHOWN", err.Error(), true
		}
		return "", "", false
	}
	if change != nil {
		change(&settings)
	}
	g, err := guard.New(r.schema.Schema(), guard.Defaults(), guard.DefaultCosts())
	if err != nil {
		t.Fatal(err)
	}
	endpoint, err := transport.New(r.schema, g, settings)
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/graphql", endpoint)
	mux.HandleFunc("GET /panics", func(http.ResponseWriter, *http.Request) { panic("jan@example.org") })
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	handler, err := transport.Perimeter(settings, mux)
	if err != nil {
		t.Fatal(err)
	}
	r.handler = handler
	server := httptest.NewUnstartedServer(nil)
	server.Config = transport.NewServer(handler, settings)
	server.Start()
	t.Cleanup(server.Close)
	r.url, r.addr = server.URL, server.Listener.Addr().String()
	return r
}

// reply is an answer with its body read.
type reply struct {
	*http.Response
	body []byte
}

// document is the body as JSON.
func (r reply) document(t testing.TB) map[string]json.RawMessage {
	t.Helper()
	var document map[string]json.RawMessage
	if err := json.Unmarshal(r.body, &document); err != nil {
		t.Fatalf("status %d, body is no JSON: %v\n%.300s", r.StatusCode, err, r.body)
	}
	return document
}

type shownError struct {
	Message    string
	Path       []any
	Extensions map[string]any
}

func (r reply) errors(t testing.TB) []shownError {
	t.Helper()
	var errs []shownError
	raw, ok := r.document(t)["errors"]
	if ok {
		if err := json.Unmarshal(raw, &errs); err != nil {
			t.Fatal(err)
		}
	}
	return errs
}

// codes are the different codes, in order.
func (r reply) codes(t testing.TB) string {
	t.Helper()
	var codes []string
	for _, err := range r.errors(t) {
		code, _ := err.Extensions["code"].(string)
		codes = append(codes, code)
	}
	slices.Sort(codes)
	return strings.Join(slices.Compact(codes), " ")
}

// send makes a request to the GraphQL endpoint with a header as name, value pairs.
func (r *rig) send(method, path string, body io.Reader, header ...string) reply {
	r.t.Helper()
	request, err := http.NewRequestWithContext(r.t.Context(), method, r.url+path, body)
	if err != nil {
		r.t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		if header[i] == "Host" {
			request.Host = header[i+1]
			continue
		}
		request.Header.Set(header[i], header[i+1])
	}
	client := &http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport:     &http.Transport{DisableKeepAlives: true},
	}
	response, err := client.Do(request)
	if err != nil {
		r.t.Fatal(err)
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return reply{response, content}
}

// post sends a body as JSON.
func (r *rig) post(body string, header ...string) reply {
	r.t.Helper()
	return r.send(http.MethodPost, "/graphql", strings.NewReader(body), append([]string{"Content-Type", "application/json"}, header...)...)
}

// ask sends a query with variables, "" for none.
func (r *rig) ask(query, variables string, header ...string) reply {
	r.t.Helper()
	text, err := json.Marshal(query)
	if err != nil {
		r.t.Fatal(err)
	}
	body := `{"query":` + string(text)
	if variables != "" {
		body += `,"variables":` + variables
	}
	return r.post(body+"}", header...)
}

// slack is how many times longer than on a quiet machine something may take: a
// test tells what grows out of bounds, not how busy the machine is.
const slack = 100

// alive checks that the process answers.
func (r *rig) alive() {
	r.t.Helper()
	if got := r.ask("{__typename}", ""); got.StatusCode != http.StatusOK || string(got.body) != `{"data":{"__typename":"Query"}}` {
		r.t.Errorf("the next request is answered %d %s", got.StatusCode, got.body)
	}
}

// refused checks a request error: status, code, no data, nothing executed, process alive.
func (r *rig) refused(got reply, status int, code string) {
	r.t.Helper()
	if got.StatusCode != status {
		r.t.Errorf("status %d, want %d: %.300s", got.StatusCode, status, got.body)
	}
	if codes := got.codes(r.t); codes != code {
		r.t.Errorf("codes %q, want %q: %.300s", codes, code, got.body)
	}
	if data, ok := got.document(r.t)["data"]; ok {
		r.t.Errorf("a request error has data %s", data)
	}
	if n := r.schema.executed.Load(); n != 0 {
		r.t.Errorf("%d fields were executed", n)
	}
	if got.Header.Get("X-Content-Type-Options") != "nosniff" {
		r.t.Error("nosniff is missing")
	}
	r.alive()
}

// raw writes bytes to the server and reads its answers until it closes or the time is over.
func (r *rig) raw(text string, wait time.Duration) (first *http.Response, rest string) {
	r.t.Helper()
	connection, err := net.Dial("tcp", r.addr)
	if err != nil {
		r.t.Fatal(err)
	}
	defer connection.Close()
	if err := connection.SetDeadline(time.Now().Add(wait)); err != nil {
		r.t.Fatal(err)
	}
	go func() {
		// The server may refuse before it has read everything.
		_, _ = io.Copy(connection, strings.NewReader(text))
	}()
	reader := bufio.NewReader(connection)
	first, err = http.ReadResponse(reader, nil)
	if err != nil {
		return nil, err.Error()
	}
	body, err := io.ReadAll(first.Body)
	if err != nil {
		return first, err.Error()
	}
	first.Body = io.NopCloser(bytes.NewReader(body))
	tail, _ := io.ReadAll(reader) // ends with the connection or its deadline
	return first, string(tail)
}

// grantAll gives everybody the same.
func grantAll(g guard.Grant) func(context.Context) guard.Grant {
	return func(context.Context) guard.Grant { return g }
}
