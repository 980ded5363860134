// Package reconcile lets other programs match their lists against the graph: it
// speaks the W3C Reconciliation Service API 0.2
// (https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/),
// as OpenRefine does. It answers from a store.Reader and writes nothing.
//
// It knows the ontology and the store's port, and neither GraphQL nor the loader.
package reconcile

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"coopgraph/store"
)

// Path is where [Handler] must be mounted, with and without a slash after it.
const Path = "/reconcile"

// Settings configure the service. Only Store is needed: the zero value of
// anything else stands for its default.
type Settings struct {
	Store store.Reader
	// Now is the clock that gives today; nil is the system's.
	Now func() time.Time
	// Name is the service's name in the list of a client: "Coopgraph".
	Name string
	// Version is the program's version, shown in the manifest.
	Version string
	// Base is the address of the server, "https://host" without a slash after
	// it. Without one it is taken from the request: its host, which the server
	// around the handler must have checked.
	Base string
	// View is the address of a thing's page, with {{id}} for its id. Without
	// one it is the service's own page.
	View string
	// Frames are the origins whose pages may frame previews; without any these
	// are pages on loopback addresses, where OpenRefine runs.
	Frames []string
	// Unavailable says that nothing can be served, why, and when to come back;
	// nil is always available. The reason is shown.
	Unavailable func() (reason string, retryAfter time.Duration, down bool)
	// Limits bound what a request may ask; those that are zero are the defaults.
	Limits Limits
	// Log takes what clients must not see; nil is slog.Default().
	Log *slog.Logger
}

// Limits bound a request.
type Limits struct {
	// Body is the most bytes of a body: 256 KiB.
	Body int64
	// Queries is the most queries of a batch: 50.
	Queries int
	// Values is the most values of a list: ids, properties, types: 100.
	Values int
	// Characters and Words bound a text: 500 and 40. Longer cells are cut, longer
	// prefixes and ids refused.
	Characters, Words int
	// Candidates is the most candidates of a query, and of suggestions: 100.
	Candidates int
	// InFlight is the most requests under way at once: 8. More are answered 503.
	InFlight int
	// Time is how long an answer may take: 10 s.
	Time time.Duration
}

func orDefault[T comparable](v, otherwise T) T {
	var zero T
	if v == zero {
		return otherwise
	}
	return v
}

func (l Limits) withDefaults() Limits {
	return Limits{
		Body:       orDefault(l.Body, 256<<10),
		Queries:    orDefault(l.Queries, 50),
		Values:     orDefault(l.Values, 100),
		Characters: orDefault(l.Characters, 500),
		Words:      orDefault(l.Words, 40),
		Candidates: orDefault(l.Candidates, 100),
		InFlight:   orDefault(l.InFlight, 8),
		Time:       orDefault(l.Time, 10*time.Second),
	}
}

// service answers requests.
type service struct {
	Settings
	slots chan struct{}
}

// Handler serves the API below [Path]: the manifest and batches at it, and the
// services that the manifest names under it. The server around it is taken to
// check hosts and foreign origins, and to send CORS headers where it wants to.
func Handler(s Settings) http.Handler {
	if s.Now == nil {
		s.Now = time.Now
	}
	if s.Log == nil {
		s.Log = slog.Default()
	}
	s.Name = orDefault(s.Name, "Coopgraph")
	s.Base = strings.TrimSuffix(s.Base, "/")
	if len(s.Frames) == 0 {
		s.Frames = []string{"'self'", "http://127.0.0.1:*", "http://localhost:*"}
	}
	s.Limits = s.Limits.withDefaults()
	v := &service{Settings: s, slots: make(chan struct{}, s.Limits.InFlight)}
	mux := http.NewServeMux()
	for pattern, answer := range map[string]answerer{
		"":                  v.endpoint,
		"/{$}":              v.endpoint,
		"/suggest/entity":   v.suggestEntity,
		"/suggest/property": v.suggestProperty,
		"/suggest/type":     v.suggestType,
		"/flyout/entity":    v.flyoutEntity,
		"/flyout/property":  v.flyoutProperty,
		"/flyout/type":      v.flyoutType,
		"/extend/propose":   v.propose,
	} {
		mux.Handle(Path+pattern, v.json(answer))
	}
	mux.Handle("GET "+Path+"/preview", v.guarded(v.preview))
	mux.Handle("GET "+Path+"/thing/{id}", v.guarded(v.page))
	return mux
}

// answerer gives what is sent as JSON, or an error: a *problem where it is the
// client's doing.
type answerer func(ctx context.Context, r *request) (any, error)

// base is the address of the server.
func (v *service) base(r *http.Request) string {
	if v.Base != "" {
		return v.Base
	}
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	return scheme + "://" + r.Host
}
