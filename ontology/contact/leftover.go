package contact

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"coopgraph/ontology"
	"coopgraph/ontology/search"
	"coopgraph/ontology/text"
	"coopgraph/store"
)

// run is a run of words that nothing explains.
type run struct{ start, end int }

func (r run) size() int { return r.end - r.start }

// leftovers explains the words that are in no name: by the name beside them,
// by searching for them together with what stands beside them, as one run, then
// for parts of it, the longest first.
func (u *understanding) leftovers(ctx context.Context) error {
	for _, r := range u.runs() {
		if u.absorb(r) || u.all(r.start, r.end, func(t token) bool { return t.explained }) {
			continue
		}
		done, err := u.withNeighbours(ctx, r)
		if err != nil {
			return err
		}
		if !done {
			if err := u.searchRun(ctx, r); err != nil {
				return err
			}
		}
	}
	return nil
}

// runs lists the runs of words left over; small and asking words may stand
// within a run, not at its ends.
func (u *understanding) runs() []run {
	var runs []run
	open := -1
	last := 0
	for i, t := range u.words {
		switch {
		case t.explained || t.asking:
			if open >= 0 {
				runs = append(runs, run{open, last})
			}
			open = -1
		case t.plain:
			if open < 0 {
				open = i
			}
			last = i + 1
		}
	}
	if open >= 0 {
		runs = append(runs, run{open, last})
	}
	return runs
}

// absorb explains a run by the name beside it where a label of the thing named
// holds its words too: "VNSC commission" is the VNSC, which is a commission.
func (u *understanding) absorb(r run) bool {
	for _, f := range u.facets {
		if f.start < 0 || len(f.readings) == 0 {
			continue
		}
		before := f.end <= r.start && u.none(f.end, r.start)
		after := f.start >= r.end && u.none(r.end, f.start)
		if !before && !after || !u.holds(f, r) {
			continue
		}
		f.start, f.end = min(f.start, r.start), max(f.end, r.end)
		f.text = u.written(f.start, f.end)
		u.explain(r.start, r.end)
		return true
	}
	return false
}

// none says whether no word from start up to end may begin or end a name.
func (u *understanding) none(start, end int) bool {
	return u.all(start, end, func(t token) bool { return !t.plain })
}

// minPart is the least length of a word that is found within another.
const minPart = 5

// holds says whether a label of a thing that the facet names has all words of
// the run.
func (u *understanding) holds(f *facet, r run) bool {
	return slices.ContainsFunc(f.readings, func(reading *reading) bool {
		return slices.ContainsFunc(reading.roots, func(id store.ID) bool { return u.bears(u.nodes[id], r) })
	})
}

// standsIn says whether the label has all words of the run, inflected or as the
// beginning or the end of a compound.
func (u *understanding) standsIn(r run, label []text.Word) bool {
	return u.all(r.start, r.end, func(t token) bool {
		return !t.plain || slices.ContainsFunc(label, func(w text.Word) bool {
			return w.Folded == t.Folded || stemsAlike(w, t.Word) || len(t.Folded) >= minPart && (strings.HasSuffix(w.Folded, t.Folded) || strings.HasPrefix(w.Folded, t.Folded))
		})
	})
}

// withNeighbours searches for a run together with what stands next to it:
// names, roles, dates, and other words left over. "The deputy of the
// secretary-general" is a post of its own.
func (u *understanding) withNeighbours(ctx context.Context, r run) (bool, error) {
	for _, wide := range u.windows(r) {
		hits, err := u.search(ctx, wide)
		if err != nil {
			return false, err
		}
		if !u.all(wide.start, wide.end, func(t token) bool { return t.role == nil }) {
			hits = slices.DeleteFunc(slices.Clone(hits), func(h fitted) bool { return h.Node.Kind == ontology.Event })
		}
		if len(hits) > 0 && hits[0].wide(u.exactWithin(wide)) && u.take(wide, hits) {
			return true, nil
		}
	}
	return false, nil
}

// exactWithin says whether a part of the run is the exact name of something.
func (u *understanding) exactWithin(r run) bool {
	return slices.ContainsFunc(u.facets, func(f *facet) bool { return f.how == Exact && f.start >= r.start && f.end <= r.end })
}

// neighbours is the number of pieces of the question that a run is searched
// with on either side.
const neighbours = 2

// windows lists the runs around a run that end where a piece of the question
// does, the widest first.
func (u *understanding) windows(r run) []run {
	starts, ends := []int{r.start}, []int{r.end}
	for at := r.start; len(starts) <= neighbours; {
		piece, ok := u.nextPiece(at-1, -1)
		if !ok {
			break
		}
		at = piece.start
		starts = append(starts, at)
	}
	for at := r.end; len(ends) <= neighbours; {
		piece, ok := u.nextPiece(at, 1)
		if !ok {
			break
		}
		at = piece.end
		ends = append(ends, at)
	}
	var windows []run
	for i, start := range starts {
		for j, end := range ends {
			if w := (run{start, end}); i+j > 0 && i+j <= neighbours && w.size() <= 2*maxSpan {
				windows = append(windows, w)
			}
		}
	}
	slices.SortStableFunc(windows, func(a, b run) int { return cmp.Compare(b.size(), a.size()) })
	return windows
}

// nextPiece gives the first piece from a word on, in steps of 1 or -1, that may
// begin or end a name; false where there is none or a language is asked for.
func (u *understanding) nextPiece(i, step int) (run, bool) {
	for i >= 0 && i < len(u.words) && (!u.words[i].plain || u.words[i].asking) {
		i += step
	}
	if i < 0 || i >= len(u.words) || u.spokenAt(i) {
		return run{}, false
	}
	return u.pieceAt(i), true
}

// pieceAt gives the name that the word is part of, else the word.
func (u *understanding) pieceAt(i int) run {
	for _, f := range u.facets {
		if f.start <= i && i < f.end {
			return run{f.start, f.end}
		}
	}
	return run{i, i + 1}
}

// spokenAt says whether the word is a language to be spoken.
func (u *understanding) spokenAt(i int) bool {
	return slices.ContainsFunc(u.facets, func(f *facet) bool { return f.speaks != nil && f.start <= i && i < f.end })
}

// searchRun searches for a run, and where that finds nothing for its parts.
func (u *understanding) searchRun(ctx context.Context, whole run) error {
	for size := whole.size(); size > 0; size-- {
		for start := whole.start; start+size <= whole.end; start++ {
			r := run{start, start + size}
			if !u.all(r.start, r.end, func(t token) bool { return !t.explained }) || !u.words[r.start].plain || !u.words[r.end-1].plain ||
				size == 1 && len(u.words) > 1 && u.saysNothing(start) {
				continue
			}
			hits, err := u.search(ctx, r)
			if err != nil {
				return err
			}
			if fits(hits, size) {
				u.take(r, hits)
			}
		}
	}
	return nil
}

// minShort is the least length of a word that alone may be a part of a name.
const minShort = 3

// saysNothing says of a word that alone it is in too many names to mean one: a
// letter or two, a number, an abbreviation, or what a body is.
func (u *understanding) saysNothing(i int) bool {
	return u.words[i].letter || len(u.words[i].Folded) < minShort || strings.Trim(u.words[i].Folded, digits) == "" || bodies.has(u.words[i].Word) || abbreviated.has(u.words[i].Word)
}

// cutWords lists the words of a run that may be abbreviations.
func (u *understanding) cutWords(r run) []string {
	var out []string
	for i := r.start; i < r.end; i++ {
		if u.words[i].cut {
			out = append(out, u.written(i, i+1))
		}
	}
	return out
}

// search gives the hits for a run that may stand for it, the fittest first.
func (u *understanding) search(ctx context.Context, r run) ([]fitted, error) {
	if hits, ok := u.searched[r]; ok {
		return hits, nil
	}
	if u.searches == 0 {
		return nil, nil
	}
	u.searches--
	found, err := search.Search(ctx, u.reader, search.Question{Text: u.written(r.start, r.end), Language: u.question.Language, Limit: maxReadings + 1})
	if err != nil {
		return nil, err
	}
	if left := u.all(r.start, r.end, func(t token) bool { return !t.explained }); left && found.Suggestion != "" && u.suggestion == "" {
		u.suggestion = u.value[:u.words[r.start].Start] + found.Suggestion + u.value[u.words[r.end-1].End:]
	}
	var hits []fitted
	cut := u.cutWords(r)
	for _, h := range found.Hits {
		if f := fit(h, u.written(r.start, r.end), cut); !f.shortCorrection() {
			hits = append(hits, f)
		}
	}
	slices.SortStableFunc(hits, func(a, b fitted) int {
		return cmp.Or(cmp.Compare(b.fit, a.fit), boolOrder(b.begins, a.begins))
	})
	u.searched[r] = hits
	return hits, nil
}

// take understands a run as the hits that fit it as well as the best: all of
// them are followed, but for names that only hold the words where the best
// begins with them. Words that are a part of too many names mean none of them.
func (u *understanding) take(r run, hits []fitted) bool {
	how := Stem
	switch hits[0].How {
	case search.Exact:
		how = Exact
	case search.Corrected:
		how = Corrected
	}
	var matches []search.SpanMatch
	same := sameFit
	if r.size() == 1 {
		same = sameFitWord
	}
	for _, h := range hits {
		if h.fit > hits[0].fit-same && h.whole == hits[0].whole && (h.begins || !hits[0].begins) {
			matches = append(matches, search.SpanMatch{Node: h.Node, Label: h.Label, How: h.How})
		}
	}
	if len(matches) > maxReadings && !hits[0].whole {
		return false
	}
	u.drop(r)
	u.understand(r.start, r.end, how, matches).loose = !hits[0].whole
	return true
}

// drop forgets what was understood within a run.
func (u *understanding) drop(r run) {
	within := func(start, end int) bool { return start >= r.start && end <= r.end }
	u.facets = slices.DeleteFunc(u.facets, func(f *facet) bool { return within(f.start, f.end) })
	u.others = slices.DeleteFunc(u.others, func(o part) bool { return within(o.start, o.end) })
}
