package storetest

import (
	"strconv"

	"coopgraph/store"
)

func nodeTests() []test {
	return []test{
		{"absent ids are absent from the map", func(s *suite) {
			s.apply(people("a", "b")...)
			s.equal("nodes", nodeIDs([]store.Node{s.nodes("a", "x", "a")["a"]}), []store.ID{"a"})
			s.equal("number", len(s.nodes("a", "x", "b", "a", "")), 2)
			s.equal("of none", len(s.nodes()), 0)
		}},
		{"nodes of internal kinds are given by id", func(s *suite) {
			s.apply(node(Record, "r", store.Props{"note": "n"}))
			s.equal("node", s.nodes("r")["r"], store.Node{ID: "r", Kind: Record, Version: 1, Props: store.Props{"note": "n"}})
		}},
		{"many ids are one question", func(s *suite) {
			var batch []store.Change
			var ids []store.ID
			for i := range 1500 {
				ids = append(ids, numbered("n", i))
				batch = append(batch, node(Person, ids[i], store.Props{"rank": int64(i)}))
			}
			s.apply(batch...)
			got := s.nodes(ids...)
			for i, id := range ids {
				if got[id].Props["rank"] != int64(i) {
					s.Fatalf("node %s holds %v", id, got[id].Props)
				}
			}
		}},
	}
}

// pagesOf reads a list a page at a time.
func (s *suite) pagesOf(kinds []store.Kind, f store.Filter, order store.Order, limit int) (ids []store.ID) {
	s.Helper()
	p := store.Paging{Order: order, Limit: limit}
	for {
		got := s.find(kinds, f, p)
		if len(got.Items) > limit || (got.More && len(got.Items) < limit) {
			s.Fatalf("a page of at most %d has %d items, more %t", limit, len(got.Items), got.More)
		}
		ids = append(ids, nodeIDs(got.Items)...)
		if !got.More {
			return ids
		}
		last := got.Items[len(got.Items)-1]
		p.After = &store.Position{ID: last.ID}
		if order.Prop != "" {
			p.After.Keys = []string{store.SortKey(last.Props[order.Prop])}
		}
	}
}

func findTests() []test {
	pair := func(id store.ID, props store.Props) []store.Change {
		return []store.Change{node(Person, "p"+id, props), node(Office, "o"+id, props)}
	}
	byCond := func(s *suite, what string, c store.Cond, want ...store.ID) {
		s.Helper()
		got := s.find([]store.Kind{Person}, store.Filter{Conds: []store.Cond{c}}, store.Paging{Count: true})
		s.equal(what, nodeIDs(got.Items), want)
		s.equal(what+", count", got.Count, int64(len(want)))
	}
	return []test{
		{"without kinds every public kind is found, and an internal one never", func(s *suite) {
			s.apply(node(Person, "b"), node(Office, "a"), node(Record, "c"))
			s.equal("all", nodeIDs(s.find(nil, store.Filter{}, store.Paging{}).Items), []store.ID{"a", "b"})
			s.equal("named", nodeIDs(s.find([]store.Kind{Record}, store.Filter{}, store.Paging{}).Items), []store.ID{"c"})
			s.equal("by id", nodeIDs(s.find(nil, store.Filter{IDs: []store.ID{"b", "c", "x"}}, store.Paging{}).Items), []store.ID{"b"})
			s.equal("twice named", nodeIDs(s.find([]store.Kind{Person, Person}, store.Filter{}, store.Paging{}).Items), []store.ID{"b"})
		}},
		{"nodes come with all their properties", func(s *suite) {
			props := store.Props{"name": "A", "note": "n", "tags": []string{"x"}, "rank": int64(3)}
			s.apply(node(Person, "a", props))
			s.equal("page", s.find(nil, store.Filter{}, store.Paging{}), store.Page[store.Node]{
				Items: []store.Node{{ID: "a", Kind: Person, Version: 1, Props: props}}, Count: -1,
			})
		}},
		{"the order is bytewise by value, absent as empty, ties by id, over all kinds", func(s *suite) {
			for id, name := range map[store.ID]string{"1": "b", "2": "B", "3": "ä", "4": "b", "5": "a b", "6": "ab", "7": ""} {
				s.apply(pair(id, store.Props{"name": name})...)
			}
			s.apply(pair("8", nil)...)
			want := []store.ID{"o7", "o8", "p7", "p8", "o2", "p2", "o5", "p5", "o6", "p6", "o1", "o4", "p1", "p4", "o3", "p3"}
			order := store.Order{Prop: "name"}
			s.equal("all", nodeIDs(s.find(nil, store.Filter{}, store.Paging{Order: order}).Items), want)
			for _, limit := range []int{1, 3, 16, 17} {
				s.equal("by pages of "+strconv.Itoa(limit), s.pagesOf(nil, store.Filter{}, order, limit), want)
			}
			back := make([]store.ID, len(want))
			for i, id := range want {
				back[len(want)-1-i] = id
			}
			order.Desc = true
			s.equal("descending", nodeIDs(s.find(nil, store.Filter{}, store.Paging{Order: order}).Items), back)
			for _, limit := range []int{1, 3, 16} {
				s.equal("descending by pages", s.pagesOf(nil, store.Filter{}, order, limit), back)
			}
		}},
		{"without a property the order is by id, either way", func(s *suite) {
			s.apply(node(Person, "b"), node(Office, "a"), node(Person, "c"), node(Office, "B"))
			want := []store.ID{"B", "a", "b", "c"}
			s.equal("by pages", s.pagesOf(nil, store.Filter{}, store.Order{}, 2), want)
			s.equal("descending by pages", s.pagesOf(nil, store.Filter{}, store.Order{Desc: true}, 2), []store.ID{"c", "b", "a", "B"})
		}},
		{"times are ordered by time", func(s *suite) {
			s.apply(node(Person, "a", store.Props{"seen": day(2)}), node(Person, "b", store.Props{"seen": day(1)}), node(Person, "c"),
				node(Office, "d", store.Props{"seen": day(1).Add(1000)}))
			s.equal("by pages", s.pagesOf(nil, store.Filter{}, store.Order{Prop: "seen"}, 1), []store.ID{"c", "b", "d", "a"})
		}},
		{"the count is of the whole list, whatever the position and limit", func(s *suite) {
			for i := range 7 {
				s.apply(node(Person, numbered("p", i), store.Props{"code": strconv.Itoa(i % 2)}))
			}
			f := store.Filter{Conds: []store.Cond{{Prop: "code", Values: []any{"0"}}}}
			got := s.find(nil, f, store.Paging{Limit: 1, After: &store.Position{ID: "p000"}, Count: true})
			s.equal("items", nodeIDs(got.Items), []store.ID{"p002"})
			s.equal("more and count", []any{got.More, got.Count}, []any{true, int64(4)})
			s.equal("not asked", s.find(nil, f, store.Paging{Limit: 1}).Count, int64(-1))
			last := s.find(nil, f, store.Paging{Limit: 1, After: &store.Position{ID: "p004"}})
			s.equal("last", []any{nodeIDs(last.Items), last.More}, []any{[]store.ID{"p006"}, false})
		}},
		{"a position need not be of an item that is there", func(s *suite) {
			s.apply(node(Person, "a", store.Props{"name": "a"}), node(Person, "c", store.Props{"name": "c"}))
			got := s.find(nil, store.Filter{}, store.Paging{Order: store.Order{Prop: "name"}, After: &store.Position{Keys: []string{"b"}, ID: "zz"}})
			s.equal("items", nodeIDs(got.Items), []store.ID{"c"})
		}},
		{"Any holds when the value is among the values", func(s *suite) {
			s.apply(
				node(Person, "a", store.Props{"code": "x", "rank": int64(1), "score": 0.5, "active": true, "seen": day(1), "note": "N", "name": "A"}),
				node(Person, "b", store.Props{"code": "y", "rank": int64(2), "score": 1.0, "active": false, "seen": day(2), "note": "n", "name": "B"}),
				node(Person, "c"),
			)
			byCond(s, "lookup", store.Cond{Prop: "code", Values: []any{"x"}}, "a")
			byCond(s, "two values", store.Cond{Prop: "code", Values: []any{"y", "x", "z", "x"}}, "a", "b")
			byCond(s, "no value", store.Cond{Prop: "code", Values: nil})
			byCond(s, "case", store.Cond{Prop: "code", Values: []any{"X"}})
			byCond(s, "int", store.Cond{Prop: "rank", Values: []any{int64(2), int64(9)}}, "b")
			byCond(s, "float", store.Cond{Prop: "score", Values: []any{0.5}}, "a")
			byCond(s, "floats", store.Cond{Prop: "score", Values: []any{0.5, 1.0}}, "a", "b")
			byCond(s, "bool", store.Cond{Prop: "active", Values: []any{false}}, "b")
			byCond(s, "bools", store.Cond{Prop: "active", Values: []any{false, true}}, "a", "b")
			byCond(s, "time", store.Cond{Prop: "seen", Values: []any{day(2)}}, "b")
			byCond(s, "times", store.Cond{Prop: "seen", Values: []any{day(2), day(1)}}, "a", "b")
			byCond(s, "neither lookup nor sort", store.Cond{Prop: "note", Values: []any{"n"}}, "b")
			byCond(s, "sort", store.Cond{Prop: "name", Values: []any{"A", "C"}}, "a")
			byCond(s, "or absent", store.Cond{Prop: "code", Values: []any{"x"}, OrAbsent: true}, "a", "c")
		}},
		{"on a list Any holds when any element is among the values", func(s *suite) {
			s.apply(
				node(Person, "a", store.Props{"tags": []string{"x", "y"}, "notes": []string{"1", "2"}}),
				node(Person, "b", store.Props{"tags": []string{"y", "y"}, "notes": []string{"2"}}),
				node(Person, "c"),
			)
			byCond(s, "lookup", store.Cond{Prop: "tags", Values: []any{"y"}}, "a", "b")
			byCond(s, "lookup of several", store.Cond{Prop: "tags", Values: []any{"x", "y"}}, "a", "b")
			byCond(s, "lookup or absent", store.Cond{Prop: "tags", Values: []any{"x"}, OrAbsent: true}, "a", "c")
			byCond(s, "lookup, none", store.Cond{Prop: "tags", Op: store.None, Values: []any{"x"}}, "b", "c")
			byCond(s, "plain", store.Cond{Prop: "notes", Values: []any{"1"}}, "a")
			byCond(s, "plain or absent", store.Cond{Prop: "notes", Values: []any{"1"}, OrAbsent: true}, "a", "c")
			byCond(s, "plain, none", store.Cond{Prop: "notes", Op: store.None, Values: []any{"1", "9"}}, "b", "c")
			s.apply(node(Person, "a", store.Props{"tags": []string{"z"}}))
			byCond(s, "after a change", store.Cond{Prop: "tags", Values: []any{"x", "y"}}, "b")
		}},
		{"None holds when the value is not among the values, or absent", func(s *suite) {
			s.apply(node(Person, "a", store.Props{"code": "x", "note": "n"}), node(Person, "b", store.Props{"code": "y", "note": "m"}), node(Person, "c"))
			byCond(s, "lookup", store.Cond{Prop: "code", Op: store.None, Values: []any{"x"}}, "b", "c")
			byCond(s, "plain", store.Cond{Prop: "note", Op: store.None, Values: []any{"n", "o"}}, "b", "c")
			byCond(s, "no value", store.Cond{Prop: "code", Op: store.None}, "a", "b", "c")
		}},
		{"AtMost and AtLeast compare, bytewise for strings, and an absent value fails", func(s *suite) {
			s.apply(
				node(Person, "a", store.Props{"name": "a", "note": "a", "rank": int64(-1), "score": 0.5, "seen": day(1)}),
				node(Person, "b", store.Props{"name": "b", "note": "b", "rank": int64(10), "score": 2.0, "seen": day(2)}),
				node(Person, "c", store.Props{"name": "", "note": ""}),
				node(Person, "d"),
			)
			byCond(s, "sorted text at most", store.Cond{Prop: "name", Op: store.AtMost, Values: []any{"a"}}, "a", "c")
			byCond(s, "sorted text at least", store.Cond{Prop: "name", Op: store.AtLeast, Values: []any{""}}, "a", "b", "c")
			byCond(s, "sorted text or absent", store.Cond{Prop: "name", Op: store.AtLeast, Values: []any{"b"}, OrAbsent: true}, "b", "d")
			byCond(s, "text", store.Cond{Prop: "note", Op: store.AtMost, Values: []any{"aa"}}, "a", "c")
			byCond(s, "capitals come first", store.Cond{Prop: "note", Op: store.AtMost, Values: []any{"Z"}}, "c")
			byCond(s, "int", store.Cond{Prop: "rank", Op: store.AtLeast, Values: []any{int64(2)}}, "b")
			byCond(s, "float", store.Cond{Prop: "score", Op: store.AtMost, Values: []any{0.5}}, "a")
			byCond(s, "time", store.Cond{Prop: "seen", Op: store.AtLeast, Values: []any{day(2)}}, "b")
			byCond(s, "time or absent", store.Cond{Prop: "seen", Op: store.AtMost, Values: []any{day(1)}, OrAbsent: true}, "a", "c", "d")
		}},
		{"all conditions and the ids must hold", func(s *suite) {
			for i := range 6 {
				s.apply(node(Person, numbered("p", i), store.Props{"code": strconv.Itoa(i % 2), "rank": int64(i)}))
			}
			f := store.Filter{
				IDs:   []store.ID{"p000", "p001", "p002", "p004", "p004"},
				Conds: []store.Cond{{Prop: "code", Values: []any{"0"}}, {Prop: "rank", Op: store.AtLeast, Values: []any{int64(2)}}},
			}
			got := s.find(nil, f, store.Paging{Limit: 5, Count: true})
			s.equal("items", nodeIDs(got.Items), []store.ID{"p002", "p004"})
			s.equal("count", got.Count, int64(2))
			s.equal("no ids", len(s.find(nil, store.Filter{IDs: []store.ID{}}, store.Paging{}).Items), 0)
		}},
		{"a property that only some of the kinds declare is absent from the others", func(s *suite) {
			s.apply(node(Person, "p", store.Props{"rank": int64(1)}), node(Office, "o"))
			one := []any{int64(1)}
			ids := func(c store.Cond) []store.ID {
				return nodeIDs(s.find(nil, store.Filter{Conds: []store.Cond{c}}, store.Paging{}).Items)
			}
			s.equal("any", ids(store.Cond{Prop: "rank", Values: one}), []store.ID{"p"})
			s.equal("any or absent", ids(store.Cond{Prop: "rank", Values: one, OrAbsent: true}), []store.ID{"o", "p"})
			s.equal("none", ids(store.Cond{Prop: "rank", Op: store.None, Values: one}), []store.ID{"o"})
			s.equal("at most", ids(store.Cond{Prop: "rank", Op: store.AtMost, Values: one}), []store.ID{"p"})
		}},
		{"pages of a filter are those of the whole list", func(s *suite) {
			for i := range 40 {
				s.apply(node([]store.Kind{Person, Office}[i%2], numbered("n", i), store.Props{
					"code": strconv.Itoa(i % 3), "name": strconv.Itoa(i * 7 % 10), "tags": []string{"t" + strconv.Itoa(i%4)},
				}))
			}
			f := store.Filter{Conds: []store.Cond{{Prop: "code", Values: []any{"0", "1"}}, {Prop: "tags", Op: store.None, Values: []any{"t1"}}}}
			for _, order := range []store.Order{{}, {Prop: "name"}, {Prop: "name", Desc: true}} {
				all := nodeIDs(s.find(nil, f, store.Paging{Order: order}).Items)
				s.equal("number", len(all), 20)
				s.equal("by pages", s.pagesOf(nil, f, order, 3), all)
			}
		}},
		{"what the schema does not declare is invalid", func(s *suite) {
			bad := func(what string, kinds []store.Kind, f store.Filter, p store.Paging) {
				s.Helper()
				_, err := s.store.Find(s.ctx, kinds, f, p)
				s.wantErr(what, err, store.ErrInvalid)
			}
			cond := func(c store.Cond) store.Filter { return store.Filter{Conds: []store.Cond{c}} }
			bad("kind", []store.Kind{"Ghost"}, store.Filter{}, store.Paging{})
			bad("property", nil, cond(store.Cond{Prop: "ghost", Values: []any{"x"}}), store.Paging{})
			bad("property of another kind", []store.Kind{Office}, cond(store.Cond{Prop: "rank", Values: []any{int64(1)}}), store.Paging{})
			bad("type", nil, cond(store.Cond{Prop: "code", Values: []any{int64(1)}}), store.Paging{})
			bad("no value to compare", nil, cond(store.Cond{Prop: "note", Op: store.AtMost}), store.Paging{})
			bad("order", nil, store.Filter{}, store.Paging{Order: store.Order{Prop: "ghost"}})
			bad("order by what does not sort", nil, store.Filter{}, store.Paging{Order: store.Order{Prop: "note"}})
			bad("position without keys", nil, store.Filter{}, store.Paging{Order: store.Order{Prop: "name"}, After: &store.Position{ID: "x"}})
			bad("position with keys", nil, store.Filter{}, store.Paging{After: &store.Position{Keys: []string{"x"}, ID: "x"}})
		}},
	}
}

func edgeTests() []test {
	setup := func(s *suite) {
		s.apply(people("a", "b")...)
		s.apply(
			edge(Knows, "e1", "a", "b", store.Props{"basis": "x", "runs": []string{"1", "2"}, "order": "b", "weight": 0.5, "at": day(2)}),
			edge(MemberOf, "e2", "b", "a", store.Props{"basis": "y", "runs": []string{"2"}, "order": "a", "weight": 1.5, "at": day(1)}),
			edge(Knows, "e3", "a", "a", store.Props{"order": "B"}),
			edge(PartOf, "e4", "a", "b"),
		)
	}
	ids := func(s *suite, rels []store.Rel, f store.Filter, p store.Paging) []store.ID {
		s.Helper()
		return edgeIDs(s.edges(rels, f, p).Items)
	}
	cond := func(c ...store.Cond) store.Filter { return store.Filter{Conds: c} }
	return []test{
		{"edges come with their ends, version and all properties", func(s *suite) {
			setup(s)
			got := s.edges(nil, store.Filter{IDs: []store.ID{"e2"}}, store.Paging{})
			s.equal("page", got, store.Page[store.Edge]{Count: -1, Items: []store.Edge{{
				ID: "e2", Rel: MemberOf, From: "b", To: "a", Version: 1,
				Props: store.Props{"basis": "y", "runs": []string{"2"}, "order": "a", "weight": 1.5, "at": day(1)},
			}}})
		}},
		{"without relations every one is listed", func(s *suite) {
			setup(s)
			s.equal("all", ids(s, nil, store.Filter{}, store.Paging{}), []store.ID{"e1", "e2", "e3", "e4"})
			s.equal("one", ids(s, []store.Rel{Knows}, store.Filter{}, store.Paging{}), []store.ID{"e1", "e3"})
			s.equal("two", ids(s, []store.Rel{PartOf, Knows, Knows}, store.Filter{}, store.Paging{}), []store.ID{"e1", "e3", "e4"})
			s.equal("ids of another relation", ids(s, []store.Rel{PartOf}, store.Filter{IDs: []store.ID{"e1", "e4"}}, store.Paging{}), []store.ID{"e4"})
		}},
		{"conditions select edges", func(s *suite) {
			setup(s)
			s.equal("lookup", ids(s, nil, cond(store.Cond{Prop: "basis", Values: []any{"x"}}), store.Paging{}), []store.ID{"e1"})
			s.equal("element", ids(s, nil, cond(store.Cond{Prop: "runs", Values: []any{"2"}}), store.Paging{}), []store.ID{"e1", "e2"})
			s.equal("element of a relation", ids(s, []store.Rel{Knows}, cond(store.Cond{Prop: "runs", Values: []any{"2"}}), store.Paging{}), []store.ID{"e1"})
			s.equal("none", ids(s, nil, cond(store.Cond{Prop: "runs", Op: store.None, Values: []any{"1"}}), store.Paging{}), []store.ID{"e2", "e3", "e4"})
			s.equal("at least", ids(s, nil, cond(store.Cond{Prop: "weight", Op: store.AtLeast, Values: []any{1.0}}), store.Paging{}), []store.ID{"e2"})
			s.equal("or absent", ids(s, nil, cond(store.Cond{Prop: "weight", Op: store.AtMost, Values: []any{1.0}, OrAbsent: true}), store.Paging{}), []store.ID{"e1", "e3", "e4"})
			s.equal("time", ids(s, nil, cond(store.Cond{Prop: "at", Op: store.AtMost, Values: []any{day(1)}}), store.Paging{}), []store.ID{"e2"})
		}},
		{"the order is bytewise by value, absent as empty, ties by id", func(s *suite) {
			setup(s)
			order := store.Order{Prop: "order"}
			s.equal("ascending", ids(s, nil, store.Filter{}, store.Paging{Order: order}), []store.ID{"e4", "e3", "e2", "e1"})
			s.equal("page", ids(s, nil, store.Filter{}, store.Paging{Order: order, Limit: 2, After: &store.Position{Keys: []string{""}, ID: "e4"}}), []store.ID{"e3", "e2"})
			order.Desc = true
			s.equal("descending", ids(s, nil, store.Filter{}, store.Paging{Order: order}), []store.ID{"e1", "e2", "e3", "e4"})
			s.equal("by time", ids(s, nil, store.Filter{}, store.Paging{Order: store.Order{Prop: "at"}}), []store.ID{"e3", "e4", "e2", "e1"})
			s.equal("by id, descending", ids(s, nil, store.Filter{}, store.Paging{Order: store.Order{Desc: true}, Limit: 2, After: &store.Position{ID: "e4"}}), []store.ID{"e3", "e2"})
		}},
		{"the count is of the whole list", func(s *suite) {
			setup(s)
			got := s.edges(nil, store.Filter{}, store.Paging{Limit: 1, After: &store.Position{ID: "e1"}, Count: true})
			s.equal("page", []any{edgeIDs(got.Items), got.More, got.Count}, []any{[]store.ID{"e2"}, true, int64(4)})
			got = s.edges([]store.Rel{MemberOf}, store.Filter{}, store.Paging{Limit: 1, Count: true})
			s.equal("page of a relation", []any{edgeIDs(got.Items), got.More, got.Count}, []any{[]store.ID{"e2"}, false, int64(1)})
		}},
		{"what the schema does not declare is invalid", func(s *suite) {
			bad := func(what string, rels []store.Rel, f store.Filter, p store.Paging) {
				s.Helper()
				_, err := s.store.Edges(s.ctx, rels, f, p)
				s.wantErr(what, err, store.ErrInvalid)
			}
			bad("relation", []store.Rel{"GHOST"}, store.Filter{}, store.Paging{})
			bad("property", nil, cond(store.Cond{Prop: "name", Values: []any{"x"}}), store.Paging{})
			bad("order", nil, store.Filter{}, store.Paging{Order: store.Order{Prop: "role"}})
			bad("type", nil, cond(store.Cond{Prop: "count", Values: []any{1.0}}), store.Paging{})
		}},
	}
}
