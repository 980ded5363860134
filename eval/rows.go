package main

import (
	"crypto/sha256"
	"encoding/csv"
	"errors"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"coopgraph/ontology"
)

// parts is the number of parts into which questions fall; one is kept aside.
const parts = 3

// The kinds of questions. There are several sets of searches, named
// "search-...", beside the given one.
const (
	contactSet    = "contacts"
	searchSetName = "search"
)

// row is a labelled question.
type row struct {
	set, category string
	text          string
	// language is the reader's; "" where the set does not give it.
	language string
	asOf     ontology.Day
	speaks   []string
	// want are identifiers of things ("SCHEME:value"), any of which is right.
	want []string
	// source says where the answer stands.
	source string
	// batch numbers the rows that were written together, unseen by whoever tuned
	// to the ones before; "" where the set does not.
	batch string
}

// aside says whether the row belongs to the part that is kept aside: nobody
// looks at its answers while tuning. Only the question decides, so that a row
// does not change sides when others come.
func (r row) aside() bool {
	sum := sha256.Sum256([]byte(r.text))
	rest := new(big.Int).Mod(new(big.Int).SetBytes(sum[:]), big.NewInt(parts))
	return rest.Sign() == 0
}

// table is a CSV file by column name.
func table(file string, columns ...string) ([]map[string]string, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	all, err := csv.NewReader(f).ReadAll()
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%s: the file is empty", file)
	}
	for _, c := range columns {
		if !slices.Contains(all[0], c) {
			return nil, fmt.Errorf("%s: there is no column %s", file, c)
		}
	}
	lines := make([]map[string]string, 0, len(all)-1)
	for _, cells := range all[1:] {
		line := make(map[string]string, len(cells))
		for i, name := range all[0] {
			line[name] = cells[i]
		}
		lines = append(lines, line)
	}
	return lines, nil
}

// contactRows reads the questions for contacts.
func contactRows(file string) ([]row, error) {
	lines, err := table(file, "question", "language", "category", "want", "as_of", "speaks", "source", "batch")
	if err != nil {
		return nil, err
	}
	rows := make([]row, len(lines))
	for i, l := range lines {
		rows[i] = row{
			set: contactSet, category: l["category"], text: l["question"], language: l["language"],
			asOf: ontology.Day(l["as_of"]), speaks: strings.Fields(l["speaks"]),
			want: strings.Split(l["want"], ";"), source: l["source"], batch: l["batch"],
		}
	}
	return rows, nil
}

// keyScheme is that of the keys in labelled searches: mapping labels gives it.
const keyScheme = "key"

// searchRows reads labelled searches.
func searchRows(set, file string) ([]row, error) {
	lines, err := table(file, "query", "want", "category")
	if err != nil {
		return nil, err
	}
	rows := make([]row, len(lines))
	for i, l := range lines {
		rows[i] = row{set: set, category: l["category"], text: l["query"], language: l["language"]}
		for _, key := range strings.Split(l["want"], ",") {
			rows[i].want = append(rows[i].want, keyScheme+":"+strings.TrimSpace(key))
		}
	}
	return rows, nil
}

// searchSet is a pair of files: things, and what is typed to find them.
type searchSet struct {
	name, entities, queries string
}

// searchSets finds the pairs NAME-entities.csv and NAME-queries.csv. The given
// set, whose name is search, is the first.
func searchSets(dir string) ([]searchSet, error) {
	const queries = "-queries.csv"
	files, err := filepath.Glob(filepath.Join(dir, "*"+queries))
	if err != nil {
		return nil, err
	}
	var sets []searchSet
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), queries)
		s := searchSet{searchSetName, filepath.Join(dir, name+"-entities.csv"), file}
		if name == searchSetName {
			sets = slices.Insert(sets, 0, s)
			continue
		}
		s.name += "-" + name
		sets = append(sets, s)
	}
	return sets, nil
}
