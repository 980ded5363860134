package contact_test

import (
	"fmt"
	"reflect"
	"testing"

	"coopgraph/ontology"
	"coopgraph/ontology/contact"
	"coopgraph/ontology/sketch"
	"coopgraph/store/neo4j/neo4jtest"
)

// crowded is a graph with more projects on a theme than a level reads.
func crowded() *sketch.Graph {
	g := office()
	g.Thing(ontology.Place, "Luxembourg", nil)
	for i := range 70 {
		project, person := fmt.Sprintf("Project %d", i), fmt.Sprintf("Person %d", i)
		g.Thing(ontology.Project, project, nil)
		g.Thing(ontology.Person, person, nil)
		g.Fact(project, ontology.WorksOn, "Hydrogen", fmt.Sprintf("on=%d", 2010+i%17))
		g.Fact(person, ontology.ParticipatesIn, project, fmt.Sprintf("on=%d", 2012+i%15))
		g.Fact(person, ontology.MemberOf, "Energy Unit", "on=2025")
		if i%9 == 0 {
			g.Fact(project, ontology.LocatedIn, "Luxembourg", "")
		}
	}
	return g
}

func TestBothStoresAnswerAlike(t *testing.T) {
	small, large := load(t, crowded()), neo4jtest.Open(t, ontology.Schema())
	if err := crowded().Load(t.Context(), large); err != nil {
		t.Fatal(err)
	}
	for _, about := range []string{
		"hydrogen", "hydrogen in Luxembourg", "head of the Energy Unit", "Vacant Post", "hydragen 2019", "who knows Luxembourg, speaks French",
		"energi unit luxembourg", "project on hydrogen with somebody called person",
	} {
		q := contact.Question{About: about, Today: today, Language: "en"}
		if a, b := find(t, small, q), find(t, large, q); !reflect.DeepEqual(a, b) {
			t.Errorf("%q:\nSQLite %+v\nNeo4j  %+v", about, a, b)
		}
	}
}
