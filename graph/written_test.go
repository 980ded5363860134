package graph_test

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"coopgraph/access"
	"coopgraph/store"
)

// rivers is a list of organisations in the table of the built-in mapping. Its
// second row may be the institute that the scenario enters by hand.
const rivers = "key,name_en,website,classification,identifiers\n" +
	"a,Delta Water Board,https://delta.example,AGENCY,NATIONAL:12\n" +
	"b,Institute of River Studies,,,\n" +
	"c,Harbour Office,ftp://harbour.example,,\n"

// step is one shared operation of the scenario. Its variables may name what
// earlier steps answered: "$createPerson.person.id" is that place in the answer
// of the step of this name.
type step struct {
	name, operation string
	role            access.Role
	input           map[string]any
	// file, where it is given, is the content of an upload.
	file string
}

var scenario = []step{
	{name: "createPerson", operation: "CreatePerson", input: map[string]any{
		"idempotencyKey": "1", "names": []any{map[string]any{"value": "Ada Example", "type": "OFFICIAL"}}, "languages": []any{"nl", "fr"},
		"source": map[string]any{"title": "Staff list", "url": "https://staff.example/list", "date": "2026-01", "locator": "line 4"},
	}},
	{name: "dryRun", operation: "ImportList", role: access.Loader, input: map[string]any{"idempotencyKey": "2", "mapping": "organisation", "text": rivers, "dryRun": true}},
	{name: "importText", operation: "ImportList", role: access.Loader, input: map[string]any{"idempotencyKey": "3", "mapping": "organisation", "text": rivers}},
	{name: "importAgain", operation: "ImportList", input: map[string]any{"idempotencyKey": "4", "mapping": "organisation", "text": rivers}},
	{name: "importFile", operation: "ImportList", file: "key;name_nl\nd;Sluisbeheer\n", input: map[string]any{"idempotencyKey": "5", "mapping": "organisation"}},
	{name: "importPeople", operation: "ImportList", file: "key,name\nx,Ada B. Example\n", input: map[string]any{"idempotencyKey": "6", "mapping": "person"}},
	{name: "duplicates", operation: "Duplicates", role: access.Staff},
	{name: "undo", operation: "UndoImport", role: access.Loader, input: map[string]any{"idempotencyKey": "7", "run": "$importPeople.run.id"}},
	{name: "importRuns", operation: "ImportRuns", role: access.Loader},
	{name: "updateOrganisation", operation: "UpdateOrganisation", input: map[string]any{
		"idempotencyKey": "8", "id": "$importText.run.rows.nodes.0.node.id", "version": 1, "website": nil,
		"names": []any{map[string]any{"value": "Delta Board", "language": "en", "type": "OFFICIAL"}},
	}},
	{name: "stale", operation: "UpdateOrganisation", input: map[string]any{"idempotencyKey": "9", "id": "$importText.run.rows.nodes.0.node.id", "version": 1, "website": nil}},
	{name: "recordFact", operation: "RecordFact", input: map[string]any{
		"idempotencyKey": "10", "relation": "MEMBER_OF", "subject": "$createPerson.person.id", "object": "$importText.run.rows.nodes.0.node.id",
		"role": "adviser", "from": "2024-03", "attestedOn": "2026-01-15",
	}},
	{name: "confirmFact", operation: "Confirm", input: map[string]any{"idempotencyKey": "11", "id": "$recordFact.fact.id"}},
	{name: "confirmNode", operation: "Confirm", input: map[string]any{"idempotencyKey": "12", "id": "$createPerson.person.id"}},
	{name: "mergeDry", operation: "Merge", input: map[string]any{
		"idempotencyKey": "13", "keep": "$importText.run.rows.nodes.0.node.id", "merge": "$importText.run.rows.nodes.1.node.id", "dryRun": true,
	}},
	{name: "notTheSame", operation: "NotTheSame", input: map[string]any{
		"idempotencyKey": "14", "a": "$importText.run.rows.nodes.0.node.id", "b": "$importFile.run.rows.nodes.0.node.id",
	}},
	{name: "merge", operation: "Merge", input: map[string]any{
		"idempotencyKey": "15", "keep": "$importText.run.rows.nodes.0.node.id", "merge": "$importText.run.rows.nodes.1.node.id",
	}},
	{name: "noDuplicates", operation: "Duplicates", role: access.Staff},
	{name: "deleteNode", operation: "DeleteNode", input: map[string]any{"idempotencyKey": "16", "id": "$createPerson.person.id", "version": 2}},
}

func TestSharedMutationsSQLite(t *testing.T) { testSharedMutations(t, newSQLite(t), *update) }

func TestSharedMutationsNeo4j(t *testing.T) {
	s, _ := newNeo4j(t)
	testSharedMutations(t, s, false)
}

// writingTests are what mutations promise, on every store; each begins with an
// empty one.
var writingTests = []struct {
	name string
	run  func(*testing.T, store.Store)
}{
	{"EveryFieldOfEveryKindCanBeWritten", testEveryFieldOfEveryKindCanBeWritten},
	{"PlansAreWritten", testPlansAreWritten},
	{"RequestsAreMadeOnce", testRequestsAreMadeOnce},
	{"ChangesNeedTheVersionTheyAreBasedOn", testChangesNeedTheVersionTheyAreBasedOn},
	{"BadInputIsRefused", testBadInputIsRefused},
	{"UserErrorsNameTheirField", testUserErrorsNameTheirField},
	{"OddNamesAreKept", testOddNamesAreKept},
	{"FactsAreChanged", testFactsAreChanged},
	{"MergedIDsResolve", testMergedIDsResolve},
	{"HistorySaysWhoSaidWhat", testHistorySaysWhoSaidWhat},
	{"UploadsAreBounded", testUploadsAreBounded},
	{"RunsAndRowsPage", testRunsAndRowsPage},
	{"UndoSaysWhatItKeeps", testUndoSaysWhatItKeeps},
	{"RunsNeedAToken", testRunsNeedAToken},
	{"MutationsOfOneDocumentAreSerial", testMutationsOfOneDocumentAreSerial},
	{"ChangesTellWhatWasDone", testChangesTellWhatWasDone},
	{"StatementsWithoutDatesJoinDatedFacts", testStatementsWithoutDatesJoinDatedFacts},
	{"PairsOfDeletedThingsDoNotWait", testPairsOfDeletedThingsDoNotWait},
}

func TestWritingSQLite(t *testing.T) {
	for _, test := range writingTests {
		t.Run(test.name, func(t *testing.T) { test.run(t, newSQLite(t)) })
	}
}

func TestWritingNeo4j(t *testing.T) {
	for _, test := range writingTests {
		t.Run(test.name, func(t *testing.T) {
			s, _ := newNeo4j(t)
			test.run(t, s)
		})
	}
}

// testSharedMutations asks every shared operation that needs a token, one after
// another: both stores answer the same, byte for byte.
func testSharedMutations(t *testing.T, s store.Store, write bool) {
	d := openDesk(t, s)
	documents := []string{string(readFile(t, "testdata/operations/load.graphql")), string(readFile(t, "testdata/operations/curate.graphql"))}
	answers, asked := map[string]any{}, map[string]bool{}
	for _, step := range scenario {
		d.pass(time.Minute)
		status, body := ask(t, d, step, documents, answers)
		var answer map[string]any
		if err := json.Unmarshal(body, &answer); err != nil || status != http.StatusOK || answer["errors"] != nil {
			t.Fatalf("%s: %d %s", step.name, status, body)
		}
		for _, v := range answer["data"].(map[string]any) {
			answers[step.name] = v
		}
		asked[step.operation] = true
		path, got := filepath.Join("testdata/written", step.name+".json"), indented(t, answer["data"])
		if write {
			if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if diff := cmp.Diff(string(readFile(t, path)), got); diff != "" {
			t.Errorf("%s: the answer changed (-want +got); -update writes it:\n%s", step.name, diff)
		}
	}
	if n := strings.Count(strings.Join(documents, ""), "($"); len(asked) != n {
		t.Errorf("%d of %d operations are asked", len(asked), n)
	}
}

// ask sends a step of the scenario.
func ask(t *testing.T, d *desk, s step, documents []string, answers map[string]any) (int, []byte) {
	t.Helper()
	role := s.role
	if role == "" {
		role = access.Editor
	}
	c := d.as(t, role)
	input := map[string]any{}
	for name, v := range s.input {
		if place, ok := v.(string); ok && strings.HasPrefix(place, "$") {
			v = placeIn(t, answers, strings.Split(place[1:], "."))
		}
		input[name] = v
	}
	document := documents[slices.IndexFunc(documents, func(d string) bool { return strings.Contains(d, " "+s.operation+"(") })]
	switch {
	case s.file != "":
		return c.upload(input, s.name+".csv", []byte(s.file))
	case s.input == nil:
		return c.send(document, s.operation, map[string]any{})
	}
	return c.send(document, s.operation, map[string]any{"input": input})
}

// placeIn gives what stands at a place of an answer.
func placeIn(t *testing.T, v any, path []string) any {
	t.Helper()
	for _, name := range path {
		switch in := v.(type) {
		case map[string]any:
			v = in[name]
		case []any:
			if len(in) == 0 {
				t.Fatalf("%v: the list is empty", path)
			}
			v = in[int(name[0]-'0')]
		}
	}
	if v == nil {
		t.Fatalf("%v: no such answer", path)
	}
	return v
}

func indented(t *testing.T, v any) string {
	t.Helper()
	b, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return string(b) + "\n"
}
