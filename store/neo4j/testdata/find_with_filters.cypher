RETURN COLLECT {
CALL () {
MATCH (n:`Author`)
WHERE n.id IS NOT NULL
  AND (n.`class` IS NULL OR NOT n.`class` IN $p0)
  AND (n.`born` IS NULL OR n.`born` >= $p1)
WITH n, '' AS k
ORDER BY n.id
LIMIT $p2
RETURN n, k
UNION ALL
MATCH (n:`Book`)
WHERE n.id IS NOT NULL
  AND (n.`class` IS NULL OR NOT n.`class` IN $p0)
  AND (n.`born` IS NULL OR n.`born` >= $p1)
WITH n, '' AS k
ORDER BY n.id
LIMIT $p2
RETURN n, k
}
WITH n, k
ORDER BY n.id
LIMIT $p2
RETURN [n.id, labels(n), n.version, properties(n)]
} AS items, COUNT {
MATCH (n:`Author`)
WHERE (n.`class` IS NULL OR NOT n.`class` IN $p0)
  AND (n.`born` IS NULL OR n.`born` >= $p1)
} + COUNT {
MATCH (n:`Book`)
WHERE (n.`class` IS NULL OR NOT n.`class` IN $p0)
  AND (n.`born` IS NULL OR n.`born` >= $p1)
} AS total
