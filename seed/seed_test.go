package seed_test

import (
	"context"
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

// Every entry of the seed is written, and loading it again changes nothing.
func TestLoadTwiceChangesNothing(t *testing.T) {
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
	second, err := seed.Load(t.Context(), s, func() time.Time { return clock().Add(time.Hour) })
	if err != nil {
		t.Fatal(err)
	}
	if second.Unchanged != n {
		t.Errorf("second load: %v, want %d unchanged", second, n)
	}
}
