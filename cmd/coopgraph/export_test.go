package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A graph is exported, loaded again as a table, and copied.
func TestExportAndCopy(t *testing.T) {
	dir := t.TempDir()
	from, to, again := "sqlite:"+filepath.Join(dir, "a.db"), "sqlite:"+filepath.Join(dir, "b.db"), "sqlite:"+filepath.Join(dir, "c.db")
	if code, _, stderr := command(t, "seed", "--store", from); code != exitOK {
		t.Fatal(stderr)
	}
	table := filepath.Join(dir, "themes.csv")
	if code, _, stderr := command(t, "export", "--store", from, "--kind", "theme", "-o", table); code != exitOK {
		t.Fatal(stderr)
	}
	if code, out, stderr := command(t, "load", "--store", again, "--mapping", "theme", table); code != exitOK || !strings.Contains(out, "rejected=0") {
		t.Errorf("load: %d %s %s", code, out, stderr)
	}
	want, err := os.ReadFile(table)
	if err != nil {
		t.Fatal(err)
	}
	if code, out, _ := command(t, "export", "--store", again, "--kind", "theme"); code != exitOK || out != string(want) {
		t.Errorf("the table differs: %d", code)
	}
	code, out, stderr := command(t, "copy", "--from", from, "--to", to)
	if code != exitOK || !strings.Contains(out, "both stores hold the same") {
		t.Errorf("copy: %d %s %s", code, out, stderr)
	}
	if a, b := exported(t, from), exported(t, to); a != b || a == "" {
		t.Error("the copy differs")
	}
	if code, _, stderr := command(t, "copy", "--from", from, "--to", to); code != exitData || !strings.Contains(stderr, "not empty") {
		t.Errorf("copy into a full store: %d %s", code, stderr)
	}
}

func exported(t *testing.T, store string) string {
	t.Helper()
	code, out, stderr := command(t, "export", "--store", store, "--format", "jsonl")
	if code != exitOK {
		t.Fatal(stderr)
	}
	return out
}

// Flags that cannot be have their exit codes, and leave no file behind.
func TestExportRefusals(t *testing.T) {
	dir := t.TempDir()
	db, file := "sqlite:"+filepath.Join(dir, "a.db"), filepath.Join(dir, "out")
	for _, c := range []struct {
		args []string
		code int
	}{
		{[]string{"export", "--store", db, "--format", "pdf", "-o", file}, exitUsage},
		{[]string{"export", "--store", db, "--kind", "token", "-o", file}, exitUsage},
		{[]string{"export", "--store", db, "--format", "jsonl", "--kind", "person", "-o", file}, exitUsage},
		{[]string{"export", "--store", db, "-o", filepath.Join(dir, "none", "out")}, exitUsage},
		{[]string{"copy", "--from", db}, exitUsage},
		{[]string{"copy", "--from", "sqlite:" + filepath.Join(dir, "none.db"), "--to", db}, exitNoInput},
	} {
		if code, _, stderr := command(t, c.args...); code != c.code {
			t.Errorf("%v: %d %s", c.args, code, stderr)
		}
	}
	if _, err := os.Stat(file); !os.IsNotExist(err) {
		t.Errorf("a file is there: %v", err)
	}
}
