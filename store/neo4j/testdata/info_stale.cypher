MATCH (n:Thing)
WHERE NOT n._text STARTS WITH $made
RETURN n.id
LIMIT 1
