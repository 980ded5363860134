package neo4j_test

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"coopgraph/store"
	"coopgraph/store/neo4j"
	"coopgraph/store/neo4j/neo4jtest"
)

//go:generate go test -run ^TestAssembledStatementsAreTheReviewedOnes$ -update .
var update = flag.Bool("update", false, "write the assembled statements to testdata")

func TestAssembledStatementsAreTheReviewedOnes(t *testing.T) {
	statements, err := neo4j.Statements(library())
	if err != nil {
		t.Fatal(err)
	}
	for name, statement := range statements {
		file := filepath.Join("testdata", name+".cypher")
		statement = strings.TrimSpace(statement) + "\n"
		if *update {
			if err := os.WriteFile(file, []byte(statement), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		reviewed, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if string(reviewed) != statement {
			t.Errorf("%s is not what is reviewed: look at it and run go generate. It is\n%s", file, statement)
		}
	}
	files, err := filepath.Glob("testdata/*.cypher")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if _, ok := statements[strings.TrimSuffix(filepath.Base(f), ".cypher")]; !ok {
			t.Errorf("%s is no statement's", f)
		}
	}
}

func TestNoStatementScansAllNodesOrRelationships(t *testing.T) {
	ctx := context.Background()
	c := neo4jtest.Server(t)
	s := neo4jtest.OpenConfig(t, c, library())
	// On an empty graph every plan costs the same.
	must[store.Tally](t)(s.Apply(ctx, sample()))
	d, err := driver.NewDriverWithContext(c.URI, neo4jtest.Auth(c))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = d.Close(ctx) }()
	session := d.NewSession(ctx, driver.SessionConfig{})
	defer func() { _ = session.Close(ctx) }()
	statements, err := neo4j.Statements(library())
	if err != nil {
		t.Fatal(err)
	}
	// The values of parameters that the planner must know the type of.
	values := map[string]any{"limit": int64(1)}
	for name, statement := range statements {
		result, err := session.Run(ctx, "EXPLAIN "+statement, values)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		summary, err := result.Consume(ctx)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		walkPlan(summary.Plan(), func(operator string) {
			if strings.Contains(operator, "AllNodesScan") || strings.Contains(operator, "AllRelationshipsScan") || strings.Contains(operator, "CartesianProduct") && !strings.HasPrefix(name, "apply_") {
				t.Errorf("%s is planned with %s", name, operator)
			}
		})
	}
}

func walkPlan(p driver.Plan, visit func(string)) {
	visit(p.Operator())
	for _, child := range p.Children() {
		walkPlan(child, visit)
	}
}
