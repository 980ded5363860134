package graph

import (
	"context"
	"fmt"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"coopgraph/access"
	"coopgraph/graph/model"
	"coopgraph/loader"
	"coopgraph/ontology"
	"coopgraph/store"
)

// paging reads the arguments of a list of one order.
func (q *query) paging(ctx context.Context, scope string, first *int, after *string) (store.Paging, error) {
	n, err := between("first", first, defaultFirst, 1, maxFirst)
	if err != nil {
		return store.Paging{}, err
	}
	p := store.Paging{Limit: n, Count: asksFor(ctx, "totalCount")}
	if after != nil {
		p.After, err = decodeCursor(scope, *after)
	}
	return p, err
}

// asksFor says whether a field of the connection, or of its nodes or edges, is
// asked for.
func asksFor(ctx context.Context, name string) bool {
	return selects(graphql.GetOperationContext(ctx), graphql.GetFieldContext(ctx).Field.Selections, name)
}

func selects(op *graphql.OperationContext, sel ast.SelectionSet, name string) bool {
	for _, f := range selectedFields(op, sel, nil) {
		if f.Name == name || (f.Name == "nodes" || f.Name == "edges") && selects(op, f.Selections, name) {
			return true
		}
	}
	return false
}

// ImportRuns answers the list of runs.
func (q *query) ImportRuns(ctx context.Context, first *int, after *string) (*model.ImportRunConnection, error) {
	if err := access.Require(ctx, access.ReadRuns); err != nil {
		return nil, err
	}
	p, err := q.paging(ctx, "importRuns", first, after)
	if err != nil {
		return nil, err
	}
	p.Order = store.Order{Prop: "startedAt", Desc: true}
	page, err := q.Store.Find(ctx, []store.Kind{ontology.ImportRun}, store.Filter{}, p)
	if err != nil {
		return nil, fmt.Errorf("list runs: %w", err)
	}
	v := q.view(ctx)
	items, cursors := make([]*model.ImportRun, len(page.Items)), make([]string, len(page.Items))
	for i, n := range page.Items {
		items[i] = runOf(n, v)
		cursors[i] = encodeCursor("importRuns", store.Position{Keys: []string{store.SortKey(n.Props["startedAt"])}, ID: n.ID})
	}
	return model.PageOf(items, cursors, page.More, after != nil, int(max(page.Count, 0))), nil
}

// runOf gives a run as the API shows it.
func runOf(n store.Node, v *view) *model.ImportRun {
	text := func(name string) string { s, _ := n.Props[name].(string); return s }
	count := func(name string) int { c, _ := n.Props[name].(int64); return int(c) }
	r := &model.ImportRun{
		ID: string(n.ID), File: text("file"), Mapping: text("mapping"), Status: model.RunStatus(text("status")),
		By: v.Who(text("by")), Message: orNull(text("message")), Load: v,
		Counts: &model.RunCounts{
			Read: count("read"), Created: count("created"), Changed: count("changed"), Unchanged: count("unchanged"),
			Skipped: count("skipped"), Rejected: count("rejected"),
		},
	}
	r.DryRun, _ = n.Props["dryRun"].(bool)
	r.StartedAt, _ = n.Props["startedAt"].(time.Time)
	if at, ok := n.Props["finishedAt"].(time.Time); ok && r.Status != loader.Running {
		r.FinishedAt = &at
	}
	return r
}

// run reads a run; nil where there is none. Whoever asks must be allowed to
// see it.
func (v *view) run(ctx context.Context, id store.ID) (*model.ImportRun, error) {
	if err := access.Require(ctx, access.ReadRuns); err != nil {
		return nil, err
	}
	n, err := v.node(ctx, id)
	if err != nil || n.Kind != ontology.ImportRun {
		return nil, err
	}
	return runOf(n, v), nil
}

// Rows gives a page of a run's report.
func (v *view) Rows(ctx context.Context, run store.ID, outcomes []model.RowOutcome, first *int, after *string) (*model.ImportRowConnection, error) {
	n, err := between("first", first, defaultFirst, 1, maxFirst)
	if err != nil {
		return nil, err
	}
	scope := "rows/" + string(run)
	p := store.Paging{Order: store.Order{Prop: "order"}, Limit: n, Count: asksFor(ctx, "totalCount")}
	if after != nil {
		if p.After, err = decodeCursor(scope, *after); err != nil {
			return nil, err
		}
	}
	f := store.Filter{Conds: []store.Cond{{Prop: "run", Values: []any{string(run)}}}}
	if len(outcomes) > 0 {
		c := store.Cond{Prop: "outcome"}
		for _, o := range outcomes {
			c.Values = append(c.Values, string(o))
		}
		f.Conds = append(f.Conds, c)
	}
	page, err := v.store.Find(ctx, []store.Kind{ontology.ImportRow}, f, p)
	if err != nil {
		return nil, fmt.Errorf("read a run's rows: %w", err)
	}
	items, cursors := make([]*model.ImportRow, len(page.Items)), make([]string, len(page.Items))
	var ids []store.ID
	for i, n := range page.Items {
		items[i] = rowOf(n, v)
		ids = append(ids, items[i].NodeID)
		cursors[i] = encodeCursor(scope, store.Position{Keys: []string{store.SortKey(n.Props["order"])}, ID: n.ID})
	}
	if err := v.warm(ctx, ids); err != nil {
		return nil, err
	}
	return model.PageOf(items, cursors, page.More, after != nil, int(max(page.Count, 0))), nil
}

func rowOf(n store.Node, v *view) *model.ImportRow {
	text := func(name string) string { s, _ := n.Props[name].(string); return s }
	r := &model.ImportRow{
		Outcome: model.RowOutcome(text("outcome")), Column: orNull(text("column")), Message: orNull(text("message")),
		NodeID: store.ID(text("node")), Load: v,
	}
	if line, ok := n.Props["line"].(int64); ok && line > 0 {
		l := int(line)
		r.Line = &l
	}
	return r
}
