UNWIND $rows AS row
CREATE (n:`Shelf`:Internal)
SET n = row.props
