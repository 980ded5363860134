MERGE (w:Writer {id: 'writer'})
ON CREATE SET w:Bookkeeping, w.turn = 0, w.receipts = []
