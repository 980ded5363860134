UNWIND $elements AS at
MATCH (n)
WHERE elementId(n) = at
DELETE n
