package neo4j_test

import (
	"context"
	"fmt"
	"testing"

	"coopgraph/store"
	"coopgraph/store/neo4j/neo4jtest"
)

// BenchmarkLoad writes batches of nodes with tokens and keys, and of edges.
func BenchmarkLoad(b *testing.B) {
	ctx := context.Background()
	s := neo4jtest.Open(b, library())
	if err := s.Ping(ctx); err != nil {
		b.Fatal(err)
	}
	const size = 2000
	for i := 0; b.Loop(); i++ {
		nodes, edges := make([]store.Change, size), make([]store.Change, size)
		for j := range size {
			n := i*size + j
			nodes[j] = node(fmt.Sprintf("n_%08d", n), "Author", store.Props{
				"name": fmt.Sprintf("name %d", n), "class": "poet", "tags": []string{fmt.Sprintf("id:%d", n), "source:1"},
			})
			nodes[j].Tokens = map[string]string{"W": fmt.Sprintf("name w%d", n/4), "S": fmt.Sprintf("nam w%d", n)}
			to := fmt.Sprintf("n_%08d", i*size+(j*7)%size)
			edges[j] = link(fmt.Sprintf("f_%08d", n), "WROTE", fmt.Sprintf("n_%08d", n), to, store.Props{
				"role": "author", "order": "z", "runs": []string{"r_1"},
			})
		}
		for _, batch := range [][]store.Change{nodes, edges} {
			if _, err := s.Apply(ctx, batch); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(2*size*b.N)/b.Elapsed().Seconds(), "rows/s")
}
