package loader

import (
	"iter"

	"coopgraph/loader/rows"
	"coopgraph/store"
)

// rowsPerBatch is the number of rows committed at once where the store does not
// say what suits it.
const rowsPerBatch = 500

// rowsAtOnce is the number of rows asked for, or else rowsPerBatch.
func rowsAtOnce(size int) int {
	if size > 0 {
		return size
	}
	return rowsPerBatch
}

// inBulk is a store that is best given many changes at once, whatever the
// number of rows that they come from: SQLite writes the pages of its indexes
// anew with each commit.
type inBulk interface {
	// ChangesAtOnce is about how many changes an Apply is best given.
	ChangesAtOnce() int
}

// Gatherer parts rows into batches that suit a store.
type Gatherer struct {
	// Items are the rows of the batch so far.
	Items []*rows.Item
	// rows and changes bound a batch; 0 for no bound. held are the changes that
	// the rows so far may make.
	rows, changes, held int
}

// Gather starts to part rows into batches of a number of rows, 0 for what suits
// the store.
func Gather(s store.Store, size int) *Gatherer {
	if size > 0 {
		return &Gatherer{rows: size}
	}
	if b, ok := s.(inBulk); ok {
		return &Gatherer{changes: b.ChangesAtOnce()}
	}
	return &Gatherer{rows: rowsPerBatch}
}

// Add adds a row and says whether the batch is full.
func (g *Gatherer) Add(it *rows.Item) (full bool) {
	g.Items = append(g.Items, it)
	// What a row may make: its record, its line of the report, and a change for
	// each thing and fact of which it speaks.
	g.held += 2 + len(it.Claims.Things) + len(it.Claims.Facts)
	return g.rows > 0 && len(g.Items) >= g.rows || g.changes > 0 && g.held >= g.changes
}

// Batches parts rows into batches that suit the store. A batch is only good
// until the next.
func Batches(s store.Store, items iter.Seq[*rows.Item]) iter.Seq[[]*rows.Item] {
	return func(yield func([]*rows.Item) bool) {
		batch := Gather(s, 0)
		for it := range items {
			if !batch.Add(it) {
				continue
			}
			if !yield(batch.Items) {
				return
			}
			batch.Clear()
		}
		if len(batch.Items) > 0 {
			yield(batch.Items)
		}
	}
}

// Clear starts the next batch.
func (g *Gatherer) Clear() {
	clear(g.Items)
	g.Items, g.held = g.Items[:0], 0
}
