UNWIND $rows AS row
MATCH (w:SearchWord {word: row.word})
USING INDEX w:SearchWord(word)
SET w.uses = row.uses
