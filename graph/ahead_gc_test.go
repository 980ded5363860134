package graph_test

import (
	"bytes"
	"path/filepath"
	"runtime"
	"testing"

	"coopgraph/ontology"
)

// TestSelectionsOutliveTheCollector: an answer's fields do not depend on when
// memory is collected. gqlgen remembers the fields of a selection by the
// selection's address, so one that dies early would lend its fields to another.
func TestSelectionsOutliveTheCollector(t *testing.T) {
	a := serve(t, seeded(t, newSQLite(t)))
	query := string(readFile(t, filepath.Join("testdata/operations/organisation.graphql")))
	v := map[string]any{"id": seedID(ontology.Organisation, "benelux-union"), "language": "DE"}
	_, want := a.send(query, "", v)
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			select {
			case <-stop:
				return
			default:
				runtime.GC()
			}
		}
	}()
	defer func() { close(stop); <-stopped }()
	for range 100 {
		if _, got := a.send(query, "", v); !bytes.Equal(want, got) {
			t.Fatalf("the same question was answered with other fields:\n%.3000s\nfirst:\n%.3000s", got, want)
		}
	}
}
