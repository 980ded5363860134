package text

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Word is a word of a label or of a question.
type Word struct {
	// Folded is the word without accents; Wide is the same with ä, ö, ü as ae,
	// oe, ue, or "" where that changes nothing.
	Folded, Wide string
	// Stems are the distinct stems, parted by commas; never empty.
	Stems string
	// Stop marks an article, preposition or conjunction. A text of nothing
	// else has no stop words.
	Stop bool
	// Start and End are byte offsets in Analysis.Value; both are 0 in a
	// decoded label.
	Start, End int
}

// SharesStem says whether two words have a stem in common.
func (w Word) SharesStem(o Word) bool {
	for rest := w.Stems; rest != ""; {
		var s string
		s, rest, _ = strings.Cut(rest, ",")
		for list := o.Stems; list != ""; {
			var t string
			t, list, _ = strings.Cut(list, ",")
			if s == t {
				return true
			}
		}
	}
	return false
}

// Analysis is a text taken apart.
type Analysis struct {
	// Value is the text in normalisation form C.
	Value string
	Words []Word
	// Whole are the tokens of FieldAnchors for all the words, in order ("x_").
	Whole []string
	// Stemmed are the tokens of FieldAnchors for the sorted stems of the words
	// that are no stop words ("z_"), one for each language and spelling.
	Stemmed []string
}

// Analyse takes a text apart in the language of the tag, or in all four where
// that is "" (a question) or another language.
func Analyse(s, lang string) Analysis { return Read(s).Analyse(lang) }

// Analyse is the function of the same name.
func (t Reading) Analyse(lang string) Analysis {
	raw := t.words
	a := Analysis{Value: t.value, Words: make([]Word, len(raw))}
	if len(raw) == 0 {
		return a
	}
	stops := 0
	for i, w := range raw {
		a.Words[i] = Word{Folded: w.folded, Wide: w.wide, Stop: StopWord(w.folded, lang), Start: w.start, End: w.end}
		if a.Words[i].Stop {
			stops++
		}
	}
	if stops == len(raw) {
		for i := range a.Words {
			a.Words[i].Stop = false
		}
	}
	a.Whole = wholeTokens(raw)
	stems := make([][]string, len(raw))
	for _, t := range tonguesOf(lang) {
		for _, f := range formsOf(raw) {
			var content []string
			for i, w := range raw {
				stem := w.stem(t, f)
				stems[i] = appendDistinct(stems[i], stem)
				if !stopWords[t][w.folded] {
					content = append(content, stem)
				}
			}
			a.Stemmed = appendStemmed(a.Stemmed, content)
		}
	}
	for i := range stems {
		a.Words[i].Stems = strings.Join(stems[i], ",")
	}
	return a
}

// wholeTokens gives the "x_" token, and a second one where there are umlauts.
func wholeTokens(raw []rawWord) []string {
	out := []string{wholeToken(raw, func(w rawWord) string { return w.folded })}
	if slices.ContainsFunc(raw, func(w rawWord) bool { return w.wide != "" }) {
		out = append(out, wholeToken(raw, rawWord.widest))
	}
	return out
}

func wholeToken(raw []rawWord, form func(rawWord) string) string {
	var b strings.Builder
	b.WriteByte('x')
	for _, w := range raw {
		b.WriteByte('_')
		b.WriteString(form(w))
	}
	return capped(b.String())
}

// appendStemmed appends the "z_" token of the stems, which it sorts.
func appendStemmed(list, stems []string) []string {
	if len(stems) == 0 {
		return list
	}
	slices.Sort(stems)
	return appendDistinct(list, capped("z_"+strings.Join(stems, "_")))
}

// maxToken is the greatest length of a whole-label token in bytes.
const maxToken = 200

// capped cuts a whole-label token to maxToken.
func capped(token string) string { return capTo(token, maxToken) }

// capTo cuts a text to at most n bytes, at the edge of a character.
func capTo(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
