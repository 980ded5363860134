package graph

import (
	"context"
	"fmt"
	"sync"

	"coopgraph/graph/model"
	"coopgraph/ontology"
	"coopgraph/store"
)

// view is what one root field is answered with: the store, the reader's
// language, the day, and what has been read ahead. It is the Loader that
// things carry.
type view struct {
	store    store.Reader
	language string
	today    ontology.Day
	// asOf is the day that connections without an asOf of their own are cut
	// to; "" where they are not.
	asOf ontology.Day
	// known says that whoever asks has shown a token: they see who wrote what.
	known bool

	mu    sync.Mutex
	nodes map[store.ID]store.Node
	// shown are those of the nodes that were shown as the end of a fact: the
	// same thing often is the end of many.
	shown     map[store.ID]model.Thing
	holdings  map[holdingKey]*model.AgentEdge
	fallbacks map[store.ID]store.ID
	// stated are facts that were read ahead by their ids.
	stated map[store.ID]*model.Fact
}

// Who gives a name of whoever wrote something to those who have shown a token.
func (v *view) Who(name string) *string {
	if !v.known {
		return nil
	}
	return orNull(name)
}

// Today is the day of statuses.
func (v *view) Today() ontology.Day {
	if v.asOf != "" {
		return v.asOf
	}
	return v.today
}

// Language resolves an argument.
func (v *view) Language(l *model.Language) string {
	if l == nil {
		return v.language
	}
	return languageCode(*l)
}

// warm reads nodes that will be asked for, in one statement.
func (v *view) warm(ctx context.Context, ids []store.ID) error {
	v.mu.Lock()
	var missing []store.ID
	seen := map[store.ID]bool{}
	for _, id := range ids {
		if _, ok := v.nodes[id]; !ok && id != "" && !seen[id] {
			seen[id] = true
			missing = append(missing, id)
		}
	}
	v.mu.Unlock()
	if len(missing) == 0 {
		return nil
	}
	nodes, err := v.store.Nodes(ctx, missing)
	if err != nil {
		return fmt.Errorf("read %d nodes: %w", len(missing), err)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, id := range missing {
		v.nodes[id] = nodes[id] // the zero node where it is absent
	}
	return nil
}

// node gives a node, from what was read ahead if it is there; the zero node
// where it is absent.
func (v *view) node(ctx context.Context, id store.ID) (store.Node, error) {
	if err := v.warm(ctx, []store.ID{id}); err != nil {
		return store.Node{}, err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.nodes[id], nil
}

// Thing reads a thing; nil where it is absent.
func (v *view) Thing(ctx context.Context, id store.ID) (model.Thing, error) {
	v.mu.Lock()
	t, ok := v.shown[id]
	v.mu.Unlock()
	if ok {
		return t, nil
	}
	n, err := v.node(ctx, id)
	if err != nil || n.ID == "" {
		return nil, err
	}
	if t, err = v.thing(n, nil); err != nil {
		return nil, err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.shown[id] = t
	return t, nil
}

// know keeps nodes, and the same as the API shows them, for facts that they
// are the ends of. They must have been read with all that is asked of these.
func (v *view) know(nodes []store.Node, things []model.Thing) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for i, n := range nodes {
		v.nodes[n.ID], v.shown[n.ID] = n, things[i]
	}
}

// Source reads a document.
func (v *view) Source(ctx context.Context, id store.ID) (*model.Source, error) {
	n, err := v.node(ctx, id)
	if err != nil {
		return nil, err
	}
	if n.Kind != ontology.Source {
		return nil, fmt.Errorf("source %s: %w", id, store.ErrNotFound)
	}
	return model.SourceOf(ontology.DocumentOf(n)), nil
}

// thing gives a node as the API shows it, with what was read below it. A node
// that is no thing gives nil.
func (v *view) thing(n store.Node, below *tree) (model.Thing, error) {
	t, err := ontology.ThingOf(n)
	if err != nil {
		return nil, err
	}
	return model.NewThing(model.Base{T: t, Load: v, Tree: below}), nil
}

// things gives nodes as the API shows them, with everything that the branch
// asks for below them, in one Expand and one read of what that refers to.
func (v *view) things(ctx context.Context, nodes []store.Node, b *branch) ([]model.Thing, error) {
	pages := map[store.ID][]store.Page[store.Hop]{}
	if len(b.steps) > 0 && len(nodes) > 0 {
		ids := make([]store.ID, len(nodes))
		for i, n := range nodes {
			ids[i] = n.ID
		}
		var err error
		if pages, err = v.store.Expand(ctx, ids, b.steps); err != nil {
			return nil, fmt.Errorf("expand %d things: %w", len(ids), err)
		}
	}
	var refs refs
	out := make([]model.Thing, 0, len(nodes))
	for _, n := range nodes {
		t, err := v.thing(n, &tree{branch: b, pages: pages[n.ID]})
		if err != nil {
			return nil, err
		}
		out = append(out, t)
		if err := b.collect(n, pages[n.ID], &refs); err != nil {
			return nil, err
		}
	}
	return out, v.warmRefs(ctx, refs)
}

// warmRefs reads what was found to be referred to.
func (v *view) warmRefs(ctx context.Context, r refs) error {
	if err := v.warm(ctx, r.nodes); err != nil {
		return err
	}
	return v.warmPosts(ctx, r)
}
