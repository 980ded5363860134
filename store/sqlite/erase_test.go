package sqlite_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"coopgraph/store"
	"coopgraph/store/storetest"
)

// TestWhatIsDeletedLeavesTheFile looks for the bytes of an erased person.
func TestWhatIsDeletedLeavesTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "graph.db")
	s := open(t, path, storetest.Schema())
	for i := range 50 {
		apply(t, s, person(store.ID(fmt.Sprint(i)), fmt.Sprint("name", i)))
	}
	apply(t, s, person("a", "qqxsecret"), knows("e", "a", "1"))
	apply(t, s,
		store.Change{Op: store.DeleteEdge, Edge: store.Edge{ID: "e", Rel: storetest.Knows}},
		store.Change{Op: store.DeleteNode, Node: store.Node{ID: "a", Kind: storetest.Person}})
	closeNow(t, s)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if i := bytes.Index(data, []byte("qxsecret")); i >= 0 {
		t.Errorf("the name is still in the file: %q", data[max(i-100, 0):i+20])
	}
}
