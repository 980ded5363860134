// Package rows holds what a list consists of on its way into the graph: rows as
// readers give them, and items, which are what mappings make of rows.
//
// It must not read files or stores.
package rows

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
	// Missing is the outcome of a row that an earlier edition of the list had
	// and this one has not; it is not among those read.
	Missing Outcome = "MISSING"
)

// Validate reports the first claim of the item that the ontology does not
// allow, as far as that shows without its references.
func (it *Item) Validate() error {
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
