package graph

import (
	"context"
	"fmt"

	"github.com/99designs/gqlgen/graphql"

	"coopgraph/graph/model"
	"coopgraph/ontology"
	"coopgraph/store"
)

// list answers a root list: things of a kind that pass the conditions.
func list[T any](ctx context.Context, q *query, k store.Kind, conds []store.Cond, language *model.Language, updatedFirst bool) (*model.Connection[T], error) {
	v := q.view(ctx)
	field := graphql.GetFieldContext(ctx).Field
	p := v.planner(ctx)
	a, err := pageArgs(field.ArgumentMap(p.op.Variables))
	if err != nil {
		return nil, err
	}
	order := store.Order{Prop: ontology.NameSort(v.Language(language))}
	if updatedFirst {
		order = store.Order{Prop: "updatedAt", Desc: true}
	}
	scope := field.Name + "." + order.Prop
	s, bel := &store.Step{}, &below{scope: scope}
	p.page(s, bel, field.Selections, []store.Kind{k})
	paging := store.Paging{Order: order, Limit: a.first, Count: s.Count}
	if a.after != nil {
		if paging.After, err = decodeCursor(scope, *a.after); err != nil {
			return nil, err
		}
	}
	page, err := q.Store.Find(ctx, []store.Kind{k}, store.Filter{Conds: conds}, paging)
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", field.Name, err)
	}
	h := &model.Hops{HasNext: page.More, HasPrevious: paging.After != nil, Total: int(max(page.Count, 0))}
	if h.Things, err = v.things(ctx, page.Items, bel.things); err != nil {
		return nil, err
	}
	for _, n := range page.Items {
		h.Cursors = append(h.Cursors, encodeCursor(scope, store.Position{Keys: []string{store.SortKey(n.Props[order.Prop])}, ID: n.ID}))
	}
	return model.NewConnection[T](h)
}

// among makes the condition that a property is among the values; none where no
// list was given.
func among[T ~string](prop string, values []T) ([]store.Cond, error) {
	if values == nil {
		return nil, nil
	}
	if err := checkLength(prop, values, maxFirst); err != nil {
		return nil, err
	}
	c := store.Cond{Prop: prop}
	for _, v := range values {
		c.Values = append(c.Values, string(v))
	}
	return []store.Cond{c}, nil
}

// both joins two lists of conditions.
func both(a []store.Cond, errA error, b []store.Cond, errB error) ([]store.Cond, error) {
	return append(a, b...), firstOf(errA, errB)
}

func withRole(role model.OrganisationRole) []store.Cond {
	return []store.Cond{{Prop: "roles", Values: []any{string(role)}}}
}

func byUpdate[T ~string](order *T) bool { return order != nil && string(*order) == "UPDATED_AT" }

func (q *query) Organisations(ctx context.Context, filter *model.OrganisationFilter, language *model.Language, orderBy *model.OrganisationOrder, _ *int, _ *string) (*model.OrganisationConnection, error) {
	var conds []store.Cond
	if filter != nil {
		a, errA := among("classification", filter.Classification)
		b, errB := among("roles", filter.Roles)
		var err error
		if conds, err = both(a, errA, b, errB); err != nil {
			return nil, err
		}
	}
	return list[*model.Organisation](ctx, q, ontology.Organisation, conds, language, byUpdate(orderBy))
}

func (q *query) Institutions(ctx context.Context, language *model.Language, orderBy *model.OrganisationOrder, _ *int, _ *string) (*model.OrganisationConnection, error) {
	return list[*model.Organisation](ctx, q, ontology.Organisation, withRole(model.OrganisationRoleBeneluxInstitution), language, byUpdate(orderBy))
}

func (q *query) Partners(ctx context.Context, language *model.Language, orderBy *model.OrganisationOrder, _ *int, _ *string) (*model.OrganisationConnection, error) {
	return list[*model.Organisation](ctx, q, ontology.Organisation, withRole(model.OrganisationRoleBeneluxPlusPartner), language, byUpdate(orderBy))
}

func (q *query) People(ctx context.Context, filter *model.PersonFilter, language *model.Language, orderBy *model.ThingOrder, _ *int, _ *string) (*model.PersonConnection, error) {
	var conds []store.Cond
	if filter != nil {
		var err error
		if conds, err = among("languages", filter.Languages); err != nil {
			return nil, err
		}
	}
	return list[*model.Person](ctx, q, ontology.Person, conds, language, byUpdate(orderBy))
}

func (q *query) Posts(ctx context.Context, language *model.Language, orderBy *model.ThingOrder, _ *int, _ *string) (*model.PostConnection, error) {
	return list[*model.Post](ctx, q, ontology.Post, nil, language, byUpdate(orderBy))
}

func (q *query) Projects(ctx context.Context, language *model.Language, orderBy *model.ThingOrder, _ *int, _ *string) (*model.ProjectConnection, error) {
	return list[*model.Project](ctx, q, ontology.Project, nil, language, byUpdate(orderBy))
}

func (q *query) Themes(ctx context.Context, filter *model.ThemeFilter, language *model.Language, orderBy *model.ThingOrder, _ *int, _ *string) (*model.ThemeConnection, error) {
	var conds []store.Cond
	if filter != nil {
		var err error
		if conds, err = among("scheme", filter.Scheme); err != nil {
			return nil, err
		}
	}
	return list[*model.Theme](ctx, q, ontology.Theme, conds, language, byUpdate(orderBy))
}

func (q *query) Instruments(ctx context.Context, filter *model.InstrumentFilter, language *model.Language, orderBy *model.ThingOrder, _ *int, _ *string) (*model.InstrumentConnection, error) {
	var conds []store.Cond
	if filter != nil {
		a, errA := among("type", filter.Type)
		b, errB := among("state", filter.State)
		var err error
		if conds, err = both(a, errA, b, errB); err != nil {
			return nil, err
		}
	}
	return list[*model.Instrument](ctx, q, ontology.Instrument, conds, language, byUpdate(orderBy))
}

func (q *query) Events(ctx context.Context, language *model.Language, orderBy *model.ThingOrder, _ *int, _ *string) (*model.EventConnection, error) {
	return list[*model.Event](ctx, q, ontology.Event, nil, language, byUpdate(orderBy))
}

func (q *query) Places(ctx context.Context, filter *model.PlaceFilter, language *model.Language, orderBy *model.ThingOrder, _ *int, _ *string) (*model.PlaceConnection, error) {
	var conds []store.Cond
	if filter != nil {
		var err error
		if conds, err = among("placeType", filter.PlaceType); err != nil {
			return nil, err
		}
	}
	return list[*model.Place](ctx, q, ontology.Place, conds, language, byUpdate(orderBy))
}

// single answers one thing of a kind by its id or an identifier; the zero
// value where there is none.
func single[T any](ctx context.Context, q *query, k store.Kind, id *string, identifier *model.IdentifierInput) (T, error) {
	var none T
	if (id == nil) == (identifier == nil) {
		return none, fmt.Errorf("%w: give either id or identifier", errInput)
	}
	v := q.view(ctx)
	n, err := v.find(ctx, k, id, identifier)
	if err != nil || n.Kind != k {
		return none, err
	}
	b := v.planner(ctx).things(graphql.GetFieldContext(ctx).Field.Selections, []store.Kind{k})
	things, err := v.things(ctx, []store.Node{n}, b)
	if err != nil {
		return none, err
	}
	t, _ := things[0].(T)
	return t, nil
}

// find reads one node; the zero node where there is none.
func (v *view) find(ctx context.Context, k store.Kind, id *string, identifier *model.IdentifierInput) (store.Node, error) {
	if id != nil {
		if !ontology.IsID(*id) {
			return store.Node{}, nil
		}
		nodes, err := v.resolve(ctx, []store.ID{store.ID(*id)})
		return nodes[store.ID(*id)], err
	}
	key := ontology.Identifier{Scheme: identifier.Scheme, Value: identifier.Value}.Key()
	page, err := v.store.Find(ctx, []store.Kind{k}, store.Filter{Conds: []store.Cond{{Prop: "identifiers", Values: []any{key}}}}, store.Paging{Limit: 1})
	if err != nil || len(page.Items) == 0 {
		return store.Node{}, err
	}
	return page.Items[0], nil
}

func (q *query) Organisation(ctx context.Context, id *string, identifier *model.IdentifierInput) (*model.Organisation, error) {
	return single[*model.Organisation](ctx, q, ontology.Organisation, id, identifier)
}

func (q *query) Person(ctx context.Context, id *string, identifier *model.IdentifierInput) (*model.Person, error) {
	return single[*model.Person](ctx, q, ontology.Person, id, identifier)
}

func (q *query) Post(ctx context.Context, id *string, identifier *model.IdentifierInput) (*model.Post, error) {
	return single[*model.Post](ctx, q, ontology.Post, id, identifier)
}

func (q *query) Project(ctx context.Context, id *string, identifier *model.IdentifierInput) (*model.Project, error) {
	return single[*model.Project](ctx, q, ontology.Project, id, identifier)
}

func (q *query) Theme(ctx context.Context, id *string, identifier *model.IdentifierInput) (*model.Theme, error) {
	return single[*model.Theme](ctx, q, ontology.Theme, id, identifier)
}

func (q *query) Instrument(ctx context.Context, id *string, identifier *model.IdentifierInput) (*model.Instrument, error) {
	return single[*model.Instrument](ctx, q, ontology.Instrument, id, identifier)
}

func (q *query) Event(ctx context.Context, id *string, identifier *model.IdentifierInput) (*model.Event, error) {
	return single[*model.Event](ctx, q, ontology.Event, id, identifier)
}

func (q *query) Place(ctx context.Context, id *string, identifier *model.IdentifierInput) (*model.Place, error) {
	return single[*model.Place](ctx, q, ontology.Place, id, identifier)
}
