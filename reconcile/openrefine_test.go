package reconcile_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"coopgraph/ontology"
	"coopgraph/reconcile"
)

// manifest is what OpenRefine reads of a manifest.
type manifest struct {
	Versions     []string
	DefaultTypes []struct{ ID, Name string } `json:"defaultTypes"`
	View         struct{ URL string }
	Preview      struct {
		URL           string
		Width, Height int
	}
	Suggest map[string]struct {
		URL       string `json:"service_url"`
		Path      string `json:"service_path"`
		FlyoutURL string `json:"flyout_service_url"`
		Flyout    string `json:"flyout_service_path"`
	}
	Extend struct {
		Propose struct {
			URL  string `json:"service_url"`
			Path string `json:"service_path"`
		} `json:"propose_properties"`
	}
}

func (c client) manifest() manifest {
	c.t.Helper()
	var of manifest
	c.check(c.get(reconcile.Path, nil), http.StatusOK, "manifest", &of)
	return of
}

// path gives an address of the manifest as a path of the test's server.
func path(t testing.TB, address string) string {
	t.Helper()
	rest, ok := strings.CutPrefix(address, base)
	if !ok {
		t.Fatalf("%s is not at %s", address, base)
	}
	return rest
}

// TestTheManifestLeadsToEveryService follows each address that OpenRefine reads.
func TestTheManifestLeadsToEveryService(t *testing.T) {
	c := serve(t, reconcile.Settings{})
	of := c.manifest()
	if len(of.DefaultTypes) != len(ontology.Kinds()) {
		t.Errorf("%d types, not the %d kinds", len(of.DefaultTypes), len(ontology.Kinds()))
	}
	belgium := first(t, c.one(m{"query": "Belgium", "type": "Organisation"})).ID
	for _, template := range []string{of.View.URL, of.Preview.URL} {
		r := c.get(path(t, strings.ReplaceAll(template, "{{id}}", belgium)), nil)
		if r.status != http.StatusOK || !strings.Contains(string(r.body), "<h1>Belgium</h1>") {
			t.Errorf("%s: %d %s", template, r.status, r.body)
		}
	}
	for name, id := range map[string]string{"entity": belgium, "property": "country", "type": "Organisation"} {
		s := of.Suggest[name]
		var found struct{ Result []struct{ ID, Name string } }
		schema := map[string]string{"entity": "suggest-entities-response", "property": "suggest-properties-response", "type": "suggest-types-response"}[name]
		prefix := map[string]string{"entity": "belgi", "property": "cou", "type": "org"}[name]
		c.check(c.get(path(t, s.URL)+s.Path, url.Values{"prefix": {prefix}}), http.StatusOK, schema, &found)
		if !slices.ContainsFunc(found.Result, func(x struct{ ID, Name string }) bool { return x.ID == id }) {
			t.Errorf("suggest %s %q: %v", name, prefix, found.Result)
		}
		var flyout struct{ ID, HTML string }
		c.check(c.get(path(t, s.FlyoutURL)+strings.ReplaceAll(s.Flyout, "${id}", id), nil), http.StatusOK, "flyout-response", &flyout)
		if flyout.ID != id || !strings.Contains(flyout.HTML, "<p>") {
			t.Errorf("flyout %s: %+v", name, flyout)
		}
	}
	var proposed struct{ Properties []struct{ ID string } }
	c.check(c.get(path(t, of.Extend.Propose.URL)+of.Extend.Propose.Path, url.Values{"type": {"Place"}, "limit": {"100"}}), http.StatusOK, "data-extension-property-proposal", &proposed)
	var ids []string
	for _, p := range proposed.Properties {
		ids = append(ids, p.ID)
	}
	if !slices.Contains(ids, "placeType") || slices.Contains(ids, "classification") {
		t.Errorf("proposed for places: %v", ids)
	}
}

// column is a list as a user of OpenRefine has it, and what each cell means.
var column = []struct{ cell, name string }{
	{"Scheldt Council", "Scheldt Council"},
	{"Council, Scheldt", "Scheldt Council"},
	{"Schelderaad", "Scheldt Council"},
	{"Königreich Belgien", "Belgium"},
	{"PAYS-BAS", "Netherlands"},
	{"Noordrijn-Westfalen", "North Rhine-Westphalia"},
	{"Union Benelux", "Benelux Union"},
	{"Grossregion", "Greater Region"},
	{"Nordic Council", "Nordic Council"},
	{"Basse-Saxe", "Lower Saxony"},
}

// TestOpenRefineGuessesTheType protects the first call for a column: ten cells
// and three candidates for each, from whose types the client takes the commonest.
func TestOpenRefineGuessesTheType(t *testing.T) {
	c := serve(t, reconcile.Settings{})
	guess := batch{}
	for i, row := range column {
		guess["q"+strconv.Itoa(i)] = m{"query": row.cell, "limit": 3}
	}
	types := map[string]int{}
	for key, list := range c.reconcile(guess) {
		if len(list) == 0 || len(list) > 3 {
			t.Errorf("%s: %d candidates", key, len(list))
			continue
		}
		types[list[0].Type[0].ID]++
	}
	if types["Organisation"] < 7 {
		t.Errorf("the first candidates' types: %v", types)
	}
}

// TestNamesMatchInEveryLanguage protects that a name in any of the languages,
// with its words in another order, without accents or in capitals is matched.
func TestNamesMatchInEveryLanguage(t *testing.T) {
	c := serve(t, reconcile.Settings{})
	queries := batch{}
	for i, row := range column {
		queries["q"+strconv.Itoa(i)] = m{"query": row.cell, "type": "Organisation", "type_strict": "should", "properties": []m{{"pid": "MYCOLUMN", "v": "x"}}}
	}
	answers := c.reconcile(queries)
	for i, row := range column {
		best := first(t, answers["q"+strconv.Itoa(i)])
		if best.Name != row.name || !best.Match || best.Type[0].ID != "Organisation" {
			t.Errorf("%s: %s, %s, match %t, score %g", row.cell, best.Name, best.Type[0].ID, best.Match, best.Score)
		}
	}
}

func TestScoresAreExplained(t *testing.T) {
	c := serve(t, reconcile.Settings{})
	best := first(t, c.one(m{"query": "Schelderaad"}))
	for id, want := range map[string]any{"name_similarity": 100.0, "name_match:EXACT": true, "name_language:nl": true, "name_type:TRANSLATION": true} {
		if got := best.feature(id); got != want {
			t.Errorf("%s is %v, not %v", id, got, want)
		}
	}
	if !strings.HasPrefix(best.Description, "= Schelderaad (nl)") {
		t.Errorf("the description does not say which name was found: %s", best.Description)
	}
}

// TestATypingErrorIsFoundAndNotMatched protects that what was mended is left to
// the user, unless other columns support it.
func TestATypingErrorIsFoundAndNotMatched(t *testing.T) {
	c := serve(t, reconcile.Settings{})
	best := first(t, c.one(m{"query": "Scheldt Councel"}))
	if best.Name != "Scheldt Council" || best.Match || best.Score < 75 || best.feature("name_match:CORRECTED") != true {
		t.Errorf("%+v", best)
	}
}

// TestAnAmbiguousNameIsNotMatched protects that the state and the place Belgium
// are told apart by the user or by a type, and the type is binding or a hint.
func TestAnAmbiguousNameIsNotMatched(t *testing.T) {
	c := serve(t, reconcile.Settings{})
	for _, x := range c.one(m{"query": "Belgium"}) {
		if x.Match {
			t.Errorf("%s %s is matched", x.Type[0].ID, x.Name)
		}
	}
	for _, strict := range []string{"any", "all", "should"} {
		list := c.one(m{"query": "Belgium", "type": []string{"Place"}, "type_strict": strict})
		if best := first(t, list); !best.Match || best.Type[0].ID != "Place" {
			t.Errorf("%s: %+v", strict, best)
		}
		others := slices.ContainsFunc(list, func(x candidate) bool { return x.Type[0].ID != "Place" })
		if others != (strict == "should") {
			t.Errorf("%s: other types found: %t", strict, others)
		}
	}
	if list := c.one(m{"query": "Belgium", "type": []string{"Place", "Organisation"}, "type_strict": "all"}); len(list) != 0 {
		t.Errorf("a thing of two types: %v", list)
	}
}

// TestPropertiesAreEvidence protects what columns say of candidates: an
// identifier decides, a country or a classification supports or opposes.
func TestPropertiesAreEvidence(t *testing.T) {
	c := serve(t, reconcile.Settings{})
	tests := []struct {
		name  string
		query m
		first string
		match bool
		// feature of the first candidate, with its value.
		feature string
		value   any
	}{
		{"an identifier alone", m{"type": "Place", "properties": []m{{"pid": "ISO3166", "v": "lu"}}}, "Luxembourg", true, "property:identifier:ISO3166", 100.0},
		{"an identifier by its property", m{"query": "Letzebuerg", "type": "Place", "properties": []m{{"pid": "identifier:NUTS", "v": "LU0"}}}, "Luxembourg", true, "property:identifier:NUTS", 100.0},
		{"a text that is an identifier", m{"query": "ISO3166:BE", "type": "Place"}, "Belgium", true, "type", true},
		{"another identifier", m{"query": "Belgium", "type": "Place", "properties": []m{{"pid": "ISO3166", "v": "FR"}}}, "France", false, "property:identifier:ISO3166", 100.0},
		{"a country by its name", m{"query": "Brussels", "type": "Place", "properties": []m{{"pid": "country", "v": "Belgique"}}}, "Brussels", true, "property:country", 100.0},
		{"a country by its code of three letters", m{"query": "Brussels", "type": "Place", "properties": []m{{"pid": "country", "v": []string{"BEL"}}}}, "Brussels", true, "property:country", 100.0},
		{"a region around a place", m{"query": "North Brabant", "type": "Place", "properties": []m{{"pid": "partOf", "v": "Nederland"}}}, "North Brabant", true, "property:partOf", 100.0},
		{"another country", m{"query": "Brussels", "type": "Place", "properties": []m{{"pid": "country", "v": "FR"}}}, "Brussels", false, "property:country", 0.0},
		{"a classification", m{"query": "Belgium", "properties": []m{{"pid": "classification", "v": "state"}}}, "Belgium", false, "property:classification", 100.0},
	}
	for _, tt := range tests {
		list := c.one(tt.query)
		if len(list) == 0 {
			t.Errorf("%s: no candidates", tt.name)
			continue
		}
		best := list[0]
		if best.Name != tt.first || best.Match != tt.match || best.feature(tt.feature) != tt.value {
			t.Errorf("%s: %s %g, match %t, %v", tt.name, best.Name, best.Score, best.Match, best.Features)
		}
	}
}

// TestAMatchedColumnIsEvidence protects values {id, name}: a column that the
// user has matched before.
func TestAMatchedColumnIsEvidence(t *testing.T) {
	c := serve(t, reconcile.Settings{})
	belgium := first(t, c.one(m{"query": "Belgium", "type": "Place"}))
	best := first(t, c.one(m{"query": "Brussels", "type": "Place", "properties": []m{{"pid": "country", "v": m{"id": belgium.ID, "name": "whatever"}}}}))
	if best.feature("property:country") != 100.0 || !best.Match {
		t.Errorf("%+v", best)
	}
}

// extended is the answer to a data extension.
type extended struct {
	Meta []struct {
		ID, Name string
		Type     struct{ ID string }
	}
	Rows map[string]map[string][]m
}

func (c client) extend(query m) extended {
	c.t.Helper()
	body, err := json.Marshal(query)
	if err != nil {
		c.t.Fatal(err)
	}
	if err := conforms(c.t, "data-extension-query", body); err != nil {
		c.t.Fatalf("the test's query: %v", err)
	}
	var answer extended
	c.check(c.post(url.Values{"extend": {string(body)}}), http.StatusOK, "data-extension-response", &answer)
	return answer
}

// TestColumnsAreFetched protects data extension: a row for each id, and in it
// a list for each property, empty where nothing is known.
func TestColumnsAreFetched(t *testing.T) {
	c := serve(t, reconcile.Settings{})
	belgium := first(t, c.one(m{"query": "Belgium", "type": "Organisation"})).ID
	brussels := first(t, c.one(m{"query": "Brussels", "type": "Place"})).ID
	const nobody = "n_aaaaaaaaaaaaaaaaaaaaaaaaaa"
	answer := c.extend(m{"ids": []string{belgium, brussels, nobody, "nonsense"}, "properties": []m{
		{"id": "name", "settings": m{"language": "fr"}},
		{"id": "name:nl"},
		{"id": "names", "settings": m{"limit": "2"}},
		{"id": "ISO3166"},
		{"id": "country"},
		{"id": "classification"},
		{"id": "roles"},
		{"id": "partOf", "settings": m{"holding": true}},
		{"id": "latitude"},
	}})
	if len(answer.Rows) != 4 || len(answer.Meta) != 9 || answer.Meta[4].Type.ID != "Place" {
		t.Fatalf("%d rows, meta %+v", len(answer.Rows), answer.Meta)
	}
	for _, id := range []string{nobody, "nonsense"} {
		for p, cells := range answer.Rows[id] {
			if len(cells) != 0 {
				t.Errorf("%s has %s", id, p)
			}
		}
		if len(answer.Rows[id]) != 9 {
			t.Errorf("%s has %d properties", id, len(answer.Rows[id]))
		}
	}
	row := answer.Rows[belgium]
	for p, want := range map[string]string{"name": "Belgique", "name:nl": "België", "ISO3166": "BE", "classification": "STATE", "roles": "MEMBER_STATE"} {
		if len(row[p]) == 0 || row[p][0]["str"] != want {
			t.Errorf("%s of Belgium: %v", p, row[p])
		}
	}
	if len(row["names"]) != 2 {
		t.Errorf("limit 2: %v", row["names"])
	}
	for id, row := range map[string]map[string][]m{"Belgium": row, "Brussels": answer.Rows[brussels]} {
		if len(row["country"]) != 1 || row["country"][0]["name"] != "Belgium" {
			t.Errorf("country of %s: %v", id, row["country"])
		}
	}
}

// TestEveryProposedPropertyCanBeFetched protects that what is proposed for a
// kind is answered for things of it.
func TestEveryProposedPropertyCanBeFetched(t *testing.T) {
	c := serve(t, reconcile.Settings{})
	filled := map[string]bool{}
	for _, k := range ontology.Kinds() {
		var proposed struct{ Properties []struct{ ID string } }
		c.check(c.get(reconcile.Path+"/extend/propose", url.Values{"type": {string(k)}}), http.StatusOK, "data-extension-property-proposal", &proposed)
		var props []m
		for _, p := range proposed.Properties {
			props = append(props, m{"id": p.ID})
		}
		answer := c.extend(m{"ids": some(t, k, 100), "properties": props})
		for _, row := range answer.Rows {
			if len(row) != len(props) {
				t.Errorf("%s: %d properties of %d", k, len(row), len(props))
			}
			for p, cells := range row {
				filled[p] = filled[p] || len(cells) > 0
			}
		}
	}
	for _, p := range []string{"name", "identifier", "country", "partOf", "holders", "organisation", "themes", "broader", "participants", "from", "date", "type"} {
		if !filled[p] {
			t.Errorf("no thing of the seed has %s among %v", p, slices.Sorted(maps.Keys(filled)))
		}
	}
}

// TestATypeThatAUserMadeUpHintsAtNone protects what OpenRefine asks for a column
// that was reconciled against a type which the user typed.
func TestATypeThatAUserMadeUpHintsAtNone(t *testing.T) {
	c := serve(t, reconcile.Settings{})
	var known, every, proposed struct{ Properties []struct{ ID string } }
	for wanted, into := range map[string]any{"Place": &known, "": &every, "Town": &proposed} {
		c.check(c.get(reconcile.Path+"/extend/propose", url.Values{"type": {wanted}}), http.StatusOK, "data-extension-property-proposal", into)
	}
	if len(proposed.Properties) <= len(known.Properties) || !slices.Equal(proposed.Properties, every.Properties) {
		t.Errorf("%d properties of a town, %d of a place, %d of all types", len(proposed.Properties), len(known.Properties), len(every.Properties))
	}
	if best := first(t, c.one(m{"query": "Scheldt Council", "type": "Town", "type_strict": "should"})); best.Name != "Scheldt Council" {
		t.Errorf("%+v", best)
	}
}

// TestSuggestionsPage protects the cursor: the next suggestions, none twice.
func TestSuggestionsPage(t *testing.T) {
	c := serve(t, reconcile.Settings{})
	var all, head, tail struct{ Result []struct{ ID string } }
	at := reconcile.Path + "/suggest/entity"
	c.check(c.get(at, url.Values{"prefix": {"ben"}, "limit": {"8"}}), http.StatusOK, "suggest-entities-response", &all)
	c.check(c.get(at, url.Values{"prefix": {"ben"}, "limit": {"4"}}), http.StatusOK, "suggest-entities-response", &head)
	c.check(c.get(at, url.Values{"prefix": {"ben"}, "limit": {"4"}, "cursor": {"4"}}), http.StatusOK, "suggest-entities-response", &tail)
	var rest struct{ Result []struct{ ID string } }
	c.check(c.get(at, url.Values{"prefix": {"ben"}, "cursor": {"1000"}}), http.StatusOK, "suggest-entities-response", &rest)
	if len(rest.Result) != 0 {
		t.Errorf("after the last: %v", rest.Result)
	}
	if len(all.Result) != 8 || !slices.Equal(slices.Concat(head.Result, tail.Result), all.Result) {
		t.Errorf("%v is not %v and %v", all.Result, head.Result, tail.Result)
	}
}
