package transport_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"coopgraph/access"
	"coopgraph/graph/guard"
	"coopgraph/graph/transport"
)

func TestRow43ErrorsShowNothingOfTheInside(t *testing.T) {
	r := start(t, nil)
	for _, c := range []struct{ how, code, message string }{
		{"secret", transport.CodeInternal, "internal error "},
		{"uncoded", transport.CodeInternal, "internal error "},
		{"store", transport.CodeStoreUnavailable, "the store is not available"},
		{"shown", "SHOWN", "read: these words are for the client"},
		{"input", guard.CodeBadUserInput, "after: the value is no cursor"},
		{"coded", "BAD_CURSOR", "the cursor does not belong here"},
		{"wrapped", "BAD_CURSOR", "no cursor"},
	} {
		t.Run(c.how, func(t *testing.T) {
			got := r.ask(fmt.Sprintf(`{x:fails(how:%q) __typename}`, c.how), "")
			errs := got.errors(t)
			if got.StatusCode != http.StatusOK || len(errs) != 1 || errs[0].Extensions["code"] != c.code {
				t.Fatalf("status %d: %s", got.StatusCode, got.body)
			}
			if data := string(got.document(t)["data"]); data != `{"x":null,"__typename":"Query"}` {
				t.Errorf("data %s", data)
			}
			if !strings.HasPrefix(errs[0].Message, c.message) || len(errs[0].Path) != 1 || errs[0].Path[0] != "x" {
				t.Errorf("error %+v", errs[0])
			}
			for _, secret := range []string{"MATCH", "bolt", "jan@"} {
				if strings.Contains(string(got.body), secret) {
					t.Errorf("the answer says %s: %s", secret, got.body)
				}
			}
			if c.code != transport.CodeInternal {
				return
			}
			id, _ := errs[0].Extensions["id"].(string)
			if len(id) < 20 || !strings.Contains(r.log.String(), id) || !strings.Contains(errs[0].Message, id) {
				t.Errorf("the id %q is not in message and log", id)
			}
		})
	}
}

func TestPanicsOfResolversAreAnswered(t *testing.T) {
	r := start(t, nil)
	got := r.ask(`{panics}`, "")
	if got.StatusCode != http.StatusInternalServerError || got.codes(t) != transport.CodeInternal {
		t.Errorf("status %d: %s", got.StatusCode, got.body)
	}
	if strings.Contains(string(got.body)+r.log.String(), "jan@example.org") {
		t.Error("what the panic says is shown or logged")
	}
	r.alive()
}

func TestErrorsAreCutAtTwentyAndSaySo(t *testing.T) {
	r := start(t, nil)
	var query strings.Builder
	for i := range 60 {
		fmt.Fprintf(&query, " nope%d", i)
	}
	got := r.ask("{thing(id:1){"+query.String()+"}}", "")
	if n := len(got.errors(t)); n != 20 {
		t.Errorf("%d errors", n)
	}
	var extensions struct{ ErrorsLeftOut int }
	if err := json.Unmarshal(got.document(t)["extensions"], &extensions); err != nil || extensions.ErrorsLeftOut != 40 {
		t.Errorf("extensions %s, %v", got.document(t)["extensions"], err)
	}
}

func TestAnswersAreBounded(t *testing.T) {
	r := start(t, func(s *transport.Settings) { s.Answer = 1_000 })
	if got := r.ask(`{large(bytes:900)}`, ""); got.StatusCode != http.StatusOK {
		t.Errorf("within the limit: %d", got.StatusCode)
	}
	got := r.ask(`{large(bytes:1000)}`, "")
	if _, ok := got.document(t)["data"]; ok || got.codes(t) != transport.CodeAnswerTooLarge {
		t.Errorf("beyond the limit: %d %.200s", got.StatusCode, got.body)
	}
}

func TestTheMediaTypeOfTheAnswerIsNegotiated(t *testing.T) {
	r := start(t, nil)
	for accept, want := range map[string]string{
		"":                                  "application/json; charset=utf-8",
		"*/*":                               "application/json; charset=utf-8",
		"text/html":                         "application/json; charset=utf-8",
		"application/json":                  "application/json; charset=utf-8",
		"application/graphql-response+json": "application/graphql-response+json; charset=utf-8",
		"application/graphql-response+json; charset=utf-8, application/json": "application/graphql-response+json; charset=utf-8",
		"application/json, application/graphql-response+json":                "application/json; charset=utf-8",
		"application/graphql-response+json;q=0, */*":                         "application/json; charset=utf-8",
	} {
		for _, query := range []string{"{__typename}", "{nope}"} {
			if got := r.ask(query, "", "Accept", accept); got.Header.Get("Content-Type") != want {
				t.Errorf("Accept %q: Content-Type %q", accept, got.Header.Get("Content-Type"))
			}
		}
	}
}

func TestNullParametersAreAbsentOnes(t *testing.T) {
	r := start(t, nil)
	got := r.post(`{"query":"{__typename}","operationName":null,"variables":null,"extensions":null}`)
	if string(got.body) != `{"data":{"__typename":"Query"}}` {
		t.Errorf("%s", got.body)
	}
	if got := r.post(`{"query":"{__typename}","extensions":{"tracing":true}}`); got.StatusCode != http.StatusOK {
		t.Errorf("another extension: %s", got.body)
	}
}

func TestVariablesAndDefaultsReachTheResolvers(t *testing.T) {
	r := start(t, nil)
	got := r.ask(`query($n: Int, $t: String = "d") { a:echo(int: $n, text: $t) b:echo(int: 7) }`, `{"n":12}`)
	if string(got.body) != `{"data":{"a":"12d","b":"7 \u003cnil\u003e"}}` {
		t.Errorf("%s", got.body)
	}
}

func TestSlowExecutionsEndInTime(t *testing.T) {
	r := start(t, func(s *transport.Settings) {
		s.Request, s.Grace, s.InFlight = 500*time.Millisecond, 50*time.Millisecond, 1
	})
	got := r.ask(`{waits(ms:60000)}`, "")
	if got.codes(t) != transport.CodeTimeout {
		t.Errorf("%d %s", got.StatusCode, got.body)
	}
	r.alive()
	// A resolver that ignores its context is left behind, but keeps its slot.
	got = r.ask(`{waits(ms:3000,stubborn:true)}`, "")
	if got.StatusCode != http.StatusGatewayTimeout || got.codes(t) != transport.CodeTimeout {
		t.Errorf("stubborn: %d %s", got.StatusCode, got.body)
	}
	got = r.ask(`{__typename}`, "")
	if got.StatusCode != http.StatusServiceUnavailable || got.codes(t) != transport.CodeOverloaded || got.Header.Get("Retry-After") != "1" {
		t.Errorf("while it runs: %d %s", got.StatusCode, got.body)
	}
	for got.StatusCode == http.StatusServiceUnavailable {
		time.Sleep(50 * time.Millisecond)
		got = r.ask(`{__typename}`, "")
	}
	r.alive()
}

func TestMoreRequestsThanSlotsAreTurnedAway(t *testing.T) {
	r := start(t, func(s *transport.Settings) { s.InFlight = 2 })
	var wait sync.WaitGroup
	var served, refused atomic.Int64
	for range 8 {
		wait.Go(func() {
			got := r.ask(`{waits(ms:1500)}`, "")
			switch got.StatusCode {
			case http.StatusOK:
				served.Add(1)
			case http.StatusServiceUnavailable:
				refused.Add(1)
			}
		})
	}
	wait.Wait()
	if served.Load() != 2 || refused.Load() != 6 {
		t.Errorf("served %d, refused %d", served.Load(), refused.Load())
	}
	r.alive()
}

func TestAnUnavailableStoreIsSaidBeforeExecution(t *testing.T) {
	var down atomic.Bool
	r := start(t, func(s *transport.Settings) {
		s.Unavailable = func() (string, time.Duration, bool) {
			return "the store cannot be reached", 3 * time.Second, down.Load()
		}
	})
	down.Store(true)
	got := r.ask(`{echo}`, "")
	if got.StatusCode != http.StatusServiceUnavailable || got.codes(t) != transport.CodeStoreUnavailable || got.Header.Get("Retry-After") != "3" {
		t.Errorf("%d %s", got.StatusCode, got.body)
	}
	down.Store(false)
	r.alive()
	if n := r.schema.executed.Load(); n != 0 {
		t.Errorf("%d fields were executed", n)
	}
}

func TestRatesAreLimitedByAddressAndByToken(t *testing.T) {
	change := func(s *transport.Settings) {
		s.AnonymousRate = transport.Rate{PerSecond: 0.01, Burst: 2}
		s.TokenRate = transport.Rate{PerSecond: 0.01, Burst: 4}
		s.Address = func(r *http.Request) string { return r.Header.Get("X-Test-Address") }
	}
	allowed := func(r *rig, address string, token ...string) int {
		header := []string{"X-Test-Address", address}
		for _, text := range token {
			header = append(header, "Authorization", "Bearer "+text)
		}
		for n := range 10 {
			got := r.ask("{__typename}", "", header...)
			if got.StatusCode == http.StatusOK {
				continue
			}
			wait, err := strconv.Atoi(got.Header.Get("Retry-After"))
			if got.StatusCode != http.StatusTooManyRequests || got.codes(t) != transport.CodeRateLimited || err != nil || wait < 1 {
				t.Errorf("refused with %d, Retry-After %q: %s", got.StatusCode, got.Header.Get("Retry-After"), got.body)
			}
			return n
		}
		return 10
	}
	r := start(t, change)
	for _, c := range []struct {
		address string
		want    int
	}{
		{"192.0.2.1", 2},
		{"192.0.2.2", 2},
		{"::ffff:192.0.2.2", 0},
		{"2001:db8::1", 2},
		{"2001:db8::2", 0}, // the same /64
		{"2001:db8:0:1::1", 2},
		{"127.0.0.1", 10},
		{"::1", 10},
	} {
		if n := allowed(r, c.address); n != c.want {
			t.Errorf("%s: %d requests, want %d", c.address, n, c.want)
		}
	}
	loopback := start(t, func(s *transport.Settings) { change(s); s.RateOnLoopback = true })
	if n := allowed(loopback, "127.0.0.1"); n != 2 {
		t.Errorf("limited loopback: %d requests", n)
	}
	tokens := start(t, func(s *transport.Settings) {
		change(s)
		s.Authenticate = func(_ context.Context, bearer string) (access.Principal, error) {
			return access.Principal{ID: bearer, Role: access.Staff}, nil
		}
	})
	if n := allowed(tokens, "192.0.2.1", "t1") + allowed(tokens, "192.0.2.2", "t1"); n != 4 {
		t.Errorf("one token from two addresses: %d requests", n)
	}
	if n := allowed(tokens, "192.0.2.1", "t2"); n != 4 {
		t.Errorf("another token: %d requests", n)
	}
	if n := allowed(tokens, "127.0.0.1", "t1"); n != 10 {
		t.Errorf("a token on loopback: %d requests", n)
	}
}

func TestALimiterForgetsCallersBeforeItGrowsWithoutBound(t *testing.T) {
	l := transport.NewLimiter(transport.Rate{PerSecond: 0.001, Burst: 1})
	for i := range 25_000 {
		if _, ok := l.Allow(strconv.Itoa(i)); !ok {
			t.Fatalf("caller %d was refused its first request", i)
		}
	}
	if n := l.Callers(); n > 10_000 {
		t.Errorf("%d callers are remembered", n)
	}
}

func TestOperationsOfTheProcessPassTheSameGuard(t *testing.T) {
	schema := newTestExecutable()
	g, err := guard.New(schema.Schema(), guard.Defaults(), guard.DefaultCosts())
	if err != nil {
		t.Fatal(err)
	}
	endpoint, err := transport.New(schema, g, transport.Defaults())
	if err != nil {
		t.Fatal(err)
	}
	staff := guard.Grant{Cost: guard.StaffCost}
	got := endpoint.Execute(t.Context(), guard.Request{Query: `query($n:Int){echo(int:$n)}`, Variables: map[string]any{"n": json.Number("3")}}, staff)
	if len(got.Errors) > 0 || string(got.Data) != `{"echo":"3 \u003cnil\u003e"}` {
		t.Errorf("%v %s", got.Errors, got.Data)
	}
	got = endpoint.Execute(t.Context(), guard.Request{Query: `{things(first:1000){totalCount}}`}, staff)
	if len(got.Errors) != 1 || got.Errors[0].Extensions["code"] != guard.CodeBadUserInput || got.Data != nil {
		t.Errorf("%v %s", got.Errors, got.Data)
	}
}

func TestConcurrentRequestsShareADocument(t *testing.T) {
	r := start(t, nil)
	var wait sync.WaitGroup
	for i := range 32 {
		wait.Go(func() {
			got := r.ask(`query($n:Int){echo(int:$n)}`, fmt.Sprintf(`{"n":%d}`, i))
			if want := fmt.Sprintf(`{"data":{"echo":"%d \u003cnil\u003e"}}`, i); string(got.body) != want {
				t.Errorf("%s, want %s", got.body, want)
			}
		})
	}
	wait.Wait()
}

// gate is a gqlgen extension that refuses every operation.
type gate struct{ err *gqlerror.Error }

func (gate) ExtensionName() string { return "Gate" }

func (g gate) Validate(graphql.ExecutableSchema) error {
	if g.err == nil {
		return errors.New("the gate has no error")
	}
	return nil
}

func (g gate) MutateOperationContext(context.Context, *graphql.OperationContext) *gqlerror.Error {
	return g.err
}

func TestExtensionsMayRefuseWithTheirCode(t *testing.T) {
	r := start(t, func(s *transport.Settings) {
		s.Extensions = []graphql.HandlerExtension{gate{&gqlerror.Error{Message: "closed", Extensions: map[string]any{"code": "CLOSED"}}}}
	})
	got := r.ask("{echo}", "")
	if got.StatusCode != http.StatusBadRequest || got.codes(t) != "CLOSED" || r.schema.executed.Load() != 0 {
		t.Errorf("%d %s", got.StatusCode, got.body)
	}
	schema := newTestExecutable()
	g, err := guard.New(schema.Schema(), guard.Defaults(), guard.DefaultCosts())
	if err != nil {
		t.Fatal(err)
	}
	settings := transport.Defaults()
	settings.Extensions = []graphql.HandlerExtension{gate{}}
	if _, err := transport.New(schema, g, settings); err == nil {
		t.Error("an extension that does not fit was taken")
	}
}
