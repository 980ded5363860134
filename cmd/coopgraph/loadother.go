package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"coopgraph/export"
	"coopgraph/loader"
	"coopgraph/loader/mapping"
	"coopgraph/loader/read"
	"coopgraph/loader/rows"
	"coopgraph/ontology"
	"coopgraph/store"
	"coopgraph/store/sqlite"
)

// newScratch gives an empty store in a temporary folder, and what closes and
// removes it.
func newScratch(ctx context.Context) (s store.Store, discard func() error, err error) {
	folder, err := os.MkdirTemp("", "coopgraph-dry-run-")
	if err != nil {
		return nil, nil, fmt.Errorf("make a scratch store: %w", err)
	}
	s, err = sqlite.Open(ctx, filepath.Join(folder, "scratch.db"), ontology.Schema(), sqlite.LowMemory())
	if err != nil {
		return nil, nil, errors.Join(fmt.Errorf("make a scratch store: %w", err), os.RemoveAll(folder))
	}
	return s, func() error {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTimeout)
		defer cancel()
		return errors.Join(s.Close(ctx), os.RemoveAll(folder))
	}, nil
}

// printTemplate prints the columns of a template.
func (f *loadFlags) printTemplate(w io.Writer) error {
	columns := mapping.Template
	if f.describe {
		columns = mapping.DescribeTemplate
	}
	text, err := columns(f.template)
	if err != nil {
		return &codedError{exitUsage, fmt.Errorf("--template %s: write one of %s", f.template, strings.Join(mapping.Templates(), ", "))}
	}
	_, err = w.Write(text)
	return err
}

// proposeMapping writes a mapping for a table that none is known for, and why
// it is so.
func (f *loadFlags) proposeMapping(ctx context.Context, p *program, file string) (err error) {
	in, err := read.Inspect(ctx, file, baseName(file), f.encoding)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	spec := read.Spec{Format: in.Format(), Strict: f.strict, XLSX: read.XLSX{Sheet: f.sheet}}
	if spec.Format == "" {
		return fmt.Errorf("%w: %s is in none of the formats %s", rows.ErrFile, in.Name(), strings.Join(read.Formats(), ", "))
	}
	text, why, err := mapping.GuessFile(ctx, in, spec)
	if err != nil {
		return err
	}
	for _, line := range why {
		fmt.Fprintln(p.stderr, line)
	}
	if f.output == "" {
		_, err = p.stdout.Write(text)
		return err
	}
	if err := os.WriteFile(f.output, text, 0o600); err != nil {
		return &codedError{exitUsage, fmt.Errorf("--output: %w", err)}
	}
	fmt.Fprintf(p.stderr, "Wrote %s. Look it through, then: coopgraph load %s --mapping %s --dry-run\n", f.output, file, f.output)
	return nil
}

// takeBack undoes a run.
func (f *loadFlags) takeBack(ctx context.Context, p *program, s store.Store) error {
	done, err := loader.Undo(ctx, loader.UndoOptions{Store: s, Now: time.Now, Run: store.ID(f.undo)})
	if err != nil {
		return err
	}
	for _, note := range done.Notes {
		fmt.Fprintln(p.stderr, note)
	}
	fmt.Fprintf(p.stderr, "Took back %s: %s removed, %d say again what they said before, %d kept because people have built on them\n",
		done.Run, plural(done.Removed, "row", "rows"), done.Restored, done.Kept)
	if f.json {
		return json.NewEncoder(p.stdout).Encode(done)
	}
	_, err = fmt.Fprintf(p.stdout, "run=%s removed=%d restored=%d kept=%d later=%d\n", done.Run, done.Removed, done.Restored, done.Kept, done.Later)
	return err
}

// restore reads whole graphs, as export writes them in JSON Lines, into an empty
// store.
func (f *loadFlags) restore(ctx context.Context, p *program, s store.Store, files []string) error {
	if len(files) > 1 || f.dryRun {
		return &codedError{exitUsage, errors.New("--mapping coopgraph: name one file, and no --dry-run: it is restored into an empty store")}
	}
	var in io.Reader = os.Stdin
	if files[0] != read.StandardInput {
		info, err := os.Stat(files[0])
		if err != nil || !info.Mode().IsRegular() {
			return fmt.Errorf("%w: %s is no regular file", rows.ErrNoInput, nameOf(files[0]))
		}
		file, err := os.Open(files[0])
		if err != nil {
			return fmt.Errorf("%w: %s cannot be opened", rows.ErrNoInput, nameOf(files[0]))
		}
		defer func() { _ = file.Close() }()
		in = file
	}
	done, err := export.Restore(ctx, s, in)
	if err != nil {
		return err
	}
	fmt.Fprintf(p.stderr, "Restored %s: %d sources, %d rows, %d things, %d facts\n", nameOf(files[0]), done.Sources, done.Records, done.Things, done.Facts)
	_, err = fmt.Fprintf(p.stdout, "sources=%d records=%d things=%d facts=%d\n", done.Sources, done.Records, done.Things, done.Facts)
	return err
}
