package storetest

import (
	"slices"
	"strconv"

	"coopgraph/store"
)

func out(rels ...store.Rel) (legs []store.Leg) {
	for _, r := range rels {
		legs = append(legs, store.Leg{Rel: r})
	}
	return legs
}

func in(rel store.Rel) store.Leg   { return store.Leg{Rel: rel, Dir: store.In} }
func both(rel store.Rel) store.Leg { return store.Leg{Rel: rel, Dir: store.Both} }

func hopPosition(h store.Hop, o store.EdgeOrder) *store.Position {
	p := &store.Position{ID: h.Edge.ID}
	if o.Edge != "" {
		p.Keys = append(p.Keys, store.SortKey(h.Edge.Props[o.Edge]))
	}
	if o.Far != "" {
		p.Keys = append(p.Keys, store.SortKey(h.Node.Props[o.Far]))
	}
	return p
}

// hopsByPage reads a step's hops a page at a time.
func (s *suite) hopsByPage(from store.ID, step store.Step) (ids []string) {
	s.Helper()
	step.NodeProps, step.EdgeProps = []string{store.All}, []string{store.All}
	for {
		got := s.step(from, step)
		if len(got.Items) > step.Limit || (got.More && len(got.Items) < step.Limit) {
			s.Fatalf("a page of at most %d has %d hops, more %t", step.Limit, len(got.Items), got.More)
		}
		ids = append(ids, hopIDs(got)...)
		if !got.More {
			return ids
		}
		step.After = hopPosition(got.Items[len(got.Items)-1], step.Order)
	}
}

func expandTests() []test {
	return []test{
		{"absent parents are absent, and every parent that exists has every page", func(s *suite) {
			s.apply(people("a", "b")...)
			s.apply(edge(Knows, "e", "a", "b"))
			got := s.expand([]store.ID{"a", "b", "x", "a"}, store.Step{Legs: out(Knows)}, store.Step{Legs: out(MemberOf)})
			s.equal("parents", len(got), 2)
			for id, want := range map[store.ID][]int{"a": {1, 0}, "b": {0, 0}} {
				s.equal("pages of "+string(id), []int{len(got[id][0].Items), len(got[id][1].Items)}, want)
			}
			s.equal("of none", len(s.expand(nil, store.Step{Legs: out(Knows)})), 0)
			s.equal("without a tree", s.expand([]store.ID{"a"}), map[store.ID][]store.Page[store.Hop]{"a": {}})
		}},
		{"a leg follows edges out, in, or both ways", func(s *suite) {
			s.apply(people("a", "b", "c")...)
			s.apply(edge(Knows, "e1", "a", "b"), edge(Knows, "e2", "c", "a"), edge(PartOf, "e3", "a", "c"))
			s.equal("out", hopIDs(s.step("a", store.Step{Legs: out(Knows)})), []string{"e1>b"})
			s.equal("in", hopIDs(s.step("a", store.Step{Legs: []store.Leg{in(Knows)}})), []string{"e2>c"})
			s.equal("both", hopIDs(s.step("a", store.Step{Legs: []store.Leg{both(Knows)}})), []string{"e1>b", "e2>c"})
			s.equal("several", hopIDs(s.step("a", store.Step{Legs: []store.Leg{in(Knows), {Rel: PartOf}}})), []string{"e2>c", "e3>c"})
			s.equal("ends", s.step("a", store.Step{Legs: []store.Leg{in(Knows)}}).Items[0], store.Hop{
				Edge: store.Edge{ID: "e2", Rel: Knows, From: "c", To: "a", Version: 1},
				Node: store.Node{ID: "c", Kind: Person, Version: 1},
			})
		}},
		{"an edge from a node to itself, or reached by two legs, is one hop", func(s *suite) {
			s.apply(people("a", "b")...)
			s.apply(edge(Knows, "e1", "a", "a"), edge(Knows, "e2", "a", "b"))
			for _, limit := range []int{0, 1, 2, 5} {
				for _, legs := range [][]store.Leg{{both(Knows)}, {{Rel: Knows}, in(Knows)}, {{Rel: Knows}, both(Knows), {Rel: Knows}}} {
					got := s.step("a", store.Step{Legs: legs, Count: true, Limit: limit})
					want := []string{"e1>a", "e2>b"}
					if limit == 1 {
						want = want[:1]
					}
					s.equal("hops", hopIDs(got), want)
					s.equal("count", []any{got.Count, got.More}, []any{int64(2), limit == 1})
				}
			}
			got := s.step("a", store.Step{Legs: []store.Leg{{Rel: Knows}, in(Knows), both(Knows), {Rel: PartOf}}, Count: true, Limit: 1})
			s.equal("legs", got.Legs, []int64{2, 1, 2, 0})
		}},
		{"hops have ids, kinds, relation, versions and the walk properties unless more is named", func(s *suite) {
			s.apply(node(Person, "a"), node(Office, "b", store.Props{"name": "B", "hue": "red", "note": "n"}))
			s.apply(edge(Knows, "e", "a", "b", store.Props{"role": "r", "weight": 1.0, "order": "o"}))
			hop := func(step store.Step) store.Hop {
				step.Legs = out(Knows)
				return s.step("a", step).Items[0]
			}
			plain := hop(store.Step{})
			s.equal("hop", plain, store.Hop{
				Edge: store.Edge{ID: "e", Rel: Knows, From: "a", To: "b", Version: 1, Props: store.Props{"role": "r"}},
				Node: store.Node{ID: "b", Kind: Office, Version: 1, Props: store.Props{"hue": "red"}},
			})
			named := hop(store.Step{NodeProps: []string{"name"}, EdgeProps: []string{"weight"}})
			s.equal("named", []store.Props{named.Node.Props, named.Edge.Props}, []store.Props{{"name": "B", "hue": "red"}, {"role": "r", "weight": 1.0}})
			all := hop(store.Step{NodeProps: []string{store.All}, EdgeProps: []string{store.All}})
			s.equal("all", []store.Props{all.Node.Props, all.Edge.Props}, []store.Props{
				{"name": "B", "hue": "red", "note": "n"}, {"role": "r", "weight": 1.0, "order": "o"},
			})
		}},
		{"what hops carry follows the changes", func(s *suite) {
			s.apply(people("a", "b")...)
			s.apply(edge(Knows, "e", "a", "b", store.Props{"role": "r"}))
			s.apply(node(Person, "b", store.Props{"hue": "red"}), edge(Knows, "e", "a", "b", store.Props{"role": "s"}))
			for _, from := range []store.ID{"a", "b"} {
				h := s.step(from, store.Step{Legs: []store.Leg{both(Knows)}}).Items[0]
				s.equal("edge", []any{h.Edge.Version, h.Edge.Props}, []any{int64(2), store.Props{"role": "s"}})
			}
			h := s.step("a", store.Step{Legs: out(Knows)}).Items[0]
			s.equal("node", []any{h.Node.Version, h.Node.Props}, []any{int64(2), store.Props{"hue": "red"}})
			s.apply(dropEdge(Knows, "e"))
			s.equal("hops", len(s.step("b", store.Step{Legs: []store.Leg{both(Knows)}}).Items), 0)
		}},
		{"hops are ordered by the edge's property, the far node's, then the edge's id", func(s *suite) {
			s.apply(node(Person, "a"), node(Person, "n1", store.Props{"name": "x"}), node(Person, "n2", store.Props{"name": "X"}), node(Office, "n3"))
			s.apply(
				edge(Knows, "e1", "a", "n1", store.Props{"order": "1", "fresh": "b"}), edge(Knows, "e2", "a", "n2", store.Props{"order": "1"}),
				edge(Knows, "e3", "a", "n3", store.Props{"order": "1", "fresh": "a"}), edge(Knows, "e4", "n1", "a"),
				edge(PartOf, "e5", "a", "n1", store.Props{"order": "0", "fresh": "b"}), edge(Knows, "e6", "a", "n1", store.Props{"order": "1", "fresh": "a"}),
			)
			legs := []store.Leg{both(Knows), {Rel: PartOf}}
			for _, c := range []struct {
				order store.EdgeOrder
				want  []string
			}{
				{store.EdgeOrder{}, []string{"e1>n1", "e2>n2", "e3>n3", "e4>n1", "e5>n1", "e6>n1"}},
				{store.EdgeOrder{Edge: "order", Far: "name"}, []string{"e4>n1", "e5>n1", "e3>n3", "e2>n2", "e1>n1", "e6>n1"}},
				{store.EdgeOrder{Edge: "fresh"}, []string{"e2>n2", "e4>n1", "e3>n3", "e6>n1", "e1>n1", "e5>n1"}},
			} {
				s.equal("hops", hopIDs(s.step("a", store.Step{Legs: legs, Order: c.order})), c.want)
				for _, limit := range []int{1, 2, 6, 9} {
					s.equal("hops by page", s.hopsByPage("a", store.Step{Legs: legs, Order: c.order, Limit: limit}), c.want)
				}
			}
		}},
		{"the order follows a change of the far node's property", func(s *suite) {
			s.apply(node(Office, "hub"), node(Person, "p1", store.Props{"name": "a"}), node(Person, "p2", store.Props{"name": "b"}))
			s.apply(edge(MemberOf, "e1", "p1", "hub"), edge(MemberOf, "e2", "p2", "hub"), edge(Knows, "e3", "p1", "p1"))
			step := store.Step{Legs: []store.Leg{in(MemberOf)}, Order: store.EdgeOrder{Edge: "order", Far: "name"}, Limit: 1}
			s.equal("before", s.hopsByPage("hub", step), []string{"e1>p1", "e2>p2"})
			s.apply(node(Person, "p1", store.Props{"name": "c"}))
			s.equal("after", s.hopsByPage("hub", step), []string{"e2>p2", "e1>p1"})
			s.apply(node(Person, "p2"))
			s.equal("absent", s.hopsByPage("hub", step), []string{"e2>p2", "e1>p1"})
			s.apply(edge(MemberOf, "e2", "p2", "hub", store.Props{"order": "z"}))
			s.equal("edge", s.hopsByPage("hub", step), []string{"e1>p1", "e2>p2"})
		}},
		{"limit and position are per parent", func(s *suite) {
			var batch []store.Change
			for i := range 3 {
				hub := numbered("hub", i)
				batch = append(batch, node(Office, hub))
				for j := range 5 * i {
					id := numbered("p", i*100+j)
					batch = append(batch, node(Person, id), edge(MemberOf, "e"+id, id, hub))
				}
			}
			s.apply(batch...)
			step := store.Step{Legs: []store.Leg{in(MemberOf)}, Limit: 3, Count: true}
			got := s.expand([]store.ID{"hub000", "hub001", "hub002"}, step)
			s.equal("hub000", hopIDs(got["hub000"][0]), nil)
			s.equal("hub001", hopIDs(got["hub001"][0]), []string{"ep100>p100", "ep101>p101", "ep102>p102"})
			s.equal("hub002", hopIDs(got["hub002"][0]), []string{"ep200>p200", "ep201>p201", "ep202>p202"})
			s.equal("counts", []any{got["hub000"][0].Count, got["hub001"][0].Count, got["hub002"][0].Count}, []any{int64(0), int64(5), int64(10)})
			s.equal("legs", got["hub002"][0].Legs, []int64{10})
			step.After = &store.Position{ID: "ep103"}
			got = s.expand([]store.ID{"hub001", "hub002"}, step)
			s.equal("hub001", hopIDs(got["hub001"][0]), []string{"ep104>p104"})
			s.equal("hub002", hopIDs(got["hub002"][0]), []string{"ep200>p200", "ep201>p201", "ep202>p202"})
			s.equal("count after a position", []any{got["hub001"][0].Count, got["hub001"][0].More, got["hub002"][0].More}, []any{int64(5), false, true})
			s.equal("not asked", s.step("hub001", store.Step{Legs: []store.Leg{in(MemberOf)}}).Count, int64(-1))
		}},
		{"Where, Far and Kinds filter before paging and counting", func(s *suite) {
			batch := []store.Change{node(Office, "hub")}
			for i := range 30 {
				id := numbered("n", i)
				batch = append(batch,
					node([]store.Kind{Person, Office}[i%2], id, store.Props{"code": strconv.Itoa(i % 3), "tags": []string{"t" + strconv.Itoa(i%5)}, "note": strconv.Itoa(i % 4)}),
					edge(MemberOf, "e"+id, id, "hub", store.Props{
						"first": strconv.Itoa(i % 7), "planned": i%5 == 0, "basis": "b" + strconv.Itoa(i%2), "runs": []string{strconv.Itoa(i % 3)},
						"weight": float64(i), "count": int64(i), "at": day(1 + i%9), "marks": []string{"m" + strconv.Itoa(i%6)},
					}))
			}
			s.apply(batch...)
			legs := []store.Leg{in(MemberOf)}
			check := func(what string, step store.Step, pass func(i int) bool) {
				s.Helper()
				var want []string
				for i := range 30 {
					if pass(i) {
						want = append(want, "e"+string(numbered("n", i))+">"+string(numbered("n", i)))
					}
				}
				step.Legs = legs
				step.Count = true
				got := s.step("hub", step)
				s.equal(what, hopIDs(got), want)
				s.equal(what+", count", []any{got.Count, got.Legs}, []any{int64(len(want)), []int64{int64(len(want))}})
				step.Limit = 2
				s.equal(what+", count of a page", s.step("hub", step).Count, int64(len(want)))
				s.equal(what+", by page", s.hopsByPage("hub", step), want)
			}
			where := func(c ...store.Cond) store.Step { return store.Step{Where: c} }
			check("walk text", where(store.Cond{Prop: "first", Op: store.AtMost, Values: []any{"2"}}), func(i int) bool { return i%7 <= 2 })
			check("walk bool", where(store.Cond{Prop: "planned", Op: store.None, Values: []any{true}}), func(i int) bool { return i%5 != 0 })
			check("walk lookup", where(store.Cond{Prop: "basis", Values: []any{"b1", "b7"}}), func(i int) bool { return i%2 == 1 })
			check("walk list", where(store.Cond{Prop: "marks", Values: []any{"m1", "m2"}}), func(i int) bool { return i%6 == 1 || i%6 == 2 })
			check("walk time", where(store.Cond{Prop: "at", Op: store.AtLeast, Values: []any{day(5)}}), func(i int) bool { return i%9 >= 4 })
			check("walk int", where(store.Cond{Prop: "count", Op: store.AtLeast, Values: []any{int64(28)}}), func(i int) bool { return i >= 28 })
			check("lookup list", where(store.Cond{Prop: "runs", Values: []any{"2"}}), func(i int) bool { return i%3 == 2 })
			check("plain", where(store.Cond{Prop: "weight", Op: store.AtMost, Values: []any{3.0}}), func(i int) bool { return i <= 3 })
			check("absent", where(store.Cond{Prop: "role", Values: []any{"x"}}), func(int) bool { return false })
			check("or absent", where(store.Cond{Prop: "role", Values: []any{"x"}, OrAbsent: true}), func(int) bool { return true })
			check("kinds", store.Step{Kinds: []store.Kind{Office}}, func(i int) bool { return i%2 == 1 })
			check("far lookup", store.Step{Far: []store.Cond{{Prop: "code", Values: []any{"1"}}}}, func(i int) bool { return i%3 == 1 })
			check("far list", store.Step{Far: []store.Cond{{Prop: "tags", Op: store.None, Values: []any{"t0"}}}}, func(i int) bool { return i%5 != 0 })
			check("far plain", store.Step{Far: []store.Cond{{Prop: "note", Op: store.AtLeast, Values: []any{"2"}}}}, func(i int) bool { return i%4 >= 2 })
			check("all", store.Step{
				Where: []store.Cond{{Prop: "planned", Values: []any{false}}, {Prop: "runs", Values: []any{"0", "1"}}},
				Far:   []store.Cond{{Prop: "code", Values: []any{"1"}}}, Kinds: []store.Kind{Person},
			}, func(i int) bool { return i%5 != 0 && i%3 == 1 && i%2 == 0 })
		}},
		{"a tree of steps is answered level by level", func(s *suite) {
			s.apply(people("a", "b", "c", "d")...)
			s.apply(node(Office, "o", store.Props{"name": "O"}))
			s.apply(edge(Knows, "k1", "a", "b"), edge(Knows, "k2", "a", "c"), edge(Knows, "k3", "d", "b"),
				edge(MemberOf, "m1", "b", "o"), edge(PartOf, "p1", "b", "d"), edge(MemberOf, "m2", "d", "o"))
			tree := []store.Step{
				{Legs: out(Knows), Then: []store.Step{
					{Legs: out(MemberOf), NodeProps: []string{"name"}, Count: true},
					{Legs: out(PartOf), Then: []store.Step{{Legs: out(MemberOf), Limit: 1}}},
				}},
				{Legs: out(MemberOf)},
			}
			got := s.expand([]store.ID{"a", "d"}, tree...)
			m := newModel()
			if _, err := m.apply(append(append(people("a", "b", "c", "d"), node(Office, "o", store.Props{"name": "O"})),
				edge(Knows, "k1", "a", "b"), edge(Knows, "k2", "a", "c"), edge(Knows, "k3", "d", "b"),
				edge(MemberOf, "m1", "b", "o"), edge(PartOf, "p1", "b", "d"), edge(MemberOf, "m2", "d", "o"))); err != nil {
				s.Fatal(err)
			}
			s.equal("tree", got, m.expand([]store.ID{"a", "d"}, tree))
			s.equal("the third level", hopIDs(got["a"][0].Items[0].Then[1].Items[0].Then[0]), []string{"m2>o"})
		}},
		{"Through is followed 0 to 16 times and gives each far node once, by its nearest edge, ties by edge id", func(s *suite) {
			s.apply(people("x", "y", "z")...)
			s.apply(node(Office, "o1"), node(Office, "o2"), node(Office, "o3"))
			s.apply(
				edge(PartOf, "t1", "o2", "o1"), edge(PartOf, "t2", "o3", "o1"), edge(PartOf, "t3", "o1", "o3"), // a cycle
				edge(MemberOf, "m5", "x", "o1"), edge(MemberOf, "m1", "x", "o2"),
				edge(MemberOf, "m4", "y", "o2"), edge(MemberOf, "m3", "y", "o3"),
				edge(MemberOf, "m2", "z", "o3", store.Props{"role": "r"}),
			)
			step := store.Step{Legs: []store.Leg{in(MemberOf)}, Through: &store.Leg{Rel: PartOf, Dir: store.In}, Count: true}
			got := s.step("o1", step)
			s.equal("hops", hopIDs(got), []string{"m2>z", "m3>y", "m5>x"})
			s.equal("count", []any{got.Count, got.Legs}, []any{int64(3), []int64{3}})
			s.equal("ends", []store.ID{got.Items[0].Edge.From, got.Items[0].Edge.To}, []store.ID{"z", "o3"})
			s.equal("from a leaf", hopIDs(s.step("o2", step)), []string{"m1>x", "m4>y"})
			step.Limit = 2
			s.equal("by page", s.hopsByPage("o1", step), []string{"m2>z", "m3>y", "m5>x"})
			step.Where = []store.Cond{{Prop: "role", Values: []any{"r"}}}
			got = s.step("o1", step)
			s.equal("filtered", []any{hopIDs(got), got.Count}, []any{[]string{"m2>z"}, int64(1)})
			many := s.expand([]store.ID{"o1", "o2", "o3", "x"}, store.Step{Legs: []store.Leg{in(MemberOf)}, Through: &store.Leg{Rel: PartOf, Dir: store.Both}})
			s.equal("both ways, from o2", hopIDs(many["o2"][0]), []string{"m1>x", "m2>z", "m4>y"})
			s.equal("from a node without", len(many["x"][0].Items), 0)
		}},
		{"Through stops after 16 steps", func(s *suite) {
			var batch []store.Change
			for i := range 20 {
				o, p := numbered("o", i), numbered("p", i)
				batch = append(batch, node(Office, o), node(Person, p), edge(MemberOf, "m"+p, p, o))
				if i > 0 {
					batch = append(batch, edge(PartOf, "t"+o, o, numbered("o", i-1)))
				}
			}
			s.apply(batch...)
			got := s.step("o000", store.Step{Legs: []store.Leg{in(MemberOf)}, Through: &store.Leg{Rel: PartOf, Dir: store.In}})
			s.equal("hops", len(got.Items), 17)
			s.equal("the last", got.Items[16].Node.ID, store.ID("p016"))
		}},
		{"a page of a hub is the start of the whole list", func(s *suite) {
			batch := []store.Change{node(Office, "hub")}
			for i := range 300 {
				id := numbered("p", i*37%300)
				batch = append(batch, node(Person, id, store.Props{"name": strconv.Itoa(i % 13)}),
					edge(MemberOf, "e"+id, id, "hub", store.Props{"order": strconv.Itoa(i % 5), "fresh": strconv.Itoa(i % 11)}))
			}
			s.apply(batch...)
			for _, order := range append(Schema().EdgeOrders, store.EdgeOrder{}) {
				step := store.Step{Legs: []store.Leg{in(MemberOf)}, Order: order}
				all := hopIDs(s.step("hub", step))
				s.equal("hops", len(all), 300)
				step.Limit = 20
				got := s.step("hub", step)
				s.equal("page", hopIDs(got), all[:20])
				s.equal("more", got.More, true)
				step.Limit = 70
				s.equal("pages", s.hopsByPage("hub", step), all)
			}
		}},
		{"what the schema does not declare is invalid", func(s *suite) {
			s.apply(people("a")...)
			bad := func(what string, step store.Step) {
				s.Helper()
				for _, from := range [][]store.ID{{"a"}, {"x"}} {
					_, err := s.store.Expand(s.ctx, from, []store.Step{step})
					s.wantErr(what, err, store.ErrInvalid)
					_, err = s.store.Expand(s.ctx, from, []store.Step{{Legs: out(Knows), Then: []store.Step{step}}})
					s.wantErr(what+" on the second level", err, store.ErrInvalid)
				}
			}
			bad("relation", store.Step{Legs: out("GHOST")})
			bad("through", store.Step{Legs: out(Knows), Through: &store.Leg{Rel: "GHOST"}})
			bad("kind", store.Step{Legs: out(Knows), Kinds: []store.Kind{"Ghost"}})
			bad("edge property", store.Step{Legs: out(Knows), EdgeProps: []string{"name"}})
			bad("node property", store.Step{Legs: out(Knows), NodeProps: []string{"role"}})
			bad("condition on the edge", store.Step{Legs: out(Knows), Where: []store.Cond{{Prop: "name", Values: []any{"x"}}}})
			bad("condition on the far node", store.Step{Legs: out(Knows), Far: []store.Cond{{Prop: "role", Values: []any{"x"}}}})
			bad("order", store.Step{Legs: out(Knows), Order: store.EdgeOrder{Edge: "order"}})
			bad("position", store.Step{Legs: out(Knows), Order: store.EdgeOrder{Edge: "fresh"}, After: &store.Position{ID: "x"}})
		}},
		{"a step's answer does not depend on the other parents", func(s *suite) {
			batch := people("a", "b", "c", "d", "e")
			ids := []store.ID{"a", "b", "c", "d", "e"}
			for i, from := range ids {
				for j := range i * 2 {
					batch = append(batch, edge(Knows, numbered("k"+string(from), j), from, ids[j%5]))
				}
			}
			s.apply(batch...)
			step := store.Step{Legs: []store.Leg{both(Knows)}, Limit: 3, Count: true}
			together := s.expand(ids, step)
			for _, id := range slices.Backward(ids) {
				s.equal("page of "+string(id), together[id][0], s.step(id, step))
			}
		}},
	}
}
