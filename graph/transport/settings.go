package transport

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"coopgraph/graph/guard"
)

// Settings configure the server's edge. [Defaults] is the documented table. Functions
// may be nil; each says what that means.
type Settings struct {
	// Body is the most bytes of a GraphQL request's body.
	Body int64
	// Nesting is the most objects and lists in one another in the body.
	Nesting int
	// Answer is the most bytes of the data of an answer.
	Answer int
	// Errors is the most errors of an answer.
	Errors int
	// InFlight is the most GraphQL requests under way at once; more are answered 503.
	InFlight int
	// Executing is the most of them executed at once; the others wait for their turn,
	// within their deadline. It bounds memory, and lets the first answers come first.
	Executing int
	// RetryAfter is what clients are told to wait where nothing more exact is known.
	RetryAfter time.Duration

	// Request is the deadline of one execution; Grace is how much longer the answer
	// waits for resolvers to notice it.
	Request, Grace time.Duration
	// ReadHeader, Read, Write, Idle are the timeouts of the http.Server; Header is the
	// most bytes of request line and headers.
	ReadHeader, Read, Write, Idle time.Duration
	Header                        int

	// AnonymousRate and TokenRate bound requests by client address and by token.
	AnonymousRate, TokenRate Rate
	// RateOnLoopback also limits anonymous clients on loopback addresses.
	RateOnLoopback bool

	// Hosts are the host names, without port, that the server answers to; a single "*"
	// allows all, for a server whose proxy checks them.
	Hosts []string
	// Origins are the foreign origins (scheme://host[:port]) whose pages may call the
	// server. With none there is no CORS at all.
	Origins []string

	// Grant says what the caller of a request may do; nil grants everybody
	// introspection, suggestions and the anonymous cost, which fits loopback.
	Grant func(context.Context) guard.Grant
	// Token names the authenticated caller for the rate limit, "" for an anonymous one;
	// nil takes everybody for anonymous. The name must not be the token itself.
	Token func(context.Context) string
	// Address is the client's address without port; nil takes the connection's, which
	// is wrong behind a proxy.
	Address func(*http.Request) string
	// Classify maps an error to its code and a message that may be shown; nil knows none.
	Classify func(error) (code, message string, ok bool)
	// Unavailable says that nothing can be served (the store is down, the server is
	// draining), why, and when to come back; nil is always available. The reason is shown.
	Unavailable func() (reason string, retryAfter time.Duration, down bool)
	// Extensions are gqlgen's, for tracing and metrics. One that changes the query would
	// have no effect: the admitted document is executed.
	Extensions []graphql.HandlerExtension
	// Log takes what clients must not see; nil is slog.Default().
	Log *slog.Logger
}

// Rate is a token bucket.
type Rate struct {
	PerSecond float64
	Burst     int
}

// Defaults returns the settings the server starts from: loopback names only.
func Defaults() Settings {
	return Settings{
		Body:          256 << 10,
		Nesting:       64,
		Answer:        10 << 20,
		Errors:        20,
		InFlight:      64,
		Executing:     16,
		RetryAfter:    time.Second,
		Request:       10 * time.Second,
		Grace:         250 * time.Millisecond,
		ReadHeader:    5 * time.Second,
		Read:          15 * time.Second,
		Write:         30 * time.Second,
		Idle:          60 * time.Second,
		Header:        64 << 10,
		AnonymousRate: Rate{PerSecond: 10, Burst: 30},
		TokenRate:     Rate{PerSecond: 50, Burst: 100},
		Hosts:         []string{"localhost", "127.0.0.1", "::1"},
	}
}

// check names the first setting that cannot be.
func (s Settings) check() error {
	for _, n := range []struct {
		name  string
		value int64
	}{
		{"Body", s.Body},
		{"Nesting", int64(s.Nesting)},
		{"Answer", int64(s.Answer)},
		{"Errors", int64(s.Errors)},
		{"InFlight", int64(s.InFlight)},
		{"Executing", int64(s.Executing)},
		{"RetryAfter", int64(s.RetryAfter)},
		{"Request", int64(s.Request)},
		{"Grace", int64(s.Grace)},
		{"ReadHeader", int64(s.ReadHeader)},
		{"Read", int64(s.Read)},
		{"Write", int64(s.Write)},
		{"Idle", int64(s.Idle)},
		{"Header", int64(s.Header)},
		{"AnonymousRate.Burst", int64(s.AnonymousRate.Burst)},
		{"TokenRate.Burst", int64(s.TokenRate.Burst)},
	} {
		if n.value <= 0 {
			return fmt.Errorf("transport: the setting %s is not positive", n.name)
		}
	}
	switch {
	case s.AnonymousRate.PerSecond <= 0 || s.TokenRate.PerSecond <= 0:
		return errors.New("transport: a rate is not positive")
	case len(s.Hosts) == 0:
		return errors.New("transport: no host is allowed")
	}
	for _, origin := range s.Origins {
		if strings.Contains(origin, "*") {
			return fmt.Errorf("transport: the origin %q holds a wildcard", origin)
		}
	}
	return nil
}

func (s Settings) grant(ctx context.Context) guard.Grant {
	if s.Grant == nil {
		return guard.Grant{Introspection: true, Suggestions: true, Cost: guard.AnonymousCost}
	}
	return s.Grant(ctx)
}

func (s Settings) log() *slog.Logger {
	if s.Log == nil {
		return slog.Default()
	}
	return s.Log
}
