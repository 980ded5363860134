RETURN COLLECT {
CALL () {
MATCH (key:LookupKey)<-[:_KEY]-(n:`Author`|`Book`)
WHERE key.key IN $p2
WITH DISTINCT n
WHERE n.id IS NOT NULL
  AND any(x IN n.`tags` WHERE x IN $p0)
WITH n, coalesce(n.`name`, $p1) AS k
ORDER BY k, n.id
RETURN n, k
}
WITH n, k
ORDER BY k, n.id
RETURN [n.id, labels(n), n.version, properties(n)]
} AS items, -1 AS total
