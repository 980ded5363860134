package transport_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync/atomic"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"coopgraph/access"
	"coopgraph/graph/scalar"
	"coopgraph/graph/transport"
)

const testSchema = `
enum Order { NAME UPDATED_AT }
input Filter { order: Order inner: Filter }
type PageInfo { hasNextPage: Boolean! }
type Thing { id: ID! a: Thing things(first: Int = 20): ThingConnection! }
type ThingConnection { nodes: [Thing!]! totalCount: Int! pageInfo: PageInfo! }
type Query {
  things(first: Int = 20, order: Order, filter: Filter): ThingConnection
  thing(id: ID!): Thing
  echo(int: Int, text: String, list: [String!], any: Filter): String
  fails(how: String!): String
  waits(ms: Int!, stubborn: Boolean): String
  panics: String
  large(bytes: Int!): String
  introspects: Boolean
  whoami: String
}
scalar Upload
input ImportListInput { mapping: String file: Upload text: String }
directive @needs(right: Right!) on FIELD_DEFINITION
enum Right { EDIT IMPORT }
type Mutation { touch: Int @needs(right: EDIT) importList(input: ImportListInput!): String @needs(right: IMPORT) }
`

// errStore stands for a failure of the store, as Classify knows it, errShown for one
// that Classify shows as it is, errSecret for one whose text must stay in the log.
var (
	errStore  = errors.New("the store at bolt://10.0.0.1 is gone")
	errShown  = errors.New("these words are for the client")
	errSecret = errors.New("MATCH (n) at bolt://10.0.0.1 failed for jan@example.org")
)

// testExecutable is a schema whose resolvers are here: gqlgen would generate it. It
// counts what it executes.
type testExecutable struct {
	schema   *ast.Schema
	executed atomic.Int64
	later    func() (string, error)
	slow     chan error
}

func newTestExecutable() *testExecutable { return executableOf(testSchema) }

func executableOf(schema string) *testExecutable {
	return &testExecutable{slow: make(chan error, 1), schema: gqlparser.MustLoadSchema(&ast.Source{Name: "test.graphqls", Input: schema})}
}

func (e *testExecutable) Schema() *ast.Schema { return e.schema }

func (e *testExecutable) Complexity(context.Context, string, string, int, map[string]any) (int, bool) {
	return 0, false
}

func (e *testExecutable) Exec(context.Context) graphql.ResponseHandler {
	return e.respond
}

// respond resolves the root fields in order, as leaves, whatever is selected below them.
func (e *testExecutable) respond(ctx context.Context) *graphql.Response {
	operation := graphql.GetOperationContext(ctx)
	var data bytes.Buffer
	data.WriteByte('{')
	for i, field := range graphql.CollectFields(operation, operation.Operation.SelectionSet, []string{"Query", "Mutation"}) {
		if i > 0 {
			data.WriteByte(',')
		}
		value := []byte(`"Query"`)
		if field.Name != "__typename" {
			e.executed.Add(1)
			value = e.resolve(ctx, operation, field)
		}
		fmt.Fprintf(&data, "%q:%s", field.Alias, value)
	}
	data.WriteByte('}')
	return &graphql.Response{Data: data.Bytes()}
}

func (e *testExecutable) resolve(ctx context.Context, operation *graphql.OperationContext, field graphql.CollectedField) []byte {
	ctx = graphql.WithPathContext(ctx, graphql.NewPathWithField(field.Alias))
	arguments := field.ArgumentMap(operation.Variables)
	value, err := e.value(ctx, operation, field.Name, arguments)
	if err != nil {
		graphql.AddError(ctx, err)
		return []byte("null")
	}
	encoded, err := json.Marshal(value)
	if err != nil {
		graphql.AddError(ctx, err)
		return []byte("null")
	}
	return encoded
}

func (e *testExecutable) value(
	ctx context.Context, operation *graphql.OperationContext, name string, arguments map[string]any,
) (any, error) {
	switch name {
	case "echo":
		return fmt.Sprint(arguments["int"], arguments["text"]), nil
	case "introspects":
		return !operation.DisableIntrospection, nil
	case "fails":
		return nil, failure(arguments["how"])
	case "whoami":
		p := access.Of(ctx)
		return strings.TrimSpace(string(p.Role) + " " + p.Name), nil
	case "importList":
		return e.importList(ctx, arguments["input"])
	case "panics":
		panic("personal data of jan@example.org")
	case "large":
		return strings.Repeat("x", int(arguments["bytes"].(int64))), nil
	case "waits":
		wait, err := time.ParseDuration(fmt.Sprint(arguments["ms"], "ms"))
		if err != nil {
			return nil, err
		}
		if arguments["stubborn"] == true {
			time.Sleep(wait)
			return "slept", nil
		}
		select {
		case <-time.After(wait):
			return "waited", nil
		case <-ctx.Done():
			return nil, fmt.Errorf("expand: %w", ctx.Err())
		}
	}
	return json.RawMessage("null"), nil
}

// importList says what it was given, as an importer would read it: the file from its
// start, twice. What "later" is asked of, it reads after its answer, into e.later.
func (e *testExecutable) importList(ctx context.Context, input any) (any, error) {
	given, _ := input.(map[string]any)
	upload, ok := given["file"].(graphql.Upload)
	if !ok {
		return fmt.Sprintf("text of %d bytes", len(fmt.Sprint(given["text"]))), nil
	}
	file, ok := upload.File.(*transport.File)
	if !ok {
		return nil, fmt.Errorf("the file is a %T", upload.File)
	}
	switch given["mapping"] {
	case "later":
		release := file.Retain()
		e.later = func() (string, error) {
			defer release()
			return digestOf(file)
		}
	case "escapes":
		e.later = func() (string, error) { return digestOf(file) }
	case "slow":
		<-ctx.Done()
		time.Sleep(300 * time.Millisecond) // deaf for a while
		_, err := digestOf(file)
		e.slow <- err
		return nil, err
	}
	first, err := digestOf(file)
	if err != nil {
		return nil, err
	}
	again, err := digestOf(file)
	return fmt.Sprintf("%s %s %d %s %v", upload.Filename, upload.ContentType, upload.Size, first, first == again), err
}

func digestOf(file *transport.File) (string, error) {
	sum := sha256.New()
	if _, err := io.Copy(sum, io.NewSectionReader(file, 0, file.Size())); err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

func failure(how any) error {
	switch how {
	case "store":
		return fmt.Errorf("expand 3 nodes: %w", errStore)
	case "shown":
		return fmt.Errorf("read: %w", errShown)
	case "input":
		return &scalar.Error{Name: "after", Reason: "is no cursor"}
	case "coded":
		return &gqlerror.Error{Message: "the cursor does not belong here", Extensions: map[string]any{"code": "BAD_CURSOR"}}
	case "wrapped":
		return fmt.Errorf("resolve: %w", &gqlerror.Error{Message: "no cursor", Extensions: map[string]any{"code": "BAD_CURSOR"}})
	case "uncoded":
		return gqlerror.Errorf("secret of bolt://10.0.0.1")
	}
	return fmt.Errorf("query: %w", errSecret)
}
