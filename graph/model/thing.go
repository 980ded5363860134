// Package model holds what the API's types are in Go: things, facts,
// connections, and the enums and inputs that gqlgen generates.
//
// A field with arguments must be a method here: gqlgen would bind it to a
// plain struct field without a warning. Things ask the Loader that they carry
// for their relations, so that the package needs neither stores nor GraphQL.
package model

import (
	"context"
	"slices"
	"time"

	"coopgraph/ontology"
	"coopgraph/store"
)

// Node is anything with an id.
type Node interface{ IsNode() }

// Thing is one of the eight kinds.
type Thing interface {
	Node
	IsThing()
	// Common gives what every kind has in common.
	Common() *Base
}

// Agent is a person or an organisation.
type Agent interface {
	Thing
	IsAgent()
}

// Args are the arguments of a connection.
type Args struct {
	AsOf            *string
	First           *int
	After           *string
	IncludeNarrower bool
	Relations       []Relation
}

// Hops are a page of facts with the things at their far ends, in parallel.
type Hops struct {
	Facts       []*Fact
	Things      []Thing
	Cursors     []string
	HasNext     bool
	HasPrevious bool
	// Total is the length of the whole list; 0 unless it was asked for.
	Total int
}

// Loader answers what things and facts are asked beyond their own properties.
type Loader interface {
	// Today is the day on which a status without asOf is computed.
	Today() ontology.Day
	// Language resolves the reader's language, "nl", "fr", "de" or "en".
	Language(*Language) string
	// Who gives a name of whoever wrote something to those who may see it.
	Who(name string) *string
	// Related gives a page of the relation that is the named field of a kind.
	Related(ctx context.Context, of *Base, field string, a Args) (*Hops, error)
	// Thing reads a thing, nil where it is absent.
	Thing(ctx context.Context, id store.ID) (Thing, error)
	// Anything reads a thing or a fact, nil where it is absent.
	Anything(ctx context.Context, id store.ID) (Node, error)
	// Rows gives a page of a run's report.
	Rows(ctx context.Context, run store.ID, outcomes []RowOutcome, first *int, after *string) (*ImportRowConnection, error)
	// History gives the steps of a thing's history, the newest first.
	History(ctx context.Context, of *Base, first *int) ([]*HistoryStep, error)
	// Source reads a document.
	Source(ctx context.Context, id store.ID) (*Source, error)
	// BasisOf gives a page of the facts that rest on an instrument.
	BasisOf(ctx context.Context, of *Base, a Args) (*Hops, error)
	// LastHolder gives the holding of a post that was last attested, where
	// there is no current one.
	LastHolder(ctx context.Context, of *Base, day ontology.Day) (*AgentEdge, error)
	// Fallback gives whom to ask instead of a post's holder.
	Fallback(ctx context.Context, of *Base, day ontology.Day) (Thing, error)
}

// Base is what every kind of thing has in common.
type Base struct {
	T    ontology.Thing
	Load Loader
	// Tree holds what was read below the thing ahead of being asked; it is the
	// loader's own.
	Tree any
}

// IsNode marks things as nodes.
func (*Base) IsNode() {}

// IsThing marks things.
func (*Base) IsThing() {}

// Common gives the base itself.
func (b *Base) Common() *Base { return b }

// ID is the stable id.
func (b *Base) ID() string { return string(b.T.ID) }

// Kind is the kind, as the API writes it.
func (b *Base) Kind() Kind { return KindOf(b.T.Kind) }

// Name is the best name for the reader.
func (b *Base) Name(language *Language) string { return b.T.Name(b.Load.Language(language)) }

// Description is a text about the thing, nil where there is none.
func (b *Base) Description(language *Language) *string {
	return optional(b.T.Description(b.Load.Language(language)))
}

// maxListed is how many entries a list without a page size has at most.
const maxListed = 100

// maxCitations is how many sources one thing or fact shows at most.
const maxCitations = 10

// Names are all names, best first.
func (b *Base) Names() []*Name {
	names := make([]*Name, 0, len(b.T.Names))
	for _, n := range atMost(b.T.Names, maxListed) {
		names = append(names, NameOf(n, b.Load))
	}
	return names
}

// Identifiers are the thing's names in other schemes.
func (b *Base) Identifiers() []*Identifier {
	ids := make([]*Identifier, 0, len(b.T.Identifiers))
	for _, i := range atMost(b.T.Identifiers, maxListed) {
		ids = append(ids, &Identifier{Scheme: i.Scheme, Value: i.Value, URL: optional(ontology.IdentifierURL(i))})
	}
	return ids
}

// Website is the thing's page on the web.
func (b *Base) Website() *string { return b.text("website") }

// Figures are the numbers that sources give about the thing.
func (b *Base) Figures() []*Figure {
	figures := make([]*Figure, 0, len(b.T.Figures))
	for _, f := range atMost(b.T.Figures, maxListed) {
		figures = append(figures, &Figure{
			Property: f.Property, Value: int(f.Value), Unit: optional(f.Unit),
			AttestedOn: optional(string(f.AttestedOn)), Sources: citations(f.Cites, b.Load),
		})
	}
	return figures
}

// Sources are the places where the thing is named.
func (b *Base) Sources() []*Citation { return citations(b.T.Cites, b.Load) }

// Version grows with every change.
func (b *Base) Version() int { return int(b.T.Version) }

// CreatedAt is when the thing came into the graph.
func (b *Base) CreatedAt() time.Time { return b.T.CreatedAt }

// UpdatedAt is when the thing was last changed.
func (b *Base) UpdatedAt() time.Time { return b.T.UpdatedAt }

// LastConfirmed says who last confirmed the thing.
func (b *Base) LastConfirmed() *Confirmation {
	return confirmation(b.T.ConfirmedAt, b.Load.Who(b.T.ConfirmedBy))
}

// Facts are the facts that the thing is an end of.
func (b *Base) Facts(ctx context.Context, relations []Relation, asOf *string, first *int, after *string) (*FactConnection, error) {
	hops, err := b.Load.Related(ctx, b, "facts", Args{AsOf: asOf, First: first, After: after, Relations: relations})
	if err != nil {
		return nil, err
	}
	return factConnection(hops), nil
}

func (b *Base) text(property string) *string {
	s, _ := b.T.Props[property].(string)
	return optional(s)
}

func (b *Base) list(property string) []string {
	l, _ := b.T.Props[property].([]string)
	return slices.Clone(l)
}

func (b *Base) number(property string) *float64 {
	f, ok := b.T.Props[property].(float64)
	if !ok {
		return nil
	}
	return &f
}

func (b *Base) status(asOf *string) Status {
	day := b.Load.Today()
	if asOf != nil {
		day = ontology.Day(*asOf)
	}
	return Status(b.T.Span().Status(day))
}

// day is the day asked for, or the answer's.
func (b *Base) day(asOf *string) ontology.Day {
	if asOf != nil {
		return ontology.Day(*asOf)
	}
	return b.Load.Today()
}

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func enum[T ~string](s *string) *T {
	if s == nil {
		return nil
	}
	v := T(*s)
	return &v
}

func enums[T ~string](list []string) []T {
	out := make([]T, 0, len(list))
	for _, s := range list {
		out = append(out, T(s))
	}
	return out
}

func atMost[T any](list []T, n int) []T { return list[:min(len(list), n)] }

func confirmation(at time.Time, by *string) *Confirmation {
	if at.IsZero() {
		return nil
	}
	return &Confirmation{At: at, By: by}
}
