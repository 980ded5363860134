package access

import (
	"strconv"
	"testing"
	"time"
)

// Whoever invents ids makes the memory neither grow nor wrong.
func TestWhatIsRememberedIsBounded(t *testing.T) {
	now := time.Now()
	c := newRecent()
	for i := range 3 * recentTokens {
		id := strconv.Itoa(i)
		c.keep(id, keptToken{hash: id}, now)
		if k, ok := c.find(id, now); !ok || k.hash != id {
			t.Fatalf("%s is forgotten at once", id)
		}
		if len(c.answers) > recentTokens {
			t.Fatalf("%d answers are remembered", len(c.answers))
		}
	}
	later := now.Add(recentFor)
	if _, ok := c.find("2999", later); ok {
		t.Error("an old answer is believed")
	}
	c.keep("x", keptToken{}, later)
	if len(c.answers) != 1 {
		t.Errorf("%d old answers are kept", len(c.answers)-1)
	}
}
