UNWIND $elements AS at
MATCH (n)
WHERE elementId(n) = at
MATCH (n)-[:_SEARCH]->(t:SearchText)
DETACH DELETE t
