// The values of list properties that are looked up stand on the node itself,
// each by its hash, as the words of one property: a node and a relationship
// for each value took half the time of writing.
DROP CONSTRAINT coop_lookup_key IF EXISTS;

CREATE FULLTEXT INDEX coop_keys IF NOT EXISTS
FOR (n:Thing|Internal)
ON EACH [n._keys]
OPTIONS {indexConfig: {`fulltext.analyzer`: 'whitespace', `fulltext.eventually_consistent`: false}};
