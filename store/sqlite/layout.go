package sqlite

import (
	"fmt"
	"slices"
	"strings"

	"coopgraph/store"
)

// layout is what the schema makes of the tables.
//
// A node has a column s_P for each property P that a kind marks Sort (NULL for
// the other kinds, ” for an absent value) and p_P for each marked Walk. Its
// column legs counts its hops on each leg (see legCounts): a walk asks only for
// hops that there are, and knows a hub before it reads it.
//
// The table hop holds each edge twice, once for each end: (node, leg) is the
// end and the relation and direction that lead away from it, far the other
// end. It copies what a walk reads, so that a walk touches neither edge nor,
// but for its far ends, node: the edge's walk properties (p_P) and the edge's
// keys of EdgeOrders (s_P). It is clustered by the first order that needs no
// key of the far node. Every other order is sorted when it is asked for, but
// on a leg with more than hubHops hops it is an index: there hub is 1 and f_P
// are the keys of the far node; elsewhere they may be NULL.
type layout struct {
	schema    store.Schema
	kinds     map[store.Kind]*kind
	kindCodes map[int64]*kind
	rels      map[store.Rel]int64
	relCodes  map[int64]store.Rel
	edges     propSet
	edgeKeys  map[string]int64 // lookup codes of edge properties
	edgeWalk  []store.Prop
	edgeSort  []string
	farSort   []string
	nodeSort  []string
	nodeWalk  []string
	cluster   string
	text      []string
	hubHops   int64
	sqlText
}

// hubHops is the number of hops on a leg up to which sorting them is cheaper
// than keeping every order of them in an index.
const hubHops = 64

// kind is a kind of node with the numbers of its lookup properties.
type kind struct {
	name     store.Kind
	code     int64
	internal bool
	propSet
	keys map[string]int64
}

const edgesName = "-" // stands for the kind in the number of an edge's property

func newLayout(schema store.Schema) (*layout, error) {
	if err := schema.Check(); err != nil {
		return nil, err
	}
	l := &layout{
		schema:    schema,
		kinds:     map[store.Kind]*kind{},
		kindCodes: map[int64]*kind{},
		rels:      map[store.Rel]int64{},
		relCodes:  map[int64]store.Rel{},
		edges:     newPropSet(schema.EdgeProps),
		edgeKeys:  map[string]int64{},
		text:      schema.Text,
		hubHops:   hubHops,
	}
	for _, d := range schema.Kinds {
		k := &kind{name: d.Kind, internal: d.Internal, propSet: newPropSet(d.Props), keys: map[string]int64{}}
		l.kinds[d.Kind] = k
		for _, p := range k.list {
			if p.Sort {
				l.nodeSort = append(l.nodeSort, p.Name)
			}
			if p.Walk {
				l.nodeWalk = append(l.nodeWalk, p.Name)
			}
			if p.Sort && p.Type != store.String && p.Type != store.Time {
				return nil, invalid("property %q of %s sorts but is neither text nor time", p.Name, d.Kind)
			}
		}
	}
	for _, p := range l.edges.list {
		if p.Walk {
			l.edgeWalk = append(l.edgeWalk, p)
		}
	}
	l.nodeSort = distinct(l.nodeSort)
	l.nodeWalk = distinct(l.nodeWalk)
	for _, o := range schema.EdgeOrders {
		if o.Edge != "" {
			if p, ok := schema.EdgeProp(o.Edge); !ok || !p.Sort {
				return nil, invalid("edge order by %q, which is not a sortable property of edges", o.Edge)
			}
			l.edgeSort = append(l.edgeSort, o.Edge)
		}
		if o.Far != "" {
			if !slices.Contains(l.nodeSort, o.Far) {
				return nil, invalid("edge order by %q, which is not a sortable property of a kind", o.Far)
			}
			l.farSort = append(l.farSort, o.Far)
		}
		if o.Far == "" && l.cluster == "" {
			l.cluster = o.Edge
		}
	}
	l.edgeSort = distinct(l.edgeSort)
	l.farSort = distinct(l.farSort)
	l.sqlText = l.applyText()
	return l, l.checkCase()
}

// checkCase refuses names that differ by case only: to SQLite they are one
// column.
func (l *layout) checkCase() error {
	for _, names := range [][]string{l.nodeSort, l.nodeWalk, l.text, propNames(l.edgeWalk), l.edgeSort} {
		seen := map[string]string{}
		for _, n := range names {
			low := strings.ToLower(n)
			if other, ok := seen[low]; ok && other != n {
				return invalid("the names %q and %q differ by case only", other, n)
			}
			seen[low] = n
		}
	}
	return nil
}

func propNames(props []store.Prop) []string {
	names := make([]string, len(props))
	for i, p := range props {
		names[i] = p.Name
	}
	return names
}

func distinct(names []string) []string {
	slices.Sort(names)
	return slices.Compact(names)
}

// fingerprint changes when the tables must be made again.
func (l *layout) fingerprint() string {
	var b strings.Builder
	fmt.Fprintf(&b, "3 %d", l.hubHops)
	for _, d := range l.schema.Kinds {
		fmt.Fprintf(&b, ";%s %t", d.Kind, d.Internal)
		for _, p := range l.kinds[d.Kind].list {
			fmt.Fprintf(&b, ",%s %d %t %t %t", p.Name, p.Type, p.Lookup, p.Sort, p.Walk)
		}
	}
	b.WriteString("|")
	for _, p := range l.edges.list {
		fmt.Fprintf(&b, ",%s %d %t %t %t", p.Name, p.Type, p.Lookup, p.Sort, p.Walk)
	}
	fmt.Fprintf(&b, "|%v", l.schema.EdgeOrders)
	return b.String()
}

// hopTable gives the statements that make the table hop.
func (l *layout) hopTable() []string {
	var b strings.Builder
	b.WriteString(`CREATE TABLE hop (
  node INTEGER NOT NULL,
  leg INTEGER NOT NULL,
  id TEXT NOT NULL,
  e INTEGER NOT NULL,
  far INTEGER NOT NULL,
  version INTEGER NOT NULL,
  hub INTEGER`)
	for _, n := range l.edgeSort {
		b.WriteString(",\n  s_" + n + " TEXT NOT NULL")
	}
	for _, n := range l.farSort {
		b.WriteString(",\n  f_" + n + " TEXT")
	}
	for _, p := range l.edgeWalk {
		b.WriteString(",\n  p_" + p.Name)
	}
	b.WriteString(",\n  PRIMARY KEY (node, leg, " + strings.Join(l.hopOrder(l.clusterOrder()), ", ") + ")\n) WITHOUT ROWID")
	out := []string{b.String()}
	for i, o := range l.schema.EdgeOrders {
		if o != l.clusterOrder() {
			out = append(out, fmt.Sprintf("CREATE INDEX hop_%d ON hop (node, leg, %s) WHERE hub IS NOT NULL", i, strings.Join(l.hopOrder(o), ", ")))
		}
	}
	return out
}

func (l *layout) clusterOrder() store.EdgeOrder { return store.EdgeOrder{Edge: l.cluster} }

// hopOrder gives the columns that sort hops.
func (l *layout) hopOrder(o store.EdgeOrder) []string {
	var cols []string
	if o.Edge != "" {
		cols = append(cols, "s_"+o.Edge)
	}
	if o.Far != "" {
		cols = append(cols, "f_"+o.Far)
	}
	return append(cols, "id")
}

// ownsOrder says whether steps may sort by o.
func (l *layout) ownsOrder(o store.EdgeOrder) bool {
	return o == store.EdgeOrder{} || slices.Contains(l.schema.EdgeOrders, o)
}

// searchTable gives the statement that makes the text index. It keeps of a token
// in which fields it is, not where: each query's phrases are one token long.
func (l *layout) searchTable() string {
	var b strings.Builder
	b.WriteString("CREATE VIRTUAL TABLE search USING fts5 (\n  kind,\n")
	for _, f := range l.text {
		b.WriteString("  t_" + f + ",\n")
	}
	b.WriteString(`  content = '',
  contentless_delete = 1,
  detail = column,
  tokenize = "ascii tokenchars '_'"
)`)
	return b.String()
}

// sameSearchTable says whether the statement made a text index that answers like
// searchTable's. One that was made before keeps the places of tokens as well,
// and its tokenizer makes the same of plainTokens; it is only larger and slower
// to write.
func (l *layout) sameSearchTable(statement string) bool {
	const before, is = `tokenize = "unicode61 remove_diacritics 0 `, "detail = column,\n  tokenize = \"ascii "
	return strings.Replace(statement, before, is, 1) == l.searchTable()
}

// leg is the number of a relation followed in a direction.
func leg(rel int64, in bool) int64 {
	if in {
		return rel*2 + 1
	}
	return rel * 2
}

// legsOf gives the numbers of a leg: two for Both.
func (l *layout) legsOf(g store.Leg) ([]int64, error) {
	rel, ok := l.rels[g.Rel]
	if !ok {
		return nil, invalid("relation %q is not declared", g.Rel)
	}
	switch g.Dir {
	case store.Out:
		return []int64{leg(rel, false)}, nil
	case store.In:
		return []int64{leg(rel, true)}, nil
	case store.Both:
		return []int64{leg(rel, false), leg(rel, true)}, nil
	}
	return nil, invalid("direction %d", g.Dir)
}

// kindList gives the kinds asked for; where none is, all that are not internal.
func (l *layout) kindList(names []store.Kind) ([]*kind, error) {
	var list []*kind
	for _, n := range names {
		k, ok := l.kinds[n]
		if !ok {
			return nil, invalid("kind %q is not declared", n)
		}
		if !slices.Contains(list, k) {
			list = append(list, k)
		}
	}
	if len(names) > 0 {
		return list, nil
	}
	for _, d := range l.schema.Kinds {
		if !d.Internal {
			list = append(list, l.kinds[d.Kind])
		}
	}
	return list, nil
}

func codes(kinds []*kind) []int64 {
	list := make([]int64, len(kinds))
	for i, k := range kinds {
		list[i] = k.code
	}
	return list
}

// kindOf gives the kind of a code; a kind that the schema no longer declares
// has no properties.
func (l *layout) kindOf(code int64) *kind {
	if k, ok := l.kindCodes[code]; ok {
		return k
	}
	return &kind{}
}

// projection is what to read of properties beside those marked Walk.
type projection struct {
	// want is nil for every property.
	want map[string]bool
	// stored says that the JSON must be read.
	stored bool
}

func project(names []string, walk []string, declared func(string) bool) (projection, error) {
	p := projection{want: map[string]bool{}}
	if len(names) == 1 && names[0] == store.All {
		return projection{stored: true}, nil
	}
	for _, n := range names {
		if !declared(n) {
			return p, invalid("property %q is not declared", n)
		}
		p.want[n] = true
	}
	for n := range p.want {
		p.stored = p.stored || !slices.Contains(walk, n)
	}
	for _, n := range walk {
		p.want[n] = true
	}
	return p, nil
}

func (l *layout) nodeProjection(names []string) (projection, error) {
	return project(names, l.nodeWalk, func(n string) bool {
		for _, k := range l.kinds {
			if _, ok := k.types[n]; ok {
				return true
			}
		}
		return false
	})
}

func (l *layout) edgeProjection(names []string) (projection, error) {
	return project(names, propNames(l.edgeWalk), func(n string) bool {
		_, ok := l.edges.types[n]
		return ok
	})
}
