// Command coopgraph serves the cooperation graph and looks after its data.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"coopgraph/store"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// The first signal asks for an orderly end, a second one ends the program.
	context.AfterFunc(ctx, stop)
	err := run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "coopgraph:", err)
	}
	os.Exit(exitCode(err))
}

// The exit codes, after sysexits.h where it has one.
const (
	exitOK          = 0
	exitFailed      = 1
	exitUsage       = 2  // a flag, a setting or an address that is refused
	exitData        = 65 // rows were rejected, or the file is not what it should be
	exitNoInput     = 66 // the file cannot be read
	exitUnavailable = 69 // the database cannot be reached
	exitCorrupt     = 74 // the database is damaged, or written by a newer version
	exitBusy        = 75 // somebody else is at it: try again
)

// codedError is an error that decides the exit code.
type codedError struct {
	code int
	err  error
}

func (e *codedError) Error() string { return e.err.Error() }
func (e *codedError) Unwrap() error { return e.err }

func exitCode(err error) int {
	var coded *codedError
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &coded):
		return coded.code
	case errors.Is(err, store.ErrUnavailable):
		return exitUnavailable
	case errors.Is(err, store.ErrCorrupt), errors.Is(err, store.ErrNewer):
		return exitCorrupt
	}
	return exitFailed
}

// run is the program: main without the process around it.
func run(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) error {
	p := &program{getenv: getenv, stdout: stdout, stderr: stderr}
	root := &cobra.Command{
		Use:   "coopgraph",
		Short: "Whom do I call? The cooperation graph of organisations across borders",
		Long: `Coopgraph holds institutions, partners, people, posts, projects, themes,
instruments, events and places, with every relation dated and sourced, and
answers over GraphQL whom to call.

Every flag can be given as an environment variable too; the flag wins.`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          noArgs,
		RunE:          func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return &codedError{exitUsage, err} })
	root.AddCommand(serveCommand(p), seedCommand(p), loadCommand(p), versionCommand(p), doctorCommand(p), explainCommand(p), exportCommand(p), copyCommand(p), tokenCommand(p))
	return withHint(root.ExecuteContext(ctx))
}

// noArgs refuses arguments that no flag takes.
func noArgs(c *cobra.Command, args []string) error {
	if err := cobra.NoArgs(c, args); err != nil {
		return &codedError{exitUsage, err}
	}
	return nil
}

// withHint says what can be done about a database that cannot be opened.
func withHint(err error) error {
	switch {
	case errors.Is(err, store.ErrNewer):
		return fmt.Errorf("%w; nothing was changed: start the newer program, or restore a backup that this one can read", err)
	case errors.Is(err, store.ErrCorrupt):
		return fmt.Errorf("%w; nothing was deleted: restore a backup", err)
	}
	return err
}

// program is what commands share.
type program struct {
	getenv         func(string) string
	stdout, stderr io.Writer
}
