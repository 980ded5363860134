package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"coopgraph/bench/scratch"
	"coopgraph/ontology"
	"coopgraph/store"
	"coopgraph/store/neo4j"
	"coopgraph/store/sqlite"
)

// stage is what is put into a store, and what is then asked of it.
type stage struct {
	load func(context.Context, store.Store) error
	rows []row
}

// evaluate asks a store all questions. Contacts and searches have graphs of
// their own: the same things stand in both.
func (s *settings) evaluate(ctx context.Context, name string) ([]outcome, error) {
	var all []outcome
	for _, kind := range []struct {
		name   string
		stages func() ([]stage, error)
	}{{contactSet, s.contactStages}, {searchSetName, s.searchStages}} {
		if !s.asks(kind.name) {
			continue
		}
		stages, err := kind.stages()
		if err != nil {
			return nil, err
		}
		outcomes, err := s.ask(ctx, name, stages)
		if err != nil {
			return nil, err
		}
		all = append(all, outcomes...)
	}
	return all, nil
}

func (s *settings) contactStages() ([]stage, error) {
	rows, err := contactRows(filepath.Join(s.root, contactsFile))
	if err != nil {
		return nil, err
	}
	load := func(ctx context.Context, st store.Store) error { return loadContacts(ctx, st, s.root, s.sectors) }
	return []stage{{load, rows}}, nil
}

// searchStages asks the given set among others alone, and then the further
// ones, whose things come in together: they may bear the same names.
func (s *settings) searchStages() ([]stage, error) {
	sets, err := searchSets(filepath.Join(s.root, searchFolder))
	if err != nil || len(sets) == 0 {
		return nil, err
	}
	given, err := setStage(sets[:1])
	if err != nil {
		return nil, err
	}
	further, err := setStage(sets[1:])
	return []stage{{load: loadOthers}, given, further}, err
}

func setStage(sets []searchSet) (stage, error) {
	st := stage{load: func(ctx context.Context, to store.Store) error { return loadSets(ctx, to, sets) }}
	for _, set := range sets {
		rows, err := searchRows(set.name, set.queries)
		if err != nil {
			return stage{}, err
		}
		st.rows = append(st.rows, rows...)
	}
	return st, nil
}

// ask takes an empty store through the stages.
func (s *settings) ask(ctx context.Context, name string, stages []stage) (outcomes []outcome, err error) {
	st, end, err := s.open(ctx, name)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, st.Close(context.WithoutCancel(ctx)), end(context.WithoutCancel(ctx))) }()
	for _, stage := range stages {
		if err := stage.load(ctx, st); err != nil {
			return nil, err
		}
		a, err := newAsker(ctx, st, stage.rows)
		if err != nil {
			return nil, err
		}
		for _, r := range stage.rows {
			o, err := a.ask(ctx, r)
			if err != nil {
				return nil, err
			}
			outcomes = append(outcomes, o)
		}
	}
	return outcomes, nil
}

// open gives an empty store, and what takes away what was written into it.
func (s *settings) open(ctx context.Context, name string) (store.Store, func(context.Context) error, error) {
	if name == "neo4j" {
		return s.remote(ctx)
	}
	dir, err := os.MkdirTemp("", "coopgraph-eval-")
	if err != nil {
		return nil, nil, err
	}
	st, err := sqlite.Open(ctx, filepath.Join(dir, "eval.db"), ontology.Schema())
	if err != nil {
		return nil, nil, errors.Join(err, os.RemoveAll(dir))
	}
	return st, func(context.Context) error { return os.RemoveAll(dir) }, nil
}

// remote gives Neo4j, emptied before and afterwards.
func (s *settings) remote(ctx context.Context) (store.Store, func(context.Context) error, error) {
	own, err := scratch.Open(ctx, s.neo4j)
	if err != nil {
		return nil, nil, err
	}
	if err := own.Wipe(ctx); err != nil {
		return nil, nil, errors.Join(err, own.Close(ctx))
	}
	st, err := neo4j.Open(ctx, s.neo4j, ontology.Schema())
	if err != nil {
		return nil, nil, errors.Join(err, own.Close(ctx))
	}
	return st, func(ctx context.Context) error { return errors.Join(own.Wipe(ctx), own.Close(ctx)) }, nil
}
