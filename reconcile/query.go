package reconcile

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sync/errgroup"

	"coopgraph/ontology"
	"coopgraph/store"
)

// atOnce is the number of a batch's queries that are answered side by side.
const atOnce = 4

// defaultCandidates is the number of candidates where a query does not say.
const defaultCandidates = 10

// The ways in which types bind (type_strict). Every thing has one type.
const (
	typeAny    = "any"
	typeShould = "should"
	typeAll    = "all"
)

// query is a query of a batch, checked.
type query struct {
	text  string
	kinds []store.Kind
	// hint says that things of other kinds may be found too, but not matched.
	hint bool
	// none says that nothing can fit: of two types a thing has only one.
	none     bool
	limit    int
	evidence []evidence
}

// evidence is what a query says of a property.
type evidence struct {
	property property
	given    []given
}

// given is a value that a client gives: a text, or a thing that it matched before.
type given struct {
	text string
	id   string
}

// rawQuery is a query as it is written.
type rawQuery struct {
	Query      *string         `json:"query"`
	Type       json.RawMessage `json:"type"`
	Limit      *json.Number    `json:"limit"`
	TypeStrict string          `json:"type_strict"`
	Properties []struct {
		PID string          `json:"pid"`
		V   json.RawMessage `json:"v"`
	} `json:"properties"`
}

// outcome is the answer to a query.
type outcome struct {
	Result []candidate `json:"result"`
}

// batch answers a batch of queries.
func (v *service) batch(ctx context.Context, r *request) (any, error) {
	var raw map[string]*rawQuery
	if err := decodeStrict("queries", r.form.Get("queries"), &raw); err != nil {
		return nil, err
	}
	switch {
	case raw == nil:
		return nil, bad("queries: an object of queries is expected")
	case len(raw) > v.Limits.Queries:
		return nil, &problem{
			status: http.StatusRequestEntityTooLarge, code: "BATCH_TOO_LARGE",
			message: fmt.Sprintf("queries: %d queries in a batch; at most %d", len(raw), v.Limits.Queries),
		}
	}
	keys := slices.Sorted(maps.Keys(raw))
	queries := make([]query, len(keys))
	for i, key := range keys {
		var err error
		if queries[i], err = v.checkQuery(quoted(key), raw[key]); err != nil {
			return nil, err
		}
	}
	results := make([][]candidate, len(keys))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(atOnce)
	for i := range queries {
		group.Go(func() (err error) {
			results[i], err = v.candidates(ctx, queries[i], r.language)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, fmt.Errorf("answer %d queries: %w", len(keys), err)
	}
	out := map[string]outcome{}
	for i, key := range keys {
		out[key] = outcome{results[i]}
	}
	return out, nil
}

func (v *service) checkQuery(name string, raw *rawQuery) (query, error) {
	q := query{limit: defaultCandidates}
	if raw == nil || raw.Query == nil && len(raw.Properties) == 0 {
		return q, bad("queries: %s has neither a query nor properties", name)
	}
	if raw.Query != nil {
		q.text = v.clip(*raw.Query)
	}
	if raw.Limit != nil {
		n, err := strconv.Atoi(raw.Limit.String())
		if err != nil || n < 1 {
			return q, bad("queries: %s: limit is a whole number from 1 on", name)
		}
		q.limit = min(n, v.Limits.Candidates)
	}
	if err := v.checkTypes(name, raw, &q); err != nil {
		return q, err
	}
	return q, v.checkEvidence(name, raw, &q)
}

func (v *service) checkTypes(name string, raw *rawQuery, q *query) error {
	strict := orDefault(raw.TypeStrict, typeAny)
	if strict != typeAny && strict != typeShould && strict != typeAll {
		return bad("queries: %s: type_strict is any, should or all", name)
	}
	types, err := v.oneOrMore("queries: "+name+": type", raw.Type)
	if err != nil {
		return err
	}
	for _, t := range types {
		wanted := orDefault(t.id, t.text)
		k, ok := kindOf(wanted)
		switch {
		case !ok && strict == typeShould:
			continue
		case !ok:
			return bad("queries: %s: %s is no type; the types are %s", name, quoted(wanted), kindList())
		case !slices.Contains(q.kinds, k):
			q.kinds = append(q.kinds, k)
		}
	}
	q.hint = strict == typeShould
	q.none = strict == typeAll && len(q.kinds) > 1
	return nil
}

func kindOf(id string) (store.Kind, bool) {
	for _, k := range ontology.Kinds() {
		if strings.EqualFold(string(k), id) {
			return k, true
		}
	}
	return "", false
}

func kindList() string {
	var names []string
	for _, k := range ontology.Kinds() {
		names = append(names, string(k))
	}
	return strings.Join(names, ", ")
}

// checkEvidence reads the properties. Those that the service does not know say
// nothing, as columns of the client's own may.
func (v *service) checkEvidence(name string, raw *rawQuery, q *query) error {
	if n := len(raw.Properties); n > v.Limits.Values {
		return bad("queries: %s: %d properties; at most %d", name, n, v.Limits.Values)
	}
	for _, p := range raw.Properties {
		what := "queries: " + name + ": property " + quoted(p.PID)
		if p.PID == "" || len(p.V) == 0 {
			return bad("queries: %s: a property needs pid and v", name)
		}
		values, err := v.oneOrMore(what, p.V)
		if err != nil {
			return err
		}
		if known, ok := propertyOf(p.PID); ok && len(values) > 0 {
			q.evidence = append(q.evidence, evidence{known, values})
		}
	}
	return nil
}

// oneOrMore reads a value or a list of values: texts, numbers, truth values,
// or things {id, name}. Empty texts and null are no values.
func (v *service) oneOrMore(what string, raw json.RawMessage) ([]given, error) {
	if len(raw) == 0 {
		return nil, nil
	}
	var list []json.RawMessage
	if err := json.Unmarshal(raw, &list); err != nil {
		list = []json.RawMessage{raw}
	}
	if len(list) > v.Limits.Values {
		return nil, bad("%s: %d values; at most %d", what, len(list), v.Limits.Values)
	}
	var out []given
	for _, item := range list {
		g, err := readGiven(what, item)
		if err != nil {
			return nil, err
		}
		if err := v.checkText(what, g.id); err != nil {
			return nil, err
		}
		g.text = v.clip(g.text)
		if g != (given{}) {
			out = append(out, g)
		}
	}
	return out, nil
}

func readGiven(what string, raw json.RawMessage) (given, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var item any
	if err := d.Decode(&item); err != nil {
		return given{}, bad("%s: not JSON", what)
	}
	switch x := item.(type) {
	case nil:
		return given{}, nil
	case string:
		return given{text: strings.TrimSpace(x)}, nil
	case json.Number:
		return given{text: x.String()}, nil
	case bool:
		return given{text: strconv.FormatBool(x)}, nil
	case map[string]any:
		id, _ := x["id"].(string)
		name, _ := x["name"].(string)
		if id != "" {
			return given{id: id, text: name}, nil
		}
	}
	return given{}, bad("%s: a value is a text, a number, true, false or {\"id\": …}", what)
}
