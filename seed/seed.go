// Package seed holds the knowledge that an empty store opens with: what the
// source documents name and state, as data files in the loader's claims
// format. See README.md.
//
// It must not import a database driver or GraphQL.
package seed

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"time"

	"coopgraph/loader"
	"coopgraph/loader/mapping"
	"coopgraph/loader/rows"
	"coopgraph/ontology"
	"coopgraph/store"
)

//go:embed data/*.yaml
var data embed.FS

// namespace tells the seed's sources from those of lists.
const namespace = "seed"

// standing lets the seed's names come before those of the lists.
const standing = 100

// batchSize is the number of items committed at once.
const batchSize = 250

// Claims reads the seed's files.
func Claims() (mapping.ClaimSet, error) {
	names, err := fs.Glob(data, "data/*.yaml")
	if err != nil {
		return mapping.ClaimSet{}, fmt.Errorf("list the seed's files: %w", err)
	}
	files := make([]mapping.ClaimsFile, 0, len(names))
	for _, name := range names {
		text, err := data.ReadFile(name)
		if err != nil {
			return mapping.ClaimSet{}, fmt.Errorf("read the seed: %w", err)
		}
		files = append(files, mapping.ClaimsFile{Name: name, Data: text})
	}
	return mapping.ReadClaims(namespace, standing, files)
}

// source is the list that the seed is, and run its one load: it is kept with
// the last batch, so that a load that was killed can be told from a whole one.
var (
	source = ontology.NodeID(ontology.Source, namespace, "seed")
	run    = ontology.NodeID(ontology.ImportRun, namespace, "seed")
)

// Wanted says whether the store should be filled: it holds no thing at all, or
// the seed's load was begun and not ended.
func Wanted(ctx context.Context, r store.Reader) (bool, error) {
	page, err := r.Find(ctx, nil, store.Filter{}, store.Paging{Limit: 1})
	if err != nil || len(page.Items) == 0 {
		return err == nil, err
	}
	marks, err := r.Nodes(ctx, []store.ID{source, run})
	if err != nil {
		return false, err
	}
	_, begun := marks[source]
	_, ended := marks[run]
	return begun && !ended, nil
}

// ended marks the seed as wholly loaded. The mark holds no time, so that
// loading again changes nothing.
func ended(context.Context, loader.Written) ([]store.Change, error) {
	return []store.Change{{Op: store.PutNode, Node: store.Node{
		ID: run, Kind: ontology.ImportRun, Props: store.Props{"source": string(source), "file": "seed", "status": "FINISHED"},
	}}}, nil
}

// Load writes the seed into the store. Loading it again changes nothing. It
// fails where an item is rejected or refers to what the seed does not hold.
func Load(ctx context.Context, s store.Store, now func() time.Time) (loader.Summary, error) {
	set, err := Claims()
	if err != nil {
		return loader.Summary{}, err
	}
	w := loader.Writer{Store: s, Now: now}
	batch := loader.Batch{
		Source: ontology.Document{
			ID: source, Title: "Coopgraph seed", Language: "en", Standing: standing,
		},
		Documents: set.Documents,
	}
	var sum loader.Summary
	for start := 0; start < len(set.Items); start += batchSize {
		end := min(start+batchSize, len(set.Items))
		batch.Items = set.Items[start:end]
		if end == len(set.Items) {
			batch.Also = ended
		}
		written, err := w.Write(ctx, batch)
		if err != nil {
			return sum, fmt.Errorf("load the seed: %w", err)
		}
		sum.Add(written)
		for _, r := range written.Results {
			if r.Outcome == rows.Rejected || r.Dangling > 0 {
				return sum, fmt.Errorf("%w: %s:%d: %s", store.ErrInvalid, r.Item.File, r.Item.Line, r.Message)
			}
		}
	}
	return sum, nil
}
