package export_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"coopgraph/export"
	"coopgraph/store"
)

func serve(t *testing.T, r store.Reader) *httptest.Server {
	t.Helper()
	srv := httptest.NewUnstartedServer(export.Handler(r, slog.New(slog.DiscardHandler)))
	srv.Config.WriteTimeout = time.Second
	srv.Start()
	t.Cleanup(srv.Close)
	return srv
}

func request(t *testing.T, srv *httptest.Server, method, query string) (*http.Response, []byte, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, srv.URL+"/export?"+query, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	res, err := srv.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(res.Body)
	if closeErr := res.Body.Close(); closeErr != nil {
		t.Error(closeErr)
	}
	return res, body, err
}

// A download is what Write writes, with a name and a type.
func TestDownloads(t *testing.T) {
	s := world(t)
	srv := serve(t, s)
	for _, c := range []struct{ query, kind, file string }{
		{"format=csv&kind=ORGANISATION", "text/csv; charset=utf-8; header=present", "coopgraph-organisation.csv"},
		{"format=csv", "application/zip", "coopgraph.zip"},
		{"format=jsonl", "application/x-ndjson", "coopgraph.jsonl"},
		{"format=gexf&role=MEMBER_STATE", "application/gexf+xml", "coopgraph.gexf"},
		{"format=jsonld&kind=theme,person", "application/ld+json", "coopgraph.jsonld"},
	} {
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			res, body, err := request(t, srv, method, c.query)
			if err != nil || res.StatusCode != http.StatusOK || res.Header.Get("Content-Type") != c.kind ||
				res.Header.Get("Content-Disposition") != `attachment; filename="`+c.file+`"` || res.Header.Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("%s %s: %d %v %v", method, c.query, res.StatusCode, res.Header, err)
			}
			if (method == http.MethodHead) != (len(body) == 0) {
				t.Errorf("%s %s: %d bytes", method, c.query, len(body))
			}
		}
	}
	_, body, _ := request(t, srv, http.MethodGet, "format=jsonl")
	same(t, "download", body, written(t, s, export.Selection{}, export.JSONLines))
}

// What is not known is refused.
func TestDownloadsAreStrict(t *testing.T) {
	srv := serve(t, openSQLite(t))
	for query, want := range map[string]string{
		"": "want one format", "format=csv&format=gexf": "want one format", "format=pdf": "no format", "format=csv&theme=x": "no parameter",
		"format=csv&kind=TOKEN": "no kind", "format=jsonl&kind=PERSON": "no selection", "format=csv&id=x": "no id", "format=csv&Kind=PERSON": "no parameter",
	} {
		res, body, err := request(t, srv, http.MethodGet, query)
		if err != nil || res.StatusCode != http.StatusBadRequest || !strings.Contains(string(body), want) {
			t.Errorf("%s: %d %s, %v", query, res.StatusCode, body, err)
		}
	}
	if res, _, _ := request(t, srv, http.MethodPost, "format=csv"); res.StatusCode != http.StatusMethodNotAllowed || res.Header.Get("Allow") == "" {
		t.Errorf("POST: %d", res.StatusCode)
	}
}

// slow is a store whose lists wait, then fail.
type slow struct {
	store.Reader
	// wait holds lists until it is closed; entered tells of each.
	wait, entered chan struct{}
	after         int
	err           error
}

func (s *slow) Find(ctx context.Context, k []store.Kind, f store.Filter, p store.Paging) (store.Page[store.Node], error) {
	if s.wait != nil {
		select {
		case s.entered <- struct{}{}:
		default:
		}
		select {
		case <-s.wait:
		case <-ctx.Done():
			return store.Page[store.Node]{}, ctx.Err()
		}
	}
	if s.err != nil {
		if s.after--; s.after < 0 {
			return store.Page[store.Node]{}, s.err
		}
	}
	return s.Reader.Find(ctx, k, f, p)
}

// Two downloads are written at once; a third is told to wait.
func TestDownloadsAreFew(t *testing.T) {
	wait, entered := make(chan struct{}), make(chan struct{}, 100)
	srv := serve(t, &slow{Reader: openSQLite(t), wait: wait, entered: entered})
	done := make(chan int, 2)
	for range 2 {
		go func() {
			res, err := srv.Client().Get(srv.URL + "/export?format=csv")
			if err != nil {
				done <- 0
				return
			}
			_, _ = io.Copy(io.Discard, res.Body)
			done <- errorsIn(res.Body.Close(), res.StatusCode)
		}()
	}
	<-entered
	<-entered
	res, err := srv.Client().Get(srv.URL + "/export?format=csv")
	close(wait)
	if err != nil {
		t.Fatal(err)
	}
	refused := res.StatusCode == http.StatusServiceUnavailable && res.Header.Get("Retry-After") != ""
	_ = res.Body.Close()
	if a, b := <-done, <-done; !refused || a != http.StatusOK || b != http.StatusOK {
		t.Errorf("refused %v, the others %d and %d", refused, a, b)
	}
}

func errorsIn(err error, status int) int {
	if err != nil {
		return 0
	}
	return status
}

// A download that fails before its first byte has its status; one that fails
// later is broken off, so that nobody takes it for whole.
func TestFailedDownloads(t *testing.T) {
	s := world(t)
	res, body, err := request(t, serve(t, &slow{Reader: s, err: store.ErrUnavailable}), http.MethodGet, "format=csv")
	if err != nil || res.StatusCode != http.StatusServiceUnavailable || res.Header.Get("Retry-After") == "" {
		t.Errorf("no database: %d %s, %v", res.StatusCode, body, err)
	}
	res, body, err = request(t, serve(t, &slow{Reader: s, err: errors.New("secret detail")}), http.MethodGet, "format=csv")
	if err != nil || res.StatusCode != http.StatusInternalServerError || bytes.Contains(body, []byte("secret")) {
		t.Errorf("failure: %d %s, %v", res.StatusCode, body, err)
	}
	res, body, err = request(t, serve(t, &slow{Reader: s, after: 4, err: errors.New("late")}), http.MethodGet, "format=jsonl")
	if res.StatusCode != http.StatusOK || err == nil {
		t.Errorf("a failure half-way: %d, %d bytes, %v", res.StatusCode, len(body), err)
	}
}
