package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"coopgraph/access"
	"coopgraph/store"
)

func tokenCommand(p *program) *cobra.Command {
	c := &cobra.Command{
		Use:   "token",
		Short: "Make, list and revoke the tokens that let clients in",
		Long: `Whoever calls without a token reads what is public. A token gives a role:

  staff   also sees contact data and may ask costlier questions
  editor  is staff that changes the graph and loads lists
  loader  loads lists and takes them back
  dpo     looks after personal data

Clients send it as "Authorization: Bearer TOKEN". The store keeps only a hash of
it, so a token is shown once, when it is made.`,
		Args: noArgs,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(tokenCreateCommand(p), tokenListCommand(p), tokenRevokeCommand(p))
	return c
}

// withTokens runs a command on the tokens of the store that its flags name.
func (p *program) withTokens(c *cobra.Command, do func(context.Context, *access.Registry) error) {
	p.withStore(c, func(ctx context.Context, s store.Store) error {
		err := do(ctx, newRegistry(s))
		if errors.Is(err, access.ErrBadRequest) || errors.Is(err, access.ErrNoToken) {
			return &codedError{exitUsage, err}
		}
		return err
	})
}

func newRegistry(s store.Store) *access.Registry {
	return access.NewRegistry(s, time.Now, rand.Reader)
}

func tokenCreateCommand(p *program) *cobra.Command {
	var role, name, expires string
	c := &cobra.Command{
		Use:     "create",
		Short:   "Make a token and print it, once",
		Example: `  coopgraph token create --role loader --name "nightly registry import" --expires 30d > token`,
		Args:    noArgs,
	}
	c.Flags().StringVar(&role, "role", "", "what the token lets do: "+roleList())
	c.Flags().StringVar(&name, "name", "", "who or what will use it")
	c.Flags().StringVar(&expires, "expires", "90d", "how long it is valid, in days (90d) or hours (12h); at most 365d")
	p.withTokens(c, func(ctx context.Context, r *access.Registry) error {
		lifetime, err := parseLifetime(expires)
		if err != nil {
			return &codedError{exitUsage, err}
		}
		token, text, err := r.Create(ctx, access.Role(role), name, lifetime)
		if err != nil {
			return err
		}
		fmt.Fprintln(p.stdout, text)
		fmt.Fprintf(p.stderr, "the token %s (%s, %q) is valid until %s; it is not shown again\n",
			token.ID, token.Role, token.Name, shortTime(token.Expires))
		return nil
	})
	return c
}

func roleList() string {
	var names []string
	for _, role := range access.Roles() {
		names = append(names, string(role))
	}
	return strings.Join(names, ", ")
}

// parseLifetime reads a number of days or a duration, more than none.
func parseLifetime(s string) (time.Duration, error) {
	lifetime, err := time.ParseDuration(s)
	if days, ok := strings.CutSuffix(s, "d"); ok {
		var n int
		n, err = strconv.Atoi(days)
		lifetime = time.Duration(min(n, 1000)) * 24 * time.Hour
	}
	if err != nil || lifetime <= 0 {
		return 0, fmt.Errorf("--expires %s: write a number of days or hours, for example 90d or 12h", s)
	}
	return lifetime, nil
}

func shortTime(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 MST") }

func tokenListCommand(p *program) *cobra.Command {
	c := &cobra.Command{
		Use:   "list",
		Short: "List the tokens: ids, names and dates, no secrets",
		Args:  noArgs,
	}
	p.withTokens(c, func(ctx context.Context, r *access.Registry) error {
		tokens, err := r.List(ctx)
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "ID\tROLE\tSTATE\tCREATED\tEXPIRES\tNAME")
		for _, t := range tokens {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", t.ID, t.Role, t.State(time.Now()), shortTime(t.Created), shortTime(t.Expires), t.Name)
		}
		return w.Flush()
	})
	return c
}

func tokenRevokeCommand(p *program) *cobra.Command {
	c := &cobra.Command{
		Use:   "revoke ID",
		Short: "End a token: within five seconds every server refuses it",
		Args: func(_ *cobra.Command, args []string) error {
			switch {
			case len(args) != 1:
				return &codedError{exitUsage, errors.New("name one token by its id: see coopgraph token list")}
			case access.IsToken(args[0]):
				return &codedError{exitUsage, errors.New(
					"that is the token itself, which others can read on a command line: give its id, the part between the first and the second underscore")}
			}
			return nil
		},
	}
	p.withTokens(c, func(ctx context.Context, r *access.Registry) error {
		t, err := r.Revoke(ctx, c.Flags().Arg(0))
		if err != nil {
			return err
		}
		fmt.Fprintf(p.stdout, "the token %s (%s, %q) is revoked since %s\n", t.ID, t.Role, t.Name, shortTime(t.Revoked))
		return nil
	})
	return c
}
