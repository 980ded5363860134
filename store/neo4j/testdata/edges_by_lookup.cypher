RETURN COLLECT {
CALL () {
UNWIND $p2 AS q
CALL db.index.fulltext.queryRelationships($p3, q) YIELD relationship AS e
WITH e
WHERE e.id IS NOT NULL
  AND any(x IN e.`runs` WHERE x IN $p0)
  AND type(e) IN $p4
WITH e, '' AS k
ORDER BY e.id
LIMIT $p1
RETURN e, k
}
WITH e, k
ORDER BY e.id
LIMIT $p1
RETURN [e.id, type(e), e.version, startNode(e).id, endNode(e).id, properties(e)]
} AS items, COUNT {
UNWIND $p2 AS q
CALL db.index.fulltext.queryRelationships($p3, q) YIELD relationship AS e
WITH e
WHERE any(x IN e.`runs` WHERE x IN $p0)
  AND type(e) IN $p4
RETURN e
} AS total
