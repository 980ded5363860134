MATCH (w:Writer {id: 'writer'})
RETURN w.turn, coalesce(split(w.receipts[-1], ' ')[0], '')
