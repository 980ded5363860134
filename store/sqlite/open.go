// Package sqlite keeps a graph in one SQLite file: the embedded adapter of the
// port coopgraph/store. It must not import anything of the program but that.
//
// One connection writes, behind a lock, in immediate transactions; as many as
// there are processors read, each in a transaction of its own, so that every
// answer is of one moment.
package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/url"
	"os"
	"runtime"
	"sync"

	"coopgraph/store"
)

const (
	writerPragmas = "_txlock=immediate" +
		"&_pragma=busy_timeout(5000)" +
		"&_pragma=journal_mode(WAL)" +
		"&_pragma=synchronous(FULL)" +
		"&_pragma=secure_delete(ON)" +
		"&_pragma=temp_store(MEMORY)" +
		"&_pragma=wal_autocheckpoint(0)" +
		"&_pragma=journal_size_limit(67108864)" +
		"&_pragma=trusted_schema(OFF)"
	folderPragmas = "_pragma=busy_timeout(5000)" +
		"&_pragma=synchronous(FULL)" +
		"&_pragma=cache_size(-64)" +
		"&_pragma=wal_autocheckpoint(0)" +
		"&_pragma=journal_size_limit(67108864)" +
		"&_pragma=trusted_schema(OFF)"
	readerPragmas = "mode=ro" +
		"&_txlock=deferred" +
		"&_pragma=busy_timeout(5000)" +
		"&_pragma=temp_store(MEMORY)" +
		"&_pragma=query_only(ON)" +
		"&_pragma=trusted_schema(OFF)"

	// What is kept in memory, and how much of the file is mapped: usually, and
	// with LowMemory.
	writerMemory    = "&_pragma=cache_size(-65536)"
	readerMemory    = "&_pragma=cache_size(-16384)&_pragma=mmap_size(1073741824)"
	writerLowMemory = "&_pragma=cache_size(-24576)"
	readerLowMemory = "&_pragma=cache_size(-4096)&_pragma=mmap_size(0)"
)

// Store is a graph in a SQLite file. It is safe for concurrent use.
type Store struct {
	*layout
	path    string
	readers int
	version int
	// low is LowMemory.
	low bool
	// writer holds the one connection that writes, pool those that read; a
	// connection is taken out while it is in use.
	writer chan *conn
	pool   chan *conn
	// watch holds the one connection that sees whether others have written.
	watch  chan *conn
	folder folder
	closed chan struct{}
	once   sync.Once
	// seen, in tests, is told each statement.
	seen func(query string)
}

var _ store.Store = (*Store)(nil)

// Option changes how a file is opened.
type Option func(*Store)

// Readers sets the number of connections that read; the default is the number
// of processors.
func Readers(n int) Option {
	return func(s *Store) { s.readers = max(n, 1) }
}

// LowMemory bounds what the store keeps in memory whatever the size of the
// file, some 100 MB while it writes and 60 MB else, and maps none of the file:
// for a process that loads long lists and answers nobody. Reads are slower.
func LowMemory() Option {
	return func(s *Store) { s.low = true }
}

// Open opens the file at path, and makes it where it is absent, for a graph of
// this schema: it applies the migrations that are missing and makes again the
// indexes that the schema has changed. It fails with store.ErrInvalid for a
// bad schema, store.ErrNewer for a file of a newer program, store.ErrCorrupt
// for a damaged file or one that is not Coopgraph's, which it leaves alone,
// and store.ErrUnavailable where the file cannot be reached.
func Open(ctx context.Context, path string, schema store.Schema, opts ...Option) (*Store, error) {
	l, err := newLayout(schema)
	if err != nil {
		return nil, err
	}
	s := &Store{
		layout:  l,
		path:    path,
		readers: runtime.GOMAXPROCS(0),
		writer:  make(chan *conn, 1),
		watch:   make(chan *conn, 1),
		closed:  make(chan struct{}),
	}
	for _, o := range opts {
		o(s)
	}
	if err := s.open(ctx); err != nil {
		return nil, fmt.Errorf("open SQLite store: %w", translate(ctx, err))
	}
	return s, nil
}

func (s *Store) open(ctx context.Context) (err error) {
	// A log that outlived its program was not folded in by a clean stop.
	log, statErr := os.Stat(s.path + "-wal")
	unclean := statErr == nil && log.Size() > 0
	if s.version, err = migrate(ctx, s.path, s.writerDSN()); err != nil {
		return err
	}
	w, err := dial(s.writerDSN())
	if err != nil {
		return err
	}
	s.pool = make(chan *conn, s.readers)
	defer func() {
		if err != nil {
			for len(s.pool) > 0 {
				_ = (<-s.pool).close()
			}
			for len(s.watch) > 0 {
				_ = (<-s.watch).close()
			}
			if s.folder.c != nil {
				_ = s.folder.close()
			}
			_ = w.close()
		}
	}()
	if unclean {
		problems, err := quickCheck(ctx, w)
		if err != nil {
			return err
		}
		if len(problems) > 0 {
			return fmt.Errorf("%w: %s", store.ErrCorrupt, problems[0])
		}
	}
	if err := s.build(ctx, w); err != nil {
		return err
	}
	if s.folder.c, err = dial(s.dsn(folderPragmas)); err != nil {
		return err
	}
	for range s.readers {
		r, err := dial(s.readerDSN())
		if err != nil {
			return err
		}
		s.pool <- r
	}
	watch, err := dial(s.readerDSN())
	if err != nil {
		return err
	}
	s.watch <- watch
	s.writer <- w
	return nil
}

func (s *Store) writerDSN() string {
	if s.low {
		return s.dsn(writerPragmas + writerLowMemory)
	}
	return s.dsn(writerPragmas + writerMemory)
}

func (s *Store) readerDSN() string {
	if s.low {
		return s.dsn(readerPragmas + readerLowMemory)
	}
	return s.dsn(readerPragmas + readerMemory)
}

func (s *Store) dsn(pragmas string) string { return fileURL(s.path) + "?" + pragmas }

func fileURL(path string) string {
	return "file:" + (&url.URL{Path: path}).EscapedPath()
}

// read runs f in a transaction that sees the graph of one moment.
func (s *Store) read(ctx context.Context, f func(c *conn) error) error {
	c, err := s.take(ctx, s.pool)
	if err != nil {
		return err
	}
	defer func() { s.pool <- c }()
	if err := c.exec("BEGIN"); err != nil {
		return translate(ctx, err)
	}
	err = f(c)
	if e := c.exec("ROLLBACK"); err == nil {
		err = e
	}
	return translate(ctx, err)
}

var errClosed = fmt.Errorf("%w: the store is closed", store.ErrUnavailable)

func (s *Store) take(ctx context.Context, from chan *conn) (*conn, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	select {
	case <-s.closed:
		return nil, errClosed
	default:
	}
	select {
	case c := <-from:
		c.seen = s.seen
		return c, nil
	case <-s.closed:
		return nil, errClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Ping reads from the file.
func (s *Store) Ping(ctx context.Context) error {
	return s.read(ctx, func(c *conn) error {
		_, err := c.value(ctx, "SELECT value FROM meta LIMIT 1")
		return err
	})
}

// Info gives the engine and what PRAGMA quick_check finds, which reads the
// whole file.
func (s *Store) Info(ctx context.Context) (store.Info, error) {
	info := store.Info{Migration: s.version}
	err := s.read(ctx, func(c *conn) error {
		v, err := c.value(ctx, "SELECT sqlite_version()")
		if err != nil {
			return err
		}
		info.Engine = "SQLite " + text(v)
		if info.Problems, err = quickCheck(ctx, c); err != nil {
			return err
		}
		stale, err := c.value(ctx, "SELECT count(*) FROM text WHERE analysis <> ?", int64(s.schema.Analysis))
		if err == nil && integer(stale) > 0 {
			info.Problems = append(info.Problems, fmt.Sprintf(
				"%d nodes are indexed by another version of the text analysis than %d", integer(stale), s.schema.Analysis))
		}
		return err
	})
	return info, err
}

func quickCheck(ctx context.Context, c *conn) (problems []string, err error) {
	err = c.queryLong(ctx, "PRAGMA quick_check", nil, func(row []driver.Value) error {
		if line := text(row[0]); line != "ok" {
			problems = append(problems, line)
		}
		return nil
	})
	return problems, err
}

// Close waits for the calls under way, takes the tokens of deleted nodes out of
// the file, folds the log into it and closes it. Later calls fail with store.ErrUnavailable. Where the context ends
// first, it leaves the connections in use open.
func (s *Store) Close(ctx context.Context) (err error) {
	s.once.Do(func() {
		close(s.closed)
		readers := []chan *conn{s.watch}
		for range s.readers {
			readers = append(readers, s.pool)
		}
		for _, from := range readers {
			select {
			case c := <-from:
				err = errors.Join(err, c.close())
			case <-ctx.Done():
				err = errors.Join(err, ctx.Err())
				return
			}
		}
		select {
		case w := <-s.writer:
			err = errors.Join(err, s.folder.close(), purge(ctx, w))
			_, e := w.value(context.WithoutCancel(ctx), "PRAGMA wal_checkpoint(TRUNCATE)")
			err = errors.Join(err, e, w.close())
		case <-ctx.Done():
			err = errors.Join(err, ctx.Err())
		}
	})
	return translate(ctx, err)
}
