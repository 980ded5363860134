package storetest

import (
	"context"
	"errors"
	"fmt"
	"math"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"coopgraph/store"
)

// Run runs the suite. For each test open must give an empty store of the
// schema, which it closes when that test ends.
func Run(t *testing.T, open func(t *testing.T, schema store.Schema) store.Store) {
	groups := []struct {
		name  string
		tests []test
	}{
		{"Apply", applyTests()},
		{"Values", valueTests()},
		{"Nodes", nodeTests()},
		{"Find", findTests()},
		{"Edges", edgeTests()},
		{"Expand", expandTests()},
		{"Search", searchTests()},
		{"Words", wordTests()},
		{"Path", pathTests()},
		{"Neighbourhood", neighbourhoodTests()},
		{"Store", storeTests()},
		{"Model", modelTests()},
	}
	for _, g := range groups {
		t.Run(g.name, func(t *testing.T) {
			for _, c := range g.tests {
				t.Run(c.name, func(t *testing.T) {
					s := &suite{T: t, ctx: t.Context(), store: open(t, Schema())}
					c.run(s)
				})
			}
		})
	}
}

// test is one sentence of the contract.
type test struct {
	name string
	run  func(s *suite)
}

// suite is the store of one test.
type suite struct {
	*testing.T
	ctx   context.Context
	store store.Store
}

// node makes the change that puts a node; options are store.Props, the tokens
// of the first text field (tokens) or an IfVersion (ifVersion).
func node(kind store.Kind, id store.ID, options ...any) store.Change {
	ch := store.Change{Op: store.PutNode, Node: store.Node{ID: id, Kind: kind}}
	for _, o := range options {
		switch o := o.(type) {
		case store.Props:
			ch.Node.Props = o
		case tokens:
			ch.Tokens = o
		case ifVersion:
			v := int64(o)
			ch.IfVersion = &v
		}
	}
	return ch
}

type (
	tokens    map[string]string
	ifVersion int64
)

func edge(rel store.Rel, id, from, to store.ID, props ...store.Props) store.Change {
	ch := store.Change{Op: store.PutEdge, Edge: store.Edge{ID: id, Rel: rel, From: from, To: to}}
	for _, p := range props {
		ch.Edge.Props = p
	}
	return ch
}

func dropNode(kind store.Kind, id store.ID) store.Change {
	return store.Change{Op: store.DeleteNode, Node: store.Node{ID: id, Kind: kind}}
}

func dropEdge(rel store.Rel, id store.ID) store.Change {
	return store.Change{Op: store.DeleteEdge, Edge: store.Edge{ID: id, Rel: rel}}
}

// people puts persons without properties.
func people(ids ...store.ID) []store.Change {
	var list []store.Change
	for _, id := range ids {
		list = append(list, node(Person, id))
	}
	return list
}

func (s *suite) apply(batch ...store.Change) store.Tally {
	s.Helper()
	tally, err := s.store.Apply(s.ctx, batch)
	if err != nil {
		s.Fatalf("Apply: %v", err)
	}
	return tally
}

// refuse applies a batch that must fail at a change with a sentinel.
func (s *suite) refuse(index int, want error, batch ...store.Change) {
	s.Helper()
	_, err := s.store.Apply(s.ctx, batch)
	var change *store.ChangeError
	switch {
	case !errors.As(err, &change):
		s.Errorf("Apply gives %v, want a ChangeError", err)
	case change.Index != index || !errors.Is(err, want):
		s.Errorf("Apply gives %v, want change %d: %v", err, index, want)
	}
}

func (s *suite) nodes(ids ...store.ID) map[store.ID]store.Node {
	s.Helper()
	got, err := s.store.Nodes(s.ctx, ids)
	if err != nil {
		s.Fatalf("Nodes: %v", err)
	}
	return got
}

func (s *suite) find(kinds []store.Kind, f store.Filter, p store.Paging) store.Page[store.Node] {
	s.Helper()
	got, err := s.store.Find(s.ctx, kinds, f, p)
	if err != nil {
		s.Fatalf("Find: %v", err)
	}
	return got
}

func (s *suite) edges(rels []store.Rel, f store.Filter, p store.Paging) store.Page[store.Edge] {
	s.Helper()
	got, err := s.store.Edges(s.ctx, rels, f, p)
	if err != nil {
		s.Fatalf("Edges: %v", err)
	}
	return got
}

func (s *suite) expand(from []store.ID, tree ...store.Step) map[store.ID][]store.Page[store.Hop] {
	s.Helper()
	got, err := s.store.Expand(s.ctx, from, tree)
	if err != nil {
		s.Fatalf("Expand: %v", err)
	}
	return got
}

// step expands one step from one node.
func (s *suite) step(from store.ID, step store.Step) store.Page[store.Hop] {
	s.Helper()
	pages := s.expand([]store.ID{from}, step)[from]
	if len(pages) != 1 {
		s.Fatalf("Expand gives %d pages for a step", len(pages))
	}
	return pages[0]
}

func (s *suite) search(qs ...store.Query) []store.Result {
	s.Helper()
	got, err := s.store.Search(s.ctx, qs)
	if err != nil {
		s.Fatalf("Search: %v", err)
	}
	if len(got) != len(qs) {
		s.Fatalf("Search gives %d results for %d queries", len(got), len(qs))
	}
	return got
}

func (s *suite) path(from, to store.ID, r store.Reach) store.Subgraph {
	s.Helper()
	got, err := s.store.Path(s.ctx, from, to, r)
	if err != nil {
		s.Fatalf("Path: %v", err)
	}
	return got
}

func (s *suite) neighbourhood(centre store.ID, r store.Reach) store.Subgraph {
	s.Helper()
	got, err := s.store.Neighbourhood(s.ctx, centre, r)
	if err != nil {
		s.Fatalf("Neighbourhood: %v", err)
	}
	return got
}

// equal compares answers; absent and empty are the same, nil stands for every
// empty list, and times are equal when they are the same moment in UTC.
func (s *suite) equal(what string, got, want any) {
	s.Helper()
	if want == nil && reflect.ValueOf(got).Len() == 0 {
		return
	}
	if d := difference(got, want); d != "" {
		s.Errorf("%s differs (- want, + got):\n%s", what, d)
	}
}

var compareOptions = cmp.Options{
	cmpopts.EquateEmpty(),
	cmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) && a.Location() == b.Location() }),
	cmp.Comparer(func(a, b float64) bool { return math.Float64bits(a) == math.Float64bits(b) }),
}

func difference(got, want any) string { return cmp.Diff(want, got, compareOptions) }

func equalProps(a, b store.Props) bool {
	return (len(a) == 0 && len(b) == 0) || reflect.DeepEqual(a, b)
}

func (s *suite) wantErr(what string, err, want error) {
	s.Helper()
	if !errors.Is(err, want) {
		s.Errorf("%s gives %v, want %v", what, err, want)
	}
}

func nodeIDs(nodes []store.Node) []store.ID {
	var ids []store.ID
	for _, n := range nodes {
		ids = append(ids, n.ID)
	}
	return ids
}

func edgeIDs(edges []store.Edge) []store.ID {
	var ids []store.ID
	for _, e := range edges {
		ids = append(ids, e.ID)
	}
	return ids
}

// hopIDs gives the hops as "edge>far node".
func hopIDs(page store.Page[store.Hop]) []string {
	var ids []string
	for _, h := range page.Items {
		ids = append(ids, string(h.Edge.ID)+">"+string(h.Node.ID))
	}
	return ids
}

func day(n int) time.Time {
	return time.Date(2026, 1, n, 3, 4, 5, 6000, time.UTC)
}

func numbered(prefix string, n int) store.ID { return store.ID(fmt.Sprintf("%s%03d", prefix, n)) }
