package loader

import (
	"context"
	"errors"
	"fmt"

	"coopgraph/loader/rows"
	"coopgraph/ontology"
	"coopgraph/store"
)

// What a run does about rows that an earlier edition of the list had and this
// one has not.
const (
	// MissingReport reports them: the list says nothing about them any more.
	MissingReport = "report"
	// MissingEnd ends what they say holds: facts without an end get the day of
	// the list's edition, or of the run, as their last. Nothing is deleted.
	MissingEnd = "end"
)

// ErrManyMissing: more than half of the list's rows are missing, so that none
// was ended: it may be another list, or a part of it.
var ErrManyMissing = errors.New("more than half of the list's rows are missing: nothing was ended")

// missing finds the rows that the list had before the run and has no longer,
// reports them, and ends what they say where that is asked for.
func (r *run) missing(ctx context.Context, base store.Reader, seen keySet) error {
	var after *store.Position
	cond := anyOf("source", []any{string(r.Mapping.Document().ID)})
	if none, err := r.noneMissing(ctx, base, cond); err != nil || none {
		return err
	}
	total, gone := int64(0), int64(0)
	var work [][]store.Node
	for {
		page, err := base.Find(ctx, []store.Kind{ontology.Record}, cond, store.Paging{Limit: rowsAtOnce(r.BatchSize), After: after})
		if err != nil {
			return fmt.Errorf("read the list's rows: %w", err)
		}
		var nodes []store.Node
		for _, n := range page.Items {
			if n.Props["run"] == string(r.ledger.run) && n.Props["previous"] == nil {
				continue
			}
			total++
			if key, _ := n.Props["key"].(string); !seen.has(key) {
				nodes = append(nodes, store.Node{ID: n.ID, Kind: n.Kind, Props: store.Props{"key": key}})
			}
		}
		if gone += int64(len(nodes)); len(nodes) > 0 {
			work = append(work, nodes)
		}
		if !page.More {
			break
		}
		last := page.Items[len(page.Items)-1]
		after = &store.Position{ID: last.ID}
	}
	r.ledger.sum.Missing = gone
	if r.Missing == MissingEnd && gone*2 > total {
		return fmt.Errorf("%w: %d of %d", ErrManyMissing, gone, total)
	}
	for _, nodes := range work {
		if err := r.endAll(ctx, nodes); err != nil {
			return err
		}
	}
	return nil
}

// noneMissing says whether the list has as many rows as the run has read of it:
// then each of them is one that was read.
func (r *run) noneMissing(ctx context.Context, base store.Reader, cond store.Filter) (bool, error) {
	page, err := base.Find(ctx, []store.Kind{ontology.Record}, cond, store.Paging{Limit: 1, Count: true})
	if err != nil {
		return false, fmt.Errorf("count the list's rows: %w", err)
	}
	held := r.ledger.sum.Changed + r.ledger.sum.Unchanged
	if !r.DryRun {
		held += r.ledger.sum.Created
	}
	return page.Count == held, nil
}

// endAll reports the rows, and ends what they say where that is asked for.
func (r *run) endAll(ctx context.Context, nodes []store.Node) error {
	results := make([]Result, len(nodes))
	for i, n := range nodes {
		key, _ := n.Props["key"].(string)
		results[i] = Result{Item: &rows.Item{Key: key, File: r.in.Name()}, Outcome: rows.Missing, Message: absent(key)}
	}
	w := Writer{Store: r.Store, Now: r.Now}
	var report []store.Change
	err := w.commit(ctx, r.ledger.run, r.By, func(f *folding) error {
		if r.Missing == MissingEnd {
			if err := r.endRows(ctx, f, nodes, results); err != nil {
				return err
			}
		}
		if report = r.report(results); r.lease == nil || len(f.changes)+len(report) == 0 {
			return nil
		}
		renewal, err := r.lease.renew(ctx)
		f.changes = append(append(f.changes, report...), renewal)
		return err
	})
	if err == nil && r.KeepReport && r.lease == nil && len(report) > 0 {
		_, err = r.base.Apply(ctx, report)
	}
	if err != nil {
		return fmt.Errorf("report %d missing rows: %w", len(nodes), err)
	}
	r.reported += len(report)
	for _, result := range results {
		if r.Row != nil {
			r.Row(result)
		}
	}
	return nil
}

// report gives the changes that keep rows that are missing with the run's
// report.
func (r *run) report(results []Result) []store.Change {
	var changes []store.Change
	for i, result := range results[:min(len(results), maxReported-r.reported)] {
		changes = append(changes, store.Change{Op: store.PutNode, Node: rowNode(r.ledger.run, r.ledger.sum.Read+int64(r.reported+i)+1, result)})
	}
	return changes
}

// endRows ends what the rows say holds. Those that the run has ended already,
// before it was interrupted, are reported as they were then.
func (r *run) endRows(ctx context.Context, f *folding, nodes []store.Node, results []Result) error {
	ids := make([]store.ID, len(nodes))
	for i, n := range nodes {
		ids[i] = n.ID
	}
	records, err := r.Store.Nodes(ctx, ids)
	if err != nil {
		return fmt.Errorf("read %d rows: %w", len(ids), err)
	}
	day := ontology.PartialDate(r.begun().UTC().Format("2006-01-02"))
	if d := ontology.PartialDate(r.Mapping.Document().Date); len(d) == len(day) {
		day = d
	}
	for i, id := range ids {
		node, ok := records[id]
		if !ok {
			continue
		}
		record, err := ontology.RecordOf(node)
		if err != nil {
			return err
		}
		if len(record.Claims.Things) > 0 {
			results[i].Node = record.Claims.Things[0].ID
		}
		results[i].Message = absent(results[i].Item.Key)
		if record.Run == r.ledger.run {
			if results[i].Message, err = r.endedBefore(ctx, record, results[i].Message, day); err != nil {
				return err
			}
			continue
		}
		ended := endFacts(record.Claims.Facts, day)
		if ended == 0 {
			continue
		}
		results[i].Message += endOn(ended, day)
		record.Run, record.At, record.By = r.ledger.run, r.begun(), r.By
		if err := f.change(record, node); err != nil {
			return err
		}
	}
	return f.fold(ctx)
}

// absent says of a row that it is missing, endOn what of it ends.
func absent(key string) string { return "no longer in the list: " + rows.Shorten(key, 200) }

func endOn(ended int, day ontology.PartialDate) string {
	return fmt.Sprintf("; %d facts end on %s", ended, day)
}

// endedBefore adds to the message what the run has ended of the record.
func (r *run) endedBefore(ctx context.Context, record ontology.SourceRecord, message string, day ontology.PartialDate) (string, error) {
	nodes, err := r.Store.Nodes(ctx, []store.ID{record.Previous})
	if err != nil {
		return "", fmt.Errorf("read a revision: %w", err)
	}
	before, err := ontology.RecordOf(nodes[record.Previous])
	if err != nil {
		return "", err
	}
	return message + endOn(endFacts(before.Claims.Facts, day), day), nil
}

// endFacts gives the facts that have none an end, where they began before it,
// and counts them.
func endFacts(facts []ontology.FactClaim, day ontology.PartialDate) (ended int) {
	for i := range facts {
		if c := &facts[i]; c.To == "" && !c.Deleted && (c.From == "" || c.From.First() <= day.Last()) {
			c.To = day
			ended++
		}
	}
	return ended
}
