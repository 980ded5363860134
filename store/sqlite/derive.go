package sqlite

import (
	"slices"
	"sync"

	"coopgraph/store"
)

// derived is what a batch writes that follows from the state it leaves alone: it
// is worked out while other tables are written.
type derived struct {
	// hops are the values of the rows of hop of fresh and changed edges, one
	// row after the other in the order of the table.
	hops []any
	// put are the rows of lookup of fresh nodes and edges, in its order.
	put []lookup
	err error
}

// derive starts to work; the function that it gives waits for the outcome. The
// batch must not be changed before.
func (b *batch) derive() (wait func() *derived) {
	d := &derived{}
	var running sync.WaitGroup
	running.Go(func() {
		if d.hops, d.err = b.deriveHops(); d.err == nil {
			d.put, d.err = b.deriveLookups()
		}
	})
	return func() *derived {
		running.Wait()
		return d
	}
}

func (b *batch) deriveHops() ([]any, error) {
	hops := make([]hop, 0, 2*len(b.edgeList))
	for _, row := range b.edgeList {
		if !row.fresh() && !row.changed() {
			continue
		}
		is := &row.is
		for i, h := range hopsOf(row.id, is) {
			h.key = store.SortKey(is.values[b.cluster])
			near, far := is.from, is.to
			if i == 1 {
				near, far = far, near
			}
			_, now, err := b.hopsOn(near, h.leg)
			if err != nil {
				return nil, err
			}
			if now > b.hubHops {
				h.farKeys = far.is.far
				h.hub = true
			}
			hops = append(hops, h)
		}
	}
	return b.hopRows(hops)
}

func (b *batch) deriveLookups() ([]lookup, error) {
	var l lookups
	for _, row := range b.nodeList {
		if row.fresh() {
			if err := l.change(row.is.n, row.is.kind.keys, nil, row.is.values); err != nil {
				return nil, err
			}
		}
	}
	for _, row := range b.edgeList {
		if row.fresh() {
			if err := l.change(row.is.e, b.edgeKeys, nil, row.is.values); err != nil {
				return nil, err
			}
		}
	}
	slices.SortFunc(l.put, compareLookups)
	return l.put, nil
}
