package model

import (
	"context"

	"coopgraph/ontology"
)

// The eight kinds.
type (
	// Organisation is a body that acts.
	Organisation struct{ Base }
	// Person is an expert or office holder.
	Person struct{ Base }
	// Post is an office in an organisation.
	Post struct{ Base }
	// Project is an activity.
	Project struct{ Base }
	// Theme is a subject.
	Theme struct{ Base }
	// Instrument is something written.
	Instrument struct{ Base }
	// Event is a meeting, a signature, a term.
	Event struct{ Base }
	// Place is somewhere.
	Place struct{ Base }
)

// IsAgent marks organisations as agents.
func (*Organisation) IsAgent() {}

// IsAgent marks people as agents.
func (*Person) IsAgent() {}

// NewThing gives a thing of the base's kind, nil for none of the eight.
func NewThing(b Base) Thing {
	switch b.T.Kind {
	case ontology.Organisation:
		return &Organisation{b}
	case ontology.Person:
		return &Person{b}
	case ontology.Post:
		return &Post{b}
	case ontology.Project:
		return &Project{b}
	case ontology.Theme:
		return &Theme{b}
	case ontology.Instrument:
		return &Instrument{b}
	case ontology.Event:
		return &Event{b}
	case ontology.Place:
		return &Place{b}
	}
	return nil
}

// Classification is what sort of organisation it is.
func (o *Organisation) Classification() *Classification {
	return enum[Classification](o.text("classification"))
}

// Roles are what the organisation is in the cooperation.
func (o *Organisation) Roles() []OrganisationRole { return enums[OrganisationRole](o.list("roles")) }

// Mailbox is the functional mailbox.
func (o *Organisation) Mailbox() *string { return o.text("mailbox") }

// From is when the organisation was founded.
func (o *Organisation) From() *string { return o.text("from") }

// To is when the organisation was dissolved.
func (o *Organisation) To() *string { return o.text("to") }

// GivenName is the given name.
func (p *Person) GivenName() *string { return p.text("givenName") }

// FamilyName is the family name.
func (p *Person) FamilyName() *string { return p.text("familyName") }

// Languages are those that the person speaks.
func (p *Person) Languages() []string { return p.list("languages") }

// Seats is how many hold the post at once.
func (p *Post) Seats() *int {
	n, ok := p.T.Props["seats"].(int64)
	if !ok {
		return nil
	}
	seats := int(n)
	return &seats
}

// Mailbox is the functional mailbox.
func (p *Post) Mailbox() *string { return p.text("mailbox") }

// Head says whether the holder heads the organisation.
func (p *Post) Head() bool {
	head, _ := p.T.Props["head"].(bool)
	return head
}

// Organisation is the first organisation that the post is a post of.
func (p *Post) Organisation(ctx context.Context) (*Organisation, error) {
	one := 1
	c, err := related[*Organisation](ctx, &p.Base, "organisation", Args{First: &one})
	if err != nil || len(c.Edges) == 0 {
		return nil, err
	}
	return c.Edges[0].Node, nil
}

// LastHolder is the holding last attested, where no holder is current.
func (p *Post) LastHolder(ctx context.Context, asOf *string) (*AgentEdge, error) {
	return p.Load.LastHolder(ctx, &p.Base, p.day(asOf))
}

// Fallback is whom to ask instead.
func (p *Post) Fallback(ctx context.Context) (Thing, error) {
	return p.Load.Fallback(ctx, &p.Base, p.day(nil))
}

// Status is how the project stands on a day.
func (p *Project) Status(asOf *string) Status { return p.status(asOf) }

// From is when the project starts.
func (p *Project) From() *string { return p.text("from") }

// To is when the project ends.
func (p *Project) To() *string { return p.text("to") }

// Scheme is the concept scheme that the theme belongs to.
func (t *Theme) Scheme() *string { return t.text("scheme") }

// Type is what sort of instrument it is.
func (i *Instrument) Type() *InstrumentType { return enum[InstrumentType](i.text("type")) }

// State is how far the instrument has come.
func (i *Instrument) State() InstrumentState {
	if s := i.text("state"); s != nil {
		return InstrumentState(*s)
	}
	return InstrumentStateUnknown
}

// Date is when the instrument was signed, adopted or published.
func (i *Instrument) Date() *string { return i.text("date") }

// From is since when the instrument applies.
func (i *Instrument) From() *string { return i.text("from") }

// To is until when the instrument applies.
func (i *Instrument) To() *string { return i.text("to") }

// BasisOf are the facts that rest on the instrument.
func (i *Instrument) BasisOf(ctx context.Context, asOf *string, first *int, after *string) (*FactConnection, error) {
	hops, err := i.Load.BasisOf(ctx, &i.Base, Args{AsOf: asOf, First: first, After: after})
	if err != nil {
		return nil, err
	}
	return factConnection(hops), nil
}

// Date is the event's day, or its first.
func (e *Event) Date() *string {
	if d := e.text("date"); d != nil {
		return d
	}
	return e.text("from")
}

// From is when the event starts.
func (e *Event) From() *string { return e.text("from") }

// To is when the event ends.
func (e *Event) To() *string { return e.text("to") }

// Status is how the event stands on a day.
func (e *Event) Status(asOf *string) Status { return e.status(asOf) }

// PlaceType is what sort of place it is.
func (p *Place) PlaceType() *PlaceType { return enum[PlaceType](p.text("placeType")) }

// Latitude is in degrees north.
func (p *Place) Latitude() *float64 { return p.number("latitude") }

// Longitude is in degrees east.
func (p *Place) Longitude() *float64 { return p.number("longitude") }
