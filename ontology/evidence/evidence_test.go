package evidence_test

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"coopgraph/ontology"
	"coopgraph/ontology/evidence"
	"coopgraph/store"
)

func TestClassesOfAge(t *testing.T) {
	const on = "2026-11-22"
	tests := []struct {
		what string
		fact ontology.Fact
		want float64
	}{
		{"an end still to come", ontology.Fact{Span: ontology.Span{From: "2001", To: "2027"}}, 1},
		{"ended this year", ontology.Fact{Span: ontology.Span{To: "2026-10"}}, 0.7},
		{"ended three years ago", ontology.Fact{Span: ontology.Span{To: "2023-11"}}, 0.25},
		{"ended long ago", ontology.Fact{Span: ontology.Span{To: "1999"}, Witnessed: "2026"}, 0.1},
		{"planned", ontology.Fact{Span: ontology.Span{Planned: true}, Witnessed: "2026"}, 0.45},
		{"attested this year", ontology.Fact{Witnessed: "2026-10"}, 1},
		{"attested two years ago", ontology.Fact{Witnessed: "2024-11"}, 0.7},
		{"attested four years ago", ontology.Fact{Witnessed: "2022-11"}, 0.45},
		{"an open end does not keep it young", ontology.Fact{Span: ontology.Span{From: "1999"}, Witnessed: "1999"}, 0.25},
		{"no date at all", ontology.Fact{}, 0.7},
	}
	for _, tt := range tests {
		if got := evidence.AgeOf(tt.fact, on).Factor(); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.what, got, tt.want)
		}
	}
}

func TestHubsDampFromEightNeighbours(t *testing.T) {
	if evidence.Damping(0) != 1 || evidence.Damping(8) != 1 || evidence.Damping(16) != 0.5 {
		t.Errorf("%v %v %v", evidence.Damping(0), evidence.Damping(8), evidence.Damping(16))
	}
}

func TestTheBestEvidenceCountsPlusALittleForMore(t *testing.T) {
	if got := evidence.Sum([]float64{0.6}); math.Abs(got-0.6) > 1e-12 {
		t.Errorf("%v", got)
	}
	many := make([]float64, 50)
	for i := range many {
		many[i] = 0.3
	}
	if got := evidence.Sum(many); got > 0.5 {
		t.Errorf("fifty weak chains make %v", got)
	}
	rapid.Check(t, func(t *rapid.T) {
		weights := rapid.SliceOf(rapid.Float64Range(0, 1)).Draw(t, "weights")
		extra := rapid.Float64Range(0, 1).Draw(t, "extra")
		before := evidence.Sum(slices.Clone(weights))
		after := evidence.Sum(append(slices.Clone(weights), extra))
		if before < 0 || after > 1 || after < before-1e-12 {
			t.Fatalf("%v then %v", before, after)
		}
	})
}

func TestEveryRelationThatBearsEvidenceIsDeclared(t *testing.T) {
	for _, p := range evidence.Passages() {
		r, ok := ontology.RelationOf(p.Rel)
		if !ok || p.Weight <= 0 || p.Weight > 1 || r.Symmetric != (p.Dir == store.Both) {
			t.Errorf("%+v", p)
		}
	}
}

func TestAStrongerConditionComesBeforeAWeakerOne(t *testing.T) {
	tests := []struct {
		rel  store.Rel
		role string
		to   store.Kind
		head bool
		want float64
	}{
		{ontology.WorksOn, "", ontology.Project, false, evidence.Strong},
		{ontology.WorksOn, "", ontology.Organisation, false, evidence.Middle},
		{ontology.PostIn, "", ontology.Post, true, evidence.Strong},
		{ontology.PostIn, "", ontology.Post, false, evidence.Middle},
		{ontology.ParticipatesIn, "Lead", ontology.Person, false, evidence.Strong},
		{ontology.ParticipatesIn, "lead", ontology.Organisation, false, evidence.Middle},
		{ontology.AuthorOf, "coordinator", ontology.Organisation, false, evidence.Middle},
		{ontology.AuthorOf, "publisher", ontology.Person, false, evidence.Weak},
		{ontology.TookPartIn, "opener", ontology.Person, false, evidence.Middle},
		{ontology.TookPartIn, "", ontology.Person, false, evidence.Weak},
	}
	for _, tt := range tests {
		if got, ok := evidence.Weight(tt.rel, store.In, tt.role, tt.to, tt.head); !ok || got != tt.want {
			t.Errorf("%s %q to %s: %v, want %v", tt.rel, tt.role, tt.to, got, tt.want)
		}
	}
	if _, ok := evidence.Weight(ontology.Covers, store.Out, "", ontology.Place, false); ok {
		t.Error("evidence does not pass from an organisation to the places around it")
	}
}
