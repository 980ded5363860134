UNWIND $rows AS row
MATCH (a:Thing {id: row.from})
USING INDEX a:Thing(id)
MATCH (b:Internal {id: row.to})
USING INDEX b:Internal(id)
CREATE (a)-[e:`WROTE`]->(b)
SET e = row.props
RETURN count(*)
