package loader

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"coopgraph/ontology"
	"coopgraph/store"
)

// ErrBusy: another loader is at work on the source.
var ErrBusy = errors.New("another load of this source is under way")

// ErrFenced: another loader has taken the source over; what this one would
// still write is refused.
var ErrFenced = errors.New("another load has taken this source over")

// leaseTime is how long a loader that does not commit keeps its source.
const leaseTime = 10 * time.Second

// leasePoll is how often a loader looks whether a lease has run out.
const leasePoll = 100 * time.Millisecond

// lease is the right to load a source. Its node's fence grows with each holder;
// each batch renews it, on the condition that nobody else has.
type lease struct {
	store  store.Store
	now    func() time.Time
	id     store.ID
	holder string
	// process is that of the holder, for isDead.
	process string
	fence   int64
}

// acquire takes the lease of a source. A lease whose process has died on this
// machine is taken over at once: its fence refuses whatever were still to come.
// Where the holder of the same name, a load of the same file that was killed on
// another machine, has not given it back, acquire waits until the lease runs
// out. It fails with ErrBusy where another holds it, or the same one renews it.
func acquire(ctx context.Context, s store.Store, now func() time.Time, source store.ID, holder string) (*lease, error) {
	l := &lease{store: s, now: now, id: ontology.NodeID(ontology.Lease, "source", string(source)), holder: holder, process: thisProcess()}
	waited := int64(0)
	for {
		node, err := l.read(ctx)
		if err != nil {
			return nil, err
		}
		until, _ := node.Props["until"].(time.Time)
		held, process := heldBy(node)
		if node.Version > 0 && until.After(now()) && !isDead(process) {
			if held != holder || waited != 0 && waited != node.Version {
				return nil, fmt.Errorf("%w until %s at the latest", ErrBusy, until.Format(time.RFC3339))
			}
			waited = node.Version
			if err := sleep(ctx, leasePoll); err != nil {
				return nil, err
			}
			continue
		}
		fence, _ := node.Props["fence"].(int64)
		l.fence = fence + 1
		_, err = s.Apply(ctx, []store.Change{l.put(node.Version, now().Add(leaseTime))})
		if errors.Is(err, store.ErrConflict) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("take the lease: %w", err)
		}
		return l, nil
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

func (l *lease) read(ctx context.Context) (store.Node, error) {
	nodes, err := l.store.Nodes(ctx, []store.ID{l.id})
	if err != nil {
		return store.Node{}, fmt.Errorf("read the lease: %w", err)
	}
	return nodes[l.id], nil
}

func (l *lease) put(version int64, until time.Time) store.Change {
	return store.Change{Op: store.PutNode, IfVersion: &version, Node: store.Node{ID: l.id, Kind: ontology.Lease, Props: store.Props{
		"holder": l.holder + "@" + l.process, "fence": l.fence, "until": until.UTC().Truncate(time.Microsecond),
	}}}
}

// heldBy gives the holder and the process that a lease names.
func heldBy(lease store.Node) (holder, process string) {
	text, _ := lease.Props["holder"].(string)
	holder, process, _ = strings.Cut(text, "@")
	return holder, process
}

// mine says whether the lease is still held by l.
func (l *lease) mine(node store.Node) bool {
	holder, process := heldBy(node)
	return holder == l.holder && process == l.process && node.Props["fence"] == l.fence
}

// renew gives the change that a batch must carry: it fails the batch where
// another has taken the lease in the meantime.
func (l *lease) renew(ctx context.Context) (store.Change, error) {
	node, err := l.read(ctx)
	if err != nil {
		return store.Change{}, err
	}
	if !l.mine(node) {
		return store.Change{}, ErrFenced
	}
	return l.put(node.Version, l.now().Add(leaseTime)), nil
}

// release gives the lease back, unless another has taken it over.
func (l *lease) release(ctx context.Context) error {
	node, err := l.read(ctx)
	if err != nil || !l.mine(node) {
		return err
	}
	if _, err := l.store.Apply(ctx, []store.Change{l.put(node.Version, l.now())}); err != nil {
		return fmt.Errorf("give the lease back: %w", err)
	}
	return nil
}
