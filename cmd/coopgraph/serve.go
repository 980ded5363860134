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

	"coopgraph/access"
	"coopgraph/export"
	"coopgraph/graph"
	"coopgraph/graph/transport"
	"coopgraph/reconcile"
	"coopgraph/seed"
	"coopgraph/store"
	"coopgraph/web"
)

func serveCommand(p *program) *cobra.Command {
	c := &cobra.Command{
		Use:   "serve",
		Short: "Serve the graph over GraphQL, with an explorer page",
		Long: `Serve answers GraphQL at /graphql and shows an explorer with example
questions at /explorer/. An empty store is filled with the seed first.

Whoever can reach the server reads what is public. Changes need a token: see
coopgraph token. Programs of this machine find an editor's in the file that the
start line names.`,
		Args: noArgs,
	}
	stores := p.storeFlags(c.Flags())
	listen, origins, form := p.add(c.Flags(), listenSetting), p.add(c.Flags(), originsSetting), p.add(c.Flags(), logSetting)
	tokenFile := p.add(c.Flags(), localSetting)
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
		server := &server{program: p, store: s, log: log, registry: newRegistry(s)}
		if path := stores.tokenPath(*tokenFile); path != "" {
			server.local = &localToken{registry: server.registry, path: path, now: time.Now}
		}
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

// onlyLoopback refuses addresses that others can reach: tokens would cross the
// network unencrypted.
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
	return fmt.Errorf("--listen %s: only loopback addresses (127.0.0.1, ::1, localhost) are served, since tokens would cross the network unencrypted", listen)
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
	// tokenPatience is how long it waits for the store to keep a token.
	tokenPatience = 5 * time.Second
)

type server struct {
	program  *program
	store    store.Store
	log      *slog.Logger
	registry *access.Registry
	// local is the token for programs of this machine; nil for none.
	local *localToken
}

// serve answers until the context ends, then lets the requests under way end.
func (s *server) serve(ctx context.Context, listen string, origins []string, name string) error {
	settings := transport.Defaults()
	settings.Origins, settings.Log, settings.Authenticate = origins, s.log, s.registry.Verify
	api, err := graph.NewServer(s.store, time.Now, settings)
	if err != nil {
		return &codedError{exitUsage, err}
	}
	api.Imports.Scratch, api.Imports.Logger = newScratch, s.log
	defer api.Imports.Stop()
	s.handle(api)
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
	started := fmt.Sprintf("coopgraph %s serves %s at http://%s/explorer/\n", version(), name, l.Addr())
	if err == nil {
		started += s.offerToken(ctx)
	}
	fmt.Fprint(s.program.stdout, started)
	filling.Go(func() { s.renewToken(ctx) })
	filling.Go(func() { api.Warm(ctx) })
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

// handle adds what is served beside the API: the explorer, the reconciliation
// service and the downloads.
func (s *server) handle(api *graph.Server) {
	api.Handle(web.ExplorerPath, web.Explorer())
	matching := api.Open(reconcile.Handler(reconcile.Settings{Store: s.store, Now: time.Now, Version: version(), Log: s.log}))
	api.Handle(reconcile.Path, matching)
	api.Handle(reconcile.Path+"/", matching)
	api.Handle("/export", api.Open(export.Handler(s.store, s.log)))
}

// offerToken makes sure that there is a token for programs of this machine, and
// gives a line that says where. Without one the server serves all the same.
func (s *server) offerToken(ctx context.Context) string {
	if s.local == nil {
		return ""
	}
	ctx, cancel := context.WithTimeout(ctx, tokenPatience)
	defer cancel()
	if err := s.local.ensure(ctx); err != nil {
		s.log.Warn("no editor's token for this machine", "file", s.local.path, "error", err)
		return ""
	}
	return fmt.Sprintf("changes need a token; an editor's for this machine is in %s\n", s.local.path)
}

// renewToken lets another token follow before the one for this machine ends.
func (s *server) renewToken(ctx context.Context) {
	tick := time.NewTicker(renewCheck)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			s.offerToken(ctx)
		}
	}
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
			fmt.Fprint(s.program.stdout, s.offerToken(ctx))
			return
		case ctx.Err() == nil && !errors.Is(err, store.ErrUnavailable):
			s.log.Error("the store cannot be used", "error", err)
		}
	}
}
