package sqlite_test

import (
	"context"
	"path/filepath"
	"testing"

	"coopgraph/store"
	"coopgraph/store/sqlite"
	"coopgraph/store/storetest"
)

func open(t *testing.T, path string, schema store.Schema) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), path, schema)
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	t.Cleanup(func() {
		if err := s.Close(context.Background()); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return s
}

func TestConformance(t *testing.T) {
	storetest.Run(t, func(t *testing.T, schema store.Schema) store.Store {
		return open(t, filepath.Join(t.TempDir(), "graph.db"), schema)
	})
}
