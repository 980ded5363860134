package main

import (
	"context"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"coopgraph/store"
)

// meter is a store that notes what is asked of it. It is for one caller at a
// time.
type meter struct {
	store.Store
	// statements are those that the database ran.
	statements atomic.Int64
	calls      map[string]*callResult
	on         bool
}

// keep says whether what follows is noted.
func (m *meter) keep(on bool) { m.on = on }

func (m *meter) note(call string, start time.Time) {
	if !m.on {
		return
	}
	if m.calls[call] == nil {
		m.calls[call] = &callResult{Call: call}
	}
	m.calls[call].Times++
	m.calls[call].Milliseconds += ms(time.Since(start))
}

// results gives the means of so many rounds of so many batches, what took
// longest first.
func (m *meter) results(rounds, batches int) []callResult {
	var out []callResult
	for _, c := range m.calls {
		out = append(out, callResult{c.Call, c.Times / float64(rounds*batches), c.Milliseconds / c.Times})
	}
	slices.SortFunc(out, func(a, b callResult) int { return strings.Compare(a.Call, b.Call) })
	return out
}

// Nodes implements store.Reader.
func (m *meter) Nodes(ctx context.Context, ids []store.ID) (map[store.ID]store.Node, error) {
	defer m.note("Nodes", time.Now())
	return m.Store.Nodes(ctx, ids)
}

// Find implements store.Reader.
func (m *meter) Find(ctx context.Context, kinds []store.Kind, f store.Filter, p store.Paging) (store.Page[store.Node], error) {
	defer m.note(asked("Find", f), time.Now())
	return m.Store.Find(ctx, kinds, f, p)
}

// Edges implements store.Reader.
func (m *meter) Edges(ctx context.Context, rels []store.Rel, f store.Filter, p store.Paging) (store.Page[store.Edge], error) {
	defer m.note(asked("Edges", f), time.Now())
	return m.Store.Edges(ctx, rels, f, p)
}

// Apply implements store.Store.
func (m *meter) Apply(ctx context.Context, batch []store.Change) (store.Tally, error) {
	defer m.note("Apply", time.Now())
	return m.Store.Apply(ctx, batch)
}

// asked names a question to the store for a report: the method and the
// property that it looks up.
func asked(method string, f store.Filter) string {
	var props []string
	for _, c := range f.Conds {
		props = append(props, c.Prop)
	}
	return strings.TrimSpace(method + " " + strings.Join(props, " "))
}
