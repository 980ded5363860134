package sqlite

import (
	"context"
	"database/sql/driver"
	"sync"
)

// The log is folded into the file beside the writer, on a connection of its
// own: the writer neither reads pages back nor waits for the disk. Where the
// writer is so much faster that the log grows beyond logMost, it does what is
// left itself, after which the log starts anew.
const (
	logWorth = 32_768 // pages
	logMost  = 2 * logWorth

	// The state of the log, without folding anything in.
	selectLog = "PRAGMA wal_checkpoint(NOOP)"
	foldLog   = "PRAGMA wal_checkpoint(PASSIVE)"
)

// folder folds the log into the file.
type folder struct {
	c *conn
	// busy is held while c is in use.
	busy sync.Mutex
}

// logged gives the number of pages in the log that are not in the file yet.
func logged(c *conn, pragma string) (pages int64, err error) {
	err = c.query(context.Background(), pragma, nil, func(row []driver.Value) error {
		pages = integer(row[1]) - integer(row[2])
		return nil
	})
	return pages, err
}

// follow is called after a commit on the writer's connection. An error is left
// to the next commit: what is in the log is safe there.
func (f *folder) follow(writer *conn) {
	switch pages, err := logged(writer, selectLog); {
	case err != nil || pages < logWorth:
	case pages >= logMost:
		f.busy.Lock()
		defer f.busy.Unlock()
		_, _ = logged(writer, foldLog)
	case f.busy.TryLock():
		go func() {
			defer f.busy.Unlock()
			_, _ = logged(f.c, foldLog)
		}()
	}
}

// close waits until nothing is being folded.
func (f *folder) close() error {
	f.busy.Lock()
	defer f.busy.Unlock()
	return f.c.close()
}
