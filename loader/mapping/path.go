package mapping

import (
	"fmt"
	"strconv"
	"strings"

	"coopgraph/store"
)

// path leads from the present element, or from the row, to a value.
type path struct {
	fromRow bool
	keys    []string
}

// parsePath reads keys parted by dots, those with dots of their own in double
// quotes.
func parsePath(s string) (path, error) {
	rest, fromRow := strings.CutPrefix(s, "$.")
	p := path{fromRow: fromRow}
	if rest == "." {
		return p, nil
	}
	for more := true; more; {
		var key string
		if quoted, ok := strings.CutPrefix(rest, `"`); ok {
			end := strings.IndexByte(quoted, '"')
			if end < 0 {
				return p, fmt.Errorf("%w: path %s: a quote is not closed", store.ErrInvalid, s)
			}
			key, rest = quoted[:end], quoted[end+1:]
			if rest != "" && rest[0] != '.' {
				return p, fmt.Errorf("%w: path %s: want a dot after the quote", store.ErrInvalid, s)
			}
			more = rest != ""
			rest = strings.TrimPrefix(rest, ".")
		} else {
			key, rest, more = strings.Cut(rest, ".")
		}
		if key == "" {
			return p, fmt.Errorf("%w: path %s: a key is empty", store.ErrInvalid, s)
		}
		p.keys = append(p.keys, key)
	}
	return p, nil
}

// follow walks the path; nil where it leads nowhere.
func (p path) follow(s scope) any {
	v := s.element
	if p.fromRow {
		v = any(s.row)
	}
	return walk(v, p.keys)
}

// walk goes on into the elements of a list where the key is not the place of
// one.
func walk(v any, keys []string) any {
	for i, key := range keys {
		switch x := v.(type) {
		case map[string]any:
			v = x[key]
		case []any:
			if n, err := strconv.Atoi(key); err == nil {
				if n < 0 || n >= len(x) {
					return nil
				}
				v = x[n]
				continue
			}
			var all []any
			for _, e := range x {
				switch y := walk(e, keys[i:]).(type) {
				case nil:
				case []any:
					all = append(all, y...)
				default:
					all = append(all, y)
				}
			}
			if all == nil {
				return nil
			}
			return all
		default:
			return nil
		}
	}
	return v
}
