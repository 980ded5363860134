MATCH (t:SearchText|SearchWord)
WITH t
LIMIT $limit
DETACH DELETE t
RETURN count(*)
