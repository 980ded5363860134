package sqlite_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"coopgraph/store"
	"coopgraph/store/storetest"
)

// TestPagesOfManyMatches makes sure that a list of what bears any of some
// values is the same whole and in pages, each node once, whether its matches
// are few enough to start from or not.
func TestPagesOfManyMatches(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "graph.db"), storetest.Schema())
	const nodes = 2_500
	changes := make([]store.Change, nodes)
	for i := range changes {
		tags := []string{"common", "twice"}
		if i%100 == 0 {
			tags = append(tags, "rare", "seldom")
		}
		changes[i] = store.Change{Node: store.Node{
			ID: store.ID(fmt.Sprintf("%05d", i*7919%nodes)), Kind: storetest.Person,
			Props: store.Props{"name": fmt.Sprint(i % 10), "tags": tags},
		}}
	}
	apply(t, s, changes...)
	for _, c := range []struct {
		values []any
		want   int
	}{{[]any{"rare", "seldom"}, nodes / 100}, {[]any{"common", "twice"}, nodes}, {[]any{"none"}, 0}} {
		f := store.Filter{Conds: []store.Cond{{Prop: "tags", Values: c.values}}}
		for _, order := range []store.Order{{}, {Desc: true}, {Prop: "name"}, {Prop: "name", Desc: true}} {
			whole, err := s.Find(t.Context(), nil, f, store.Paging{Order: order, Count: true})
			if err != nil || len(whole.Items) != c.want || whole.Count != int64(c.want) {
				t.Fatalf("%v in order %v: %d of %d nodes, want %d (%v)", c.values, order, len(whole.Items), whole.Count, c.want, err)
			}
			p := store.Paging{Order: order, Limit: 700}
			if c.want < nodes {
				p.Limit = 7
			}
			at := 0
			for more := c.want > 0; more; {
				page, err := s.Find(t.Context(), nil, f, p)
				if err != nil {
					t.Fatal(err)
				}
				for _, n := range page.Items {
					if at == c.want || n.ID != whole.Items[at].ID {
						t.Fatalf("%v in order %v: node %d of the pages is %s", c.values, order, at, n.ID)
					}
					at++
				}
				last := page.Items[len(page.Items)-1]
				p.After = &store.Position{ID: last.ID}
				if order.Prop != "" {
					name, _ := last.Props["name"].(string)
					p.After.Keys = []string{name}
				}
				more = page.More
			}
			if at != c.want {
				t.Errorf("%v in order %v: %d nodes in pages, want %d", c.values, order, at, c.want)
			}
		}
	}
}
