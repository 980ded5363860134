package contact_test

import (
	"context"
	"path/filepath"
	"testing"

	"coopgraph/ontology"
	"coopgraph/ontology/contact"
	"coopgraph/ontology/sketch"
	"coopgraph/store"
	"coopgraph/store/sqlite"
)

const today ontology.Day = "2026-11-22"

// load writes a graph into a fresh SQLite file.
func load(tb testing.TB, g *sketch.Graph) store.Store {
	tb.Helper()
	ctx := context.Background()
	s, err := sqlite.Open(ctx, filepath.Join(tb.TempDir(), "test.db"), ontology.Schema())
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := s.Close(ctx); err != nil {
			tb.Error(err)
		}
	})
	if err := g.Load(ctx, s); err != nil {
		tb.Fatal(err)
	}
	return s
}

// find asks a question in English, today.
func find(tb testing.TB, s store.Reader, q contact.Question) contact.Answer {
	tb.Helper()
	if q.Today == "" {
		q.Today = today
	}
	if q.Language == "" {
		q.Language = "en"
	}
	a, err := contact.Find(context.Background(), s, nil, q)
	if err != nil {
		tb.Fatal(err)
	}
	return a
}

// ask asks by free text.
func ask(tb testing.TB, s store.Reader, about string) contact.Answer {
	tb.Helper()
	return find(tb, s, contact.Question{About: about})
}

// texts gives the reasons of the first n matches in a language.
func texts(tb testing.TB, s store.Reader, a contact.Answer, n int, language string) [][]string {
	tb.Helper()
	page := a.Matches[:min(n, len(a.Matches))]
	names, err := contact.NamesFor(context.Background(), s, page)
	if err != nil {
		tb.Fatal(err)
	}
	out := make([][]string, len(page))
	for i, m := range page {
		for _, r := range m.Reasons {
			out[i] = append(out[i], r.Text(names, language))
		}
	}
	return out
}

func ids(a contact.Answer) []store.ID {
	var list []store.ID
	for _, m := range a.Matches {
		list = append(list, m.Node)
	}
	return list
}

// of gives the match of a contact; the zero Match where there is none.
func of(a contact.Answer, id store.ID) contact.Match {
	for _, m := range a.Matches {
		if m.Node == id {
			return m
		}
	}
	return contact.Match{}
}

// first fails unless the contact answers first.
func first(tb testing.TB, a contact.Answer, want store.ID) {
	tb.Helper()
	if len(a.Matches) == 0 {
		tb.Fatalf("no match; understood %+v, not understood %q", a.Understood, a.NotUnderstood)
	}
	if a.Matches[0].Node != want {
		tb.Fatalf("first is %+v, want %s", a.Matches[0], want)
	}
}

type storeID = store.ID
