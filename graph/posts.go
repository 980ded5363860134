package graph

import (
	"context"

	"coopgraph/graph/model"
	"coopgraph/ontology"
	"coopgraph/ontology/contact"
	"coopgraph/store"
)

// holdingKey names the last holding of a post on a day.
type holdingKey struct {
	post store.ID
	day  ontology.Day
}

// warmPosts reads the last holders, and whom to ask instead, of all the posts
// of a page at once.
func (v *view) warmPosts(ctx context.Context, r refs) error {
	if err := v.readHoldings(ctx, r.lastHolder, v.Today()); err != nil {
		return err
	}
	return v.readFallbacks(ctx, r.fallback, v.Today())
}

func (v *view) readHoldings(ctx context.Context, posts []store.ID, day ontology.Day) error {
	if len(posts) == 0 {
		return nil
	}
	holdings, err := contact.LastHolders(ctx, v.store, posts, day)
	if err != nil {
		return err
	}
	holders, factIDs := make([]store.ID, 0, len(holdings)), make([]store.ID, 0, len(holdings))
	for _, h := range holdings {
		holders, factIDs = append(holders, h.Node), append(factIDs, h.Fact.ID)
	}
	if err := v.warm(ctx, holders); err != nil {
		return err
	}
	facts, err := v.factsByID(ctx, factIDs, want{sources: true})
	if err != nil {
		return err
	}
	for _, post := range posts {
		var edge *model.AgentEdge
		if h, ok := holdings[post]; ok {
			t, err := v.Thing(ctx, h.Node)
			if err != nil {
				return err
			}
			if a, ok := t.(model.Agent); ok {
				edge = &model.AgentEdge{Cursor: encodeCursor("Post.lastHolder", store.Position{ID: h.Fact.ID}), Node: a, Fact: facts[h.Fact.ID]}
			}
		}
		v.mu.Lock()
		v.holdings[holdingKey{post, day}] = edge
		v.mu.Unlock()
	}
	return nil
}

// LastHolder gives the holding last attested, where there is no current one.
func (v *view) LastHolder(ctx context.Context, of *model.Base, day ontology.Day) (*model.AgentEdge, error) {
	key := holdingKey{of.T.ID, day}
	v.mu.Lock()
	edge, known := v.holdings[key]
	v.mu.Unlock()
	if known {
		return edge, nil
	}
	if err := v.readHoldings(ctx, []store.ID{of.T.ID}, day); err != nil {
		return nil, err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.holdings[key], nil
}

func (v *view) readFallbacks(ctx context.Context, posts []store.ID, day ontology.Day) error {
	if len(posts) == 0 {
		return nil
	}
	fallbacks, err := contact.Fallbacks(ctx, v.store, posts, day)
	if err != nil {
		return err
	}
	ids := make([]store.ID, 0, len(fallbacks))
	v.mu.Lock()
	for _, post := range posts {
		v.fallbacks[post] = fallbacks[post]
		ids = append(ids, fallbacks[post])
	}
	v.mu.Unlock()
	return v.warm(ctx, ids)
}

// Fallback gives whom to ask instead of a post's holder.
func (v *view) Fallback(ctx context.Context, of *model.Base, day ontology.Day) (model.Thing, error) {
	v.mu.Lock()
	id, known := v.fallbacks[of.T.ID]
	v.mu.Unlock()
	if !known {
		if err := v.readFallbacks(ctx, []store.ID{of.T.ID}, day); err != nil {
			return nil, err
		}
		v.mu.Lock()
		id = v.fallbacks[of.T.ID]
		v.mu.Unlock()
	}
	if id == "" {
		return nil, nil //nolint:nilnil // GraphQL's null
	}
	return v.Thing(ctx, id)
}
