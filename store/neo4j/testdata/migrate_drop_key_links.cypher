MATCH (:LookupKey)<-[r:_KEY]-()
WITH r
LIMIT $limit
DELETE r
RETURN count(*)
