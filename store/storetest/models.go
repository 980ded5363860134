package storetest

import (
	"slices"
	"strconv"

	"pgregory.net/rapid"

	"coopgraph/store"
)

// modelTests compare a store with the model over batches and questions drawn
// by chance from few ids, values and words, so that they often meet.
func modelTests() []test {
	return []test{
		{"random batches and questions are answered as the model answers them", func(s *suite) {
			rapid.Check(s, func(t *rapid.T) {
				s.empty()
				m := newModel()
				batches := [][]store.Change{drawStart(t)}
				for range rapid.IntRange(1, 6).Draw(t, "batches") {
					batches = append(batches, rapid.SliceOfN(rapid.Custom(drawChange), 1, 6).Draw(t, "batch"))
				}
				for _, batch := range batches {
					got, err := s.store.Apply(s.ctx, batch)
					want, wantErr := m.apply(batch)
					if !sameError(err, wantErr) {
						t.Fatalf("Apply gives %v, want %v", err, wantErr)
					}
					same(t, "tally", got, want)
				}
				for range rapid.IntRange(1, 8).Draw(t, "questions") {
					m.ask(t, s)
				}
			})
		}},
	}
}

// empty takes everything out of the store.
func (s *suite) empty() {
	s.Helper()
	var batch []store.Change
	for _, e := range s.edges(nil, store.Filter{}, store.Paging{}).Items {
		batch = append(batch, dropEdge(e.Rel, e.ID))
	}
	for _, n := range s.find([]store.Kind{Person, Office, Record}, store.Filter{}, store.Paging{}).Items {
		batch = append(batch, dropNode(n.Kind, n.ID))
	}
	s.apply(batch...)
}

func same(t *rapid.T, what string, got, want any) {
	if d := difference(got, want); d != "" {
		t.Fatalf("%s differs (- want, + got):\n%s", what, d)
	}
}

func draw[V any](t *rapid.T, label string, values ...V) V {
	return rapid.SampledFrom(values).Draw(t, label)
}

func chance(t *rapid.T, label string, percent int) bool {
	return rapid.IntRange(1, 100).Draw(t, label) <= percent
}

// kindOf ties an id to a kind, relOf to a relation: neither ever changes.
func kindOf(i int) store.Kind { return []store.Kind{Person, Person, Office, Record}[i%4] }

func relOf(i int) store.Rel { return []store.Rel{Knows, MemberOf, PartOf}[i%3] }

// drawStart draws a batch of all the nodes and some edges, so that there is
// something to ask about: most batches of chance changes fail as a whole, for
// one edge without its ends.
func drawStart(t *rapid.T) []store.Change {
	var batch []store.Change
	for i := range 12 {
		ch := node(kindOf(i), numbered("n", i), drawProps(t, kindOf(i)))
		ch.Tokens = map[string]string{"W": drawWords(t)}
		batch = append(batch, ch)
	}
	for j := range rapid.IntRange(0, 30).Draw(t, "edges") {
		from, to := rapid.IntRange(0, 11).Draw(t, "from"), rapid.IntRange(0, 11).Draw(t, "to")
		batch = append(batch, edge(relOf(j), numbered("e", j), numbered("n", from), numbered("n", to), drawEdgeProps(t)))
	}
	return batch
}

func drawChange(t *rapid.T) store.Change {
	var ch store.Change
	i := rapid.IntRange(0, 11).Draw(t, "node")
	j := rapid.IntRange(0, 29).Draw(t, "edge")
	kind := kindOf(i)
	switch p := rapid.IntRange(1, 20).Draw(t, "op"); {
	case p <= 9:
		ch = node(kind, numbered("n", i), drawProps(t, kind))
		if chance(t, "indexed", 70) {
			ch.Tokens = map[string]string{"W": drawWords(t)}
			if chance(t, "stems", 30) {
				ch.Tokens["S"] = drawWords(t)
			}
		}
	case p <= 18:
		far := rapid.IntRange(0, 11).Draw(t, "far")
		ch = edge(relOf(j), numbered("e", j), numbered("n", i), numbered("n", far), drawEdgeProps(t))
	case p == 19:
		ch = dropNode(kind, numbered("n", i))
	default:
		ch = dropEdge(relOf(j), numbered("e", j))
	}
	if chance(t, "versioned", 5) {
		v := int64(rapid.IntRange(0, 2).Draw(t, "version"))
		ch.IfVersion = &v
	}
	return ch
}

func drawWords(t *rapid.T) string {
	words := rapid.SliceOfN(rapid.SampledFrom([]string{"water", "waterstof", "west", "wat", "x_west", "ö"}), 1, 3).Draw(t, "words")
	text := words[0]
	for _, w := range words[1:] {
		text += " " + w
	}
	return text
}

func drawProps(t *rapid.T, kind store.Kind) store.Props {
	props := store.Props{}
	set := func(name string, value func() any) {
		if chance(t, name, 50) {
			props[name] = value()
		}
	}
	set("name", func() any { return draw(t, "value", "", "a", "b", "B", "ä") })
	set("code", func() any { return draw(t, "value", "x", "y", "z") })
	set("tags", func() any { return drawTags(t) })
	set("seen", func() any { return day(rapid.IntRange(1, 3).Draw(t, "day")) })
	set("note", func() any { return draw(t, "value", "", "n", "o\"") })
	set("hue", func() any { return draw(t, "value", "red", "blue") })
	switch kind {
	case Person:
		set("rank", func() any { return int64(rapid.IntRange(-1, 2).Draw(t, "value")) })
		set("score", func() any { return draw(t, "value", 0.0, 1.0, -2.5, 1e300) })
		set("active", func() any { return rapid.Bool().Draw(t, "value") })
	case Office:
		set("level", func() any { return int64(rapid.IntRange(0, 2).Draw(t, "value")) })
	}
	return props
}

func drawTags(t *rapid.T) []string {
	return rapid.SliceOfN(rapid.SampledFrom([]string{"x", "y", "z"}), 1, 3).Draw(t, "tags")
}

func drawEdgeProps(t *rapid.T) store.Props {
	props := store.Props{}
	set := func(name string, value func() any) {
		if chance(t, name, 40) {
			props[name] = value()
		}
	}
	set("role", func() any { return draw(t, "value", "r", "s") })
	set("planned", func() any { return rapid.Bool().Draw(t, "value") })
	set("basis", func() any { return draw(t, "value", "x", "y") })
	set("runs", func() any { return drawTags(t) })
	set("order", func() any { return draw(t, "value", "", "1", "2") })
	set("fresh", func() any { return draw(t, "value", "a", "b") })
	set("at", func() any { return day(rapid.IntRange(1, 2).Draw(t, "day")) })
	set("count", func() any { return int64(rapid.IntRange(0, 3).Draw(t, "value")) })
	set("weight", func() any { return draw(t, "value", 0.5, 1.0) })
	set("marks", func() any { return drawTags(t) })
	return props
}

// drawCond draws a condition on one of the properties.
func drawCond(t *rapid.T, names ...string) store.Cond {
	c := store.Cond{Prop: draw(t, "prop", names...), OrAbsent: chance(t, "or absent", 30)}
	value := func() any {
		switch c.Prop {
		case "rank", "level", "count":
			return int64(rapid.IntRange(0, 2).Draw(t, "value"))
		case "score", "weight":
			return draw(t, "value", 0.5, 1.0, 0.0)
		case "active", "planned":
			return rapid.Bool().Draw(t, "value")
		case "seen", "at":
			return day(rapid.IntRange(1, 2).Draw(t, "day"))
		}
		return draw(t, "value", "", "a", "x", "y", "r", "red", "n", "1")
	}
	c.Op = draw(t, "operator", store.Any, store.None, store.AtMost, store.AtLeast)
	if list := slices.Contains([]string{"tags", "runs", "marks"}, c.Prop); list || c.Op == store.Any || c.Op == store.None {
		if list && c.Op > store.None {
			c.Op = store.Any
		}
		for range rapid.IntRange(0, 3).Draw(t, "values") {
			c.Values = append(c.Values, value())
		}
		return c
	}
	c.Values = []any{value()}
	return c
}

func drawConds(t *rapid.T, names ...string) (conds []store.Cond) {
	for range rapid.IntRange(0, 2).Draw(t, "conditions") {
		conds = append(conds, drawCond(t, names...))
	}
	return conds
}

var edgeNames = []string{"role", "planned", "basis", "runs", "order", "fresh", "at", "count", "weight", "marks"}

func drawIDs(t *rapid.T) []store.ID {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) store.ID {
		return numbered("n", rapid.IntRange(0, 12).Draw(t, "node"))
	}), 0, 8).Draw(t, "ids")
}

// ask draws a question and compares the two answers.
func (m *model) ask(t *rapid.T, s *suite) {
	check := func(what string, got any, err error, want any, wantErr error) {
		if !sameError(err, wantErr) {
			t.Fatalf("%s gives %v, want %v", what, err, wantErr)
		}
		same(t, what, got, want)
	}
	switch draw(t, "question", "nodes", "find", "edges", "expand", "expand", "search", "words", "path", "neighbourhood") {
	case "nodes":
		want := map[store.ID]store.Node{}
		ids := drawIDs(t)
		for _, id := range ids {
			if n, ok := m.nodes[id]; ok {
				want[id] = n
			}
		}
		got, err := s.store.Nodes(s.ctx, ids)
		check("Nodes", got, err, want, nil)
	case "find":
		kinds := rapid.SliceOfNDistinct(rapid.SampledFrom([]store.Kind{Person, Office, Record}), 0, 3, rapid.ID[store.Kind]).Draw(t, "kinds")
		names := []string{"name", "code", "tags", "seen", "note", "hue"}
		if len(kinds) == 0 || slices.Contains(kinds, Person) {
			names = append(names, "rank", "score", "active")
		}
		f := store.Filter{Conds: drawConds(t, names...)}
		if chance(t, "by id", 20) {
			f.IDs = drawIDs(t)
		}
		p := drawPaging(t, "name", "seen")
		got, err := s.store.Find(s.ctx, kinds, f, p)
		check("Find", got, err, m.find(kinds, f, p), nil)
		if got.More {
			last := got.Items[len(got.Items)-1]
			p.After = &store.Position{Keys: keysOf(p.Order.Prop, last.Props), ID: last.ID}
			got, err = s.store.Find(s.ctx, kinds, f, p)
			check("the next page of Find", got, err, m.find(kinds, f, p), nil)
		}
	case "edges":
		rels := rapid.SliceOfNDistinct(rapid.SampledFrom([]store.Rel{Knows, MemberOf, PartOf}), 0, 3, rapid.ID[store.Rel]).Draw(t, "relations")
		f := store.Filter{Conds: drawConds(t, edgeNames...)}
		p := drawPaging(t, "order", "at")
		got, err := s.store.Edges(s.ctx, rels, f, p)
		check("Edges", got, err, m.findEdges(rels, f, p), nil)
		if got.More {
			last := got.Items[len(got.Items)-1]
			p.After = &store.Position{Keys: keysOf(p.Order.Prop, last.Props), ID: last.ID}
			got, err = s.store.Edges(s.ctx, rels, f, p)
			check("the next page of Edges", got, err, m.findEdges(rels, f, p), nil)
		}
	case "expand":
		ids, tree := drawIDs(t), drawTree(t, 2)
		got, err := s.store.Expand(s.ctx, ids, tree)
		check("Expand", got, err, m.expand(ids, tree), nil)
	case "search":
		m.askSearch(t, s)
	case "words":
		near := draw(t, "word", "water", "wast", "we", "stof", "zz")
		limit := rapid.IntRange(1, 4).Draw(t, "limit")
		got, err := s.store.Words(s.ctx, []string{near}, limit)
		check("Words", got[near], err, m.words(near, limit), nil)
	case "path":
		from, to := numbered("n", publicNode(t)), numbered("n", publicNode(t))
		r := drawReach(t)
		got, err := s.store.Path(s.ctx, from, to, r)
		want, wantErr := m.path(from, to, r)
		check("Path", got, err, want, wantErr)
	case "neighbourhood":
		centre, r := numbered("n", publicNode(t)), drawReach(t)
		got, err := s.store.Neighbourhood(s.ctx, centre, r)
		want, wantErr := m.neighbourhood(centre, r)
		check("Neighbourhood", got, err, want, wantErr)
	}
}

// publicNode draws the number of a node that is not internal.
func publicNode(t *rapid.T) int {
	return draw(t, "end", 0, 1, 2, 4, 5, 6, 8, 9, 10, 12)
}

func drawPaging(t *rapid.T, orders ...string) store.Paging {
	return store.Paging{
		Order: store.Order{Prop: draw(t, "order", append(orders, "")...), Desc: rapid.Bool().Draw(t, "descending")},
		Limit: rapid.IntRange(0, 5).Draw(t, "limit"),
		Count: rapid.Bool().Draw(t, "count"),
	}
}

func drawLeg(t *rapid.T) store.Leg {
	return store.Leg{Rel: draw(t, "relation", Knows, MemberOf, PartOf), Dir: draw(t, "direction", store.Out, store.In, store.Both)}
}

func drawTree(t *rapid.T, depth int) []store.Step {
	tree := make([]store.Step, rapid.IntRange(1, 2).Draw(t, "steps"))
	for i := range tree {
		s := &tree[i]
		s.Legs = rapid.SliceOfN(rapid.Custom(drawLeg), 1, 3).Draw(t, "legs")
		if chance(t, "through", 30) {
			leg := drawLeg(t)
			s.Through = &leg
		}
		s.Where = drawConds(t, edgeNames...)
		s.Far = drawConds(t, "name", "code", "tags", "note", "hue", "rank")
		s.Order = draw(t, "order", store.EdgeOrder{}, store.EdgeOrder{Edge: "order", Far: "name"}, store.EdgeOrder{Edge: "fresh"})
		s.Limit = rapid.IntRange(0, 4).Draw(t, "limit")
		s.Count = rapid.Bool().Draw(t, "count")
		if chance(t, "kinds", 20) {
			s.Kinds = []store.Kind{draw(t, "kind", Person, Office, Record)}
			s.Far = nil
		}
		if chance(t, "position", 20) {
			s.After = &store.Position{ID: numbered("e", rapid.IntRange(0, 29).Draw(t, "after"))}
			if s.Order.Edge != "" {
				s.After.Keys = append(s.After.Keys, draw(t, "key", "", "1", "2", "a"))
			}
			if s.Order.Far != "" {
				s.After.Keys = append(s.After.Keys, draw(t, "far key", "", "a", "b"))
			}
		}
		if chance(t, "properties", 30) {
			s.NodeProps, s.EdgeProps = []string{store.All}, []string{"weight", "role"}
		}
		if depth > 1 && rapid.Bool().Draw(t, "deeper") {
			s.Then = drawTree(t, depth-1)
		}
	}
	return tree
}

func drawReach(t *rapid.T) store.Reach {
	r := store.Reach{
		Length: rapid.IntRange(0, 5).Draw(t, "length"),
		Rels:   rapid.SliceOfNDistinct(rapid.SampledFrom([]store.Rel{Knows, MemberOf, PartOf}), 0, 2, rapid.ID[store.Rel]).Draw(t, "relations"),
	}
	if chance(t, "kinds", 30) {
		r.Kinds = []store.Kind{draw(t, "kind", Person, Office)}
	}
	if chance(t, "hub", 30) {
		r.Hub = rapid.IntRange(1, 5).Draw(t, "hub degree")
	}
	if chance(t, "limit", 30) {
		r.Limit = rapid.IntRange(1, 6).Draw(t, "limit")
	}
	if chance(t, "properties", 30) {
		r.NodeProps, r.EdgeProps = []string{"name"}, []string{store.All}
	}
	return r
}

func drawTerms(t *rapid.T, least int) []store.Term {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) store.Term {
		return store.Term{
			Field:  draw(t, "field", "W", "W", "S"),
			Token:  draw(t, "token", "water", "wat", "west", "w", "x_west", "ö", "none"),
			Prefix: rapid.Bool().Draw(t, "prefix"),
		}
	}), least, 3).Draw(t, "terms")
}

// askSearch compares a search with the model: where more match than the limit
// and the lowest are not asked for, any of the matches are right.
func (m *model) askSearch(t *rapid.T, s *suite) {
	q := store.Query{Limit: rapid.IntRange(1, 6).Draw(t, "limit"), Lowest: rapid.Bool().Draw(t, "lowest")}
	for range rapid.IntRange(1, 3).Draw(t, "groups") {
		q.All = append(q.All, drawTerms(t, 1))
	}
	if chance(t, "none", 30) {
		q.None = drawTerms(t, 1)
	}
	if chance(t, "kinds", 30) {
		q.Kinds = []store.Kind{draw(t, "kind", Person, Office)}
	}
	if rapid.Bool().Draw(t, "properties") {
		q.Props = []string{"name"}
	}
	got, err := s.store.Search(s.ctx, []store.Query{q})
	if err != nil || len(got) != 1 {
		t.Fatalf("Search gives %d results, %v", len(got), err)
	}
	all := m.search(q)
	same(t, "more of "+strconv.Itoa(len(all)), got[0].More, len(all) > q.Limit)
	same(t, "number of hits", len(got[0].Hits), min(len(all), q.Limit))
	if q.Lowest || len(all) <= q.Limit {
		same(t, "hits", got[0].Hits, all[:min(len(all), q.Limit)])
		return
	}
	for i, h := range got[0].Hits {
		j := slices.IndexFunc(all, func(n store.Node) bool { return n.ID == h.ID })
		if j < 0 || (i > 0 && got[0].Hits[i-1].ID >= h.ID) {
			t.Fatalf("hit %d, %s, does not match or is out of order", i, h.ID)
		}
		same(t, "hit", h, all[j])
	}
}
