RETURN COLLECT {
CALL () {
MATCH (n:`Author`)
WHERE n.`name` IS NOT NULL
  AND n.id IS NOT NULL
  AND n.`name` >= $p3
  AND (n.`name` > $p3 OR n.id > $p2)
WITH n, n.`name` AS k
ORDER BY n.`name`, n.id
LIMIT $p0
RETURN n, k
}
WITH n, k
ORDER BY k, n.id
LIMIT $p0
RETURN [n.id, labels(n), n.version, properties(n)]
} AS items, COUNT {
MATCH (n:`Author`)
} AS total
