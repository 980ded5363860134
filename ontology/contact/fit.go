package contact

import (
	"slices"
	"strings"
	"unicode/utf8"

	"coopgraph/ontology/search"
	"coopgraph/ontology/text"
)

// fits says whether the best hit explains a run of so many words. A single word
// that stands in several names must be a good part of one.
func fits(hits []fitted, size int) bool {
	switch {
	case len(hits) == 0 || hits[0].fit < runScore:
		return false
	case size > 1:
		return true
	case hits[0].fit < oneWordScore, hits[0].How == search.Corrected && !hits[0].whole && utf8.RuneCountInString(hits[0].Matches[0].Word) < longLetters:
		return false
	}
	return hits[0].share >= oneWordShare || len(hits) == 1 || hits[1].fit < oneWordScore
}

// fitted is a hit with how well it and the words searched cover each other.
type fitted struct {
	search.Hit
	// fit is 0.7 for the share of the words that its label holds, and 0.3 for
	// the share of the label that they cover, both weakened by the way in which
	// they do.
	fit float64
	// share is that of the label's words which the run covers.
	share float64
	// all says that every word stands in the label, whole that they are all
	// there is in it, begins that it begins with one of them.
	all, whole, begins bool
}

// wide says whether the hit explains what names, exact ones among them or not,
// already explain in part.
func (h fitted) wide(exact bool) bool {
	return h.fit >= neighbourScore || h.all && (h.whole || !exact || len(h.Matches) >= minRight) && h.fit >= mendedScore
}

// worthOf is how much a word counts that stands in a label in this way. The
// beginning of a word is one by chance where it is short, unless the word may be
// an abbreviation; an error in a long word leaves less doubt than one
// in a short word.
func worthOf(m search.Match, cut bool) float64 {
	letters := utf8.RuneCountInString(m.Word)
	switch m.How {
	case search.Stem:
		return 0.95
	case search.Prefix:
		switch {
		case cut && utf8.RuneCountInString(m.Label)-letters > maxAdded:
			return 0.95
		case letters >= minPart && 5*letters >= 3*utf8.RuneCountInString(m.Label):
			return 0.85
		}
		return 0.6
	case search.Compound:
		return 0.8
	case search.Corrected:
		if utf8.RuneCountInString(m.Label)-letters > maxAdded {
			return 0.6 // the beginning of another word
		}
		if letters < longLetters && !beginsAlike(joined(m.Word), joined(m.Label)) {
			return 0.6 // "woningen" is not Groningen
		}
		return max(0.78, min(0.95, 1-8/float64(letters*letters)))
	case search.Substring:
		return 0.6
	}
	return 1
}

// beginsAlike says whether two folded words have their first letter in common,
// or differ in nothing but their beginnings.
func beginsAlike(a, b string) bool {
	switch {
	case len(a) < 2 || len(b) < 2:
		return a == b
	case a[0] == b[0], a[1:] == b, a == b[1:], a[1:] == b[1:]:
		return true
	}
	return a[0] == b[1] && a[1] == b[0]
}

// joined is a text in folded form, without what parts words.
func joined(s string) string { return strings.Join(text.Words(s), "") }

// titleMarks part the short name with which many titles begin from what
// explains it: "CAS - Crime anticipation system".
var titleMarks = []string{" - ", " – ", " — ", ": ", " ("}

// shortTitle gives the length in bytes of the short name with which a title
// begins; that of the whole where there is none.
func shortTitle(title string) int {
	end := len(title)
	for _, mark := range titleMarks {
		if at := strings.Index(title, mark); at > 0 {
			end = min(end, at)
		}
	}
	return end
}

// fit weighs a hit for a text searched; cut are words of it that a full stop
// follows.
func fit(h search.Hit, r string, cut []string) fitted {
	out := fitted{Hit: h}
	switch {
	case h.How == search.Exact, joined(r) == joined(h.Label.Value):
		return fitted{Hit: h, fit: 1, share: 1, all: true, whole: true, begins: true}
	case h.How == search.Description:
		return out
	}
	worth, matched := 0.0, 0
	for _, m := range h.Matches {
		words := text.Analyse(m.Word, "").Words
		switch {
		case len(words) == 0 || words[0].Stop:
			continue
		case m.How == search.Compound && spelledOut(h.Matches, m.Label):
			worth += 0.95
		case m.How == search.Stem && !alike(words[0], text.Analyse(m.Label, h.Label.Language).Words):
			worth += 0.6
		default:
			worth += worthOf(m, slices.Contains(cut, m.Word))
		}
		matched++
	}
	if matched == 0 {
		return out
	}
	label, covered, short, shortCovered := 0, 0, 0, 0
	title := shortTitle(h.Label.Value)
	for _, w := range text.Analyse(h.Label.Value, h.Label.Language).Words {
		if w.Stop {
			continue
		}
		here := 0
		if slices.ContainsFunc(h.Marks, func(m search.Mark) bool { return m.Start <= w.Start && w.End <= m.End }) {
			here = 1
		}
		label++
		covered += here
		if w.End <= title {
			short++
			shortCovered += here
		}
	}
	h.Unmatched = slices.DeleteFunc(slices.Clone(h.Unmatched), func(typed string) bool {
		if !slices.Contains(cut, typed) || !contracted(joined(typed), h) {
			return false
		}
		worth += otherName
		matched++
		covered = min(label, covered+1)
		return true
	})
	out.all, out.whole = len(h.Unmatched) == 0, covered == label
	if elsewhere(h) {
		worth += otherName * float64(len(h.Unmatched))
		matched += len(h.Unmatched)
		covered = min(label, covered+len(h.Unmatched))
		h.Unmatched, out.all = nil, true
	}
	asked := worth / float64(matched+len(h.Unmatched))
	out.share = float64(covered) / float64(max(label, 1))
	if short > 0 && short == shortCovered {
		out.share = 1
	}
	out.fit = asked * (0.7 + 0.3*out.share*worth/float64(matched))
	out.begins = len(h.Marks) > 0 && h.Marks[0].Start == 0
	return out
}

// otherName is the worth of a word that stands in another name of a thing:
// "conseil nordic" has one of each of two languages.
const otherName = 0.85

// elsewhere says whether all words that the hit's label lacks stand in other
// names of the thing.
func elsewhere(h search.Hit) bool {
	encoded, _ := h.Node.Props[search.LabelsProp].(string)
	if len(h.Unmatched) == 0 || encoded == "" {
		return false
	}
	var names []text.Word
	var label text.Encoded
	for encoded != "" {
		encoded = label.Next(encoded)
		names = append(names, label.Words...)
	}
	for _, typed := range h.Unmatched {
		for _, w := range text.Analyse(typed, "").Words {
			if !slices.ContainsFunc(names, func(n text.Word) bool { return n.Folded == w.Folded || stemsAlike(n, w) }) {
				return false
			}
		}
	}
	return true
}

// contracted says whether an abbreviation leaves letters out of a word of the
// hit's label that nothing else matches: "dt." is "deutsche".
func contracted(short string, h search.Hit) bool {
	if len(short) < 2 {
		return false
	}
	return slices.ContainsFunc(text.Analyse(h.Label.Value, h.Label.Language).Words, func(w text.Word) bool {
		if w.Stop || len(w.Folded)-len(short) <= maxAdded || w.Folded[0] != short[0] ||
			slices.ContainsFunc(h.Marks, func(m search.Mark) bool { return m.Start <= w.Start && w.End <= m.End }) {
			return false
		}
		rest := w.Folded
		for i := range len(short) {
			at := strings.IndexByte(rest, short[i])
			if at < 0 {
				return false
			}
			rest = rest[at+1:]
		}
		return true
	})
}

// spelledOut says whether the words that match a label's word are it, written
// apart: "WP 6" is "WP6".
func spelledOut(matches []search.Match, label string) bool {
	var all strings.Builder
	for _, m := range matches {
		if m.Label == label {
			all.WriteString(joined(m.Word))
		}
	}
	return all.String() == joined(label)
}

// alike says whether a word is an inflection of one of others.
func alike(word text.Word, others []text.Word) bool {
	return slices.ContainsFunc(others, func(o text.Word) bool { return stemsAlike(word, o) })
}

// shortCorrection says whether a hit rests on correcting a short word: "hallo"
// is not Halle. Where that is the only fault of a whole name of several words,
// or several other words of the name are right, it is that name.
func (h fitted) shortCorrection() bool {
	short, faults, right := false, len(h.Unmatched), 0
	for _, m := range h.Matches {
		if m.How == search.Exact || m.How == search.Words || m.How == search.Stem {
			right++
		} else {
			faults++
		}
		if m.How == search.Corrected {
			letters := utf8.RuneCountInString(m.Word)
			short = short || letters < correctedLetters
			faults += max(0, minMended-letters)
		}
	}
	return short && (faults > 1 || len(h.Matches) < 2 || !h.whole && right < minRight)
}
