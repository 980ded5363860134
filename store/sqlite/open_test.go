package sqlite_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"coopgraph/store"
	"coopgraph/store/sqlite"
	"coopgraph/store/storetest"
)

func person(id store.ID, name string) store.Change {
	return store.Change{
		Op:     store.PutNode,
		Node:   store.Node{ID: id, Kind: storetest.Person, Props: store.Props{"name": name, "code": name}},
		Tokens: map[string]string{"W": name},
	}
}

func knows(id, from, to store.ID) store.Change {
	return store.Change{Op: store.PutEdge, Edge: store.Edge{ID: id, Rel: storetest.Knows, From: from, To: to, Props: store.Props{"fresh": "a", "order": "b"}}}
}

func apply(t *testing.T, s *sqlite.Store, batch ...store.Change) {
	t.Helper()
	if _, err := s.Apply(t.Context(), batch); err != nil {
		t.Fatalf("Apply: %v", err)
	}
}

func closeNow(t *testing.T, s *sqlite.Store) {
	t.Helper()
	if err := s.Close(t.Context()); err != nil {
		t.Fatalf("Close: %v", err)
	}
}

func TestAcknowledgedChangesAreThereAfterReopening(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a graph?#%.db")
	s := open(t, path, storetest.Schema())
	apply(t, s, person("a", "x"), person("b", "y"), knows("e", "a", "b"))
	closeNow(t, s)
	if _, err := os.Stat(path + "-wal"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the log is left behind: %v", err)
	}
	s = open(t, path, storetest.Schema())
	got, err := s.Expand(t.Context(), []store.ID{"a"}, []store.Step{{Legs: []store.Leg{{Rel: storetest.Knows}}}})
	if err != nil || len(got["a"][0].Items) != 1 {
		t.Errorf("Expand gives %v, %v", got, err)
	}
	hits, err := s.Search(t.Context(), []store.Query{{All: [][]store.Term{{{Field: "W", Token: "y"}}}, Limit: 2}})
	if err != nil || len(hits[0].Hits) != 1 || hits[0].Hits[0].ID != "b" {
		t.Errorf("Search gives %v, %v", hits, err)
	}
}

func TestAProgramThatDiesLosesNothingAcknowledged(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "graph.db")
	s := open(t, path, storetest.Schema())
	apply(t, s, person("a", "x"))
	// What a dead program leaves: the file and its log, not folded together.
	dead := filepath.Join(dir, "dead.db")
	for _, suffix := range []string{"", "-wal"} {
		data, err := os.ReadFile(path + suffix)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(dead+suffix, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	again := open(t, dead, storetest.Schema())
	if got, err := again.Nodes(t.Context(), []store.ID{"a"}); err != nil || len(got) != 1 {
		t.Errorf("Nodes gives %v, %v", got, err)
	}
	if info, err := again.Info(t.Context()); err != nil || len(info.Problems) > 0 {
		t.Errorf("Info gives %v, %v", info, err)
	}
}

func TestADamagedOrForeignFileIsRefusedAndLeftAlone(t *testing.T) {
	sound := filepath.Join(t.TempDir(), "sound.db")
	s := open(t, sound, storetest.Schema())
	for i := range 300 {
		apply(t, s, person(store.ID(fmt.Sprint(i)), strings.Repeat("x", 200)))
	}
	closeNow(t, s)
	data, err := os.ReadFile(sound)
	if err != nil {
		t.Fatal(err)
	}
	scrambled := append([]byte{}, data...)
	for i := 4096; i < 8*4096; i++ {
		scrambled[i] ^= 0x5a
	}
	foreign := filepath.Join(t.TempDir(), "foreign.db")
	db, err := sql.Open("sqlite", foreign)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec("CREATE TABLE t (x)"); err != nil {
		t.Fatal(err)
	}
	_ = db.Close()
	other, err := os.ReadFile(foreign)
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{
		"text": []byte(strings.Repeat("name;country\n", 50)), "short": []byte("x"), "scrambled": scrambled, "foreign": other,
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "graph.db")
			if err := os.WriteFile(path, content, 0o600); err != nil {
				t.Fatal(err)
			}
			s, err := sqlite.Open(t.Context(), path, storetest.Schema())
			if !errors.Is(err, store.ErrCorrupt) {
				t.Errorf("Open gives %v, want %v", err, store.ErrCorrupt)
			}
			if err == nil {
				closeNow(t, s)
			}
			if after, err := os.ReadFile(path); err != nil || !reflect.DeepEqual(after, content) {
				t.Errorf("the file was changed: %v", err)
			}
		})
	}
}

func TestAFileOfANewerProgramIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "graph.db")
	closeNow(t, open(t, path, storetest.Schema()))
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)"); err != nil {
		t.Fatal(err)
	}
	_ = db.Close()
	if _, err := sqlite.Open(t.Context(), path, storetest.Schema()); !errors.Is(err, store.ErrNewer) {
		t.Errorf("Open gives %v, want %v", err, store.ErrNewer)
	}
}

func TestAFileThatCannotBeReachedIsUnavailable(t *testing.T) {
	path := filepath.Join(t.TempDir(), "none", "graph.db")
	if _, err := sqlite.Open(t.Context(), path, storetest.Schema()); !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("Open gives %v, want %v", err, store.ErrUnavailable)
	}
}

func TestABadSchemaIsInvalid(t *testing.T) {
	for name, schema := range map[string]store.Schema{
		"identifier":   {Kinds: []store.KindDef{{Kind: "a b"}}},
		"order":        {EdgeOrders: []store.EdgeOrder{{Edge: "ghost"}}},
		"far order":    {EdgeOrders: []store.EdgeOrder{{Far: "ghost"}}},
		"sort":         {Kinds: []store.KindDef{{Kind: "A", Props: []store.Prop{{Name: "x", Type: store.Int, Sort: true}}}}},
		"case of text": {Text: []string{"W", "w"}},
	} {
		if _, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "graph.db"), schema); !errors.Is(err, store.ErrInvalid) {
			t.Errorf("%s: Open gives %v, want %v", name, err, store.ErrInvalid)
		}
	}
}

// TestAnotherSchemaIsIndexedAgain changes what is looked up, sorted, walked and
// searched between two openings of one file.
func TestAnotherSchemaIsIndexedAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "graph.db")
	s := open(t, path, storetest.Schema())
	b := person("b", "bb")
	b.Node.Props["note"] = "n"
	e := knows("e", "a", "b")
	e.Edge.Props["weight"] = 2.5
	e.Edge.Props["role"] = "r"
	apply(t, s, person("a", "aa"), b, e)
	closeNow(t, s)

	schema := storetest.Schema()
	for i := range schema.Kinds {
		for j := range schema.Kinds[i].Props {
			switch p := &schema.Kinds[i].Props[j]; p.Name {
			case "note":
				p.Lookup, p.Sort, p.Walk = true, true, true
			case "name":
				p.Lookup = true
			}
		}
	}
	for i := range schema.EdgeProps {
		switch p := &schema.EdgeProps[i]; p.Name {
		case "weight":
			p.Walk = true
		case "role":
			p.Sort, p.Walk = true, false
		}
	}
	schema.EdgeOrders = []store.EdgeOrder{{Edge: "role", Far: "note"}}
	schema.Rels = append(schema.Rels, "SERVES")
	schema.Kinds = append(schema.Kinds, store.KindDef{Kind: "Ship"})
	for range 2 {
		s = open(t, path, schema)
		byName := store.Filter{Conds: []store.Cond{{Prop: "name", Values: []any{"bb"}}, {Prop: "note", Values: []any{"n"}}}}
		page, err := s.Find(t.Context(), nil, byName, store.Paging{Order: store.Order{Prop: "note"}, Limit: 3})
		if err != nil || len(page.Items) != 1 {
			t.Fatalf("Find gives %v, %v", page, err)
		}
		step := store.Step{Legs: []store.Leg{{Rel: storetest.Knows}}, Order: schema.EdgeOrders[0], Limit: 1}
		got, err := s.Expand(t.Context(), []store.ID{"a"}, []store.Step{step})
		if err != nil {
			t.Fatalf("Expand: %v", err)
		}
		hop := got["a"][0].Items[0]
		if !reflect.DeepEqual(hop.Edge.Props, store.Props{"weight": 2.5, "fresh": "a"}) || !reflect.DeepEqual(hop.Node.Props, store.Props{"note": "n"}) {
			t.Errorf("the hop has %v and %v", hop.Edge.Props, hop.Node.Props)
		}
		apply(t, s, store.Change{Op: store.PutNode, Node: store.Node{ID: "ship", Kind: "Ship"}})
		closeNow(t, s)
	}

	schema.Text = []string{"W", "S", "T"}
	schema.Analysis = 2
	s = open(t, path, schema)
	q := store.Query{All: [][]store.Term{{{Field: "W", Token: "aa"}}}, Limit: 1}
	if hits, err := s.Search(t.Context(), []store.Query{q}); err != nil || len(hits[0].Hits) != 0 {
		t.Errorf("Search of an emptied index gives %v, %v", hits, err)
	}
	apply(t, s, person("a", "aa"))
	if hits, err := s.Search(t.Context(), []store.Query{q}); err != nil || len(hits[0].Hits) != 1 {
		t.Errorf("Search gives %v, %v", hits, err)
	}
}

func TestAnIndexOfAnOlderAnalysisIsReportedUntilItIsPutAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "graph.db")
	s := open(t, path, storetest.Schema())
	apply(t, s, person("a", "aa"))
	closeNow(t, s)
	schema := storetest.Schema()
	schema.Analysis++
	s = open(t, path, schema)
	problems := func() []string {
		info, err := s.Info(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return info.Problems
	}
	if got := problems(); len(got) != 1 {
		t.Errorf("the problems are %q", got)
	}
	tally, err := s.Apply(t.Context(), []store.Change{person("a", "aa")})
	if err != nil || tally != (store.Tally{Unchanged: 1}) {
		t.Errorf("Apply gives %+v, %v", tally, err)
	}
	if got := problems(); len(got) != 0 {
		t.Errorf("the problems are %q", got)
	}
}

// TestWritersOfSeveralProgramsWaitForEachOther has two stores on one file, as
// two programs would.
// A text index that keeps the places of tokens too, and was made with another
// tokenizer, answers alike: it is kept, asked and written on.
func TestAWiderTextIndexIsKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "graph.db")
	s := open(t, path, storetest.Schema())
	apply(t, s, person("a", "größe_x λ"), person("b", "y"))
	closeNow(t, s)
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	// The same tokens in an index as it was made before.
	var is string
	if err := db.QueryRowContext(t.Context(), "SELECT value FROM meta WHERE name = 'text'").Scan(&is); err != nil {
		t.Fatal(err)
	}
	was := strings.Replace(is, "detail = column,\n  tokenize = \"ascii ", "tokenize = \"unicode61 remove_diacritics 0 ", 1)
	if was == is {
		t.Fatalf("the index is made by %s", is)
	}
	for _, q := range []string{
		"DROP TABLE search",
		was,
		"INSERT INTO search (rowid, kind, t_W) SELECT n.n, 'k k' || n.kind, replace(replace(replace(t.words, 'ö', '\ue000f6\ue001'), 'ß', '\ue000df\ue001'), 'λ', '\ue0003bb\ue001') FROM node n JOIN text t ON t.n = n.n",
		"UPDATE meta SET value = '" + strings.ReplaceAll(was, "'", "''") + "' WHERE name = 'text'",
	} {
		if _, err := db.ExecContext(t.Context(), q); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, path, storetest.Schema())
	apply(t, s, person("c", "größe_x λ"))
	for token, want := range map[string]int{"größe_x": 2, "λ": 2, "y": 1, "gr": 0, "x": 0} {
		hits, err := s.Search(t.Context(), []store.Query{{All: [][]store.Term{{{Field: "W", Token: token}}}, Limit: 9}})
		if err != nil || len(hits[0].Hits) != want {
			t.Errorf("%q finds %v, %v", token, hits, err)
		}
	}
}

func TestWritersOfSeveralProgramsWaitForEachOther(t *testing.T) {
	path := filepath.Join(t.TempDir(), "graph.db")
	stores := []*sqlite.Store{open(t, path, storetest.Schema()), open(t, path, storetest.Schema())}
	var wg sync.WaitGroup
	for w := range 8 {
		wg.Go(func() {
			for i := range 10 {
				_, err := stores[w%2].Apply(t.Context(), []store.Change{person(store.ID(fmt.Sprintf("%d-%d", w, i)), "x")})
				if err != nil {
					t.Errorf("Apply: %v", err)
				}
			}
		})
	}
	wg.Wait()
	page, err := stores[0].Find(t.Context(), nil, store.Filter{}, store.Paging{Limit: 1, Count: true})
	if err != nil || page.Count != 80 {
		t.Errorf("Find counts %d, %v", page.Count, err)
	}
}

func TestADeadlineEndsALongQuestion(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "graph.db"), storetest.Schema())
	var batch []store.Change
	for i := range 3000 {
		c := person(store.ID(fmt.Sprint(i)), "water")
		c.Node.Props["note"] = strings.Repeat("n", 500)
		batch = append(batch, c)
	}
	apply(t, s, batch...)
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	conds := []store.Cond{{Prop: "note", Op: store.AtLeast, Values: []any{"z"}}}
	var err error
	for err == nil {
		_, err = s.Find(ctx, nil, store.Filter{Conds: conds}, store.Paging{Count: true})
	}
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Find gives %v, want %v", err, context.DeadlineExceeded)
	}
	if err := s.Ping(t.Context()); err != nil {
		t.Errorf("Ping: %v", err)
	}
}
