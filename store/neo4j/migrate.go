package neo4j

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"coopgraph/store"
)

// recordedCypher finds the newest migration applied and what the schema was
// then.
const recordedCypher = `
MATCH (m:Migration)
RETURN m.number, m.indexes, m.derived, m.text
ORDER BY m.number DESC
LIMIT 1`

const recordCypher = `
MERGE (m:Migration {number: $number})
SET m:Bookkeeping, m.indexes = $indexes, m.derived = $derived, m.text = $text`

const writerCypher = `
MERGE (w:Writer {id: 'writer'})
ON CREATE SET w:Bookkeeping, w.turn = 0, w.receipts = []`

const namesCypher = `
SHOW INDEXES YIELD name, owningConstraint
WHERE name STARTS WITH 'coop_'
RETURN name, owningConstraint IS NOT NULL`

const populatingCypher = `
SHOW INDEXES YIELD name, state
WHERE name STARTS WITH 'coop_' AND state <> 'ONLINE'
RETURN name, state`

//go:embed migrations/*.cypher
var migrations embed.FS

// created finds the name of the constraint or index that a statement of a
// migration makes.
var created = regexp.MustCompile(`CREATE (?:CONSTRAINT|(?:TEXT |FULLTEXT )?INDEX) (\w+) IF NOT EXISTS`)

// migration is one numbered file: statements parted by a semicolon at the end
// of a line.
type migration struct {
	number     int
	statements []string
}

func readMigrations() ([]migration, error) {
	names, err := fs.Glob(migrations, "migrations/*.cypher")
	if err != nil {
		return nil, err
	}
	slices.Sort(names)
	var out []migration
	for _, name := range names {
		body, err := migrations.ReadFile(name)
		if err != nil {
			return nil, err
		}
		digits, _, _ := strings.Cut(strings.TrimPrefix(name, "migrations/"), "_")
		number, err := strconv.Atoi(digits)
		if err != nil {
			return nil, fmt.Errorf("migration %s has no number: %w", name, err)
		}
		m := migration{number: number}
		for statement := range strings.SplitSeq(string(body), ";\n") {
			if strings.TrimSpace(statement) != "" {
				m.statements = append(m.statements, statement)
			}
		}
		out = append(out, m)
	}
	return out, nil
}

// attempt is one try to bring the database's schema up to date.
type attempt struct {
	done chan struct{}
	err  error
}

// ready waits until the database's schema is up to date. The first caller that
// finds it not to be sets it right in the background, so that the work does
// not end with a caller's patience; where it fails all that wait are told, and
// a later call tries again.
func (s *Store) ready(ctx context.Context) error {
	if s.migrated.Load() {
		return nil
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	s.migrating.Lock()
	a := s.attempt
	if a == nil && s.background.Err() == nil {
		a = &attempt{done: make(chan struct{})}
		s.attempt = a
		s.running.Go(func() { s.try(a) })
	}
	s.migrating.Unlock()
	if a == nil {
		return fmt.Errorf("%w: %w", store.ErrUnavailable, errClosed)
	}
	select {
	case <-a.done:
		return a.err
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(callTime):
		return fmt.Errorf("%w: the database's schema is being brought up to date", store.ErrUnavailable)
	}
}

func (s *Store) try(a *attempt) {
	defer close(a.done)
	a.err = s.migrate(s.background)
	if errors.Is(a.err, context.Canceled) {
		a.err = fmt.Errorf("%w: %w", store.ErrUnavailable, errClosed)
	}
	s.migrated.Store(a.err == nil)
	s.migrating.Lock()
	s.attempt = nil
	s.migrating.Unlock()
}

// mark is what a database's Migration node tells: the newest migration and
// fingerprints of the parts of the schema on which something kept depends.
type mark struct {
	number int
	// indexes are those of catalog.indexes, derived what rebuild makes, and
	// text the token fields.
	indexes, derived, text string
}

func (s *Store) migrate(ctx context.Context) error {
	all, err := readMigrations()
	if err != nil {
		return err
	}
	was, err := s.mark(ctx)
	if err != nil {
		return err
	}
	wanted := s.cat.indexes()
	is := mark{
		number: all[len(all)-1].number, indexes: fingerprint(wanted), derived: s.cat.derived(),
		text: strings.Join(s.cat.schema.Text, " "),
	}
	if was.number > is.number {
		return fmt.Errorf("%w: migration %d, this program knows %d", store.ErrNewer, was.number, is.number)
	}
	if was == is {
		return nil
	}
	for _, m := range all {
		if m.number <= was.number {
			continue
		}
		for _, statement := range m.statements {
			if err := s.alter(ctx, statement); err != nil {
				return err
			}
		}
	}
	if err := s.alter(ctx, writerCypher); err != nil {
		return err
	}
	if err := s.reindex(ctx, all, wanted); err != nil {
		return err
	}
	if was.number > 0 {
		if err := s.rebuild(ctx, was.derived != is.derived, was.text != is.text); err != nil {
			return err
		}
	}
	if was.number > 0 && was.number < keysOnNodes {
		if err := s.dropKeyNodes(ctx); err != nil {
			return err
		}
	}
	return s.write(ctx, "migrate", func(ctx context.Context, tx *transaction) error {
		_, err := tx.run(ctx, recordCypher, params{
			"number": is.number, "indexes": is.indexes, "derived": is.derived, "text": is.text,
		})
		return err
	})
}

// reindex makes the schema's indexes and drops those that an earlier schema
// asked for.
func (s *Store) reindex(ctx context.Context, all []migration, wanted []index) error {
	rows, err := s.ask(ctx, "migrate", namesCypher, nil)
	if err != nil {
		return err
	}
	own := map[string]bool{}
	for _, m := range all {
		for _, statement := range m.statements {
			if made := created.FindStringSubmatch(statement); made != nil {
				own[made[1]] = true
			}
		}
	}
	have := map[string]bool{}
	for _, r := range rows {
		name, err := text(r[0])
		if err != nil {
			return err
		}
		keep := own[name] || slices.ContainsFunc(wanted, func(i index) bool { return i.name == name })
		if keep {
			have[name] = true
			continue
		}
		what := "INDEX "
		if constrains, _ := r[1].(bool); constrains {
			what = "CONSTRAINT "
		}
		if err := s.alter(ctx, "DROP "+what+ident(name)+" IF EXISTS"); err != nil {
			return err
		}
	}
	var missing []index
	for _, i := range wanted {
		if !have[i.name] {
			missing = append(missing, i)
		}
	}
	// Many indexes in one transaction take a fraction of the time of as many
	// transactions; a chunk stays well below the transaction's time.
	for chunk := range slices.Chunk(missing, 50) {
		err := s.write(ctx, "migrate", func(ctx context.Context, tx *transaction) error {
			for _, i := range chunk {
				if _, err := tx.run(ctx, i.statement, nil); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return s.populated(ctx)
}

// populated waits until the indexes hold what was there before them.
func (s *Store) populated(ctx context.Context) error {
	for {
		rows, err := s.ask(ctx, "migrate", populatingCypher, nil)
		if err != nil || len(rows) == 0 {
			return err
		}
		for _, r := range rows {
			if r[1] == "FAILED" {
				return fmt.Errorf("migrate: %w: index %v failed", store.ErrCorrupt, r[0])
			}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func (s *Store) mark(ctx context.Context) (mark, error) {
	rows, err := s.ask(ctx, "migrate", recordedCypher, nil)
	if err != nil || len(rows) == 0 {
		return mark{}, err
	}
	number, err := integer(rows[0][0])
	if err != nil {
		return mark{}, err
	}
	m := mark{number: int(number)}
	// An earlier or later program may not have kept these.
	m.indexes, _ = rows[0][1].(string)
	m.derived, _ = rows[0][2].(string)
	m.text, _ = rows[0][3].(string)
	return m, nil
}

// index is an index or constraint that the schema asks for.
type index struct{ name, statement string }

// searchIndex and edgeIndex are the names of the two full-text indexes. They
// tell what is indexed, so that another list of fields is another index.
func (c *catalog) searchIndex() string {
	return "coop_search_" + short(strings.Join(c.schema.Text, " "))
}

func (c *catalog) edgeIndex() string {
	return "coop_edges_" + short(c.anyRel+" "+strings.Join(c.edgeLookups(), " "))
}

func (c *catalog) edgeLookups() []string {
	var names []string
	for _, p := range c.schema.EdgeProps {
		if p.Lookup && (p.Type == store.String || p.Type == store.Strings) {
			names = append(names, p.Name)
		}
	}
	return names
}

func short(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:4])
}

// indexes lists what must be there for no question to read the whole graph:
// for each kind its ids, its scalar lookups and its orders; for each relation
// its ids; the absent values of orders; and two full-text indexes, one over
// the search tokens of things and one over the ids and lookups of edges, which
// holds lists too and all relations in one.
func (c *catalog) indexes() []index {
	var out []index
	add := func(name, statement string) { out = append(out, index{name, statement}) }
	absent := map[string]bool{}
	for _, k := range c.schema.Kinds {
		// The point cannot stand in an identifier, so no two names are equal.
		base := "coop_" + string(k.Kind) + "."
		add(base+"id", "CREATE INDEX "+ident(base+"id")+" IF NOT EXISTS FOR (n:"+ident(k.Kind)+") ON (n.id)")
		for _, p := range k.Props {
			switch {
			case p.Sort:
				add(base+p.Name, "CREATE INDEX "+ident(base+p.Name)+" IF NOT EXISTS FOR (n:"+ident(k.Kind)+") ON (n."+ident(p.Name)+", n.id)")
			case p.Lookup && p.Type != store.Strings:
				add(base+p.Name, "CREATE INDEX "+ident(base+p.Name)+" IF NOT EXISTS FOR (n:"+ident(k.Kind)+") ON (n."+ident(p.Name)+")")
			}
			if p.Sort {
				label := labelsOf(k)[1]
				name := "coop_" + label + "." + absentPrefix + p.Name
				if !absent[name] {
					absent[name] = true
					add(name, "CREATE INDEX "+ident(name)+" IF NOT EXISTS FOR (n:"+label+") ON (n."+ident(absentPrefix+p.Name)+", n.id)")
				}
			}
		}
	}
	for _, r := range c.schema.Rels {
		name := "coop_" + string(r) + ".id"
		add(name, "CREATE CONSTRAINT "+ident(name)+" IF NOT EXISTS FOR ()-[e:"+ident(r)+"]-() REQUIRE e.id IS UNIQUE")
	}
	if len(c.schema.Rels) > 0 {
		fields := append([]string{"id"}, c.edgeLookups()...)
		add(c.edgeIndex(), fullText(c.edgeIndex(), "()-[e:"+c.anyRel+"]-()", "e", fields, "keyword"))
	}
	if len(c.schema.Text) > 0 {
		add(c.searchIndex(), fullText(c.searchIndex(), "(t:SearchText)", "t", append([]string{kindField}, c.schema.Text...), "whitespace"))
	}
	return out
}

func fullText(name, pattern, v string, fields []string, analyzer string) string {
	on := make([]string, len(fields))
	for i, f := range fields {
		on[i] = v + "." + ident(f)
	}
	return "CREATE FULLTEXT INDEX " + ident(name) + " IF NOT EXISTS FOR " + pattern +
		" ON EACH [" + strings.Join(on, ", ") + "] OPTIONS {indexConfig: {" +
		"`fulltext.analyzer`: '" + analyzer + "', `fulltext.eventually_consistent`: false}}"
}

func fingerprint(wanted []index) string {
	var all strings.Builder
	for _, i := range wanted {
		all.WriteString(i.statement + "\n")
	}
	return short(all.String())
}
