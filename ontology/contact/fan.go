package contact

import (
	"cmp"
	"fmt"
	"slices"

	"coopgraph/ontology"
	"coopgraph/ontology/evidence"
	"coopgraph/store"
)

// thing is what the walk must know of a node: all of it is marked
// ontology.Property.Walk.
type thing struct {
	id   store.ID
	kind store.Kind
	// own marks our own house.
	own bool
	// contact says that the thing can be a contact.
	contact bool
	// head marks the post of the head of an organisation.
	head bool
	// territory marks the organisation of a state, region or municipality.
	territory bool
	languages []string
	span      ontology.Span
}

// territories are the classifications of organisations that are one with the
// place they cover.
var territories = []string{"STATE", "REGION", "COMMUNITY", "MUNICIPALITY"}

func thingOf(n store.Node, on ontology.Day) *thing {
	text := func(name string) string {
		s, _ := n.Props[name].(string)
		return s
	}
	roles, _ := n.Props["roles"].([]string)
	contactable, stated := n.Props["contactable"].(bool)
	t := &thing{id: n.ID, kind: n.Kind, own: slices.Contains(roles, "OWN_HOUSE")}
	t.head, _ = n.Props["head"].(bool)
	t.languages, _ = n.Props["languages"].([]string)
	t.span = ontology.Span{From: ontology.PartialDate(text("from")), To: ontology.PartialDate(text("to"))}
	t.span.Planned, _ = n.Props["planned"].(bool)
	switch n.Kind {
	case ontology.Organisation:
		t.territory = slices.Contains(territories, text("classification"))
		t.contact = t.span.Status(on) != ontology.Ended
	case ontology.Person, ontology.Post:
		t.contact = true
	}
	t.contact = t.contact && (contactable || !stated)
	return t
}

// fact is a relation as the walk sees it on the day.
type fact struct {
	ID              store.ID
	Relation        store.Rel
	Subject, Object store.ID
	Role            string
	ontology.Span
	// Witnessed is the latest date on which any source attests the fact.
	Witnessed ontology.PartialDate
	age       evidence.Age
	status    ontology.Status
}

func factOf(e store.Edge, on ontology.Day) (*fact, error) {
	f, err := ontology.FactOf(e)
	if err != nil {
		return nil, fmt.Errorf("fact of a walk: %w", err)
	}
	return &fact{
		ID: f.ID, Relation: f.Relation, Subject: f.Subject, Object: f.Object, Role: f.Role, Span: f.Span,
		Witnessed: f.Witnessed, age: evidence.AgeOf(f, on), status: f.Status(on),
	}, nil
}

// known is the fact as far as a walk knows it.
func (f *fact) known() ontology.Fact {
	return ontology.Fact{
		ID: f.ID, Relation: f.Relation, Subject: f.Subject, Object: f.Object, Role: f.Role, Span: f.Span, Witnessed: f.Witnessed,
	}
}

// hop is a fact that leads from a parent to another thing.
type hop struct {
	fact *fact
	// leg is the way from the thing nearer to the target to the one nearer to
	// the contact.
	leg    store.Leg
	to     *thing
	weight float64
}

// fan is what leads away from one thing: its best hops, how many neighbours it
// has on each leg, nil where they were not counted, and whether hops were left
// out. Once made it does not change: questions share it.
type fan struct {
	hops   []hop
	counts map[store.Leg]int64
	cut    bool
}

func (f *fan) setCounts(legs []store.Leg, page store.Page[store.Hop]) {
	for i, leg := range legs {
		if i < len(page.Legs) {
			f.counts[leg] = page.Legs[i]
		}
	}
}

// settle orders the hops best first, each fact once, and keeps the best: limit
// of them, or all where it is 0.
func (f *fan) settle(limit int) {
	slices.SortFunc(f.hops, func(a, b hop) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(b.fact.freshYear(), a.fact.freshYear()), cmp.Compare(a.fact.ID, b.fact.ID))
	})
	f.hops = slices.CompactFunc(f.hops, func(a, b hop) bool { return a.fact.ID == b.fact.ID })
	if limit > 0 && len(f.hops) > limit {
		f.hops, f.cut = f.hops[:limit], true
	}
}

// freshYear is the year in which the fact was last attested, "" for none.
func (f *fact) freshYear() string {
	if len(f.Witnessed) < 4 {
		return ""
	}
	return string(f.Witnessed[:4])
}
