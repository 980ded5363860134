package neo4j

import (
	"context"

	"coopgraph/store"
)

const nodesCypher = `
UNWIND $ids AS id
MATCH (n:Thing|Internal {id: id})
RETURN n.id, labels(n), n.version, properties(n)`

// Nodes implements store.Reader.
func (s *Store) Nodes(ctx context.Context, ids []store.ID) (map[store.ID]store.Node, error) {
	rows, err := s.read(ctx, "nodes", nodesCypher, params{"ids": idStrings(ids)})
	if err != nil {
		return nil, err
	}
	nodes := make(map[store.ID]store.Node, len(rows))
	for _, r := range rows {
		n, err := s.cat.node(r, projection{all: true})
		if err != nil {
			return nil, err
		}
		nodes[n.ID] = n
	}
	return nodes, nil
}
