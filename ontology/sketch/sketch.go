// Package sketch makes small graphs for tests: things and facts are written
// down by name and folded as a loader would fold them.
package sketch

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"coopgraph/ontology"
	"coopgraph/store"
)

// Graph is a graph while it is written down.
type Graph struct {
	things []ontology.ThingClaim
	facts  []ontology.FactClaim
	kinds  map[string]store.Kind
	dates  map[store.ID]ontology.PartialDate
}

// New starts an empty graph.
func New() *Graph {
	return &Graph{kinds: map[string]store.Kind{}, dates: map[store.ID]ontology.PartialDate{}}
}

// Thing adds a thing. Its key is its first name in lower case; names are "Name"
// (English) or "nl:Name".
func (g *Graph) Thing(kind store.Kind, names string, props ontology.Values) store.ID {
	claim := ontology.ThingClaim{Kind: kind, Props: props}
	for i, n := range strings.Split(names, "|") {
		lang, typ := "en", ontology.AlternativeName
		if len(n) > 3 && n[2] == ':' {
			lang, n = n[:2], n[3:]
			typ = ontology.TranslatedName
		}
		if i == 0 {
			typ = ontology.OfficialName
			g.kinds[n] = kind
			claim.ID = ontology.NodeID(kind, "sketch", n)
		}
		claim.Names = append(claim.Names, ontology.Name{Value: n, Language: lang, Type: typ})
	}
	g.things = append(g.things, claim)
	return claim.ID
}

// ID is the id of a thing by its first name.
func (g *Graph) ID(name string) store.ID { return ontology.NodeID(g.kinds[name], "sketch", name) }

// Fact adds a fact between two things by their first names. when is any of
// "from=2020", "to=2022-05", "on=2025-01" (attested), "doc=2025-01" (the date
// of its document), "planned", "role=lead", parted by spaces; blanks in a role
// are written "_".
func (g *Graph) Fact(subject string, rel store.Rel, object, when string) store.ID {
	c := ontology.FactClaim{Relation: rel, Subject: ontology.Ref{ID: g.ID(subject)}, Object: ontology.Ref{ID: g.ID(object)}}
	for _, part := range strings.Fields(when) {
		key, value, _ := strings.Cut(part, "=")
		date := ontology.PartialDate(value)
		switch key {
		case "from":
			c.From = date
		case "to":
			c.To = date
		case "on":
			c.AttestedOn = date
		case "planned":
			c.Planned = true
		case "role":
			c.Role = strings.ReplaceAll(value, "_", " ")
		case "doc":
			source := ontology.NodeID(ontology.Source, "sketch", value)
			g.dates[source] = date
			c.Cites = append(c.Cites, ontology.Citation{Source: source, Locator: "1"})
		}
	}
	g.facts = append(g.facts, c)
	return c.FactID()
}

// Changes gives the graph as changes to a store: things, then facts.
func (g *Graph) Changes() ([]store.Change, error) {
	var changes []store.Change
	at := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, t := range g.things {
		node, tokens, err := ontology.FoldThing([]ontology.Weighed[ontology.ThingClaim]{{Claim: t, At: at}})
		if err != nil {
			return nil, fmt.Errorf("%s: %w", t.Names[0].Value, err)
		}
		changes = append(changes, store.Change{Op: store.PutNode, Node: node, Tokens: tokens})
	}
	groups := map[string][]ontology.Weighed[ontology.FactClaim]{}
	var order []string
	for i, f := range g.facts {
		if groups[f.Group()] == nil {
			order = append(order, f.Group())
		}
		groups[f.Group()] = append(groups[f.Group()], ontology.Weighed[ontology.FactClaim]{Claim: f, At: at, Record: store.ID(fmt.Sprint(i))})
	}
	for _, key := range order {
		edges, err := ontology.FoldFacts(groups[key], g.dates)
		if err != nil {
			return nil, err
		}
		for _, e := range edges {
			changes = append(changes, store.Change{Op: store.PutEdge, Edge: e})
		}
	}
	return changes, nil
}

// Load writes the graph into a store.
func (g *Graph) Load(ctx context.Context, s store.Store) error {
	_, err := g.Replace(ctx, s, nil)
	return err
}

// Replace writes the graph into a store in the place of the one that the
// changes before wrote, and gives its own changes.
func (g *Graph) Replace(ctx context.Context, s store.Store, before []store.Change) ([]store.Change, error) {
	changes, err := g.Changes()
	if err != nil {
		return nil, err
	}
	batch := make([]store.Change, 0, len(before)+len(changes))
	for _, c := range slices.Backward(before) {
		c.Op = map[store.ChangeOp]store.ChangeOp{store.PutEdge: store.DeleteEdge, store.PutNode: store.DeleteNode}[c.Op]
		batch = append(batch, c)
	}
	if _, err := s.Apply(ctx, append(batch, changes...)); err != nil {
		return nil, fmt.Errorf("write a graph of %d changes: %w", len(changes), err)
	}
	return changes, nil
}
