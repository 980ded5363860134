package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"coopgraph/bench/scratch"
	"coopgraph/ontology"
)

// The statements that do the same job by hand, on the graph as the adapter
// keeps it and with the properties that the document selects. %s is every
// relation of the ontology.

const nodeCypher = `
MATCH (n:Thing {id: $id})
RETURN labels(n), n.id, n.names, n.classification, n.website`

const listCypher = `
MATCH (o:Organisation)
WHERE o.key_en >= $key AND o.id IS NOT NULL AND (o.key_en > $key OR o.id > $id)
RETURN o.id, o.names, o.classification, o.key_en
ORDER BY o.key_en, o.id
LIMIT 21`

const nestedCypher = `
MATCH (o:Thing {id: $id})
RETURN o.id, o.names, COLLECT {
  MATCH (o)<-[e:POST_IN]-(p)
  WITH e, p ORDER BY e.order, p.key_en, e.id LIMIT 11
  RETURN [p.id, p.names, COLLECT {
    MATCH (p)<-[e:HOLDS]-(h)
    WITH e, h ORDER BY e.order, h.key_en, e.id LIMIT 6
    RETURN [labels(h), h.id, h.names, COLLECT {
      MATCH (h)-[e:PARTICIPATES_IN]->(j)
      WITH e, j ORDER BY e.order, j.key_en, e.id LIMIT 6
      RETURN [e.id, e.role, e.from, e.to, j.id, j.names, COLLECT {
        MATCH (j)<-[e:PARTICIPATES_IN|IMPLEMENTS]-(a)
        WITH e, a ORDER BY e.order, a.key_en, e.id LIMIT 6
        RETURN [e.id, e.role, labels(a), a.id, a.names]
      }]
    }]
  }]
}`

const pathsCypher = `
MATCH (a:Thing {id: $from}), (b:Thing {id: $to})
MATCH p = allShortestPaths((a)-[:%s*..4]-(b))
WITH p LIMIT 3
RETURN length(p), [n IN nodes(p) | [labels(n), n.id, n.names]],
  [e IN relationships(p) | [e.id, type(e), e.role, e.from, e.to, e.attestedOn]]`

const networkCypher = `
MATCH (c:Thing {id: $around})-[:%[1]s*0..2]-(n)
WITH DISTINCT n LIMIT 200
WITH collect(n) AS nodes
UNWIND nodes AS u
RETURN labels(u), u.id, u.names, COLLECT {
  MATCH (u)-[e:%[1]s]->(v)
  WHERE v IN nodes
  RETURN [e.id, type(e), e.from, e.to, e.attestedOn, u.id, v.id]
}`

// bare answers the questions without the program: HTTP, the driver, and a few
// statements for each. Its answers are the last statement's rows as JSON.
type bare struct {
	driver     driver.DriverWithContext
	statements map[string][]string
}

func newBare(d driver.DriverWithContext) *bare {
	var rels []string
	for _, r := range ontology.Relations() {
		rels = append(rels, string(r.Rel))
	}
	all := strings.Join(rels, "|")
	search := []string{candidatesCypher, hitsCypher}
	return &bare{driver: d, statements: map[string][]string{
		"node": {nodeCypher}, "list": {listCypher}, "nested": {nestedCypher}, "search": search, "suggest": search,
		"contacts": search, "paths": {fmt.Sprintf(pathsCypher, all)}, "network": {fmt.Sprintf(networkCypher, all)},
	}}
}

// ServeHTTP answers POST /NAME with the statement's parameters as its body.
func (b *bare) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	var values map[string]any
	if err == nil {
		err = json.Unmarshal(body, &values)
	}
	var more struct{ Reads []read }
	if err == nil {
		err = json.Unmarshal(body, &more)
	}
	delete(values, "reads")
	for _, m := range more.Reads {
		if err == nil {
			_, err = scratch.Run(r.Context(), b.driver, driver.AccessModeRead, m.Cypher, m.Values)
		}
	}
	var rows [][]any
	for _, statement := range b.statements[strings.TrimPrefix(r.URL.Path, "/")] {
		if err == nil {
			rows, err = scratch.Run(r.Context(), b.driver, driver.AccessModeRead, statement, values)
		}
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(map[string]any{"data": rows}); err != nil {
		// The client has gone, or reads an answer cut short and reports it.
		return
	}
}

// parameters sets what the statements are asked with. seen tells what the
// program asks of the store for a question.
func (b *bare) parameters(ctx context.Context, variants int, questions []question, seen func(document string, variables map[string]any) (candidates, error)) error {
	index, err := b.searchIndex(ctx)
	if err != nil {
		return err
	}
	for i := range questions {
		q := &questions[i]
		switch q.name {
		case "search", "suggest", "contacts":
			q.values = make([]map[string]any, len(q.variables))
			for i, v := range q.variables {
				asked, err := seen(q.document, v)
				if err != nil {
					return err
				}
				q.values[i] = asked.values(index)
			}
		case "list":
			if q.values, err = b.pages(ctx, variants); err != nil {
				return err
			}
		default:
			if q.values == nil {
				q.values = q.variables
			}
		}
	}
	return nil
}

func (b *bare) searchIndex(ctx context.Context) (string, error) {
	rows, err := scratch.Run(ctx, b.driver, driver.AccessModeRead, "SHOW INDEXES YIELD name WHERE name STARTS WITH 'coop_search_' RETURN name", nil)
	if err != nil {
		return "", err
	}
	for _, r := range rows {
		if name, ok := r[0].(string); ok && name != "coop_search_word" && name != "coop_search_spaced" {
			return name, nil
		}
	}
	return "", fmt.Errorf("among %d indexes none is for search", len(rows))
}

// pages walks through the list as the questions do.
func (b *bare) pages(ctx context.Context, most int) ([]map[string]any, error) {
	list := []map[string]any{{"key": "", "id": ""}}
	for len(list) < most {
		rows, err := scratch.Run(ctx, b.driver, driver.AccessModeRead, listCypher, list[len(list)-1])
		if err != nil {
			return nil, err
		}
		if len(rows) <= 20 {
			break
		}
		last := rows[19]
		list = append(list, map[string]any{"key": last[3], "id": last[0]})
	}
	return list, nil
}
