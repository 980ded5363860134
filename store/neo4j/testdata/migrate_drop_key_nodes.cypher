MATCH (key:LookupKey)
WITH key
LIMIT $limit
DELETE key
RETURN count(*)
