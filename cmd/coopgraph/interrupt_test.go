package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"coopgraph/loader"
	"coopgraph/ontology"
	"coopgraph/store"
	"coopgraph/store/sqlite"
)

// opened gives the store of a file, and its address.
func opened(t *testing.T) (s store.Store, address string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "load.db")
	s, err := sqlite.Open(t.Context(), file, ontology.Schema())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	return s, "sqlite:" + file
}

func all(t *testing.T, s store.Store, kind store.Kind) []store.Node {
	t.Helper()
	page, err := s.Find(t.Context(), []store.Kind{kind}, store.Filter{}, store.Paging{})
	if err != nil {
		t.Fatal(err)
	}
	return page.Items
}

// bodiesNumbered is a list of so many rows, and its mapping.
func bodiesNumbered(t *testing.T, rows int) (file, mapping string) {
	t.Helper()
	var b strings.Builder
	b.WriteString("id,name,web\n")
	for i := range rows {
		fmt.Fprintf(&b, "%d,Body number %d of the list,https://b%d.example\n", i, i, i)
	}
	folder := t.TempDir()
	file, mapping = filepath.Join(folder, "list.csv"), filepath.Join(folder, "bodies.yaml")
	if err := errors.Join(os.WriteFile(file, []byte(b.String()), 0o600), os.WriteFile(mapping, []byte(bodies), 0o600)); err != nil {
		t.Fatal(err)
	}
	return file, mapping
}

// interrupted loads a list by a process that gets the signal of Ctrl-C once it
// has written a batch; false where the process was done before.
func interrupted(t *testing.T, s store.Store, program string, args []string) (stderr string, midway bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, program, args...)
	var out, errs bytes.Buffer
	c.Stdout, c.Stderr = &out, &errs
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- c.Wait() }()
	signalled := false
	look := time.NewTicker(2 * time.Millisecond)
	defer look.Stop()
	for {
		select {
		case err := <-ended:
			var status *exec.ExitError
			if errors.As(err, &status) && status.ExitCode() == exitBusy {
				return errs.String(), true
			}
			if err != nil {
				t.Fatalf("the load ends with %v: %s", err, errs.String())
			}
			return errs.String(), false
		case <-look.C:
			if !signalled && len(all(t, s, ontology.ImportBatch)) > 0 {
				signalled = true
				if err := c.Process.Signal(syscall.SIGINT); err != nil && !errors.Is(err, os.ErrProcessDone) {
					t.Fatal(err)
				}
			}
		}
	}
}

// What a load does as a process of its own.
func TestLoadAsAProcess(t *testing.T) {
	program := built(t)
	t.Run("Ctrl-C ends it after the batch", func(t *testing.T) { testCtrlC(t, program) })
	t.Run("standard input", func(t *testing.T) { testStandardInput(t, program) })
}

// Ctrl-C ends a load after the batch in hand, with an exit code of its own; the
// same command goes on.
func testCtrlC(t *testing.T, program string) {
	// A fast machine may be done before the signal comes: it gets more to do.
	for rows := 5_000; ; rows *= 4 {
		s, address := opened(t)
		file, mapping := bodiesNumbered(t, rows)
		args := []string{"load", file, "--mapping", mapping, "--store", address}
		errs, midway := interrupted(t, s, program, args)
		if !midway && rows < 1_000_000 {
			continue
		}
		if !midway {
			t.Fatalf("the load of %d rows is not interrupted", rows)
		}
		if !strings.Contains(errs, "the same command goes on where this one stopped") || !strings.Contains(errs, "Not finished: so far") {
			t.Errorf("it says %q", errs)
		}
		runs, batches := all(t, s, ontology.ImportRun), all(t, s, ontology.ImportBatch)
		written := int64(0)
		for _, b := range batches {
			n, _ := b.Props["rows"].(int64)
			written += n
		}
		if things := int64(len(all(t, s, ontology.Organisation))); len(runs) != 1 || runs[0].Props["status"] != loader.Failed || written == 0 || written != things || written >= int64(rows) {
			t.Errorf("%d runs, the first %v; %d rows in the ledger and %d things of %d", len(runs), runs[0].Props["status"], written, things, rows)
		}
		out, err := exec.CommandContext(t.Context(), program, args...).Output()
		if want := fmt.Sprintf("read=%d created=%d changed=0 unchanged=0 skipped=0 rejected=0 dangling=0\n", rows, rows); err != nil || string(out) != want {
			t.Errorf("the same command again: %v, %q", err, out)
		}
		if runs := all(t, s, ontology.ImportRun); len(runs) != 1 || runs[0].Props["status"] != loader.Finished {
			t.Errorf("after it %d runs, the first %v", len(runs), runs[0].Props["status"])
		}
		return
	}
}

// A list comes in through standard input, and is unchanged when it comes again
// as a file.
func testStandardInput(t *testing.T, program string) {
	_, address := opened(t)
	file, mapping := bodiesNumbered(t, 3)
	list, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	load := func(stdin []byte, name string) (string, string, error) {
		var out, errs bytes.Buffer
		c := exec.CommandContext(t.Context(), program, "load", name, "--mapping", mapping, "--store", address)
		c.Stdin, c.Stdout, c.Stderr = bytes.NewReader(stdin), &out, &errs
		err := c.Run()
		return out.String(), errs.String(), err
	}
	for _, c := range []struct {
		stdin      []byte
		name, want string
	}{
		{list, "-", "read=3 created=3 "},
		{list, "-", "read=3 created=0 changed=0 unchanged=3 "},
		{nil, file, "read=3 created=0 changed=0 unchanged=3 "},
	} {
		if out, errs, err := load(c.stdin, c.name); err != nil || !strings.HasPrefix(out, c.want) {
			t.Errorf("%s: %v, %q, %s; want %s", c.name, err, out, errs, c.want)
		}
	}
	var status *exec.ExitError
	if _, errs, err := load(nil, "-"); !errors.As(err, &status) || status.ExitCode() != exitData || !strings.Contains(errs, "empty") {
		t.Errorf("nothing on standard input: %v, %s", err, errs)
	}
}
