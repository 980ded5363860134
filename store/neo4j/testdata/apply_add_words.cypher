UNWIND $rows AS row
MERGE (w:SearchWord {word: row.word})
ON CREATE SET w:Bookkeeping, w.spaced = ' ' + row.word + ' ', w.uses = row.uses
ON MATCH SET w.uses = w.uses + row.uses
