package main

import (
	"database/sql"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	_ "modernc.org/sqlite" // the driver that the test writes a newer version with

	"coopgraph/web"
)

// database names a SQLite file that is not there yet.
func database(t *testing.T) string {
	t.Helper()
	return "sqlite:" + filepath.Join(t.TempDir(), "test.db")
}

// The tests of a served SQLite file share one, which the first of them fills.
func TestServe(t *testing.T) {
	store := database(t)
	for _, test := range []struct {
		name string
		run  func(*testing.T, string)
	}{
		{"fills an empty store once", fillsOnce},
		{"stopping under load fails no request", stopsCleanly},
		{"the whole server is hardened", isHardened},
		{"origins may call where configured", letsOriginsCall},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, store) })
	}
}

func fillsOnce(t *testing.T, store string) {
	first := serving(t, nil, "--store", store)
	if out := first.stdout.String(); !strings.Contains(out, "the store was empty: loaded the seed") || !strings.Contains(out, "serves "+store) {
		t.Errorf("the first start says %q", out)
	}
	want := first.ask(partners)
	if want.StatusCode != http.StatusOK || !strings.Contains(want.body, `"totalCount":5`) {
		t.Errorf("%d %.300s", want.StatusCode, want.body)
	}
	if err := first.stop(); err != nil {
		t.Fatalf("the program ends with %v", err)
	}
	second := serving(t, map[string]string{"COOPGRAPH_STORE": store, "COOPGRAPH_LOG": "json"})
	if out := second.stdout.String(); strings.Contains(out, "seed") {
		t.Errorf("the second start says %q", out)
	}
	// The aim is a second.
	if second.startup > 10*time.Second {
		t.Errorf("the second start took %v", second.startup)
	}
	if got := second.ask(partners); got.body != want.body {
		t.Errorf("the second start answers %.300s", got.body)
	}
}

// While it stops under load, the server says so and answers what is under way:
// no client sees anything but answers and 503.
func stopsCleanly(t *testing.T, store string) {
	r := serving(t, nil, "--store", store)
	var answered, notReady atomic.Int64
	var clients sync.WaitGroup
	for i := range 8 {
		clients.Go(func() {
			for {
				method, path, body := http.MethodPost, "/graphql", `{"query":"{contacts(about:\"hydrogen\"){edges{node{name}}}}"}`
				if i == 0 {
					method, path, body = http.MethodGet, "/readyz", ""
				}
				got, err := r.send(method, path, body, "Content-Type", "application/json")
				switch {
				case err != nil:
					t.Errorf("%s %s: %v", method, path, err)
					return
				case got.StatusCode == http.StatusServiceUnavailable:
					notReady.Add(1)
					if got.Header.Get("Retry-After") == "" {
						t.Error("the server stops and does not say when to come back")
					}
					return
				case got.StatusCode != http.StatusOK:
					t.Errorf("%s %s: %d %.300s", method, path, got.StatusCode, got.body)
					return
				}
				answered.Add(1)
			}
		})
	}
	until(t, "load", 30*time.Second, func() bool { return answered.Load() > 50 })
	err := r.stop()
	clients.Wait()
	if err != nil {
		t.Errorf("the program ends with %v", err)
	}
	if notReady.Load() != 8 {
		t.Errorf("%d of 8 clients were told that the server stops", notReady.Load())
	}
}

func isHardened(t *testing.T, store string) {
	r := serving(t, nil, "--store", store)
	for _, path := range []string{"/", "/graphql", "/healthz", "/readyz", "/schema.graphql", "/explorer/", "/nothing"} {
		got := r.do(http.MethodGet, path, "")
		policy := got.Header.Get("Content-Security-Policy")
		if got.Header.Get("X-Content-Type-Options") != "nosniff" || got.Header.Get("Referrer-Policy") != "no-referrer" || !strings.HasPrefix(policy, "default-src 'self'") {
			t.Errorf("%s: headers %v", path, got.Header)
		}
		if inExplorer := path == "/explorer/"; (policy == web.ExplorerPolicy) != inExplorer {
			t.Errorf("%s: policy %s", path, policy)
		}
		if got.Header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s: CORS is on without origins", path)
		}
		if got := r.do(http.MethodGet, path, "", "Host", "evil.example"); got.StatusCode != http.StatusMisdirectedRequest {
			t.Errorf("%s for another host: %d", path, got.StatusCode)
		}
	}
	for _, row := range []struct {
		method, path string
		status       int
		header, says string
	}{
		{http.MethodGet, "/", http.StatusFound, "Location", "/explorer/"},
		{http.MethodGet, "/explorer/", http.StatusOK, "Content-Type", "text/html; charset=utf-8"},
		{http.MethodGet, "/explorer/../../etc/passwd", http.StatusTemporaryRedirect, "Location", "/etc/passwd"},
		{http.MethodGet, "/etc/passwd", http.StatusNotFound, "", ""},
		{http.MethodGet, "/healthz", http.StatusOK, "", ""},
		{http.MethodGet, "/readyz", http.StatusOK, "", ""},
		{http.MethodGet, "/schema.graphql", http.StatusOK, "Content-Type", "application/graphql; charset=utf-8"},
		{http.MethodPost, "/explorer/", http.StatusMethodNotAllowed, "Allow", "GET, HEAD"},
		{http.MethodPost, "/healthz", http.StatusMethodNotAllowed, "Allow", "GET, HEAD"},
		{http.MethodPost, "/schema.graphql", http.StatusMethodNotAllowed, "Allow", "GET, HEAD"},
		{http.MethodGet, "/graphql?query={__typename}", http.StatusMethodNotAllowed, "Allow", "POST"},
		{http.MethodPut, "/graphql", http.StatusMethodNotAllowed, "Allow", "POST"},
		{http.MethodDelete, "/graphql", http.StatusMethodNotAllowed, "Allow", "POST"},
		{http.MethodTrace, "/graphql", http.StatusMethodNotAllowed, "Allow", "POST"},
	} {
		got := r.do(row.method, row.path, "")
		if got.StatusCode != row.status || row.header != "" && got.Header.Get(row.header) != row.says {
			t.Errorf("%s %s: %d, %s %q", row.method, row.path, got.StatusCode, row.header, got.Header.Get(row.header))
		}
	}
	for name, header := range map[string][]string{
		"a foreign page":      {"Origin", "https://evil.example"},
		"a cross-site one":    {"Sec-Fetch-Site", "cross-site"},
		"one that is unnamed": {"Origin", "null"},
	} {
		if got := r.ask("{__typename}", header...); got.StatusCode != http.StatusForbidden {
			t.Errorf("a request of %s: %d %s", name, got.StatusCode, got.body)
		}
	}
	if got := r.do(http.MethodPost, "/graphql", "query={__typename}", "Content-Type", "application/x-www-form-urlencoded"); got.StatusCode != http.StatusUnsupportedMediaType {
		t.Errorf("a form: %d", got.StatusCode)
	}
	if got := r.do(http.MethodOptions, "/graphql", "", "Origin", "https://evil.example", "Access-Control-Request-Method", "POST"); got.Header.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("a preflight is allowed: %v", got.Header)
	}
	if got := r.ask("{__typename}", "Authorization", "Bearer x"); got.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("an answer to a token may be stored: %v", got.Header)
	}
}

func letsOriginsCall(t *testing.T, store string) {
	const friend = "https://intranet.example"
	r := serving(t, map[string]string{"COOPGRAPH_ORIGINS": friend + ", https://other.example"}, "--store", store)
	for _, origin := range []string{friend, "https://other.example"} {
		got := r.do(http.MethodOptions, "/graphql", "", "Origin", origin, "Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "content-type")
		if got.Header.Get("Access-Control-Allow-Origin") != origin || got.Header.Get("Access-Control-Allow-Credentials") != "" {
			t.Errorf("preflight of %s: %v", origin, got.Header)
		}
		got = r.ask("{__typename}", "Origin", origin, "Sec-Fetch-Site", "cross-site")
		if got.StatusCode != http.StatusOK || got.Header.Get("Access-Control-Allow-Origin") != origin {
			t.Errorf("%s: %d %v", origin, got.StatusCode, got.Header)
		}
	}
	got := r.ask("{__typename}", "Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site")
	if got.StatusCode != http.StatusForbidden || got.Header.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("a stranger: %d %v", got.StatusCode, got.Header)
	}
}

// Every refusal to start is one line that says why, with its exit code.
func TestRefusalsToStart(t *testing.T) {
	folder := t.TempDir()
	file := func(name, content string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	torn := file("torn.db", "SQLite format 3\x00"+strings.Repeat("torn", 2000))
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	store := "sqlite:" + filepath.Join(folder, "unused.db")
	for _, row := range []struct {
		name string
		args []string
		code int
		says string
	}{
		{"all addresses", []string{"serve", "--listen", "0.0.0.0:8080", "--store", store}, exitUsage, "only loopback addresses"},
		{"all addresses of IPv6", []string{"serve", "--listen", "[::]:8080", "--store", store}, exitUsage, "only loopback addresses"},
		{"no host", []string{"serve", "--listen", ":8080", "--store", store}, exitUsage, "only loopback addresses"},
		{"another host", []string{"serve", "--listen", "192.0.2.1:8080", "--store", store}, exitUsage, "only loopback addresses"},
		{"a name", []string{"serve", "--listen", "graph.example:8080", "--store", store}, exitUsage, "only loopback addresses"},
		{"no port", []string{"serve", "--listen", "127.0.0.1", "--store", store}, exitUsage, "HOST:PORT"},
		{"an address in use", []string{"serve", "--listen", taken.Addr().String(), "--store", store}, exitUsage, "in use"},
		{"all origins", []string{"serve", "--listen", "127.0.0.1:0", "--origins", "*", "--store", store}, exitUsage, "wildcard"},
		{"no origin", []string{"serve", "--listen", "127.0.0.1:0", "--origins", "intranet", "--store", store}, exitUsage, "origin"},
		{"a form of log", []string{"serve", "--log", "xml", "--store", store}, exitUsage, "text or json"},
		{"no store", []string{"serve", "--store", "postgres://db"}, exitUsage, "sqlite:FILE or neo4j://HOST"},
		{"a scheme", []string{"serve", "--store", "neo4j+x://db"}, exitUsage, "scheme"},
		{"a password in the address", []string{"serve", "--store", "neo4j://someone:hunter2@db"}, exitUsage, "COOPGRAPH_NEO4J_PASSWORD"},
		{"a command", []string{"frobnicate"}, exitUsage, "unknown command"},
		{"an argument", []string{"version", "x"}, exitUsage, "x"},
		{"a flag", []string{"serve", "--nope"}, exitUsage, "--nope"},
		{"a folder that is not there", []string{"serve", "--store", "sqlite:" + filepath.Join(folder, "none", "x.db")}, exitUnavailable, "unavailable"},
		{"a torn file", []string{"serve", "--store", "sqlite:" + torn}, exitCorrupt, "restore a backup"},
		{"no database", []string{"doctor", "--store", "sqlite:" + file("letter.txt", "Dear colleague, this is a letter and not a database.")}, exitCorrupt, "restore a backup"},
	} {
		t.Run(row.name, func(t *testing.T) {
			code, stdout, stderr := command(t, row.args...)
			if code != row.code || stdout != "" || !strings.Contains(stderr, row.says) || strings.Contains(strings.TrimSpace(stderr), "\n") {
				t.Errorf("exit %d, %q %q", code, stdout, stderr)
			}
			if strings.Contains(stderr, "hunter2") {
				t.Error("the password is repeated")
			}
		})
	}
	newer := filepath.Join(folder, "newer.db")
	if code, _, stderr := command(t, "doctor", "--store", "sqlite:"+newer); code != exitOK {
		t.Fatalf("doctor: exit %d, %s", code, stderr)
	}
	db, err := sql.Open("sqlite", newer)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)"); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"serve", "seed", "doctor"} {
		code, stdout, stderr := command(t, name, "--store", "sqlite:"+newer)
		if code != exitCorrupt || stdout != "" || !strings.Contains(stderr, "start the newer program") {
			t.Errorf("%s on a database of a newer program: exit %d, %q %q", name, code, stdout, stderr)
		}
	}
	if got, err := os.ReadFile(torn); err != nil || len(got) != 16+8000 {
		t.Errorf("the torn file was touched: %d bytes, %v", len(got), err)
	}
}
