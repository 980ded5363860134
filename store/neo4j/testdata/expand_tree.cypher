UNWIND $from AS id
MATCH (p0:Thing|Internal {id: id})
CALL (p0) {
CALL (p0) {
MATCH (p0)-[e1:`WROTE`]->(n1)
RETURN e1, n1
UNION ALL
MATCH (p0)-[e1:`LIKES`]-(n1)
RETURN e1, n1
}
WITH *
WHERE (n1:`Book`)
  AND e1.`role` IN $p1
WITH e1, n1
ORDER BY e1.id
LIMIT $p2
CALL (n1) {
MATCH (n1)-[e2:`PART_OF`]->(n2)
WITH e2, n2
ORDER BY e2.id
CALL (n2) {
MATCH (n2)<-[e3:`WROTE`]-(n3)
WITH e3, n3
ORDER BY coalesce(e3.`order`, $p5), coalesce(n3.`name`, $p4), e3.id
LIMIT $p3
RETURN collect([e3.id, type(e3), e3.version, startNode(e3).id, endNode(e3).id, [e3.`role`], n3.id, labels(n3), n3.version, [n3.`class`], []]) AS h3
}
RETURN collect([e2.id, type(e2), e2.version, startNode(e2).id, endNode(e2).id, [e2.`role`], n2.id, labels(n2), n2.version, [n2.`class`, n2.`name`], [[h3, -1, []]]]) AS h2
}
RETURN collect([e1.id, type(e1), e1.version, startNode(e1).id, endNode(e1).id, [e1.`role`], n1.id, labels(n1), n1.version, [], [[h2, -1, []]]]) AS h1
}
CALL (p0) {
CALL (p0) {
MATCH (p0)-[e1:`WROTE`]->(n1)
RETURN e1, n1
UNION ALL
MATCH (p0)-[e1:`LIKES`]-(n1)
RETURN e1, n1
}
WITH *
WHERE (n1:`Book`)
  AND e1.`role` IN $p1
RETURN count(*) AS c1
}
CALL (p0) {
MATCH (p0)-[e1:`WROTE`]->(n1)
WHERE (n1:`Book`)
  AND e1.`role` IN $p1
RETURN count(*) AS c1_0
}
CALL (p0) {
MATCH (p0)-[e1:`LIKES`]-(n1)
WHERE (n1:`Book`)
  AND e1.`role` IN $p1
RETURN count(*) AS c1_1
}
CALL (p0) {
MATCH (p0)<-[e4:`PART_OF`]-(n4)
WHERE any(x IN n4.`tags` WHERE x IN $p6)
WITH e4, n4
ORDER BY e4.id
RETURN collect([e4.id, type(e4), e4.version, startNode(e4).id, endNode(e4).id, [e4.`role`], n4.id, labels(n4), n4.version, [n4.`class`], []]) AS h4
}
RETURN p0.id, [[h1, c1, [c1_0, c1_1]], [h4, -1, []]] AS pages
