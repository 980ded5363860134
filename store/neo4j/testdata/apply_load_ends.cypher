UNWIND $ids AS id
MATCH (n:Thing|Internal {id: id})
RETURN id, labels(n), n.version
