UNWIND $queries AS q
CALL db.index.fulltext.queryRelationships($index, q) YIELD relationship AS e
RETURN e.id, type(e), e.version, startNode(e).id, endNode(e).id, properties(e), elementId(e)
