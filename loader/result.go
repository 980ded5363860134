// Package loader brings lists into the graph: read gives a file's rows, mapping
// turns rows into claims, and a Writer resolves the claims and commits them in
// atomic batches.
//
// It must not import a database driver or GraphQL.
package loader

import (
	"coopgraph/loader/rows"
	"coopgraph/store"
)

// Result is what became of one item.
type Result struct {
	Item    *rows.Item
	Outcome rows.Outcome
	// Differences are what a changed row says otherwise than before.
	Differences []Difference
	// Message says why an item was rejected, or what of it was left out or
	// is still dangling.
	Message string
	// Node is the item's first thing; "" where it has none.
	Node store.ID
	// Dangling is the number of identifiers that the item's facts name and
	// nothing bears yet.
	Dangling int
}
