package neo4j

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"coopgraph/store"
)

// nodeState is a node as the changes of a batch so far have left it. Version 0
// stands for an absent one.
type nodeState struct {
	kind    store.Kind
	version int64
	props   store.Props
	// text is the hash of the indexed tokens, "" where there are none; tokens
	// are those to be indexed, where they differ from the stored ones.
	text   string
	tokens map[string]string
	// edges is the number of edges at the node, known where the batch deletes it.
	edges int64
}

// edgeState is an edge as the changes of a batch so far have left it.
type edgeState struct {
	rel      store.Rel
	from, to store.ID
	version  int64
	props    store.Props
}

// batch plays the changes on the state of what they name, as it stood in the
// database. What is to be written is the difference between the two states.
type batch struct {
	cat *catalog
	// nodes and edges are the states, nodeWas and edgeWas those in the
	// database, and the elements the database's names for what is there.
	nodes, nodeWas map[store.ID]nodeState
	edges, edgeWas map[store.ID]edgeState
	nodeElements   map[store.ID]string
	edgeElements   map[store.ID]string
	// read are the ids of nodes that were looked up, there or not. With
	// readsEnds those of the edges' ends are among them; otherwise an end that
	// is not is held to be a thing that is there.
	read      map[store.ID]bool
	readsEnds bool
	// guessed says that an end was held to be there.
	guessed bool
	tally   store.Tally
}

func newBatch(c *catalog) *batch {
	return &batch{
		cat: c, nodes: map[store.ID]nodeState{}, nodeWas: map[store.ID]nodeState{},
		edges: map[store.ID]edgeState{}, edgeWas: map[store.ID]edgeState{},
		nodeElements: map[store.ID]string{}, edgeElements: map[store.ID]string{}, read: map[store.ID]bool{},
	}
}

// errAbsentEnd: an end of an edge that was held to be there is not.
var errAbsentEnd = fmt.Errorf("%w: an end of an edge is absent", store.ErrInvalid)

// absent says whether an edge cannot end at the node.
func (b *batch) absent(id store.ID) bool {
	if n, ok := b.nodes[id]; ok {
		return n.version == 0
	}
	if b.readsEnds || b.read[id] {
		return true
	}
	b.guessed = true
	return false
}

// label is the one under which the node's id is unique.
func (b *batch) label(id store.ID) string {
	if b.cat.kinds[b.nodes[id].kind].Internal {
		return internal
	}
	return thing
}

// play makes one change after the other and stops at the first that cannot be
// made. It fails with errAbsentEnd where that may not be the first, since an end
// was held to be there.
func (b *batch) play(changes []store.Change) error {
	for i, ch := range changes {
		if err := b.change(ch); err != nil {
			if b.guessed {
				return errAbsentEnd
			}
			return &store.ChangeError{Index: i, Err: err}
		}
	}
	return nil
}

func (b *batch) change(ch store.Change) error {
	switch ch.Op {
	case store.PutNode:
		return b.putNode(ch)
	case store.PutEdge:
		return b.putEdge(ch)
	case store.DeleteNode:
		return b.deleteNode(ch)
	case store.DeleteEdge:
		return b.deleteEdge(ch)
	}
	return fmt.Errorf("%w: operation %d", store.ErrInvalid, ch.Op)
}

func (b *batch) putNode(ch store.Change) error {
	kind, err := b.cat.kind(ch.Node.Kind)
	if err != nil {
		return err
	}
	if err := checkID(ch.Node.ID); err != nil {
		return err
	}
	n := b.nodes[ch.Node.ID]
	if err := checkVersion(ch, n.version); err != nil {
		return err
	}
	if n.version > 0 && n.kind != ch.Node.Kind {
		return fmt.Errorf("%w: the node is a %s, not a %s", store.ErrInvalid, n.kind, ch.Node.Kind)
	}
	if err := checkValues(ch.Node.Props, kind.Props); err != nil {
		return err
	}
	hash, err := b.cat.hash(kind, ch.Tokens)
	if err != nil {
		return err
	}
	same := n.version > 0 && equalProps(n.props, ch.Node.Props)
	switch {
	case same && n.text == hash:
		b.tally.Unchanged++
		return nil
	case same && tokensOf(n.text) == tokensOf(hash):
		// The same words by another analysis: only that is to be noted.
		b.tally.Unchanged++
		n.version--
	case n.version == 0:
		b.tally.Created++
	default:
		b.tally.Changed++
	}
	if n.text != hash {
		n.text, n.tokens = hash, ch.Tokens
	}
	n.kind, n.version, n.props = ch.Node.Kind, n.version+1, ch.Node.Props
	b.nodes[ch.Node.ID] = n
	return nil
}

func (b *batch) deleteNode(ch store.Change) error {
	n := b.nodes[ch.Node.ID]
	if err := checkVersion(ch, n.version); err != nil {
		return err
	}
	if n.version == 0 || n.kind != ch.Node.Kind {
		return fmt.Errorf("%w: no such %s", store.ErrNotFound, ch.Node.Kind)
	}
	if n.edges > 0 {
		return fmt.Errorf("%w: the node has edges", store.ErrInvalid)
	}
	b.nodes[ch.Node.ID] = nodeState{}
	b.tally.Deleted++
	return nil
}

func (b *batch) putEdge(ch store.Change) error {
	if _, ok := b.cat.rels[ch.Edge.Rel]; !ok {
		return fmt.Errorf("%w: relation %q is not declared", store.ErrInvalid, ch.Edge.Rel)
	}
	if err := checkID(ch.Edge.ID); err != nil {
		return err
	}
	e := b.edges[ch.Edge.ID]
	if err := checkVersion(ch, e.version); err != nil {
		return err
	}
	if e.version > 0 && e.rel != ch.Edge.Rel {
		return fmt.Errorf("%w: the edge is a %s, not a %s", store.ErrInvalid, e.rel, ch.Edge.Rel)
	}
	if b.absent(ch.Edge.From) || b.absent(ch.Edge.To) {
		return fmt.Errorf("%w: an end of the edge is absent", store.ErrInvalid)
	}
	if err := checkValues(ch.Edge.Props, b.cat.schema.EdgeProps); err != nil {
		return err
	}
	if err := checkTerms(ch.Edge.Props, b.cat.schema.EdgeProps); err != nil {
		return err
	}
	switch {
	case e.version == 0:
		b.tally.Created++
	case e.from == ch.Edge.From && e.to == ch.Edge.To && equalProps(e.props, ch.Edge.Props):
		b.tally.Unchanged++
		return nil
	default:
		b.tally.Changed++
		b.join(e, -1)
	}
	e = edgeState{ch.Edge.Rel, ch.Edge.From, ch.Edge.To, e.version + 1, ch.Edge.Props}
	b.edges[ch.Edge.ID] = e
	b.join(e, 1)
	return nil
}

func (b *batch) deleteEdge(ch store.Change) error {
	e := b.edges[ch.Edge.ID]
	if err := checkVersion(ch, e.version); err != nil {
		return err
	}
	if e.version == 0 || e.rel != ch.Edge.Rel {
		return fmt.Errorf("%w: no such %s", store.ErrNotFound, ch.Edge.Rel)
	}
	b.join(e, -1)
	b.edges[ch.Edge.ID] = edgeState{}
	b.tally.Deleted++
	return nil
}

// join counts an edge at its ends, one from a node to itself once.
func (b *batch) join(e edgeState, by int64) {
	for i, id := range []store.ID{e.from, e.to} {
		if i == 1 && e.from == e.to {
			return
		}
		if n, ok := b.nodes[id]; ok {
			n.edges += by
			b.nodes[id] = n
		}
	}
}

func checkVersion(ch store.Change, present int64) error {
	if ch.IfVersion != nil && *ch.IfVersion != present {
		return fmt.Errorf("%w: version %d is not %d", store.ErrConflict, present, *ch.IfVersion)
	}
	return nil
}

func checkID(id store.ID) error {
	if id == "" || !utf8.ValidString(string(id)) {
		return fmt.Errorf("%w: an id is empty or not UTF-8", store.ErrInvalid)
	}
	return nil
}

func checkValues(props store.Props, declared []store.Prop) error {
	if err := store.CheckProps(props, declared); err != nil {
		return err
	}
	for name, v := range props {
		if err := checkText(v); err != nil {
			return fmt.Errorf("property %q: %w", name, err)
		}
	}
	return nil
}

// maxTerm is the length in bytes of the longest value that Lucene takes. One
// that is longer would not fail the write, but stop the database at its commit.
const maxTerm = 32_766

// checkTerms reports a value of an edge that its index cannot hold.
func checkTerms(props store.Props, declared []store.Prop) error {
	for _, p := range declared {
		if !p.Lookup {
			continue
		}
		values, _ := props[p.Name].([]string)
		if s, ok := props[p.Name].(string); ok {
			values = []string{s}
		}
		for _, v := range values {
			if len(v) > maxTerm {
				return fmt.Errorf("%w: property %q is looked up and holds more than %d bytes", store.ErrInvalid, p.Name, maxTerm)
			}
		}
	}
	return nil
}

// hash tells the tokens of a node apart from others: ANALYSIS:HASH, or ""
// where there are none. Those of an internal kind are not indexed.
func (c *catalog) hash(kind store.KindDef, tokens map[string]string) (string, error) {
	for f, t := range tokens {
		if !slices.Contains(c.schema.Text, f) {
			return "", fmt.Errorf("%w: there is no text field %q", store.ErrInvalid, f)
		}
		if err := checkText(t); err != nil {
			return "", err
		}
	}
	sum, empty := sha256.New(), true
	for _, f := range c.schema.Text {
		empty = empty && strings.Trim(tokens[f], " ") == ""
		sum.Write([]byte(tokens[f]))
		sum.Write([]byte{0xff})
	}
	if empty || kind.Internal {
		return "", nil
	}
	return c.madeBy() + base64.RawStdEncoding.EncodeToString(sum.Sum(nil)[:16]), nil
}

// madeBy is how a hash starts whose tokens the schema's analysis made.
func (c *catalog) madeBy() string { return strconv.Itoa(c.schema.Analysis) + ":" }

// tokensOf gives the part of a hash that does not tell the analysis.
func tokensOf(hash string) string {
	_, tokens, _ := strings.Cut(hash, ":")
	return tokens
}
