package storetest

import (
	"context"
	"errors"
	"math"
	"strings"
	"sync"
	"time"

	"coopgraph/store"
)

func applyTests() []test {
	return []test{
		{"a put of an absent node or edge creates it at version 1", func(s *suite) {
			got := s.apply(node(Person, "a", store.Props{"name": "A"}), node(Office, "b"), edge(Knows, "e", "a", "b", store.Props{"role": "r"}))
			s.equal("tally", got, store.Tally{Created: 3})
			s.equal("nodes", s.nodes("a", "b"), map[store.ID]store.Node{
				"a": {ID: "a", Kind: Person, Version: 1, Props: store.Props{"name": "A"}},
				"b": {ID: "b", Kind: Office, Version: 1},
			})
			s.equal("edges", s.edges(nil, store.Filter{}, store.Paging{}).Items, []store.Edge{
				{ID: "e", Rel: Knows, From: "a", To: "b", Version: 1, Props: store.Props{"role": "r"}},
			})
		}},
		{"a put replaces all properties and adds one to the version", func(s *suite) {
			s.apply(node(Person, "a", store.Props{"name": "A", "note": "n"}), node(Person, "b"), edge(Knows, "e", "a", "b", store.Props{"role": "r"}))
			got := s.apply(node(Person, "a", store.Props{"name": "B"}), edge(Knows, "e", "a", "b", store.Props{"basis": "x"}))
			s.equal("tally", got, store.Tally{Changed: 2})
			s.equal("node", s.nodes("a")["a"], store.Node{ID: "a", Kind: Person, Version: 2, Props: store.Props{"name": "B"}})
			s.equal("edge", s.edges(nil, store.Filter{}, store.Paging{}).Items, []store.Edge{
				{ID: "e", Rel: Knows, From: "a", To: "b", Version: 2, Props: store.Props{"basis": "x"}},
			})
		}},
		{"the version of a written node or edge is ignored", func(s *suite) {
			ch := node(Person, "a")
			ch.Node.Version = 7
			s.apply(ch)
			s.equal("version", s.nodes("a")["a"].Version, int64(1))
		}},
		{"a put that changes nothing counts as unchanged and keeps the version", func(s *suite) {
			batch := []store.Change{
				node(Person, "a", store.Props{"name": "A", "tags": []string{"x", "y"}, "seen": day(1), "score": 1.0}, tokens{"W": "one two", "S": "three"}),
				node(Person, "b"), edge(Knows, "e", "a", "b", store.Props{"role": "r", "runs": []string{"1"}}),
			}
			s.apply(batch...)
			s.equal("tally", s.apply(batch...), store.Tally{Unchanged: 3})
			s.equal("version", s.nodes("a")["a"].Version, int64(1))
			s.equal("version", s.edges(nil, store.Filter{}, store.Paging{}).Items[0].Version, int64(1))
		}},
		{"a put that changes only the tokens counts as changed", func(s *suite) {
			s.apply(node(Person, "a", tokens{"W": "one"}))
			s.equal("tally", s.apply(node(Person, "a", tokens{"W": "one", "S": "two"})), store.Tally{Changed: 1})
			s.equal("version", s.nodes("a")["a"].Version, int64(2))
			s.equal("tally without tokens", s.apply(node(Person, "a")), store.Tally{Changed: 1})
			s.equal("tally without tokens again", s.apply(node(Person, "a")), store.Tally{Unchanged: 1})
		}},
		{"a put of an edge with other ends moves it", func(s *suite) {
			s.apply(people("a", "b", "c")...)
			s.apply(edge(Knows, "e", "a", "b"))
			s.equal("tally", s.apply(edge(Knows, "e", "c", "a")), store.Tally{Changed: 1})
			s.equal("edges", s.edges(nil, store.Filter{}, store.Paging{}).Items, []store.Edge{{ID: "e", Rel: Knows, From: "c", To: "a", Version: 2}})
			s.equal("at the old end", hopIDs(s.step("b", store.Step{Legs: []store.Leg{{Rel: Knows, Dir: store.Both}}})), nil)
			s.equal("at the new end", hopIDs(s.step("c", store.Step{Legs: []store.Leg{{Rel: Knows, Dir: store.Out}}})), []string{"e>a"})
			s.equal("tally", s.apply(dropNode(Person, "b")), store.Tally{Deleted: 1})
		}},
		{"any number of edges of a type may join the same two nodes", func(s *suite) {
			s.apply(people("a", "b")...)
			s.apply(edge(Knows, "e1", "a", "b"), edge(Knows, "e2", "a", "b"), edge(Knows, "e3", "b", "a"))
			s.equal("edges", edgeIDs(s.edges(nil, store.Filter{}, store.Paging{}).Items), []store.ID{"e1", "e2", "e3"})
		}},
		{"changes are made in order, so that later ones see earlier ones", func(s *suite) {
			got := s.apply(
				node(Person, "a"), node(Person, "b"), edge(Knows, "e", "a", "b"),
				node(Person, "a", store.Props{"name": "A"}), dropEdge(Knows, "e"), dropNode(Person, "b"),
				node(Person, "b", store.Props{"name": "B"}),
			)
			s.equal("tally", got, store.Tally{Created: 4, Changed: 1, Deleted: 2})
			s.equal("nodes", s.nodes("a", "b"), map[store.ID]store.Node{
				"a": {ID: "a", Kind: Person, Version: 2, Props: store.Props{"name": "A"}},
				"b": {ID: "b", Kind: Person, Version: 1, Props: store.Props{"name": "B"}},
			})
		}},
		{"a batch that fails leaves nothing behind", func(s *suite) {
			s.apply(node(Person, "a", store.Props{"name": "A"}, tokens{"W": "alpha"}), node(Person, "b"), edge(Knows, "e", "a", "b"))
			s.refuse(4, store.ErrInvalid,
				node(Person, "c", tokens{"W": "gamma"}),
				node(Person, "a", store.Props{"name": "Z"}, tokens{"W": "zeta"}),
				edge(Knows, "f", "a", "c"),
				dropEdge(Knows, "e"),
				edge(Knows, "g", "a", "missing"),
			)
			s.equal("nodes", s.nodes("a", "c"), map[store.ID]store.Node{"a": {ID: "a", Kind: Person, Version: 1, Props: store.Props{"name": "A"}}})
			s.equal("edges", edgeIDs(s.edges(nil, store.Filter{}, store.Paging{}).Items), []store.ID{"e"})
			got := s.search(store.Query{All: [][]store.Term{{{Field: "W", Token: "alpha"}, {Field: "W", Token: "gamma"}, {Field: "W", Token: "zeta"}}}, Limit: 9})
			s.equal("hits", nodeIDs(got[0].Hits), []store.ID{"a"})
			s.equal("degree", got[0].Hits[0].Degree, int64(1))
		}},
		{"an empty batch does nothing", func(s *suite) {
			s.equal("tally", s.apply(), store.Tally{})
		}},
		{"an edge without both ends is invalid", func(s *suite) {
			s.apply(people("a")...)
			s.refuse(0, store.ErrInvalid, edge(Knows, "e", "a", "none"))
			s.refuse(0, store.ErrInvalid, edge(Knows, "e", "none", "a"))
			s.refuse(1, store.ErrInvalid, node(Person, "b"), edge(Knows, "e", "a", "c"), node(Person, "c"))
		}},
		{"a node with edges cannot be deleted", func(s *suite) {
			s.apply(people("a", "b")...)
			s.apply(edge(Knows, "e", "a", "b"))
			s.refuse(0, store.ErrInvalid, dropNode(Person, "a"))
			s.refuse(0, store.ErrInvalid, dropNode(Person, "b"))
			s.equal("tally", s.apply(dropEdge(Knows, "e"), dropNode(Person, "a")), store.Tally{Deleted: 2})
			s.equal("nodes", len(s.nodes("a", "b")), 1)
		}},
		{"deleting what is absent is not found", func(s *suite) {
			s.refuse(0, store.ErrNotFound, dropNode(Person, "a"))
			s.refuse(0, store.ErrNotFound, dropEdge(Knows, "e"))
		}},
		{"a deleted node leaves every index", func(s *suite) {
			s.apply(node(Person, "a", store.Props{"code": "1", "name": "A"}, tokens{"W": "alpha"}))
			s.apply(dropNode(Person, "a"))
			s.equal("found", s.find(nil, store.Filter{Conds: []store.Cond{{Prop: "code", Values: []any{"1"}}}}, store.Paging{Count: true}), store.Page[store.Node]{})
			s.equal("hits", s.search(store.Query{All: [][]store.Term{{{Field: "W", Token: "alpha"}}}, Limit: 1})[0], store.Result{})
			words, err := s.store.Words(s.ctx, []string{"alpha"}, 3)
			s.equal("words", []any{words["alpha"], err}, []any{[]string(nil), nil})
			s.apply(node(Person, "a"))
			s.equal("version", s.nodes("a")["a"].Version, int64(1))
		}},
		{"IfVersion must be the present version", func(s *suite) {
			s.apply(node(Person, "a", ifVersion(0)), node(Person, "b"))
			s.refuse(0, store.ErrConflict, node(Person, "a", ifVersion(0), store.Props{"name": "X"}))
			s.refuse(0, store.ErrConflict, node(Person, "c", ifVersion(1)))
			s.apply(node(Person, "a", ifVersion(1), store.Props{"name": "A"}))
			s.refuse(0, store.ErrConflict, node(Person, "a", ifVersion(1)))
			one, two := int64(1), int64(2)
			put := edge(Knows, "e", "a", "b")
			put.IfVersion = &one
			s.refuse(0, store.ErrConflict, put)
			put.IfVersion = nil
			s.apply(put)
			drop := dropEdge(Knows, "e")
			drop.IfVersion = &two
			s.refuse(0, store.ErrConflict, drop)
			drop.IfVersion = &one
			s.apply(drop)
			remove := dropNode(Person, "a")
			remove.IfVersion = &one
			s.refuse(0, store.ErrConflict, remove)
			remove.IfVersion = &two
			s.apply(remove)
		}},
		{"the first change that cannot be made is told of, whatever ails the others", func(s *suite) {
			s.apply(node(Person, "a"))
			nowhere, stale := edge(Knows, "e", "a", "none"), node(Person, "a", ifVersion(7))
			s.refuse(0, store.ErrInvalid, nowhere, stale)
			s.refuse(0, store.ErrConflict, stale, nowhere)
			s.refuse(1, store.ErrConflict, edge(Knows, "e", "a", "a"), stale, nowhere)
		}},
		{"IfVersion holds for a put that changes nothing", func(s *suite) {
			s.apply(node(Person, "a"))
			s.equal("tally", s.apply(node(Person, "a", ifVersion(1))), store.Tally{Unchanged: 1})
			s.refuse(0, store.ErrConflict, node(Person, "a", ifVersion(2)))
		}},
		{"what the schema does not declare is invalid", func(s *suite) {
			s.apply(people("a", "b")...)
			s.refuse(0, store.ErrInvalid, node("Ghost", "x"))
			s.refuse(0, store.ErrInvalid, node(Person, "x", store.Props{"ghost": "1"}))
			s.refuse(0, store.ErrInvalid, node(Office, "x", store.Props{"rank": int64(1)}))
			s.refuse(0, store.ErrInvalid, node(Person, "x", store.Props{"name": int64(1)}))
			s.refuse(0, store.ErrInvalid, node(Person, "x", store.Props{"tags": []string{}}))
			s.refuse(0, store.ErrInvalid, node(Person, "x", store.Props{"name": nil}))
			s.refuse(0, store.ErrInvalid, node(Person, "x", tokens{"ghost": "1"}))
			s.refuse(0, store.ErrInvalid, edge("GHOST", "e", "a", "b"))
			s.refuse(0, store.ErrInvalid, edge(Knows, "e", "a", "b", store.Props{"name": "1"}))
			s.refuse(0, store.ErrInvalid, node(Person, ""))
		}},
		{"one of many writers with the same IfVersion wins", func(s *suite) {
			s.apply(node(Person, "a"))
			var wg sync.WaitGroup
			errs := make([]error, 8)
			for i := range errs {
				wg.Go(func() {
					_, errs[i] = s.store.Apply(s.ctx, []store.Change{node(Person, "a", ifVersion(1), store.Props{"rank": int64(i)})})
				})
			}
			wg.Wait()
			won := 0
			for _, err := range errs {
				if err == nil {
					won++
				} else {
					s.wantErr("Apply", err, store.ErrConflict)
				}
			}
			s.equal("writers that won", won, 1)
		}},
		{"many writers at once lose nothing", func(s *suite) {
			s.apply(node(Office, "hub"))
			var wg sync.WaitGroup
			for w := range 8 {
				wg.Go(func() {
					for i := range 5 {
						id := numbered("p", w*100+i)
						_, err := s.store.Apply(s.ctx, []store.Change{node(Person, id), edge(MemberOf, "e"+id, id, "hub")})
						if err != nil {
							s.Errorf("Apply: %v", err)
						}
					}
				})
			}
			wg.Wait()
			s.equal("members", s.step("hub", store.Step{Legs: []store.Leg{{Rel: MemberOf, Dir: store.In}}, Limit: 1, Count: true}).Count, int64(40))
		}},
		{"what is acknowledged is read at once", func(s *suite) {
			for i := range 20 {
				id := numbered("p", i)
				s.apply(node(Person, id, tokens{"W": string(id)}))
				s.equal("node", len(s.nodes(id)), 1)
				s.equal("hit", nodeIDs(s.search(store.Query{All: [][]store.Term{{{Field: "W", Token: string(id)}}}, Limit: 1})[0].Hits), []store.ID{id})
			}
		}},
	}
}

func valueTests() []test {
	return []test{
		{"every type comes back as it was written", func(s *suite) {
			long := strings.Repeat("ü", 70_000)
			cases := []store.Props{
				{"rank": int64(0), "score": 0.0, "active": false, "name": "", "seen": time.Unix(0, 0).UTC()},
				{"rank": int64(math.MaxInt64), "score": 1.0, "active": true, "name": "x", "tags": []string{"one"}},
				{"rank": int64(math.MinInt64), "score": -0.1, "tags": []string{"b", "a", "b", ""}},
				{"rank": int64(1)<<53 + 1, "score": 1e300, "notes": []string{"1", "true"}},
				{"score": math.MaxFloat64},
				{"score": math.SmallestNonzeroFloat64},
				{"score": 0.1 + 0.2},
				{"score": -2.0},
				{"score": 1e21},
				{"name": "\"quoted\" \\ back\nline\ttab \u2028 {json: [1]}", "note": "日本語 🙂 é e\u0301", "code": "1"},
				{"name": "'; DROP TABLE node; --", "note": "$x {y} `z` %s"},
				{"note": long},
				{"seen": day(3)},
				{"seen": time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)},
				{"seen": time.Date(9999, 12, 31, 23, 59, 59, 999999000, time.UTC)},
				{"seen": time.Date(1969, 12, 31, 23, 59, 59, 1000, time.UTC)},
			}
			var batch []store.Change
			want := map[store.ID]store.Node{}
			var ids []store.ID
			for i, props := range cases {
				id := numbered("n", i)
				ids = append(ids, id)
				batch = append(batch, node(Person, id, props))
				want[id] = store.Node{ID: id, Kind: Person, Version: 1, Props: props}
			}
			s.apply(batch...)
			s.equal("nodes", s.nodes(ids...), want)
			s.equal("tally", s.apply(batch...), store.Tally{Unchanged: int64(len(cases))})
		}},
		{"every type of an edge comes back as it was written", func(s *suite) {
			props := store.Props{
				"role": "r\"", "first": "2026", "planned": false, "basis": "b", "runs": []string{"1", "2"}, "order": "o", "fresh": "f",
				"at": day(2), "count": int64(math.MaxInt64), "weight": 2.0, "marks": []string{"x", "\"y\"", ""},
			}
			s.apply(people("a", "b")...)
			s.apply(edge(Knows, "e", "a", "b", props))
			s.equal("listed", s.edges(nil, store.Filter{}, store.Paging{}).Items[0].Props, props)
			legs := []store.Leg{{Rel: Knows}}
			s.equal("expanded", s.step("a", store.Step{Legs: legs, EdgeProps: []string{store.All}}).Items[0].Edge.Props, props)
			walk := store.Props{
				"role": "r\"", "first": "2026", "planned": false, "basis": "b", "fresh": "f", "at": day(2),
				"count": int64(math.MaxInt64), "marks": []string{"x", "\"y\"", ""},
			}
			s.equal("walked", s.step("a", store.Step{Legs: legs}).Items[0].Edge.Props, walk)
		}},
		{"times are kept to the microsecond, in UTC", func(s *suite) {
			zone := time.FixedZone("", 7200)
			s.apply(node(Person, "a", store.Props{"seen": time.Date(2026, 1, 2, 3, 4, 5, 123456000, zone)}))
			s.equal("time", s.nodes("a")["a"].Props["seen"], time.Date(2026, 1, 2, 1, 4, 5, 123456000, time.UTC))
		}},
		{"ids are any text", func(s *suite) {
			ids := []store.ID{"a b", "A", "ä", "'", "\"", "n_0123456789abcdefghijklmnop", "日本", "%", "\\"}
			for i, id := range ids {
				s.apply(node(Person, id), edge(Knows, "e"+id, id, ids[0]))
				s.equal("node", nodeIDs([]store.Node{s.nodes(id)[id]}), []store.ID{id})
				s.equal("far end", hopIDs(s.step(ids[0], store.Step{Legs: []store.Leg{{Rel: Knows, Dir: store.In}}, Count: true}))[:1] != nil, true)
				s.equal("count", s.step(ids[0], store.Step{Legs: []store.Leg{{Rel: Knows, Dir: store.In}}, Count: true}).Count, int64(i+1))
			}
		}},
	}
}

func storeTests() []test {
	return []test{
		{"a store that is open answers a ping and describes itself", func(s *suite) {
			if err := s.store.Ping(s.ctx); err != nil {
				s.Errorf("Ping: %v", err)
			}
			info, err := s.store.Info(s.ctx)
			if err != nil || info.Engine == "" || info.Migration < 1 || len(info.Problems) > 0 {
				s.Errorf("Info gives %+v, %v", info, err)
			}
		}},
		{"the stamp is another after each batch that changed something, and stays while nothing is written", func(s *suite) {
			seen := map[string]string{}
			fresh := func(after string) {
				s.Helper()
				stamp, err := s.store.Stamp(s.ctx)
				if err != nil {
					s.Fatalf("Stamp: %v", err)
				}
				if before, ok := seen[stamp]; ok {
					s.Errorf("the stamp after %s is the one after %s: %q", after, before, stamp)
				}
				seen[stamp] = after
				if again, err := s.store.Stamp(s.ctx); err != nil || again != stamp {
					s.Errorf("the stamp after %s is %q, and %q when asked again (%v)", after, stamp, again, err)
				}
			}
			fresh("nothing")
			s.apply(people("a", "b")...)
			fresh("two nodes")
			s.apply(edge(Knows, "e1", "a", "b"))
			fresh("an edge")
			s.apply(dropEdge(Knows, "e1"))
			fresh("its end")
		}},
		{"a context that has ended ends every call", func(s *suite) {
			s.apply(people("a", "b")...)
			ctx, cancel := context.WithCancel(s.ctx)
			cancel()
			for name, call := range calls(s.store) {
				if err := call(ctx); !errors.Is(err, context.Canceled) {
					s.Errorf("%s gives %v, want %v", name, err, context.Canceled)
				}
			}
			s.equal("tally", s.apply(people("c")...), store.Tally{Created: 1})
		}},
		{"a closed store is unavailable", func(s *suite) {
			if err := s.store.Close(s.ctx); err != nil {
				s.Fatalf("Close: %v", err)
			}
			for name, call := range calls(s.store) {
				s.wantErr(name, call(s.ctx), store.ErrUnavailable)
			}
			s.wantErr("Ping", s.store.Ping(s.ctx), store.ErrUnavailable)
			if err := s.store.Close(s.ctx); err != nil {
				s.Errorf("a second Close: %v", err)
			}
		}},
		{"readers and writers at once see whole batches", func(s *suite) {
			s.apply(node(Person, "a", store.Props{"rank": int64(0)}), node(Person, "b", store.Props{"rank": int64(0)}))
			done := make(chan struct{})
			var wg sync.WaitGroup
			for range 3 {
				wg.Go(func() {
					for {
						select {
						case <-done:
							return
						default:
						}
						got, err := s.store.Nodes(s.ctx, []store.ID{"a", "b"})
						if err != nil || got["a"].Props["rank"] != got["b"].Props["rank"] {
							s.Errorf("Nodes gives %v, %v", got, err)
							return
						}
					}
				})
			}
			for i := range int64(30) {
				s.apply(node(Person, "a", store.Props{"rank": i}), node(Person, "b", store.Props{"rank": i}))
			}
			close(done)
			wg.Wait()
		}},
	}
}

// calls gives a call of each method that asks or writes.
func calls(st store.Store) map[string]func(context.Context) error {
	return map[string]func(context.Context) error{
		"Nodes": func(ctx context.Context) error { _, err := st.Nodes(ctx, []store.ID{"a"}); return err },
		"Find": func(ctx context.Context) error {
			_, err := st.Find(ctx, nil, store.Filter{}, store.Paging{})
			return err
		},
		"Edges": func(ctx context.Context) error {
			_, err := st.Edges(ctx, nil, store.Filter{}, store.Paging{})
			return err
		},
		"Expand": func(ctx context.Context) error {
			_, err := st.Expand(ctx, []store.ID{"a"}, []store.Step{{Legs: []store.Leg{{Rel: Knows}}}})
			return err
		},
		"Search": func(ctx context.Context) error {
			_, err := st.Search(ctx, []store.Query{{All: [][]store.Term{{{Field: "W", Token: "a"}}}, Limit: 1}})
			return err
		},
		"Words": func(ctx context.Context) error { _, err := st.Words(ctx, []string{"abc"}, 1); return err },
		"Path":  func(ctx context.Context) error { _, err := st.Path(ctx, "a", "b", store.Reach{Length: 2}); return err },
		"Neighbourhood": func(ctx context.Context) error {
			_, err := st.Neighbourhood(ctx, "a", store.Reach{Length: 1})
			return err
		},
		"Stamp": func(ctx context.Context) error { _, err := st.Stamp(ctx); return err },
		"Apply": func(ctx context.Context) error {
			_, err := st.Apply(ctx, []store.Change{node(Person, "z")})
			return err
		},
	}
}
