package sqlite

import (
	"cmp"
	"context"
	"database/sql/driver"
	"maps"
	"slices"
	"strings"
)

const (
	selectRefs = `
SELECT w.w, w.word, w.refs
FROM json_each(?) i
CROSS JOIN word w ON w.word = i.value`

	insertWord = `
INSERT INTO word (word, refs)
VALUES (?, ?)`

	updateWord = `
UPDATE word
SET refs = ?
WHERE w = ?`

	insertGrams = `
INSERT INTO gram (rowid, grams)
VALUES (?, ?)`

	deleteGrams = `
DELETE FROM gram
WHERE rowid = ?`

	deleteWord = `
DELETE FROM word
WHERE w = ?`

	selectGram = `
SELECT rowid
FROM gram
WHERE gram MATCH ?`

	selectWords = `
SELECT w.w, w.word
FROM json_each(?) i
CROSS JOIN word w ON w.w = i.value`
)

// trigrams gives the distinct runs of three characters of a word between two
// spaces, as tokens of the table gram.
func trigrams(word string) []string {
	runes := []rune(" " + word + " ")
	var list []string
	for i := 0; i+3 <= len(runes); i++ {
		var b strings.Builder
		for _, r := range runes[i : i+3] {
			if r == ' ' {
				b.WriteString(plainTokens("\u00a0"))
			} else {
				b.WriteString(plainTokens(string(r)))
			}
		}
		list = append(list, b.String())
	}
	return distinct(list)
}

// countWords notes that a node's words have gone from one text to another.
func countWords(counts map[string]int64, from, to string) {
	was, is := wordSet(from), wordSet(to)
	for w := range was {
		if !is[w] {
			counts[w]--
		}
	}
	for w := range is {
		if !was[w] {
			counts[w]++
		}
	}
}

func wordSet(text string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.SplitSeq(text, " ") {
		if w != "" {
			set[w] = true
		}
	}
	return set
}

// gramChange takes a word's trigrams out of the index, or puts them in.
type gramChange struct {
	w   int64
	put string
}

// flushWords adds the batch's counts to the words and keeps their trigrams.
func (b *batch) flushWords(ctx context.Context, counts map[string]int64) error {
	list := make([]any, 0, len(counts))
	for _, word := range slices.Sorted(maps.Keys(counts)) {
		if counts[word] != 0 {
			list = append(list, word)
		}
	}
	if len(list) == 0 {
		return nil
	}
	ask, err := jsonList(list)
	if err != nil {
		return err
	}
	type stored struct{ w, refs int64 }
	known := make(map[string]stored, len(list))
	err = b.c.query(ctx, selectRefs, []any{ask}, func(row []driver.Value) error {
		known[text(row[1])] = stored{integer(row[0]), integer(row[2])}
		return nil
	})
	if err != nil {
		return err
	}
	var grams []gramChange
	for _, v := range list {
		word := text(v)
		at, there := known[word]
		switch refs := at.refs + counts[word]; {
		case !there:
			if at.w, err = b.c.insert(insertWord, word, refs); err == nil {
				grams = append(grams, gramChange{at.w, strings.Join(trigrams(word), " ")})
			}
		case refs == 0:
			grams = append(grams, gramChange{w: at.w})
		default:
			err = b.c.exec(updateWord, refs, at.w)
		}
		if err != nil {
			return err
		}
	}
	return b.writeGrams(grams)
}

// writeGrams removes the words without trigrams and brings the index of
// trigrams up to date, in the order of the words' numbers.
func (b *batch) writeGrams(grams []gramChange) error {
	for _, g := range grams {
		if g.put == "" {
			if err := b.c.exec(deleteWord, g.w); err != nil {
				return err
			}
		}
	}
	slices.SortFunc(grams, func(x, y gramChange) int { return cmp.Compare(x.w, y.w) })
	for _, g := range grams {
		var err error
		if g.put == "" {
			err = b.c.exec(deleteGrams, g.w)
		} else {
			err = b.c.exec(insertGrams, g.w, g.put)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Words gives the indexed words nearest to each word by shared trigrams.
func (s *Store) Words(ctx context.Context, near []string, limit int) (map[string][]string, error) {
	out := make(map[string][]string, len(near))
	err := s.read(ctx, func(c *conn) error {
		for _, word := range near {
			list, err := nearWords(ctx, c, word, limit)
			if err != nil {
				return err
			}
			out[word] = list
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func nearWords(ctx context.Context, c *conn, word string, limit int) ([]string, error) {
	shared := map[int64]int{}
	grams := trigrams(word)
	if len(grams) == 0 || limit < 1 {
		return nil, nil
	}
	for _, g := range grams {
		err := c.query(ctx, selectGram, []any{`"` + g + `"`}, func(row []driver.Value) error {
			shared[integer(row[0])]++
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	// Only words that share as much as the last one wanted need be read.
	sizes := make([]int, len(grams)+1)
	for _, n := range shared {
		sizes[n]++
	}
	least, held := len(grams), sizes[len(grams)]
	for least > 1 && held < limit {
		least--
		held += sizes[least]
	}
	var numbers []int64
	for w, n := range shared {
		if n >= least {
			numbers = append(numbers, w)
		}
	}
	type found struct {
		word   string
		shared int
	}
	var list []found
	err := c.query(ctx, selectWords, []any{jsonInts(numbers)}, func(row []driver.Value) error {
		list = append(list, found{text(row[1]), shared[integer(row[0])]})
		return nil
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(list, func(a, b found) int {
		if a.shared != b.shared {
			return b.shared - a.shared
		}
		return strings.Compare(a.word, b.word)
	})
	words := make([]string, 0, min(limit, len(list)))
	for _, f := range list[:min(limit, len(list))] {
		words = append(words, f.word)
	}
	return words, nil
}
