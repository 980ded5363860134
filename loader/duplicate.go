package loader

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"coopgraph/ontology"
	"coopgraph/ontology/match"
	"coopgraph/store"
)

// The states of a pair of things that may be the same.
const (
	// PairOpen waits for a person.
	PairOpen = "OPEN"
	// PairSame was merged, PairNotSame told apart, for good.
	PairSame    = "SAME"
	PairNotSame = "NOT_SAME"
)

// Pair is a pair of things that may be the same.
type Pair struct {
	ID store.ID
	// A has the lesser id.
	A, B   store.ID
	Status string
	// Score is 0 to 1; 0 where a person told the two apart unasked.
	Score   float64
	Reasons []match.Reason
	// Run is the import run that found the pair, "" where none did.
	Run store.ID
	At  time.Time
	By  string
}

// pairID is the pair's id, whatever the order of the two.
func pairID(a, b store.ID) store.ID {
	if b < a {
		a, b = b, a
	}
	return ontology.NodeID(ontology.Duplicate, string(a), string(b))
}

// node gives the pair as it is stored.
func (p Pair) node() (store.Node, error) {
	reasons, err := json.Marshal(p.Reasons)
	if err != nil {
		return store.Node{}, fmt.Errorf("encode reasons: %w", err)
	}
	if p.B < p.A {
		p.A, p.B = p.B, p.A
	}
	props := store.Props{
		"a": string(p.A), "b": string(p.B), "things": []string{string(p.A), string(p.B)}, "status": p.Status,
		"score": p.Score, "order": fmt.Sprintf("%07d", int64((1-p.Score)*1e6)), "reasons": string(reasons), "at": p.At,
	}
	if p.Run != "" {
		props["run"] = string(p.Run)
	}
	if p.By != "" {
		props["by"] = p.By
	}
	return store.Node{ID: pairID(p.A, p.B), Kind: ontology.Duplicate, Props: props}, nil
}

// PairOf reads a pair as it is stored.
func PairOf(n store.Node) (Pair, error) {
	text := func(name string) string { s, _ := n.Props[name].(string); return s }
	p := Pair{
		ID: n.ID, A: store.ID(text("a")), B: store.ID(text("b")), Status: text("status"),
		Run: store.ID(text("run")), By: text("by"),
	}
	p.Score, _ = n.Props["score"].(float64)
	p.At, _ = n.Props["at"].(time.Time)
	if err := json.Unmarshal([]byte(text("reasons")), &p.Reasons); err != nil {
		return p, fmt.Errorf("pair %s: %w", n.ID, err)
	}
	return p, nil
}

// Duplicates gives a page of the pairs that wait for a person, the likeliest
// first.
func Duplicates(ctx context.Context, r store.Reader, p store.Paging) (store.Page[Pair], error) {
	p.Order = store.Order{Prop: "order"}
	page, err := r.Find(ctx, []store.Kind{ontology.Duplicate}, anyOf("status", []any{PairOpen}), p)
	out := store.Page[Pair]{More: page.More, Count: page.Count}
	if err != nil {
		return out, fmt.Errorf("list duplicates: %w", err)
	}
	for _, n := range page.Items {
		pair, err := PairOf(n)
		if err != nil {
			return out, err
		}
		out.Items = append(out.Items, pair)
	}
	return out, nil
}

// Proposed counts the pairs that a run found and that still wait for a person;
// for run "" all that wait.
func Proposed(ctx context.Context, r store.Reader, run store.ID) (int64, error) {
	f := anyOf("status", []any{PairOpen})
	if run != "" {
		f.Conds = append(f.Conds, store.Cond{Prop: "run", Values: []any{string(run)}})
	}
	page, err := r.Find(ctx, []store.Kind{ontology.Duplicate}, f, store.Paging{Limit: 1, Count: true})
	if err != nil {
		return 0, fmt.Errorf("count the pairs of %s: %w", run, err)
	}
	return page.Count, nil
}

// PairPosition is where a pair stands in the order of Duplicates.
func PairPosition(p Pair) store.Position {
	return store.Position{Keys: []string{fmt.Sprintf("%07d", int64((1-p.Score)*1e6))}, ID: p.ID}
}

// propose puts pairs into the queue that are not there yet, whatever was
// decided of them.
func (f *folding) propose(ctx context.Context, pairs []Pair) error {
	pairs = slices.DeleteFunc(pairs, func(p Pair) bool { return p.A == p.B || p.A == "" || p.B == "" })
	if len(pairs) == 0 {
		return nil
	}
	ids := make([]store.ID, len(pairs))
	for i, p := range pairs {
		ids[i] = pairID(p.A, p.B)
	}
	there, err := f.store.Nodes(ctx, ids)
	if err != nil {
		return fmt.Errorf("read %d pairs: %w", len(ids), err)
	}
	seen := map[store.ID]bool{}
	for i, p := range pairs {
		if _, ok := there[ids[i]]; ok || seen[ids[i]] {
			continue
		}
		seen[ids[i]] = true
		p.Status, p.Run, p.At, p.By = PairOpen, f.run, f.now, f.by
		node, err := p.node()
		if err != nil {
			return err
		}
		absent := int64(0)
		f.changes = append(f.changes, store.Change{Op: store.PutNode, Node: node, IfVersion: &absent})
	}
	return nil
}

// claimed gives the pairs that the changed records say may be the same.
func (f *folding) claimed() []Pair {
	var pairs []Pair
	for _, r := range f.changed {
		for _, c := range r.Claims.Facts {
			if c.Relation == ontology.PossiblySameAs && c.Whole() && !c.Deleted {
				pairs = append(pairs, Pair{A: c.Subject.ID, B: c.Object.ID, Score: claimedScore, Reasons: []match.Reason{{Code: match.Claimed, A: c.Role, B: c.Role}}})
			}
		}
	}
	return pairs
}

// claimedScore is that of a pair which a source says may be the same.
const claimedScore = 0.8
