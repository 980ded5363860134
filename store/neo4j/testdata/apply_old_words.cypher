UNWIND $elements AS at
MATCH (n)
WHERE elementId(n) = at
MATCH (n)-[:_SEARCH]->(t:SearchText)
RETURN t[$field]
