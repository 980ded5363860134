UNWIND $elements AS at
MATCH (n)
WHERE elementId(n) = at
MATCH (n)-[r:_KEY]->()
DELETE r
