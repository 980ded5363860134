package neo4j

import (
	"context"
	"sync/atomic"

	"golang.org/x/sync/semaphore"
)

// gate keeps readers from seeing half of a batch. Neo4j isolates transactions
// by "read committed": a statement that runs while another transaction is
// being committed may see some of its changes and not others. A reader that
// finds that a commit of this Store ran meanwhile asks once more, and commits
// wait for it. Nothing is to be paid while nobody writes. Batches written
// through another Store are isolated by Neo4j alone.
type gate struct {
	begun, ended atomic.Int64
	commits      *semaphore.Weighted
}

const gateWidth = 1 << 30

func newGate() gate { return gate{commits: semaphore.NewWeighted(gateWidth)} }

// commit runs the commit of a batch.
func (g *gate) commit(ctx context.Context, commit func(context.Context) error) error {
	if err := g.commits.Acquire(ctx, gateWidth); err != nil {
		return err
	}
	defer g.commits.Release(gateWidth)
	g.begun.Add(1)
	defer g.ended.Add(1)
	return commit(ctx)
}

// read runs a question that must see each batch whole or not at all.
func (g *gate) read(ctx context.Context, ask func() error) error {
	ended := g.ended.Load()
	if err := ask(); err != nil || g.begun.Load() == ended {
		return err
	}
	if err := g.commits.Acquire(ctx, 1); err != nil {
		return err
	}
	defer g.commits.Release(1)
	return ask()
}
