UNWIND $ids AS id
MATCH (n:Thing {id: id})
RETURN n.id, elementId(n)
