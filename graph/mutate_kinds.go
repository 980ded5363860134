package graph

import (
	"context"

	"coopgraph/graph/model"
	"coopgraph/ontology"
)

// The mutations of each kind are one: see mutate_thing.go.

func (m *mutation) CreateOrganisation(ctx context.Context, input map[string]any) (*model.OrganisationPayload, error) {
	t, wrong, err := m.create(ctx, ontology.Organisation, "organisation", input)
	x, _ := t.(*model.Organisation)
	return &model.OrganisationPayload{Organisation: x, UserErrors: wrong}, err
}

func (m *mutation) UpdateOrganisation(ctx context.Context, input map[string]any) (*model.OrganisationPayload, error) {
	t, wrong, err := m.update(ctx, ontology.Organisation, "organisation", input)
	x, _ := t.(*model.Organisation)
	return &model.OrganisationPayload{Organisation: x, UserErrors: wrong}, err
}

func (m *mutation) CreatePerson(ctx context.Context, input map[string]any) (*model.PersonPayload, error) {
	t, wrong, err := m.create(ctx, ontology.Person, "person", input)
	x, _ := t.(*model.Person)
	return &model.PersonPayload{Person: x, UserErrors: wrong}, err
}

func (m *mutation) UpdatePerson(ctx context.Context, input map[string]any) (*model.PersonPayload, error) {
	t, wrong, err := m.update(ctx, ontology.Person, "person", input)
	x, _ := t.(*model.Person)
	return &model.PersonPayload{Person: x, UserErrors: wrong}, err
}

func (m *mutation) CreatePost(ctx context.Context, input map[string]any) (*model.PostPayload, error) {
	t, wrong, err := m.create(ctx, ontology.Post, "post", input)
	x, _ := t.(*model.Post)
	return &model.PostPayload{Post: x, UserErrors: wrong}, err
}

func (m *mutation) UpdatePost(ctx context.Context, input map[string]any) (*model.PostPayload, error) {
	t, wrong, err := m.update(ctx, ontology.Post, "post", input)
	x, _ := t.(*model.Post)
	return &model.PostPayload{Post: x, UserErrors: wrong}, err
}

func (m *mutation) CreateProject(ctx context.Context, input map[string]any) (*model.ProjectPayload, error) {
	t, wrong, err := m.create(ctx, ontology.Project, "project", input)
	x, _ := t.(*model.Project)
	return &model.ProjectPayload{Project: x, UserErrors: wrong}, err
}

func (m *mutation) UpdateProject(ctx context.Context, input map[string]any) (*model.ProjectPayload, error) {
	t, wrong, err := m.update(ctx, ontology.Project, "project", input)
	x, _ := t.(*model.Project)
	return &model.ProjectPayload{Project: x, UserErrors: wrong}, err
}

func (m *mutation) CreateTheme(ctx context.Context, input map[string]any) (*model.ThemePayload, error) {
	t, wrong, err := m.create(ctx, ontology.Theme, "theme", input)
	x, _ := t.(*model.Theme)
	return &model.ThemePayload{Theme: x, UserErrors: wrong}, err
}

func (m *mutation) UpdateTheme(ctx context.Context, input map[string]any) (*model.ThemePayload, error) {
	t, wrong, err := m.update(ctx, ontology.Theme, "theme", input)
	x, _ := t.(*model.Theme)
	return &model.ThemePayload{Theme: x, UserErrors: wrong}, err
}

func (m *mutation) CreateInstrument(ctx context.Context, input map[string]any) (*model.InstrumentPayload, error) {
	t, wrong, err := m.create(ctx, ontology.Instrument, "instrument", input)
	x, _ := t.(*model.Instrument)
	return &model.InstrumentPayload{Instrument: x, UserErrors: wrong}, err
}

func (m *mutation) UpdateInstrument(ctx context.Context, input map[string]any) (*model.InstrumentPayload, error) {
	t, wrong, err := m.update(ctx, ontology.Instrument, "instrument", input)
	x, _ := t.(*model.Instrument)
	return &model.InstrumentPayload{Instrument: x, UserErrors: wrong}, err
}

func (m *mutation) CreateEvent(ctx context.Context, input map[string]any) (*model.EventPayload, error) {
	t, wrong, err := m.create(ctx, ontology.Event, "event", input)
	x, _ := t.(*model.Event)
	return &model.EventPayload{Event: x, UserErrors: wrong}, err
}

func (m *mutation) UpdateEvent(ctx context.Context, input map[string]any) (*model.EventPayload, error) {
	t, wrong, err := m.update(ctx, ontology.Event, "event", input)
	x, _ := t.(*model.Event)
	return &model.EventPayload{Event: x, UserErrors: wrong}, err
}

func (m *mutation) CreatePlace(ctx context.Context, input map[string]any) (*model.PlacePayload, error) {
	t, wrong, err := m.create(ctx, ontology.Place, "place", input)
	x, _ := t.(*model.Place)
	return &model.PlacePayload{Place: x, UserErrors: wrong}, err
}

func (m *mutation) UpdatePlace(ctx context.Context, input map[string]any) (*model.PlacePayload, error) {
	t, wrong, err := m.update(ctx, ontology.Place, "place", input)
	x, _ := t.(*model.Place)
	return &model.PlacePayload{Place: x, UserErrors: wrong}, err
}
