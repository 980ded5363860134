package reconcile

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"coopgraph/ontology"
	"coopgraph/ontology/search"
	"coopgraph/store"
)

// candidate is a thing that may be what a query means.
type candidate struct {
	ID          string       `json:"id"`
	Name        string       `json:"name"`
	Description string       `json:"description,omitempty"`
	Type        []entityType `json:"type"`
	// Score is from 0 to 100, in steps of 0.01.
	Score    float64   `json:"score"`
	Features []feature `json:"features"`
	Match    bool      `json:"match"`
}

// feature is a part of what a score rests on.
type feature struct {
	ID string `json:"id"`
	// Value is a bool or a float64.
	Value any `json:"value"`
}

// The numbers of candidates that are looked at, whatever the limit: evidence
// may put a later one first, and a match must be told from all others.
const (
	pool         = 20
	evidencePool = 50
)

// leastName is the least similarity of names that makes a candidate.
const leastName = 0.2

// pick is a candidate while it is weighed.
type pick struct {
	subject
	// hit is how the text found it, nil where only an identifier did.
	hit *search.Hit
	// named says that the query is its id, or its identifier.
	named bool
}

// candidates answers a query, best first.
func (v *service) candidates(ctx context.Context, q query, language string) ([]candidate, error) {
	if q.none {
		return []candidate{}, nil
	}
	picks, err := v.picks(ctx, q, language)
	if err != nil {
		return nil, err
	}
	judged := make([]judgement, 0, len(picks))
	for _, p := range picks {
		if j := q.judge(p); j.identified || j.named || j.name >= leastName || q.nameless() {
			judged = append(judged, j)
		}
	}
	prefer(judged)
	slices.SortStableFunc(judged, func(a, b judgement) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.pick.ID, b.pick.ID))
	})
	matched := isClear(judged)
	out := []candidate{}
	for i, j := range judged[:min(len(judged), q.limit)] {
		out = append(out, candidate{
			ID: string(j.pick.ID), Name: j.pick.Name(language), Description: describe(j.pick, language),
			Type: []entityType{typeOf(j.pick.Kind, language)}, Score: j.score, Features: j.features, Match: matched && i == 0,
		})
	}
	return out, nil
}

// nameless says that the query has no text to compare names with.
func (q query) nameless() bool { return strings.TrimSpace(q.searched()) == "" }

// searched is the text to search: the query, or a name among the evidence.
func (q query) searched() string {
	if strings.TrimSpace(q.text) != "" {
		return q.text
	}
	for _, e := range q.evidence {
		if e.property.form == formName {
			return e.given[0].text
		}
	}
	return ""
}

// picks finds candidates by the text and by identifiers, and reads what the
// evidence is compared with.
func (v *service) picks(ctx context.Context, q query, language string) ([]pick, error) {
	hits, err := v.hits(ctx, q, language)
	if err != nil {
		return nil, err
	}
	ids, err := v.identified(ctx, q)
	if err != nil {
		return nil, err
	}
	named := strings.TrimSpace(q.text)
	if ontology.IsID(named) {
		ids = append(ids, named)
	}
	byID := map[store.ID]*search.Hit{}
	for i, h := range hits {
		byID[h.Node.ID] = &hits[i]
		ids = append(ids, string(h.Node.ID))
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	things, err := v.resolve(ctx, ids)
	if err != nil {
		return nil, err
	}
	var list []ontology.Thing
	var own store.ID
	for _, id := range ids {
		t, found := things[id]
		if !found || !q.hint && len(q.kinds) > 0 && !slices.Contains(q.kinds, t.Kind) {
			continue
		}
		if id == named {
			own = t.ID
		}
		if !slices.ContainsFunc(list, func(x ontology.Thing) bool { return x.ID == t.ID }) {
			list = append(list, t)
		}
	}
	subjects, err := v.subjects(ctx, list, q.properties(), false)
	if err != nil {
		return nil, err
	}
	out := make([]pick, len(subjects))
	for i, s := range subjects {
		out[i] = pick{subject: s, hit: byID[s.ID], named: s.ID == own}
	}
	return out, nil
}

func (q query) properties() []property {
	var out []property
	for _, e := range q.evidence {
		if !slices.ContainsFunc(out, func(p property) bool { return p.id == e.property.id }) {
			out = append(out, e.property)
		}
	}
	return out
}

// hits searches the names, among the kinds asked for first and, where these
// are a hint, among all kinds.
func (v *service) hits(ctx context.Context, q query, language string) ([]search.Hit, error) {
	question := search.Question{Text: q.searched(), Kinds: q.kinds, Language: language, Limit: max(pool, q.limit)}
	if len(q.evidence) > 0 {
		question.Limit = max(evidencePool, q.limit)
	}
	answer, err := search.Search(ctx, v.Store, question)
	if err != nil {
		return nil, fmt.Errorf("search names: %w", err)
	}
	hits := answer.Hits
	if q.hint && len(q.kinds) > 0 {
		question.Kinds = nil
		all, err := search.Search(ctx, v.Store, question)
		if err != nil {
			return nil, fmt.Errorf("search names: %w", err)
		}
		for _, h := range all.Hits {
			if !slices.Contains(q.kinds, h.Node.Kind) {
				hits = append(hits, h)
			}
		}
	}
	return slices.DeleteFunc(hits, func(h search.Hit) bool { return h.How == search.Description }), nil
}

// identified finds what bears an identifier that the query gives.
func (v *service) identified(ctx context.Context, q query) ([]string, error) {
	keys := identifierKeys("", q.text, true)
	for _, e := range q.evidence {
		for _, g := range e.given {
			if e.property.form == formIdentifier {
				keys = append(keys, identifierKeys(e.property.scheme, g.text, false)...)
			}
		}
	}
	if len(keys) == 0 {
		return nil, nil
	}
	slices.Sort(keys)
	keys = slices.Compact(keys)
	values := make([]any, len(keys))
	for i, k := range keys {
		values[i] = k
	}
	page, err := v.Store.Find(ctx, q.wanted(), store.Filter{Conds: []store.Cond{{Prop: "identifiers", Values: values}}}, store.Paging{Limit: evidencePool})
	if err != nil {
		return nil, fmt.Errorf("find %d identifiers: %w", len(keys), err)
	}
	var ids []string
	for _, n := range page.Items {
		ids = append(ids, string(n.ID))
	}
	return ids, nil
}

// wanted are the kinds that a query binds itself to.
func (q query) wanted() []store.Kind {
	if q.hint {
		return nil
	}
	return q.kinds
}

// identifierKeys gives the keys under which an identifier may be kept. A text
// without a scheme is one in the form SCHEME:VALUE or as a page's address; a
// bare value may be of any scheme, unless it may as well be plain text.
func identifierKeys(scheme, s string, maybeText bool) []string {
	s = strings.TrimSpace(s)
	if s == "" || len(s) > 200 {
		return nil
	}
	var keys []string
	add := func(scheme, s string) {
		for _, form := range []string{s, strings.ToUpper(s), strings.ToLower(s), strings.ReplaceAll(s, " ", "")} {
			keys = append(keys, ontology.Identifier{Scheme: scheme, Value: form}.Key())
		}
	}
	last, address := lastSegment(s)
	switch prefix, rest, colon := strings.Cut(s, ":"); {
	case scheme != "":
		add(scheme, s)
		add(scheme, last)
	case address:
		for _, known := range schemes {
			if page := ontology.IdentifierURL(ontology.Identifier{Scheme: known, Value: last}); page != "" && last != "" && host(page) == host(s) {
				add(known, last)
			}
		}
	case colon && !strings.Contains(prefix, " "):
		add(strings.ToUpper(prefix), strings.TrimSpace(rest))
	case !maybeText:
		for _, known := range schemes {
			add(known, s)
		}
	}
	return keys
}

// lastSegment gives what follows the last slash of an address.
func lastSegment(s string) (last string, address bool) {
	rest, found := strings.CutPrefix(s, "https://")
	if !found {
		if rest, found = strings.CutPrefix(s, "http://"); !found {
			return s, false
		}
	}
	rest = strings.TrimRight(rest, "/")
	return rest[strings.LastIndexByte(rest, '/')+1:], true
}

// sameAddress compares addresses without their scheme, "www." and last slash.
func sameAddress(a, b string) bool { return a != "" && bareAddress(a) == bareAddress(b) }

func bareAddress(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	for _, prefix := range []string{"https://", "http://", "www."} {
		s = strings.TrimPrefix(s, prefix)
	}
	return strings.TrimRight(s, "/")
}

// describe tells a candidate from its namesakes: the name that was found,
// where it is not the one shown, and what it is.
func describe(p pick, language string) string {
	const most = 200
	var parts []string
	if p.hit != nil && p.hit.Label.Value != p.Name(language) {
		found := p.hit.Label.Value
		if l := p.hit.Label.Language; l != "" {
			found += " (" + l + ")"
		}
		parts = append(parts, "= "+found)
	}
	parts = append(parts, summary(p.Thing, language))
	return cut(strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), "; "), most)
}

// summary says in a line what a thing is.
func summary(t ontology.Thing, language string) string {
	if d := t.Description(language); d != "" {
		return d
	}
	for _, name := range []string{"classification", "placeType", "type", "scheme"} {
		if s, _ := t.Props[name].(string); s != "" {
			return strings.ToLower(strings.ReplaceAll(s, "_", " "))
		}
	}
	return ""
}

func cut(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}
