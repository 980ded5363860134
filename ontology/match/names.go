package match

import (
	"cmp"
	"slices"

	"coopgraph/ontology"
)

// likeness is how two names compare.
type likeness struct {
	code   Code
	weight float64
	a, b   *label
	// otherType and otherNumber say that they name bodies of different kinds,
	// or different numbers.
	otherType, otherNumber bool
	// moreTypes says that one of the names adds a kind that may be part of it.
	moreTypes bool
	// contained says that one name holds every word of the other.
	contained bool
}

// The worth of a pair of words.
const (
	equalWorth  = 1.0
	kindWorth   = 0.97 // one kind of body in two languages
	umlautWorth = 0.96 // equal but for an umlaut
	stemWorth   = 0.95
	editWorth   = 0.85
)

// bestPair gives the two names that are most alike, and in how many languages
// besides two names are equal; false where no two have anything in common.
func bestPair(a, b []label) (likeness, int, bool) {
	var best likeness
	found := false
	var equal []string
	for i := range a {
		for j := range b {
			l := alike(&a[i], &b[j])
			if l.code == "" {
				continue
			}
			if l.code == SameName && !slices.Contains(equal, sharedLanguage(l)) {
				equal = append(equal, sharedLanguage(l))
			}
			if !found || l.compare(best) > 0 {
				best, found = l, true
			}
		}
	}
	return best, max(0, len(equal)-1), found
}

func (l likeness) worth() float64 {
	w := l.weight
	if l.otherType {
		w += weights[OtherType]
	}
	if l.moreTypes {
		w += weights[MoreTypes]
	}
	if l.otherNumber {
		w += weights[OtherNumber]
	}
	return w
}

// compare orders likenesses by what they are worth, and then by everything
// else that a score depends on, so that the better is the same one from
// either side.
func (l likeness) compare(m likeness) int {
	return cmp.Or(
		cmp.Compare(l.worth(), m.worth()),
		cmp.Compare(m.legalMalus(), l.legalMalus()),
		compareBools(l.distinctive(), m.distinctive()),
		compareBools(m.local(), l.local()),
		compareBools(m.mixed(), l.mixed()),
		cmp.Compare(m.code, l.code),
		compareBools(m.a.name.Type == ontology.Acronym, l.a.name.Type == ontology.Acronym),
	)
}

func compareBools(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

func (l likeness) distinctive() bool { return l.a.distinctive && l.b.distinctive }
func (l likeness) local() bool       { return l.a.local || l.b.local }
func (l likeness) mixed() bool       { return l.a.mixed || l.b.mixed }

// single says that a name is one word, which a town or a brand may bear too.
func (l likeness) single() bool { return len(l.a.words) == 1 || len(l.b.words) == 1 }

// legalMalus is how much the legal forms take away; 0 for the same.
func (l likeness) legalMalus() float64 {
	if c := l.legalCode(); c != "" {
		return -weights[c]
	}
	return 0
}

func (l likeness) legalCode() Code {
	x, y := l.a.legal, l.b.legal
	switch {
	case x == y:
		return ""
	case x != "" && y != "":
		return OtherLegalForm
	case x+y == "foundation" || x+y == "sihtasutus":
		return OneFoundation
	}
	return NoLegalForm
}

// sharedLanguage is the language of both names, "" where they differ or one
// is unknown.
func sharedLanguage(l likeness) string {
	if x, y := base(l.a.name.Language), base(l.b.name.Language); x == y {
		return x
	}
	return ""
}

// alike compares two names of organisations, places, themes, undertakings. A
// likeness without code says that they have nothing in common.
func alike(a, b *label) likeness {
	l := likeness{a: a, b: b}
	l.code, l.weight, l.contained = compareWords(a, b)
	if l.code == "" {
		return l
	}
	l.compareTypes()
	l.otherNumber = len(a.numbers) > 0 && len(b.numbers) > 0 && !slices.Equal(a.numbers, b.numbers)
	if l.code == Misspelt && l.local() {
		l.weight = misspeltPlace
	}
	l.weaken()
	return l
}

func (l *likeness) compareTypes() {
	a, b := l.a.types, l.b.types
	if len(a) == 0 || len(b) == 0 || slices.Equal(a, b) {
		return
	}
	l.moreTypes = adds(a, b) || adds(b, a)
	l.otherType = !l.moreTypes
}

// adds says whether a holds all of b and besides it only addedTypes.
func adds(a, b []string) bool {
	for _, t := range b {
		if !slices.Contains(a, t) {
			return false
		}
	}
	for _, t := range a {
		if !slices.Contains(b, t) && !addedTypes[t] {
			return false
		}
	}
	return true
}

// weaken lowers the likeness of names that are acronyms, former or
// alternative ones.
func (l *likeness) weaken() {
	x, y := l.a.name.Type, l.b.name.Type
	whole := l.code != PartOfName && l.code != Misspelt
	switch {
	case l.a.acronym() || l.b.acronym():
		l.weight = min(l.weight, weights[SameAcronym])
		if l.code == SameName {
			l.code = SameAcronym
		} else {
			l.code, l.weight = PartOfName, l.weight/2
		}
	case x == ontology.FormerName || y == ontology.FormerName:
		if whole {
			l.code = SameFormerName
		}
		l.weight = min(l.weight, weights[SameFormerName])
	case x == ontology.AlternativeName || y == ontology.AlternativeName:
		l.weight *= alternativeShare
	}
}

// alternativeShare is what an alternative name is worth of an official one.
const alternativeShare = 0.97

// maxAcronym is the greatest length of a word of capitals that passes for an
// acronym whatever its type.
const maxAcronym = 5

// acronym says whether the name is one: by its type, or as one short word of
// capitals.
func (l *label) acronym() bool {
	if l.name.Type == ontology.Acronym {
		return true
	}
	if len(l.words) != 1 || len(l.joined) > maxAcronym {
		return false
	}
	for i := range len(l.name.Value) {
		if c := l.name.Value[i]; 'a' <= c && c <= 'z' || c >= 0x80 {
			return false
		}
	}
	return true
}

// compareWords gives the way in which two names are alike, its weight, and
// whether one name holds every word of the other.
func compareWords(a, b *label) (Code, float64, bool) {
	umlauts := a.umlauts && b.umlauts
	switch {
	case a.wide != b.wide && (umlauts || a.joined != b.joined):
	case len(a.words) == len(b.words):
		return SameName, weights[SameName], true
	default:
		return SpelledTogether, weights[SpelledTogether], true
	}
	coverA, worstA := cover(a, b, umlauts)
	coverB, worstB := cover(b, a, umlauts)
	total := share(a) + share(b)
	covered := coverA + coverB
	if covered == 0 {
		return "", 0, false
	}
	if covered < total {
		c := covered / total
		contained := coverA == share(a) || coverB == share(b)
		if !contained {
			c *= c
		}
		return PartOfName, weights[PartOfName] * c, contained
	}
	code := Misspelt
	switch worst := min(worstA, worstB); {
	case worst == equalWorth:
		code = SameWords
	case worst == umlautWorth:
		code = OtherUmlauts
	case worst >= stemWorth:
		code = Inflected
	}
	return code, weights[code], true
}

func share(l *label) float64 {
	sum := 0.0
	for i := range l.words {
		sum += l.words[i].weight
	}
	return sum
}

// cover gives the share of a's words that b has too, and the worth of the
// worst of these.
func cover(a, b *label, umlauts bool) (covered, worst float64) {
	worst = equalWorth
	for i := range a.words {
		best := 0.0
		for j := range b.words {
			best = max(best, likeWords(&a.words[i], &b.words[j], umlauts))
		}
		if best > 0 {
			covered += a.words[i].weight
			worst = min(worst, best)
		}
	}
	return covered, worst
}

// likeWords gives the worth of a pair of words, 0 for different ones. Words
// that hold letters beyond a–z after folding are of another script: only
// equal ones are alike, since letters that look alike are no typing errors.
// umlauts says that an umlaut tells words apart: Munster is not Münster.
func likeWords(a, b *word, umlauts bool) float64 {
	switch {
	case a.Folded == b.Folded && umlauts && a.kind == "" && a.Wide != b.Wide:
		return umlautWorth
	case sameWord(a.Word, b.Word):
		return equalWorth
	case a.number || b.number || !a.plain || !b.plain:
		return 0
	case a.kind != "" && a.kind == b.kind:
		return kindWorth
	case a.kind != "" || b.kind != "":
		return 0
	case a.SharesStem(b.Word):
		return stemWorth
	case mistyped(a.Folded, b.Folded):
		return editWorth
	}
	return 0
}
