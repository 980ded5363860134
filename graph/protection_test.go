package graph_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"coopgraph/graph/guard"
	"coopgraph/graph/transport"
	"coopgraph/ontology"
	"coopgraph/store"
)

// written are the shared operations that need a token: TestSharedMutations asks
// them.
var written = map[string]bool{"curate": true, "load": true}

// Every shared operation passes the guard for anonymous callers at its usual
// page, and the one for contacts at the largest page for staff.
func TestSharedOperationsPassTheGuard(t *testing.T) {
	s := seeded(t, newSQLite(t))
	anonymous := serve(t, s)
	settings := transport.Defaults()
	settings.Grant = func(context.Context) guard.Grant { return guard.Grant{Cost: guard.StaffCost} }
	staff := serveWith(t, s, settings)
	files, err := filepath.Glob("testdata/operations/*.graphql")
	if err != nil || len(files) == 0 {
		t.Fatalf("no operations: %v", err)
	}
	asked := map[string]golden{}
	for _, path := range goldenFiles(t) {
		g := readGolden(t, path)
		asked[g.Operation] = g
	}
	for _, path := range files {
		name := strings.TrimSuffix(filepath.Base(path), ".graphql")
		if written[name] {
			continue
		}
		t.Run(name, func(t *testing.T) {
			g, known := asked[name]
			if !known {
				t.Fatal("no golden question asks it")
			}
			query, given := string(readFile(t, path)), variables(t, g.Variables)
			delete(given, "first")
			for who, c := range map[string]client{"anonymous": {t: t, url: anonymous.url}, "staff": {t: t, url: staff.url}} {
				if got := c.reply(query, given); got.status != http.StatusOK || len(got.Errors) > 0 || got.isNull(t) {
					t.Errorf("%s: %d %.300s", who, got.status, got.body)
				}
			}
			if name != "contacts" {
				return
			}
			given["first"] = 100
			if got := (client{t: t, url: staff.url}).reply(query, given); got.status != http.StatusOK || len(got.Errors) > 0 {
				t.Errorf("a page of 100: %d %.300s", got.status, got.body)
			}
		})
	}
}

// What nobody foresaw is shown as INTERNAL with an id under which the log
// tells the rest; the answer tells nothing of the store.
func TestUnforeseenErrorsShowNothingOfTheStore(t *testing.T) {
	s := &watched{Store: newSQLite(t)}
	var log lockedBuffer
	settings := transport.Defaults()
	settings.Log = slog.New(slog.NewTextHandler(&log, nil))
	c := serveWith(t, s, settings)
	strange := errors.New("dial bolt://db.internal:7687: MATCH (n:Person {mailbox: 'jan@example.org'}) SELECT * FROM node")
	s.fault.Store(&strange)
	union := seedID(ontology.Organisation, "benelux-union")
	for _, query := range []string{
		`{node(id:"` + union + `"){id}}`,
		`{organisation(id:"` + union + `"){name}}`,
		`{partners{nodes{name}}}`,
		`{search(text:"benelux"){totalCount}}`,
		`{suggest(prefix:"ben"){text}}`,
		`{contacts(about:"hydrogen"){totalCount}}`,
		`{paths(from:"` + union + `",to:"` + union + `"){length}}`,
		`{network(around:"` + union + `"){truncated}}`,
		`{coverage{gaps{theme{id}}}}`,
	} {
		got := c.reply(query, nil)
		if got.codes() != "INTERNAL" || len(got.Errors) != 1 {
			t.Errorf("%s: %d %s", query, got.status, got.body)
			continue
		}
		id := got.Errors[0].Extensions.ID
		if got.Errors[0].Message != "internal error "+id || len(id) < 20 || !strings.Contains(log.String(), id) {
			t.Errorf("%s: %s", query, got.body)
		}
		for _, secret := range []string{"MATCH", "SELECT", "bolt", "internal:", "jan@", "node("} {
			if bytes.Contains(got.body, []byte(secret)) {
				t.Errorf("%s: the answer says %q: %s", query, secret, got.body)
			}
		}
	}
	for fault, want := range map[error]string{
		fmt.Errorf("read: %w: bolt://db.internal:7687", store.ErrUnavailable): "STORE_UNAVAILABLE",
		fmt.Errorf("read: %w", store.ErrNewer):                                "STORE_UNAVAILABLE",
		context.DeadlineExceeded:                                              "TIMEOUT",
	} {
		s.fault.Store(&fault)
		for _, query := range []string{`{partners{nodes{name}}}`, `{node(id:"` + union + `"){id}}`} {
			got := c.reply(query, nil)
			if got.codes() != want || got.status < 500 || bytes.Contains(got.body, []byte("bolt")) {
				t.Errorf("%v: %s: %d %s", fault, query, got.status, got.body)
			}
		}
	}
	s.fault.Store(nil)
	if got := c.reply(`{partners{nodes{name}}}`, nil); got.codes() != "" {
		t.Errorf("after the fault: %d %s", got.status, got.body)
	}
}

// lockedBuffer collects the log of several goroutines.
type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

// introspection is the question that GraphiQL asks when it opens.
const introspection = `query IntrospectionQuery {
  __schema {
    description
    queryType { name kind }
    mutationType { name kind }
    subscriptionType { name kind }
    types { ...FullType }
    directives { name description isRepeatable locations args(includeDeprecated: true) { ...InputValue } }
  }
}
fragment FullType on __Type {
  kind name description specifiedByURL isOneOf
  fields(includeDeprecated: true) {
    name description
    args(includeDeprecated: true) { ...InputValue }
    type { ...TypeRef }
    isDeprecated deprecationReason
  }
  inputFields(includeDeprecated: true) { ...InputValue }
  interfaces { ...TypeRef }
  enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason }
  possibleTypes { ...TypeRef }
}
fragment InputValue on __InputValue {
  name description type { ...TypeRef } defaultValue isDeprecated deprecationReason
}
fragment TypeRef on __Type {
  kind name
  ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name
    ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } } }
}`

// On loopback the explorer can read the schema, and /schema.graphql is one
// that clients can be generated from.
func TestTheSchemaCanBeRead(t *testing.T) {
	c := serve(t, newSQLite(t))
	var data struct {
		Schema struct {
			Types []struct{ Name, Description string }
		} `json:"__schema"`
	}
	c.ask(introspection, nil, &data)
	names := map[string]string{}
	for _, typ := range data.Schema.Types {
		names[typ.Name] = typ.Description
	}
	resp, err := http.Get(c.url + "/schema.graphql")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	sdl, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != http.StatusOK || !strings.HasPrefix(resp.Header.Get("Content-Type"), "application/graphql") {
		t.Errorf("/schema.graphql: %d %s", resp.StatusCode, resp.Header.Get("Content-Type"))
	}
	schema, err := gqlparser.LoadSchema(&ast.Source{Name: "/schema.graphql", Input: string(sdl)})
	if err != nil {
		t.Fatalf("/schema.graphql: %v", err)
	}
	for name, def := range schema.Types {
		description, ok := names[name]
		if !ok || !def.BuiltIn && strings.TrimSpace(description) != strings.TrimSpace(def.Description) {
			t.Errorf("%s is described otherwise by introspection: %q", name, description)
		}
	}
}
