package model

import (
	"context"
	"fmt"
	"strings"
	"time"

	"coopgraph/ontology"
	"coopgraph/store"
)

// Fact is a dated, sourced relation between two things.
type Fact struct {
	F    ontology.Fact
	Load Loader
}

// IsNode marks facts as nodes.
func (*Fact) IsNode() {}

// ID is the stable id.
func (f *Fact) ID() string { return string(f.F.ID) }

// Relation is what the subject is to the object.
func (f *Fact) Relation() Relation { return Relation(f.F.Relation) }

// Subject reads the thing that the fact is about.
func (f *Fact) Subject(ctx context.Context) (Thing, error) { return f.end(ctx, f.F.Subject) }

// Object reads the other end.
func (f *Fact) Object(ctx context.Context) (Thing, error) { return f.end(ctx, f.F.Object) }

func (f *Fact) end(ctx context.Context, id store.ID) (Thing, error) {
	t, err := f.Load.Thing(ctx, id)
	if err == nil && t == nil {
		err = fmt.Errorf("end %s of fact %s: %w", id, f.F.ID, store.ErrNotFound)
	}
	return t, err
}

// Role is in what capacity.
func (f *Fact) Role() *string { return optional(f.F.Role) }

// Basis reads the instrument that the fact rests on.
func (f *Fact) Basis(ctx context.Context) (*Instrument, error) {
	if f.F.Basis == "" {
		return nil, nil //nolint:nilnil // GraphQL's null
	}
	t, err := f.Load.Thing(ctx, f.F.Basis)
	if err != nil {
		return nil, err
	}
	i, _ := t.(*Instrument)
	return i, nil
}

// From is since when.
func (f *Fact) From() *string { return optional(string(f.F.From)) }

// To is until when.
func (f *Fact) To() *string { return optional(string(f.F.To)) }

// AttestedOn is the latest date at which a source knew the fact to hold.
func (f *Fact) AttestedOn() *string { return optional(string(f.F.AttestedOn)) }

// Planned says whether the sources only plan it.
func (f *Fact) Planned() bool { return f.F.Planned }

// Version grows with every change.
func (f *Fact) Version() int { return int(f.F.Version) }

// Status is how the fact stands on a day.
func (f *Fact) Status(asOf *string) Status {
	day := f.Load.Today()
	if asOf != nil {
		day = ontology.Day(*asOf)
	}
	return Status(f.F.Status(day))
}

// Sources are the places where the fact is stated.
func (f *Fact) Sources() []*Citation { return citations(f.F.Cites, f.Load) }

// LastConfirmed says who last confirmed the fact.
func (f *Fact) LastConfirmed() *Confirmation {
	return confirmation(f.F.ConfirmedAt, f.Load.Who(f.F.ConfirmedBy))
}

// Citation is a place in a source.
type Citation struct {
	C    ontology.Citation
	Load Loader
}

// Source reads the document.
func (c *Citation) Source(ctx context.Context) (*Source, error) {
	return c.Load.Source(ctx, c.C.Source)
}

// Locator is where in the source it is.
func (c *Citation) Locator() *string { return optional(c.C.Locator) }

// Quote is the supporting text.
func (c *Citation) Quote() *string { return optional(c.C.Quote) }

func citations(cites []ontology.Citation, load Loader) []*Citation {
	out := make([]*Citation, 0, len(cites))
	for _, c := range atMost(cites, maxCitations) {
		out = append(out, &Citation{C: c, Load: load})
	}
	return out
}

// Name is a name of a thing.
type Name struct {
	N    ontology.Name
	Load Loader
}

// NameOf gives a name as the API shows it.
func NameOf(n ontology.Name, load Loader) *Name { return &Name{N: n, Load: load} }

// Value is the name itself.
func (n *Name) Value() string { return n.N.Value }

// Language is the name's language.
func (n *Name) Language() *string { return optional(n.N.Language) }

// Type is the name's type.
func (n *Name) Type() NameType { return NameType(n.N.Type) }

// Sources are the places where it is written so.
func (n *Name) Sources() []*Citation { return citations(n.N.Cites, n.Load) }

// SourceOf gives a document as the API shows it.
func SourceOf(d ontology.Document) *Source {
	return &Source{
		ID: string(d.ID), Title: d.Title, Language: optional(d.Language), Date: optional(d.Date),
		URL: optional(d.URL), Licence: optional(d.Licence), Publisher: optional(d.Publisher),
	}
}

// KindOf gives a kind as the API writes it.
func KindOf(k store.Kind) Kind { return Kind(strings.ToUpper(string(k))) }

// StoreKind gives a kind as stores write it.
func (k Kind) StoreKind() store.Kind {
	for _, x := range ontology.Kinds() {
		if KindOf(x) == k {
			return x
		}
	}
	return ""
}

// Reason says why a contact is one.
type Reason struct {
	Weight float64
	Facts  []*Fact
	// In gives the reason in a line, in a language ("nl").
	In   func(language string) string
	Load Loader
}

// Text is the reason in the reader's language.
func (r *Reason) Text(language *Language) string { return r.In(r.Load.Language(language)) }

// Confirmation says that somebody confirmed something.
type Confirmation struct {
	At time.Time
	By *string
}
