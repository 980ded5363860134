package match

import (
	"slices"
	"strings"

	"coopgraph/ontology"
	"coopgraph/ontology/text"
)

// The first letters of keys. No folded name begins so: it has no underscore.
const (
	rootKey   = "r_"
	boneKey   = "b_"
	personKey = "p_"
)

// maxKeys is the greatest number of keys of a thing. Most have one a name.
const maxKeys = 6

// minBones is the number of letters from which a name's key is made of its
// consonants.
const minBones = 8

// Keys gives the keys under which a thing and its possible duplicates find
// each other, besides equal folded names; distinct, sorted, at most maxKeys.
//
// A name gives one key: its words without legal forms, articles and connecting
// words, cut to their roots and sorted, so that order, endings, umlauts and
// compounds do not matter ("r_"); from minBones letters on only the consonants
// of these, so that typing errors in vowels and doubled letters do not either
// ("b_"). People have family name and first initial, in both orders where the
// source does not tell which is which ("p_"). Acronyms give none: equal ones
// are found as names.
func Keys(t ontology.ThingClaim) []string {
	s := Side{Kind: t.Kind, Names: t.Names, Props: t.Props}
	if t.Kind == ontology.Person {
		return personKeys(s)
	}
	var keys []string
	for _, n := range s.Names {
		if n.Type == ontology.Acronym || len(keys) == maxKeys {
			continue
		}
		if k := nameKey(n.Value); k != "" && !slices.Contains(keys, k) {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	return keys
}

func nameKey(name string) string {
	ws := joinLetters(text.Words(name))
	roots := make([]string, 0, len(ws))
	letters := 0
	for i, w := range ws {
		if _, ok := legalForm(w, i, len(ws)); ok || text.StopWord(w, "") {
			continue
		}
		if digits, ok := romans[w]; ok {
			w = digits
		}
		// What a body is called differs from language to language.
		if kind, ok := typeWords[w]; ok {
			w = kind
		}
		r := root(w)
		letters += len(r)
		roots = append(roots, r)
	}
	if len(roots) == 0 {
		return ""
	}
	if letters < minBones {
		slices.Sort(roots)
		return rootKey + strings.Join(roots, "_")
	}
	for i, r := range roots {
		roots[i] = bones(r)
	}
	slices.Sort(roots)
	return boneKey + capped(strings.Join(roots, ""))
}

// maxKey is the greatest length of a key in bytes, without its first letters.
const maxKey = 80

func capped(s string) string {
	if len(s) <= maxKey {
		return s
	}
	return strings.ToValidUTF8(s[:maxKey], "")
}

// joinLetters joins runs of single letters, as gathered does.
func joinLetters(ws []string) []string {
	out := ws[:0]
	run := false
	for _, w := range ws {
		letter := len(w) == 1 && !isDigit(w[0])
		if letter && run {
			out[len(out)-1] += w
			continue
		}
		out = append(out, w)
		run = letter
	}
	return out
}

// endings are cut from words, the longest first: the inflections of the four
// languages that names of one thing differ in.
var endings = []string{"ern", "en", "er", "es", "em", "e", "n", "s"}

// minRoot is the least number of letters that a root keeps.
const minRoot = 4

// root cuts a folded word to what its forms in any of the four languages
// share: umlauts as one letter, no doubled letters, no ending.
func root(w string) string {
	if !ascii(w) {
		return w
	}
	b := make([]byte, 0, len(w))
	for i := range len(w) {
		c := w[i]
		if n := len(b); n > 0 && (c == b[n-1] && !isDigit(c) || c == 'e' && (b[n-1] == 'a' || b[n-1] == 'o' || b[n-1] == 'u')) {
			continue
		}
		b = append(b, c)
	}
	r := string(b)
	for _, e := range endings {
		if rest, ok := strings.CutSuffix(r, e); ok && len(rest) >= minRoot {
			return rest
		}
	}
	return r
}

// bones keeps a root's first letter, its consonants, as they sound, and its
// digits; letters of other scripts stay.
func bones(r string) string {
	if !ascii(r) {
		return r
	}
	b := make([]byte, 0, len(r))
	for i := range len(r) {
		c := sound(r[i])
		if i > 0 && strings.IndexByte("aeiouyh", c) >= 0 {
			continue
		}
		if n := len(b); n > 0 && b[n-1] == c && !isDigit(c) {
			continue
		}
		b = append(b, c)
	}
	return string(b)
}

// sound gives one letter for those that the four languages exchange.
func sound(c byte) byte {
	switch c {
	case 'c', 'q':
		return 'k'
	case 'z':
		return 's'
	case 'v':
		return 'f'
	}
	return c
}

func personKeys(s Side) []string {
	var keys []string
	for _, l := range bearersOf(s) {
		for _, b := range l.bearer.orders() {
			k := bearerKey(b)
			if len(keys) < maxKeys && !slices.Contains(keys, k) {
				keys = append(keys, k)
			}
		}
	}
	slices.Sort(keys)
	return keys
}

func bearerKey(b bearer) string {
	var k strings.Builder
	k.WriteString(personKey)
	for _, w := range b.family {
		k.WriteString(root(w.Folded))
	}
	k.WriteByte('_')
	for _, r := range first(b.given) {
		k.WriteRune(r)
		break
	}
	return k.String()
}

func first(given []text.Word) string {
	if len(given) == 0 {
		return ""
	}
	return given[0].Folded
}
