package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"unicode"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"coopgraph/bench/scratch"
	"coopgraph/ontology"
	"coopgraph/ontology/text"
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

const searchCypher = `
CALL db.index.fulltext.queryNodes($index, $query, {limit: $limit}) YIELD node, score
MATCH (n:Thing)-[:_SEARCH]->(node)
RETURN labels(n), n.id, n.names, score`

const contactsCypher = `
MATCH (:Theme {id: $theme})<-[:BROADER*0..3]-(t)
WITH collect(DISTINCT t) AS themes
MATCH (:Place {id: $place})<-[:PART_OF*0..3]-(q)<-[at:LOCATED_IN|COVERS]-(o:Organisation)
WITH themes, o, head(collect(at)) AS at
CALL (themes, o, at) {
  MATCH (o)<-[m:MEMBER_OF]-(p:Person)-[x:HAS_EXPERTISE]->(t)
  WHERE t IN themes
  RETURN p AS who, [at, m, x] AS facts, 0.9 AS score
  UNION ALL
  MATCH (o)<-[m:POST_IN]-(p:Post)-[x:WORKS_ON]->(t)
  WHERE t IN themes
  RETURN p AS who, [at, m, x] AS facts, 0.8 AS score
  UNION ALL
  MATCH (o)-[m:PARTICIPATES_IN]->(:Project)-[x:WORKS_ON]->(t)
  WHERE t IN themes
  RETURN o AS who, [at, m, x] AS facts, 0.5 AS score
}
WITH who, score, facts
ORDER BY score DESC, who.id
LIMIT 20
RETURN labels(who), who.id, who.names, score,
  [f IN facts | [f.id, type(f), f.from, f.to, f.attestedOn, startNode(f).id, startNode(f).names, endNode(f).id, endNode(f).names]]`

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

// bare answers the questions without the program: HTTP, the driver, and one
// statement for each. Its answers are the statement's rows as JSON.
type bare struct {
	driver     driver.DriverWithContext
	statements map[string]string
}

func newBare(d driver.DriverWithContext) *bare {
	var rels []string
	for _, r := range ontology.Relations() {
		rels = append(rels, string(r.Rel))
	}
	all := strings.Join(rels, "|")
	return &bare{driver: d, statements: map[string]string{
		"node": nodeCypher, "list": listCypher, "nested": nestedCypher, "search": searchCypher, "suggest": searchCypher,
		"contacts": contactsCypher, "paths": fmt.Sprintf(pathsCypher, all), "network": fmt.Sprintf(networkCypher, all),
	}}
}

// ServeHTTP answers POST /NAME with the statement's parameters as its body.
func (b *bare) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var values map[string]any
	err := json.NewDecoder(r.Body).Decode(&values)
	var rows [][]any
	if err == nil {
		rows, err = scratch.Run(r.Context(), b.driver, driver.AccessModeRead, b.statements[strings.TrimPrefix(r.URL.Path, "/")], values)
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

// parameters sets what the statements are asked with.
func (b *bare) parameters(ctx context.Context, variants int, questions []question) error {
	index, err := b.searchIndex(ctx)
	if err != nil {
		return err
	}
	for i := range questions {
		q := &questions[i]
		switch q.name {
		case "search":
			q.values = lookups(q.variables, "text", index, "", 20)
		case "suggest":
			q.values = lookups(q.variables, "prefix", index, "*", 10)
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

// lookups asks the index for every word of the texts, the last one followed by
// tail.
func lookups(variables []map[string]any, name, index, tail string, limit int) []map[string]any {
	list := make([]map[string]any, len(variables))
	for i, v := range variables {
		words := strings.FieldsFunc(strings.ToLower(fmt.Sprint(v[name])), func(r rune) bool { return !unicode.IsLetter(r) })
		words = slices.DeleteFunc(words, func(w string) bool { return len(w) < 3 })
		for i, w := range words {
			words[i] = "+" + text.FieldWords + ":" + text.NameKey(w)
		}
		list[i] = map[string]any{"index": index, "query": strings.Join(words, " ") + tail, "limit": limit}
	}
	return list
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
