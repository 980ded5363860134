// Package search finds things by their names: it turns a text into token
// queries for a store, fetches at most a few hundred candidates, and ranks
// them here, so that every store gives the same hits in the same order.
//
// It knows the store's port and the text analysis, and neither kinds nor
// relations of the ontology.
package search

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"

	"coopgraph/ontology/text"
	"coopgraph/store"
)

// LabelsProp is the node property that holds text.Encode of a node's labels.
const LabelsProp = "labels"

// MaxHits is the greatest number of hits that a question has, over all pages.
const MaxHits = 500

// minScore is the least score of a hit, in points: one matching word of four.
const minScore = 1500

// How says by what a hit matches: the weakest of the ways in which the
// question's words stand in the label.
type How string

const (
	// Exact: the label is the question, but for case, accents, punctuation.
	Exact How = "EXACT"
	// Words: the matching words stand in the label as they were asked.
	Words How = "WORDS"
	// Stem: a word stands in the label in another inflection.
	Stem How = "STEM"
	// Prefix: a word is the beginning of a word of the label.
	Prefix How = "PREFIX"
	// Compound: a word of one side is two words of the other.
	Compound How = "COMPOUND"
	// Substring: a word is a part of a word of the label, or the reverse.
	Substring How = "SUBSTRING"
	// Corrected: a word matches when a typing error is mended.
	Corrected How = "CORRECTED"
	// Description: words stand in the node's description and not in the label.
	Description How = "DESCRIPTION"
)

// Question is a text to be searched.
type Question struct {
	// Text is what was typed; of long texts the first 500 characters and 40
	// words count. Nothing in it has a special meaning.
	Text string
	// Kinds, when not empty, are the only kinds found; of equal hits, those of
	// an earlier kind come first.
	Kinds []store.Kind
	// Language is the reader's: of a node's equally good labels, the one in
	// this language is shown.
	Language string
	// Limit is the number of hits wanted, 0 for all of them.
	Limit int
	// After is the Position of the last hit of the page before.
	After *store.Position
}

// Answer is a page of hits, best first.
type Answer struct {
	Hits []Hit
	// More says that hits follow the last one.
	More bool
	// Total is the number of hits on all pages; with TotalLowerBound there may
	// be others that were not looked at.
	Total           int64
	TotalLowerBound bool
	// Facets count the hits of all pages by kind, most first.
	Facets []Facet
	// Suggestion is the question with its typing errors mended, or "" where
	// the best hit needs no correction.
	Suggestion string
}

// Facet is the number of hits of a kind.
type Facet struct {
	Kind  store.Kind
	Count int64
}

// Hit is a node found.
type Hit struct {
	// Node has the node's kind, degree and LabelsProp.
	Node store.Node
	// Score is from 0 to 1, in steps of 0.0001.
	Score float64
	// Label is the name that matched best. Its value is normalised (NFC).
	Label text.Label
	How   How
	// Marks are the matching parts of Label.Value, in order.
	Marks []Mark
	// Matches are the matching words of the question, in order.
	Matches []Match
	// Unmatched are the words of the question, as typed, that do not stand in
	// the label; articles, prepositions and conjunctions are not among them.
	Unmatched []string

	rank rank
}

// Mark is a part of a label, as byte offsets.
type Mark struct{ Start, End int }

// Match is a word of the question that stands in the label.
type Match struct {
	// Word is the word as typed, Label the label's word as written there.
	Word, Label string
	How         How
}

// Position is the hit's place in the order of its question, for Question.After.
func (h Hit) Position() store.Position {
	return store.Position{
		Keys: []string{strconv.Itoa(h.rank.points), strconv.Itoa(h.rank.kind), strconv.FormatInt(h.rank.degree, 10)},
		ID:   h.Node.ID,
	}
}

// rank is what hits are ordered by, before their ids.
type rank struct {
	points int // ten thousandths
	kind   int // the place among the kinds asked for
	degree int64
}

func (a rank) compare(b rank) int {
	return cmp.Or(cmp.Compare(b.points, a.points), cmp.Compare(a.kind, b.kind), cmp.Compare(b.degree, a.degree))
}

func parsePosition(p store.Position) (r rank, err error) {
	if len(p.Keys) != 3 {
		return r, fmt.Errorf("%w: a position of %d keys in a search", store.ErrInvalid, len(p.Keys))
	}
	var errs [3]error
	r.points, errs[0] = strconv.Atoi(p.Keys[0])
	r.kind, errs[1] = strconv.Atoi(p.Keys[1])
	r.degree, errs[2] = strconv.ParseInt(p.Keys[2], 10, 64)
	for _, err := range errs {
		if err != nil {
			return r, fmt.Errorf("%w: a position in a search: %w", store.ErrInvalid, err)
		}
	}
	return r, nil
}

// Search answers a question. Hits are ordered by score, then by the order of
// the kinds asked for, then by degree, then by id. A text without letters and
// digits has no hits.
func Search(ctx context.Context, r store.Reader, q Question) (Answer, error) {
	found, err := find(ctx, r, q, searchPlan)
	if err != nil {
		return Answer{}, err
	}
	page, more, err := found.page(q.After, q.Limit)
	if err != nil {
		return Answer{}, err
	}
	a := Answer{
		Hits: found.hits(page), More: more,
		Total: int64(len(found.order)), TotalLowerBound: found.cut, Facets: found.facets(),
	}
	if len(found.order) > 0 {
		a.Suggestion = found.suggestion()
	}
	return a, nil
}

// found is an answered question before its page is made.
type found struct {
	text     *phrase
	ranker   *ranker
	language string
	order    []scored
	cut      bool
}

// find runs the plan, and once more with corrected words where the best hit
// does not hold every word of the question.
func find(ctx context.Context, r store.Reader, q Question, l plan) (*found, error) {
	p := newPhrase(q.Text)
	f := &found{text: p, language: q.Language, ranker: newRanker(p, q.Language, q.Kinds)}
	if len(p.words) == 0 {
		return f, nil
	}
	c := newCandidates(r, q.Kinds, l.most)
	c.answered = func() bool {
		f.order = f.ranker.rank(c)
		return len(f.order) > 0 && (f.order[0].sure || f.ranker.mend && f.order[0].whole)
	}
	if err := c.run(ctx, p, l); err != nil {
		return nil, err
	}
	if !c.answered() {
		some, err := p.correct(ctx, r)
		if err != nil {
			return nil, err
		}
		if f.ranker.mend = some; some {
			if err := c.run(ctx, p, l.corrected()); err != nil {
				return nil, err
			}
		}
		if err := c.expandPartial(ctx); err != nil {
			return nil, err
		}
		f.order = f.ranker.rank(c)
	}
	f.cut = c.cut || len(f.order) > MaxHits
	if len(f.order) > MaxHits {
		f.order = f.order[:MaxHits]
	}
	return f, nil
}

// page gives the part of the order after a position.
func (f *found) page(after *store.Position, limit int) (page []scored, more bool, err error) {
	page = f.order
	if after != nil {
		last, err := parsePosition(*after)
		if err != nil {
			return nil, false, err
		}
		i, _ := slices.BinarySearchFunc(page, last, func(s scored, last rank) int {
			if c := cmp.Or(s.rank.compare(last), cmp.Compare(s.node.ID, after.ID)); c > 0 {
				return 1
			}
			return -1
		})
		page = page[i:]
	}
	if limit > 0 && len(page) > limit {
		return page[:limit], true, nil
	}
	return page, false, nil
}

func (f *found) facets() []Facet {
	count := map[store.Kind]int64{}
	for _, s := range f.order {
		count[s.node.Kind]++
	}
	out := make([]Facet, 0, len(count))
	for k, n := range count {
		out = append(out, Facet{k, n})
	}
	slices.SortFunc(out, func(a, b Facet) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Kind, b.Kind))
	})
	return out
}

func (f *found) hits(page []scored) []Hit {
	out := make([]Hit, len(page))
	for i, s := range page {
		out[i] = f.ranker.explain(s)
	}
	return out
}
