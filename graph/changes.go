package graph

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"coopgraph/access"
	"coopgraph/graph/model"
	"coopgraph/loader"
	"coopgraph/ontology"
	"coopgraph/store"
)

// Anything reads a thing or a fact; nil where it is absent.
func (v *view) Anything(ctx context.Context, id store.ID) (model.Node, error) {
	if !ontology.IsFactID(id) {
		t, err := v.Thing(ctx, id)
		if err != nil || t == nil {
			return nil, err
		}
		return t, nil
	}
	if err := v.warmFacts(ctx, []store.ID{id}); err != nil {
		return nil, err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if f := v.stated[id]; f != nil {
		return f, nil
	}
	return nil, nil //nolint:nilnil // GraphQL's null
}

// warmFacts reads facts that will be asked for by their ids.
func (v *view) warmFacts(ctx context.Context, ids []store.ID) error {
	v.mu.Lock()
	var missing []store.ID
	for _, id := range ids {
		if _, ok := v.stated[id]; !ok && !slices.Contains(missing, id) {
			missing = append(missing, id)
		}
	}
	v.mu.Unlock()
	facts, err := v.factsByID(ctx, missing, want{ends: true})
	if err != nil {
		return err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, id := range missing {
		v.stated[id] = facts[id] // nil where it is absent
	}
	return nil
}

// History gives the steps of a thing's history.
func (v *view) History(ctx context.Context, of *model.Base, first *int) ([]*model.HistoryStep, error) {
	n, err := between("first", first, defaultFirst, 1, maxFirst)
	if err != nil {
		return nil, err
	}
	steps, err := loader.History(ctx, v.store, of.T, n)
	if err != nil {
		return nil, err
	}
	sources := make([]store.ID, len(steps))
	for i, s := range steps {
		sources[i] = s.Source
	}
	if err := v.warm(ctx, sources); err != nil {
		return nil, err
	}
	out := make([]*model.HistoryStep, len(steps))
	for i, s := range steps {
		out[i] = &model.HistoryStep{At: s.At, By: v.Who(s.By), Run: orNull(string(s.Run)), SourceID: s.Source, Load: v}
		for _, d := range s.Differences {
			out[i].Differences = append(out[i].Differences, &model.Difference{Field: d.Field, Before: orNull(d.Before), After: orNull(d.After)})
		}
	}
	return out, nil
}

// maxCommits is how many commits are read at once: one may hold hundreds of
// changes.
const maxCommits = 20

// changesScope names the feed in its cursors.
const changesScope = "changes"

// Changes answers the feed of what was written. A cursor names a commit and
// how many of its changes were read.
func (q *query) Changes(ctx context.Context, since *time.Time, first *int, after *string) (*model.ChangeConnection, error) {
	n, err := between("first", first, defaultFirst, 1, maxFirst)
	if err != nil {
		return nil, err
	}
	from := time.Time{}
	if since != nil {
		from = *since
	}
	place, skip, err := feedPlace(after)
	if err != nil {
		return nil, err
	}
	v := q.view(ctx)
	feed, now := feed{v: v, most: n}, q.Now()
	for !feed.full() {
		page, err := loader.Commits(ctx, q.Store, from, now, store.Paging{Limit: min(n, maxCommits), After: place})
		if err != nil {
			return nil, err
		}
		for _, c := range page.Items {
			feed.add(c, skip)
			skip = 0
			if feed.full() {
				break
			}
			place = &store.Position{Keys: []string{store.SortKey(c.At)}, ID: c.ID}
		}
		if !page.More {
			break
		}
	}
	if asksFor(ctx, "node") {
		if err := v.warm(ctx, feed.things); err != nil {
			return nil, err
		}
		if err := v.warmFacts(ctx, feed.facts); err != nil {
			return nil, err
		}
	}
	return model.PageOf(feed.items, feed.cursors, feed.more, after != nil, 0), nil
}

// feed gathers a page of the feed.
type feed struct {
	v       *view
	most    int
	items   []*model.Change
	cursors []string
	things  []store.ID
	facts   []store.ID
	more    bool
}

func (f *feed) full() bool { return f.more }

// add adds the changes of a commit but for the first ones.
func (f *feed) add(c loader.CommitEntry, skip int) {
	for i := skip; i < len(c.Touched); i++ {
		if len(f.items) == f.most {
			f.more = true
			return
		}
		t := c.Touched[i]
		f.items = append(f.items, &model.Change{
			ID: string(t.ID), Operation: model.Operation(t.Op), At: c.At, By: f.v.Who(c.By), Run: orNull(string(c.Run)),
			Into: orNull(string(t.Into)), Load: f.v,
		})
		if ontology.IsFactID(t.ID) {
			f.facts = append(f.facts, t.ID)
		} else {
			f.things = append(f.things, t.ID)
		}
		f.cursors = append(f.cursors, encodeCursor(changesScope, store.Position{Keys: []string{store.SortKey(c.At), strconv.Itoa(i + 1)}, ID: c.ID}))
	}
}

// feedPlace reads a cursor of the feed: the place before its commit, and how
// many of the commit's changes were read.
func feedPlace(after *string) (*store.Position, int, error) {
	if after == nil {
		return nil, 0, nil
	}
	p, err := decodeCursor(changesScope, *after)
	if err != nil {
		return nil, 0, err
	}
	if len(p.Keys) != 2 || p.ID == "" {
		return nil, 0, fmt.Errorf("%w: ask again without it", errBadCursor)
	}
	read, err := strconv.Atoi(p.Keys[1])
	if err != nil {
		return nil, 0, fmt.Errorf("%w: ask again without it", errBadCursor)
	}
	// The place before an id is after the greatest one that is less.
	return &store.Position{Keys: p.Keys[:1], ID: predecessor(p.ID)}, read, nil
}

// predecessor is a text that is less than the id and greater than every id
// that is less.
func predecessor(id store.ID) store.ID {
	last := len(id) - 1
	return id[:last] + store.ID([]byte{id[last] - 1}) + "~"
}

// Duplicates answers the queue of pairs that may be the same.
func (q *query) Duplicates(ctx context.Context, first *int, after *string) (*model.DuplicateConnection, error) {
	if err := access.Require(ctx, access.ReadRuns); err != nil {
		return nil, err
	}
	p, err := q.paging(ctx, "duplicates", first, after)
	if err != nil {
		return nil, err
	}
	v, previous := q.view(ctx), after != nil
	for {
		page, err := loader.Duplicates(ctx, q.Store, p)
		if err != nil {
			return nil, err
		}
		c, err := v.duplicates(ctx, page, previous)
		if err != nil || len(c.Edges) > 0 || !page.More {
			return c, err
		}
		// A page of nothing but pairs that are gone would end the list.
		last := loader.PairPosition(page.Items[len(page.Items)-1])
		p.After = &last
	}
}

// duplicates gives a page of pairs as the API shows it, but for those of which
// a thing was taken away: they wait for nobody.
func (v *view) duplicates(ctx context.Context, page store.Page[loader.Pair], previous bool) (*model.DuplicateConnection, error) {
	ids := make([]store.ID, 0, 2*len(page.Items))
	for _, pair := range page.Items {
		ids = append(ids, pair.A, pair.B)
	}
	if err := v.warm(ctx, ids); err != nil {
		return nil, err
	}
	items, cursors := make([]*model.Duplicate, 0, len(page.Items)), make([]string, 0, len(page.Items))
	for _, pair := range page.Items {
		if v.nodes[pair.A].ID != "" && v.nodes[pair.B].ID != "" {
			items, cursors = append(items, duplicateOf(pair, v)), append(cursors, encodeCursor("duplicates", loader.PairPosition(pair)))
		}
	}
	return model.PageOf(items, cursors, page.More, previous, int(max(page.Count, 0))), nil
}

func duplicateOf(pair loader.Pair, v *view) *model.Duplicate {
	d := &model.Duplicate{ID: string(pair.ID), Score: pair.Score, AID: pair.A, BID: pair.B, Load: v}
	for _, r := range pair.Reasons {
		d.Reasons = append(d.Reasons, &model.DuplicateReason{Reason: r, Load: v})
	}
	return d
}
