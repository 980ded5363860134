package mapping

import (
	"fmt"
	"slices"
	"strings"

	"coopgraph/ontology"
)

// decideKey finds the columns that tell rows apart: an id, else a register's
// number, else the name with what parts namesakes.
func (g *guess) decideKey() {
	parent := g.of(roleParent, nil)
	counted := func(c *column) bool {
		return c.counts() && (parent == nil || parent.share(func(s string) bool { return c.seen[hash(s)] }) < 0.3)
	}
	whole := func(c *column) bool { return c.unique && c.filled == g.rows && c.value != valueDate && !counted(c) }
	if g.id = g.of(roleID, whole); g.id != nil {
		g.key = []*column{g.id}
		g.say("the column %q names a row: its values are all different", g.id.name)
		return
	}
	for _, c := range g.codes {
		if whole(c) {
			g.key = []*column{c}
			g.say("the column %q (%s) names a row", c.name, c.code.scheme)
			return
		}
	}
	id := g.of(roleID, func(c *column) bool { return c.filled == g.rows && !counted(c) })
	if id == nil {
		id = g.numbering()
	}
	if id != nil {
		// A few mistakes of the list do not keep its numbers from being such.
		if twice := g.twice([]*column{id}); twice*100 <= g.rows {
			g.id, g.key = id, []*column{id}
			g.say("the column %q names a row; rows with a value that an earlier row has will be rejected: %d", id.name, twice)
			return
		}
	}
	if id != nil && !g.tells(id) {
		g.say("the column %q holds no numbers of the list's own: rows of one value have several names", id.name)
		id = nil
	}
	candidates := []*column{id}
	var key []*column
	if g.name != nil {
		candidates = append(candidates, g.name)
	} else if g.family != nil && g.given != nil {
		key = []*column{g.given, g.family}
	} else {
		candidates = append(candidates, g.family, g.given)
	}
	candidates = append(candidates, g.unit(), g.country, g.of(roleCity, nil), g.of(roleRegion, nil), g.website(), g.of(roleMember, nil), g.of(roleFrom, nil))
	for _, c := range g.columns {
		if c.role == rolePrivate && c.names("postcode", "plz", "zip", "cp", "postal", "post") {
			candidates = append(candidates, c)
		}
	}
	rest := g.rows
	if len(key) > 0 {
		rest = g.twice(key)
	}
	for _, c := range candidates {
		if c == nil || slices.Contains(key, c) || rest == 0 && len(key) > 0 {
			continue
		}
		if twice := g.twice(append(slices.Clone(key), c)); len(key) == 0 || twice < rest {
			key, rest = append(key, c), twice
		}
	}
	g.key = key
	var names []string
	for _, c := range key {
		names = append(names, quoted(c.name))
	}
	g.say("no column alone names a row: its key is made of %s", strings.Join(names, ", "))
	if rest > 0 {
		g.say("%d rows have a key that another row has: these will be rejected, unless you add a column to the key", rest)
	}
	// The list's own number of a thing, where rows repeat it.
	if id != nil && slices.Contains(key, id) {
		g.id = id
	}
}

// tells says whether the column numbers what the rows are about: rows of one
// number have one name, but for mistakes.
func (g *guess) tells(id *column) bool {
	names := slices.DeleteFunc([]*column{g.name, g.given, g.family}, func(c *column) bool { return c == nil })
	return (g.twice([]*column{id})-g.twice(append(names, id)))*100 <= g.rows
}

// numbering gives the column of codes with the most different values, where
// these are nearly as many as rows. Telephone numbers, years and figures change
// with the next edition.
func (g *guess) numbering() *column {
	var best *column
	fleeting := []role{rolePrivate, roleEmail, roleFrom, roleTo, roleDate, roleFigure, roleText}
	for _, c := range g.columns {
		if c.filled == g.rows && c.coded() && c.value == "" && !slices.Contains(fleeting, c.role) && len(c.seen)*10 > 9*g.rows && (best == nil || len(c.seen) > len(best.seen)) {
			best = c
		}
	}
	return best
}

// twice is the number of rows whose texts in the columns an earlier row has.
func (g *guess) twice(columns []*column) int {
	seen, twice := map[string]bool{}, 0
	for _, cells := range g.cells {
		var b strings.Builder
		for _, c := range columns {
			fmt.Fprintf(&b, "%x/", cells[c.name])
		}
		if seen[b.String()] {
			twice++
		}
		seen[b.String()] = true
	}
	return twice
}

// identity are the columns that tell things apart, where none numbers them: the
// name, where they lie, and what else keeps namesakes apart in the key.
func (g *guess) identity() []*column {
	list := []*column{g.name}
	if g.name == nil {
		list = []*column{g.given, g.family}
	}
	if g.kind == ontology.Person {
		return slices.DeleteFunc(list, func(c *column) bool { return c == nil })
	}
	list = append(list, g.country, g.of(roleCity, nil))
	for _, c := range []*column{g.of(roleRegion, nil), g.website()} {
		if slices.Contains(g.key, c) {
			list = append(list, c)
		}
	}
	var once []*column
	for _, c := range list {
		if c != nil && !slices.Contains(once, c) {
			once = append(once, c)
		}
	}
	return once
}
