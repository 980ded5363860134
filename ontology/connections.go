package ontology

import (
	"slices"

	"coopgraph/store"
)

// Connection is what a field of a kind leads to: facts of some relations,
// followed in some directions, to things of some kinds.
type Connection struct {
	Legs []store.Leg
	// Far are the kinds at the far end; nil for any.
	Far []store.Kind
	// Single fields show the first thing only, without a page around it.
	Single bool
	// Narrower is the leg followed first where a question includes what stands
	// under narrower things.
	Narrower *store.Leg
}

func out(rels ...store.Rel) []store.Leg { return legs(store.Out, rels) }
func in(rels ...store.Rel) []store.Leg  { return legs(store.In, rels) }

func legs(d store.Dir, rels []store.Rel) []store.Leg {
	l := make([]store.Leg, 0, len(rels))
	for _, r := range rels {
		l = append(l, store.Leg{Rel: r, Dir: d})
	}
	return l
}

func both(rel store.Rel) []store.Leg { return []store.Leg{{Rel: rel, Dir: store.Both}} }

var narrower = &store.Leg{Rel: Broader, Dir: store.In}

// everyKind are the connections that each kind has.
var everyKind = map[string]Connection{
	"precursors":     {Legs: in(PrecursorOf)},
	"successors":     {Legs: out(PrecursorOf)},
	"possiblySameAs": {Legs: both(PossiblySameAs)},
}

var connections = map[store.Kind]map[string]Connection{
	Organisation: {
		"partOf":         {Legs: out(PartOf), Far: kinds(Organisation)},
		"parts":          {Legs: in(PartOf), Far: kinds(Organisation)},
		"members":        {Legs: in(MemberOf), Far: kinds(Person, Organisation)},
		"memberOf":       {Legs: out(MemberOf), Far: kinds(Organisation)},
		"cooperatesWith": {Legs: both(CooperatesWith), Far: kinds(Organisation)},
		"posts":          {Legs: in(PostIn), Far: kinds(Post)},
		"holds":          {Legs: out(Holds), Far: kinds(Post)},
		"presides":       {Legs: out(Presides), Far: kinds(Organisation)},
		"presidedBy":     {Legs: in(Presides), Far: kinds(Organisation, Person)},
		"chairs":         {Legs: out(Chairs), Far: kinds(Organisation)},
		"chairedBy":      {Legs: in(Chairs)},
		"secretariatOf":  {Legs: out(ProvidesSecretariat), Far: kinds(Organisation)},
		"secretariat":    {Legs: in(ProvidesSecretariat), Far: kinds(Organisation)},
		"advises":        {Legs: out(Advises), Far: kinds(Organisation)},
		"advisedBy":      {Legs: in(Advises)},
		"contactPoints":  {Legs: in(ContactPointFor)},
		"projects":       {Legs: out(ParticipatesIn, Implements), Far: kinds(Project)},
		"themes":         {Legs: out(WorksOn), Far: kinds(Theme)},
		"instruments":    {Legs: out(PartyTo, AuthorOf, Implements, BasedOn), Far: kinds(Instrument)},
		"events":         {Legs: append(out(TookPartIn), in(HeldAt)...), Far: kinds(Event)},
		"places":         {Legs: out(Covers, LocatedIn), Far: kinds(Place)},
	},
	Person: {
		"expertise":       {Legs: out(HasExpertise), Far: kinds(Theme)},
		"posts":           {Legs: out(Holds), Far: kinds(Post)},
		"memberOf":        {Legs: out(MemberOf), Far: kinds(Organisation)},
		"projects":        {Legs: out(ParticipatesIn), Far: kinds(Project)},
		"events":          {Legs: out(TookPartIn), Far: kinds(Event)},
		"instruments":     {Legs: out(AuthorOf), Far: kinds(Instrument)},
		"contactPointFor": {Legs: out(ContactPointFor)},
	},
	Post: {
		"organisation":    {Legs: out(PostIn), Far: kinds(Organisation), Single: true},
		"organisations":   {Legs: out(PostIn), Far: kinds(Organisation)},
		"holders":         {Legs: in(Holds), Far: kinds(Person, Organisation)},
		"deputies":        {Legs: in(DeputyOf), Far: kinds(Post)},
		"deputyOf":        {Legs: out(DeputyOf), Far: kinds(Post)},
		"themes":          {Legs: out(WorksOn), Far: kinds(Theme)},
		"contactPointFor": {Legs: out(ContactPointFor)},
	},
	Project: {
		"participants":  {Legs: in(ParticipatesIn, Implements), Far: kinds(Person, Organisation)},
		"themes":        {Legs: out(WorksOn), Far: kinds(Theme)},
		"places":        {Legs: out(LocatedIn), Far: kinds(Place)},
		"instruments":   {Legs: out(BasedOn, NamedIn), Far: kinds(Instrument)},
		"partOf":        {Legs: out(PartOf), Far: kinds(Project)},
		"parts":         {Legs: in(PartOf), Far: kinds(Project)},
		"contactPoints": {Legs: in(ContactPointFor)},
	},
	Theme: {
		"broader":       {Legs: out(Broader), Far: kinds(Theme)},
		"narrower":      {Legs: in(Broader), Far: kinds(Theme)},
		"related":       {Legs: both(Related), Far: kinds(Theme)},
		"organisations": {Legs: in(WorksOn), Far: kinds(Organisation), Narrower: narrower},
		"projects":      {Legs: in(WorksOn), Far: kinds(Project), Narrower: narrower},
		"people":        {Legs: in(HasExpertise), Far: kinds(Person), Narrower: narrower},
		"posts":         {Legs: in(WorksOn), Far: kinds(Post), Narrower: narrower},
		"instruments":   {Legs: in(WorksOn), Far: kinds(Instrument), Narrower: narrower},
		"events":        {Legs: in(WorksOn), Far: kinds(Event), Narrower: narrower},
		"contactPoints": {Legs: in(ContactPointFor)},
	},
	Instrument: {
		"partOf":       {Legs: out(PartOf), Far: kinds(Instrument)},
		"parts":        {Legs: in(PartOf), Far: kinds(Instrument)},
		"parties":      {Legs: in(PartyTo), Far: kinds(Organisation)},
		"authors":      {Legs: in(AuthorOf)},
		"implementers": {Legs: in(Implements), Far: kinds(Organisation)},
		"basedOn":      {Legs: out(BasedOn), Far: kinds(Instrument)},
		"derived":      {Legs: in(BasedOn)},
		"themes":       {Legs: out(WorksOn), Far: kinds(Theme)},
		"mentions":     {Legs: in(NamedIn)},
	},
	Event: {
		"participants": {Legs: in(TookPartIn), Far: kinds(Person, Organisation)},
		"heldAt":       {Legs: out(HeldAt)},
		"places":       {Legs: out(HeldAt, LocatedIn), Far: kinds(Place)},
		"themes":       {Legs: out(WorksOn), Far: kinds(Theme)},
		"instruments":  {Legs: out(BasedOn, NamedIn), Far: kinds(Instrument)},
	},
	Place: {
		"partOf":        {Legs: out(PartOf), Far: kinds(Place)},
		"parts":         {Legs: in(PartOf), Far: kinds(Place)},
		"coveredBy":     {Legs: in(Covers), Far: kinds(Organisation)},
		"organisations": {Legs: in(LocatedIn), Far: kinds(Organisation)},
		"projects":      {Legs: in(LocatedIn), Far: kinds(Project)},
		"events":        {Legs: in(HeldAt, LocatedIn), Far: kinds(Event)},
	},
}

// ConnectionOf gives what a field of a kind leads to; false where the field is
// no connection.
func ConnectionOf(k store.Kind, field string) (Connection, bool) {
	if c, ok := connections[k][field]; ok {
		return c, true
	}
	c, ok := everyKind[field]
	return c, ok && IsThing(k)
}

// FactsOf gives the connection to everything that a thing has facts with, over
// some relations or, where none are given, all.
func FactsOf(rels []store.Rel) Connection {
	if len(rels) == 0 {
		for _, r := range relations {
			rels = append(rels, r.Rel)
		}
	}
	return Connection{Legs: legs(store.Both, rels)}
}

// FarKinds are the kinds that a step over the connection must name for it to
// reach no others; nil where its legs lead nowhere else anyway.
func (c Connection) FarKinds() []store.Kind {
	if c.Far == nil {
		return nil
	}
	for _, l := range c.Legs {
		r, _ := RelationOf(l.Rel)
		for _, end := range r.far(l.Dir) {
			if !slices.Contains(c.Far, end) {
				return c.Far
			}
		}
	}
	return nil
}

// far are the kinds at the far end of a relation followed in a direction.
func (r Relation) far(d store.Dir) []store.Kind {
	subjects, objects := r.Subjects, r.Objects
	if subjects == nil {
		subjects = Kinds()
	}
	if objects == nil {
		objects = Kinds()
	}
	switch d {
	case store.Out:
		return objects
	case store.In:
		return subjects
	default:
		return append(slices.Clone(subjects), objects...)
	}
}

// Holding gives the conditions on a fact that leave out what is ENDED or
// PLANNED on the day.
func Holding(on Day) []store.Cond {
	return []store.Cond{
		{Prop: "lastDay", Op: store.AtLeast, Values: []any{string(on)}, OrAbsent: true},
		{Prop: "firstDay", Op: store.AtMost, Values: []any{string(on)}, OrAbsent: true},
		{Prop: "planned", Op: store.None, Values: []any{true}},
	}
}
