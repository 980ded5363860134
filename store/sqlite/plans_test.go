package sqlite

import (
	"context"
	"database/sql/driver"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"coopgraph/store"
	"coopgraph/store/storetest"
)

// scan finds a pass over a whole table in a query plan, by the names that the
// statements give the tables. Passes over JSON lists (i, l, p, v), over the
// matches of a lookup (k) and over virtual tables are meant.
var scan = regexp.MustCompile(`^SCAN (a|b|body|e|edge|h|hop|lookup|m|n|node|t|text|w|word)\b`)

// permitted are the statements that read a table from end to end: what an
// operator asks of the whole database.
var permitted = map[string]bool{
	"SELECT count(*) FROM text WHERE analysis <> ?": true,
}

// manyArguments are more than any statement has: a plan is asked for with the
// parameters bound, to whatever.
var manyArguments = make([]any, 1_000)

// TestPlans runs the conformance suite with hubs of three hops, notes every statement, and asks how
// each is answered.
func TestPlans(t *testing.T) {
	var mu sync.Mutex
	seen := map[string]bool{}
	// Few hops make a hub, so that the suite meets hubs and what becomes one.
	watch := func(s *Store) {
		s.hubHops = 2
		s.seen = func(query string) {
			mu.Lock()
			defer mu.Unlock()
			seen[query] = true
		}
	}
	var last *Store
	start := func(t *testing.T, schema store.Schema) store.Store {
		s, err := Open(t.Context(), filepath.Join(t.TempDir(), "graph.db"), schema, watch)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close(context.Background()) })
		last = s
		return s
	}
	t.Run("Suite", func(t *testing.T) { storetest.Run(t, start) })
	if len(seen) < 50 {
		t.Fatalf("the suite ran %d statements", len(seen))
	}
	start(t, storetest.Schema())
	c, err := dial(last.writerDSN())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.close() }()
	for query := range seen {
		if permitted[query] {
			continue
		}
		err := c.query(t.Context(), "EXPLAIN QUERY PLAN "+query, manyArguments, func(row []driver.Value) error {
			if step := text(row[3]); scan.MatchString(step) {
				t.Errorf("%s\nin%s", step, query)
			}
			return nil
		})
		if err != nil {
			t.Errorf("%v\nin%s", err, query)
		}
	}
}

// TestOrderedLists makes sure that a page of a list comes in the order of an
// index, either way, filtered or not.
func TestOrderedLists(t *testing.T) {
	var seen []string
	s, err := Open(t.Context(), filepath.Join(t.TempDir(), "graph.db"), storetest.Schema(), func(s *Store) {
		s.seen = func(query string) { seen = append(seen, query) }
	})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close(context.Background()) }()
	kinds := []store.Kind{storetest.Person}
	f := store.Filter{Conds: []store.Cond{{Prop: "note", Values: []any{"x"}}}}
	for _, desc := range []bool{false, true} {
		for _, prop := range []string{"", "name", "seen"} {
			p := store.Paging{Order: store.Order{Prop: prop, Desc: desc}, Limit: 5, After: &store.Position{ID: "x"}}
			if prop != "" {
				p.After.Keys = []string{"x"}
			}
			if _, err := s.Find(t.Context(), kinds, f, p); err != nil {
				t.Fatal(err)
			}
		}
		p := store.Paging{Order: store.Order{Desc: desc}, Limit: 5}
		if _, err := s.Edges(t.Context(), nil, store.Filter{}, p); err != nil {
			t.Fatal(err)
		}
	}
	s.seen = nil
	lists := 0
	err = s.read(t.Context(), func(c *conn) error {
		for _, query := range seen {
			if !strings.Contains(query, "ORDER BY") {
				continue
			}
			lists++
			err := c.query(t.Context(), "EXPLAIN QUERY PLAN "+query, manyArguments, func(row []driver.Value) error {
				if strings.HasPrefix(text(row[3]), "USE TEMP B-TREE") {
					t.Errorf("%s\nin%s", text(row[3]), query)
				}
				return nil
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil || lists < 8 {
		t.Fatalf("%d lists, %v", lists, err)
	}
}

// TestOrderedPages makes sure that a page of a hub comes in the order of an
// index, for every order of the schema and either direction.
func TestOrderedPages(t *testing.T) {
	s, err := Open(t.Context(), filepath.Join(t.TempDir(), "graph.db"), storetest.Schema())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close(context.Background()) }()
	where := []store.Cond{{Prop: "planned", Op: store.None, Values: []any{true}}}
	for _, order := range s.schema.EdgeOrders {
		plans, err := s.plan([]store.Step{{Legs: []store.Leg{{Rel: storetest.Knows, Dir: store.Both}}, Where: where, Order: order, Limit: 5}})
		if err != nil {
			t.Fatal(err)
		}
		err = s.read(t.Context(), func(c *conn) error {
			return c.query(t.Context(), "EXPLAIN QUERY PLAN "+plans[0].hub, manyArguments, func(row []driver.Value) error {
				if step := text(row[3]); step == "USE TEMP B-TREE FOR ORDER BY" {
					t.Errorf("order %v is sorted:%s", order, plans[0].hub)
				}
				return nil
			})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
