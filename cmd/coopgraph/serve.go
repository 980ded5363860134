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
		Args: cobra.NoArgs,
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
	seedRetry    = 2 * time.Second
)

type server struct {
	program *program
	store   store.Store
	log     *slog.Logger
}

// serve answers until the context ends, then lets the requests under way end.
func (s *server) serve(ctx context.Context, listen string, origins []string, name string) error {
	if err := s.fill(ctx); err != nil {
		if !errors.Is(err, store.ErrUnavailable) {
			return err
		}
		s.log.Warn("the store does not answer yet; the server starts without it", "store", name)
		go s.fillLater(ctx)
	}
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
	h := transport.NewServer(handler, settings)
	fmt.Fprintf(s.program.stdout, "coopgraph %s serves %s at http://%s/explorer/\n", version(), name, l.Addr())
	failed := make(chan error, 1)
	go func() { failed <- h.Serve(l) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	api.Drain()
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTimeout)
	defer cancel()
	if err := h.Shutdown(drain); err != nil {
		return fmt.Errorf("requests were still under way after %s: %w", drainTimeout, err)
	}
	if err := <-failed; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// fill loads the seed into an empty store, and says so.
func (s *server) fill(ctx context.Context) error {
	page, err := s.store.Find(ctx, nil, store.Filter{}, store.Paging{Limit: 1})
	if err != nil || len(page.Items) > 0 {
		return err
	}
	start := time.Now()
	summary, err := seed.Load(ctx, s.store, time.Now)
	if err != nil {
		return fmt.Errorf("load the seed: %w", err)
	}
	fmt.Fprintf(s.program.stdout, "the store was empty: loaded the seed (%s) in %s\n", summary, time.Since(start).Round(time.Millisecond))
	return nil
}

// fillLater tries again until the store answers.
func (s *server) fillLater(ctx context.Context) {
	tick := time.NewTicker(seedRetry)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		err := s.fill(ctx)
		if err == nil {
			s.log.Info("the store answers")
			return
		}
		if !errors.Is(err, store.ErrUnavailable) {
			s.log.Error("the seed was not loaded", "error", err)
			return
		}
	}
}
