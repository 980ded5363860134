package loader_test

import (
	"context"
	"testing"

	"coopgraph/store"
)

// asked is a store that counts the groups of facts that it is asked for.
type asked struct {
	store.Store
	groups int
}

func (a *asked) Edges(ctx context.Context, rels []store.Rel, f store.Filter, p store.Paging) (store.Page[store.Edge], error) {
	for _, c := range f.Conds {
		if c.Prop == "group" {
			a.groups += len(c.Values)
		}
	}
	return a.Store.Edges(ctx, rels, f, p)
}

// A thing that is not there yet has no facts: a first load does not ask for
// them. One that is there is asked about, and a fact that no row tells of any
// more goes.
func TestFactsOfFreshThingsAreNotAskedFor(t *testing.T) {
	s := &asked{Store: openSQLite(t)}
	loadRun(t, s, "id,name\na,Alpha Office\nb,Beta Office\n")
	loadRun(t, s, "id,name,office\n1,Desk One,Alpha Office\n2,Desk Two,Beta Office\n", byDesks(t))
	if n := len(facts(t, s)); n != 2 || s.groups != 0 {
		t.Errorf("%d facts of fresh things, asked for %d groups", n, s.groups)
	}
	loadRun(t, s, "id,name,office\n1,Desk One,Beta Office\n2,Desk Two,Beta Office\n", byDesks(t))
	if n := len(facts(t, s)); n != 2 || s.groups != 2 {
		t.Errorf("%d facts after a change, asked for %d groups", n, s.groups)
	}
}
