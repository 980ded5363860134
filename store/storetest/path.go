package storetest

import (
	"strconv"

	"coopgraph/store"
)

func pathTests() []test {
	// a - b - c - d, with a second way b - x - d and a dead end e.
	setup := func(s *suite) {
		s.apply(people("a", "b", "c", "d", "e", "x", "alone")...)
		s.apply(
			edge(Knows, "1", "a", "b"), edge(Knows, "2", "c", "b"), edge(MemberOf, "3", "c", "d"),
			edge(Knows, "4", "b", "x"), edge(Knows, "5", "x", "d"), edge(Knows, "6", "b", "e"), edge(PartOf, "7", "a", "b"),
		)
	}
	return []test{
		{"every edge on a route within the length is given, whatever its direction", func(s *suite) {
			setup(s)
			got := s.path("a", "d", store.Reach{Length: 3})
			s.equal("nodes", nodeIDs(got.Nodes), []store.ID{"a", "b", "c", "x", "d"})
			s.equal("edges", edgeIDs(got.Edges), []store.ID{"1", "2", "3", "4", "5", "7"})
			s.equal("cut", got.Cut, false)
			s.equal("from the other end", nodeIDs(s.path("d", "a", store.Reach{Length: 3}).Nodes), []store.ID{"d", "c", "x", "b", "a"})
			s.equal("too short", s.path("a", "d", store.Reach{Length: 2}), store.Subgraph{})
		}},
		{"longer routes than the shortest are given", func(s *suite) {
			s.apply(people("a", "b", "c")...)
			s.apply(edge(Knows, "1", "a", "b"), edge(Knows, "2", "b", "c"), edge(Knows, "3", "c", "a"))
			s.equal("length 1", edgeIDs(s.path("a", "b", store.Reach{Length: 1}).Edges), []store.ID{"1"})
			s.equal("length 2", edgeIDs(s.path("a", "b", store.Reach{Length: 2}).Edges), []store.ID{"1", "2", "3"})
		}},
		{"no route is an empty answer", func(s *suite) {
			setup(s)
			s.equal("alone", s.path("a", "alone", store.Reach{Length: 6}), store.Subgraph{})
			s.equal("length 0", s.path("a", "b", store.Reach{}), store.Subgraph{})
		}},
		{"an absent end is not found", func(s *suite) {
			setup(s)
			for _, ends := range [][2]store.ID{{"a", "none"}, {"none", "a"}, {"none", "none"}} {
				_, err := s.store.Path(s.ctx, ends[0], ends[1], store.Reach{Length: 2})
				s.wantErr("Path", err, store.ErrNotFound)
			}
		}},
		{"only the relations and kinds asked for are walked", func(s *suite) {
			setup(s)
			s.apply(node(Office, "o"), node(Record, "r"))
			s.apply(edge(Knows, "8", "a", "o"), edge(Knows, "9", "o", "d"), edge(Knows, "91", "a", "r"), edge(Knows, "92", "r", "d"))
			s.equal("relations", edgeIDs(s.path("a", "d", store.Reach{Length: 3, Rels: []store.Rel{Knows}}).Edges), []store.ID{"1", "4", "5", "8", "9"})
			s.equal("kinds", edgeIDs(s.path("a", "d", store.Reach{Length: 3, Kinds: []store.Kind{Office}}).Edges), []store.ID{"8", "9"})
			s.equal("internal kinds never", edgeIDs(s.path("a", "d", store.Reach{Length: 2}).Edges), []store.ID{"8", "9"})
		}},
		{"no route goes through a node beyond the hub, the ends exempt", func(s *suite) {
			s.apply(people("a", "hub", "b", "x", "y")...)
			s.apply(edge(Knows, "1", "a", "hub"), edge(Knows, "2", "hub", "b"), edge(MemberOf, "3", "hub", "x"), edge(Knows, "4", "hub", "hub"),
				edge(Knows, "5", "a", "x"), edge(Knows, "6", "x", "y"), edge(Knows, "7", "y", "b"))
			s.equal("hub of 4", edgeIDs(s.path("a", "b", store.Reach{Length: 2, Hub: 4}).Edges), []store.ID{"1", "2"})
			s.equal("beyond 3", edgeIDs(s.path("a", "b", store.Reach{Length: 3, Hub: 3}).Edges), []store.ID{"5", "6", "7"})
			s.equal("counted over the relations", edgeIDs(s.path("a", "b", store.Reach{Length: 2, Hub: 3, Rels: []store.Rel{Knows}}).Edges), []store.ID{"1", "2"})
			s.equal("an end", edgeIDs(s.path("a", "hub", store.Reach{Length: 1, Hub: 1}).Edges), []store.ID{"1"})
		}},
		{"the limit keeps the nearest nodes, ties by id, and says so", func(s *suite) {
			setup(s)
			got := s.path("a", "d", store.Reach{Length: 3, Limit: 3})
			s.equal("nodes", nodeIDs(got.Nodes), []store.ID{"a", "b", "c"})
			s.equal("edges", edgeIDs(got.Edges), []store.ID{"1", "2", "7"})
			s.equal("cut", got.Cut, true)
			s.equal("not cut", s.path("a", "d", store.Reach{Length: 3, Limit: 5}).Cut, false)
		}},
		{"nodes and edges carry what was named", func(s *suite) {
			s.apply(node(Person, "a", store.Props{"name": "A", "hue": "red", "note": "n"}), node(Person, "b"))
			s.apply(edge(Knows, "e", "a", "b", store.Props{"role": "r", "weight": 1.0, "order": "o"}))
			plain := s.path("a", "b", store.Reach{Length: 1})
			s.equal("walked", plain, store.Subgraph{
				Nodes: []store.Node{{ID: "a", Kind: Person, Version: 1, Props: store.Props{"hue": "red"}}, {ID: "b", Kind: Person, Version: 1}},
				Edges: []store.Edge{{ID: "e", Rel: Knows, From: "a", To: "b", Version: 1, Props: store.Props{"role": "r"}}},
			})
			named := s.path("a", "b", store.Reach{Length: 1, NodeProps: []string{"name"}, EdgeProps: []string{store.All}})
			s.equal("named", []store.Props{named.Nodes[0].Props, named.Edges[0].Props}, []store.Props{
				{"name": "A", "hue": "red"}, {"role": "r", "weight": 1.0, "order": "o"},
			})
		}},
		{"what the schema does not declare is invalid", func(s *suite) {
			setup(s)
			for what, r := range map[string]store.Reach{
				"relation": {Length: 1, Rels: []store.Rel{"GHOST"}}, "kind": {Length: 1, Kinds: []store.Kind{"Ghost"}},
				"node property": {Length: 1, NodeProps: []string{"role"}}, "edge property": {Length: 1, EdgeProps: []string{"name"}},
			} {
				_, err := s.store.Path(s.ctx, "a", "b", r)
				s.wantErr("Path by "+what, err, store.ErrInvalid)
				_, err = s.store.Neighbourhood(s.ctx, "a", r)
				s.wantErr("Neighbourhood by "+what, err, store.ErrInvalid)
			}
		}},
	}
}

func neighbourhoodTests() []test {
	setup := func(s *suite) {
		s.apply(people("c", "a1", "a2", "b1", "b2")...)
		s.apply(node(Office, "o1"))
		s.apply(
			edge(Knows, "1", "c", "a2"), edge(Knows, "2", "a1", "c"), edge(Knows, "3", "a1", "b1"), edge(MemberOf, "4", "a2", "a1"),
			edge(Knows, "5", "b1", "b2"), edge(PartOf, "6", "c", "o1"), edge(Knows, "7", "o1", "b2"), edge(Knows, "8", "a1", "a1"),
		)
	}
	return []test{
		{"the nodes within the length are given, nearest first, with every edge between them", func(s *suite) {
			setup(s)
			got := s.neighbourhood("c", store.Reach{Length: 1})
			s.equal("nodes", nodeIDs(got.Nodes), []store.ID{"c", "a1", "a2", "o1"})
			s.equal("edges", edgeIDs(got.Edges), []store.ID{"1", "2", "4", "6", "8"})
			got = s.neighbourhood("c", store.Reach{Length: 2})
			s.equal("nodes", nodeIDs(got.Nodes), []store.ID{"c", "a1", "a2", "o1", "b1", "b2"})
			s.equal("edges", edgeIDs(got.Edges), []store.ID{"1", "2", "3", "4", "5", "6", "7", "8"})
			s.equal("length 0", nodeIDs(s.neighbourhood("c", store.Reach{}).Nodes), []store.ID{"c"})
		}},
		{"only the relations asked for are walked and given", func(s *suite) {
			setup(s)
			got := s.neighbourhood("c", store.Reach{Length: 2, Rels: []store.Rel{Knows}})
			s.equal("nodes", nodeIDs(got.Nodes), []store.ID{"c", "a1", "a2", "b1"})
			s.equal("edges", edgeIDs(got.Edges), []store.ID{"1", "2", "3", "8"})
		}},
		{"only the kinds asked for are met, and internal ones never", func(s *suite) {
			setup(s)
			s.apply(node(Record, "r"), edge(Knows, "9", "c", "r"), edge(Knows, "91", "r", "b1"))
			s.equal("kinds", nodeIDs(s.neighbourhood("c", store.Reach{Length: 3, Kinds: []store.Kind{Office}}).Nodes), []store.ID{"c", "o1"})
			s.equal("all", nodeIDs(s.neighbourhood("c", store.Reach{Length: 1}).Nodes), []store.ID{"c", "a1", "a2", "o1"})
		}},
		{"a node beyond the hub is met but not walked through", func(s *suite) {
			setup(s)
			s.equal("hub of 4", nodeIDs(s.neighbourhood("c", store.Reach{Length: 2, Hub: 4}).Nodes), []store.ID{"c", "a1", "a2", "o1", "b1", "b2"})
			got := s.neighbourhood("c", store.Reach{Length: 2, Hub: 2})
			s.equal("beyond 2", nodeIDs(got.Nodes), []store.ID{"c", "a1", "a2", "o1", "b2"})
			s.equal("the centre exempt", edgeIDs(s.neighbourhood("c", store.Reach{Length: 1, Hub: 1}).Edges), []store.ID{"1", "2", "4", "6", "8"})
		}},
		{"the limit keeps the nearest nodes, ties by id, and says so", func(s *suite) {
			setup(s)
			got := s.neighbourhood("c", store.Reach{Length: 2, Limit: 3})
			s.equal("nodes", nodeIDs(got.Nodes), []store.ID{"c", "a1", "a2"})
			s.equal("edges", edgeIDs(got.Edges), []store.ID{"1", "2", "4", "8"})
			s.equal("cut", got.Cut, true)
			s.equal("on a level's end", s.neighbourhood("c", store.Reach{Length: 1, Limit: 4}).Cut, false)
			s.equal("a level more", s.neighbourhood("c", store.Reach{Length: 2, Limit: 4}).Cut, true)
		}},
		{"an absent centre is not found", func(s *suite) {
			_, err := s.store.Neighbourhood(s.ctx, "none", store.Reach{Length: 1})
			s.wantErr("Neighbourhood", err, store.ErrNotFound)
		}},
		{"a large neighbourhood is cut in the order of ids", func(s *suite) {
			batch := people("c")
			for i := range 200 {
				id := numbered("p", i*77%200)
				batch = append(batch, node(Person, id, store.Props{"hue": strconv.Itoa(i)}), edge(Knows, "e"+id, id, "c"))
			}
			s.apply(batch...)
			got := s.neighbourhood("c", store.Reach{Length: 1, Limit: 4})
			s.equal("nodes", nodeIDs(got.Nodes), []store.ID{"c", "p000", "p001", "p002"})
			s.equal("edges", edgeIDs(got.Edges), []store.ID{"ep000", "ep001", "ep002"})
		}},
	}
}
