// Package evidence weighs facts as evidence that one thing leads to another:
// the strength of a relation, the age of a fact, the damping of hubs, and how
// several chains of facts add up. Its rules are those of CONTACTS.md; finding
// contacts and ranking routes both rest on it.
//
// It knows facts, not stores: it must not import an adapter, and reads nothing.
package evidence

import (
	"slices"
	"strings"

	"coopgraph/ontology"
	"coopgraph/store"
)

// The strengths of relations. Three classes are enough: finer weights gave the
// same answers on the labelled questions, one weight for all gave fewer.
const (
	Strong = 0.9
	Middle = 0.6
	Weak   = 0.3
	// Doubt is the factor of a possible identity that nobody has settled.
	Doubt = 0.5
	// Floor is the weight below which a chain is not followed, and at or below
	// which a contact counts as lacking what was asked.
	Floor = 0.05
)

// Passage is one way in which evidence passes from a thing to the next,
// towards the contact.
type Passage struct {
	Rel store.Rel
	// Dir is the direction from the nearer to the target to the nearer to the
	// contact.
	Dir store.Dir
	// To are the kinds led to; nil for any.
	To []store.Kind
	// Roles are the fact's roles that make the passage this strong; nil for any.
	Roles []string
	// Head asks that the post led to is the head of its organisation.
	Head   bool
	Weight float64
}

// Leading are the roles of a fact, in lower case as loaders write them, that make its subject responsible for the
// object: they answer to a question for the coordinator or lead.
var Leading = []string{"coordinator", "lead", "leader", "project lead", "work package lead", "principal investigator", "manager"}

// speaking are the roles that carry an event.
var speaking = []string{"chair", "opener", "speaker", "starter", "host", "organiser"}

// ChairRoles are the roles of a fact that say that its subject chairs.
var ChairRoles = []string{"chair", "independent chair", "president", "holder of the presidency"}

var (
	doers      = []store.Kind{ontology.Organisation, ontology.Person, ontology.Post, ontology.Project, ontology.Instrument, ontology.Event}
	activities = []store.Kind{ontology.Organisation, ontology.Instrument, ontology.Event}
)

// passages is the table of weights, the strongest first: of a fact, the first
// that fits counts. The trees of themes and places are not in it (see the
// tree weights below).
var passages = []Passage{
	{Rel: ontology.HasExpertise, Dir: store.In, Weight: Strong},
	{Rel: ontology.Holds, Dir: store.In, Weight: Strong},
	{Rel: ontology.Holds, Dir: store.Out, Weight: Strong},
	{Rel: ontology.Chairs, Dir: store.In, Weight: Strong},
	{Rel: ontology.Presides, Dir: store.In, Weight: Strong},
	{Rel: ontology.ProvidesSecretariat, Dir: store.In, Weight: Strong},
	{Rel: ontology.ContactPointFor, Dir: store.In, Weight: Strong},
	{Rel: ontology.Covers, Dir: store.In, Weight: Strong},
	{Rel: ontology.LocatedIn, Dir: store.In, Weight: Strong},

	{Rel: ontology.WorksOn, Dir: store.In, To: []store.Kind{ontology.Post, ontology.Project, ontology.Person}, Weight: Strong},
	{Rel: ontology.PostIn, Dir: store.In, Head: true, Weight: Strong},
	{Rel: ontology.ParticipatesIn, Dir: store.In, To: []store.Kind{ontology.Person}, Roles: Leading, Weight: Strong},

	{Rel: ontology.WorksOn, Dir: store.In, To: activities, Weight: Middle},

	{Rel: ontology.PostIn, Dir: store.In, To: doers, Weight: Middle},
	{Rel: ontology.PostIn, Dir: store.Out, To: doers, Weight: Middle},
	{Rel: ontology.MemberOf, Dir: store.In, To: doers, Weight: Middle},
	{Rel: ontology.MemberOf, Dir: store.Out, To: doers, Weight: Middle},
	{Rel: ontology.PartOf, Dir: store.In, To: doers, Weight: Middle},
	{Rel: ontology.PartOf, Dir: store.Out, To: doers, Weight: Middle},
	{Rel: ontology.CooperatesWith, Dir: store.Both, To: doers, Weight: Middle},
	{Rel: ontology.PartyTo, Dir: store.In, To: doers, Weight: Middle},
	{Rel: ontology.PartyTo, Dir: store.Out, To: doers, Weight: Middle},
	{Rel: ontology.ParticipatesIn, Dir: store.In, To: doers, Weight: Middle},
	{Rel: ontology.ParticipatesIn, Dir: store.Out, To: doers, Weight: Middle},
	{Rel: ontology.Implements, Dir: store.In, To: doers, Weight: Middle},
	{Rel: ontology.Implements, Dir: store.Out, To: doers, Weight: Middle},
	{Rel: ontology.Advises, Dir: store.In, To: doers, Weight: Middle},
	{Rel: ontology.Advises, Dir: store.Out, To: doers, Weight: Middle},
	{Rel: ontology.DeputyOf, Dir: store.In, To: doers, Weight: Middle},
	{Rel: ontology.DeputyOf, Dir: store.Out, To: doers, Weight: Middle},
	{Rel: ontology.Chairs, Dir: store.Out, To: doers, Weight: Middle},
	{Rel: ontology.Presides, Dir: store.Out, To: doers, Weight: Middle},
	{Rel: ontology.ProvidesSecretariat, Dir: store.Out, To: doers, Weight: Middle},
	{Rel: ontology.ContactPointFor, Dir: store.Out, To: doers, Weight: Middle},
	{Rel: ontology.BasedOn, Dir: store.In, To: doers, Weight: Middle},
	{Rel: ontology.PossiblySameAs, Dir: store.Both, To: doers, Weight: Doubt},

	{Rel: ontology.TookPartIn, Dir: store.In, Roles: speaking, Weight: Middle},
	{Rel: ontology.AuthorOf, Dir: store.In, Roles: append([]string{"author"}, Leading...), Weight: Middle},

	{Rel: ontology.TookPartIn, Dir: store.In, To: doers, Weight: Weak},
	{Rel: ontology.TookPartIn, Dir: store.Out, To: doers, Weight: Weak},
	{Rel: ontology.AuthorOf, Dir: store.In, To: doers, Weight: Weak},
	{Rel: ontology.AuthorOf, Dir: store.Out, To: doers, Weight: Weak},
	{Rel: ontology.NamedIn, Dir: store.Out, To: doers, Weight: Weak},
	{Rel: ontology.HeldAt, Dir: store.In, To: doers, Weight: Weak},
	{Rel: ontology.HeldAt, Dir: store.Out, To: doers, Weight: Weak},
	{Rel: ontology.BasedOn, Dir: store.Out, To: doers, Weight: Weak},
	{Rel: ontology.PrecursorOf, Dir: store.In, To: doers, Weight: Weak},
	{Rel: ontology.PrecursorOf, Dir: store.Out, To: doers, Weight: Weak},
	{Rel: ontology.LinkedTo, Dir: store.In, To: doers, Weight: Weak},
	{Rel: ontology.LinkedTo, Dir: store.Out, To: doers, Weight: Weak},
}

// The weights of the steps that open the trees around a thing asked for,
// before any walking.
const (
	// Narrower is the weight of a narrower theme, a step.
	Narrower = Strong
	// Inner is the weight of a place inside the place, a step.
	Inner = Strong
	// RelatedTheme is the weight of a related theme.
	RelatedTheme = Middle
	// Covered is the weight of a place that a partner covers; a state or
	// region and its own territory are one thing, of weight 1.
	Covered = Middle
	// Wider is the weight of a broader theme or the place around.
	Wider = Weak
	// Substance is the weight of a theme or document of a project, instrument
	// or event.
	Substance = Weak
)

// Passages lists the table of weights, the strongest first.
func Passages() []Passage { return slices.Clone(passages) }

// Weight is the strength of a fact that leads to a thing of kind `to`, itself
// the head of its organisation or not; false where evidence does not pass this
// way. dir is Out where the walk goes from the fact's subject to its object.
func Weight(rel store.Rel, dir store.Dir, role string, to store.Kind, head bool) (float64, bool) {
	for _, p := range passages {
		if p.Rel != rel || p.Dir != dir && p.Dir != store.Both {
			continue
		}
		if p.To != nil && !slices.Contains(p.To, to) || p.Head && !head || p.Roles != nil && !HasRole(p.Roles, role) {
			continue
		}
		return p.Weight, true
	}
	return 0, false
}

// HasRole says whether the role is one of the list, whatever its case.
func HasRole(roles []string, role string) bool {
	return slices.ContainsFunc(roles, func(r string) bool { return strings.EqualFold(r, role) })
}

// treeWeights are the strengths of the relations of the trees, between two
// things of one kind.
var treeWeights = map[store.Leg]float64{
	{Rel: ontology.Broader, Dir: store.In}:       Narrower,
	{Rel: ontology.Broader, Dir: store.Out}:      Wider,
	{Rel: ontology.Related, Dir: store.Out}:      RelatedTheme,
	{Rel: ontology.Related, Dir: store.In}:       RelatedTheme,
	{Rel: ontology.PartOf, Dir: store.In}:        Inner,
	{Rel: ontology.PartOf, Dir: store.Out}:       Wider,
	{Rel: ontology.Covers, Dir: store.Out}:       Covered,
	{Rel: ontology.WorksOn, Dir: store.Out}:      Middle,
	{Rel: ontology.NamedIn, Dir: store.In}:       Weak,
	{Rel: ontology.LocatedIn, Dir: store.Out}:    Middle,
	{Rel: ontology.HasExpertise, Dir: store.Out}: Strong,
}

// Either is the strength of a fact for a reader who follows it in whichever
// direction serves: the greater of the two, so that a route weighs the same
// from both ends. from and to are the kinds of its ends.
func Either(rel store.Rel, role string, from, to store.Kind) float64 {
	best := Weak
	for _, d := range []store.Dir{store.Out, store.In} {
		end := to
		if d == store.In {
			end = from
		}
		if w, ok := Weight(rel, d, role, end, false); ok && w > best {
			best = w
		}
		if w, ok := treeWeights[store.Leg{Rel: rel, Dir: d}]; ok && (from == to || rel != ontology.PartOf) && w > best {
			best = w
		}
	}
	if rel == ontology.PossiblySameAs {
		return Doubt
	}
	return best
}

// Strength is the greatest weight that the table gives the leg, 0 where
// evidence does not pass this way.
func Strength(leg store.Leg) float64 {
	best := 0.0
	for _, p := range passages {
		if p.Rel == leg.Rel && (p.Dir == leg.Dir || p.Dir == store.Both) {
			best = max(best, p.Weight)
		}
	}
	return best
}
