package loader

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"

	"coopgraph/loader/rows"
	"coopgraph/store"
)

// reasons is the one table from errors to what a run says of why it ended
// early: it may be read by whoever may read runs.
var reasons = []struct {
	err error
	// show is what is shown in place of the error's own text; "" shows it.
	show string
}{
	{context.Canceled, "it was interrupted: load the same list again to go on"},
	{context.DeadlineExceeded, "it took too long: load the same list again to go on"},
	{ErrFenced, ""},
	{ErrManyMissing, ""},
	{ErrUnaccounted, ""},
	{rows.ErrFile, ""},
	{rows.ErrNoInput, ""},
	{store.ErrUnavailable, "the database does not answer: load the same list again to go on"},
	{store.ErrNewer, "the database was written by a newer version of the program"},
	{store.ErrCorrupt, "the database is damaged"},
	{store.ErrConflict, "others wrote the same things again and again: load the same list again to go on"},
}

// reason says why the run ended early in words that may be shown: what nobody
// foresaw stands in the log, under an id.
func (r *run) reason(cause error) string {
	for _, known := range reasons {
		switch {
		case !errors.Is(cause, known.err):
		case known.show != "":
			return known.show
		default:
			return rows.Shorten(lineOf(cause, known.err), maxReason)
		}
	}
	id := rand.Text()
	if r.Logger != nil {
		r.Logger.Error("a load ended early", "run", r.ledger.run, "id", id, "error", cause)
	}
	return "internal error " + id
}

// maxReason is how long a reason is, in bytes.
const maxReason = 1_000

// lineOf gives, of errors that were joined, what the one says that wraps the
// sentinel: the others are not for everybody.
func lineOf(err, sentinel error) string {
	for line := range strings.Lines(err.Error()) {
		if strings.Contains(line, sentinel.Error()) {
			return strings.TrimSpace(line)
		}
	}
	return sentinel.Error()
}
