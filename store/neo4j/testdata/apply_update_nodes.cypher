UNWIND $rows AS row
MATCH (n)
WHERE elementId(n) = row.at
SET n = row.props
