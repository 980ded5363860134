package transport_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"coopgraph/access"
	"coopgraph/graph/guard"
	"coopgraph/graph/transport"
)

const importing = `mutation ImportList($input: ImportListInput!) { importList(input: $input) }`

// part is one of a form: its header without Content-Disposition: form-data, and its body.
type part struct{ header, body string }

func named(name, body string) part { return part{fmt.Sprintf(`name="%s"`, name), body} }

func fileNamed(name, fileName, body string) part {
	return part{fmt.Sprintf("name=\"%s\"; filename=\"%s\"\r\nContent-Type: text/csv", name, fileName), body}
}

// operations is the first part, of a query and its variables.
func operations(query, variables string) part {
	text, err := json.Marshal(query)
	if err != nil {
		panic(err)
	}
	return named("operations", `{"query":`+string(text)+`,"variables":`+variables+`}`)
}

const (
	emptyPlace = `{"input":{"file":null}}`
	usualMap   = `{"0":["variables.input.file"]}`
)

// usual are the parts of a good form.
func usual(content string) []part {
	return []part{operations(importing, emptyPlace), named("map", usualMap), fileNamed("0", "list.csv", content)}
}

const formType = "multipart/form-data; boundary=frontier"

// encode writes a form.
func encode(parts ...part) string {
	var b strings.Builder
	for _, p := range parts {
		b.WriteString("--frontier\r\nContent-Disposition: form-data; " + p.header + "\r\n\r\n" + p.body + "\r\n")
	}
	return b.String() + "--frontier--\r\n"
}

// form sends parts with a token.
func (r *rig) form(token string, parts ...part) reply {
	r.t.Helper()
	return r.send(http.MethodPost, "/graphql", strings.NewReader(encode(parts...)), "Content-Type", formType, "Authorization", "Bearer "+token)
}

// imported is the answer that importList gives for a file.
func imported(fileName, content string) string {
	return fmt.Sprintf(`{"data":{"importList":"%s text/csv %d %x true"}}`, fileName, len(content), sha256.Sum256([]byte(content)))
}

// Small files stay in memory and large ones go to the disk; nothing of either is left
// behind.
func TestAFileReachesTheMutation(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	ids := newIdentities(t)
	r := ids.serve(nil)
	for _, role := range []access.Role{access.Editor, access.Loader} {
		_, token := ids.token(role, 0)
		for _, size := range []int{0, 1, 1 << 20, 1<<20 + 1, 3 << 20, 20 << 20} {
			content := strings.Repeat("0123456789abcde\n", size/16+1)[:size]
			if got := r.form(token, usual(content)...); got.StatusCode != http.StatusOK || string(got.body) != imported("list.csv", content) {
				t.Errorf("%s, %d bytes: %d %.300s", role, size, got.StatusCode, got.body)
			}
		}
	}
	_, token := ids.token(access.Loader, 0)
	for name, want := range map[string]string{
		"Liste für alle.csv": "Liste für alle.csv", `C:\lists\list.csv`: "list.csv", "../../etc/list.csv": "list.csv", "a\u202eb.csv": "ab.csv",
	} {
		got := r.form(token, operations(importing, emptyPlace), named("map", usualMap), fileNamed("0", strings.ReplaceAll(name, `\`, `\\`), "x"))
		if string(got.body) != imported(want, "x") {
			t.Errorf("%q: %d %s", name, got.StatusCode, got.body)
		}
	}
	left, err := os.ReadDir(os.TempDir())
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	if got := r.ask(importing, `{"input":{"text":"id;name"}}`, "Authorization", "Bearer "+token); string(got.body) != `{"data":{"importList":"text of 7 bytes"}}` {
		t.Errorf("text: %d %s", got.StatusCode, got.body)
	}
}

// Rows 36 and 37, and everything else that is no import by somebody who may.
func TestRows36And37OtherFormsAreRefused(t *testing.T) {
	ids := newIdentities(t)
	r := ids.serve(nil)
	_, editor := ids.token(access.Editor, 0)
	for name, parts := range map[string][]part{
		"row 36 without a file":           {operations(importing, emptyPlace), named("map", usualMap)},
		"row 36 another mutation":         {operations(`mutation{touch}`, `null`), named("map", `{}`)},
		"row 37 variables.0":              {operations(importing, `null`), named("map", `{"0":["variables.0"]}`), fileNamed("0", "a", "x")},
		"row 37 null variables":           {operations(importing, `null`), named("map", usualMap), fileNamed("0", "a", "x")},
		"no input":                        {operations(importing, `{}`), named("map", usualMap), fileNamed("0", "a", "x")},
		"input is a list":                 {operations(importing, `{"input":[null]}`), named("map", usualMap), fileNamed("0", "a", "x")},
		"no place":                        {operations(importing, `{"input":{}}`), named("map", usualMap), fileNamed("0", "a", "x")},
		"the place is taken":              {operations(importing, `{"input":{"file":"x"}}`), named("map", usualMap), fileNamed("0", "a", "x")},
		"an empty map":                    {operations(importing, emptyPlace), named("map", `{}`), fileNamed("0", "a", "x")},
		"a map of two":                    {operations(importing, emptyPlace), named("map", `{"0":["variables.input.file"],"1":["variables.input.file"]}`), fileNamed("0", "a", "x")},
		"two places":                      {operations(importing, emptyPlace), named("map", `{"0":["variables.input.file","variables.input.text"]}`), fileNamed("0", "a", "x")},
		"another place":                   {operations(importing, emptyPlace), named("map", `{"0":["variables.input.text"]}`), fileNamed("0", "a", "x")},
		"a place in a batch":              {operations(importing, emptyPlace), named("map", `{"0":["0.variables.input.file"]}`), fileNamed("0", "a", "x")},
		"the prototype":                   {operations(importing, emptyPlace), named("map", `{"0":["variables.__proto__.file"]}`), fileNamed("0", "a", "x")},
		"a part without a name":           {operations(importing, emptyPlace), named("map", `{"":["variables.input.file"]}`), fileNamed("", "a", "x")},
		"no file name":                    {operations(importing, emptyPlace), named("map", usualMap), named("0", "x")},
		"a file name of blanks only":      {operations(importing, emptyPlace), named("map", usualMap), fileNamed("0", "\u200b", "x")},
		"a long file name":                {operations(importing, emptyPlace), named("map", usualMap), fileNamed("0", strings.Repeat("a", 256), "x")},
		"a query":                         {named("operations", `{"query":"mutation A($input:ImportListInput!){importList(input:$input)} query B {echo}","operationName":"B","variables":{"input":{"file":null}}}`), named("map", usualMap), fileNamed("0", "a", "x")},
		"another mutation named like it":  {named("operations", `{"query":"mutation A($input:ImportListInput!){importList(input:$input)} mutation B {importList:touch}","operationName":"B","variables":{"input":{"file":null}}}`), named("map", usualMap), fileNamed("0", "a", "x")},
		"two mutations":                   {operations(`mutation($input:ImportListInput!){importList(input:$input) touch}`, emptyPlace), named("map", usualMap), fileNamed("0", "a", "x")},
		"twice":                           {operations(`mutation($input:ImportListInput!){importList(input:$input) b:importList(input:$input)}`, emptyPlace), named("map", usualMap), fileNamed("0", "a", "x")},
		"the mutation within a fragment":  {operations(`mutation($input:ImportListInput!){...F} fragment F on Mutation {importList(input:$input)}`, emptyPlace), named("map", usualMap), fileNamed("0", "a", "x")},
		"one of several, which is no one": {named("operations", `{"query":"mutation A($input:ImportListInput!){importList(input:$input)} mutation B($input:ImportListInput!){touch b:importList(input:$input)}","operationName":"B","variables":{"input":{"file":null}}}`), named("map", usualMap), fileNamed("0", "a", "x")},
	} {
		t.Run(name, func(t *testing.T) {
			got := r.form(editor, parts...)
			r.refused(got, http.StatusUnsupportedMediaType, transport.CodeMediaType)
		})
	}
	for _, role := range []access.Role{access.Staff, access.DPO} {
		_, token := ids.token(role, 0)
		r.refused(r.form(token, usual("x")...), http.StatusUnsupportedMediaType, transport.CodeMediaType)
	}
	for name, header := range map[string][]string{
		"nobody":       {"Content-Type", formType},
		"no boundary":  {"Content-Type", "multipart/form-data", "Authorization", "Bearer " + editor},
		"mixed":        {"Content-Type", "multipart/mixed; boundary=frontier", "Authorization", "Bearer " + editor},
		"compressed":   {"Content-Type", formType, "Authorization", "Bearer " + editor, "Content-Encoding", "gzip"},
		"another text": {"Content-Type", formType + "; charset=utf-16", "Authorization", "Bearer " + editor},
	} {
		t.Run(name, func(t *testing.T) {
			got := r.send(http.MethodPost, "/graphql", strings.NewReader(encode(usual("x")...)), header...)
			r.refused(got, http.StatusUnsupportedMediaType, transport.CodeMediaType)
		})
	}
	got := r.send(http.MethodPost, "/graphql", strings.NewReader(encode(usual("x")...)), "Content-Type", formType, "Authorization", "Bearer "+editor, "Origin", "https://evil.example")
	r.refused(got, http.StatusForbidden, transport.CodeForbidden)
	got = r.send(http.MethodPost, "/graphql", strings.NewReader(encode(usual("x")...)), "Content-Type", formType, "Authorization", "Bearer x")
	r.refused(got, http.StatusUnauthorized, transport.CodeUnauthenticated)
}

func TestMalformedFormsAreRefused(t *testing.T) {
	ids := newIdentities(t)
	r := ids.serve(nil)
	_, token := ids.token(access.Loader, 0)
	const bad = guard.CodeBadRequest
	ops, places, file := usual("x")[0], usual("x")[1], usual("x")[2]
	for name, c := range map[string]struct {
		parts  []part
		status int
		code   string
	}{
		"no parts":                     {nil, 400, bad},
		"map before operations":        {[]part{places, ops, file}, 400, bad},
		"file before map":              {[]part{ops, file, places}, 400, bad},
		"file first":                   {[]part{file, ops, places}, 400, bad},
		"operations only":              {[]part{ops}, 400, bad},
		"operations twice":             {[]part{ops, ops, places, file}, 400, bad},
		"operations as a file":         {[]part{fileNamed("operations", "a", ops.body), places, file}, 400, bad},
		"another file":                 {[]part{ops, places, fileNamed("1", "a", "x")}, 400, bad},
		"two files":                    {[]part{ops, places, file, fileNamed("1", "a", "x")}, 400, bad},
		"a field behind":               {[]part{ops, places, file, named("x", "x")}, 400, bad},
		"a batch":                      {[]part{named("operations", `[{"query":"mutation{touch}"}]`), places, file}, 400, bad},
		"operations cut off":           {[]part{named("operations", `{"query":`), places, file}, 400, bad},
		"a key twice":                  {[]part{named("operations", `{"query":"{echo}","query":"{echo}"}`), places, file}, 400, bad},
		"map is a list":                {[]part{ops, named("map", `[]`), file}, 400, bad},
		"map of numbers":               {[]part{ops, named("map", `{"0":[0]}`), file}, 400, bad},
		"map is no JSON":               {[]part{ops, named("map", `x`), file}, 400, bad},
		"map is not UTF-8":             {[]part{ops, named("map", "{\"\xff\":[\"variables.input.file\"]}"), file}, 400, bad},
		"quoted printable":             {[]part{ops, places, {file.header + "\r\nContent-Transfer-Encoding: quoted-printable", "=41"}}, 400, bad},
		"base64 operations":            {[]part{{ops.header + "\r\nContent-Transfer-Encoding: base64", "e30="}, places, file}, 400, bad},
		"a query that does not parse":  {[]part{operations(`mutation {`, emptyPlace), places, file}, 400, guard.CodeParseFailed},
		"an unknown field":             {[]part{operations(importing, `{"input":{"file":null,"other":1}}`), places, file}, 400, guard.CodeBadUserInput},
		"a file in the place of text":  {[]part{operations(`mutation($input:Thng!){importList(input:$input)}`, emptyPlace), places, file}, 400, guard.CodeValidationFailed},
		"operations of 256 KiB and 1":  {[]part{named("operations", strings.Repeat(" ", 256<<10+1)), places, file}, 413, transport.CodeBodyTooLarge},
		"a map of 1 KiB and 1":         {[]part{ops, named("map", strings.Repeat(" ", 1<<10+1)), file}, 413, transport.CodeBodyTooLarge},
		"a file of 20 MiB and 1":       {usual(strings.Repeat("x", 20<<20+1)), 413, transport.CodeBodyTooLarge},
		"a thousand headers of a part": {[]part{{ops.header + strings.Repeat("\r\nX-A: b", 100_000), ops.body}, places, file}, 400, bad},
	} {
		t.Run(name, func(t *testing.T) { r.refused(r.form(token, c.parts...), c.status, c.code) })
	}
	whole := encode(usual("content")...)
	for _, cut := range []int{0, 1, 40, 200, len(whole) - 60, len(whole) - 18, len(whole) - 8} {
		got := r.send(http.MethodPost, "/graphql", strings.NewReader(whole[:cut]), "Content-Type", formType, "Authorization", "Bearer "+token)
		if got.StatusCode != http.StatusBadRequest {
			t.Errorf("cut after %d: %d %s", cut, got.StatusCode, got.body)
		}
	}
	if n := r.schema.executed.Load(); n > 1 {
		t.Errorf("%d fields were executed", n)
	}
}

// What is announced too large is refused unread, and what is not announced where it
// grows too large.
func TestLargeFormsAreCutAtTheLimit(t *testing.T) {
	ids := newIdentities(t)
	r := ids.serve(nil)
	_, token := ids.token(access.Loader, 0)
	got, rest := r.raw(fmt.Sprintf("POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: %s\r\nAuthorization: Bearer %s\r\nContent-Length: %d\r\n\r\n--fron", formType, token, 64<<20), 5*time.Second)
	if got == nil {
		t.Fatal(rest)
	}
	content, err := io.ReadAll(got.Body)
	if err != nil {
		t.Fatal(err)
	}
	r.refused(reply{got, content}, http.StatusRequestEntityTooLarge, transport.CodeBodyTooLarge)
	whole := encode(usual("x")...)
	for name, c := range map[string]struct {
		begin  string
		goesOn endless
		status int
	}{
		"file":                 {strings.TrimSuffix(whole, "\r\n--frontier--\r\n"), "x", http.StatusRequestEntityTooLarge},
		"lines before":         {"", "x\r\n", http.StatusRequestEntityTooLarge},
		"one line before":      {"", "x", http.StatusBadRequest},
		"headers of a part":    {"--frontier\r\n", "X-A: b\r\n", http.StatusBadRequest},
		"one header of a part": {"--frontier\r\nX-A: ", "b", http.StatusBadRequest},
	} {
		body := io.MultiReader(strings.NewReader(c.begin), c.goesOn)
		chunked := r.send(http.MethodPost, "/graphql", io.LimitReader(body, 64<<20), "Content-Type", formType, "Authorization", "Bearer "+token)
		if chunked.StatusCode != c.status {
			t.Errorf("%s: %d %s", name, chunked.StatusCode, chunked.body)
		}
	}
	r.alive()
}

// endless repeats a text for ever.
type endless string

func (e endless) Read(p []byte) (int, error) {
	n := 0
	for n+len(e) <= len(p) {
		n += copy(p[n:], e)
	}
	return n, nil
}

func TestSlowFormsAreCut(t *testing.T) {
	ids := newIdentities(t)
	r := ids.serve(func(s *transport.Settings) { s.Read = 400 * time.Millisecond })
	_, token := ids.token(access.Loader, 0)
	begin := encode(usual(strings.Repeat("x", 2<<20))...)[:1<<20+1<<19]
	for name, sent := range map[string]string{"operations": "--frontier\r\n", "file in memory": encode(usual("x")...)[:380], "file on disk": begin} {
		got, rest := r.raw(fmt.Sprintf("POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: %s\r\nAuthorization: Bearer %s\r\nContent-Length: 3000000\r\n\r\n%s", formType, token, sent), time.Minute)
		if got == nil || got.StatusCode != http.StatusRequestTimeout {
			t.Errorf("%s: %v %s", name, got, rest)
		}
	}
	r.alive()
}

// A file stays until the resolvers have ended, or whoever retained it has.
func TestAFileIsThereAsLongAsItIsNeeded(t *testing.T) {
	ids := newIdentities(t)
	_, token := ids.token(access.Loader, 0)
	content := strings.Repeat("x", 2<<20)
	parts := usual(content)
	with := func(mapping string) []part {
		return []part{operations(importing, `{"input":{"mapping":"`+mapping+`","file":null}}`), parts[1], parts[2]}
	}
	r := ids.serve(func(s *transport.Settings) { s.Request, s.Grace = 200*time.Millisecond, 50*time.Millisecond })
	if got := r.form(token, with("later")...); got.StatusCode != http.StatusOK {
		t.Fatalf("%d %s", got.StatusCode, got.body)
	}
	if sum, err := r.schema.later(); err != nil || sum != fmt.Sprintf("%x", sha256.Sum256([]byte(content))) {
		t.Errorf("retained: %s, %v", sum, err)
	}
	if sum, err := r.schema.later(); err == nil {
		t.Errorf("after its release it can be read: %s", sum)
	}
	if got := r.form(token, with("escapes")...); got.StatusCode != http.StatusOK {
		t.Fatalf("%d %s", got.StatusCode, got.body)
	}
	if sum, err := r.schema.later(); err == nil {
		t.Errorf("not retained, it can be read: %s", sum)
	}
	if got := r.form(token, with("slow")...); got.StatusCode != http.StatusGatewayTimeout {
		t.Errorf("%d %s", got.StatusCode, got.body)
	}
	if err := <-r.schema.slow; err != nil {
		t.Errorf("a resolver that goes on after the answer: %v", err)
	}
}

// So many forms at once, and no more: else they could fill the disk.
func TestFormsAtOnceAreLimited(t *testing.T) {
	ids := newIdentities(t)
	r := ids.serve(func(s *transport.Settings) { s.Uploads = 1 })
	_, token := ids.token(access.Loader, 0)
	body, feed := io.Pipe()
	var first reply
	var wait sync.WaitGroup
	wait.Go(func() {
		first = r.send(http.MethodPost, "/graphql", body, "Content-Type", formType, "Authorization", "Bearer "+token)
	})
	whole := encode(usual("content")...)
	if _, err := feed.Write([]byte(whole[:50])); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(5 * time.Second); ; {
		got := r.form(token, usual("x")...)
		if got.StatusCode == http.StatusServiceUnavailable && got.codes(t) == transport.CodeOverloaded && got.Header.Get("Retry-After") != "" {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("a second form: %d %s", got.StatusCode, got.body)
		}
	}
	if _, err := feed.Write([]byte(whole[50:])); err != nil {
		t.Fatal(err)
	}
	feed.Close()
	wait.Wait()
	if string(first.body) != imported("list.csv", "content") {
		t.Errorf("the first: %d %s", first.StatusCode, first.body)
	}
	if got := r.form(token, usual("x")...); got.StatusCode != http.StatusOK {
		t.Errorf("afterwards: %d %s", got.StatusCode, got.body)
	}
}

// FuzzForm protects the endpoint: any form is answered with JSON that holds data or coded
// errors, and what is executed is what was asked.
func FuzzForm(f *testing.F) {
	for _, parts := range [][]part{
		usual("id,name\n1,x\n"), usual("")[:2],
		{usual("")[1], usual("")[0]},
		{operations(`{__typename}`, `{}`), named("map", `{}`)},
		{operations(importing, `{"input":{"file":null,"text":"x"}}`), named("map", usualMap), fileNamed("0", "\u202e", "x"), named("x", "")},
	} {
		f.Add(encode(parts...))
	}
	f.Add("--frontier\n\n--frontier--")
	f.Add("--frontier\r\nContent-Disposition: form-data; name*=utf-8''operations\r\n\r\n{}")
	r := start(f, func(s *transport.Settings) {
		s.TokenRate.Burst = 1 << 30
		s.UploadMemory = 64
	})
	f.Fuzz(func(t *testing.T, body string) {
		ctx := access.With(t.Context(), access.Principal{ID: "a", Role: access.Loader})
		request := httptest.NewRequestWithContext(ctx, http.MethodPost, "http://localhost/graphql", bytes.NewReader([]byte(body)))
		request.Header.Set("Content-Type", formType)
		recorder := httptest.NewRecorder()
		r.handler.ServeHTTP(recorder, request)
		var answer struct {
			Data   json.RawMessage
			Errors []shownError
		}
		if err := json.Unmarshal(recorder.Body.Bytes(), &answer); err != nil {
			t.Fatalf("status %d, no JSON: %v\n%s", recorder.Code, err, recorder.Body)
		}
		if (recorder.Code == http.StatusOK) == (len(answer.Errors) > 0) {
			t.Errorf("status %d with %s", recorder.Code, recorder.Body)
		}
		if answer.Data != nil && !strings.HasPrefix(string(answer.Data), `{"importList":`) && !strings.Contains(body, ":importList") && !strings.Contains(body, ": importList") {
			t.Errorf("executed something else: %s", recorder.Body)
		}
		for _, err := range answer.Errors {
			if code, ok := err.Extensions["code"].(string); !ok || code == "" {
				t.Errorf("error without a code: %s", recorder.Body)
			}
		}
	})
}
