package read

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"coopgraph/loader/rows"
)

// maxSpool is how much of a stream is spooled.
const maxSpool = 4 << 30

// content is an input's bytes as they were given.
type content struct {
	// path is a file that is opened for each reading; "" where at holds the
	// bytes.
	path string
	at   io.ReaderAt
	size int64
	// closer frees what at needs; it may be nil.
	closer io.Closer
}

func (c content) open(name string) (io.ReaderAt, io.Closer, error) {
	if c.path == "" {
		return c.at, io.NopCloser(nil), nil
	}
	f, err := os.Open(c.path)
	if err != nil {
		return nil, nil, fmt.Errorf("%w: %s: %w", rows.ErrNoInput, name, withoutPath(err))
	}
	return f, f, nil
}

func (c content) close() error {
	if c.closer == nil {
		return nil
	}
	return c.closer.Close()
}

// spool is a temporary file that nobody else sees: where the system allows it,
// it has no name, so that it is gone whatever becomes of the process.
type spool struct {
	file *os.File
	size int64
	// left is the name that has to be removed, or "".
	left string
}

func newSpool() (*spool, error) {
	f, err := os.CreateTemp("", "coopgraph-*")
	if err != nil {
		return nil, fmt.Errorf("make a temporary file: %w", err)
	}
	s := &spool{file: f}
	if os.Remove(f.Name()) != nil {
		s.left = f.Name()
	}
	return s, nil
}

// Close removes the file.
func (s *spool) Close() error {
	err := s.file.Close()
	if s.left != "" {
		err = errors.Join(err, os.Remove(s.left))
	}
	return err
}

func (s *spool) content() content { return content{at: s.file, size: s.size, closer: s} }

// fill appends all of the stream.
func (s *spool) fill(ctx context.Context, name string, r io.Reader) error {
	w := bufio.NewWriterSize(s.file, 256<<10)
	buf := make([]byte, 64<<10)
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, err := r.Read(buf)
		if s.size += int64(n); s.size > maxSpool {
			return rows.TooLarge(name, "more than %d bytes come in", int64(maxSpool))
		}
		if _, err := w.Write(buf[:n]); err != nil {
			return fmt.Errorf("write a temporary file: %w", withoutPath(err))
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("write a temporary file: %w", withoutPath(err))
	}
	return nil
}

// spoolFrom spools a stream whose reads cannot be interrupted: where the
// context ends, it does not wait for the last one.
func spoolFrom(ctx context.Context, name string, r io.Reader) (*spool, error) {
	s, err := newSpool()
	if err != nil {
		return nil, err
	}
	done := make(chan error, 1)
	go func() { done <- s.fill(ctx, name, r) }()
	select {
	case err = <-done:
	case <-ctx.Done():
		err = ctx.Err()
	}
	if err == nil {
		return s, nil
	}
	if ctx.Err() == nil && !errors.Is(err, rows.ErrFile) {
		err = fmt.Errorf("%w: %s: %w", rows.ErrNoInput, name, err)
	}
	return nil, errors.Join(err, s.Close())
}
