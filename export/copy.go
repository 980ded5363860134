package export

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"time"

	"coopgraph/ontology"
	"coopgraph/store"
)

// ErrDiffers says that a copy is not what was copied.
var ErrDiffers = errors.New("the copy differs from the original")

// Copied says how far a copy is: what has been written, or on the way of
// checking it, what has been read of both stores.
type Copied struct {
	Nodes, Edges int64
	// Checking says that all is written and is being compared.
	Checking bool
}

// copiedKinds are the kinds that a copy has: all but leases, which belong to
// running loads, and tokens, which are a store's own keys.
func copiedKinds() []store.Kind {
	var kinds []store.Kind
	for _, k := range ontology.Schema().Kinds {
		if k.Kind != ontology.Lease && k.Kind != ontology.Token {
			kinds = append(kinds, k.Kind)
		}
	}
	return kinds
}

// Copy writes all of a graph into an empty store, internal kinds included but
// for leases and tokens, and then compares both. Versions begin anew. progress
// may be nil. It fails with ErrNotEmpty, with ErrDiffers, and with the errors of
// the stores and of the context.
func Copy(ctx context.Context, from store.Reader, to store.Store, progress func(Copied)) (Copied, error) {
	c := &copier{to: to, progress: progress}
	if progress == nil {
		c.progress = func(Copied) {}
	}
	for _, k := range copiedKinds() {
		page, err := to.Find(ctx, []store.Kind{k}, store.Filter{}, store.Paging{Limit: 1})
		if err != nil {
			return c.done, fmt.Errorf("look into the store: %w", err)
		}
		if len(page.Items) > 0 {
			return c.done, ErrNotEmpty
		}
	}
	for _, k := range copiedKinds() {
		if err := eachNode(ctx, from, k, store.Filter{}, func(nodes []store.Node) error { return c.nodes(ctx, nodes) }); err != nil {
			return c.done, err
		}
	}
	for _, r := range ontology.Relations() {
		if err := eachEdge(ctx, from, r.Rel, func(edges []store.Edge) error { return c.edges(ctx, edges) }); err != nil {
			return c.done, err
		}
	}
	c.done.Checking = true
	c.progress(c.done)
	return c.done, compare(ctx, from, to)
}

type copier struct {
	to       store.Store
	done     Copied
	progress func(Copied)
}

func (c *copier) nodes(ctx context.Context, nodes []store.Node) error {
	changes := make([]store.Change, len(nodes))
	for i, n := range nodes {
		changes[i] = store.Change{Op: store.PutNode, Node: store.Node{ID: n.ID, Kind: n.Kind, Props: n.Props}}
		if !ontology.IsThing(n.Kind) {
			continue
		}
		tokens, err := ontology.TokensOf(n)
		if err != nil {
			return err
		}
		changes[i].Tokens = tokens
	}
	if err := c.apply(ctx, changes); err != nil {
		return err
	}
	c.done.Nodes += int64(len(nodes))
	c.progress(c.done)
	return nil
}

func (c *copier) edges(ctx context.Context, edges []store.Edge) error {
	changes := make([]store.Change, len(edges))
	for i, e := range edges {
		e.Version = 0
		changes[i] = store.Change{Op: store.PutEdge, Edge: e}
	}
	if err := c.apply(ctx, changes); err != nil {
		return err
	}
	c.done.Edges += int64(len(edges))
	c.progress(c.done)
	return nil
}

func (c *copier) apply(ctx context.Context, changes []store.Change) error {
	if _, err := c.to.Apply(ctx, changes); err != nil {
		return fmt.Errorf("write %d changes: %w", len(changes), err)
	}
	return nil
}

// compare compares the counts and checksums of both stores, kind by kind and
// relation by relation, and names the first that differs.
func compare(ctx context.Context, a, b store.Reader) error {
	for _, k := range copiedKinds() {
		x, err := checkNodes(ctx, a, k)
		if err != nil {
			return err
		}
		y, err := checkNodes(ctx, b, k)
		if err != nil {
			return err
		}
		if x != y {
			return fmt.Errorf("%w: %s: %s, want %s", ErrDiffers, k, y, x)
		}
	}
	for _, r := range ontology.Relations() {
		x, err := checkEdges(ctx, a, r.Rel)
		if err != nil {
			return err
		}
		y, err := checkEdges(ctx, b, r.Rel)
		if err != nil {
			return err
		}
		if x != y {
			return fmt.Errorf("%w: %s: %s, want %s", ErrDiffers, r.Rel, y, x)
		}
	}
	return nil
}

// checksum counts items and hashes them in their order.
type checksum struct {
	n    int64
	hash hash.Hash
}

func (c *checksum) String() string {
	return fmt.Sprintf("%d with checksum %s", c.n, hex.EncodeToString(c.hash.Sum(nil)[:8]))
}

// add hashes an item; properties are written with their names in order, and
// times in one form whatever their zone.
func (c *checksum) add(p store.Props, keys ...string) error {
	typed := make(map[string]any, len(p))
	for name, v := range p {
		if t, ok := v.(time.Time); ok {
			v = store.SortKey(t)
		}
		typed[name] = []any{fmt.Sprintf("%T", v), v}
	}
	body, err := json.Marshal([]any{keys, typed})
	if err != nil {
		return fmt.Errorf("encode %v: %w", keys, err)
	}
	c.hash.Write(body)
	c.n++
	return nil
}

func checkNodes(ctx context.Context, r store.Reader, k store.Kind) (string, error) {
	c := &checksum{hash: sha256.New()}
	err := eachNode(ctx, r, k, store.Filter{}, func(nodes []store.Node) error {
		for _, n := range nodes {
			if err := c.add(n.Props, string(n.ID), string(n.Kind)); err != nil {
				return err
			}
		}
		return nil
	})
	return c.String(), err
}

func checkEdges(ctx context.Context, r store.Reader, rel store.Rel) (string, error) {
	c := &checksum{hash: sha256.New()}
	err := eachEdge(ctx, r, rel, func(edges []store.Edge) error {
		for _, e := range edges {
			if err := c.add(e.Props, string(e.ID), string(e.Rel), string(e.From), string(e.To)); err != nil {
				return err
			}
		}
		return nil
	})
	return c.String(), err
}
