package contact

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"coopgraph/ontology"
	"coopgraph/ontology/search"
	"coopgraph/ontology/text"
)

// span is a run of words that is the whole name of things.
type span struct {
	start, end int
	// text is what is looked up.
	text    string
	matches []search.SpanMatch
	exact   bool
	// exactOnly says that no other match counts: the span is the whole question,
	// and begins or ends with a word that no other does: "TU/e".
	exactOnly bool
	// nation says that the word is the adjective of the country looked up.
	nation bool
	// size is the number of words explained.
	size int
}

// spans lists the runs of words that may be a name, each with the text to look
// up.
func (u *understanding) spans() []span {
	var spans []span
	whole := false
	for start := range u.words {
		for end := start + 1; end <= min(start+maxSpan, len(u.words)); end++ {
			if u.mayName(start, end) {
				spans = append(spans, u.lookups(start, end)...)
				whole = whole || end-start == len(u.words)
			}
		}
	}
	if n := len(u.words); n > 0 && n <= maxSpan && !whole {
		spans = append(spans, span{end: n, text: u.written(0, n), exactOnly: true})
	}
	return spans
}

// mayName says whether the words from start up to end may be a name.
func (u *understanding) mayName(start, end int) bool {
	if !u.words[start].plain || !u.words[end-1].plain || end == start+1 && u.words[start].letter && len(u.words) > 1 {
		return false
	}
	return !u.all(start, end, func(t token) bool { return t.asking || !t.plain })
}

// lookups gives the texts by which a run of words may be found.
func (u *understanding) lookups(start, end int) (spans []span) {
	// Before the word itself, which may be the stem of a body's name.
	if country := u.countryBy(start); country != "" && end == start+1 {
		spans = append(spans, span{start: start, end: end, text: country, nation: true})
	}
	spans = append(spans, span{start: start, end: end, text: u.written(start, end)})
	if short := u.unshortened(start, end); short != "" {
		spans = append(spans, span{start: start, end: end, text: short})
	}
	return spans
}

// names looks all spans up in one search and takes the cover that explains
// most words.
func (u *understanding) names(ctx context.Context) error {
	spans := u.spans()
	if len(spans) == 0 {
		return nil
	}
	texts := make([]string, len(spans))
	for i, s := range spans {
		texts[i] = s.text
	}
	answers, err := search.Spans(ctx, u.reader, texts, nil, u.question.Language)
	if err != nil {
		return err
	}
	var named []span
	for i, s := range spans {
		if s.matches = u.fitting(s, answers[i].Matches); len(s.matches) > 0 {
			s.exact = s.matches[0].How == search.Exact && !s.nation
			s.size = s.end - s.start
			named = append(named, s)
		}
	}
	for _, s := range cover(named, len(u.words), func(i int) bool { return u.words[i].role != nil }) {
		how := Exact
		if !s.exact {
			how = Stem
		}
		u.understand(s.start, s.end, how, s.matches)
	}
	return nil
}

func (u *understanding) all(start, end int, is func(token) bool) bool {
	for _, t := range u.words[start:end] {
		if !is(t) {
			return false
		}
	}
	return true
}

// fitting gives the exact matches of a span, or else the stemmed ones. Words
// that ask for something or name a role must be part of an exact name, and a
// role alone or with an event is no thing: a term of office does not say who
// holds it.
func (u *understanding) fitting(s span, matches []search.SpanMatch) []search.SpanMatch {
	special := s.exactOnly || s.end-s.start == 1 && u.saysNothing(s.start) ||
		!u.all(s.start, s.end, func(t token) bool { return !t.asking && t.role == nil })
	roleToo := !u.all(s.start, s.end, func(t token) bool { return t.role == nil })
	onlyRole := u.all(s.start, s.end, func(t token) bool { return t.role != nil || !t.plain })
	var exact, stemmed []search.SpanMatch
	for _, m := range matches {
		switch {
		case s.nation && (m.How != search.Exact || m.Node.Kind != ontology.Place && m.Node.Kind != ontology.Organisation):
		case roleToo && m.Node.Kind == ontology.Event, onlyRole && m.Node.Kind != ontology.Post:
		case m.How == search.Stem && !u.inflected(s, m.Label):
		case m.How == search.Exact:
			exact = append(exact, m)
		case !special:
			stemmed = append(stemmed, m)
		}
	}
	if len(exact) > 0 {
		return exact
	}
	return stemmed
}

// inflected says whether a label of one word is an inflection of a span of one:
// acronyms are not inflected, and of short words the stems agree by chance.
func (u *understanding) inflected(s span, label text.Label) bool {
	words := text.Analyse(label.Value, label.Language).Words
	return label.Type != text.Acronym && (s.end-s.start > 1 ||
		slices.ContainsFunc(words, func(w text.Word) bool { return stemsAlike(w, u.words[s.start].Word) }))
}

// stemsAlike says whether two words have one stem and begin alike.
func stemsAlike(a, b text.Word) bool {
	if !a.SharesStem(b) {
		return false
	}
	n := 0
	for n < min(len(a.Folded), len(b.Folded)) && a.Folded[n] == b.Folded[n] {
		n++
	}
	return n >= minStem || a.Folded == b.Folded
}

// cover chooses the spans that do not overlap and explain most words, of equal
// ones exact before stemmed, then longer before shorter. A role's word explains
// itself.
func cover(spans []span, size int, isRole func(int) bool) []span {
	type state struct {
		words, exact, spans int
		taken               []span
	}
	less := func(a, b state) bool {
		return cmp.Or(cmp.Compare(a.words, b.words), cmp.Compare(a.exact, b.exact), cmp.Compare(b.spans, a.spans)) < 0
	}
	best := make([]state, size+1)
	for end := 1; end <= size; end++ {
		best[end] = best[end-1]
		if isRole(end - 1) {
			best[end].words++
			best[end].exact++
			best[end].spans++
		}
		for _, s := range spans {
			if s.end != end {
				continue
			}
			n := best[s.start]
			n.words += s.size
			n.spans++
			if s.exact {
				n.exact += s.size
			}
			if less(best[end], n) {
				n.taken = append(slices.Clone(n.taken), s)
				best[end] = n
			}
		}
	}
	return best[size].taken
}

// unshortened gives the words from start up to end without the letters and
// abbreviations between the first and the last: "Hafen v. Rotterdam" is a name
// that has no "v"; "" where there are none.
func (u *understanding) unshortened(start, end int) string {
	if end-start < 3 || u.all(start+1, end-1, func(t token) bool { return !t.letter }) {
		return ""
	}
	var kept []string
	for i := start; i < end; i++ {
		if i == start || i == end-1 || !u.words[i].letter {
			kept = append(kept, u.written(i, i+1))
		}
	}
	return strings.Join(kept, " ")
}
