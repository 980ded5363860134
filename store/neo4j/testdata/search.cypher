UNWIND range(0, size($queries) - 1) AS i
WITH i, $queries[i] AS q
CALL (q) {
  CALL db.index.fulltext.queryNodes($index, q.text, q.options) YIELD node
  WITH q, node
  ORDER BY node.id
  WITH q, collect(node)[..q.limit] AS nodes
  UNWIND nodes AS t
  MATCH (n:Thing)-[:_SEARCH]->(t)
  RETURN collect([n.id, labels(n), n.version, [n.`name`], COUNT { (n)--() } - COUNT { (n)-[:_SEARCH]-() }]) AS hits
}
RETURN i, hits
ORDER BY i
