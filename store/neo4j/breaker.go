package neo4j

import (
	"fmt"
	"sync"
	"time"

	"coopgraph/store"
)

const (
	// openAfter is the number of failures in a row that open the circuit.
	openAfter = 2
	// coolDown is how long the open circuit answers by itself before one call
	// is let through to see whether the database is back.
	coolDown = time.Second
)

// breaker is a circuit breaker: while the database does not answer, all calls
// but one a second fail at once instead of each waiting for its time to end.
type breaker struct {
	mu       sync.Mutex
	failures int
	retryAt  time.Time
	probing  bool
	closed   bool
}

// enter asks to call the database. A caller that may must tell the outcome to
// leave.
func (b *breaker) enter() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return fmt.Errorf("%w: %w", store.ErrUnavailable, errClosed)
	}
	if b.failures < openAfter {
		return nil
	}
	if b.probing || time.Now().Before(b.retryAt) {
		return fmt.Errorf("%w: Neo4j did not answer the last %d calls", store.ErrUnavailable, b.failures)
	}
	b.probing = true
	return nil
}

type outcome int8

const (
	// answered: the database is there, whatever it answered.
	answered outcome = iota
	// silent: the database could not be reached or did not answer in time.
	silent
	// undecided: the caller gave up first.
	undecided
)

func (b *breaker) leave(o outcome) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch o {
	case answered:
		b.failures = 0
	case silent:
		b.failures++
		b.retryAt = time.Now().Add(coolDown)
	case undecided:
	}
	b.probing = false
}

func (b *breaker) close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
}
