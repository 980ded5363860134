RETURN COLLECT {
CALL () {
MATCH ()-[e:`WROTE`]->()
WHERE e.id IS NOT NULL
  AND e.id > $p1
WITH e, '' AS k
ORDER BY e.id
LIMIT $p0
RETURN e, k
UNION ALL
MATCH ()-[e:`PART_OF`]->()
WHERE e.id IS NOT NULL
  AND e.id > $p1
WITH e, '' AS k
ORDER BY e.id
LIMIT $p0
RETURN e, k
UNION ALL
MATCH ()-[e:`LIKES`]->()
WHERE e.id IS NOT NULL
  AND e.id > $p1
WITH e, '' AS k
ORDER BY e.id
LIMIT $p0
RETURN e, k
}
WITH e, k
ORDER BY e.id
LIMIT $p0
RETURN [e.id, type(e), e.version, startNode(e).id, endNode(e).id, properties(e)]
} AS items, -1 AS total
