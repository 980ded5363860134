package sqlite

import (
	"context"
	"database/sql/driver"
	"slices"
	"strings"
)

const (
	addWord = `
INSERT INTO word (word, refs)
VALUES (?, ?)
ON CONFLICT (word) DO UPDATE SET refs = refs + excluded.refs
RETURNING w, refs`

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
func (b *batch) countWords(from, to string) {
	was, is := wordSet(from), wordSet(to)
	for w := range was {
		if !is[w] {
			b.words[w]--
		}
	}
	for w := range is {
		if !was[w] {
			b.words[w]++
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

// flushWords adds the batch's counts to the words and keeps their trigrams.
func (b *batch) flushWords(ctx context.Context) error {
	for _, word := range sorted(b.words) {
		by := b.words[word]
		if by == 0 {
			continue
		}
		var w, refs int64
		err := b.c.query(ctx, addWord, []any{word, by}, func(row []driver.Value) error {
			w, refs = integer(row[0]), integer(row[1])
			return nil
		})
		switch {
		case err != nil:
			return err
		case refs == 0:
			if err := b.c.exec(deleteWord, w); err != nil {
				return err
			}
			if err := b.c.exec(deleteGrams, w); err != nil {
				return err
			}
		case refs == by:
			if err := b.c.exec(insertGrams, w, strings.Join(trigrams(word), " ")); err != nil {
				return err
			}
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
