UNWIND $rows AS row
CREATE (n:`Author`:Thing)-[:_SEARCH]->(t:SearchText:Bookkeeping)
SET n = row.props, t = row.fields
