// Package read reads the records of files, whatever their format, one at a
// time and in constant memory; it accounts for every one of them.
//
// It must not import the ontology or stores.
package read

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"coopgraph/loader/rows"
)

// encodings are those that --encoding takes.
var encodings = map[string]encoding.Encoding{
	"utf-8":        unicode.UTF8,
	"utf-16le":     unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM),
	"utf-16be":     unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM),
	"windows-1252": charmap.Windows1252,
	"iso-8859-1":   charmap.ISO8859_1,
	"iso-8859-15":  charmap.ISO8859_15,
}

// Encodings lists the names of the encodings that Options.Encoding takes.
func Encodings() []string {
	names := make([]string, 0, len(encodings))
	for name := range encodings {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

var encodingAliases = map[string]string{"utf8": "utf-8", "latin1": "iso-8859-1", "latin-1": "iso-8859-1", "cp1252": "windows-1252", "utf-16": "utf-16le"}

// marks are the byte-order marks, longest first.
var marks = []struct {
	bytes []byte
	name  string
}{
	{[]byte{0xEF, 0xBB, 0xBF}, "utf-8"},
	{[]byte{0xFF, 0xFE}, "utf-16le"},
	{[]byte{0xFE, 0xFF}, "utf-16be"},
}

// Input is a file that has been looked through once.
type Input struct {
	path string
	// name is the file's name for reports.
	name   string
	size   int64
	digest string
	// encoding is a key of encodings; guessed says that nothing declared it.
	encoding string
	guessed  bool
	mark     int
	// passed is the number of bytes read by who opened it.
	passed *atomic.Int64
}

// Inspect reads the file once, in constant memory, for its digest and its
// encoding: a byte-order mark, else UTF-8 where all of it is, else
// Windows-1252, of which Latin-1 is a part. A file that is UTF-8 but for a few
// bytes is refused: whichever way it were read, text would be spoilt.
func Inspect(ctx context.Context, path, name, declared string) (in *Input, err error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil, fmt.Errorf("%w: %s does not exist", rows.ErrNoInput, name)
	case err != nil:
		return nil, fmt.Errorf("%w: %s: %w", rows.ErrNoInput, name, err)
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%w: %s is no regular file", rows.ErrNoInput, name)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", rows.ErrNoInput, name, err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	in = &Input{path: path, name: name, size: info.Size(), passed: new(atomic.Int64)}
	hash, scan := sha256.New(), utf8Scan{line: 1}
	buf := make([]byte, 256<<10)
	for first := true; ; first = false {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		n, err := io.ReadFull(f, buf)
		if first {
			in.encoding, in.mark = markOf(buf[:n])
		}
		hash.Write(buf[:n])
		scan.write(buf[:n])
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("%w: %s: %w", rows.ErrNoInput, name, err)
		}
	}
	scan.end()
	in.digest = hex.EncodeToString(hash.Sum(nil))
	return in, in.choose(declared, scan)
}

func markOf(head []byte) (string, int) {
	for _, m := range marks {
		if bytes.HasPrefix(head, m.bytes) {
			return m.name, len(m.bytes)
		}
	}
	return "", 0
}

func (in *Input) choose(declared string, scan utf8Scan) error {
	if declared != "" {
		name := strings.ToLower(declared)
		if alias, ok := encodingAliases[name]; ok {
			name = alias
		}
		if _, ok := encodings[name]; !ok {
			return fmt.Errorf("%w: %.40q is no encoding that can be read: it is one of %s", rows.ErrFile, declared, strings.Join(Encodings(), ", "))
		}
		if name != in.encoding {
			in.encoding, in.mark = name, 0
		}
	}
	if declared == "" && in.encoding == "" {
		switch {
		case scan.bad == 0:
			in.encoding = "utf-8"
		case scan.good > 4*scan.bad:
			return rows.Unreadable(in.name, scan.first, "the file is UTF-8 but for %d places, of which this is the first; correct it or name its encoding", scan.bad)
		default:
			in.encoding, in.guessed = "windows-1252", true
		}
	}
	if in.encoding == "utf-8" && scan.bad > 0 {
		return rows.Unreadable(in.name, scan.first, "the text is not UTF-8")
	}
	return nil
}

// utf8Scan counts the characters beyond ASCII that are UTF-8, and the bytes
// that are not.
type utf8Scan struct {
	good, bad   int64
	line, first int
	rest        []byte
}

func (s *utf8Scan) write(p []byte) {
	if len(s.rest) > 0 {
		p = append(s.rest, p...)
		s.rest = nil
	}
	for len(p) > 0 {
		if p[0] < utf8.RuneSelf {
			if p[0] == '\n' {
				s.line++
			}
			p = p[1:]
			continue
		}
		if !utf8.FullRune(p) {
			s.rest = append([]byte(nil), p...)
			return
		}
		r, size := utf8.DecodeRune(p)
		s.count(r == utf8.RuneError && size == 1)
		p = p[size:]
	}
}

func (s *utf8Scan) end() {
	for range s.rest {
		s.count(true)
	}
}

func (s *utf8Scan) count(bad bool) {
	if !bad {
		s.good++
		return
	}
	if s.bad++; s.first == 0 {
		s.first = s.line
	}
}

// text gives the file's text in UTF-8, without its byte-order mark.
func (in *Input) text() (*bufio.Reader, io.Closer, error) {
	f, err := os.Open(in.path)
	if err != nil {
		return nil, nil, fmt.Errorf("%w: %s: %w", rows.ErrNoInput, in.name, err)
	}
	if _, err := f.Seek(int64(in.mark), io.SeekStart); err != nil {
		return nil, nil, errors.Join(fmt.Errorf("%w: %s: %w", rows.ErrNoInput, in.name, err), f.Close())
	}
	counted := io.TeeReader(f, counter{in.passed})
	if in.encoding == "utf-8" {
		return bufio.NewReaderSize(counted, 256<<10), f, nil
	}
	return bufio.NewReaderSize(encodings[in.encoding].NewDecoder().Reader(counted), 256<<10), f, nil
}

// counter counts what is written to it.
type counter struct{ n *atomic.Int64 }

func (c counter) Write(p []byte) (int, error) {
	c.n.Add(int64(len(p)))
	return len(p), nil
}

func (in *Input) notes() []string {
	if in.guessed {
		return []string{"the file is not UTF-8: read as " + in.encoding}
	}
	return nil
}
