UNWIND $rows AS row
MATCH (n)
WHERE elementId(n) = row.at
CREATE (n)-[:_SEARCH]->(t:SearchText:Bookkeeping)
SET t = row.fields
