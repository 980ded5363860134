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

	"coopgraph/access"
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
	// Upload is the most bytes of an uploaded file; those up to UploadMemory bytes are
	// kept in memory, others in a temporary file. Uploads is the most of them at once;
	// more are answered 503.
	Upload, UploadMemory int64
	Uploads              int
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
	// FailedLogins bounds requests with a token that is refused, by client address.
	FailedLogins Rate
	// RateOnLoopback also limits clients on loopback addresses.
	RateOnLoopback bool

	// Hosts are the host names, without port, that the server answers to; a single "*"
	// allows all, for a server whose proxy checks them.
	Hosts []string
	// Origins are the foreign origins (scheme://host[:port]) whose pages may call the
	// server. With none there is no CORS at all.
	Origins []string

	// Authenticate says whose a bearer token is: access.ErrBadToken for nobody's,
	// another error where that cannot be known at the moment. nil knows no token.
	Authenticate func(ctx context.Context, bearer string) (access.Principal, error)
	// Grant says what the caller of a request, access.Of(ctx), may do with the endpoint;
	// nil grants everybody introspection and suggestions, which fits loopback, and the
	// cost that their role may ask for.
	Grant func(context.Context) guard.Grant
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
		Upload:        20 << 20,
		UploadMemory:  1 << 20,
		Uploads:       4,
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
		FailedLogins:  Rate{PerSecond: 10. / 60, Burst: 10},
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
		{"Upload", s.Upload},
		{"UploadMemory", s.UploadMemory},
		{"Uploads", int64(s.Uploads)},
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
		{"FailedLogins.Burst", int64(s.FailedLogins.Burst)},
	} {
		if n.value <= 0 {
			return fmt.Errorf("transport: the setting %s is not positive", n.name)
		}
	}
	switch {
	case s.AnonymousRate.PerSecond <= 0 || s.TokenRate.PerSecond <= 0 || s.FailedLogins.PerSecond <= 0:
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
	if s.Grant != nil {
		return s.Grant(ctx)
	}
	cost := guard.AnonymousCost
	if access.Of(ctx).Role.May(access.AskMore) {
		cost = guard.StaffCost
	}
	return guard.Grant{Introspection: true, Suggestions: true, Cost: cost}
}

func (s Settings) authenticate(ctx context.Context, bearer string) (access.Principal, error) {
	if s.Authenticate == nil {
		return access.Principal{}, fmt.Errorf("%w: no token is known here", access.ErrBadToken)
	}
	ctx, cancel := context.WithTimeout(ctx, s.Request)
	defer cancel()
	return s.Authenticate(ctx, bearer)
}

func (s Settings) log() *slog.Logger {
	if s.Log == nil {
		return slog.Default()
	}
	return s.Log
}
