package graph

import (
	"context"
	"fmt"
	"strconv"

	"coopgraph/graph/guard"
	"coopgraph/graph/model"
	"coopgraph/ontology"
	"coopgraph/ontology/contact"
	"coopgraph/store"
)

// maxReasonFacts is how many facts of a reason are shown.
const maxReasonFacts = 6

// Contacts answers the main question: whom to call.
func (q *query) Contacts(ctx context.Context, about, theme, organisation, place, project *string, speaks []string, asOf *string, first *int, after *string) (*model.ContactConnection, error) {
	limit, err := between("first", first, defaultFirst, 1, maxFirst)
	if err != nil {
		return nil, err
	}
	if err := checkLength("speaks", speaks, maxFirst); err != nil {
		return nil, err
	}
	v := q.view(ctx)
	question := contact.Question{Speaks: speaks, Today: v.today, Language: v.language}
	if about != nil {
		if err := guard.CheckSearchText(*about, guard.Defaults()); err != nil {
			return nil, err
		}
		question.About = *about
	}
	if asOf != nil {
		question.AsOf = ontology.Day(*asOf)
	}
	for _, arg := range []struct {
		name string
		id   *string
		ids  *[]store.ID
	}{
		{"theme", theme, &question.Themes},
		{"organisation", organisation, &question.Organisations},
		{"place", place, &question.Places},
		{"project", project, &question.Projects},
	} {
		if arg.id == nil {
			continue
		}
		id, err := v.end(ctx, arg.name, *arg.id)
		if err != nil {
			return nil, err
		}
		*arg.ids = []store.ID{id}
	}
	asked, err := contact.Ask(ctx, q.Store, q.Memory, question)
	if err != nil {
		return nil, err
	}
	answer := asked.Answer
	v.asOf = answer.AsOf
	page, start, err := contactPage(answer.Matches, limit, after)
	if err != nil {
		return nil, err
	}
	for i := range page {
		page[i] = asked.Match(start + i)
	}
	c := &model.ContactConnection{
		AsOf: string(answer.AsOf), NotUnderstood: append([]string{}, answer.NotUnderstood...),
		TotalCount: answer.Total, Cut: answer.Cut,
		PageInfo: &model.PageInfo{HasNextPage: start+len(page) < len(answer.Matches), HasPreviousPage: after != nil},
	}
	if answer.Suggestion != "" {
		c.Suggestion = &answer.Suggestion
	}
	if err := v.understood(ctx, c, answer.Understood, page); err != nil {
		return nil, err
	}
	if c.Edges, err = v.contacts(ctx, page, start); err != nil {
		return nil, err
	}
	if n := len(c.Edges); n > 0 {
		c.PageInfo.StartCursor, c.PageInfo.EndCursor = &c.Edges[0].Cursor, &c.Edges[n-1].Cursor
	}
	return c, nil
}

// contactScope names the list in cursors.
const contactScope = "contacts"

// contactPage cuts a page out of the matches: after the contact that the
// cursor names, or after its place where the contact is no longer among them.
func contactPage(matches []contact.Match, limit int, after *string) ([]contact.Match, int, error) {
	start := 0
	if after != nil {
		p, err := decodeCursor(contactScope, *after)
		if err != nil {
			return nil, 0, err
		}
		if len(p.Keys) != 1 {
			return nil, 0, errBadCursor
		}
		if start, err = strconv.Atoi(p.Keys[0]); err != nil || start < 0 {
			return nil, 0, errBadCursor
		}
		for i, m := range matches {
			if m.Node == p.ID {
				start = i + 1
			}
		}
	}
	start = min(start, len(matches))
	return matches[start:min(start+limit, len(matches))], start, nil
}

// understood says what the question was understood to name, and reads what
// that and the page's missing parts refer to.
func (v *view) understood(ctx context.Context, c *model.ContactConnection, parts []contact.Understood, page []contact.Match) error {
	var ids []store.ID
	for _, u := range parts {
		ids = append(append(ids, u.Node), u.Alternatives...)
	}
	for _, m := range page {
		for _, lacks := range m.Missing {
			ids = append(ids, lacks.Node)
		}
	}
	if err := v.warm(ctx, ids); err != nil {
		return err
	}
	c.Understood = []*model.Understood{}
	for _, u := range parts {
		out := &model.Understood{Text: u.Text, How: model.UnderstoodHow(u.How), Alternatives: []model.Thing{}}
		var err error
		if out.Node, err = v.optional(ctx, u.Node); err != nil {
			return err
		}
		for _, id := range u.Alternatives {
			t, err := v.optional(ctx, id)
			if err != nil {
				return err
			}
			if t != nil {
				out.Alternatives = append(out.Alternatives, t)
			}
		}
		c.Understood = append(c.Understood, out)
	}
	return nil
}

// optional reads a thing; nil for no id.
func (v *view) optional(ctx context.Context, id store.ID) (model.Thing, error) {
	if id == "" {
		return nil, nil //nolint:nilnil // GraphQL's null
	}
	return v.Thing(ctx, id)
}

// contacts gives the page as the API shows it: a fixed number of questions to
// the store for all of its contacts.
func (v *view) contacts(ctx context.Context, page []contact.Match, start int) ([]*model.ContactEdge, error) {
	p := v.planner(ctx)
	ids := make([]store.ID, len(page))
	var factIDs []store.ID
	for i, m := range page {
		ids[i] = m.Node
		for _, r := range m.Reasons {
			factIDs = append(factIDs, atMost(r.Facts, maxReasonFacts)...)
		}
	}
	things, err := v.thingsOf(ctx, ids, p.things(v.selected(ctx, "edges", "node"), []store.Kind{ontology.Person, ontology.Post, ontology.Organisation}))
	if err != nil {
		return nil, err
	}
	facts, err := v.factsByID(ctx, factIDs, p.facts(v.selected(ctx, "edges", "reasons", "facts"), nil))
	if err != nil {
		return nil, err
	}
	names, err := contact.NamesFor(ctx, v.store, page)
	if err != nil {
		return nil, err
	}
	edges := []*model.ContactEdge{}
	for i, m := range page {
		t, ok := things[m.Node]
		if !ok {
			return nil, fmt.Errorf("contact %s: %w", m.Node, store.ErrConflict)
		}
		e := &model.ContactEdge{
			Cursor: encodeCursor(contactScope, store.Position{Keys: []string{strconv.Itoa(start + i + 1)}, ID: m.Node}),
			Score:  m.Score, Status: model.Status(m.Status), Node: t,
			Missing: []*model.Missing{}, Reasons: []*model.Reason{},
		}
		for _, lacks := range m.Missing {
			node, err := v.optional(ctx, lacks.Node)
			if err != nil {
				return nil, err
			}
			e.Missing = append(e.Missing, &model.Missing{Text: lacks.Text, Node: node})
		}
		for _, r := range m.Reasons {
			reason := &model.Reason{Weight: r.Weight, Facts: []*model.Fact{}, Load: v, In: func(language string) string { return r.Text(names, language) }}
			for _, id := range atMost(r.Facts, maxReasonFacts) {
				if f, ok := facts[id]; ok {
					reason.Facts = append(reason.Facts, f)
				}
			}
			e.Reasons = append(e.Reasons, reason)
		}
		edges = append(edges, e)
	}
	return edges, nil
}

func atMost[T any](list []T, n int) []T { return list[:min(len(list), n)] }
