package sqlite

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"coopgraph/store"
)

// Properties are kept as JSON text with the names in order, so that two equal
// sets are equal texts: {"name":"x","score":1.0,"when":"2026-01-02T03:04:05.000006Z"}.
// The types are the schema's; a float always has a point or an exponent, and
// the infinities are 9e999 and -9e999, which SQLite reads the same way.

const timeWidth = len("2006-01-02T15:04:05.000000Z")

// propSet is the declared properties of a kind or of edges.
type propSet struct {
	list  []store.Prop // by name
	types map[string]store.Prop
}

func newPropSet(props []store.Prop) propSet {
	s := propSet{list: slices.Clone(props), types: make(map[string]store.Prop, len(props))}
	slices.SortFunc(s.list, func(a, b store.Prop) int { return strings.Compare(a.Name, b.Name) })
	for _, p := range props {
		s.types[p.Name] = p
	}
	return s
}

// encode appends the JSON of the properties, which must be of the declared
// types.
func (s propSet) encode(buf []byte, props store.Props) ([]byte, error) {
	if err := store.CheckProps(props, s.list); err != nil {
		return nil, err
	}
	buf = append(buf, '{')
	first := true
	for _, p := range s.list {
		v, ok := props[p.Name]
		if !ok {
			continue
		}
		if !first {
			buf = append(buf, ',')
		}
		first = false
		buf = append(append(append(buf, '"'), p.Name...), '"', ':')
		var err error
		if buf, err = appendValue(buf, v); err != nil {
			return nil, fmt.Errorf("property %q: %w", p.Name, err)
		}
	}
	return append(buf, '}'), nil
}

func appendValue(buf []byte, v any) ([]byte, error) {
	switch v := v.(type) {
	case string:
		return appendString(buf, v)
	case int64:
		return strconv.AppendInt(buf, v, 10), nil
	case float64:
		return appendFloat(buf, v)
	case bool:
		return strconv.AppendBool(buf, v), nil
	case time.Time:
		key, err := timeText(v)
		if err != nil {
			return nil, err
		}
		return append(append(append(buf, '"'), key...), '"'), nil
	case []string:
		return appendStrings(buf, v)
	}
	return nil, invalid("a value is a %T", v)
}

func appendStrings(buf []byte, list []string) ([]byte, error) {
	buf = append(buf, '[')
	for i, e := range list {
		if i > 0 {
			buf = append(buf, ',')
		}
		var err error
		if buf, err = appendString(buf, e); err != nil {
			return nil, err
		}
	}
	return append(buf, ']'), nil
}

func appendString(buf []byte, s string) ([]byte, error) {
	if !utf8.ValidString(s) {
		return nil, invalid("a text is not UTF-8")
	}
	buf = append(buf, '"')
	from := 0
	for i := range len(s) {
		c := s[i]
		if c >= 0x20 && c != '"' && c != '\\' {
			continue
		}
		buf = append(buf, s[from:i]...)
		from = i + 1
		if c < 0x20 {
			const hex = "0123456789abcdef"
			buf = append(buf, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		} else {
			buf = append(buf, '\\', c)
		}
	}
	return append(append(buf, s[from:]...), '"'), nil
}

func appendFloat(buf []byte, f float64) ([]byte, error) {
	switch {
	case math.IsNaN(f):
		return nil, invalid("a number is not a number")
	case math.IsInf(f, 1):
		return append(buf, "9e999"...), nil
	case math.IsInf(f, -1):
		return append(buf, "-9e999"...), nil
	}
	from := len(buf)
	buf = strconv.AppendFloat(buf, f, 'g', -1, 64)
	if !slices.ContainsFunc(buf[from:], func(c byte) bool { return c == '.' || c == 'e' }) {
		buf = append(buf, ".0"...)
	}
	return buf, nil
}

func timeText(t time.Time) (string, error) {
	s := store.SortKey(t)
	if len(s) != timeWidth {
		return "", invalid("a time is outside the years 0 to 9999")
	}
	return s, nil
}

func parseTime(s string) (time.Time, error) {
	if len(s) != timeWidth {
		return time.Time{}, fmt.Errorf("%w: a time is %d characters long", store.ErrCorrupt, len(s))
	}
	num := func(from, to int) int {
		n := 0
		for _, c := range []byte(s[from:to]) {
			n = n*10 + int(c-'0')
		}
		return n
	}
	return time.Date(num(0, 4), time.Month(num(5, 7)), num(8, 10), num(11, 13), num(14, 16), num(17, 19), num(20, 26)*1000, time.UTC), nil
}

// decode reads what encode wrote: the properties named in want, or all when
// want is nil. Properties that are not declared any more are left out.
func (s propSet) decode(text string, want map[string]bool) (store.Props, error) {
	size := len(want)
	if want == nil {
		size = strings.Count(text, `":`)
	}
	props := make(store.Props, size)
	d := decoder{text: text}
	if !d.take('{') {
		return nil, d.damaged()
	}
	for !d.take('}') {
		d.take(',')
		name, ok := d.string()
		if !ok || !d.take(':') {
			return nil, d.damaged()
		}
		p, declared := s.types[name]
		if !declared || (want != nil && !want[name]) {
			if !d.skip() {
				return nil, d.damaged()
			}
			continue
		}
		v, ok := d.value(p.Type)
		if !ok {
			return nil, d.damaged()
		}
		props[name] = v
	}
	return props, nil
}

type decoder struct {
	text string
	pos  int
}

func (d *decoder) damaged() error {
	return fmt.Errorf("%w: properties are not readable at byte %d", store.ErrCorrupt, d.pos)
}

func (d *decoder) take(c byte) bool {
	if d.pos < len(d.text) && d.text[d.pos] == c {
		d.pos++
		return true
	}
	return false
}

// raw passes over a string and gives it with its quotes.
func (d *decoder) raw() (s string, escaped, ok bool) {
	if d.pos >= len(d.text) || d.text[d.pos] != '"' {
		return "", false, false
	}
	for i := d.pos + 1; i < len(d.text); i++ {
		switch d.text[i] {
		case '\\':
			escaped = true
			i++
		case '"':
			s = d.text[d.pos : i+1]
			d.pos = i + 1
			return s, escaped, true
		}
	}
	return "", false, false
}

func (d *decoder) string() (string, bool) {
	s, escaped, ok := d.raw()
	if !ok {
		return "", false
	}
	if !escaped {
		return s[1 : len(s)-1], true
	}
	var out string
	if err := json.Unmarshal([]byte(s), &out); err != nil {
		return "", false
	}
	return out, true
}

func (d *decoder) strings() ([]string, bool) {
	if !d.take('[') {
		return nil, false
	}
	var list []string
	for !d.take(']') {
		d.take(',')
		s, ok := d.string()
		if !ok {
			return nil, false
		}
		list = append(list, s)
	}
	return list, true
}

// word passes over a number or a literal.
func (d *decoder) word() string {
	end := d.pos
	for end < len(d.text) && d.text[end] != ',' && d.text[end] != '}' && d.text[end] != ']' {
		end++
	}
	s := d.text[d.pos:end]
	d.pos = end
	return s
}

func (d *decoder) skip() bool {
	if d.pos >= len(d.text) {
		return false
	}
	switch d.text[d.pos] {
	case '"':
		_, _, ok := d.raw()
		return ok
	case '[':
		_, ok := d.strings()
		return ok
	}
	return d.word() != ""
}

func (d *decoder) value(t store.Type) (any, bool) {
	switch t {
	case store.String:
		s, ok := d.string()
		return s, ok
	case store.Int:
		n, err := strconv.ParseInt(d.word(), 10, 64)
		return n, err == nil
	case store.Float:
		f, err := strconv.ParseFloat(d.word(), 64)
		return f, err == nil || math.IsInf(f, 0)
	case store.Bool:
		w := d.word()
		return w == "true", w == "true" || w == "false"
	case store.Time:
		s, ok := d.string()
		if !ok {
			return nil, false
		}
		at, err := parseTime(s)
		return at, err == nil
	case store.Strings:
		list, ok := d.strings()
		return list, ok
	}
	return nil, false
}

// column gives a property's value in the form it has in a column, an index or
// a parameter: nil, int64 (also for a bool), float64 or text (times as
// SortKey, lists as JSON).
func column(v any) (any, error) {
	switch v := v.(type) {
	case nil:
		return nil, nil //nolint:nilnil // SQL's NULL
	case bool:
		if v {
			return int64(1), nil
		}
		return int64(0), nil
	case time.Time:
		return timeText(v)
	case []string:
		buf, err := appendStrings(nil, v)
		return string(buf), err
	}
	return v, nil
}

// fromColumn is the way back.
func fromColumn(v any, t store.Type) (any, error) {
	switch t {
	case store.Bool:
		n, _ := v.(int64)
		return n != 0, nil
	case store.Time:
		s, _ := v.(string)
		return parseTime(s)
	case store.Strings:
		s, _ := v.(string)
		d := decoder{text: s}
		list, ok := d.strings()
		if !ok {
			return nil, d.damaged()
		}
		return list, nil
	}
	return v, nil
}

// jsonList renders column values as a JSON array, to be read by json_each.
func jsonList(values []any) (string, error) {
	buf := []byte{'['}
	for i, v := range values {
		if i > 0 {
			buf = append(buf, ',')
		}
		var err error
		if buf, err = appendValue(buf, v); err != nil {
			return "", err
		}
	}
	return string(append(buf, ']')), nil
}

func jsonInts(values []int64) string {
	buf := make([]byte, 0, len(values)*8+2)
	buf = append(buf, '[')
	for i, v := range values {
		if i > 0 {
			buf = append(buf, ',')
		}
		buf = strconv.AppendInt(buf, v, 10)
	}
	return string(append(buf, ']'))
}

// jsonIDs leaves out what is not UTF-8: nothing can have such an id.
func jsonIDs(ids []store.ID) string {
	buf := make([]byte, 0, len(ids)*32+2)
	buf = append(buf, '[')
	for _, id := range ids {
		from := len(buf)
		if from > 1 {
			buf = append(buf, ',')
		}
		var err error
		if buf, err = appendString(buf, string(id)); err != nil {
			buf = buf[:from]
		}
	}
	return string(append(buf, ']'))
}
