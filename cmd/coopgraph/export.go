package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"coopgraph/export"
	"coopgraph/store"
)

// exportFlags are the flags of export.
type exportFlags struct {
	format, file string
	// lists are the flags that select, by the parameter of the selection.
	lists map[string]*[]string
}

func exportCommand(p *program) *cobra.Command {
	f := exportFlags{lists: map[string]*[]string{}}
	c := &cobra.Command{
		Use:   "export",
		Short: "Write the graph, or a part of it, to a file",
		Long: `Export writes things and facts in a form that other programs read: tables as
CSV (several are a zip file) or XLSX, graphs as GraphML, GEXF or Cypher, linked
data as JSON-LD, and as JSON Lines all that every source said, without loss.

Tables load again with the mapping of their kind, and JSON Lines with the
mapping coopgraph:

  coopgraph load person.csv --mapping person
  coopgraph load facts.csv --mapping fact
  coopgraph load coopgraph.jsonl --mapping coopgraph

Without flags that select, all is written. What is written is public: names,
functions, organisations, themes, and the sources that say so.`,
		Example: "  coopgraph export --kind organisation -o organisations.csv\n  coopgraph export --format gexf --role MEMBER_STATE -o states.gexf",
		Args:    noArgs,
	}
	var formats []string
	for _, x := range export.Formats() {
		formats = append(formats, string(x))
	}
	c.Flags().StringVar(&f.format, "format", string(export.CSV), "one of "+strings.Join(formats, ", "))
	c.Flags().StringVarP(&f.file, "output", "o", "", "the file to write; the standard output where it is not given")
	for parameter, help := range map[string]string{
		"kind": "only these kinds (organisation, person, …), or facts", "ids": "only the things with these ids",
		"source": "only things that these sources, by id, support", "role": "only organisations in these roles",
		"classification": "only organisations of these classifications", "relation": "only facts of these relations",
	} {
		f.lists[strings.TrimSuffix(parameter, "s")] = c.Flags().StringSlice(parameter, nil, help)
	}
	p.withStore(c, func(ctx context.Context, s store.Store) error { return f.export(ctx, p.stdout, s) })
	return c
}

func (f *exportFlags) export(ctx context.Context, stdout io.Writer, s store.Store) error {
	values := map[string][]string{}
	for name, list := range f.lists {
		if len(*list) > 0 {
			values[name] = *list
		}
	}
	format := export.Format(f.format)
	selection, err := export.ParseSelection(values)
	if err == nil {
		err = selection.Check(format)
	}
	if err != nil {
		return &codedError{exitUsage, err}
	}
	if f.file == "" {
		return export.Write(ctx, stdout, s, selection, format)
	}
	return writeWhole(f.file, func(w io.Writer) error { return export.Write(ctx, w, s, selection, format) })
}

// writeWhole writes a file that is there only when it is whole.
func writeWhole(name string, write func(io.Writer) error) (err error) {
	file, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if err != nil {
		return &codedError{exitUsage, fmt.Errorf("--output: %w", err)}
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, file.Close(), os.Remove(file.Name()))
		}
	}()
	if err := write(file); err != nil {
		return err
	}
	if err := errors.Join(file.Sync(), file.Chmod(0o644)); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	if err := os.Rename(file.Name(), name); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return file.Close()
}
