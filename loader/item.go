// Package loader brings lists into the graph: readers turn a file into rows,
// mappings turn rows into claims, and a Writer resolves the claims and commits
// them in atomic batches.
//
// It must not import a database driver or GraphQL.
package loader

import (
	"fmt"

	"coopgraph/ontology"
	"coopgraph/store"
)

// Item is what one row, or one entry of a seed file, claims.
type Item struct {
	// Key names the row within its source. Loading another item with the same
	// key replaces what the first one claimed.
	Key string
	// Scheme is the scheme of the identifiers that the source itself gives:
	// two things with different ones are two things to it, whatever other
	// identifiers they share. "" where the source gives none.
	Scheme string
	// File names the file that holds the row.
	File string
	// Line is where the row starts in its file, from 1; 0 where lines mean
	// nothing.
	Line int
	// Column names the field that Message speaks of, "" for the whole row.
	Column string
	// Dropped is Skipped or Rejected where reader or mapping could not, or was
	// told not to, make claims of the row, and Message says why; "" elsewhere.
	Dropped Outcome
	Message string
	// Claims are the item's. Things have no ids yet: see Writer. A fact names
	// the i-th thing of its own item by the key "#i", from 0.
	Claims ontology.Claims
	// Notes are what a reader or mapping had to leave out of the row, for the
	// report.
	Notes []string
}

// Outcome says what became of an item.
type Outcome string

// The outcomes. Every row read has exactly one.
const (
	Created   Outcome = "CREATED"
	Changed   Outcome = "CHANGED"
	Unchanged Outcome = "UNCHANGED"
	Skipped   Outcome = "SKIPPED"
	Rejected  Outcome = "REJECTED"
)

// Result is what became of one item.
type Result struct {
	Item    *Item
	Outcome Outcome
	// Message says why an item was rejected, or what of it was left out or
	// is still dangling.
	Message string
	// Node is the item's first thing; "" where it has none.
	Node store.ID
	// Dangling is the number of identifiers that the item's facts name and
	// nothing bears yet.
	Dangling int
}

// validate reports the first claim of the item that the ontology does not
// allow, as far as that shows without its references.
func (it *Item) validate() error {
	if it.Key == "" {
		return fmt.Errorf("%w: the row has no key", store.ErrInvalid)
	}
	for _, t := range it.Claims.Things {
		if err := t.Validate(); err != nil {
			return err
		}
	}
	for _, f := range it.Claims.Facts {
		if err := f.Validate(); err != nil {
			return err
		}
	}
	return nil
}
