package transport_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"coopgraph/graph/transport"
)

// FuzzBody protects the endpoint: any body is answered with JSON that either holds data
// or coded errors.
func FuzzBody(f *testing.F) {
	for _, body := range []string{
		`{"query":"{__typename}"}`,
		`{"query":"query A($n:Int){echo(int:$n)}","operationName":"A","variables":{"n":1},"extensions":null}`,
		`{"query":"{echo(text:\"\\ud83d\\ude42\")}","variables":{"a":[{"b":"\ud800"}]}}`,
		`{"query":"{fails(how:\"x\")}"}`, `{"query":"mutation{touch}"}`,
		`[[[[`, `{"a":{"a":`, "\xef\xbb\xbf{}", "{\x00", "nul", `{"query":1e999}`, `"`, `{}{}`, `{"query":"","query":""}`,
	} {
		f.Add(body)
	}
	handler := start(f, func(s *transport.Settings) { s.AnonymousRate.Burst = 1 << 30 }).handler
	f.Fuzz(func(t *testing.T, body string) {
		request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "http://localhost/graphql", strings.NewReader(body))
		request.Header.Set("Content-Type", "application/json")
		recorder := httptest.NewRecorder()
		handler.ServeHTTP(recorder, request)
		var answer struct {
			Data   json.RawMessage
			Errors []shownError
		}
		if err := json.Unmarshal(recorder.Body.Bytes(), &answer); err != nil {
			t.Fatalf("status %d, no JSON: %v\n%s", recorder.Code, err, recorder.Body)
		}
		if recorder.Code != http.StatusOK && answer.Data != nil {
			t.Errorf("status %d with data", recorder.Code)
		}
		if answer.Data == nil && len(answer.Errors) == 0 {
			t.Errorf("status %d with neither data nor errors", recorder.Code)
		}
		for _, err := range answer.Errors {
			if code, ok := err.Extensions["code"].(string); !ok || code == "" {
				t.Errorf("error without a code: %s", recorder.Body)
			}
		}
	})
}
