package main

import (
	"context"
	"errors"
	"fmt"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"coopgraph/ontology"
	"coopgraph/store"
)

// bareWriter writes batches as an application does that knows its graph and
// nothing else: a statement for each label and each type of relationship, one
// transaction a batch. The search tokens are properties of the node itself,
// under the label of the full-text index.
type bareWriter struct {
	driver driver.DriverWithContext
	// create creates what it did not write before, where it otherwise merges
	// everything.
	create bool
}

// The statements of a bareWriter; the names are those of the ontology.
const (
	bareMergeNode = `
UNWIND $rows AS row
MERGE (n:%[1]s {id: row.id})
SET n = row.props, n:%[2]s`
	bareCreateNode = `
UNWIND $rows AS row
CREATE (n:%[1]s:%[2]s)
SET n = row.props`
	bareUpdateNode = `
UNWIND $rows AS row
MATCH (n:%[1]s {id: row.id})
SET n = row.props`
	bareMergeEdge = `
UNWIND $rows AS row
MATCH (a:Thing {id: row.from})
MATCH (b:Thing {id: row.to})
MERGE (a)-[e:%[1]s {id: row.id}]->(b)
SET e = row.props`
	bareCreateEdge = `
UNWIND $rows AS row
MATCH (a:Thing {id: row.from})
MATCH (b:Thing {id: row.to})
CREATE (a)-[e:%[1]s]->(b)
SET e = row.props`
	bareUpdateEdge = `
UNWIND $rows AS row
MATCH ()-[e:%[1]s {id: row.id}]->()
SET e = row.props`
)

func (w bareWriter) write(ctx context.Context, batches [][]store.Change) error {
	session := w.driver.NewSession(ctx, driver.SessionConfig{})
	// The write has succeeded or failed before.
	defer func() { _ = session.Close(ctx) }()
	seen := map[store.ID]bool{}
	for _, b := range batches {
		statements, err := w.statements(b, seen)
		if err != nil {
			return err
		}
		_, err = session.ExecuteWrite(ctx, func(tx driver.ManagedTransaction) (any, error) {
			return nil, runAll(ctx, tx, statements)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func runAll(ctx context.Context, tx driver.ManagedTransaction, statements []bareStatement) error {
	for _, s := range statements {
		result, err := tx.Run(ctx, s.cypher, map[string]any{"rows": s.rows})
		if err != nil {
			return err
		}
		if _, err := result.Consume(ctx); err != nil {
			return err
		}
	}
	return nil
}

type bareStatement struct {
	cypher string
	rows   []any
}

// errDeletes: a recorded batch holds what a bareWriter cannot write.
var errDeletes = errors.New("the world deletes something")

// statements gives those of a batch, in the order in which they can be run.
func (w bareWriter) statements(batch []store.Change, seen map[store.ID]bool) ([]bareStatement, error) {
	nodes, edges := map[string][]any{}, map[string][]any{}
	for _, ch := range batch {
		switch ch.Op {
		case store.PutNode:
			of, labels := bareLabels(ch)
			cypher := fmt.Sprintf(pick(w.create, seen[ch.Node.ID], bareMergeNode, bareCreateNode, bareUpdateNode), of, labels)
			props := bareProps(ch.Node.ID, ch.Node.Props)
			for field, tokens := range ch.Tokens {
				props[field] = tokens
			}
			if len(ch.Tokens) > 0 {
				props["_kind"] = string(ch.Node.Kind)
			}
			nodes[cypher] = append(nodes[cypher], map[string]any{"id": string(ch.Node.ID), "props": props})
			seen[ch.Node.ID] = true
		case store.PutEdge:
			e := ch.Edge
			cypher := fmt.Sprintf(pick(w.create, seen[e.ID], bareMergeEdge, bareCreateEdge, bareUpdateEdge), e.Rel)
			edges[cypher] = append(edges[cypher], map[string]any{
				"id": string(e.ID), "from": string(e.From), "to": string(e.To), "props": bareProps(e.ID, e.Props),
			})
			seen[e.ID] = true
		case store.DeleteNode, store.DeleteEdge:
			return nil, errDeletes
		}
	}
	var out []bareStatement
	for _, part := range []map[string][]any{nodes, edges} {
		for cypher, list := range part {
			out = append(out, bareStatement{cypher, list})
		}
	}
	return out, nil
}

func pick(create, known bool, merge, fresh, update string) string {
	switch {
	case !create:
		return merge
	case known:
		return update
	}
	return fresh
}

// bareLabels gives the label under which a node's id is unique, and the others.
func bareLabels(ch store.Change) (of, others string) {
	others = string(ch.Node.Kind)
	if len(ch.Tokens) > 0 {
		others += ":SearchText"
	}
	if ontology.IsThing(ch.Node.Kind) {
		return "Thing", others
	}
	return "Internal", others
}

func bareProps(id store.ID, props store.Props) map[string]any {
	m := make(map[string]any, len(props)+4)
	for name, v := range props {
		m[name] = v
	}
	m["id"], m["version"] = string(id), int64(1)
	return m
}
