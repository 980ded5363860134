package loader_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"coopgraph/loader"
	"coopgraph/loader/rows"
	"coopgraph/ontology"
	"coopgraph/store"
)

// gone lists the rows that the store's reports say are missing.
func gone(t testing.TB, s store.Store) []string {
	t.Helper()
	page, err := s.Find(t.Context(), []store.Kind{ontology.ImportRow}, store.Filter{Conds: []store.Cond{{Prop: "outcome", Values: []any{string(rows.Missing)}}}}, store.Paging{})
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, n := range page.Items {
		out = append(out, fmt.Sprintf("%s %s %v", n.Props["run"], n.Props["order"], n.Props["message"]))
	}
	slices.Sort(out)
	return out
}

// A run whose source another has taken over reports no missing rows any more.
func TestFencedRunReportsNothingMissing(t *testing.T) {
	for _, missing := range []string{loader.MissingReport, loader.MissingEnd} {
		s := openSQLite(t)
		const whole = "id,name\na,A\nb,B\nc,C\n"
		loadRun(t, s, whole)
		file := write(t, "whole.csv", []byte(whole))
		var taken error
		_, _, err := loadTable(t, s, "id,name\na,A\nb,Bee\n", func(o *loader.Options) {
			o.Missing = missing
			o.Progress = func(loader.Progress) {
				later := func() time.Time { return start().Add(time.Hour) }
				_, taken = loader.Run(t.Context(), loader.Options{Store: s, Now: later, File: file, Mapping: parse(t, tiny)})
			}
		})
		if taken != nil || !errors.Is(err, loader.ErrFenced) {
			t.Errorf("%s: the second run: %v; the first: %v", missing, taken, err)
		}
		if got := gone(t, s); len(got) != 0 {
			t.Errorf("%s: %q", missing, got)
		}
	}
}

// A run that is killed at a write before its last reports of what disappeared, and
// ends of it, what an uninterrupted one does.
func TestKilledRunEndsWhatDisappeared(t *testing.T) {
	const whole = "id,name,boss\na,A,\nb,B,a\nc,C,a\nd,D,b\ne,E,c|d\nf,F,\ng,G,\n"
	const part = "id,name,boss\na,A,\nb,B,a\nf,F,\ng,G,\n"
	end := func(o *loader.Options) { o.Missing, o.BatchSize = loader.MissingEnd, 2 }
	uninterrupted := openSQLite(t)
	loadRun(t, uninterrupted, whole)
	loadRun(t, uninterrupted, part, end)
	want, wantGone := graph(t, uninterrupted), gone(t, uninterrupted)
	if len(wantGone) != 3 {
		t.Fatalf("missing: %q", wantGone)
	}
	for kill := 2; kill < 6; kill++ {
		s := openSQLite(t)
		loadRun(t, s, whole)
		_, _, err := loadTable(t, s, part, end, func(o *loader.Options) { o.Store = &failing{s, kill, kill%2 == 0} })
		if !errors.Is(err, errKilled) {
			t.Fatalf("write %d was to fail: %v", kill, err)
		}
		// The dead run's lease runs out; it goes on the next day.
		loadRun(t, s, part, end, func(o *loader.Options) { o.Now = func() time.Time { return start().Add(24 * time.Hour) } })
		if diff := cmp.Diff(want, graph(t, s)) + cmp.Diff(wantGone, gone(t, s)); diff != "" {
			t.Errorf("killed at write %d (-uninterrupted +killed):\n%s", kill, diff)
		}
	}
}
