package graph_test

import (
	"encoding/json"
	"net/http"
	"path/filepath"
	"slices"
	"testing"
)

// factIDs gives the ids of the facts around some of the things, in order.
func factIDs(c client, centres ...string) []string {
	c.t.Helper()
	var ids []string
	for _, id := range centres {
		var data struct {
			Network struct{ Facts []struct{ ID string } }
		}
		c.ask(`query ($id: ID!) { network(around: $id, depth: 3, limit: 500) { facts { id } } }`, map[string]any{"id": id}, &data)
		for _, f := range data.Network.Facts {
			ids = append(ids, f.ID)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// The ids of things and of their facts are fetched again, alone and among
// others, in the order asked; what is no id of anything is null.
func testIDsAreRefetched(t *testing.T, c client) {
	types := map[string]string{}
	var ids []string
	things := seedThings(c)
	for _, thing := range things {
		types[thing.ID] = thing.Typename
		ids = append(ids, thing.ID)
	}
	facts := factIDs(c, seedID("Organisation", "benelux-union"), seedID("Place", "netherlands-country"))
	if len(facts) < 300 {
		t.Errorf("only %d facts were met", len(facts))
	}
	for _, id := range facts {
		types[id] = "Fact"
		ids = append(ids, id)
	}
	type node struct {
		Typename string `json:"__typename"`
		ID       string
	}
	for some := range slices.Chunk(ids, 99) {
		asked := append([]string{"n_aaaaaaaaaaaaaaaaaaaaaaaaaa"}, some...)
		var data struct {
			Node  *node
			Nodes []*node
		}
		c.ask(`query ($id: ID!, $ids: [ID!]!) { node(id: $id) { __typename id } nodes(ids: $ids) { __typename id } }`, map[string]any{"id": some[0], "ids": asked}, &data)
		if data.Node == nil || data.Node.ID != some[0] || data.Node.Typename != types[some[0]] {
			t.Errorf("node(%s) is %+v, want a %s", some[0], data.Node, types[some[0]])
		}
		if len(data.Nodes) != len(asked) || data.Nodes[0] != nil {
			t.Fatalf("%d answers to %d ids, the first %+v", len(data.Nodes), len(asked), data.Nodes[0])
		}
		for i, id := range some {
			if n := data.Nodes[i+1]; n == nil || n.ID != id || n.Typename != types[id] {
				t.Errorf("nodes: %s is %+v, want a %s", id, n, types[id])
			}
		}
	}
}

// explorerExample is a tab that the explorer offers.
type explorerExample struct {
	Title, Document string
	Variables       map[string]any
}

func explorerExamples(t *testing.T) []explorerExample {
	t.Helper()
	var list []explorerExample
	if err := json.Unmarshal(readFile(t, "../web/explorer/examples/examples.json"), &list); err != nil || len(list) == 0 {
		t.Fatalf("%d examples, %v", len(list), err)
	}
	return list
}

func (e explorerExample) query(t *testing.T) string {
	t.Helper()
	return string(readFile(t, filepath.Join("../web/explorer/examples", e.Document+".graphql")))
}

// What the explorer offers is answered as it stands, with something in it.
func testExplorerExamples(t *testing.T, c client) {
	for _, e := range explorerExamples(t) {
		status, body := c.send(e.query(t), "", e.Variables)
		var answer struct {
			Data   map[string]json.RawMessage
			Errors []struct{ Message string }
		}
		if err := json.Unmarshal(body, &answer); err != nil || status != http.StatusOK || len(answer.Errors) > 0 {
			t.Errorf("%s: %d %.300s", e.Title, status, body)
			continue
		}
		for field, data := range answer.Data {
			if s := string(data); s == "null" || s == "[]" || s == "[null]" {
				t.Errorf("%s: %s is %s", e.Title, field, s)
			}
		}
	}
}
