UNWIND $elements AS at
MATCH ()-[e]->()
WHERE elementId(e) = at
DELETE e
