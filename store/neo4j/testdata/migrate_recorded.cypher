MATCH (m:Migration)
RETURN m.number, m.indexes, m.derived, m.text
ORDER BY m.number DESC
LIMIT 1
