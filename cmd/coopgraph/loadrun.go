package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"strings"
	"time"

	"coopgraph/loader"
	"coopgraph/loader/mapping"
	"coopgraph/loader/read"
	"coopgraph/store"
)

func baseName(file string) string { return filepath.Base(file) }

// load loads the files, one after the other, up to the first that fails.
func (f *loadFlags) load(ctx context.Context, p *program, logger *slog.Logger, s store.Store, m *mapping.Mapping, files []string) (err error) {
	report, err := f.openReport(p.stdout)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, report.close()) }()
	rejected := int64(0)
	for _, file := range files {
		sum, err := f.loadFile(ctx, p, logger, s, m, file, report)
		if err != nil {
			return err
		}
		rejected += sum.Rejected
	}
	if rejected > 0 {
		return &codedError{exitData, fmt.Errorf("%s rejected", plural(rejected, "row was", "rows were"))}
	}
	return nil
}

// loadFile loads one file and says what became of it.
func (f *loadFlags) loadFile(ctx context.Context, p *program, logger *slog.Logger, s store.Store, m *mapping.Mapping, file string, report *report) (sum loader.Summary, err error) {
	marks, err := f.marks()
	if err != nil {
		return sum, err
	}
	in, err := read.Inspect(ctx, file, baseName(file), f.encoding)
	if err != nil {
		return sum, err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	o := loader.Options{
		Store: s, Now: time.Now, Input: in, Mapping: m, Encoding: f.encoding, Strict: f.strict, Sheet: f.sheet, List: f.list,
		DryRun: f.dryRun, Missing: f.missing, Marks: marks, Row: report.row, Logger: logger,
	}
	if f.dryRun {
		scratch, discard, err := newScratch(ctx)
		if err != nil {
			return sum, err
		}
		defer func() { err = errors.Join(err, discard()) }()
		o.Scratch = scratch
	}
	shown := newProgress(p.stderr, logger, nameOf(file))
	o.Progress = shown.show
	sum, err = loader.Run(ctx, o)
	shown.end()
	for _, note := range sum.Notes {
		logger.Warn(note, "file", nameOf(file))
	}
	if err != nil && sum.Read == 0 {
		return sum, err
	}
	if pairs, counted := f.pairs(ctx, o, sum); counted == nil {
		fmt.Fprintln(p.stderr, f.summary(nameOf(file), sum, pairs, err == nil))
	}
	return sum, errors.Join(err, report.flush(), f.print(p.stdout, sum))
}

// pairs counts the possible duplicates that the run found.
func (f *loadFlags) pairs(ctx context.Context, o loader.Options, sum loader.Summary) (int64, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTimeout)
	defer cancel()
	if f.dryRun {
		return loader.Proposed(ctx, o.Scratch, "")
	}
	return loader.Proposed(ctx, o.Store, sum.Run)
}

// summary says for people what became of a file.
func (f *loadFlags) summary(file string, sum loader.Summary, pairs int64, whole bool) string {
	verb, wait := "Loaded ", "wait for a person to decide"
	switch {
	case f.dryRun:
		verb, wait = "Nothing was written. Loading would bring of ", "would wait for a person to decide"
	case !whole:
		verb = "Not finished: so far, of "
	}
	parts := []string{fmt.Sprintf("%s%s: %d new, %d changed, %d unchanged", verb, file, sum.Created, sum.Changed, sum.Unchanged)}
	add := func(n int64, one, many, more string) {
		if n > 0 {
			parts = append(parts, plural(n, one, many)+more)
		}
	}
	why := ""
	if f.report == "" && !f.dryRun {
		why = " (why: --report FILE)"
	}
	add(sum.Skipped, "row passed over", "rows passed over", "")
	add(sum.Rejected, "row rejected", "rows rejected", why)
	add(sum.Dangling, "reference waits", "references wait", " for what it names")
	add(pairs, "possible duplicate", "possible duplicates", " "+wait)
	gone := " no longer in the list"
	if f.missing == loader.MissingEnd {
		gone += ": what they say has ended"
	}
	add(sum.Missing, "row is", "rows are", gone)
	if sum.Run != "" && !f.dryRun {
		parts = append(parts, fmt.Sprintf("run %s (take back: coopgraph load --undo %s)", sum.Run, sum.Run))
	}
	return strings.Join(parts, "; ")
}

func (f *loadFlags) print(w io.Writer, sum loader.Summary) error {
	if f.json {
		return json.NewEncoder(w).Encode(sum)
	}
	_, err := fmt.Fprintln(w, sum)
	return err
}
