package graph_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"coopgraph/access"
	"coopgraph/graph"
	"coopgraph/ontology"
	"coopgraph/store"
)

// gated is a store in which the batches of imports wait while it is shut.
type gated struct {
	store.Store
	gate atomic.Pointer[chan struct{}]
	// waiting is how many batches have come to the gate.
	waiting atomic.Int64
	// fault, while it is set, is what batches fail with.
	fault atomic.Pointer[error]
}

// shut lets batches wait until open is called.
func (g *gated) shut() (open func()) {
	gate := make(chan struct{})
	g.gate.Store(&gate)
	return func() {
		g.gate.Store(nil)
		close(gate)
	}
}

func (g *gated) Apply(ctx context.Context, changes []store.Change) (store.Tally, error) {
	if slices.ContainsFunc(changes, func(c store.Change) bool { return c.Node.Kind == ontology.ImportBatch }) {
		if gate := g.gate.Load(); gate != nil {
			g.waiting.Add(1)
			<-*gate
		}
		if fault := g.fault.Load(); fault != nil {
			return store.Tally{}, *fault
		}
	}
	return g.Store.Apply(ctx, changes)
}

func shortWait(s *graph.Server) { s.Imports.Wait = 50 * time.Millisecond }

// boards is a table of so many organisations.
func boards(n int) string {
	var b strings.Builder
	b.WriteString("key,name_en\n")
	for i := range n {
		fmt.Fprintf(&b, "%d,Board %d of %d\n", i, i, n)
	}
	return b.String()
}

// runOf asks for a run by its id.
func (c client) runOf(id string) run {
	c.t.Helper()
	var data struct{ Node run }
	c.ask("query($id: ID!) { node(id: $id) { __typename ... on ImportRun { "+runFields+" } } }", map[string]any{"id": id}, &data)
	return data.Node
}

// ended waits until the run is not under way.
func (c client) ended(id string) run {
	c.t.Helper()
	for range 1_000 {
		if r := c.runOf(id); r.Status != "RUNNING" {
			return r
		}
		time.Sleep(10 * time.Millisecond)
	}
	c.t.Fatalf("run %s does not end", id)
	return run{}
}

// An import that takes long is answered while it is under way; meanwhile others
// are told: of the same source, and where too many are under way.
func TestLongImportsGoOnAfterTheAnswer(t *testing.T) {
	s := &gated{Store: newSQLite(t)}
	d := openDesk(t, s, shortWait)
	c := d.as(t, access.Loader)
	open := s.shut()
	opened := false
	defer func() {
		if !opened {
			open()
		}
	}()
	input := func(key, mapping, text string) map[string]any {
		return map[string]any{"idempotencyKey": key, "mapping": mapping, "text": text}
	}
	const selection = "run { " + runFields + " }"
	first := c.mutate("importList", selection, input("a", "organisation", boards(3)))
	if first.code(t) != "" || first.Run == nil || first.Run.Status != "RUNNING" {
		t.Fatalf("a long import: %+v", first)
	}
	if again := c.mutate("importList", selection, input("a", "organisation", boards(3))); again.Run == nil || again.Run.ID != first.Run.ID {
		t.Errorf("asked again: %+v", again)
	}
	if other := c.mutate("importList", selection, input("b", "organisation", boards(4))); other.code(t) != "CONFLICT" || other.Run != nil {
		t.Errorf("another list of the source: %+v", other)
	}
	second := c.mutate("importList", selection, input("c", "person", "key,name\na,Ada\n"))
	if second.Run == nil || second.Run.Status != "RUNNING" {
		t.Errorf("a list of another source: %+v", second)
	}
	third := c.mutate("importList", selection, input("d", "theme", "key,name_en\na,Water\n"))
	if third.code(t) != "CONFLICT" || third.Run != nil || !strings.Contains(third.UserErrors[0].Message, "2 imports are under way") {
		t.Errorf("a third import: %+v", third)
	}
	open()
	opened = true
	if r := c.ended(first.Run.ID); r.Status != "FINISHED" || r.Counts.Created != 3 {
		t.Errorf("the first ended %+v", r)
	}
	c.ended(second.Run.ID)
	for third.code(t) == "CONFLICT" { // a run is written down as ended before its place is free
		time.Sleep(10 * time.Millisecond)
		third = c.mutate("importList", selection, input("d", "theme", "key,name_en\na,Water\n"))
	}
	if third.Run == nil || c.ended(third.Run.ID).Status != "FINISHED" {
		t.Errorf("the third, later: %+v", third)
	}
}

// When the server stops, an import ends after the batch in hand; the same list
// sent again goes on there, under the same key too.
func TestImportsGoOnAfterAStop(t *testing.T) {
	for name, key := range map[string]string{"the same key": "a", "another key": "b"} {
		t.Run(name, func(t *testing.T) {
			s := &gated{Store: newSQLite(t)}
			d := openDesk(t, s, shortWait)
			c := d.as(t, access.Editor)
			open := s.shut()
			first := c.importFile(map[string]any{"idempotencyKey": "a", "mapping": "organisation"}, "boards.csv", boards(1_200))
			for s.waiting.Load() == 0 {
				time.Sleep(time.Millisecond)
			}
			stopped := make(chan struct{})
			go func() {
				defer close(stopped)
				d.api.Imports.Stop()
			}()
			time.Sleep(20 * time.Millisecond)
			open()
			<-stopped
			r := c.runOf(first.Run.ID)
			if r.Status != "FAILED" || r.Counts.Read != 500 || r.Message == "" {
				t.Fatalf("stopped: %s %+v %q", r.Status, r.Counts, r.Message)
			}
			status, body := c.send("mutation($input: ImportListInput!) { importList(input: $input) { run { id } userErrors { code } } }", "",
				map[string]any{"input": map[string]any{"idempotencyKey": "z", "mapping": "person", "text": "key,name\na,Ada\n"}})
			if !bytes.Contains(body, []byte("STORE_UNAVAILABLE")) {
				t.Errorf("an import of a server that stops: %d %s", status, body)
			}
			again := openDesk(t, s)
			c = again.as(t, access.Editor)
			resumed := c.importFile(map[string]any{"idempotencyKey": key, "mapping": "organisation"}, "boards.csv", boards(1_200))
			if resumed.Run == nil || resumed.Run.ID != first.Run.ID {
				t.Fatalf("it does not go on: %+v", resumed)
			}
			if r := c.ended(first.Run.ID); r.Status != "FINISHED" || r.Counts.Read != 1_200 || r.Counts.Created != 1_200 {
				t.Errorf("resumed: %s %+v", r.Status, r.Counts)
			}
		})
	}
}

// A run that the store ended says nothing of the store, and can go on.
func TestFailedRunsShowNothingOfTheStore(t *testing.T) {
	s := &gated{Store: newSQLite(t)}
	d := openDesk(t, s)
	c := d.as(t, access.Loader)
	input := map[string]any{"idempotencyKey": "a", "mapping": "organisation", "text": boards(3)}
	for fault, want := range map[error]string{
		errors.New("dial bolt://db.internal: MATCH (n)"):                  "internal error ",
		fmt.Errorf("write: %w: bolt://db.internal", store.ErrUnavailable): "the database does not answer",
	} {
		s.fault.Store(&fault)
		got := c.mutate("importList", "run { "+runFields+" }", input)
		if got.Run == nil || got.Run.Status != "FAILED" || !strings.HasPrefix(got.Run.Message, want) || strings.Contains(got.Run.Message, "bolt") {
			t.Errorf("%v: %+v %+v", fault, got.Run, got.UserErrors)
		}
	}
	s.fault.Store(nil)
	if got := c.mutate("importList", "run { "+runFields+" }", input); got.Run == nil || got.Run.Status != "FINISHED" || got.Run.Message != "" {
		t.Errorf("after the fault: %+v %+v", got.Run, got.UserErrors)
	}
}

// A workbook is uploaded as the multipart request specification says, and its
// rows come in; the same again changes nothing, and what is no workbook is
// refused.
func TestWorkbooksAreUploaded(t *testing.T) {
	c := openDesk(t, newSQLite(t)).as(t, access.Loader)
	f := excelize.NewFile()
	for at, row := range map[string][]any{
		"A1": {"Boards of the region"}, "A3": {"key", "name_nl", "name_fr", "from"},
		"A4": {"a", "Raad van Voorbeelden", "Conseil des exemples", time.Date(1998, 5, 3, 0, 0, 0, 0, time.UTC)}, "A5": {"b", "Raad van Proeven"},
	} {
		if err := f.SetSheetRow("Sheet1", at, &row); err != nil {
			t.Fatal(err)
		}
	}
	merged := f.MergeCell("Sheet1", "A1", "D1")
	book, err := f.WriteToBuffer()
	if err := errors.Join(merged, err, f.Close()); err != nil {
		t.Fatal(err)
	}
	for i, key := range []string{"a", "b"} {
		got := c.importFile(map[string]any{"idempotencyKey": key, "mapping": "organisation"}, "boards.xlsx", book.String())
		if got.Run == nil {
			t.Fatalf("upload %s: %+v", key, got.UserErrors)
		}
		if n := c.ended(got.Run.ID).Counts; n.Read != 2 || n.Created != 2-2*i || n.Unchanged != 2*i {
			t.Errorf("upload %s: %+v", key, n)
		}
	}
	var data struct {
		Organisations struct{ Nodes []struct{ Name string } }
	}
	c.ask(`{ organisations(first: 5) { nodes { name(language: FR) } } }`, nil, &data)
	if names := fmt.Sprint(data.Organisations.Nodes); names != "[{Raad van Proeven} {Conseil des exemples}]" {
		t.Errorf("they are named %s", names)
	}
	bad := c.importFile(map[string]any{"idempotencyKey": "c", "mapping": "organisation"}, "boards.xlsx", book.String()[:book.Len()/2])
	if bad.code(t) != "BAD_FILE" || !slices.Equal(bad.UserErrors[0].Field, []string{"input", "file"}) {
		t.Errorf("half a workbook: %+v", bad)
	}
}

func testUploadsAreBounded(t *testing.T, s store.Store) {
	d := openDesk(t, s)
	c := d.as(t, access.Loader)
	status, body := c.upload(map[string]any{"idempotencyKey": "a", "mapping": "organisation"}, "big.csv", bytes.Repeat([]byte("x"), 20<<20+1))
	if status != http.StatusRequestEntityTooLarge {
		t.Errorf("more than 20 MiB: %d %.300s", status, body)
	}
	bad := c.importFile(map[string]any{"idempotencyKey": "b", "mapping": "organisation"}, "boards.csv", "key,name_en\na,Board\nb,\"never closed\n")
	if bad.code(t) != "BAD_FILE" || !strings.Contains(bad.UserErrors[0].Message, "boards.csv:3") {
		t.Errorf("a bad file: %+v", bad)
	}
	if got := c.mutate("importList", "run { id }", map[string]any{"idempotencyKey": "c", "mapping": "organisation", "text": boards(2)}); got.code(t) != "" || got.Run == nil {
		t.Errorf("afterwards: %+v", got)
	}
}

// The report of a run can be read in pages, by outcome; the list of runs too.
func testRunsAndRowsPage(t *testing.T, s store.Store) {
	d := openDesk(t, s)
	c := d.as(t, access.Loader)
	var runs []string
	for i := range 5 {
		d.pass(time.Second)
		p := c.mutate("importList", "run { id }", map[string]any{"idempotencyKey": fmt.Sprint(i), "mapping": "organisation", "text": boards(i+1) + "0,Twice\n,\n"})
		runs = append([]string{p.Run.ID}, runs...)
	}
	type page[T any] struct {
		TotalCount int
		Nodes      []T
		PageInfo   struct {
			HasNextPage bool
			EndCursor   string
		}
	}
	var got []string
	var after any
	for more := true; more; {
		var data struct{ ImportRuns page[run] }
		c.ask(`query($after: String) { importRuns(first: 2, after: $after) { totalCount nodes { id } pageInfo { hasNextPage endCursor } } }`, map[string]any{"after": after}, &data)
		for _, r := range data.ImportRuns.Nodes {
			got = append(got, r.ID)
		}
		if data.ImportRuns.TotalCount != 5 {
			t.Errorf("%d runs in all", data.ImportRuns.TotalCount)
		}
		after, more = data.ImportRuns.PageInfo.EndCursor, data.ImportRuns.PageInfo.HasNextPage
	}
	if !slices.Equal(got, runs) {
		t.Errorf("runs %v, want %v", got, runs)
	}
	type row struct {
		Outcome string
		Line    int
	}
	rows := func(outcomes []string) (all []row) {
		var after any
		for more := true; more; {
			var data struct{ Node struct{ Rows page[row] } }
			c.ask(`query($id: ID!, $outcomes: [RowOutcome!], $after: String) { node(id: $id) { ... on ImportRun {
				rows(outcomes: $outcomes, first: 2, after: $after) { totalCount nodes { outcome line } pageInfo { hasNextPage endCursor } } } } }`,
				map[string]any{"id": runs[0], "outcomes": outcomes, "after": after}, &data)
			all = append(all, data.Node.Rows.Nodes...)
			after, more = data.Node.Rows.PageInfo.EndCursor, data.Node.Rows.PageInfo.HasNextPage
			if !more && data.Node.Rows.TotalCount != len(all) {
				t.Errorf("%v: %d rows, the count says %d", outcomes, len(all), data.Node.Rows.TotalCount)
			}
		}
		return all
	}
	rejected, whole := rows([]string{"REJECTED"}), rows(nil)
	if len(rejected) == 0 || len(rejected) >= len(whole) || len(rows([]string{"CREATED", "CHANGED"})) == 0 {
		t.Errorf("%v of %v are rejected", rejected, whole)
	}
	for _, r := range rejected {
		if r.Outcome != "REJECTED" {
			t.Errorf("among the rejected: %+v", r)
		}
	}
	if !slices.IsSortedFunc(whole, func(a, b row) int { return a.Line - b.Line }) {
		t.Errorf("rows are not in the file's order: %v", whole)
	}
}

// Taking an import back keeps what people have built on, and says so.
func testUndoSaysWhatItKeeps(t *testing.T, s store.Store) {
	d := openDesk(t, s)
	c := d.as(t, access.Editor)
	p := c.importFile(map[string]any{"idempotencyKey": "i", "mapping": "organisation"}, "boards.csv", boards(3))
	id := p.Run.Rows.Nodes[0].Node.ID
	if got := c.mutate("updateOrganisation", "organisation { id }", map[string]any{"idempotencyKey": "u", "id": id, "version": 1, "website": "https://x.example"}); got.code(t) != "" {
		t.Fatalf("%+v", got.UserErrors)
	}
	undone := c.mutate("undoImport", "run { id status }", map[string]any{"idempotencyKey": "x", "run": p.Run.ID})
	if undone.code(t) != "KEPT" || undone.Run == nil || undone.Run.Status != "UNDONE" || !strings.Contains(undone.UserErrors[0].Message, id) {
		t.Errorf("%+v", undone)
	}
	if n := counts(t, d.store)["Organisation"]; n != 1 {
		t.Errorf("%d organisations are left, want the one that was edited", n)
	}
	if again := c.mutate("undoImport", "run { id status }", map[string]any{"idempotencyKey": "x", "run": p.Run.ID}); again.Run == nil || again.Run.Status != "UNDONE" {
		t.Errorf("asked again: %+v", again)
	}
	dry := c.mutate("importList", "run { id }", map[string]any{"idempotencyKey": "d", "mapping": "organisation", "text": boards(2), "dryRun": true})
	if got := c.mutate("undoImport", "run { id }", map[string]any{"idempotencyKey": "y", "run": dry.Run.ID}); got.code(t) != "BAD_USER_INPUT" {
		t.Errorf("a dry run taken back: %+v", got)
	}
}

// What names editors and what was imported needs a token: any.
func testRunsNeedAToken(t *testing.T, s store.Store) {
	d := openDesk(t, s)
	p := d.as(t, access.Loader).mutate("importList", "run { id }", map[string]any{"idempotencyKey": "a", "mapping": "organisation", "text": boards(2)})
	for role := range d.tokens {
		c := d.as(t, role)
		want := ""
		if role == access.Anonymous {
			want = "UNAUTHENTICATED"
		}
		for _, query := range []string{
			`{ importRuns { nodes { id by } } }`, `{ duplicates { totalCount } }`, `{ node(id: "` + p.Run.ID + `") { id } }`, `{ nodes(ids: ["` + p.Run.ID + `"]) { id } }`,
		} {
			got := c.reply(query, nil)
			if got.codes() != want || want == "" && strings.Contains(string(got.Data), "null") {
				t.Errorf("%s by %s: %s", query, role, got.body)
			}
		}
		if got := c.reply(`{ changes { nodes { id by } } }`, nil); got.codes() != "" {
			t.Errorf("changes by %s: %s", role, got.body)
		}
	}
}

// Several fields of a mutation are done one after another, in their order; there
// are at most as many as a question may have.
func testMutationsOfOneDocumentAreSerial(t *testing.T, s store.Store) {
	d := openDesk(t, s)
	c := d.as(t, access.Editor)
	id := c.create("createTheme", "Water")
	document := func(n int) string {
		var b strings.Builder
		b.WriteString("mutation {")
		for i := range n {
			fmt.Fprintf(&b, ` m%d: updateTheme(input: {idempotencyKey: "s%d", id: "%s", version: %d, scheme: "s%d"}) { theme { version } userErrors { code } }`, i, i, id, i+1, i)
		}
		return b.String() + "}"
	}
	got := c.reply(document(21), nil)
	if got.codes() != "COMPLEXITY_LIMIT_EXCEEDED" {
		t.Errorf("21 fields: %s", got.body)
	}
	got = c.reply(document(20), nil)
	var data map[string]struct {
		Theme      *struct{ Version int }
		UserErrors []wrong
	}
	if err := json.Unmarshal(got.Data, &data); err != nil || got.codes() != "" {
		t.Fatalf("20 fields: %v %s", err, got.body)
	}
	for i := range 20 {
		if m := data[fmt.Sprint("m", i)]; len(m.UserErrors) != 0 || m.Theme == nil || m.Theme.Version != i+2 {
			t.Errorf("m%d: %+v", i, m)
		}
	}
}

// panicking is a store in which the batch of an import panics, once.
type panicking struct {
	store.Store
	done atomic.Bool
}

func (p *panicking) Apply(ctx context.Context, changes []store.Change) (store.Tally, error) {
	if slices.ContainsFunc(changes, func(c store.Change) bool { return c.Node.Kind == ontology.ImportBatch }) && !p.done.Swap(true) {
		panic("personal data of jan@example.org")
	}
	return p.Store.Apply(ctx, changes)
}

// A panic in an import ends the import alone: it is told without what it held,
// which stands in no log either, and its place is free.
func TestAnImportThatPanicsEndsAlone(t *testing.T) {
	var log strings.Builder
	d := openDesk(t, &panicking{Store: newSQLite(t)}, func(s *graph.Server) { s.Imports.Logger = slog.New(slog.NewTextHandler(&log, nil)) })
	c := d.as(t, access.Loader)
	const query = "mutation($input: ImportListInput!) { importList(input: $input) { run { id } } }"
	status, body := c.send(query, "", map[string]any{"input": map[string]any{"idempotencyKey": "a", "mapping": "organisation", "text": boards(3)}})
	if !strings.Contains(string(body), "INTERNAL") || strings.Contains(string(body), "jan@") {
		t.Errorf("%d %s", status, body)
	}
	if text := log.String(); !strings.Contains(text, "an import panicked") || strings.Contains(text, "jan@") {
		t.Errorf("the log says %s", text)
	}
	for i := range 3 {
		got := c.mutate("importList", "run { "+runFields+" }", map[string]any{"idempotencyKey": fmt.Sprint("b", i), "mapping": "theme", "text": fmt.Sprintf("key,name_en\n%d,Water %d\n", i, i)})
		if got.Run == nil || got.code(t) != "" {
			t.Errorf("import %d afterwards: %+v", i, got)
		}
	}
}
