package access

import (
	"sync"
	"time"
)

const (
	// recentFor is how long an answer of the store is believed. With the time
	// that reading it takes, a revocation holds everywhere within five seconds.
	recentFor = 4 * time.Second
	// recentTokens is the most answers that are remembered.
	recentTokens = 1000
)

// recent remembers what the store said of ids lately, also that it holds
// nothing of them: else the time of an answer would tell which ids there are.
type recent struct {
	mu      sync.Mutex
	answers map[string]answer
}

type answer struct {
	token keptToken
	asked time.Time
}

func newRecent() *recent { return &recent{answers: map[string]answer{}} }

// fresh says whether an answer is still believed. A clock that was set back
// ends it.
func (a answer) fresh(now time.Time) bool {
	age := now.Sub(a.asked)
	return age >= 0 && age < recentFor
}

func (c *recent) find(id string, now time.Time) (keptToken, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	a, ok := c.answers[id]
	return a.token, ok && a.fresh(now)
}

// keep remembers an answer to a question asked at a moment. Where there is no
// room, old answers go, or any one.
func (c *recent) keep(id string, k keptToken, asked time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.answers) >= recentTokens {
		for other, a := range c.answers {
			if !a.fresh(asked) {
				delete(c.answers, other)
			}
		}
	}
	for other := range c.answers {
		if len(c.answers) < recentTokens {
			break
		}
		delete(c.answers, other)
	}
	c.answers[id] = answer{k, asked}
}

func (c *recent) forget(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.answers, id)
}
