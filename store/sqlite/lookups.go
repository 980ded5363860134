package sqlite

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"coopgraph/store"
)

const (
	insertLookup = `
INSERT OR IGNORE INTO lookup (prop, value, item)`

	deleteLookup = `
DELETE FROM lookup
WHERE prop = ?
  AND value = ?
  AND item = ?`
)

// lookups are rows of lookup to be inserted and deleted.
type lookups struct {
	put, gone []lookup
}

type lookup struct {
	prop, item int64
	text       string
	number     any // the value where it is no text
}

func (l lookup) args() []any {
	if l.number != nil {
		return []any{l.prop, l.number, l.item}
	}
	return []any{l.prop, l.text, l.item}
}

// change brings the rows of an item from its properties old to props; keys are
// the numbers of the properties that have rows.
func (l *lookups) change(item int64, keys map[string]int64, old, props store.Props) error {
	for name, prop := range keys {
		was, err := elements(prop, item, old[name])
		if err != nil {
			return err
		}
		is, err := elements(prop, item, props[name])
		if err != nil {
			return err
		}
		l.gone = appendMissing(l.gone, was, is)
		l.put = appendMissing(l.put, is, was)
	}
	return nil
}

// appendMissing appends the elements of list that are not among others; both
// are sorted.
func appendMissing(to, list, others []lookup) []lookup {
	for _, e := range list {
		if _, ok := slices.BinarySearchFunc(others, e, compareLookups); !ok {
			to = append(to, e)
		}
	}
	return to
}

// elements gives the rows for the values of a property, in order.
func elements(prop, item int64, v any) ([]lookup, error) {
	switch v := v.(type) {
	case nil:
		return nil, nil
	case string:
		return []lookup{{prop: prop, item: item, text: v}}, nil
	case []string:
		list := make([]lookup, len(v))
		for i, e := range v {
			list[i] = lookup{prop: prop, item: item, text: e}
		}
		slices.SortFunc(list, compareLookups)
		return slices.Compact(list), nil
	}
	value, err := column(v)
	if err != nil {
		return nil, err
	}
	if s, ok := value.(string); ok {
		return []lookup{{prop: prop, item: item, text: s}}, nil
	}
	return []lookup{{prop: prop, item: item, text: fmt.Sprint(value), number: value}}, nil
}

// compareLookups orders as the table's key does, but for numbers, which come in
// the order of their texts: a property has values of one type.
func compareLookups(a, b lookup) int {
	return cmp.Or(cmp.Compare(a.prop, b.prop), strings.Compare(a.text, b.text), cmp.Compare(a.item, b.item))
}

// write deletes and inserts the rows, and inserts more that are sorted, in the
// order of the table's key.
func (l *lookups) write(c *conn, more []lookup) error {
	slices.SortFunc(l.gone, compareLookups)
	for _, e := range l.gone {
		if err := c.exec(deleteLookup, e.args()...); err != nil {
			return err
		}
	}
	put := more
	if len(l.put) > 0 {
		put = append(l.put, more...)
		slices.SortFunc(put, compareLookups)
	}
	rows := c.inserts(insertLookup, 3)
	for _, e := range put {
		if err := rows.add(e.args()...); err != nil {
			return err
		}
	}
	return rows.flush()
}
