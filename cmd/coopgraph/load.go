package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"coopgraph/export"
	"coopgraph/loader"
	"coopgraph/loader/mapping"
	"coopgraph/loader/read"
	"coopgraph/loader/rows"
	"coopgraph/ontology/match"
	"coopgraph/store"
	"coopgraph/store/sqlite"
)

// loadFlags are the flags of load.
type loadFlags struct {
	mapping, encoding, sheet, list, missing, match string
	report, reportFormat                           string
	template, output, undo                         string
	dryRun, json, strict, guess, schema, describe  bool
}

const loadHelp = `Load reads lists and makes their rows part of the graph, as a mapping says.
Rows whose identifier is already in the graph are that thing; rows without one
are compared by their names and what else is known of them, and what may be the
same waits for a person to decide. Loading a list again changes nothing but what
changed in it; a load that was interrupted goes on where it stopped when the
same command is given again. FILE - is standard input.

  --dry-run            shows what would become of each row and writes nothing
  --undo RUN           takes a whole run back
  --guess              proposes a mapping for a table that none is known for
  --template NAME      prints the columns of a table for people to fill in
  --mapping-schema     prints the JSON Schema of mappings

For each file it prints one line to standard output,

  read=… created=… changed=… unchanged=… skipped=… rejected=… dangling=…

(for --undo: run=… removed=… restored=… kept=… later=…), and a summary for
people to standard error. Ctrl-C ends it after the batch in hand; a second one
at once.

Exit codes: 0 all rows are in; 2 a flag is wrong; 65 rows were rejected (the
others are in), or the file, the mapping or the run is not what it should be; 66
there is no such file, mapping or run, or it is no regular file; 69 the database
cannot be reached; 74 the database is damaged or newer than the program; 75
another load of the same list is under way, or this one was interrupted: try
again.`

func loadCommand(p *program) *cobra.Command {
	var f loadFlags
	c := &cobra.Command{
		Use:   "load FILE…",
		Short: "Load lists: organisations, people, projects from files",
		Long:  loadHelp,
		Example: `  coopgraph load v2.json --mapping ror-v2
  coopgraph load people.xlsx --mapping person --dry-run
  coopgraph load --template person > people.csv
  coopgraph load partners.csv --guess > partners.yaml
  coopgraph load --undo r_aaaaaaaaaaaaaaaaaaaaaaaaaa`,
	}
	f.declare(c)
	log := p.add(c.Flags(), logSetting)
	open := p.storeFlags(c.Flags())
	c.RunE = func(c *cobra.Command, files []string) error {
		if err := f.check(files); err != nil {
			return &codedError{exitUsage, err}
		}
		switch {
		case f.schema:
			_, err := p.stdout.Write(mapping.Schema())
			return err
		case f.template != "":
			return f.printTemplate(p.stdout)
		case f.guess:
			return loadError(f.proposeMapping(c.Context(), p, files[0]))
		}
		logger, err := p.logger(*log)
		if err != nil {
			return err
		}
		return loadError(f.withStore(c.Context(), p, logger, open, files))
	}
	return c
}

func (f *loadFlags) declare(c *cobra.Command) {
	flags := c.Flags()
	flags.StringVar(&f.mapping, "mapping", "", "a built-in mapping ("+strings.Join(builtInMappings(), ", ")+") or the file of one")
	flags.StringVar(&f.encoding, "encoding", "", "the files' encoding ("+strings.Join(read.Encodings(), ", ")+"); found out where it is not given")
	flags.StringVar(&f.list, "list", "", "the list's name, by which tables of one form are told apart; its file's name without numbers where it is not given")
	flags.StringVar(&f.sheet, "sheet", "", "the sheet of a workbook, by name or by its place from 1; found out where it is not given")
	flags.BoolVar(&f.strict, "strict", false, "reject the rows that have cells too many or too few")
	flags.BoolVar(&f.dryRun, "dry-run", false, "write nothing to the store; print what would become of each row")
	flags.StringVar(&f.missing, "missing", loader.MissingReport, "what to do about rows that the list had before and has no longer: report, or end what they say holds")
	flags.StringVar(&f.match, "match", "", fmt.Sprintf("the scores from which names tell that two things are the same, and that they may be (usually %g,%g)", match.DefaultMarks.Same, match.DefaultMarks.Possible))
	flags.StringVar(&f.report, "report", "", "write what became of each row that is not unchanged to this file")
	flags.StringVar(&f.reportFormat, "report-format", "", "the report's form: text, csv or json; else as the file's ending says, text on standard output")
	flags.BoolVar(&f.json, "json", false, "print the counts as JSON, one object a file")
	flags.StringVar(&f.undo, "undo", "", "take back the run of this id")
	flags.BoolVar(&f.describe, "describe", false, "with --template: print what each column means")
	flags.StringVar(&f.template, "template", "", "print the columns of a template ("+strings.Join(mapping.Templates(), ", ")+") as CSV")
	flags.BoolVar(&f.schema, "mapping-schema", false, "print the JSON Schema of mappings")
	flags.BoolVar(&f.guess, "guess", false, "print a mapping for the table, to be looked through and edited")
	flags.StringVarP(&f.output, "output", "o", "", "the file to write the guessed mapping to")
}

func builtInMappings() []string {
	names, err := mapping.Names()
	if err != nil {
		return nil
	}
	return names
}

// check reports flags that do not go together.
func (f *loadFlags) check(files []string) error {
	alone := 0
	for _, on := range []bool{f.schema, f.template != "", f.guess, f.undo != ""} {
		if on {
			alone++
		}
	}
	switch {
	case f.describe && f.template == "":
		return errors.New("--describe goes with --template")
	case alone > 1:
		return errors.New("--undo, --guess, --template and --mapping-schema do not go together")
	case f.guess && len(files) != 1:
		return errors.New("--guess: name one file")
	case alone == 1 && !f.guess && len(files) > 0:
		return errors.New("--undo, --template and --mapping-schema take no file")
	case alone == 0 && len(files) == 0:
		return errors.New("name a file to load")
	case f.missing != loader.MissingReport && f.missing != loader.MissingEnd:
		return fmt.Errorf("--missing %s: write report or end", f.missing)
	}
	if _, err := f.marks(); err != nil {
		return err
	}
	_, err := f.reportForm()
	return err
}

// marks reads --match.
func (f *loadFlags) marks() (match.Marks, error) {
	if f.match == "" {
		return match.Marks{}, nil
	}
	a, b, _ := strings.Cut(f.match, ",")
	same, errSame := strconv.ParseFloat(a, 64)
	possible, errPossible := strconv.ParseFloat(b, 64)
	if errSame != nil || errPossible != nil || possible <= 0 || possible > same {
		return match.Marks{}, fmt.Errorf("--match %s: write two scores, as in %g,%g", f.match, match.DefaultMarks.Same, match.DefaultMarks.Possible)
	}
	return match.Marks{Same: same, Possible: possible}, nil
}

// loadMemory is what a load's own data may take before it is collected more
// eagerly, in bytes.
const loadMemory = 96 << 20

// withStore does what needs the store.
func (f *loadFlags) withStore(ctx context.Context, p *program, logger *slog.Logger, open *storeFlags, files []string) error {
	var m *mapping.Mapping
	if f.undo == "" {
		if f.mapping == "" {
			return &codedError{exitUsage, fmt.Errorf("--mapping is missing: %s", f.suggest(ctx, files[0]))}
		}
		var err error
		if m, err = mapping.Open(f.mapping); err != nil {
			return err
		}
	}
	// A list of any length is loaded in a small machine.
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(loadMemory))
	s, err := open.open(ctx, sqlite.LowMemory())
	if err != nil {
		return err
	}
	switch {
	case f.undo != "":
		err = f.takeBack(ctx, p, s)
	case m.Lossless():
		err = f.restore(ctx, p, s, files)
	default:
		err = f.load(ctx, p, logger, s, m, files)
	}
	closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTimeout)
	defer cancel()
	return errors.Join(err, s.Close(closing))
}

// suggest says which mapping a file may want.
func (f *loadFlags) suggest(ctx context.Context, file string) string {
	all := fmt.Sprintf("name a mapping (%s) or a file", strings.Join(builtInMappings(), ", "))
	if file == read.StandardInput {
		return all
	}
	in, err := read.Inspect(ctx, file, baseName(file), f.encoding)
	if err != nil {
		return all
	}
	format := in.Format()
	if err := in.Close(); err != nil {
		return all
	}
	switch format {
	case read.FormatPopolo:
		return "the file looks like Popolo: try --mapping popolo; or " + all
	case read.FormatNTriples, read.FormatTurtle:
		return "the file is RDF: try --mapping skos for themes, skos-place for places, org for organisations; or " + all
	case read.FormatGenericode:
		return "the file is a code list in genericode: try --mapping nuts-genericode for regions, or let a mapping be proposed by --guess; or " + all
	case read.FormatCSV, read.FormatXLSX:
		return "the file is a table: let a mapping be proposed by --guess; or " + all
	}
	return all
}

// loadError gives the error of a load its exit code.
func loadError(err error) error {
	var coded *codedError
	switch {
	case err == nil, errors.As(err, &coded):
		return err
	case errors.Is(err, context.Canceled):
		return &codedError{exitBusy, errors.New("interrupted: the same command goes on where this one stopped")}
	case errors.Is(err, rows.ErrNoInput), errors.Is(err, store.ErrNotFound):
		return &codedError{exitNoInput, err}
	case errors.Is(err, loader.ErrBusy), errors.Is(err, loader.ErrFenced):
		return &codedError{exitBusy, err}
	case errors.Is(err, rows.ErrFile), errors.Is(err, store.ErrInvalid), errors.Is(err, loader.ErrManyMissing), errors.Is(err, export.ErrNotEmpty):
		return &codedError{exitData, err}
	}
	return err
}

// plural gives a number with the word for what is counted.
func plural(n int64, one, many string) string {
	return fmt.Sprintf("%d %s", n, map[bool]string{true: one, false: many}[n == 1])
}

// nameOf is how a file is called in messages.
func nameOf(file string) string {
	if file == read.StandardInput {
		return "standard input"
	}
	return cmp.Or(baseName(file), file)
}
