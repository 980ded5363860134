package main

import (
	"cmp"
	"math"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"coopgraph/loader/rows"
	"coopgraph/ontology"
	"coopgraph/store"
	"coopgraph/store/sqlite"
)

// TestTheSplitDependsOnTheQuestionAlone: a row never changes sides. The sides
// were reckoned with another program.
func TestTheSplitDependsOnTheQuestionAlone(t *testing.T) {
	for text, aside := range map[string]bool{"hydrogen": false, "Wasserstoff": false, "Nordsee": false, "énergie": true} {
		if (row{set: "a", text: text}).aside() != aside || (row{set: "b", category: "c", text: text}).aside() != aside {
			t.Errorf("%q: kept aside is not %t", text, aside)
		}
	}
}

// TestTheLabelsAreWhole: each question stands once, with a category, a language
// of the readers, a wanted thing and its source, and a fair part is kept aside.
func TestTheLabelsAreWhole(t *testing.T) {
	rows, err := contactRows(filepath.Join("..", contactsFile))
	if err != nil {
		t.Fatal(err)
	}
	seen, aside := map[string]bool{}, 0
	for _, r := range rows {
		if seen[strings.ToLower(r.text)] {
			t.Errorf("%q stands twice", r.text)
		}
		seen[strings.ToLower(r.text)] = true
		if r.category == "" || r.source == "" || r.batch == "" || !slices.Contains(ontology.Languages(), r.language) {
			t.Errorf("%q lacks a category, source, batch or language", r.text)
		}
		for _, key := range r.want {
			if scheme, value, ok := strings.Cut(key, ":"); !ok || scheme == "" || value == "" {
				t.Errorf("%q wants %q, which is no identifier", r.text, key)
			}
		}
		if r.aside() {
			aside++
		}
	}
	if len(rows) < 170 || aside*4 < len(rows) || aside*5 > len(rows)*2 {
		t.Errorf("%d questions, %d kept aside", len(rows), aside)
	}
}

// TestFiguresAreThoseOfTheirDefinitions: hit@1, hit@3, MRR@10 and nDCG@10 over
// ranks 1, 3, 10, 11 and none.
func TestFiguresAreThoseOfTheirDefinitions(t *testing.T) {
	var f figures
	for _, rank := range []int{1, 3, 10, 11, 0} {
		f.add(rank)
	}
	want := []float64{1.0 / 5, 2.0 / 5, (1 + 1.0/3 + 1.0/10) / 5, (1 + 1.0/2 + 1/math.Log2(11)) / 5}
	for i, got := range []float64{f.hit1(), f.hit3(), f.mrr(), f.ndcg()} {
		if math.Abs(got-want[i]) > 1e-12 {
			t.Errorf("figure %d is %f, not %f", i, got, want[i])
		}
	}
}

// TestFloors: a category below its floor, one without a floor and a floor
// without questions are each named; what is kept aside counts.
func TestFloors(t *testing.T) {
	outcomes := []outcome{
		{row: row{set: "s", category: "good", text: "énergie"}, rank: 1},
		{row: row{set: "s", category: "low", text: "énergie"}, rank: 1},
		{row: row{set: "s", category: "low", text: "hydrogen"}, rank: 2},
		{row: row{set: "s", category: "fresh", text: "hydrogen"}, rank: 1},
	}
	floors := []floor{
		{group{"s", byCategory, "good"}, 1},
		{group{"s", byCategory, "low"}, 0.6},
		{group{"s", byCategory, "gone"}, 0.5},
	}
	got := count(outcomes).fallen(floors)
	want := []string{
		"s, low: hit@1 is 0.500, below its floor of 0.600",
		"s, gone: it has a floor and no questions",
		"s, fresh: it has no floor; its hit@1 is 1.000",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
	if _, err := readFloors(filepath.Join("..", floorFile)); err != nil {
		t.Error(err)
	}
}

// TestStoresThatAnswerUnlikeEachOtherAreFound: the same things in another order
// are another answer.
func TestStoresThatAnswerUnlikeEachOtherAreFound(t *testing.T) {
	a := []outcome{{row: row{set: "s", text: "one"}, first: []store.ID{"x", "y"}}, {row: row{set: "s", text: "two"}, first: []store.ID{"x", "y"}}}
	b := []outcome{a[0], {row: a[1].row, first: []store.ID{"y", "x"}}}
	if got := unlike(a, b); !reflect.DeepEqual(got, []string{`s: "two"`}) {
		t.Errorf("%q", got)
	}
}

// TestOthersAreTheSameEachTimeAndNotNamedAlike: two runs ask among the same
// things, none of which is taken for another.
func TestOthersAreTheSameEachTimeAndNotNamedAlike(t *testing.T) {
	list := others(2000)
	if !reflect.DeepEqual(list, others(2000)) {
		t.Error("other things the next time")
	}
	seen := map[string]bool{}
	for _, it := range list {
		thing := it.Claims.Things[0]
		name := string(thing.Kind) + " " + thing.Names[0].Value
		if seen[name] {
			t.Errorf("two are named %q", name)
		}
		seen[name] = true
	}
}

// TestMissesAreToldApart asks a small graph: the wanted thing's place is found,
// a miss says who came first, people are named by their identifiers only, and a
// label that nothing bears is an error.
func TestMissesAreToldApart(t *testing.T) {
	ctx := t.Context()
	s, err := sqlite.Open(ctx, filepath.Join(t.TempDir(), "eval.db"), ontology.Schema())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close(ctx)
	var items []*rows.Item
	for i, x := range []struct {
		key  string
		kind store.Kind
		name string
	}{{"theme", ontology.Theme, "Bridges"}, {"expert", ontology.Person, "Invented Somebody"}, {"board", ontology.Organisation, "Board of Bridges"}} {
		items = append(items, item("test", i+1, "T", x.key, ontology.ThingClaim{
			Kind: x.kind, Names: []ontology.Name{{Value: x.name, Type: ontology.OfficialName}}, Props: ontology.Values{},
		}))
	}
	fact := func(rel store.Rel, kind store.Kind, key string) ontology.FactClaim {
		return ontology.FactClaim{Relation: rel, Subject: ontology.Ref{Key: "#0"}, Object: ontology.Ref{Kind: kind, Key: key}}
	}
	items[1].Claims.Facts = []ontology.FactClaim{fact(ontology.HasExpertise, ontology.Theme, "T:theme")}
	items[2].Claims.Facts = []ontology.FactClaim{fact(ontology.WorksOn, ontology.Theme, "T:theme")}
	if err := write(ctx, s, "test", items); err != nil {
		t.Fatal(err)
	}
	asked := []row{
		{set: contactSet, category: "c", text: "Bridges", language: "en", want: []string{"T:expert"}},
		{set: contactSet, category: "c", text: "Bridges", language: "en", want: []string{"T:board"}},
		{set: contactSet, category: "c", text: "Tunnels", language: "en", want: []string{"T:board"}},
		{set: searchSetName, category: "c", text: "board", want: []string{"T:board"}},
		{set: searchSetName, category: "c", text: "board", want: []string{"T:theme"}},
	}
	a, err := newAsker(ctx, s, asked)
	if err != nil {
		t.Fatal(err)
	}
	want := []struct {
		rank  int
		cause string
	}{{1, ""}, {2, lighter}, {0, notUnderstood}, {1, ""}, {0, notFound}}
	var outcomes []outcome
	for i, r := range asked {
		o, err := a.ask(ctx, r)
		if err != nil {
			t.Fatal(err)
		}
		if o.rank != want[i].rank || o.cause != want[i].cause {
			t.Errorf("%s %q wants %s: came at %d, %q", r.set, r.text, r.want, o.rank, o.cause)
		}
		outcomes = append(outcomes, o)
	}
	text := (&report{store: "sqlite", outcomes: outcomes, aside: true}).String()
	if !strings.Contains(text, "1. Person T:expert, score") || !strings.Contains(text, "2. Organisation T:board") || strings.Contains(text, "Somebody") {
		t.Errorf("the account is\n%s", text)
	}
	asked[0].want = []string{"T:nobody"}
	if _, err := newAsker(ctx, s, asked); err == nil || !strings.Contains(err.Error(), "T:nobody") {
		t.Errorf("a label that nothing bears: %v", err)
	}
}

// TestSetsAreFoundInTheirFolder: the given searches come first, and every set
// has its things and its questions.
func TestSetsAreFoundInTheirFolder(t *testing.T) {
	sets, err := searchSets(filepath.Join("..", searchFolder))
	if err != nil || len(sets) < 2 || sets[0].name != searchSetName {
		t.Fatalf("%v, %v", sets, err)
	}
	for _, set := range sets {
		rows, err := searchRows(set.name, set.queries)
		plain, items, more := entities(set.entities)
		if cmp.Or(err, more) != nil || len(rows) == 0 || !plain && len(items) == 0 {
			t.Errorf("%s: %d questions, %d things, %v, %v", set.name, len(rows), len(items), err, more)
		}
	}
}
