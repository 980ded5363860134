RETURN COLLECT {
CALL () {
UNWIND $p2 AS q
CALL db.index.fulltext.queryNodes('coop_keys', q) YIELD node AS n
WITH DISTINCT n
WHERE n.id IS NOT NULL
  AND any(x IN n.`tags` WHERE x IN $p0)
  AND (n:`Author`|`Book`)
WITH n, coalesce(n.`name`, $p1) AS k
ORDER BY k, n.id
RETURN n, k
}
WITH n, k
ORDER BY k, n.id
RETURN [n.id, labels(n), n.version, properties(n)]
} AS items, -1 AS total
