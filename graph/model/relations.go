package model

import "context"

// The pages of each type; gqlgen binds types by these names.
type (
	// OrganisationConnection is a page of things.
	OrganisationConnection = Connection[*Organisation]
	// OrganisationEdge is a thing in a list.
	OrganisationEdge = Edge[*Organisation]
	// PersonConnection is a page of things.
	PersonConnection = Connection[*Person]
	// PersonEdge is a thing in a list.
	PersonEdge = Edge[*Person]
	// PostConnection is a page of things.
	PostConnection = Connection[*Post]
	// PostEdge is a thing in a list.
	PostEdge = Edge[*Post]
	// ProjectConnection is a page of things.
	ProjectConnection = Connection[*Project]
	// ProjectEdge is a thing in a list.
	ProjectEdge = Edge[*Project]
	// ThemeConnection is a page of things.
	ThemeConnection = Connection[*Theme]
	// ThemeEdge is a thing in a list.
	ThemeEdge = Edge[*Theme]
	// InstrumentConnection is a page of things.
	InstrumentConnection = Connection[*Instrument]
	// InstrumentEdge is a thing in a list.
	InstrumentEdge = Edge[*Instrument]
	// EventConnection is a page of things.
	EventConnection = Connection[*Event]
	// EventEdge is a thing in a list.
	EventEdge = Edge[*Event]
	// PlaceConnection is a page of things.
	PlaceConnection = Connection[*Place]
	// PlaceEdge is a thing in a list.
	PlaceEdge = Edge[*Place]
	// ThingConnection is a page of things.
	ThingConnection = Connection[Thing]
	// ThingEdge is a thing in a list.
	ThingEdge = Edge[Thing]
	// AgentConnection is a page of things.
	AgentConnection = Connection[Agent]
	// AgentEdge is a thing in a list.
	AgentEdge = Edge[Agent]
)

// Precursors: what came before it.
func (b *Base) Precursors(ctx context.Context, asOf *string, first *int, after *string) (*ThingConnection, error) {
	return related[Thing](ctx, b, "precursors", Args{AsOf: asOf, First: first, After: after})
}

// Successors: what follows it.
func (b *Base) Successors(ctx context.Context, asOf *string, first *int, after *string) (*ThingConnection, error) {
	return related[Thing](ctx, b, "successors", Args{AsOf: asOf, First: first, After: after})
}

// PossiblySameAs: things that may be the same: doubts for a person to settle.
func (b *Base) PossiblySameAs(ctx context.Context, asOf *string, first *int, after *string) (*ThingConnection, error) {
	return related[Thing](ctx, b, "possiblySameAs", Args{AsOf: asOf, First: first, After: after})
}

// PartOf: the organisations that it is a unit or body of.
func (o *Organisation) PartOf(ctx context.Context, asOf *string, first *int, after *string) (*OrganisationConnection, error) {
	return related[*Organisation](ctx, &o.Base, "partOf", Args{AsOf: asOf, First: first, After: after})
}

// Parts: its units and bodies.
func (o *Organisation) Parts(ctx context.Context, asOf *string, first *int, after *string) (*OrganisationConnection, error) {
	return related[*Organisation](ctx, &o.Base, "parts", Args{AsOf: asOf, First: first, After: after})
}

// Members: its members and staff, with their role.
func (o *Organisation) Members(ctx context.Context, asOf *string, first *int, after *string) (*AgentConnection, error) {
	return related[Agent](ctx, &o.Base, "members", Args{AsOf: asOf, First: first, After: after})
}

// MemberOf: the organisations that it is a member of.
func (o *Organisation) MemberOf(ctx context.Context, asOf *string, first *int, after *string) (*OrganisationConnection, error) {
	return related[*Organisation](ctx, &o.Base, "memberOf", Args{AsOf: asOf, First: first, After: after})
}

// CooperatesWith: whom it cooperates with, and on what basis.
func (o *Organisation) CooperatesWith(ctx context.Context, asOf *string, first *int, after *string) (*OrganisationConnection, error) {
	return related[*Organisation](ctx, &o.Base, "cooperatesWith", Args{AsOf: asOf, First: first, After: after})
}

// Posts: its posts.
func (o *Organisation) Posts(ctx context.Context, asOf *string, first *int, after *string) (*PostConnection, error) {
	return related[*Post](ctx, &o.Base, "posts", Args{AsOf: asOf, First: first, After: after})
}

// Holds: the posts that it holds itself.
func (o *Organisation) Holds(ctx context.Context, asOf *string, first *int, after *string) (*PostConnection, error) {
	return related[*Post](ctx, &o.Base, "holds", Args{AsOf: asOf, First: first, After: after})
}

// Presides: the organisations over which it presides.
func (o *Organisation) Presides(ctx context.Context, asOf *string, first *int, after *string) (*OrganisationConnection, error) {
	return related[*Organisation](ctx, &o.Base, "presides", Args{AsOf: asOf, First: first, After: after})
}

// PresidedBy: who presides over it.
func (o *Organisation) PresidedBy(ctx context.Context, asOf *string, first *int, after *string) (*AgentConnection, error) {
	return related[Agent](ctx, &o.Base, "presidedBy", Args{AsOf: asOf, First: first, After: after})
}

// Chairs: the organisations that it chairs.
func (o *Organisation) Chairs(ctx context.Context, asOf *string, first *int, after *string) (*OrganisationConnection, error) {
	return related[*Organisation](ctx, &o.Base, "chairs", Args{AsOf: asOf, First: first, After: after})
}

// ChairedBy: who chairs it: a person, a post or an organisation.
func (o *Organisation) ChairedBy(ctx context.Context, asOf *string, first *int, after *string) (*ThingConnection, error) {
	return related[Thing](ctx, &o.Base, "chairedBy", Args{AsOf: asOf, First: first, After: after})
}

// SecretariatOf: the organisations whose secretariat it provides.
func (o *Organisation) SecretariatOf(ctx context.Context, asOf *string, first *int, after *string) (*OrganisationConnection, error) {
	return related[*Organisation](ctx, &o.Base, "secretariatOf", Args{AsOf: asOf, First: first, After: after})
}

// Secretariat: who provides its secretariat.
func (o *Organisation) Secretariat(ctx context.Context, asOf *string, first *int, after *string) (*OrganisationConnection, error) {
	return related[*Organisation](ctx, &o.Base, "secretariat", Args{AsOf: asOf, First: first, After: after})
}

// Advises: the organisations that it advises.
func (o *Organisation) Advises(ctx context.Context, asOf *string, first *int, after *string) (*OrganisationConnection, error) {
	return related[*Organisation](ctx, &o.Base, "advises", Args{AsOf: asOf, First: first, After: after})
}

// AdvisedBy: who advises it.
func (o *Organisation) AdvisedBy(ctx context.Context, asOf *string, first *int, after *string) (*ThingConnection, error) {
	return related[Thing](ctx, &o.Base, "advisedBy", Args{AsOf: asOf, First: first, After: after})
}

// ContactPoints: its contact points: people, posts and organisations.
func (o *Organisation) ContactPoints(ctx context.Context, asOf *string, first *int, after *string) (*ThingConnection, error) {
	return related[Thing](ctx, &o.Base, "contactPoints", Args{AsOf: asOf, First: first, After: after})
}

// Projects: the projects that it takes part in or supports, with its role.
func (o *Organisation) Projects(ctx context.Context, asOf *string, first *int, after *string) (*ProjectConnection, error) {
	return related[*Project](ctx, &o.Base, "projects", Args{AsOf: asOf, First: first, After: after})
}

// Themes: the themes that it works on.
func (o *Organisation) Themes(ctx context.Context, asOf *string, first *int, after *string) (*ThemeConnection, error) {
	return related[*Theme](ctx, &o.Base, "themes", Args{AsOf: asOf, First: first, After: after})
}

// Instruments: the instruments that it is party to, author of, based on or implements.
func (o *Organisation) Instruments(ctx context.Context, asOf *string, first *int, after *string) (*InstrumentConnection, error) {
	return related[*Instrument](ctx, &o.Base, "instruments", Args{AsOf: asOf, First: first, After: after})
}

// Events: the events that it took part in or that were held there.
func (o *Organisation) Events(ctx context.Context, asOf *string, first *int, after *string) (*EventConnection, error) {
	return related[*Event](ctx, &o.Base, "events", Args{AsOf: asOf, First: first, After: after})
}

// Places: the places that it covers or is located in.
func (o *Organisation) Places(ctx context.Context, asOf *string, first *int, after *string) (*PlaceConnection, error) {
	return related[*Place](ctx, &o.Base, "places", Args{AsOf: asOf, First: first, After: after})
}

// Expertise: the themes that the person is an expert on.
func (p *Person) Expertise(ctx context.Context, asOf *string, first *int, after *string) (*ThemeConnection, error) {
	return related[*Theme](ctx, &p.Base, "expertise", Args{AsOf: asOf, First: first, After: after})
}

// Posts: the posts that the person holds or held.
func (p *Person) Posts(ctx context.Context, asOf *string, first *int, after *string) (*PostConnection, error) {
	return related[*Post](ctx, &p.Base, "posts", Args{AsOf: asOf, First: first, After: after})
}

// MemberOf: the organisations that the person belongs to, with the role.
func (p *Person) MemberOf(ctx context.Context, asOf *string, first *int, after *string) (*OrganisationConnection, error) {
	return related[*Organisation](ctx, &p.Base, "memberOf", Args{AsOf: asOf, First: first, After: after})
}

// Projects: the projects that the person takes part in, with the role.
func (p *Person) Projects(ctx context.Context, asOf *string, first *int, after *string) (*ProjectConnection, error) {
	return related[*Project](ctx, &p.Base, "projects", Args{AsOf: asOf, First: first, After: after})
}

// Events: the events that the person took part in, with the role.
func (p *Person) Events(ctx context.Context, asOf *string, first *int, after *string) (*EventConnection, error) {
	return related[*Event](ctx, &p.Base, "events", Args{AsOf: asOf, First: first, After: after})
}

// Instruments: the instruments that the person wrote, published or edited.
func (p *Person) Instruments(ctx context.Context, asOf *string, first *int, after *string) (*InstrumentConnection, error) {
	return related[*Instrument](ctx, &p.Base, "instruments", Args{AsOf: asOf, First: first, After: after})
}

// ContactPointFor: what the person is the contact point for.
func (p *Person) ContactPointFor(ctx context.Context, asOf *string, first *int, after *string) (*ThingConnection, error) {
	return related[Thing](ctx, &p.Base, "contactPointFor", Args{AsOf: asOf, First: first, After: after})
}

// Organisations: the organisations that it is a post of.
func (p *Post) Organisations(ctx context.Context, asOf *string, first *int, after *string) (*OrganisationConnection, error) {
	return related[*Organisation](ctx, &p.Base, "organisations", Args{AsOf: asOf, First: first, After: after})
}

// Holders: who holds it or held it.
func (p *Post) Holders(ctx context.Context, asOf *string, first *int, after *string) (*AgentConnection, error) {
	return related[Agent](ctx, &p.Base, "holders", Args{AsOf: asOf, First: first, After: after})
}

// Deputies: the posts that stand in for it.
func (p *Post) Deputies(ctx context.Context, asOf *string, first *int, after *string) (*PostConnection, error) {
	return related[*Post](ctx, &p.Base, "deputies", Args{AsOf: asOf, First: first, After: after})
}

// DeputyOf: the posts that it stands in for.
func (p *Post) DeputyOf(ctx context.Context, asOf *string, first *int, after *string) (*PostConnection, error) {
	return related[*Post](ctx, &p.Base, "deputyOf", Args{AsOf: asOf, First: first, After: after})
}

// Themes: the themes that it works on.
func (p *Post) Themes(ctx context.Context, asOf *string, first *int, after *string) (*ThemeConnection, error) {
	return related[*Theme](ctx, &p.Base, "themes", Args{AsOf: asOf, First: first, After: after})
}

// ContactPointFor: what it is the contact point for.
func (p *Post) ContactPointFor(ctx context.Context, asOf *string, first *int, after *string) (*ThingConnection, error) {
	return related[Thing](ctx, &p.Base, "contactPointFor", Args{AsOf: asOf, First: first, After: after})
}

// Participants: who takes part or supports it, with the role.
func (p *Project) Participants(ctx context.Context, asOf *string, first *int, after *string) (*AgentConnection, error) {
	return related[Agent](ctx, &p.Base, "participants", Args{AsOf: asOf, First: first, After: after})
}

// Themes: the themes that it works on.
func (p *Project) Themes(ctx context.Context, asOf *string, first *int, after *string) (*ThemeConnection, error) {
	return related[*Theme](ctx, &p.Base, "themes", Args{AsOf: asOf, First: first, After: after})
}

// Places: where it takes place.
func (p *Project) Places(ctx context.Context, asOf *string, first *int, after *string) (*PlaceConnection, error) {
	return related[*Place](ctx, &p.Base, "places", Args{AsOf: asOf, First: first, After: after})
}

// Instruments: the instruments that it rests on or is named in.
func (p *Project) Instruments(ctx context.Context, asOf *string, first *int, after *string) (*InstrumentConnection, error) {
	return related[*Instrument](ctx, &p.Base, "instruments", Args{AsOf: asOf, First: first, After: after})
}

// PartOf: the projects that it is a part of.
func (p *Project) PartOf(ctx context.Context, asOf *string, first *int, after *string) (*ProjectConnection, error) {
	return related[*Project](ctx, &p.Base, "partOf", Args{AsOf: asOf, First: first, After: after})
}

// Parts: its parts: work packages, tasks.
func (p *Project) Parts(ctx context.Context, asOf *string, first *int, after *string) (*ProjectConnection, error) {
	return related[*Project](ctx, &p.Base, "parts", Args{AsOf: asOf, First: first, After: after})
}

// ContactPoints: its contact points.
func (p *Project) ContactPoints(ctx context.Context, asOf *string, first *int, after *string) (*ThingConnection, error) {
	return related[Thing](ctx, &p.Base, "contactPoints", Args{AsOf: asOf, First: first, After: after})
}

// Broader: the broader themes, one step up.
func (t *Theme) Broader(ctx context.Context, asOf *string, first *int, after *string) (*ThemeConnection, error) {
	return related[*Theme](ctx, &t.Base, "broader", Args{AsOf: asOf, First: first, After: after})
}

// Narrower: the narrower themes, one step down.
func (t *Theme) Narrower(ctx context.Context, asOf *string, first *int, after *string) (*ThemeConnection, error) {
	return related[*Theme](ctx, &t.Base, "narrower", Args{AsOf: asOf, First: first, After: after})
}

// Related: related themes.
func (t *Theme) Related(ctx context.Context, asOf *string, first *int, after *string) (*ThemeConnection, error) {
	return related[*Theme](ctx, &t.Base, "related", Args{AsOf: asOf, First: first, After: after})
}

// Organisations: the organisations that work on it.
func (t *Theme) Organisations(ctx context.Context, includeNarrower *bool, asOf *string, first *int, after *string) (*OrganisationConnection, error) {
	return related[*Organisation](ctx, &t.Base, "organisations", Args{AsOf: asOf, First: first, After: after, IncludeNarrower: includeNarrower != nil && *includeNarrower})
}

// Projects: the projects that work on it.
func (t *Theme) Projects(ctx context.Context, includeNarrower *bool, asOf *string, first *int, after *string) (*ProjectConnection, error) {
	return related[*Project](ctx, &t.Base, "projects", Args{AsOf: asOf, First: first, After: after, IncludeNarrower: includeNarrower != nil && *includeNarrower})
}

// People: the experts on it.
func (t *Theme) People(ctx context.Context, includeNarrower *bool, asOf *string, first *int, after *string) (*PersonConnection, error) {
	return related[*Person](ctx, &t.Base, "people", Args{AsOf: asOf, First: first, After: after, IncludeNarrower: includeNarrower != nil && *includeNarrower})
}

// Posts: the posts that deal with it.
func (t *Theme) Posts(ctx context.Context, includeNarrower *bool, asOf *string, first *int, after *string) (*PostConnection, error) {
	return related[*Post](ctx, &t.Base, "posts", Args{AsOf: asOf, First: first, After: after, IncludeNarrower: includeNarrower != nil && *includeNarrower})
}

// Instruments: the instruments that deal with it.
func (t *Theme) Instruments(ctx context.Context, includeNarrower *bool, asOf *string, first *int, after *string) (*InstrumentConnection, error) {
	return related[*Instrument](ctx, &t.Base, "instruments", Args{AsOf: asOf, First: first, After: after, IncludeNarrower: includeNarrower != nil && *includeNarrower})
}

// Events: the events that deal with it.
func (t *Theme) Events(ctx context.Context, includeNarrower *bool, asOf *string, first *int, after *string) (*EventConnection, error) {
	return related[*Event](ctx, &t.Base, "events", Args{AsOf: asOf, First: first, After: after, IncludeNarrower: includeNarrower != nil && *includeNarrower})
}

// ContactPoints: the contact points for it.
func (t *Theme) ContactPoints(ctx context.Context, asOf *string, first *int, after *string) (*ThingConnection, error) {
	return related[Thing](ctx, &t.Base, "contactPoints", Args{AsOf: asOf, First: first, After: after})
}

// PartOf: what it is a part of.
func (i *Instrument) PartOf(ctx context.Context, asOf *string, first *int, after *string) (*InstrumentConnection, error) {
	return related[*Instrument](ctx, &i.Base, "partOf", Args{AsOf: asOf, First: first, After: after})
}

// Parts: its parts.
func (i *Instrument) Parts(ctx context.Context, asOf *string, first *int, after *string) (*InstrumentConnection, error) {
	return related[*Instrument](ctx, &i.Base, "parts", Args{AsOf: asOf, First: first, After: after})
}

// Parties: its parties.
func (i *Instrument) Parties(ctx context.Context, asOf *string, first *int, after *string) (*OrganisationConnection, error) {
	return related[*Organisation](ctx, &i.Base, "parties", Args{AsOf: asOf, First: first, After: after})
}

// Authors: its authors, publishers, coordinators and editors, with the role.
func (i *Instrument) Authors(ctx context.Context, asOf *string, first *int, after *string) (*ThingConnection, error) {
	return related[Thing](ctx, &i.Base, "authors", Args{AsOf: asOf, First: first, After: after})
}

// Implementers: who develops, assesses, monitors or supports it, with the role.
func (i *Instrument) Implementers(ctx context.Context, asOf *string, first *int, after *string) (*OrganisationConnection, error) {
	return related[*Organisation](ctx, &i.Base, "implementers", Args{AsOf: asOf, First: first, After: after})
}

// BasedOn: the instruments that it rests on.
func (i *Instrument) BasedOn(ctx context.Context, asOf *string, first *int, after *string) (*InstrumentConnection, error) {
	return related[*Instrument](ctx, &i.Base, "basedOn", Args{AsOf: asOf, First: first, After: after})
}

// Derived: what rests on it.
func (i *Instrument) Derived(ctx context.Context, asOf *string, first *int, after *string) (*ThingConnection, error) {
	return related[Thing](ctx, &i.Base, "derived", Args{AsOf: asOf, First: first, After: after})
}

// Themes: the themes that it deals with.
func (i *Instrument) Themes(ctx context.Context, asOf *string, first *int, after *string) (*ThemeConnection, error) {
	return related[*Theme](ctx, &i.Base, "themes", Args{AsOf: asOf, First: first, After: after})
}

// Mentions: the projects, instruments and events that it names.
func (i *Instrument) Mentions(ctx context.Context, asOf *string, first *int, after *string) (*ThingConnection, error) {
	return related[Thing](ctx, &i.Base, "mentions", Args{AsOf: asOf, First: first, After: after})
}

// Participants: who took part, with the role.
func (e *Event) Participants(ctx context.Context, asOf *string, first *int, after *string) (*AgentConnection, error) {
	return related[Agent](ctx, &e.Base, "participants", Args{AsOf: asOf, First: first, After: after})
}

// HeldAt: where it was held: an organisation's premises or a place.
func (e *Event) HeldAt(ctx context.Context, asOf *string, first *int, after *string) (*ThingConnection, error) {
	return related[Thing](ctx, &e.Base, "heldAt", Args{AsOf: asOf, First: first, After: after})
}

// Places: the places where it was held.
func (e *Event) Places(ctx context.Context, asOf *string, first *int, after *string) (*PlaceConnection, error) {
	return related[*Place](ctx, &e.Base, "places", Args{AsOf: asOf, First: first, After: after})
}

// Themes: the themes that it dealt with.
func (e *Event) Themes(ctx context.Context, asOf *string, first *int, after *string) (*ThemeConnection, error) {
	return related[*Theme](ctx, &e.Base, "themes", Args{AsOf: asOf, First: first, After: after})
}

// Instruments: the instruments that it rests on or is named in.
func (e *Event) Instruments(ctx context.Context, asOf *string, first *int, after *string) (*InstrumentConnection, error) {
	return related[*Instrument](ctx, &e.Base, "instruments", Args{AsOf: asOf, First: first, After: after})
}

// PartOf: the places that it lies in.
func (p *Place) PartOf(ctx context.Context, asOf *string, first *int, after *string) (*PlaceConnection, error) {
	return related[*Place](ctx, &p.Base, "partOf", Args{AsOf: asOf, First: first, After: after})
}

// Parts: the places that lie in it.
func (p *Place) Parts(ctx context.Context, asOf *string, first *int, after *string) (*PlaceConnection, error) {
	return related[*Place](ctx, &p.Base, "parts", Args{AsOf: asOf, First: first, After: after})
}

// CoveredBy: the organisations that act for it.
func (p *Place) CoveredBy(ctx context.Context, asOf *string, first *int, after *string) (*OrganisationConnection, error) {
	return related[*Organisation](ctx, &p.Base, "coveredBy", Args{AsOf: asOf, First: first, After: after})
}

// Organisations: the organisations located in it.
func (p *Place) Organisations(ctx context.Context, asOf *string, first *int, after *string) (*OrganisationConnection, error) {
	return related[*Organisation](ctx, &p.Base, "organisations", Args{AsOf: asOf, First: first, After: after})
}

// Projects: the projects that take place in it.
func (p *Place) Projects(ctx context.Context, asOf *string, first *int, after *string) (*ProjectConnection, error) {
	return related[*Project](ctx, &p.Base, "projects", Args{AsOf: asOf, First: first, After: after})
}

// Events: the events held in it.
func (p *Place) Events(ctx context.Context, asOf *string, first *int, after *string) (*EventConnection, error) {
	return related[*Event](ctx, &p.Base, "events", Args{AsOf: asOf, First: first, After: after})
}
