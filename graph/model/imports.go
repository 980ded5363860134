package model

import (
	"context"
	"time"

	"coopgraph/store"
)

// ImportRun is one run of the loader over one list.
type ImportRun struct {
	ID         string
	File       string
	Mapping    string
	DryRun     bool
	Status     RunStatus
	StartedAt  time.Time
	FinishedAt *time.Time
	By         *string
	Message    *string
	Counts     *RunCounts
	Load       Loader
}

// IsNode marks runs as nodes.
func (*ImportRun) IsNode() {}

// Rows is a page of the run's report.
func (r *ImportRun) Rows(ctx context.Context, outcomes []RowOutcome, first *int, after *string) (*Connection[*ImportRow], error) {
	return r.Load.Rows(ctx, store.ID(r.ID), outcomes, first, after)
}

// ImportRow is one row of a run's report.
type ImportRow struct {
	Line    *int
	Column  *string
	Outcome RowOutcome
	Message *string
	NodeID  store.ID
	Load    Loader
}

// Node reads the first thing that the row speaks of, nil where there is none.
func (r *ImportRow) Node(ctx context.Context) (Thing, error) {
	if r.NodeID == "" {
		return nil, nil //nolint:nilnil // GraphQL's null
	}
	return r.Load.Thing(ctx, r.NodeID)
}

// Pages of runs, rows and pairs.
type (
	// ImportRunEdge is a run in the list of runs.
	ImportRunEdge = Edge[*ImportRun]
	// ImportRunConnection is a page of the list of runs.
	ImportRunConnection = Connection[*ImportRun]
	// ImportRowEdge is a row in a run's report.
	ImportRowEdge = Edge[*ImportRow]
	// ImportRowConnection is a page of a run's report.
	ImportRowConnection = Connection[*ImportRow]
	// DuplicateEdge is a pair in the queue.
	DuplicateEdge = Edge[*Duplicate]
	// DuplicateConnection is a page of the queue.
	DuplicateConnection = Connection[*Duplicate]
	// ChangeEdge is a change in the feed.
	ChangeEdge = Edge[*Change]
	// ChangeConnection is a page of the feed.
	ChangeConnection = Connection[*Change]
)

// PageOf makes a page of what stands at these cursors.
func PageOf[T any](items []T, cursors []string, more, previous bool, total int) *Connection[T] {
	hops := Hops{Cursors: cursors, HasNext: more, HasPrevious: previous}
	c := &Connection[T]{Edges: make([]*Edge[T], 0, len(items)), PageInfo: hops.pageInfo(), TotalCount: total}
	for i, item := range items {
		c.Edges = append(c.Edges, &Edge[T]{Cursor: cursors[i], Node: item})
	}
	return c
}
