package ontology

import (
	"fmt"
	"net/mail"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"

	"coopgraph/store"
)

// The lengths, in bytes, that a source's texts may have.
const (
	maxName  = 2_000
	maxText  = 100_000
	maxURL   = 2_000
	maxIdent = 500
)

// Validate reports, wrapping store.ErrInvalid, what in the claim the ontology
// does not allow: an unknown kind, property or value, a thing without a name,
// text that is too long or holds control characters, a number out of bounds, an
// end before its start.
func (c ThingClaim) Validate() error {
	if !IsThing(c.Kind) {
		return invalid("%q is no kind", c.Kind)
	}
	if len(c.Names) == 0 && len(c.Identifiers) == 0 {
		return invalid("the %s has neither a name nor an identifier", strings.ToLower(string(c.Kind)))
	}
	for _, n := range c.Names {
		if _, ok := nameRank[n.Type]; !ok {
			return invalid("%q is no type of name", n.Type)
		}
		if err := checkText("name", n.Value, maxName); err != nil {
			return err
		}
		if err := checkTag(n.Language); err != nil {
			return err
		}
	}
	for _, d := range c.Descriptions {
		if err := checkText("description", d.Value, maxText); err != nil {
			return err
		}
		if err := checkTag(d.Language); err != nil {
			return err
		}
	}
	for _, i := range c.Identifiers {
		if i.Scheme == "" || strings.Contains(i.Scheme, ":") {
			return invalid("%.40q is no scheme of identifiers", i.Scheme)
		}
		if err := checkText("identifier", i.Value, maxIdent); err != nil {
			return err
		}
	}
	for _, a := range c.Anchors {
		if err := checkText("anchor", a, maxIdent); err != nil {
			return err
		}
	}
	for name, v := range c.Props {
		if err := checkProp(c.Kind, name, v); err != nil {
			return err
		}
	}
	return c.CheckSpan()
}

// CheckSpan reports, wrapping store.ErrInvalid, an end of the thing that lies
// before its start.
func (c ThingClaim) CheckSpan() error {
	from, _ := c.Props["from"].(string)
	to, _ := c.Props["to"].(string)
	return CheckSpan(PartialDate(from), PartialDate(to))
}

// CheckSpan reports, wrapping store.ErrInvalid, an end that lies before its
// start, where both are given.
func CheckSpan(from, to PartialDate) error {
	if from != "" && to != "" && to.Last() < from.First() {
		return invalid("the end %s lies before the start %s", to, from)
	}
	return nil
}

func checkProp(k store.Kind, name string, v any) error {
	p, ok := PropertyOf(k, name)
	if !ok {
		return invalid("%s has no property %q", k, name)
	}
	if err := store.CheckProps(store.Props{name: v}, []store.Prop{{Name: name, Type: p.Type}}); err != nil {
		return err
	}
	var values []string
	switch v := v.(type) {
	case int64:
		return p.within(float64(v))
	case float64:
		return p.within(v)
	case string:
		values = []string{v}
	case []string:
		values = v
	}
	for _, s := range values {
		if err := p.check(s); err != nil {
			return err
		}
	}
	return nil
}

func (p Property) within(x float64) error {
	if least, most := p.Bounds[0], p.Bounds[1]; least < most && !(x >= least && x <= most) {
		return invalid("%s must be %.0f to %.0f", p.Name, least, most)
	}
	return nil
}

func (p Property) check(s string) error {
	switch p.Form {
	case Enum:
		if !slices.Contains(p.Values, s) {
			return invalid("%s cannot be %.40q: it is one of %s", p.Name, s, strings.Join(p.Values, ", "))
		}
	case URL:
		u, err := url.Parse(s)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || len(s) > maxURL {
			return invalid("%s is not a web address (http or https, at most %d characters)", p.Name, maxURL)
		}
	case Mailbox:
		if a, err := mail.ParseAddress(s); err != nil || a.Address != s {
			return invalid("%s is not an e-mail address", p.Name)
		}
	case Date:
		_, err := ParsePartialDate(s)
		return err
	case Tag:
		if s == "" {
			return invalid("a language is missing")
		}
		return checkTag(s)
	case Text:
		return checkText(p.Name, s, maxText)
	}
	return nil
}

// Validate reports, wrapping store.ErrInvalid, what in the claim the ontology
// does not allow, as far as that shows without its ends: see ValidateEnds.
func (c *FactClaim) Validate() error {
	if _, ok := RelationOf(c.Relation); !ok {
		return invalid("%.40q is no relation", c.Relation)
	}
	for _, d := range []PartialDate{c.From, c.To, c.AttestedOn} {
		if d == "" {
			continue
		}
		if _, err := ParsePartialDate(string(d)); err != nil {
			return err
		}
	}
	if err := CheckSpan(c.From, c.To); err != nil {
		return err
	}
	if c.Role != "" {
		return checkText("role", c.Role, maxName)
	}
	return nil
}

// ValidateEnds reports, wrapping store.ErrInvalid, ends that the relation does
// not join, a thing related to itself, and a basis that is no instrument.
// basis is "" where there is none.
func (c *FactClaim) ValidateEnds(subject, object, basis store.Kind) error {
	r, ok := RelationOf(c.Relation)
	if !ok {
		return invalid("%.40q is no relation", c.Relation)
	}
	if !r.Allows(subject, object) {
		return invalid("%s does not join %s to %s", c.Relation, subject, object)
	}
	if c.Subject.ID == c.Object.ID {
		return invalid("%s joins a thing to itself", c.Relation)
	}
	if c.Basis != nil && basis != Instrument {
		return invalid("the basis of a fact is an instrument, not %s", basis)
	}
	return nil
}

func checkText(what, s string, limit int) error {
	switch {
	case strings.TrimSpace(s) == "":
		return invalid("the %s is empty", what)
	case len(s) > limit:
		return invalid("the %s has %d bytes; at most %d are kept", what, len(s), limit)
	case !utf8.ValidString(s):
		return invalid("the %s is not UTF-8", what)
	case strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }):
		return invalid("the %s holds control characters", what)
	}
	return nil
}

func checkTag(tag string) error {
	if tag == "" {
		return nil
	}
	if _, err := language.Parse(tag); err != nil {
		return invalid("%.40q is no language tag", tag)
	}
	return nil
}

func invalid(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{store.ErrInvalid}, args...)...)
}
