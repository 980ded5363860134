// Package store is the port between Coopgraph and the databases that can hold
// it: generic nodes and edges, a dozen set-oriented questions, one way to
// write. Its adapters are store/sqlite and store/neo4j; store/storetest is the
// suite that both pass, and each "must" below is one of its tests.
//
// The package imports the standard library only and knows nothing of the
// ontology: kinds, relations and properties reach an adapter as a Schema.
package store

import (
	"context"
	"time"
)

// ID names a node or an edge for ever, on every store alike.
type ID string

// Kind is the type of a node, for example "Person". It is the node's label in
// Neo4j.
type Kind string

// Rel is the type of an edge, for example "MEMBER_OF". It is the
// relationship's type in Neo4j.
type Rel string

// Props are the properties of a node or an edge. A value is an int64, a
// float64, a bool, a string, a time.Time (UTC, to the microsecond) or a
// []string, of the type that the Schema declares, and comes back as it was
// written. An absent property has no key; nil values and empty lists must not
// be written.
type Props map[string]any

// Node is a thing, or a record kept about things.
type Node struct {
	ID   ID
	Kind Kind
	// Version is 1 when the node is created and grows by one with each put
	// that changes it. It is the store's: on a write it is ignored.
	Version int64
	// Degree is the number of edges that start or end at the node. Search
	// fills it; elsewhere it is 0.
	Degree int64
	Props  Props
}

// Edge is a directed link between two nodes. Any number of edges of one type
// may join the same two nodes: the id tells them apart.
type Edge struct {
	ID       ID
	Rel      Rel
	From, To ID
	Version  int64
	Props    Props
}

// Dir is the direction in which a leg follows edges.
type Dir int8

const (
	// Out follows an edge from its From to its To.
	Out Dir = iota
	// In follows an edge from its To to its From.
	In
	// Both follows an edge either way: symmetric relations.
	Both
)

// Leg is a relation followed in a direction.
type Leg struct {
	Rel Rel
	Dir Dir
}

// Turned is the leg that follows the same edges from their other ends.
func (l Leg) Turned() Leg {
	switch l.Dir {
	case Out:
		l.Dir = In
	case In:
		l.Dir = Out
	case Both:
	}
	return l
}

// Op compares a property with the values of a Cond.
type Op int8

const (
	// Any holds when the value, or any element of a []string, is among Values.
	Any Op = iota
	// None holds when neither the value nor any element is among Values; an
	// absent property passes.
	None
	// AtMost holds when the value is not greater than Values[0], bytewise for
	// strings.
	AtMost
	// AtLeast holds when the value is not less than Values[0].
	AtLeast
)

// Cond is one condition on one declared property.
type Cond struct {
	Prop   string
	Op     Op
	Values []any
	// OrAbsent lets a node or edge without the property pass.
	OrAbsent bool
}

// Filter selects nodes or edges: every part given must hold.
type Filter struct {
	// IDs, when not nil, are the only ones considered.
	IDs   []ID
	Conds []Cond
}

// Order sorts the nodes of Find and the edges of Edges by one property that
// the Schema marks Sort, bytewise (times by time), an absent value as the
// empty string, ties by id ascending. The zero Order sorts by id.
type Order struct {
	Prop string
	// Desc reverses the property's order, and that of ids with it.
	Desc bool
}

// Position is a place in an order: the sort keys of the last item seen (see
// SortKey), one for each property that the order names, and its id.
type Position struct {
	Keys []string
	ID   ID
}

// Paging cuts a page out of an order: Limit items after a position. Limit 0 is
// all of them.
type Paging struct {
	Order Order
	After *Position
	Limit int
	// Count asks for Page.Count.
	Count bool
}

// Page is a part of an ordered list.
type Page[T any] struct {
	Items []T
	// More says that the list goes on after the last item.
	More bool
	// Count is the size of the whole list, whatever the position and limit;
	// -1 when it was not asked for.
	Count int64
	// Legs are the counts of a step's legs, each apart, in their order, when
	// Count was asked for.
	Legs []int64
}

// EdgeOrder sorts the hops of a step: by a property of the edge that the
// Schema marks Sort, then by a property of the far node that it marks Sort,
// each bytewise ascending and absent as the empty string, then by the edge's
// id. Either property may be "". The Schema lists the pairs in use (EdgeOrders).
type EdgeOrder struct {
	Edge string
	Far  string
}

// Step is one question asked of many parents at once, and the questions to be
// asked of its answers: a tree of steps is one Expand.
type Step struct {
	// Legs are the relations and directions followed from the parent. An edge
	// from a node to itself, and an edge that two legs reach, is one hop.
	Legs []Leg
	// Through, when given, is followed 0 to 16 times from the parent before
	// the legs are; it gives each far node once, by the edge met in the fewest
	// steps of Through, ties by edge id. Cycles end by themselves. Two far
	// nodes of one edge stand in the order of their ids.
	Through *Leg
	// Where must hold for the edge; Far and Kinds for the far node.
	Where []Cond
	Far   []Cond
	Kinds []Kind
	Order EdgeOrder
	After *Position
	// Limit is the number of hops a parent, 0 for all.
	Limit int
	// Count asks for Page.Count (the hops, or with Through the far nodes, that
	// match Where, Far and Kinds) and for Page.Legs.
	Count bool
	// NodeProps and EdgeProps name the properties to return; All returns
	// every one. Without any, a hop has ids, kind, relation and version, and
	// the properties that the Schema marks Walk. A property that the Schema
	// declares for other kinds only is absent; one that it declares for none
	// is invalid.
	NodeProps []string
	EdgeProps []string
	Then      []Step
}

// All, as the only name in Step.NodeProps or Step.EdgeProps, asks for every
// property.
const All = "*"

// Hop is an edge and the node at its far end, with a page for each step of
// its step's Then.
type Hop struct {
	Edge Edge
	Node Node
	Then []Page[Hop]
}

// Term is a token of an indexed text field. With Prefix it stands for every
// token that starts with it.
type Term struct {
	Field  string
	Token  string
	Prefix bool
}

// Query asks the text index: every group of All must match (one of its terms
// suffices) and no term of None may.
type Query struct {
	All  [][]Term
	None []Term
	// Kinds, when not empty, are the only kinds that match.
	Kinds []Kind
	// Limit is the number of hits wanted, at least 1.
	Limit int
	// Lowest asks, where more than Limit match, for those with the lowest
	// ids. Without it the choice is the engine's.
	Lowest bool
	// Props names the properties to return with each hit.
	Props []string
}

// Result holds the nodes that match a Query, ordered by id. More says that
// others matched too.
type Result struct {
	Hits []Node
	More bool
}

// Reach bounds a walk.
type Reach struct {
	// Rels are the relations walked, either way; empty for all.
	Rels []Rel
	// Kinds, when not empty, are the only kinds met besides the centre or ends.
	Kinds []Kind
	// Length is the greatest number of edges from the centre, or between the
	// two ends.
	Length int
	// Hub is the number of edges (over Rels) beyond which a node is met but
	// not walked through; 0 for no bound. The centre and the ends are exempt.
	Hub int
	// Limit bounds the nodes of the answer; 0 for no bound.
	Limit int
	// NodeProps and EdgeProps are as in Step.
	NodeProps []string
	EdgeProps []string
}

// Subgraph is a set of nodes and of edges between them.
type Subgraph struct {
	// Nodes are ordered by distance from the centre (or from `from`), then id.
	Nodes []Node
	// Edges are ordered by id.
	Edges []Edge
	// Cut says that Limit left something out.
	Cut bool
}

// ChangeOp says what a Change does.
type ChangeOp int8

const (
	// PutNode creates or replaces a node, with its search tokens.
	PutNode ChangeOp = iota
	// PutEdge creates or replaces an edge; both ends must exist.
	PutEdge
	// DeleteNode removes a node, which must have no edges left.
	DeleteNode
	// DeleteEdge removes an edge.
	DeleteEdge
)

// Change is one write.
type Change struct {
	Op   ChangeOp
	Node Node // PutNode; DeleteNode reads its ID and Kind
	Edge Edge // PutEdge; DeleteEdge reads its ID and Rel
	// Tokens are the words indexed for a put node, by the Schema's text
	// fields, parted by single spaces. They cannot be read back. A put
	// without tokens takes the node out of the index.
	Tokens map[string]string
	// IfVersion, when given, must be the present version (0: absent), else
	// the batch fails with ErrConflict.
	IfVersion *int64
}

// Tally counts what a batch of changes did.
type Tally struct {
	Created, Changed, Unchanged, Deleted int64
}

// Reader is the half of the port that asks. Every method must fail with
// ErrInvalid for a kind, relation, property or order that the Schema does not
// declare, and must obey the context.
type Reader interface {
	// Nodes must give the nodes with these ids, with all their properties;
	// absent ids are absent from the map.
	Nodes(ctx context.Context, ids []ID) (map[ID]Node, error)
	// Find must give a page of the nodes of these kinds that pass the filter,
	// with all their properties. No kinds: every kind that is not internal.
	Find(ctx context.Context, kinds []Kind, f Filter, p Paging) (Page[Node], error)
	// Edges must give a page of the edges of these relations (none: all) that
	// pass the filter, with all their properties.
	Edges(ctx context.Context, rels []Rel, f Filter, p Paging) (Page[Edge], error)
	// Expand must give, for each parent that exists, a page for each step of
	// the tree, in the tree's order. Absent parents are absent from the map.
	Expand(ctx context.Context, from []ID, tree []Step) (map[ID][]Page[Hop], error)
	// Search must answer each query, in order. Hits carry their Degree.
	Search(ctx context.Context, qs []Query) ([]Result, error)
	// Words must give, for each word, up to limit indexed words of the first
	// text field that share trigrams with it (of the word between two spaces),
	// most shared first, ties bytewise.
	Words(ctx context.Context, near []string, limit int) (map[string][]string, error)
	// Path must give every edge (u, v) for which distance(from, u) + 1 +
	// distance(v, to) is at most r.Length, or the same with u and v swapped,
	// and the nodes on them; an empty Subgraph where there is no route, and
	// ErrNotFound where an end is absent.
	Path(ctx context.Context, from, to ID, r Reach) (Subgraph, error)
	// Neighbourhood must give the nodes at most r.Length edges from the
	// centre, the centre first, and every edge of r.Rels between them.
	// ErrNotFound where the centre is absent.
	Neighbourhood(ctx context.Context, centre ID, r Reach) (Subgraph, error)
	// Stamp must give a value that no earlier call of this Reader gave if a
	// batch that changed something was written in between, through whichever
	// Store of the same database; what is read after the call must not be
	// older than the value. Where nothing was written it should stay the same.
	Stamp(ctx context.Context) (string, error)
}

// Store is a database that holds one graph. It must be safe for concurrent
// use.
type Store interface {
	Reader
	// Apply must write all the changes, in order, or none. A change that
	// cannot be made must be reported as a *ChangeError. A put that changes
	// nothing, tokens included, must count as unchanged and keep the version.
	Apply(ctx context.Context, batch []Change) (Tally, error)
	// Ping must fail with ErrUnavailable while the database cannot answer.
	Ping(ctx context.Context) error
	// Info describes the database for an operator.
	Info(ctx context.Context) (Info, error)
	// Close ends the store's use; what was acknowledged stays.
	Close(ctx context.Context) error
}

// Info describes a database for an operator: nothing in it is secret.
type Info struct {
	// Engine is the database's name and version, for example "SQLite 3.53.0".
	Engine string
	// Migration is the number of the newest migration applied.
	Migration int
	// Problems are what a check of the database found; none when it is sound.
	Problems []string
}

// SortKey gives the form in which a sortable value stands in a Position: a
// string as it is, a time in UTC with fixed width, an absent value as "".
func SortKey(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case time.Time:
		return v.UTC().Format("2006-01-02T15:04:05.000000Z")
	}
	return ""
}
