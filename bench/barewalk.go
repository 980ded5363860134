package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"coopgraph/store"
)

// read is a statement that a request needs beside those of its kind: which
// relations it follows depends on the question.
type read struct {
	Cypher string
	Values map[string]any
}

// walkCypher follows by hand what a step of the program follows: %[1]s is the
// pattern from p to the far node n, %[2]s the property of e that orders, %[3]s
// the limit.
const walkCypher = `
UNWIND $parents AS id
MATCH (p:Thing {id: id})
CALL (p) {
  MATCH %[1]s
  RETURN e, n
  ORDER BY %[2]s
  %[3]s
}
RETURN id, e.id, type(e), e.from, e.to, e.attestedOn, labels(n), n.id, n.classification`

// countCypher counts by hand what a step would find.
const countCypher = `
UNWIND $parents AS id
MATCH (p:Thing {id: id})
RETURN id, COUNT { %s }`

// factsCypher reads by hand edges of a relation.
const factsCypher = `
UNWIND $ids AS id
MATCH (a)-[e:%s {id: id}]->(b)
RETURN a.id, b.id, properties(e)`

// walk is a step from things that are known, with the edges found there.
type walk struct {
	step    store.Step
	parents []store.ID
}

// walk notes the steps of a tree, level by level.
func (c *candidates) walk(pages map[store.ID][]store.Page[store.Hop], tree []store.Step) {
	for i, step := range tree {
		parents := slices.Sorted(maps.Keys(pages))
		if len(parents) == 0 {
			return
		}
		c.walks = append(c.walks, walk{step, parents})
		next := map[store.ID][]store.Page[store.Hop]{}
		for _, id := range parents {
			for _, hop := range pages[id][i].Items {
				next[hop.Node.ID] = hop.Then
			}
		}
		c.walk(next, step.Then)
	}
}

// reads are the statements for the walks and the edges.
func (c candidates) reads() []read {
	var out []read
	for _, w := range c.walks {
		values := map[string]any{"parents": idTexts(w.parents)}
		pattern := pathOf(w.step)
		if w.step.Count {
			out = append(out, read{fmt.Sprintf(countCypher, pattern), values})
		}
		limit := ""
		if w.step.Limit > 0 {
			limit = fmt.Sprintf("LIMIT %d", w.step.Limit)
		}
		out = append(out, read{fmt.Sprintf(walkCypher, pattern, "e."+cmp.Or(w.step.Order.Edge, "id"), limit), values})
	}
	for _, rel := range slices.Sorted(maps.Keys(c.edges)) {
		out = append(out, read{fmt.Sprintf(factsCypher, rel), map[string]any{"ids": idTexts(c.edges[rel])}})
	}
	return out
}

// pathOf is the pattern that a step follows.
func pathOf(s store.Step) string {
	from := "(p)"
	if s.Through != nil {
		from += arrow(s.Through.Dir, ":"+string(s.Through.Rel)+"*0..16") + "()"
	}
	types, dir := make([]string, len(s.Legs)), s.Legs[0].Dir
	for i, l := range s.Legs {
		types[i] = string(l.Rel)
		if l.Dir != dir {
			dir = store.Both
		}
	}
	return from + arrow(dir, "e:"+strings.Join(types, "|")) + "(n)"
}

func arrow(d store.Dir, inside string) string {
	switch d {
	case store.Out:
		return "-[" + inside + "]->"
	case store.In:
		return "<-[" + inside + "]-"
	case store.Both:
	}
	return "-[" + inside + "]-"
}

func idTexts(ids []store.ID) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = string(id)
	}
	return out
}
