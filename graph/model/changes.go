package model

import (
	"context"
	"time"

	"coopgraph/ontology/match"
	"coopgraph/store"
)

// Duplicate is a pair of things that may be the same.
type Duplicate struct {
	ID      string
	Score   float64
	Reasons []*DuplicateReason
	AID     store.ID
	BID     store.ID
	Load    Loader
}

// A reads the one.
func (d *Duplicate) A(ctx context.Context) (Thing, error) { return d.end(ctx, d.AID) }

// B reads the other.
func (d *Duplicate) B(ctx context.Context) (Thing, error) { return d.end(ctx, d.BID) }

func (d *Duplicate) end(ctx context.Context, id store.ID) (Thing, error) {
	t, err := d.Load.Thing(ctx, id)
	if err == nil && t == nil {
		err = store.ErrNotFound
	}
	return t, err
}

// DuplicateReason is a reason why two things may be the same.
type DuplicateReason struct {
	Reason match.Reason
	Load   Loader
}

// Text is the reason in the reader's language.
func (r *DuplicateReason) Text(language *Language) string {
	return r.Reason.Text(r.Load.Language(language))
}

// Weight is what the reason adds to the score.
func (r *DuplicateReason) Weight() float64 { return r.Reason.Weight }

// Change is one thing or fact that was written.
type Change struct {
	ID        string
	Operation Operation
	At        time.Time
	By        *string
	Run       *string
	Into      *string
	Load      Loader
}

// Node reads the thing or fact as it is; nil where it is gone.
func (c *Change) Node(ctx context.Context) (Node, error) { return c.Load.Anything(ctx, store.ID(c.ID)) }

// HistoryStep is one step in a thing's history.
type HistoryStep struct {
	At          time.Time
	By          *string
	Run         *string
	SourceID    store.ID
	Differences []*Difference
	Load        Loader
}

// Source reads the list, or what people entered.
func (h *HistoryStep) Source(ctx context.Context) (*Source, error) {
	return h.Load.Source(ctx, h.SourceID)
}

// History says who or what said what of the thing, the newest first.
func (b *Base) History(ctx context.Context, first *int) ([]*HistoryStep, error) {
	return b.Load.History(ctx, b, first)
}
