package main

import (
	"context"
	"errors"
	"os"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"coopgraph/bench/scratch"
	"coopgraph/ontology"
	"coopgraph/store"
	"coopgraph/store/neo4j"
	"coopgraph/store/sqlite"
)

// database is a store to be measured.
type database struct {
	name string
	// open opens the store anew.
	open func(context.Context) (store.Store, error)
	// bare is the driver beside the store; nil where there is none to compare with.
	bare driver.DriverWithContext
	// end takes away what the benchmark wrote, unless it is to be kept.
	end func(context.Context) error
	// wipe empties Neo4j; nil for SQLite.
	wipe func(context.Context) error
}

// embedded is SQLite on a new file, or on one that is kept.
func embedded(file string) (*database, error) {
	d := &database{name: "sqlite", end: func(context.Context) error { return nil }}
	if file == "" {
		dir, err := os.MkdirTemp("", "coopgraph-bench-")
		if err != nil {
			return nil, err
		}
		file = dir + "/bench.db"
		d.end = func(context.Context) error { return os.RemoveAll(dir) }
	}
	d.open = func(ctx context.Context) (store.Store, error) { return sqlite.Open(ctx, file, ontology.Schema()) }
	return d, nil
}

// remote is Neo4j, wiped unless what an earlier run wrote is to be used again.
func remote(ctx context.Context, c neo4j.Config, reuse bool) (*database, error) {
	own, err := scratch.Open(ctx, c)
	if err != nil {
		return nil, err
	}
	d := &database{name: "neo4j", bare: own.Driver, end: own.Close, wipe: own.Wipe}
	d.open = func(ctx context.Context) (store.Store, error) { return neo4j.Open(ctx, c, ontology.Schema()) }
	if !reuse {
		if err := own.Wipe(ctx); err != nil {
			return nil, errors.Join(err, own.Close(ctx))
		}
	}
	return d, nil
}

// loaded says whether the store holds the world.
func (w world) loaded(ctx context.Context, s store.Store) (bool, error) {
	for k, n := range w.counts {
		page, err := s.Find(ctx, []store.Kind{k}, store.Filter{}, store.Paging{Limit: 1, Count: true})
		if err != nil || page.Count != int64(n) {
			return false, err
		}
	}
	return true, nil
}
