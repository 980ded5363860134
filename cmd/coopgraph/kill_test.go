package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"coopgraph/ontology"
	"coopgraph/store"
	"coopgraph/store/neo4j"
	"coopgraph/store/neo4j/neo4jtest"
	"coopgraph/store/sqlite"
)

// kills is how often the load is killed: SAFETY.md, faults.
const kills = 30

// built gives the program as a file.
func built(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "coopgraph")
	if runtime.GOOS == "windows" {
		file += ".exe"
	}
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", file, ".").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return file
}

// killedList is a list of the rows numbered, with references forwards and
// backwards, and rows that are refused.
func killedList(t *testing.T, rows int) (file, mapping string) {
	t.Helper()
	var b strings.Builder
	b.WriteString("id,name,web,boss\n")
	for i := range rows {
		fmt.Fprintf(&b, "%d,Body number %d of the list,https://b%d.example,%d\n", i, i, i, (i*7919+1)%(rows+rows/10))
		if i%100 == 99 {
			b.WriteString(",a row without a key,,\n")
		}
	}
	folder := t.TempDir()
	file, mapping = filepath.Join(folder, "list.csv"), filepath.Join(folder, "bodies.yaml")
	text := bodies + "facts: [{subject: \"#self\", relation: PART_OF, object: {scheme: BODIES, from: {column: boss}}}]\n"
	if err := errors.Join(os.WriteFile(file, []byte(b.String()), 0o600), os.WriteFile(mapping, []byte(text), 0o600)); err != nil {
		t.Fatal(err)
	}
	return file, mapping
}

// held is all that a store holds of things, facts, rows and the run, but for
// times. A process that is killed after its run has ended, but before it could
// end itself, is started once more all the same: that is a second run of the
// list, which held leaves out and tells of.
func held(t *testing.T, s store.Store) (all []string, again bool) {
	t.Helper()
	kinds := append(ontology.Kinds(), ontology.Record, ontology.Source, ontology.ImportRun, ontology.ImportRow, ontology.ImportBatch, ontology.Duplicate)
	nodes, err := s.Find(t.Context(), kinds, store.Filter{}, store.Paging{})
	if err != nil {
		t.Fatal(err)
	}
	edges, err := s.Edges(t.Context(), nil, store.Filter{}, store.Paging{})
	if err != nil {
		t.Fatal(err)
	}
	second := secondRun(t, nodes.Items)
	line := func(what string, p store.Props) {
		for _, name := range []string{"createdAt", "updatedAt", "at", "startedAt", "finishedAt"} {
			delete(p, name)
		}
		body, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, what+" "+string(body))
	}
	for _, n := range nodes.Items {
		if second != "" && (n.ID == second || n.Props["run"] == string(second)) {
			continue
		}
		line(fmt.Sprintf("%s %s", n.Kind, n.ID), n.Props)
	}
	for _, e := range edges.Items {
		line(fmt.Sprintf("%s %s %s", e.From, e.Rel, e.To), e.Props)
	}
	return all, second != ""
}

// secondRun gives the run that changed nothing where there are two, "" else.
func secondRun(t *testing.T, nodes []store.Node) (second store.ID) {
	t.Helper()
	runs := 0
	for _, n := range nodes {
		if n.Kind != ontology.ImportRun {
			continue
		}
		if runs++; n.Props["created"] == int64(0) && n.Props["changed"] == int64(0) {
			second = n.ID
		}
	}
	if runs > 2 || runs == 2 && second == "" || runs < 2 && second != "" {
		t.Fatalf("%d runs, of which changed nothing: %q", runs, second)
	}
	return second
}

// unchangedOutput is what a second load prints of a list whose first load, into
// an empty store, printed this.
func unchangedOutput(first string) string {
	return regexp.MustCompile(`created=(\d+) changed=0 unchanged=0`).ReplaceAllString(first, "created=0 changed=0 unchanged=$1")
}

// killing loads a list by a process that is killed at random moments and
// started again, until it has been killed often enough and then ends by itself.
// It gives what the last one printed.
func killing(t *testing.T, program string, args, settings []string, whole time.Duration) (killed int, out string) {
	t.Helper()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	for start := range 4 * kills {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		c := exec.CommandContext(ctx, program, args...)
		c.Env = append(os.Environ(), settings...)
		var stdout, stderr bytes.Buffer
		c.Stdout, c.Stderr = &stdout, &stderr
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		if killed < kills {
			// The moments cover the start, the reading and the writing.
			time.Sleep(time.Duration(random.Int64N(int64(whole))))
			if err := c.Process.Signal(syscall.SIGKILL); err != nil && !errors.Is(err, os.ErrProcessDone) {
				t.Fatal(err)
			}
		}
		err := c.Wait()
		cancel()
		var status *exec.ExitError
		switch {
		case errors.As(err, &status) && !status.Exited():
			killed++
		case err == nil || status != nil && status.ExitCode() == exitData:
			return killed, stdout.String()
		default:
			t.Fatalf("start %d: %v\n%s", start, err, stderr.String())
		}
	}
	t.Fatalf("the load does not end")
	return killed, ""
}

// A load that is killed thirty times at random moments and started again as
// often ends with the store that an uninterrupted one leaves.
func TestThirtyKillsLeaveNoTrace(t *testing.T) {
	program := built(t)
	compare := func(t *testing.T, rows int, settings []string, fresh func(name string) (address string, open func() store.Store)) {
		t.Helper()
		file, mapping := killedList(t, rows)
		args := func(address string) []string {
			return []string{"load", file, "--mapping", mapping, "--store", address}
		}
		address, open := fresh("whole")
		began := time.Now()
		c := exec.CommandContext(t.Context(), program, args(address)...)
		c.Env = append(os.Environ(), settings...)
		wantOut, err := c.Output()
		whole := time.Since(began)
		var status *exec.ExitError
		if !errors.As(err, &status) || status.ExitCode() != exitData {
			t.Fatalf("the uninterrupted load: %v", err)
		}
		want, _ := held(t, open())
		killed := 0
		for list := 0; killed < kills; list++ {
			address, open := fresh(fmt.Sprintf("killed-%d", list))
			n, out := killing(t, program, args(address), settings, whole/5)
			killed += n
			got, again := held(t, open())
			wanted := string(wantOut)
			if again {
				wanted = unchangedOutput(wanted)
			}
			if out != wanted {
				t.Errorf("list %d: printed %q, want %q", list, out, wanted)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("list %d, killed %d times (-uninterrupted +killed):\n%.4000s", list, n, diff)
			}
		}
		t.Logf("%d kills; an uninterrupted load takes %v", killed, whole)
	}
	t.Run("sqlite", func(t *testing.T) {
		folder := t.TempDir()
		compare(t, 4_000, nil, func(name string) (string, func() store.Store) {
			file := filepath.Join(folder, name+".db")
			return "sqlite:" + file, func() store.Store {
				s, err := sqlite.Open(t.Context(), file, ontology.Schema())
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() {
					if err := s.Close(context.WithoutCancel(t.Context())); err != nil {
						t.Error(err)
					}
				})
				return s
			}
		})
	})
	t.Run("neo4j", func(t *testing.T) {
		config := neo4jtest.Server(t)
		settings := []string{"COOPGRAPH_NEO4J_USER=" + config.User, "COOPGRAPH_NEO4J_PASSWORD=" + config.Password}
		s, err := neo4j.Open(t.Context(), config, ontology.Schema())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := s.Close(context.WithoutCancel(t.Context())); err != nil {
				t.Error(err)
			}
		})
		compare(t, 1_500, settings, func(string) (string, func() store.Store) {
			neo4jtest.Run(t, config, "MATCH (n) WHERE NOT n:TestSuite AND NOT n:Migration AND NOT n:Writer DETACH DELETE n")
			return config.URI, func() store.Store { return s }
		})
	})
}
