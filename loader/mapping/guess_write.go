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

// asCSV writes how a table in text is read, "" where that is found out.
func asCSV(o read.CSV) string {
	var parts []string
	for _, part := range []struct{ name, value string }{{"separator", o.Separator}, {"quote", o.Quote}, {"header", o.Header}} {
		if part.value != "" {
			parts = append(parts, part.name+": "+quoted(part.value))
		}
	}
	if o.Skip > 0 {
		parts = append(parts, fmt.Sprintf("skip: %d", o.Skip))
	}
	return strings.Join(parts, ", ")
}

func (p *proposal) head(name string) {
	spec := p.g.table.Spec
	p.line("format: %s", spec.Format)
	if spec.Items != "" {
		p.line("items: %s", quoted(spec.Items))
	}
	if len(spec.Empty) > 0 {
		var empty []string
		for _, text := range spec.Empty {
			empty = append(empty, quoted(text))
		}
		p.line("empty: [%s]", strings.Join(empty, ", "))
	}
	if table := asCSV(spec.CSV); table != "" {
		p.line("csv: {%s}", table)
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
		if !c.code.of(p.g.kind) {
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
	for _, c := range p.g.columns {
		if c.names("uri", "iri") && c.value == valueURL && c.unique && c.filled == p.g.rows && c != p.g.id && c.code == nil {
			p.line("      - {scheme: URI, from: {%s, match: '^https?://\\S+$'}}", p.from(c))
			break
		}
	}
	switch {
	case coded:
	case p.g.id != nil && p.g.unit() == nil:
		p.line("      - {scheme: %s, from: {%s}}", quoted(p.scheme), p.from(p.g.id))
	default:
		p.line("      # No column identifies them: a name, with where it is, does.")
		p.line("      - {scheme: %s, from: {text: %s, case: fold}}", quoted(p.scheme), quoted(p.template(p.g.identity())))
	}
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
	// A language has one official name.
	official := map[string]bool{}
	if g.name != nil {
		official[g.name.language] = true
	}
	for _, c := range g.names {
		if c.language != "" && !official[c.language] {
			p.name(c, "OFFICIAL")
		} else {
			p.name(c, "ALTERNATIVE")
		}
		official[c.language] = true
	}
	for _, kind := range []struct {
		role role
		name string
	}{{roleAcronym, "ACRONYM"}, {roleAlias, "ALTERNATIVE"}, {roleFormer, "FORMER"}} {
		for _, c := range g.columns {
			if c.role != kind.role || c.filled == 0 || c == g.name || c.value != "" {
				continue
			}
			if c.role == roleAcronym && c.share(isAcronym) < 0.5 {
				p.name(c, "SHORT")
			} else {
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
	if from := p.classification(); from != "" {
		add("classification", "{from: %s}", from)
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

// website gives the column of the things' own addresses: of those that are
// whole, then of others. What few addresses stand for many names are of types
// or of parents.
func (g *guess) website() *column {
	own := func(c *column) bool { return g.name == nil || len(c.seen)*2 > min(len(g.name.seen), c.filled) }
	if c := g.of(roleWebsite, func(c *column) bool { return c.value == valueURL && own(c) }); c != nil {
		return c
	}
	if c := g.of(roleWebsite, func(c *column) bool { return c.share(likeAddress.MatchString) >= 0.6 && own(c) }); c != nil {
		return c
	}
	for _, c := range g.columns {
		if c.value == valueURL && c.role == "" && !c.names("source", "bron", "quelle") && !c.names("uri", "iri") && own(c) {
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

// classification is where what the rows' organisations are comes from: they are
// municipalities, a column says it, or the word with which all headers begin.
// "" where nothing does.
func (p *proposal) classification() string {
	g := p.g
	if g.kind != ontology.Organisation {
		return ""
	}
	if g.municipal() {
		return "MUNICIPALITY"
	}
	for _, c := range g.columns {
		if c.role != roleType || c.filled == 0 || c.value != "" {
			continue
		}
		if table := p.classifications(c); table != "" {
			return fmt.Sprintf("{%s, case: fold, lookup: %s}", p.from(c), table)
		}
	}
	return classificationOf(g.about)
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
		if to := classificationOf(text.NameKey(strings.ReplaceAll(v, "_", " "))); to != "" {
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

// leftOut says which columns the mapping does not read.
func (p *proposal) leftOut() {
	body := strings.Replace(p.String(), p.skipping, "", 1)
	var unread, private []string
	for _, c := range p.g.columns {
		if strings.Contains(body, ": "+quoted(c.name)) || strings.Contains(body, "{"+c.name+"}") || strings.Contains(body, "{"+c.name+"?}") || c.name == "" {
			continue
		}
		if c.role == rolePrivate || c.role == roleEmail || c.value == valueEmail || c.ofPerson() {
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
