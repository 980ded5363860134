RETURN COLLECT {
CALL () {
MATCH (n:`Author`)
WHERE n.`name` IS NOT NULL
  AND n.id IS NOT NULL
  AND n.`name` <= $p3
  AND (n.`name` < $p3 OR n.id < $p2)
WITH n, n.`name` AS k
ORDER BY n.`name` DESC, n.id DESC
LIMIT $p0
RETURN n, k
UNION ALL
MATCH (n:`Book`)
WHERE n.`name` IS NOT NULL
  AND n.id IS NOT NULL
  AND n.`name` <= $p3
  AND (n.`name` < $p3 OR n.id < $p2)
WITH n, n.`name` AS k
ORDER BY n.`name` DESC, n.id DESC
LIMIT $p0
RETURN n, k
UNION ALL
MATCH (n:Thing)
WHERE n.`_no_name` = true AND (n:`Author`|`Book`)
  AND n.id IS NOT NULL
  AND ($p3 > $p1 OR n.id < $p2)
WITH n, $p1 AS k
ORDER BY n.id DESC
LIMIT $p0
RETURN n, k
}
WITH n, k
ORDER BY k DESC, n.id DESC
LIMIT $p0
RETURN [n.id, labels(n), n.version, properties(n)]
} AS items, -1 AS total
