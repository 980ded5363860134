package sqlite

import (
	"cmp"
	"context"
	"database/sql/driver"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"coopgraph/store"
)

const (
	selectLegs = `
SELECT n.n, n.legs
FROM json_each(?) i
CROSS JOIN node n ON n.n = i.value`

	updateEnds = `
UPDATE node
SET degree = degree + ?, legs = ?
WHERE n = ?`

	// What flushEnds keeps up to date, made anew for every node.
	rebuildLegs = `
UPDATE node
SET legs = (
  SELECT group_concat(c.leg || ' ' || c.hops, ' ' ORDER BY c.leg)
  FROM (
    SELECT h.leg, count(*) AS hops
    FROM hop h
    WHERE h.node = node.n
    GROUP BY h.leg
  ) c
)`
)

// legCount is the number of hops on a leg.
type legCount struct{ leg, hops int64 }

// legCounts are the legs on which a node has hops. In the column node.legs
// they are text: each leg and its number of hops, parted by spaces, for
// example "6 2 9 140".
type legCounts []legCount

func decodeLegs(s string) (legCounts, error) {
	list := make(legCounts, 0, (strings.Count(s, " ")+1)/2)
	for s != "" {
		var leg, hops string
		leg, s, _ = strings.Cut(s, " ")
		hops, s, _ = strings.Cut(s, " ")
		l, err := strconv.ParseInt(leg, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("%w: the legs of a node are not readable", store.ErrCorrupt)
		}
		n, err := strconv.ParseInt(hops, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("%w: the legs of a node are not readable", store.ErrCorrupt)
		}
		list = append(list, legCount{l, n})
	}
	return list, nil
}

// encode gives the column's value: nil where there is no hop.
func (list legCounts) encode() any {
	if len(list) == 0 {
		return nil
	}
	buf := make([]byte, 0, len(list)*8)
	for i, l := range list {
		if i > 0 {
			buf = append(buf, ' ')
		}
		buf = append(strconv.AppendInt(buf, l.leg, 10), ' ')
		buf = strconv.AppendInt(buf, l.hops, 10)
	}
	return string(buf)
}

// add counts hops on a leg; a leg without any is left out.
func (list legCounts) add(leg, by int64) legCounts {
	i := slices.IndexFunc(list, func(l legCount) bool { return l.leg == leg })
	if i < 0 {
		return append(list, legCount{leg, by})
	}
	if list[i].hops += by; list[i].hops == 0 {
		return slices.Delete(list, i, i+1)
	}
	return list
}

// readLegs fills in the legs of parents.
func readLegs(ctx context.Context, c *conn, parents []parent) error {
	at := make(map[int64]*parent, len(parents))
	list := make([]int64, len(parents))
	for i := range parents {
		at[parents[i].n] = &parents[i]
		list[i] = parents[i].n
	}
	return c.query(ctx, selectLegs, []any{jsonInts(list)}, func(row []driver.Value) (err error) {
		at[integer(row[0])].legs, err = decodeLegs(text(row[1]))
		return err
	})
}

// ends is what a batch adds to a node's edges.
type ends struct {
	degree int64
	legs   legCounts
}

// count counts an edge at its ends: in the degree, one from a node to itself
// once.
func (b *batch) count(row *edgeState, by int64) {
	at := func(n int64) *ends {
		e := b.ends[n]
		if e == nil {
			e = &ends{}
			b.ends[n] = e
		}
		return e
	}
	src, dst := at(row.src), at(row.dst)
	src.legs = src.legs.add(leg(row.rel, false), by)
	dst.legs = dst.legs.add(leg(row.rel, true), by)
	src.degree += by
	if src != dst {
		dst.degree += by
	}
}

// sort orders the legs by their numbers, as encode writes them.
func (list legCounts) sort() {
	slices.SortFunc(list, func(a, b legCount) int { return cmp.Compare(a.leg, b.leg) })
}

// flushEnds writes what the batch counted at nodes that were there before it.
func (b *batch) flushEnds(ctx context.Context) error {
	stored := make(map[int64]string, len(b.nodeList))
	fresh := make(map[int64]bool, len(b.nodeList))
	for _, row := range b.nodeList {
		if row.was.version > 0 {
			stored[row.was.n] = row.legs
		}
		if row.fresh() {
			fresh[row.is.n] = true
		}
	}
	var list, unread []int64
	for n, e := range b.ends {
		if fresh[n] || (len(e.legs) == 0 && e.degree == 0) {
			continue
		}
		list = append(list, n)
		if _, ok := stored[n]; !ok {
			unread = append(unread, n)
		}
	}
	err := b.c.query(ctx, selectLegs, []any{jsonInts(unread)}, func(row []driver.Value) error {
		stored[integer(row[0])] = text(row[1])
		return nil
	})
	if err != nil {
		return err
	}
	slices.Sort(list)
	for _, n := range list {
		e := b.ends[n]
		legs, err := decodeLegs(stored[n])
		if err != nil {
			return err
		}
		for _, l := range e.legs {
			legs = legs.add(l.leg, l.hops)
		}
		legs.sort()
		if err := b.c.exec(updateEnds, e.degree, legs.encode(), n); err != nil {
			return err
		}
	}
	return nil
}

// hopsOn gives the number of a node's hops on a leg, as stored and as the batch
// leaves it.
func (b *batch) hopsOn(row *nodeRow, leg int64) (was, now int64, err error) {
	if row.was.version > 0 && row.was.n == row.is.n {
		legs, err := decodeLegs(row.legs)
		if err != nil {
			return 0, 0, err
		}
		was = legs.of(leg)
	}
	now = was
	if e := b.ends[row.is.n]; e != nil {
		now += e.legs.of(leg)
	}
	return was, now, nil
}

func (list legCounts) of(leg int64) int64 {
	for _, l := range list {
		if l.leg == leg {
			return l.hops
		}
	}
	return 0
}

// makeHubs puts the hops of legs that the batch takes beyond hubHops into the
// indexes of their orders.
func (b *batch) makeHubs() error {
	for _, row := range b.nodeList {
		e := b.ends[row.is.n]
		if e == nil || row.is.version == 0 || row.fresh() {
			continue
		}
		for _, l := range e.legs {
			was, now, err := b.hopsOn(row, l.leg)
			if err != nil {
				return err
			}
			if was > b.hubHops || now <= b.hubHops {
				continue
			}
			if err := b.c.exec(b.hubUpdate, row.is.n, l.leg); err != nil {
				return err
			}
		}
	}
	return nil
}
