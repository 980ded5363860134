package main

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"coopgraph/loader"
	"coopgraph/loader/mapping"
	"coopgraph/loader/read"
	"coopgraph/loader/rows"
	"coopgraph/store"
)

// loadFlags are the flags of load.
type loadFlags struct {
	mapping, encoding, report string
	dryRun, json              bool
}

func loadCommand(p *program) *cobra.Command {
	var f loadFlags
	c := &cobra.Command{
		Use:   "load FILE…",
		Short: "Load lists: organisations, people, projects from files",
		Long: `Load reads lists and makes their rows part of the graph, as a mapping says.
Rows whose identifier is already in the graph are that thing. Loading a list
again changes nothing but what changed in it; a load that was interrupted goes
on where it stopped when the same command is given again.

For each file it prints one line:

  read=… created=… changed=… unchanged=… skipped=… rejected=… dangling=…

Exit codes: 0 all rows are in; 2 a flag is wrong; 65 rows were rejected (the
others are in), or the file or the mapping is not what it should be; 66 there
is no such file or mapping, or it is no regular file; 69 the database cannot be
reached; 74 the database is damaged or newer than the program; 75 another load
of the same list is under way, or this one was interrupted: try again.`,
		Example: "  coopgraph load v2.json --mapping ror-v2\n  coopgraph load Person.csv --mapping marcobolo-person --dry-run",
		Args:    cobra.MinimumNArgs(1),
	}
	names, err := mapping.Names()
	if err != nil {
		names = nil
	}
	c.Flags().StringVar(&f.mapping, "mapping", "", "a built-in mapping ("+strings.Join(names, ", ")+") or the file of one")
	c.Flags().StringVar(&f.encoding, "encoding", "", "the files' encoding ("+strings.Join(read.Encodings(), ", ")+"); found out where it is not given")
	c.Flags().StringVar(&f.report, "report", "", "write what became of each row that is not unchanged to this CSV file")
	c.Flags().BoolVar(&f.dryRun, "dry-run", false, "write nothing to the store; print what would become of each row")
	c.Flags().BoolVar(&f.json, "json", false, "print the counts as JSON, one object a file")
	log := p.add(c.Flags(), logSetting)
	open := p.storeFlags(c.Flags())
	c.RunE = func(c *cobra.Command, files []string) error {
		logger, err := p.logger(*log)
		if err != nil {
			return err
		}
		if f.mapping == "" {
			return &codedError{exitUsage, fmt.Errorf("--mapping is missing: name a mapping (%s) or a file", strings.Join(names, ", "))}
		}
		m, err := mapping.Open(f.mapping)
		if err != nil {
			return loadError(err)
		}
		s, err := open.open(c.Context())
		if err != nil {
			return err
		}
		err = loadError(f.load(c.Context(), p, logger, s, m, files))
		ctx, cancel := context.WithTimeout(context.WithoutCancel(c.Context()), closeTimeout)
		defer cancel()
		return errors.Join(err, s.Close(ctx))
	}
	return c
}

// loadError gives the error of a load its exit code.
func loadError(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, context.Canceled):
		return &codedError{exitBusy, errors.New("interrupted: the same command goes on where this one stopped")}
	case errors.Is(err, rows.ErrNoInput):
		return &codedError{exitNoInput, err}
	case errors.Is(err, loader.ErrBusy), errors.Is(err, loader.ErrFenced):
		return &codedError{exitBusy, err}
	case errors.Is(err, rows.ErrFile), errors.Is(err, store.ErrInvalid):
		return &codedError{exitData, err}
	}
	return err
}

// load loads the files, one after the other, up to the first that fails.
func (f *loadFlags) load(ctx context.Context, p *program, logger *slog.Logger, s store.Store, m *mapping.Mapping, files []string) (err error) {
	report, err := f.openReport(p.stdout)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, report.close()) }()
	rejected := int64(0)
	for _, file := range files {
		shown := newProgress(p.stderr, logger, filepath.Base(file))
		sum, err := loader.Run(ctx, loader.Options{
			Store: s, Now: time.Now, File: file, Mapping: m, Encoding: f.encoding, DryRun: f.dryRun,
			Row: report.row, Progress: shown.show,
		})
		shown.end()
		for _, note := range sum.Notes {
			logger.Warn(note, "file", filepath.Base(file))
		}
		if err == nil || sum.Read > 0 {
			err = errors.Join(err, f.print(p.stdout, sum))
		}
		if err != nil {
			return err
		}
		rejected += sum.Rejected
	}
	if rejected > 0 {
		return &codedError{exitData, fmt.Errorf("%d rows were rejected", rejected)}
	}
	return nil
}

func (f *loadFlags) print(w io.Writer, sum loader.Summary) error {
	if f.json {
		return json.NewEncoder(w).Encode(sum)
	}
	_, err := fmt.Fprintln(w, sum)
	return err
}

// report writes what became of rows, as CSV: file, line, column, outcome,
// message, id.
type report struct {
	out  *csv.Writer
	file *os.File
}

// openReport opens the report's file; without one, a dry run reports to stdout
// and a run not at all.
func (f *loadFlags) openReport(stdout io.Writer) (*report, error) {
	r := &report{}
	switch {
	case f.report != "":
		file, err := os.Create(f.report)
		if err != nil {
			return nil, &codedError{exitUsage, fmt.Errorf("--report: %w", err)}
		}
		r.file, r.out = file, csv.NewWriter(file)
	case f.dryRun && !f.json:
		r.out = csv.NewWriter(stdout)
	default:
		return r, nil
	}
	return r, r.out.Write([]string{"file", "line", "column", "outcome", "message", "id"})
}

func (r *report) row(result loader.Result) {
	if r.out == nil {
		return
	}
	// The writer keeps its first error, which close gives.
	_ = r.out.Write([]string{
		filepath.Base(result.Item.File), strconv.Itoa(result.Item.Line), result.Item.Column,
		string(result.Outcome), result.Message, string(result.Node),
	})
	r.out.Flush()
}

func (r *report) close() error {
	if r.out == nil {
		return nil
	}
	r.out.Flush()
	err := r.out.Error()
	if r.file != nil {
		err = errors.Join(err, r.file.Close())
	}
	return err
}
