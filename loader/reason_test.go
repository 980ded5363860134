package loader_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"coopgraph/loader"
	"coopgraph/store"
)

// faulty is a store whose third write fails once.
type faulty struct {
	store.Store
	writes int
	fault  error
}

func (f *faulty) Apply(ctx context.Context, batch []store.Change) (store.Tally, error) {
	if f.writes++; f.writes == 3 {
		return store.Tally{}, f.fault
	}
	return f.Store.Apply(ctx, batch)
}

// A run that ended early says why in words for everybody: what a store or the
// network says stands in the log alone, under an id that the run names.
func TestRunsSayWhyTheyEndedInSafeWords(t *testing.T) {
	for _, c := range []struct {
		fault error
		want  string
	}{
		{errors.New("dial bolt://db.internal: MATCH (n)"), "internal error "},
		{fmt.Errorf("write: %w: bolt://db.internal", store.ErrUnavailable), "the database does not answer"},
		{fmt.Errorf("write: %w: /var/lib/db.internal", store.ErrCorrupt), "the database is damaged"},
		{fmt.Errorf("%w\nbolt://db.internal", loader.ErrFenced), loader.ErrFenced.Error()},
	} {
		s := openSQLite(t)
		var log bytes.Buffer
		var id store.ID
		_, _, err := loadTable(t, s, "id,name\na,A\n", func(o *loader.Options) {
			o.Store, o.Logger = &faulty{Store: s, fault: c.fault}, slog.New(slog.NewTextHandler(&log, nil))
			o.Begun = func(run store.ID) { id = run }
		})
		if !errors.Is(err, c.fault) && !errors.Is(err, loader.ErrFenced) {
			t.Errorf("the load ends with %v", err)
		}
		nodes, err := s.Nodes(t.Context(), []store.ID{id})
		if err != nil {
			t.Fatal(err)
		}
		message, _ := nodes[id].Props["message"].(string)
		if nodes[id].Props["status"] != loader.Failed || !strings.Contains(message, c.want) || strings.Contains(message, "db.internal") {
			t.Errorf("the run is %v: %q", nodes[id].Props["status"], message)
		}
		name, unforeseen := strings.CutPrefix(message, "internal error ")
		if unforeseen && (!strings.Contains(log.String(), name) || !strings.Contains(log.String(), "db.internal")) {
			t.Errorf("the log does not tell of %s: %q", name, log.String())
		}
	}
}
