package reconcile

import (
	"cmp"
	"context"
	"fmt"
	"html"
	"math"
	"net/http"
	"slices"
	"strings"

	"coopgraph/ontology"
	"coopgraph/ontology/search"
	"coopgraph/ontology/text"
	"coopgraph/store"
)

// suggestions is the answer of the suggest services.
type suggestions struct {
	Result []suggestion `json:"result"`
}

// suggestion completes what is being typed with an entity, a property or a type.
type suggestion struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
	// Notable are an entity's types.
	Notable []entityType `json:"notable,omitempty"`
}

// defaultSuggestions is the number of suggestions where none is asked for.
const defaultSuggestions = 10

// typing is a request to complete a prefix: limit suggestions after the
// first skip ones.
type typing struct {
	prefix      string
	kinds       []store.Kind
	skip, limit int
}

func (v *service) typing(r *request) (typing, error) {
	t := typing{prefix: strings.TrimSpace(r.form.Get("prefix"))}
	if !r.form.Has("prefix") {
		return t, bad("prefix: missing")
	}
	if err := v.checkText("prefix", t.prefix); err != nil {
		return t, err
	}
	var err error
	if t.skip, err = r.number("cursor", 0, 0, math.MaxInt32); err != nil {
		return t, err
	}
	if t.limit, err = r.number("limit", defaultSuggestions, 1, v.Limits.Candidates); err != nil {
		return t, err
	}
	// Older OpenRefines name the type of a property's things "schema".
	if k, ok := kindOf(cmp.Or(r.form.Get("type"), r.form.Get("schema"))); ok {
		t.kinds = []store.Kind{k}
	}
	return t, nil
}

// cut gives the part of the suggestions that is asked for.
func (t typing) cut(all []suggestion) suggestions {
	from := min(t.skip, len(all))
	return suggestions{append([]suggestion{}, all[from:min(from+t.limit, len(all))]...)}
}

// suggestEntity completes names of things. An id stands for itself.
func (v *service) suggestEntity(ctx context.Context, r *request) (any, error) {
	t, err := v.typing(r)
	if err != nil {
		return nil, err
	}
	if t.skip >= v.Limits.Candidates {
		return t.cut(nil), nil
	}
	found, err := search.Suggest(ctx, v.Store, search.Question{Text: t.prefix, Kinds: t.kinds, Language: r.language}, t.skip+t.limit)
	if err != nil {
		return nil, fmt.Errorf("suggest: %w", err)
	}
	ids := []string{t.prefix}
	for _, s := range found {
		ids = append(ids, string(s.Node.ID))
	}
	things, err := v.resolve(ctx, ids)
	if err != nil {
		return nil, err
	}
	var all []suggestion
	if thing, ok := things[t.prefix]; ok {
		all = append(all, suggestionOf(thing, thing.Name(r.language), r.language))
	}
	for _, s := range found {
		if thing, ok := things[string(s.Node.ID)]; ok {
			all = append(all, suggestionOf(thing, s.Text, r.language))
		}
	}
	return t.cut(all), nil
}

// suggestionOf shows a thing by the name that goes on from what was typed.
func suggestionOf(t ontology.Thing, name, language string) suggestion {
	description := summary(t, language)
	if shown := t.Name(language); shown != name {
		description = strings.TrimSuffix("= "+shown+"; "+description, "; ")
	}
	return suggestion{ID: string(t.ID), Name: name, Description: cut(description, 200), Notable: []entityType{typeOf(t.Kind, language)}}
}

// suggestProperty completes properties by their ids and names.
func (v *service) suggestProperty(_ context.Context, r *request) (any, error) {
	t, err := v.typing(r)
	if err != nil {
		return nil, err
	}
	var k store.Kind
	if len(t.kinds) > 0 {
		k = t.kinds[0]
	}
	var all []suggestion
	for _, p := range properties(k) {
		all = append(all, suggestion{ID: p.id, Name: p.name, Description: p.description})
	}
	return t.cut(beginning(t.prefix, all)), nil
}

// suggestType completes types by their ids and names in the reader's language.
func (v *service) suggestType(_ context.Context, r *request) (any, error) {
	t, err := v.typing(r)
	if err != nil {
		return nil, err
	}
	var all []suggestion
	for _, k := range allTypes(r.language) {
		all = append(all, suggestion{ID: k.ID, Name: k.Name})
	}
	return t.cut(beginning(t.prefix, all)), nil
}

// beginning keeps what has a word that begins with the prefix, in the order
// given, those whose name or id begins with it first. Everything begins with
// nothing.
func beginning(prefix string, all []suggestion) []suggestion {
	prefix = text.NameKey(prefix)
	var first, later []suggestion
	for _, s := range all {
		words := " " + text.NameKey(s.Name) + " " + text.NameKey(spaced(s.ID))
		switch {
		case strings.HasPrefix(text.NameKey(s.Name), prefix), strings.HasPrefix(text.NameKey(s.ID), prefix):
			first = append(first, s)
		case strings.Contains(words, " "+prefix):
			later = append(later, s)
		}
	}
	return slices.Concat(first, later)
}

// flyout is a small piece of HTML about a suggestion.
type flyout struct {
	ID   string `json:"id"`
	HTML string `json:"html"`
}

func flyoutOf(id, name, description string) flyout {
	return flyout{id, "<p style=\"font-weight: bold\">" + html.EscapeString(name) + "</p><p>" + html.EscapeString(description) + "</p>"}
}

func unknown(what, id string) *problem {
	return &problem{status: http.StatusNotFound, code: "NOT_FOUND", message: "no " + what + " " + quoted(id)}
}

func (v *service) flyoutEntity(ctx context.Context, r *request) (any, error) {
	id := r.form.Get("id")
	things, err := v.resolve(ctx, []string{id})
	if err != nil {
		return nil, err
	}
	t, ok := things[id]
	if !ok {
		return nil, unknown("thing has the id", id)
	}
	return flyoutOf(id, t.Name(r.language), kindLabel(t.Kind, r.language)+". "+cut(summary(t, r.language), 300)), nil
}

func (v *service) flyoutProperty(_ context.Context, r *request) (any, error) {
	id := r.form.Get("id")
	p, ok := propertyOf(id)
	if !ok {
		return nil, unknown("property has the id", id)
	}
	return flyoutOf(id, p.name, p.description), nil
}

func (v *service) flyoutType(_ context.Context, r *request) (any, error) {
	id := r.form.Get("id")
	k, ok := kindOf(id)
	if !ok {
		return nil, unknown("type has the id", id)
	}
	return flyoutOf(id, kindLabel(k, r.language), string(k)), nil
}
