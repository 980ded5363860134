package sqlite

import "strings"

// sqlText is the statements of Apply whose columns the schema decides.
type sqlText struct {
	nodeLoad, endLoad, nodeInsert, nodeUpdate, farUpdate, hubUpdate, hubRebuild, hopInsert, hopDelete, documentInsert string
}

func (l *layout) applyText() sqlText {
	var t sqlText
	far := ""
	for _, p := range l.farSort {
		far += ", n.s_" + p
	}
	t.nodeLoad = `
SELECT n.n, n.id, n.kind, n.version, n.degree, n.legs, b.props, t.hash, t.analysis, t.words` + far + `
FROM json_each(?) i
CROSS JOIN node n ON n.id = i.value
CROSS JOIN body b ON b.n = n.n
LEFT JOIN text t ON t.n = n.n`
	t.endLoad = `
SELECT n.n, n.id, n.kind, n.version, n.degree, n.legs` + far + `
FROM json_each(?) i
CROSS JOIN node n ON n.id = i.value`
	fields := ""
	for _, f := range l.text {
		fields += ", t_" + f
	}
	t.documentInsert = "INSERT INTO search (rowid, kind" + fields + ")\nVALUES (?, ?" + strings.Repeat(", ?", len(l.text)) + ")"
	cols := l.nodeColumns()
	list, sets := "", ""
	for _, col := range cols {
		list += ", " + col
		sets += ", " + col + " = ?"
	}
	t.nodeInsert = "INSERT OR FAIL INTO node (n, id, kind, version, degree, legs" + list + ")"
	t.nodeUpdate = "UPDATE node\nSET version = ?" + sets + "\nWHERE n = ?"
	var names []string
	for _, p := range l.edgeSort {
		names = append(names, "s_"+p)
	}
	for _, p := range l.farSort {
		names = append(names, "f_"+p)
	}
	for _, p := range l.edgeWalk {
		names = append(names, "p_"+p.Name)
	}
	t.hopInsert = "INSERT OR FAIL INTO hop (" + strings.Join(append([]string{"node, leg, id, e, far, version, hub"}, names...), ", ") + ")"
	t.hopDelete = "DELETE FROM hop\nWHERE node = ?\n  AND leg = ?\n  AND id = ?"
	key := "id"
	if l.cluster != "" {
		t.hopDelete += "\n  AND s_" + l.cluster + " = ?"
		key = "s_" + l.cluster + ", id"
	}
	if len(l.farSort) > 0 {
		t.farUpdate = "UPDATE hop\nSET f_" + strings.Join(l.farSort, " = ?, f_") + " = ?\nWHERE (node, leg, " + key +
			") IN (\n  SELECT far, leg + 1 - 2 * (leg % 2), " + key + "\n  FROM hop\n  WHERE node = ?)\n  AND hub IS NOT NULL"
	}
	t.hubUpdate = "UPDATE hop\nSET hub = 1"
	for _, p := range l.farSort {
		t.hubUpdate += ", f_" + p + " = coalesce((SELECT s_" + p + " FROM node WHERE n = far), '')"
	}
	t.hubRebuild = t.hubUpdate + "\nWHERE (node, leg) IN (SELECT node, leg FROM hop GROUP BY node, leg HAVING count(*) > ?)"
	t.hubUpdate += "\nWHERE node = ?\n  AND leg = ?\n  AND hub IS NULL"
	return t
}

// nodeWidth is the number of columns of node that every schema has.
const nodeWidth = 6

// hopWidth is the number of columns of hop.
func (l *layout) hopWidth() int { return 7 + len(l.edgeSort) + len(l.farSort) + len(l.edgeWalk) }
