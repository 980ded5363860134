MATCH (m:Migration)
RETURN m.number, m.indexes, m.analysis
ORDER BY m.number DESC
LIMIT 1
