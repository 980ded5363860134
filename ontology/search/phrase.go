package search

import (
	"strings"
	"unicode/utf8"

	"coopgraph/ontology/text"
)

// The bounds of a question.
const (
	maxCharacters = 500
	maxWords      = 40
	// maxPlanned bounds the words that a query to the store names; all of them
	// count in the ranking.
	maxPlanned = 16
)

// phrase is a question taken apart.
type phrase struct {
	text.Analysis
	words []askedWord
	// pairs are neighbouring words written as one: a compound that was split.
	pairs []pair
	// joined is the whole question without spaces, folded and, where there are
	// umlauts, wide.
	joined []string
	// weight is the sum of the words' weights.
	weight float64
	// corrected says that the words have their near ones.
	corrected bool
}

// pair is two neighbouring words of a question as one word.
type pair struct {
	askedWord
	first int // the index of the first of them
}

// maxPairs bounds the pairs of a question.
const maxPairs = 8

// pair makes the pairs of words that are no stop words.
func (p *phrase) pair() {
	for i := 1; i < len(p.words) && len(p.pairs) < maxPairs; i++ {
		a, b := &p.words[i-1], &p.words[i]
		if a.Stop || b.Stop {
			continue
		}
		both := askedWord{letters: a.letters + b.letters, signs: a.signs | b.signs}
		both.Folded = a.Folded + b.Folded
		if a.Wide != "" || b.Wide != "" {
			both.Wide = a.widest() + b.widest()
		}
		both.edits = editsAllowed(both.letters)
		p.pairs = append(p.pairs, pair{both, i - 1})
	}
}

// askedWord is a word of a question.
type askedWord struct {
	text.Word
	stems   []string
	letters int
	signs   signs
	// weight is the word's share in the question: 1, or little for a stop word.
	weight float64
	last   bool
	// edits is the number of typing errors that may be mended.
	edits int
	// near are indexed words that the word may stand for.
	near []string
}

// The weights of stop words. One at the end of a question may be the beginning
// of another word: "an" in "port of an" is Antwerp.
const (
	stopWeight     = 0.05
	lastStopWeight = 0.25
)

// settlements are what towns are called: "ville de Tournai" is Tournai, whose
// names do not say so.
var settlements = map[string]bool{
	"gemeente": true, "gem": true, "stad": true, "stadt": true, "gemeinde": true, "commune": true, "ville": true,
	"municipality": true, "city": true, "town": true,
}

// settlementWeight is the weight of such a word, in which no error is mended:
// "ville" is not Lille.
const settlementWeight = 0.3

func newPhrase(s string) *phrase {
	p := &phrase{Analysis: text.Analyse(firstCharacters(s, maxCharacters), "")}
	if len(p.Words) > maxWords {
		p.Analysis = text.Analyse(p.Value[:p.Words[maxWords-1].End], "")
	}
	var folded, wide strings.Builder
	for i, w := range p.Words {
		a := askedWord{
			Word: w, stems: strings.Split(w.Stems, ","), letters: utf8.RuneCountInString(w.Folded), signs: signsOf(w.Folded),
			weight: 1, last: i == len(p.Words)-1,
		}
		a.edits = editsAllowed(a.letters)
		switch {
		case w.Stop && a.last:
			a.weight = lastStopWeight
		case w.Stop:
			a.weight = stopWeight
		case len(p.Words) > 1 && settlements[w.Folded]:
			a.weight, a.edits = settlementWeight, 0
		}
		p.weight += a.weight
		p.words = append(p.words, a)
		folded.WriteString(w.Folded)
		wide.WriteString(a.widest())
	}
	if folded.Len() > 0 {
		p.joined = []string{folded.String()}
	}
	if wide.Len() != folded.Len() {
		p.joined = append(p.joined, wide.String())
	}
	p.pair()
	return p
}

func (w *askedWord) widest() string {
	if w.Wide != "" {
		return w.Wide
	}
	return w.Folded
}

// respell gives a word that has no umlaut its other spelling with ij or y, which
// Dutch writes and colleagues type for one another.
func (w *askedWord) respell() {
	if w.Wide != "" || w.Stop {
		return
	}
	other := strings.ReplaceAll(w.Folded, "ij", "y")
	if other == w.Folded {
		other = strings.ReplaceAll(w.Folded, "y", "ij")
	}
	if other == w.Folded {
		return
	}
	w.Wide = other
	w.stems = append(w.stems, strings.Split(text.Analyse(other, "").Words[0].Stems, ",")...)
}

// spellings gives the folded forms of the word, one or two.
func (w *askedWord) spellings() []string {
	if w.Wide != "" {
		return []string{w.Folded, w.Wide}
	}
	return []string{w.Folded}
}

// minor says that the word is a stop word before the end: it is not asked for,
// and stands only for itself.
func (w *askedWord) minor() bool { return w.Stop && !w.last }

// planned gives the words that queries name: all but the minor ones, or none
// of the stop words.
func (p *phrase) planned(content bool) []int {
	var out []int
	for i := range p.words {
		if w := &p.words[i]; !w.minor() && (!content || !w.Stop) && len(out) < maxPlanned {
			out = append(out, i)
		}
	}
	if len(out) == 0 && content {
		return p.planned(false)
	}
	return out
}

func firstCharacters(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}
