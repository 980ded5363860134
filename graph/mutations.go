package graph

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/99designs/gqlgen/graphql"

	"coopgraph/access"
	"coopgraph/graph/generated"
	"coopgraph/graph/model"
	"coopgraph/loader"
	"coopgraph/loader/rows"
	"coopgraph/ontology"
	"coopgraph/store"
)

// Mutation gives the resolver of the root mutation fields.
func (r *Resolver) Mutation() generated.MutationResolver { return &mutation{&query{r}} }

type mutation struct{ *query }

// Needs lets a field be resolved by whoever has the right: the directive of
// the schema.
func Needs(ctx context.Context, _ any, next graphql.Resolver, right model.Right) (any, error) {
	if err := access.Require(ctx, rights[right]); err != nil {
		return nil, err
	}
	return next(ctx)
}

var rights = map[model.Right]access.Right{
	model.RightEdit: access.Edit, model.RightImport: access.Import, model.RightReadRuns: access.ReadRuns,
}

// editor gives an editor for whoever asks, who must have the right to edit:
// the directive has made sure of it, and this does again.
func (m *mutation) editor(ctx context.Context) (*loader.Editor, error) {
	if err := access.Require(ctx, access.Edit); err != nil {
		return nil, err
	}
	return &loader.Editor{Store: m.Writes, Now: m.Now, By: access.Of(ctx).Name}, nil
}

// request names what was asked under an idempotency key.
func request(ctx context.Context, key string, input any) (loader.Request, error) {
	body, err := json.Marshal(input)
	if err != nil {
		return loader.Request{}, fmt.Errorf("encode the input: %w", err)
	}
	sum := sha256.Sum256(append([]byte(graphql.GetFieldContext(ctx).Field.Name+"\x00"), body...))
	return loader.Request{Key: key, Digest: hex.EncodeToString(sum[:])}, nil
}

// userCodes is the one table from errors to what a mutation says in
// userErrors; what is not in it is an error of the request.
var userCodes = []struct {
	err  error
	code model.ErrorCode
	// field is the input's that it speaks of where nothing else says so.
	field string
}{
	{errInput, model.ErrorCodeBadUserInput, ""},
	{rows.ErrFile, model.ErrorCodeBadFile, ""},
	{rows.ErrNoInput, model.ErrorCodeBadFile, ""},
	{store.ErrInvalid, model.ErrorCodeBadUserInput, ""},
	{store.ErrNotFound, model.ErrorCodeNotFound, ""},
	{store.ErrConflict, model.ErrorCodeConflict, "version"},
	{errBusy, model.ErrorCodeConflict, ""},
	{loader.ErrBusy, model.ErrorCodeConflict, ""},
	{loader.ErrFenced, model.ErrorCodeConflict, ""},
	{loader.ErrTaken, model.ErrorCodeIdentifierTaken, "identifiers"},
	{loader.ErrKeyReused, model.ErrorCodeKeyReused, "idempotencyKey"},
}

// fieldError is an error that a field of the input is to blame for.
type fieldError struct {
	field string
	err   error
}

func (e *fieldError) Error() string { return e.err.Error() }
func (e *fieldError) Unwrap() error { return e.err }

// inField says which field of the input an error is about; nil stays nil.
func inField(field string, err error) error {
	if err == nil || field == "" {
		return err
	}
	return &fieldError{field, err}
}

// userErrors says why a mutation was not done; an error that is none of the
// user's is given back.
func userErrors(err error) ([]*model.UserError, error) {
	if err == nil {
		return []*model.UserError{}, nil
	}
	for _, c := range userCodes {
		if !errors.Is(err, c.err) {
			continue
		}
		e := &model.UserError{Message: userMessage(err), Code: c.code}
		field := c.field
		if named, ok := errors.AsType[*fieldError](err); ok && field == "" {
			field = named.field
		}
		if field != "" {
			e.Field = []string{"input", field}
		}
		return []*model.UserError{e}, nil
	}
	return nil, err
}

// userMessage is what a user is told of an error of userCodes.
func userMessage(err error) string {
	_, message, known := Classify(err)
	if !known {
		return err.Error()
	}
	// Which version the thing has is for the user; what a store says is not.
	if _, version, ok := strings.Cut(err.Error(), store.ErrConflict.Error()+": the version is "); ok {
		message += ": the version is " + version
	}
	return message
}

// written reads what a mutation has written, as the payload's field asks.
func (m *mutation) written(ctx context.Context, id store.ID, field string) (model.Thing, error) {
	v := m.view(ctx)
	if id == "" {
		return nil, nil //nolint:nilnil // GraphQL's null
	}
	nodes, err := v.resolve(ctx, []store.ID{id})
	if err != nil || nodes[id].ID == "" {
		return nil, err
	}
	things, err := v.things(ctx, []store.Node{nodes[id]}, v.planner(ctx).things(v.selected(ctx, field), nil))
	if err != nil {
		return nil, err
	}
	return things[0], nil
}

func (m *mutation) writtenFact(ctx context.Context, id store.ID) (*model.Fact, error) {
	if id == "" {
		return nil, nil //nolint:nilnil // GraphQL's null
	}
	v := m.view(ctx)
	facts, err := v.factsByID(ctx, []store.ID{id}, v.planner(ctx).facts(v.selected(ctx, "fact"), nil))
	return facts[id], err
}

// DeleteNode takes a thing away.
func (m *mutation) DeleteNode(ctx context.Context, input model.DeleteNodeInput) (*model.DeletePayload, error) {
	return m.remove(ctx, input.IdempotencyKey, input, func(e *loader.Editor, q loader.Request) (loader.Outcome, error) {
		return e.Delete(ctx, q, store.ID(input.ID), int64(input.Version))
	})
}

// DeleteFact takes a fact away.
func (m *mutation) DeleteFact(ctx context.Context, input model.DeleteFactInput) (*model.DeletePayload, error) {
	version := int64(0)
	if input.Version != nil {
		version = int64(*input.Version)
	}
	return m.remove(ctx, input.IdempotencyKey, input, func(e *loader.Editor, q loader.Request) (loader.Outcome, error) {
		return e.DeleteFact(ctx, q, store.ID(input.ID), version)
	})
}

func (m *mutation) remove(ctx context.Context, key string, input any, do func(*loader.Editor, loader.Request) (loader.Outcome, error)) (*model.DeletePayload, error) {
	out, err := m.do(ctx, key, input, do)
	p := &model.DeletePayload{DeletedID: orNull(string(out.ID))}
	p.UserErrors, err = userErrors(err)
	return p, err
}

// do makes a change under its key.
func (m *mutation) do(ctx context.Context, key string, input any, do func(*loader.Editor, loader.Request) (loader.Outcome, error)) (loader.Outcome, error) {
	e, err := m.editor(ctx)
	if err != nil {
		return loader.Outcome{}, err
	}
	q, err := request(ctx, key, input)
	if err != nil {
		return loader.Outcome{}, err
	}
	// What was done stays the answer, whatever became of it since.
	out, known, err := e.Earlier(ctx, q)
	if err == nil && !known {
		out, err = do(e, q)
	}
	if err != nil {
		return loader.Outcome{}, err
	}
	return out, nil
}

// Confirm notes that a thing or a fact was found right.
func (m *mutation) Confirm(ctx context.Context, input model.ConfirmInput) (*model.ConfirmPayload, error) {
	out, err := m.do(ctx, input.IdempotencyKey, input, func(e *loader.Editor, q loader.Request) (loader.Outcome, error) {
		return e.Confirm(ctx, q, store.ID(input.ID))
	})
	p := &model.ConfirmPayload{}
	if p.UserErrors, err = userErrors(inField("id", err)); err != nil {
		return nil, err
	}
	if ontology.IsFactID(out.ID) {
		p.Fact, err = m.writtenFact(ctx, out.ID)
	} else {
		p.Node, err = m.written(ctx, out.ID, "node")
	}
	return p, err
}

// Merge makes two things one.
func (m *mutation) Merge(ctx context.Context, input model.MergeInput) (*model.MergePayload, error) {
	dry := input.DryRun != nil && *input.DryRun
	out, err := m.do(ctx, input.IdempotencyKey, input, func(e *loader.Editor, q loader.Request) (loader.Outcome, error) {
		return e.Merge(ctx, q, store.ID(input.Keep), store.ID(input.Merge), dry)
	})
	p := &model.MergePayload{DryRun: dry, MergedID: orNull(string(out.Other))}
	if p.UserErrors, err = userErrors(err); err != nil {
		return nil, err
	}
	p.Node, err = m.written(ctx, out.ID, "node")
	return p, err
}

// NotTheSame tells two things apart for good.
func (m *mutation) NotTheSame(ctx context.Context, input model.NotTheSameInput) (*model.NotTheSamePayload, error) {
	_, err := m.do(ctx, input.IdempotencyKey, input, func(e *loader.Editor, q loader.Request) (loader.Outcome, error) {
		return e.NotTheSame(ctx, q, store.ID(input.A), store.ID(input.B))
	})
	p := &model.NotTheSamePayload{}
	p.UserErrors, err = userErrors(err)
	return p, err
}
