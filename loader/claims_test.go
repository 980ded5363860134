package loader_test

import (
	"errors"
	"strings"
	"testing"

	"coopgraph/loader"
	"coopgraph/loader/mapping"
	"coopgraph/loader/rows"
	"coopgraph/ontology"
	"coopgraph/store"
)

const someClaims = `sources:
  - {key: D1, title: A document, language: en, date: "2025-01"}
sentences:
  D1-1: "The Council has 47 seats."
things:
  - kind: Organisation
    key: council
    inventory: 7
    names:
      - {value: Council, language: en, type: OFFICIAL, cite: [D1-1]}
    description: {en: A council}
    figures: [{property: size, value: 47, unit: seats, cite: [D1-1]}]
    classification: COUNCIL
    cite: [D1-1]
  - kind: Post
    key: chair
    names: [{value: Chair, language: en, type: OFFICIAL}]
    seats: 1
    cite: [{source: D1, locator: article 2, quote: the chair}]
facts:
  - {subject: chair, relation: POST_IN, object: council, from: "2024", cite: [D1-1]}
`

func readClaims(text string) (mapping.ClaimSet, error) {
	return mapping.ReadClaims("test", 5, []mapping.ClaimsFile{{Name: "claims.yaml", Data: []byte(text)}})
}

// Claims become things and facts with their sentences as citations.
func TestClaimsAreRead(t *testing.T) {
	set, err := readClaims(someClaims)
	if err != nil {
		t.Fatal(err)
	}
	s := openSQLite(t)
	w := loader.Writer{Store: s, Now: start}
	written, err := w.Write(t.Context(), loader.Batch{Source: set.Documents[0], Documents: set.Documents, Items: set.Items})
	if err != nil || len(written.Results) != 3 {
		t.Fatalf("%d results, %v", len(written.Results), err)
	}
	council := byIdentifier(t, s, ontology.Organisation, "INVENTORY:7")
	if council.Props["classification"] != "COUNCIL" || council.Figures[0].Value != 47 || council.Description("nl") != "A council" {
		t.Errorf("the council is %+v", council)
	}
	if c := council.Names[0].Cites[0]; c.Quote != "The Council has 47 seats." || c.Locator != "D1-1" || c.Source != set.Documents[0].ID {
		t.Errorf("its name is cited as %+v", c)
	}
	chair := byIdentifier(t, s, ontology.Post, "COOPGRAPH:chair")
	if got := related(t, s, chair.ID, ontology.PostIn); len(got) != 1 || chair.Cites[0].Quote != "the chair" || chair.Props["seats"] != int64(1) {
		t.Errorf("the chair is in %q, %+v", got, chair)
	}
}

// What is wrong with a claim is said with its file and line.
func TestClaimErrorsNameFileAndLine(t *testing.T) {
	for _, c := range []struct{ old, changed, want string }{
		{"cite: [D1-1]}\n    description", "cite: [D1-2]}\n    description", `claims.yaml:10: there is no sentence "D1-2"`},
		{"source: D1,", "source: D2,", `claims.yaml:19: there is no source "D2"`},
		{"classification: COUNCIL", "clasification: COUNCIL", `claims.yaml:13: "clasification" is no property`},
		{"classification: COUNCIL", "classification: CLUB", "claims.yaml:6:"},
		{"POST_IN", "POSTIN", "claims.yaml:21:"},
		{"seats: 1", "seats: one", "claims.yaml:18: seats cannot be"},
		{"  - kind: Post\n    key: chair", "  - kind: Post", "the thing has no key"},
		{"facts:", "facs:", `claims.yaml:20: unknown field "facs"`},
		{"subject: chair,", "subjekt: chair,", "claims.yaml:21: unknown field"},
	} {
		text := strings.Replace(someClaims, c.old, c.changed, 1)
		if text == someClaims {
			t.Fatalf("%q is not in the claims", c.old)
		}
		if _, err := readClaims(text); !errors.Is(err, store.ErrInvalid) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", c.changed, err, c.want)
		}
	}
}

// An item that is refused brings nothing: what others say of it dangles.
func TestRefusedItemBringsNothing(t *testing.T) {
	s := openSQLite(t)
	w := loader.Writer{Store: s, Now: start}
	thing := func(key string) ontology.ThingClaim {
		return ontology.ThingClaim{Kind: ontology.Organisation, Identifiers: []ontology.Identifier{{Scheme: "X", Value: key}}}
	}
	partOf := func(subject, object string) ontology.FactClaim {
		return ontology.FactClaim{Relation: ontology.PartOf, Subject: ontology.Ref{Key: subject}, Object: ontology.Ref{Key: object}}
	}
	written, err := w.Write(t.Context(), loader.Batch{
		Source: ontology.Document{ID: ontology.NodeID(ontology.Source, "test", "x"), Title: "X"},
		Items: []*rows.Item{
			{Key: "bad", Claims: ontology.Claims{Things: []ontology.ThingClaim{thing("bad")}, Facts: []ontology.FactClaim{partOf("#0", "#1")}}},
			{Key: "good", Claims: ontology.Claims{Things: []ontology.ThingClaim{thing("good")}, Facts: []ontology.FactClaim{partOf("#0", "X:bad")}}},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	if r := written.Results[0]; r.Outcome != rows.Rejected || r.Node != "" {
		t.Errorf("the bad one is %+v", r)
	}
	if r := written.Results[1]; r.Outcome != rows.Created || r.Dangling != 1 || r.Message != "not found: X:bad" {
		t.Errorf("the good one is %+v", r)
	}
	byIdentifier(t, s, ontology.Organisation, "X:good")
}
