package reconcile_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"coopgraph/reconcile"
	"coopgraph/store"
)

func queries(n int) string {
	b := batch{}
	for i := range n {
		b["q"+strconv.Itoa(i)] = m{"query": "benelux", "limit": 1}
	}
	body, err := json.Marshal(b)
	if err != nil {
		panic(err)
	}
	return string(body)
}

// refusal is the body of an error.
type refusal struct{ Status, Code, Message string }

// TestWhatIsNoQuestionIsRefused protects the limits, and that errors say what
// is wrong in a form that clients show.
func TestWhatIsNoQuestionIsRefused(t *testing.T) {
	c := serve(t, reconcile.Settings{})
	nested := strings.Repeat("[", 40_000)
	tests := []struct {
		name    string
		form    url.Values
		status  int
		message string
	}{
		{"cut off", url.Values{"queries": {`{"q0": {"query": "a"`}}, 400, "not JSON"},
		{"trailing text", url.Values{"queries": {`{} {}`}}, 400, "follows"},
		{"a list", url.Values{"queries": {`[]`}}, 400, "array instead of object"},
		{"null", url.Values{"queries": {`null`}}, 400, "object of queries"},
		{"deeply nested", url.Values{"queries": {`{"q0": {"query": "a", "properties": [{"pid": "country", "v": ` + nested + `}]}}`}}, 400, "JSON"},
		{"an empty query", url.Values{"queries": {`{"q0": {}}`}}, 400, "neither a query nor properties"},
		{"a null query", url.Values{"queries": {`{"q0": null}`}}, 400, "neither"},
		{"an unknown type", url.Values{"queries": {`{"q0": {"query": "a", "type": "Q5"}}`}}, 400, "the types are Organisation"},
		{"an unknown type_strict", url.Values{"queries": {`{"q0": {"query": "a", "type_strict": "never"}}`}}, 400, "type_strict"},
		{"limit 0", url.Values{"queries": {`{"q0": {"query": "a", "limit": 0}}`}}, 400, "from 1 on"},
		{"limit 1e9", url.Values{"queries": {`{"q0": {"query": "a", "limit": 1e9}}`}}, 400, "from 1 on"},
		{"a property without a value", url.Values{"queries": {`{"q0": {"query": "a", "properties": [{"pid": "country"}]}}`}}, 400, "pid and v"},
		{"a value that is none", url.Values{"queries": {`{"q0": {"query": "a", "properties": [{"pid": "country", "v": {"x": 1}}]}}`}}, 400, "a value is"},
		{"an id of 501 characters", url.Values{"queries": {`{"q0": {"query": "a", "properties": [{"pid": "country", "v": {"id": "` + strings.Repeat("é", 501) + `"}}]}}`}}, 400, "501 characters; at most 500"},
		{"101 values", url.Values{"queries": {`{"q0": {"query": "a", "properties": [{"pid": "country", "v": [` + strings.Repeat(`"a",`, 100) + `"a"]}]}}`}}, 400, "101 values; at most 100"},
		{"51 queries", url.Values{"queries": {queries(51)}}, 413, "51 queries in a batch; at most 50"},
		{"a body of more than 256 KiB", url.Values{"queries": {strings.Repeat("a", 256<<10)}}, 413, "longer than"},
		{"JSONP", url.Values{"queries": {queries(1)}, "callback": {"alert"}}, 400, "JSONP"},
		{"a single query of version 0.1", url.Values{"query": {"benelux"}}, 400, "0.2"},
		{"both services", url.Values{"queries": {queries(1)}, "extend": {"{}"}}, 400, "either"},
		{"twice", url.Values{"queries": {queries(1), queries(1)}}, 400, "2 times"},
		{"nothing", url.Values{}, 400, "neither"},
		{"not UTF-8", url.Values{"queries": {"\xff"}}, 400, "UTF-8"},
		{"an extension without ids", url.Values{"extend": {`{"properties": []}`}}, 400, "ids and properties"},
		{"an unknown property", url.Values{"extend": {`{"ids": [], "properties": [{"id": "<script>"}]}`}}, 400, "is no property"},
		{"an unknown setting", url.Values{"extend": {`{"ids": [], "properties": [{"id": "name", "settings": {"x": 1}}]}`}}, 400, "no setting"},
		{"an unknown language", url.Values{"extend": {`{"ids": [], "properties": [{"id": "name", "settings": {"language": "xx"}}]}`}}, 400, "one of nl"},
		{"101 ids", url.Values{"extend": {`{"ids": [` + strings.Repeat(`"a",`, 100) + `"a"], "properties": []}`}}, 400, "101 ids"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := client{t: t, url: c.url}
			var e refusal
			c.check(c.post(tt.form), tt.status, "error", &e)
			if !strings.Contains(e.Message, tt.message) || len(e.Message) > 300 {
				t.Errorf("%q does not say %q", e.Message, tt.message)
			}
		})
	}
	if got := c.one(m{"query": "Scheldt Council"}); len(got) == 0 {
		t.Error("the next question is not answered")
	}
}

// TestALongCellSpoilsNoBatch protects the other rows of a batch: what is longer
// than may be compared is cut, as is the number of candidates.
func TestALongCellSpoilsNoBatch(t *testing.T) {
	c := serve(t, reconcile.Settings{})
	long := strings.Repeat("the council that meets on the river ", 10)
	answers := c.reconcile(batch{
		"words":      m{"query": "Scheldt Council " + long, "limit": 1_000},
		"characters": m{"query": strings.Repeat("é", 501)},
		"one word":   m{"query": strings.Repeat("a-", 200)},
		"value":      m{"query": "Scheldt Council", "properties": []m{{"pid": "description", "v": long + long}}},
		"cell":       m{"query": "Scheldt Council"},
	})
	if len(answers["words"]) > 100 || first(t, answers["value"]).Name != "Scheldt Council" || !first(t, answers["cell"]).Match {
		t.Errorf("%v", answers)
	}
	for _, x := range answers["words"] {
		if x.Match {
			t.Errorf("a text of %d words matches %s", 73, x.Name)
		}
	}
}

// TestTheLargestBatchIsAnswered protects the limits from being tighter than said.
func TestTheLargestBatchIsAnswered(t *testing.T) {
	c := serve(t, reconcile.Settings{})
	var answer map[string]any
	c.check(c.post(url.Values{"queries": {queries(50)}}), http.StatusOK, "reconciliation-result-batch", &answer)
	if len(answer) != 50 {
		t.Errorf("%d answers", len(answer))
	}
	c.check(c.get(reconcile.Path, url.Values{"queries": {queries(10)}}), http.StatusOK, "reconciliation-result-batch", &answer)
}

// TestTextHasNoMeaning protects that nothing in a query reaches a query language.
func TestTextHasNoMeaning(t *testing.T) {
	c := serve(t, reconcile.Settings{})
	for _, text := range []string{"*", "name:*", "a AND (", `"`, "~9999", "[* TO *]", "/.*/", "' OR 1=1 --", "\\u0060) MATCH (n) DETACH DELETE n //", "\u202egnp", "n_zzz", "ISO3166:' OR 1=1", "https://ror.org/", ":"} {
		for _, x := range c.one(m{"query": text, "properties": []m{{"pid": "identifier", "v": text}, {"pid": "website", "v": text}, {"pid": "from", "v": text}, {"pid": "latitude", "v": text}}}) {
			if x.Match {
				t.Errorf("%q matches %s", text, x.Name)
			}
		}
	}
}

// TestOtherRequestsAreRefused protects methods, media types and parameters of
// the services beside the batch.
func TestOtherRequestsAreRefused(t *testing.T) {
	c := serve(t, reconcile.Settings{})
	tests := []struct {
		method, path, media string
		status              int
	}{
		{http.MethodPut, "", "application/x-www-form-urlencoded", 405},
		{http.MethodDelete, "", "", 405},
		{http.MethodPost, "", "application/json", 415},
		{http.MethodPost, "", "multipart/form-data; boundary=x", 415},
		{http.MethodGet, "/suggest/entity", "", 400},
		{http.MethodGet, "/suggest/entity?prefix=a&cursor=-1", "", 400},
		{http.MethodGet, "/suggest/entity?prefix=a&limit=101", "", 400},
		{http.MethodGet, "/suggest/entity?prefix=a&callback=x", "", 400},
		{http.MethodGet, "?callback=x", "", 400},
		{http.MethodGet, "?queries=%FF", "", 400},
		{http.MethodGet, "/preview?callback=x", "", 400},
		{http.MethodGet, "/flyout/entity?id=n_x", "", 404},
		{http.MethodGet, "/flyout/property?id=n_x", "", 404},
		{http.MethodGet, "/flyout/type?id=", "", 404},
		{http.MethodGet, "/suggest/entity?prefix=" + strings.Repeat("a", 501), "", 400},
	}
	for _, tt := range tests {
		r, err := http.NewRequestWithContext(t.Context(), tt.method, c.url+reconcile.Path+tt.path, strings.NewReader("x"))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", tt.media)
		answer := c.send(r)
		if answer.status != tt.status {
			t.Errorf("%s %s %s: %d %s", tt.method, tt.path, tt.media, answer.status, answer.body)
		} else if err := conforms(t, "error", answer.body); err != nil {
			t.Errorf("%s %s: %v", tt.method, tt.path, err)
		}
	}
}

// TestPreviewsAreInert protects what a page may do in the frame of a client,
// and that it is in the reader's language.
func TestPreviewsAreInert(t *testing.T) {
	c := serve(t, reconcile.Settings{})
	id := first(t, c.one(m{"query": "Scheldt Council"})).ID
	c.language = "de-AT,de;q=0.9"
	r := c.get(reconcile.Path+"/preview", url.Values{"id": {id}})
	body := string(r.body)
	style := body[strings.Index(body, "<style>")+len("<style>") : strings.Index(body, "</style>")]
	digest := sha256.Sum256([]byte(style))
	policy := r.header.Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'", "style-src 'sha256-" + base64.StdEncoding.EncodeToString(digest[:]) + "'", "sandbox", "frame-ancestors 'self' http://127.0.0.1:*"} {
		if !strings.Contains(policy, want) {
			t.Errorf("%q is not in the policy %s", want, policy)
		}
	}
	for _, want := range []string{`<html lang="de">`, "Organisation", "Quellen", "Scheldt Council"} {
		if !strings.Contains(body, want) {
			t.Errorf("%q is not in %s", want, body)
		}
	}
	if r.header.Get("X-Content-Type-Options") != "nosniff" || r.header.Get("Content-Language") != "de" {
		t.Errorf("headers: %v", r.header)
	}
	for _, unknown := range []string{"", "n_x", "<script>alert(1)</script>", "../../etc/passwd", strings.Repeat("a", 10_000)} {
		r := c.get(reconcile.Path+"/preview", url.Values{"id": {unknown}})
		if r.status != http.StatusNotFound || strings.Contains(string(r.body), "<script") {
			t.Errorf("%.50q: %d %s", unknown, r.status, r.body)
		}
	}
}

// broken is a store that fails, or that does not answer.
type broken struct {
	store.Reader
	err  error
	held chan struct{}
}

func (b broken) Search(ctx context.Context, qs []store.Query) ([]store.Result, error) {
	if b.held != nil {
		b.held <- struct{}{}
		<-ctx.Done()
		return nil, ctx.Err()
	}
	return nil, b.err
}

// TestFaultsAreAnsweredInTime protects that a store which fails or hangs is
// answered for, and that what it said stays in the log.
func TestFaultsAreAnsweredInTime(t *testing.T) {
	quiet := slog.New(slog.NewTextHandler(io.Discard, nil))
	form := url.Values{"queries": {queries(3)}}
	tests := []struct {
		name     string
		settings reconcile.Settings
		status   int
		code     string
	}{
		{"unavailable", reconcile.Settings{Store: broken{Reader: embedded, err: store.ErrUnavailable}}, 503, "STORE_UNAVAILABLE"},
		{"unforeseen", reconcile.Settings{Store: broken{Reader: embedded, err: errors.New("secret host")}}, 500, "INTERNAL"},
		{"hanging", reconcile.Settings{Store: broken{Reader: embedded, held: make(chan struct{}, 100)}, Limits: reconcile.Limits{Time: 20 * time.Millisecond}}, 503, "TIMEOUT"},
		{"held", reconcile.Settings{Unavailable: func() (string, time.Duration, bool) { return "the seed is being loaded", time.Second, true }}, 503, "STORE_UNAVAILABLE"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.settings.Log = quiet
			c := serve(t, tt.settings)
			var e refusal
			r := c.post(form)
			c.check(r, tt.status, "error", &e)
			if e.Code != tt.code || strings.Contains(e.Message, "secret") {
				t.Errorf("%+v", e)
			}
			if tt.status == 503 && r.header.Get("Retry-After") != "1" {
				t.Errorf("Retry-After %q", r.header.Get("Retry-After"))
			}
		})
	}
}

// TestRequestsAtOnceAreBounded protects the store from more questions than it
// can hold: one more is told to come back.
func TestRequestsAtOnceAreBounded(t *testing.T) {
	held := make(chan struct{}, 100)
	c := serve(t, reconcile.Settings{Store: broken{Reader: embedded, held: held}, Limits: reconcile.Limits{InFlight: 1, Time: 5 * time.Second}})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, c.url+reconcile.Path+"?"+url.Values{"queries": {queries(1)}}.Encode(), nil)
		if err != nil {
			return
		}
		if answer, err := http.DefaultClient.Do(r); err == nil {
			answer.Body.Close()
		}
	}()
	<-held
	var e refusal
	c.check(c.get(reconcile.Path, nil), http.StatusServiceUnavailable, "error", &e)
	if e.Code != "BUSY" {
		t.Errorf("%+v", e)
	}
	cancel()
	<-ended
}

// FuzzBatches protects that every text sent as queries or extend is answered, or
// refused as the client's mistake.
func FuzzBatches(f *testing.F) {
	for _, seed := range []string{
		`{"q0":{"query":"benelux","type":"Organisation","type_strict":"should","limit":3}}`, `{"ids":["n_"],"properties":[{"id":"country","settings":{"limit":1}}]}`,
		`{"":{"query":"\ud800","properties":[{"pid":"from","v":[1,"2018",true,{"id":"x"}]}]}}`, `{"q0":{"properties":[{"pid":"ROR","v":"https://ror.org/"}]}}`, `{"ids":null}`, `0`,
	} {
		f.Add(seed)
	}
	handler := reconcile.Handler(reconcile.Settings{Store: embedded, Base: base, Now: clock})
	f.Fuzz(func(t *testing.T, text string) {
		for _, name := range []string{"queries", "extend"} {
			form := strings.NewReader(url.Values{name: {text}}.Encode())
			r := httptest.NewRequest(http.MethodPost, reconcile.Path, form)
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, r)
			if w.Code >= 500 || !json.Valid(w.Body.Bytes()) {
				t.Errorf("%s=%q: %d %s", name, text, w.Code, w.Body)
			}
		}
	})
}
