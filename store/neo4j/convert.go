package neo4j

import (
	"fmt"
	"math"
	"strings"
	"time"
	"unicode/utf8"

	"coopgraph/store"
)

// utc is the zone in which times are sent. The driver sends a zone of this
// name as an offset, any other by its name, and Neo4j holds that the same
// instant in a named zone and at an offset differ.
var utc = time.FixedZone("Offset", 0)

// earliest stands for an absent time where times are ordered: it comes before
// every time that a store.Position can hold.
var earliest = time.Date(-9999, 1, 1, 0, 0, 0, 0, utc)

// toCypher gives the form in which a value is sent.
func toCypher(v any) any {
	if t, ok := v.(time.Time); ok {
		return t.In(utc).Truncate(time.Microsecond)
	}
	return v
}

// fromCypher gives back what toCypher was given.
func fromCypher(v any) (any, error) {
	switch v := v.(type) {
	case string, int64, float64, bool:
		return v, nil
	case time.Time:
		return v.UTC(), nil
	case []any:
		out := make([]string, len(v))
		for i, x := range v {
			s, ok := x.(string)
			if !ok {
				return nil, unexpected("list element", x)
			}
			out[i] = s
		}
		return out, nil
	}
	return nil, unexpected("property", v)
}

// propsOf reads a map of all properties, without the adapter's own.
func propsOf(v any) (store.Props, error) {
	m, ok := v.(map[string]any)
	if !ok {
		return nil, unexpected("properties", v)
	}
	props := store.Props{}
	for name, x := range m {
		if strings.HasPrefix(name, "_") || name == "id" || name == "version" {
			continue
		}
		value, err := fromCypher(x)
		if err != nil {
			return nil, err
		}
		props[name] = value
	}
	return props, nil
}

// equalProps says whether two sets of properties hold the same.
func equalProps(a, b store.Props) bool {
	if len(a) != len(b) {
		return false
	}
	for name, x := range a {
		y, ok := b[name]
		if !ok || !equalValues(x, y) {
			return false
		}
	}
	return true
}

func equalValues(x, y any) bool {
	switch x := x.(type) {
	case time.Time:
		y, ok := y.(time.Time)
		return ok && x.Truncate(time.Microsecond).Equal(y.Truncate(time.Microsecond))
	case []string:
		y, ok := y.([]string)
		if !ok || len(x) != len(y) {
			return false
		}
		for i := range x {
			if x[i] != y[i] {
				return false
			}
		}
		return true
	case float64:
		y, ok := y.(float64)
		return ok && math.Float64bits(x) == math.Float64bits(y)
	}
	return x == y
}

// checkText reports a string that a database of UTF-8 texts cannot hold.
func checkText(v any) error {
	switch v := v.(type) {
	case string:
		if !utf8.ValidString(v) {
			return fmt.Errorf("%w: text that is not UTF-8", store.ErrInvalid)
		}
	case []string:
		for _, s := range v {
			if err := checkText(s); err != nil {
				return err
			}
		}
	}
	return nil
}

// unexpected reports an answer whose form no statement here gives: a graph
// that was written by somebody else.
func unexpected(what string, v any) error {
	return fmt.Errorf("%w: %s is a %T", store.ErrCorrupt, what, v)
}

func list(v any) ([]any, error) {
	l, ok := v.([]any)
	if !ok {
		return nil, unexpected("list", v)
	}
	return l, nil
}

func text(v any) (string, error) {
	s, ok := v.(string)
	if !ok {
		return "", unexpected("text", v)
	}
	return s, nil
}

func integer(v any) (int64, error) {
	n, ok := v.(int64)
	if !ok {
		return 0, unexpected("number", v)
	}
	return n, nil
}

// node reads [id, labels, version, properties].
func (c *catalog) node(row []any, p projection) (store.Node, error) {
	if len(row) < 4 {
		return store.Node{}, unexpected("node", row)
	}
	id, err := text(row[0])
	if err != nil {
		return store.Node{}, err
	}
	names, err := list(row[1])
	if err != nil {
		return store.Node{}, err
	}
	version, err := integer(row[2])
	if err != nil {
		return store.Node{}, err
	}
	props, err := p.read(row[3])
	if err != nil {
		return store.Node{}, err
	}
	kind := c.kindAmong(names)
	return store.Node{ID: store.ID(id), Kind: kind, Version: version, Props: p.of(c.kinds[kind], props)}, nil
}

// nodeExpr is what node reads.
func nodeExpr(v string, p projection) string {
	return v + ".id, labels(" + v + "), " + v + ".version, " + p.expr(v)
}

// edge reads [id, type, version, from, to, properties].
func edge(row []any, p projection) (store.Edge, error) {
	if len(row) < 6 {
		return store.Edge{}, unexpected("edge", row)
	}
	var texts [4]string
	for i, at := range []int{0, 1, 3, 4} {
		s, err := text(row[at])
		if err != nil {
			return store.Edge{}, err
		}
		texts[i] = s
	}
	version, err := integer(row[2])
	if err != nil {
		return store.Edge{}, err
	}
	props, err := p.read(row[5])
	if err != nil {
		return store.Edge{}, err
	}
	return store.Edge{
		ID: store.ID(texts[0]), Rel: store.Rel(texts[1]), Version: version,
		From: store.ID(texts[2]), To: store.ID(texts[3]), Props: props,
	}, nil
}

// edgeExpr is what edge reads.
func edgeExpr(v string, p projection) string {
	return v + ".id, type(" + v + "), " + v + ".version, startNode(" + v + ").id, endNode(" + v + ").id, " + p.expr(v)
}
