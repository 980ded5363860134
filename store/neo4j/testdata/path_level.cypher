UNWIND $from AS at
MATCH (u)
WHERE elementId(u) = at
MATCH (u)-[e:`WROTE`|`PART_OF`|`LIKES`]-(v:Thing)
WHERE (v:`Book` OR v.id IN $ends)
RETURN u.id, v.id, elementId(v), elementId(e), COUNT { (v)--() } - COUNT { (v)-[:_SEARCH]-() }
