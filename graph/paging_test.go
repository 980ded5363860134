package graph_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"coopgraph/store"
)

// listPage is a page of any list that the API pages.
type listPage struct {
	TotalCount int
	PageInfo   struct {
		HasNextPage, HasPreviousPage bool
		StartCursor, EndCursor       string
	}
	Edges []struct {
		Cursor string
		Node   struct{ ID string }
		Fact   *struct{ ID string }
		Score  *float64
	}
}

// items names what stands on a page: a thing, with the fact of its edge or its
// score.
func (p listPage) items() []string {
	var out []string
	for _, e := range p.Edges {
		item := e.Node.ID
		if e.Fact != nil {
			item += " by " + e.Fact.ID
		}
		if e.Score != nil {
			item += fmt.Sprint(" at ", *e.Score)
		}
		out = append(out, item)
	}
	return out
}

// list is a paged list: its query takes $first and $after and names the list's
// field by the path.
type list struct {
	query string
	path  string
	args  map[string]any
}

func (l list) page(c client, first int, after string) listPage {
	c.t.Helper()
	v := map[string]any{"first": first}
	for name, value := range l.args {
		v[name] = value
	}
	if after != "" {
		v["after"] = after
	}
	var data json.RawMessage
	c.ask(l.query, v, &data)
	for field := range strings.FieldsSeq(l.path) {
		var object map[string]json.RawMessage
		if err := json.Unmarshal(data, &object); err != nil {
			c.t.Fatalf("%s: %v", l.query, err)
		}
		data = object[field]
	}
	var p listPage
	if err := json.Unmarshal(data, &p); err != nil {
		c.t.Fatalf("%s: %v in %s", l.query, err, data)
	}
	return p
}

// walk reads a list page by page to its end, and checks what each page says.
func (l list) walk(c client, first int) []string {
	c.t.Helper()
	var all []string
	after := ""
	for {
		p := l.page(c, first, after)
		items := p.items()
		if p.PageInfo.HasPreviousPage != (after != "") {
			c.t.Errorf("%s: after %q hasPreviousPage is %v", l.query, after, p.PageInfo.HasPreviousPage)
		}
		if len(items) > 0 && (p.PageInfo.StartCursor != p.Edges[0].Cursor || p.PageInfo.EndCursor != p.Edges[len(items)-1].Cursor) {
			c.t.Errorf("%s: the page's cursors are not its first and its last edge's", l.query)
		}
		all = append(all, items...)
		if !p.PageInfo.HasNextPage {
			if p.TotalCount != len(all) {
				c.t.Errorf("%s: totalCount is %d, the pages hold %d", l.query, p.TotalCount, len(all))
			}
			return all
		}
		if len(items) != first {
			c.t.Fatalf("%s: a page of %d, asked were %d, and more follow", l.query, len(items), first)
		}
		after = p.PageInfo.EndCursor
	}
}

// check compares a walk in steps of three with one in steps of a hundred.
func (l list) check(c client) {
	c.t.Helper()
	small, large := l.walk(c, 3), l.walk(c, 100)
	if !slices.Equal(small, large) {
		c.t.Errorf("%s: pages of 3 hold\n%v\npages of 100 hold\n%v", l.query, small, large)
	}
	if len(small) <= 3 {
		c.t.Errorf("%s: %d items are too few to page", l.query, len(small))
	}
	seen := map[string]bool{}
	for _, item := range small {
		if seen[item] {
			c.t.Errorf("%s: %s stands there twice", l.query, item)
		}
		seen[item] = true
	}
}

// pageFields selects a page, with one more field of its edges.
func pageFields(edge string) string {
	return `totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor node { ... on Node { id } } ` + edge + ` }`
}

// Every root list, walked in small steps, gives each thing once, in order.
func testRootListsPage(t *testing.T, c client) {
	for _, root := range append([]string{"partners"}, rootLists...) {
		list{
			query: `query ($first: Int, $after: String) { ` + root + `(language: FR, first: $first, after: $after) { ` + pageFields("") + ` } }`,
			path:  root,
		}.check(c)
	}
	for _, root := range []string{"partners", "posts"} {
		list{
			query: `query ($first: Int, $after: String) { ` + root + `(orderBy: UPDATED_AT, first: $first, after: $after) { ` + pageFields("") + ` } }`,
			path:  root,
		}.check(c)
	}
}

// The connections of things, walked in small steps, give each fact once, in
// order.
func testConnectionsPage(t *testing.T, c client) {
	for _, q := range []struct{ kind, key, fields string }{
		{"Organisation", "benelux-union", "cooperatesWith projects"},
		{"Organisation", "benelux-countries", "themes"},
		{"Organisation", "nordic-council", "places"},
		{"Instrument", "joint-work-programme-2025-2028", "authors themes"},
		{"Event", "benelux-week-for-liaison-officers-2018", "participants"},
	} {
		for field := range strings.FieldsSeq(q.fields) {
			list{
				query: `query ($id: ID!, $first: Int, $after: String) { node(id: $id) { ... on ` + q.kind + ` { ` + field + `(first: $first, after: $after) { ` + pageFields("fact { id }") + ` } } } }`,
				path:  "node " + field, args: map[string]any{"id": seedID(store.Kind(q.kind), q.key)},
			}.check(c)
		}
	}
	theme := seedID("Theme", "security-migration-judicial-cooperation-and-a-resilient-society")
	for _, field := range []string{"organisations", "instruments"} {
		list{
			query: `query ($id: ID!, $first: Int, $after: String) { theme(id: $id) { ` + field + `(includeNarrower: true, first: $first, after: $after) { ` + pageFields("fact { id }") + ` } } }`,
			path:  "theme " + field, args: map[string]any{"id": theme},
		}.check(c)
	}
	list{
		query: `query ($id: ID!, $first: Int, $after: String) { node(id: $id) { ... on Thing { facts(first: $first, after: $after) { ` + pageFields("") + ` } } } }`,
		path:  "node facts", args: map[string]any{"id": seedID("Organisation", "benelux-union")},
	}.check(c)
}

// Search and contacts, walked in small steps, give each answer once, best
// first.
func testRankedListsPage(t *testing.T, c client) {
	for _, text := range []string{"benelux", "Schelde", "coöperation", "water"} {
		list{
			query: `query ($text: String!, $first: Int, $after: String) { search(text: $text, first: $first, after: $after) { ` + pageFields("score") + ` } }`,
			path:  "search", args: map[string]any{"text": text},
		}.check(c)
	}
	for _, about := range []string{"voorzitter Schelderaad", "Greater Region presidency in 2028", "ports", "Luxembourg"} {
		list{
			query: `query ($about: String, $first: Int, $after: String) { contacts(about: $about, first: $first, after: $after) { ` + pageFields("score") + ` } }`,
			path:  "contacts", args: map[string]any{"about": about},
		}.check(c)
	}
}
