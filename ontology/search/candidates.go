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
	list   []candidate
	at     map[store.ID]int
	// held are the nodes found by the present run of the plan.
	held map[store.ID]bool
	// answered says whether the candidates hold what the question asks, so
	// that those with a part of it are of little worth.
	answered func() bool
	// partial is a step whose matches are too many, put off.
	partial *step
	// cut says that there were more matches than were fetched.
	cut bool
}

type candidate struct {
	node store.Node
	// described is as in ask.
	described float64
}

func newCandidates(r store.Reader, kinds []store.Kind) *candidates {
	return &candidates{reader: r, kinds: kinds, at: map[store.ID]int{}}
}

// run asks the first steps, and where they found little the wider ones, all
// in one call: a statement costs more than a query that proves needless.
func (c *candidates) run(ctx context.Context, p *phrase, l plan) error {
	c.held, c.partial = map[store.ID]bool{}, nil
	if err := c.ask(ctx, p, l.first); err != nil {
		return err
	}
	return c.ask(ctx, p, l.wider)
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
			if enough {
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
	var tooMany *ask
	for i, r := range results {
		switch {
		case !r.More:
			c.add(r.Hits, s.asks[i].described, len(r.Hits))
		case s.asks[i].described > 0:
			c.cut = true
		default:
			tooMany = &s.asks[i]
		}
	}
	switch {
	case tooMany == nil:
		return nil
	case s.partial && c.answered():
		c.cut = true
		return nil
	case s.partial:
		c.partial = &s
		return nil
	}
	return c.expand(ctx, s)
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

// fewInSample is the number of matches with one first letter of their id, out
// of thirty-two letters, up to which a store may sort all matches of a query.
const fewInSample = 125

// expand adds the groups of a step in their order until there is no room. What
// is too large is cut in the order of ids. How that is asked depends on a
// sample of the ids: a few thousand matches a store sorts at once, more are
// asked for by the first letter.
func (c *candidates) expand(ctx context.Context, s step) error {
	letters := text.IDLetters()
	queries := make([]store.Query, len(s.groups))
	for i, g := range s.groups {
		queries[i] = c.byLetter(g, letters[len(letters)/2])
		queries[i].Limit = fewInSample
		queries[i].Props = nil
	}
	samples, err := c.search(ctx, queries)
	if err != nil {
		return err
	}
	for i, g := range s.groups {
		if c.room() == 0 {
			c.cut = true
			return nil
		}
		if samples[i].More {
			if err := c.addByLetter(ctx, g, letters); err != nil {
				return err
			}
			continue
		}
		q := c.query(g)
		q.Lowest = true
		results, err := c.search(ctx, []store.Query{q})
		if err != nil {
			return err
		}
		c.add(results[0].Hits, 0, c.room())
		c.cut = c.cut || results[0].More
	}
	return nil
}

// lettersAtOnce is the number of first letters whose nodes fill a question
// where each has more than fewInSample.
const lettersAtOnce = MaxHits/fewInSample + 1

// addByLetter adds the matches of a query in the order of their ids until
// there is no room, some first letters at a time.
func (c *candidates) addByLetter(ctx context.Context, all [][]store.Term, letters []string) error {
	for len(letters) > 0 && c.room() > 0 {
		n := min(lettersAtOnce, len(letters))
		queries := make([]store.Query, n)
		for i, letter := range letters[:n] {
			queries[i] = c.byLetter(all, letter)
		}
		letters = letters[n:]
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
func (c *candidates) room() int { return max(0, MaxHits-len(c.held)) }

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
	return store.Query{All: all, Kinds: c.kinds, Limit: MaxHits, Props: []string{LabelsProp}}
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
