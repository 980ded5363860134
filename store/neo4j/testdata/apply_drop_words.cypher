UNWIND $words AS word
MATCH (w:SearchWord {word: word})
USING INDEX w:SearchWord(word)
DELETE w
