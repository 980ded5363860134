package graph_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// seedTests are what the seed answers over HTTP, on every store.
var seedTests = []struct {
	name string
	run  func(*testing.T, client)
}{
	{"WrittenForms", testWrittenForms},
	{"MatchesAreMarked", testMatchesAreMarked},
	{"InventoryRelations", testInventoryRelations},
	{"InventoryFigure", testInventoryFigure},
	{"InventoryKinds", testInventoryKinds},
	{"ThemeScheme", testThemeScheme},
	{"DoubtsStayOpen", testDoubtsStayOpen},
	{"ContactQuestions", testContactQuestions},
	{"ContactLaws", testContactLaws},
	{"RootListsPage", testRootListsPage},
	{"ConnectionsPage", testConnectionsPage},
	{"RankedListsPage", testRankedListsPage},
	{"IDsAreRefetched", testIDsAreRefetched},
	{"ExplorerExamples", testExplorerExamples},
}

func TestSeedSQLite(t *testing.T) {
	testSeed(t, serve(t, seeded(t, newSQLite(t))))
}

func TestSeedNeo4j(t *testing.T) {
	s, _ := newNeo4j(t)
	testSeed(t, serve(t, seeded(t, s)))
}

func testSeed(t *testing.T, c client) {
	for _, test := range seedTests {
		t.Run(test.name, func(t *testing.T) { test.run(t, client{t: t, url: c.url}) })
	}
}

// inventory reads a file of the inventory of the source documents: a line for
// each row, by the names of its columns.
func inventory(t *testing.T, name string) []map[string]string {
	t.Helper()
	f, err := os.Open(filepath.Join("../seed/testdata/inventory", name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil || len(lines) < 2 {
		t.Fatalf("%s: %d lines, %v", name, len(lines), err)
	}
	rows := make([]map[string]string, 0, len(lines)-1)
	for _, line := range lines[1:] {
		row := map[string]string{}
		for i, column := range lines[0] {
			row[column] = line[i]
		}
		rows = append(rows, row)
	}
	return rows
}

// seedThing is a thing of the seed as a list gives it.
type seedThing struct {
	Typename    string `json:"__typename"`
	ID          string
	Kind        string
	Name        string
	Names       []struct{ Value, Language, Type string }
	Identifiers []struct{ Scheme, Value string }
}

// rootLists are the fields of the query that list all things of a kind.
var rootLists = []string{"organisations", "people", "posts", "projects", "themes", "instruments", "events", "places"}

// seedThings lists every thing, kind by kind in the order of names.
func seedThings(c client) []seedThing {
	c.t.Helper()
	var all []seedThing
	for _, list := range rootLists {
		query := `query ($after: String) { list: ` + list + `(language: EN, first: 100, after: $after) {
			nodes { __typename id kind name(language: EN) names { value language type } identifiers { scheme value } }
			pageInfo { hasNextPage endCursor }
		} }`
		var after any
		for more := true; more; {
			var data struct {
				List struct {
					Nodes    []seedThing
					PageInfo struct {
						HasNextPage bool
						EndCursor   string
					}
				}
			}
			c.ask(query, map[string]any{"after": after}, &data)
			all = append(all, data.List.Nodes...)
			after, more = data.List.PageInfo.EndCursor, data.List.PageInfo.HasNextPage
		}
	}
	return all
}

// byKey gives the things of the seed by their keys, and by the numbers of the
// inventory: a number stands for several things where its row names several.
func byKey(things []seedThing) map[string][]seedThing {
	index := map[string][]seedThing{}
	for _, t := range things {
		for _, i := range t.Identifiers {
			if i.Scheme == "COOPGRAPH" || i.Scheme == "INVENTORY" {
				index[i.Value] = append(index[i.Value], t)
			}
		}
	}
	return index
}

func hasIdentifier(t seedThing, scheme, value string) bool {
	return slices.ContainsFunc(t.Identifiers, func(i struct{ Scheme, Value string }) bool {
		return i.Scheme == scheme && i.Value == value
	})
}

// citation is where a fact is stated.
type citation struct {
	Source struct {
		Title, Language, Date string
	}
	Locator, Quote string
}

// fact is a fact as the API gives it.
type fact struct {
	ID, Relation, Role, From, To, AttestedOn, Status string

	Planned         bool
	Subject, Object struct{ ID, Name string }
	Basis           *struct{ ID string }
	Sources         []citation
}

// factFields selects a fact.
const factFields = `id relation role from to attestedOn status planned
	subject { id name(language: EN) } object { id name(language: EN) } basis { id }
	sources { source { title language date } locator quote }`

// factsOf gives the facts of a relation that a thing is subject or object of.
func factsOf(c client, id, relation string) []fact {
	c.t.Helper()
	var data struct {
		Node struct {
			Facts struct{ Nodes []fact }
		}
	}
	c.ask(`query ($id: ID!, $relation: Relation!) { node(id: $id) { ... on Thing {
		facts(relations: [$relation], first: 100) { nodes { `+factFields+` } }
	} } }`, map[string]any{"id": id, "relation": relation}, &data)
	return data.Node.Facts.Nodes
}

// titles lists things for a message.
func titles(things []seedThing) string {
	var out []string
	for _, t := range things {
		out = append(out, t.Typename+" "+t.Name)
	}
	return strings.Join(out, ", ")
}
