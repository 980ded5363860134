package main

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"coopgraph/loader"
	"coopgraph/loader/rows"
	"coopgraph/store"
)

// loadResult is what loading a world took.
type loadResult struct {
	Store        string
	Nodes, Facts int64
	Seconds      float64
	// Rows, with their facts, a second.
	RowsPerSecond float64
	// ResidentPeak and HeapPeak are in MiB, of this process alone.
	ResidentPeak, HeapPeak float64
	// CPU is the processor time of the process and of Neo4j, in seconds.
	CPU float64
	// Changes is what the store was given to write: nodes with their tokens,
	// edges, and the records and sources they come from.
	Changes int64
	// ChangesPerSecond is how fast the store alone wrote them.
	ChangesPerSecond float64
}

// timed is a store with a watch on its writes.
type timed struct {
	store.Store
	changes int64
	taken   time.Duration
}

// Apply writes the batch and counts it.
func (t *timed) Apply(ctx context.Context, batch []store.Change) (store.Tally, error) {
	start := time.Now()
	tally, err := t.Store.Apply(ctx, batch)
	t.taken += time.Since(start)
	t.changes += int64(len(batch))
	return tally, err
}

// load writes the world into the store, in the batches of a real load.
func (d *database) load(ctx context.Context, s store.Store, w world) (loadResult, error) {
	debug.FreeOSMemory()
	before, err := d.cpu(ctx)
	if err != nil {
		return loadResult{}, err
	}
	var held memory
	start := time.Now()
	watched := &timed{Store: s}
	writer := loader.Writer{Store: watched, Now: time.Now}
	result := loadResult{Store: d.name}
	for items := range loader.Batches(s, w.items()) {
		written, err := writer.Write(ctx, loader.Batch{Source: w.document, Items: items})
		if err != nil {
			return result, fmt.Errorf("rows %d to %d: %w", result.Nodes+1, result.Nodes+int64(len(items)), err)
		}
		for _, r := range written.Results {
			if r.Outcome != rows.Created || r.Dangling > 0 {
				return result, fmt.Errorf("row %s is %s: %s", r.Item.Key, r.Outcome, r.Message)
			}
			result.Facts += int64(len(r.Item.Claims.Facts))
		}
		result.Nodes += int64(len(items))
		held.watch()
	}
	result.Seconds = time.Since(start).Seconds()
	result.RowsPerSecond = float64(result.Nodes) / result.Seconds
	result.Changes = watched.changes
	result.ChangesPerSecond = float64(watched.changes) / watched.taken.Seconds()
	result.ResidentPeak, result.HeapPeak = mib(held.Resident), mib(held.Heap)
	after, err := d.cpu(ctx)
	result.CPU = (after - before).Seconds()
	return result, err
}

func mib(bytes int64) float64 { return float64(bytes) / (1 << 20) }

// fill loads the world unless the store already holds it, and gives the store
// opened anew, as a server would find it.
// record starts a profile of the load.
func (d *database) fill(ctx context.Context, w world, record func() (func() error, error)) (s store.Store, result *loadResult, err error) {
	if s, err = d.open(ctx); err != nil {
		return nil, nil, err
	}
	there, err := w.loaded(ctx, s)
	if err != nil || there {
		return s, nil, err
	}
	stop, err := record()
	if err != nil {
		return s, nil, err
	}
	loaded, err := d.load(ctx, s, w)
	if err = errors.Join(err, stop(), s.Close(ctx)); err != nil {
		return nil, nil, fmt.Errorf("load: %w", err)
	}
	s, err = d.open(ctx)
	return s, &loaded, err
}
