// Package graph answers the API of schema.graphqls: thin resolvers that decode
// arguments, ask ontology or a store once, and convert what comes back.
//
// It holds no query language and no driver; graph/guard and graph/transport
// stand before it.
package graph

import (
	"context"
	"fmt"
	"time"

	"coopgraph/access"
	"coopgraph/graph/generated"
	"coopgraph/graph/model"
	"coopgraph/ontology"
	"coopgraph/ontology/contact"
	"coopgraph/store"
)

//go:generate go tool gqlgen generate

// Resolver answers the root fields.
type Resolver struct {
	// Store holds the graph.
	Store store.Reader
	// Memory is what questions for contacts have read of it.
	Memory *contact.Memory
	// Writes is the same store, for mutations.
	Writes store.Store
	// Imports does the imports.
	Imports *Imports
	// Now is the clock: it gives today.
	Now func() time.Time
}

// Query gives the resolver of the root query fields.
func (r *Resolver) Query() generated.QueryResolver { return &query{r} }

type query struct{ *Resolver }

// view starts an answer.
func (q *query) view(ctx context.Context) *view {
	return &view{
		store: q.Store, language: readerLanguage(ctx), today: ontology.DayOf(q.Now().UTC()), known: access.Of(ctx).Known(),
		nodes: map[store.ID]store.Node{}, shown: map[store.ID]model.Thing{}, holdings: map[holdingKey]*model.AgentEdge{}, fallbacks: map[store.ID]store.ID{},
		stated: map[store.ID]*model.Fact{},
	}
}

func languageCode(l model.Language) string {
	switch l {
	case model.LanguageNl:
		return "nl"
	case model.LanguageFr:
		return "fr"
	case model.LanguageDe:
		return "de"
	default:
		return "en"
	}
}

// checkLength refuses a list that is too long for one question.
func checkLength[T any](name string, list []T, most int) error {
	if len(list) > most {
		return fmt.Errorf("%w: %s has %d values; at most %d are answered at once", errInput, name, len(list), most)
	}
	return nil
}

// between checks an argument that has bounds, and gives its default where it
// is null.
func between(name string, v *int, otherwise, least, most int) (int, error) {
	if v == nil {
		return otherwise, nil
	}
	if *v < least || *v > most {
		return 0, fmt.Errorf("%w: %s must be %d to %d", errInput, name, least, most)
	}
	return *v, nil
}
