MATCH (w:Writer {id: 'writer'})
SET w.turn = w.turn + 1
RETURN w.receipts
