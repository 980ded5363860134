RETURN COLLECT {
CALL () {
MATCH ()-[e:`WROTE`]->()
WHERE e.id IS NOT NULL
WITH e, coalesce(e.`when`, $p1) AS k
ORDER BY k, e.id
LIMIT $p0
RETURN e, k
}
WITH e, k
ORDER BY k, e.id
LIMIT $p0
RETURN [e.id, type(e), e.version, startNode(e).id, endNode(e).id, properties(e)]
} AS items, -1 AS total
