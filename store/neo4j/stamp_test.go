package neo4j_test

import (
	"context"
	"testing"

	"coopgraph/store"
	"coopgraph/store/neo4j/neo4jtest"
)

// TestAStampTellsOfWhatOthersWrote: two servers on one database see by the
// stamp that the other one wrote, and that nothing was written.
func TestAStampTellsOfWhatOthersWrote(t *testing.T) {
	ctx := context.Background()
	c := neo4jtest.Server(t)
	one, two := neo4jtest.OpenConfig(t, c, library()), neo4jtest.OpenConfig(t, c, library())
	neo4jtest.Ready(t, one)
	neo4jtest.Ready(t, two)
	seen := map[string]bool{must[string](t)(one.Stamp(ctx)): true}
	for i, writer := range []store.Store{one, two, one} {
		title := store.Props{"name": []string{"x", "y", "z"}[i]}
		must[store.Tally](t)(writer.Apply(ctx, []store.Change{node("b", "Book", title)}))
		stamp := must[string](t)(one.Stamp(ctx))
		if seen[stamp] {
			t.Errorf("write %d gave a stamp of before: %q", i, stamp)
		}
		seen[stamp] = true
		for _, reader := range []store.Reader{two, one} {
			if again := must[string](t)(reader.Stamp(ctx)); again != stamp {
				t.Errorf("after write %d the stamp is %q, and then %q", i, stamp, again)
			}
		}
		if got := must[map[store.ID]store.Node](t)(one.Nodes(ctx, []store.ID{"b"})); got["b"].Props["name"] != title["name"] {
			t.Errorf("after the stamp of write %d, what is read is older", i)
		}
	}
	before := must[string](t)(one.Stamp(ctx))
	if _, err := two.Apply(ctx, []store.Change{link("e", "LIKES", "b", "none", nil)}); err == nil {
		t.Error("an edge to nowhere was written")
	}
	if after := must[string](t)(one.Stamp(ctx)); after != before {
		t.Errorf("a batch that failed changed the stamp from %q to %q", before, after)
	}
}
