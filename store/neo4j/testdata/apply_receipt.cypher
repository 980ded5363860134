MATCH (w:Writer {id: 'writer'})
SET w.receipts = (w.receipts + [$receipt])[-32..]
