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

// unshortened gives the words from start up to end without the letters and
// abbreviations between the first and the last: "Hafen v. Rotterdam" is a name
// that has no "v"; "" where there are none.
func (u *understanding) unshortened(start, end int) string {
	if end-start < 3 || u.all(start+1, end-1, func(t token) bool { return !t.letter }) {
		return ""
	}
	var kept []string
	for i := start; i < end; i++ {
		if i == start || i == end-1 || !u.words[i].letter {
			kept = append(kept, u.written(i, i+1))
		}
	}
	return strings.Join(kept, " ")
}

// span is a run of words that is the whole name of things.
type span struct {
	start, end int
	matches    []search.SpanMatch
	exact      bool
	// exactOnly says that no other match counts: the span is the whole question,
	// and begins or ends with a word that no other does: "TU/e".
	exactOnly bool
	// nation says that the word is the adjective of the country looked up.
	nation bool
	// size is the number of words explained.
	size int
}

// names looks all spans up in one search and takes the cover that explains
// most words.
func (u *understanding) names(ctx context.Context) error {
	var spans []span
	var texts []string
	for start := range u.words {
		for end := start + 1; end <= min(start+maxSpan, len(u.words)); end++ {
			if u.words[start].plain && u.words[end-1].plain && !u.all(start, end, func(t token) bool { return t.asking || !t.plain }) {
				if end == start+1 && u.words[start].letter && len(u.words) > 1 {
					continue
				}
				// Before the word itself, which may be the stem of a body's name.
				if country := u.countryBy(start); country != "" && end == start+1 {
					spans = append(spans, span{start: start, end: end, nation: true})
					texts = append(texts, country)
				}
				spans = append(spans, span{start: start, end: end})
				texts = append(texts, u.written(start, end))
				if short := u.unshortened(start, end); short != "" {
					spans = append(spans, span{start: start, end: end})
					texts = append(texts, short)
				}
			}
		}
	}
	if whole := (span{start: 0, end: len(u.words)}); whole.end > 0 && whole.end <= maxSpan && !slices.ContainsFunc(spans, func(s span) bool { return s.end-s.start == whole.end }) {
		whole.exactOnly = true
		spans = append(spans, whole)
		texts = append(texts, u.written(whole.start, whole.end))
	}
	if len(spans) == 0 {
		return nil
	}
	answers, err := search.Spans(ctx, u.reader, texts, nil, u.question.Language)
	if err != nil {
		return err
	}
	var named []span
	for i, s := range spans {
		if s.matches = u.fitting(s, answers[i].Matches); len(s.matches) > 0 {
			s.exact = s.matches[0].How == search.Exact && !s.nation
			s.size = s.end - s.start
			named = append(named, s)
		}
	}
	for _, s := range cover(named, len(u.words), func(i int) bool { return u.words[i].role != nil }) {
		how := Exact
		if !s.exact {
			how = Stem
		}
		u.understand(s.start, s.end, how, s.matches)
	}
	return nil
}

func (u *understanding) all(start, end int, is func(token) bool) bool {
	for _, t := range u.words[start:end] {
		if !is(t) {
			return false
		}
	}
	return true
}

// fitting gives the exact matches of a span, or else the stemmed ones. Words
// that ask for something or name a role must be part of an exact name, and a
// role alone or with an event is no thing: a term of office does not say who
// holds it.
func (u *understanding) fitting(s span, matches []search.SpanMatch) []search.SpanMatch {
	special := s.exactOnly || s.end-s.start == 1 && u.saysNothing(s.start) ||
		!u.all(s.start, s.end, func(t token) bool { return !t.asking && t.role == nil })
	roleToo := !u.all(s.start, s.end, func(t token) bool { return t.role == nil })
	onlyRole := u.all(s.start, s.end, func(t token) bool { return t.role != nil || !t.plain })
	var exact, stemmed []search.SpanMatch
	for _, m := range matches {
		switch {
		case s.nation && (m.How != search.Exact || m.Node.Kind != ontology.Place && m.Node.Kind != ontology.Organisation):
		case roleToo && m.Node.Kind == ontology.Event, onlyRole && m.Node.Kind != ontology.Post:
		case m.How == search.Stem && !u.inflected(s, m.Label):
		case m.How == search.Exact:
			exact = append(exact, m)
		case !special:
			stemmed = append(stemmed, m)
		}
	}
	if len(exact) > 0 {
		return exact
	}
	return stemmed
}

// inflected says whether a label of one word is an inflection of a span of one:
// acronyms are not inflected, and of short words the stems agree by chance.
func (u *understanding) inflected(s span, label text.Label) bool {
	words := text.Analyse(label.Value, label.Language).Words
	return label.Type != text.Acronym && (s.end-s.start > 1 ||
		slices.ContainsFunc(words, func(w text.Word) bool { return stemsAlike(w, u.words[s.start].Word) }))
}

// stemsAlike says whether two words have one stem and begin alike.
func stemsAlike(a, b text.Word) bool {
	if !a.SharesStem(b) {
		return false
	}
	n := 0
	for n < min(len(a.Folded), len(b.Folded)) && a.Folded[n] == b.Folded[n] {
		n++
	}
	return n >= minStem || a.Folded == b.Folded
}

// cover chooses the spans that do not overlap and explain most words, of equal
// ones exact before stemmed, then longer before shorter. A role's word explains
// itself.
func cover(spans []span, size int, isRole func(int) bool) []span {
	type state struct {
		words, exact, spans int
		taken               []span
	}
	less := func(a, b state) bool {
		return cmp.Or(cmp.Compare(a.words, b.words), cmp.Compare(a.exact, b.exact), cmp.Compare(b.spans, a.spans)) < 0
	}
	best := make([]state, size+1)
	for end := 1; end <= size; end++ {
		best[end] = best[end-1]
		if isRole(end - 1) {
			best[end].words++
			best[end].exact++
			best[end].spans++
		}
		for _, s := range spans {
			if s.end != end {
				continue
			}
			n := best[s.start]
			n.words += s.size
			n.spans++
			if s.exact {
				n.exact += s.size
			}
			if less(best[end], n) {
				n.taken = append(slices.Clone(n.taken), s)
				best[end] = n
			}
		}
	}
	return best[size].taken
}

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
