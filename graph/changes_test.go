package graph_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"coopgraph/access"
	"coopgraph/store"
)

// change is one of the feed.
type change struct {
	ID, Operation, At, By, Run, Into string
	Node                             *struct {
		Typename string `json:"__typename"`
	}
}

// changesAfter gives a page of the feed and the cursor behind it.
func (c client) changesAfter(since, after any, first int) (page []change, end any, more bool) {
	c.t.Helper()
	var data struct {
		Changes struct {
			Nodes    []change
			PageInfo struct {
				HasNextPage bool
				EndCursor   *string
			}
		}
	}
	c.ask(`query($since: DateTime, $after: String, $first: Int) { changes(since: $since, after: $after, first: $first) {
		nodes { id operation at by run into node { __typename } } pageInfo { hasNextPage endCursor } } }`,
		map[string]any{"since": since, "after": after, "first": first}, &data)
	end = after
	if cursor := data.Changes.PageInfo.EndCursor; cursor != nil {
		end = *cursor
	}
	return data.Changes.Nodes, end, data.Changes.PageInfo.HasNextPage
}

// wholeFeed reads the feed from its beginning to its end.
func (c client) wholeFeed(since any) []change {
	c.t.Helper()
	all, _ := c.restOfFeed(since, nil)
	return all
}

// restOfFeed reads the feed from behind a cursor to its end, and gives the
// cursor there.
func (c client) restOfFeed(since, after any) (all []change, end any) {
	c.t.Helper()
	end = after
	for more := true; more; {
		var page []change
		page, end, more = c.changesAfter(since, end, 100)
		all = append(all, page...)
	}
	return all, end
}

// The feed tells what was done, in its order, when it can be sure that nothing
// comes before it any more.
func testChangesTellWhatWasDone(t *testing.T, s store.Store) {
	d := openDesk(t, s)
	c := d.as(t, access.Editor)
	keep, gone, ada := c.create("createOrganisation", "Delta Board"), c.create("createOrganisation", "Board of the Delta"), c.create("createPerson", "Ada")
	if page := c.wholeFeed(nil); len(page) != 0 {
		t.Errorf("what was just written is shown: %+v", page)
	}
	d.pass(time.Hour)
	if got := c.mutate("confirm", "", map[string]any{"idempotencyKey": "c", "id": ada}); got.code(t) != "" {
		t.Fatal(got.UserErrors)
	}
	d.pass(time.Second)
	if got := c.mutate("merge", "", map[string]any{"idempotencyKey": "m", "keep": keep, "merge": gone}); got.code(t) != "" {
		t.Fatal(got.UserErrors)
	}
	d.pass(time.Second)
	if got := c.mutate("deleteNode", "deletedId", map[string]any{"idempotencyKey": "d", "id": ada, "version": 2}); got.code(t) != "" {
		t.Fatal(got.UserErrors)
	}
	if n := len(c.wholeFeed(nil)); n != 3 {
		t.Errorf("%d changes are old enough, want 3", n)
	}
	d.pass(time.Minute)
	has := func(feed []change, id, operation, into string) {
		t.Helper()
		if !slices.ContainsFunc(feed, func(x change) bool {
			return x.ID == id && x.Operation == operation && x.Into == into && x.By == "desk of editor" && (x.Node == nil) == (id != keep)
		}) {
			t.Errorf("no %s of %s: %+v", operation, id, feed)
		}
	}
	feed := c.wholeFeed(nil)
	for _, id := range []string{keep, gone, ada} {
		has(feed, id, "CREATED", "")
	}
	late := c.wholeFeed("2026-01-31T12:30:00Z")
	has(late, ada, "CONFIRMED", "")
	has(late, gone, "MERGED", keep)
	has(late, keep, "CHANGED", "")
	has(late, ada, "DELETED", "")
	if len(late) != len(feed)-3 {
		t.Errorf("%d changes since, %d in all", len(late), len(feed))
	}
	for _, x := range d.as(t, access.Anonymous).wholeFeed(nil) {
		if x.By != "" {
			t.Errorf("a stranger sees who: %+v", x)
		}
	}
}

// Whoever reads the feed page by page, while others write, misses nothing and
// gets nothing twice.
func TestNoChangeIsMissedOrDoubled(t *testing.T) {
	d := openDesk(t, newSQLite(t))
	c := d.as(t, access.Editor)
	round := 0
	var start any
	rapid.Check(t, func(rt *rapid.T) {
		// Each round reads on from where the last one's writes end.
		round++
		d.pass(time.Minute)
		_, start = c.restOfFeed(nil, start)
		var read []change
		after := start
		var themes []string
		key := func(what string, i int) string { return fmt.Sprintf("%s %d of round %d", what, i, round) }
		poll := func() {
			page, end, _ := c.changesAfter(nil, after, rapid.IntRange(1, 5).Draw(rt, "first"))
			read, after = append(read, page...), end
		}
		for i := range rapid.IntRange(1, 12).Draw(rt, "edits") {
			d.pass(time.Duration(rapid.IntRange(0, 8_000).Draw(rt, "ms")) * time.Millisecond)
			switch what := rapid.IntRange(0, 4).Draw(rt, "what"); {
			case what == 0:
				c.mutate("importList", "run { id }", map[string]any{
					"idempotencyKey": key("import", i), "mapping": "organisation",
					"text": strings.ReplaceAll(boards(1+i%4), "Board", fmt.Sprint("Board in round ", round)),
				})
			case what == 1 && len(themes) > 1:
				c.mutate("merge", "", map[string]any{"idempotencyKey": key("merge", i), "keep": themes[0], "merge": themes[len(themes)-1]})
				themes = themes[:len(themes)-1]
			case what == 2 && len(themes) > 0:
				c.mutate("confirm", "", map[string]any{"idempotencyKey": key("confirm", i), "id": themes[0]})
			default:
				themes = append(themes, c.create("createTheme", key("Theme", i)))
			}
			if rapid.Bool().Draw(rt, "poll") {
				poll()
			}
		}
		d.pass(time.Minute)
		whole, _ := c.restOfFeed(nil, start)
		for len(read) < len(whole) {
			before := len(read)
			if poll(); len(read) == before {
				break
			}
		}
		for _, list := range [][]change{read, whole} {
			for i := range list {
				list[i].Node = nil // what became of it since
			}
		}
		if diff := cmp.Diff(whole, read); diff != "" {
			rt.Fatalf("page by page otherwise than at once:\n%s", diff)
		}
		if len(whole) == 0 {
			rt.Fatal("nothing is told")
		}
	})
}
