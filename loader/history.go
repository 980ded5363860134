package loader

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"coopgraph/ontology"
	"coopgraph/store"
)

// Step is one step in a thing's history: what one source said of it from then
// on.
type Step struct {
	// ID is the record's, with the moment.
	ID store.ID
	At time.Time
	// By is who entered it, Run the import run that brought it; "" for none.
	By  string
	Run store.ID
	// Source is the list, or what people entered.
	Source store.ID
	// Differences are what changed against what the source said before.
	Differences []Difference
}

// Difference is a part of a claim before and after a change.
type Difference struct {
	// Field is "names", "identifiers", "description", a property or a relation.
	Field string `json:"field"`
	// Before and After are texts for people, "" for nothing.
	Before string `json:"before"`
	After  string `json:"after"`
}

// String gives the difference for a report.
func (d Difference) String() string { return fmt.Sprintf("%s: %q → %q", d.Field, d.Before, d.After) }

// History gives what sources and people said of a thing over time, the newest
// first, at most limit steps; facts of other things' rows are not among them.
func History(ctx context.Context, r store.Reader, t ontology.Thing, limit int) ([]Step, error) {
	about := []any{string(t.ID)}
	for _, id := range t.FormerIDs {
		about = append(about, id)
	}
	said := map[store.ID][]ontology.SourceRecord{}
	for _, kind := range []store.Kind{ontology.Record, ontology.Revision} {
		page, err := r.Find(ctx, []store.Kind{kind}, anyOf("about", about), store.Paging{})
		if err != nil {
			return nil, fmt.Errorf("read the history of %s: %w", t.ID, err)
		}
		for _, n := range page.Items {
			record, err := ontology.RecordOf(n)
			if err != nil {
				return nil, err
			}
			said[record.ID()] = append(said[record.ID()], record)
		}
	}
	ids := map[store.ID]bool{t.ID: true}
	for _, id := range t.FormerIDs {
		ids[store.ID(id)] = true
	}
	var steps []Step
	for id, records := range said {
		slices.SortStableFunc(records, func(a, b ontology.SourceRecord) int { return a.At.Compare(b.At) })
		var before ontology.Claims
		for i, record := range records {
			after := only(record.Claims, ids)
			if d := Differences(before, after); len(d) > 0 {
				steps = append(steps, Step{
					ID: ontology.NodeID(ontology.Revision, string(id), fmt.Sprint(i)), At: record.At, By: record.By,
					Run: record.Run, Source: record.Source, Differences: d,
				})
			}
			before = after
		}
	}
	slices.SortFunc(steps, func(a, b Step) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(a.ID, b.ID)) })
	return steps[:min(len(steps), limit)], nil
}

// only gives the part of the claims that is about the things.
func only(c ontology.Claims, ids map[store.ID]bool) ontology.Claims {
	var out ontology.Claims
	for _, t := range c.Things {
		if ids[t.ID] {
			out.Things = append(out.Things, t)
		}
	}
	for _, f := range c.Facts {
		if ids[f.Subject.ID] || ids[f.Object.ID] {
			out.Facts = append(out.Facts, f)
		}
	}
	return out
}

// Differences lists what changed from one state of claims to another, sorted
// by field.
func Differences(before, after ontology.Claims) []Difference {
	a, b := parts(before), parts(after)
	fields := maps.Clone(a)
	maps.Copy(fields, b)
	var out []Difference
	for _, field := range slices.Sorted(maps.Keys(fields)) {
		gone, come := without(a[field], b[field]), without(b[field], a[field])
		if len(gone)+len(come) > 0 {
			out = append(out, Difference{Field: field, Before: strings.Join(gone, "; "), After: strings.Join(come, "; ")})
		}
	}
	return out
}

// without gives the values that are not among the others.
func without(values, others []string) []string {
	var out []string
	for _, v := range values {
		if !slices.Contains(others, v) {
			out = append(out, v)
		}
	}
	return out
}

// parts gives the claims' parts as texts, by field.
func parts(c ontology.Claims) map[string][]string {
	out := map[string][]string{}
	add := func(field, text string) { out[field] = append(out[field], text) }
	for _, t := range c.Things {
		if t.Deleted {
			add("deleted", "true")
		}
		for _, n := range t.Names {
			add("names", strings.TrimSpace(n.Value+" "+tagged(n.Language, n.Type)))
		}
		for _, i := range t.Identifiers {
			add("identifiers", i.Key())
		}
		for _, d := range t.Descriptions {
			add("description", strings.TrimSpace(d.Value+" "+tagged(d.Language, "")))
		}
		for _, x := range t.Figures {
			add(x.Property, strings.TrimSpace(fmt.Sprintf("%d %s %s", x.Value, x.Unit, x.AttestedOn)))
		}
		for name, v := range t.Props {
			if list, ok := v.([]string); ok {
				v = strings.Join(list, ", ")
			}
			add(name, fmt.Sprint(v))
		}
	}
	for _, f := range c.Facts {
		add(string(f.Relation), factText(f))
	}
	return out
}

func tagged(language, kind string) string {
	switch {
	case language == "" && kind == "":
		return ""
	case language == "" || kind == "":
		return "(" + language + kind + ")"
	}
	return "(" + language + ", " + kind + ")"
}

// factText says what a fact claims, its ends by id or key.
func factText(f ontology.FactClaim) string {
	end := func(r ontology.Ref) string {
		if r.ID != "" {
			return string(r.ID)
		}
		return r.Key
	}
	text := end(f.Subject) + " → " + end(f.Object)
	if f.Role != "" {
		text += " as " + f.Role
	}
	if f.From != "" || f.To != "" {
		text += fmt.Sprintf(" (%s–%s)", f.From, f.To)
	}
	if f.Deleted {
		text += " deleted"
	}
	return text
}

// CommitEntry is a Commit as it is read.
type CommitEntry struct {
	ID      store.ID
	At      time.Time
	By      string
	Run     store.ID
	Touched []Touch
}

// Withheld is how long a commit is kept back from Commits: longer than a write
// may take from its time to its end, so that none appears before those that
// were read already.
const Withheld = 15 * time.Second

// Commits gives a page of the commits in their order, from a time on; those
// younger than Withheld are left out.
func Commits(ctx context.Context, r store.Reader, since, now time.Time, p store.Paging) (store.Page[CommitEntry], error) {
	p.Order = store.Order{Prop: "at"}
	f := store.Filter{Conds: []store.Cond{{Prop: "at", Op: store.AtMost, Values: []any{now.Add(-Withheld)}}}}
	if !since.IsZero() {
		f.Conds = append(f.Conds, store.Cond{Prop: "at", Op: store.AtLeast, Values: []any{since}})
	}
	page, err := r.Find(ctx, []store.Kind{ontology.Commit}, f, p)
	out := store.Page[CommitEntry]{More: page.More, Count: page.Count}
	if err != nil {
		return out, fmt.Errorf("read commits: %w", err)
	}
	for _, n := range page.Items {
		text := func(name string) string { s, _ := n.Props[name].(string); return s }
		c := CommitEntry{ID: n.ID, By: text("by"), Run: store.ID(text("run"))}
		c.At, _ = n.Props["at"].(time.Time)
		if err := json.Unmarshal([]byte(text("body")), &c.Touched); err != nil {
			return out, fmt.Errorf("commit %s: %w", n.ID, err)
		}
		out.Items = append(out.Items, c)
	}
	return out, nil
}
