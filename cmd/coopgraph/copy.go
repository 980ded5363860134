package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"coopgraph/export"
	"coopgraph/store"
)

func copyCommand(p *program) *cobra.Command {
	var from, to string
	c := &cobra.Command{
		Use:   "copy --from STORE --to STORE",
		Short: "Copy a whole graph into another store",
		Long: `Copy writes all of a graph, its sources, runs and history included, into an
empty store, and then compares both. Tokens and leases are not copied: they are
a store's own. Nothing else should write to either store meanwhile.

Exit codes: 0 the copy is the same; 1 it is not; 2 a flag is wrong; 65 the store
to copy into is not empty; 66 there is no such file; 69 a database cannot be
reached.`,
		Example: "  coopgraph copy --from sqlite:coopgraph.db --to neo4j://localhost",
		Args:    noArgs,
	}
	c.Flags().StringVar(&from, "from", "", "the store to copy: as --store of other commands")
	c.Flags().StringVar(&to, "to", "", "the empty store to copy into")
	log := p.add(c.Flags(), logSetting)
	user, database := p.add(c.Flags(), userSetting), p.add(c.Flags(), databaseSetting)
	c.RunE = func(c *cobra.Command, _ []string) error {
		if from == "" || to == "" || from == to {
			return &codedError{exitUsage, errors.New("name two stores by --from and --to")}
		}
		if file, ok := strings.CutPrefix(from, "sqlite:"); ok {
			if _, err := os.Stat(file); err != nil {
				return &codedError{exitNoInput, fmt.Errorf("--from: %w", err)}
			}
		}
		source := &storeFlags{p, &from, user, database}
		target := &storeFlags{p, &to, user, database}
		return p.copy(c.Context(), *log, source, target)
	}
	return c
}

func (p *program) copy(ctx context.Context, log string, from, to *storeFlags) (err error) {
	logger, err := p.logger(log)
	if err != nil {
		return err
	}
	a, err := from.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeStore(ctx, a)) }()
	b, err := to.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeStore(ctx, b)) }()
	said := time.Now()
	done, err := export.Copy(ctx, a, b, func(c export.Copied) {
		if c.Checking || time.Since(said) >= logEvery {
			said = time.Now()
			logger.Info("copying", "nodes", c.Nodes, "edges", c.Edges, "checking", c.Checking)
		}
	})
	if errors.Is(err, export.ErrNotEmpty) {
		return &codedError{exitData, fmt.Errorf("--to %s: %w", to, err)}
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "copied nodes=%d edges=%d; both stores hold the same\n", done.Nodes, done.Edges)
	return nil
}

func closeStore(ctx context.Context, s store.Store) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTimeout)
	defer cancel()
	return s.Close(ctx)
}
