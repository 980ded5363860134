// Package export is how the graph leaves: selections as tables, as graphs for
// other programs and as linked data, all that every source said without loss,
// and whole graphs from one store to another.
//
// It reads stores through their port, in pages, so that it needs the same
// memory for a graph of any size. What it writes is the same, byte for byte,
// whatever the store. It writes public things only: things, facts and sources,
// never who edited them.
package export

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"coopgraph/ontology"
	"coopgraph/store"
)

// Format is a form in which a selection can be written.
type Format string

// The formats.
const (
	// CSV is a table of one kind, or of facts; several tables are a zip file
	// with one each. The mapping of the kind's name loads it again.
	CSV Format = "csv"
	// XLSX is a workbook with a sheet for each table of CSV.
	XLSX Format = "xlsx"
	// JSONLines is all that every source said, without loss: see Restore.
	JSONLines Format = "jsonl"
	// GraphML is for yEd, Gephi, NetworkX and others.
	GraphML Format = "graphml"
	// GEXF is Gephi's own, version 1.3, with the dates of things and facts.
	GEXF Format = "gexf"
	// JSONLD is linked data in the terms of SKOS, ORG, schema.org and PROV.
	JSONLD Format = "jsonld"
	// Cypher is a script for a Neo4j.
	Cypher Format = "cypher"
)

// Formats lists the formats.
func Formats() []Format { return []Format{CSV, XLSX, JSONLines, GraphML, GEXF, JSONLD, Cypher} }

// Facts is the name of the table of facts, beside those of the kinds.
const Facts = "facts"

// maxIDs is the most ids that a selection names.
const maxIDs = 1_000

// Selection says what of the graph is to be written. The zero one is all of
// it. Every part given must hold for a thing; a fact is selected where its
// relation and both its ends are.
type Selection struct {
	// Kinds are the kinds of things.
	Kinds []store.Kind
	// Facts asks for the table of facts beside those of Kinds; without Kinds it
	// is the only table. Formats that are no tables always have the facts.
	Facts bool
	IDs   []store.ID
	// Sources are sources of which one must support the thing.
	Sources []store.ID
	// Roles and Classifications select organisations.
	Roles, Classifications []string
	Relations              []store.Rel
}

// whole says whether nothing is left out.
func (s Selection) whole() bool {
	return len(s.Kinds) == 0 && !s.Facts && s.allThings() && len(s.Relations) == 0
}

func (s Selection) allThings() bool {
	return s.IDs == nil && len(s.Sources)+len(s.Roles)+len(s.Classifications) == 0
}

// things are the kinds of things that can be selected.
func (s Selection) things() []store.Kind {
	kinds := s.Kinds
	if len(kinds) == 0 {
		kinds = ontology.Kinds()
	}
	return slices.DeleteFunc(slices.Clone(kinds), func(k store.Kind) bool {
		return k != ontology.Organisation && len(s.Roles)+len(s.Classifications) > 0
	})
}

// Check reports what is wrong with the selection for the format, wrapping
// store.ErrInvalid.
func (s Selection) Check(f Format) error {
	switch {
	case !slices.Contains(Formats(), f):
		return invalid("there is no format %.40q; there are %s", f, joined(Formats()))
	case f == JSONLines && !s.whole():
		return invalid("%s holds all that every source said: it takes no selection", JSONLines)
	case len(s.IDs) > maxIDs:
		return invalid("a selection names at most %d ids", maxIDs)
	}
	for _, k := range s.Kinds {
		if !ontology.IsThing(k) {
			return invalid("there is no kind %.40q; there are %s", k, joined(ontology.Kinds()))
		}
	}
	if len(s.things()) == 0 {
		return invalid("only the kind %s has roles and classifications", ontology.Organisation)
	}
	for _, id := range append(slices.Clone(s.IDs), s.Sources...) {
		if !ontology.IsID(string(id)) {
			return invalid("%.40q is no id", id)
		}
	}
	for _, r := range s.Relations {
		if _, ok := ontology.RelationOf(r); !ok {
			return invalid("there is no relation %.40q", r)
		}
	}
	return errorsOf(checkEnum("roles", s.Roles), checkEnum("classification", s.Classifications))
}

func checkEnum(property string, values []string) error {
	p, _ := ontology.PropertyOf(ontology.Organisation, property)
	for _, v := range values {
		if !slices.Contains(p.Values, v) {
			return invalid("%s cannot be %.40q: it is one of %s", property, v, strings.Join(p.Values, ", "))
		}
	}
	return nil
}

func errorsOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func invalid(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{store.ErrInvalid}, args...)...)
}

func joined[T ~string](list []T) string {
	out := make([]string, len(list))
	for i, x := range list {
		out[i] = string(x)
	}
	return strings.Join(out, ", ")
}

// tables lists the kinds of the tables, in the order of ontology.Kinds, then
// "" where there is one of facts.
func (s Selection) tables() []store.Kind {
	var tables []store.Kind
	if len(s.Kinds) > 0 || !s.Facts {
		for _, k := range ontology.Kinds() {
			if slices.Contains(s.things(), k) {
				tables = append(tables, k)
			}
		}
	}
	if s.Facts || len(s.Kinds) == 0 {
		tables = append(tables, "")
	}
	return tables
}

// Zipped says whether the selection, as CSV, is a zip file of several tables.
func (s Selection) Zipped() bool { return len(s.tables()) > 1 }

// Write writes the selection. It fails with store.ErrInvalid where Check does,
// and with the errors of the store, of w and of the context.
func Write(ctx context.Context, w io.Writer, r store.Reader, s Selection, f Format) error {
	if err := s.Check(f); err != nil {
		return err
	}
	p := pages{r: r, s: s}
	b := bufio.NewWriterSize(w, 1<<16)
	if err := write(ctx, b, p, f); err != nil {
		return err
	}
	return b.Flush()
}

func write(ctx context.Context, w *bufio.Writer, p pages, f Format) error {
	out := &printer{w: w}
	switch f {
	case CSV:
		return writeCSV(ctx, w, p)
	case XLSX:
		return writeXLSX(ctx, w, p)
	case JSONLines:
		return writeLines(ctx, w, p.r)
	case GraphML:
		return writeGraph(ctx, p, &graphML{out})
	case GEXF:
		return writeGraph(ctx, p, &gexf{out})
	case JSONLD:
		return writeGraph(ctx, p, newLinked(ctx, out, p.r))
	case Cypher:
		return writeGraph(ctx, p, &script{printer: out})
	}
	return invalid("there is no format %.40q", f)
}

// graphWriter writes a graph: its head, the things by kind and id, the facts by
// relation and id, its tail.
type graphWriter interface {
	head() error
	thing(ontology.Thing) error
	middle() error
	fact(ontology.Fact) error
	tail() error
}

func writeGraph(ctx context.Context, p pages, g graphWriter) error {
	if err := g.head(); err != nil {
		return err
	}
	for _, k := range p.s.things() {
		if err := p.things(ctx, k, g.thing); err != nil {
			return err
		}
	}
	if err := g.middle(); err != nil {
		return err
	}
	if err := p.facts(ctx, func(l link) error { return g.fact(l.fact) }); err != nil {
		return err
	}
	return g.tail()
}

// printer writes text; after the first error it writes no more, and err gives
// it.
type printer struct {
	w   *bufio.Writer
	err error
}

func (p *printer) print(parts ...string) error {
	for _, s := range parts {
		if p.err == nil {
			_, p.err = p.w.WriteString(s)
		}
	}
	return p.err
}
