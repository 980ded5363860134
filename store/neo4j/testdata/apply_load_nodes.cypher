UNWIND $ids AS id
MATCH (n:Thing|Internal {id: id})
RETURN id, elementId(n), labels(n), n.version, properties(n)
