package sqlite

import "strings"

// rowsAtOnce is the number of rows that one statement inserts: opening a
// table's indexes costs as much as writing a row of it.
const rowsAtOnce = 32

// inserts writes rows into one table, many with a statement. The rows that it
// has not written yet are written by flush.
type inserts struct {
	c         *conn
	one, many string
	width     int
	args      []any
}

// inserts starts to write with a statement that lacks its values, for example
// "INSERT INTO body (n, props)". A statement that fails half-way leaves rows
// behind: the transaction must not be committed.
func (c *conn) inserts(head string, width int) *inserts {
	row := "(?" + strings.Repeat(", ?", width-1) + ")"
	return &inserts{
		c: c, width: width,
		one:  head + "\nVALUES " + row,
		many: head + "\nVALUES " + row + strings.Repeat(", "+row, rowsAtOnce-1),
		args: make([]any, 0, width*rowsAtOnce),
	}
}

func (i *inserts) add(row ...any) error {
	i.args = append(i.args, row...)
	if len(i.args) < i.width*rowsAtOnce {
		return nil
	}
	err := i.c.exec(i.many, i.args...)
	i.args = i.args[:0]
	return err
}

func (i *inserts) flush() error {
	for from := 0; from < len(i.args); from += i.width {
		if err := i.c.exec(i.one, i.args[from:from+i.width]...); err != nil {
			return err
		}
	}
	i.args = i.args[:0]
	return nil
}
