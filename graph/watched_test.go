package graph_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"coopgraph/ontology"
	"coopgraph/store"
)

// watched is a store whose reads are counted, wait while they are held, and
// fail while an error is set.
type watched struct {
	store.Store
	reads atomic.Int64
	// expands are those of the reads that walk.
	expands atomic.Int64
	fault   atomic.Pointer[error]
	// held, where there is one, is closed to let the reads go on.
	held atomic.Pointer[chan struct{}]
}

func (w *watched) read(ctx context.Context) error {
	w.reads.Add(1)
	if held := w.held.Load(); held != nil {
		select {
		case <-*held:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	if err := w.fault.Load(); err != nil {
		return *err
	}
	return nil
}

func (w *watched) Nodes(ctx context.Context, ids []store.ID) (map[store.ID]store.Node, error) {
	if err := w.read(ctx); err != nil {
		return nil, err
	}
	return w.Store.Nodes(ctx, ids)
}

func (w *watched) Find(ctx context.Context, kinds []store.Kind, f store.Filter, p store.Paging) (store.Page[store.Node], error) {
	if err := w.read(ctx); err != nil {
		return store.Page[store.Node]{}, err
	}
	return w.Store.Find(ctx, kinds, f, p)
}

func (w *watched) Edges(ctx context.Context, rels []store.Rel, f store.Filter, p store.Paging) (store.Page[store.Edge], error) {
	if err := w.read(ctx); err != nil {
		return store.Page[store.Edge]{}, err
	}
	return w.Store.Edges(ctx, rels, f, p)
}

func (w *watched) Expand(ctx context.Context, from []store.ID, tree []store.Step) (map[store.ID][]store.Page[store.Hop], error) {
	if err := w.read(ctx); err != nil {
		return nil, err
	}
	w.expands.Add(1)
	return w.Store.Expand(ctx, from, tree)
}

func (w *watched) Search(ctx context.Context, qs []store.Query) ([]store.Result, error) {
	if err := w.read(ctx); err != nil {
		return nil, err
	}
	return w.Store.Search(ctx, qs)
}

func (w *watched) Words(ctx context.Context, near []string, limit int) (map[string][]string, error) {
	if err := w.read(ctx); err != nil {
		return nil, err
	}
	return w.Store.Words(ctx, near, limit)
}

func (w *watched) Path(ctx context.Context, from, to store.ID, r store.Reach) (store.Subgraph, error) {
	if err := w.read(ctx); err != nil {
		return store.Subgraph{}, err
	}
	return w.Store.Path(ctx, from, to, r)
}

func (w *watched) Neighbourhood(ctx context.Context, centre store.ID, r store.Reach) (store.Subgraph, error) {
	if err := w.read(ctx); err != nil {
		return store.Subgraph{}, err
	}
	return w.Store.Neighbourhood(ctx, centre, r)
}

// counts is how much of each kind a store holds, and how many facts.
func counts(t testing.TB, s store.Store) map[string]int64 {
	t.Helper()
	out := map[string]int64{}
	for _, k := range append(ontology.Kinds(), ontology.Source, ontology.Record, ontology.ImportRun) {
		page, err := s.Find(t.Context(), []store.Kind{k}, store.Filter{}, store.Paging{Limit: 1, Count: true})
		if err != nil {
			t.Fatalf("count %s: %v", k, err)
		}
		out[string(k)] = page.Count
	}
	page, err := s.Edges(t.Context(), nil, store.Filter{}, store.Paging{Limit: 1, Count: true})
	if err != nil {
		t.Fatalf("count facts: %v", err)
	}
	out["facts"] = page.Count
	return out
}

// reply is an answer, errors or not.
type reply struct {
	status int
	body   []byte
	Data   json.RawMessage
	Errors []struct {
		Message    string
		Extensions struct{ Code, ID string }
	}
}

// reply sends a query and reads its answer, which must be GraphQL's.
func (c client) reply(query string, variables map[string]any) reply {
	c.t.Helper()
	var r reply
	r.status, r.body = c.send(query, "", variables)
	if err := json.Unmarshal(r.body, &r); err != nil || r.Data == nil && r.Errors == nil {
		c.t.Fatalf("%.200s: no answer of GraphQL: %d %.300s", query, r.status, r.body)
	}
	return r
}

// codes are the different codes of the errors, in order.
func (r reply) codes() string {
	var codes []string
	for _, e := range r.Errors {
		codes = append(codes, e.Extensions.Code)
	}
	slices.Sort(codes)
	return strings.Join(slices.Compact(codes), " ")
}

// isNull says whether every root field of the answer is null, or a list of
// nulls.
func (r reply) isNull(t testing.TB) bool {
	t.Helper()
	var data map[string]any
	if err := json.Unmarshal(r.Data, &data); err != nil {
		t.Fatalf("data %s: %v", r.Data, err)
	}
	for _, v := range data {
		list, isList := v.([]any)
		if v != nil && (!isList || slices.ContainsFunc(list, func(x any) bool { return x != nil })) {
			return false
		}
	}
	return true
}
