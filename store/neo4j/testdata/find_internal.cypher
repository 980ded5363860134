RETURN COLLECT {
CALL () {
MATCH (n:`Shelf`)
WHERE n.id IS NOT NULL
  AND n.`room` IN $p0
WITH n, '' AS k
ORDER BY n.id
RETURN n, k
}
WITH n, k
ORDER BY n.id
RETURN [n.id, labels(n), n.version, properties(n)]
} AS items, -1 AS total
