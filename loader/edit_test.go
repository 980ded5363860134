package loader_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"coopgraph/loader"
	"coopgraph/ontology"
	"coopgraph/store"
)

// hand is a person at work on the store.
func hand(s store.Store) *loader.Editor {
	return &loader.Editor{Store: s, Now: start, By: "ann"}
}

// request is a change asked for under the key.
func request(key string) loader.Request { return loader.Request{Key: key, Digest: key} }

func organisation(name string) ontology.ThingClaim {
	return ontology.ThingClaim{Kind: ontology.Organisation, Names: []ontology.Name{{Value: name, Type: ontology.OfficialName}}}
}

// version is that of a thing; 0 where it is not there.
func version(t testing.TB, s store.Store, id store.ID) int64 {
	t.Helper()
	nodes, err := s.Nodes(t.Context(), []store.ID{id})
	if err != nil {
		t.Fatal(err)
	}
	return nodes[id].Version
}

// facts gives the facts as "relation from to dates", sorted.
func facts(t testing.TB, s store.Store) []store.Edge {
	t.Helper()
	page, err := s.Edges(t.Context(), nil, store.Filter{}, store.Paging{})
	if err != nil {
		t.Fatal(err)
	}
	return page.Items
}

// mustDo fails the test where a change by hand does.
func mustDo(t testing.TB) func(loader.Outcome, error) loader.Outcome {
	t.Helper()
	return func(out loader.Outcome, err error) loader.Outcome {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
}

func tinyID(t testing.TB, s store.Store, key string) store.ID {
	t.Helper()
	return byIdentifier(t, s, ontology.Organisation, key).ID
}

// rename is a change of a thing's names and website by hand.
func rename(id store.ID, name string) ontology.ThingClaim {
	c := organisation(name)
	c.ID, c.Replaces = id, []string{"names", "website"}
	return c
}

// What a person entered stays, whatever lists say before or after: the names
// that they gave, and that there is no website.
func TestLocalCorrectionBeatsLists(t *testing.T) {
	onBothStores(t, func(t *testing.T, s store.Store) {
		const list = "id,name,web,since\na,Alpha Institute,https://a.example,1999\n"
		loadRun(t, s, list)
		id := tinyID(t, s, "TINY:a")
		out := mustDo(t)(hand(s).Update(t.Context(), request("1"), version(t, s, id), rename(id, "Alpha Academy"), loader.Cite{}))
		if out.ID != id {
			t.Errorf("the outcome is %v, want %v", out.ID, id)
		}
		corrected := graph(t, s)
		check := func(when string) {
			t.Helper()
			x := byIdentifier(t, s, ontology.Organisation, "TINY:a")
			if x.Name("") != "Alpha Academy" || x.Props["website"] != nil || x.Props["from"] != "1999" {
				t.Errorf("%s: %q, %v", when, x.Name(""), x.Props)
			}
		}
		check("corrected")
		if sum, _, err := loadTable(t, s, list); err != nil || sum.Unchanged != 1 {
			t.Errorf("loaded again: %v, %v", sum, err)
		}
		if diff := cmp.Diff(corrected, graph(t, s)); diff != "" {
			t.Errorf("loaded again (-before +after):\n%s", diff)
		}
		loadRun(t, s, "id,name,web,since\na,Alpha Institution,https://a.example/2,1999\n")
		check("another edition")
		loadRun(t, s, "id,also,name,web\n1,,Alpha Institute,https://a.example\n", byOther(t))
		check("another list")
	})
}

// A thing that a person deleted stays away, with its facts, whatever lists say
// again; references to it wait and do not keep rows from being unchanged.
func TestDeletedThingsStayDeleted(t *testing.T) {
	onBothStores(t, func(t *testing.T, s store.Store) {
		const list = "id,name,boss\na,Alpha Institute,\nb,Beta Office,a\nc,Gamma Council,b\n"
		loadRun(t, s, list)
		id := tinyID(t, s, "TINY:b")
		mustDo(t)(hand(s).Delete(t.Context(), request("1"), id, version(t, s, id)))
		if got := names(t, s); !slices.Equal(got, []string{"Alpha Institute", "Gamma Council"}) || len(facts(t, s)) != 0 {
			t.Errorf("deleted: %v and %d facts", got, len(facts(t, s)))
		}
		for _, size := range []int{1, 100} {
			sum, said, err := loadTable(t, s, list, func(o *loader.Options) { o.BatchSize = size })
			if err != nil || sum.Unchanged != 3 {
				t.Errorf("again, batches of %d: %v, %v, %q", size, sum, err, said)
			}
		}
		loadRun(t, s, "id,name,since,boss\na,Alpha Institute,2000,b\nb,Beta Bureau,2001,a\nc,Gamma Council,2002,b\n")
		if got := names(t, s); !slices.Equal(got, []string{"Alpha Institute", "Gamma Council"}) || len(facts(t, s)) != 0 {
			t.Errorf("another edition: %v and %d facts", got, len(facts(t, s)))
		}
	})
}

// A fact that a person deleted or gave other dates stays so when the list is
// loaded again; ids that it had resolve to it.
func TestFactsAreCorrectedByHand(t *testing.T) {
	s := openSQLite(t)
	const list = "id,name,boss\na,Alpha Institute,\nb,Beta Office,a\n"
	loadRun(t, s, list)
	first := facts(t, s)[0]
	c := ontology.FactClaim{Relation: first.Rel, Subject: ontology.Ref{ID: first.From}, Object: ontology.Ref{ID: first.To}, From: "2001"}
	second := mustDo(t)(hand(s).UpdateFact(t.Context(), request("1"), first.ID, first.Version, c, loader.Cite{}))
	c.From = "2002"
	third := mustDo(t)(hand(s).UpdateFact(t.Context(), request("2"), second.ID, facts(t, s)[0].Version, c, loader.Cite{}))
	loadRun(t, s, list)
	all := facts(t, s)
	if len(all) != 1 || all[0].ID != third.ID || all[0].Props["from"] != "2002" {
		t.Fatalf("the facts are %v", all)
	}
	for _, id := range []store.ID{first.ID, second.ID} {
		if out := mustDo(t)(hand(s).Confirm(t.Context(), request("confirm "+string(id)), id)); out.ID != third.ID {
			t.Errorf("%s resolves to %s, want %s", id, out.ID, third.ID)
		}
	}
	if _, err := hand(s).DeleteFact(t.Context(), request("3"), third.ID, 99); !errors.Is(err, store.ErrConflict) {
		t.Errorf("a version that it has not: %v", err)
	}
	mustDo(t)(hand(s).DeleteFact(t.Context(), request("4"), third.ID, facts(t, s)[0].Version))
	loadRun(t, s, list)
	for _, e := range facts(t, s) {
		if e.ID == third.ID {
			t.Error("the deleted fact is back")
		}
	}
}

// Of two who change a thing that they both read, one is told.
func TestChangesAreLockedOptimistically(t *testing.T) {
	s := openSQLite(t)
	id := mustDo(t)(hand(s).Create(t.Context(), request("1"), organisation("Alpha Institute"), loader.Cite{})).ID
	read := version(t, s, id)
	mustDo(t)(hand(s).Update(t.Context(), request("2"), read, rename(id, "Alpha Academy"), loader.Cite{}))
	if _, err := hand(s).Update(t.Context(), request("3"), read, rename(id, "Alpha House"), loader.Cite{}); !errors.Is(err, store.ErrConflict) {
		t.Errorf("the second is told %v", err)
	}
	if _, err := hand(s).Delete(t.Context(), request("4"), id, read); !errors.Is(err, store.ErrConflict) {
		t.Errorf("the third is told %v", err)
	}
	if diff := cmp.Diff([]string{"Alpha Academy"}, names(t, s)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A change is made once under its key, however often and at once it is asked
// for; the key serves nothing else.
func TestChangesAreMadeOnce(t *testing.T) {
	onBothStores(t, func(t *testing.T, s store.Store) {
		var wait sync.WaitGroup
		outcomes := make([]loader.Outcome, 4)
		errs := make([]error, 4)
		for i := range outcomes {
			wait.Go(func() {
				outcomes[i], errs[i] = hand(s).Create(context.WithoutCancel(t.Context()), request("same"), organisation("Alpha Institute"), loader.Cite{})
			})
		}
		wait.Wait()
		for i := range outcomes {
			if errs[i] != nil || outcomes[i] != outcomes[0] {
				t.Errorf("request %d: %v, %v", i, outcomes[i], errs[i])
			}
		}
		if got := names(t, s); len(got) != 1 || version(t, s, outcomes[0].ID) != 1 {
			t.Errorf("made: %v, version %d", got, version(t, s, outcomes[0].ID))
		}
		if _, err := hand(s).Create(t.Context(), loader.Request{Key: "same", Digest: "other"}, organisation("Beta"), loader.Cite{}); !errors.Is(err, loader.ErrKeyReused) {
			t.Errorf("the key for something else: %v", err)
		}
		if _, err := hand(s).Create(t.Context(), loader.Request{}, organisation("Beta"), loader.Cite{}); !errors.Is(err, store.ErrInvalid) {
			t.Errorf("no key: %v", err)
		}
	})
}

// Taking a run back keeps what people edited or related since, and says so.
func TestUndoKeepsWhatPeopleBuiltOn(t *testing.T) {
	onBothStores(t, func(t *testing.T, s store.Store) {
		run := loadRun(t, s, "id,name,boss\na,Alpha Institute,\nb,Beta Office,a\nc,Gamma Council,a\nd,Delta Agency,\n")
		a, b, c := tinyID(t, s, "TINY:a"), tinyID(t, s, "TINY:b"), tinyID(t, s, "TINY:c")
		mustDo(t)(hand(s).Update(t.Context(), request("1"), version(t, s, a), rename(a, "Alpha Academy"), loader.Cite{}))
		mustDo(t)(hand(s).Record(t.Context(), request("2"), ontology.FactClaim{
			Relation: ontology.CooperatesWith, Subject: ontology.Ref{ID: a}, Object: ontology.Ref{ID: b},
		}, loader.Cite{}))
		got := undo(t, s, run)
		said := strings.Join(got.Notes, "\n")
		if got.Kept != 1 || got.Removed != 3 || !strings.Contains(said, string(b)+" is kept: people have edited or related it since") || !strings.Contains(said, string(a)+" stays as people entered it") {
			t.Errorf("undone: %+v", got)
		}
		if diff := cmp.Diff([]string{"Alpha Academy", "Beta Office"}, names(t, s)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if version(t, s, c) != 0 {
			t.Error("what nobody touched is still there")
		}
		if again := undo(t, s, run); again.Removed != 0 || again.Kept != 1 {
			t.Errorf("undone again: %+v", again)
		}
	})
}

// Two things that a person makes one stay one: their ids and those of their
// facts resolve, lists that are loaded again change nothing and ask nothing.
func TestMergedThingsStayOne(t *testing.T) {
	onBothStores(t, func(t *testing.T, s store.Store) {
		const one = "id,name,boss\na,Alpha Institute,\nb,Beta Office,a\n"
		const other = "id,name,boss\n1,Institut Alpha,\n2,Gamma Council,1\n3,Delta Agency,1\n"
		loadRun(t, s, one)
		loadRun(t, s, other, byOther(t))
		a, i1, i3 := tinyID(t, s, "TINY:a"), tinyID(t, s, "OTHER:1"), tinyID(t, s, "OTHER:3")
		if a == i1 {
			t.Fatal("the two are one already")
		}
		var moved []store.ID
		for _, e := range facts(t, s) {
			if e.To == i1 {
				moved = append(moved, e.ID)
			}
		}
		before := state(t, s)
		if out, err := hand(s).Merge(t.Context(), request("dry"), a, i1, true); err != nil || out != (loader.Outcome{ID: a, Other: i1}) {
			t.Errorf("dry: %v, %v", out, err)
		}
		if diff := cmp.Diff(before, state(t, s)); diff != "" {
			t.Errorf("a dry run writes:\n%s", diff)
		}
		mustDo(t)(hand(s).Merge(t.Context(), request("1"), a, i1, false))
		// A chain: what was kept goes into a third.
		mustDo(t)(hand(s).Merge(t.Context(), request("2"), i3, a, false))
		if diff := cmp.Diff([]string{"Beta Office", "Delta Agency", "Gamma Council"}, names(t, s)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		for _, id := range append([]store.ID{a, i1}, moved...) {
			if out, err := hand(s).Confirm(t.Context(), request("find "+string(id)), id); err != nil && !errors.Is(err, store.ErrNotFound) || !ontology.IsFactID(id) && out.ID != i3 {
				t.Errorf("%s resolves to %s, %v", id, out.ID, err)
			}
		}
		merged := state(t, s)
		for _, l := range []struct {
			table string
			more  func(*loader.Options)
		}{{one, func(*loader.Options) {}}, {other, byOther(t)}} {
			if sum, said, err := loadTable(t, s, l.table, l.more); err != nil || sum.Unchanged != sum.Read {
				t.Errorf("loaded again: %v, %v, %q", sum, err, said)
			}
		}
		if diff := cmp.Diff(merged, state(t, s)); diff != "" {
			t.Errorf("loaded again (-before +after):\n%s", diff)
		}
		for _, c := range []struct {
			a, b store.ID
			want error
		}{{i3, a, store.ErrInvalid}, {i3, "n_aaaaaaaaaaaaaaaaaaaaaaaaaa", store.ErrNotFound}} {
			if _, err := hand(s).Merge(t.Context(), request(fmt.Sprint(c)), c.a, c.b, false); !errors.Is(err, c.want) {
				t.Errorf("merge %s and %s: %v", c.a, c.b, err)
			}
		}
	})
}

// The id of a fact of a thing that was merged resolves to the fact that it
// became.
func TestFactsOfMergedThingsAreFound(t *testing.T) {
	s := openSQLite(t)
	loadRun(t, s, "id,name,boss\na,Alpha Institute,\nb,Beta Office,a\nc,Gamma Council,\nd,Delta Agency,\n")
	old := facts(t, s)[0].ID
	a := tinyID(t, s, "TINY:a")
	for i, key := range []string{"TINY:c", "TINY:d"} {
		id := tinyID(t, s, key)
		mustDo(t)(hand(s).Merge(t.Context(), request(fmt.Sprint(i)), id, a, false))
		a = id
	}
	now := facts(t, s)
	if len(now) != 1 || now[0].To != a {
		t.Fatalf("the facts are %v", now)
	}
	if out := mustDo(t)(hand(s).Confirm(t.Context(), request("find"), old)); out.ID != now[0].ID {
		t.Errorf("%s resolves to %s, want %s", old, out.ID, now[0].ID)
	}
}
