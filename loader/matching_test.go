package loader_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"coopgraph/loader"
	"coopgraph/ontology"
	"coopgraph/ontology/match"
	"coopgraph/store"
)

// waiting gives the pairs that wait for a person.
func waiting(t testing.TB, s store.Store) []loader.Pair {
	t.Helper()
	page, err := loader.Duplicates(t.Context(), s, store.Paging{})
	if err != nil {
		t.Fatal(err)
	}
	return page.Items
}

// Lists that share no identifier meet by names where more than the name agrees:
// spellings, legal forms and the order of words do not matter. The thing then
// has both lists as its sources, and its rows are unchanged when they come
// again.
func TestListsMeetByNames(t *testing.T) {
	onBothStores(t, func(t *testing.T, s store.Store) {
		const one = "id,name,web\na,Zeeland Delta Institute,https://delta.example\nb,Rijn Havenbedrijf NV,https://rijn.example\n"
		const other = "id,name,web\n1,ZEELAND DELTA INSTITUTE,https://www.delta.example/\n2,Rijn Havenbedrijf,https://rijn.example\n"
		loadRun(t, s, one)
		_, said, err := loadTable(t, s, other, byOther(t))
		if err != nil {
			t.Fatal(err)
		}
		for key, twin := range map[string]string{"TINY:a": "OTHER:1", "TINY:b": "OTHER:2"} {
			x := byIdentifier(t, s, ontology.Organisation, key)
			if !slices.ContainsFunc(x.Identifiers, func(i ontology.Identifier) bool { return i.Key() == twin }) || len(x.Sources) != 2 {
				t.Errorf("%s is not %s: %v, %v; %q", key, twin, x.Identifiers, x.Sources, said)
			}
		}
		if !strings.Contains(strings.Join(said, "\n"), "by its names") {
			t.Errorf("the report does not say why: %q", said)
		}
		if sum, _, err := loadTable(t, s, other, byOther(t)); err != nil || sum.Unchanged != 2 {
			t.Errorf("again: %v, %v", sum, err)
		}
		if len(waiting(t, s)) != 0 {
			t.Errorf("%d pairs wait", len(waiting(t, s)))
		}
	})
}

// Where only the name agrees, a person is asked, with reasons, and only once:
// what they tell apart stays apart, and what they make one stays one, when the
// list is taken back and loaded again.
func TestDoubtsAreSettledOnce(t *testing.T) {
	for _, same := range []bool{false, true} {
		s := openSQLite(t)
		loadRun(t, s, "id,name\na,Zeeland Delta Institute\n")
		const other = "id,name\n1,Zeeland Delta Institute\n"
		run := loadRun(t, s, other, byOther(t))
		pairs := waiting(t, s)
		if len(pairs) != 1 || len(pairs[0].Reasons) == 0 || pairs[0].Score <= 0 || pairs[0].Reasons[0].Text("en") == "" {
			t.Fatalf("the pairs are %+v", pairs)
		}
		a, i1 := tinyID(t, s, "TINY:a"), tinyID(t, s, "OTHER:1")
		want := 2
		if same {
			want = 1
			mustDo(t)(hand(s).Merge(t.Context(), request("1"), a, i1, false))
		} else {
			mustDo(t)(hand(s).NotTheSame(t.Context(), request("1"), a, i1))
		}
		check := func(when string) {
			t.Helper()
			if got := len(waiting(t, s)); got != 0 {
				t.Errorf("same %v, %s: %d pairs wait", same, when, got)
			}
			page, err := s.Find(t.Context(), []store.Kind{ontology.Organisation}, store.Filter{}, store.Paging{})
			if err != nil || len(page.Items) != want {
				t.Errorf("same %v, %s: %d things, %v; want %d", same, when, len(page.Items), err, want)
			}
		}
		check("settled")
		loadRun(t, s, other, byOther(t))
		check("loaded again")
		undo(t, s, run)
		loadRun(t, s, other, byOther(t))
		check("taken back and loaded again")
	}
}

// SAFETY.md, row 69: letters of another script that look alike, generic names
// and the names of bodies elsewhere do not make two things one; composed and
// decomposed letters do not make one thing two names.
func TestLookalikesDoNotMerge(t *testing.T) {
	s := openSQLite(t)
	loadRun(t, s, "id,name,web\na,Delta Institute,https://delta.example\nb,Ministry of Finance,\nc,Universit\u00e9 du Val,https://val.example\n")
	loadRun(t, s, "id,name,web\n1,D\u0435lta Institut\u0435,\n2,Ministry of Finance,\n3,Universite\u0301 du Val,https://val.example\n", byOther(t))
	if tinyID(t, s, "TINY:a") == tinyID(t, s, "OTHER:1") {
		t.Error("letters of another script merge")
	}
	if tinyID(t, s, "TINY:b") == tinyID(t, s, "OTHER:2") {
		t.Error("generic names merge")
	}
	x := byIdentifier(t, s, ontology.Organisation, "TINY:c")
	if x.ID != tinyID(t, s, "OTHER:3") || len(x.Names) != 1 {
		t.Errorf("composed and decomposed letters: %v", x.Names)
	}
}

// byName is a mapping whose rows have nothing but names.
const byName = `
format: csv
source: {key: byname, title: A list of names}
key: {column: name}
things:
  - as: self
    kind: Organisation
    names: [{from: {column: name}, type: OFFICIAL}]
`

// Things of two lists that have nothing but the same name are two until
// somebody says that they are one.
func TestEqualNamesAloneDoNotMerge(t *testing.T) {
	s := openSQLite(t)
	for _, key := range []string{"first", "second"} {
		m := parse(t, strings.Replace(byName, "key: byname", "key: "+key, 1))
		table := "name\nBoard of Examples\n"
		for range 2 {
			loadRun(t, s, table, func(o *loader.Options) { o.Mapping = m })
		}
	}
	if got, pairs := names(t, s), waiting(t, s); len(got) != 2 || len(pairs) != 1 {
		t.Errorf("%v, and %d pairs wait", got, len(pairs))
	}
}

// The two editions of a registry's format give one thing for each organisation,
// with both lists as sources, whichever comes first.
func TestRORv1AndV2AreOne(t *testing.T) {
	const v1 = `[{"id":"https://ror.org/04vmvtb21","name":"Example University","types":["Education"],"links":["https://example.org"],"aliases":[],"acronyms":["EU"],"labels":[],"status":"active","established":1913,"country":{"country_code":"NL","country_name":"Netherlands"},"addresses":[],"relationships":[],"external_ids":{}}]`
	const v2 = `[{"id":"https://ror.org/04vmvtb21","names":[{"lang":"en","types":["label","ror_display"],"value":"Example University"}],"types":["education"],"links":[{"type":"website","value":"https://example.org"}],"status":"active","established":1913,"locations":[],"relationships":[],"external_ids":[],"domains":[],"admin":{}}]`
	var graphs [][]string
	for _, order := range [][]string{{"ror-v1", "ror-v2"}, {"ror-v2", "ror-v1"}} {
		s := openSQLite(t)
		for _, name := range order {
			text := map[string]string{"ror-v1": v1, "ror-v2": v2}[name]
			if sum := load(t, s, list{write(t, "ror.json", []byte(text)), name}); sum.Created != 1 {
				t.Errorf("%s: %v", name, sum)
			}
		}
		x := byIdentifier(t, s, ontology.Organisation, "ROR:04vmvtb21")
		if got := names(t, s); len(got) != 1 || len(x.Sources) != 2 {
			t.Errorf("%v: %v from %d sources", order, got, len(x.Sources))
		}
		graphs = append(graphs, graph(t, s))
	}
	if diff := cmp.Diff(graphs[0], graphs[1]); diff != "" {
		t.Errorf("(-v1 first +v2 first):\n%s", diff)
	}
}

// bodiesIn is a mapping of organisations of a kind, in a place.
const bodiesIn = `
format: csv
scheme: LIST
source: {key: list, title: A list of bodies}
key: {column: id}
things:
  - as: self
    kind: Organisation
    identifiers: [{scheme: LIST, from: {column: id}}]
    names: [{from: {column: name}, language: LANGUAGE, type: OFFICIAL}]
    properties: {classification: {from: {column: type}}}
  - as: place
    kind: Place
    identifiers: [{scheme: TOWN, from: {column: town}}]
    names: [{from: {column: place}, language: LANGUAGE, type: OFFICIAL}]
facts:
  - {subject: "#self", relation: LOCATED_IN, object: "#place"}
`

// A row that names a body in one language meets the one that another list names
// in another, where they are of one kind and in one place: a person is asked,
// with that as reasons. What is of another kind, or elsewhere, is not asked
// about.
func TestNamesMeetAcrossLanguages(t *testing.T) {
	s := openSQLite(t)
	in := func(key, language string) func(*loader.Options) {
		text := strings.NewReplacer("LIST", strings.ToUpper(key), "key: list", "key: "+key, "LANGUAGE", language).Replace(bodiesIn)
		return func(o *loader.Options) { o.Mapping = parse(t, text) }
	}
	loadRun(t, s, "id,name,type,town,place\n1,Université de Vallon,UNIVERSITY,v,Vallon\n2,Port de Vallon,PORT,v,Vallon\n3,Ville de Vallon,MUNICIPALITY,v,Vallon\n", in("french", "fr"))
	const dutch = "id,name,type,town,place\na,Universiteit Vallon,UNIVERSITY,v,Vallon\nb,Haven van Vallon,PORT,v,Vallon\nc,Universiteit Rivier,UNIVERSITY,r,Rivier\n"
	loadRun(t, s, dutch, in("dutch", "nl"))
	want := map[store.ID]store.ID{tinyID(t, s, "DUTCH:a"): tinyID(t, s, "FRENCH:1"), tinyID(t, s, "DUTCH:b"): tinyID(t, s, "FRENCH:2")}
	got := map[store.ID]store.ID{}
	for _, p := range waiting(t, s) {
		if _, dutch := want[p.B]; dutch {
			p.A, p.B = p.B, p.A
		}
		got[p.A] = p.B
		for _, code := range []match.Code{match.SamePlace, match.SameClassification} {
			if !slices.ContainsFunc(p.Reasons, func(r match.Reason) bool { return r.Code == code }) {
				t.Errorf("%s is no reason: %+v", code, p.Reasons)
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("pairs (-want +got):\n%s", diff)
	}
}
