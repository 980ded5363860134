// Command eval asks labelled questions, searches and questions for contacts,
// and prints how often the wanted thing comes first, by set, category and
// language, and an account of every miss.
//
//	go run ./eval -store sqlite,neo4j
//
// Contacts are asked of the seed and the public lists, searches among ten
// thousand things that never were. A third of the questions, which a hash of
// the question picks, is kept aside: its misses are counted and not shown, so
// that nobody tunes to them; -aside shows them for the final figure. -sectors
// adds the one list that takes longer to load than all others.
//
// Neo4j is the database of TEST_NEO4J_URI (TEST_NEO4J_USER and
// TEST_NEO4J_PASSWORD where it asks for them), which is wiped first, but only
// if it is empty or bears the mark of an earlier evaluation, benchmark or test.
// Without the variable it is left out.
//
// It fails where a category is below its floor, or where the stores answer
// unlike each other.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"coopgraph/store/neo4j"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := eval(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "eval:", err)
		os.Exit(1)
	}
}

// settings say what is evaluated.
type settings struct {
	stores []string
	// only are the kinds of questions asked: "contacts", "search".
	only  []string
	aside bool
	// sectors also loads Belgium's statistical sectors.
	sectors bool
	// root is the top of the repository.
	root  string
	neo4j neo4j.Config
}

func parse(args []string, getenv func(string) string, stderr io.Writer) (settings, error) {
	s := settings{neo4j: neo4j.Config{
		URI: getenv("TEST_NEO4J_URI"), User: getenv("TEST_NEO4J_USER"), Password: getenv("TEST_NEO4J_PASSWORD"),
	}}
	flags := flag.NewFlagSet("eval", flag.ContinueOnError)
	flags.SetOutput(stderr)
	stores := flags.String("store", "sqlite,neo4j", "the stores to ask")
	only := flags.String("only", "contacts,search", "the questions to ask")
	flags.BoolVar(&s.aside, "aside", false, "also show the misses of the questions kept aside")
	flags.BoolVar(&s.sectors, "sectors", false, "load Belgium's statistical sectors too, which takes longer than all else")
	if err := flags.Parse(args); err != nil {
		return s, err
	}
	s.stores, s.only = strings.Split(*stores, ","), strings.Split(*only, ",")
	switch {
	case flags.NArg() > 0:
		return s, fmt.Errorf("%q is no flag", flags.Arg(0))
	case slices.ContainsFunc(s.stores, func(n string) bool { return n != "sqlite" && n != "neo4j" }):
		return s, fmt.Errorf("-store %s: the stores are sqlite and neo4j", *stores)
	case slices.ContainsFunc(s.only, func(n string) bool { return n != contactSet && n != searchSetName }):
		return s, fmt.Errorf("-only %s: the questions are contacts and search", *only)
	}
	var err error
	s.root, err = root()
	return s, err
}

// root is the folder of go.mod, at or above the one where the program runs.
func root() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		above := filepath.Dir(dir)
		if above == dir {
			return "", errors.New("run it inside the repository: its lists are read from there")
		}
		dir = above
	}
}

// eval is the program without the process around it.
func eval(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) error {
	s, err := parse(args, getenv, stderr)
	if err != nil {
		return err
	}
	floors, err := readFloors(filepath.Join(s.root, floorFile))
	if err != nil {
		return err
	}
	floors = slices.DeleteFunc(floors, func(f floor) bool { return !s.asks(kindOf(f.set)) })
	var before []outcome
	for _, name := range s.stores {
		if name == "neo4j" && s.neo4j.URI == "" {
			fmt.Fprintln(stderr, "neo4j is left out: TEST_NEO4J_URI is not set")
			continue
		}
		outcomes, err := s.evaluate(ctx, name)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		r := report{store: name, outcomes: outcomes, aside: s.aside}
		if _, err := io.WriteString(stdout, r.String()+"\n"); err != nil {
			return err
		}
		if low := count(outcomes).fallen(floors); len(low) > 0 {
			return fmt.Errorf("%s: below the floor:\n%s", name, strings.Join(low, "\n"))
		}
		if before != nil {
			if others := unlike(before, outcomes); len(others) > 0 {
				return fmt.Errorf("the stores answer unlike each other:\n%s", strings.Join(others, "\n"))
			}
		}
		before = outcomes
	}
	return nil
}

func (s *settings) asks(kind string) bool { return slices.Contains(s.only, kind) }

// kindOf is "contacts" or "search".
func kindOf(set string) string {
	kind, _, _ := strings.Cut(set, "-")
	return kind
}
