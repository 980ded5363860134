package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxWord is the greatest length of a word, in letters: what is longer is cut,
// in the index and in the question alike. It keeps every token below the 255
// characters at which Lucene's whitespace tokenizer splits.
const maxWord = 60

// rawWord is a word of a text before stemming.
type rawWord struct {
	// plain is the word in lower case with its accents.
	plain string
	// folded has no accents; wide has them, and ä, ö, ü as ae, oe, ue. wide is
	// "" where it would equal folded.
	folded, wide string
	// start and end are byte offsets in the normalised text.
	start, end int
}

// Fold gives the text in lower case, without accents and other marks, with ß
// as ss, æ as ae, œ as oe, ø as o, ł as l. Spaces and punctuation stay. It is
// idempotent.
func Fold(s string) string {
	var b []byte
	for _, r := range normalise(s) {
		b = appendFolded(b, r, true)
	}
	return string(b)
}

// NameKey gives the folded words of a name parted by single spaces: two names
// with one key are the same but for case, accents, punctuation and spacing.
// Legal forms and articles stay.
func NameKey(s string) string { return keyOf(split(s)) }

func keyOf(ws []rawWord) string {
	size := 0
	for _, w := range ws {
		size += len(w.folded) + 1
	}
	var b strings.Builder
	b.Grow(size)
	for i, w := range ws {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(w.folded)
	}
	return b.String()
}

// NameKeys gives the name's key and, where it has an ä, ö or ü, a second one
// with these written ae, oe, ue. It is empty for a name without letters and
// digits.
func NameKeys(s string) []string {
	ws := split(s)
	if len(ws) == 0 {
		return nil
	}
	folded, wide := make([]string, len(ws)), make([]string, len(ws))
	for i, w := range ws {
		folded[i], wide[i] = w.folded, w.widest()
	}
	keys := []string{strings.Join(folded, " ")}
	if k := strings.Join(wide, " "); k != keys[0] {
		keys = append(keys, k)
	}
	return keys
}

// Words gives the folded words of a text in order, repetitions included.
func Words(s string) []string {
	ws := split(s)
	out := make([]string, len(ws))
	for i, w := range ws {
		out[i] = w.folded
	}
	return out
}

func (w rawWord) widest() string {
	if w.wide != "" {
		return w.wide
	}
	return w.folded
}

// normalise gives the text as valid UTF-8 in normalisation form C, the form
// to which all offsets of this package refer.
func normalise(s string) string {
	if isASCII(s) {
		return s
	}
	return norm.NFC.String(strings.ToValidUTF8(s, "\uFFFD"))
}

// split cuts a text at everything that is neither a letter nor a digit. Marks
// and format characters (soft hyphens, joiners) neither split nor count.
func split(s string) []rawWord {
	if isASCII(s) {
		return splitASCII(s)
	}
	return splitAny(normalise(s))
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// splitASCII is splitAny for the texts that most lists consist of: their words
// are parts of the text in lower case.
func splitASCII(s string) []rawWord {
	s = strings.ToLower(s)
	var out []rawWord
	start := -1
	for i := range len(s) + 1 {
		if i < len(s) && ('a' <= s[i] && s[i] <= 'z' || '0' <= s[i] && s[i] <= '9') {
			if start < 0 {
				start = i
			}
			continue
		}
		if start >= 0 {
			out = append(out, rawWord{plain: s[start:i], folded: s[start:min(i, start+maxWord)], start: start, end: i})
			start = -1
		}
	}
	return out
}

// splitAny is split for a text in normalisation form C.
func splitAny(s string) []rawWord {
	var out []rawWord
	var folded, wide []byte
	letters, start := 0, -1
	flush := func(end int) {
		if start >= 0 {
			w := rawWord{folded: string(folded), start: start, end: end}
			w.plain = strings.ToLower(s[start:end])
			if string(wide) != w.folded {
				w.wide = string(wide)
			}
			out = append(out, w)
		}
		folded, wide, letters, start = folded[:0], wide[:0], 0, -1
	}
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		before := len(folded)
		folded = appendFolded(folded, r, false)
		switch {
		case len(folded) == before && !ignorable(r):
			flush(i)
		case len(folded) > before:
			// A decomposed sign can hold a separator: "½" is "1⁄2".
			if at := strings.IndexByte(string(folded[before:]), ' '); at >= 0 {
				folded = folded[:before]
				flush(i)
				for _, part := range strings.Fields(string(appendFolded(nil, r, false))) {
					out = append(out, rawWord{plain: part, folded: part, start: i, end: i + size})
				}
				break
			}
			if start < 0 {
				start = i
			}
			letters++
			if letters > maxWord {
				folded = folded[:before]
				break
			}
			wide = appendWide(wide, r, folded[before:])
		}
		i += size
	}
	flush(len(s))
	return out
}

// ignorable says that a character stands within words without being part of
// them.
func ignorable(r rune) bool {
	return r >= 0x80 && (unicode.Is(unicode.M, r) || unicode.Is(unicode.Cf, r))
}

// appendWide appends the umlauts as two letters, anything else as folded.
func appendWide(dst []byte, r rune, folded []byte) []byte {
	switch r {
	case 'ä', 'Ä':
		return append(dst, "ae"...)
	case 'ö', 'Ö':
		return append(dst, "oe"...)
	case 'ü', 'Ü':
		return append(dst, "ue"...)
	}
	return append(dst, folded...)
}

// appendFolded appends the letters and digits that a character folds to. Other
// characters are appended as they are when keep is set; else they are left
// out, or stand as a space between two letters of one decomposed character.
func appendFolded(dst []byte, r rune, keep bool) []byte {
	if r < utf8.RuneSelf {
		switch {
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9':
			return append(dst, byte(r))
		case 'A' <= r && r <= 'Z':
			return append(dst, byte(r-'A'+'a'))
		case keep:
			return append(dst, byte(r))
		}
		return dst
	}
	if ignorable(r) {
		return dst
	}
	var one [utf8.UTFMax]byte
	var many [64]byte
	n := utf8.EncodeRune(one[:], r)
	start := len(dst)
	for _, d := range string(norm.NFKD.Append(many[:0], one[:n]...)) {
		dst = appendBase(dst, d, start, keep)
	}
	if !keep && len(dst) > start && dst[len(dst)-1] == ' ' {
		dst = dst[:len(dst)-1]
	}
	return dst
}

// appendBase appends one character of a decomposition that began at start.
func appendBase(dst []byte, r rune, start int, keep bool) []byte {
	if unicode.Is(unicode.M, r) || unicode.Is(unicode.Cf, r) {
		return dst
	}
	r = unicode.ToLower(r)
	if s, ok := spelled(r); ok {
		return append(dst, s...)
	}
	switch {
	case isWordRune(r), keep:
		return utf8.AppendRune(dst, r)
	case len(dst) > start && dst[len(dst)-1] != ' ':
		return append(dst, ' ')
	}
	return dst
}

// isWordRune says whether a folded character is part of a word. The modifier
// apostrophes are letters to Unicode, and punctuation in French.
func isWordRune(r rune) bool {
	if r == 'ʼ' || r == 'ʻ' {
		return false
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}

// spelled gives the letters for those that Unicode does not decompose.
func spelled(r rune) (string, bool) {
	switch r {
	case 'ß':
		return "ss", true
	case 'æ':
		return "ae", true
	case 'œ':
		return "oe", true
	case 'ø':
		return "o", true
	case 'ł':
		return "l", true
	case 'đ', 'ð':
		return "d", true
	case 'þ':
		return "th", true
	case 'ħ':
		return "h", true
	case 'ŧ':
		return "t", true
	case 'ŋ':
		return "ng", true
	case 'ı':
		return "i", true
	}
	return "", false
}
