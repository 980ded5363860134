package loader_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"coopgraph/loader"
	"coopgraph/ontology"
	"coopgraph/store"
)

// desks is a list that names the offices to which its rows belong.
const desks = `
format: csv
scheme: DESK
source: {key: desks, title: Desks}
key: {column: id}
things:
  - {as: self, kind: Organisation, identifiers: [{scheme: DESK, from: {column: id}}], names: [{from: {column: name}, type: OFFICIAL}]}
facts:
  - {subject: "#self", relation: PART_OF, object: {kind: Organisation, name: {column: office}}}
`

func byDesks(t testing.TB) func(*loader.Options) {
	t.Helper()
	return func(o *loader.Options) { o.Mapping = parse(t, desks) }
}

// office gives the identifiers of what the desk is part of.
func office(t testing.TB, s store.Store, desk string) []string {
	t.Helper()
	var keys []string
	hops, err := s.Expand(t.Context(), []store.ID{tinyID(t, s, desk)}, []store.Step{{Legs: []store.Leg{{Rel: ontology.PartOf}}, NodeProps: []string{store.All}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range hops[tinyID(t, s, desk)][0].Items {
		list, _ := h.Node.Props["identifiers"].([]string)
		keys = append(keys, list...)
	}
	return keys
}

// A reference by name resolves where one thing bears the name, and waits where
// none does, or several; whichever it is, its row is unchanged when it comes
// again, and in whatever batches.
func TestReferencesByNameRepeatUnchanged(t *testing.T) {
	onBothStores(t, func(t *testing.T, s store.Store) {
		loadRun(t, s, "id,name\na,Alpha Office\nb1,Beta Office\nb2,Beta Office\n")
		const rows = "id,name,office\n1,Desk One,ALPHA  Office\n2,Desk Two,Beta Office\n3,Desk Three,Gamma Office\n"
		sum, said, err := loadTable(t, s, rows, byDesks(t))
		want := []string{"2 CREATED ", "3 CREATED not found: Organisation NAME:beta office", "4 CREATED not found: Organisation NAME:gamma office"}
		if diff := cmp.Diff(want, said); diff != "" || err != nil || sum.Dangling != 2 {
			t.Errorf("%v, %v (-want +got):\n%s", sum, err, diff)
		}
		before := graph(t, s)
		for _, size := range []int{1, 500} {
			sum, _, err := loadTable(t, s, rows, byDesks(t), func(o *loader.Options) { o.BatchSize = size })
			if diff := cmp.Diff(loader.Summary{Read: 3, Unchanged: 3, Dangling: 2}, sum); diff != "" || err != nil {
				t.Errorf("batches of %d: %v (-want +got):\n%s", size, err, diff)
			}
		}
		if diff := cmp.Diff(before, graph(t, s)); diff != "" {
			t.Errorf("again (-before +after):\n%s", diff)
		}
		if got := office(t, s, "DESK:1"); !cmp.Equal(got, []string{"TINY:a"}) {
			t.Errorf("the first desk is part of %q", got)
		}
	})
}

// A name that a second thing comes to bear still names the thing that it named
// before; a row that comes after it waits.
func TestNamesThatBecomeAmbiguousKeepTheirMeaning(t *testing.T) {
	s := openSQLite(t)
	loadRun(t, s, "id,name\na,Alpha Office\n")
	const rows = "id,name,office\n1,Desk One,Alpha Office\n"
	loadRun(t, s, rows, byDesks(t))
	other := loadRun(t, s, "id,name,web\nz,Alpha Office,https://z.example\n", byOther(t))
	if sum, _, err := loadTable(t, s, rows, byDesks(t)); err != nil || sum.Unchanged != 1 {
		t.Errorf("loaded again: %v, %v", sum, err)
	}
	sum, _, err := loadTable(t, s, rows+"2,Desk Two,Alpha Office\n", byDesks(t))
	if diff := cmp.Diff(loader.Summary{Read: 2, Created: 1, Unchanged: 1, Dangling: 1}, sum); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if got := office(t, s, "DESK:1"); !cmp.Equal(got, []string{"TINY:a"}) {
		t.Errorf("the first desk is part of %q", got)
	}
	undo(t, s, other)
	if sum, _, err := loadTable(t, s, rows, byDesks(t)); err != nil || sum.Unchanged != 1 {
		t.Errorf("the other thing undone, loaded again: %v, %v", sum, err)
	}
}

// A name that several bear is not taken for the one of them that happens to be
// written.
func TestAmbiguousNamesWait(t *testing.T) {
	s := openSQLite(t)
	const offices = "id,name,web\nb1,Beta Office,\nb2,Beta Office,\n"
	loadRun(t, s, offices)
	loadRun(t, s, "id,name,office\n1,Desk One,Beta Office\n", byDesks(t))
	loadRun(t, s, strings.Replace(offices, "b2,Beta Office,", "b2,Beta Office,https://b.example", 1))
	if got := office(t, s, "DESK:1"); len(got) != 0 {
		t.Errorf("the desk is part of %q", got)
	}
}
