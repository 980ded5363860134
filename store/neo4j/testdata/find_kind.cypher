RETURN COLLECT {
CALL () {
MATCH (n:`Author`)
WHERE n.id IS NOT NULL
WITH n, '' AS k
ORDER BY n.id
LIMIT $p0
RETURN n, k
}
WITH n, k
ORDER BY n.id
LIMIT $p0
RETURN [n.id, labels(n), n.version, properties(n)]
} AS items, -1 AS total
