package main

import (
	"context"
	"fmt"
	"slices"

	"coopgraph/ontology"
	"coopgraph/ontology/contact"
	"coopgraph/ontology/search"
	"coopgraph/store"
)

// outcome is how a question was answered.
type outcome struct {
	row
	// rank is the place, from 1, of the first wanted thing; 0 where none came.
	rank int
	// first are the first things that came, as many as the figures look at.
	first []store.ID
	// cause and account say why another came first; only of misses.
	cause   string
	account []string
}

// asker asks the questions of a store.
type asker struct {
	store store.Reader
	// wanted are the things that bear the identifiers in rows.
	wanted map[string][]store.ID
}

// findsPerPage bounds the identifiers asked for at once.
const findsPerPage = 200

// newAsker finds what the rows want. A key that nothing bears is an error: the
// label is wrong, or the list has changed.
func newAsker(ctx context.Context, s store.Reader, rows []row) (*asker, error) {
	a := &asker{store: s, wanted: map[string][]store.ID{}}
	var keys []any
	for _, r := range rows {
		for _, key := range r.want {
			if _, known := a.wanted[key]; !known {
				a.wanted[key] = nil
				keys = append(keys, key)
			}
		}
	}
	for some := range slices.Chunk(keys, findsPerPage) {
		f := store.Filter{Conds: []store.Cond{{Prop: "identifiers", Values: some}}}
		page, err := s.Find(ctx, ontology.Kinds(), f, store.Paging{})
		if err != nil {
			return nil, fmt.Errorf("find what is wanted: %w", err)
		}
		for _, n := range page.Items {
			t, err := ontology.ThingOf(n)
			if err != nil {
				return nil, err
			}
			for _, i := range t.Identifiers {
				if _, asked := a.wanted[i.Key()]; asked {
					a.wanted[i.Key()] = append(a.wanted[i.Key()], n.ID)
				}
			}
		}
	}
	for _, r := range rows {
		for _, key := range r.want {
			if len(a.wanted[key]) == 0 {
				return nil, fmt.Errorf("%s: %q wants %s, and nothing bears that identifier", r.set, r.text, key)
			}
		}
	}
	return a, nil
}

// wants says whether the thing answers the row.
func (a *asker) wants(r row, id store.ID) bool {
	return slices.ContainsFunc(r.want, func(key string) bool { return slices.Contains(a.wanted[key], id) })
}

// ask asks one question as the API does.
func (a *asker) ask(ctx context.Context, r row) (outcome, error) {
	one := a.search
	if r.set == contactSet {
		one = a.contacts
	}
	o, err := one(ctx, r)
	if err != nil {
		return o, fmt.Errorf("%s: %q: %w", r.set, r.text, err)
	}
	return o, nil
}

func (a *asker) contacts(ctx context.Context, r row) (outcome, error) {
	e, err := contact.Explain(ctx, a.store, contact.Question{
		About: r.text, Speaks: r.speaks, AsOf: r.asOf, Today: today, Language: r.language,
	})
	if err != nil {
		return outcome{}, err
	}
	o := outcome{row: r, rank: 1 + slices.IndexFunc(e.Answer.Matches, func(m contact.Match) bool { return a.wants(r, m.Node) })}
	for _, m := range e.Answer.Matches[:min(deep, len(e.Answer.Matches))] {
		o.first = append(o.first, m.Node)
	}
	if o.rank == 1 {
		return o, nil
	}
	return o, a.accountOfContacts(ctx, e, &o)
}

func (a *asker) search(ctx context.Context, r row) (outcome, error) {
	answer, err := search.Search(ctx, a.store, search.Question{Text: r.text, Language: r.language, Limit: deep})
	if err != nil {
		return outcome{}, err
	}
	o := outcome{row: r, rank: 1 + slices.IndexFunc(answer.Hits, func(h search.Hit) bool { return a.wants(r, h.Node.ID) })}
	for _, h := range answer.Hits {
		o.first = append(o.first, h.Node.ID)
	}
	if o.rank == 1 {
		return o, nil
	}
	return o, a.accountOfHits(ctx, answer, &o)
}
