package graph

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/99designs/gqlgen/graphql"

	"coopgraph/graph/model"
	"coopgraph/graph/scalar"
	"coopgraph/loader"
	"coopgraph/ontology"
	"coopgraph/store"
)

// fields are an input's fields as they were sent: what is absent is not there,
// what is null is nil. Their values are JSON's.
type fields map[string]any

// fieldsOf reads an input that gqlgen has checked and turned into typed values.
func fieldsOf(input map[string]any) (fields, error) {
	body, err := json.Marshal(input)
	if err != nil {
		return nil, fmt.Errorf("encode the input: %w", err)
	}
	var in fields
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if err := d.Decode(&in); err != nil {
		return nil, fmt.Errorf("decode the input: %w", err)
	}
	return in, nil
}

func (in fields) has(name string) bool { _, ok := in[name]; return ok }

func (in fields) text(name string) string { s, _ := in[name].(string); return s }

func (in fields) number(name string) (int64, error) {
	if in[name] == nil {
		return 0, nil
	}
	n, err := scalar.UnmarshalInt(in[name])
	if err != nil {
		return 0, inField(name, fmt.Errorf("%w: %w", errInput, err))
	}
	return int64(n), nil
}

// decode reads a part of the input into a generated type.
func (in fields) decode(name string, to any) error {
	body, err := json.Marshal(in[name])
	if err == nil {
		err = json.Unmarshal(body, to)
	}
	if err != nil {
		return notRight(name)
	}
	return nil
}

func notRight(name string) error {
	return inField(name, fmt.Errorf("%w: %s is not what it must be", errInput, name))
}

// cite gives the source that the input names.
func (in fields) cite() (loader.Cite, error) {
	if in["source"] == nil {
		return loader.Cite{}, nil
	}
	var s model.SourceInput
	if err := in.decode("source", &s); err != nil {
		return loader.Cite{}, err
	}
	cite, err := citeOf(&s)
	return cite, inField("source", err)
}

// citeOf gives the source of an entry.
func citeOf(s *model.SourceInput) (loader.Cite, error) {
	if s == nil {
		return loader.Cite{}, nil
	}
	if strings.TrimSpace(s.Title) == "" {
		return loader.Cite{}, fmt.Errorf("%w: a source needs a title", errInput)
	}
	if s.Date != nil {
		if _, err := ontology.ParsePartialDate(*s.Date); err != nil {
			return loader.Cite{}, err
		}
	}
	d := ontology.Document{
		Title: s.Title, URL: value(s.URL), Language: value(s.Language), Date: value(s.Date), Licence: value(s.Licence), Publisher: value(s.Publisher),
	}
	probe := ontology.ThingClaim{Kind: ontology.Instrument, Names: []ontology.Name{{Value: d.Title, Language: d.Language, Type: ontology.OfficialName}}}
	if d.URL != "" {
		probe.Props = ontology.Values{"website": d.URL}
	}
	for _, text := range []string{d.Licence, d.Publisher, value(s.Locator), value(s.Quote)} {
		if text != "" {
			probe.Descriptions = append(probe.Descriptions, ontology.Description{Value: text})
		}
	}
	if err := probe.Validate(); err != nil {
		return loader.Cite{}, err
	}
	d.ID = ontology.NodeID(ontology.Source, "hand", firstOf(d.URL, d.Title))
	return loader.Cite{Document: d, Locator: value(s.Locator), Quote: value(s.Quote)}, nil
}

// claim reads what the input says of a thing of the kind, and which fields it
// names. An error says which field is to blame.
func (in fields) claim(k store.Kind) (ontology.ThingClaim, error) {
	c := ontology.ThingClaim{Kind: k, Props: ontology.Values{}}
	for _, part := range []struct {
		name string
		read func(*ontology.ThingClaim) error
	}{{"names", in.names}, {"descriptions", in.descriptions}, {"identifiers", in.identifiers}} {
		if err := in.part(&c, part.name, part.read); err != nil {
			return c, err
		}
	}
	for _, p := range ontology.Properties(k) {
		err := in.part(&c, p.Name, func(c *ontology.ThingClaim) error {
			v, err := plainValue(p, in[p.Name])
			c.Props[p.Name] = v
			return err
		})
		if err != nil {
			return c, err
		}
	}
	return c, nil
}

// part reads one field of the input, where it is there, and checks it.
func (in fields) part(c *ontology.ThingClaim, name string, read func(*ontology.ThingClaim) error) error {
	if !in.has(name) {
		return nil
	}
	c.Replaces = append(c.Replaces, name)
	if in[name] == nil {
		return nil
	}
	if list, ok := in[name].([]any); ok && len(list) > maxFirst {
		return inField(name, fmt.Errorf("%w: %s has %d values; at most %d are taken", errInput, name, len(list), maxFirst))
	}
	// What the part says is checked apart, so that the error names it.
	alone := ontology.ThingClaim{Kind: c.Kind, Props: ontology.Values{}}
	if err := read(&alone); err != nil {
		return inField(name, err)
	}
	probe := alone
	probe.Names = append(slices.Clone(alone.Names), ontology.Name{Value: "-", Type: ontology.OfficialName})
	if err := probe.Validate(); err != nil {
		return inField(name, err)
	}
	c.Names, c.Descriptions, c.Identifiers = append(c.Names, alone.Names...), append(c.Descriptions, alone.Descriptions...), append(c.Identifiers, alone.Identifiers...)
	maps.Copy(c.Props, alone.Props)
	return nil
}

func (in fields) names(c *ontology.ThingClaim) error {
	var names []model.NameInput
	if err := in.decode("names", &names); err != nil {
		return err
	}
	for _, n := range names {
		c.Names = append(c.Names, ontology.Name{Value: n.Value, Language: value(n.Language), Type: string(n.Type)})
	}
	return nil
}

func (in fields) descriptions(c *ontology.ThingClaim) error {
	var texts []model.DescriptionInput
	if err := in.decode("descriptions", &texts); err != nil {
		return err
	}
	for _, d := range texts {
		c.Descriptions = append(c.Descriptions, ontology.Description{Value: d.Value, Language: value(d.Language)})
	}
	return nil
}

func (in fields) identifiers(c *ontology.ThingClaim) error {
	var identifiers []model.IdentifierInput
	if err := in.decode("identifiers", &identifiers); err != nil {
		return err
	}
	for _, i := range identifiers {
		if strings.TrimSpace(i.Scheme) == "" || len(i.Scheme) > maxScheme {
			return fmt.Errorf("%w: a scheme of identifiers has 1 to %d characters", errInput, maxScheme)
		}
		c.Identifiers = append(c.Identifiers, ontology.Identifier{Scheme: i.Scheme, Value: i.Value})
	}
	return nil
}

// maxScheme is the greatest length of a scheme of identifiers, in bytes.
const maxScheme = 100

// plainValue gives a value of the type that the property has.
func plainValue(p ontology.Property, v any) (any, error) {
	switch p.Type {
	case store.Int:
		n, err := scalar.UnmarshalInt(v)
		if err != nil {
			return nil, notRight(p.Name)
		}
		return int64(n), nil
	case store.Float:
		x, err := graphql.UnmarshalFloat(v)
		if err != nil {
			return nil, notRight(p.Name)
		}
		return x, nil
	case store.Bool:
		if b, ok := v.(bool); ok {
			return b, nil
		}
	case store.Strings:
		list, ok := v.([]any)
		if !ok {
			return nil, notRight(p.Name)
		}
		out := make([]string, 0, len(list))
		for _, x := range list {
			s, err := plainText(p, x)
			if err != nil {
				return nil, err
			}
			out = append(out, s)
		}
		return out, nil
	default:
		return plainText(p, v)
	}
	return nil, notRight(p.Name)
}

func plainText(p ontology.Property, v any) (string, error) {
	s, ok := v.(string)
	if !ok {
		return "", notRight(p.Name)
	}
	return s, nil
}

// create makes a thing of the kind, field is where the payload shows it.
func (m *mutation) create(ctx context.Context, k store.Kind, field string, input map[string]any) (model.Thing, []*model.UserError, error) {
	in, err := fieldsOf(input)
	if err != nil {
		return nil, nil, err
	}
	return m.save(ctx, field, in, func(e *loader.Editor, q loader.Request) (loader.Outcome, error) {
		c, cite, err := in.entry(k)
		if err != nil {
			return loader.Outcome{}, err
		}
		c.Replaces = nil
		if err := checkSpan(c.Props, nil); err != nil {
			return loader.Outcome{}, err
		}
		return e.Create(ctx, q, c, cite)
	})
}

// update changes a thing of the kind.
func (m *mutation) update(ctx context.Context, k store.Kind, field string, input map[string]any) (model.Thing, []*model.UserError, error) {
	in, err := fieldsOf(input)
	if err != nil {
		return nil, nil, err
	}
	return m.save(ctx, field, in, func(e *loader.Editor, q loader.Request) (loader.Outcome, error) {
		c, cite, err := in.entry(k)
		if err != nil {
			return loader.Outcome{}, err
		}
		c.ID = store.ID(in.text("id"))
		version, err := in.number("version")
		if err != nil {
			return loader.Outcome{}, err
		}
		v := m.view(ctx)
		nodes, err := v.resolve(ctx, []store.ID{c.ID})
		if err != nil {
			return loader.Outcome{}, err
		}
		if nodes[c.ID].Kind != k {
			return loader.Outcome{}, inField("id", fmt.Errorf("%w: no %s has this id", store.ErrNotFound, strings.ToLower(string(k))))
		}
		if err := checkSpan(c.Props, absentOf(nodes[c.ID].Props, c.Replaces)); err != nil {
			return loader.Outcome{}, err
		}
		return e.Update(ctx, q, version, c, cite)
	})
}

// absentOf gives the properties that are not replaced.
func absentOf(props store.Props, replaced []string) store.Props {
	left := maps.Clone(props)
	for _, name := range replaced {
		delete(left, name)
	}
	return left
}

// checkSpan refuses an end before its start; what the input does not say is as
// it was.
func checkSpan(said ontology.Values, before store.Props) error {
	date := func(name string) ontology.PartialDate {
		s, ok := said[name].(string)
		if !ok {
			s, _ = before[name].(string)
		}
		return ontology.PartialDate(s)
	}
	return inField("to", ontology.CheckSpan(date("from"), date("to")))
}

func (in fields) entry(k store.Kind) (ontology.ThingClaim, loader.Cite, error) {
	c, err := in.claim(k)
	if err != nil {
		return c, loader.Cite{}, err
	}
	cite, err := in.cite()
	return c, cite, err
}

func (m *mutation) save(ctx context.Context, field string, in fields, do func(*loader.Editor, loader.Request) (loader.Outcome, error)) (model.Thing, []*model.UserError, error) {
	out, err := m.do(ctx, in.text("idempotencyKey"), in, do)
	wrong, err := userErrors(err)
	if err != nil {
		return nil, nil, err
	}
	t, err := m.written(ctx, out.ID, field)
	return t, wrong, err
}
