package loader

import (
	"context"
	"fmt"
	"time"

	"coopgraph/loader/read"
	"coopgraph/loader/rows"
	"coopgraph/ontology"
	"coopgraph/store"
)

// The states of a run.
const (
	Running  = "RUNNING"
	Finished = "FINISHED"
	Failed   = "FAILED"
	// StateUndone: the run was taken back.
	StateUndone = "UNDONE"
)

// maxReported is how many rows of a run are kept for its report.
const maxReported = 10_000

// ledger is a run as the store keeps it: the run, an entry for each batch, and
// the rows that are not unchanged.
type ledger struct {
	run   store.ID
	props store.Props
	// sum is what the entries add up to, batches their number.
	sum     Summary
	batches int64
}

// openLedger gives the ledger of the run to be done: the one that a kill or a
// failure left unfinished, else a fresh one. A run's id is made from its
// source, its file, its mapping, how it was asked to be read, and the number of
// the attempt.
func openLedger(ctx context.Context, o Options, in *read.Input) (*ledger, error) {
	what := in.Digest() + "/" + o.Mapping.Digest() + "/" + o.Encoding
	if o.Strict || o.Sheet != "" {
		what += fmt.Sprintf("/%t/%s", o.Strict, o.Sheet)
	}
	source := o.Mapping.Document().ID
	for attempt := 1; ; attempt++ {
		id := ontology.NodeID(ontology.ImportRun, string(source), fmt.Sprintf("%s/%d", what, attempt))
		if o.DryRun {
			id = ontology.NodeID(ontology.ImportRun, string(source), fmt.Sprintf("%s/dry/%d", what, attempt))
		}
		nodes, err := o.Store.Nodes(ctx, []store.ID{id})
		if err != nil {
			return nil, fmt.Errorf("read run %s: %w", id, err)
		}
		node, known := nodes[id]
		if status := node.Props["status"]; known && (status == Finished || status == StateUndone || o.DryRun) {
			continue
		}
		l := &ledger{run: id, sum: Summary{Run: id}, props: store.Props{
			"source": string(source), "file": in.Name(), "digest": in.Digest(), "mapping": o.Mapping.Name(),
			"startedAt": o.Now().UTC().Truncate(time.Microsecond),
		}}
		if o.DryRun {
			l.props["dryRun"] = true
		}
		if o.By != "" {
			l.props["by"] = o.By
		}
		if known {
			l.props["startedAt"] = node.Props["startedAt"]
		}
		return l, l.add(ctx, o.Store)
	}
}

// add adds the entries up.
func (l *ledger) add(ctx context.Context, r store.Reader) error {
	page, err := r.Find(ctx, []store.Kind{ontology.ImportBatch}, anyOf("run", []any{string(l.run)}), store.Paging{})
	if err != nil {
		return fmt.Errorf("read the ledger of %s: %w", l.run, err)
	}
	for _, n := range page.Items {
		count := func(name string) int64 { v, _ := n.Props[name].(int64); return v }
		l.sum.merge(Summary{
			Read: count("rows"), Created: count("created"), Changed: count("changed"), Unchanged: count("unchanged"),
			Skipped: count("skipped"), Rejected: count("rejected"), Dangling: count("dangling"),
		})
		l.batches++
	}
	return nil
}

func (s Summary) counts() store.Props {
	return store.Props{
		"created": s.Created, "changed": s.Changed, "unchanged": s.Unchanged, "skipped": s.Skipped, "rejected": s.Rejected,
		"dangling": s.Dangling,
	}
}

// status is the change that sets the run's state and counts.
func (l *ledger) status(state string, sum Summary, more store.Props) store.Change {
	p := sum.counts()
	p["read"], p["status"] = sum.Read, state
	for _, props := range []store.Props{l.props, more} {
		for name, v := range props {
			p[name] = v
		}
	}
	return store.Change{Op: store.PutNode, Node: store.Node{ID: l.run, Kind: ontology.ImportRun, Props: p}}
}

// entry gives the changes that write a batch down, and the sum with it.
func (l *ledger) entry(w Written) ([]store.Change, Summary) {
	var delta Summary
	delta.Add(w)
	sum := l.sum
	sum.merge(delta)
	number := l.batches + 1
	p := delta.counts()
	p["run"], p["number"], p["order"], p["rows"] = string(l.run), number, fmt.Sprintf("%010d", number), delta.Read
	changes := []store.Change{
		{Op: store.PutNode, Node: store.Node{ID: ontology.NodeID(ontology.ImportBatch, string(l.run), fmt.Sprint(number)), Kind: ontology.ImportBatch, Props: p}},
		l.status(Running, sum, nil),
	}
	reported := l.sum.Read - l.sum.Unchanged
	for i, r := range w.Results {
		if r.Outcome == rows.Unchanged || reported >= maxReported {
			continue
		}
		reported++
		changes = append(changes, store.Change{Op: store.PutNode, Node: rowNode(l.run, l.sum.Read+int64(i)+1, r)})
	}
	return changes, sum
}

func rowNode(run store.ID, number int64, r Result) store.Node {
	order := fmt.Sprintf("%010d", number)
	p := store.Props{"run": string(run), "order": order, "line": int64(r.Item.Line), "outcome": string(r.Outcome)}
	for name, v := range map[string]string{"column": r.Item.Column, "message": r.Message, "node": string(r.Node)} {
		if v != "" {
			p[name] = v
		}
	}
	return store.Node{ID: ontology.NodeID(ontology.ImportRow, string(run), order), Kind: ontology.ImportRow, Props: p}
}
