UNWIND $from AS id
MATCH (p0:Thing|Internal {id: id})
CALL (p0) {
MATCH (p0)-[e1:`WROTE`]->(n1)
WITH e1, n1
ORDER BY e1.id
LIMIT $p1
RETURN collect([e1.id, type(e1), e1.version, startNode(e1).id, endNode(e1).id, [e1.`role`], n1.id, labels(n1), n1.version, [n1.`class`], []]) AS h1
}
RETURN p0.id, [[h1, -1, []]] AS pages
