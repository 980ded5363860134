UNWIND $ids AS id
MATCH (n:Thing|Internal {id: id})
RETURN id, COUNT { (n)--() } - COUNT { (n)-[:_SEARCH]-() }
