package search

import (
	"cmp"
	"slices"
	"strings"

	"coopgraph/ontology/text"
)

// explain makes a hit of a candidate: it compares its label once more, with
// the places of the words in it.
func (r *ranker) explain(s scored) Hit {
	h := Hit{Node: s.node, Score: float64(s.points) / 10000, Label: s.label, How: s.how, rank: s.rank}
	label := text.Analyse(s.label.Value, s.label.Language)
	r.compare(label.Words)
	for i, c := range r.asked {
		w := &r.phrase.words[i]
		typed := r.phrase.Value[w.Start:w.End]
		if c.way == absent {
			if !w.Stop && !r.equal {
				h.Unmatched = append(h.Unmatched, typed)
			}
			continue
		}
		l := label.Words[c.other]
		h.Matches = append(h.Matches, Match{Word: typed, Label: label.Value[l.Start:l.End], How: hows[c.way]})
		h.Marks = append(h.Marks, Mark{l.Start, l.End})
	}
	for j, c := range r.named {
		if l := label.Words[j]; r.equal || c.way == compounded {
			h.Marks = append(h.Marks, Mark{l.Start, l.End})
		}
	}
	slices.SortFunc(h.Marks, func(a, b Mark) int { return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End)) })
	h.Marks = slices.Compact(h.Marks)
	return h
}

// suggestion gives the question with the words that the best hit mends, as
// that hit's label writes them; "" where it mends none. Words that are one there
// become one.
func (f *found) suggestion() string {
	best := f.order[0]
	if best.how != Corrected {
		return ""
	}
	label := text.Analyse(best.label.Value, best.label.Language)
	f.ranker.compare(label.Words)
	var b strings.Builder
	last, before := 0, -1
	for i, c := range f.ranker.asked {
		if c.way != mended {
			before = -1
			continue
		}
		w, l := &f.text.words[i], label.Words[c.other]
		if c.other != before {
			b.WriteString(f.text.Value[last:w.Start])
			b.WriteString(label.Value[l.Start:l.End])
		}
		last, before = w.End, c.other
	}
	if last == 0 { // what is mended stands in other names of the hit
		return ""
	}
	b.WriteString(f.text.Value[last:])
	return strings.TrimSpace(b.String())
}
