package mapping

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/language"

	"coopgraph/loader/rows"
	"coopgraph/ontology"
	"coopgraph/store"
)

// claims makes the claims of one row.
type claims struct {
	m    *Mapping
	item *rows.Item
	// made are the places of the things made so far, by their rule's name.
	made map[string][]int
}

// Item gives what the row claims. A row that cannot be read, or whose key is
// missing, is dropped with its reason; a value that the ontology does not allow
// is left out with a note.
func (m *Mapping) Item(file string, row rows.Row) *rows.Item {
	if m.template != nil {
		return m.template.Item(m.document.ID, file, row)
	}
	it := &rows.Item{Scheme: m.Scheme, File: file, Line: row.Line, Notes: slices.Clone(row.Notes)}
	drop := func(o rows.Outcome, message string) *rows.Item {
		it.Dropped, it.Message, it.Claims = o, message, ontology.Claims{}
		return it
	}
	if row.Err != nil {
		return drop(rows.Rejected, rows.Reason(row.Err))
	}
	if blank(row.Fields) {
		return drop(rows.Skipped, "the row is empty")
	}
	s := scope{row.Fields, row.Fields}
	key, err := m.Key.first(s)
	if err != nil {
		return drop(rows.Rejected, rows.Reason(err))
	}
	it.Key = key
	for _, skip := range m.Skip {
		switch ok, err := skip.When.hold(s); {
		case err != nil:
			return drop(rows.Rejected, rows.Reason(err))
		case ok:
			return drop(rows.Skipped, skip.Message)
		}
	}
	if key == "" {
		if len(m.Key) == 1 {
			it.Column = strings.Join(m.Key[0].Column, " or ")
		}
		return drop(rows.Rejected, "the row has no key")
	}
	c := &claims{m: m, item: it, made: map[string][]int{}}
	if err := c.row(s); err != nil {
		return drop(rows.Rejected, rows.Reason(err))
	}
	if len(it.Claims.Things)+len(it.Claims.Facts) == 0 {
		return drop(rows.Skipped, "the mapping makes nothing of the row")
	}
	return it
}

func blank(fields map[string]any) bool {
	for _, v := range fields {
		switch v := v.(type) {
		case nil:
		case string:
			if strings.TrimSpace(v) != "" {
				return false
			}
		default:
			return false
		}
	}
	return true
}

func (c *claims) note(format string, args ...any) {
	c.item.Notes = append(c.item.Notes, fmt.Sprintf(format, args...))
}

// row makes the things first: facts name them.
func (c *claims) row(s scope) error {
	type nested struct {
		rule  *thingRule
		scope scope
		place int
	}
	var later []nested
	for i := range c.m.Things {
		rule := &c.m.Things[i]
		err := each(rule.Each, s, rule.When, func(s scope) error {
			made, err := c.thing(rule, s)
			if made >= 0 {
				later = append(later, nested{rule, s, made})
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	all := c.made
	for _, n := range later {
		// A thing's own facts mean this one of the things of its name.
		c.made = map[string][]int{}
		for name, places := range all {
			c.made[name] = places
		}
		c.made[n.rule.As] = []int{n.place}
		if err := c.facts(n.rule.Facts, n.scope); err != nil {
			return err
		}
	}
	c.made = all
	return c.facts(c.m.Facts, s)
}

// each calls do for the scope, or for each element of it, where the conditions
// hold.
func each(e *expression, s scope, when conditions, do func(scope) error) error {
	scopes := []scope{s}
	if e != nil {
		scopes = nil
		elements, err := e.list(s)
		if err != nil {
			return err
		}
		for _, x := range elements {
			scopes = append(scopes, scope{s.row, x})
		}
	}
	for _, s := range scopes {
		ok, err := when.hold(s)
		if err != nil {
			return err
		}
		if ok {
			if err := do(s); err != nil {
				return err
			}
		}
	}
	return nil
}

// list gives the elements to go through: those of the list that the path leads
// to, or the expression's texts.
func (e *expression) list(s scope) ([]any, error) {
	if len(e.Path) > 0 || e.columns != nil {
		var out []any
		for _, v := range e.elements(s) {
			if l, ok := v.([]any); ok {
				out = append(out, l...)
			} else if m, ok := v.(map[string]any); ok {
				out = append(out, m)
			}
		}
		if len(out) > 0 {
			return out, nil
		}
	}
	texts, err := e.texts(s)
	out := make([]any, len(texts))
	for i, t := range texts {
		out[i] = t
	}
	return out, err
}

// thing makes a thing and gives its place, -1 where the row gives it no
// identifier.
func (c *claims) thing(rule *thingRule, s scope) (int, error) {
	locator, err := c.locator(rule.Locator, s)
	if err != nil {
		return -1, err
	}
	t := ontology.ThingClaim{Kind: rule.Kind, Props: ontology.Values{}, Cites: []ontology.Citation{locator}}
	for _, k := range rule.Identifiers {
		err := k.keys(s, func(value string) {
			if i := (ontology.Identifier{Scheme: k.Scheme, Value: value}); !slices.Contains(t.Identifiers, i) {
				t.Identifiers = append(t.Identifiers, i)
			}
		})
		if err != nil {
			return -1, err
		}
	}
	if err := c.id(&t, rule, s); err != nil {
		return -1, err
	}
	byName := t.ID != "" || rule.ByName || len(rule.Identifiers) == 0
	if len(t.Identifiers) == 0 && !byName {
		return -1, nil
	}
	for _, k := range rule.Anchors {
		if err := k.keys(s, func(value string) { t.Anchors = append(t.Anchors, k.Scheme+":"+value) }); err != nil {
			return -1, err
		}
	}
	if err := c.names(&t, rule.Names, s); err != nil {
		return -1, err
	}
	if len(t.Identifiers) == 0 && len(t.Names) == 0 {
		return -1, nil
	}
	if err := c.descriptions(&t, rule.Descriptions, s); err != nil {
		return -1, err
	}
	for _, p := range ontology.Properties(rule.Kind) {
		if r, ok := rule.Properties[p.Name]; ok {
			if err := c.property(&t, p, r, s); err != nil {
				return -1, err
			}
		}
	}
	if err := c.span(&t, rule); err != nil {
		return -1, err
	}
	c.item.Claims.Things = append(c.item.Claims.Things, t)
	made := len(c.item.Claims.Things) - 1
	c.made[rule.As] = append(c.made[rule.As], made)
	return made, nil
}

// id takes the thing's id in the graph, where the text is the id of a thing.
func (c *claims) id(t *ontology.ThingClaim, rule *thingRule, s scope) error {
	id, err := rule.ID.first(s)
	if id == "" || err != nil {
		return err
	}
	if !ontology.IsID(id) || id[0] != 'n' {
		c.note("left out: %.40q is no id of a thing", id)
		return nil
	}
	t.ID = store.ID(id)
	return nil
}

func (k *keyRule) keys(s scope, do func(value string)) error {
	return each(k.Each, s, k.When, func(s scope) error {
		values, err := k.From.texts(s)
		for _, v := range values {
			do(v)
		}
		return err
	})
}

func (c *claims) names(t *ontology.ThingClaim, rules []nameRule, s scope) error {
	for _, r := range rules {
		err := each(r.Each, s, r.When, func(s scope) error {
			values, err := r.From.texts(s)
			if err != nil {
				return err
			}
			language, err := c.language(r.Language, s)
			if err != nil {
				return err
			}
			for _, v := range values {
				v = strings.Join(strings.Fields(v), " ")
				c.keep(t, r.From, ontology.ThingClaim{Names: []ontology.Name{{Value: v, Language: language, Type: r.Type}}})
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// bibliographic are the codes of ISO 639-2 that libraries use, where they
// differ from the others.
var bibliographic = map[string]string{
	"alb": "sq", "arm": "hy", "baq": "eu", "bur": "my", "chi": "zh", "cze": "cs", "dut": "nl", "fre": "fr", "geo": "ka",
	"ger": "de", "gre": "el", "ice": "is", "mac": "mk", "mao": "mi", "may": "ms", "per": "fa", "rum": "ro", "slo": "sk",
	"tib": "bo", "wel": "cy",
}

// language reads a language's code of two or three letters, or a tag, in the
// shortest form: what is none is noted, and left out.
func (c *claims) language(e *expression, s scope) (string, error) {
	code, err := e.first(s)
	if code == "" || err != nil {
		return "", err
	}
	if short, ok := bibliographic[strings.ToLower(code)]; ok {
		return short, nil
	}
	if tag, err := language.Parse(code); err == nil {
		return tag.String(), nil
	}
	c.note("left out: %.40q is no language", code)
	return "", nil
}

func (c *claims) descriptions(t *ontology.ThingClaim, rules []textRule, s scope) error {
	for _, r := range rules {
		err := each(r.Each, s, r.When, func(s scope) error {
			v, err := r.From.first(s)
			if err != nil || v == "" {
				return err
			}
			language, err := c.language(r.Language, s)
			c.keep(t, r.From, ontology.ThingClaim{Descriptions: []ontology.Description{{Value: v, Language: language}}})
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *claims) property(t *ontology.ThingClaim, p ontology.Property, rules propRules, s scope) error {
	for _, r := range rules {
		var texts []string
		if err := r.texts(s, &texts); err != nil {
			return err
		}
		if len(texts) == 0 {
			continue
		}
		v, err := propValue(p, texts)
		if err != nil {
			c.leaveOut(r.From, err)
		} else {
			c.keep(t, r.From, ontology.ThingClaim{Props: ontology.Values{p.Name: v}})
		}
		break
	}
	return nil
}

// span refuses a thing whose end lies before its start.
func (c *claims) span(t *ontology.ThingClaim, rule *thingRule) error {
	err := t.CheckSpan()
	if err != nil && len(rule.Properties["to"]) > 0 {
		c.item.Column = rule.Properties["to"][0].From.standsIn()
	}
	return err
}

// leaveOut notes that a text is left out, and where it stands.
func (c *claims) leaveOut(from *expression, err error) {
	if origin := from.standsIn(); origin != "" {
		c.note("left out of %s: %s", origin, rows.Reason(err))
		return
	}
	c.note("left out: %s", rows.Reason(err))
}

func (r *propRule) texts(s scope, texts *[]string) error {
	return each(r.Each, s, r.When, func(s scope) error {
		more, err := r.From.texts(s)
		*texts = append(*texts, more...)
		return err
	})
}

// keep adds a part of a claim to the thing if the ontology allows it and it is
// not there yet, else notes why not, and where it stands.
func (c *claims) keep(t *ontology.ThingClaim, from *expression, part ontology.ThingClaim) {
	part.Kind, part.Identifiers = t.Kind, t.Identifiers
	if len(part.Identifiers) == 0 {
		// The part alone is to be judged: what the thing is, is not known yet.
		part.Identifiers = []ontology.Identifier{{Scheme: "ROW", Value: c.item.Key}}
	}
	if err := part.Validate(); err != nil {
		c.leaveOut(from, err)
		return
	}
	for _, n := range part.Names {
		same := func(o ontology.Name) bool { return o.Value == n.Value && o.Language == n.Language }
		if !slices.ContainsFunc(t.Names, same) {
			t.Names = append(t.Names, n)
		}
	}
	t.Descriptions = append(t.Descriptions, part.Descriptions...)
	for name, v := range part.Props {
		t.Props[name] = v
	}
}

func (c *claims) facts(rules []factRule, s scope) error {
	for i := range rules {
		r := &rules[i]
		if err := each(r.Each, s, r.When, func(s scope) error { return c.fact(r, s) }); err != nil {
			return err
		}
	}
	return nil
}

func (c *claims) fact(r *factRule, s scope) error {
	f := ontology.FactClaim{Relation: r.Relation, Planned: r.Planned}
	cite, err := c.locator(r.Locator, s)
	if err != nil {
		return err
	}
	var from, to, on string
	for _, part := range []struct {
		from *expression
		to   *string
	}{{r.Role, &f.Role}, {r.From, &from}, {r.To, &to}, {r.AttestedOn, &on}, {r.Quote, &cite.Quote}} {
		if *part.to, err = part.from.first(s); err != nil {
			return err
		}
	}
	f.From, f.To, f.AttestedOn = ontology.PartialDate(from), ontology.PartialDate(to), ontology.PartialDate(on)
	f.Cites = []ontology.Citation{cite}
	subjects, err := c.ends(r.Subject, s)
	if err != nil {
		return err
	}
	objects, err := c.ends(r.Object, s)
	if err != nil {
		return err
	}
	bases, err := c.ends(r.Basis, s)
	if err != nil {
		return err
	}
	if len(bases) > 0 {
		f.Basis = &bases[0]
	}
	if err := ontology.CheckSpan(f.From, f.To); err != nil {
		c.item.Column = r.To.standsIn()
		return err
	}
	if err := f.Validate(); err != nil {
		return err
	}
	for _, f.Subject = range subjects {
		for _, f.Object = range objects {
			c.item.Claims.Facts = append(c.item.Claims.Facts, f)
		}
	}
	return nil
}

// locator cites the list: by the place that the rule gives, else by the row's
// key.
func (c *claims) locator(e *expression, s scope) (ontology.Citation, error) {
	place, err := e.first(s)
	if place == "" {
		place = c.item.Key
	}
	return ontology.Citation{Source: c.m.document.ID, Locator: place}, err
}
