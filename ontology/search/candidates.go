package search

import (
	"context"
	"fmt"

	"coopgraph/ontology/text"
	"coopgraph/store"
)

// candidates are the nodes that the plan of a question fetched.
type candidates struct {
	reader store.Reader
	kinds  []store.Kind
	// most is the number of nodes that a run of the plan may fetch.
	most int
	list []candidate
	at   map[store.ID]int
	// held are the nodes found by the present run of the plan.
	held map[store.ID]bool
	// answered says whether the candidates hold what the question asks, so
	// that those with a part of it are of little worth.
	answered func() bool
	// partial is a step whose matches are too many, put off.
	partial *tooLarge
	// cut says that there were more matches than were fetched.
	cut bool
}

type candidate struct {
	node store.Node
	// described is as in ask.
	described float64
}

func newCandidates(r store.Reader, kinds []store.Kind, most int) *candidates {
	return &candidates{reader: r, kinds: kinds, most: most, at: map[store.ID]int{}}
}

// tooLarge is a step with more matches than there is room for, and what its
// asks gave.
type tooLarge struct {
	step
	asked []store.Result
}

// run asks the stages of a plan, each in one call: a statement costs more than
// a query that proves needless.
func (c *candidates) run(ctx context.Context, p *phrase, l plan) error {
	c.held, c.partial = map[store.ID]bool{}, nil
	for _, stage := range l.stages {
		if err := c.ask(ctx, p, stage); err != nil {
			return err
		}
	}
	return nil
}

func (c *candidates) ask(ctx context.Context, p *phrase, makers []stepMaker) error {
	var steps []step
	var queries []store.Query
	for _, maker := range makers {
		s := maker(p)
		if len(c.held) >= s.below {
			continue
		}
		steps = append(steps, s)
		enough := s.partial && c.answered()
		for _, a := range s.asks {
			q := c.query(a.all)
			switch {
			case a.optional:
				q.Limit = fewInGroup
			case enough:
				q.Limit = fewPartial
			}
			queries = append(queries, q)
		}
	}
	results, err := c.search(ctx, queries)
	if err != nil {
		return err
	}
	for _, s := range steps {
		mine := results[:len(s.asks)]
		results = results[len(s.asks):]
		if len(c.held) >= s.below {
			continue
		}
		if err := c.take(ctx, s, mine); err != nil {
			return err
		}
	}
	return nil
}

// fewPartial is the number of matches of a part of the question that are
// fetched where others hold all of it.
const fewPartial = 100

// take adds what a step found; too many matches are fetched in groups, or put
// off where they hold but a part of the question.
func (c *candidates) take(ctx context.Context, s step, results []store.Result) error {
	large := false
	for i, r := range results {
		if a := s.asks[i]; a.optional || a.described > 0 {
			c.cut = c.cut || r.More
		} else {
			large = large || r.More
		}
	}
	if large && s.grouped && !s.partial {
		return c.expand(ctx, tooLarge{s, results})
	}
	for i, r := range results {
		if !r.More {
			c.add(r.Hits, s.asks[i].described, len(r.Hits))
		}
	}
	switch {
	case !large:
		return nil
	case s.partial && c.answered():
		c.cut = true
		return nil
	case s.partial:
		c.partial = &tooLarge{s, results}
		return nil
	}
	return c.expand(ctx, tooLarge{s, results})
}

// expandPartial fetches the step that was put off, if any.
func (c *candidates) expandPartial(ctx context.Context) error {
	if c.partial == nil {
		return nil
	}
	s := *c.partial
	c.partial = nil
	return c.expand(ctx, s)
}

// The bounds of what is fetched of a group before its size is known: all of one
// of few matches, and of a wide one a sample, the ids with one first letter of
// thirty-two.
const (
	fewInGroup  = 125
	fewInSample = 125
)

// expand adds the groups of a step in their order until there is no room. What
// is too large is cut in the order of ids.
func (c *candidates) expand(ctx context.Context, s tooLarge) error {
	letters := text.IDLetters()
	first, err := c.groups(ctx, s, letters)
	if err != nil {
		return err
	}
	for i, g := range s.groups {
		whole := s.grouped || !g.wide
		switch {
		case c.room() == 0:
			c.cut = true
			return nil
		case whole && !first[i].More:
			c.add(first[i].Hits, 0, c.room())
			continue
		case g.optional:
			c.cut = true
			continue
		case whole:
			samples, err := c.search(ctx, []store.Query{c.sample(g, letters)})
			if err != nil {
				return err
			}
			first[i] = samples[0]
		}
		if err := c.addLowest(ctx, g, len(first[i].Hits), letters); err != nil {
			return err
		}
	}
	return nil
}

// groups gives what is fetched of each group at first: a sample of a wide one,
// unless the step has asked for it already.
func (c *candidates) groups(ctx context.Context, s tooLarge, letters []string) ([]store.Result, error) {
	if s.grouped {
		return s.asked, nil
	}
	queries := make([]store.Query, len(s.groups))
	for i, g := range s.groups {
		if g.wide {
			queries[i] = c.sample(g, letters)
		} else {
			queries[i] = c.query(g.all)
			queries[i].Limit = fewInGroup
		}
	}
	return c.search(ctx, queries)
}

// sample asks for the matches whose ids have the letter in the middle.
func (c *candidates) sample(g group, letters []string) store.Query {
	q := c.byLetter(g.all, letters[len(letters)/2])
	q.Limit, q.Lowest, q.Props = fewInSample, false, nil
	return q
}

// fewLetters is the number of first letters of ids up to which asking for each
// costs a store less than to sort all matches.
const fewLetters = 5

// addLowest adds the matches of a group in the order of their ids until there
// is no room. How that is asked depends on the size of the sample: a few
// thousand matches a store sorts at once, more are asked for by the first
// letter.
func (c *candidates) addLowest(ctx context.Context, g group, sampled int, letters []string) error {
	if n := lettersFor(c.room(), sampled); n <= fewLetters || sampled >= fewInSample {
		return c.addByLetter(ctx, g.all, letters, n)
	}
	q := c.query(g.all)
	q.Lowest = true
	results, err := c.search(ctx, []store.Query{q})
	if err != nil {
		return err
	}
	c.add(results[0].Hits, 0, c.room())
	c.cut = c.cut || results[0].More
	return nil
}

// lettersFor is the number of first letters whose nodes fill the room where
// one of them has so many: a quarter more, for they differ, and the first that
// stands for ids of another form.
func lettersFor(room, sampled int) int { return room*5/4/max(sampled, 1) + 2 }

// addByLetter adds the matches of a query in the order of their ids until
// there is no room, n first letters at a time.
func (c *candidates) addByLetter(ctx context.Context, all [][]store.Term, letters []string, n int) error {
	for len(letters) > 0 && c.room() > 0 {
		queries := make([]store.Query, min(n, len(letters)))
		for i := range queries {
			queries[i] = c.byLetter(all, letters[i])
		}
		letters = letters[len(queries):]
		results, err := c.search(ctx, queries)
		if err != nil {
			return err
		}
		for _, r := range results {
			c.add(r.Hits, 0, c.room())
			c.cut = c.cut || r.More
		}
	}
	c.cut = c.cut || len(letters) > 0
	return nil
}

// byLetter asks for the lowest ids with a first letter.
func (c *candidates) byLetter(all [][]store.Term, letter string) store.Query {
	q := c.query(append(all[:len(all):len(all)], []store.Term{{Field: text.FieldAnchors, Token: letter}}))
	q.Lowest = true
	return q
}

// room is the number of nodes that the present run may still add.
func (c *candidates) room() int { return max(0, c.most-len(c.held)) }

// add adds at most n nodes that the present run has not found before; what
// does not fit is cut.
func (c *candidates) add(nodes []store.Node, described float64, n int) {
	for _, node := range nodes {
		i, known := c.at[node.ID]
		if !c.held[node.ID] {
			if n == 0 {
				c.cut = true
				return
			}
			n--
			c.held[node.ID] = true
		}
		if !known {
			i = len(c.list)
			c.at[node.ID] = i
			c.list = append(c.list, candidate{node: node})
		}
		c.list[i].described = max(c.list[i].described, described)
	}
}

func (c *candidates) query(all [][]store.Term) store.Query {
	return store.Query{All: all, Kinds: c.kinds, Limit: c.most, Props: []string{LabelsProp}}
}

func (c *candidates) search(ctx context.Context, queries []store.Query) ([]store.Result, error) {
	if len(queries) == 0 {
		return nil, nil
	}
	results, err := c.reader.Search(ctx, queries)
	if err != nil {
		return nil, fmt.Errorf("search with %d queries: %w", len(queries), err)
	}
	return results, nil
}
