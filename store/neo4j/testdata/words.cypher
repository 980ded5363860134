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
RETURN i, words
