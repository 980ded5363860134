package search

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"coopgraph/store"
)

// The bounds of what a word may stand for.
const (
	// maxNear is the number of indexed words that a word is expanded to.
	maxNear = 10
	// maxLooked is the number of indexed words compared with a word.
	maxLooked = 200
	// swapped is the greatest number of letters of a word whose neighbouring
	// letters are tried the other way round: short words with such an error
	// share no trigram with the word meant.
	swapped = 6
)

// correct finds the indexed words that each word may stand for, and says
// whether there are any.
func (p *phrase) correct(ctx context.Context, r store.Reader) (bool, error) {
	p.corrected = true
	var asked []string
	for _, i := range p.planned(true) {
		w := &p.words[i]
		w.respell()
		if w.edits == 0 {
			continue
		}
		asked = append(asked, w.spellings()...)
		asked = append(asked, w.swaps()...)
	}
	for i := range p.pairs {
		if p.pairs[i].letters >= minSplit {
			asked = append(asked, p.pairs[i].spellings()...)
		}
	}
	if len(asked) == 0 {
		return false, nil
	}
	slices.Sort(asked)
	lists, err := r.Words(ctx, slices.Compact(asked), maxLooked)
	if err != nil {
		return false, fmt.Errorf("words near %d others: %w", len(asked), err)
	}
	some := false
	for _, i := range p.planned(true) {
		w := &p.words[i]
		if w.edits > 0 {
			w.near = w.nearest(lists)
			some = some || len(w.near) > 0 || w.letters >= minSplit || slices.Contains(lists[w.Wide], w.Wide)
		}
	}
	for i := range p.pairs {
		both := &p.pairs[i]
		if both.letters < minSplit {
			continue
		}
		near := both.compounds(lists)
		for _, w := range p.words[both.first : both.first+2] {
			near = slices.DeleteFunc(near, func(s string) bool { return slices.Contains(w.near, s) })
		}
		for j := both.first; j < both.first+2; j++ {
			p.words[j].near = append(p.words[j].near, near...)
		}
		some = some || len(near) > 0
	}
	return some, nil
}

// maxCompounds is the number of indexed words that a pair is expanded to.
const maxCompounds = 3

// compounds gives the nearest of the words looked up that a pair of words is,
// with typing errors in it.
func (w *pair) compounds(lists map[string][]string) []string {
	var out []string
	for _, word := range w.nearest(lists) {
		if len(out) < maxCompounds && (distance(w.Folded, word, w.edits) <= w.edits || w.Wide != "" && distance(w.Wide, word, w.edits) <= w.edits) {
			out = append(out, word)
		}
	}
	return out
}

// swaps gives the forms of a short word with two neighbouring letters swapped.
func (w *askedWord) swaps() []string {
	if w.letters > swapped {
		return nil
	}
	letters := []rune(w.Folded)
	var out []string
	for i := 1; i < len(letters); i++ {
		if letters[i-1] != letters[i] {
			letters[i-1], letters[i] = letters[i], letters[i-1]
			out = append(out, string(letters))
			letters[i-1], letters[i] = letters[i], letters[i-1]
		}
	}
	return out
}

// nearest gives the best of the words looked up for a word: those within its
// edits, then beginnings within one, then words that hold it or are held by it.
func (w *askedWord) nearest(lists map[string][]string) []string {
	type near struct {
		word string
		far  int
	}
	var all []near
	seen := map[string]bool{w.Folded: true, w.Wide: true}
	for _, asked := range append(w.spellings(), w.swaps()...) {
		for _, word := range lists[asked] {
			if seen[word] {
				continue
			}
			seen[word] = true
			if far, ok := w.farness(word); ok {
				all = append(all, near{word, far})
			}
		}
	}
	slices.SortFunc(all, func(a, b near) int { return cmp.Or(cmp.Compare(a.far, b.far), cmp.Compare(a.word, b.word)) })
	var out []string
	for _, n := range all[:min(len(all), maxNear)] {
		out = append(out, n.word)
	}
	return out
}

// farness orders the words that a word may stand for: its number of errors,
// three for a part; not ok for any other word.
func (w *askedWord) farness(word string) (far int, ok bool) {
	whole, beginning := distances(w.Folded, word, w.edits)
	if w.Wide != "" {
		whole = min(whole, distance(w.Wide, word, w.edits))
	}
	short := min(w.letters, utf8.RuneCountInString(word))
	switch {
	case whole <= w.edits:
		return whole, true
	case beginning == 1 && w.last && w.letters >= minBegunEdit:
		return 2, true
	case short >= minWithin && (strings.Contains(word, w.Folded) || strings.Contains(w.Folded, word)):
		return 3, true
	}
	return 0, false
}
