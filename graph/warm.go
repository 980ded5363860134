package graph

import (
	"context"
	"time"

	"coopgraph/ontology"
	"coopgraph/ontology/contact"
)

// warmTime bounds one of the questions that Warm asks.
const warmTime = time.Minute

// warmQuestions take the ways that most questions take: a theme with a
// partner, an office, a language, a place and a day.
var warmQuestions = []string{
	"hydrogen in North Rhine-Westphalia", "chair of the Scheldt Council", "German-speaking expert on cybersecurity",
	"Estonia", "presidency of the Greater Region in 2026",
}

// Warm asks the store what readers are likely to ask, until the context ends,
// so that the first of them does not wait while a cold database plans its
// answers: a Neo4j does so for seconds.
func (s *Server) Warm(ctx context.Context) {
	for _, about := range warmQuestions {
		ctx, cancel := context.WithTimeout(ctx, warmTime)
		_, err := contact.Find(ctx, s.store, s.memory, contact.Question{About: about, Today: ontology.DayOf(s.now().UTC()), Language: "en"})
		cancel()
		if err != nil {
			return
		}
	}
}
