package loader_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"coopgraph/loader"
	"coopgraph/ontology"
	"coopgraph/store"
)

// branches is the tiny list as another one, whose rows belong to those of the
// tiny list.
func branches(t testing.TB) func(*loader.Options) {
	t.Helper()
	text := strings.NewReplacer("scheme: TINY\n", "scheme: OTHER\n", "{scheme: TINY, from: {column: id}}", "{scheme: OTHER, from: {column: id}}", "key: tiny", "key: other").Replace(tiny)
	return func(o *loader.Options) { o.Mapping = parse(t, text) }
}

// staff gives people the identifiers of the tiny list.
const staff = `
format: csv
scheme: TINY
source: {key: staff, title: Staff}
key: {column: id}
things:
  - {as: self, kind: Person, identifiers: [{scheme: TINY, from: {column: id}}], names: [{from: {column: name}, type: OFFICIAL}]}
`

// What a row names turns out to be of a kind that the relation does not join:
// the row's fact is none as long as the thing is there, and waits again when
// the thing is taken back. Whatever of it is there, the row is unchanged when
// it comes again.
func TestFactsThatMayNotBeWaitAgain(t *testing.T) {
	onBothStores(t, func(t *testing.T, s store.Store) {
		byStaff := func(o *loader.Options) { o.Mapping = parse(t, staff) }
		const rows = "id,name,boss\n1,First Branch,b\n2,Second Branch,b|c\n"
		again := func(when string, dangling int64) {
			t.Helper()
			sum, _, err := loadTable(t, s, rows, branches(t))
			if diff := cmp.Diff(loader.Summary{Read: 2, Unchanged: 2, Dangling: dangling}, sum); diff != "" || err != nil {
				t.Errorf("%s, loaded again: %v (-want +got):\n%s", when, err, diff)
			}
		}
		loadRun(t, s, rows, branches(t))
		before := state(t, s)
		people := loadRun(t, s, "id,name\nb,A Person\n", byStaff)
		with := state(t, s)
		if edges, err := s.Edges(t.Context(), nil, store.Filter{}, store.Paging{}); err != nil || len(edges.Items) != 0 {
			t.Errorf("%d facts join offices to a person, %v", len(edges.Items), err)
		}
		again("with the person", 1)
		undo(t, s, people)
		if diff := cmp.Diff(before, state(t, s)); diff != "" {
			t.Errorf("the person undone (-before +after):\n%s", diff)
		}
		again("without the person", 3)
		loadRun(t, s, "id,name\nb,A Person\n", byStaff)
		if diff := cmp.Diff(with, state(t, s)); diff != "" {
			t.Errorf("the person loaded again (-first time +again):\n%s", diff)
		}
	})
}

// A row whose fact may not be, since its thing was there first, waits when the
// thing is taken back, and what may be joined then answers it.
func TestWhatBarsAFactMayGoFirst(t *testing.T) {
	s := openSQLite(t)
	people := loadRun(t, s, "id,name\nb,A Person\n", func(o *loader.Options) { o.Mapping = parse(t, staff) })
	const rows = "id,name,boss\n1,First Branch,b\n"
	_, said, err := loadTable(t, s, rows, branches(t))
	if want := []string{"2 CREATED left out: PART_OF does not join Organisation to Person"}; err != nil || cmp.Diff(want, said) != "" {
		t.Errorf("%q, %v", said, err)
	}
	undo(t, s, people)
	loadRun(t, s, "id,name\nb,Beta Office\n")
	branch := byIdentifier(t, s, ontology.Organisation, "OTHER:1")
	if got := related(t, s, branch.ID, ontology.PartOf); !cmp.Equal(got, []string{"Beta Office"}) {
		t.Errorf("the branch is part of %q", got)
	}
}

// Things that are merged bar what they barred as two, and a fact that would
// join a thing to itself is none: rows that say so are unchanged.
func TestMergedThingsBarFacts(t *testing.T) {
	s := openSQLite(t)
	byStaff := func(o *loader.Options) { o.Mapping = parse(t, staff) }
	loadRun(t, s, "id,name\nb,A Person\nd,The Person\n", byStaff)
	loadRun(t, s, "id,name\nx,Head Office\n")
	const rows = "id,name,boss\n1,First Branch,d|x\n"
	loadRun(t, s, rows, branches(t))
	ids := map[string]store.ID{}
	for _, key := range []string{"TINY:b", "TINY:d"} {
		ids[key] = byIdentifier(t, s, ontology.Person, key).ID
	}
	mustDo(t)(hand(s).Merge(t.Context(), request("1"), ids["TINY:b"], ids["TINY:d"], false))
	mustDo(t)(hand(s).Merge(t.Context(), request("2"), byIdentifier(t, s, ontology.Organisation, "TINY:x").ID, byIdentifier(t, s, ontology.Organisation, "OTHER:1").ID, false))
	if sum, _, err := loadTable(t, s, rows, branches(t)); err != nil || sum.Unchanged != 1 || sum.Dangling != 0 {
		t.Errorf("loaded again: %v, %v", sum, err)
	}
}
