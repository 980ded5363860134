package graph

import (
	"context"

	"coopgraph/graph/guard"
	"coopgraph/graph/model"
	"coopgraph/ontology"
	"coopgraph/ontology/search"
	"coopgraph/store"
)

func storeKinds(kinds []model.Kind) []store.Kind {
	var out []store.Kind
	for _, k := range kinds {
		out = append(out, k.StoreKind())
	}
	return out
}

// Search answers with what a text finds among all kinds.
func (q *query) Search(ctx context.Context, text string, kinds []model.Kind, first *int, after *string) (*model.SearchConnection, error) {
	if err := guard.CheckSearchText(text, guard.Defaults()); err != nil {
		return nil, err
	}
	limit, err := between("first", first, defaultFirst, 1, maxFirst)
	if err != nil {
		return nil, err
	}
	v := q.view(ctx)
	const scope = "search"
	question := search.Question{Text: text, Kinds: storeKinds(kinds), Language: v.language, Limit: limit}
	if after != nil {
		if question.After, err = decodeCursor(scope, *after); err != nil {
			return nil, err
		}
	}
	answer, err := search.Search(ctx, q.Store, question)
	if err != nil {
		return nil, err
	}
	ids := make([]store.ID, len(answer.Hits))
	for i, h := range answer.Hits {
		ids[i] = h.Node.ID
	}
	things, err := v.edgeNodes(ctx, ids)
	if err != nil {
		return nil, err
	}
	c := &model.SearchConnection{
		Edges:    []*model.SearchEdge{},
		PageInfo: &model.PageInfo{HasNextPage: answer.More, HasPreviousPage: after != nil},
		Facets:   []*model.Facet{}, TotalCount: int(answer.Total), TotalIsLowerBound: answer.TotalLowerBound,
	}
	if answer.Suggestion != "" {
		c.Suggestion = &answer.Suggestion
	}
	for _, f := range answer.Facets {
		c.Facets = append(c.Facets, &model.Facet{Kind: model.KindOf(f.Kind), Count: int(f.Count)})
	}
	for _, h := range answer.Hits {
		t, ok := things[h.Node.ID]
		if !ok {
			continue // deleted since the index was asked
		}
		c.Edges = append(c.Edges, &model.SearchEdge{
			Cursor: encodeCursor(scope, h.Position()), Score: h.Score, Match: v.match(t, h), Node: t,
		})
	}
	if n := len(c.Edges); n > 0 {
		c.PageInfo.StartCursor, c.PageInfo.EndCursor = &c.Edges[0].Cursor, &c.Edges[n-1].Cursor
	}
	return c, nil
}

// match says which name of a thing was found, as it is written there.
func (v *view) match(t model.Thing, h search.Hit) *model.Match {
	m := &model.Match{How: model.MatchHow(h.How), Parts: []*model.MatchPart{}}
	if h.How == search.Description {
		return m
	}
	name := ontology.Name{Value: h.Label.Value, Language: h.Label.Language, Type: string(h.Label.Type)}
	for _, n := range t.Common().T.Names {
		if n.Value == name.Value && n.Language == name.Language && n.Type == name.Type {
			name = n
		}
	}
	m.Name = model.NameOf(name, v)
	m.Parts = parts(h.Label.Value, h.Marks)
	return m
}

// parts takes a name apart at what matches. Marks may overlap or touch: they are
// one part then.
func parts(name string, marks []search.Mark) []*model.MatchPart {
	out := []*model.MatchPart{}
	add := func(text string, matches bool) {
		if n := len(out); n > 0 && out[n-1].Matches == matches {
			out[n-1].Text += text
		} else if text != "" {
			out = append(out, &model.MatchPart{Text: text, Matches: matches})
		}
	}
	end := 0
	for _, m := range marks {
		if m.End <= end {
			continue
		}
		add(name[end:max(m.Start, end)], false)
		add(name[max(m.Start, end):m.End], true)
		end = m.End
	}
	add(name[end:], false)
	return out
}

// edgeNodes reads things and what is asked below `edges { node … }` of the
// root field.
func (v *view) edgeNodes(ctx context.Context, ids []store.ID) (map[store.ID]model.Thing, error) {
	return v.thingsOf(ctx, ids, v.planner(ctx).things(v.selected(ctx, "edges", "node"), nil))
}

// thingsOf reads things by their ids, with what the branch asks below them.
// Ids without a thing are absent from the map.
func (v *view) thingsOf(ctx context.Context, ids []store.ID, b *branch) (map[store.ID]model.Thing, error) {
	if err := v.warm(ctx, ids); err != nil {
		return nil, err
	}
	var nodes []store.Node
	v.mu.Lock()
	for _, id := range ids {
		if n := v.nodes[id]; n.ID != "" {
			nodes = append(nodes, n)
		}
	}
	v.mu.Unlock()
	things, err := v.things(ctx, nodes, b)
	if err != nil {
		return nil, err
	}
	out := make(map[store.ID]model.Thing, len(things))
	for i, t := range things {
		out[nodes[i].ID] = t
	}
	return out, nil
}

// maxSuggestions is the most completions given at once.
const maxSuggestions = 20

// Suggest completes a name as it is typed.
func (q *query) Suggest(ctx context.Context, prefix string, kinds []model.Kind, first *int) ([]*model.Suggestion, error) {
	if err := guard.CheckSearchText(prefix, guard.Defaults()); err != nil {
		return nil, err
	}
	limit, err := between("first", first, 10, 1, maxSuggestions)
	if err != nil {
		return nil, err
	}
	v := q.view(ctx)
	found, err := search.Suggest(ctx, q.Store, search.Question{Text: prefix, Kinds: storeKinds(kinds), Language: v.language}, limit)
	if err != nil {
		return nil, err
	}
	ids := make([]store.ID, len(found))
	for i, s := range found {
		ids[i] = s.Node.ID
	}
	things, err := v.thingsOf(ctx, ids, v.planner(ctx).things(v.selected(ctx, "node"), nil))
	if err != nil {
		return nil, err
	}
	out := []*model.Suggestion{}
	for _, s := range found {
		if t, ok := things[s.Node.ID]; ok {
			out = append(out, &model.Suggestion{Text: s.Text, Node: t})
		}
	}
	return out, nil
}
