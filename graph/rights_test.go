package graph_test

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2/ast"

	"coopgraph/access"
	"coopgraph/graph/generated"
	"coopgraph/graph/transport"
)

// Who may what, over HTTP: every mutation of the schema, asked by every role
// with the least input that is valid. A mutation that is added is in this
// matrix by itself, as the editors' alone.
func TestEveryMutationAsksForItsRight(t *testing.T) {
	s := newSQLite(t)
	registry := access.NewRegistry(s, time.Now, rand.Reader)
	settings := transport.Defaults()
	settings.Authenticate = registry.Verify
	c := serveWith(t, s, settings)
	tokens := map[access.Role]string{access.Anonymous: ""}
	for _, role := range access.Roles() {
		_, text, err := registry.Create(t.Context(), role, "desk", 0)
		if err != nil {
			t.Fatal(err)
		}
		tokens[role] = text
	}
	loaders := []string{"importList", "undoImport"}
	schema := generated.NewExecutableSchema(generated.Config{}).Schema()
	if len(schema.Mutation.Fields) < 20 {
		t.Fatalf("the schema has %d mutations", len(schema.Mutation.Fields))
	}
	for _, m := range schema.Mutation.Fields {
		input := least(t, schema, m.Arguments.ForName("input").Type)
		query := "mutation($input: " + m.Arguments.ForName("input").Type.String() + ") { " + m.Name + "(input: $input) { __typename } }"
		for role, token := range tokens {
			want := "FORBIDDEN"
			switch {
			case role == access.Anonymous:
				want = "UNAUTHENTICATED"
			case role == access.Editor, role == access.Loader && slices.Contains(loaders, m.Name):
				want = ""
			}
			if got := firstCode(t, c.url, token, query, input); got != want && (want != "" || got == "FORBIDDEN" || got == "UNAUTHENTICATED" || got == "INTERNAL") {
				t.Errorf("%s by %s: %q, want %q", m.Name, role, got, want)
			}
		}
	}
	for role, token := range tokens {
		if got := firstCode(t, c.url, token, "{ partners { totalCount } }", nil); got != "" {
			t.Errorf("a public question by %s: %s", role, got)
		}
	}
}

// firstCode sends a request with a token, "" for none, and gives the code of its
// first error.
func firstCode(t *testing.T, url, token, query string, input any) string {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": map[string]any{"input": input}})
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url+"/graphql", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Errors []struct{ Extensions struct{ Code string } }
	}
	if err := json.Unmarshal(answer, &got); err != nil {
		t.Fatalf("%v: %.300s", err, answer)
	}
	if len(got.Errors) == 0 {
		return ""
	}
	if code := got.Errors[0].Extensions.Code; code != "BAD_USER_INPUT" || resp.StatusCode == http.StatusOK {
		return code
	}
	t.Fatalf("the input was refused before it was asked who sends it: %.300s", answer)
	return ""
}

// least makes the smallest value of a type that the schema allows.
func least(t *testing.T, schema *ast.Schema, of *ast.Type) any {
	t.Helper()
	if of.Elem != nil {
		return []any{least(t, schema, of.Elem)}
	}
	def := schema.Types[of.NamedType]
	switch def.Kind {
	case ast.Enum:
		return def.EnumValues[0].Name
	case ast.InputObject:
		object := map[string]any{}
		for _, f := range def.Fields {
			if f.Type.NonNull && f.DefaultValue == nil {
				object[f.Name] = least(t, schema, f.Type)
			}
		}
		if def.Directives.ForName("oneOf") != nil {
			object[def.Fields[0].Name] = least(t, schema, def.Fields[0].Type)
		}
		return object
	}
	values := map[string]any{
		"ID": "n_aaaaaaaaaaaaaaaaaaaaaaaaaa", "String": "x", "Int": 1, "Float": 1.5, "Boolean": true,
		"Date": "2026-01-31", "PartialDate": "2026", "DateTime": "2026-01-31T12:00:00Z", "LanguageTag": "nl",
	}
	value, ok := values[def.Name]
	if !ok {
		t.Fatalf("no value of the scalar %s", def.Name)
	}
	return value
}
