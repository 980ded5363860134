package neo4j

import (
	"fmt"

	"coopgraph/store"
)

// Statements gives the statements of one call of each shape, assembled for a
// schema with the kinds Author and Book, the internal kind Shelf, and the
// relations WROTE, PART_OF and LIKES.
func Statements(schema store.Schema) (map[string]string, error) {
	c, err := newCatalog(schema)
	if err != nil {
		return nil, err
	}
	out := map[string]string{
		"nodes": nodesCypher, "stamp": stampCypher, "words": wordsCypher, "info_stale": staleCypher, "ends": endsCypher,
		"migrate_page": fmt.Sprintf(pageCypher, thing), "migrate_drop_key_links": dropKeyLinksCypher,
		"migrate_drop_key_nodes": dropKeyNodesCypher, "migrate_drop_search": dropSearchCypher,
		"migrate_recorded": recordedCypher, "migrate_record": recordCypher, "migrate_writer": writerCypher,
		"apply_lock": lockCypher, "apply_receipt": receiptCypher, "apply_load_nodes": loadNodesCypher, "apply_load_ends": loadEndsCypher,
		"apply_load_degrees": loadDegreesCypher, "apply_load_edges": loadEdgesCypher,
		"apply_create_nodes": fmt.Sprintf(createNodesCypher, "`Shelf`:Internal"),
		"apply_create_texts": fmt.Sprintf(createTextsCypher, "`Author`:Thing"),
		"apply_update_nodes": updateNodesCypher, "apply_delete_nodes": deleteNodesCypher,
		"apply_create_edges": fmt.Sprintf(createEdgesCypher, thing, internal, c.rels["WROTE"]),
		"apply_update_edges": updateEdgesCypher, "apply_delete_edges": deleteEdgesCypher,
		"apply_old_words": oldWordsCypher, "apply_drop_text": dropTextCypher, "apply_add_text": addTextCypher,
		"apply_add_words": addWordsCypher, "apply_drop_words": dropWordsCypher,
	}
	byName := store.Order{Prop: "name"}
	after := &store.Position{Keys: []string{"m"}, ID: "a"}
	for name, q := range map[string]struct {
		kinds []store.Kind
		f     store.Filter
		p     store.Paging
	}{
		"find_kind":         {kinds: []store.Kind{"Author"}, p: store.Paging{Limit: 20}},
		"find_ordered":      {kinds: []store.Kind{"Author"}, p: store.Paging{Order: byName, After: after, Limit: 20, Count: true}},
		"find_descending":   {p: store.Paging{Order: store.Order{Prop: "name", Desc: true}, After: after, Limit: 20}},
		"find_by_key":       {f: store.Filter{Conds: []store.Cond{{Prop: "tags", Values: []any{"x"}}}}, p: store.Paging{Order: byName}},
		"find_by_ids":       {f: store.Filter{IDs: []store.ID{"a"}}},
		"find_internal":     {kinds: []store.Kind{"Shelf"}, f: store.Filter{Conds: []store.Cond{{Prop: "room", Values: []any{"x"}}}}},
		"find_with_filters": {kinds: []store.Kind{"Author", "Book"}, f: store.Filter{Conds: []store.Cond{{Prop: "class", Op: store.None, Values: []any{"x"}}, {Prop: "born", Op: store.AtLeast, Values: []any{int64(1)}, OrAbsent: true}}}, p: store.Paging{Limit: 5, Count: true}},
	} {
		if out[name], _, err = c.find(q.kinds, q.f, q.p); err != nil {
			return nil, err
		}
	}
	for name, q := range map[string]struct {
		rels []store.Rel
		f    store.Filter
		p    store.Paging
	}{
		"edges_all":       {p: store.Paging{After: &store.Position{ID: "e"}, Limit: 100}},
		"edges_by_ids":    {f: store.Filter{IDs: []store.ID{"e"}}},
		"edges_by_lookup": {rels: []store.Rel{"WROTE"}, f: store.Filter{Conds: []store.Cond{{Prop: "runs", Values: []any{"r"}}}}, p: store.Paging{Limit: 10, Count: true}},
		"edges_ordered":   {rels: []store.Rel{"WROTE"}, p: store.Paging{Order: store.Order{Prop: "when"}, Limit: 10}},
	} {
		if out[name], _, err = c.edges(q.rels, q.f, q.p); err != nil {
			return nil, err
		}
	}
	leg := func(rel store.Rel, d store.Dir) store.Leg { return store.Leg{Rel: rel, Dir: d} }
	byDate := store.EdgeOrder{Edge: "order", Far: "name"}
	for name, tree := range map[string][]store.Step{
		"expand_leg":  {{Legs: []store.Leg{leg("WROTE", store.Out)}, Limit: 20}},
		"expand_page": {{Legs: []store.Leg{leg("WROTE", store.In)}, Order: byDate, After: &store.Position{Keys: []string{"o", "n"}, ID: "e"}, Limit: 20, Count: true, NodeProps: []string{"*"}, EdgeProps: []string{"*"}}},
		"expand_tree": {
			{Legs: []store.Leg{leg("WROTE", store.Out), leg("LIKES", store.Both)}, Count: true, Limit: 5, Kinds: []store.Kind{"Book"}, Where: []store.Cond{{Prop: "role", Values: []any{"x"}}}, Then: []store.Step{
				{Legs: []store.Leg{leg("PART_OF", store.Out)}, NodeProps: []string{"name"}, Then: []store.Step{{Legs: []store.Leg{leg("WROTE", store.In)}, Order: byDate, Limit: 3}}},
			}},
			{Legs: []store.Leg{leg("PART_OF", store.In)}, Far: []store.Cond{{Prop: "tags", Values: []any{"x"}}}},
		},
		"expand_through": {{Through: &store.Leg{Rel: "PART_OF", Dir: store.In}, Legs: []store.Leg{leg("WROTE", store.In)}, Order: byDate, Limit: 10, Count: true}},
	} {
		x, err := c.expand(nil, tree)
		if err != nil {
			return nil, err
		}
		out[name] = x.cypher
	}
	s, _, err := c.search([]store.Query{{All: [][]store.Term{{{Field: "W", Token: "a"}}}, Limit: 1, Props: []string{"name"}}})
	if err != nil {
		return nil, err
	}
	out["search"] = s.cypher
	r, err := c.reach(store.Reach{Length: 3, Hub: 50, Kinds: []store.Kind{"Book"}, Limit: 10})
	if err != nil {
		return nil, err
	}
	out["path_level"], out["path_answer"] = r.edgesStatement(), r.chosenStatement()
	out["neighbourhood_level"], out["neighbourhood_answer"] = r.metStatement(), r.betweenStatement()
	return out, nil
}
