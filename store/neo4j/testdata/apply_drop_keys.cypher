UNWIND $rows AS row
MATCH (n)
WHERE elementId(n) = row.at
UNWIND row.keys AS name
MATCH (key:LookupKey {key: name})<-[r:_KEY]-(n)
DELETE r
WITH DISTINCT key
WHERE NOT EXISTS { (key)--() }
DELETE key
