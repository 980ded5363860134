package match

import (
	"cmp"
	"slices"
	"strings"

	"coopgraph/ontology"
	"coopgraph/ontology/text"
)

// bearer is the name of a person, without titles and particles.
type bearer struct {
	given, family []text.Word
	// sure says that the source tells which is which; else the last word is
	// taken for the family name.
	sure bool
}

// bearersOf takes a person's names apart: what the properties say first.
func bearersOf(s Side) []label {
	labels := make([]label, 0, len(s.Names)+1)
	add := func(n ontology.Name, b bearer) {
		if len(b.family) == 0 {
			return
		}
		l := label{name: n, bearer: b}
		for _, w := range slices.Concat(b.given, b.family) {
			l.mixed = l.mixed || mixedScripts(w.Folded)
		}
		labels = append(labels, l)
	}
	given, family := s.text("givenName"), s.text("familyName")
	if family != "" {
		add(ontology.Name{Value: strings.TrimSpace(given + " " + family), Type: ontology.OfficialName},
			bearer{given: nameWords(given), family: nameWords(family), sure: true})
	}
	for _, n := range s.Names {
		if n.Type == ontology.Acronym {
			continue
		}
		b := bearerOf(n.Value)
		if len(labels) > 0 && b.sameWords(labels[0].bearer) {
			continue
		}
		add(n, b)
	}
	return labels
}

func bearerOf(name string) bearer {
	if family, given, ok := strings.Cut(name, ","); ok {
		f, g := nameWords(family), nameWords(given)
		if len(f) > 0 && len(g) > 0 {
			return bearer{given: g, family: f, sure: true}
		}
	}
	ws := nameWords(name)
	if len(ws) == 0 {
		return bearer{}
	}
	return bearer{given: ws[:len(ws)-1], family: ws[len(ws)-1:]}
}

// nameWords are the words of a person's name without titles and particles,
// unless it has no others.
func nameWords(name string) []text.Word {
	all := text.Analyse(name, "en").Words
	var out []text.Word
	for _, w := range all {
		if len(w.Folded) > 1 && (titles[w.Folded] || particles[w.Folded]) {
			continue
		}
		out = append(out, w)
	}
	if len(out) == 0 {
		return all
	}
	return out
}

func (b bearer) words() []text.Word { return slices.Concat(b.given, b.family) }

func (b bearer) sameWords(c bearer) bool {
	x, y := b.words(), c.words()
	if len(x) != len(y) {
		return false
	}
	byWord := func(v, w text.Word) int { return cmp.Compare(v.Folded, w.Folded) }
	slices.SortFunc(x, byWord)
	slices.SortFunc(y, byWord)
	return slices.EqualFunc(x, y, sameWord)
}

// swapped is the name with its first word taken for the family name.
func (b bearer) swapped() bearer {
	ws := b.words()
	return bearer{given: ws[1:], family: ws[:1]}
}

// orders gives the ways to read the name.
func (b bearer) orders() []bearer {
	if b.sure || len(b.given) == 0 {
		return []bearer{b}
	}
	return []bearer{b, b.swapped()}
}

func sameWord(a, b text.Word) bool {
	return a.Folded == b.Folded || a.Wide != "" && (a.Wide == b.Folded || a.Wide == b.Wide) || b.Wide != "" && b.Wide == a.Folded
}

// alikeBearers compares two names of people in every way to read them.
func alikeBearers(a, b *label) likeness {
	best := likeness{a: a, b: b}
	for i, x := range a.bearer.orders() {
		for j, y := range b.bearer.orders() {
			code := compareBearers(x, y)
			if code == SameName && i != j && !a.bearer.sure && !b.bearer.sure {
				code = NamesSwapped
			}
			if i == 1 && j == 1 && code == MiddleInitials {
				code = MoreSurnames
			}
			if code == "" {
				continue
			}
			w := weights[code]
			if code == SameName {
				w = personName
			}
			if w > best.weight {
				best.code, best.weight = code, w
			}
		}
	}
	return best
}

func compareBearers(x, y bearer) Code {
	given := compareGiven(x.given, y.given)
	if given == "" {
		return ""
	}
	switch {
	case slices.EqualFunc(x.family, y.family, sameWord):
		return given
	case given != SameName && given != MiddleInitials:
		return ""
	case contains(x.family, y.family) || contains(y.family, x.family):
		return MoreSurnames
	case len(x.family) == 1 && len(y.family) == 1 && ascii(x.family[0].Folded) && ascii(y.family[0].Folded) &&
		mistyped(x.family[0].Folded, y.family[0].Folded):
		return SurnameMisspelt
	}
	return ""
}

// contains says whether every word of part is in whole.
func contains(whole, part []text.Word) bool {
	for _, w := range part {
		if !slices.ContainsFunc(whole, func(v text.Word) bool { return sameWord(v, w) }) {
			return false
		}
	}
	return len(part) > 0
}

// compareGiven compares given names, of which initials may stand for some and
// the later ones may be missing.
func compareGiven(x, y []text.Word) Code {
	if len(x) == 0 || len(y) == 0 {
		if len(x) == len(y) {
			return SameName
		}
		return OtherGivenName
	}
	initials := false
	for i := range min(len(x), len(y)) {
		if sameWord(x[i], y[i]) {
			initials = initials || len(x[i].Folded) == 1
			continue
		}
		if !initialOf(x[i], y[i]) && !initialOf(y[i], x[i]) {
			return OtherGivenName
		}
		initials = true
	}
	switch {
	case initials && len(x[0].Folded) > 1 && len(y[0].Folded) > 1, !initials && len(x) != len(y):
		return MiddleInitials
	case initials:
		return NameAndInitials
	}
	return SameName
}

func initialOf(short, long text.Word) bool {
	return len(short.Folded) == 1 && strings.HasPrefix(long.Folded, short.Folded)
}

// person compares two people. A name alone never makes them the same.
func (s *scale) person(a, b *Side) {
	best, found := likeness{}, false
	for i := range a.labels {
		for j := range b.labels {
			l := alikeBearers(&a.labels[i], &b.labels[j])
			if l.code != "" && (!found || l.compare(best) > 0) {
				best, found = l, true
			}
		}
	}
	if !found {
		s.add(Reason{Code: NoCommonName})
		return
	}
	s.addWeighed(Reason{Code: best.code, Weight: best.weight, A: best.a.name.Value, B: best.b.name.Value})
	identified := s.identifiers(a, b)
	sited := s.website(a, b, true)
	w := comparePlaces(a.Places, b.Places)
	w.otherCountry, w.otherPlace = false, false // people move
	s.places(w, personCountry, personPlace, false)
	related := shareRelated(a, b)
	if related {
		s.addWeighed(Reason{Code: SameRelated, Weight: personRelated})
	}
	if best.code != SameName && best.code != MiddleInitials {
		s.limitTo(NamesDiffer)
	}
	if !related && !sited && !w.samePlace && !identified {
		s.limitTo(NameAlone)
	}
	if best.mixed() {
		s.limitTo(MixedScripts)
	}
}
