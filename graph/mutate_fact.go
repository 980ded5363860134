package graph

import (
	"context"
	"fmt"

	"coopgraph/graph/model"
	"coopgraph/loader"
	"coopgraph/ontology"
	"coopgraph/store"
)

// RecordFact enters a fact.
func (m *mutation) RecordFact(ctx context.Context, input model.RecordFactInput) (*model.FactPayload, error) {
	c := ontology.FactClaim{
		Relation: store.Rel(input.Relation), Subject: ontology.Ref{ID: store.ID(input.Subject)}, Object: ontology.Ref{ID: store.ID(input.Object)},
		Role: value(input.Role), From: ontology.PartialDate(value(input.From)), To: ontology.PartialDate(value(input.To)),
		AttestedOn: ontology.PartialDate(value(input.AttestedOn)), Planned: value(input.Planned),
	}
	if input.Basis != nil {
		c.Basis = &ontology.Ref{ID: store.ID(*input.Basis)}
	}
	out, err := m.do(ctx, input.IdempotencyKey, input, func(e *loader.Editor, q loader.Request) (loader.Outcome, error) {
		cite, err := citeOf(input.Source)
		if err != nil {
			return loader.Outcome{}, inField("source", err)
		}
		return e.Record(ctx, q, c, cite)
	})
	return m.factPayload(ctx, out, err)
}

func (m *mutation) factPayload(ctx context.Context, out loader.Outcome, err error) (*model.FactPayload, error) {
	p := &model.FactPayload{}
	if p.UserErrors, err = userErrors(err); err != nil {
		return nil, err
	}
	p.Fact, err = m.writtenFact(ctx, out.ID)
	return p, err
}

// UpdateFact changes a fact: what the input does not name stays.
func (m *mutation) UpdateFact(ctx context.Context, input map[string]any) (*model.FactPayload, error) {
	in, err := fieldsOf(input)
	if err != nil {
		return nil, err
	}
	out, err := m.do(ctx, in.text("idempotencyKey"), in, func(e *loader.Editor, q loader.Request) (loader.Outcome, error) {
		id := store.ID(in.text("id"))
		facts, err := m.view(ctx).factsByID(ctx, []store.ID{id}, want{})
		if err != nil {
			return loader.Outcome{}, err
		}
		if facts[id] == nil {
			return loader.Outcome{}, inField("id", fmt.Errorf("%w: no fact has this id", store.ErrNotFound))
		}
		c := claimOf(facts[id].F)
		if err := in.changeFact(&c); err != nil {
			return loader.Outcome{}, err
		}
		cite, err := in.cite()
		if err != nil {
			return loader.Outcome{}, err
		}
		version, err := in.number("version")
		if err != nil {
			return loader.Outcome{}, err
		}
		return e.UpdateFact(ctx, q, id, version, c, cite)
	})
	return m.factPayload(ctx, out, err)
}

// claimOf gives what a fact says.
func claimOf(f ontology.Fact) ontology.FactClaim {
	c := ontology.FactClaim{
		Relation: f.Relation, Subject: ontology.Ref{ID: f.Subject}, Object: ontology.Ref{ID: f.Object}, Role: f.Role,
		From: f.From, To: f.To, AttestedOn: f.AttestedOn, Planned: f.Planned,
	}
	if f.Basis != "" {
		c.Basis = &ontology.Ref{ID: f.Basis}
	}
	return c
}

func (in fields) changeFact(c *ontology.FactClaim) error {
	for name, to := range map[string]*ontology.PartialDate{"from": &c.From, "to": &c.To, "attestedOn": &c.AttestedOn} {
		if in.has(name) {
			*to = ontology.PartialDate(in.text(name))
		}
	}
	if in.has("role") {
		c.Role = in.text("role")
	}
	if in.has("planned") {
		c.Planned, _ = in["planned"].(bool)
	}
	if in.has("basis") {
		c.Basis = nil
		if id := in.text("basis"); id != "" {
			c.Basis = &ontology.Ref{ID: store.ID(id)}
		}
	}
	return nil
}

// value is what a pointer points to, the zero value for nil.
func value[T any](p *T) T {
	var zero T
	if p == nil {
		return zero
	}
	return *p
}
