// Package text is the one analysis of names and descriptions: it folds and
// stems words of Dutch, French, German and English, makes the tokens that a
// store indexes, and the compact form of a node's labels that a search ranks.
// Whatever is stored and whatever is asked goes through the same functions, so
// both stores see plain tokens of letters, digits and underscores and need no
// analysis of their own.
//
// It imports nothing of this program.
package text

// Version grows with every change to the tokens, the encoded labels or the
// sort keys: what was stored under another version must be made anew.
const Version = 1

// The token fields of the index.
const (
	// FieldWords holds folded words, and nothing else.
	FieldWords = "w"
	// FieldStems holds the stems of the labels' words.
	FieldStems = "s"
	// FieldParts holds the beginnings and stems of the words of short labels,
	// marked with the label's class (see Class): "2_qu", "2_s_qualit".
	FieldParts = "t"
	// FieldAnchors holds what concerns a label as a whole: its beginnings
	// without spaces, marked with its class ("2_qualitedel"), all its words
	// ("x_qualite_de_l_eau") and its sorted stems, stop words aside
	// ("z_eau_qualit"); and the first letter of the node's id ("i_a").
	FieldAnchors = "a"
	// FieldDescription holds the stems of the descriptions.
	FieldDescription = "d"
)

// Fields gives the token fields in the order in which a store's schema lists
// them: the plain words first.
func Fields() []string {
	return []string{FieldWords, FieldStems, FieldParts, FieldAnchors, FieldDescription}
}

// Type says what a label is to its node.
type Type string

// The types of labels.
const (
	Official    Type = "OFFICIAL"
	Short       Type = "SHORT"
	Acronym     Type = "ACRONYM"
	Former      Type = "FORMER"
	Alternative Type = "ALTERNATIVE"
	Translation Type = "TRANSLATION"
)

// Label is a name of a node, or a description.
type Label struct {
	Value string
	// Language is a BCP 47 tag, or "" when it is unknown.
	Language string
	// Type is empty for a description.
	Type Type
}
