package mapping

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"maps"
	"slices"
	"strings"

	"coopgraph/loader/read"
	"coopgraph/loader/rows"
	"coopgraph/ontology"
	"coopgraph/store"
)

// Table is a list that no mapping is known for.
type Table struct {
	// Name is the file's name.
	Name string
	// Spec is how the file is read.
	Spec read.Spec
	// Columns are the columns in their order, nil where that is not known.
	Columns []string
	Rows    rows.Reader
}

// Guess proposes a mapping for a table from its headers and from the values of
// its first rows: as YAML with comments, for its user to edit, and as an
// explanation, a line a decision. It fails with store.ErrInvalid where nothing
// in the table names things.
func Guess(ctx context.Context, t Table) (text []byte, explanation []string, err error) {
	g := &guess{table: t, byName: map[string]*column{}}
	if err := g.look(ctx); err != nil {
		return nil, nil, err
	}
	return g.propose()
}

// propose decides and writes.
func (g *guess) propose() (text []byte, explanation []string, err error) {
	g.decide()
	if g.bad > 0 {
		g.say("%d rows could not be read", g.bad)
	}
	if g.table.Spec.CSV.Quote == "none" {
		g.say("quotes in the table enclose nothing: they are taken for text")
	}
	if g.name == nil && g.given == nil && g.family == nil {
		return nil, nil, fmt.Errorf("%w: none of the columns %s holds names", store.ErrInvalid, strings.Join(g.columnNames(), ", "))
	}
	out := g.write()
	if _, err := Parse("guess.yaml", out); err != nil {
		return nil, nil, fmt.Errorf("the proposed mapping: %w", err)
	}
	return out, g.said, nil
}

// GuessFile is Guess for a file that was looked through. A table in text whose
// quotes make no sense is read without.
func GuessFile(ctx context.Context, in *read.Input, spec read.Spec) (text []byte, explanation []string, err error) {
	specs := []read.Spec{spec}
	if spec.Format == read.FormatCSV {
		spec.CSV.Quote = "none"
		specs = append(specs, spec)
	}
	var best *guess
	for _, spec := range specs {
		g, err := lookAt(ctx, in, spec)
		if err != nil {
			return nil, nil, err
		}
		if best == nil || g.bad < best.bad {
			best = g
		}
		if best.bad == 0 {
			break
		}
	}
	return best.propose()
}

func lookAt(ctx context.Context, in *read.Input, spec read.Spec) (g *guess, err error) {
	r, closer, err := in.Open(spec, nil, nil)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, closer.Close()) }()
	t := Table{Name: in.Name(), Spec: spec, Rows: r}
	if named, ok := r.(interface{ Columns() []string }); ok {
		t.Columns = named.Columns()
	}
	g = &guess{table: t, byName: map[string]*column{}}
	return g, g.look(ctx)
}

// guess is what is found out of a table.
type guess struct {
	table Table
	// rows were looked at, bad ones could not be read, notes were none.
	rows, bad, notes int
	columns          []*column
	byName           map[string]*column
	// cells are the texts of the rows looked at, by column, to find a key.
	cells []map[string]uint64

	kind store.Kind
	// key are the columns that name a row.
	key      []*column
	id, name *column
	given    *column
	family   *column
	codes    []*column
	country  *column
	nuts     *column
	names    []*column
	said     []string
}

func (g *guess) say(format string, args ...any) {
	g.said = append(g.said, fmt.Sprintf(format, args...))
}

func hash(s string) uint64 {
	h := fnv.New64a()
	// Write of a hash never fails.
	_, _ = h.Write([]byte(s))
	return h.Sum64()
}

// look reads the rows that are looked at.
func (g *guess) look(ctx context.Context) error {
	for _, name := range g.table.Columns {
		g.column(name)
	}
	var single []map[string][]string
	for g.rows+len(single) < guessedRows {
		row, err := g.table.Rows.Next(ctx)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if row.Err != nil {
			g.bad++
			continue
		}
		if blank(row.Fields) {
			continue
		}
		if cells := cellsOf(row.Fields); g.lonely(cells) {
			single = append(single, cells)
		} else {
			g.see(cells)
		}
	}
	// A few rows of one cell are notes and headings; many are the list's own.
	if g.notes = len(single); g.notes > max(maxNotes, g.rows/10) || g.notes > g.rows {
		g.notes = 0
		for _, cells := range single {
			g.see(cells)
		}
	}
	g.namesByLanguage()
	for _, c := range g.columns {
		c.role = roleOf(c.words)
		c.understand()
		if c.value == "" || c.value == valueURL {
			c.split = c.separator()
		}
	}
	g.houseNumbers()
	return nil
}

// maxNotes is how many notes a short table may have.
const maxNotes = 5

// lonely says whether a record of a wide table has but one cell.
func (g *guess) lonely(cells map[string][]string) bool {
	filled := 0
	for _, values := range cells {
		if slices.ContainsFunc(values, func(v string) bool { return strings.TrimSpace(v) != "" }) {
			filled++
		}
	}
	return filled == 1 && len(g.table.Columns) >= 4
}

// see takes a row into account.
func (g *guess) see(cells map[string][]string) {
	g.rows++
	hashes := map[string]uint64{}
	for _, name := range slices.Sorted(maps.Keys(cells)) {
		c := g.column(name)
		for _, cell := range cells[name] {
			c.add(cell)
		}
		if len(cells[name]) > 0 {
			hashes[name] = hash(strings.TrimSpace(cells[name][0]))
		}
	}
	g.cells = append(g.cells, hashes)
}

func (g *guess) column(name string) *column {
	c, ok := g.byName[name]
	if !ok {
		c = newColumn(name)
		g.columns = append(g.columns, c)
		g.byName[name] = c
	}
	return c
}

func (g *guess) columnNames() []string {
	var names []string
	for _, c := range g.columns {
		names = append(names, c.name)
	}
	return names
}

// of gives the first filled column of a role that the test accepts.
func (g *guess) of(r role, accept func(*column) bool) *column {
	for _, c := range g.columns {
		if c.role == r && c.filled > 0 && (accept == nil || accept(c)) {
			return c
		}
	}
	return nil
}

func (g *guess) decide() {
	for _, c := range g.columns {
		other := c.role == roleParent || c.role == roleMember
		if c.code != nil && !other && !slices.ContainsFunc(g.codes, func(o *column) bool { return o.code.scheme == c.code.scheme }) {
			g.codes = append(g.codes, c)
		}
		if c.value == valueCountry && (g.country == nil || c.role == roleCountry && g.country.role != roleCountry) {
			g.country = c
		}
		// The longest codes are the most exact.
		if c.value == valueNUTS && (g.nuts == nil || longest(c) > longest(g.nuts)) {
			g.nuts = c
		}
	}
	g.decideKind()
	g.decideName()
	g.decideKey()
}

func longest(c *column) (n int) {
	for v := range c.values {
		n = max(n, len(v))
	}
	return n
}

func (g *guess) decideKind() {
	g.given, g.family = g.of(roleGiven, nil), g.of(roleFamily, nil)
	if g.given != nil && g.family == nil {
		g.family = g.of(roleName, func(c *column) bool { return c.wordy() && len(c.words) == 1 })
	}
	orcid := slices.ContainsFunc(g.codes, func(c *column) bool { return c.code.person })
	project := g.of(roleProject, (*column).wordy)
	organisation := g.of(roleMember, (*column).wordy)
	name := g.of(roleName, (*column).wordy)
	person := g.of(rolePerson, (*column).wordy)
	if person == nil && organisation == nil && g.of(roleParty, (*column).wordy) != nil {
		person = name
	}
	places := 0
	for _, c := range g.columns {
		if c.filled > 0 && (c.role == roleCity || c.role == roleRegion || c.role == roleLatitude || c.value == valueNUTS) {
			places++
		}
	}
	switch {
	case g.given != nil && g.family != nil, orcid:
		g.kind = ontology.Person
		g.say("the rows are people: there are columns of given and family names, or ORCIDs")
	case person != nil:
		g.kind = ontology.Person
		g.say("the rows are people: the column %q names members of a parliament or a council", person.name)
	case project != nil && project.filled*2 > g.rows:
		g.kind = ontology.Project
		g.say("the rows are projects: the column %q names them", project.name)
	case name == nil && organisation == nil && places >= 3 && g.municipality() != nil && g.acts():
		g.kind = ontology.Organisation
		g.say("the rows are taken for municipalities as organisations: they have addresses to write to or to visit")
	case name == nil && organisation == nil && places >= 3:
		g.kind = ontology.Place
		g.say("the rows are places: %d columns tell where they lie, and none names an organisation", places)
	case name != nil && organisation != nil && organisation != name && len(g.codes) == 0 && organisation.names(takingPart()...) && g.of(roleFrom, nil) != nil:
		g.kind = ontology.Project
		g.say("the rows are taken for projects: beside a name there is an organisation (%q) and a start or an end", organisation.name)
	default:
		g.kind = ontology.Organisation
		g.say("the rows are taken for organisations: write another kind where they are not")
	}
}

// municipality gives the column that names municipalities.
func (g *guess) municipality() *column {
	return g.of(roleCity, func(c *column) bool {
		return c.wordy() && c.names("gemeente", "gemeenten", "commune", "communes", "gemeinde", "gemeinden", "municipality", "municipalities")
	})
}

// municipal says whether the rows are municipalities.
func (g *guess) municipal() bool { return g.name != nil && g.name == g.municipality() }

// acts says whether there are ways to reach the rows' things.
func (g *guess) acts() bool {
	return slices.ContainsFunc(g.columns, func(c *column) bool {
		return c.filled > 0 && (c.value == valueEmail || c.role == roleWebsite || c.names("telefoon", "telephone", "telefon", "phone", "tel"))
	})
}

// unit gives the column of parts of the organisations that name the rows, nil
// where there is none.
func (g *guess) unit() *column {
	if g.kind != ontology.Organisation || g.name == nil || g.name.role != roleMember && g.name.role != roleName {
		return nil
	}
	plain := func(c *column) bool { return c != g.name && c.wordy() && c.value == "" }
	if c := g.of(roleUnit, plain); c != nil {
		return c
	}
	return g.of(roleMember, func(c *column) bool { return plain(c) && c.names("service", "dienst") })
}

// takingPart are words for what organisations are to projects.
func takingPart() []string {
	return []string{
		"lead", "leader", "coordinator", "coordinating", "beneficiary", "beneficiaries", "partner", "partners", "applicant", "promoter", "penvoerder",
		"begunstigde", "partners", "uitvoerder", "porteur", "coordinateur", "beneficiaire", "partenaire", "trager", "projekttrager", "begunstigter", "federfuhrend",
	}
}

// decideName finds the column that names the things, and those with further
// names.
func (g *guess) decideName() {
	wordy := func(c *column) bool { return c.wordy() && c.value == "" }
	var order []role
	switch g.kind {
	case ontology.Person:
		order = []role{roleName, rolePerson}
	case ontology.Project:
		order = []role{roleProject, roleName, roleFunction}
	case ontology.Place:
		order = []role{roleName}
	default:
		order = []role{roleName, roleMember, roleUnit, roleParty, roleFunction, roleAlias}
	}
	for _, r := range order {
		if g.name = g.of(r, wordy); g.name != nil {
			break
		}
	}
	if g.name == g.family {
		g.name = nil
	}
	if c := g.municipality(); g.kind == ontology.Organisation && c != nil && (g.name == nil || g.name.role == roleFunction || g.name.role == roleAlias) {
		g.name = c
	}
	if g.name == nil && g.family == nil {
		g.name = g.mostTelling(wordy)
	}
	if g.name == nil {
		return
	}
	g.say("the column %q holds the names", g.name.name)
	for _, c := range g.columns {
		if c != g.name && c.filled > 0 && c.value == "" && c.role == g.name.role && (c.language != "" || c.role == roleName) && g.kind != ontology.Person {
			g.names = append(g.names, c)
		}
	}
}

// mostTelling gives the text column with the most different values, where no
// header names one.
func (g *guess) mostTelling(accept func(*column) bool) *column {
	var best *column
	for _, c := range g.columns {
		if c.filled*2 < g.rows || !accept(c) || c.role == rolePrivate || c.role == roleText || c.role == roleID || c.role == roleEmail {
			continue
		}
		// Where a row lies, and of what type it is, does not name it.
		placed := g.kind != ontology.Place && (c.role == roleCity || c.role == roleRegion || c.role == roleCountry)
		if c.coded() || placed || c.role == roleType || c.role == roleParent {
			continue
		}
		if best == nil || len(c.seen) > len(best.seen) {
			best = c
		}
	}
	if best != nil {
		g.say("no header speaks of names: %q has the most different texts", best.name)
	}
	return best
}

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
	candidates := []*column{id}
	var key []*column
	if g.name != nil {
		candidates = append(candidates, g.name)
	} else if g.family != nil && g.given != nil {
		key = []*column{g.given, g.family}
	} else {
		candidates = append(candidates, g.family, g.given)
	}
	candidates = append(candidates, g.unit(), g.country, g.of(roleCity, nil), g.of(roleRegion, nil), g.of(roleMember, nil), g.of(roleFrom, nil))
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

// numbering gives the column of codes with the most different values, where
// these are nearly as many as rows.
func (g *guess) numbering() *column {
	var best *column
	for _, c := range g.columns {
		if c.filled == g.rows && c.coded() && c.value == "" && len(c.seen)*10 > 9*g.rows && (best == nil || len(c.seen) > len(best.seen)) {
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
