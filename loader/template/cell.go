package template

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// separator parts the items of a cell.
const separator = '|'

// formula matches what a spreadsheet would take for a formula (SAFETY.md, row
// 63), and the apostrophes that keep one from being taken so.
var formula = regexp.MustCompile(`^'*[=+\-@\t\r]`)

// Guard gives the text in a form that no spreadsheet takes for a formula: with
// an apostrophe before it where it needs one.
func Guard(s string) string {
	if formula.MatchString(s) {
		return "'" + s
	}
	return s
}

// unguard takes off the apostrophe of Guard.
func unguard(s string) string {
	if rest, ok := strings.CutPrefix(s, "'"); ok && formula.MatchString(rest) {
		return rest
	}
	return s
}

// cellText is the text of a cell, as readers give it.
func cellText(v any) string {
	switch v := v.(type) {
	case string:
		return unguard(v)
	case json.Number:
		return v.String()
	case bool:
		return fmt.Sprint(v)
	}
	return ""
}

// escape gives an item of a cell: a backslash stands before a backslash, before
// a separator inside the item, and before white space at its ends, which would
// be trimmed.
func escape(s string) string {
	s = strings.NewReplacer(`\`, `\\`, string(separator), `\`+string(separator)).Replace(s)
	if first, _ := utf8.DecodeRuneInString(s); unicode.IsSpace(first) {
		s = `\` + s
	}
	if last, size := utf8.DecodeLastRuneInString(s); unicode.IsSpace(last) {
		s = s[:len(s)-size] + `\` + s[len(s)-size:]
	}
	return s
}

func escapeAll(items []string) string {
	out := make([]string, len(items))
	for i, s := range items {
		out[i] = escape(s)
	}
	return strings.Join(out, " "+string(separator)+" ")
}

// splitter takes a cell apart.
type splitter struct {
	items []string
	item  strings.Builder
	// end is the item's length without the white space that is to be trimmed.
	end int
}

func (p *splitter) add(r rune, literal bool) {
	if !literal && unicode.IsSpace(r) {
		if p.item.Len() > 0 {
			p.item.WriteRune(r)
		}
		return
	}
	p.item.WriteRune(r)
	p.end = p.item.Len()
}

func (p *splitter) close() {
	if s := p.item.String()[:p.end]; s != "" {
		p.items = append(p.items, s)
	}
	p.item.Reset()
	p.end = 0
}

// items gives the items of a cell that are not blank, trimmed. With one they
// are the whole cell.
func items(cell string, one bool) []string {
	var p splitter
	text := []rune(cell)
	for i := 0; i < len(text); i++ {
		r := text[i]
		switch {
		case r == '\\' && i+1 < len(text) && (text[i+1] == '\\' || text[i+1] == separator || unicode.IsSpace(text[i+1])):
			i++
			p.add(text[i], true)
		case r == separator && !one:
			p.close()
		default:
			p.add(r, false)
		}
	}
	p.close()
	return p.items
}

// tagged matches a text that ends in a language tag, or in a bare "@".
var tagged = regexp.MustCompile(`(?s)^(.+)@([A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*)?$`)

// withTag writes a text with its language: "text@uk". A text without one that
// looks as if it had is closed by a bare "@".
func withTag(s, language string) string {
	if language != "" {
		return s + "@" + language
	}
	if tagged.MatchString(s) {
		return s + "@"
	}
	return s
}

// splitTag is the inverse of withTag.
func splitTag(s string) (value, language string) {
	m := tagged.FindStringSubmatch(s)
	if m == nil {
		return s, ""
	}
	return m[1], m[2]
}

// fold makes words that people write differently one: "Example Value" and
// "EXAMPLE_VALUE".
func fold(s string) string {
	return strings.ToUpper(strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || slices.Contains([]rune{'_', '-'}, r)
	}), "_"))
}
