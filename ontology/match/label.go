package match

import (
	"slices"
	"strings"
	"unicode"

	"coopgraph/ontology"
	"coopgraph/ontology/text"
)

// label is a name taken apart.
type label struct {
	name ontology.Name
	// value is the name in normalisation form C.
	value string
	// words are those that tell things apart: neither stop words nor legal
	// forms. joined are the same without spaces, wide with ä, ö, ü as two
	// letters.
	words        []word
	joined, wide string
	// legal is the legal form, "" for none.
	legal string
	// types are the kinds of bodies that it names, sorted; numbers its numbers.
	types, numbers []string
	// distinctive says that a word is neither common nor the kind of a body.
	distinctive bool
	// local says that it is a kind of body of which a country has many.
	local bool
	// bearer is a person's name; words and what follows from them stay empty.
	bearer bearer
	// umlauts says that the name may be of a language in which an umlaut is a
	// letter of its own: a diaeresis of Dutch or French is often left out.
	umlauts bool
	// mixed says that a word mixes scripts, as a forged one does.
	mixed bool
}

// word is a word of a label.
type word struct {
	text.Word
	// kind is the kind of body that the word names, "" for none.
	kind string
	// number says that it is one.
	number bool
	// plain says that it holds letters a–z and digits only.
	plain bool
	// weight is its share in the name.
	weight float64
}

// The shares of words in their names.
const (
	wordShare  = 1.0
	kindShare  = 0.5
	smallShare = 0.5 // of words of one or two letters
)

// minDistinct is the number of letters from which a lone word tells a thing
// from others.
const minDistinct = 4

// minCapitals is the number of letters from which an acronym within a name
// does.
const minCapitals = 3

func labelsOf(s Side) []label {
	if s.Kind == ontology.Person {
		return bearersOf(s)
	}
	labels := make([]label, 0, len(s.Names))
	for _, n := range s.Names {
		l := labelOf(n)
		if len(l.words) > 0 {
			labels = append(labels, l)
		}
	}
	return labels
}

func labelOf(n ontology.Name) label {
	a := text.Analyse(n.Value, n.Language)
	l := label{name: n, value: a.Value, umlauts: !tremas[base(n.Language)]}
	ws := gathered(a.Words)
	for i, w := range ws {
		l.mixed = l.mixed || mixedScripts(w.Folded)
		if form, ok := legalForm(w.Folded, i, len(ws)); ok {
			l.legal = form
			continue
		}
		if stops(a.Value, w, i == len(ws)-1) {
			continue
		}
		l.appendParts(w)
	}
	if len(l.words) == 0 { // nothing but stop words and legal forms
		for _, w := range ws {
			l.appendWord(w)
		}
	}
	l.sum()
	return l
}

// gathered joins runs of single letters into a word: "e.V." is "ev".
func gathered(ws []text.Word) []text.Word {
	var out []text.Word
	for i := 0; i < len(ws); {
		j := i
		for j < len(ws) && len(ws[j].Folded) == 1 && !isDigit(ws[j].Folded[0]) {
			j++
		}
		if j-i < 2 {
			out = append(out, ws[i])
			i++
			continue
		}
		w := text.Word{Start: ws[i].Start, End: ws[j-1].End}
		for _, one := range ws[i:j] {
			w.Folded += one.Folded
		}
		w.Stems = w.Folded
		out = append(out, w)
		i = j
	}
	return out
}

func legalForm(folded string, i, n int) (string, bool) {
	form, ok := legalForms[folded]
	if !ok || n == 1 || outerForms[folded] && i > 0 && i < n-1 {
		return "", false
	}
	return form, true
}

// stops says whether a word is left out: an article, preposition or
// conjunction of any of the four languages, unless it is written as an
// acronym or stands last as a letter ("Hall A").
func stops(value string, w text.Word, last bool) bool {
	if !w.Stop && !text.StopWord(w.Folded, "") {
		return false
	}
	if len(w.Folded) == 1 && last {
		return false
	}
	return len(w.Folded) < 2 || strings.ToUpper(value[w.Start:w.End]) != value[w.Start:w.End] || strings.ToUpper(value) == value
}

// appendParts appends a word, a compound of a kind of body in its two parts:
// "Finanzministerium" as "finanz" and "ministerium".
func (l *label) appendParts(w text.Word) {
	if _, known := typeWords[w.Folded]; !known {
		for _, e := range typeEndings {
			rest, ok := strings.CutSuffix(w.Folded, e.ending)
			if !ok || len(rest) < 3 {
				continue
			}
			l.appendWord(text.Word{Folded: rest, Stems: rest + "," + strings.TrimSuffix(rest, "s"), Start: w.Start, End: w.End})
			l.appendWord(text.Word{Folded: e.word, Stems: e.word, Start: w.Start, End: w.End})
			return
		}
	}
	l.appendWord(w)
}

func (l *label) appendWord(w text.Word) {
	if digits, ok := romans[w.Folded]; ok {
		w.Folded, w.Stems, w.Wide = digits, digits, ""
	}
	x := word{Word: w, kind: typeWords[w.Folded], plain: ascii(w.Folded), weight: wordShare}
	x.number = strings.ContainsFunc(w.Folded, unicode.IsDigit)
	switch {
	case x.kind != "":
		x.weight = kindShare
	case len(w.Folded) < 3 && !x.number:
		x.weight = smallShare
	}
	l.words = append(l.words, x)
}

// sum sets what follows from the words.
func (l *label) sum() {
	var joined, wide strings.Builder
	letters := 0
	for _, w := range l.words {
		joined.WriteString(w.Folded)
		if w.Wide != "" {
			wide.WriteString(w.Wide)
		} else {
			wide.WriteString(w.Folded)
		}
		switch {
		case w.number:
			l.numbers = append(l.numbers, w.Folded)
		case w.kind != "":
			l.types = append(l.types, w.kind)
			l.local = l.local || localTypes[w.kind]
		case saints[w.Folded]:
			l.local = true
		case len(w.Folded) >= minCapitals && l.capitals(w):
			letters += minDistinct
		case !commonWords[w.Folded] && !commonWords[firstStem(w.Stems)]:
			letters += len(w.Folded)
		}
	}
	l.joined, l.wide = joined.String(), wide.String()
	l.distinctive = letters >= minDistinct
	slices.Sort(l.numbers)
	slices.Sort(l.types)
	l.types = slices.Compact(l.types)
}

// capitals says whether the word is written in capitals in a name that is not.
func (l *label) capitals(w word) bool {
	written := l.value[w.Start:w.End]
	return strings.ToUpper(written) == written && strings.ToUpper(l.value) != l.value
}

func firstStem(stems string) string {
	s, _, _ := strings.Cut(stems, ",")
	return s
}

// mixedScripts says whether a word holds Latin letters and Cyrillic or Greek
// ones.
func mixedScripts(w string) bool {
	if ascii(w) {
		return false
	}
	latin, other := false, false
	for _, r := range w {
		latin = latin || unicode.Is(unicode.Latin, r)
		other = other || unicode.In(r, unicode.Cyrillic, unicode.Greek, unicode.Armenian)
	}
	return latin && other
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

func isDigit(b byte) bool { return '0' <= b && b <= '9' }

// base is the language of a name without script or region.
func base(tag string) string {
	b, _, _ := strings.Cut(tag, "-")
	return strings.ToLower(b)
}
