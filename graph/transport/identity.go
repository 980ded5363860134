package transport

import (
	"errors"
	"net/http"
	"strings"

	"coopgraph/access"
)

// challenge is what a client whose token is not valid is told (RFC 6750, section 3).
const challenge = `Bearer realm="coopgraph", error="invalid_token"`

// identity puts the principal of each request into its context. A token comes in the
// header Authorization with the scheme Bearer and in no other way; without the header
// the principal is anonymous.
type identity struct {
	settings Settings
	failed   *Limiter
	next     http.Handler
}

func newIdentity(s Settings, next http.Handler) *identity {
	return &identity{settings: s, failed: NewLimiter(s.FailedLogins), next: next}
}

func (i *identity) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	values := r.Header.Values("Authorization")
	if len(values) == 0 {
		i.next.ServeHTTP(w, r)
		return
	}
	principal, bad := i.principal(r, values)
	if bad != nil {
		if bad.status == http.StatusUnauthorized {
			w.Header().Set("WWW-Authenticate", challenge)
		}
		bad.write(w, r, i.settings.Errors)
		return
	}
	i.next.ServeHTTP(w, r.WithContext(access.With(r.Context(), principal)))
}

// principal finds out whose token was sent. Callers that sent too many bad ones are
// refused before anybody is asked.
func (i *identity) principal(r *http.Request, values []string) (access.Principal, *refusal) {
	caller, limited := i.settings.caller(r)
	if limited {
		if wait, empty := i.failed.Empty(caller); empty {
			return access.Principal{}, refuse(http.StatusTooManyRequests, CodeRateLimited, "too many tokens that are not valid").after(wait)
		}
	}
	bearer, ok := bearerOf(values)
	err := access.ErrBadToken
	var principal access.Principal
	if ok {
		principal, err = i.settings.authenticate(r.Context(), bearer)
	}
	switch {
	case err == nil:
		return principal, nil
	case !errors.Is(err, access.ErrBadToken):
		return access.Principal{}, i.unknown(r, err)
	}
	if limited {
		i.failed.Take(caller)
	}
	i.settings.log().InfoContext(r.Context(), "a token was refused", "reason", err.Error())
	return access.Principal{}, refuse(http.StatusUnauthorized, CodeUnauthenticated,
		"the token is not valid: it is sent as Authorization: Bearer, and may have expired or been revoked")
}

// bearerOf takes the token from the header (RFC 6750, section 2.1).
func bearerOf(values []string) (string, bool) {
	if len(values) != 1 {
		return "", false
	}
	scheme, token, ok := strings.Cut(values[0], " ")
	return token, ok && strings.EqualFold(scheme, "Bearer")
}

// unknown is the refusal where nobody can say whose the token is.
func (i *identity) unknown(r *http.Request, err error) *refusal {
	code, message, known := i.settings.classify(err)
	switch {
	case !known:
		internal := internalError(r.Context(), i.settings.log(), "error", err.Error())
		return &refusal{status: http.StatusInternalServerError, errors: list(internal)}
	case code == CodeTimeout:
		return refuse(http.StatusGatewayTimeout, code, "%s", message)
	}
	return refuse(http.StatusServiceUnavailable, code, "%s", message).after(i.settings.RetryAfter)
}
