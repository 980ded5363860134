package ontology

import (
	"math"
	"slices"

	"coopgraph/ontology/text"
	"coopgraph/store"
)

// Form is the form of a property's values, beyond their type.
type Form int8

const (
	// Text is any line of text.
	Text Form = iota
	// Enum is one of Property.Values.
	Enum
	// URL is an absolute http or https address.
	URL
	// Mailbox is a functional e-mail address, never a person's.
	Mailbox
	// Date is a PartialDate.
	Date
	// Tag is a BCP 47 language tag.
	Tag
)

// Property is a plain property that a source may give a thing. Names,
// descriptions, identifiers and figures have structures of their own (Thing).
type Property struct {
	// Name is the property's name in the store, in mappings and in the API.
	Name  string
	Kinds []store.Kind
	Type  store.Type
	Form  Form
	// Values is the closed list of an Enum.
	Values []string
	// Filter: lists can be filtered by it.
	Filter bool
	// Walk: what goes from thing to thing reads it of each.
	Walk bool
	// Bounds are the least and the greatest value of a number.
	Bounds [2]float64
}

// Classifications are the kinds of organisation.
var classifications = []string{
	"STATE", "REGION", "COMMUNITY", "MUNICIPALITY", "REGIONAL_UNION", "REGIONAL_GROUPING", "SUPRANATIONAL_UNION",
	"INSTITUTION", "COLLEGE", "UNIT", "MINISTRY", "AGENCY", "AUTHORITY", "INTERNATIONAL_ORGANISATION",
	"FORUM", "PARTNERSHIP", "COUNCIL", "COMMISSION", "NETWORK", "CONTACT_POINT", "PORT",
	"COMPANY", "RESEARCH_BODY", "UNIVERSITY", "FACILITY", "HEALTHCARE", "ARCHIVE", "FUNDER", "NONPROFIT", "GOVERNMENT_BODY",
	"CONSORTIUM", "GROUP", "OTHER",
}

var organisationRoles = []string{
	"BENELUX_INSTITUTION", "MEMBER_STATE", "BENELUX_PLUS_PARTNER", "PROSPECTIVE_PARTNER", "BENELUX_PORT", "OWN_HOUSE",
}

var instrumentTypes = []string{
	"TREATY", "TREATY_PROVISION", "AGREEMENT", "DECLARATION", "MEMORANDUM", "ACTION_PLAN", "REGULATION", "PACT",
	"FRAMEWORK", "LEGAL_INSTRUMENTS", "PROGRAMME", "WORK_PLAN", "STRATEGY", "AGENDA", "GOALS", "REPORT", "OTHER",
}

var instrumentStates = []string{"PLANNED", "SIGNED", "IN_FORCE", "ENDED", "UNKNOWN"}

var placeTypes = []string{
	"CONTINENT", "COUNTRY", "TERRITORY", "REGION", "PROVINCE", "DISTRICT", "MUNICIPALITY", "BUILDING", "ADDRESS", "SEA", "ESTUARY", "AREA", "OTHER",
}

var properties = []Property{
	{Name: "classification", Kinds: kinds(Organisation), Form: Enum, Values: classifications, Filter: true, Walk: true},
	{Name: "roles", Kinds: kinds(Organisation), Type: store.Strings, Form: Enum, Values: organisationRoles, Filter: true, Walk: true},
	{Name: "contactable", Kinds: kinds(Organisation, Person, Post), Type: store.Bool, Walk: true},
	{Name: "mailbox", Kinds: kinds(Organisation, Post), Form: Mailbox},
	{Name: "website", Kinds: kinds(Organisation, Person, Post, Project, Theme, Instrument, Event, Place), Form: URL},
	{Name: "languages", Kinds: kinds(Person), Type: store.Strings, Form: Tag, Filter: true, Walk: true},
	{Name: "givenName", Kinds: kinds(Person)},
	{Name: "familyName", Kinds: kinds(Person)},
	{Name: "seats", Kinds: kinds(Post), Type: store.Int, Bounds: [2]float64{0, math.MaxInt32}},
	{Name: "head", Kinds: kinds(Post), Type: store.Bool, Walk: true},
	{Name: "scheme", Kinds: kinds(Theme), Filter: true},
	{Name: "type", Kinds: kinds(Instrument), Form: Enum, Values: instrumentTypes, Filter: true},
	{Name: "state", Kinds: kinds(Instrument), Form: Enum, Values: instrumentStates, Filter: true},
	{Name: "placeType", Kinds: kinds(Place), Form: Enum, Values: placeTypes, Filter: true},
	{Name: "latitude", Kinds: kinds(Place), Type: store.Float, Bounds: [2]float64{-90, 90}},
	{Name: "longitude", Kinds: kinds(Place), Type: store.Float, Bounds: [2]float64{-180, 180}},
	{Name: "from", Kinds: kinds(Organisation, Project, Instrument, Event), Form: Date, Walk: true},
	{Name: "to", Kinds: kinds(Organisation, Project, Instrument, Event), Form: Date, Walk: true},
	{Name: "date", Kinds: kinds(Instrument, Event), Form: Date},
	{Name: "planned", Kinds: kinds(Project, Event), Type: store.Bool, Walk: true},
}

// Properties lists the plain properties of a kind.
func Properties(k store.Kind) []Property {
	var of []Property
	for _, p := range properties {
		if slices.Contains(p.Kinds, k) {
			of = append(of, p)
		}
	}
	return of
}

// PropertyOf gives a plain property of a kind.
func PropertyOf(k store.Kind, name string) (Property, bool) {
	for _, p := range properties {
		if p.Name == name && slices.Contains(p.Kinds, k) {
			return p, true
		}
	}
	return Property{}, false
}

// Languages are the reader's languages, in the order of the sort keys.
func Languages() []string { return []string{"nl", "fr", "de", "en"} }

// NameSort is the sortable property that orders things by name in a language
// of Languages.
func NameSort(language string) string { return "key_" + language }

// The orders of hops.
var (
	// ByDate orders connections: from newest first, undated last, then the
	// English name key, then the fact's id.
	ByDate = store.EdgeOrder{Edge: "order", Far: "key_en"}
	// ByFreshness orders evidence: the year last attested, newest first, then
	// the fact's id, which is a hash.
	ByFreshness = store.EdgeOrder{Edge: "fresh"}
)

// Schema is what a store must know of the graph.
func Schema() store.Schema {
	s := store.Schema{
		EdgeProps: []store.Prop{
			{Name: "role", Walk: true},
			{Name: "from", Walk: true},
			{Name: "to", Walk: true},
			{Name: "attestedOn", Walk: true},
			{Name: "planned", Type: store.Bool, Walk: true},
			{Name: "basis", Lookup: true, Walk: true},
			{Name: "firstDay", Walk: true},
			{Name: "lastDay", Walk: true},
			{Name: "witnessed", Walk: true},
			{Name: "order", Sort: true},
			{Name: "fresh", Sort: true},
			{Name: "group", Lookup: true},
			{Name: "formerIds", Type: store.Strings, Lookup: true},
			{Name: "sources", Type: store.Strings, Lookup: true},
			{Name: "cites"},
			{Name: "createdAt", Type: store.Time},
			{Name: "updatedAt", Type: store.Time},
			{Name: "confirmedAt", Type: store.Time},
			{Name: "confirmedBy"},
		},
		EdgeOrders: []store.EdgeOrder{ByDate, ByFreshness},
		Text:       text.Fields(),
		Analysis:   text.Version,
	}
	for _, r := range relations {
		s.Rels = append(s.Rels, r.Rel)
	}
	for _, k := range Kinds() {
		s.Kinds = append(s.Kinds, store.KindDef{Kind: k, Props: thingProps(k)})
	}
	s.Kinds = append(s.Kinds, internalKinds()...)
	return s
}

func thingProps(k store.Kind) []store.Prop {
	props := []store.Prop{
		{Name: "names"},
		{Name: "labels"},
		{Name: "descriptions"},
		{Name: "figures"},
		{Name: "cites"},
		{Name: "identifiers", Type: store.Strings, Lookup: true},
		{Name: "nameKeys", Type: store.Strings, Lookup: true},
		{Name: "matchKeys", Type: store.Strings, Lookup: true},
		{Name: "formerIds", Type: store.Strings, Lookup: true},
		{Name: "sources", Type: store.Strings, Lookup: true},
		{Name: "createdAt", Type: store.Time},
		{Name: "updatedAt", Type: store.Time, Sort: true},
		{Name: "confirmedAt", Type: store.Time},
		{Name: "confirmedBy"},
	}
	for _, l := range Languages() {
		props = append(props, store.Prop{Name: NameSort(l), Sort: true})
	}
	for _, p := range Properties(k) {
		props = append(props, store.Prop{Name: p.Name, Type: p.Type, Lookup: p.Filter, Walk: p.Walk})
	}
	return props
}

func internalKinds() []store.KindDef {
	return []store.KindDef{
		{Kind: Source, Internal: true, Props: []store.Prop{
			{Name: "title"},
			{Name: "url"},
			{Name: "language"},
			{Name: "date"},
			{Name: "licence"},
			{Name: "publisher"},
			{Name: "standing", Type: store.Int},
		}},
		{Kind: Record, Internal: true, Props: []store.Prop{
			{Name: "source", Lookup: true},
			{Name: "key"},
			{Name: "standing", Type: store.Int},
			{Name: "run", Lookup: true},
			{Name: "about", Type: store.Strings, Lookup: true},
			{Name: "wants", Type: store.Strings, Lookup: true},
			{Name: "anchors", Type: store.Strings, Lookup: true},
			{Name: "body"},
			{Name: "at", Type: store.Time},
			{Name: "by"},
			{Name: "previous"},
		}},
		{Kind: Revision, Internal: true, Props: []store.Prop{
			{Name: "record", Lookup: true},
			{Name: "about", Type: store.Strings, Lookup: true},
			{Name: "source"},
			{Name: "key"},
			{Name: "standing", Type: store.Int},
			{Name: "run", Lookup: true},
			{Name: "body"},
			{Name: "at", Type: store.Time, Sort: true},
			{Name: "by"},
			{Name: "previous"},
		}},
		{Kind: Commit, Internal: true, Props: []store.Prop{
			{Name: "at", Type: store.Time, Sort: true},
			{Name: "by"},
			{Name: "run", Lookup: true},
			{Name: "body"},
		}},
		{Kind: Duplicate, Internal: true, Props: []store.Prop{
			{Name: "a"},
			{Name: "b"},
			{Name: "things", Type: store.Strings, Lookup: true},
			{Name: "status", Lookup: true},
			{Name: "score", Type: store.Float},
			{Name: "order", Sort: true},
			{Name: "reasons"},
			{Name: "run", Lookup: true},
			{Name: "at", Type: store.Time},
			{Name: "by"},
		}},
		{Kind: Receipt, Internal: true, Props: []store.Prop{
			{Name: "at", Type: store.Time},
			{Name: "by"},
			{Name: "digest"},
			{Name: "body"},
		}},
		{Kind: Token, Internal: true, Props: []store.Prop{
			{Name: "name"},
			{Name: "role", Lookup: true},
			{Name: "hash"},
			{Name: "order", Sort: true},
			{Name: "createdAt", Type: store.Time},
			{Name: "expiresAt", Type: store.Time},
			{Name: "revokedAt", Type: store.Time},
		}},
		{Kind: ImportRun, Internal: true, Props: []store.Prop{
			{Name: "source", Lookup: true},
			{Name: "file"},
			{Name: "digest"},
			{Name: "mapping"},
			{Name: "status", Lookup: true},
			{Name: "dryRun", Type: store.Bool},
			{Name: "startedAt", Type: store.Time, Sort: true},
			{Name: "finishedAt", Type: store.Time},
			{Name: "read", Type: store.Int},
			{Name: "created", Type: store.Int},
			{Name: "changed", Type: store.Int},
			{Name: "unchanged", Type: store.Int},
			{Name: "skipped", Type: store.Int},
			{Name: "rejected", Type: store.Int},
			{Name: "dangling", Type: store.Int},
			{Name: "by"},
			{Name: "message"},
		}},
		{Kind: ImportRow, Internal: true, Props: []store.Prop{
			{Name: "run", Lookup: true},
			{Name: "order", Sort: true},
			{Name: "line", Type: store.Int},
			{Name: "column"},
			{Name: "outcome", Lookup: true},
			{Name: "message"},
			{Name: "node"},
		}},
		{Kind: ImportBatch, Internal: true, Props: []store.Prop{
			{Name: "run", Lookup: true},
			{Name: "number", Type: store.Int},
			{Name: "order", Sort: true},
			{Name: "rows", Type: store.Int},
			{Name: "created", Type: store.Int},
			{Name: "changed", Type: store.Int},
			{Name: "unchanged", Type: store.Int},
			{Name: "skipped", Type: store.Int},
			{Name: "rejected", Type: store.Int},
			{Name: "dangling", Type: store.Int},
		}},
		{Kind: Lease, Internal: true, Props: []store.Prop{
			{Name: "holder"}, {Name: "fence", Type: store.Int}, {Name: "until", Type: store.Time},
		}},
	}
}
