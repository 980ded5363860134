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
	"slices"
	"time"

	"coopgraph/loader"
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
func Claims() (loader.ClaimSet, error) {
	names, err := fs.Glob(data, "data/*.yaml")
	if err != nil {
		return loader.ClaimSet{}, fmt.Errorf("list the seed's files: %w", err)
	}
	files := make([]loader.ClaimsFile, 0, len(names))
	for _, name := range names {
		text, err := data.ReadFile(name)
		if err != nil {
			return loader.ClaimSet{}, fmt.Errorf("read the seed: %w", err)
		}
		files = append(files, loader.ClaimsFile{Name: name, Data: text})
	}
	return loader.ReadClaims(namespace, standing, files)
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
			ID: ontology.NodeID(ontology.Source, namespace, "seed"), Title: "Coopgraph seed", Language: "en", Standing: standing,
		},
		Documents: set.Documents,
	}
	var sum loader.Summary
	for items := range slices.Chunk(set.Items, batchSize) {
		batch.Items = items
		written, err := w.Write(ctx, batch)
		if err != nil {
			return sum, fmt.Errorf("load the seed: %w", err)
		}
		sum.Add(written)
		for _, r := range written.Results {
			if r.Outcome == loader.Rejected || r.Dangling > 0 {
				return sum, fmt.Errorf("%w: %s:%d: %s", store.ErrInvalid, r.Item.File, r.Item.Line, r.Message)
			}
		}
	}
	return sum, nil
}
