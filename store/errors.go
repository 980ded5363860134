package store

import (
	"errors"
	"fmt"
)

// The errors of a store; everything an adapter returns wraps one of them, or
// is the context's own, or is unforeseen.
var (
	// ErrNotFound: the thing asked about does not exist.
	ErrNotFound = errors.New("not found")
	// ErrConflict: another write came first (Change.IfVersion).
	ErrConflict = errors.New("conflict")
	// ErrInvalid: the question or change does not fit the schema.
	ErrInvalid = errors.New("invalid")
	// ErrUnavailable: the database cannot be reached or does not answer in
	// time; the same call may succeed later.
	ErrUnavailable = errors.New("store unavailable")
	// ErrNewer: the database was written by a newer version of the program.
	ErrNewer = errors.New("database schema is newer than this program")
	// ErrCorrupt: the database file is damaged, or not a database.
	ErrCorrupt = errors.New("database is damaged")
)

// ChangeError says which change of a batch could not be made.
type ChangeError struct {
	// Index is the change's place in the batch, from 0.
	Index int
	Err   error
}

// Error names the change and the reason.
func (e *ChangeError) Error() string { return fmt.Sprintf("change %d: %v", e.Index, e.Err) }

// Unwrap gives the reason.
func (e *ChangeError) Unwrap() error { return e.Err }
