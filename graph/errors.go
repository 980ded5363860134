package graph

import (
	"context"
	"errors"
	"strings"

	"coopgraph/access"
	"coopgraph/store"
)

// errBadCursor: a cursor was damaged, or comes from another list.
var errBadCursor = errors.New("this cursor is not one of this list's")

// errInput: an argument is not what the schema says it must be.
var errInput = errors.New("bad input")

// codes is the one table from errors to extensions.code. An error that is not
// in it is logged and shown as INTERNAL.
var codes = []struct {
	err  error
	code string
	// show is what is shown in place of the error's own text; "" shows it.
	show string
}{
	{errBadCursor, "BAD_CURSOR", ""},
	{errInput, "BAD_USER_INPUT", ""},
	{store.ErrInvalid, "BAD_USER_INPUT", ""},
	{access.ErrUnauthenticated, "UNAUTHENTICATED", ""},
	{access.ErrForbidden, "FORBIDDEN", ""},
	{store.ErrNotFound, "NOT_FOUND", ""},
	{store.ErrConflict, "CONFLICT", "somebody else changed it first: read it again"},
	{store.ErrUnavailable, "STORE_UNAVAILABLE", "the database does not answer: try again in a moment"},
	{store.ErrNewer, "STORE_UNAVAILABLE", "the database was written by a newer version of the program"},
	{context.DeadlineExceeded, "TIMEOUT", "the answer took too long: ask for less"},
	{context.Canceled, "TIMEOUT", "the request was given up"},
}

// Classify gives the code and the text that an error shows to a client; false
// for an error that must not be shown.
func Classify(err error) (code, message string, known bool) {
	for _, c := range codes {
		if !errors.Is(err, c.err) {
			continue
		}
		if c.show != "" {
			return c.code, c.show, true
		}
		text := err.Error()
		for _, sentinel := range []error{errInput, store.ErrInvalid} {
			text = strings.TrimPrefix(text, sentinel.Error()+": ")
		}
		return c.code, text, true
	}
	return "", "", false
}
