package guard

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

// FuzzAdmit protects the process: whatever the text and the variables, Admit returns
// in good time, with a coded error or with an operation of the document.
func FuzzAdmit(f *testing.F) {
	for _, query := range []string{
		`{ thing(id: 1) { ...A } } fragment A on Thing { a { ...A } }`,
		`query($n: Int = 3) { things(first: $n) { edges { node { names { value } } } } }`,
		`query A { __typename } query B { __schema { types { name } } }`,
		`{ nodes(ids: ["a", {b: [1, 2.5, true, null, X, $y, """z"""]}]) @skip(if: $x) { ... on Thing { id } ...Nope } }`,
		`mutation($i: One) { touch(id: "\ud800") { id } }`,
		`{ things(first: 99999999999999999999, filter: {days: ["2023-02-30"], inner: {}}) { nodes { x { y } } } }`,
		`subscription { things }`,
		doubling(5), nested(13), aliases(31),
		"{", "\ufeff{a}", "{a(b:\"\\u{110000}\")}", "fragment on on on { on }", "query($a: [[Int!]!]! = [[1]]) { a(b: $a) }",
	} {
		f.Add(query, `{"n": 5, "x": true, "y": [1e9, null], "i": {"id": "x"}}`, "")
	}
	g := testGuard(f)
	f.Fuzz(func(t *testing.T, query, variables, name string) {
		d := json.NewDecoder(strings.NewReader(variables))
		d.UseNumber()
		var values map[string]any
		if d.Decode(&values) != nil {
			values = nil
		}
		start := time.Now()
		allowed, errs := g.Admit(Request{Query: query, OperationName: name, Variables: values}, staff)
		if took := time.Since(start); took > time.Minute {
			t.Errorf("took %v", took)
		}
		if (allowed == nil) == (errs == nil) {
			t.Fatalf("admitted %v, errors %v", allowed, errs)
		}
		for _, err := range errs {
			if code, ok := err.Extensions["code"].(string); !ok || code == "" {
				t.Errorf("error without a code: %v", err)
			}
		}
		// What need not be valid must be weighed all the same.
		if opened, err := g.open(query); err == nil {
			for _, op := range opened.tree.Operations {
				if cost := g.cost(opened, op, values); cost < 0 || cost > saturated {
					t.Errorf("cost %d", cost)
				}
			}
		}
	})
}
