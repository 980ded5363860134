package text

import "strings"

// Reading is a text whose words are found: whoever needs several of its forms
// reads it once.
type Reading struct {
	// value is the text in normalisation form C.
	value string
	words []rawWord
}

// Read finds the words of a text.
func Read(s string) Reading {
	if isASCII(s) {
		return Reading{s, splitASCII(s)}
	}
	s = normalise(s)
	return Reading{s, splitAny(s)}
}

// NameKey is the function of the same name.
func (t Reading) NameKey() string { return keyOf(t.words) }

// SortKey is the function of the same name.
func (t Reading) SortKey() string {
	key := capTo(t.NameKey(), maxSortKey)
	// Two spaces sort before the space and letters with which a longer name
	// goes on.
	return key + "  " + capTo(strings.TrimSpace(visible(t.value)), maxSortKey)
}

// Labels are a node's labels and descriptions, each analysed once.
type Labels struct {
	labels       []analysed
	descriptions []Label
}

// analysed is a label with its analysis.
type analysed struct {
	Label
	analysis Analysis
}

// ReadLabels analyses labels; read gives the reading of a label's value.
func ReadLabels(labels, descriptions []Label, read func(string) Reading) Labels {
	l := Labels{labels: make([]analysed, len(labels)), descriptions: descriptions}
	for i, label := range labels {
		l.labels[i] = analysed{label, read(label.Value).Analyse(label.Language)}
	}
	return l
}

// Tokens is the function of the same name, of the node with the id.
func (l Labels) Tokens(id string) map[string]string {
	var t tokenSets
	for _, a := range l.labels {
		t.addLabel(a.analysis)
	}
	for _, d := range l.descriptions {
		t.addDescription(d)
	}
	t.add(inAnchors, idLetter(id))
	return t.fields()
}

// Encode is the function of the same name.
func (l Labels) Encode() string {
	var b strings.Builder
	seen := map[Label]bool{}
	for _, a := range l.labels {
		label, words := a.Label, a.analysis.Words
		if label.Value = visible(a.analysis.Value); label.Value != a.analysis.Value {
			words = Analyse(label.Value, label.Language).Words
		}
		if len(words) == 0 || seen[label] {
			continue
		}
		seen[label] = true
		if b.Len() > 0 {
			b.WriteString(labelEnd)
		}
		for _, part := range [...]string{visible(label.Language), visible(string(label.Type)), label.Value} {
			b.WriteString(part)
			b.WriteString(partEnd)
		}
		for i, w := range words {
			if i > 0 {
				b.WriteByte(' ')
			}
			w.encode(&b)
		}
	}
	return b.String()
}
