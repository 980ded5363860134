package transport_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"coopgraph/graph/guard"
	"coopgraph/graph/transport"
)

// The rows are those of the project's table of hostile input.
func TestRowsOfMalformedBodies(t *testing.T) {
	const bad = guard.CodeBadRequest
	for _, c := range []struct {
		name, body string
		status     int
		code       string
		says       string
	}{
		{"row 1 cut off", `{"query": `, 400, bad, ""},
		{"row 2 empty", ``, 400, bad, "empty"},
		{"row 3 null", `null`, 400, bad, ""},
		{"row 4 batch", `[{"query":"{echo}"},{"query":"{echo}"}]`, 400, bad, "batch"},
		{"row 4 empty batch", `[]`, 400, bad, ""},
		{"row 5 two objects", `{"query":"{echo}"}{"query":"{echo}"}`, 400, bad, ""},
		{"row 5 trailing garbage", `{"query":"{echo}"} x`, 400, bad, ""},
		{"row 6 QUERY", `{"QUERY":"{echo}"}`, 400, bad, "QUERY"},
		{"row 6 query and an unknown key", `{"query":"{echo}","id":"x"}`, 400, bad, "id"},
		{"row 7 query twice", `{"query":"{echo}","query":"{echo}"}`, 400, bad, "twice"},
		{"row 7 a variable twice", `{"query":"{echo}","variables":{"a":1,"a":2}}`, 400, bad, "twice"},
		{"row 7 twice by escape", `{"query":"{echo}","qu\u0065ry":"{echo}"}`, 400, bad, "twice"},
		{"row 8 BOM", "\xef\xbb\xbf" + `{"query":"{echo}"}`, 400, bad, "BOM"},
		{"row 9 UTF-16", "\xff\xfe{\x00}\x00", 415, transport.CodeMediaType, ""},
		{"row 9 UTF-16 without BOM", "{\x00\"\x00", 415, transport.CodeMediaType, ""},
		{"row 10 invalid UTF-8 in a variable", "{\"query\":\"query($t:String){echo(text:$t)}\",\"variables\":{\"t\":\"\xff\"}}", 400, bad, "UTF-8"},
		{"row 12 NUL in a variable", `{"query":"query($t:String){echo(text:$t)}","variables":{"t":"\u0000"}}`, 400, guard.CodeBadUserInput, ""},
		{"row 12 NUL in a literal", `{"query":"{echo(text:\"\\u0000\")}"}`, 400, guard.CodeBadUserInput, ""},
		{"row 12 NUL in the document", `{"query":"{echo(text:\"\u0000\")}"}`, 400, guard.CodeBadUserInput, ""},
		{"row 13 lone surrogate in a variable", `{"query":"query($t:String){echo(text:$t)}","variables":{"t":"\ud800"}}`, 400, guard.CodeBadUserInput, ""},
		{"row 13 lone surrogate in a literal", `{"query":"{echo(text:\"\\ud800\")}"}`, 400, guard.CodeBadUserInput, ""},
		{"row 29 variables nested 10,001 deep", `{"query":"{echo}","variables":{"a":` + strings.Repeat("[", 10_001) + strings.Repeat("]", 10_001) + `}}`, 400, bad, ""},
		{"row 29 variables nested 65 deep", `{"query":"{echo}","variables":{"a":` + strings.Repeat("[", 65) + strings.Repeat("]", 65) + `}}`, 400, bad, "nested"},
		{"row 29 variables is a list", `{"query":"{echo}","variables":[]}`, 400, bad, "variables"},
		{"row 29 variables is a string", `{"query":"{echo}","variables":"{}"}`, 400, bad, "variables"},
		{"row 48 hash", `{"query":"{echo}","extensions":{"persistedQuery":{"version":1,"sha256Hash":"../../../secret"}}}`, 400, bad, "unknown"},
		{"row 48 wrong type", `{"extensions":{"persistedQuery":7}}`, 400, bad, ""},
		{"extensions is a list", `{"query":"{echo}","extensions":[]}`, 400, bad, ""},
		{"operationName is a number", `{"query":"{echo}","operationName":1}`, 400, bad, ""},
		{"query is missing", `{"variables":{}}`, 400, bad, "missing"},
		{"query is null", `{"query":null}`, 400, bad, ""},
		{"a long unknown key", `{"` + strings.Repeat("z", 1_000) + `":1}`, 400, bad, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := start(t, nil)
			got := r.post(c.body)
			r.refused(got, c.status, c.code)
			if !strings.Contains(string(got.body), c.says) {
				t.Errorf("the answer does not say %q: %s", c.says, got.body)
			}
			if n := strings.Count(string(got.body), "z"); n > guard.MaxEcho {
				t.Errorf("%d characters of the input are repeated", n)
			}
		})
	}
}

func TestRowsOfDocumentsAndValues(t *testing.T) {
	deep := func(n int) string { return "{" + strings.Repeat("thing{", n) + "id" + strings.Repeat("}", n) + "}" }
	var aliases, doubling strings.Builder
	for i := range 10_000 {
		fmt.Fprintf(&aliases, " a%d: __typename", i)
	}
	for i := range 40 {
		fmt.Fprintf(&doubling, " fragment F%d on Thing { ...F%d ...F%d }", i, i+1, i+1)
	}
	const limit = guard.CodeComplexityLimit
	for _, c := range []struct {
		name, query, variables, code string
		deadline                     time.Duration
	}{
		{"row 14", `query($n:Int){echo(int:$n)}`, `{"n":2147483648}`, guard.CodeBadUserInput, 0},
		{"row 14 beyond 53 bits", `query($n:Int){echo(int:$n)}`, `{"n":9007199254740993}`, guard.CodeBadUserInput, 0},
		{"row 15 beyond 64 bits", `query($n:Int){echo(int:$n)}`, `{"n":9223372036854775808}`, guard.CodeBadUserInput, 0},
		{"row 15 1e400", `query($n:Int){echo(int:$n)}`, `{"n":1e400}`, guard.CodeBadUserInput, 0},
		{"row 15 true", `query($n:Int){echo(int:$n)}`, `{"n":true}`, guard.CodeBadUserInput, 0},
		{"row 16", `query($n:Int){echo(int:$n)}`, `{"n":"12"}`, guard.CodeBadUserInput, 0},
		{"row 17 -1", `query($n:Int){things(first:$n){totalCount}}`, `{"n":-1}`, guard.CodeBadUserInput, 0},
		{"row 17 0", `{things(first:0){totalCount}}`, "", guard.CodeBadUserInput, 0},
		{"row 17 101", `{things(first:101){totalCount}}`, "", guard.CodeBadUserInput, 0},
		{"row 17 last", `{things(last:1){totalCount}}`, "", guard.CodeBadUserInput, 0},
		{"row 18", `{things(first:1000000){nodes{id}}}`, "", limit, 0},
		{"row 19", `{things(first:100){nodes{things(first:100){nodes{things(first:100){nodes{id}}}}}}}`, "", limit, 100 * time.Millisecond},
		{"row 20 13 levels", deep(12), "", guard.CodeDepthLimit, 0},
		{"row 20 10,000 levels", deep(10_000), "", guard.CodeDocumentTooLarge, 0},
		{"row 21 31 aliases", "{" + strings.Join(strings.SplitAfterN(aliases.String(), "__typename", 32)[:31], "") + "}", "", limit, 0},
		{"row 21 10,000 aliases", "{" + aliases.String() + "}", "", guard.CodeDocumentTooLarge, 0},
		{"row 22", "{thing(id:1){...F0}} fragment F40 on Thing {id}" + doubling.String(), "", limit, 100 * time.Millisecond},
		{"row 23 1,990", "{" + strings.Repeat(" __typename", 1_990) + "}", "", limit, 200 * time.Millisecond},
		{"row 23 20,000", "{" + strings.Repeat(" __typename", 20_000) + "}", "", guard.CodeDocumentTooLarge, 200 * time.Millisecond},
		{"row 24 cycle", "{thing(id:1){...A}} fragment A on Thing {a{...A}}", "", guard.CodeValidationFailed, 0},
		{"row 24 unknown", "{thing(id:1){...A}}", "", guard.CodeValidationFailed, 0},
		{"row 25 10,000", "{__typename " + strings.Repeat("@aa ", 10_000) + "}", "", guard.CodeDocumentTooLarge, 0},
		{"row 25 5,000", "{__typename " + strings.Repeat("@skip(if:true)", 5_000) + "}", "", guard.CodeDocumentTooLarge, 0},
		{"row 26", "{" + strings.Repeat(" x", 50_000) + "}", "", guard.CodeDocumentTooLarge, 0},
		{"row 30", "{echo(list:" + strings.Repeat("[", 100_000) + "}", "", guard.CodeDocumentTooLarge, 0},
		{"row 31 two anonymous", "{echo} {echo}", "", guard.CodeValidationFailed, 0},
		{"row 32 subscription", "subscription {things}", "", guard.CodeBadRequest, 0},
		{"row 45 long id", `query($id:ID!){thing(id:$id){id}}`, `{"id":"` + strings.Repeat("x", 10_240) + `"}`, guard.CodeBadUserInput, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := start(t, nil)
			began := time.Now()
			got := r.ask(c.query, c.variables)
			if took := time.Since(began); c.deadline > 0 && took > slack*c.deadline {
				t.Errorf("took %v, at most %v on a quiet machine", took, c.deadline)
			}
			r.refused(got, http.StatusBadRequest, c.code)
			if n := len(got.errors(t)); n > 20 {
				t.Errorf("%d errors", n)
			}
		})
	}
}

// The body is announced, and only its beginning is sent: the answer comes before the
// rest could.
func TestRow20And27LargeBodiesAreRefusedUnread(t *testing.T) {
	for _, c := range []struct {
		name, begin string
		length      int
	}{
		{"row 20 1,000,000 levels", `{"query":"{a{a{a`, 2_000_012},
		{"row 27 64 MB", " ", 64 << 20},
		{"row 27 64 MB comment", `{"query":"#xxxx`, 64 << 20},
		{"row 27 64 MB literal", `{"query":"{echo(text:\"xxx`, 64 << 20},
		{"one byte too many", " ", 256<<10 + 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := start(t, nil)
			got, rest := r.raw(fmt.Sprintf("POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
				c.length, c.begin), 5*time.Second)
			if got == nil {
				t.Fatal(rest)
			}
			content, err := io.ReadAll(got.Body)
			if err != nil {
				t.Fatal(err)
			}
			r.refused(reply{got, content}, http.StatusRequestEntityTooLarge, transport.CodeBodyTooLarge)
		})
	}
}

func TestRow27ALargeBodyThatIsSentWholeIsRefused(t *testing.T) {
	r := start(t, nil)
	got, rest := r.raw(fmt.Sprintf("POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
		64<<20, strings.Repeat(" ", 64<<20)), 5*time.Second)
	if got == nil || got.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("answered %v %s", got, rest)
	}
	r.alive()
}

func TestRow28ChunkedBodiesAreCutAtTheLimit(t *testing.T) {
	r := start(t, nil)
	// A reader of unknown length makes the client send chunks.
	body := io.MultiReader(strings.NewReader(`{"query":"{echo}"`), strings.NewReader(strings.Repeat(" ", 1<<20)+"}"))
	got := r.send(http.MethodPost, "/graphql", body, "Content-Type", "application/json")
	r.refused(got, http.StatusRequestEntityTooLarge, transport.CodeBodyTooLarge)
}

func TestABodyAtTheLimitIsRead(t *testing.T) {
	r := start(t, nil)
	body := `{"query":"{__typename}"}`
	if got := r.post(body + strings.Repeat(" ", 256<<10-len(body))); got.StatusCode != http.StatusOK {
		t.Errorf("status %d %s", got.StatusCode, got.body)
	}
}

func TestRow31TheNameOfAnOperationIsEscaped(t *testing.T) {
	r := start(t, nil)
	got := r.post(`{"query":"query A {echo}","operationName":"<script>alert(1)</script>"}`)
	r.refused(got, http.StatusBadRequest, guard.CodeValidationFailed)
	if strings.Contains(string(got.body), "<script>") {
		t.Errorf("the answer holds a tag: %s", got.body)
	}
}

func TestRows33And34OtherMethods(t *testing.T) {
	r := start(t, nil)
	for _, c := range []struct{ name, method, path string }{
		{"row 11", http.MethodGet, "/graphql?query=" + `%7Becho(text:%22%FF%FE%22)%7D`},
		{"row 33 query", http.MethodGet, "/graphql?query={echo}"},
		{"row 33 mutation", http.MethodGet, "/graphql?query=mutation{touch}"},
		{"row 34", http.MethodPut, "/graphql"},
		{"row 34", http.MethodDelete, "/graphql"},
		{"row 34", http.MethodHead, "/graphql"},
		{"row 34", http.MethodTrace, "/graphql"},
		{"row 34", http.MethodOptions, "/graphql"},
		{"row 34", "FOO", "/graphql"},
	} {
		t.Run(c.name+" "+c.method, func(t *testing.T) {
			got := r.send(c.method, c.path, nil)
			if got.StatusCode != http.StatusMethodNotAllowed || got.Header.Get("Allow") != "POST" {
				t.Errorf("status %d, Allow %q", got.StatusCode, got.Header.Get("Allow"))
			}
			if c.method != http.MethodHead && got.codes(t) != transport.CodeMethod {
				t.Errorf("body %s", got.body)
			}
			r.alive()
		})
	}
}

func TestRowsOfMediaTypes(t *testing.T) {
	r := start(t, nil)
	mutation := `{"query":"mutation{touch}"}`
	multipart := "--x\r\nContent-Disposition: form-data; name=\"operations\"\r\n\r\n{\"query\":\"mutation{touch}\",\"variables\":null}\r\n" +
		"--x\r\nContent-Disposition: form-data; name=\"map\"\r\n\r\n{\"0\":[\"variables.0\"]}\r\n--x--\r\n"
	for _, c := range []struct{ name, body, contentType, encoding string }{
		{"row 9 iso-8859-1", mutation, "application/json; charset=iso-8859-1", ""},
		{"row 9 utf-16", mutation, "application/json; charset=utf-16", ""},
		{"row 35 text/plain", mutation, "text/plain", ""},
		{"row 35 urlencoded", "query=mutation%7Btouch%7D", "application/x-www-form-urlencoded", ""},
		{"row 35 none", mutation, "", ""},
		{"row 35 graphql", "mutation{touch}", "application/graphql", ""},
		{"row 35 broken", mutation, "application/json; charset", ""},
		{"row 36", multipart, "multipart/form-data; boundary=x", ""},
		{"row 37", multipart, "multipart/form-data; boundary=x", ""},
		{"compressed", mutation, "application/json", "gzip"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var header []string
			if c.contentType != "" {
				header = append(header, "Content-Type", c.contentType)
			}
			if c.encoding != "" {
				header = append(header, "Content-Encoding", c.encoding)
			}
			r.refused(r.send(http.MethodPost, "/graphql", strings.NewReader(c.body), header...), http.StatusUnsupportedMediaType, transport.CodeMediaType)
		})
	}
	for _, contentType := range []string{"application/json", "application/json; charset=utf-8", "Application/JSON;charset=UTF-8"} {
		got := r.send(http.MethodPost, "/graphql", strings.NewReader(`{"query":"{__typename}"}`), "Content-Type", contentType)
		if got.StatusCode != http.StatusOK {
			t.Errorf("%s: status %d", contentType, got.StatusCode)
		}
	}
}

func TestRow41IntrospectionFollowsTheGrant(t *testing.T) {
	r := start(t, withGrant(guard.Grant{Cost: guard.AnonymousCost}))
	aliased := "{"
	for i := range 20 {
		aliased += fmt.Sprintf(` t%d: __type(name:"Thing"){name}`, i)
	}
	for name, query := range map[string]string{
		"schema":   `{__schema{types{name}}}`,
		"type":     `{__type(name:"Thing"){name}}`,
		"aliased":  aliased + "}",
		"fragment": `{...Q} fragment Q on Query {x:__schema{types{name}}}`,
	} {
		t.Run(name, func(t *testing.T) {
			r.refused(r.ask(query, ""), http.StatusBadRequest, guard.CodeIntrospectionDisabled)
		})
	}
	for granted, want := range map[bool]string{true: `{"data":{"introspects":true}}`, false: `{"data":{"introspects":false}}`} {
		open := start(t, withGrant(guard.Grant{Introspection: granted, Cost: guard.AnonymousCost}))
		if got := open.ask(`{introspects}`, ""); string(got.body) != want {
			t.Errorf("granted %v: gqlgen's switch: %s", granted, got.body)
		}
	}
}

func withGrant(g guard.Grant) func(*transport.Settings) {
	return func(s *transport.Settings) { s.Grant = grantAll(g) }
}

func TestRow42SuggestionsFollowTheGrant(t *testing.T) {
	closed := start(t, withGrant(guard.Grant{Cost: guard.AnonymousCost}))
	open := start(t, nil)
	for name, query := range map[string]string{
		"field":       `{ecko}`,
		"argument":    `{echo(txt:"x")}`,
		"input field": `{things(filter:{ordr:NAME}){totalCount}}`,
		"enum":        `{things(order:NAM){totalCount}}`,
		"type":        `{thing(id:1){...F}} fragment F on Thng {id}`,
	} {
		if got := open.ask(query, ""); !strings.Contains(string(got.body), "Did you mean") {
			t.Errorf("%s on loopback: %s", name, got.body)
		}
		if got := closed.ask(query, ""); strings.Contains(string(got.body), "Did you mean") || got.StatusCode != http.StatusBadRequest {
			t.Errorf("%s elsewhere: %s", name, got.body)
		}
	}
}
