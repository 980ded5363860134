UNWIND $rows AS row
CREATE (w:SearchWord:Bookkeeping {word: row.word, spaced: ' ' + row.word + ' ', uses: row.uses})
