package guard

import (
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

func TestCostFollowsTheDocumentedFormula(t *testing.T) {
	g := testGuard(t)
	for _, c := range []struct {
		query, variables string
		want             int
	}{
		{`{ __typename }`, "", 0},
		{`{ thing(id: 1) { id languages } }`, "", 1},
		{`{ thing(id: 1) { names { value } } }`, "", 1 + 3},
		{`{ thing(id: 1) { contact { email } } }`, "", 1 + 10},
		{`{ things { totalCount pageInfo { hasNextPage } } }`, "", 1 + 1},
		{`{ things { nodes { id } } }`, "", 1 + 20},
		{`{ things(first: 5) { edges { node { id } } nodes { id } } }`, "", 1 + 5*(1+1) + 5},
		{`query($n: Int) { things(first: $n) { nodes { id } } }`, `{"n":7}`, 1 + 7},
		{`query($n: Int) { things(first: $n) { nodes { id } } }`, "", 1 + 20},
		{`query($n: Int = 9) { things(first: $n) { nodes { id } } }`, "", 1 + 9},
		{`{ search(text: "x") { nodes { id } } }`, "", 1 + 20},
		{`{ routes { id a { id } } }`, "", 3 * (1 + 1)},
		{`{ nodes(ids: ["a", "b"]) { id } }`, "", 2},
		{`query($ids: [ID!]!) { nodes(ids: $ids) { id } }`, `{"ids":["a","b","c","d"]}`, 4},
		{`{ things(first: 2) { ...P } b: things(first: 4) { ...P } } fragment P on ThingConnection { nodes { id } }`, "", 1 + 2 + 1 + 4},
		{`{ node(id: 1) { ... on Thing { contact { email } } } }`, "", 1 + 10},
		{`mutation { touch(id: 1) { a { id } } }`, "", 2},
		{`{ __schema { types { name fields { name } } } }`, "", 1 + 3*(1+3)},
	} {
		allowed, errs := g.Admit(Request{Query: c.query, Variables: vars(t, c.variables)}, staff)
		if errs != nil {
			t.Errorf("%s: %v", c.query, errs)
			continue
		}
		if allowed.Cost != c.want {
			t.Errorf("%s costs %d, want %d", c.query, allowed.Cost, c.want)
		}
	}
}

func TestCostIsHeldAgainstTheGrant(t *testing.T) {
	g := testGuard(t)
	query := `{ things(first: 100) { nodes { id } } }`
	if _, errs := g.Admit(Request{Query: query}, Grant{Cost: 101}); errs != nil {
		t.Errorf("at the limit: %v", errs)
	}
	// Admitted once, so the document is in the cache and must be priced all the same.
	if _, errs := g.Admit(Request{Query: query}, Grant{Cost: 100}); codes(errs) != CodeComplexityLimit {
		t.Errorf("above the limit: %v", errs)
	}
}

func TestListsWithoutAMultiplierAreReported(t *testing.T) {
	schema := gqlparser.MustLoadSchema(&ast.Source{Name: "test.graphqls", Input: testSchema})
	costs := DefaultCosts()
	costs.Lists = map[string]int{"names": 3}
	if err := CheckCosts(schema, costs); err != nil {
		t.Errorf("complete table: %v", err)
	}
	costs.Lists = map[string]int{"Thing.names": 0, "Query.things": 3}
	err := CheckCosts(schema, costs)
	if err == nil {
		t.Fatal("an incomplete table was taken")
	}
	for _, want := range []string{
		"Thing.names: the cost multiplier is not positive",
		"Query.things: no list field of this name",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is missing in %v", want, err)
		}
	}
	costs.Lists = nil
	if err := CheckCosts(schema, costs); err == nil || !strings.Contains(err.Error(), "Thing.names: [Name!]! has no cost multiplier") {
		t.Errorf("a list without a multiplier: %v", err)
	}
	open := gqlparser.MustLoadSchema(&ast.Source{Input: `type Query { a: XConnection } type XConnection { nodes: [X] } type X { id: ID }`})
	if err := CheckCosts(open, DefaultCosts()); err == nil || !strings.Contains(err.Error(), "Query.a") {
		t.Errorf("a connection without first: %v", err)
	}
}

func TestCacheStaysWithinItsBounds(t *testing.T) {
	c := newCache(3, 80)
	for _, query := range []string{"a", "b", "c", "d"} {
		c.keep(&document{query: query})
	}
	if c.find("a") != nil || c.find("b") == nil || c.find("d") == nil {
		t.Error("not the oldest document was forgotten")
	}
	c.find("b")
	c.keep(&document{query: "e"})
	if c.find("b") == nil || c.find("c") != nil {
		t.Error("a document in use was forgotten")
	}
	c.keep(&document{query: strings.Repeat("x", 11)})
	if len(c.entries) != 3 || c.bytes != 3 {
		t.Errorf("%d documents of %d bytes after one that is too large", len(c.entries), c.bytes)
	}
	wide := newCache(100, 80)
	for i := range 30 {
		wide.keep(&document{query: strings.Repeat("y", 8) + string(rune('a'+i))})
	}
	wide.keep(&document{query: "z"})
	wide.keep(&document{query: "z"})
	sum := 0
	for query := range wide.entries {
		sum += len(query)
	}
	if sum != wide.bytes || sum > 80 || len(wide.entries) != 9 {
		t.Errorf("%d documents of %d bytes, counted %d", len(wide.entries), sum, wide.bytes)
	}
}

// BenchmarkAdmit measures what the guard adds to a request whose document is known.
func BenchmarkAdmit(b *testing.B) {
	g := testGuard(b)
	r := Request{
		Query: `query($n: Int) { things(first: $n) { edges { node { id names { value } things(first: 5) { nodes { id a { id names { value } } } } } }
		  pageInfo { hasNextPage } totalCount } }`,
		Variables: vars(b, `{"n":20}`),
	}
	for b.Loop() {
		if _, errs := g.Admit(r, staff); errs != nil {
			b.Fatal(errs)
		}
	}
}
