package transport

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"runtime/debug"
	"strings"

	"github.com/rs/cors"
)

// contentPolicy lets pages load from this server only and be framed by nobody. A handler
// that needs more sets the header itself.
const contentPolicy = "default-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"

// Perimeter wraps the handler of the whole server with what every path needs: recovery
// from panics, security headers, the Host allow-list against DNS rebinding (421),
// refusal of requests from foreign pages (403), CORS for the configured origins, and
// who asks: handlers find the principal in the context (access.Of), and a token that is
// not valid is refused (401) whatever is asked for.
func Perimeter(s Settings, next http.Handler) (http.Handler, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	origin := http.NewCrossOriginProtection()
	for _, trusted := range s.Origins {
		if err := origin.AddTrustedOrigin(trusted); err != nil {
			return nil, fmt.Errorf("transport: origin: %w", err)
		}
	}
	origin.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		refuse(http.StatusForbidden, CodeForbidden, "requests from foreign pages are refused").closing().write(w, r, s.Errors)
	}))
	next = origin.Handler(newIdentity(s, next))
	if len(s.Origins) > 0 {
		next = cors.New(cors.Options{
			AllowedOrigins: s.Origins,
			AllowedMethods: []string{http.MethodGet, http.MethodPost},
			AllowedHeaders: []string{"Accept", "Accept-Language", "Authorization", "Content-Type"},
			ExposedHeaders: []string{"Content-Language", "Retry-After", "WWW-Authenticate"},
			MaxAge:         600,
		}).Handler(next)
	}
	return &perimeter{settings: s, next: next}, nil
}

type perimeter struct {
	settings Settings
	next     http.Handler
}

func (p *perimeter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	defer p.catch(w, r)
	header := w.Header()
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Content-Security-Policy", contentPolicy)
	header.Set("Referrer-Policy", "no-referrer")
	if len(r.Header.Values("Authorization")) > 0 {
		header.Set("Cache-Control", "no-store")
	}
	if !p.allowed(r.Host) {
		refuse(http.StatusMisdirectedRequest, CodeHost, "the server does not answer to this host name").
			closing().write(w, r, p.settings.Errors)
		return
	}
	p.next.ServeHTTP(w, r)
}

// allowed compares host names without port, case and the dot of the root.
func (p *perimeter) allowed(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.TrimSuffix(strings.Trim(host, "[]"), ".")
	for _, allowed := range p.settings.Hosts {
		if allowed == "*" || strings.EqualFold(allowed, host) {
			return true
		}
	}
	return false
}

// catch answers a panic that nothing further in has caught. What was already sent
// stays; then the second header is ignored.
func (p *perimeter) catch(w http.ResponseWriter, r *http.Request) {
	caught := recover()
	if caught == nil {
		return
	}
	if err, ok := caught.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		panic(caught) // net/http's own way to end a response
	}
	internal := internalError(r.Context(), p.settings.log(), "panic", DescribePanic(caught), "stack", string(debug.Stack()))
	(&refusal{status: http.StatusInternalServerError, errors: list(internal)}).write(w, r, p.settings.Errors)
}
