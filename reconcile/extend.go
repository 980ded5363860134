package reconcile

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"coopgraph/ontology"
	"coopgraph/store"
)

// The settings of a property in a data extension.
const (
	limitSetting    = "limit"
	languageSetting = "language"
	holdingSetting  = "holding"
	// defaultExtension is the number of values where no limit is set.
	defaultExtension = 10
)

// setting is something that a user may choose for a property.
type setting struct {
	Type    string   `json:"type"`
	Name    string   `json:"name"`
	Label   string   `json:"label"`
	Help    string   `json:"help_text"`
	Default any      `json:"default"`
	Choices []choice `json:"choices,omitempty"`
}

type choice struct {
	Value string `json:"value"`
	Name  string `json:"name"`
}

func settings() []setting {
	languages := []choice{{"", "the reader's"}}
	for _, l := range ontology.Languages() {
		languages = append(languages, choice{l, languageNames[l]})
	}
	return []setting{
		{Type: "number", Name: limitSetting, Label: "Limit", Help: "The most values a row, from 1 to 100", Default: defaultExtension},
		{Type: "select", Name: languageSetting, Label: "Language", Help: "The language of names and descriptions", Default: "", Choices: languages},
		{Type: "checkbox", Name: holdingSetting, Label: "Only what holds today", Help: "Leave out facts that have ended or are planned", Default: false},
	}
}

// column is a property of a data extension with its settings.
type column struct {
	property
	// as is the property's id as it was asked, under which the answer goes.
	as       string
	limit    int
	language string
	holding  bool
}

type rawExtension struct {
	IDs        []string `json:"ids"`
	Properties []struct {
		ID       string                     `json:"id"`
		Settings map[string]json.RawMessage `json:"settings"`
	} `json:"properties"`
}

// named is an id with its name.
type named struct {
	ID   string      `json:"id"`
	Name string      `json:"name"`
	Type *entityType `json:"type,omitempty"`
}

// extension is the answer: for each id and property, a list of values.
type extension struct {
	Meta []named                           `json:"meta"`
	Rows map[string]map[string][]cellValue `json:"rows"`
}

// cellValue is a value: a thing, a text, a number or a moment.
type cellValue struct {
	ID    string   `json:"id,omitempty"`
	Name  string   `json:"name,omitempty"`
	Text  string   `json:"str,omitempty"`
	Float *float64 `json:"float,omitempty"`
	Int   *int64   `json:"int,omitempty"`
	Date  string   `json:"date,omitempty"`
}

// extend answers a data extension.
func (v *service) extend(ctx context.Context, r *request) (any, error) {
	ids, columns, err := v.checkExtension(r)
	if err != nil {
		return nil, err
	}
	found, err := v.resolve(ctx, ids)
	if err != nil {
		return nil, err
	}
	answer := extension{Meta: []named{}, Rows: map[string]map[string][]cellValue{}}
	var things []ontology.Thing
	for _, id := range ids {
		answer.Rows[id] = map[string][]cellValue{}
		if t, ok := found[id]; ok {
			things = append(things, t)
		}
	}
	for _, c := range columns {
		answer.Meta = append(answer.Meta, named{c.as, c.name, c.target(r.language)})
	}
	for _, holding := range []bool{false, true} {
		some := slices.DeleteFunc(slices.Clone(columns), func(c column) bool { return c.holding != holding })
		if err := v.fill(ctx, answer.Rows, ids, found, things, some, holding); err != nil {
			return nil, err
		}
	}
	return answer, nil
}

// fill writes the columns that want, or do not want, only what holds today.
func (v *service) fill(ctx context.Context, rows map[string]map[string][]cellValue, ids []string, found map[string]ontology.Thing, things []ontology.Thing, columns []column, holding bool) error {
	var props []property
	for _, c := range columns {
		props = append(props, c.property)
	}
	subjects, err := v.subjects(ctx, things, props, holding)
	if err != nil {
		return err
	}
	byID := map[store.ID]subject{}
	for _, s := range subjects {
		byID[s.ID] = s
	}
	for _, id := range ids {
		s, known := byID[found[id].ID]
		for _, c := range columns {
			cells := []cellValue{}
			if known {
				for _, x := range s.values(c.property, c.language) {
					cells = append(cells, x.cell(c.language))
				}
			}
			rows[id][c.as] = cells[:min(len(cells), c.limit)]
		}
	}
	return nil
}

func (v *service) checkExtension(r *request) (ids []string, columns []column, err error) {
	var raw rawExtension
	if err := decodeStrict("extend", r.form.Get("extend"), &raw); err != nil {
		return nil, nil, err
	}
	switch {
	case raw.IDs == nil || raw.Properties == nil:
		return nil, nil, bad("extend: an object with ids and properties is expected")
	case len(raw.IDs) > v.Limits.Values || len(raw.Properties) > v.Limits.Values:
		return nil, nil, bad("extend: %d ids and %d properties; at most %d of each", len(raw.IDs), len(raw.Properties), v.Limits.Values)
	}
	for _, p := range raw.Properties {
		known, ok := propertyOf(p.ID)
		if !ok {
			return nil, nil, bad("extend: %s is no property", quoted(p.ID))
		}
		c, err := v.checkSettings(known, p.Settings, r.language)
		if err != nil {
			return nil, nil, err
		}
		c.as = p.ID
		columns = append(columns, c)
	}
	return raw.IDs, columns, nil
}

// checkSettings reads the settings of a property. Clients send numbers as text
// where users type them.
func (v *service) checkSettings(p property, raw map[string]json.RawMessage, language string) (column, error) {
	c := column{property: p, limit: defaultExtension, language: language}
	for name, value := range raw {
		s := strings.Trim(string(value), `"`)
		if s == "" || s == "null" {
			continue
		}
		switch name {
		case limitSetting:
			n, err := strconv.Atoi(s)
			if err != nil || n < 1 || n > v.Limits.Values {
				return c, bad("extend: %s: limit is a whole number from 1 to %d", quoted(p.id), v.Limits.Values)
			}
			c.limit = n
		case languageSetting:
			if !slices.Contains(ontology.Languages(), s) {
				return c, bad("extend: %s: language is one of %s", quoted(p.id), strings.Join(ontology.Languages(), ", "))
			}
			c.language = s
		case holdingSetting:
			holding, err := strconv.ParseBool(s)
			if err != nil && s != "on" {
				return c, bad("extend: %s: holding is true or false", quoted(p.id))
			}
			c.holding = holding || s == "on"
		default:
			return c, bad("extend: %s: no setting %s", quoted(p.id), quoted(name))
		}
	}
	return c, nil
}

// target is the type of the things that a property leads to, where they are of one.
func (p property) target(language string) *entityType {
	if p.form == formPlace {
		t := typeOf(ontology.Place, language)
		return &t
	}
	var far []store.Kind
	for _, k := range p.kinds {
		if c, ok := ontology.ConnectionOf(k, p.id); ok {
			far = append(far, c.Far...)
		}
	}
	slices.Sort(far)
	if far = slices.Compact(far); len(far) != 1 || p.form != formThing {
		return nil
	}
	t := typeOf(far[0], language)
	return &t
}

// cell writes a value. A date that is less exact than a day is text, so that
// nothing is made up.
func (x value) cell(language string) cellValue {
	switch {
	case x.thing != nil:
		return cellValue{ID: string(x.thing.ID), Name: orDefault(x.thing.Name(language), string(x.thing.ID))}
	case x.whole != nil:
		return cellValue{Int: x.whole}
	case x.number != nil:
		return cellValue{Float: x.number}
	case len(x.date) == len("2018-04-16"):
		return cellValue{Date: string(x.date) + "T00:00:00Z"}
	}
	return cellValue{Text: x.text}
}

// proposal lists the properties that things of a type have.
type proposal struct {
	Type       string  `json:"type"`
	Limit      int     `json:"limit,omitempty"`
	Properties []named `json:"properties"`
}

// propose lists the properties of a type; of all types where none is given, or
// one that a user made up, which only hints at a type in queries too.
func (v *service) propose(_ context.Context, r *request) (any, error) {
	wanted := r.form.Get("type")
	kind, _ := kindOf(wanted)
	all := properties(kind)
	limit, err := r.number("limit", 0, 1, v.Limits.Candidates)
	if err != nil {
		return nil, err
	}
	if limit > 0 {
		all = all[:min(limit, len(all))]
	}
	answer := proposal{Type: wanted, Limit: limit, Properties: []named{}}
	for _, p := range all {
		answer.Properties = append(answer.Properties, named{p.id, p.name, p.target(r.language)})
	}
	return answer, nil
}
