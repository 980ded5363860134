UNWIND $ids AS id
MATCH (a)-[e:`WROTE`]->(b)
USING INDEX e:`WROTE`(id)
WHERE e.id = id
RETURN e.id, type(e), e.version, a.id, b.id, properties(e), elementId(e)
