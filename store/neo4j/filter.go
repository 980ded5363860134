package neo4j

import (
	"fmt"
	"strconv"
	"time"
	"unicode/utf8"

	"coopgraph/store"
)

// params collects the values of a statement as it is put together.
type params map[string]any

// add takes a value in and gives the text that stands for it.
func (p params) add(v any) string {
	name := "p" + strconv.Itoa(len(p))
	p[name] = v
	return "$" + name
}

// conds renders conditions on variable v. find tells the declared property
// that a name means.
func conds(p params, v string, cs []store.Cond, find func(string) (store.Prop, error)) ([]string, error) {
	var out []string
	for _, c := range cs {
		prop, err := find(c.Prop)
		if err != nil {
			return nil, err
		}
		text, err := cond(p, v+"."+ident(c.Prop), c, prop)
		if err != nil {
			return nil, err
		}
		out = append(out, text)
	}
	return out, nil
}

func cond(p params, x string, c store.Cond, prop store.Prop) (string, error) {
	values, err := condValues(c, prop)
	if err != nil {
		return "", err
	}
	var holds string
	switch {
	case c.Op == store.Any && prop.Type == store.Strings:
		holds = "any(x IN " + x + " WHERE x IN " + p.add(values) + ")"
	case c.Op == store.Any:
		holds = x + " IN " + p.add(values)
	case c.Op == store.None && prop.Type == store.Strings:
		return "(" + x + " IS NULL OR none(x IN " + x + " WHERE x IN " + p.add(values) + "))", nil
	case c.Op == store.None:
		return "(" + x + " IS NULL OR NOT " + x + " IN " + p.add(values) + ")", nil
	case c.Op == store.AtMost:
		holds = x + " <= " + p.add(values[0])
	case c.Op == store.AtLeast:
		holds = x + " >= " + p.add(values[0])
	}
	if c.OrAbsent {
		return "(" + x + " IS NULL OR " + holds + ")", nil
	}
	return holds, nil
}

// condValues checks that a condition can be asked of a property and gives its
// values in the form in which they are sent.
func condValues(c store.Cond, prop store.Prop) ([]any, error) {
	switch c.Op {
	case store.Any, store.None:
	case store.AtMost, store.AtLeast:
		if len(c.Values) != 1 {
			return nil, fmt.Errorf("%w: a bound on %q has %d values", store.ErrInvalid, c.Prop, len(c.Values))
		}
		if prop.Type == store.Strings {
			return nil, fmt.Errorf("%w: %q has no order", store.ErrInvalid, c.Prop)
		}
	default:
		return nil, fmt.Errorf("%w: operator %d", store.ErrInvalid, c.Op)
	}
	element := store.Prop{Name: prop.Name, Type: prop.Type}
	if prop.Type == store.Strings {
		element.Type = store.String
	}
	out := make([]any, len(c.Values))
	for i, v := range c.Values {
		if err := store.CheckProps(store.Props{prop.Name: v}, []store.Prop{element}); err != nil {
			return nil, err
		}
		if err := checkText(v); err != nil {
			return nil, err
		}
		out[i] = toCypher(v)
	}
	return out, nil
}

// lowest is the value that stands for an absent one where a property of this
// type is sorted by.
func lowest(prop store.Prop) any {
	if prop.Type == store.Time {
		return earliest
	}
	return ""
}

// sortValue turns a key of a store.Position back into a property's value.
func sortValue(prop store.Prop, key string) (any, error) {
	if prop.Type != store.Time {
		return key, checkText(key)
	}
	if key == "" {
		return earliest, nil
	}
	t, err := time.Parse(time.RFC3339Nano, key)
	if err != nil {
		return nil, fmt.Errorf("%w: position %q is not a time", store.ErrInvalid, key)
	}
	return toCypher(t), nil
}

// idStrings gives each id once. An id that is not UTF-8 is left out: nothing
// can have it.
func idStrings(ids []store.ID) []string {
	out := make([]string, 0, len(ids))
	seen := make(map[store.ID]bool, len(ids))
	for _, id := range ids {
		if !seen[id] && utf8.ValidString(string(id)) {
			seen[id] = true
			out = append(out, string(id))
		}
	}
	return out
}
