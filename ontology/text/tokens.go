package text

import (
	"slices"
	"strings"
)

// Class sorts labels by the number of their words, stop words aside: 1, 2, 3
// (three or four words) or 4 (more). A class is the first character of the
// tokens of FieldParts, which has no class 4, and of the beginnings in
// FieldAnchors.
type Class int

// Classes are the classes of the labels that FieldParts holds.
const Classes = 3

// ClassOf gives the class of a label's words.
func ClassOf(words []Word) Class {
	n := 0
	for _, w := range words {
		if !w.Stop {
			n++
		}
	}
	switch {
	case n <= 2:
		return Class(max(n, 1))
	case n <= 4:
		return 3
	}
	return 4
}

// marks are those of the classes.
var marks = [...]string{"0_", "1_", "2_", "3_", "4_"}

func (c Class) mark() string {
	if 0 <= c && int(c) < len(marks) {
		return marks[c]
	}
	return string(rune('0'+c)) + "_"
}

// The greatest lengths, in letters, of the beginnings that are indexed: of a
// word, and of a label without spaces.
const (
	MaxPart   = 10
	MaxAnchor = 12
)

// maxDescription is the number of words of a description that are indexed.
const maxDescription = 2000

// PartToken gives the token of FieldParts for the beginning of a folded word,
// in labels of the class.
func PartToken(c Class, folded string) string { return c.mark() + beginning(folded, MaxPart) }

// PartStemToken gives the token of FieldParts for a stem.
func PartStemToken(c Class, stem string) string { return c.mark() + "s_" + stem }

// AnchorToken gives the token of FieldAnchors for the beginning of a label,
// given as folded words without spaces.
func AnchorToken(c Class, joined string) string { return c.mark() + beginning(joined, MaxAnchor) }

// IDLetters are the tokens of FieldAnchors that part nodes by the first letter
// of their id, in the order of ids.
func IDLetters() []string {
	out := []string{"i_0"}
	for _, r := range "234567abcdefghijklmnopqrstuvwxyz" {
		out = append(out, "i_"+string(r))
	}
	return out
}

// idLetter gives the token for an id: its first character after the mark "n_",
// a digit or letter of base32, or "0" for any other.
func idLetter(id string) string {
	id = strings.TrimPrefix(id, "n_")
	if id != "" && (id[0] >= 'a' && id[0] <= 'z' || id[0] >= '2' && id[0] <= '7') {
		return "i_" + id[:1]
	}
	return "i_0"
}

// Tokens gives what a store indexes of a node: for each of Fields that is not
// empty, its distinct tokens, sorted and parted by single spaces. Tokens hold
// lower-case letters, digits and underscores only.
func Tokens(id string, labels, descriptions []Label) map[string]string {
	return ReadLabels(labels, descriptions, Read).Tokens(id)
}

// field is a place in Fields.
type field int

const (
	inWords field = iota
	inStems
	inParts
	inAnchors
	inDescription
	allFields
)

// tokenSets are the tokens of each field, in any order and repeated.
type tokenSets [allFields][]string

func (t *tokenSets) add(f field, token string) { t[f] = append(t[f], token) }

func (t *tokenSets) fields() map[string]string {
	out := make(map[string]string, allFields)
	for i, name := range Fields() {
		if len(t[i]) > 0 {
			slices.Sort(t[i])
			out[name] = strings.Join(slices.Compact(t[i]), " ")
		}
	}
	return out
}

func (t *tokenSets) addLabel(a Analysis) {
	if len(a.Words) == 0 {
		return
	}
	class := ClassOf(a.Words)
	for _, w := range a.Words {
		t.addWord(w, class)
	}
	for _, j := range joinedForms(a.Words) {
		t.addBeginnings(inAnchors, class, j, MaxAnchor)
	}
	for _, token := range a.Whole {
		t.add(inAnchors, token)
	}
	for _, token := range a.Stemmed {
		t.add(inAnchors, token)
	}
}

func (t *tokenSets) addWord(w Word, class Class) {
	t.add(inWords, w.Folded)
	if w.Wide != "" {
		t.add(inWords, w.Wide)
	}
	if w.Stop {
		return
	}
	parts := class <= Classes
	for stem := range strings.SplitSeq(w.Stems, ",") {
		t.add(inStems, stem)
		if parts {
			t.add(inParts, PartStemToken(class, stem))
		}
	}
	if parts {
		t.addBeginnings(inParts, class, w.Folded, MaxPart)
		t.addBeginnings(inParts, class, w.Wide, MaxPart)
	}
}

// addBeginnings adds the beginnings of 1 to n letters, marked with the class.
func (t *tokenSets) addBeginnings(f field, class Class, s string, n int) {
	mark := class.mark()
	marked := mark + s
	for i := range s {
		if i > 0 {
			t.add(f, marked[:len(mark)+i])
			n--
		}
		if n == 0 {
			return
		}
	}
	if s != "" {
		t.add(f, marked)
	}
}

// addDescription adds the stems of a description's first words.
func (t *tokenSets) addDescription(d Label) {
	raw := split(d.Value)
	if len(raw) > maxDescription {
		raw = raw[:maxDescription]
	}
	seen := map[string]bool{}
	for _, w := range raw {
		if seen[w.plain] || StopWord(w.folded, d.Language) {
			continue
		}
		seen[w.plain] = true
		for _, lang := range tonguesOf(d.Language) {
			t.add(inDescription, w.stem(lang, accented))
			t.add(inDescription, w.stem(lang, unaccented))
		}
	}
}

// joinedForms gives the words without spaces, folded and, where there are
// umlauts, wide.
func joinedForms(words []Word) []string {
	if len(words) == 1 && words[0].Wide == "" {
		return []string{words[0].Folded}
	}
	var folded, wide strings.Builder
	for _, w := range words {
		folded.WriteString(w.Folded)
		if w.Wide != "" {
			wide.WriteString(w.Wide)
		} else {
			wide.WriteString(w.Folded)
		}
	}
	if wide.Len() == folded.Len() {
		return []string{folded.String()}
	}
	return []string{folded.String(), wide.String()}
}

// beginning gives at most n letters of a word.
func beginning(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}
