// Package storetest is the conformance suite of the port coopgraph/store: each
// sentence of its contract is a test that every adapter passes. It must not
// import an adapter.
package storetest

import "coopgraph/store"

// The names of the suite's schema.
const (
	Person store.Kind = "Person"
	Office store.Kind = "Office"
	Record store.Kind = "Record" // internal

	Knows    store.Rel = "KNOWS"
	MemberOf store.Rel = "MEMBER_OF"
	PartOf   store.Rel = "PART_OF"
)

// Schema gives a small schema that has one of everything: every type of
// property, internal and public kinds, both forms of edge order.
func Schema() store.Schema {
	common := []store.Prop{
		{Name: "name", Type: store.String, Sort: true},
		{Name: "code", Type: store.String, Lookup: true},
		{Name: "tags", Type: store.Strings, Lookup: true},
		{Name: "seen", Type: store.Time, Sort: true},
		{Name: "note", Type: store.String},
		{Name: "hue", Type: store.String, Walk: true},
	}
	with := func(more ...store.Prop) []store.Prop {
		return append(append([]store.Prop{}, common...), more...)
	}
	return store.Schema{
		Kinds: []store.KindDef{
			{Kind: Person, Props: with(
				store.Prop{Name: "rank", Type: store.Int, Lookup: true},
				store.Prop{Name: "score", Type: store.Float},
				store.Prop{Name: "active", Type: store.Bool, Lookup: true},
				store.Prop{Name: "notes", Type: store.Strings},
			)},
			{Kind: Office, Props: with(store.Prop{Name: "level", Type: store.Int})},
			{Kind: Record, Internal: true, Props: common},
		},
		Rels: []store.Rel{Knows, MemberOf, PartOf},
		EdgeProps: []store.Prop{
			{Name: "role", Type: store.String, Walk: true},
			{Name: "first", Type: store.String, Walk: true},
			{Name: "planned", Type: store.Bool, Walk: true},
			{Name: "basis", Type: store.String, Lookup: true, Walk: true},
			{Name: "runs", Type: store.Strings, Lookup: true},
			{Name: "order", Type: store.String, Sort: true},
			{Name: "fresh", Type: store.String, Sort: true, Walk: true},
			{Name: "at", Type: store.Time, Walk: true, Sort: true},
			{Name: "count", Type: store.Int, Walk: true},
			{Name: "weight", Type: store.Float},
			{Name: "marks", Type: store.Strings, Walk: true},
		},
		EdgeOrders: []store.EdgeOrder{{Edge: "order", Far: "name"}, {Edge: "fresh"}},
		Text:       []string{"W", "S"},
		Analysis:   1,
	}
}
