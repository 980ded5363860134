package graph_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"coopgraph/graph/guard"
	"coopgraph/ontology"
	"coopgraph/store"
)

const (
	badInput  = guard.CodeBadUserInput
	tooCostly = guard.CodeComplexityLimit
)

// The rows of SAFETY.md that concern documents, on the served schema: each is
// refused before the store is asked, and the next request is answered.
func TestHostileDocumentsReachNoStore(t *testing.T) {
	s := &watched{Store: newSQLite(t)}
	c := serve(t, s)
	repeat := strings.Repeat
	deep := func(n int) string {
		return `{organisation(id:"x"){` + repeat("parts{nodes{", (n-2)/2) + "id" + repeat("}}", (n-2)/2) + "}}"
	}
	aliased := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, " a%d: __typename", i)
		}
		return "{" + b.String() + "}"
	}
	var doubling strings.Builder
	for i := range 40 {
		fmt.Fprintf(&doubling, " fragment F%d on Organisation { ...F%d ...F%d }", i, i+1, i+1)
	}
	page := `query($n:Int){partners(first:$n){nodes{id}}}`
	first := func(n string) map[string]any { return map[string]any{"n": json.Number(n)} }
	for _, row := range []struct {
		name, query string
		variables   map[string]any
		code        string
	}{
		{"12 NUL", `{search(text:"\u0000"){totalCount}}`, nil, badInput},
		{"12 NUL in a variable", `query($t:String!){search(text:$t){totalCount}}`, map[string]any{"t": "a\x00b"}, badInput},
		{"13 half a surrogate pair", `{search(text:"\ud800"){totalCount}}`, nil, badInput},
		{"13 half a surrogate pair in a variable", `query($t:String!){search(text:$t){totalCount}}`, map[string]any{"t": json.RawMessage(`"\ud800"`)}, badInput},
		{"14 2147483648", page, first("2147483648"), badInput},
		{"14 9007199254740993", page, first("9007199254740993"), badInput},
		{"15 9223372036854775808", page, first("9223372036854775808"), badInput},
		{"15 1e400", page, first("1e400"), badInput},
		{"15 true", page, map[string]any{"n": true}, badInput},
		{"15 literal", `{partners(first:1e400){totalCount}}`, nil, badInput},
		{"16 string", page, map[string]any{"n": "12"}, badInput},
		{"17 -1", page, first("-1"), badInput},
		{"17 0", page, first("0"), badInput},
		{"17 101", page, first("101"), badInput},
		{"17 101 below a thing", `{organisation(id:"x"){parts(first:101){totalCount}}}`, nil, badInput},
		{"17 101 contacts", `{contacts(first:101){totalCount}}`, nil, badInput},
		{"17 101 search", `{search(text:"x",first:101){totalCount}}`, nil, badInput},
		{"17 last", `{partners(last:1){totalCount}}`, nil, badInput},
		{"18 of things", `{organisations(first:1000000){nodes{id}}}`, nil, tooCostly},
		{"18 of numbers", `{organisations(first:1000000){totalCount}}`, nil, badInput},
		{"19", `{organisations(first:100){nodes{parts(first:100){nodes{parts(first:100){nodes{id}}}}}}}`, nil, tooCostly},
		{"19 by variable", `query($n:Int){organisations(first:$n){nodes{parts(first:$n){nodes{parts(first:$n){nodes{id}}}}}}}`, first("100"), tooCostly},
		{"20 14 levels", deep(14), nil, guard.CodeDepthLimit},
		{"20 10,000 levels", deep(10_000), nil, guard.CodeDocumentTooLarge},
		{"20 1,000,000 levels", "{" + repeat("a{", 500_000), nil, "BODY_TOO_LARGE"},
		{"21 31 aliases", aliased(31), nil, tooCostly},
		{"21 10,000 aliases", aliased(10_000), nil, guard.CodeDocumentTooLarge},
		{"22", `{organisation(id:"x"){...F0}} fragment F40 on Organisation {id}` + doubling.String(), nil, tooCostly},
		{"25 21 directives", "{__typename " + repeat("@skip(if:true)", 21) + "}", nil, tooCostly},
		{"25 5,000 directives", "{__typename " + repeat("@skip(if:true)", 5_000) + "}", nil, guard.CodeDocumentTooLarge},
		{"25 10,000 unknown directives", "{__typename " + repeat("@aa ", 10_000) + "}", nil, guard.CodeDocumentTooLarge},
		{"26 50,000 unknown fields", "{" + repeat(" x", 50_000) + "}", nil, guard.CodeDocumentTooLarge},
		{"26 90 unknown fields", `{organisation(id:"x"){` + repeat(" x", 90) + "}}", nil, guard.CodeValidationFailed},
		{"30", "{nodes(ids:" + repeat("[", 100_000) + "){id}}", nil, guard.CodeDocumentTooLarge},
		{"101 ids", `query($i:[ID!]!){nodes(ids:$i){id}}`, map[string]any{"i": strings.Fields(repeat("x ", 101))}, badInput},
		{"101 relations", `{network(around:"x",relations:[` + repeat("MEMBER_OF ", 101) + `]){truncated}}`, nil, badInput},
		{"101 languages", `query($l:[LanguageTag!]){contacts(speaks:$l){totalCount}}`, map[string]any{"l": strings.Fields(repeat("nl ", 101))}, badInput},
		{"501 characters", `query($t:String!){search(text:$t){totalCount}}`, map[string]any{"t": repeat("é", 501)}, badInput},
		{"41 words", `query($t:String){contacts(about:$t){totalCount}}`, map[string]any{"t": repeat("a ", 41)}, badInput},
		{"41 words to complete", `query($t:String!){suggest(prefix:$t){text}}`, map[string]any{"t": repeat("a ", 41)}, badInput},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := client{t: t, url: c.url}
			before, began := s.reads.Load(), time.Now()
			got := c.reply(row.query, row.variables)
			if took := time.Since(began); took > time.Minute {
				t.Errorf("refused after %v", took)
			}
			if got.codes() != row.code || got.Data != nil || got.status < 400 || len(got.Errors) > 20 {
				t.Errorf("%d %.300s", got.status, got.body)
			}
			if n := s.reads.Load() - before; n != 0 {
				t.Errorf("the store was asked %d times", n)
			}
			if next := c.reply("{__typename}", nil); string(next.Data) != `{"__typename":"Query"}` {
				t.Errorf("the next request is answered %d %s", next.status, next.body)
			}
		})
	}
}

// hostileInput runs the rows of SAFETY.md that reach a store.
func hostileInput(t *testing.T, s store.Store) {
	c := serve(t, s)
	before := counts(t, s)
	t.Run("44 cursors", func(t *testing.T) { hostileCursors(t, client{t: t, url: c.url}) })
	t.Run("45 ids", func(t *testing.T) { hostileIDs(t, client{t: t, url: c.url}) })
	t.Run("46 values", func(t *testing.T) { hostileValues(t, client{t: t, url: c.url}) })
	t.Run("47 texts", func(t *testing.T) { hostileTexts(t, client{t: t, url: c.url}, before) })
	if diff := cmp.Diff(before, counts(t, s)); diff != "" {
		t.Errorf("the store does not hold what it held before (-before +after):\n%s", diff)
	}
}

func TestHostileInputSQLite(t *testing.T) { hostileInput(t, seeded(t, newSQLite(t))) }

func TestHostileInputNeo4j(t *testing.T) {
	s, _ := newNeo4j(t)
	hostileInput(t, seeded(t, s))
}

// pagedField is a list, its scope in cursors, and where its cursors are.
type pagedField struct {
	scope, query string
}

func (f pagedField) ask(c client, after string) reply {
	return c.reply(f.query, map[string]any{"after": after})
}

func pagedFields() []pagedField {
	var out []pagedField
	for _, name := range []string{"organisations", "institutions", "partners", "posts", "projects", "themes", "instruments", "events", "places", "people"} {
		out = append(out, pagedField{name + ".key_en", `query($after:String){list:` + name + `(first:1,after:$after){edges{cursor}}}`})
	}
	secretariat := seedID(ontology.Organisation, "secretariat-general")
	return append(
		out,
		pagedField{"partners.key_nl", `query($after:String){list:partners(first:1,language:NL,after:$after){edges{cursor}}}`},
		pagedField{"partners.updatedAt", `query($after:String){list:partners(first:1,orderBy:UPDATED_AT,after:$after){edges{cursor}}}`},
		pagedField{"Organisation.parts", `query($after:String){organisation(id:"` + secretariat + `"){list:parts(first:1,after:$after){edges{cursor}}}}`},
		pagedField{"Organisation.facts", `query($after:String){organisation(id:"` + secretariat + `"){list:facts(first:1,after:$after){edges{cursor}}}}`},
		pagedField{"search", `query($after:String){list:search(text:"benelux",first:1,after:$after){edges{cursor}}}`},
		pagedField{"contacts", `query($after:String){list:contacts(about:"hydrogen",first:1,after:$after){edges{cursor}}}`},
	)
}

// cursorIn finds the first cursor in an answer.
func cursorIn(body []byte) string {
	_, rest, _ := strings.Cut(string(body), `"cursor":"`)
	cursor, _, _ := strings.Cut(rest, `"`)
	return cursor
}

func hostileCursors(t *testing.T, c client) {
	fields := pagedFields()
	cursors := map[string]string{}
	for _, f := range fields {
		got := c.reply(f.query, nil)
		if cursor := cursorIn(got.body); cursor != "" {
			cursors[f.scope] = cursor
		}
	}
	for _, scope := range []string{"organisations.key_en", "partners.key_nl", "partners.updatedAt", "Organisation.parts", "Organisation.facts", "search", "contacts"} {
		if cursors[scope] == "" {
			t.Fatalf("%s gives no cursor", scope)
		}
	}
	bad := func(f pagedField, what, cursor string) {
		t.Helper()
		if got := f.ask(c, cursor); got.codes() != "BAD_CURSOR" {
			t.Errorf("%s: %s: %d %.300s", f.scope, what, got.status, got.body)
		}
	}
	random := rand.New(rand.NewPCG(1, 2))
	for _, f := range fields {
		for scope, cursor := range cursors {
			if scope == f.scope {
				if got := f.ask(c, cursor); got.codes() != "" || cursorIn(got.body) == cursor {
					t.Errorf("%s: its own cursor: %d %.300s", f.scope, got.status, got.body)
				}
				continue
			}
			bad(f, "a cursor of "+scope, cursor)
		}
		own := cursors[f.scope]
		if own == "" {
			own = cursors["search"]
		}
		raw, err := base64.RawURLEncoding.DecodeString(own)
		if err != nil {
			t.Fatal(err)
		}
		for range 3 {
			flipped := append([]byte{}, raw...)
			flipped[random.IntN(len(raw))] ^= 1 << random.IntN(8)
			bad(f, "a flipped bit", base64.RawURLEncoding.EncodeToString(flipped))
			bad(f, "truncated", own[:random.IntN(len(own))])
		}
		for _, cursor := range []string{"", "x", "null", "0", "../../etc/passwd", "' OR 1=1 --", own + "A", own + "=", " " + own, strings.Repeat("A", 10_000)} {
			bad(f, fmt.Sprintf("%.40q", cursor), cursor)
		}
		forgedCursors(t, c, f)
	}
	bad(fields[0], "200 KB", strings.Repeat("A", 200_000))
	if got := fields[0].ask(c, strings.Repeat("A", 1<<20)); got.codes() != "BODY_TOO_LARGE" {
		t.Errorf("1 MB: %d %.300s", got.status, got.body)
	}
}

// The checksum of a cursor is no secret: what somebody makes up leads to a
// refusal or to a page, never into a statement.
func forgedCursors(t *testing.T, c client, f pagedField) {
	t.Helper()
	for _, body := range []string{
		`{}`,
		`{"i":""}`,
		`{"k":[],"i":"n_a"}`,
		`{"k":["-1"],"i":"n_a"}`,
		`{"k":["99999999999999999999"],"i":"n_a"}`,
		`{"k":["NaN","NaN","NaN"],"i":"n_a"}`,
		`{"k":["a\u0000b"],"i":"\u0000"}`,
		`{"k":["' OR 1=1 --"],"i":"'; DROP TABLE node; --"}`,
		`{"k":["` + "`" + `) MATCH (n) DETACH DELETE n //"],"i":"` + "`" + `}) DETACH DELETE n //"}`,
		`{"k":["1","2","3","4","5","6","7","8","9"],"i":"../"}`,
	} {
		sum := sha256.Sum256([]byte(f.scope + "\x00" + body))
		got := f.ask(c, base64.RawURLEncoding.EncodeToString(append(sum[:8:8], body...)))
		if code := got.codes(); code != "" && code != "BAD_CURSOR" && code != badInput {
			t.Errorf("%s: forged %s: %d %.300s", f.scope, body, got.status, got.body)
		}
	}
}

// idArgument is an argument that takes an id. null says that the answer to an
// id of nothing is null; else it is NOT_FOUND.
type idArgument struct {
	name, query string
	null        bool
}

func (a idArgument) refusesOrNull(t *testing.T, got reply) bool {
	t.Helper()
	if a.null {
		return got.codes() == "" && got.isNull(t)
	}
	return got.codes() == "NOT_FOUND"
}

var idArguments = []idArgument{
	{"node", `query($id:ID!){node(id:$id){id}}`, true},
	{"nodes", `query($id:ID!){nodes(ids:[$id]){id}}`, true},
	{"organisation", `query($id:ID!){organisation(id:$id){id}}`, true},
	{"person", `query($id:ID!){person(id:$id){id}}`, true},
	{"post", `query($id:ID!){post(id:$id){id}}`, true},
	{"project", `query($id:ID!){project(id:$id){id}}`, true},
	{"theme", `query($id:ID!){theme(id:$id){id}}`, true},
	{"instrument", `query($id:ID!){instrument(id:$id){id}}`, true},
	{"event", `query($id:ID!){event(id:$id){id}}`, true},
	{"place", `query($id:ID!){place(id:$id){id}}`, true},
	{"paths.from", `query($id:ID!){paths(from:$id,to:"UNION"){length}}`, false},
	{"paths.to", `query($id:ID!){paths(from:"UNION",to:$id){length}}`, false},
	{"network", `query($id:ID!){network(around:$id){nodes{id}}}`, false},
	{"contacts.theme", `query($id:ID!){contacts(theme:$id){totalCount}}`, false},
	{"contacts.organisation", `query($id:ID!){contacts(organisation:$id){totalCount}}`, false},
	{"contacts.place", `query($id:ID!){contacts(place:$id){totalCount}}`, false},
	{"contacts.project", `query($id:ID!){contacts(project:$id){totalCount}}`, false},
	{"coverage.themes", `query($id:ID!){coverage(themes:[$id]){gaps{theme{id}}}}`, false},
	{"coverage.partners", `query($id:ID!){coverage(partners:[$id]){gaps{theme{id}}}}`, false},
}

func hostileIDs(t *testing.T, c client) {
	union := seedID(ontology.Organisation, "benelux-union")
	var data struct {
		Organisation struct {
			Facts   struct{ Nodes []struct{ ID string } }
			Sources []struct{ Source struct{ ID string } }
		}
		Events struct{ Nodes []struct{ ID string } }
	}
	c.ask(`{organisation(id:"`+union+`"){facts(first:1){nodes{id}} sources{source{id}}} events(first:1){nodes{id}}}`, nil, &data)
	fact, source, event := data.Organisation.Facts.Nodes[0].ID, data.Organisation.Sources[0].Source.ID, data.Events.Nodes[0].ID
	malformed := []string{
		"", "../", "../../etc/passwd", "' OR 1=1 --", `" OR ""="`, "%00", "*", "1", "null", "undefined",
		"n_", "N_" + strings.ToUpper(union[2:]), union + " ", union + "\n", union[:27], "n_" + strings.Repeat("é", 13),
		"`}) DETACH DELETE n //", "<script>alert(1)</script>", strings.Repeat("x", 10<<10),
	}
	absent := "n_" + strings.Repeat("a", 26)
	for _, a := range idArguments {
		query := strings.ReplaceAll(a.query, "UNION", union)
		ask := func(id string) reply { return c.reply(query, map[string]any{"id": id}) }
		for _, id := range malformed {
			got := ask(id)
			if code := got.codes(); code != badInput && !a.refusesOrNull(t, got) {
				t.Errorf("%s(%.40q): %d %.300s", a.name, id, got.status, got.body)
			}
		}
		got := ask(absent)
		if !a.refusesOrNull(t, got) {
			t.Errorf("%s of nothing: %d %.300s", a.name, got.status, got.body)
		}
		// A fact, a source and an event are no ends of ways and no parts of a
		// question for contacts; node and nodes show what they are.
		for what, id := range map[string]string{"a fact": fact, "a source": source, "an event": event} {
			got := ask(id)
			code := got.codes()
			fits := strings.HasPrefix(a.name, "node") || what == "an event" && (a.name == "event" || a.name == "network" || strings.HasPrefix(a.name, "paths"))
			switch {
			case fits && code == "":
			case a.null && code == "" && got.isNull(t):
			case !a.null && !fits && (code == badInput || code == "NOT_FOUND"):
			default:
				t.Errorf("%s of %s: %d %.300s", a.name, what, got.status, got.body)
			}
		}
	}
}

// injections are texts that would be statements of Cypher, SQL or Lucene if
// they stood in one.
var injections = []string{
	"Movie`) MATCH (n) DETACH DELETE n //",
	`Movie\u0060) MATCH (n) DETACH DELETE n //`,
	"' OR 1=1 --",
	"'; DROP TABLE node; --",
	`"}) DETACH DELETE n //`,
	"$id",
	"{{7*7}}",
	"key_en; DELETE FROM node",
}

func hostileValues(t *testing.T, c client) {
	for _, text := range injections {
		for _, row := range []struct{ name, query string }{
			{"classification", `query($v:Classification!){organisations(filter:{classification:[$v]}){totalCount}}`},
			{"roles", `query($v:OrganisationRole!){organisations(filter:{roles:[$v]}){totalCount}}`},
			{"type", `query($v:InstrumentType!){instruments(filter:{type:[$v]}){totalCount}}`},
			{"placeType", `query($v:PlaceType!){places(filter:{placeType:[$v]}){totalCount}}`},
			{"orderBy of organisations", `query($v:OrganisationOrder){organisations(orderBy:$v){totalCount}}`},
			{"orderBy of people", `query($v:ThingOrder){people(orderBy:$v){totalCount}}`},
			{"language", `query($v:Language){organisations(language:$v){totalCount}}`},
			{"kinds", `query($v:Kind!){search(text:"benelux",kinds:[$v]){totalCount}}`},
			{"relations", `query($v:Relation!){network(around:"` + seedID(ontology.Organisation, "benelux-union") + `",relations:[$v]){truncated}}`},
			{"languages", `query($v:LanguageTag!){people(filter:{languages:[$v]}){totalCount}}`},
			{"speaks", `query($v:LanguageTag!){contacts(speaks:[$v]){totalCount}}`},
			{"asOf", `query($v:Date){contacts(about:"hydrogen",asOf:$v){totalCount}}`},
			{"whole filter", `query($v:OrganisationFilter){organisations(filter:$v){totalCount}}`},
		} {
			got := c.reply(row.query, map[string]any{"v": text})
			if got.codes() != badInput || got.status != http.StatusBadRequest {
				t.Errorf("%s %q: %d %.300s", row.name, text, got.status, got.body)
			}
		}
		// These take any text, and find nothing by it.
		if got := c.reply(`query($v:String!){themes(filter:{scheme:[$v]}){totalCount}}`, map[string]any{"v": text}); string(got.Data) != `{"themes":{"totalCount":0}}` {
			t.Errorf("scheme %q: %d %.300s", text, got.status, got.body)
		}
		for _, query := range []string{
			`query($v:String!){organisation(identifier:{scheme:$v,value:"1"}){id}}`,
			`query($v:String!){organisation(identifier:{scheme:"ROR",value:$v}){id}}`,
		} {
			if got := c.reply(query, map[string]any{"v": text}); string(got.Data) != `{"organisation":null}` {
				t.Errorf("identifier %q: %d %.300s", text, got.status, got.body)
			}
		}
	}
	// Names of things that the store has, but the API does not offer.
	for _, query := range []string{
		`{organisations(orderBy:key_en){totalCount}}`,
		`{organisations(orderBy:"NAME"){totalCount}}`,
		`{search(text:"benelux",kinds:[Record]){totalCount}}`,
		`{search(text:"benelux",kinds:[RECORD]){totalCount}}`,
		`{organisations(filter:{email:"x"}){totalCount}}`,
		"{organisations(orderBy:Movie\\u0060){totalCount}}",
	} {
		got := c.reply(query, nil)
		if got.status != http.StatusBadRequest || got.Data != nil {
			t.Errorf("%s: %d %.300s", query, got.status, got.body)
		}
	}
}
