package sqlite

import (
	"slices"
	"strconv"
	"strings"

	"coopgraph/store"
)

// clause collects the conditions of a WHERE and their arguments, in order.
type clause struct {
	sql  strings.Builder
	args []any
}

func (w *clause) and(sql string, args ...any) {
	w.sql.WriteString("\n  AND " + sql)
	w.args = append(w.args, args...)
}

// ref says where a statement finds a property.
type ref struct {
	types []store.Type // those declared; more than one where kinds differ
	// expr is the value in the form of column, NULL where absent.
	expr string
	// sort is the column that holds it as a sort key, if any.
	sort string
	// codes and item find it in lookup, if it is there.
	codes []int64
	item  string
}

// bodyProps is the column through which a statement needs the table body.
const bodyProps = "b.props"

// nodeRef refers to a property of a node that a statement reads as n, and its
// properties as b; kinds are those it may be of.
func (l *layout) nodeRef(name string, kinds []*kind) (ref, error) {
	r := ref{expr: "json_extract(" + bodyProps + ", '$." + name + "')", item: "n.n"}
	walk, sort, lookup := true, true, true
	for _, k := range kinds {
		p, ok := k.types[name]
		if !ok {
			continue
		}
		if !slices.Contains(r.types, p.Type) {
			r.types = append(r.types, p.Type)
		}
		walk, sort, lookup = walk && p.Walk, sort && p.Sort, lookup && p.Lookup
		r.codes = append(r.codes, k.keys[name])
	}
	if r.types == nil {
		return r, invalid("property %q is not declared", name)
	}
	if walk {
		r.expr = "n.p_" + name
	}
	if sort {
		r.sort = "n.s_" + name
	}
	if !lookup {
		r.codes = nil
	}
	return r, nil
}

// edgeRef refers to a property of an edge that a statement reads as e, and as
// h where it goes by hops; stored says whether it needs e.
func (l *layout) edgeRef(name, e, h string) (r ref, stored bool, err error) {
	p, ok := l.edges.types[name]
	if !ok {
		return r, false, invalid("property %q is not declared", name)
	}
	r.types = []store.Type{p.Type}
	r.item = e + ".e"
	r.expr = "json_extract(" + e + ".props, '$." + name + "')"
	stored = true
	if h != "" {
		r.item = h + ".e"
		if p.Walk {
			r.expr, stored = h+".p_"+name, false
		}
	}
	if p.Lookup && !(p.Walk && h != "" && p.Type != store.Strings) {
		r.codes = []int64{l.edgeKeys[name]}
		// Only an absent value must still be looked at.
	}
	return r, stored, nil
}

// cond adds one condition on the property.
func (w *clause) cond(c store.Cond, r ref) error {
	values, err := r.values(c)
	if err != nil {
		return err
	}
	list := slices.Contains(r.types, store.Strings)
	absent := r.expr + " IS NULL"
	switch c.Op {
	case store.Any, store.None:
		in := "IN (SELECT value FROM json_each(?))"
		var arg any
		if len(values) == 1 {
			in, arg = "= ?", values[0]
		} else if arg, err = jsonList(values); err != nil {
			return err
		}
		var sql string
		switch {
		case r.codes != nil:
			sql = "EXISTS (SELECT 1 FROM lookup k WHERE k.prop IN (" + joinInts(r.codes) + ") AND k.value " + in +
				" AND k.item = " + r.item + ")"
		case list:
			sql = "EXISTS (SELECT 1 FROM json_each(" + r.expr + ") v WHERE v.value " + in + ")"
		case c.Op == store.None:
			sql = "coalesce(" + r.expr + " " + in + ", 0)"
		default:
			sql = r.expr + " " + in
		}
		if c.Op == store.None {
			w.and("NOT "+sql, arg)
			return nil
		}
		if c.OrAbsent {
			sql = "(" + sql + " OR " + absent + ")"
		}
		w.and(sql, arg)
		return nil
	case store.AtMost, store.AtLeast:
		if list || len(values) != 1 {
			return invalid("a comparison with %d values of a list or scalar", len(values))
		}
		op := " <= ?"
		if c.Op == store.AtLeast {
			op = " >= ?"
		}
		sql := r.expr + op
		if r.sort != "" && !c.OrAbsent {
			// The key serves an index; an absent value has one too.
			sql = r.sort + op + "\n  AND " + r.expr + " IS NOT NULL"
		}
		if c.OrAbsent {
			sql = "(" + sql + " OR " + absent + ")"
		}
		w.and(sql, values[0])
		return nil
	}
	return invalid("operator %d", c.Op)
}

// values gives a condition's values in the form of column.
func (r ref) values(c store.Cond) ([]any, error) {
	out := make([]any, len(c.Values))
	for i, v := range c.Values {
		if !slices.ContainsFunc(r.types, func(t store.Type) bool { return fits(v, t) }) {
			return nil, invalid("property %q is compared with a %T", c.Prop, v)
		}
		var err error
		if out[i], err = column(v); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// fits says whether v may stand in a condition on a property of type t:
// on a list, an element.
func fits(v any, t store.Type) bool {
	if t == store.Strings {
		t = store.String
	}
	return store.CheckProps(store.Props{"v": v}, []store.Prop{{Name: "v", Type: t}}) == nil
}

func joinInts(list []int64) string {
	out := make([]string, len(list))
	for i, n := range list {
		out[i] = strconv.FormatInt(n, 10)
	}
	return strings.Join(out, ", ")
}
