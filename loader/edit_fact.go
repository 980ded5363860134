package loader

import (
	"context"
	"fmt"

	"coopgraph/ontology"
	"coopgraph/store"
)

// Record enters a fact. Its ends, and its basis where there is one, are given
// by id.
func (e *Editor) Record(ctx context.Context, q Request, c ontology.FactClaim, cite Cite) (Outcome, error) {
	if err := c.Validate(); err != nil {
		return Outcome{}, err
	}
	return e.once(ctx, q, func(f *folding) (Outcome, error) {
		id, err := e.record(ctx, f, c, cite)
		return Outcome{ID: id}, err
	})
}

func (e *Editor) record(ctx context.Context, f *folding, c ontology.FactClaim, cite Cite) (store.ID, error) {
	kinds := map[store.ID]store.Kind{}
	for _, ref := range c.Refs() {
		n, err := e.thing(ctx, ref.ID)
		if err != nil {
			return "", fmt.Errorf("%s: %w", ref.ID, err)
		}
		*ref = ontology.Ref{ID: n.ID}
		kinds[n.ID] = n.Kind
	}
	if err := checkEnds(c, kinds); err != nil {
		return "", err
	}
	c.Cites, c.Deleted = []ontology.Citation{cite.citation()}, false
	id := c.FactID()
	return id, e.save(ctx, f, "fact/"+string(id), cite, func(r *ontology.SourceRecord) error {
		r.Claims.Facts = []ontology.FactClaim{c}
		return nil
	})
}

// DeleteFact takes a fact away: what lists say of it is kept and not shown. It
// must have the version, else it fails with store.ErrConflict.
func (e *Editor) DeleteFact(ctx context.Context, q Request, id store.ID, version int64) (Outcome, error) {
	return e.once(ctx, q, func(f *folding) (Outcome, error) {
		edge, err := e.fact(ctx, id, version)
		if err != nil {
			return Outcome{}, err
		}
		return Outcome{ID: edge.ID}, e.withdraw(ctx, f, edge)
	})
}

// UpdateFact replaces a fact by one with other dates, role, basis or ends: its
// former id resolves to the new one's. It must have the version, else it fails
// with store.ErrConflict.
func (e *Editor) UpdateFact(ctx context.Context, q Request, id store.ID, version int64, c ontology.FactClaim, cite Cite) (Outcome, error) {
	if err := c.Validate(); err != nil {
		return Outcome{}, err
	}
	return e.once(ctx, q, func(f *folding) (Outcome, error) {
		edge, err := e.fact(ctx, id, version)
		if err != nil {
			return Outcome{}, err
		}
		fresh, err := e.record(ctx, f, c, cite)
		if err != nil {
			return Outcome{}, err
		}
		if fresh == edge.ID {
			return Outcome{ID: fresh}, nil
		}
		f.former[fresh] = append(f.former[fresh], string(edge.ID))
		return Outcome{ID: fresh, Other: edge.ID}, e.withdraw(ctx, f, edge)
	})
}

// withdraw enters that a fact is not to be shown.
func (e *Editor) withdraw(ctx context.Context, f *folding, edge store.Edge) error {
	fact, err := ontology.FactOf(edge)
	if err != nil {
		return err
	}
	c := ontology.FactClaim{
		Relation: edge.Rel, Subject: ontology.Ref{ID: edge.From}, Object: ontology.Ref{ID: edge.To},
		Role: fact.Role, From: fact.From, To: fact.To, Deleted: true,
	}
	if fact.Basis != "" {
		c.Basis = &ontology.Ref{ID: fact.Basis}
	}
	return e.save(ctx, f, "fact/"+string(edge.ID), Cite{}, func(r *ontology.SourceRecord) error {
		r.Claims.Facts = []ontology.FactClaim{c}
		return nil
	})
}

// fact reads a fact by its id or one that it once had. A version of 0 is any.
func (e *Editor) fact(ctx context.Context, id store.ID, version int64) (store.Edge, error) {
	for _, filter := range []store.Filter{{IDs: []store.ID{id}}, anyOf("formerIds", []any{string(id)})} {
		page, err := e.Store.Edges(ctx, nil, filter, store.Paging{})
		if err != nil {
			return store.Edge{}, fmt.Errorf("read a fact: %w", err)
		}
		if len(page.Items) == 0 {
			continue
		}
		edge := page.Items[0]
		if version != 0 && edge.Version != version {
			return edge, fmt.Errorf("%w: the version is %d", store.ErrConflict, edge.Version)
		}
		return edge, nil
	}
	return store.Edge{}, fmt.Errorf("%w: no fact has this id", store.ErrNotFound)
}

// Confirm notes that a thing or a fact was found right today.
func (e *Editor) Confirm(ctx context.Context, q Request, id store.ID) (Outcome, error) {
	return e.once(ctx, q, func(f *folding) (Outcome, error) {
		if ontology.IsFactID(id) {
			edge, err := e.fact(ctx, id, 0)
			if err != nil {
				return Outcome{}, err
			}
			version := edge.Version
			confirm(edge.Props, f, e.By)
			f.changes = append(f.changes, store.Change{Op: store.PutEdge, Edge: edge, IfVersion: &version})
			f.touched = append(f.touched, Touch{ID: edge.ID, Op: OpConfirmed})
			return Outcome{ID: edge.ID}, nil
		}
		node, err := e.thing(ctx, id)
		if err != nil {
			return Outcome{}, err
		}
		tokens, err := ontology.TokensOf(node)
		if err != nil {
			return Outcome{}, err
		}
		version := node.Version
		confirm(node.Props, f, e.By)
		f.changes = append(f.changes, store.Change{Op: store.PutNode, Node: node, Tokens: tokens, IfVersion: &version})
		f.touched = append(f.touched, Touch{ID: node.ID, Op: OpConfirmed})
		return Outcome{ID: node.ID}, nil
	})
}

func confirm(p store.Props, f *folding, by string) {
	p["confirmedAt"], p["confirmedBy"] = f.now, by
}
