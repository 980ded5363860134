package seed_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"coopgraph/ontology"
	"coopgraph/seed"
	"coopgraph/store"
	"coopgraph/store/sqlite"
)

func clock() time.Time { return time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC) }

func open(t *testing.T) store.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "seed.db"), ontology.Schema())
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.WithoutCancel(t.Context())
	t.Cleanup(func() {
		if err := s.Close(ctx); err != nil {
			t.Error(err)
		}
	})
	return s
}

// Every entry of the seed is written, its themes are found by the words that
// colleagues type, and loading it again changes nothing.
func TestLoadedSeed(t *testing.T) {
	s := open(t)
	set, err := seed.Claims()
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	first, err := seed.Load(t.Context(), s, clock)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%v in %v", first, time.Since(start))
	n := int64(len(set.Items))
	if first.Read != n || first.Created != n {
		t.Errorf("first load: %v, want %d created", first, n)
	}
	t.Run("WordsFindTheirTheme", func(t *testing.T) { findThemes(t, s) })
	second, err := seed.Load(t.Context(), s, func() time.Time { return clock().Add(time.Hour) })
	if err != nil {
		t.Fatal(err)
	}
	if second.Unchanged != n {
		t.Errorf("second load: %v, want %d unchanged", second, n)
	}
}

// dying is a store whose writer is killed after some batches.
type dying struct {
	store.Store
	left int
}

var errKilled = errors.New("killed")

func (d *dying) Apply(ctx context.Context, batch []store.Change) (store.Tally, error) {
	if d.left--; d.left < 0 {
		return store.Tally{}, errKilled
	}
	return d.Store.Apply(ctx, batch)
}

// A load that was killed is gone on with; a store that holds anything else is
// left as it is.
func TestOnlyAnEmptyOrHalfSeededStoreWantsTheSeed(t *testing.T) {
	s := open(t)
	wanted := func(want bool, when string) {
		t.Helper()
		if got, err := seed.Wanted(t.Context(), s); err != nil || got != want {
			t.Errorf("%s: wanted is %t, %v", when, got, err)
		}
	}
	wanted(true, "empty")
	if _, err := seed.Load(t.Context(), &dying{s, 2}, clock); !errors.Is(err, errKilled) {
		t.Fatalf("the load was to be killed: %v", err)
	}
	wanted(true, "killed")
	if _, err := seed.Load(t.Context(), s, clock); err != nil {
		t.Fatal(err)
	}
	wanted(false, "loaded")

	s = open(t)
	thing := store.Node{ID: ontology.NodeID(ontology.Place, "test", "x"), Kind: ontology.Place, Props: store.Props{}}
	if _, err := s.Apply(t.Context(), []store.Change{{Op: store.PutNode, Node: thing}}); err != nil {
		t.Fatal(err)
	}
	wanted(false, "a list was loaded first")
}
