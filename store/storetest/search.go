package storetest

import (
	"strconv"
	"strings"

	"coopgraph/store"
)

func term(token string) store.Term { return store.Term{Field: "W", Token: token} }

func prefix(token string) store.Term { return store.Term{Field: "W", Token: token, Prefix: true} }

// group makes a group of terms of field W.
func group(tokens ...string) (g []store.Term) {
	for _, t := range tokens {
		g = append(g, term(t))
	}
	return g
}

func groups(g ...[]store.Term) [][]store.Term { return g }

func searchTests() []test {
	setup := func(s *suite) {
		s.apply(
			node(Person, "c", tokens{"W": "water europa x_water_europa"}),
			node(Person, "a", tokens{"W": "water west", "S": "wat"}),
			node(Office, "b", tokens{"W": "west waterstof", "S": "water"}),
			node(Office, "d", tokens{"S": "europa"}),
			node(Person, "e"),
			node(Record, "f", tokens{"W": "water west"}),
		)
	}
	ids := func(s *suite, q store.Query) []store.ID {
		s.Helper()
		q.Limit = 9
		got := s.search(q)[0]
		s.equal("more", got.More, false)
		return nodeIDs(got.Hits)
	}
	return []test{
		{"every group must match, by any of its terms, and no term of None", func(s *suite) {
			setup(s)
			s.equal("one", ids(s, store.Query{All: groups(group("water"))}), []store.ID{"a", "c"})
			s.equal("or", ids(s, store.Query{All: groups(group("water", "waterstof", "none"))}), []store.ID{"a", "b", "c"})
			s.equal("and", ids(s, store.Query{All: groups(group("water"), group("west", "europa"))}), []store.ID{"a", "c"})
			s.equal("none", ids(s, store.Query{All: groups(group("water")), None: group("west", "x")}), []store.ID{"c"})
			s.equal("nothing", ids(s, store.Query{All: groups(group("water"), group("none"))}), nil)
			s.equal("an empty group", ids(s, store.Query{All: groups(group("water"), nil)}), nil)
		}},
		{"a term is of its field only", func(s *suite) {
			setup(s)
			s.equal("S", ids(s, store.Query{All: groups([]store.Term{{Field: "S", Token: "water"}})}), []store.ID{"b"})
			s.equal("both", ids(s, store.Query{All: groups([]store.Term{{Field: "S", Token: "europa"}, term("europa")})}), []store.ID{"c", "d"})
			s.equal("none of S", ids(s, store.Query{All: groups(group("west")), None: []store.Term{{Field: "S", Token: "water"}}}), []store.ID{"a"})
		}},
		{"a prefix stands for every token that starts with it", func(s *suite) {
			setup(s)
			s.equal("prefix", ids(s, store.Query{All: groups([]store.Term{prefix("water")})}), []store.ID{"a", "b", "c"})
			s.equal("whole token", ids(s, store.Query{All: groups([]store.Term{prefix("waterstof")})}), []store.ID{"b"})
			s.equal("marked", ids(s, store.Query{All: groups([]store.Term{prefix("x_water")})}), []store.ID{"c"})
			s.equal("not a prefix", ids(s, store.Query{All: groups(group("waterst"))}), nil)
			s.equal("none", ids(s, store.Query{All: groups(group("west")), None: []store.Term{prefix("waters")}}), []store.ID{"a"})
		}},
		{"kinds are the only ones that match, and internal kinds never do", func(s *suite) {
			setup(s)
			q := store.Query{All: groups(group("west"))}
			s.equal("all", ids(s, q), []store.ID{"a", "b"})
			q.Kinds = []store.Kind{Office}
			s.equal("one", ids(s, q), []store.ID{"b"})
			q.Kinds = []store.Kind{Office, Person}
			s.equal("two", ids(s, q), []store.ID{"a", "b"})
			q.Kinds = []store.Kind{Record}
			s.equal("internal", ids(s, q), nil)
		}},
		{"a kind is selected before the limit", func(s *suite) {
			var batch []store.Change
			for i := range 60 {
				batch = append(batch, node(Person, numbered("p", i), tokens{"W": "water"}))
			}
			s.apply(append(batch, node(Office, "z", tokens{"W": "water"}))...)
			got := s.search(store.Query{All: groups(group("water")), Kinds: []store.Kind{Office}, Limit: 1})[0]
			s.equal("hits", []any{nodeIDs(got.Hits), got.More}, []any{[]store.ID{"z"}, false})
		}},
		{"hits are ordered by id and carry kind, version, degree and the named properties", func(s *suite) {
			s.apply(node(Person, "b", store.Props{"name": "B", "note": "n"}, tokens{"W": "x"}), node(Office, "a", store.Props{"note": "m"}, tokens{"W": "x"}))
			s.apply(edge(Knows, "e1", "a", "b"), edge(PartOf, "e2", "b", "b"), node(Person, "b", store.Props{"name": "C", "note": "n"}, tokens{"W": "x"}))
			q := store.Query{All: groups(group("x")), Limit: 2, Props: []string{"name"}}
			s.equal("result", s.search(q)[0], store.Result{Hits: []store.Node{
				{ID: "a", Kind: Office, Version: 1, Degree: 1},
				{ID: "b", Kind: Person, Version: 2, Degree: 2, Props: store.Props{"name": "C"}},
			}})
			s.apply(dropEdge(Knows, "e1"))
			q.Props = nil
			s.equal("result", s.search(q)[0], store.Result{Hits: []store.Node{{ID: "a", Kind: Office, Version: 1}, {ID: "b", Kind: Person, Version: 2, Degree: 1}}})
		}},
		{"more says that others matched too", func(s *suite) {
			for i := range 5 {
				s.apply(node(Person, numbered("p", i), tokens{"W": "water"}))
			}
			for limit, more := range map[int]bool{1: true, 4: true, 5: false, 6: false} {
				got := s.search(store.Query{All: groups(group("water")), Limit: limit})[0]
				s.equal("hits of "+strconv.Itoa(limit), []any{len(got.Hits), got.More}, []any{min(limit, 5), more})
			}
		}},
		{"Lowest chooses the hits with the lowest ids among all", func(s *suite) {
			var batch []store.Change
			for i := range 200 {
				batch = append(batch, node(Person, numbered("p", i*77%200), tokens{"W": "water " + strings.Repeat("water ", i%3)}))
			}
			s.apply(batch...)
			got := s.search(store.Query{All: groups(group("water")), Limit: 3, Lowest: true})[0]
			s.equal("hits", []any{nodeIDs(got.Hits), got.More}, []any{[]store.ID{"p000", "p001", "p002"}, true})
			got = s.search(store.Query{All: groups(group("water")), None: group("none"), Limit: 200, Lowest: true})[0]
			s.equal("all", []any{len(got.Hits), got.More}, []any{200, false})
		}},
		{"each query is answered, in order", func(s *suite) {
			setup(s)
			got := s.search(
				store.Query{All: groups(group("europa")), Limit: 1}, store.Query{All: groups(group("none")), Limit: 1},
				store.Query{All: groups(group("west")), Limit: 5}, store.Query{All: groups(group("europa")), Limit: 1},
			)
			var hits []string
			for _, r := range got {
				hits = append(hits, strings.Join(strings.Fields(string(append([]store.ID{""}, nodeIDs(r.Hits)...)[len(r.Hits)])), ","))
			}
			s.equal("last hits", hits, []string{"c", "", "b", "c"})
			s.equal("no queries", len(s.search()), 0)
		}},
		{"the index follows the changes", func(s *suite) {
			s.apply(node(Person, "a", tokens{"W": "old same"}))
			s.apply(node(Person, "a", tokens{"W": "new same"}))
			s.equal("old", ids(s, store.Query{All: groups(group("old"))}), nil)
			s.equal("new", ids(s, store.Query{All: groups(group("new"), group("same"))}), []store.ID{"a"})
			s.apply(node(Person, "a"))
			s.equal("without tokens", ids(s, store.Query{All: groups(group("new", "same"))}), nil)
			s.apply(node(Person, "a", store.Props{"name": "x"}, tokens{"W": "back"}))
			s.equal("again", ids(s, store.Query{All: groups(group("back"))}), []store.ID{"a"})
			s.apply(node(Person, "a", store.Props{"name": "y"}, tokens{"W": "back"}))
			s.equal("kept", ids(s, store.Query{All: groups(group("back"))}), []store.ID{"a"})
		}},
		{"a token is data, never syntax", func(s *suite) {
			strange := []string{`a"b`, "a*", "or", "and", "not", "near", "a:b", "(x)", "a-b", "+a", "^a", "c++", "{x}", "1.5", "ａ", "ß", "дом", "δοκιμή", "日本", "🙂", "kind", "x_y_z", `\`, "a~1", "[a", "a/b", "AND", "a'b", "%", "!"}
			for i, t := range strange {
				s.apply(node(Person, numbered("p", i), tokens{"W": t}))
			}
			for i, t := range strange {
				s.equal("hits of "+t, ids(s, store.Query{All: groups(group(t))}), []store.ID{numbered("p", i)})
			}
			s.apply(node(Person, "q", tokens{"W": "дома"}))
			s.equal("prefix", ids(s, store.Query{All: groups([]store.Term{prefix("дом")})}), []store.ID{"p016", "q"})
		}},
		{"a batch finds the words of many nodes", func(s *suite) {
			var batch []store.Change
			for i := range 300 {
				batch = append(batch, node(Person, numbered("p", i), tokens{"W": "w" + strconv.Itoa(i) + " m" + strconv.Itoa(i%7)}))
			}
			s.apply(batch...)
			for _, i := range []int{0, 17, 299} {
				s.equal("hits", ids(s, store.Query{All: groups(group("w"+strconv.Itoa(i)), group("m"+strconv.Itoa(i%7)))}), []store.ID{numbered("p", i)})
			}
		}},
		{"what the schema does not declare is invalid", func(s *suite) {
			for what, q := range map[string]store.Query{
				"kind":            {All: groups(group("x")), Kinds: []store.Kind{"Ghost"}, Limit: 1},
				"field":           {All: groups([]store.Term{{Field: "Ghost", Token: "x"}}), Limit: 1},
				"field of None":   {All: groups(group("x")), None: []store.Term{{Field: "Ghost", Token: "x"}}, Limit: 1},
				"property":        {All: groups(group("x")), Props: []string{"ghost"}, Limit: 1},
				"no limit":        {All: groups(group("x"))},
				"empty token":     {All: groups(group("")), Limit: 1},
				"token and space": {All: groups(group("a b")), Limit: 1},
			} {
				_, err := s.store.Search(s.ctx, []store.Query{q})
				s.wantErr(what, err, store.ErrInvalid)
			}
		}},
	}
}

func wordTests() []test {
	words := func(s *suite, limit int, near ...string) map[string][]string {
		s.Helper()
		got, err := s.store.Words(s.ctx, near, limit)
		if err != nil {
			s.Fatalf("Words: %v", err)
		}
		return got
	}
	return []test{
		{"words that share the most trigrams come first, ties bytewise", func(s *suite) {
			s.apply(node(Person, "a", tokens{"W": "water waterstof wat", "S": "watery"}), node(Person, "b", tokens{"W": "winter water later xater"}))
			// " water ": " wa", "wat", "ate", "ter", "er ".
			s.equal("words", words(s, 9, "water"), map[string][]string{"water": {"water", "waterstof", "later", "xater", "wat", "winter"}})
			s.equal("limit", words(s, 3, "water"), map[string][]string{"water": {"water", "waterstof", "later"}})
		}},
		{"each word is answered, and one without neighbours has none", func(s *suite) {
			s.apply(node(Person, "a", tokens{"W": "alpha beta"}))
			got := words(s, 2, "alpha", "zzz", "bet")
			s.equal("alpha", got["alpha"], []string{"alpha"})
			s.equal("zzz", got["zzz"], nil)
			s.equal("bet", got["bet"], []string{"beta"})
			s.equal("none", len(words(s, 2)), 0)
		}},
		{"the start and end of a word count", func(s *suite) {
			s.apply(node(Person, "a", tokens{"W": "ab xab abx"}))
			s.equal("short", words(s, 9, "ab")["ab"], []string{"ab", "abx", "xab"})
			s.equal("one letter", words(s, 9, "a")["a"], nil)
		}},
		{"letters of any script have trigrams", func(s *suite) {
			s.apply(node(Person, "a", tokens{"W": "δοκιμη домик"}))
			s.equal("greek", words(s, 9, "δοκιμα")["δοκιμα"], []string{"δοκιμη"})
			s.equal("cyrillic", words(s, 9, "дома")["дома"], []string{"домик"})
		}},
		{"a word goes with the last node that has it", func(s *suite) {
			s.apply(node(Person, "a", tokens{"W": "water water"}), node(Person, "b", tokens{"W": "water lake"}))
			s.apply(node(Person, "a", tokens{"W": "lake"}))
			s.equal("one left", words(s, 9, "water")["water"], []string{"water"})
			s.apply(node(Person, "b"))
			s.equal("none left", words(s, 9, "water")["water"], nil)
			s.equal("lake", words(s, 9, "lake")["lake"], []string{"lake"})
			s.apply(node(Person, "b", tokens{"W": "water"}))
			s.equal("back", words(s, 9, "water")["water"], []string{"water"})
			s.apply(dropNode(Person, "b"))
			s.equal("deleted", words(s, 9, "water")["water"], nil)
		}},
		{"internal kinds give no words", func(s *suite) {
			s.apply(node(Record, "r", tokens{"W": "secret"}))
			s.equal("words", words(s, 9, "secret")["secret"], nil)
		}},
	}
}
