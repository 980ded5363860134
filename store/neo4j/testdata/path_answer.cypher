RETURN COLLECT {
  UNWIND $nodes AS at
  MATCH (n)
  WHERE elementId(n) = at
  RETURN [n.id, labels(n), n.version, []]
} AS nodes, COLLECT {
  UNWIND $edges AS at
  MATCH ()-[e]->()
  WHERE elementId(e) = at
  RETURN [e.id, type(e), e.version, startNode(e).id, endNode(e).id, [e.`role`]]
} AS edges
