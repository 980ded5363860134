package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"

	"coopgraph/ontology"
	"coopgraph/store"
)

// question is one kind of request: a document and the variables with which it
// is asked in turn.
type question struct {
	name, document string
	variables      []map[string]any
	// goal is the median aimed at on SQLite, in milliseconds.
	goal float64
	// ratio is how many times the bare driver's cost is aimed at on Neo4j.
	ratio float64
	// values are the parameters of the statement for the same job (see bare),
	// one set for each of variables; nil where it takes the variables.
	values []map[string]any
}

// The goals, from the issue that asked for the benchmark: medians in
// milliseconds on SQLite with 100,000 nodes, and the cost on Neo4j as a
// multiple of the bare driver's.
const (
	usualGoal, contactsGoal   = 6.0, 40.0
	usualRatio, networksRatio = 1.5, 2.5
)

const nodeDocument = `query Node($id: ID!) {
  node(id: $id) {
    __typename
    id
    ... on Organisation { name classification website names { value language type } }
  }
}`

const listDocument = `query List($after: String) {
  organisations(first: 20, after: $after, language: EN) {
    edges { cursor node { id name(language: EN) classification } }
    pageInfo { hasNextPage endCursor }
  }
}`

const nestedDocument = `query Nested($id: ID!) {
  organisation(id: $id) {
    id
    name
    posts(first: 10) {
      nodes {
        id
        name
        holders(first: 5) {
          nodes {
            id
            name
            ... on Person {
              projects(first: 5) {
                edges {
                  fact { id role from to }
                  node {
                    id
                    name
                    participants(first: 5) { edges { fact { id role } node { id name } } }
                  }
                }
              }
            }
          }
        }
      }
    }
  }
}`

const searchDocument = `query Search($text: String!) {
  search(text: $text, first: 20) {
    edges { score match { name { value language type } how } node { __typename id kind name } }
  }
}`

const suggestDocument = `query Suggest($prefix: String!) {
  suggest(prefix: $prefix, first: 10) { text node { __typename id name } }
}`

const contactsDocument = `query Contacts($about: String!) {
  contacts(about: $about, first: 20) {
    understood { text how node { __typename id name } }
    notUnderstood
    totalCount
    edges {
      score
      status
      missing { text }
      reasons { text weight facts { id relation status subject { id name } object { id name } } }
      node { __typename id name ... on Post { mailbox organisation { id name } holders(first: 5) { nodes { id name } } } }
    }
  }
}`

const pathsDocument = `query Paths($from: ID!, $to: ID!) {
  paths(from: $from, to: $to, maxLength: 4, first: 3) {
    length
    score
    nodes { __typename id name }
    facts { id relation role status }
  }
}`

const networkDocument = `query Network($around: ID!) {
  network(around: $around, depth: 2, limit: 200) {
    truncated
    nodes { __typename id kind name }
    facts { id relation status subject { id } object { id } }
  }
}`

// questions gives the requests on a world, so many of each kind that are asked
// in turn. ask answers a document, for what
// cannot be known beforehand: cursors.
func (w world) questions(ctx context.Context, variants int, ask func(context.Context, string, map[string]any) ([]byte, error)) ([]question, error) {
	r := rand.New(rand.NewPCG(7, 7))
	some := func(k store.Kind) int {
		x := r.Float64()
		return int(x * x * float64(w.counts[k]))
	}
	each := func(one func() map[string]any) []map[string]any {
		list := make([]map[string]any, variants)
		for i := range list {
			list[i] = one()
		}
		return list
	}
	ofOne := func(name string, k store.Kind) []map[string]any {
		return each(func() map[string]any { return map[string]any{name: string(id(k, some(k)))} })
	}
	cursors, err := pages(ctx, variants, ask)
	if err != nil {
		return nil, err
	}
	return []question{
		{name: "node", document: nodeDocument, goal: usualGoal, ratio: usualRatio, variables: ofOne("id", ontology.Organisation)},
		{name: "list", document: listDocument, goal: usualGoal, ratio: usualRatio, variables: cursors},
		{name: "nested", document: nestedDocument, goal: usualGoal, ratio: usualRatio, variables: ofOne("id", ontology.Organisation)},
		{name: "search", document: searchDocument, goal: usualGoal, ratio: usualRatio, variables: each(func() map[string]any {
			return map[string]any{"text": w.someName(r)}
		})},
		{name: "suggest", document: suggestDocument, goal: usualGoal, ratio: usualRatio, variables: each(func() map[string]any {
			name := []rune(w.someName(r))
			return map[string]any{"prefix": string(name[:min(len(name), 3+r.IntN(6))])}
		})},
		w.contacts(r, variants),
		{name: "paths", document: pathsDocument, goal: usualGoal, ratio: usualRatio, variables: each(func() map[string]any {
			return map[string]any{"from": string(id(ontology.Person, some(ontology.Person))), "to": string(id(ontology.Organisation, some(ontology.Organisation)))}
		})},
		{name: "network", document: networkDocument, goal: usualGoal, ratio: networksRatio, variables: ofOne("around", ontology.Organisation)},
	}, nil
}

// someName is a name of something that people look for, in any language.
func (w world) someName(r *rand.Rand) string {
	sought := []store.Kind{ontology.Theme, ontology.Theme, ontology.Organisation, ontology.Organisation, ontology.Person, ontology.Place}
	k := sought[r.IntN(len(sought))]
	names := w.item(k, r.IntN(w.counts[k]), 0).Claims.Things[0].Names
	return names[r.IntN(len(names))].Value
}

// contacts asks in words, as a colleague would, for a theme in a place.
func (w world) contacts(r *rand.Rand, variants int) question {
	q := question{name: "contacts", document: contactsDocument, goal: contactsGoal, ratio: networksRatio}
	themes, places := w.counts[ontology.Theme], w.counts[ontology.Place]
	for range variants {
		l := r.IntN(len(languages))
		// Known themes are asked for more often, as they are written of more often.
		x := r.Float64()
		theme, place := pillars+int(x*x*float64(themes-pillars)), r.IntN(places)
		q.variables = append(q.variables, map[string]any{
			"about": themeName(theme)[l] + [...]string{" in ", " en ", " in ", " in "}[l] + placeName(place),
		})
	}
	return q
}

// pages walks through the list and gives the variables of its first pages.
func pages(ctx context.Context, most int, ask func(context.Context, string, map[string]any) ([]byte, error)) ([]map[string]any, error) {
	list := []map[string]any{{"after": nil}}
	for len(list) < most {
		body, err := ask(ctx, listDocument, list[len(list)-1])
		if err != nil {
			return nil, err
		}
		var answer struct {
			Data struct {
				Organisations struct {
					PageInfo struct {
						HasNextPage bool
						EndCursor   string
					}
				}
			}
		}
		if err := json.Unmarshal(body, &answer); err != nil {
			return nil, fmt.Errorf("page %d: %w", len(list), err)
		}
		page := answer.Data.Organisations.PageInfo
		if !page.HasNextPage {
			break
		}
		list = append(list, map[string]any{"after": page.EndCursor})
	}
	return list, nil
}
