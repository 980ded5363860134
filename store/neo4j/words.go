package neo4j

import (
	"context"
	"fmt"
)

// wordsCypher counts, for each list of trigrams, how many of them a word
// holds: a word between two spaces holds a trigram once or more.
const wordsCypher = `
UNWIND range(0, size($words) - 1) AS i
WITH i, $words[i] AS grams
CALL (grams) {
  UNWIND grams AS gram
  MATCH (w:SearchWord)
  USING TEXT INDEX w:SearchWord(spaced)
  WHERE w.spaced CONTAINS gram
  WITH w, count(*) AS shared
  ORDER BY shared DESC, w.word
  LIMIT $limit
  RETURN collect(w.word) AS words
}
RETURN i, words`

// Words implements store.Reader.
func (s *Store) Words(ctx context.Context, near []string, limit int) (map[string][]string, error) {
	limit = max(limit, 0)
	grams := make([]any, len(near))
	for i, w := range near {
		if err := checkText(w); err != nil {
			return nil, fmt.Errorf("words: %w", err)
		}
		grams[i] = trigrams(w)
	}
	rows, err := s.read(ctx, "words", wordsCypher, params{"words": grams, "limit": limit})
	if err != nil {
		return nil, err
	}
	out := make(map[string][]string, len(near))
	for _, r := range rows {
		i, err := integer(r[0])
		if err != nil || i < 0 || i >= int64(len(near)) {
			return nil, unexpected("words", r)
		}
		words, err := fromCypher(r[1])
		if err != nil {
			return nil, err
		}
		out[near[i]], _ = words.([]string)
	}
	return out, nil
}

// trigrams gives the distinct runs of three characters of the word between
// two spaces, in the order in which they stand there.
func trigrams(word string) []string {
	runes := []rune(" " + word + " ")
	var grams []string
	seen := map[string]bool{}
	for i := 0; i+3 <= len(runes); i++ {
		if g := string(runes[i : i+3]); !seen[g] {
			seen[g] = true
			grams = append(grams, g)
		}
	}
	return grams
}
