UNWIND $rows AS row
MATCH (n)
WHERE elementId(n) = row.at
UNWIND row.keys AS name
MERGE (key:LookupKey {key: name})
ON CREATE SET key:Bookkeeping
CREATE (key)<-[:_KEY]-(n)
