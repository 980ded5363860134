package neo4j_test

import (
	"bytes"
	"context"
	"errors"
	"net"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"coopgraph/store"
	"coopgraph/store/neo4j"
	"coopgraph/store/neo4j/neo4jtest"
)

// proxy stands between a store and the server, and can fail.
type proxy struct {
	t       *testing.T
	target  string
	address string

	mu       sync.Mutex
	listener net.Listener
	conns    map[net.Conn]bool
	// silent: what is sent is swallowed. cutCommits is the number of commits
	// that reach the server while their answer does not come back.
	silent     bool
	cutCommits int
	wg         sync.WaitGroup
}

// newProxy gives a proxy that does not listen yet, and the configuration of a
// store that talks through it.
func newProxy(t *testing.T, c neo4j.Config) (*proxy, neo4j.Config) {
	t.Helper()
	u, err := url.Parse(c.URI)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{t: t, target: u.Host, address: l.Addr().String(), conns: map[net.Conn]bool{}}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.stop)
	c.URI = u.Scheme + "://" + p.address
	return p, c
}

func (p *proxy) start() {
	p.t.Helper()
	l, err := net.Listen("tcp", p.address)
	if err != nil {
		p.t.Fatal(err)
	}
	p.mu.Lock()
	p.listener = l
	p.mu.Unlock()
	p.wg.Go(func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			p.wg.Go(func() { p.serve(client) })
		}
	})
}

func (p *proxy) serve(client net.Conn) {
	server, err := net.Dial("tcp", p.target)
	if err != nil {
		_ = client.Close()
		return
	}
	p.mu.Lock()
	p.conns[client], p.conns[server] = true, true
	p.mu.Unlock()
	shut := func() { _, _ = client.Close(), server.Close() }
	p.wg.Go(func() { p.copy(client, server, shut, false) })
	p.copy(server, client, shut, true)
}

// commitMessage is Bolt's COMMIT as one chunk:
// https://neo4j.com/docs/bolt/current/bolt/message/#messages-commit
var commitMessage = []byte{0x00, 0x02, 0xb0, 0x12, 0x00, 0x00}

func (p *proxy) copy(to, from net.Conn, shut func(), requests bool) {
	defer shut()
	buf := make([]byte, 64<<10)
	for {
		n, err := from.Read(buf)
		if err != nil {
			return
		}
		p.mu.Lock()
		silent := p.silent
		cut := requests && p.cutCommits > 0 && bytes.Contains(buf[:n], commitMessage)
		if cut {
			p.cutCommits--
		}
		p.mu.Unlock()
		if silent {
			continue
		}
		if _, err := to.Write(buf[:n]); err != nil {
			return
		}
		if cut {
			// Enough for the server to commit; its answer finds no client.
			_ = from.Close()
			time.Sleep(300 * time.Millisecond)
			return
		}
	}
}

func (p *proxy) set(change func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change()
}

// cut breaks every connection.
func (p *proxy) cut() {
	p.set(func() {
		for c := range p.conns {
			_ = c.Close()
		}
		clear(p.conns)
	})
}

func (p *proxy) stop() {
	p.set(func() {
		if p.listener != nil {
			_ = p.listener.Close()
			p.listener = nil
		}
	})
	p.cut()
	p.wg.Wait()
}

// within waits until ask succeeds.
func within(t *testing.T, d time.Duration, ask func() error) {
	t.Helper()
	err := ask()
	for start := time.Now(); err != nil && time.Since(start) < d; err = ask() {
		time.Sleep(50 * time.Millisecond)
	}
	if err != nil {
		t.Fatalf("still failing after %v: %v", d, err)
	}
}

func TestAStoreOpenedWithoutItsDatabaseRecoversByItself(t *testing.T) {
	ctx := context.Background()
	p, c := newProxy(t, neo4jtest.Server(t))
	s := neo4jtest.OpenConfig(t, c, library())
	for name, call := range map[string]func() error{
		"Ping":  func() error { return s.Ping(ctx) },
		"Nodes": func() error { _, err := s.Nodes(ctx, []store.ID{"a"}); return err },
		"Apply": func() error { _, err := s.Apply(ctx, sample()); return err },
		"Path":  func() error { _, err := s.Path(ctx, "a", "b", store.Reach{Length: 1}); return err },
		"Info":  func() error { _, err := s.Info(ctx); return err },
	} {
		if err := call(); !errors.Is(err, store.ErrUnavailable) {
			t.Errorf("%s gives %v", name, err)
		}
	}
	p.start()
	within(t, time.Minute, func() error { return s.Ping(ctx) })
	if tally := must[store.Tally](t)(s.Apply(ctx, sample())); tally.Created != 8 {
		t.Errorf("tally %+v", tally)
	}
}

func TestASilentDatabaseIsToldInTimeAndThenAtOnce(t *testing.T) {
	ctx := context.Background()
	p, c := newProxy(t, neo4jtest.Server(t))
	p.start()
	s := neo4jtest.OpenConfig(t, c, library())
	must[store.Tally](t)(s.Apply(ctx, sample()))
	p.set(func() { p.silent = true })
	for range 2 {
		start := time.Now()
		_, err := s.Nodes(ctx, []store.ID{"a"})
		if took := time.Since(start); !errors.Is(err, store.ErrUnavailable) || took > time.Minute {
			t.Errorf("after %v: %v", took, err)
		}
	}
	start := time.Now()
	for range 100 {
		if _, err := s.Nodes(ctx, []store.ID{"a"}); !errors.Is(err, store.ErrUnavailable) {
			t.Errorf("the open circuit gives %v", err)
		}
	}
	if took := time.Since(start); took > 30*time.Second {
		t.Errorf("the open circuit took %v for 100 answers", took)
	}
	p.set(func() { p.silent = false })
	p.cut()
	within(t, time.Minute, func() error { _, err := s.Nodes(ctx, []store.ID{"a"}); return err })
}

func TestBrokenConnectionsOfThePoolAreNotFelt(t *testing.T) {
	ctx := context.Background()
	p, c := newProxy(t, neo4jtest.Server(t))
	p.start()
	s := neo4jtest.OpenConfig(t, c, library())
	must[store.Tally](t)(s.Apply(ctx, sample()))
	for range 5 {
		p.cut()
		if nodes := must[map[store.ID]store.Node](t)(s.Nodes(ctx, []store.ID{"a"})); len(nodes) != 1 {
			t.Errorf("nodes %v", nodes)
		}
		p.cut()
		must[store.Tally](t)(s.Apply(ctx, sample()))
	}
}

func TestABatchWhoseCommitGotLostIsAnsweredAsTheFirstTime(t *testing.T) {
	ctx := context.Background()
	p, c := newProxy(t, neo4jtest.Server(t))
	p.start()
	s := neo4jtest.OpenConfig(t, c, library())
	if err := s.Ping(ctx); err != nil {
		t.Fatal(err)
	}
	absent := int64(0)
	change := node("a", "Author", store.Props{"name": "Ada"})
	change.IfVersion = &absent
	p.set(func() { p.cutCommits = 1 })
	tally := must[store.Tally](t)(s.Apply(ctx, []store.Change{change}))
	if tally != (store.Tally{Created: 1}) {
		t.Errorf("tally %+v", tally)
	}
	p.set(func() {
		if p.cutCommits != 0 {
			t.Error("no commit was cut off")
		}
	})
	if nodes := must[map[store.ID]store.Node](t)(s.Nodes(ctx, []store.ID{"a"})); nodes["a"].Version != 1 {
		t.Errorf("nodes %v", nodes)
	}
	if _, err := s.Apply(ctx, []store.Change{change}); !errors.Is(err, store.ErrConflict) {
		t.Errorf("the same change by another call gives %v", err)
	}
}

func TestADatabaseOfANewerProgramIsRefused(t *testing.T) {
	ctx := context.Background()
	c := neo4jtest.Server(t)
	if err := neo4jtest.OpenConfig(t, c, library()).Ping(ctx); err != nil {
		t.Fatal(err)
	}
	neo4jtest.Run(t, c, "CREATE (m:Migration:Bookkeeping {number: 999})")
	t.Cleanup(func() { neo4jtest.Run(t, c, "MATCH (m:Migration {number: 999}) DELETE m") })
	s := neo4jtest.OpenConfig(t, c, library())
	if err := s.Ping(ctx); !errors.Is(err, store.ErrNewer) {
		t.Errorf("Ping gives %v", err)
	}
	if _, err := s.Apply(ctx, sample()); !errors.Is(err, store.ErrNewer) {
		t.Errorf("Apply gives %v", err)
	}
}

func TestAConfigurationThatCannotBeRightIsInvalid(t *testing.T) {
	for name, c := range map[string]neo4j.Config{
		"no address":  {},
		"no host":     {URI: "bolt://"},
		"scheme":      {URI: "http://127.0.0.1:7687"},
		"credentials": {URI: "bolt://someone:secret@127.0.0.1:7687"},
		"two logins":  {URI: "bolt://127.0.0.1:7687", User: "u", Token: "t"},
	} {
		_, err := neo4j.Open(context.Background(), c, library())
		if !errors.Is(err, store.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: the error tells a secret", name)
		}
	}
	for _, scheme := range []string{"bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc"} {
		neo4jtest.OpenConfig(t, neo4j.Config{URI: scheme + "://127.0.0.1:1"}, library())
	}
}

func TestASchemaThatTheAdapterCannotKeepIsInvalid(t *testing.T) {
	for name, s := range map[string]store.Schema{
		"a label of its own":    {Kinds: []store.KindDef{{Kind: "Bookkeeping"}}},
		"a property of its own": {Kinds: []store.KindDef{{Kind: "A", Props: []store.Prop{{Name: "version"}}}}},
		"two types":             {Kinds: []store.KindDef{{Kind: "A", Props: []store.Prop{{Name: "x"}}}, {Kind: "B", Props: []store.Prop{{Name: "x", Type: store.Int}}}}},
		"no identifier":         {Rels: []store.Rel{"A`]->() DETACH DELETE n //"}},
	} {
		if _, err := neo4j.Open(context.Background(), neo4j.Config{URI: "bolt://127.0.0.1:1"}, s); !errors.Is(err, store.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAClosedStoreLeavesNothingRunning(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	ctx := context.Background()
	c := neo4jtest.Server(t)
	s, err := neo4j.Open(ctx, c, library())
	if err != nil {
		t.Fatal(err)
	}
	must[store.Tally](t)(s.Apply(ctx, sample()))
	short, cancel := context.WithTimeout(ctx, time.Millisecond)
	defer cancel()
	if _, err := s.Nodes(short, []store.ID{"a"}); !errors.Is(err, context.DeadlineExceeded) && err != nil {
		t.Errorf("a call that was given up gives %v", err)
	}
	if err := s.Close(ctx); err != nil {
		t.Fatal(err)
	}
	if err := s.Ping(ctx); !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("a closed store gives %v", err)
	}
}
