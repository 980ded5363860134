package contact

import (
	"cmp"
	"slices"
	"strings"

	"coopgraph/ontology"
	"coopgraph/ontology/evidence"
	"coopgraph/store"
)

// maxReasons is the number of reasons shown for a contact.
const maxReasons = 5

// Reason is why a contact answers: a chain of facts from a thing asked for to
// the contact, or several chains of one form.
type Reason struct {
	// Weight is the weight of the (best) chain, in [0, 1].
	Weight float64
	// Facts are the chain's, in order from the target to the contact, chain
	// after chain; none for a contact that is the thing named.
	Facts []store.ID

	label  label
	thing  store.ID   // the thing next to the contact
	kind   store.Kind // and its kind
	count  int        // the number of such things
	target store.ID   // the thing asked for, "" where it is the thing itself
	note   note
	when   fact // whose dates are shown
	status ontology.Status
	itself bool
}

// label names the template of a reason.
type label struct {
	rel store.Rel
	// contactIs says which end of the fact the contact is: In where it is the
	// subject, Out where it is the object, Both for symmetric relations.
	contactIs store.Dir
	variant   variant
}

// variant tells templates of one relation apart by the fact's role.
type variant int8

const (
	general variant = iota
	leading
	publishing
	editing
	heading
	employed
)

// labelOf gives the template for a fact with this role that leads to a contact.
func labelOf(leg store.Leg, role string, head bool) label {
	l := label{rel: leg.Rel, contactIs: leg.Dir}
	if leg.Dir != store.In {
		return l
	}
	role = strings.ToLower(role)
	switch {
	case leg.Rel == ontology.PostIn && head:
		l.variant = heading
	case (leg.Rel == ontology.ParticipatesIn || leg.Rel == ontology.AuthorOf) && evidence.HasRole(evidence.Leading, role):
		l.variant = leading
	case leg.Rel == ontology.AuthorOf && strings.Contains(role, "publisher"):
		l.variant = publishing
	case leg.Rel == ontology.AuthorOf && (strings.Contains(role, "edit") || strings.Contains(role, "layout")):
		l.variant = editing
	case leg.Rel == ontology.MemberOf && strings.Contains(role, "employ"):
		l.variant = employed
	}
	return l
}

// reasons gives the reasons of a contact and the status of the best.
func (r *ranking) reasons(t *thing, findings []*finding) ([]Reason, ontology.Status) {
	var first, rest []Reason
	itself := false
	for _, f := range findings {
		if f == nil {
			continue
		}
		itself = itself || f.itself
		folded := r.fold(f.chains())
		if f.itself {
			continue
		}
		if len(folded) > 0 {
			first = append(first, folded[0])
			folded = folded[1:]
		}
		rest = append(rest, folded...)
	}
	if itself {
		first = append(first, r.named(t))
	}
	// The best reason of every facet is among those shown.
	slices.SortStableFunc(rest, byWeight)
	reasons := append(first, rest...)
	reasons = slices.Clone(reasons[:min(len(reasons), maxReasons)])
	slices.SortStableFunc(reasons, byWeight)
	if len(reasons) == 0 {
		return nil, ontology.Undated
	}
	return reasons, reasons[0].status
}

// named is the reason of the thing that the question names: for a post its
// last holder, for one who answers for a post the holding, else the name alone.
func (r *ranking) named(t *thing) Reason {
	if n, ok := r.graph.tenures[t.id]; ok {
		return Reason{
			Weight: 1, Facts: []store.ID{n.fact.ID}, label: label{rel: ontology.Holds, contactIs: n.contactIs},
			thing: n.other.id, kind: n.other.kind, count: 1, when: *n.fact, status: n.fact.status,
		}
	}
	own := Reason{Weight: 1, itself: true, thing: t.id, kind: t.kind, count: 1, status: ontology.Undated}
	if t.span.From != "" || t.span.To != "" || t.span.Planned {
		own.status = t.span.Status(r.graph.asOf)
	}
	own.when = fact{Span: t.span, status: own.status}
	return own
}

func byWeight(a, b Reason) int { return cmp.Compare(b.Weight, a.Weight) }

// fold makes one reason of the chains that have the same form.
func (r *ranking) fold(chains []*link) []Reason {
	var reasons []Reason
	at := map[string]int{}
	seen := map[store.ID]bool{}
	for _, l := range chains {
		if lacks(l.weight()) {
			continue
		}
		one := r.reason(l)
		key := r.form(l, one)
		i, ok := at[key]
		switch {
		case !ok && seen[one.thing]: // a longer way over a thing already shown
		case !ok:
			at[key] = len(reasons)
			reasons = append(reasons, one)
			seen[one.thing] = true
		case !seen[one.thing]:
			seen[one.thing] = true
			reasons[i].count++
			for _, id := range one.Facts {
				if !slices.Contains(reasons[i].Facts, id) {
					reasons[i].Facts = append(reasons[i].Facts, id)
				}
			}
		}
	}
	return reasons
}

// form is what two chains must share to be folded.
func (r *ranking) form(l *link, one Reason) string {
	var b strings.Builder
	b.WriteString(string(l.root()) + "|" + string(one.status))
	for ; l.fact != nil; l = l.prev {
		lb := labelOf(l.leg, l.fact.Role, r.graph.things[l.at].head)
		b.WriteString("|" + string(lb.rel) + string(rune('0'+lb.contactIs)) + string(rune('0'+lb.variant)) + string(r.graph.things[l.prev.at].kind))
	}
	return b.String()
}

// reason describes one chain.
func (r *ranking) reason(l *link) Reason {
	one := Reason{
		Weight: evidence.Round(l.weight()), label: labelOf(l.leg, l.fact.Role, r.graph.things[l.at].head),
		thing: l.prev.at, kind: r.graph.things[l.prev.at].kind, count: 1, note: l.note, when: *l.fact, status: l.fact.status,
	}
	if root := l.root(); root != one.thing {
		one.target = root
	}
	for _, f := range l.facts() {
		one.Facts = append(one.Facts, f.ID)
		one.status = evidence.Weaker(one.status, f.status)
		// What is over, or has not begun, is said before what is.
		if f.status == ontology.Ended && one.when.status != ontology.Ended || f.status == ontology.Planned && one.when.status != ontology.Ended && one.when.status != ontology.Planned {
			one.when = *f
		}
	}
	return one
}
