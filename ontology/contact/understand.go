package contact

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"coopgraph/ontology"
	"coopgraph/ontology/search"
	"coopgraph/ontology/text"
	"coopgraph/store"
)

// The bounds of understanding.
const (
	maxCharacters = 500
	maxWords      = 40
	// maxSpan is the number of words that a name of a thing has at most.
	maxSpan = 6
	// maxReadings bounds the things that one name is followed to.
	maxReadings = 6
	// maxSearches bounds the searches for words that no name explains.
	maxSearches = 16
)

// The scores at which a search explains left-over words.
const (
	runScore       = 0.70
	oneWordScore   = 0.72
	neighbourScore = 0.90
	// mendedScore is that of a whole label, which words left over and a name
	// beside them are together but for a typing error.
	mendedScore = 0.80
	// sameFit is the difference below which two hits fit equally.
	sameFit     = 0.03
	sameFitWord = 0.10 // of a single word
	// oneWordShare is the least share of a label that a single word must be.
	oneWordShare = 1.0 / 3
	// correctedLetters is the least length of a word that may be corrected.
	correctedLetters = 6
	// minMended is that of one in a name of which all other words are right.
	minMended = 4
	// minRight is the number of right words of a name that leave no doubt about
	// one that is mended.
	minRight = 3
	// longLetters is that of a word that may be corrected to a part of a name.
	longLetters = 10
	// maxAdded is how many letters longer the right word may be.
	maxAdded = 2
	// minStem is the least beginning that two inflections of a word share.
	minStem = 4
)

// understanding reads a question.
type understanding struct {
	reader   store.Reader
	question Question

	asOf       ontology.Day
	value      string
	words      []token
	facets     []*facet
	others     []part // roles and dates
	suggestion string
	// nodes are the things that the question names.
	nodes map[store.ID]store.Node
	// implied are the facets that others include.
	implied map[*facet]bool
	// searches is the number of searches left, searched what they found.
	searches int
	searched map[run][]fitted
}

// token is a word of the question.
type token struct {
	text.Word
	// plain words may begin or end a name.
	plain, asking bool
	// letter says that the word is one letter or short for a preposition: alone
	// it is no name.
	letter bool
	// cut says that the word may be an abbreviation, as where a full stop follows
	// or it has no vowel.
	cut       bool
	role      *role
	explained bool
}

// part is an understood piece of the text that is no thing.
type part struct {
	start, end int
	how        How
	// role is that of a part that names one, date that of one that is a date.
	role *role
	date string
}

// read understands the question: arguments first, then the names in the text,
// roles, languages and dates, and what is left over by searching.
func (u *understanding) read(ctx context.Context) error {
	u.searches, u.searched = maxSearches, map[run][]fitted{}
	u.nodes = map[store.ID]store.Node{}
	if err := u.arguments(ctx); err != nil {
		return err
	}
	u.split()
	if err := u.names(ctx); err != nil {
		return err
	}
	u.readRoles()
	u.readLanguages()
	u.readDates()
	if err := u.leftovers(ctx); err != nil {
		return err
	}
	u.settleDay()
	if err := u.bridge(ctx); err != nil {
		return err
	}
	if err := u.load(ctx); err != nil {
		return err
	}
	return u.nest(ctx)
}

// arguments makes a facet of each thing given by id.
func (u *understanding) arguments(ctx context.Context) error {
	q := u.question
	type argument struct {
		ids  []store.ID
		kind store.Kind
	}
	list := []argument{
		{q.Themes, ontology.Theme},
		{q.Organisations, ontology.Organisation},
		{q.Places, ontology.Place},
		{q.Projects, ontology.Project},
	}
	var ids []store.ID
	for _, a := range list {
		ids = append(ids, a.ids...)
	}
	if len(ids) > 0 {
		nodes, err := u.reader.Nodes(ctx, ids)
		if err != nil {
			return fmt.Errorf("the things given: %w", err)
		}
		for _, a := range list {
			for _, id := range a.ids {
				if err := u.argument(nodes, id, a.kind); err != nil {
					return err
				}
			}
		}
	}
	if len(q.Speaks) > 0 {
		u.facets = append(u.facets, &facet{text: strings.Join(q.Speaks, ", "), how: Language, speaks: q.Speaks, start: -1})
	}
	return nil
}

func (u *understanding) argument(nodes map[store.ID]store.Node, id store.ID, kind store.Kind) error {
	n, ok := nodes[id]
	if !ok {
		return fmt.Errorf("%w: %s", store.ErrNotFound, id)
	}
	if n.Kind != kind {
		return fmt.Errorf("%w: %s is no %s", store.ErrInvalid, id, strings.ToLower(string(kind)))
	}
	t, err := ontology.ThingOf(n)
	if err != nil {
		return err
	}
	u.nodes[id] = n
	u.facets = append(u.facets, &facet{text: t.Name(u.question.Language), how: Exact, readings: []*reading{newReading(id)}, start: -1})
	return nil
}

// split takes the text apart.
func (u *understanding) split() {
	about := u.question.About
	for i := range about {
		if i > maxCharacters {
			about = about[:i]
			break
		}
	}
	a := text.Analyse(about, "")
	u.value = a.Value
	for _, w := range a.Words[:min(len(a.Words), maxWords)] {
		t := token{
			Word: w, plain: !w.Stop && !linking.has(w), asking: asking.has(w) || cues.has(w) || small.has(w),
			letter: isLetter(w.Folded) || shortened.has(w), cut: strings.HasPrefix(u.value[w.End:], ".") || abbreviated.has(w) || !strings.ContainsAny(w.Folded, vowels),
		}
		if r, ok := roleOf(w); ok {
			t.role = &r
		}
		if last := len(u.words) - 1; last >= 0 && bodies.has(w) && whichOnes.has(u.words[last].Word) {
			t.asking = true
		}
		u.words = append(u.words, t)
	}
	readParted(u.words)
}

// written gives the words from start up to end as they were typed.
func (u *understanding) written(start, end int) string {
	return u.value[u.words[start].Start:u.words[end-1].End]
}

// isLetter says whether a folded word is one letter.
func isLetter(word string) bool {
	return utf8.RuneCountInString(word) == 1 && strings.Trim(word, digits) != ""
}

const (
	digits = "0123456789"
	vowels = "aeiouy" + digits
)

// understand makes a facet of a run of words: a reading for each different
// thing. Themes of one name are one.
func (u *understanding) understand(start, end int, how How, matches []search.SpanMatch) *facet {
	f := &facet{text: u.written(start, end), how: how, start: start, end: end}
	var themes *reading
	for _, m := range matches {
		u.nodes[m.Node.ID] = m.Node
		switch {
		case m.Node.Kind == ontology.Theme && themes != nil:
			themes.add(m.Node.ID)
		case len(f.readings) == maxReadings:
		default:
			r := newReading(m.Node.ID)
			if m.Node.Kind == ontology.Theme {
				themes = r
			}
			f.readings = append(f.readings, r)
		}
	}
	u.explain(start, end)
	u.facets = append(u.facets, f)
	return f
}

func (u *understanding) explain(start, end int) {
	for i := start; i < end; i++ {
		u.words[i].explained = true
	}
}

func (u *understanding) readRoles() {
	for i, t := range u.words {
		if t.role == nil || t.explained {
			continue
		}
		u.explain(i, i+1)
		u.others = append(u.others, part{start: i, end: i + 1, how: Role, role: t.role})
	}
}

// roles lists the roles asked for.
func (u *understanding) roles() []askedRole {
	var roles []askedRole
	for _, o := range u.others {
		if o.role != nil {
			roles = append(roles, askedRole{role: *o.role, text: u.written(o.start, o.end)})
		}
	}
	return roles
}

// load reads the properties of the things named.
func (u *understanding) load(ctx context.Context) error {
	var ids []store.ID
	for _, f := range u.facets {
		for _, r := range f.readings {
			ids = append(ids, r.roots...)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	slices.Sort(ids)
	nodes, err := u.reader.Nodes(ctx, slices.Compact(ids))
	if err != nil {
		return fmt.Errorf("the things named: %w", err)
	}
	u.nodes = nodes
	return nil
}

// counting are the facets that a contact must bear out. What another includes,
// and our own house named beside something else, restrict nothing.
func (u *understanding) counting() []*facet {
	var counting []*facet
	seen := map[store.ID]bool{}
	for _, f := range u.facets {
		if u.implied[f] {
			continue
		}
		if len(f.readings) == 1 {
			if seen[f.node()] {
				continue // the same thing in the text and as an argument
			}
			seen[f.node()] = true
		}
		counting = append(counting, f)
	}
	others := slices.DeleteFunc(slices.Clone(counting), u.isOwn)
	if len(others) > 0 {
		return others
	}
	return counting
}

// isOwn says whether the facet may mean our own house.
func (u *understanding) isOwn(f *facet) bool {
	return slices.ContainsFunc(f.readings, func(r *reading) bool {
		return slices.ContainsFunc(r.roots, func(id store.ID) bool { return thingOf(u.nodes[id], u.asOf).own })
	})
}

// named are all things of the question.
func (u *understanding) named() map[store.ID]bool {
	named := map[store.ID]bool{}
	for _, f := range u.facets {
		for _, r := range f.readings {
			for _, id := range r.roots {
				named[id] = true
			}
		}
	}
	return named
}

// report lists what was understood in the order of the question's words,
// arguments first.
func (u *understanding) report() []Understood {
	type placed struct {
		Understood
		start int
	}
	var list []placed
	for _, f := range u.facets {
		p := placed{Understood{Text: f.text, How: f.how, Node: f.node()}, f.start}
		for _, r := range f.readings[min(1, len(f.readings)):] {
			p.Alternatives = append(p.Alternatives, r.roots[0])
		}
		list = append(list, p)
	}
	for _, o := range u.others {
		list = append(list, placed{Understood{Text: u.written(o.start, o.end), How: o.how}, o.start})
	}
	slices.SortStableFunc(list, func(a, b placed) int { return cmp.Compare(a.start, b.start) })
	out := make([]Understood, len(list))
	for i, p := range list {
		out[i] = p.Understood
	}
	return out
}
