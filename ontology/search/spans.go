package search

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"coopgraph/ontology/text"
	"coopgraph/store"
)

// MaxSpan is the greatest number of matches of a span.
const MaxSpan = 20

// SpanAnswer holds the things that a part of a question names.
type SpanAnswer struct {
	// Matches are ordered exact before stemmed, then by degree, then by id.
	Matches []SpanMatch
	// Cut says that other nodes have such a label too.
	Cut bool
}

// SpanMatch is a node with the label that is the span: How is Exact, or Stem
// where the words are inflected or stand in another order.
type SpanMatch struct {
	Node  store.Node
	Label text.Label
	How   How
}

// The bounds of the queries that look spans up together.
const (
	maxSpanTerms = 500
	maxSpanNodes = 400
)

// Spans looks up parts of a question, all in one call of the store, and gives
// for each the nodes that bear it as a whole label, exactly or by the stems of
// the words that are no stop words, in any order. A span without letters and
// digits has an empty answer. Language prefers labels, as in Question.
//
// Spans share queries: most are no label, and a query has its price. One that
// finds too much is asked again, a query a span.
func Spans(ctx context.Context, r store.Reader, spans []string, kinds []store.Kind, language string) ([]SpanAnswer, error) {
	l := lookup{kinds: kinds, language: language, answers: make([]SpanAnswer, len(spans))}
	for _, s := range spans {
		l.phrases = append(l.phrases, newPhrase(s))
	}
	crowded, err := l.ask(ctx, r, l.batches(), maxSpanNodes)
	if err != nil {
		return nil, err
	}
	var alone [][]int
	for _, batch := range crowded {
		for _, i := range batch {
			alone = append(alone, []int{i})
		}
	}
	if _, err := l.ask(ctx, r, alone, MaxSpan); err != nil {
		return nil, err
	}
	for i := range l.answers {
		l.finish(&l.answers[i])
	}
	return l.answers, nil
}

// lookup is the state of Spans.
type lookup struct {
	kinds    []store.Kind
	language string
	phrases  []*phrase
	answers  []SpanAnswer
}

// batches parts the spans that have words by the number of their terms.
func (l *lookup) batches() [][]int {
	var out [][]int
	terms := 0
	for i, p := range l.phrases {
		n := len(p.Whole) + len(p.Stemmed)
		if n == 0 {
			continue
		}
		if len(out) == 0 || terms+n > maxSpanTerms {
			out, terms = append(out, nil), 0
		}
		out[len(out)-1] = append(out[len(out)-1], i)
		terms += n
	}
	return out
}

// ask looks batches of spans up, a query a batch, and gives those of several
// spans that found more than limit nodes.
func (l *lookup) ask(ctx context.Context, r store.Reader, batches [][]int, limit int) (crowded [][]int, err error) {
	if len(batches) == 0 {
		return nil, nil
	}
	queries := make([]store.Query, len(batches))
	for i, batch := range batches {
		var terms []store.Term
		for _, span := range batch {
			terms = append(terms, l.phrases[span].wholeTerms()...)
		}
		queries[i] = store.Query{
			All: [][]store.Term{terms}, Kinds: l.kinds, Limit: limit, Lowest: true, Props: []string{LabelsProp},
		}
	}
	results, err := r.Search(ctx, queries)
	if err != nil {
		return nil, fmt.Errorf("look up %d spans: %w", len(l.phrases), err)
	}
	for i, batch := range batches {
		if results[i].More && len(batch) > 1 {
			crowded = append(crowded, batch)
			continue
		}
		l.add(batch, results[i])
	}
	return crowded, nil
}

// add gives the nodes found to the spans that they bear as labels.
func (l *lookup) add(batch []int, found store.Result) {
	bearers := map[string][]int{} // token → spans
	rankers := make(map[int]*ranker, len(batch))
	for _, span := range batch {
		p := l.phrases[span]
		for _, token := range append(p.Whole[:len(p.Whole):len(p.Whole)], p.Stemmed...) {
			bearers[token] = append(bearers[token], span)
		}
		rankers[span] = newRanker(p, l.language, l.kinds)
		l.answers[span].Cut = l.answers[span].Cut || found.More
	}
	for _, node := range found.Hits {
		for _, span := range spansOf(node, bearers) {
			if label, how := rankers[span].labelled(node); how != "" {
				l.answers[span].Matches = append(l.answers[span].Matches, SpanMatch{Node: node, Label: label, How: how})
			}
		}
	}
}

// spansOf gives the spans that share a token with a label of the node, each
// once.
func spansOf(node store.Node, bearers map[string][]int) []int {
	encoded, _ := node.Props[LabelsProp].(string)
	var out []int
	for _, label := range text.Decode(encoded) {
		a := text.Analyse(label.Value, label.Language)
		for _, token := range append(a.Whole, a.Stemmed...) {
			for _, span := range bearers[token] {
				if !slices.Contains(out, span) {
					out = append(out, span)
				}
			}
		}
	}
	return out
}

// finish orders an answer's matches and bounds their number.
func (l *lookup) finish(a *SpanAnswer) {
	slices.SortFunc(a.Matches, func(a, b SpanMatch) int {
		if (a.How == Exact) != (b.How == Exact) {
			if a.How == Exact {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(b.Node.Degree, a.Node.Degree), cmp.Compare(a.Node.ID, b.Node.ID))
	})
	if len(a.Matches) > MaxSpan {
		a.Matches, a.Cut = a.Matches[:MaxSpan], true
	}
}

// labelled gives the label of a node that is the whole phrase, and how; how is ""
// where none is.
func (r *ranker) labelled(node store.Node) (best text.Label, how How) {
	encoded, _ := node.Props[LabelsProp].(string)
	for encoded != "" {
		encoded = r.reading.Next(encoded)
		label := r.reading.Label
		switch h := r.whole(r.reading.Words); {
		case h == "", how == Exact && h == Stem:
		case how != h, r.preferred(label, best),
			discount(label.Type) < discount(best.Type) && !r.preferred(best, label):
			best, how = label, h
		}
	}
	return best, how
}

// whole says how a label is the phrase: Exact, Stem or not at all.
func (r *ranker) whole(label []text.Word) How {
	r.compare(label)
	if r.equal {
		return Exact
	}
	asked, named := 0, 0
	for i, c := range r.asked {
		if !r.phrase.words[i].Stop {
			asked++
			if c.way > stemmed {
				return ""
			}
		}
	}
	for j, c := range r.named {
		if !label[j].Stop {
			named++
			if c.way > stemmed {
				return ""
			}
		}
	}
	if asked != named {
		return ""
	}
	return Stem
}
