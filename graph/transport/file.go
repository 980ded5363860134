package transport

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
)

// File is the content of an uploaded file, whole, in memory or in a temporary file. It
// is what stands in graphql.Upload's File: a resolver may read it anew from any place
// (io.NewSectionReader over it). When the resolvers of its request have ended it is
// gone, unless somebody retains it.
type File struct {
	*io.SectionReader
	discard func()

	mu      sync.Mutex
	holders int
}

func newFile(content io.ReaderAt, size int64, discard func()) *File {
	return &File{SectionReader: io.NewSectionReader(content, 0, size), discard: discard, holders: 1}
}

// Retain keeps the file readable until release is called, also after the end of its
// request: for work that goes on after the answer. release may be called again without
// effect.
func (f *File) Retain() (release func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.holders++
	return sync.OnceFunc(f.release)
}

// release ends one holder's use.
func (f *File) release() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.holders--
	if f.holders == 0 {
		f.discard()
	}
}

// errFileTooLarge: a file has more bytes than are allowed.
var errFileTooLarge = errors.New("the file is too large")

// spool reads a file of at most the given number of bytes, in memory as long as it
// fits. It fails with errFileTooLarge, with a *spoolError where there is no room for a
// temporary file, or with the reader's error.
func spool(content io.Reader, most, memory int64) (*File, error) {
	var start bytes.Buffer
	if _, err := io.Copy(&start, io.LimitReader(content, min(memory, most)+1)); err != nil {
		return nil, err
	}
	switch size := int64(start.Len()); {
	case size > most:
		return nil, errFileTooLarge
	case size <= memory:
		return newFile(bytes.NewReader(start.Bytes()), size, func() {}), nil
	}
	return spoolToDisk(io.MultiReader(&start, content), most)
}

// spoolError is the failure of the disk, not of the client.
type spoolError struct{ err error }

func (e *spoolError) Error() string { return fmt.Sprintf("keep an upload: %v", e.err) }
func (e *spoolError) Unwrap() error { return e.err }

// spoolToDisk reads a file into a temporary one. Where the system allows it, that one
// loses its name at once, so that nothing is left behind if the process dies.
func spoolToDisk(content io.Reader, most int64) (*File, error) {
	temporary, err := os.CreateTemp("", "coopgraph-upload-")
	if err != nil {
		return nil, &spoolError{err}
	}
	discard := func() { _ = temporary.Close() } // it was read only
	if err := os.Remove(temporary.Name()); err != nil {
		discard = func() { _ = errors.Join(temporary.Close(), os.Remove(temporary.Name())) }
	}
	size, err := io.Copy(disk{temporary}, io.LimitReader(content, most+1))
	if err == nil && size > most {
		err = errFileTooLarge
	}
	if err != nil {
		discard()
		return nil, err
	}
	return newFile(temporary, size, discard), nil
}

// disk tells a failure to write from one to read.
type disk struct{ file io.Writer }

func (d disk) Write(p []byte) (int, error) {
	n, err := d.file.Write(p)
	if err != nil {
		err = &spoolError{err}
	}
	return n, err
}
