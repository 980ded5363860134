package main

import (
	"bytes"
	"encoding/json"
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
	if lines := strings.Split(strings.TrimSpace(out), "\n"); code != exitOK || len(lines) != 59 || !strings.HasPrefix(lines[58], "read=58 created=58 ") {
		t.Errorf("dry run: exit %d, %d lines, %s", code, len(lines), errs)
	}
	code, out, errs = load("--report", report)
	if code != exitOK || out != "read=58 created=58 changed=0 unchanged=0 skipped=0 rejected=0 dangling=5\n" {
		t.Errorf("first run: exit %d, %q, %s", code, out, errs)
	}
	written, err := os.ReadFile(report)
	if err != nil || bytes.Count(written, []byte("\n")) != 59 || !bytes.HasPrefix(written, []byte("file,line,column,outcome,message,id,changes\nmarcobolo-organization.csv,2,,CREATED,,n_")) {
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
		"a rejected row":  {[]string{file("people.csv", header+",A,B,\nx,C,D,\n"), "--mapping", "marcobolo-person"}, exitData, "1 row was rejected"},
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

// listAs writes a list of the generic organisation template.
func listAs(t *testing.T, text string) (file string) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "bodies.csv")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// bodies is a mapping of a table of bodies.
const bodies = `
format: csv
scheme: BODIES
source: {key: bodies, title: A list of bodies}
key: {column: id}
things:
  - as: self
    kind: Organisation
    identifiers: [{scheme: BODIES, from: {column: id}}]
    names: [{from: {column: name}, type: OFFICIAL}]
    properties: {website: {from: {column: web}}}
`

// A dry run shows people what changes from what to what, and takes every form;
// the summary says what became of the list and how to take it back, and taking
// it back does.
func TestLoadIsLookedAtAndTakenBack(t *testing.T) {
	db := "sqlite:" + filepath.Join(t.TempDir(), "load.db")
	mapping := filepath.Join(t.TempDir(), "bodies.yaml")
	if err := os.WriteFile(mapping, []byte(bodies), 0o600); err != nil {
		t.Fatal(err)
	}
	load := func(text string, more ...string) (int, string, string) {
		t.Helper()
		return command(t, append([]string{"load", listAs(t, text), "--mapping", mapping, "--store", db}, more...)...)
	}
	if code, _, errs := load("id,name,web\na,Alpha Institute,https://a.example\nb,Beta Office,\n"); code != exitOK || !strings.Contains(errs, "Loaded bodies.csv: 2 new, 0 changed, 0 unchanged; run r_") {
		t.Fatalf("exit %d, %s", code, errs)
	}
	const edition = "id,name,web\na,Alpha Academy,https://a.example\nc,=1+1,\n"
	code, out, errs := load(edition, "--dry-run")
	for _, want := range []string{
		"bodies.csv:2", "CHANGED", `names: "Alpha Institute (OFFICIAL)" → "Alpha Academy (OFFICIAL)"`, "bodies.csv:3", "CREATED", "MISSING",
	} {
		if code != exitOK || !strings.Contains(out, want) {
			t.Errorf("dry run: exit %d, no %q in %s", code, want, out)
		}
	}
	if !strings.Contains(errs, "Nothing was written. Loading would bring of bodies.csv: 1 new, 1 changed, 0 unchanged; 1 row is no longer in the list") {
		t.Errorf("dry run: %s", errs)
	}
	report := filepath.Join(t.TempDir(), "report.json")
	if code, _, errs = load(edition, "--dry-run", "--report", report); code != exitOK {
		t.Errorf("exit %d, %s", code, errs)
	}
	var rows []reported
	if data, err := os.ReadFile(report); err != nil || json.Unmarshal(data, &rows) != nil || len(rows) != 3 || rows[0].Outcome != "CHANGED" || len(rows[0].Changes) != 1 {
		t.Errorf("report: %v, %v", err, rows)
	}
	if _, out, _ = load(edition, "--dry-run", "--report-format", "csv"); !strings.HasPrefix(out, "file,line,column,outcome,message,id,changes\nbodies.csv,2,,CHANGED,,n_") {
		t.Errorf("report in CSV: %s", out)
	}
	_, _, errs = load(edition)
	_, run, found := strings.Cut(errs, "coopgraph load --undo ")
	if !found {
		t.Fatalf("the summary names no run: %s", errs)
	}
	run = strings.TrimRight(run, ")\n")
	code, out, errs = command(t, "load", "--undo", run, "--store", db)
	if code != exitOK || out != "run="+run+" removed=1 restored=1 kept=0 later=0\n" {
		t.Errorf("undo: exit %d, %q, %s", code, out, errs)
	}
	if _, out, _ = load("id,name,web\na,Alpha Institute,https://a.example\nb,Beta Office,\n"); !strings.HasPrefix(out, "read=2 created=0 changed=0 unchanged=2 ") {
		t.Errorf("after the undo: %s", out)
	}
	if code, _, _ = command(t, "load", "--undo", "r_aaaaaaaaaaaaaaaaaaaaaaaaaa", "--store", db); code != exitNoInput {
		t.Errorf("undo of a run that is not there: exit %d", code)
	}
	if code, _, errs = load("id,name,web\nz,Zeta House,\n", "--missing", "end"); code != exitData || !strings.Contains(errs, "more than half") {
		t.Errorf("most of the list is gone: exit %d, %s", code, errs)
	}
}

// Templates, the schema of mappings and guessed mappings are printed; the
// guessed mapping loads its table.
func TestLoadHelpsToWriteMappings(t *testing.T) {
	db := "sqlite:" + filepath.Join(t.TempDir(), "load.db")
	if code, out, errs := command(t, "load", "--template", "person"); code != exitOK || strings.Count(out, "\n") != 1 || !strings.Contains(out, ",") {
		t.Errorf("template: exit %d, %q, %s", code, out, errs)
	}
	if code, out, errs := command(t, "load", "--template", "person", "--describe"); code != exitOK || strings.Count(out, "\n") < 10 {
		t.Errorf("described: exit %d, %q, %s", code, out, errs)
	}
	if code, _, errs := command(t, "load", "--describe", "people.csv"); code != exitUsage || !strings.Contains(errs, "--template") {
		t.Errorf("nothing to describe: exit %d, %s", code, errs)
	}
	if code, _, errs := command(t, "load", "--template", "absent"); code != exitUsage || !strings.Contains(errs, "organisation") {
		t.Errorf("no such template: exit %d, %s", code, errs)
	}
	if code, out, _ := command(t, "load", "--mapping-schema"); code != exitOK || !json.Valid([]byte(out)) {
		t.Errorf("schema: exit %d, %.80q", code, out)
	}
	table := listAs(t, "Name;Website;Country\nHarbour of Example;https://example.org;BE\nExample Institute;https://example.net;NL\n")
	mapping := filepath.Join(t.TempDir(), "guessed.yaml")
	code, _, errs := command(t, "load", table, "--guess", "-o", mapping)
	if code != exitOK {
		t.Fatalf("guess: exit %d, %s", code, errs)
	}
	code, out, errs := command(t, "load", table, "--mapping", mapping, "--store", db)
	if code != exitOK || !strings.HasPrefix(out, "read=2 created=2 ") {
		t.Errorf("by the guessed mapping: exit %d, %q, %s", code, out, errs)
	}
	if code, _, errs = command(t, "load", table, "--store", db); code != exitUsage || !strings.Contains(errs, "--guess") {
		t.Errorf("no mapping: exit %d, %s", code, errs)
	}
	for _, args := range [][]string{
		{"load"},
		{"load", "--guess"},
		{"load", "--undo", "r_x", table},
		{"load", table, "--missing", "delete"},
		{"load", table, "--match", "1"},
		{"load", table, "--report-format", "xml"},
		{"load", "--guess", "--undo", "r_x", table},
	} {
		if code, _, errs := command(t, args...); code != exitUsage || errs == "" {
			t.Errorf("%v: exit %d, %q", args, code, errs)
		}
	}
}

// Tables of one form are told apart by the list's name, whatever their files
// are called.
func TestLoadTellsListsApartByName(t *testing.T) {
	dir := t.TempDir()
	db := "sqlite:" + filepath.Join(dir, "load.db")
	for _, run := range []struct{ file, list, want string }{
		{"january.csv", "partners", "created=1"},
		{"spring edition.csv", "partners", "unchanged=1"},
		{"january.csv", "guests", "created=1"},
	} {
		file := filepath.Join(dir, run.file)
		if err := os.WriteFile(file, []byte("name,identifiers\nExample Harbour Authority,EXAMPLE:1\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		code, out, errs := command(t, "load", file, "--mapping", "organisation", "--list", run.list, "--store", db)
		if code != exitOK || !strings.Contains(out, run.want) {
			t.Errorf("%s as %s: exit %d, %q, %s", run.file, run.list, code, out, errs)
		}
	}
}
