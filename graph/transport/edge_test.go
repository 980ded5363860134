package transport_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"coopgraph/graph/guard"
	"coopgraph/graph/transport"
)

func TestRow38RequestsFromForeignPagesAreRefused(t *testing.T) {
	for name, header := range map[string][]string{
		"fetch metadata":             {"Sec-Fetch-Site", "cross-site"},
		"same site, other origin":    {"Sec-Fetch-Site", "same-site"},
		"foreign origin":             {"Origin", "https://evil.example"},
		"foreign origin, same name":  {"Origin", "http://localhost:1"},
		"opaque origin":              {"Origin", "null"},
		"foreign origin and fetched": {"Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site"},
	} {
		t.Run(name, func(t *testing.T) {
			r := start(t, nil)
			got := r.post(`{"query":"mutation{touch}"}`, header...)
			r.refused(got, http.StatusForbidden, transport.CodeForbidden)
		})
	}
	r := start(t, nil)
	for name, header := range map[string][]string{
		"own page":      {"Sec-Fetch-Site", "same-origin", "Origin", r.url},
		"own origin":    {"Origin", r.url},
		"no browser":    {},
		"typed address": {"Sec-Fetch-Site", "none"},
	} {
		if got := r.post(`{"query":"{__typename}"}`, header...); got.StatusCode != http.StatusOK {
			t.Errorf("%s: status %d", name, got.StatusCode)
		}
	}
}

// allowances are the headers that let a foreign page read an answer.
func allowances(header http.Header) (names []string) {
	for name := range header {
		if strings.HasPrefix(name, "Access-Control-Allow-") {
			names = append(names, name)
		}
	}
	return names
}

func TestRow39PreflightsOfStrangersGetNoAllowance(t *testing.T) {
	preflight := []string{"Origin", "https://evil.example", "Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "content-type"}
	withOrigin := func(s *transport.Settings) { s.Origins = []string{"https://app.example"} }
	for name, r := range map[string]*rig{"no origins": start(t, nil), "another origin": start(t, withOrigin)} {
		t.Run(name, func(t *testing.T) {
			got := r.send(http.MethodOptions, "/graphql", nil, preflight...)
			if names := allowances(got.Header); len(names) > 0 {
				t.Errorf("status %d, headers %v", got.StatusCode, names)
			}
			r.alive()
		})
	}
}

func TestConfiguredOriginsMayCall(t *testing.T) {
	r := start(t, func(s *transport.Settings) { s.Origins = []string{"https://app.example"} })
	got := r.send(http.MethodOptions, "/graphql", nil, "Origin", "https://app.example",
		"Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "authorization,content-type")
	if got.Header.Get("Access-Control-Allow-Origin") != "https://app.example" || got.Header.Get("Access-Control-Allow-Credentials") != "" {
		t.Errorf("preflight: %d %v", got.StatusCode, got.Header)
	}
	got = r.post(`{"query":"{__typename}"}`, "Origin", "https://app.example", "Sec-Fetch-Site", "cross-site")
	if got.StatusCode != http.StatusOK || got.Header.Get("Access-Control-Allow-Origin") != "https://app.example" {
		t.Errorf("request: %d %v", got.StatusCode, got.Header)
	}
	r.refused(r.post(`{"query":"mutation{touch}"}`, "Origin", "https://evil.example"), http.StatusForbidden, transport.CodeForbidden)
}

func TestRow40ForeignHostNamesAreMisdirected(t *testing.T) {
	r := start(t, nil)
	for _, host := range []string{"evil.example", "evil.example:8080", "localhost.evil.example", "127.0.0.1.evil.example", "[::2]:80"} {
		r.refused(r.post(`{"query":"{echo}"}`, "Host", host), http.StatusMisdirectedRequest, transport.CodeHost)
	}
	for _, host := range []string{"localhost", "LOCALHOST:8080", "localhost.", "127.0.0.1:1", "[::1]:8080", "[::1]"} {
		if got := r.post(`{"query":"{__typename}"}`, "Host", host); got.StatusCode != http.StatusOK {
			t.Errorf("host %s: status %d", host, got.StatusCode)
		}
	}
	proxied := start(t, func(s *transport.Settings) { s.Hosts = []string{"*"} })
	if got := proxied.post(`{"query":"{__typename}"}`, "Host", "coop.example"); got.StatusCode != http.StatusOK {
		t.Errorf("any host: status %d", got.StatusCode)
	}
}

func TestRow49PathsLeadNowhereElse(t *testing.T) {
	r := start(t, nil)
	for _, path := range []string{"/graphql/../../secret", "/graphql/%2e%2e/%2e%2e/secret", "//secret", "/graphql//../secret", "/graphql/"} {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			got, _ := r.raw(fmt.Sprintf("%s %s HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", method, path), time.Minute)
			if got == nil {
				t.Fatalf("%s %s: no answer", method, path)
			}
			for hops := 0; got.StatusCode/100 == 3 && hops < 3; hops++ {
				next := got.Header.Get("Location")
				if strings.Contains(next, "..") || strings.HasPrefix(next, "//") {
					t.Errorf("%s %s: redirected to %s", method, path, next)
				}
				got = r.send(method, next, nil).Response
			}
			if got.StatusCode != http.StatusNotFound {
				t.Errorf("%s %s: status %d", method, path, got.StatusCode)
			}
		}
	}
	r.alive()
}

func TestRow50Headers(t *testing.T) {
	r := start(t, nil)
	body := `{"query":"{echo}"}`
	request := func(header string) string {
		return fmt.Sprintf("POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n%s\r\nContent-Length: %d\r\n\r\n%s", header, len(body), body)
	}
	for _, c := range []struct {
		name, text string
		status     int
	}{
		{"NUL in a header", request("X-A: a\x00b"), 400},
		{"line break in a header", request("X-A: a\rb"), 400},
		{"header without a colon", request("X-A"), 400},
		{"header of 2 MB", request("X-A: " + strings.Repeat("a", 2<<20)), 431},
		{"URL of 2 MB", "POST /graphql?" + strings.Repeat("a", 2<<20) + " HTTP/1.1\r\nHost: localhost\r\n\r\n", 431},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, rest := r.raw(c.text, time.Minute)
			if got == nil || got.StatusCode != c.status {
				t.Errorf("answered %v %s, want %d", got, rest, c.status)
			}
			if n := r.schema.executed.Load(); n != 0 {
				t.Errorf("%d fields were executed", n)
			}
			r.alive()
		})
	}
}

func TestRow50LengthAndChunksAreReadOnceAsChunks(t *testing.T) {
	r := start(t, nil)
	chunk := `{"query":"{echo}"}`
	smuggled := "POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 18\r\n\r\n" + chunk
	text := fmt.Sprintf("POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n", len(chunk), chunk)
	got, rest := r.raw(text, 500*time.Millisecond)
	if got == nil || got.StatusCode != http.StatusOK {
		t.Fatalf("answered %v %s", got, rest)
	}
	if strings.Contains(rest, "HTTP/1.1") {
		t.Errorf("a second answer: %s", rest)
	}
	if n := r.schema.executed.Load(); n != 1 {
		t.Errorf("executed %d times", n)
	}
	// What stands within the chunks is a body, not a second request.
	inner := start(t, nil)
	got, rest = inner.raw(fmt.Sprintf("POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n", len(smuggled), smuggled), 500*time.Millisecond)
	if got == nil || got.StatusCode != http.StatusBadRequest || strings.Contains(rest, "HTTP/1.1") || inner.schema.executed.Load() != 0 {
		t.Errorf("answered %v %s", got, rest)
	}
	r.alive()
}

func TestRow51SlowClientsAreCut(t *testing.T) {
	quick := func(s *transport.Settings) {
		s.ReadHeader, s.Read = 200*time.Millisecond, 400*time.Millisecond
	}
	t.Run("headers", func(t *testing.T) {
		r := start(t, quick)
		began := time.Now()
		got, _ := r.raw("POST /graphql HTTP/1.1\r\nHost: loc", time.Minute)
		if took := time.Since(began); got != nil || took > 30*time.Second {
			t.Errorf("answered %v after %v", got, took)
		}
		r.alive()
	})
	t.Run("body", func(t *testing.T) {
		r := start(t, quick)
		began := time.Now()
		got, rest := r.raw("POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{", time.Minute)
		if took := time.Since(began); took > 30*time.Second {
			t.Errorf("cut after %v", took)
		}
		if got == nil {
			t.Fatalf("no answer: %s", rest)
		}
		content, err := io.ReadAll(got.Body)
		if err != nil {
			t.Fatal(err)
		}
		r.refused(reply{got, content}, http.StatusRequestTimeout, transport.CodeSlowBody)
	})
	defaults := transport.NewServer(nil, transport.Defaults())
	if defaults.ReadHeaderTimeout != 5*time.Second || defaults.ReadTimeout != 15*time.Second ||
		defaults.WriteTimeout != 30*time.Second || defaults.IdleTimeout != 60*time.Second {
		t.Errorf("the server's timeouts are not the documented ones: %+v", defaults)
	}
}

func TestEveryPathHasSecurityHeaders(t *testing.T) {
	r := start(t, nil)
	for _, path := range []string{"/healthz", "/missing", "/graphql"} {
		got := r.send(http.MethodGet, path, nil, "Authorization", "Bearer x")
		for name, want := range map[string]string{
			"X-Content-Type-Options":  "nosniff",
			"Content-Security-Policy": "default-src 'self'",
			"Referrer-Policy":         "no-referrer",
			"Cache-Control":           "no-store",
		} {
			if !strings.Contains(got.Header.Get(name), want) {
				t.Errorf("%s: %s is %q", path, name, got.Header.Get(name))
			}
		}
		if got := r.send(http.MethodGet, path, nil); got.Header.Get("Cache-Control") != "" {
			t.Errorf("%s without a token: Cache-Control %q", path, got.Header.Get("Cache-Control"))
		}
	}
}

func TestPanicsOfAnyHandlerAreAnswered(t *testing.T) {
	r := start(t, nil)
	got := r.send(http.MethodGet, "/panics", nil)
	r.refused(got, http.StatusInternalServerError, transport.CodeInternal)
	if log := r.log.String(); !strings.Contains(log, "panic") || strings.Contains(log, "jan@example.org") || strings.Contains(string(got.body), "jan@") {
		t.Errorf("log %s, body %s", log, got.body)
	}
}

func TestSettingsThatCannotBeAreRefused(t *testing.T) {
	for name, change := range map[string]func(*transport.Settings){
		"no body":     func(s *transport.Settings) { s.Body = 0 },
		"no slots":    func(s *transport.Settings) { s.InFlight = 0 },
		"no rate":     func(s *transport.Settings) { s.TokenRate.PerSecond = 0 },
		"no hosts":    func(s *transport.Settings) { s.Hosts = nil },
		"all origins": func(s *transport.Settings) { s.Origins = []string{"*"} },
		"wildcard":    func(s *transport.Settings) { s.Origins = []string{"https://*.example"} },
		"a path":      func(s *transport.Settings) { s.Origins = []string{"https://a.example/path"} },
	} {
		settings := transport.Defaults()
		change(&settings)
		if _, err := transport.Perimeter(settings, http.NotFoundHandler()); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

func TestASchemaWithAMutationForEverybodyIsNotServed(t *testing.T) {
	schema := executableOf(testSchema + ` extend type Mutation { forgotten: Int }`)
	g, err := guard.New(schema.Schema(), guard.Defaults(), guard.DefaultCosts())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := transport.New(schema, g, transport.Defaults()); err == nil || !strings.Contains(err.Error(), "forgotten") {
		t.Errorf("served: %v", err)
	}
}
