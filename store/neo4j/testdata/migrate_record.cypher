MERGE (m:Migration {number: $number})
SET m:Bookkeeping, m.indexes = $indexes, m.analysis = $analysis
