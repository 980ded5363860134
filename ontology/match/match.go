// Package match says how likely it is that two claims are about one thing, and
// why, and under which keys such claims find each other. Identifiers are
// compared first, by whoever asks; what is left is names and what stands
// around them: places, websites, classifications, dates, related things.
//
// Everything is computed from its arguments: no store, no clock, no
// randomness. Score is symmetric.
package match

import (
	"coopgraph/ontology"
	"coopgraph/store"
)

// Side is what is known of one of two things. SideOf and SideOfClaim make it;
// whoever can read the graph adds Places and Related.
type Side struct {
	Kind        store.Kind
	Names       []ontology.Name
	Identifiers []ontology.Identifier
	// Props are the plain properties; of interest are classification, website,
	// from, to, date, placeType, scheme, givenName and familyName.
	Props ontology.Values
	// Places are the places and countries that the thing is in, part of or
	// covers, the most exact first, then those around it: each as an id
	// followed by its identifier keys ("GEONAMES:2747891", "NUTS:BE211"), or as
	// a key alone. A country is known by its two-letter ISO3166 key; what has
	// none passes for a place within one.
	Places []string
	// Related are the things that it belongs to: parents, organisations of a
	// person, organisers.
	Related []store.ID

	labels []label
}

// SideOf gives what a thing itself says.
func SideOf(t ontology.Thing) Side {
	return Side{Kind: t.Kind, Names: t.Names, Identifiers: t.Identifiers, Props: ontology.Values(t.Props)}.Prepared()
}

// SideOfClaim gives what a claim itself says.
func SideOfClaim(c ontology.ThingClaim) Side {
	return Side{Kind: c.Kind, Names: c.Names, Identifiers: c.Identifiers, Props: c.Props}.Prepared()
}

// Prepared gives the side with its names taken apart, which Score otherwise
// does each time. It must be called again when Kind, Names or Props change.
func (s Side) Prepared() Side {
	s.labels = labelsOf(s)
	return s
}

// Marks are the scores from which two things count as the same, and as
// possible duplicates for a person to settle.
type Marks struct{ Same, Possible float64 }

// DefaultMarks are the marks for which the weights are made.
var DefaultMarks = Marks{Same: 0.85, Possible: 0.55}

// Reason is one part of a verdict.
type Reason struct {
	Code Code
	// Weight is what the reason adds to the score; for a limit (see Code) it
	// is the score that the limit allows.
	Weight float64
	// A and B are the texts compared, "" where there are none.
	A, B string
	// Language is the base language of names that are compared, "" if unknown.
	Language string
}

// Verdict is how likely two things are the same.
type Verdict struct {
	// Score lies between 0, different, and 1, the same.
	Score float64
	// Reasons lead to the score: the names' first, then evidence, then limits.
	Reasons []Reason
	// Veto says that something rules it out that they are the same; Score is 0.
	Veto bool
}

// Score compares two things. It is symmetric: with the sides exchanged, only
// A and B of the reasons are.
func Score(a, b Side) Verdict {
	if a.Kind != b.Kind {
		return vetoed(Reason{Code: OtherKind, A: string(a.Kind), B: string(b.Kind)})
	}
	if a.labels == nil {
		a = a.Prepared()
	}
	if b.labels == nil {
		b = b.Prepared()
	}
	if r, conflict := identifierConflict(a.Identifiers, b.Identifiers); conflict {
		return vetoed(r)
	}
	s := scale{limit: 1}
	switch a.Kind {
	case ontology.Person:
		s.person(&a, &b)
	case ontology.Place:
		s.place(&a, &b)
	case ontology.Theme:
		s.theme(&a, &b)
	case ontology.Organisation:
		s.organisation(&a, &b)
	default:
		s.undertaking(&a, &b)
	}
	return s.verdict()
}

// scale sums reasons.
type scale struct {
	sum, limit float64
	veto       bool
	reasons    []Reason
}

func vetoed(r Reason) Verdict { return Verdict{Reasons: []Reason{r}, Veto: true} }

// add counts a reason with the weight of its code.
func (s *scale) add(r Reason) {
	r.Weight = weights[r.Code]
	s.addWeighed(r)
}

func (s *scale) addWeighed(r Reason) {
	s.sum += r.Weight
	s.reasons = append(s.reasons, r)
}

// limitTo keeps the score at or below the code's weight.
func (s *scale) limitTo(c Code) {
	w := weights[c]
	s.limit = min(s.limit, w)
	s.reasons = append(s.reasons, Reason{Code: c, Weight: w})
}

// forbid rules it out that the two are the same.
func (s *scale) forbid(r Reason) {
	s.veto = true
	s.reasons = append(s.reasons, r)
}

func (s *scale) verdict() Verdict {
	if s.veto {
		return Verdict{Reasons: s.reasons, Veto: true}
	}
	return Verdict{Score: max(0, min(s.sum, s.limit, 1)), Reasons: s.reasons}
}
