package access

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"coopgraph/ontology"
	"coopgraph/store"
)

const (
	// DefaultLifetime is how long a token is valid where nothing is said.
	DefaultLifetime = 90 * 24 * time.Hour
	// MaxLifetime is the longest that a token can be valid.
	MaxLifetime = 365 * 24 * time.Hour
	// MaxName is the most characters of a token's name.
	MaxName = 100
)

var (
	// ErrBadToken says that a token is malformed, nobody's, expired or revoked.
	// The text says which; it is for the log, never for the caller.
	ErrBadToken = errors.New("bad token")
	// ErrNoToken says that no token has the id.
	ErrNoToken = errors.New("no token has this id")
	// ErrBadRequest says that a token of this kind cannot be made.
	ErrBadRequest = errors.New("no such token can be made")
)

// Token is what is known of a token. Nothing in it is secret.
type Token struct {
	// ID is the public id, 12 characters.
	ID   string
	Name string
	Role Role
	// Created and Expires bound when it is valid; Revoked ends it earlier and
	// is zero where nobody has revoked it.
	Created, Expires, Revoked time.Time
}

// State says whether a token is "valid", "expired" or "revoked" at a moment.
func (t Token) State(at time.Time) string {
	switch {
	case !t.Revoked.IsZero():
		return "revoked"
	case !at.Before(t.Expires):
		return "expired"
	}
	return "valid"
}

// Registry keeps tokens in a store, as nodes of the kind ontology.Token: only
// the SHA-256 of each. It is safe for concurrent use.
type Registry struct {
	store  store.Store
	now    func() time.Time
	random io.Reader
	recent *recent
}

// NewRegistry gives the registry of a store. random draws the secrets:
// crypto/rand.Reader outside of tests.
func NewRegistry(s store.Store, now func() time.Time, random io.Reader) *Registry {
	return &Registry{store: s, now: now, random: random, recent: newRecent()}
}

// Create makes a token of a role, valid for the lifetime (0: DefaultLifetime),
// and gives its text, which nothing can give again. It fails with ErrBadRequest
// for a role, name or lifetime that cannot be.
func (r *Registry) Create(ctx context.Context, role Role, name string, lifetime time.Duration) (Token, string, error) {
	if lifetime == 0 {
		lifetime = DefaultLifetime
	}
	name = strings.TrimSpace(name)
	if err := checkNew(role, name, lifetime); err != nil {
		return Token{}, "", err
	}
	id, text, err := newText(r.random)
	if err != nil {
		return Token{}, "", fmt.Errorf("draw a token: %w", err)
	}
	created := moment(r.now())
	t := Token{ID: id, Name: name, Role: role, Created: created, Expires: moment(created.Add(lifetime))}
	if err := r.put(ctx, t, digest(text), 0); err != nil {
		return Token{}, "", fmt.Errorf("keep a token: %w", err)
	}
	return t, text, nil
}

func checkNew(role Role, name string, lifetime time.Duration) error {
	switch {
	case !slices.Contains(Roles(), role):
		return fmt.Errorf("%w: the role is none of %s", ErrBadRequest, roleNames())
	case name == "":
		return fmt.Errorf("%w: it has no name: say who or what will use it", ErrBadRequest)
	case utf8.RuneCountInString(name) > MaxName:
		return fmt.Errorf("%w: its name has more than %d characters", ErrBadRequest, MaxName)
	case !utf8.ValidString(name) || strings.ContainsFunc(name, func(c rune) bool { return !unicode.IsPrint(c) }):
		return fmt.Errorf("%w: its name holds what cannot be printed", ErrBadRequest)
	case lifetime < 0 || lifetime > MaxLifetime:
		return fmt.Errorf("%w: it can be valid for at most %d days", ErrBadRequest, MaxLifetime/(24*time.Hour))
	}
	return nil
}

func roleNames() string {
	var names []string
	for _, role := range Roles() {
		names = append(names, string(role))
	}
	return strings.Join(names, ", ")
}

// List gives every token, oldest first, whatever its state.
func (r *Registry) List(ctx context.Context) ([]Token, error) {
	page, err := r.store.Find(ctx, []store.Kind{ontology.Token}, store.Filter{}, store.Paging{Order: store.Order{Prop: "order"}})
	if err != nil {
		return nil, fmt.Errorf("list tokens: %w", err)
	}
	tokens := make([]Token, 0, len(page.Items))
	for _, n := range page.Items {
		tokens = append(tokens, fromNode(n).Token)
	}
	return tokens, nil
}

// Revoke ends a token: within five seconds every server of the store refuses
// it. Revoking it again changes nothing. ErrNoToken where no token has the id.
func (r *Registry) Revoke(ctx context.Context, id string) (Token, error) {
	if !isID(id) {
		return Token{}, ErrNoToken
	}
	for {
		n, ok, err := r.node(ctx, id)
		if err != nil {
			return Token{}, err
		}
		if !ok {
			return Token{}, ErrNoToken
		}
		k := fromNode(n)
		if !k.Revoked.IsZero() {
			return k.Token, nil
		}
		k.Revoked = moment(r.now())
		err = r.put(ctx, k.Token, k.hash, n.Version)
		if errors.Is(err, store.ErrConflict) {
			continue // somebody else revoked it meanwhile
		}
		if err != nil {
			return Token{}, fmt.Errorf("revoke a token: %w", err)
		}
		r.recent.forget(id)
		return k.Token, nil
	}
}

// Verify gives the principal that a token's text stands for. It fails with
// ErrBadToken for one that is not valid, and otherwise with the store's error:
// then nothing is known of the token. An id that nobody has and a wrong secret
// take the same steps.
func (r *Registry) Verify(ctx context.Context, text string) (Principal, error) {
	p, _, err := r.Check(ctx, text)
	return p, err
}

// Check is Verify, and says until when the token is valid.
func (r *Registry) Check(ctx context.Context, text string) (Principal, time.Time, error) {
	id, ok := parse(text)
	if !ok {
		return Principal{}, time.Time{}, fmt.Errorf("%w: malformed", ErrBadToken)
	}
	k, err := r.known(ctx, id)
	if err != nil {
		return Principal{}, time.Time{}, err
	}
	same := subtle.ConstantTimeCompare([]byte(digest(text)), []byte(k.hash)) == 1
	state := k.State(r.now())
	switch {
	case !same || k.ID == "":
		return Principal{}, time.Time{}, fmt.Errorf("%w: %s is nobody's", ErrBadToken, id)
	case state != "valid":
		return Principal{}, time.Time{}, fmt.Errorf("%w: %s is %s", ErrBadToken, id, state)
	case !slices.Contains(Roles(), k.Role):
		return Principal{}, time.Time{}, fmt.Errorf("%w: %s has a role that this program does not know", ErrBadToken, id)
	}
	return Principal{ID: k.ID, Name: k.Name, Role: k.Role}, k.Expires, nil
}

// known gives what the store holds under the id, as it was at most a few
// seconds ago: keptToken{hash: noHash} where it holds nothing.
func (r *Registry) known(ctx context.Context, id string) (keptToken, error) {
	now := r.now()
	if k, ok := r.recent.find(id, now); ok {
		return k, nil
	}
	n, ok, err := r.node(ctx, id)
	if err != nil {
		return keptToken{}, err
	}
	k := keptToken{hash: noHash}
	if ok {
		k = fromNode(n)
	}
	r.recent.keep(id, k, now)
	return k, nil
}

// noHash is compared with where there is nothing to compare with.
const noHash = "0000000000000000000000000000000000000000000000000000000000000000"

// keptToken is a token and what the store keeps of its secret.
type keptToken struct {
	Token
	hash string
}

func nodeID(id string) store.ID { return ontology.NodeID(ontology.Token, "", id) }

func (r *Registry) node(ctx context.Context, id string) (store.Node, bool, error) {
	at := nodeID(id)
	nodes, err := r.store.Nodes(ctx, []store.ID{at})
	if err != nil {
		return store.Node{}, false, fmt.Errorf("read a token: %w", err)
	}
	n, ok := nodes[at]
	return n, ok && n.Kind == ontology.Token, nil
}

// put writes a token if the store holds this version of it.
func (r *Registry) put(ctx context.Context, t Token, hash string, version int64) error {
	props := store.Props{
		"name":      t.Name,
		"role":      string(t.Role),
		"hash":      hash,
		"order":     store.SortKey(t.Created) + " " + t.ID,
		"createdAt": t.Created,
		"expiresAt": t.Expires,
	}
	if !t.Revoked.IsZero() {
		props["revokedAt"] = t.Revoked
	}
	_, err := r.store.Apply(ctx, []store.Change{{
		Op:        store.PutNode,
		Node:      store.Node{ID: nodeID(t.ID), Kind: ontology.Token, Props: props},
		IfVersion: &version,
	}})
	return err
}

func fromNode(n store.Node) keptToken {
	var k keptToken
	order, _ := n.Props["order"].(string)
	_, k.ID, _ = strings.Cut(order, " ")
	k.Name, _ = n.Props["name"].(string)
	role, _ := n.Props["role"].(string)
	k.Role = Role(role)
	k.hash, _ = n.Props["hash"].(string)
	k.Created, _ = n.Props["createdAt"].(time.Time)
	k.Expires, _ = n.Props["expiresAt"].(time.Time)
	k.Revoked, _ = n.Props["revokedAt"].(time.Time)
	return k
}

// moment is a time as stores keep it.
func moment(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }
