package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"coopgraph/ontology"
	"coopgraph/ontology/contact"
	"coopgraph/ontology/text"
	"coopgraph/store"
)

// explainFlags are the flags of explain.
type explainFlags struct {
	language, asOf, contact string
	rank, chains            int
}

func explainCommand(p *program) *cobra.Command {
	var f explainFlags
	c := &cobra.Command{
		Use:   "explain QUESTION",
		Short: "Show how the answer to a question for contacts comes about",
		Long: `Explain asks a question as the API's contacts does, and prints what was
understood and what was not, the first contacts, and for one of them the whole
calculation: each piece of evidence with its facts, their strength, age and
distance, the hubs that weaken it, and how all of it adds up to the score.

Exit codes: 0 the question was answered, if by nobody; 2 a flag is wrong, or
there is no such match; 66 there is no such store; 69 the database cannot be
reached.`,
		Example: "  coopgraph explain \"wie is voorzitter van de Schelderaad?\"\n  coopgraph explain \"hydrogen\" --rank 2 --as-of 2025-06-01 --language fr",
		Args: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return &codedError{exitUsage, errors.New(`write the question after explain: coopgraph explain "hydrogen in North Rhine-Westphalia"`)}
			}
			return nil
		},
	}
	c.Flags().StringVar(&f.language, "language", "en", "the reader's language: "+strings.Join(ontology.Languages(), ", "))
	c.Flags().StringVar(&f.asOf, "as-of", "", "the day asked about, as 2026-11-22; else the one that the question names, else today")
	c.Flags().IntVar(&f.rank, "rank", 1, "the place of the match to explain")
	c.Flags().StringVar(&f.contact, "contact", "", "the id or the name of the contact to explain, in place of --rank")
	c.Flags().IntVar(&f.chains, "evidence", 10, "the number of pieces of evidence shown for each part of the question; 0 for all")
	c.PreRunE = func(c *cobra.Command, _ []string) error { return f.check(c) }
	p.withStore(c, func(ctx context.Context, s store.Store) error {
		question := contact.Question{
			About: strings.Join(c.Flags().Args(), " "), AsOf: ontology.Day(f.asOf),
			Today: ontology.DayOf(time.Now().UTC()), Language: f.language,
		}
		return f.explain(ctx, p, s, question)
	})
	return c
}

// check refuses flags, and a store that is not there: explaining makes none.
func (f *explainFlags) check(c *cobra.Command) error {
	if !slices.Contains(ontology.Languages(), f.language) {
		return &codedError{exitUsage, fmt.Errorf("--language %s: write one of %s", f.language, strings.Join(ontology.Languages(), ", "))}
	}
	if f.asOf != "" {
		if _, err := time.Parse(time.DateOnly, f.asOf); err != nil {
			return &codedError{exitUsage, fmt.Errorf("--as-of %s: write a day as 2026-11-22", f.asOf)}
		}
	}
	if f.rank < 1 || f.chains < 0 {
		return &codedError{exitUsage, errors.New("--rank is counted from 1, --evidence from 0")}
	}
	address, err := c.Flags().GetString(storeSetting.flag)
	if err != nil {
		return err
	}
	if file, ok := strings.CutPrefix(address, "sqlite:"); ok && file != "" {
		if _, err := os.Stat(file); err != nil {
			return &codedError{exitNoInput, fmt.Errorf("--store: %w", err)}
		}
	}
	return nil
}

// order is the number of contacts listed above the calculation.
const order = 5

func (f *explainFlags) explain(ctx context.Context, p *program, s store.Store, q contact.Question) error {
	e, err := contact.Explain(ctx, s, q)
	if err != nil {
		return err
	}
	account := explanation{Explanation: e, question: q, chains: f.chains}
	if account.at, err = f.choose(ctx, s, e.Answer.Matches); err != nil {
		return err
	}
	if len(e.Answer.Matches) > 0 {
		account.calculation = e.Of(account.at)
	}
	if account.names, err = contact.NamesFor(ctx, s, []contact.Match{account.calculation.Match}); err != nil {
		return err
	}
	others, err := contact.ReadNames(ctx, s, account.things())
	if err != nil {
		return err
	}
	maps.Copy(account.names, others)
	if _, err := p.stdout.Write([]byte(account.String())); err != nil {
		return fmt.Errorf("print the explanation: %w", err)
	}
	return nil
}

// choose gives the place, from 0, of the match that the flags mean.
func (f *explainFlags) choose(ctx context.Context, s store.Reader, matches []contact.Match) (int, error) {
	if f.contact == "" {
		if len(matches) > 0 && f.rank > len(matches) {
			return 0, &codedError{exitUsage, fmt.Errorf("--rank %d: there are %d matches", f.rank, len(matches))}
		}
		return f.rank - 1, nil
	}
	ids := make([]store.ID, len(matches))
	for i, m := range matches {
		if ids[i] = m.Node; string(m.Node) == f.contact {
			return i, nil
		}
	}
	names, err := contact.ReadNames(ctx, s, ids)
	if err != nil {
		return 0, err
	}
	wanted := text.Fold(f.contact)
	for i, id := range ids {
		if slices.ContainsFunc(names[id].Names, func(n ontology.Name) bool { return text.Fold(n.Value) == wanted }) {
			return i, nil
		}
	}
	return 0, &codedError{exitUsage, fmt.Errorf("--contact %s: not among the %d matches", f.contact, len(matches))}
}

// things lists the things whose names the explanation prints.
func (e *explanation) things() []store.ID {
	var ids []store.ID
	for _, u := range e.Answer.Understood {
		ids = append(append(ids, u.Node), u.Alternatives...)
	}
	page := slices.Clone(e.Answer.Matches[:min(order, len(e.Answer.Matches))])
	for _, m := range page {
		ids = append(ids, m.Node)
	}
	ids = append(ids, e.calculation.Things()...)
	slices.Sort(ids)
	return slices.DeleteFunc(slices.Compact(ids), func(id store.ID) bool { return id == "" })
}
