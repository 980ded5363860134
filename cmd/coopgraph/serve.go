package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"coopgraph/graph"
	"coopgraph/graph/transport"
	"coopgraph/seed"
	"coopgraph/store"
	"coopgraph/web"
)

func serveCommand(p *program) *cobra.Command {
	c := &cobra.Command{
		Use:   "serve",
		Short: "Serve the graph over GraphQL, with an explorer page",
		Long: `Serve answers GraphQL at /graphql and shows an explorer with example
questions at /explorer/. An empty store is filled with the seed first.`,
		Args: noArgs,
	}
	stores := p.storeFlags(c.Flags())
	listen, origins, form := p.add(c.Flags(), listenSetting), p.add(c.Flags(), originsSetting), p.add(c.Flags(), logSetting)
	c.RunE = func(c *cobra.Command, _ []string) error {
		log, err := p.logger(*form)
		if err != nil {
			return err
		}
		if err := onlyLoopback(*listen); err != nil {
			return &codedError{exitUsage, err}
		}
		s, err := stores.open(c.Context())
		if err != nil {
			return err
		}
		server := &server{program: p, store: s, log: log}
		err = server.serve(c.Context(), *listen, splitList(*origins), stores.String())
		ctx, cancel := context.WithTimeout(context.WithoutCancel(c.Context()), closeTimeout)
		defer cancel()
		return errors.Join(err, s.Close(ctx))
	}
	return c
}

func splitList(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' })
}

// onlyLoopback refuses addresses that others can reach: nothing protects them
// without identities.
func onlyLoopback(listen string) error {
	host, _, err := net.SplitHostPort(listen)
	if err != nil {
		return fmt.Errorf("--listen %s: write HOST:PORT, for example 127.0.0.1:8080", listen)
	}
	if host == "localhost" {
		return nil
	}
	if ip, err := netip.ParseAddr(host); err == nil && ip.IsLoopback() {
		return nil
	}
	return fmt.Errorf("--listen %s: only loopback addresses (127.0.0.1, ::1, localhost) are served, since callers have no identities", listen)
}

// The times that the server waits.
const (
	closeTimeout = 10 * time.Second
	drainTimeout = 20 * time.Second
	// drainNotice is how long new requests are still told that the server stops.
	drainNotice = 500 * time.Millisecond
	// storePatience is how long the start waits for the store to answer.
	storePatience = 2 * time.Second
	seedRetry     = time.Second
)

type server struct {
	program *program
	store   store.Store
	log     *slog.Logger
}

// serve answers until the context ends, then lets the requests under way end.
func (s *server) serve(ctx context.Context, listen string, origins []string, name string) error {
	settings := transport.Defaults()
	settings.Origins, settings.Log = origins, s.log
	api, err := graph.NewServer(s.store, time.Now, settings)
	if err != nil {
		return &codedError{exitUsage, err}
	}
	api.Handle(web.ExplorerPath, web.Explorer())
	handler, err := api.Handler()
	if err != nil {
		return &codedError{exitUsage, err}
	}
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", listen)
	if err != nil {
		return &codedError{exitUsage, fmt.Errorf("--listen %s: %w", listen, err)}
	}
	var filling sync.WaitGroup
	defer filling.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	wanted, err := s.unseeded(ctx)
	if err == nil && wanted {
		err = s.fill(ctx)
	}
	switch {
	case ctx.Err() != nil:
		return l.Close()
	case errors.Is(err, store.ErrUnavailable):
		s.log.Warn("the store does not answer yet; the server starts without it", "store", name)
		api.Hold("the database does not answer yet")
		filling.Go(func() { s.fillLater(ctx, api) })
	case err != nil:
		return errors.Join(err, l.Close())
	}
	fmt.Fprintf(s.program.stdout, "coopgraph %s serves %s at http://%s/explorer/\n", version(), name, l.Addr())
	return s.answer(ctx, l, transport.NewServer(handler, settings), api.Drain)
}

// answer serves until the context ends. Then it says so to whoever asks, lets
// the requests under way end, and stops.
func (s *server) answer(ctx context.Context, l net.Listener, h *http.Server, drain func()) error {
	failed := make(chan error, 1)
	go func() { failed <- h.Serve(l) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	drain()
	time.Sleep(drainNotice)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTimeout)
	defer cancel()
	if err := h.Shutdown(ctx); err != nil {
		return fmt.Errorf("requests were still under way after %s: %w", drainTimeout, err)
	}
	if err := <-failed; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// unseeded says whether the store wants the seed. It fails with
// store.ErrUnavailable where the store does not answer soon.
func (s *server) unseeded(ctx context.Context) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, storePatience)
	defer cancel()
	wanted, err := seed.Wanted(ctx, s.store)
	if errors.Is(err, context.DeadlineExceeded) {
		return false, fmt.Errorf("%w: no answer in %s", store.ErrUnavailable, storePatience)
	}
	return wanted, err
}

// fill loads the seed, and says so.
func (s *server) fill(ctx context.Context) error {
	start := time.Now()
	summary, err := seed.Load(ctx, s.store, time.Now)
	if err != nil {
		return fmt.Errorf("load the seed: %w", err)
	}
	fmt.Fprintf(s.program.stdout, "the store was empty: loaded the seed (%s) in %s\n", summary, time.Since(start).Round(time.Millisecond))
	return nil
}

// fillLater waits until the store answers, fills it if it wants the seed, and
// lets the server answer questions.
func (s *server) fillLater(ctx context.Context, api *graph.Server) {
	tick := time.NewTicker(seedRetry)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		wanted, err := s.unseeded(ctx)
		if err == nil && wanted {
			api.Hold("the seed is being loaded")
			err = s.fill(ctx)
		}
		switch {
		case err == nil:
			s.log.Info("the store answers")
			api.Release()
			return
		case ctx.Err() == nil && !errors.Is(err, store.ErrUnavailable):
			s.log.Error("the store cannot be used", "error", err)
		}
	}
}
