package reconcile_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"coopgraph/graph/transport"
	"coopgraph/reconcile"
)

// TestTheServersEdgeHoldsForTheService protects what the server puts around
// every path: hosts, foreign pages, CORS; and that previews may yet be framed.
func TestTheServersEdgeHoldsForTheService(t *testing.T) {
	settings := transport.Defaults()
	settings.Origins = []string{"http://refine.example:3333"}
	mux := http.NewServeMux()
	handler := reconcile.Handler(reconcile.Settings{Store: embedded, Now: clock})
	mux.Handle(reconcile.Path, handler)
	mux.Handle(reconcile.Path+"/", handler)
	edge, err := transport.Perimeter(settings, mux)
	if err != nil {
		t.Fatal(err)
	}
	ask := func(method, host, origin, path string, form url.Values) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, "http://"+host+path, strings.NewReader(form.Encode()))
		if method == http.MethodPost {
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		if origin != "" {
			r.Header.Set("Origin", origin)
		}
		w := httptest.NewRecorder()
		edge.ServeHTTP(w, r)
		return w
	}
	form := url.Values{"queries": {queries(1)}}
	tests := []struct {
		name, method, host, origin string
		status                     int
		allowed                    string
	}{
		{"OpenRefine's server", http.MethodPost, "127.0.0.1:8080", "", 200, ""},
		{"OpenRefine's page", http.MethodGet, "127.0.0.1:8080", "http://refine.example:3333", 200, "http://refine.example:3333"},
		{"its page, by POST", http.MethodPost, "127.0.0.1:8080", "http://refine.example:3333", 200, "http://refine.example:3333"},
		{"a foreign page", http.MethodGet, "127.0.0.1:8080", "http://evil.example", 200, ""},
		{"a foreign page, by POST", http.MethodPost, "127.0.0.1:8080", "http://evil.example", 403, ""},
		{"a rebound name", http.MethodPost, "evil.example", "", 421, ""},
	}
	for _, tt := range tests {
		w := ask(tt.method, tt.host, tt.origin, reconcile.Path, form)
		if w.Code != tt.status || w.Header().Get("Access-Control-Allow-Origin") != tt.allowed {
			t.Errorf("%s: %d, allowed %q: %.200s", tt.name, w.Code, w.Header().Get("Access-Control-Allow-Origin"), w.Body)
		}
	}
	manifest := ask(http.MethodGet, "127.0.0.1:8080", "", reconcile.Path, nil)
	if !strings.Contains(manifest.Body.String(), `"http://127.0.0.1:8080/reconcile/preview?id={{id}}"`) {
		t.Errorf("the manifest's addresses are not the request's: %s", manifest.Body)
	}
	page := ask(http.MethodGet, "127.0.0.1:8080", "", reconcile.Path+"/preview?id=n_x", nil)
	if policy := page.Result().Header.Values("Content-Security-Policy"); len(policy) != 1 || !strings.Contains(policy[0], "frame-ancestors 'self'") {
		t.Errorf("policy %v", policy)
	}
}
