MATCH (n:Thing)
WHERE n.id > $after
RETURN n.id, elementId(n), labels(n), n.version, properties(n)
ORDER BY n.id
LIMIT $limit
