// Command bench measures the program on a synthetic graph: how fast a load is
// and how much memory it takes, and what requests over HTTP take, on both
// stores; on Neo4j also beside the bare driver running one hand-written
// statement for the same job.
//
//	go run ./bench -store sqlite,neo4j -nodes 10000,100000 -seconds 3
//
// With -bulk it measures only how fast Neo4j is written: by the bare driver that
// creates or merges batches of the same nodes and edges (create, merge), by the
// adapter (adapter) and by the loader that resolves and folds them (load); -only
// picks among them.
//
//	go run ./bench -bulk -store neo4j -nodes 5000
//
// Neo4j is the database of TEST_NEO4J_URI (TEST_NEO4J_USER and
// TEST_NEO4J_PASSWORD where it asks for them), which is wiped first, but only
// if it is empty or bears the mark of an earlier benchmark or test. Without the
// variable it is left out.
//
// Times are of the machine as it is: nothing here passes or fails.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"coopgraph/store/neo4j"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := bench(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// settings say what is measured.
type settings struct {
	stores  []string
	nodes   []int
	lasting time.Duration
	clients int
	// variants is how many different requests of one kind are asked in turn.
	variants int
	only     []string
	json     bool
	// file is the SQLite file to keep, "" for one that is thrown away; reuse
	// spares the load where the world is already there.
	file    string
	reuse   bool
	profile string
	// bulk measures writing to Neo4j beside the bare driver, and nothing else.
	bulk  bool
	neo4j neo4j.Config
}

func parse(args []string, getenv func(string) string, stderr io.Writer) (settings, error) {
	s := settings{neo4j: neo4j.Config{
		URI: getenv("TEST_NEO4J_URI"), User: getenv("TEST_NEO4J_USER"), Password: getenv("TEST_NEO4J_PASSWORD"),
	}}
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(stderr)
	stores := flags.String("store", "sqlite,neo4j", "the stores to measure")
	nodes := flags.String("nodes", "10000,100000", "the sizes of the graph, in nodes")
	seconds := flags.Float64("seconds", 3, "how long requests of one kind are sent")
	only := flags.String("only", "", "the kinds of requests to send, parted by commas; empty for all")
	flags.IntVar(&s.clients, "clients", 2, "how many clients ask at once")
	flags.IntVar(&s.variants, "variants", 50, "how many different requests of one kind are sent in turn")
	flags.BoolVar(&s.json, "json", false, "print JSON instead of tables")
	flags.StringVar(&s.file, "file", "", "keep the graph in this SQLite file, with one size only")
	flags.BoolVar(&s.reuse, "reuse", false, "do not wipe or load where the graph is already there, with one size only")
	flags.StringVar(&s.profile, "profile", "", "write a CPU profile of each kind of request into this directory")
	flags.BoolVar(&s.bulk, "bulk", false, "measure only how fast batches are written to Neo4j, beside the bare driver")
	if err := flags.Parse(args); err != nil {
		return s, err
	}
	s.lasting = time.Duration(*seconds * float64(time.Second))
	s.stores, s.only = fields(*stores), fields(*only)
	for _, n := range fields(*nodes) {
		size, err := strconv.Atoi(n)
		if err != nil || size < minNodes {
			return s, fmt.Errorf("-nodes %s: a size is a number from %d", n, minNodes)
		}
		s.nodes = append(s.nodes, size)
	}
	switch {
	case flags.NArg() > 0:
		return s, fmt.Errorf("%q is no flag", flags.Arg(0))
	case len(s.stores) == 0 || slices.ContainsFunc(s.stores, func(n string) bool { return n != "sqlite" && n != "neo4j" }):
		return s, fmt.Errorf("-store %s: the stores are sqlite and neo4j", *stores)
	case (s.file != "" || s.reuse) && len(s.nodes) != 1:
		return s, errors.New("-file and -reuse are for one size: give -nodes one number")
	case s.clients < 1 || s.variants < 1 || s.lasting <= 0:
		return s, errors.New("-clients, -variants and -seconds must be positive")
	}
	return s, nil
}

func fields(list string) []string {
	return strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' })
}

// size measures one store with one size.
func (s *settings) size(ctx context.Context, name string, nodes int, all *report, stderr io.Writer) error {
	switch {
	case !s.bulk:
		return s.one(ctx, name, nodes, all, stderr)
	case name == "neo4j":
		return s.writes(ctx, nodes, all, stderr)
	}
	return nil
}

// bench is the program without the process around it.
func bench(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) error {
	s, err := parse(args, getenv, stderr)
	if err != nil {
		return err
	}
	var all report
	for _, name := range s.stores {
		if name == "neo4j" && s.neo4j.URI == "" {
			fmt.Fprintln(stderr, "neo4j is left out: TEST_NEO4J_URI is not set")
			continue
		}
		for _, n := range s.nodes {
			if err = s.size(ctx, name, n, &all, stderr); err != nil {
				err = fmt.Errorf("%s, %d nodes: %w", name, n, err)
				break
			}
		}
	}
	// What was measured before an error is worth printing.
	if s.json {
		return errors.Join(err, all.json(stdout))
	}
	return errors.Join(err, all.table(stdout))
}
