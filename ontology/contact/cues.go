package contact

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"coopgraph/ontology"
)

// cueReach is the number of words between a verb of speaking and a language.
const cueReach = 3

// readLanguages reads the names of languages beside a verb of speaking, and
// the words for their speakers: alone, "Frans" is also France and a name. They
// count even where they are a name of something.
func (u *understanding) readLanguages() {
	for i, t := range u.words {
		tag := speakerOf(t.Word)
		if name := tongueOf(t.Word); tag == "" && name != "" && u.besideCue(i) {
			tag = name
			u.dropFacet(i)
		} else if t.explained {
			tag = ""
		}
		if tag == "" {
			continue
		}
		u.explain(i, i+1)
		u.facets = append(u.facets, &facet{text: u.written(i, i+1), how: Language, speaks: []string{tag}, start: i, end: i + 1})
	}
}

// besideCue says whether a verb of speaking stands before the word, with
// nothing but languages and small words between, or directly after it, or
// whether somebody is asked for who has the language.
func (u *understanding) besideCue(i int) bool {
	if i+1 < len(u.words) && cues.has(u.words[i+1].Word) && !u.inLongerName(i) {
		return true
	}
	if u.besideSomebody(i) {
		return !u.inLongerName(i)
	}
	for j := i - 1; j >= max(0, i-2*cueReach); j-- {
		switch w := u.words[j]; {
		case cues.has(w.Word):
			return !u.inLongerName(i)
		case tongueOf(w.Word) == "" && w.plain && i-j >= cueReach:
			return false
		}
	}
	return false
}

// besideSomebody says whether "somebody with" stands before the word, perhaps
// with an article between.
func (u *understanding) besideSomebody(i int) bool {
	i--
	if i > 0 && u.words[i].Stop && !having.has(u.words[i].Word) {
		i--
	}
	return i > 0 && having.has(u.words[i].Word) && (u.words[i-1].asking || somebody.has(u.words[i-1].Word))
}

// inLongerName says whether the word is part of a name of several words, as in
// "German-speaking Community".
func (u *understanding) inLongerName(i int) bool {
	return slices.ContainsFunc(u.facets, func(f *facet) bool { return f.start >= 0 && f.start <= i && i < f.end && f.end-f.start > 1 })
}

// dropFacet forgets the facet of one word at i.
func (u *understanding) dropFacet(i int) {
	u.facets = slices.DeleteFunc(u.facets, func(f *facet) bool { return f.start == i && f.end == i+1 })
}

// readDates reads years, with a month beside them.
func (u *understanding) readDates() {
	for i, t := range u.words {
		if t.explained || len(t.Folded) != 4 || t.Folded < "1900" || t.Folded > "2099" || strings.Trim(t.Folded, "0123456789") != "" {
			continue
		}
		start, end, date := i, i+1, t.Folded
		for _, j := range []int{i - 1, i + 1} {
			if j < 0 || j >= len(u.words) || u.words[j].explained {
				continue
			}
			if m := monthOf(u.words[j].Word); m > 0 {
				date = fmt.Sprintf("%s-%02d", t.Folded, m)
				start, end = min(start, j), max(end, j+1)
				break
			}
		}
		u.explain(start, end)
		u.others = append(u.others, part{start: start, end: end, how: Date, date: date})
	}
}

// settleDay takes the day given, else the day nearest to today in the period
// that the text names, else today.
func (u *understanding) settleDay() {
	u.asOf = cmp.Or(u.question.AsOf, u.question.Today)
	var dates []string
	for _, o := range u.others {
		if o.date != "" {
			dates = append(dates, o.date)
		}
	}
	if u.question.AsOf != "" || len(dates) == 0 {
		return
	}
	first := ontology.PartialDate(dates[0]).First()
	last := ontology.PartialDate(dates[len(dates)-1]).Last()
	switch {
	case last < first:
		u.asOf = first
	case u.asOf < first:
		u.asOf = first
	case u.asOf > last:
		u.asOf = last
	}
}
