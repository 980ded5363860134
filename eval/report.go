package main

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"slices"
	"text/tabwriter"
)

// report is what an evaluation of one store prints.
type report struct {
	store    string
	outcomes []outcome
	// aside also accounts for the misses of the part kept aside.
	aside bool
	out   bytes.Buffer
}

func (r *report) printf(format string, values ...any) { fmt.Fprintf(&r.out, format, values...) }

// String is the report as plain text.
func (r *report) String() string {
	r.out.Reset()
	r.tables()
	misses := r.misses()
	r.causes(misses)
	for _, o := range misses {
		r.miss(o)
	}
	return r.out.String()
}

func (r *report) tables() {
	r.printf("%s: %d questions, a third of them kept aside\n\n", r.store, len(r.outcomes))
	t := count(r.outcomes)
	w := tabwriter.NewWriter(&r.out, 0, 0, 2, ' ', tabwriter.AlignRight|tabwriter.Debug)
	fmt.Fprintln(w, "\ttuning n\thit@1\thit@3\tMRR@10\tnDCG@10\taside n\thit@1\thit@3\tMRR@10\tnDCG@10\t")
	for _, g := range t.sorted() {
		fmt.Fprintf(w, "%s\t", g)
		for _, f := range t[g][:both] {
			if f.n == 0 {
				fmt.Fprint(w, "0\t\t\t\t\t")
				continue
			}
			fmt.Fprintf(w, "%d\t%.3f\t%.3f\t%.3f\t%.3f\t", f.n, f.hit1(), f.hit3(), f.mrr(), f.ndcg())
		}
		fmt.Fprintln(w)
	}
	w.Flush()
}

func (g group) String() string {
	if g.by == bySet {
		return g.set
	}
	return g.set + ", " + g.value
}

// misses lists what is to be accounted for, set by set and cause by cause.
func (r *report) misses() []outcome {
	var list []outcome
	for _, o := range r.outcomes {
		if o.rank != 1 && (r.aside || !o.aside()) {
			list = append(list, o)
		}
	}
	slices.SortStableFunc(list, func(a, b outcome) int { return cmp.Or(cmp.Compare(a.set, b.set), cmp.Compare(a.cause, b.cause)) })
	return list
}

func (r *report) causes(misses []outcome) {
	if r.aside {
		r.printf("\n%d misses\n", len(misses))
	} else {
		r.printf("\n%d misses of the part for tuning\n", len(misses))
	}
	counts := map[string]int{}
	for _, o := range misses {
		counts[o.set+": "+o.cause]++
	}
	for _, cause := range slices.Sorted(maps.Keys(counts)) {
		r.printf("%4d  %s\n", counts[cause], cause)
	}
}

func (r *report) miss(o outcome) {
	r.printf("\n%s, %s", o.set, o.category)
	if o.language != "" {
		r.printf(", %s", o.language)
	}
	if o.aside() {
		r.printf(", kept aside")
	}
	r.printf(": %q", o.text)
	if o.asOf != "" {
		r.printf(", as of %s", o.asOf)
	}
	if len(o.speaks) > 0 {
		r.printf(", speaks %q", o.speaks)
	}
	r.printf("\n  wanted %q", o.want)
	if o.source != "" {
		r.printf(" (%s)", o.source)
	}
	r.printf(": ")
	if o.rank == 0 {
		r.printf("did not come")
	} else {
		r.printf("came at %d", o.rank)
	}
	r.printf("\n  %s\n", o.cause)
	for _, line := range o.account {
		r.printf("    %s\n", line)
	}
}

// unlike lists the questions to which two stores give other first answers, or
// the same in another order.
func unlike(a, b []outcome) []string {
	var list []string
	for i, o := range a {
		if !slices.Equal(o.first, b[i].first) {
			list = append(list, fmt.Sprintf("%s: %q", o.set, o.text))
		}
	}
	return list
}
