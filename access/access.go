// Package access is who may do what: roles and their rights, the principal of
// a request, and the tokens by which clients say who they are.
//
// A server asks [Registry.Verify] who a token belongs to and hands the
// principal on in the context ([With]). What changes or protects something
// asks [Require] first, however the caller got there: once where the field is
// resolved, once where the store is written. Nobody without a token is the
// anonymous principal, who reads what is public.
//
// It must not import a database driver, GraphQL or HTTP.
package access

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// Role is what a principal is to the graph.
type Role string

// The roles.
const (
	// Anonymous callers have no token and read what is public.
	Anonymous Role = "anonymous"
	// Staff look contacts up.
	Staff Role = "staff"
	// Editor is staff that changes the graph.
	Editor Role = "editor"
	// Loader is a program that brings lists in. It reads nothing that is
	// protected.
	Loader Role = "loader"
	// DPO is the data protection officer.
	DPO Role = "dpo"
)

// Right is something that not everybody may do.
type Right string

// The rights.
const (
	// ReadContact: see the contact data of people.
	ReadContact Right = "read contact data"
	// Introspect: read the schema by introspection where it is not public.
	Introspect Right = "introspect"
	// AskMore: ask questions that cost more than a stranger's may.
	AskMore Right = "ask costly questions"
	// Edit: create, change, confirm, merge and delete things and facts.
	Edit Right = "edit"
	// Import: load lists and take them back.
	Import Right = "import"
	// ReadRuns: see what was imported, by whom, and what may be double.
	ReadRuns Right = "see imports and duplicates"
	// Protect: export, restrict and erase what is held about a person, and
	// read the log of who read contact data.
	Protect Right = "protect personal data"
)

// rights is the one table of what each role may.
var rights = map[Role][]Right{
	Anonymous: nil,
	Staff:     {ReadContact, Introspect, AskMore, ReadRuns},
	Editor:    {ReadContact, Introspect, AskMore, Edit, Import, ReadRuns},
	Loader:    {Import, ReadRuns},
	DPO:       {Protect, ReadRuns},
}

// Roles lists the roles that a token can have.
func Roles() []Role { return []Role{Staff, Editor, Loader, DPO} }

// May says whether the role has the right. A role that is not declared has
// none.
func (r Role) May(right Right) bool { return slices.Contains(rights[r], right) }

// Principal is who asks.
type Principal struct {
	// ID is the public id of the token that was shown, "" for nobody's. It is
	// not secret.
	ID string
	// Name is what the token was named when it was made.
	Name string
	Role Role
}

// Known says that the principal has shown a valid token.
func (p Principal) Known() bool { return p.ID != "" }

type principalKey struct{}

// With gives a context in which the principal asks.
func With(ctx context.Context, p Principal) context.Context {
	return context.WithValue(ctx, principalKey{}, p)
}

// Of gives the principal who asks: the anonymous one where none was set.
func Of(ctx context.Context) Principal {
	if p, ok := ctx.Value(principalKey{}).(Principal); ok {
		return p
	}
	return Principal{Role: Anonymous}
}

var (
	// ErrUnauthenticated says that this needs a token, and none was shown.
	ErrUnauthenticated = errors.New("this needs a token")
	// ErrForbidden says that the token's role does not have the right.
	ErrForbidden = errors.New("not allowed")
)

// Require fails with ErrUnauthenticated or ErrForbidden unless the principal
// of the context has the right.
func Require(ctx context.Context, right Right) error {
	p := Of(ctx)
	switch {
	case p.Role.May(right):
		return nil
	case !p.Known():
		return fmt.Errorf("%w: to %s, send one as Authorization: Bearer", ErrUnauthenticated, right)
	}
	return fmt.Errorf("%w: a token with the role %s may not %s", ErrForbidden, p.Role, right)
}
