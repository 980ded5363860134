UNWIND $from AS id
MATCH (p0:Thing|Internal {id: id})
CALL (p0) {
MATCH (p0)<-[e1:`WROTE`]-(n1)
WITH e1, n1
WHERE (coalesce(e1.`order`, $p5) > $p6 OR (coalesce(e1.`order`, $p5) = $p6 AND (coalesce(n1.`name`, $p3) > $p4 OR (coalesce(n1.`name`, $p3) = $p4 AND e1.id > $p2))))
ORDER BY coalesce(e1.`order`, $p5), coalesce(n1.`name`, $p3), e1.id
LIMIT $p1
RETURN collect([e1.id, type(e1), e1.version, startNode(e1).id, endNode(e1).id, properties(e1), n1.id, labels(n1), n1.version, properties(n1), []]) AS h1
}
RETURN p0.id, [[h1, COUNT { (p0)<-[:`WROTE`]-() }, [COUNT { (p0)<-[:`WROTE`]-() }]]] AS pages
