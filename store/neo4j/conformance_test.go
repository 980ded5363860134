package neo4j_test

import (
	"testing"

	"coopgraph/store"
	"coopgraph/store/neo4j/neo4jtest"
	"coopgraph/store/storetest"
)

func TestNeo4jKeepsTheContractOfTheStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T, schema store.Schema) store.Store { return neo4jtest.Open(t, schema) })
}
