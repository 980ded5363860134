UNWIND $from AS id
MATCH (p0:Thing|Internal {id: id})
CALL (p0) {
MATCH tn1 = (p0)<-[:`PART_OF`*0..16]-(m1)
WITH p0, m1, min(length(tn1)) AS d1
MATCH (m1)<-[e1:`WROTE`]-(n1)
WITH n1, e1, d1
ORDER BY d1, e1.id
WITH n1, collect(e1)[0] AS e1
WITH e1, n1
ORDER BY coalesce(e1.`order`, $p3), coalesce(n1.`name`, $p2), e1.id, n1.id
LIMIT $p1
RETURN collect([e1.id, type(e1), e1.version, startNode(e1).id, endNode(e1).id, [e1.`role`], n1.id, labels(n1), n1.version, [n1.`class`], []]) AS h1
}
CALL (p0) {
MATCH tn1 = (p0)<-[:`PART_OF`*0..16]-(m1)
WITH p0, m1, min(length(tn1)) AS d1
MATCH (m1)<-[e1:`WROTE`]-(n1)
RETURN count(DISTINCT n1) AS c1
}
RETURN p0.id, [[h1, c1, [c1]]] AS pages
