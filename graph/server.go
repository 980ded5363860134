package graph

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/vektah/gqlparser/v2/formatter"

	"coopgraph/graph/generated"
	"coopgraph/graph/guard"
	"coopgraph/graph/transport"
	"coopgraph/ontology/contact"
	"coopgraph/store"
)

// Server answers over HTTP: /graphql, /schema.graphql, /healthz, /readyz, and
// what is added with Handle.
type Server struct {
	settings transport.Settings
	store    store.Store
	memory   *contact.Memory
	now      func() time.Time
	mux      *http.ServeMux
	// Imports does the imports. Scratch must be set before a dry run is asked
	// for, Stop be called at the end.
	Imports  *Imports
	draining atomic.Bool
	// held is why no question is answered yet; nil when they are.
	held atomic.Pointer[string]
}

// readyTimeout bounds the question whether the store answers.
const readyTimeout = 2 * time.Second

// NewServer serves the graph in a store. now is the clock that gives today.
// Settings are those of the transport; their Classify and Unavailable are set
// here.
func NewServer(s store.Store, now func() time.Time, settings transport.Settings) (*Server, error) {
	memory := &contact.Memory{}
	imports := &Imports{Store: s, Now: now, Logger: settings.Log}
	schema := generated.NewExecutableSchema(generated.Config{
		Resolvers:  &Resolver{Store: s, Memory: memory, Writes: s, Imports: imports, Now: now},
		Directives: generated.DirectiveRoot{Needs: Needs},
	})
	costs := guard.DefaultCosts()
	costs.Lists = listSizes()
	g, err := guard.New(schema.Schema(), guard.Defaults(), costs)
	if err != nil {
		return nil, err
	}
	srv := &Server{settings: settings, store: s, memory: memory, now: now, mux: http.NewServeMux(), Imports: imports}
	srv.settings.Classify = Classify
	srv.settings.Unavailable = srv.unavailable
	endpoint, err := transport.New(schema, g, srv.settings)
	if err != nil {
		return nil, err
	}
	var sdl strings.Builder
	formatter.NewFormatter(&sdl).FormatSchema(schema.Schema())
	srv.mux.Handle("/graphql", WithLanguage(endpoint))
	srv.mux.HandleFunc("GET /schema.graphql", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/graphql; charset=utf-8")
		fmt.Fprint(w, sdl.String())
	})
	srv.mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	srv.mux.HandleFunc("GET /readyz", srv.ready)
	srv.mux.Handle("GET /{$}", http.RedirectHandler("/explorer/", http.StatusFound))
	return srv, nil
}

// listSizes says how many things the lists without a page size are taken to
// hold, for the cost of a question (SAFETY.md: 3 where nothing else is known;
// the resolvers bound what they return).
func listSizes() map[string]int {
	return map[string]int{
		"names": 3, "identifiers": 3, "figures": 3, "sources": 3, "understood": 3, "alternatives": 3,
		"missing": 3, "reasons": 3, "userErrors": 3, "Match.parts": 3, "differences": 3, "Reason.facts": 3, "facets": 8,
		"Coverage.themes": 100, "Coverage.partners": 100, "Coverage.cells": 1000, "Coverage.gaps": 1000,
		"Network.nodes": 500, "Network.facts": 500, "Path.nodes": 7, "Path.facts": 6,
	}
}

// Handle adds a page.
func (s *Server) Handle(pattern string, h http.Handler) { s.mux.Handle(pattern, h) }

// Handler gives the whole server.
func (s *Server) Handler() (http.Handler, error) {
	return transport.Perimeter(s.settings, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.draining.Load() {
			w.Header().Set("Connection", "close")
		}
		s.mux.ServeHTTP(w, r)
	}))
}

// Open lets a page answer only while questions are answered.
func (s *Server) Open(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if reason, after, down := s.unavailable(); down {
			w.Header().Set("Retry-After", strconv.Itoa(max(1, int(after.Seconds()))))
			http.Error(w, reason, http.StatusServiceUnavailable)
			return
		}
		h.ServeHTTP(w, r)
	})
}

// Drain lets the server say that it is about to stop.
func (s *Server) Drain() { s.draining.Store(true) }

// Hold lets the server say that it answers no questions yet, and why, until
// Release.
func (s *Server) Hold(reason string) { s.held.Store(&reason) }

// Release ends Hold.
func (s *Server) Release() { s.held.Store(nil) }

func (s *Server) unavailable() (reason string, retryAfter time.Duration, down bool) {
	if s.draining.Load() {
		return "the server is stopping", s.settings.RetryAfter, true
	}
	if held := s.held.Load(); held != nil {
		return *held, s.settings.RetryAfter, true
	}
	return "", 0, false
}

// ready answers whether questions can be answered now, and why not.
func (s *Server) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), readyTimeout)
	defer cancel()
	reason, _, down := s.unavailable()
	if !down {
		reason, down = s.silent(ctx)
	}
	if down {
		w.Header().Set("Retry-After", "1")
		http.Error(w, reason, http.StatusServiceUnavailable)
		return
	}
	fmt.Fprintln(w, "ready")
}

// silent asks whether the store answers, and says why not.
func (s *Server) silent(ctx context.Context) (reason string, down bool) {
	err := s.store.Ping(ctx)
	if err == nil {
		return "", false
	}
	if _, reason, known := Classify(err); known && !errors.Is(err, context.DeadlineExceeded) {
		return reason, true
	}
	return "the database does not answer", true
}
