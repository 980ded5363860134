package mapping_test

import (
	"errors"
	"io"
	"path/filepath"
	"testing"

	"coopgraph/loader/mapping"
	"coopgraph/loader/read"
	"coopgraph/loader/rows"
)

// guess proposes a mapping for a file.
func guess(t testing.TB, file string) (text []byte, explanation []string) {
	t.Helper()
	in, err := read.Inspect(t.Context(), file, filepath.Base(file), "")
	if err != nil {
		t.Fatal(err)
	}
	text, explanation, err = mapping.GuessFile(t.Context(), in, read.Spec{Format: in.Format()})
	if err != nil {
		t.Fatal(err)
	}
	return text, explanation
}

// itemsOf reads a file by a mapping.
func itemsOf(t testing.TB, file string, text []byte) []*rows.Item {
	t.Helper()
	m, err := mapping.Parse("test.yaml", text)
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	in, err := read.Inspect(t.Context(), file, filepath.Base(file), "")
	if err != nil {
		t.Fatal(err)
	}
	if m, err = m.For(filepath.Base(file), in.Format()); err != nil {
		t.Fatal(err)
	}
	r, closer, err := in.Open(m.Spec, m.Columns(), m.Required)
	if err != nil {
		t.Fatal(err)
	}
	var items []*rows.Item
	for {
		row, err := r.Next(t.Context())
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		items = append(items, m.Item(filepath.Base(file), row))
	}
	if err := closer.Close(); err != nil {
		t.Error(err)
	}
	return items
}
