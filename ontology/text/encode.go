package text

import (
	"strings"
	"unicode"
)

// The signs that part encoded labels, and the parts of one. They are no letters,
// do not occur in names, and need no escapes where a store writes JSON.
const (
	labelEnd = "\u241e" // symbol for record separator
	partEnd  = "\u241f" // symbol for unit separator
)

// Encode gives a node's labels with their analysis in one string: of each label
// the language, the type, the value and the words, parted by signs. A word is its folded form, with "-" before it for a stop word, "|" and the
// wide form after it, and "/" and the stems after that where these are not the
// folded form alone. Control characters and the signs become spaces in values. Labels without
// letters and digits are left out; so are repetitions.
func Encode(labels []Label) string { return ReadLabels(labels, nil, Read).Encode() }

func (w Word) encode(b *strings.Builder) {
	if w.Stop {
		b.WriteByte('-')
	}
	b.WriteString(w.Folded)
	if w.Wide != "" {
		b.WriteByte('|')
		b.WriteString(w.Wide)
	}
	if w.Stems != w.Folded {
		b.WriteByte('/')
		b.WriteString(w.Stems)
	}
}

// Encoded is a label read back: its words have stems but no offsets.
type Encoded struct {
	Label Label
	Words []Word
}

// Next reads the first label of an encoded string into e, and gives the rest,
// "" after the last. The strings of e are parts of the encoded one and its
// slice of words is used again by the next call, so that reading allocates
// nothing.
func (e *Encoded) Next(encoded string) (rest string) {
	line, rest, _ := strings.Cut(encoded, labelEnd)
	e.Label.Language, line, _ = strings.Cut(line, partEnd)
	typ, line, _ := strings.Cut(line, partEnd)
	e.Label.Type = Type(typ)
	e.Label.Value, line, _ = strings.Cut(line, partEnd)
	e.Words = e.Words[:0]
	for line != "" {
		var word string
		word, line, _ = strings.Cut(line, " ")
		e.Words = append(e.Words, decodeWord(word))
	}
	return rest
}

func decodeWord(s string) Word {
	var w Word
	if s != "" && s[0] == '-' {
		w.Stop = true
		s = s[1:]
	}
	s, w.Stems, _ = strings.Cut(s, "/")
	w.Folded, w.Wide, _ = strings.Cut(s, "|")
	if w.Stems == "" {
		w.Stems = w.Folded
	}
	return w
}

// Decode gives the labels of an encoded string.
func Decode(encoded string) []Label {
	var out []Label
	var e Encoded
	for encoded != "" {
		encoded = e.Next(encoded)
		out = append(out, e.Label)
	}
	return out
}

// visible gives the text normalised and with control characters and signs of Encode as spaces.
func visible(s string) string {
	if isPrintable(s) {
		return s
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u241e' || r == '\u241f' {
			return ' '
		}
		return r
	}, normalise(s))
}

// isPrintable says of a text that it is ASCII without control characters.
func isPrintable(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}
