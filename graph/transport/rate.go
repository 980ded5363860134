package transport

import (
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"coopgraph/access"
)

// limiterKeys is the most callers a Limiter remembers. When they are full, those whose
// bucket is full again are forgotten, and if there is none, everybody: a flood from
// many addresses is for the in-flight limit to stop.
const limiterKeys = 10_000

// Limiter is a token bucket for each caller. It is safe for concurrent use.
type Limiter struct {
	rate    Rate
	mu      sync.Mutex
	buckets map[string]*rate.Limiter
}

// NewLimiter returns a limiter whose callers each have a full bucket.
func NewLimiter(r Rate) *Limiter {
	return &Limiter{rate: r, buckets: make(map[string]*rate.Limiter)}
}

// Allow takes one from a caller's bucket. If it is empty, it returns false and how long
// to wait.
func (l *Limiter) Allow(caller string) (time.Duration, bool) {
	now := time.Now()
	reservation := l.bucket(caller, now).ReserveN(now, 1)
	wait := reservation.DelayFrom(now)
	if wait > 0 {
		reservation.CancelAt(now)
		return wait, false
	}
	return 0, true
}

// Callers is how many callers are remembered.
func (l *Limiter) Callers() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.buckets)
}

func (l *Limiter) bucket(caller string, now time.Time) *rate.Limiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	bucket := l.buckets[caller]
	if bucket != nil {
		return bucket
	}
	if len(l.buckets) >= limiterKeys {
		l.forget(now)
	}
	bucket = rate.NewLimiter(rate.Limit(l.rate.PerSecond), l.rate.Burst)
	l.buckets[caller] = bucket
	return bucket
}

func (l *Limiter) forget(now time.Time) {
	for caller, bucket := range l.buckets {
		if bucket.TokensAt(now) >= float64(l.rate.Burst) {
			delete(l.buckets, caller)
		}
	}
	if len(l.buckets) >= limiterKeys {
		clear(l.buckets)
	}
}

// Empty says whether a caller's bucket is empty, and for how long.
func (l *Limiter) Empty(caller string) (time.Duration, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	bucket := l.buckets[caller]
	if bucket == nil {
		return 0, false
	}
	missing := 1 - bucket.TokensAt(time.Now())
	return time.Duration(missing / l.rate.PerSecond * float64(time.Second)), missing > 0
}

// Take takes one from a caller's bucket, even if it is empty: then the caller has to
// wait for that one too.
func (l *Limiter) Take(caller string) {
	now := time.Now()
	l.bucket(caller, now).ReserveN(now, 1)
}

// throttle counts requests by token, and those without by address.
type throttle struct {
	settings  Settings
	anonymous *Limiter
	tokens    *Limiter
}

func newThrottle(s Settings) *throttle {
	return &throttle{settings: s, anonymous: NewLimiter(s.AnonymousRate), tokens: NewLimiter(s.TokenRate)}
}

func (t *throttle) check(r *http.Request) *refusal {
	caller, limited := t.settings.caller(r)
	if !limited {
		return nil
	}
	limiter := t.anonymous
	if p := access.Of(r.Context()); p.Known() {
		limiter, caller = t.tokens, p.ID
	}
	if wait, ok := limiter.Allow(caller); !ok {
		return refuse(http.StatusTooManyRequests, CodeRateLimited, "too many requests").after(wait)
	}
	return nil
}

// caller names the client by its address, and says whether rates apply to it.
func (s Settings) caller(r *http.Request) (name string, limited bool) {
	name = s.address(r)
	address, err := netip.ParseAddr(name)
	if err != nil {
		return name, true
	}
	return network(address), s.RateOnLoopback || !address.Unmap().IsLoopback()
}

// network is what one client holds: an IPv4 address, or the /64 of an IPv6 one.
func network(address netip.Addr) string {
	address = address.Unmap().WithZone("")
	if address.Is4() {
		return address.String()
	}
	prefix, err := address.Prefix(64)
	if err != nil {
		return address.String()
	}
	return prefix.String()
}

func (s Settings) address(r *http.Request) string {
	if s.Address != nil {
		return s.Address(r)
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
