package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"coopgraph/loader"
	"coopgraph/store"
)

// bulkRounds is how often each way of writing writes the world, by turns, so
// that what else the machine does falls on all. The first round is not counted.
const bulkRounds = 4

// bulkGoal is the part of the bare driver's rows a second that is aimed at.
const bulkGoal = 0.8

// The ways of the bare driver: to create all, or to merge it.
const (
	bareCreate = "create"
	bareMerge  = "merge"
)

// bulkResult is what one way of writing a world to Neo4j took, in the mean of
// the rounds.
type bulkResult struct {
	Way                string
	Rows, Nodes, Edges int64
	Seconds            float64
	RowsPerSecond      float64
	// Client and Server are processor times in seconds.
	Client, Server float64
	// Statements is the number run in a batch; only the adapter tells.
	Statements float64
}

// cpu is the processor time of all that takes part.
func (r bulkResult) cpu() float64 { return r.Client + r.Server }

// callResult is what the loader asked of the store, in the mean of its
// batches.
type callResult struct {
	Call string
	// Times is the number of such calls in a batch, Milliseconds what one takes.
	Times, Milliseconds float64
}

// recorder keeps the batches that are written through it.
type recorder struct {
	store.Store
	batches [][]store.Change
}

// Apply implements store.Store.
func (r *recorder) Apply(ctx context.Context, batch []store.Change) (store.Tally, error) {
	r.batches = append(r.batches, slices.Clone(batch))
	return r.Store.Apply(ctx, batch)
}

// recorded gives the batches in which the loader writes the world, as it does
// on any store.
func (w world) recorded(ctx context.Context) (batches [][]store.Change, err error) {
	d, err := embedded("")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, d.end(context.WithoutCancel(ctx))) }()
	s, err := d.open(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.Close(context.WithoutCancel(ctx))) }()
	r := &recorder{Store: s}
	err = w.write(ctx, r)
	return r.batches, err
}

// write loads the world, in the batches of a real load.
func (w world) write(ctx context.Context, s store.Store) error {
	writer := loader.Writer{Store: s, Now: time.Now}
	for items := range loader.Batches(s, w.items()) {
		if _, err := writer.Write(ctx, loader.Batch{Source: w.document, Items: items}); err != nil {
			return err
		}
	}
	return nil
}

// way is one way of writing a world.
type way struct {
	name  string
	write func(context.Context) error
}

// writes measures the adapter and the whole loader beside the bare driver, all
// on the same database with the same constraints and indexes.
func (s *settings) writes(ctx context.Context, nodes int, all *report, stderr io.Writer) (err error) {
	w := newWorld(nodes)
	batches, err := w.recorded(ctx)
	if err != nil {
		return fmt.Errorf("record: %w", err)
	}
	meter := &meter{calls: map[string]*callResult{}}
	c := s.neo4j
	c.Observe = func(context.Context, string) { meter.statements.Add(1) }
	d, err := remote(ctx, c, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.end(context.WithoutCancel(ctx))) }()
	if meter.Store, err = d.open(ctx); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, meter.Close(context.WithoutCancel(ctx))) }()
	if err := ready(ctx, meter); err != nil {
		return err
	}
	ways := []way{
		{bareCreate, func(ctx context.Context) error { return bareWriter{d.bare, true}.write(ctx, batches) }},
		{bareMerge, func(ctx context.Context) error { return bareWriter{d.bare, false}.write(ctx, batches) }},
		{"adapter", func(ctx context.Context) error {
			for _, b := range batches {
				if _, err := meter.Apply(ctx, b); err != nil {
					return err
				}
			}
			return nil
		}},
		{"load", func(ctx context.Context) error { return w.write(ctx, meter) }},
	}
	ways = slices.DeleteFunc(ways, func(w way) bool { return len(s.only) > 0 && !slices.Contains(s.only, w.name) })
	results := make([]bulkResult, len(ways))
	for round := range bulkRounds {
		for i, way := range ways {
			fmt.Fprintf(stderr, "neo4j: %d nodes: %s, round %d of %d\n", nodes, way.name, round+1, bulkRounds)
			meter.keep(round > 0 && way.name == "load")
			r, err := d.writing(ctx, way, meter)
			if err != nil {
				return fmt.Errorf("%s: %w", way.name, err)
			}
			if round > 0 {
				results[i].add(r)
			}
		}
	}
	for i, r := range results {
		r.Way = ways[i].name
		r.count(nodes, batches)
		all.Bulk = append(all.Bulk, r)
	}
	all.Calls = append(all.Calls, meter.results(bulkRounds-1, len(batches))...)
	return nil
}

// writing measures one turn of a way of writing, on an empty graph.
func (d *database) writing(ctx context.Context, way way, m *meter) (bulkResult, error) {
	if err := d.wipe(ctx); err != nil {
		return bulkResult{}, err
	}
	own, err := ownCPU()
	if err != nil {
		return bulkResult{}, err
	}
	whole, err := d.cpu(ctx)
	if err != nil {
		return bulkResult{}, err
	}
	statements, start := m.statements.Load(), time.Now()
	if err := way.write(ctx); err != nil {
		return bulkResult{}, err
	}
	r := bulkResult{Seconds: time.Since(start).Seconds(), Statements: float64(m.statements.Load() - statements)}
	ownAfter, err := ownCPU()
	if err != nil {
		return r, err
	}
	wholeAfter, err := d.cpu(ctx)
	r.Client = (ownAfter - own).Seconds()
	r.Server = (wholeAfter - whole).Seconds() - r.Client
	return r, err
}

// add adds a round.
func (r *bulkResult) add(o bulkResult) {
	r.Seconds += o.Seconds
	r.Client += o.Client
	r.Server += o.Server
	r.Statements += o.Statements
}

// count turns the sums of the rounds into means.
func (r *bulkResult) count(rows int, batches [][]store.Change) {
	const n = bulkRounds - 1
	r.Seconds, r.Client, r.Server = r.Seconds/n, r.Client/n, r.Server/n
	r.Statements /= float64(n * len(batches))
	r.Rows = int64(rows)
	r.RowsPerSecond = float64(rows) / r.Seconds
	for _, b := range batches {
		for _, ch := range b {
			if ch.Op == store.PutNode {
				r.Nodes++
			} else {
				r.Edges++
			}
		}
	}
}

// ready waits until the store has made its indexes.
func ready(ctx context.Context, s store.Store) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	for {
		err := s.Ping(ctx)
		if err == nil || !errors.Is(err, store.ErrUnavailable) || ctx.Err() != nil {
			return err
		}
		time.Sleep(100 * time.Millisecond)
	}
}
