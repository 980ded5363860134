MERGE (m:Migration {number: $number})
SET m:Bookkeeping, m.indexes = $indexes, m.derived = $derived, m.text = $text
