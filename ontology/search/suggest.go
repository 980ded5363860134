package search

import (
	"context"

	"coopgraph/ontology/text"
	"coopgraph/store"
)

// Suggestion is a completion: a thing, and the name of it that goes on from
// what was typed.
type Suggestion struct {
	// Text is the name to put into the field.
	Text string
	// Label is the name with its language and type.
	Label text.Label
	// Marks are the matching parts of Text.
	Marks []Mark
	Score float64
	// Node has the node's kind, degree and LabelsProp.
	Node store.Node
}

// Suggest completes what is being typed with at most first names, each of
// another node, best first: short labels whose words begin with the words
// typed, then any label that holds them, then what needs a correction. Of a
// Question it heeds Text, Kinds and Language.
func Suggest(ctx context.Context, r store.Reader, q Question, first int) ([]Suggestion, error) {
	first = max(first, 1)
	found, err := find(ctx, r, q, suggestPlan(first))
	if err != nil {
		return nil, err
	}
	page, _, err := found.page(nil, first)
	if err != nil {
		return nil, err
	}
	out := make([]Suggestion, len(page))
	for i, h := range found.hits(page) {
		out[i] = Suggestion{Text: h.Label.Value, Label: h.Label, Marks: h.Marks, Score: h.Score, Node: h.Node}
	}
	return out, nil
}

// FindRun finds what a run of words left over from a question may name: the
// hits of a score of at least minScore, best first, at most limit of them.
// A hit that mends a word of fewer than minLetters letters does not count
// ("hallo" is not Halle), nor one by its description.
func FindRun(ctx context.Context, r store.Reader, q Question, minScore float64, minLetters, limit int) ([]Hit, error) {
	found, err := find(ctx, r, q, runPlan)
	if err != nil {
		return nil, err
	}
	var out []Hit
	for _, s := range found.order {
		if s.points < points(minScore) || len(out) == limit {
			break
		}
		if h := found.ranker.explain(s); s.how != Description && !h.mends(minLetters) {
			out = append(out, h)
		}
	}
	return out, nil
}

// mends says whether a word of fewer letters needs a correction.
func (h Hit) mends(letters int) bool {
	for _, m := range h.Matches {
		if m.How == Corrected && len([]rune(m.Word)) < letters {
			return true
		}
	}
	return false
}
