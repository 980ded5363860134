package contact

import (
	"context"
	"slices"
	"unicode/utf8"

	"coopgraph/ontology/search"
)

// run is a run of words that nothing explains.
type run struct{ start, end int }

// leftovers searches for the words that no name explains: with the names
// beside them, as one run, then parts of it, the longest first.
func (u *understanding) leftovers(ctx context.Context) error {
	for _, r := range u.runs() {
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
	for _, r := range u.runs() {
		u.unexplained = append(u.unexplained, u.written(r.start, r.end))
	}
	if len(u.unexplained) == 0 {
		u.suggestion = ""
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

// withNeighbours searches for a run together with the names next to it: "the
// deputy of the secretary-general" is a post of its own.
func (u *understanding) withNeighbours(ctx context.Context, r run) (bool, error) {
	left, right := r, r
	for _, f := range u.facets {
		if f.start < 0 || len(f.readings) == 0 {
			continue
		}
		if f.end <= r.start && u.all(f.end, r.start, func(t token) bool { return !t.plain }) {
			left.start = f.start
		}
		if f.start >= r.end && u.all(r.end, f.start, func(t token) bool { return !t.plain }) {
			right.end = f.end
		}
	}
	for _, wide := range []run{{left.start, right.end}, left, right} {
		if wide == r || wide.end-wide.start > 2*maxSpan {
			continue
		}
		hits, err := u.search(ctx, wide)
		if err != nil {
			return false, err
		}
		if len(hits) > 0 && hits[0].Score >= neighbourScore {
			u.facets = slices.DeleteFunc(u.facets, func(f *facet) bool { return f.start >= wide.start && f.end <= wide.end && f.start >= 0 })
			u.take(wide, hits)
			return true, nil
		}
	}
	return false, nil
}

// searchRun searches for a run, and where that finds nothing for its parts.
func (u *understanding) searchRun(ctx context.Context, whole run) error {
	for size := whole.end - whole.start; size > 0; size-- {
		for start := whole.start; start+size <= whole.end; start++ {
			r := run{start, start + size}
			if !u.all(r.start, r.end, func(t token) bool { return !t.explained }) || !u.words[r.start].plain || !u.words[r.end-1].plain {
				continue
			}
			hits, err := u.search(ctx, r)
			if err != nil {
				return err
			}
			least := runScore
			if size == 1 {
				least = oneWordScore
			}
			if len(hits) > 0 && hits[0].Score >= least {
				u.take(r, hits)
			}
		}
	}
	return nil
}

// search gives the hits for a run that may stand for it.
func (u *understanding) search(ctx context.Context, r run) ([]search.Hit, error) {
	if u.searches == 0 {
		return nil, nil
	}
	u.searches--
	found, err := search.Search(ctx, u.reader, search.Question{Text: u.written(r.start, r.end), Language: u.question.Language, Limit: maxReadings})
	if err != nil {
		return nil, err
	}
	if found.Suggestion != "" && u.suggestion == "" {
		u.suggestion = u.value[:u.words[r.start].Start] + found.Suggestion + u.value[u.words[r.end-1].End:]
	}
	return slices.DeleteFunc(found.Hits, shortCorrection), nil
}

// shortCorrection says whether a hit rests on correcting a short word: "hallo"
// is not Halle.
func shortCorrection(h search.Hit) bool {
	return slices.ContainsFunc(h.Matches, func(m search.Match) bool {
		return m.How == search.Corrected && utf8.RuneCountInString(m.Word) < correctedLetters
	})
}

// take understands a run as the best hit, and others of exactly its label.
func (u *understanding) take(r run, hits []search.Hit) {
	how := Stem
	switch hits[0].How {
	case search.Exact:
		how = Exact
	case search.Corrected:
		how = Corrected
	}
	var matches []search.SpanMatch
	for _, h := range hits {
		if h.Score == hits[0].Score && h.Label.Value == hits[0].Label.Value {
			matches = append(matches, search.SpanMatch{Node: h.Node, Label: h.Label, How: h.How})
		}
	}
	u.understand(r.start, r.end, how, matches)
}
