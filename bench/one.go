package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/pprof"
	"slices"
	"sync/atomic"
	"time"

	"coopgraph/graph"
	"coopgraph/graph/transport"
	"coopgraph/store"
)

// rounds is the number of parts in which requests are sent, by turns with the
// bare driver's, so that what else the machine does falls on both.
const rounds = 3

// today is the day of the answers.
func today() time.Time { return time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC) }

// one measures one store with one size.
func (s *settings) one(ctx context.Context, name string, nodes int, all *report, stderr io.Writer) (err error) {
	var statements atomic.Int64
	d, err := s.database(ctx, name, &statements)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.end(context.WithoutCancel(ctx))) }()
	w := newWorld(nodes)
	fmt.Fprintf(stderr, "%s: loading %d nodes\n", name, nodes)
	st, loaded, err := d.fill(ctx, w, func() (func() error, error) { return s.record(name, "load", nodes) })
	if st != nil {
		defer func() { err = errors.Join(err, st.Close(context.WithoutCancel(ctx))) }()
	}
	if loaded != nil {
		all.Loads = append(all.Loads, *loaded)
	}
	if err != nil {
		return err
	}
	a, err := s.arena(ctx, d, st, w)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.close(context.WithoutCancel(ctx))) }()
	for _, q := range a.questions {
		if len(s.only) > 0 && !slices.Contains(s.only, q.name) {
			continue
		}
		fmt.Fprintf(stderr, "%s: %d nodes: %s\n", name, nodes, q.name)
		result, err := s.measure(ctx, a, q, nodes, &statements, stderr)
		if err != nil {
			return fmt.Errorf("%s: %w", q.name, err)
		}
		all.Requests = append(all.Requests, result)
	}
	return nil
}

func (s *settings) database(ctx context.Context, name string, statements *atomic.Int64) (*database, error) {
	if name == "sqlite" {
		return embedded(s.file)
	}
	c := s.neo4j
	c.Observe = func(context.Context, string) { statements.Add(1) }
	return remote(ctx, c, s.reuse)
}

// arena is a loaded store with the servers in front of it.
type arena struct {
	database  *database
	api, bare *target
	questions []question
}

func (s *settings) arena(ctx context.Context, d *database, st store.Store, w world) (*arena, error) {
	edge := transport.Defaults()
	edge.Log = slog.New(slog.DiscardHandler)
	seen := &witness{Store: st}
	server, err := graph.NewServer(seen, today, edge)
	if err != nil {
		return nil, err
	}
	handler, err := server.Handler()
	if err != nil {
		return nil, err
	}
	a := &arena{database: d}
	if a.api, err = listen(ctx, handler, edge); err != nil {
		return nil, err
	}
	ask := func(ctx context.Context, document string, variables map[string]any) ([]byte, error) {
		body, err := json.Marshal(request{document, variables})
		if err != nil {
			return nil, err
		}
		return a.api.post(ctx, "/graphql", body)
	}
	a.questions, err = w.questions(ctx, s.variants, ask)
	if err == nil && d.bare != nil {
		b := newBare(d.bare)
		err = b.parameters(ctx, s.variants, a.questions, func(document string, variables map[string]any) (candidates, error) {
			return seen.note(func() error {
				_, err := ask(ctx, document, variables)
				return err
			})
		})
		if err == nil {
			a.bare, err = listen(ctx, b, edge)
		}
	}
	if err != nil {
		return nil, errors.Join(err, a.close(context.WithoutCancel(ctx)))
	}
	return a, nil
}

func (a *arena) close(ctx context.Context) error {
	err := a.api.close(ctx)
	if a.bare != nil {
		err = errors.Join(err, a.bare.close(ctx))
	}
	return err
}

// request is a GraphQL request's body.
type request struct {
	Query     string         `json:"query"`
	Variables map[string]any `json:"variables"`
}

// measure sends requests of one kind, first unmeasured, then by turns with the
// bare driver's.
func (s *settings) measure(ctx context.Context, a *arena, q question, nodes int, statements *atomic.Int64, stderr io.Writer) (requestResult, error) {
	result := requestResult{Store: a.database.name, Nodes: nodes, Question: q.name}
	bodies := make([]request, len(q.variables))
	for i, v := range q.variables {
		bodies[i] = request{q.document, v}
	}
	whole, err := newJob(a.api, "/graphql", bodies)
	if err != nil {
		return result, err
	}
	jobs, sums := []job{whole}, []*series{{}}
	if a.bare != nil {
		byHand, err := newJob(a.bare, "/"+q.name, q.values)
		if err != nil {
			return result, err
		}
		jobs, sums = append(jobs, byHand), append(sums, &series{})
	}
	for _, j := range jobs {
		// Neo4j plans each statement once and compiles what it runs often.
		if err := new(series).add(ctx, a.database, j, s.clients, s.lasting); err != nil {
			return result, err
		}
	}
	stop, err := s.record(a.database.name, q.name, nodes)
	if err != nil {
		return result, err
	}
	asked := int64(0)
	for range rounds {
		for i, j := range jobs {
			before := statements.Load()
			if err = sums[i].add(ctx, a.database, j, s.clients, s.lasting/rounds); err != nil {
				break
			}
			asked += statements.Load() - before
		}
	}
	if err = errors.Join(err, stop()); err != nil {
		return result, err
	}
	for _, sum := range sums {
		if sum.last != nil {
			fmt.Fprintln(stderr, sum.last)
		}
	}
	result.timing = sums[0].timing()
	result.Statements = float64(asked) / float64(max(1, result.Requests))
	if a.bare != nil {
		t := sums[1].timing()
		result.Bare, result.RatioGoal = &t, q.ratio
	} else {
		result.Goal = q.goal
	}
	return result, nil
}

// record starts a CPU profile, if one was asked for; the function that it
// gives ends it.
func (s *settings) record(name, question string, nodes int) (stop func() error, err error) {
	if s.profile == "" {
		return func() error { return nil }, nil
	}
	f, err := os.Create(filepath.Join(s.profile, fmt.Sprintf("%s-%d-%s.pprof", name, nodes, question)))
	if err != nil {
		return nil, err
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return func() error {
		pprof.StopCPUProfile()
		return f.Close()
	}, nil
}
