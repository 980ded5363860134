// Package ontology is what Coopgraph knows about its subject: kinds,
// relations and properties, dates and their status, ids, what sources claim
// and how things and facts are folded from those claims. Definitions stand
// here once; stores, loader and resolvers read them from here.
//
// It must not import a database driver, GraphQL or the loader.
package ontology

import "coopgraph/store"

// The kinds of things.
const (
	Organisation store.Kind = "Organisation"
	Person       store.Kind = "Person"
	Post         store.Kind = "Post"
	Project      store.Kind = "Project"
	Theme        store.Kind = "Theme"
	Instrument   store.Kind = "Instrument"
	Event        store.Kind = "Event"
	Place        store.Kind = "Place"
)

// The internal kinds: records kept about things. They have no edges and are
// never found by search.
const (
	// Source is a document, list or registry that supports facts.
	Source store.Kind = "Source"
	// Record is what one source last said in one of its rows.
	Record store.Kind = "Record"
	// ImportRun is one run of a loader over one list.
	ImportRun store.Kind = "ImportRun"
	// ImportRow is one row of a run's report.
	ImportRow store.Kind = "ImportRow"
	// ImportBatch is the ledger's entry for one batch of a run.
	ImportBatch store.Kind = "ImportBatch"
	// Lease lets one loader at a time work on a source.
	Lease store.Kind = "Lease"
	// Revision is what a record said before it was changed.
	Revision store.Kind = "Revision"
	// Commit is a batch of writes: which things and facts it touched.
	Commit store.Kind = "Commit"
	// Duplicate is a pair of things that may be the same, with what was
	// decided of it.
	Duplicate store.Kind = "Duplicate"
	// Receipt is the outcome of a mutation, kept under its idempotency key.
	Receipt store.Kind = "Receipt"
	// Token lets a client in: who it is, what it may, until when.
	Token store.Kind = "Token"
)

// Kinds lists the kinds of things in the order in which they are shown.
func Kinds() []store.Kind {
	return []store.Kind{Organisation, Person, Post, Project, Theme, Instrument, Event, Place}
}

// IsThing says whether the kind is one of Kinds.
func IsThing(k store.Kind) bool {
	for _, x := range Kinds() {
		if x == k {
			return true
		}
	}
	return false
}
