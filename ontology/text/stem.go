package text

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/dutch"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/french"
	"github.com/blevesearch/snowballstem/german"
)

// tongue is one of the four languages of the analysis.
type tongue int

const (
	nl tongue = iota
	fr
	de
	en
	tongues
)

// stem cuts a lower-case word to its stem.
func (t tongue) stem(word string) string {
	env := snowballstem.NewEnv(word)
	switch t {
	case nl:
		dutch.Stem(env)
	case fr:
		french.Stem(env)
	case de:
		german.Stem(env)
	default:
		english.Stem(env)
	}
	return env.Current()
}

// everyTongue is all four.
var everyTongue = [tongues]tongue{nl, fr, de, en}

// tonguesOf gives the languages in which a text with this tag is analysed: its
// own, or all four where the language is unknown or another one.
func tonguesOf(tag string) []tongue {
	base, _, _ := strings.Cut(strings.ToLower(tag), "-")
	switch base {
	case "nl":
		return everyTongue[nl:fr]
	case "fr":
		return everyTongue[fr:de]
	case "de":
		return everyTongue[de:en]
	case "en":
		return everyTongue[en:]
	}
	return everyTongue[:]
}

// Stems gives the distinct folded stems of a word: of the word with its
// accents, without them, and with its umlauts as two letters, in the language
// of the tag, or in all four where that is "" or another language.
func Stems(word, lang string) []string {
	var out []string
	for _, w := range split(word) {
		for _, t := range tonguesOf(lang) {
			for _, f := range formsOf([]rawWord{w}) {
				out = appendDistinct(out, w.stem(t, f))
			}
		}
	}
	return out
}

// form is a way of writing a word before it is stemmed.
type form int

const (
	accented form = iota
	unaccented
	widened
)

// formsOf gives the forms in which these words differ.
func formsOf(ws []rawWord) []form {
	out := []form{accented}
	if slices.ContainsFunc(ws, func(w rawWord) bool { return w.plain != w.folded }) {
		out = append(out, unaccented)
	}
	if slices.ContainsFunc(ws, func(w rawWord) bool { return w.wide != "" }) {
		out = append(out, widened)
	}
	return out
}

func (w rawWord) stem(t tongue, f form) string {
	word := w.plain
	switch f {
	case unaccented:
		word = w.folded
	case widened:
		word = w.widest()
	}
	if utf8.RuneCountInString(word) > maxWord {
		word = w.folded
	}
	stem := t.stem(word)
	if isFolded(stem) {
		return stem
	}
	var b []byte
	for _, r := range stem {
		b = appendFolded(b, r, false)
	}
	if len(b) == 0 {
		return w.folded
	}
	return strings.ReplaceAll(string(b), " ", "")
}

func appendDistinct(list []string, s string) []string {
	for _, have := range list {
		if have == s {
			return list
		}
	}
	return append(list, s)
}

// isFolded says whether a word consists of what folding leaves as it is: ASCII
// small letters and digits.
func isFolded(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			return false
		}
	}
	return s != ""
}
