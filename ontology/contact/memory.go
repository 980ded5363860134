package contact

import (
	"context"
	"fmt"
	"sync"
	"unique"

	"coopgraph/ontology"
	"coopgraph/store"
)

// Memory keeps what the walks of questions have read of one store, for the
// questions that follow: most of them pass the same hubs. It keeps what is
// asked of the present day, until the next write or the next day, and at most
// some hundred thousand facts, of which those not used for longest go first. It
// is safe for concurrent use; nil remembers nothing.
type Memory struct {
	mu    sync.Mutex
	stamp string
	day   ontology.Day
	// young is what was used of late, and old the generation before, which goes
	// when young is full.
	young, old generation
}

// generation is what was used in one stretch of time, each thing and fact once.
type generation struct {
	fans   map[place]*fan
	things map[store.ID]*thing
	facts  map[store.ID]*fact
}

// place says which fan: of what, and which way.
type place struct {
	id        store.ID
	direction int
}

// remembered bounds the facts of a generation: each takes about 400 bytes with
// its part of fans and things.
const remembered = 120_000

// recall is a memory as one question may use it: of the state that the store
// was in when the question began.
type recall struct {
	*Memory
	stamp string
	day   ontology.Day
}

// at gives the memory of the store's present state, which holds for questions
// of the day.
func (m *Memory) at(ctx context.Context, reader store.Reader, day ontology.Day) (recall, error) {
	if m == nil {
		return recall{}, nil
	}
	stamp, err := reader.Stamp(ctx)
	if err != nil {
		return recall{}, fmt.Errorf("state of the store: %w", err)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.stamp != stamp || m.day != day {
		m.stamp, m.day, m.young, m.old = stamp, day, newGeneration(), generation{}
	}
	return recall{m, stamp, day}, nil
}

func newGeneration() generation {
	return generation{fans: map[place]*fan{}, things: map[store.ID]*thing{}, facts: map[store.ID]*fact{}}
}

// on gives the memory for a question about the day.
func (r recall) on(day ontology.Day) recall {
	if day != r.day {
		return recall{}
	}
	return r
}

// holds locks the memory and says whether it is still of the question's state;
// where it is not, it is left unlocked.
func (r recall) holds() bool {
	if r.Memory == nil {
		return false
	}
	r.mu.Lock()
	if r.Memory.stamp != r.stamp || r.Memory.day != r.day {
		r.mu.Unlock()
		return false
	}
	return true
}

// fans gives the fans of the things, in their order; nil for one not
// remembered.
func (r recall) fans(direction int, ids []store.ID) []*fan {
	if len(ids) == 0 || !r.holds() {
		return nil
	}
	defer r.mu.Unlock()
	list := make([]*fan, len(ids))
	for i, id := range ids {
		p := place{id, direction}
		f := r.young.fans[p]
		if f == nil {
			if f = r.old.fans[p]; f != nil {
				r.add(p, f)
			}
		}
		list[i] = f
	}
	return list
}

// keep remembers the fans of the things. It makes each thing and fact in them
// the one already remembered: nobody else may see the fans yet.
func (r recall) keep(direction int, ids []store.ID, fans []*fan) {
	if !r.holds() {
		return
	}
	defer r.mu.Unlock()
	for i, id := range ids {
		r.add(place{id, direction}, fans[i])
	}
}

// add puts a fan among the young.
func (m *Memory) add(p place, f *fan) {
	if len(m.young.facts) >= remembered {
		m.young, m.old = newGeneration(), m.young
	}
	for i := range f.hops {
		h := &f.hops[i]
		to := m.thing(h.to)
		known := m.fact(h.fact, p.id, to.id)
		// A fan that was remembered before has them already, and readers.
		if h.to != to {
			h.to = to
		}
		if h.fact != known {
			h.fact = known
		}
	}
	m.young.fans[p] = f
}

// thing gives the one remembered for the same thing.
func (m *Memory) thing(t *thing) *thing {
	if known := m.young.things[t.id]; known != nil {
		return known
	}
	known := m.old.things[t.id]
	if known == nil {
		c := *t
		c.kind = shared(c.kind)
		c.span = sharedSpan(c.span)
		known = &c
	}
	m.young.things[known.id] = known
	return known
}

// fact gives the one remembered for the same fact, whose ends are a and b.
func (m *Memory) fact(f *fact, a, b store.ID) *fact {
	if known := m.young.facts[f.ID]; known != nil {
		return known
	}
	known := m.old.facts[f.ID]
	if known == nil {
		c := *f
		if c.Subject == b {
			a, b = b, a
		}
		c.Subject, c.Object = a, b
		c.Relation, c.Role, c.Witnessed, c.Span = shared(c.Relation), shared(c.Role), shared(c.Witnessed), sharedSpan(c.Span)
		known = &c
	}
	m.young.facts[known.ID] = known
	return known
}

// shared gives an equal string that takes no memory of its own where there was
// one already: relations, roles and dates recur.
func shared[S ~string](s S) S { return unique.Make(s).Value() }

func sharedSpan(s ontology.Span) ontology.Span {
	s.From, s.To, s.AttestedOn = shared(s.From), shared(s.To), shared(s.AttestedOn)
	return s
}
