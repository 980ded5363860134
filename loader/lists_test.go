// The lists are whole registries: under the race detector they would take as
// long as all other tests together. `make test` runs this file without it.

//go:build !race

package loader_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"coopgraph/loader"
	"coopgraph/loader/read"
	"coopgraph/ontology"
	"coopgraph/store"
)

// loadList runs a list by its mapping as it is for the file.
func loadList(t testing.TB, s store.Store, l list) loader.Summary {
	t.Helper()
	o := options(t, s, l)
	data, err := os.ReadFile(l.file)
	if err != nil {
		t.Fatal(err)
	}
	if o.Mapping, err = o.Mapping.For(filepath.Base(l.file), read.FormatOf(l.file, data)); err != nil {
		t.Fatal(err)
	}
	sum, err := loader.Run(t.Context(), o)
	if err != nil {
		t.Fatalf("load %s: %v", l.file, err)
	}
	sum.Run, sum.Notes = "", nil
	return sum
}

// counted is a list with what a first and a second run of it count, after the
// seed and the lists above it.
type counted struct {
	list
	first, second loader.Summary
}

func allLists() []counted {
	return []counted{
		{
			list{"testdata/ror-v2-benelux.json", "ror-v2"},
			loader.Summary{Read: 715, Created: 710, Skipped: 5, Dangling: 331},
			loader.Summary{Read: 715, Unchanged: 710, Skipped: 5, Dangling: 331},
		},
		{
			list{"testdata/marcobolo-organization.csv", "marcobolo-organization"},
			loader.Summary{Read: 58, Created: 58, Dangling: 5},
			loader.Summary{Read: 58, Unchanged: 58, Dangling: 5},
		},
		{
			list{"testdata/marcobolo-person.csv", "marcobolo-person"},
			loader.Summary{Read: 162, Created: 162, Dangling: 45},
			loader.Summary{Read: 162, Unchanged: 162, Dangling: 45},
		},
		{
			list{"testdata/publicbodies-de.csv", "publicbodies"},
			loader.Summary{Read: 1003, Created: 1002, Rejected: 1},
			loader.Summary{Read: 1003, Unchanged: 1002, Rejected: 1},
		},
		{
			list{"testdata/belgif-be-theme.nt", "skos"},
			loader.Summary{Read: 13, Created: 12, Skipped: 1, Dangling: 13},
			loader.Summary{Read: 13, Unchanged: 12, Skipped: 1, Dangling: 13},
		},
		{
			list{"testdata/belgif-refnis2025.nt", "skos-place"},
			loader.Summary{Read: 627, Created: 624, Skipped: 3, Dangling: 53},
			loader.Summary{Read: 627, Unchanged: 624, Skipped: 3, Dangling: 53},
		},
		{
			list{"testdata/eforms-nuts-bel-lvl3.gc", "nuts-genericode"},
			loader.Summary{Read: 45, Created: 45, Dangling: 1},
			loader.Summary{Read: 45, Unchanged: 45, Dangling: 1},
		},
		{
			list{"testdata/kohesio-beneficiaries-ee-lv.tsv", "kohesio-beneficiaries"},
			loader.Summary{Read: 1886, Created: 1881, Skipped: 5},
			loader.Summary{Read: 1886, Unchanged: 1881, Skipped: 5},
		},
		{
			list{"testdata/be-dictionary-latin1.csv", "be-dictionary"},
			loader.Summary{Read: 15929, Created: 15929},
			loader.Summary{Read: 15929, Unchanged: 15929},
		},
		{
			list{"testdata/ips-cases-2022.csv", "ips-cases"},
			loader.Summary{Read: 853, Created: 853, Dangling: 343},
			loader.Summary{Read: 853, Unchanged: 853, Dangling: 343},
		},
		{
			list{"testdata/search-entities.csv", "labels"},
			loader.Summary{Read: 113, Created: 113},
			loader.Summary{Read: 113, Unchanged: 113},
		},
	}
}

// smallList is the number of rows up to which a list is run again on Neo4j.
const smallList = 200

// Every list loads with the counts that its file holds, and a second run
// changes nothing, on both stores.
func TestEveryListLoadsAndRepeatsUnchanged(t *testing.T) {
	onBothStores(t, func(t *testing.T, s store.Store) {
		again := int64(smallList)
		if t.Name() == "TestEveryListLoadsAndRepeatsUnchanged/sqlite" {
			again = 1 << 20
		}
		plantSeed(t, s)
		for _, l := range allLists() {
			if diff := cmp.Diff(l.first, loadList(t, s, l.list)); diff != "" {
				t.Errorf("%s, first run (-want +got):\n%s", l.file, diff)
			}
			if l.first.Read > again {
				continue
			}
			if diff := cmp.Diff(l.second, loadList(t, s, l.list)); diff != "" {
				t.Errorf("%s, second run (-want +got):\n%s", l.file, diff)
			}
		}
		for _, known := range inTheFiles() {
			known.check(t, s)
		}
	})
}

// known is a line or two of a file, as the graph is to show them.
type known struct {
	kind     store.Kind
	key      string
	language string
	name     string
	// relation leads to names in English.
	relation store.Rel
	to       []string
}

func (k known) check(t *testing.T, s store.Store) {
	t.Helper()
	thing := byIdentifier(t, s, k.kind, k.key)
	if got := thing.Name(k.language); got != k.name {
		t.Errorf("%s is named %q, want %q", k.key, got, k.name)
	}
	if k.relation == "" {
		return
	}
	got := related(t, s, thing.ID, k.relation)
	slices.Sort(got)
	if diff := cmp.Diff(k.to, got); diff != "" {
		t.Errorf("%s, %s (-want +got):\n%s", k.key, k.relation, diff)
	}
}

func inTheFiles() []known {
	return []known{
		{ontology.Organisation, "PUBLICBODIES:de/10-panzerdivision", "de", "10. Panzerdivision", ontology.LocatedIn, []string{"Germany"}},
		{ontology.Theme, "URI:http://vocab.belgif.be/auth/be-theme/FAMI#id", "fr", "Famille", "", nil},
		{ontology.Place, "REFNIS:11001", "nl", "Aartselaar", ontology.PartOf, []string{"Arrondissement Antwerpen"}},
		{ontology.Place, "GEONAMES:2803421", "nl", "Aartselaar", "", nil},
		{ontology.Place, "NUTS:BE211", "nl", "Arrondissement Antwerpen", ontology.PartOf, []string{"Province of Antwerp"}},
		{ontology.Organisation, "KOHESIO:estonia tartu ulikool", "en", "Tartu Ülikool", ontology.LocatedIn, []string{"Estonia"}},
		{ontology.Place, "STATBEL-SECTOR:11001A00-", "nl", "AARTSELAAR-CENTRUM", ontology.PartOf, []string{"Aartselaar"}},
		{ontology.Project, "IPS:5", "en", "Flemish Infoline - Automatic classification of incoming phone calls", ontology.LocatedIn, []string{"Flanders"}},
		{ontology.Place, "key:r:nrw", "fr", "Rhénanie-du-Nord-Westphalie", "", nil},
	}
}
