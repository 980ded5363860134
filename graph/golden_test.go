package graph_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden answers that SQLite gives")

// golden is a question with its answer.
type golden struct {
	// Operation is a file of testdata/operations, without its ending.
	Operation string         `json:"operation"`
	Variables map[string]any `json:"variables"`
	// Statements is how many statements Neo4j may run, warm.
	Statements int64           `json:"statements"`
	Answer     json.RawMessage `json:"answer"`
}

func goldenFiles(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("testdata/golden/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no golden questions: %v", err)
	}
	return files
}

func readGolden(t *testing.T, path string) golden {
	t.Helper()
	var g golden
	if err := json.Unmarshal(readFile(t, path), &g); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return g
}

func (g golden) ask(t *testing.T, c client) []byte {
	t.Helper()
	query := string(readFile(t, filepath.Join("testdata/operations", g.Operation+".graphql")))
	status, body := c.send(query, "", variables(t, g.Variables))
	if status != http.StatusOK {
		t.Fatalf("status %d: %s", status, body)
	}
	return steady(t, body)
}

// times are when things were written: the only part of an answer in which two
// stores may differ.
var times = regexp.MustCompile(`"(createdAt|updatedAt)": "[^"]*"`)

// steady indents an answer and takes the times of writing out.
func steady(t *testing.T, body []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := json.Indent(&out, body, "  ", "  "); err != nil {
		t.Fatalf("answer: %v: %s", err, body)
	}
	return times.ReplaceAll(out.Bytes(), []byte(`"$1": "…"`))
}

func TestGoldenSQLite(t *testing.T) {
	c := serve(t, seeded(t, newSQLite(t)))
	for _, path := range goldenFiles(t) {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".json"), func(t *testing.T) {
			g := readGolden(t, path)
			answer := g.ask(t, c)
			if *update {
				g.Answer = answer
				writeGolden(t, path, g)
				return
			}
			if diff := cmp.Diff(string(g.Answer), string(answer)); diff != "" {
				t.Errorf("the answer changed (-want +got); -update writes it:\n%s", diff)
			}
		})
	}
}

func writeGolden(t *testing.T, path string, g golden) {
	t.Helper()
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(g); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestGoldenNeo4j: Neo4j answers as SQLite does, byte for byte, with a number
// of statements that does not depend on the question's depth.
func TestGoldenNeo4j(t *testing.T) {
	s, statements := newNeo4j(t)
	c := serve(t, seeded(t, s))
	for _, path := range goldenFiles(t) {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".json"), func(t *testing.T) {
			g := readGolden(t, path)
			before := statements.Load()
			answer := g.ask(t, c)
			if diff := cmp.Diff(string(g.Answer), string(answer)); diff != "" {
				t.Errorf("Neo4j answers otherwise than SQLite (-sqlite +neo4j):\n%s", diff)
			}
			if n := statements.Load() - before; n > g.Statements {
				t.Errorf("%d statements were run, at most %d are needed", n, g.Statements)
			}
		})
	}
}
