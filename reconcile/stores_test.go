package reconcile_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"coopgraph/ontology"
	"coopgraph/reconcile"
	"coopgraph/seed"
	"coopgraph/store"
	"coopgraph/store/neo4j/neo4jtest"
	"coopgraph/store/sqlite"
)

// some gives the ids of some things of a kind.
func some(t testing.TB, k store.Kind, limit int) []string {
	t.Helper()
	page, err := embedded.Find(t.Context(), []store.Kind{k}, store.Filter{}, store.Paging{Limit: limit})
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, n := range page.Items {
		ids = append(ids, string(n.ID))
	}
	return ids
}

// TestBothStoresGiveTheSameAnswers compares the bytes of every kind of answer.
func TestBothStoresGiveTheSameAnswers(t *testing.T) {
	other := neo4jtest.Open(t, ontology.Schema())
	neo4jtest.Ready(t, other)
	if _, err := seed.Load(t.Context(), other, clock); err != nil {
		t.Fatal(err)
	}
	a, b := serve(t, reconcile.Settings{}), serve(t, reconcile.Settings{Store: other})
	a.language, b.language = "fr", "fr"
	compare := func(name string, ask func(client) reply) {
		t.Helper()
		x, y := ask(a), ask(b)
		if x.status != http.StatusOK || string(x.body) != string(y.body) {
			t.Errorf("%s:\nSQLite %d %.1500s\nNeo4j %d %.1500s", name, x.status, x.body, y.status, y.body)
		}
	}
	for _, k := range ontology.Kinds() {
		ids := some(t, k, 25)
		queries := batch{}
		for i, id := range ids {
			node, err := embedded.Nodes(t.Context(), []store.ID{store.ID(id)})
			if err != nil {
				t.Fatal(err)
			}
			thing, err := ontology.ThingOf(node[store.ID(id)])
			if err != nil {
				t.Fatal(err)
			}
			q := m{"query": thing.Names[len(thing.Names)-1].Value, "properties": []m{{"pid": "country", "v": "BE"}, {"pid": "partOf", "v": "Benelux Union"}}}
			if i%2 == 0 {
				q["type"], q["type_strict"] = k, "should"
			}
			queries["q"+strconv.Itoa(i)] = q
			compare("preview", func(c client) reply { return c.get(reconcile.Path+"/preview", url.Values{"id": {id}}) })
		}
		body, err := json.Marshal(queries)
		if err != nil {
			t.Fatal(err)
		}
		compare(string(k), func(c client) reply { return c.post(url.Values{"queries": {string(body)}}) })
		var proposed struct {
			Properties []struct {
				ID string `json:"id"`
			} `json:"properties"`
		}
		if err := json.Unmarshal(a.get(reconcile.Path+"/extend/propose", url.Values{"type": {string(k)}}).body, &proposed); err != nil {
			t.Fatal(err)
		}
		if body, err = json.Marshal(m{"ids": ids, "properties": proposed.Properties}); err != nil {
			t.Fatal(err)
		}
		compare("extend "+string(k), func(c client) reply { return c.post(url.Values{"extend": {string(body)}}) })
	}
	for _, prefix := range []string{"b", "bel", "water", "conseil d"} {
		compare("suggest "+prefix, func(c client) reply { return c.get(reconcile.Path+"/suggest/entity", url.Values{"prefix": {prefix}}) })
	}
}

// body claims an organisation.
func body(key string, names ...ontology.Name) ontology.ThingClaim {
	return ontology.ThingClaim{ID: ontology.NodeID(ontology.Organisation, "test", key), Kind: ontology.Organisation, Names: names}
}

// holding gives a store that holds what is claimed, each node as change makes it.
func holding(t testing.TB, change func(store.Node) store.Node, claims ...ontology.ThingClaim) store.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "some.db"), ontology.Schema())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	var changes []store.Change
	for _, claim := range claims {
		node, tokens, err := ontology.FoldThing([]ontology.Weighed[ontology.ThingClaim]{{Claim: claim}})
		if err != nil {
			t.Fatal(err)
		}
		changes = append(changes, store.Change{Op: store.PutNode, Node: change(node), Tokens: tokens})
	}
	if _, err := s.Apply(t.Context(), changes); err != nil {
		t.Fatal(err)
	}
	return s
}

// TestWhatMatchesByItself protects what is settled without the user: a full
// name and a long acronym, but no short acronym and no mended name, unless
// another column supports it and none speaks against it.
func TestWhatMatchesByItself(t *testing.T) {
	claim := body("a", ontology.Name{Value: "Interregional Water Quality Agency", Language: "en", Type: ontology.OfficialName},
		ontology.Name{Value: "IWQA", Type: ontology.Acronym}, ontology.Name{Value: "IWQ", Type: ontology.Acronym},
		ontology.Name{Value: "Commission of the Streams", Language: "en", Type: ontology.FormerName})
	claim.Props = ontology.Values{"website": "https://www.water.example/en/", "classification": "AGENCY", "from": "2018-04-16"}
	claim.Identifiers = []ontology.Identifier{{Scheme: "ROR", Value: "05xpvk416"}, {Scheme: "WIKIDATA", Value: "Q12345"}}
	c := serve(t, reconcile.Settings{Store: holding(t, func(n store.Node) store.Node { return n }, claim)})
	property := func(pid string, v any) []m { return []m{{"pid": pid, "v": v}} }
	tests := []struct {
		query m
		match bool
	}{
		{m{"query": "interregional water quality agency"}, true},
		{m{"query": "Agency Water Quality, Interregional"}, true},
		{m{"query": "Commission of the Streams"}, true},
		{m{"query": "IWQA"}, true},
		{m{"query": "IWQ"}, false},
		{m{"query": "IWQ", "properties": property("website", "http://water.example/en")}, true},
		{m{"query": "Interregional Watr Quality Agency"}, false},
		{m{"query": "Interregional Watr Quality Agency", "properties": property("website", "water.example/en")}, true},
		{m{"query": "Interregional Watr Quality Agency", "properties": append(property("website", "water.example/en"), property("classification", "University")...)}, false},
		{m{"query": "Interregional Water Quality Agency", "properties": property("ROR", "https://ror.org/05xpvk416")}, true},
		{m{"query": "Interregional Water Quality Agency", "properties": property("ROR", "https://ror.org/012345678")}, false},
		{m{"query": "Interregional Water Quality Agency", "properties": property("from", 2018)}, true},
		{m{"query": "Interregional Water Quality Agency", "properties": property("from", "1999-01-01T00:00:00Z")}, false},
		{m{"query": "https://ror.org/05XPVK416/"}, true},
		{m{"query": "https://www.wikidata.org/wiki/Q12345"}, true},
		{m{"query": "http://www.wikidata.org/entity/Q12345"}, true},
		{m{"query": "wikidata:q12345"}, true},
		{m{"properties": property("identifier", "ROR:05xpvk416")}, true},
		{m{"properties": property("identifier", "Q12345")}, true},
		{m{"query": "", "properties": property("names", "Interregional Water Quality Agency")}, true},
	}
	for _, tt := range tests {
		list := c.one(tt.query)
		if matched := len(list) > 0 && list[0].Match; matched != tt.match {
			t.Errorf("%v: match %t, %+v", tt.query, matched, list)
		}
	}
}

// TestFormerIDsResolve protects ids that clients have kept from before a merge.
func TestFormerIDsResolve(t *testing.T) {
	id, former := ontology.NodeID(ontology.Organisation, "test", "kept"), ontology.NodeID(ontology.Organisation, "test", "merged")
	claim := body("kept", ontology.Name{Value: "Water <b>Board</b>", Language: "en", Type: ontology.OfficialName})
	claim.Props = ontology.Values{"website": "https://board.example/?a=1&b=\"2\"", "from": "2018-04-16", "to": "2020"}
	s := holding(t, func(n store.Node) store.Node {
		n.Props["formerIds"] = []string{string(former)}
		return n
	}, claim)
	c := serve(t, reconcile.Settings{Store: s})
	row := c.extend(m{"ids": []string{string(former)}, "properties": []m{{"id": "name"}, {"id": "from"}, {"id": "to"}}}).Rows[string(former)]
	if len(row["name"]) != 1 || row["from"][0]["date"] != "2018-04-16T00:00:00Z" || row["to"][0]["str"] != "2020" {
		t.Errorf("extend: %v", row)
	}
	if best := first(t, c.one(m{"query": string(former)})); best.ID != string(id) || !best.Match {
		t.Errorf("query: %+v", best)
	}
	page := c.get(reconcile.Path+"/preview", url.Values{"id": {string(former)}})
	if page.status != http.StatusOK || strings.Contains(string(page.body), "<b>") || !strings.Contains(string(page.body), "Water &lt;b&gt;Board") {
		t.Errorf("preview: %d %s", page.status, page.body)
	}
	flyout := c.get(reconcile.Path+"/flyout/entity", url.Values{"id": {string(former)}})
	if strings.Contains(string(flyout.body), "<b>Board") || !strings.Contains(string(flyout.body), "&lt;b") && !strings.Contains(string(flyout.body), `\u0026lt;b`) {
		t.Errorf("flyout: %s", flyout.body)
	}
}
