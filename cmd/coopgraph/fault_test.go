package main

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"coopgraph/store/neo4j/neo4jtest"
)

const partners = `{partners{totalCount nodes{name}}}`

// behind gives a proxy before the test database, not listening yet, and the
// settings of a program that goes through it.
func behind(t *testing.T) (*proxy, map[string]string) {
	t.Helper()
	c := neo4jtest.Server(t)
	u, err := url.Parse(c.URI)
	if err != nil {
		t.Fatal(err)
	}
	p := newProxy(t, u.Host)
	return p, map[string]string{
		"COOPGRAPH_STORE":          u.Scheme + "://" + p.address,
		"COOPGRAPH_NEO4J_USER":     c.User,
		"COOPGRAPH_NEO4J_PASSWORD": c.Password,
	}
}

// unavailable checks an answer of GraphQL while the database is gone.
func unavailable(t *testing.T, what string, got exchange) {
	t.Helper()
	if got.StatusCode != http.StatusServiceUnavailable || got.code(t) != "STORE_UNAVAILABLE" || got.Header.Get("Retry-After") == "" {
		t.Errorf("%s: %d, Retry-After %q, %s", what, got.StatusCode, got.Header.Get("Retry-After"), got.body)
	}
}

// SAFETY.md, faults, row 1.
func TestTheServerStartsWithoutItsDatabaseAndRecovers(t *testing.T) {
	p, settings := behind(t)
	r := serving(t, settings)
	if got := r.do(http.MethodGet, "/healthz", ""); got.StatusCode != http.StatusOK {
		t.Errorf("/healthz: %d %s", got.StatusCode, got.body)
	}
	if got := r.do(http.MethodGet, "/readyz", ""); got.StatusCode != http.StatusServiceUnavailable || !strings.Contains(got.body, "does not answer") {
		t.Errorf("/readyz: %d %s", got.StatusCode, got.body)
	}
	for _, query := range []string{partners, `{node(id:"n_aaaaaaaaaaaaaaaaaaaaaaaaaa"){id}}`, `{search(text:"benelux"){totalCount}}`} {
		unavailable(t, query, r.ask(query))
	}
	p.start()
	until(t, "ready", time.Minute, func() bool { return r.do(http.MethodGet, "/readyz", "").StatusCode == http.StatusOK })
	if got := r.ask(partners); got.StatusCode != http.StatusOK || !strings.Contains(got.body, `"totalCount":5`) {
		t.Errorf("after the database is back: %d %.300s", got.StatusCode, got.body)
	}
	if !strings.Contains(r.stdout.String(), "the store was empty: loaded the seed") {
		t.Errorf("the seed was not announced: %s", r.stdout.String())
	}
	if strings.Contains(r.stdout.String()+r.stderr.String(), "secret") {
		t.Error("a secret is told")
	}
}

// SAFETY.md, faults, row 2.
func TestADatabaseThatGoesIsToldInTimeAndFoundAgain(t *testing.T) {
	p, settings := behind(t)
	p.start()
	r := serving(t, settings)
	want := r.ask(partners)
	if want.StatusCode != http.StatusOK || want.code(t) != "" {
		t.Fatalf("before: %d %.300s", want.StatusCode, want.body)
	}
	recovers := func(what string) {
		t.Helper()
		until(t, what+": ready again", 30*time.Second, func() bool {
			return r.do(http.MethodGet, "/readyz", "").StatusCode == http.StatusOK
		})
		if got := r.ask(partners); got.body != want.body {
			t.Errorf("%s: afterwards: %d %.300s", what, got.StatusCode, got.body)
		}
	}
	// during asks from several clients at once; every answer comes in time and
	// is the right one or a refusal with a code.
	during := func(what string, served bool, fault func()) {
		t.Helper()
		var wait sync.WaitGroup
		for i := range 6 {
			wait.Go(func() {
				if i == 0 {
					time.Sleep(10 * time.Millisecond)
					fault()
				}
				for range 3 {
					began := time.Now()
					got := r.ask(partners)
					if took := time.Since(began); took > time.Minute {
						t.Errorf("%s: answered after %v", what, took)
					}
					code := got.code(t)
					refused := got.StatusCode == http.StatusServiceUnavailable && code == "STORE_UNAVAILABLE" && got.Header.Get("Retry-After") != "" ||
						got.StatusCode == http.StatusGatewayTimeout && code == "TIMEOUT"
					if !refused && got.body != want.body {
						t.Errorf("%s: %d %.300s", what, got.StatusCode, got.body)
					}
					if served && refused {
						t.Errorf("%s: %s though the database answers", what, code)
					}
					if !served && refused {
						return
					}
				}
			})
		}
		wait.Wait()
	}

	during("reset", false, p.cut)
	recovers("reset")

	during("slow", true, func() { p.set(func() { p.delay = 50 * time.Millisecond }) })
	p.set(func() { p.delay = 0 })

	during("gone", false, p.stop)
	unavailable(t, "gone", r.ask(partners))
	if got := r.do(http.MethodGet, "/readyz", ""); got.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("gone: /readyz: %d", got.StatusCode)
	}
	p.start()
	recovers("gone")

	during("a black hole", false, func() { p.set(func() { p.silent = true }) })
	began := time.Now()
	if got := r.do(http.MethodGet, "/readyz", ""); got.StatusCode != http.StatusServiceUnavailable || time.Since(began) > time.Minute {
		t.Errorf("a black hole: /readyz: %d after %v", got.StatusCode, time.Since(began))
	}
	if got := r.do(http.MethodGet, "/healthz", ""); got.StatusCode != http.StatusOK {
		t.Errorf("a black hole: /healthz: %d", got.StatusCode)
	}
	p.set(func() { p.silent = false })
	p.cut()
	recovers("a black hole")
}

// What a database says for itself ends the start; only silence is waited out.
func TestANeo4jThatCannotBeUsedEndsTheStart(t *testing.T) {
	c := neo4jtest.Server(t)
	settings := environment(map[string]string{
		"COOPGRAPH_STORE": c.URI, "COOPGRAPH_NEO4J_USER": c.User, "COOPGRAPH_NEO4J_PASSWORD": c.Password,
	})
	var stdout, stderr lockedBuffer
	if err := run(t.Context(), []string{"doctor"}, settings, &stdout, &stderr); err != nil {
		t.Fatalf("doctor: %v", err)
	}
	neo4jtest.Run(t, c, "CREATE (m:Migration:Bookkeeping {number: 9999})")
	t.Cleanup(func() { neo4jtest.Run(t, c, "MATCH (m:Migration {number: 9999}) DELETE m") })
	err := run(t.Context(), []string{"serve", "--listen", "127.0.0.1:0"}, settings, &stdout, &stderr)
	if exitCode(err) != exitCorrupt || !strings.Contains(err.Error(), "start the newer program") {
		t.Errorf("on a database of a newer program: exit %d, %v", exitCode(err), err)
	}
	closed := newProxy(t, "")
	code, _, message := command(t, "doctor", "--store", "bolt://"+closed.address)
	if code != exitUnavailable || strings.Contains(message, "\n") {
		t.Errorf("doctor without a database: exit %d, %q", code, message)
	}
}
