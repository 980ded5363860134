package read_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"coopgraph/loader/read"
	"coopgraph/loader/rows"
)

// listing is what was read of a file.
type listing struct {
	rows  []rows.Row
	notes []string
}

// lines writes each row as its line, its fields as JSON or its error, and its
// notes.
func (l listing) lines() []string {
	var out []string
	for _, row := range l.rows {
		said := ""
		if row.Err != nil {
			said = "! " + rows.Reason(row.Err)
		} else if text, err := json.Marshal(row.Fields); err == nil {
			said = string(text)
		}
		for _, note := range row.Notes {
			said += " (" + note + ")"
		}
		out = append(out, fmt.Sprintf("%d %s", row.Line, said))
	}
	return out
}

// table are the columns that a reader is to expect and to require.
type table struct{ expected, required []string }

// list reads all of the input and closes it.
func list(ctx context.Context, in *read.Input, s read.Spec, columns table) (l listing, err error) {
	defer func() { err = errors.Join(err, in.Close()) }()
	reader, closer, err := in.Open(s, columns.expected, columns.required)
	if err != nil {
		return l, err
	}
	defer func() { err = errors.Join(err, closer.Close()) }()
	for {
		row, err := reader.Next(ctx)
		if errors.Is(err, io.EOF) {
			l.notes = reader.Notes()
			return l, nil
		}
		if err != nil {
			return l, err
		}
		l.rows = append(l.rows, row)
	}
}

// listBytes reads data in memory.
func listBytes(t testing.TB, name string, data []byte, s read.Spec, columns table) (listing, error) {
	t.Helper()
	in, err := read.FromBytes(t.Context(), name, data, "")
	if err != nil {
		return listing{}, err
	}
	return list(t.Context(), in, s, columns)
}

func mustList(t testing.TB, name, text string, s read.Spec, columns table) listing {
	t.Helper()
	l, err := listBytes(t, name, []byte(text), s, columns)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func same(t testing.TB, want, got []string) {
	t.Helper()
	if !slices.Equal(want, got) {
		t.Errorf("want\n\t%s\nhave\n\t%s", strings.Join(want, "\n\t"), strings.Join(got, "\n\t"))
	}
}

// refused checks that the file is refused for the reason.
func refused(t testing.TB, err error, want string) {
	t.Helper()
	if !errors.Is(err, rows.ErrFile) || !strings.Contains(err.Error(), want) {
		t.Errorf("%.300v, want %s", err, want)
	}
}
