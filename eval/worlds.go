package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"coopgraph/loader"
	"coopgraph/loader/mapping"
	"coopgraph/loader/read"
	"coopgraph/loader/rows"
	"coopgraph/ontology"
	"coopgraph/seed"
	"coopgraph/store"
)

// today is the day on which questions are asked: answers age, figures must not.
const today ontology.Day = "2026-11-22"

// written is the time of every load.
func written() time.Time { return time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC) }

// list is a file with the built-in mapping that loads it.
type list struct{ file, mapping string }

// sectors are Belgium's statistical sectors, 15,900 places that few questions
// name: they take longer to load than all else.
var sectors = list{"be-dictionary-latin1.csv", "be-dictionary"}

// lists are the public lists that contacts are asked of, beside the seed, in
// the order of loading.
var lists = []list{
	{"ror-v2-benelux.json", "ror-v2"},
	{"marcobolo-organization.csv", "marcobolo-organization"},
	{"marcobolo-person.csv", "marcobolo-person"},
	{"publicbodies-de.csv", "publicbodies"},
	{"belgif-be-theme.nt", "skos"},
	{"belgif-refnis2025.nt", "skos-place"},
	{"eforms-nuts-bel-lvl3.gc", "nuts-genericode"},
	{"kohesio-beneficiaries-ee-lv.tsv", "kohesio-beneficiaries"},
	sectors,
	{"ips-cases-2022.csv", "ips-cases"},
}

// where the labelled sets and the lists are, from the top of the repository.
const (
	contactsFile = "eval/testdata/contacts.csv"
	searchFolder = "ontology/search/testdata"
	listsFolder  = "loader/testdata"
)

// loadContacts fills the store with the seed and the lists.
func loadContacts(ctx context.Context, s store.Store, root string, withSectors bool) error {
	if _, err := seed.Load(ctx, s, written); err != nil {
		return err
	}
	for _, l := range lists {
		if l == sectors && !withSectors {
			continue
		}
		if err := loadList(ctx, s, filepath.Join(root, listsFolder, l.file), l.mapping); err != nil {
			return err
		}
	}
	return nil
}

// loadList runs a list by a built-in mapping.
func loadList(ctx context.Context, s store.Store, file, name string) error {
	m, err := mapping.Open(name)
	if err != nil {
		return err
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if m, err = m.For(filepath.Base(file), read.FormatOf(file, data)); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	sum, err := loader.Run(ctx, loader.Options{Store: s, Now: written, File: file, Mapping: m})
	if err == nil && sum.Created == 0 {
		err = fmt.Errorf("nothing came in: %s", sum)
	}
	if err != nil {
		return fmt.Errorf("load %s: %w", file, err)
	}
	return nil
}

// loadOthers fills the store with the things among which others are sought.
func loadOthers(ctx context.Context, s store.Store) error {
	return write(ctx, s, "others", others(otherThings))
}

// loadSets adds the things of labelled sets.
func loadSets(ctx context.Context, s store.Store, sets []searchSet) error {
	for _, set := range sets {
		plain, items, err := entities(set.entities)
		if err != nil {
			return err
		}
		if plain {
			err = loadList(ctx, s, set.entities, "labels")
		} else {
			err = write(ctx, s, set.name, items)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// write loads items as a list of their own.
func write(ctx context.Context, s store.Store, list string, items []*rows.Item) error {
	w := loader.Writer{Store: s, Now: written}
	source := ontology.Document{ID: ontology.NodeID(ontology.Source, "eval", list), Title: "Evaluation: " + list, Language: "en"}
	for batch := range loader.Batches(s, slices.Values(items)) {
		done, err := w.Write(ctx, loader.Batch{Source: source, Items: batch})
		if err != nil {
			return fmt.Errorf("load %s: %w", list, err)
		}
		for _, r := range done.Results {
			if r.Outcome != rows.Created || r.Dangling > 0 {
				return fmt.Errorf("load %s: row %s is %s: %s", list, r.Item.Key, r.Outcome, r.Message)
			}
		}
	}
	return nil
}
