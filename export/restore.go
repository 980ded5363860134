package export

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"coopgraph/ontology"
	"coopgraph/ontology/match"
	"coopgraph/store"
)

// ErrNotEmpty says that the store holds a graph already.
var ErrNotEmpty = errors.New("the store is not empty")

const (
	// changesPerBatch is how many changes are committed at once.
	changesPerBatch = 500
	// maxLine is the most bytes of a line of the format JSONLines.
	maxLine = 64 << 20
	// maxValues is how many values one condition carries to the store.
	maxValues = 200
)

// Restored counts what Restore wrote.
type Restored struct {
	Sources, Records, Things, Facts int64
}

// Restore reads what Write wrote as JSONLines into a store that is empty, or
// that an interrupted Restore of the same file left behind. It puts what every
// source said where it was, with its time, and folds things and facts anew. It
// fails with ErrNotEmpty, with store.ErrInvalid, which names the line, and with
// the errors of the store and of the context.
func Restore(ctx context.Context, s store.Store, in io.Reader) (Restored, error) {
	if err := restorable(ctx, s); err != nil {
		return Restored{}, err
	}
	r := &restorer{store: s, kept: map[store.ID]keptLine{}, dates: map[store.ID]ontology.PartialDate{}}
	err := errorsInOrder(
		func() error { return r.read(ctx, in) },
		func() error { return r.flush(ctx) },
		func() error { return r.foldAll(ctx, r.things) },
		func() error { return r.flush(ctx) },
		func() error { return r.foldAll(ctx, r.facts) },
		func() error { return r.flush(ctx) },
	)
	return r.done, err
}

// errorsInOrder does one step after the other, up to the first that fails.
func errorsInOrder(steps ...func() error) error {
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// restorable says whether the store is empty, or holds nothing but sources,
// records, and what can be folded from them: runs and edits are of a graph that
// is in use.
func restorable(ctx context.Context, s store.Reader) error {
	for _, k := range []store.Kind{ontology.ImportRun, ontology.Commit, ontology.Revision, ontology.Duplicate} {
		page, err := s.Find(ctx, []store.Kind{k}, store.Filter{}, store.Paging{Limit: 1})
		if err != nil {
			return fmt.Errorf("look into the store: %w", err)
		}
		if len(page.Items) > 0 {
			return ErrNotEmpty
		}
	}
	return nil
}

type restorer struct {
	store   store.Store
	changes []store.Change
	kept    map[store.ID]keptLine
	// dates are those of the sources.
	dates map[store.ID]ontology.PartialDate
	done  Restored
}

func (r *restorer) put(ctx context.Context, c store.Change) error {
	r.changes = append(r.changes, c)
	if len(r.changes) < changesPerBatch {
		return nil
	}
	return r.flush(ctx)
}

func (r *restorer) flush(ctx context.Context) error {
	if len(r.changes) == 0 {
		return nil
	}
	if _, err := r.store.Apply(ctx, r.changes); err != nil {
		return fmt.Errorf("write %d changes: %w", len(r.changes), err)
	}
	r.changes = r.changes[:0]
	return nil
}

// read writes the sources and records.
func (r *restorer) read(ctx context.Context, in io.Reader) error {
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, maxLine)
	for number := 1; lines.Scan(); number++ {
		if len(bytes.TrimSpace(lines.Bytes())) == 0 {
			continue
		}
		if err := r.line(ctx, lines.Bytes()); err != nil {
			return fmt.Errorf("line %d: %w", number, err)
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("read the lines: %w", err)
	}
	return nil
}

func (r *restorer) line(ctx context.Context, text []byte) error {
	var l line
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&l); err != nil {
		return fmt.Errorf("%w: %w", store.ErrInvalid, err)
	}
	switch {
	case l.Source != nil && l.Record == nil && l.Kept == nil:
		return r.source(ctx, ontology.Document(*l.Source))
	case l.Record != nil && l.Source == nil && l.Kept == nil:
		return r.record(ctx, *l.Record)
	case l.Kept != nil && l.Source == nil && l.Record == nil:
		r.kept[l.Kept.ID] = *l.Kept
		return nil
	}
	return invalid("want one of source, record and kept")
}

func (r *restorer) source(ctx context.Context, d ontology.Document) error {
	if !ontology.IsID(string(d.ID)) || !strings.HasPrefix(string(d.ID), "s_") {
		return invalid("%.40q is no id of a source", d.ID)
	}
	if d.Date != "" {
		if _, err := ontology.ParsePartialDate(d.Date); err != nil {
			return err
		}
	}
	r.dates[d.ID] = ontology.PartialDate(d.Date)
	r.done.Sources++
	return r.put(ctx, store.Change{Op: store.PutNode, Node: d.Node()})
}

func (r *restorer) record(ctx context.Context, l recordLine) error {
	rec := ontology.SourceRecord{Source: l.Source, Key: l.Key, Standing: l.Standing, At: l.At.UTC().Truncate(time.Microsecond)}
	if err := json.Unmarshal(l.Claims, &rec.Claims); err != nil {
		return fmt.Errorf("%w: claims: %w", store.ErrInvalid, err)
	}
	if err := checkClaims(rec.Claims); err != nil {
		return err
	}
	node, err := rec.Node()
	if err != nil {
		return err
	}
	node.Props["body"] = string(l.Claims)
	r.done.Records++
	return r.put(ctx, store.Change{Op: store.PutNode, Node: node})
}

func checkClaims(c ontology.Claims) error {
	for _, t := range c.Things {
		if !ontology.IsID(string(t.ID)) {
			return invalid("%.40q is no id of a thing", t.ID)
		}
		if err := t.Validate(); err != nil {
			return err
		}
	}
	for _, f := range c.Facts {
		if err := f.Validate(); err != nil {
			return err
		}
	}
	return nil
}

// said is what records say of things and of groups of facts, by id.
type said struct {
	things map[string][]ontology.Weighed[ontology.ThingClaim]
	groups map[string][]ontology.Weighed[ontology.FactClaim]
	// first and last are when something of it was first and last said.
	first, last map[string]time.Time
}

// foldAll folds what the records speak of, a page of them at a time.
func (r *restorer) foldAll(ctx context.Context, fold func(context.Context, []string) error) error {
	return eachNode(ctx, r.store, ontology.Record, store.Filter{}, func(nodes []store.Node) error {
		set := map[string]bool{}
		for _, n := range nodes {
			about, _ := n.Props["about"].([]string)
			for _, a := range about {
				set[a] = true
			}
		}
		for chunk := range slices.Chunk(slices.Sorted(maps.Keys(set)), maxValues) {
			if err := fold(ctx, chunk); err != nil {
				return err
			}
			// What the next chunk folds must not be folded twice.
			if err := r.flush(ctx); err != nil {
				return err
			}
		}
		return nil
	})
}

// isThing tells things from groups of facts among what records speak of.
func isThing(about string) bool { return strings.HasPrefix(about, "n_") }

// saidOf reads all that is said of what is asked about.
func (r *restorer) saidOf(ctx context.Context, about []string) (said, error) {
	s := said{
		map[string][]ontology.Weighed[ontology.ThingClaim]{},
		map[string][]ontology.Weighed[ontology.FactClaim]{},
		map[string]time.Time{},
		map[string]time.Time{},
	}
	asked := map[string]bool{}
	for _, a := range about {
		asked[a] = true
	}
	f := store.Filter{Conds: []store.Cond{{Prop: "about", Values: anyOf(about)}}}
	err := eachNode(ctx, r.store, ontology.Record, f, func(nodes []store.Node) error {
		for _, n := range nodes {
			rec, err := ontology.RecordOf(n)
			if err != nil {
				return err
			}
			s.add(n.ID, rec, asked)
		}
		return nil
	})
	return s, err
}

func (s said) add(id store.ID, r ontology.SourceRecord, asked map[string]bool) {
	for _, t := range r.Claims.Things {
		if about := string(t.ID); asked[about] {
			s.things[about] = append(s.things[about], ontology.Weighed[ontology.ThingClaim]{Claim: t, Standing: r.Standing, At: r.At, Record: id})
			s.time(about, r.At)
		}
	}
	for _, c := range r.Claims.Facts {
		if about := c.Group(); c.Whole() && asked[about] {
			s.groups[about] = append(s.groups[about], ontology.Weighed[ontology.FactClaim]{Claim: c, Standing: r.Standing, At: r.At, Record: id})
			s.time(about, r.At)
		}
	}
}

func (s said) time(about string, at time.Time) {
	if first, ok := s.first[about]; !ok || at.Before(first) {
		s.first[about] = at
	}
	if at.After(s.last[about]) {
		s.last[about] = at
	}
}

// finish sets the properties that folding does not make.
func (r *restorer) finish(p store.Props, id store.ID, about string, s said) {
	p["createdAt"], p["updatedAt"] = s.first[about], s.last[about]
	if k, ok := r.kept[id]; ok {
		if len(k.FormerIDs) > 0 {
			p["formerIds"] = k.FormerIDs
		}
		if k.ConfirmedAt != nil {
			p["confirmedAt"] = k.ConfirmedAt.UTC().Truncate(time.Microsecond)
		}
	}
}

// things folds those of the things that are not there yet.
func (r *restorer) things(ctx context.Context, about []string) error {
	var ids []store.ID
	for _, a := range about {
		if isThing(a) {
			ids = append(ids, store.ID(a))
		}
	}
	there, err := r.store.Nodes(ctx, ids)
	if err != nil {
		return fmt.Errorf("read %d things: %w", len(ids), err)
	}
	absent := slices.DeleteFunc(about, func(a string) bool {
		_, ok := there[store.ID(a)]
		return ok || !isThing(a)
	})
	if len(absent) == 0 {
		return nil
	}
	s, err := r.saidOf(ctx, absent)
	if err != nil {
		return err
	}
	for _, a := range slices.Sorted(maps.Keys(s.things)) {
		if ontology.Withdrawn(s.things[a]) {
			continue
		}
		folded, err := match.Fold(s.things[a])
		if err != nil {
			return err
		}
		node := folded.Node
		r.finish(node.Props, node.ID, a, s)
		r.done.Things++
		if err := r.put(ctx, store.Change{Op: store.PutNode, Node: node, Tokens: folded.Tokens()}); err != nil {
			return err
		}
	}
	return nil
}

// facts folds those of the groups of facts that are not there yet.
func (r *restorer) facts(ctx context.Context, about []string) error {
	groups := slices.DeleteFunc(about, isThing)
	if len(groups) == 0 {
		return nil
	}
	page, err := r.store.Edges(ctx, nil, store.Filter{Conds: []store.Cond{{Prop: "group", Values: anyOf(groups)}}}, store.Paging{})
	if err != nil {
		return fmt.Errorf("read facts of %d groups: %w", len(groups), err)
	}
	there := map[string]bool{}
	for _, e := range page.Items {
		g, _ := e.Props["group"].(string)
		there[g] = true
	}
	absent := slices.DeleteFunc(groups, func(g string) bool { return there[g] })
	if len(absent) == 0 {
		return nil
	}
	s, err := r.saidOf(ctx, absent)
	if err != nil {
		return err
	}
	for _, g := range slices.Sorted(maps.Keys(s.groups)) {
		if err := r.group(ctx, g, s); err != nil {
			return err
		}
	}
	return nil
}

// group folds the facts of a group, whose ends they share. A fact with an end
// that is withdrawn, or with one thing at both, is not shown.
func (r *restorer) group(ctx context.Context, g string, s said) error {
	c := s.groups[g][0].Claim
	ids := []store.ID{c.Subject.ID, c.Object.ID}
	if c.Basis != nil {
		ids = append(ids, c.Basis.ID)
	}
	ends, err := r.store.Nodes(ctx, ids)
	if err != nil {
		return fmt.Errorf("read the ends of a fact: %w", err)
	}
	if ends[c.Subject.ID].ID == "" || ends[c.Object.ID].ID == "" || c.Subject.ID == c.Object.ID {
		return nil
	}
	basis := ontology.Instrument
	if c.Basis != nil && ends[c.Basis.ID].ID != "" {
		basis = ends[c.Basis.ID].Kind
	}
	if err := c.ValidateEnds(ends[c.Subject.ID].Kind, ends[c.Object.ID].Kind, basis); err != nil {
		return err
	}
	edges, err := ontology.FoldFacts(s.groups[g], r.dates)
	if err != nil {
		return err
	}
	for _, e := range edges {
		r.finish(e.Props, e.ID, g, s)
		r.done.Facts++
		if err := r.put(ctx, store.Change{Op: store.PutEdge, Edge: e}); err != nil {
			return err
		}
	}
	return nil
}
