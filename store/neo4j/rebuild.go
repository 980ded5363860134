package neo4j

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"coopgraph/store"
)

// pageCypher reads nodes in the order of their ids; %s is their label.
const pageCypher = `
MATCH (n:%s)
WHERE n.id > $after
RETURN n.id, elementId(n), labels(n), n.version, properties(n)
ORDER BY n.id
LIMIT $limit`

// keysOnNodes is the migration before which each value of a list that is looked
// up had a node of its own, joined to those that hold it.
const keysOnNodes = 2

const dropKeyLinksCypher = `
MATCH (:LookupKey)<-[r:_KEY]-()
WITH r
LIMIT $limit
DELETE r
RETURN count(*)`

const dropKeyNodesCypher = `
MATCH (key:LookupKey)
WITH key
LIMIT $limit
DELETE key
RETURN count(*)`

const dropSearchCypher = `
MATCH (t:SearchText|SearchWord)
WITH t
LIMIT $limit
DETACH DELETE t
RETURN count(*)`

// rebuildPage is the number of nodes that one transaction of a rebuild
// touches.
const rebuildPage = 2000

// derived is the fingerprint of what a schema makes of nodes beside their
// properties: the marks of absent sort keys and the keys of lists.
func (c *catalog) derived() string {
	all := []string{"short keys on nodes"}
	for _, k := range c.schema.Kinds {
		for _, p := range k.Props {
			if p.Sort || p.Lookup && p.Type == store.Strings {
				all = append(all, fmt.Sprintf("%s.%s %t", k.Kind, p.Name, p.Sort))
			}
		}
	}
	slices.Sort(all)
	return short(strings.Join(all, " "))
}

// rebuild makes what is derived from nodes again (marks and keys), and empties the
// search index where its fields are others: tokens cannot be read back, so the
// nodes must be put again, and their next put counts as a change.
func (s *Store) rebuild(ctx context.Context, marks, text bool) error {
	if text {
		if err := s.repeat(ctx, dropSearchCypher); err != nil {
			return err
		}
	}
	if !marks && !text {
		return nil
	}
	for _, label := range []string{thing, internal} {
		for after, more := "", true; more; {
			err := s.write(ctx, "rebuild", func(ctx context.Context, tx *transaction) error {
				last, err := s.rebuildPage(ctx, tx, label, after, text)
				after, more = last, last != ""
				return err
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// dropKeyNodes takes away what earlier migrations kept of lists. The
// relationships go first: a value that all nodes hold has one from each.
func (s *Store) dropKeyNodes(ctx context.Context) error {
	if err := s.repeat(ctx, dropKeyLinksCypher); err != nil {
		return err
	}
	return s.repeat(ctx, dropKeyNodesCypher)
}

// repeat runs a statement that deletes a limited number until it finds none.
func (s *Store) repeat(ctx context.Context, cypher string) error {
	for n := int64(1); n > 0; {
		err := s.write(ctx, "rebuild", func(ctx context.Context, tx *transaction) error {
			rows, err := tx.run(ctx, cypher, params{"limit": rebuildPage})
			if err != nil {
				return err
			}
			if len(rows) != 1 {
				return unexpected("count", rows)
			}
			n, err = integer(rows[0][0])
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// rebuildPage does the nodes that follow an id and gives the last id done, ""
// at the end.
func (s *Store) rebuildPage(ctx context.Context, tx *transaction, label, after string, text bool) (string, error) {
	if _, err := tx.run(ctx, lockCypher, nil); err != nil {
		return "", err
	}
	found, err := tx.run(ctx, fmt.Sprintf(pageCypher, label), params{"after": after, "limit": rebuildPage})
	if err != nil || len(found) == 0 {
		return "", err
	}
	b := newBatch(s.cat)
	ids, err := b.addNodes(found)
	if err != nil {
		return "", err
	}
	var stored []any
	for _, id := range ids {
		n, at := b.nodes[id], b.nodeElements[id]
		if text {
			n.text = ""
		}
		stored = append(stored, map[string]any{"at": at, "props": s.cat.stored(id, n)})
	}
	if err := rows(ctx, tx, updateNodesCypher, "rows", stored); err != nil {
		return "", err
	}
	return string(ids[len(ids)-1]), nil
}
