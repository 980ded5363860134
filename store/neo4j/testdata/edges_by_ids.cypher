RETURN COLLECT {
CALL () {
MATCH ()-[e:`WROTE`]->()
WHERE e.id IS NOT NULL
  AND e.id IN $p0
WITH e, '' AS k
ORDER BY e.id
RETURN e, k
UNION ALL
MATCH ()-[e:`PART_OF`]->()
WHERE e.id IS NOT NULL
  AND e.id IN $p0
WITH e, '' AS k
ORDER BY e.id
RETURN e, k
UNION ALL
MATCH ()-[e:`LIKES`]->()
WHERE e.id IS NOT NULL
  AND e.id IN $p0
WITH e, '' AS k
ORDER BY e.id
RETURN e, k
}
WITH e, k
ORDER BY e.id
RETURN [e.id, type(e), e.version, startNode(e).id, endNode(e).id, properties(e)]
} AS items, -1 AS total
