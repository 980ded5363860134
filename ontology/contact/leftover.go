package contact

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode/utf8"

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
// end of a compound.
func (u *understanding) standsIn(r run, label []text.Word) bool {
	return u.all(r.start, r.end, func(t token) bool {
		return !t.plain || slices.ContainsFunc(label, func(w text.Word) bool {
			return w.Folded == t.Folded || stemsAlike(w, t.Word) || len(t.Folded) >= minPart && strings.HasSuffix(w.Folded, t.Folded)
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
			if !u.all(r.start, r.end, func(t token) bool { return !t.explained }) || !u.words[r.start].plain || !u.words[r.end-1].plain {
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

// fits says whether the best hit explains a run of so many words. A single word
// that stands in several names must be a good part of one.
func fits(hits []fitted, size int) bool {
	switch {
	case len(hits) == 0 || hits[0].fit < runScore:
		return false
	case size > 1:
		return true
	case hits[0].fit < oneWordScore, hits[0].How == search.Corrected && !hits[0].whole && utf8.RuneCountInString(hits[0].Matches[0].Word) < longLetters:
		return false
	}
	return hits[0].share >= oneWordShare || len(hits) == 1 || hits[1].fit < oneWordScore
}

// fitted is a hit with how well it and the words searched cover each other.
type fitted struct {
	search.Hit
	// fit is 0.7 for the share of the words that its label holds, and 0.3 for
	// the share of the label that they cover, both weakened by the way in which
	// they do.
	fit float64
	// share is that of the label's words which the run covers.
	share float64
	// all says that every word stands in the label, whole that they are all
	// there is in it, begins that it begins with one of them.
	all, whole, begins bool
}

// wide says whether the hit explains what names, exact ones among them or not,
// already explain in part.
func (h fitted) wide(exact bool) bool {
	return h.fit >= neighbourScore || h.all && (h.whole || !exact) && h.fit >= mendedScore
}

// worthOf is how much a word counts that stands in a label in this way. The
// beginning of a word is one by chance where it is short; an error in a long
// word leaves less doubt than one in a short word.
func worthOf(m search.Match) float64 {
	letters := utf8.RuneCountInString(m.Word)
	switch m.How {
	case search.Stem:
		return 0.95
	case search.Prefix:
		if letters >= minPart && 5*letters >= 3*utf8.RuneCountInString(m.Label) {
			return 0.85
		}
		return 0.6
	case search.Compound:
		return 0.8
	case search.Corrected:
		if utf8.RuneCountInString(m.Label)-letters > maxAdded {
			return 0.6 // the beginning of another word
		}
		return max(0.78, min(0.95, 1-8/float64(letters*letters)))
	case search.Substring:
		return 0.6
	}
	return 1
}

// joined is a text in folded form, without what parts words.
func joined(s string) string { return strings.Join(text.Words(s), "") }

// fit weighs a hit for a text searched.
func fit(h search.Hit, r string) fitted {
	out := fitted{Hit: h}
	switch {
	case h.How == search.Exact, joined(r) == joined(h.Label.Value):
		return fitted{Hit: h, fit: 1, share: 1, all: true, whole: true, begins: true}
	case h.How == search.Description:
		return out
	}
	worth, matched := 0.0, 0
	for _, m := range h.Matches {
		if words := text.Analyse(m.Word, "").Words; len(words) > 0 && !words[0].Stop {
			worth += worthOf(m)
			matched++
		}
	}
	if matched == 0 {
		return out
	}
	label, covered := 0, 0
	for _, w := range text.Analyse(h.Label.Value, h.Label.Language).Words {
		if w.Stop {
			continue
		}
		label++
		if slices.ContainsFunc(h.Marks, func(m search.Mark) bool { return m.Start <= w.Start && w.End <= m.End }) {
			covered++
		}
	}
	asked := worth / float64(matched+len(h.Unmatched))
	out.share = float64(covered) / float64(max(label, 1))
	out.fit = asked * (0.7 + 0.3*out.share*worth/float64(matched))
	out.all, out.whole = len(h.Unmatched) == 0, covered == label
	out.begins = len(h.Marks) > 0 && h.Marks[0].Start == 0
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
	for _, h := range found.Hits {
		if f := fit(h, u.written(r.start, r.end)); !f.shortCorrection() {
			hits = append(hits, f)
		}
	}
	slices.SortStableFunc(hits, func(a, b fitted) int {
		return cmp.Or(cmp.Compare(b.fit, a.fit), boolOrder(b.begins, a.begins))
	})
	u.searched[r] = hits
	return hits, nil
}

// shortCorrection says whether a hit rests on correcting a short word: "hallo"
// is not Halle. Where that is the only fault of a whole name of several words,
// it is that name.
func (h fitted) shortCorrection() bool {
	short, faults := false, len(h.Unmatched)
	for _, m := range h.Matches {
		if m.How != search.Exact && m.How != search.Words && m.How != search.Stem {
			faults++
		}
		if m.How == search.Corrected {
			letters := utf8.RuneCountInString(m.Word)
			short = short || letters < correctedLetters
			faults += max(0, minMended-letters)
		}
	}
	return short && (faults > 1 || len(h.Matches) < 2 || !h.whole)
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
