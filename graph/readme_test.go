package graph_test

import (
	"bytes"
	"encoding/json"
	"os"
	"regexp"
	"testing"
)

// example is a question in README.md and the answer printed below it.
var example = regexp.MustCompile("(?s)```graphql\n(.*?)```\n\n```json\n(.*?)```")

// The answers in README.md are those that the server gives; -update writes
// them.
func TestReadmeAnswersAreTrue(t *testing.T) {
	const path = "../README.md"
	readme := readFile(t, path)
	c := serve(t, seeded(t, newSQLite(t)))
	found := example.FindAllSubmatchIndex(readme, -1)
	if len(found) != 3 {
		t.Fatalf("%d examples in README.md", len(found))
	}
	var written bytes.Buffer
	end := 0
	for _, m := range found {
		query, want := readme[m[2]:m[3]], readme[m[4]:m[5]]
		var data json.RawMessage
		c.ask(string(query), nil, &data)
		var got bytes.Buffer
		if err := json.Indent(&got, data, "", "  "); err != nil {
			t.Fatal(err)
		}
		got.WriteByte('\n')
		if !*update && got.String() != string(want) {
			t.Errorf("%s\nis answered with\n%s", query, got.String())
		}
		written.Write(readme[end:m[4]])
		written.Write(got.Bytes())
		end = m[5]
	}
	written.Write(readme[end:])
	if *update {
		if err := os.WriteFile(path, written.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
