package main

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/spf13/cobra"

	"coopgraph/ontology"
	"coopgraph/seed"
	"coopgraph/store"
)

// withStore runs a command on the store that its flags name.
func (p *program) withStore(c *cobra.Command, do func(context.Context, store.Store) error) {
	flags := p.storeFlags(c.Flags())
	c.RunE = func(c *cobra.Command, _ []string) error {
		s, err := flags.open(c.Context())
		if err != nil {
			return err
		}
		err = do(c.Context(), s)
		ctx, cancel := context.WithTimeout(context.WithoutCancel(c.Context()), closeTimeout)
		defer cancel()
		return errors.Join(err, s.Close(ctx))
	}
}

func seedCommand(p *program) *cobra.Command {
	c := &cobra.Command{
		Use:   "seed",
		Short: "Load the seed: what the Joint Work Programme and its companions say",
		Long: `Seed loads what is built into the program: institutions, partners, posts,
themes and instruments with the sentences that name them. Loading it again
changes nothing.`,
		Args: noArgs,
	}
	p.withStore(c, func(ctx context.Context, s store.Store) error {
		summary, err := seed.Load(ctx, s, time.Now)
		if err != nil {
			return err
		}
		fmt.Fprintln(p.stdout, summary)
		return nil
	})
	return c
}

func versionCommand(p *program) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  noArgs,
		Run:   func(*cobra.Command, []string) { fmt.Fprintln(p.stdout, "coopgraph", version()) },
	}
}

// version is the module's version, or the commit that the program was built
// from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return s.Value[:min(len(s.Value), 12)]
		}
	}
	return "development"
}

func doctorCommand(p *program) *cobra.Command {
	c := &cobra.Command{
		Use:   "doctor",
		Short: "Check the settings and the store",
		Long: `Doctor opens the store, checks the database and its schema, and counts what
it holds. It changes nothing but bringing the schema up to date.`,
		Args: noArgs,
	}
	p.withStore(c, func(ctx context.Context, s store.Store) error {
		if err := s.Ping(ctx); err != nil {
			return err
		}
		info, err := s.Info(ctx)
		if err != nil {
			return err
		}
		fmt.Fprintf(p.stdout, "engine     %s\nmigration  %d\n", info.Engine, info.Migration)
		for _, k := range append(ontology.Kinds(), ontology.Source, ontology.Record, ontology.ImportRun) {
			page, err := s.Find(ctx, []store.Kind{k}, store.Filter{}, store.Paging{Limit: 1, Count: true})
			if err != nil {
				return err
			}
			fmt.Fprintf(p.stdout, "%-13s %9d\n", k, page.Count)
		}
		for _, problem := range info.Problems {
			fmt.Fprintln(p.stdout, "problem:", problem)
		}
		if len(info.Problems) > 0 {
			return &codedError{exitCorrupt, fmt.Errorf("%d problems: restore a backup", len(info.Problems))}
		}
		fmt.Fprintln(p.stdout, "no problems")
		return nil
	})
	return c
}
