package search

import (
	"slices"
	"unicode/utf8"

	"coopgraph/ontology/text"
	"coopgraph/store"
)

// ask is one query of a step, in the neutral form that stores render: every
// group must match, by one of its terms.
type ask struct {
	all [][]store.Term
	// described is the share of the question's words that the nodes found hold
	// if descriptions count; 0 where the query asks labels only.
	described float64
	// optional says that too many matches are not worth fetching any.
	optional bool
}

// step is a part of the plan.
type step struct {
	// below is the number of candidates from which the step is left out.
	below int
	asks  []ask
	// groups are asked instead, in this order, when a query about labels has
	// more matches than a question may have candidates; the last is the widest.
	groups []group
	// grouped says that the asks are the groups.
	grouped bool
	// partial says that what the step finds may hold but a part of the
	// question.
	partial bool
}

// group is a part of what a step finds, in the form of ask.
type group struct {
	all [][]store.Term
	// wide says that it may well have too many matches too.
	wide bool
	// optional is as in ask.
	optional bool
}

// stepMaker makes a step for a question.
type stepMaker func(*phrase) step

// plan is what a question asks of the store: stages of steps, each in one call
// and wider than the one before, which it follows where that found little.
type plan struct {
	stages [][]stepMaker
	// most is the number of candidates.
	most int
}

// The plans of a search and of a run of words left over.
var (
	searchPlan = plan{stages: [][]stepMaker{{partStep}, {wordStep, describedStep, anyStep}}, most: MaxHits}
	runPlan    = plan{stages: [][]stepMaker{{partStep}, {wordStep, anyStep}}, most: MaxHits}
)

// maxCompleted is the number of candidates of a completion, unless more
// completions are asked for.
const maxCompleted = 200

// suggestPlan is the plan of so many completions: longer labels are asked for
// only where the short ones are too few.
func suggestPlan(first int) plan {
	few := func(maker stepMaker) stepMaker {
		return func(p *phrase) step {
			s := maker(p)
			s.below = min(s.below, first)
			return s
		}
	}
	return plan{stages: [][]stepMaker{{shortStep}, {few(longStep)}, {few(wordStep)}}, most: min(max(maxCompleted, first), MaxHits)}
}

// corrected is the plan for a question whose words have their near ones.
func (l plan) corrected() plan {
	l.stages = slices.Clone(l.stages)
	l.stages[0] = append([]stepMaker{splitStep}, l.stages[0]...)
	return l
}

// The numbers of candidates below which the wider steps are asked.
const (
	belowWords = 100
	belowAny   = 20
)

// partStep finds short labels in which every word of the question begins a
// word, and labels that begin with the question or are it.
func partStep(p *phrase) step {
	words := p.planned(false)
	parts := func(first, last text.Class) [][]store.Term {
		return p.each(words, func(i int) []store.Term { return p.partTerms(i, first, last) })
	}
	all := parts(1, text.Classes)
	long := p.anchorTerms(text.Classes + 1)
	anchors := slices.Clone(long)
	if len(p.words) > 1 { // a word's beginnings are parts already
		for c := text.Class(1); c <= text.Classes; c++ {
			anchors = append(anchors, p.anchorTerms(c)...)
		}
	}
	s := step{below: MaxHits, asks: []ask{
		{all: all}, {all: [][]store.Term{p.wholeTerms()}}, {all: [][]store.Term{anchors}, optional: p.anchorsCut()},
	}}
	s.add(false, [][]store.Term{p.wholeTerms()})
	for c := text.Class(1); c <= text.Classes; c++ {
		s.add(c > longestShort, parts(c, c))
		if len(p.words) > 1 {
			s.addAnchors(p, p.anchorTerms(c))
		}
	}
	s.addAnchors(p, long)
	s.add(true, all)
	return s
}

func (s *step) add(wide bool, all [][]store.Term) {
	s.groups = append(s.groups, group{all: all, wide: wide})
}

func (s *step) addAnchors(p *phrase, anchors []store.Term) {
	s.groups = append(s.groups, group{all: [][]store.Term{anchors}, optional: p.anchorsCut()})
}

// askGroups makes the groups the asks.
func (s step) askGroups() step {
	s.grouped = true
	for _, g := range s.groups {
		s.asks = append(s.asks, ask{all: g.all, optional: g.optional})
	}
	return s
}

// longestShort is the class of the longest labels that are short.
const longestShort text.Class = 2

// shortStep finds labels of one or two words, stop words aside, in which every
// word of the question begins a word, or that begin with the question or are
// it; and labels of any length that are it.
func shortStep(p *phrase) step {
	words := p.planned(false)
	s := step{below: MaxHits}
	s.add(false, [][]store.Term{p.wholeTerms()})
	for c := text.Class(1); c <= longestShort; c++ {
		s.add(false, p.each(words, func(i int) []store.Term { return p.partTerms(i, c, c) }))
		if len(p.words) > 1 {
			s.addAnchors(p, p.anchorTerms(c))
		}
	}
	return s.askGroups()
}

// longStep is shortStep for the longer ones.
func longStep(p *phrase) step {
	words := p.planned(false)
	s := step{below: MaxHits}
	anchors := p.anchorTerms(text.Classes + 1)
	if len(p.words) > 1 { // as in partStep
		for c := longestShort + 1; c <= text.Classes; c++ {
			anchors = append(anchors, p.anchorTerms(c)...)
		}
	}
	s.addAnchors(p, anchors)
	s.add(true, p.each(words, func(i int) []store.Term { return p.partTerms(i, longestShort+1, text.Classes) }))
	return s.askGroups()
}

// wordStep finds labels of any length that hold every word of the question,
// its stem or a word that it begins.
func wordStep(p *phrase) step {
	words := p.planned(false)
	all := p.each(words, p.wordTerms)
	s := step{below: belowWords, asks: []ask{{all: all}}}
	s.add(false, [][]store.Term{p.wholeTerms()})
	for c := text.Class(1); c <= text.Classes; c++ {
		s.add(c > longestShort, p.each(words, func(i int) []store.Term { return p.partTerms(i, c, c) }))
	}
	s.add(true, all)
	return s
}

// anyStep finds labels that hold one of the words.
func anyStep(p *phrase) step {
	words := p.planned(true)
	one := func(terms func(int) []store.Term) [][]store.Term {
		var group []store.Term
		for _, i := range words {
			group = append(group, terms(i)...)
		}
		return [][]store.Term{group}
	}
	all := one(p.longWordTerms)
	s := step{below: belowAny, asks: []ask{{all: all}}, partial: true}
	s.add(false, [][]store.Term{p.wholeTerms()})
	for c := text.Class(1); c <= text.Classes; c++ {
		s.add(c > 1, one(func(i int) []store.Term { return p.partTerms(i, c, c) }))
	}
	s.add(true, all)
	return s
}

// maxLeftOut is the greatest number of words of a question from which each in
// turn is left out when descriptions are asked.
const maxLeftOut = 6

// describedStep finds things whose labels and descriptions together hold every
// word, and when that has not answered the question, all but one.
func describedStep(p *phrase) step {
	groups := p.each(p.planned(true), func(i int) []store.Term {
		terms := p.wordTerms(i)
		for _, stem := range p.words[i].stems {
			terms = append(terms, store.Term{Field: text.FieldDescription, Token: stem})
		}
		return terms
	})
	s := step{below: belowAny, partial: true}
	if !p.corrected {
		s.asks = []ask{{all: groups, described: 1}}
	} else if n := len(groups); n >= 3 && n <= maxLeftOut {
		for i := range groups {
			rest := append(append([][]store.Term(nil), groups[:i]...), groups[i+1:]...)
			s.asks = append(s.asks, ask{all: rest, described: float64(n-1) / float64(n)})
		}
	}
	return s
}

// The bounds of splitStep, in letters and words.
const (
	minSplit    = 8
	minSplitEnd = 3
	maxSplits   = 4
)

// splitStep finds labels that hold the two parts of a long word as words of
// their own: "politiesamenwerking" in "samenwerking van de politie".
func splitStep(p *phrase) step {
	s := step{below: MaxHits, partial: true}
	for _, i := range p.planned(true) {
		w := &p.words[i]
		if w.letters < minSplit || len(s.groups) == maxSplits {
			continue
		}
		var heads, tails []store.Term
		n := 0
		for at := range w.Folded {
			if n >= minSplitEnd && n <= w.letters-minSplitEnd {
				heads = append(heads, store.Term{Field: text.FieldWords, Token: w.Folded[:at]})
				tails = append(tails, store.Term{Field: text.FieldWords, Token: w.Folded[at:]})
			}
			n++
		}
		s.add(true, [][]store.Term{heads, tails})
	}
	return s.askGroups()
}

// each makes a group of terms for each of the words.
func (p *phrase) each(words []int, terms func(int) []store.Term) [][]store.Term {
	out := make([][]store.Term, len(words))
	for i, w := range words {
		out[i] = terms(w)
	}
	return out
}

// wholeTerms are the tokens of a label that is the question.
func (p *phrase) wholeTerms() []store.Term { return wholeTerms(p.Analysis) }

func wholeTerms(a text.Analysis) []store.Term {
	var out []store.Term
	for _, token := range a.Whole {
		out = append(out, store.Term{Field: text.FieldAnchors, Token: token})
	}
	for _, token := range a.Stemmed {
		out = append(out, store.Term{Field: text.FieldAnchors, Token: token})
	}
	return out
}

// anchorTerms are the tokens of a label of the class that begins with the
// question.
func (p *phrase) anchorTerms(c text.Class) []store.Term {
	var out []store.Term
	for _, joined := range p.joined {
		out = append(out, store.Term{Field: text.FieldAnchors, Token: text.AnchorToken(c, joined)})
	}
	return out
}

// anchorsCut says whether the question is longer than the beginnings of labels
// that are indexed: many labels may begin like it and go on in another way.
func (p *phrase) anchorsCut() bool {
	return slices.ContainsFunc(p.joined, func(s string) bool { return utf8.RuneCountInString(s) > text.MaxAnchor })
}

// minTail is the least number of letters of a compound's second part by which
// its beginning is asked for.
const minTail = 3

// partTerms are the tokens of a word in labels of the classes from first to
// last: its beginning, its stems, and the beginning of the compound that it
// ends.
func (p *phrase) partTerms(i int, first, last text.Class) []store.Term {
	w := &p.words[i]
	var out []store.Term
	for c := first; c <= last; c++ {
		for _, s := range w.spellings() {
			out = append(out, store.Term{Field: text.FieldParts, Token: text.PartToken(c, s)})
		}
		for _, stem := range w.stems {
			out = append(out, store.Term{Field: text.FieldParts, Token: text.PartStemToken(c, stem)})
		}
		if i > 0 && p.words[i-1].letters <= text.MaxPart-minTail {
			out = append(out, store.Term{Field: text.FieldParts, Token: text.PartToken(c, p.words[i-1].Folded+w.Folded)})
		}
		for _, near := range w.near {
			out = append(out, store.Term{Field: text.FieldParts, Token: text.PartToken(c, near)})
		}
	}
	return out
}

// wordTerms are the tokens of a word in labels of any length. A word of one
// letter begins too many others: it stands for itself, and in short labels for
// those that it begins.
func (p *phrase) wordTerms(i int) []store.Term {
	w := &p.words[i]
	var out []store.Term
	for _, s := range w.spellings() {
		out = append(out, store.Term{Field: text.FieldWords, Token: s, Prefix: w.letters > 1})
	}
	if w.letters == 1 {
		for c := text.Class(1); c <= text.Classes; c++ {
			out = append(out, store.Term{Field: text.FieldParts, Token: text.PartToken(c, w.Folded)})
		}
	}
	for _, stem := range w.stems {
		out = append(out, store.Term{Field: text.FieldStems, Token: stem})
	}
	for _, near := range w.near {
		out = append(out, store.Term{Field: text.FieldWords, Token: near})
	}
	return out
}

// minBegin is the least number of letters of a word that stands for longer ones
// where no other word narrows the query.
const minBegin = 3

// longWordTerms are wordTerms where short words stand for themselves only.
func (p *phrase) longWordTerms(i int) []store.Term {
	w := &p.words[i]
	if w.letters >= minBegin {
		return p.wordTerms(i)
	}
	var out []store.Term
	for _, s := range w.spellings() {
		out = append(out, store.Term{Field: text.FieldWords, Token: s})
	}
	return out
}
