package mapping

import (
	"fmt"
	"slices"

	"coopgraph/ontology"
)

// relations are those to places, to the parent, and of people and projects to
// organisations.
func (p *proposal) relations() {
	g := p.g
	where := "LOCATED_IN"
	if g.kind == ontology.Place {
		where = "PART_OF"
	}
	if g.kind != ontology.Person {
		if c := g.nuts; c != nil {
			p.fact(where, "{scheme: NUTS, kind: Place, from: {%s}}", "", p.from(c))
		}
		if c := g.where(); c != nil {
			p.facts = append(p.facts, "  # A place is found by its name where exactly one has it; until then the reference waits.")
			p.fact(where, "{name: {%s}, kind: Place}", "", p.from(c))
		}
		if c := g.country; c != nil {
			p.fact(where, "{scheme: ISO3166, kind: Place, from: {%s, lookup: countries}}", "", p.from(c))
		}
	}
	p.parent()
	p.members()
	p.units()
}

// where gives the column of the names of places in which the things lie: the
// narrowest, but for a municipality, which may be its own seat.
func (g *guess) where() *column {
	plain := func(c *column) bool {
		return c.value == "" && c.wordy() && !c.abbreviated() && !slices.Contains(append(g.names, g.name), c)
	}
	city, region := g.of(roleCity, plain), g.of(roleRegion, plain)
	if city == nil || g.municipal() && region != nil {
		return region
	}
	return city
}

// units are parts of the organisations that name the rows.
func (p *proposal) units() {
	c := p.g.unit()
	if c == nil {
		return
	}
	p.line("  # The part of it that the row is about, told by its name and that of the whole.")
	p.line("  - as: unit")
	p.line("    kind: Organisation")
	p.line("    when: {%s, present: true}", p.from(c))
	p.line("    identifiers:")
	p.line("      - {scheme: %s, from: {text: %s, case: fold}}", quoted(p.scheme), quoted(p.template(append(p.g.identity(), c))))
	p.line("    names:")
	p.line("      - {from: {%s}, type: OFFICIAL}", p.from(c))
	p.line("    properties:")
	p.line("      classification: {from: UNIT}")
	p.facts = append(p.facts, `  - {subject: "#unit", relation: PART_OF, object: "#self"}`)
}

func (p *proposal) fact(relation, object, more string, args ...any) {
	p.facts = append(p.facts, fmt.Sprintf("  - {subject: \"#self\", relation: %s, object: "+object+"%s}", append(append([]any{relation}, args...), more)...))
}

// parent joins things to those above them: by the list's own number where the
// column holds such, else by name.
func (p *proposal) parent() {
	g := p.g
	c := g.of(roleParent, nil)
	if c == nil || g.kind == ontology.Person {
		return
	}
	relation, split := "PART_OF", ""
	if g.kind == ontology.Theme {
		relation = "BROADER"
	}
	if c.split != "" {
		split = ", split: " + quoted(c.split)
	}
	if g.id != nil && c.share(func(s string) bool { return g.id.seen[hash(s)] }) >= 0.3 {
		p.fact(relation, "{scheme: %s, kind: %s, from: {%s%s}}", "", quoted(p.scheme), g.kind, p.from(c), split)
		return
	}
	if c.wordy() {
		p.fact(relation, "{name: {%s%s}, kind: %s}", "", p.from(c), split, g.kind)
	}
}

func (p *proposal) members() {
	g := p.g
	plain := func(c *column) bool { return c != g.name && c.wordy() && c.value == "" && !c.coded() }
	c := g.of(roleMember, plain)
	if c == nil && g.kind == ontology.Person {
		c = g.of(roleParty, plain)
	}
	if c == nil || g.kind != ontology.Person && g.kind != ontology.Project {
		return
	}
	p.line("  # The organisation beside it, known by its name alone.")
	p.line("  - as: organisation")
	p.line("    kind: Organisation")
	p.line("    names:")
	p.line("      - {from: {%s}, type: OFFICIAL}", p.from(c))
	p.line("    locator: {%s}", p.from(c))
	// A function in a chamber is none in a political group.
	party := c.role == roleParty
	var more string
	for _, d := range []struct {
		name string
		role role
	}{{"from", roleFrom}, {"to", roleTo}} {
		if c := g.of(d.role, func(c *column) bool { return c.dates != "" }); c != nil && g.kind == ontology.Person && !party {
			more += fmt.Sprintf(", %s: {%s, date: %s}", d.name, p.from(c), dates(c))
		}
	}
	if g.kind == ontology.Project {
		role := ""
		if c.names("lead", "leader", "coordinator", "coordinateur", "hoofd", "federfuhrend", "leitung", "chef") {
			role = ", role: lead"
		}
		p.facts = append(p.facts, `  - {subject: "#organisation", relation: PARTICIPATES_IN, object: "#self"`+role+"}")
		return
	}
	if f := g.of(roleFunction, nil); f != nil && !party {
		more = fmt.Sprintf(", role: {%s}", p.from(f)) + more
	}
	p.facts = append(p.facts, `  - {subject: "#self", relation: MEMBER_OF, object: "#organisation"`+more+"}")
}
