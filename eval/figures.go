package main

import (
	"cmp"
	"maps"
	"math"
	"slices"
)

// deep is the number of places that MRR and nDCG look at.
const deep = 10

// figures are the sums over outcomes.
type figures struct {
	n, first, firstThree int
	reciprocal, gain     float64
}

// add counts an outcome. What a row wants are alternatives of one answer: the
// first that comes counts, so that the ideal gain is 1.
func (f *figures) add(rank int) {
	f.n++
	if rank == 0 || rank > deep {
		return
	}
	if rank == 1 {
		f.first++
	}
	if rank <= 3 {
		f.firstThree++
	}
	f.reciprocal += 1 / float64(rank)
	f.gain += 1 / math.Log2(float64(1+rank))
}

func (f *figures) per(x float64) float64 { return x / float64(max(1, f.n)) }

func (f *figures) hit1() float64 { return f.per(float64(f.first)) }
func (f *figures) hit3() float64 { return f.per(float64(f.firstThree)) }
func (f *figures) mrr() float64  { return f.per(f.reciprocal) }
func (f *figures) ndcg() float64 { return f.per(f.gain) }

// group names questions that are counted together: of a set all, those of a
// category, of a reader's language or of a batch.
type group struct{ set, by, value string }

// The ways of grouping.
const (
	bySet      = "all"
	byCategory = "category"
	byLanguage = "language"
	byBatch    = "batch"
)

// groups lists where an outcome counts.
func (r row) groups() []group {
	list := []group{{r.set, bySet, ""}, {r.set, byCategory, r.category}}
	if r.language != "" {
		list = append(list, group{r.set, byLanguage, r.language})
	}
	if r.batch != "" {
		list = append(list, group{r.set, byBatch, "batch " + r.batch})
	}
	return list
}

// tally holds the figures of each group: of the rows for tuning, of those kept
// aside, and of both.
type tally map[group]*[3]figures

// The places in a tally's entries.
const (
	tuned = iota
	kept
	both
)

func count(outcomes []outcome) tally {
	t := tally{}
	for _, o := range outcomes {
		part := tuned
		if o.aside() {
			part = kept
		}
		for _, g := range o.groups() {
			if t[g] == nil {
				t[g] = &[3]figures{}
			}
			t[g][part].add(o.rank)
			t[g][both].add(o.rank)
		}
	}
	return t
}

// sorted lists the groups: set by set, the whole set first.
func (t tally) sorted() []group {
	return slices.SortedFunc(maps.Keys(t), func(a, b group) int {
		return cmp.Or(cmp.Compare(a.set, b.set), cmp.Compare(a.by, b.by), cmp.Compare(a.value, b.value))
	})
}
