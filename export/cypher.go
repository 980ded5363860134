package export

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"coopgraph/ontology"
	"coopgraph/store"
)

// rowsPerStatement is how many nodes or relationships a statement makes.
const rowsPerStatement = 100

// script writes statements in Cypher that make the graph in a Neo4j: each ends
// with ";" at the end of a line, and running them twice changes nothing. A
// script cannot carry parameters: every value is a literal, written by literal;
// labels, types and property names come from the ontology.
type script struct {
	*printer
	// of is the kind or relation of the rows of the statement under way.
	of    string
	facts bool
	rows  int
}

func (s *script) head() error {
	return s.print("// A graph written by coopgraph. Run with: cypher-shell -f FILE\n" +
		"CREATE CONSTRAINT coopgraph_thing_id IF NOT EXISTS FOR (n:Thing) REQUIRE n.id IS UNIQUE;\n" +
		"CALL db.awaitIndexes(300);\n")
}

// row adds a row to the statement of its kind or relation.
func (s *script) row(of string, fact bool, row string) error {
	if s.of != of || s.facts != fact || s.rows == rowsPerStatement {
		if err := s.end(); err != nil {
			return err
		}
		s.of, s.facts = of, fact
		s.print("UNWIND [\n")
	} else {
		s.print(",\n")
	}
	s.rows++
	return s.print(row)
}

// end ends the statement under way.
func (s *script) end() error {
	if s.rows == 0 {
		return s.err
	}
	s.rows = 0
	if s.facts {
		return s.print("\n] AS row\nMATCH (a:Thing {id: row.from})\nMATCH (b:Thing {id: row.to})\nMERGE (a)-[r:", s.of,
			" {id: row.id}]->(b)\nSET r += row.props;\n")
	}
	return s.print("\n] AS row\nMERGE (n:Thing {id: row.id})\nSET n:", s.of, ", n += row.props;\n")
}

func (s *script) thing(t ontology.Thing) error {
	values := thingValues(t)
	values["name"] = label(t)
	return s.row(string(t.Kind), false, fmt.Sprintf("{id: %s, props: %s}", quote(string(t.ID)), literal(values)))
}

func (s *script) middle() error { return s.end() }

func (s *script) fact(f ontology.Fact) error {
	return s.row(string(f.Relation), true, fmt.Sprintf("{id: %s, from: %s, to: %s, props: %s}",
		quote(string(f.ID)), quote(string(f.Subject)), quote(string(f.Object)), literal(factValues(f))))
}

func (s *script) tail() error { return s.end() }

// literal writes properties as a map in Cypher. Their names are the ontology's.
func literal(values store.Props) string {
	parts := make([]string, 0, len(values))
	for _, name := range slices.Sorted(maps.Keys(values)) {
		parts = append(parts, "`"+name+"`: "+literalValue(values[name]))
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

func literalValue(v any) string {
	switch v := v.(type) {
	case string:
		return quote(v)
	case []string:
		out := make([]string, len(v))
		for i, s := range v {
			out[i] = quote(s)
		}
		return "[" + strings.Join(out, ", ") + "]"
	case float64:
		s := plain(v)
		if !strings.Contains(s, ".") {
			s += ".0"
		}
		return s
	default:
		return plain(v)
	}
}

// quote writes a text as a literal. Neo4j reads \uXXXX before it reads
// literals, so a backslash never stands before a u: the text is parted there.
func quote(s string) string {
	var b strings.Builder
	b.WriteByte('\'')
	before := rune(0)
	for _, r := range s {
		switch {
		case r == '\\':
			b.WriteString(`\\`)
		case r == '\'':
			b.WriteString(`\'`)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r < ' ' || r == 0x7f:
			fmt.Fprintf(&b, `\u%04X`, r)
		case r == 'u' && before == '\\':
			b.WriteString("' + 'u")
		default:
			b.WriteRune(r)
		}
		before = r
	}
	b.WriteByte('\'')
	return b.String()
}
