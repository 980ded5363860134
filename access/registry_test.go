package access_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"coopgraph/access"
	"coopgraph/ontology"
	"coopgraph/store"
	"coopgraph/store/neo4j/neo4jtest"
	"coopgraph/store/sqlite"
)

// clock is a clock that is set by hand.
type clock struct{ at atomic.Int64 }

func newClock() *clock {
	c := &clock{}
	c.at.Store(time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC).UnixNano())
	return c
}

func (c *clock) now() time.Time          { return time.Unix(0, c.at.Load()) }
func (c *clock) advance(d time.Duration) { c.at.Add(int64(d)) }

// counted is a real store whose readings of nodes are counted, and which can
// be cut off.
type counted struct {
	store.Store
	readings atomic.Int64
	cut      atomic.Bool
}

func (c *counted) Nodes(ctx context.Context, ids []store.ID) (map[store.ID]store.Node, error) {
	c.readings.Add(1)
	if c.cut.Load() {
		return nil, fmt.Errorf("nodes: %w", store.ErrUnavailable)
	}
	return c.Store.Nodes(ctx, ids)
}

func newSQLite(t testing.TB, path string) *counted {
	t.Helper()
	s, err := sqlite.Open(t.Context(), path, ontology.Schema())
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	t.Cleanup(func() {
		if err := s.Close(context.Background()); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return &counted{Store: s}
}

func newRegistry(t testing.TB) (*access.Registry, *counted, *clock) {
	t.Helper()
	s, c := newSQLite(t, filepath.Join(t.TempDir(), "test.db")), newClock()
	return access.NewRegistry(s, c.now, rand.Reader), s, c
}

func create(t testing.TB, r *access.Registry, role access.Role, lifetime time.Duration) (access.Token, string) {
	t.Helper()
	token, text, err := r.Create(t.Context(), role, "the press desk", lifetime)
	if err != nil {
		t.Fatalf("create: %v", err)
	}
	return token, text
}

// refused checks that a token is bad, not that the store failed.
func refused(t testing.TB, r *access.Registry, text, says string) {
	t.Helper()
	p, err := r.Verify(t.Context(), text)
	if !errors.Is(err, access.ErrBadToken) || !strings.Contains(err.Error(), says) || p != (access.Principal{}) {
		t.Errorf("%+v, %v, want %q", p, err, says)
	}
	if err != nil && len(text) > 20 && strings.Contains(err.Error(), text[17:]) {
		t.Error("the error repeats the secret")
	}
}

func TestATokenLivesFromItsCreationToItsEnd(t *testing.T) {
	t.Run("SQLite", func(t *testing.T) {
		r, _, c := newRegistry(t)
		life(t, r, c)
	})
	t.Run("Neo4j", func(t *testing.T) {
		s := neo4jtest.OpenConfig(t, neo4jtest.Server(t), ontology.Schema())
		neo4jtest.Ready(t, s)
		c := newClock()
		life(t, access.NewRegistry(s, c.now, rand.Reader), c)
	})
}

func life(t *testing.T, r *access.Registry, c *clock) {
	for _, role := range access.Roles() {
		token, text := create(t, r, role, 0)
		p, err := r.Verify(t.Context(), text)
		if err != nil || p != (access.Principal{ID: token.ID, Name: "the press desk", Role: role}) {
			t.Errorf("%s: %+v, %v", role, p, err)
		}
		if token.Expires.Sub(token.Created) != 90*24*time.Hour {
			t.Errorf("valid for %v", token.Expires.Sub(token.Created))
		}
		c.advance(time.Second)
	}
	short, text := create(t, r, access.Staff, time.Hour)
	c.advance(time.Hour - time.Microsecond)
	if _, err := r.Verify(t.Context(), text); err != nil {
		t.Errorf("just before its end: %v", err)
	}
	c.advance(time.Microsecond)
	refused(t, r, text, "expired")
	listed, err := r.List(t.Context())
	if err != nil || len(listed) != 5 || listed[4] != short || listed[4].State(c.now()) != "expired" {
		t.Fatalf("%v, %+v", err, listed)
	}
	for i, role := range access.Roles() {
		if listed[i].Role != role || listed[i].Name != "the press desk" || listed[i].State(c.now()) != "valid" {
			t.Errorf("listed %d: %+v", i, listed[i])
		}
	}
	gone, err := r.Revoke(t.Context(), listed[0].ID)
	if err != nil || !gone.Revoked.Equal(c.now()) || gone.State(c.now()) != "revoked" {
		t.Errorf("revoke: %+v, %v", gone, err)
	}
	c.advance(time.Minute)
	again, err := r.Revoke(t.Context(), listed[0].ID)
	if err != nil || again != gone {
		t.Errorf("revoked again: %+v, %v", again, err)
	}
}

// The file of the database and its log hold the hash and nothing else of the
// secret.
func TestTheStoreHoldsOnlyTheHash(t *testing.T) {
	folder := t.TempDir()
	s := newSQLite(t, filepath.Join(folder, "test.db"))
	_, text := create(t, access.NewRegistry(s, newClock().now, rand.Reader), access.Editor, 0)
	sum := sha256.Sum256([]byte(text))
	var held []byte
	files, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		b, err := os.ReadFile(filepath.Join(folder, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		held = append(held, b...)
	}
	if !bytes.Contains(held, []byte(hex.EncodeToString(sum[:]))) {
		t.Error("the hash is nowhere")
	}
	if secret := text[len("cg_")+13:]; bytes.Contains(held, []byte(secret[:20])) || bytes.Contains(held, []byte(secret[len(secret)-20:])) {
		t.Error("the secret is on the disk")
	}
}

func TestARevokedTokenIsRefusedEverywhereWithinFiveSeconds(t *testing.T) {
	r, s, c := newRegistry(t)
	elsewhere := access.NewRegistry(s, c.now, rand.Reader)
	token, text := create(t, r, access.Editor, 0)
	for _, server := range []*access.Registry{r, elsewhere} {
		if _, err := server.Verify(t.Context(), text); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := r.Revoke(t.Context(), token.ID); err != nil {
		t.Fatal(err)
	}
	refused(t, r, text, "revoked")
	c.advance(5 * time.Second)
	refused(t, elsewhere, text, "revoked")
}

// What was read is believed for a while, so that a client that asks a hundred
// questions a second costs one reading.
func TestReadingsAreShared(t *testing.T) {
	r, s, c := newRegistry(t)
	_, text := create(t, r, access.Staff, 0)
	for range 100 {
		if _, err := r.Verify(t.Context(), text); err != nil {
			t.Fatal(err)
		}
	}
	if n := s.readings.Load(); n != 1 {
		t.Errorf("%d readings", n)
	}
	c.advance(-time.Hour) // a clock that is set back must not prolong anything
	if _, err := r.Verify(t.Context(), text); err != nil || s.readings.Load() != 2 {
		t.Errorf("%d readings, %v", s.readings.Load(), err)
	}
}

// Whoever tries ids must not learn from the time of the answer which there
// are: both ways take one reading, shared alike, and end in the same error.
func TestUnknownIdsAndWrongSecretsTakeTheSameSteps(t *testing.T) {
	r, s, _ := newRegistry(t)
	other, _, _ := newRegistry(t)
	_, known := create(t, r, access.Editor, 0)
	_, unknown := create(t, other, access.Editor, 0)
	last := "z"
	if known[len(known)-7] == 'z' {
		last = "y"
	}
	forged := reseal(known[:len(known)-7] + last)
	for name, text := range map[string]string{"unknown id": unknown, "wrong secret": forged} {
		before := s.readings.Load()
		refused(t, r, text, "is nobody's")
		refused(t, r, text, "is nobody's")
		if n := s.readings.Load() - before; n != 1 {
			t.Errorf("%s: %d readings", name, n)
		}
	}
	if _, err := r.Verify(t.Context(), known); err != nil {
		t.Errorf("the right one: %v", err)
	}
}

func TestAStoreThatCannotBeReadIsNoBadToken(t *testing.T) {
	r, s, c := newRegistry(t)
	_, text := create(t, r, access.Editor, 0)
	s.cut.Store(true)
	if _, err := r.Verify(t.Context(), text); !errors.Is(err, store.ErrUnavailable) || errors.Is(err, access.ErrBadToken) {
		t.Errorf("cut off: %v", err)
	}
	s.cut.Store(false)
	if _, err := r.Verify(t.Context(), text); err != nil {
		t.Errorf("back again: %v", err)
	}
	s.cut.Store(true)
	c.advance(5 * time.Second)
	if _, err := r.Verify(t.Context(), text); !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("cut off with an old answer: %v", err)
	}
}

// A node that is no token, or one of a role of a newer program, lets nobody in.
func TestOddNodesLetNobodyIn(t *testing.T) {
	r, s, c := newRegistry(t)
	token, text := create(t, r, access.Editor, 0)
	id := ontology.NodeID(ontology.Token, "", token.ID)
	nodes, err := s.Nodes(t.Context(), []store.ID{id})
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(store.Props){
		"another role": func(p store.Props) { p["role"] = "admin" },
		"anonymous":    func(p store.Props) { p["role"] = "anonymous" },
		"no role":      func(p store.Props) { delete(p, "role") },
		"no end":       func(p store.Props) { delete(p, "expiresAt") },
		"no hash":      func(p store.Props) { delete(p, "hash") },
		"no id":        func(p store.Props) { delete(p, "order") },
	} {
		n := nodes[id]
		props := store.Props{}
		for k, v := range n.Props {
			props[k] = v
		}
		change(props)
		n.Props = props
		if _, err := s.Apply(t.Context(), []store.Change{{Op: store.PutNode, Node: n}}); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		c.advance(time.Minute)
		if p, err := r.Verify(t.Context(), text); !errors.Is(err, access.ErrBadToken) {
			t.Errorf("%s: %+v, %v", name, p, err)
		}
	}
}

func TestTokensThatCannotBeMade(t *testing.T) {
	r, s, _ := newRegistry(t)
	for name, c := range map[string]struct {
		role     access.Role
		name     string
		lifetime time.Duration
	}{
		"anonymous":     {access.Anonymous, "x", 0},
		"unknown role":  {"admin", "x", 0},
		"no role":       {"", "x", 0},
		"no name":       {access.Staff, "  ", 0},
		"long name":     {access.Staff, strings.Repeat("é", access.MaxName+1), 0},
		"line in name":  {access.Staff, "a\nb", 0},
		"override":      {access.Staff, "a\u202eb", 0},
		"bad UTF-8":     {access.Staff, "a\xff", 0},
		"ended already": {access.Staff, "x", -time.Second},
		"for too long":  {access.Staff, "x", access.MaxLifetime + time.Second},
	} {
		if _, text, err := r.Create(t.Context(), c.role, c.name, c.lifetime); !errors.Is(err, access.ErrBadRequest) || text != "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, _, err := r.Create(t.Context(), access.Loader, strings.Repeat("é", access.MaxName), access.MaxLifetime); err != nil {
		t.Errorf("the longest: %v", err)
	}
	dry := access.NewRegistry(s, time.Now, strings.NewReader("too little"))
	if _, text, err := dry.Create(t.Context(), access.Staff, "x", 0); err == nil || text != "" {
		t.Error("a token was made without chance")
	}
	for _, id := range []string{"", "nobodysidxyz", "../../x", strings.Repeat("a", 1000)} {
		if _, err := r.Revoke(t.Context(), id); !errors.Is(err, access.ErrNoToken) {
			t.Errorf("revoke %.20q: %v", id, err)
		}
	}
}

// More ids than are remembered: what is remembered stays bounded, and answers
// stay right.
func TestManyIdsAtOnce(t *testing.T) {
	r, _, _ := newRegistry(t)
	other, _, _ := newRegistry(t)
	_, good := create(t, r, access.Staff, 0)
	_, bad := create(t, other, access.Staff, 0)
	var clients sync.WaitGroup
	for i := range 4 {
		clients.Go(func() {
			for j := range 400 {
				if _, err := r.Verify(t.Context(), renamed(bad, i*400+j)); !errors.Is(err, access.ErrBadToken) {
					t.Errorf("an invented one: %v", err)
				}
				if _, err := r.Verify(t.Context(), good); err != nil {
					t.Errorf("the good one: %v", err)
				}
			}
		})
	}
	clients.Wait()
}
