package graph_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2/ast"

	"coopgraph/access"
	"coopgraph/graph/generated"
	"coopgraph/ontology"
	"coopgraph/store"
)

// named is a list of one name.
func named(name string) []any { return []any{map[string]any{"value": name, "type": "OFFICIAL"}} }

// field is the field of a kind in its payload.
func (p payload) thing(kind store.Kind) json.RawMessage {
	return map[store.Kind]json.RawMessage{
		ontology.Organisation: p.Organisation, ontology.Person: p.Person, ontology.Post: p.Post, ontology.Project: p.Project,
		ontology.Theme: p.Theme, ontology.Instrument: p.Instrument, ontology.Event: p.Event, ontology.Place: p.Place,
	}[kind]
}

// sample is a value for a field of an input, and another.
func sample(t *testing.T, schema *ast.Schema, name string, of *ast.Type) (one, other any) {
	t.Helper()
	if of.Elem != nil {
		one, other = sample(t, schema, name, of.Elem)
		return []any{one}, []any{other, one}
	}
	def := schema.Types[of.NamedType]
	if def.Kind == ast.Enum {
		return def.EnumValues[0].Name, def.EnumValues[1].Name
	}
	byName := map[string][2]any{
		"website": {"https://one.example/", "http://other.example/x?y=1"}, "mailbox": {"desk@one.example", "desk@other.example"},
		"to": {"2025-05", "2025-06-07"}, "latitude": {50.5, -12.25}, "longitude": {4.25, 170.0},
	}
	if v, ok := byName[name]; ok {
		return v[0], v[1]
	}
	byType := map[string][2]any{
		"String": {"one", "other"}, "Int": {2.0, 3.0}, "Boolean": {true, false}, "PartialDate": {"2024-05", "2024-06-07"}, "LanguageTag": {"nl", "de"},
		"NameInput": {
			map[string]any{"value": "One", "type": "OFFICIAL", "language": "nl"}, map[string]any{"value": "Other", "type": "SHORT", "language": nil},
		},
		"DescriptionInput": {map[string]any{"value": "one text", "language": "en"}, map[string]any{"value": "other text", "language": "fr"}},
		"IdentifierInput":  {map[string]any{"scheme": "ONE", "value": "1"}, map[string]any{"scheme": "OTHER", "value": "2"}},
	}
	v, ok := byType[def.Name]
	if !ok {
		t.Fatalf("%s: no values of %s", name, def.Name)
	}
	return v[0], v[1]
}

// shownAs is how a thing shows the fields of its input.
func shownAs(name string) string {
	switch name {
	case "descriptions":
		return `description(language: FR)`
	case "names":
		return "names { value type language }"
	case "identifiers":
		return "identifiers { scheme value }"
	case "planned": // shows in statuses only
		return ""
	}
	return name
}

// Every field of every kind can be set when a thing is created, changed, left
// as it is by being absent, and removed by null.
func testEveryFieldOfEveryKindCanBeWritten(t *testing.T, s store.Store) {
	d := openDesk(t, s)
	c := d.as(t, access.Editor)
	schema := generated.NewExecutableSchema(generated.Config{}).Schema()
	for _, kind := range ontology.Kinds() {
		t.Run(string(kind), func(t *testing.T) {
			c := client{t, c.url, c.token}
			field := strings.ToLower(string(kind))
			input := schema.Types["Create"+string(kind)+"Input"]
			whole := map[string]any{"idempotencyKey": field}
			selection := field + " { id version "
			for _, f := range input.Fields {
				if f.Name == "idempotencyKey" || f.Name == "source" {
					continue
				}
				whole[f.Name], _ = sample(t, schema, f.Name, f.Type)
				selection += shownAs(f.Name) + " "
			}
			selection += "}"
			if len(whole) < 5 {
				t.Fatalf("the input has %d fields", len(whole))
			}
			for _, p := range ontology.Properties(kind) {
				if _, ok := whole[p.Name]; !ok && p.Name != "contactable" {
					t.Errorf("%s cannot be written", p.Name)
				}
			}
			created := c.mutate("create"+string(kind), selection, whole)
			if created.code(t) != "" {
				t.Fatalf("%+v", created.UserErrors)
			}
			before := part[map[string]any](t, created.thing(kind))
			id, version := before["id"], before["version"].(float64)
			for _, f := range input.Fields {
				if f.Name == "idempotencyKey" || f.Name == "source" {
					continue
				}
				one, other := sample(t, schema, f.Name, f.Type)
				shown(t, f.Name, before[shownName(f.Name)], one)
				for i, value := range []any{other, nil, one} {
					change := map[string]any{"idempotencyKey": fmt.Sprint(field, f.Name, i), "id": id, "version": version, f.Name: value}
					got := c.mutate("update"+string(kind), selection, change)
					if f.Name == "names" && value == nil {
						if got.code(t) != "BAD_USER_INPUT" {
							t.Errorf("a %s without a name: %+v", kind, got.UserErrors)
						}
						continue
					}
					if got.code(t) != "" {
						t.Errorf("%s to %v: %+v", f.Name, value, got.UserErrors)
						continue
					}
					after := part[map[string]any](t, got.thing(kind))
					shown(t, f.Name, after[shownName(f.Name)], value)
					if version++; after["version"] != version {
						t.Errorf("%s: version %v, want %v", f.Name, after["version"], version)
					}
					rest := maps.Clone(after)
					for _, changed := range []string{"version", shownName(f.Name)} {
						if v, ok := before[changed]; ok {
							rest[changed] = v
						}
					}
					if diff := cmp.Diff(before, rest); diff != "" {
						t.Errorf("changing %s to %v changes more:\n%s", f.Name, value, diff)
					}
				}
				before["version"] = version
			}
		})
	}
}

func shownName(input string) string {
	if input == "descriptions" {
		return "description"
	}
	return input
}

// shown compares what a thing shows with what was written; a list shows no
// order, and of nothing an empty list or null.
func shown(t *testing.T, name string, got, want any) {
	t.Helper()
	if name == "descriptions" {
		text := any(nil)
		if list, ok := want.([]any); ok {
			text = list[0].(map[string]any)["value"]
		}
		if got != text {
			t.Errorf("%s: %v, want %v", name, got, text)
		}
		return
	}
	if list, ok := got.([]any); ok && len(list) == 0 {
		got = nil
	}
	// Plans show in statuses; an instrument always has a state, an event a day
	// where it begins.
	if name == "planned" || want == nil && (got == "UNKNOWN" || name == "date" || got == false) {
		return
	}
	order := func(v any) []string {
		list, ok := v.([]any)
		if !ok {
			return []string{fmt.Sprint(v)}
		}
		out := make([]string, 0, len(list))
		for _, x := range list {
			out = append(out, fmt.Sprint(x))
		}
		slices.Sort(out)
		return out
	}
	if diff := cmp.Diff(order(want), order(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

// That something is only planned shows in its status and its history.
func testPlansAreWritten(t *testing.T, s store.Store) {
	d := openDesk(t, s)
	c := d.as(t, access.Editor)
	type project struct {
		ID, Status string
		Version    int
	}
	const shown = "project { id version status }"
	first := part[project](t, c.mutate("createProject", shown, map[string]any{"idempotencyKey": "a", "names": named("P"), "planned": true}).Project)
	second := part[project](t, c.mutate("updateProject", shown, map[string]any{"idempotencyKey": "b", "id": first.ID, "version": 1, "planned": nil}).Project)
	if first.Status != "PLANNED" || second.Status == "PLANNED" || second.Version != 2 {
		t.Errorf("%+v, then %+v", first, second)
	}
}

// The same key gives the first outcome again, whatever became of it since; for
// something else it is refused.
func testRequestsAreMadeOnce(t *testing.T, s store.Store) {
	d := openDesk(t, s)
	c := d.as(t, access.Editor)
	input := map[string]any{"idempotencyKey": "a", "names": named("Board")}
	first := part[struct {
		ID      string
		Version int
	}](t, c.mutate("createOrganisation", "organisation { id version }", input).Organisation)
	for range 2 {
		again := c.mutate("createOrganisation", "organisation { id version }", input)
		if got := part[struct{ ID string }](t, again.Organisation); got.ID != first.ID || again.code(t) != "" {
			t.Errorf("asked again: %+v", again)
		}
	}
	if n := counts(t, d.store)["Organisation"]; n != 1 {
		t.Errorf("%d organisations", n)
	}
	if got := c.mutate("createOrganisation", "organisation { id }", map[string]any{"idempotencyKey": "a", "names": named("Other")}); got.code(t) != "KEY_REUSED" {
		t.Errorf("another thing under the key: %+v", got)
	}
	if got := c.mutate("createPerson", "person { id }", input); got.code(t) != "KEY_REUSED" {
		t.Errorf("another mutation under the key: %+v", got)
	}
	for _, key := range []string{"", strings.Repeat("k", 201)} {
		if got := c.mutate("createPerson", "person { id }", map[string]any{"idempotencyKey": key, "names": named("X")}); got.code(t) != "BAD_USER_INPUT" {
			t.Errorf("a key of %d characters: %+v", len(key), got)
		}
	}
	update := map[string]any{"idempotencyKey": "b", "id": first.ID, "version": 1, "website": "https://board.example"}
	remove := map[string]any{"idempotencyKey": "c", "id": first.ID, "version": 2}
	for range 2 {
		if got := c.mutate("updateOrganisation", "organisation { id }", update); got.code(t) != "" {
			t.Errorf("update: %+v", got.UserErrors)
		}
		if got := c.mutate("deleteNode", "deletedId", remove); got.code(t) != "" || got.DeletedID != first.ID {
			t.Errorf("delete: %+v", got)
		}
	}
}

func testChangesNeedTheVersionTheyAreBasedOn(t *testing.T, s store.Store) {
	d := openDesk(t, s)
	c := d.as(t, access.Editor)
	id := c.create("createOrganisation", "Board")
	for name, version := range map[string]int{"older": 0, "later": 7, "negative": -1} {
		update := c.mutate("updateOrganisation", "organisation { id }", map[string]any{"idempotencyKey": "u" + name, "id": id, "version": version, "website": nil})
		remove := c.mutate("deleteNode", "deletedId", map[string]any{"idempotencyKey": "d" + name, "id": id, "version": version})
		for _, got := range []payload{update, remove} {
			if got.code(t) != "CONFLICT" || !strings.Contains(got.UserErrors[0].Message, "the version is 1") || !slices.Equal(got.UserErrors[0].Field, []string{"input", "version"}) {
				t.Errorf("%s: %+v", name, got.UserErrors)
			}
		}
	}
}

// create makes a thing with a name and gives its id.
func (c client) create(mutation, name string) string {
	c.t.Helper()
	field := strings.ToLower(strings.TrimPrefix(mutation, "create"))
	var data map[string]map[string]json.RawMessage
	c.ask("mutation($input: "+inputOf(mutation)+"!) { "+mutation+"(input: $input) { "+field+" { id } userErrors { message code } } }",
		map[string]any{"input": map[string]any{"idempotencyKey": mutation + name, "names": named(name)}}, &data)
	return part[struct{ ID string }](c.t, data[mutation][field]).ID
}

// What cannot be is refused, either as an error of the request or of the user,
// never as INTERNAL; nothing of it is written.
func testBadInputIsRefused(t *testing.T, s store.Store) {
	d := openDesk(t, s)
	c := d.as(t, access.Editor)
	board := c.create("createOrganisation", "Board")
	ada := c.create("createPerson", "Ada")
	before := counts(t, d.store)
	many := make([]any, 101)
	for i := range many {
		many[i] = named(fmt.Sprint("Name ", i))[0]
	}
	number := 0
	for _, test := range []struct {
		name, mutation string
		input          map[string]any
		want           string
	}{
		{"no name", "createPerson", map[string]any{"names": []any{}}, "BAD_USER_INPUT"},
		{"an empty name", "createPerson", map[string]any{"names": named(" ")}, "BAD_USER_INPUT"},
		{"101 names", "createPerson", map[string]any{"names": many}, "BAD_USER_INPUT"},
		{"a name of 10 KB", "createPerson", map[string]any{"names": named(strings.Repeat("long ", 2_000))}, "BAD_USER_INPUT"},
		{"NUL in a name", "createPerson", map[string]any{"names": named("A\x00da")}, "BAD_USER_INPUT"},
		{"a bell in a name", "createPerson", map[string]any{"names": named("A\ada")}, "BAD_USER_INPUT"},
		{"NUL in a property", "createTheme", map[string]any{"names": named("T"), "scheme": "a\x00"}, "BAD_USER_INPUT"},
		{"a bell in a quote", "createTheme", map[string]any{"names": named("T"), "source": map[string]any{"title": "x", "quote": "\a"}}, "BAD_USER_INPUT"},
		{"a type of name", "createPerson", map[string]any{"names": []any{map[string]any{"value": "Ada", "type": "NICK"}}}, "BAD_USER_INPUT"},
		{"a language", "createPerson", map[string]any{"names": named("Ada"), "languages": []any{"klingonish"}}, "BAD_USER_INPUT"},
		{"a date", "createProject", map[string]any{"names": named("P"), "from": "2024-02-30"}, "BAD_USER_INPUT"},
		{"year 0", "createProject", map[string]any{"names": named("P"), "from": "0000-00-00"}, "BAD_USER_INPUT"},
		{"a date of another form", "createProject", map[string]any{"names": named("P"), "from": "31/02"}, "BAD_USER_INPUT"},
		{"an end before its start", "createProject", map[string]any{"names": named("P"), "from": "2024", "to": "2023"}, "BAD_USER_INPUT"},
		{"a classification", "createOrganisation", map[string]any{"names": named("B"), "classification": "CLUB"}, "BAD_USER_INPUT"},
		{"a number of seats", "createPost", map[string]any{"names": named("P"), "seats": 9007199254740993}, "BAD_USER_INPUT"},
		{"a latitude", "createPlace", map[string]any{"names": named("P"), "latitude": 91}, "BAD_USER_INPUT"},
		{"a script as a page", "createPerson", map[string]any{"names": named("Ada"), "website": "javascript:alert(1)"}, "BAD_USER_INPUT"},
		{"a file as a page", "createPerson", map[string]any{"names": named("Ada"), "website": "file:///etc/passwd"}, "BAD_USER_INPUT"},
		{"a page of 5,000 characters", "createPerson", map[string]any{"names": named("Ada"), "website": "https://x.example/" + strings.Repeat("a", 5_000)}, "BAD_USER_INPUT"},
		{"a script as a source", "createPerson", map[string]any{"names": named("Ada"), "source": map[string]any{"title": "x", "url": "javascript:alert(1)"}}, "BAD_USER_INPUT"},
		{"a source without a title", "createPerson", map[string]any{"names": named("Ada"), "source": map[string]any{"title": " "}}, "BAD_USER_INPUT"},
		{"a person's mailbox", "createOrganisation", map[string]any{"names": named("B"), "mailbox": "no address"}, "BAD_USER_INPUT"},
		{"no scheme", "createOrganisation", map[string]any{"names": named("B"), "identifiers": []any{map[string]any{"scheme": "", "value": "1"}}}, "BAD_USER_INPUT"},
		{"nothing to update", "updateOrganisation", map[string]any{"id": "n_aaaaaaaaaaaaaaaaaaaaaaaaaa", "version": 1}, "NOT_FOUND"},
		{"another kind", "updatePerson", map[string]any{"id": board, "version": 1}, "NOT_FOUND"},
		{"nothing to delete", "deleteNode", map[string]any{"id": "n_aaaaaaaaaaaaaaaaaaaaaaaaaa", "version": 1}, "NOT_FOUND"},
		{"a path for an id", "deleteNode", map[string]any{"id": "../../etc", "version": 1}, "NOT_FOUND"},
		{"no fact to delete", "deleteFact", map[string]any{"id": "f_aaaaaaaaaaaaaaaaaaaaaaaaaa"}, "NOT_FOUND"},
		{"no fact to change", "updateFact", map[string]any{"id": "f_aaaaaaaaaaaaaaaaaaaaaaaaaa"}, "NOT_FOUND"},
		{"nothing to confirm", "confirm", map[string]any{"id": "n_aaaaaaaaaaaaaaaaaaaaaaaaaa"}, "NOT_FOUND"},
		{"no fact to confirm", "confirm", map[string]any{"id": "f_aaaaaaaaaaaaaaaaaaaaaaaaaa"}, "NOT_FOUND"},
		{"no end", "recordFact", map[string]any{"relation": "MEMBER_OF", "subject": ada, "object": "n_aaaaaaaaaaaaaaaaaaaaaaaaaa"}, "NOT_FOUND"},
		{"an end of another kind", "recordFact", map[string]any{"relation": "HOLDS", "subject": ada, "object": board}, "BAD_USER_INPUT"},
		{"the ends exchanged", "recordFact", map[string]any{"relation": "MEMBER_OF", "subject": board, "object": ada}, "BAD_USER_INPUT"},
		{"a thing to itself", "recordFact", map[string]any{"relation": "MEMBER_OF", "subject": board, "object": board}, "BAD_USER_INPUT"},
		{"a relation", "recordFact", map[string]any{"relation": "KNOWS", "subject": ada, "object": board}, "BAD_USER_INPUT"},
		{"a basis that is none", "recordFact", map[string]any{"relation": "MEMBER_OF", "subject": ada, "object": board, "basis": ada}, "BAD_USER_INPUT"},
		{"a fact's date", "recordFact", map[string]any{"relation": "MEMBER_OF", "subject": ada, "object": board, "from": "12/11/10"}, "BAD_USER_INPUT"},
		{"a fact that ends before", "recordFact", map[string]any{"relation": "MEMBER_OF", "subject": ada, "object": board, "from": "2024", "to": "2023"}, "BAD_USER_INPUT"},
		{"one with itself", "merge", map[string]any{"keep": board, "merge": board}, "BAD_USER_INPUT"},
		{"two kinds", "merge", map[string]any{"keep": board, "merge": ada}, "BAD_USER_INPUT"},
		{"two kinds, dry", "merge", map[string]any{"keep": board, "merge": ada, "dryRun": true}, "BAD_USER_INPUT"},
		{"nothing to merge", "merge", map[string]any{"keep": board, "merge": "n_aaaaaaaaaaaaaaaaaaaaaaaaaa"}, "NOT_FOUND"},
		{"one is not itself", "notTheSame", map[string]any{"a": board, "b": board}, "BAD_USER_INPUT"},
		{"no run", "undoImport", map[string]any{"run": "r_aaaaaaaaaaaaaaaaaaaaaaaaaa"}, "NOT_FOUND"},
		{"a thing for a run", "undoImport", map[string]any{"run": board}, "NOT_FOUND"},
		{"a mapping by its path", "importList", map[string]any{"mapping": "../../etc/passwd", "text": "x"}, "BAD_USER_INPUT"},
		{"a mapping by its absolute path", "importList", map[string]any{"mapping": "/etc/passwd", "text": "x"}, "BAD_USER_INPUT"},
		{"a mapping that is a file here", "importList", map[string]any{"mapping": "../loader/mapping/mappings/organisation.yaml", "text": "x"}, "BAD_USER_INPUT"},
		{"a mapping with its ending", "importList", map[string]any{"mapping": "organisation.yaml", "text": "x"}, "BAD_USER_INPUT"},
		{"no list", "importList", map[string]any{"mapping": "organisation"}, "BAD_USER_INPUT"},
		{"a file that is text", "importList", map[string]any{"mapping": "organisation", "file": "x"}, "BAD_USER_INPUT"},
		{"a list without its columns", "importList", map[string]any{"mapping": "be-dictionary", "text": "colour\nred\n"}, "BAD_FILE"},
		{"an empty list", "importList", map[string]any{"mapping": "organisation", "text": ""}, "BAD_FILE"},
	} {
		number++
		test.input["idempotencyKey"] = fmt.Sprint("bad ", number)
		got := c.reply("mutation($input: "+inputOf(test.mutation)+"!) { "+test.mutation+"(input: $input) { userErrors { field message code } } }", map[string]any{"input": test.input})
		var data map[string]payload
		if len(got.Errors) == 0 {
			data = part[map[string]payload](t, got.Data)
		}
		code := got.codes()
		if p := data[test.mutation]; code == "" {
			code = p.code(t)
			if code == "BAD_USER_INPUT" && p.UserErrors[0].Message == "" {
				t.Errorf("%s: no message", test.name)
			}
		}
		if code != test.want {
			t.Errorf("%s: %q, want %s: %d %s", test.name, code, test.want, got.status, got.body)
		}
		if strings.Contains(string(got.body), "root:") {
			t.Errorf("%s: the answer shows a file of the server", test.name)
		}
	}
	after := counts(t, d.store)
	delete(before, "ImportRun") // a list that cannot be read leaves its run
	delete(after, "ImportRun")
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("bad input was written:\n%s", diff)
	}
}

// The field to blame is named.
func testUserErrorsNameTheirField(t *testing.T, s store.Store) {
	d := openDesk(t, s)
	c := d.as(t, access.Editor)
	taken := []any{map[string]any{"scheme": "ROR", "value": "02mhbdp94"}}
	if got := c.mutate("createOrganisation", "organisation { id }", map[string]any{"idempotencyKey": "a", "names": named("Board"), "identifiers": taken}); got.code(t) != "" {
		t.Fatalf("%+v", got.UserErrors)
	}
	other := c.create("createOrganisation", "Other")
	for _, test := range []struct {
		mutation string
		input    map[string]any
		code     string
		field    string
	}{
		{"createOrganisation", map[string]any{"names": named("Second"), "identifiers": taken}, "IDENTIFIER_TAKEN", "identifiers"},
		{"updateOrganisation", map[string]any{"id": other, "version": 1, "identifiers": taken}, "IDENTIFIER_TAKEN", "identifiers"},
		{"createOrganisation", map[string]any{"names": named("Second"), "website": "ftp://x.example"}, "BAD_USER_INPUT", "website"},
		{"createOrganisation", map[string]any{"names": named(""), "website": "https://x.example"}, "BAD_USER_INPUT", "names"},
		{"createOrganisation", map[string]any{"names": named("Second"), "source": map[string]any{"title": ""}}, "BAD_USER_INPUT", "source"},
		{"importList", map[string]any{"mapping": "nothing", "text": "x"}, "BAD_USER_INPUT", "mapping"},
		{"importList", map[string]any{"mapping": "be-dictionary", "text": "colour\nred\n"}, "BAD_FILE", "text"},
		{"undoImport", map[string]any{"run": other}, "NOT_FOUND", "run"},
	} {
		test.input["idempotencyKey"] = fmt.Sprint(test.mutation, test.field)
		got := c.mutate(test.mutation, "", test.input)
		if got.code(t) != test.code || !slices.Equal(got.UserErrors[0].Field, []string{"input", test.field}) {
			t.Errorf("%s: %+v, want %s of %s", test.mutation, got.UserErrors, test.code, test.field)
		}
	}
}

// SAFETY.md, row 70: what only looks odd is kept as it is.
func testOddNamesAreKept(t *testing.T, s store.Store) {
	d := openDesk(t, s)
	c := d.as(t, access.Editor)
	for i, name := range []string{"A\u202eB", "zero\u200bwidth", "🚀🚀", "<script>alert(1)</script>", "=HYPERLINK(1)", "É", "مجلس"} {
		p := c.mutate("createTheme", "theme { names { value } }", map[string]any{"idempotencyKey": fmt.Sprint(i), "names": named(name)})
		got := part[struct{ Names []struct{ Value string } }](t, p.Theme)
		if len(got.Names) != 1 || got.Names[0].Value != name {
			t.Errorf("%q is kept as %q", name, got.Names)
		}
	}
	status, body := c.send(`mutation { createTheme(input: {idempotencyKey: "s", names: [{value: "\ud800", type: OFFICIAL}]}) { userErrors { code } } }`, "", nil)
	if !strings.Contains(string(body), "BAD_USER_INPUT") {
		t.Errorf("half a surrogate pair: %d %s", status, body)
	}
}

// Facts are recorded, changed, and taken away; the ids of changed ones still
// resolve.
func testFactsAreChanged(t *testing.T, s store.Store) {
	d := openDesk(t, s)
	c := d.as(t, access.Editor)
	ada, board := c.create("createPerson", "Ada"), c.create("createOrganisation", "Board")
	treaty := c.create("createInstrument", "Treaty")
	type stated struct {
		ID, Role, From, To, AttestedOn, Status string
		Version                                int
		Basis                                  *struct{ ID string }
	}
	const shown = "fact { id version role from to attestedOn status basis { id } }"
	got := c.mutate("recordFact", shown, map[string]any{
		"idempotencyKey": "1", "relation": "MEMBER_OF", "subject": ada, "object": board, "role": "adviser", "from": "2020", "basis": treaty,
	})
	if got.code(t) != "" {
		t.Fatalf("%+v", got.UserErrors)
	}
	first := part[stated](t, got.Fact)
	got = c.mutate("updateFact", shown, map[string]any{"idempotencyKey": "2", "id": first.ID, "version": first.Version, "to": "2024", "basis": nil})
	second := part[stated](t, got.Fact)
	if got.code(t) != "" || second.Role != "adviser" || second.From != "2020" || second.To != "2024" || second.Status != "ENDED" || second.Basis != nil {
		t.Errorf("changed: %+v %+v", got.UserErrors, second)
	}
	var data struct{ Node *stated }
	c.ask(`query($id: ID!) { node(id: $id) { ... on Fact { id role } } }`, map[string]any{"id": first.ID}, &data)
	if data.Node == nil || data.Node.ID != second.ID {
		t.Errorf("the former id gives %+v, want %s", data.Node, second.ID)
	}
	if got := c.mutate("updateFact", shown, map[string]any{"idempotencyKey": "3", "id": second.ID, "version": 99, "role": "chair"}); got.code(t) != "CONFLICT" {
		t.Errorf("another version: %+v", got.UserErrors)
	}
	if got := c.mutate("deleteFact", "deletedId", map[string]any{"idempotencyKey": "4", "id": second.ID}); got.code(t) != "" || got.DeletedID != second.ID {
		t.Errorf("delete: %+v", got)
	}
	data.Node = nil
	c.ask(`query($id: ID!) { node(id: $id) { ... on Fact { id } } }`, map[string]any{"id": second.ID}, &data)
	if data.Node != nil {
		t.Errorf("a deleted fact is shown: %+v", data.Node)
	}
	if got := c.mutate("deleteNode", "deletedId", map[string]any{"idempotencyKey": "5", "id": board, "version": 1}); got.code(t) != "" {
		t.Fatalf("%+v", got.UserErrors)
	}
	if got := c.mutate("recordFact", shown, map[string]any{"idempotencyKey": "6", "relation": "MEMBER_OF", "subject": ada, "object": board}); got.code(t) != "NOT_FOUND" {
		t.Errorf("a fact with a deleted thing: %+v", got.UserErrors)
	}
}

// After a merge the id of the one that went, and those of its facts, resolve to
// what stayed; a dry run writes nothing.
func testMergedIDsResolve(t *testing.T, s store.Store) {
	d := openDesk(t, s)
	c := d.as(t, access.Editor)
	keep, gone, ada := c.create("createOrganisation", "Delta Board"), c.create("createOrganisation", "Board of the Delta"), c.create("createPerson", "Ada")
	fact := part[struct{ ID string }](t, c.mutate("recordFact", "fact { id }", map[string]any{
		"idempotencyKey": "f", "relation": "MEMBER_OF", "subject": ada, "object": gone, "from": "2020",
	}).Fact).ID
	merge := map[string]any{"idempotencyKey": "m", "keep": keep, "merge": gone, "dryRun": true}
	dry := c.mutate("merge", "node { id } mergedId dryRun", merge)
	if dry.code(t) != "" || !dry.DryRun || dry.MergedID != gone {
		t.Errorf("dry run: %+v", dry)
	}
	var data struct {
		Node *struct {
			Typename string `json:"__typename"`
			ID       string
			Names    []struct{ Value string }
			Object   *struct{ ID string }
		}
	}
	node := func(id string) {
		t.Helper()
		data.Node = nil
		c.ask(`query($id: ID!) { node(id: $id) { __typename id ... on Thing { names { value } } ... on Fact { object { id } } } }`, map[string]any{"id": id}, &data)
	}
	if node(gone); data.Node == nil || data.Node.ID != gone {
		t.Errorf("after a dry run: %+v", data.Node)
	}
	delete(merge, "dryRun")
	if done := c.mutate("merge", "node { id } mergedId dryRun", merge); done.code(t) != "" || done.DryRun {
		t.Errorf("merge: %+v", done)
	}
	if node(gone); data.Node == nil || data.Node.ID != keep || len(data.Node.Names) != 2 {
		t.Errorf("the merged id gives %+v", data.Node)
	}
	if node(fact); data.Node == nil || data.Node.Object == nil || data.Node.Object.ID != keep {
		t.Errorf("the id of a fact of the merged one gives %+v", data.Node)
	}
	if got := c.mutate("updateOrganisation", "organisation { id }", map[string]any{"idempotencyKey": "u", "id": gone, "version": 2, "website": "https://delta.example"}); got.code(t) != "" {
		t.Errorf("updated by its former id: %+v", got.UserErrors)
	}
	if got := c.mutate("merge", "mergedId", map[string]any{"idempotencyKey": "n", "keep": keep, "merge": gone}); got.code(t) != "BAD_USER_INPUT" {
		t.Errorf("merged twice: %+v", got.UserErrors)
	}
}

// The history of a thing says who or what said what, when, before and after;
// strangers do not see who.
func testHistorySaysWhoSaidWhat(t *testing.T, s store.Store) {
	d := openDesk(t, s)
	c := d.as(t, access.Editor)
	imported := c.importFile(map[string]any{"idempotencyKey": "i", "mapping": "organisation"}, "boards.csv", "key,name_en,website\na,Board,https://one.example\n")
	id := imported.Run.Rows.Nodes[0].Node.ID
	d.pass(time.Hour)
	if got := c.mutate("updateOrganisation", "organisation { id }", map[string]any{"idempotencyKey": "u", "id": id, "version": 1, "website": "https://two.example"}); got.code(t) != "" {
		t.Fatalf("%+v", got.UserErrors)
	}
	d.pass(time.Hour)
	if got := c.mutate("updateOrganisation", "organisation { id }", map[string]any{"idempotencyKey": "v", "id": id, "version": 2, "website": nil}); got.code(t) != "" {
		t.Fatalf("%+v", got.UserErrors)
	}
	type step struct {
		At, By, Run string
		Source      struct{ Title string }
		Differences []struct{ Field, Before, After string }
	}
	var data struct{ Organisation struct{ History []step } }
	const query = `query($id: ID!, $first: Int) { organisation(id: $id) { history(first: $first) { at by run source { title } differences { field before after } } } }`
	c.ask(query, map[string]any{"id": id}, &data)
	h := data.Organisation.History
	if len(h) != 3 {
		t.Fatalf("%d steps: %+v", len(h), h)
	}
	if h[2].Run != imported.Run.ID || h[2].At != "2026-01-31T12:00:00Z" || h[2].Source.Title != "A table of organisations: boards" {
		t.Errorf("the import: %+v", h[2])
	}
	if h[1].By != "desk of editor" || h[1].Run != "" || h[1].At != "2026-01-31T13:00:00Z" || h[1].Source.Title != "Entered by hand" {
		t.Errorf("the edit: %+v", h[1])
	}
	if len(h[0].Differences) != 1 || h[0].Differences[0].Field != "website" || h[0].Differences[0].Before != "https://two.example" || h[0].Differences[0].After != "" {
		t.Errorf("the removal: %+v", h[0])
	}
	c.ask(query, map[string]any{"id": id, "first": 1}, &data)
	if n := len(data.Organisation.History); n != 1 {
		t.Errorf("the first step is %d", n)
	}
	data.Organisation.History = nil
	d.as(t, access.Anonymous).ask(query, map[string]any{"id": id}, &data)
	if len(data.Organisation.History) != 3 {
		t.Errorf("strangers see %d steps", len(data.Organisation.History))
	}
	for _, s := range data.Organisation.History {
		if s.By != "" {
			t.Errorf("a stranger sees who: %+v", s)
		}
	}
}

// What a mutation writes is read back as the payload asks, with one Expand.
func TestPayloadsArePlannedAhead(t *testing.T) {
	w := &watched{Store: newSQLite(t)}
	d := openDesk(t, w)
	c := d.as(t, access.Editor)
	ada, board, post := c.create("createPerson", "Ada"), c.create("createOrganisation", "Board"), c.create("createPost", "Chair")
	for i, fact := range [][3]string{{"MEMBER_OF", ada, board}, {"HOLDS", ada, post}, {"POST_IN", post, board}} {
		if got := c.mutate("recordFact", "", map[string]any{"idempotencyKey": fmt.Sprint("f", i), "relation": fact[0], "subject": fact[1], "object": fact[2]}); got.code(t) != "" {
			t.Fatalf("%+v", got.UserErrors)
		}
	}
	asked := func(selection string, key int) int64 {
		before := w.expands.Load()
		got := c.mutate("updatePerson", selection, map[string]any{"idempotencyKey": fmt.Sprint("u", key), "id": ada, "version": key, "givenName": fmt.Sprint("Ada", key)})
		if got.code(t) != "" {
			t.Fatalf("%+v", got.UserErrors)
		}
		if key == 2 && !strings.Contains(string(got.Person), board) {
			t.Errorf("the answer does not lead to the board: %s", got.Person)
		}
		return w.expands.Load() - before
	}
	if n := asked("person { id }", 1); n != 0 {
		t.Errorf("%d expands for a plain thing", n)
	}
	if n := asked("person { posts { nodes { name organisation { id members { nodes { name } } } } } memberOf { nodes { id } } facts { nodes { id } } }", 2); n != 1 {
		t.Errorf("%d expands for a deep payload, want 1", n)
	}
}

// A statement without dates is cited on the dated fact of the same ends: the
// answer shows that one.
func testStatementsWithoutDatesJoinDatedFacts(t *testing.T, s store.Store) {
	d := openDesk(t, s)
	c := d.as(t, access.Editor)
	ada, board := c.create("createPerson", "Ada"), c.create("createOrganisation", "Board")
	var ids []string
	for i, from := range []any{"2020", nil} {
		got := c.mutate("recordFact", "fact { id }", map[string]any{
			"idempotencyKey": fmt.Sprint(i), "relation": "MEMBER_OF", "subject": ada, "object": board, "from": from,
		})
		if got.code(t) != "" || string(got.Fact) == "null" {
			t.Fatalf("from %v: %+v %s", from, got.UserErrors, got.Fact)
		}
		ids = append(ids, part[struct{ ID string }](t, got.Fact).ID)
	}
	if ids[0] != ids[1] {
		t.Errorf("two facts: %v", ids)
	}
}

// A pair of which a thing was taken away is in nobody's queue.
func testPairsOfDeletedThingsDoNotWait(t *testing.T, s store.Store) {
	d := openDesk(t, s)
	c := d.as(t, access.Editor)
	var first string
	for i, person := range [][2]string{{"Ada Example", "Ada B. Example"}, {"Ben Sample", "Ben C. Sample"}} {
		id := c.create("createPerson", person[0])
		if i == 0 {
			first = id
		}
		c.mutate("importList", "", map[string]any{"idempotencyKey": fmt.Sprint(i), "mapping": "person", "text": fmt.Sprintf("key,name\n%d,%s\n", i, person[1])})
	}
	waiting := func() (pairs int) {
		var after any
		for {
			var data struct {
				Duplicates struct {
					Nodes    []struct{ A, B struct{ ID string } }
					PageInfo struct {
						HasNextPage bool
						EndCursor   string
					}
				}
			}
			c.ask(`query($after: String) { duplicates(first: 1, after: $after) { nodes { a { id } b { id } } pageInfo { hasNextPage endCursor } } }`, map[string]any{"after": after}, &data)
			pairs += len(data.Duplicates.Nodes)
			if !data.Duplicates.PageInfo.HasNextPage {
				return pairs
			}
			if after = data.Duplicates.PageInfo.EndCursor; after == "" {
				t.Fatal("there is more, but no cursor")
			}
		}
	}
	if n := waiting(); n != 2 {
		t.Fatalf("%d pairs wait, want 2", n)
	}
	if got := c.mutate("deleteNode", "", map[string]any{"idempotencyKey": "d", "id": first, "version": 1}); got.code(t) != "" {
		t.Fatalf("%+v", got.UserErrors)
	}
	if n := waiting(); n != 1 {
		t.Errorf("%d pairs wait, want 1", n)
	}
}
