UNWIND $rows AS row
MATCH ()-[e]->()
WHERE elementId(e) = row.at
SET e = row.props
