package search

import (
	"math"
	"math/bits"
	"strings"
	"unicode/utf8"

	"coopgraph/ontology/text"
)

// way is how one word stands in a label, the surest first.
type way uint8

const (
	same way = iota
	stemmed
	begun
	compounded
	within
	mended
	absent
)

// hows are the names of the ways.
var hows = [...]How{same: Words, stemmed: Stem, begun: Prefix, compounded: Compound, within: Substring, mended: Corrected}

// The worth of a word that stands in a label in each way. A beginning is worth
// more the more of the word it is, and so is a part.
const (
	stemWorth     = 0.95
	beginWorth    = 0.70
	compoundWorth = 0.80
	withinWorth   = 0.55
	shareWorth    = 0.20
	oneEditWorth  = 0.78
	oneEditShort  = 0.76 // fewer than 6 letters
	twoEditsWorth = 0.66
	begunEdit     = 0.60
)

const (
	longWord     = 6 // letters from which an error is more surely one
	minWithin    = 4 // letters of a part
	minBegunEdit = 5 // letters of a mistyped beginning
	maxLink      = 2 // letters that join the parts of a compound: "s", "en"
)

// matcher compares a question with labels. It is not safe for concurrent use:
// its tables are used again for each label.
type matcher struct {
	phrase *phrase
	// mend allows typing errors.
	mend bool

	signs  []signs // of each word of the label
	asked  []cell  // for each word of the question, its best word of the label
	named  []cell  // for each word of the label, its best word of the question
	starts bool
	equal  bool
}

// cell is the best match of a word: its worth, its way, and the index of the
// other word.
type cell struct {
	worth float64
	way   way
	other int
}

func (c *cell) raise(worth float64, w way, other int) {
	if worth > c.worth {
		*c = cell{worth, w, other}
	}
}

// compare fills the tables for a label.
func (m *matcher) compare(label []text.Word) {
	m.asked = blank(m.asked, len(m.phrase.words))
	m.named = blank(m.named, len(label))
	m.signs = m.signs[:0]
	for j := range label {
		m.signs = append(m.signs, signsOf(label[j].Folded))
	}
	for i := range m.phrase.words {
		for j := range label {
			worth, w := m.similarity(&m.phrase.words[i], &label[j], m.signs[j])
			if w != same && m.phrase.words[i].minor() {
				continue
			}
			m.asked[i].raise(worth, w, j)
			m.named[j].raise(worth, w, i)
		}
	}
	m.compounds(label)
	m.apart(label)
	if m.mend {
		m.mendedPairs(label)
	}
	m.starts, m.equal = false, false
	for _, joined := range m.phrase.joined {
		starts, equal := beginsWith(label, joined)
		m.starts, m.equal = m.starts || starts, m.equal || equal
	}
}

func blank(cells []cell, n int) []cell {
	cells = cells[:0]
	for range n {
		cells = append(cells, cell{way: absent, other: -1})
	}
	return cells
}

// signs is a set of letters: of a to z each, and of all others together. It
// tells at a glance most pairs of words that have nothing in common.
type signs uint32

func signsOf(word string) signs {
	var s signs
	for i := range len(word) {
		if c := word[i]; 'a' <= c && c <= 'z' {
			s |= 1 << (c - 'a')
		} else {
			s |= 1 << 26
		}
	}
	return s
}

// lacks counts the letters of a word that another does not have.
func (s signs) lacks(o signs) int { return bits.OnesCount32(uint32(s &^ o)) }

// similarity compares two words. Words that are the same, share a stem or
// begin one another have their first letter in common.
func (m *matcher) similarity(q *askedWord, l *text.Word, letters signs) (float64, way) {
	if q.Folded[0] == l.Folded[0] || q.Wide != "" && q.Wide[0] == l.Folded[0] {
		if worth, w := opening(q, l); w != absent {
			return worth, w
		}
	}
	if elided(q.Folded, l.Folded) || elided(l.Folded, q.Folded) {
		return stemWorth, stemmed
	}
	best, w := 0.0, absent
	if q.letters < minWithin || len(l.Folded) < minWithin || q.Stop || l.Stop {
		return best, w
	}
	more, less := q.signs.lacks(letters), letters.lacks(q.signs)
	if more == 0 || less == 0 {
		if best = partWorth(q, l); best > 0 {
			w = within
		}
	}
	// The letters of an umlaut may stand on one side only.
	if m.mend && q.edits > 0 && (more <= q.edits || l.Wide != "" || q.Wide != "") {
		if worth := mendWorth(q, l); worth > best {
			best, w = worth, mended
		}
	}
	return best, w
}

// minElided is the least number of letters of a word to which an article was
// joined.
const minElided = 3

// elided says whether a word is another with an elided article or preposition
// before it and no apostrophe: "leau".
func elided(long, word string) bool {
	return len(word) >= minElided && len(long) == len(word)+1 && (long[0] == 'l' || long[0] == 'd') &&
		strings.IndexByte("aehiouy", word[0]) >= 0 && long[1:] == word
}

// opening compares two words with one first letter.
func opening(q *askedWord, l *text.Word) (float64, way) {
	if q.Folded == l.Folded || q.Wide != "" && q.Wide == l.Wide || q.Folded == l.Wide || q.Wide == l.Folded {
		return 1, same
	}
	if sharesStem(q.stems, l.Stems) {
		return stemWorth, stemmed
	}
	best, w := 0.0, absent
	if l.Stop && !q.last { // only a word at the end may be an unfinished article
		return best, w
	}
	for _, s := range [2]string{l.Folded, l.Wide} {
		if strings.HasPrefix(s, q.Folded) || q.Wide != "" && strings.HasPrefix(s, q.Wide) {
			best, w = beginWorth+shareWorth*share(q.letters, s), begun
		}
	}
	return best, w
}

func sharesStem(stems []string, list string) bool {
	for {
		stem, rest, more := strings.Cut(list, ",")
		for _, s := range stems {
			if s == stem {
				return true
			}
		}
		if !more {
			return false
		}
		list = rest
	}
}

// share is the part of a word that so many letters are.
func share(letters int, of string) float64 {
	return min(1, float64(letters)/float64(utf8.RuneCountInString(of)))
}

// partWorth is the worth of a word that is a part of the other.
func partWorth(q *askedWord, l *text.Word) float64 {
	switch {
	case len(l.Folded) > len(q.Folded):
		if strings.Contains(l.Folded, q.Folded) {
			return withinWorth + shareWorth*share(q.letters, l.Folded)
		}
	case strings.Contains(q.Folded, l.Folded):
		return withinWorth + shareWorth*share(utf8.RuneCountInString(l.Folded), q.Folded)
	}
	return 0
}

// mendWorth is the worth of a word that is the other with typing errors. The
// last word of a question may be the beginning of a word, with one error.
func mendWorth(q *askedWord, l *text.Word) float64 {
	if !q.last && len(l.Folded) > len(q.Folded)+utf8.UTFMax*q.edits || len(q.Folded) > len(l.Folded)+utf8.UTFMax*q.edits {
		return 0
	}
	whole, beginning := distances(q.Folded, l.Folded, q.edits)
	if l.Wide != "" {
		w, b := distances(q.Folded, l.Wide, q.edits)
		whole, beginning = min(whole, w), min(beginning, b)
	}
	switch {
	case whole == 1 && q.letters < longWord:
		return oneEditShort
	case whole <= 1:
		return oneEditWorth
	case whole == 2 && q.edits == 2:
		return twoEditsWorth
	case beginning == 1 && q.last && q.letters >= minBegunEdit:
		return begunEdit + shareWorth/2*share(q.letters, l.Folded)
	}
	return 0
}

// compounds finds words of one side that are two words of the other.
func (m *matcher) compounds(label []text.Word) {
	words := m.phrase.words
	for j := range label {
		whole := label[j].Folded
		if label[j].Stop || len(words) < 2 {
			continue
		}
		for a := range words {
			if words[a].letters < 2 || !strings.HasPrefix(whole, words[a].Folded) {
				continue
			}
			for b := range words {
				if a != b && joins(whole, words[a].Folded, words[b].Folded) {
					m.asked[a].raise(compoundWorth, compounded, j)
					m.asked[b].raise(compoundWorth, compounded, j)
					m.named[j].raise(compoundWorth, compounded, a)
				}
			}
		}
	}
	for i := range words {
		if words[i].Stop || len(label) < 2 {
			continue
		}
		m.splitCompound(i, label)
	}
}

// splitCompound finds the two words of a label that a word of the question is.
func (m *matcher) splitCompound(i int, label []text.Word) {
	q := &m.phrase.words[i]
	for a := range label {
		head := headOf(q.Folded, &label[a])
		if head == "" {
			continue
		}
		rest := q.Folded[len(head):]
		for b := range label {
			if a == b || label[b].Stop {
				continue
			}
			// The last word of a question may be unfinished.
			unfinished := q.last && b > a && len(rest) >= 2 && strings.HasPrefix(label[b].Folded, rest)
			if unfinished || joins(q.Folded, head, label[b].Folded) {
				m.asked[i].raise(compoundWorth, compounded, a)
				m.named[a].raise(compoundWorth, compounded, i)
				m.named[b].raise(compoundWorth, compounded, i)
			}
		}
	}
}

// spacedWorth is the worth of a word that is several words of the other side in
// their order, with nothing left over: "VA" in "V-A".
const spacedWorth = 0.95

// apart finds words of one side that are written as several neighbouring words
// of the other. Stop words count: "VI-A" has one.
func (m *matcher) apart(label []text.Word) {
	words := m.phrase.words
	for i := range words {
		for a := range label {
			if n := spell(words[i].Folded, len(label)-a, func(k int) string { return label[a+k].Folded }); n > 1 {
				m.asked[i].raise(spacedWorth, compounded, a)
				for j := a; j < a+n; j++ {
					m.named[j].raise(spacedWorth, compounded, i)
				}
			}
		}
	}
	for j := range label {
		for a := range words {
			if n := spell(label[j].Folded, len(words)-a, func(k int) string { return words[a+k].Folded }); n > 1 {
				m.named[j].raise(spacedWorth, compounded, a)
				for i := a; i < a+n; i++ {
					m.asked[i].raise(spacedWorth, compounded, j)
				}
			}
		}
	}
}

// mendedPairs finds the words of a label that are two neighbouring words of the
// question with typing errors in them.
func (m *matcher) mendedPairs(label []text.Word) {
	for i := range m.phrase.pairs {
		both := &m.phrase.pairs[i]
		for j := range label {
			l := &label[j]
			if l.Stop || both.Folded[0] != l.Folded[0] || both.signs.lacks(m.signs[j]) > both.edits && l.Wide == "" && both.Wide == "" {
				continue
			}
			if worth := mendWorth(&both.askedWord, l); worth > 0 {
				m.asked[both.first].raise(worth, mended, j)
				m.asked[both.first+1].raise(worth, mended, j)
				m.named[j].raise(worth, mended, both.first)
			}
		}
	}
}

// spell gives the number of the first of n parts that together are the word;
// 0 where they are not.
func spell(word string, n int, part func(int) string) int {
	for k := range n {
		rest, ok := strings.CutPrefix(word, part(k))
		switch {
		case !ok:
			return 0
		case rest == "":
			return k + 1
		}
		word = rest
	}
	return 0
}

// minHead is the least number of letters of a compound's first part.
const minHead = 3

// headOf gives the beginning of a compound that is a word of a label, or the
// word's stem; "" where neither is.
func headOf(compound string, l *text.Word) string {
	if l.Stop || len(l.Folded) < 2 || compound[0] != l.Folded[0] {
		return ""
	}
	if strings.HasPrefix(compound, l.Folded) {
		return l.Folded
	}
	for rest, more := l.Stems, true; more; {
		var stem string
		stem, rest, more = strings.Cut(rest, ",")
		if len(stem) >= minHead && strings.HasPrefix(compound, stem) {
			return stem
		}
	}
	return ""
}

// joins says whether a word is two others, perhaps with linking letters.
func joins(whole, head, tail string) bool {
	link := len(whole) - len(head) - len(tail)
	return link >= 0 && link <= maxLink && len(tail) >= 2 &&
		strings.HasPrefix(whole, head) && strings.HasSuffix(whole, tail)
}

// beginsWith says whether a label begins with a text, and whether it is it,
// both without spaces.
func beginsWith(label []text.Word, joined string) (starts, equal bool) {
	for i := range label {
		if joined == "" {
			return true, false
		}
		l := &label[i]
		switch {
		case l.Wide != "" && strings.HasPrefix(joined, l.Wide):
			joined = joined[len(l.Wide):]
		case strings.HasPrefix(joined, l.Folded):
			joined = joined[len(l.Folded):]
		default:
			return strings.HasPrefix(l.Folded, joined) || strings.HasPrefix(l.Wide, joined), false
		}
	}
	return joined == "", joined == ""
}

// points are a score in ten thousandths, which is as fine as hits are told
// apart.
func points(score float64) int { return int(math.Round(score * 10000)) }
