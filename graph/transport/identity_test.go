package transport_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"coopgraph/access"
	"coopgraph/graph/guard"
	"coopgraph/graph/transport"
	"coopgraph/ontology"
	"coopgraph/store"
	"coopgraph/store/sqlite"
)

// identities are tokens in a real store, with a clock that is set by hand.
type identities struct {
	t        testing.TB
	registry *access.Registry
	store    *cuttable
	passed   atomic.Int64
}

// cuttable is a real store that can be cut off.
type cuttable struct {
	store.Store
	cut atomic.Pointer[error]
}

func (c *cuttable) Nodes(ctx context.Context, ids []store.ID) (map[store.ID]store.Node, error) {
	if err := c.cut.Load(); err != nil {
		return nil, *err
	}
	return c.Store.Nodes(ctx, ids)
}

func newIdentities(t testing.TB) *identities {
	t.Helper()
	s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "test.db"), ontology.Schema())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(context.Background()); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	i := &identities{t: t, store: &cuttable{Store: s}}
	i.registry = access.NewRegistry(i.store, i.now, rand.Reader)
	return i
}

func (i *identities) now() time.Time {
	return time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC).Add(time.Duration(i.passed.Load()))
}

// token makes one and gives its id and text.
func (i *identities) token(role access.Role, lifetime time.Duration) (id, text string) {
	i.t.Helper()
	token, text, err := i.registry.Create(i.t.Context(), role, "desk", lifetime)
	if err != nil {
		i.t.Fatal(err)
	}
	return token.ID, text
}

// serve serves with these identities.
func (i *identities) serve(change func(*transport.Settings)) *rig {
	i.t.Helper()
	return start(i.t, func(s *transport.Settings) {
		s.Authenticate = i.registry.Verify
		if change != nil {
			change(s)
		}
	})
}

func TestTheHeaderSaysWhoAsks(t *testing.T) {
	ids := newIdentities(t)
	r := ids.serve(nil)
	for _, role := range access.Roles() {
		_, text := ids.token(role, 0)
		for _, scheme := range []string{"Bearer", "bearer", "BEARER"} {
			got := r.ask("{whoami}", "", "Authorization", scheme+" "+text)
			if want := fmt.Sprintf(`{"data":{"whoami":"%s desk"}}`, role); string(got.body) != want || got.Header.Get("Cache-Control") != "no-store" {
				t.Errorf("%s: %d %s %v", role, got.StatusCode, got.body, got.Header)
			}
		}
	}
	_, text := ids.token(access.Editor, 0)
	for name, got := range map[string]reply{
		"no header": r.ask("{whoami}", ""),
		"in the URL": r.send(http.MethodPost, "/graphql?access_token="+text+"&token="+text+"&authorization=Bearer+"+text,
			strings.NewReader(`{"query":"{whoami}"}`), "Content-Type", "application/json"),
		"in a cookie":         r.ask("{whoami}", "", "Cookie", "token="+text+"; Authorization=Bearer "+text),
		"in another header":   r.ask("{whoami}", "", "X-Authorization", "Bearer "+text, "X-Api-Key", text),
		"for the proxy":       r.ask("{whoami}", "", "Proxy-Authorization", "Bearer "+text),
		"user in the address": r.ask("{whoami}", "", "Forwarded", "for="+text),
	} {
		if string(got.body) != `{"data":{"whoami":"anonymous"}}` || got.Header.Get("WWW-Authenticate") != "" {
			t.Errorf("%s: %d %s", name, got.StatusCode, got.body)
		}
	}
}

func TestRow52BadTokensAreRefusedEvenForPublicData(t *testing.T) {
	ids := newIdentities(t)
	strangers := newIdentities(t)
	r := ids.serve(nil)
	_, good := ids.token(access.Editor, 0)
	revoked, revokedText := ids.token(access.Editor, 0)
	if _, err := ids.registry.Revoke(t.Context(), revoked); err != nil {
		t.Fatal(err)
	}
	_, expired := ids.token(access.Editor, time.Minute)
	_, unknown := strangers.token(access.Editor, 0)
	ids.passed.Store(int64(time.Hour))
	var first string
	for name, header := range map[string]string{
		"empty":              "",
		"only the scheme":    "Bearer",
		"scheme and a blank": "Bearer ",
		"no scheme":          good,
		"60 KB":              "Bearer " + strings.Repeat("a", 60<<10),
		"Basic":              "Basic " + good,
		"Digest":             "Digest username=x",
		"a word before":      "Bearer Bearer " + good,
		"two blanks":         "Bearer  " + good,
		"something behind":   "Bearer " + good + ", Bearer " + good,
		"not ASCII":          "Bearer é" + good,
		"wrong secret":       "Bearer " + good[:len(good)-8] + "00000000",
		"unknown id":         "Bearer " + unknown,
		"expired":            "Bearer " + expired,
		"revoked":            "Bearer " + revokedText,
	} {
		t.Run(name, func(t *testing.T) {
			for _, query := range []string{"{whoami}", "{__typename}"} {
				got := r.ask(query, "", "Authorization", header)
				r.refused(got, http.StatusUnauthorized, transport.CodeUnauthenticated)
				if !strings.HasPrefix(got.Header.Get("WWW-Authenticate"), "Bearer ") || got.Header.Get("Cache-Control") != "no-store" {
					t.Errorf("header %v", got.Header)
				}
				if first == "" {
					first = string(got.body)
				}
				if string(got.body) != first {
					t.Errorf("tells its reason: %s", got.body)
				}
			}
			for _, path := range []string{"/healthz", "/missing"} {
				if got := r.send(http.MethodGet, path, nil, "Authorization", header); got.StatusCode != http.StatusUnauthorized {
					t.Errorf("%s: %d", path, got.StatusCode)
				}
			}
		})
	}
	if log := r.log.String(); strings.Contains(log, good[17:]) || !strings.Contains(log, "is expired") || !strings.Contains(log, "is revoked") {
		t.Error("the log does not tell the reasons, or repeats a secret")
	}
	twice, rest := r.raw("POST /graphql HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\nAuthorization: Bearer "+good+"\r\nAuthorization: Bearer "+good+"\r\n\r\n", 5*time.Second)
	if twice == nil || twice.StatusCode != http.StatusUnauthorized {
		t.Errorf("two headers: %v %s", twice, rest)
	}
	huge, rest := r.raw("POST /graphql HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "+strings.Repeat("a", 1<<20)+"\r\n\r\n", 5*time.Second)
	if huge == nil || huge.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("1 MB: %v %s", huge, rest)
	}
	if got := r.ask("{whoami}", "", "Authorization", "Bearer "+good); got.StatusCode != http.StatusOK {
		t.Errorf("the good one: %d %s", got.StatusCode, got.body)
	}
}

func TestWithoutIdentitiesEveryTokenIsBad(t *testing.T) {
	r := start(t, nil)
	r.refused(r.ask("{echo}", "", "Authorization", "Bearer x"), http.StatusUnauthorized, transport.CodeUnauthenticated)
}

// Where nobody can say whose a token is, it is not called bad: the client must keep it.
func TestAStoreThatIsDownIsNoBadToken(t *testing.T) {
	ids := newIdentities(t)
	_, text := ids.token(access.Staff, 0)
	r := ids.serve(nil)
	for _, c := range []struct {
		err    error
		status int
		code   string
	}{
		{fmt.Errorf("nodes: %w", errStore), http.StatusServiceUnavailable, transport.CodeStoreUnavailable},
		{fmt.Errorf("nodes: %w", context.DeadlineExceeded), http.StatusGatewayTimeout, transport.CodeTimeout},
		{fmt.Errorf("nodes: %w", errSecret), http.StatusInternalServerError, transport.CodeInternal},
	} {
		ids.store.cut.Store(&c.err)
		got := r.ask("{echo}", "", "Authorization", "Bearer "+text)
		r.refused(got, c.status, c.code)
		if got.Header.Get("WWW-Authenticate") != "" || (got.Header.Get("Retry-After") != "") != (c.status == http.StatusServiceUnavailable) {
			t.Errorf("%v: header %v", c.err, got.Header)
		}
		if strings.Contains(string(got.body), "bolt") || strings.Contains(string(got.body), "jan@") {
			t.Errorf("the answer tells of the store: %s", got.body)
		}
	}
	ids.store.cut.Store(nil)
	if got := r.ask("{whoami}", "", "Authorization", "Bearer "+text); got.StatusCode != http.StatusOK {
		t.Errorf("back again: %d %s", got.StatusCode, got.body)
	}
}

func TestFailedLoginsAreLimitedByAddress(t *testing.T) {
	ids := newIdentities(t)
	_, text := ids.token(access.Staff, 0)
	change := func(s *transport.Settings) {
		s.Address = func(r *http.Request) string { return r.Header.Get("X-Test-Address") }
	}
	r := ids.serve(change)
	for i := range 12 {
		got := r.ask("{echo}", "", "Authorization", "Bearer x", "X-Test-Address", "192.0.2.1")
		want := http.StatusUnauthorized
		if i >= 10 {
			want = http.StatusTooManyRequests
		}
		if got.StatusCode != want || (got.Header.Get("Retry-After") != "") != (i >= 10) {
			t.Errorf("attempt %d: %d %v", i, got.StatusCode, got.Header)
		}
	}
	for name, c := range map[string]struct {
		address, token string
		status         int
	}{
		"a good token from there":     {"192.0.2.1", "Bearer " + text, http.StatusTooManyRequests},
		"a good token from elsewhere": {"192.0.2.2", "Bearer " + text, http.StatusOK},
	} {
		if got := r.ask("{whoami}", "", "Authorization", c.token, "X-Test-Address", c.address); got.StatusCode != c.status {
			t.Errorf("%s: %d", name, got.StatusCode)
		}
	}
	if got := r.ask("{whoami}", "", "X-Test-Address", "192.0.2.1"); got.StatusCode != http.StatusOK {
		t.Errorf("no token from there: %d", got.StatusCode)
	}
	for range 15 {
		if got := r.ask("{echo}", "", "Authorization", "Bearer x", "X-Test-Address", "127.0.0.1"); got.StatusCode != http.StatusUnauthorized {
			t.Errorf("on loopback: %d", got.StatusCode)
		}
	}
	for range 25 {
		if got := r.ask("{whoami}", "", "Authorization", "Bearer "+text, "X-Test-Address", "192.0.2.3"); got.StatusCode != http.StatusOK {
			t.Errorf("good logins are counted: %d", got.StatusCode)
		}
	}
}

// A debt has to be paid off: attempts at the same time do not get around the limit.
func TestALimiterRemembersDebts(t *testing.T) {
	l := transport.NewLimiter(transport.Rate{PerSecond: 1, Burst: 2})
	if wait, empty := l.Empty("x"); empty {
		t.Errorf("empty before it was used, for %v", wait)
	}
	for range 5 {
		l.Take("x")
	}
	if wait, empty := l.Empty("x"); !empty || wait < 3*time.Second || wait > 4*time.Second {
		t.Errorf("three in debt: empty %v for %v", empty, wait)
	}
}

func TestWhatAnOperationMayCostDependsOnTheRole(t *testing.T) {
	ids := newIdentities(t)
	r := ids.serve(nil)
	ask := func(header ...string) int {
		// 1 + 100 × (1 + 1 + 100 × 1) and some: above 10,000, below 50,000.
		return r.ask(`{things(first:100){nodes{things(first:100){nodes{a{id}}}}}}`, "", header...).StatusCode
	}
	if status := ask(); status != http.StatusBadRequest {
		t.Errorf("anonymous: %d", status)
	}
	for role, want := range map[access.Role]int{
		access.Staff: http.StatusOK, access.Editor: http.StatusOK, access.Loader: http.StatusBadRequest, access.DPO: http.StatusBadRequest,
	} {
		_, text := ids.token(role, 0)
		if status := ask("Authorization", "Bearer "+text); status != want {
			t.Errorf("%s: %d, want %d", role, status, want)
		}
	}
	closed := ids.serve(withGrant(guard.Grant{Cost: 1}))
	_, text := ids.token(access.Editor, 0)
	if got := closed.ask(`{things{nodes{id}}}`, "", "Authorization", "Bearer "+text); got.StatusCode != http.StatusBadRequest {
		t.Errorf("the setting does not decide: %d", got.StatusCode)
	}
}

// Whoever authenticates still comes from a page, and to a host.
func TestATokenOpensNoDoorToForeignPages(t *testing.T) {
	ids := newIdentities(t)
	_, text := ids.token(access.Editor, 0)
	r := ids.serve(nil)
	r.refused(r.ask("{echo}", "", "Authorization", "Bearer "+text, "Origin", "https://evil.example"), http.StatusForbidden, transport.CodeForbidden)
	r.refused(r.ask("{echo}", "", "Authorization", "Bearer "+text, "Host", "evil.example"), http.StatusMisdirectedRequest, transport.CodeHost)
	friendly := ids.serve(func(s *transport.Settings) { s.Origins = []string{"https://app.example"} })
	got := friendly.ask("{echo}", "", "Authorization", "Bearer x", "Origin", "https://app.example", "Sec-Fetch-Site", "cross-site")
	if got.StatusCode != http.StatusUnauthorized || got.Header.Get("Access-Control-Allow-Origin") != "https://app.example" {
		t.Errorf("a page that may call cannot read that its token is bad: %d %v", got.StatusCode, got.Header)
	}
}
