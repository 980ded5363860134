UNWIND $nodes AS at
MATCH (n)
WHERE elementId(n) = at
WITH collect(n) AS nodes
RETURN [n IN nodes | [n.id, labels(n), n.version, []]] AS nodes, COLLECT {
  UNWIND nodes AS u
  MATCH (u)-[e:`WROTE`|`PART_OF`|`LIKES`]->(v)
  WHERE v IN nodes
  RETURN [e.id, type(e), e.version, startNode(e).id, endNode(e).id, [e.`role`]]
} AS edges
