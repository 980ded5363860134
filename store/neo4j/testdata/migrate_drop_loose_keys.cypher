MATCH (key:LookupKey)
WHERE NOT EXISTS { (key)--() }
WITH key
LIMIT $limit
DELETE key
RETURN count(*)
