package mapping

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"coopgraph/loader/read"
	"coopgraph/ontology"
	"coopgraph/ontology/text"
)

// proposal is a mapping while it is written.
type proposal struct {
	strings.Builder
	g     *guess
	table bool
	// scheme is that of the list's own identifiers.
	scheme string
	// lookups are written at the end.
	lookups []string
	facts   []string
	// skipping is the part that passes over rows: it reads columns without
	// loading them.
	skipping string
}

func (p *proposal) line(format string, args ...any) { fmt.Fprintf(p, format+"\n", args...) }

func (p *proposal) from(c *column) string { return c.source(p.table) }

// write gives the mapping as YAML.
func (g *guess) write() []byte {
	name := listName(g.table.Name)
	p := &proposal{g: g, scheme: strings.ToUpper(name)}
	p.table = slices.Contains([]string{read.FormatTable, read.FormatCSV, read.FormatXLSX, read.FormatGenericode}, g.table.Spec.Format)
	p.line("# A mapping proposed for %s from its headers and its first %d rows. Look it through before you", strings.ReplaceAll(g.table.Name, "\n", " "), g.rows)
	p.line("# load: what is not right can be changed here. The language is described in the manual of mappings.")
	for _, s := range g.said {
		p.line("# - %s", strings.ReplaceAll(s, "\n", " "))
	}
	p.head(name)
	p.line("")
	p.line("things:")
	p.line("  - as: self")
	p.line("    kind: %s", g.kind)
	p.identifiers()
	p.names()
	p.descriptions()
	p.properties()
	p.relations()
	if len(p.facts) > 0 {
		p.line("")
		p.line("facts:")
		for _, f := range p.facts {
			p.line("%s", f)
		}
	}
	if len(p.lookups) > 0 {
		p.line("")
		p.line("lookups:")
		for _, l := range p.lookups {
			p.line("%s", l)
		}
	}
	p.leftOut()
	return []byte(p.String())
}

func (p *proposal) head(name string) {
	spec := p.g.table.Spec
	p.line("format: %s", spec.Format)
	if spec.Items != "" {
		p.line("items: %s", quoted(spec.Items))
	}
	if spec.CSV.Separator != "" || spec.CSV.Quote != "" || spec.CSV.Skip > 0 {
		p.line("csv: {separator: %s, quote: %s, skip: %d}", quoted(spec.CSV.Separator), quoted(spec.CSV.Quote), spec.CSV.Skip)
	}
	if spec.XLSX.Sheet != "" || spec.XLSX.Skip > 0 {
		p.line("xlsx: {sheet: %s, skip: %d}", quoted(spec.XLSX.Sheet), spec.XLSX.Skip)
	}
	p.line("# The list's own identifiers: two rows with different ones are two things.")
	p.line("scheme: %s", quoted(p.scheme))
	p.line("source:")
	p.line("  key: %s", quoted(name))
	p.line("  title: %s", quoted(p.g.table.Name))
	p.line("  # url, licence and publisher: say where the list is from.")
	p.line("  standing: 10")
	p.line("key: {%s}", p.key())
	p.skip()
	if p.table && p.g.name != nil {
		p.line("required: [%s]", quoted(p.g.name.name))
	}
}

// skip passes over what is no row of the table: a note below it, a heading in
// it. Such have one cell.
func (p *proposal) skip() {
	g := p.g
	if g.notes == 0 {
		return
	}
	naming := slices.DeleteFunc(append([]*column{g.name, g.given, g.family}, g.names...), func(c *column) bool { return c == nil })
	var filled []*column
	for _, c := range g.columns {
		if c.filled*2 > g.rows && !slices.Contains(naming, c) && c.name != "" && len(filled) < maxTelling {
			filled = append(filled, c)
		}
	}
	begin := p.Len()
	p.line("skip:")
	for _, columns := range [][]*column{naming, filled} {
		if len(columns) == 0 {
			continue
		}
		var empty []string
		for _, c := range columns {
			empty = append(empty, "{"+p.from(c)+", present: false}")
		}
		p.line("  - when: [%s]", strings.Join(empty, ", "))
		p.line("    message: a note or a heading, not a row")
	}
	p.skipping = p.String()[begin:]
}

// maxTelling is how many columns tell whether a row is one.
const maxTelling = 5

// key is the expression that names a row.
func (p *proposal) key() string {
	if len(p.g.key) == 1 {
		return p.from(p.g.key[0])
	}
	return "text: " + quoted(p.template(p.g.key))
}

// template joins columns; those but the first that holds names may be empty.
func (p *proposal) template(columns []*column) string {
	var parts []string
	for _, c := range columns {
		optional := "?"
		if c.filled == p.g.rows {
			optional = ""
		}
		parts = append(parts, "{"+c.name+optional+"}")
	}
	return strings.Join(parts, " ")
}

func (p *proposal) identifiers() {
	coded := len(p.g.key) == 1 && p.g.key[0].code != nil
	if coded {
		p.line("    byName: true # where the number is not one")
	}
	p.line("    identifiers:")
	for _, c := range p.g.codes {
		if c.code.person && p.g.kind != ontology.Person || !c.code.person && p.g.kind != ontology.Organisation {
			continue
		}
		fold := ""
		if c.code.compact {
			fold = ", case: compact"
		}
		split := ""
		if sep := c.separator(); sep != "" {
			split = ", split: " + quoted(sep)
		}
		p.line("      - {scheme: %s, from: {%s%s, match: %s%s}}", c.code.scheme, p.from(c), split, quoted(c.code.form.String()), fold)
		p.g.say("%q holds identifiers of the scheme %s", c.name, c.code.scheme)
	}
	switch {
	case coded:
	case p.g.id != nil && p.g.unit() == nil:
		p.line("      - {scheme: %s, from: {%s}}", quoted(p.scheme), p.from(p.g.id))
	default:
		p.line("      # No column identifies them: a name, with where it is, does.")
		p.line("      - {scheme: %s, from: {text: %s, case: fold}}", quoted(p.scheme), quoted(p.template(p.identity())))
	}
}

// identity are the columns that tell things apart, where none numbers them.
func (p *proposal) identity() []*column {
	g := p.g
	list := []*column{g.name}
	if g.name == nil {
		list = []*column{g.given, g.family}
	}
	for _, c := range []*column{g.country, g.of(roleCity, nil)} {
		if c != nil && g.kind != ontology.Person && c != g.name {
			list = append(list, c)
		}
	}
	return slices.DeleteFunc(list, func(c *column) bool { return c == nil })
}

func (p *proposal) names() {
	g := p.g
	p.line("    names:")
	if g.given != nil && g.family != nil {
		p.line("      - {from: {text: %s}, type: OFFICIAL}", quoted("{"+g.given.name+"} {"+g.family.name+"}"))
	} else if g.name != nil {
		p.name(g.name, "OFFICIAL")
	} else if c := g.family; c != nil {
		p.name(c, "OFFICIAL")
	}
	for _, c := range g.names {
		if c.language != "" {
			p.name(c, "OFFICIAL")
		} else {
			p.name(c, "ALTERNATIVE")
		}
	}
	for _, kind := range []struct {
		role role
		name string
	}{{roleAcronym, "ACRONYM"}, {roleAlias, "ALTERNATIVE"}, {roleFormer, "FORMER"}} {
		for _, c := range g.columns {
			if c.role == kind.role && c.filled > 0 && c != g.name && c.value == "" {
				p.name(c, kind.name)
			}
		}
	}
}

func (p *proposal) name(c *column, kind string) {
	split := ""
	if c.split != "" && kind != "OFFICIAL" {
		split = ", split: " + quoted(c.split)
	}
	language := ""
	if c.language != "" {
		language = ", language: " + c.language
	}
	p.line("      - {from: {%s%s}%s, type: %s}", p.from(c), split, language, kind)
}

func (p *proposal) descriptions() {
	first := true
	for _, c := range p.g.columns {
		if c.role != roleText || c.filled == 0 || c.value != "" || p.g.kind == ontology.Person || c == p.g.name {
			continue
		}
		if first {
			p.line("    descriptions:")
			first = false
		}
		language := c.language
		if language == "" {
			language = c.languageOf()
		}
		if language != "" {
			p.line("      - {from: {%s}, language: %s}", p.from(c), language)
		} else {
			p.line("      - {from: {%s}}", p.from(c))
		}
	}
}

func (p *proposal) properties() {
	g, lines := p.g, []string{}
	add := func(name, format string, args ...any) {
		if _, ok := ontology.PropertyOf(g.kind, name); ok {
			lines = append(lines, fmt.Sprintf("      %s: ", name)+fmt.Sprintf(format, args...))
		}
	}
	if c := g.website(); c != nil {
		if c.share(isURL) == 1 {
			add("website", `{from: {%s, match: '^https?://\S+$'}}`, p.from(c))
		} else {
			lines = append(lines, "      # Addresses without their beginning are completed.")
			add("website", `[{from: {%s, match: '^https?://\S+$'}}, {from: {text: %s, match: '^https://[^\s:/]+\.[^\s:]+$'}}]`, p.from(c), quoted("https://{"+c.name+"}"))
		}
	}
	if g.kind == ontology.Organisation && g.municipal() {
		add("classification", "{from: MUNICIPALITY}")
	} else if c := g.of(roleType, nil); c != nil && c.value == "" && g.kind == ontology.Organisation {
		if table := p.classifications(c); table != "" {
			add("classification", "{from: {%s, case: fold, lookup: %s}}", p.from(c), table)
		}
	}
	for _, d := range []struct {
		name string
		role role
	}{{"from", roleFrom}, {"to", roleTo}} {
		if c := g.of(d.role, g.ownDate); c != nil {
			add(d.name, "{from: {%s, date: %s}}", p.from(c), dates(c))
		}
	}
	if c := g.given; c != nil {
		add("givenName", "{from: {%s}}", p.from(c))
	}
	if c := g.family; c != nil {
		add("familyName", "{from: {%s}}", p.from(c))
	}
	for _, d := range []struct {
		name string
		role role
	}{{"latitude", roleLatitude}, {"longitude", roleLongitud}} {
		if c := g.of(d.role, func(c *column) bool { return c.value == valueNumber }); c != nil {
			add(d.name, "{from: {%s}}", p.from(c))
		}
	}
	if c := g.email(); c != nil && g.kind == ontology.Organisation {
		lines = append(lines, "      # Mailboxes of functions only (info@…): addresses of persons are protected and not loaded.")
		add("mailbox", "{from: {%s, lookup: mailboxes}}", p.from(c))
	}
	if len(lines) > 0 {
		p.line("    properties:")
		for _, l := range lines {
			p.line("%s", l)
		}
	}
}

func dates(c *column) string {
	if c.dates == isoDate {
		return isoDate
	}
	return "[" + quoted(c.dates) + ", " + isoDate + "]"
}

// likeAddress is a web address, perhaps without its beginning.
var likeAddress = regexp.MustCompile(`^(?:https?://)?[A-Za-z0-9.-]+\.[A-Za-z]{2,}(?::[0-9]+)?(?:[/?#]\S*)?$`)

func (g *guess) website() *column {
	if c := g.of(roleWebsite, func(c *column) bool { return c.share(likeAddress.MatchString) >= 0.6 }); c != nil {
		return c
	}
	for _, c := range g.columns {
		if c.value == valueURL && c.role == "" && !c.names("source", "bron", "quelle") {
			return c
		}
	}
	return nil
}

func (g *guess) email() *column {
	for _, c := range g.columns {
		if c.value == valueEmail {
			return c
		}
	}
	return nil
}

// classifications writes a lookup for the texts of a type column, and gives its
// name; "" where none of the texts is understood.
func (p *proposal) classifications(c *column) string {
	lines, known := []string{"  # What the list calls an organisation. Fill in what was not understood."}, map[string]bool{}
	understood := false
	for _, v := range c.distinct() {
		key := text.NameKey(v)
		if key == "" || known[key] || len(known) >= 60 {
			continue
		}
		known[key] = true
		if to := classificationOf(key); to != "" {
			lines, understood = append(lines, fmt.Sprintf("    %s: %s", quoted(key), to)), true
		} else {
			lines = append(lines, fmt.Sprintf("    # %s: OTHER", quoted(key)))
		}
	}
	if !understood {
		return ""
	}
	p.lookups = append(p.lookups, "  types:")
	p.lookups = append(p.lookups, lines...)
	return "types"
}

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
		return c.value == "" && c.wordy() && !slices.Contains(append(g.names, g.name), c)
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
	p.line("      - {scheme: %s, from: {text: %s, case: fold}}", quoted(p.scheme), quoted(p.template(append(p.identity(), c))))
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
	split := ""
	if c.split != "" {
		split = ", split: " + quoted(c.split)
	}
	if g.id != nil && c.share(func(s string) bool { return g.id.seen[hash(s)] }) >= 0.3 {
		p.fact("PART_OF", "{scheme: %s, kind: %s, from: {%s%s}}", "", quoted(p.scheme), g.kind, p.from(c), split)
		return
	}
	if c.wordy() {
		p.fact("PART_OF", "{name: {%s%s}, kind: %s}", "", p.from(c), split, g.kind)
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

// leftOut says which columns the mapping does not read.
func (p *proposal) leftOut() {
	body := strings.Replace(p.String(), p.skipping, "", 1)
	var unread, private []string
	for _, c := range p.g.columns {
		if strings.Contains(body, ": "+quoted(c.name)) || strings.Contains(body, "{"+c.name+"}") || strings.Contains(body, "{"+c.name+"?}") || c.name == "" {
			continue
		}
		if c.role == rolePrivate || c.role == roleEmail || c.value == valueEmail {
			private = append(private, quoted(c.name))
		} else {
			unread = append(unread, quoted(c.name))
		}
	}
	p.line("")
	if len(private) > 0 {
		p.line("# Not loaded, since they may hold personal data: %s.", strings.Join(private, ", "))
		p.g.say("left out, since they may hold personal data: %s", strings.Join(private, ", "))
	}
	if len(unread) > 0 {
		p.line("# Not used: %s.", strings.Join(unread, ", "))
		p.g.say("not used: %s", strings.Join(unread, ", "))
	}
}
