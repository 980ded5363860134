package ontology

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"coopgraph/ontology/text"
	"coopgraph/store"
)

// Weighed is a claim with the record that makes it.
type Weighed[T any] struct {
	Claim    T
	Standing int64
	At       time.Time
	Record   store.ID
}

// rank sorts claims so that the one to be believed comes first: the source's
// standing, then the newest, then the record's id.
func rank[T any](claims []Weighed[T]) []Weighed[T] {
	claims = slices.Clone(claims)
	slices.SortStableFunc(claims, func(a, b Weighed[T]) int {
		return cmp.Or(cmp.Compare(b.Standing, a.Standing), b.At.Compare(a.At), cmp.Compare(a.Record, b.Record))
	})
	return claims
}

var nameRank = map[string]int{OfficialName: 0, ShortName: 1, TranslatedName: 2, AlternativeName: 3, Acronym: 4, FormerName: 5}

// Folded is a thing as its claims describe it.
type Folded struct {
	Thing Thing
	// Node is the thing as it is stored, without its times of writing.
	Node   store.Node
	labels text.Labels
}

// Tokens gives the tokens under which search finds the thing.
func (f Folded) Tokens() map[string]string { return f.labels.Tokens(string(f.Node.ID)) }

// FoldThing is Fold for whoever needs the node and its tokens.
func FoldThing(claims []Weighed[ThingClaim]) (store.Node, map[string]string, error) {
	f, err := Fold(claims)
	if err != nil {
		return store.Node{}, nil, err
	}
	return f.Node, f.Tokens(), nil
}

// Fold makes the thing that the claims, all about one id, describe. Lists are
// united; of a plain property the claim to be believed counts.
func Fold(claims []Weighed[ThingClaim]) (Folded, error) {
	claims = rank(claims)
	first := claims[0].Claim
	t := Thing{ID: first.ID, Kind: first.Kind, Props: store.Props{}}
	var sources []string
	closed := map[string]bool{}
	for _, w := range claims {
		c := w.Claim.without(closed)
		for _, field := range c.Replaces {
			closed[field] = true
		}
		if c.Kind != t.Kind {
			return Folded{}, fmt.Errorf("%w: %s is %s and %s", store.ErrInvalid, t.ID, t.Kind, c.Kind)
		}
		t.Names = unite(t.Names, c.Names, nameKey, func(n *Name) *[]Citation { return &n.Cites })
		t.Descriptions = unite(t.Descriptions, c.Descriptions, func(d Description) string { return d.Language }, func(d *Description) *[]Citation { return &d.Cites })
		t.Figures = unite(t.Figures, c.Figures, figureKey, func(f *Figure) *[]Citation { return &f.Cites })
		t.Identifiers = append(t.Identifiers, c.Identifiers...)
		t.Cites = append(t.Cites, c.Cites...)
		for name, v := range c.Props {
			mergeProp(t.Props, name, v)
		}
		sources = append(sources, claimSources(c)...)
	}
	slices.SortStableFunc(t.Names, func(a, b Name) int { return cmp.Compare(nameRank[a.Type], nameRank[b.Type]) })
	t.Cites = distinctCitations(t.Cites)
	t.Sources = sortedSet(sources)
	slices.SortFunc(t.Identifiers, func(a, b Identifier) int { return cmp.Compare(a.Key(), b.Key()) })
	t.Identifiers = slices.Compact(t.Identifiers)
	read := readings{}
	labels := text.ReadLabels(t.labels(), t.descriptionLabels(), read.of)
	node, err := t.node(labels, read)
	return Folded{t, node, labels}, err
}

// without gives the claim without the fields that are closed to it.
func (c ThingClaim) without(closed map[string]bool) ThingClaim {
	if len(closed) == 0 {
		return c
	}
	if closed["names"] {
		c.Names = nil
	}
	if closed["identifiers"] {
		c.Identifiers = nil
	}
	if closed["descriptions"] {
		c.Descriptions = nil
	}
	if closed["figures"] {
		c.Figures = nil
	}
	c.Props = maps.Clone(c.Props)
	maps.DeleteFunc(c.Props, func(name string, _ any) bool { return closed[name] })
	return c
}

// Withdrawn says whether the thing is not to be shown: one of the claims says
// so.
func Withdrawn(claims []Weighed[ThingClaim]) bool {
	return slices.ContainsFunc(claims, func(w Weighed[ThingClaim]) bool { return w.Claim.Deleted })
}

// mergeProp sets a property that is not set yet, and unites lists.
func mergeProp(props store.Props, name string, v any) {
	list, isList := v.([]string)
	if !isList {
		if _, set := props[name]; !set {
			props[name] = v
		}
		return
	}
	have, _ := props[name].([]string)
	setList(props, name, sortedSet(append(slices.Clone(have), list...)))
}

func nameKey(n Name) [3]string { return [...]string{n.Value, n.Language, n.Type} }

func figureKey(f Figure) [2]string { return [...]string{f.Property, string(f.AttestedOn)} }

// unite appends the items whose key is not there yet; the citations of an item
// that says the same are added to it.
func unite[T any, K comparable](have, more []T, key func(T) K, cites func(*T) *[]Citation) []T {
	if len(more) == 0 {
		return have
	}
	at := make(map[K]int, len(have)+len(more))
	for i, x := range have {
		at[key(x)] = i
	}
	for _, x := range more {
		i, ok := at[key(x)]
		if !ok {
			at[key(x)] = len(have)
			c := cites(&x)
			*c = distinctCitations(*c)
			have = append(have, x)
			continue
		}
		c := cites(&have[i])
		*c = distinctCitations(append(slices.Clone(*c), *cites(&x)...))
	}
	return have
}

// distinctCitations gives each citation once, in a slice of its own.
func distinctCitations(cites []Citation) []Citation {
	if len(cites) <= 1 {
		return append([]Citation(nil), cites...)
	}
	seen := make(map[Citation]bool, len(cites))
	var out []Citation
	for _, c := range cites {
		if !seen[c] {
			seen[c] = true
			out = append(out, c)
		}
	}
	return out
}

func claimSources(c ThingClaim) []string {
	var ids []string
	add := func(cites []Citation) {
		for _, x := range cites {
			ids = append(ids, string(x.Source))
		}
	}
	add(c.Cites)
	for _, n := range c.Names {
		add(n.Cites)
	}
	for _, d := range c.Descriptions {
		add(d.Cites)
	}
	for _, f := range c.Figures {
		add(f.Cites)
	}
	return ids
}

// FoldFacts makes the facts that the claims, all of one group, describe. A
// claim without dates supports every dated fact of the group, one attested on
// a day those that hold on it; only where there is none do they make a fact of
// their own. dates gives the date of each source that has one.
func FoldFacts(claims []Weighed[FactClaim], dates map[store.ID]PartialDate) ([]store.Edge, error) {
	claims = rank(claims)
	facts := map[store.ID][]FactClaim{}
	var undated []FactClaim
	deleted := map[store.ID]bool{}
	for _, w := range claims {
		if w.Claim.Deleted {
			deleted[w.Claim.FactID()] = true
		}
	}
	for _, w := range claims {
		if c := w.Claim; deleted[c.FactID()] {
			continue
		} else if c.From == "" && c.To == "" {
			undated = append(undated, c)
		} else {
			facts[c.FactID()] = append(facts[c.FactID()], c)
		}
	}
	dated := slices.Sorted(maps.Keys(facts))
	for _, u := range undated {
		supported := false
		for _, id := range dated {
			if facts[id][0].holdsOn(u.AttestedOn) {
				facts[id] = append(facts[id], u)
				supported = true
			}
		}
		if !supported {
			facts[u.FactID()] = append(facts[u.FactID()], u)
		}
	}
	var edges []store.Edge
	for _, id := range slices.Sorted(maps.Keys(facts)) {
		e, err := foldFact(facts[id], dates)
		if err != nil {
			return nil, err
		}
		edges = append(edges, e)
	}
	return withFormerID(edges), nil
}

// holdsOn says whether the claim's dates include the date; every claim's
// include no date.
func (c FactClaim) holdsOn(d PartialDate) bool {
	return d == "" || (c.From == "" || c.From.First() <= d.Last()) && (c.To == "" || d.First() <= c.To.Last())
}

// withFormerID lets the id of the undated fact, where only dated ones are
// left, resolve to the newest of them.
func withFormerID(edges []store.Edge) []store.Edge {
	newest, undated := -1, store.ID("")
	for i, e := range edges {
		undated = store.ID(text0(e.Props, "undated"))
		delete(e.Props, "undated")
		if e.ID == undated {
			return dropMark(edges)
		}
		if newest < 0 || text0(e.Props, "order") < text0(edges[newest].Props, "order") {
			newest = i
		}
	}
	if newest >= 0 {
		edges[newest].Props["formerIds"] = []string{string(undated)}
	}
	return edges
}

func dropMark(edges []store.Edge) []store.Edge {
	for _, e := range edges {
		delete(e.Props, "undated")
	}
	return edges
}

func foldFact(claims []FactClaim, dates map[store.ID]PartialDate) (store.Edge, error) {
	c := claims[0]
	s, o := c.ends()
	span, cites := Span{From: c.From, To: c.To, Planned: true}, []Citation(nil)
	for _, x := range claims {
		if x.AttestedOn.Newer(span.AttestedOn) {
			span.AttestedOn = x.AttestedOn
		}
		span.Planned = span.Planned && x.Planned
		cites = append(cites, x.Cites...)
	}
	cites = distinctCitations(cites)
	body, err := json.Marshal(cites)
	if err != nil {
		return store.Edge{}, fmt.Errorf("encode citations: %w", err)
	}
	witnessed := span.AttestedOn
	var sources []string
	for _, x := range cites {
		sources = append(sources, string(x.Source))
		if d := dates[x.Source]; d.Newer(witnessed) {
			witnessed = d
		}
	}
	if witnessed == "" {
		witnessed = span.From
	}
	undated := c
	undated.From, undated.To = "", ""
	p := store.Props{
		"order": orderKey(c.From), "fresh": freshKey(witnessed), "group": c.Group(),
		"undated": string(undated.FactID()),
	}
	setText(p, "role", c.Role)
	if c.Basis != nil {
		setText(p, "basis", string(c.Basis.ID))
	}
	setText(p, "from", string(span.From))
	setText(p, "to", string(span.To))
	setText(p, "attestedOn", string(span.AttestedOn))
	setText(p, "firstDay", string(span.From.First()))
	setText(p, "lastDay", string(span.To.Last()))
	setText(p, "witnessed", string(witnessed))
	if span.Planned {
		p["planned"] = true
	}
	if len(cites) > 0 {
		p["cites"] = string(body)
	}
	setList(p, "sources", sortedSet(sources))
	return store.Edge{ID: c.FactID(), Rel: c.Relation, From: s, To: o, Props: p}, nil
}

// orderKey sorts the newest first and no date last.
func orderKey(from PartialDate) string {
	if from == "" {
		return "~"
	}
	return invert(strings.ReplaceAll(string(from.First()), "-", ""))
}

// freshKey sorts by year, the newest first and no date last.
func freshKey(d PartialDate) string {
	if d == "" {
		return "~"
	}
	return invert(string(d[:4]))
}

// invert maps each digit to its complement, so that greater sorts first.
func invert(digits string) string {
	return strings.Map(func(r rune) rune { return '0' + '9' - r }, digits)
}

// sortedSet gives the distinct values in order, nil for none.
func sortedSet(v []string) []string {
	v = slices.Clone(v)
	slices.Sort(v)
	return slices.Compact(v)
}
