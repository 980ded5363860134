UNWIND $from AS at
MATCH (u)
WHERE elementId(u) = at
MATCH (u)-[:`WROTE`|`PART_OF`|`LIKES`]-(v:Thing)
WHERE NOT v.id IN $met
  AND (v:`Book` OR v.id IN $ends)
WITH DISTINCT v
ORDER BY v.id
LIMIT $limit
RETURN v.id, elementId(v), COUNT { (v)--() } - COUNT { (v)-[:_SEARCH]-() }
