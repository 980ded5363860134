UNWIND $rows AS row
MATCH (w:SearchWord {word: row.word})
USING INDEX w:SearchWord(word)
SET w.uses = w.uses - row.uses
WITH w
WHERE w.uses <= 0
DELETE w
