UNWIND $ids AS id
MATCH (n:Thing|Internal {id: id})
RETURN n.id, labels(n), n.version, properties(n)
