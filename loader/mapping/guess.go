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
// quotes make no sense is read without, one whose first record is no header has
// none, and the records of a JSON document are found.
func GuessFile(ctx context.Context, in *read.Input, spec read.Spec) (text []byte, explanation []string, err error) {
	if spec.Format == read.FormatJSON && spec.Items == "" {
		if spec.Items, err = in.Items(ctx); err != nil {
			return nil, nil, err
		}
	}
	best, err := lookBest(ctx, in, spec)
	if err != nil {
		return nil, nil, err
	}
	if best.headless() {
		spec.CSV.Header = "none"
		if best, err = lookBest(ctx, in, spec); err != nil {
			return nil, nil, err
		}
		best.say("the first row is no header: the columns are called by their places")
	}
	if empty := best.nothings(); len(empty) > 0 && spec.Format != read.FormatGenericode {
		said := best.said
		spec.CSV, spec.Empty = best.table.Spec.CSV, empty
		if best, err = lookAt(ctx, in, spec); err != nil {
			return nil, nil, err
		}
		best.said = append(said, "cells of "+strings.Join(empty, ", ")+" are taken for empty")
	}
	return best.propose()
}

// nothings are the texts that stand in the cells of the table for nothing, in
// several columns. NA beside other codes of countries is Namibia.
func (g *guess) nothings() (empty []string) {
	if !slices.Contains([]string{read.FormatTable, read.FormatCSV, read.FormatXLSX}, g.table.Spec.Format) {
		return nil
	}
	for _, text := range []string{"NA", "N/A", "n/a", "#N/A", "NULL", "null", `\N`, "NaN", "nan", "None", "none", "-", "--", "?"} {
		columns, namibia := 0, false
		for _, c := range g.columns {
			if c.values[text] > 0 {
				columns++
				namibia = namibia || text == "NA" && len(c.values) > 1 && c.share(isCountry) >= most
			}
		}
		if columns >= 2 && !namibia {
			empty = append(empty, text)
		}
	}
	return empty
}

// headless says whether what should name the columns of a table in text are
// values: addresses, or several fractions.
func (g *guess) headless() bool {
	fractions := 0
	for _, c := range g.columns {
		if isURL(c.name) || isEmail(c.name) {
			return g.table.Spec.Format == read.FormatCSV
		}
		if fraction.MatchString(c.name) {
			fractions++
		}
	}
	return fractions >= 2 && g.table.Spec.Format == read.FormatCSV
}

// lookBest reads the file in the ways it may be written, and gives the one in
// which the fewest rows cannot be read.
func lookBest(ctx context.Context, in *read.Input, spec read.Spec) (best *guess, err error) {
	specs := []read.Spec{spec}
	if spec.Format == read.FormatCSV {
		spec.CSV.Quote = "none"
		specs = append(specs, spec)
	}
	for _, spec := range specs {
		g, err := lookAt(ctx, in, spec)
		if err != nil {
			return nil, err
		}
		if best == nil || g.bad < best.bad {
			best = g
		}
		if best.bad == 0 {
			break
		}
	}
	return best, nil
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
	// about is the word with which all headers begin, "" where none does.
	about string
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
	g.dropCommonWord()
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

// dropCommonWord takes the word with which all headers begin for what the rows
// are about: it tells none of the columns from another.
func (g *guess) dropCommonWord() {
	if len(g.columns) < 3 || len(g.columns[0].words) == 0 {
		return
	}
	first := g.columns[0].words[0]
	if slices.ContainsFunc(g.columns, func(c *column) bool { return len(c.words) < 2 || c.words[0] != first }) {
		return
	}
	g.about = first
	for _, c := range g.columns {
		c.words = c.words[1:]
	}
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

// of gives the first filled column of a role that the test accepts; of those
// that tell of organisations, the first that says it names them.
func (g *guess) of(r role, accept func(*column) bool) (found *column) {
	for _, c := range g.columns {
		if c.role != r || c.filled == 0 || accept != nil && !accept(c) {
			continue
		}
		if r != roleMember || c.names("name", "naam", "nom", "bezeichnung") {
			return c
		}
		if found == nil {
			found = c
		}
	}
	return found
}

func (g *guess) decide() {
	for _, c := range g.columns {
		other := c.role == roleParent || c.role == roleMember
		if c.code != nil && !other {
			g.addCode(c)
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

// addCode takes a column of a register's numbers. Of several with those of one
// register, that with the most is of the rows' own things.
func (g *guess) addCode(c *column) {
	i := slices.IndexFunc(g.codes, func(o *column) bool { return o.code.scheme == c.code.scheme })
	switch {
	case i < 0:
		g.codes = append(g.codes, c)
	case len(c.seen) > len(g.codes[i].seen):
		g.codes[i] = c
	}
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
	case name != nil && g.of(rolePrivate, personal) != nil:
		g.kind = ontology.Person
		g.say("the rows are people: the column %q tells what only people have", g.of(rolePrivate, personal).name)
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
	case g.table.Spec.Format == read.FormatGenericode && places == 0 && !g.acts():
		g.kind = ontology.Theme
		g.say("the rows of a code list are taken for themes: write another kind where they are not")
	default:
		g.kind = ontology.Organisation
		g.say("the rows are taken for organisations: write another kind where they are not")
	}
}

// personal says whether the column tells what only people have.
func personal(c *column) bool {
	return c.names("gender", "sex", "geslacht", "sexe", "geschlecht", "birth", "birthday", "geboortedatum", "naissance", "geburtsdatum")
}

// ofPerson says whether the column tells of somebody who stands for what the
// rows are: the name of the responsible person.
func (c *column) ofPerson() bool {
	return c.names("person", "persoon", "personne", "responsible", "verantwoordelijke", "responsable", "verantwortlicher", "ansprechpartner",
		"director", "directeur", "direktor", "direktorin", "ceo", "president", "prasident", "voorzitter", "vorsitzender", "chair", "chairman", "chairperson",
		"secretary", "secretaris", "secretaire", "manager", "head", "leiter", "leiterin", "signatory", "representative", "vertegenwoordiger", "representant", "vertreter",
		"mayor", "burgemeester", "bourgmestre", "maire", "burgermeister", "minister", "ministre", "rector", "recteur", "rektor", "owner", "eigenaar", "inhaber")
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
	// What names are sorted by is none, nor who answers for an organisation.
	wordy := func(c *column) bool {
		return c.wordy() && c.value == "" && !c.names("sort") && (g.kind == ontology.Person || !c.ofPerson())
	}
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
	// Names that most rows have come before those of some.
	for _, accept := range []func(*column) bool{func(c *column) bool { return wordy(c) && c.filled*2 > g.rows }, wordy} {
		for _, r := range order {
			if g.name == nil {
				g.name = g.of(r, accept)
			}
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
		if c != g.name && c.filled > 0 && c.value == "" && c.role == g.name.role && !c.names("sort") && !c.ofPerson() && (c.language != "" || c.role == roleName) && g.kind != ontology.Person {
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
