package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

const listFolder = "../../loader/testdata/"

// command runs the program as a shell would, and gives its exit code and what
// it printed.
func command(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	err := run(t.Context(), args, func(string) string { return "" }, &out, &errs)
	if err != nil {
		errs.WriteString(err.Error())
	}
	return exitCode(err), out.String(), errs.String()
}

// Load prints the stable line, or JSON, and reports rows to a file.
func TestLoadPrintsItsCounts(t *testing.T) {
	db := "sqlite:" + filepath.Join(t.TempDir(), "load.db")
	report := filepath.Join(t.TempDir(), "report.csv")
	load := func(more ...string) (int, string, string) {
		return command(t, append([]string{"load", listFolder + "marcobolo-organization.csv", "--mapping", "marcobolo-organization", "--store", db}, more...)...)
	}
	code, out, errs := load("--dry-run")
	if lines := strings.Split(strings.TrimSpace(out), "\n"); code != exitOK || len(lines) != 60 || !strings.HasPrefix(lines[59], "read=58 created=58 ") {
		t.Errorf("dry run: exit %d, %d lines, %s", code, len(lines), errs)
	}
	code, out, errs = load("--report", report)
	if code != exitOK || out != "read=58 created=58 changed=0 unchanged=0 skipped=0 rejected=0 dangling=5\n" {
		t.Errorf("first run: exit %d, %q, %s", code, out, errs)
	}
	written, err := os.ReadFile(report)
	if err != nil || bytes.Count(written, []byte("\n")) != 59 || !bytes.HasPrefix(written, []byte("file,line,column,outcome,message,id\nmarcobolo-organization.csv,2,,CREATED,,n_")) {
		t.Errorf("report: %v, %.120q", err, written)
	}
	code, out, errs = load("--json")
	if code != exitOK || !strings.Contains(out, `"read":58,"created":0,"changed":0,"unchanged":58,`) {
		t.Errorf("second run: exit %d, %q, %s", code, out, errs)
	}
}

// Every way in which a load fails has its own exit code and a reason.
func TestLoadExitCodes(t *testing.T) {
	folder := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	pipe := filepath.Join(folder, "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	const header = "MBO Permanent Identifier*,Given Name*,Family Name*,Identifiers\n"
	for name, c := range map[string]struct {
		args []string
		code int
		want string
	}{
		"no file":         {[]string{filepath.Join(folder, "absent"), "--mapping", "marcobolo-person"}, exitNoInput, "does not exist"},
		"a folder":        {[]string{folder, "--mapping", "marcobolo-person"}, exitNoInput, "no regular file"},
		"a pipe":          {[]string{pipe, "--mapping", "marcobolo-person"}, exitNoInput, "no regular file"},
		"no mapping":      {[]string{pipe}, exitUsage, "--mapping is missing"},
		"unknown mapping": {[]string{pipe, "--mapping", "absent"}, exitNoInput, "ror-v2"},
		"broken mapping":  {[]string{pipe, "--mapping", file("broken.yaml", "formal: csv\n")}, exitData, `broken.yaml:1: unknown field "formal"`},
		"another list":    {[]string{file("other.csv", "a,b\n1,2\n"), "--mapping", "marcobolo-person"}, exitData, "there is no column"},
		"a rejected row":  {[]string{file("people.csv", header+",A,B,\nx,C,D,\n"), "--mapping", "marcobolo-person"}, exitData, "1 rows were rejected"},
		"bad encoding":    {[]string{file("none.csv", header), "--mapping", "marcobolo-person", "--encoding", "ebcdic"}, exitData, "is no encoding"},
	} {
		t.Run(name, func(t *testing.T) {
			args := append([]string{"load", "--store", "sqlite:" + filepath.Join(t.TempDir(), "load.db")}, c.args...)
			if code, _, errs := command(t, args...); code != c.code || !strings.Contains(errs, c.want) {
				t.Errorf("exit %d, want %d: %s", code, c.code, errs)
			}
		})
	}
}
