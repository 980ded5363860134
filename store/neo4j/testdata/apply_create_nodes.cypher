UNWIND $rows AS row
CREATE (n:$(row.labels))
SET n = row.props
RETURN n.id, elementId(n)
