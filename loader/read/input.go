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
	"io/fs"
	"os"
	"regexp"
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

var encodingAliases = map[string]string{"utf8": "utf-8", "latin1": "iso-8859-1", "latin-1": "iso-8859-1", "cp1252": "windows-1252", "utf-16": "utf-16le", "us-ascii": "utf-8"}

// marks are the byte-order marks, longest first.
var marks = []struct {
	bytes []byte
	name  string
}{
	{[]byte{0xEF, 0xBB, 0xBF}, "utf-8"},
	{[]byte{0xFF, 0xFE}, "utf-16le"},
	{[]byte{0xFE, 0xFF}, "utf-16be"},
}

// Input is a file that has been looked through once. It must be closed.
type Input struct {
	// name is the file's name for reports, inner that of the data file in it:
	// the two differ where the file is packed.
	name, inner string
	content     content
	packing     packing
	// workbook says that the content is an XLSX workbook, not text.
	workbook bool
	digest   string
	// head is the start of the text or workbook, as it stands in the file.
	head []byte
	// encoding is a key of encodings; guessed says that nothing declared it.
	encoding string
	guessed  bool
	mark     int
	// passed is the number of bytes read by who opened it.
	passed *atomic.Int64
}

// StandardInput is the path that means standard input.
const StandardInput = "-"

// Inspect reads the file once, in constant memory, for its digest and its
// encoding: a byte-order mark, else what an XML declaration says, else UTF-8
// where all of it is, else Windows-1252, of which Latin-1 is a part. A file
// that is UTF-8 but for a few bytes is refused: whichever way it were read, text
// would be spoilt.
//
// Files packed by gzip or zip are read as what is in them: the digest is that of
// the data, however it is packed. Standard input is spooled to a temporary file.
// It fails with ErrNoInput where there is nothing to read, with ErrFile where it
// cannot be read, and with ErrTooLarge too where the file unpacks to too much.
func Inspect(ctx context.Context, path, name, declared string) (*Input, error) {
	if path == StandardInput {
		if name == "" || name == StandardInput {
			name = "standard input"
		}
		return FromReader(ctx, name, os.Stdin, declared)
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil, fmt.Errorf("%w: %s does not exist", rows.ErrNoInput, name)
	case err != nil:
		return nil, fmt.Errorf("%w: %s: %w", rows.ErrNoInput, name, withoutPath(err))
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%w: %s is no regular file", rows.ErrNoInput, name)
	}
	return inspect(ctx, name, content{path: path, size: info.Size()}, declared)
}

// FromBytes is Inspect of data in memory.
func FromBytes(ctx context.Context, name string, data []byte, declared string) (*Input, error) {
	return inspect(ctx, name, content{at: bytes.NewReader(data), size: int64(len(data))}, declared)
}

// FromReader is Inspect of a stream, which is spooled to a temporary file until
// the input is closed. Where the context ends first, one read of the stream may
// still be under way.
func FromReader(ctx context.Context, name string, r io.Reader, declared string) (*Input, error) {
	s, err := spoolFrom(ctx, name, r)
	if err != nil {
		return nil, err
	}
	return inspect(ctx, name, s.content(), declared)
}

func inspect(ctx context.Context, name string, c content, declared string) (*Input, error) {
	in := &Input{name: name, inner: name, content: c, passed: new(atomic.Int64)}
	err := in.unpack(ctx)
	if err == nil {
		err = in.scan(ctx, declared)
	}
	if err != nil {
		return nil, errors.Join(err, in.Close())
	}
	return in, nil
}

// Close removes what was spooled.
func (in *Input) Close() error { return in.content.close() }

// headSize is how much of the file's start is kept.
const headSize = 64 << 10

// scan reads all of the data for its digest and encoding.
func (in *Input) scan(ctx context.Context, declared string) (err error) {
	r, closer, err := in.open(new(atomic.Int64))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closer.Close()) }()
	hash, scan := sha256.New(), utf8Scan{line: 1}
	buf := make([]byte, 256<<10)
	for first := true; ; first = false {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, err := io.ReadFull(r, buf)
		if first {
			in.head = bytes.Clone(buf[:min(n, headSize)])
			in.encoding, in.mark = markOf(in.head)
		}
		hash.Write(buf[:n])
		if !in.workbook {
			scan.write(buf[:n])
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			break
		}
		if err != nil {
			return in.readFailed(err)
		}
	}
	in.digest = hex.EncodeToString(hash.Sum(nil))
	if in.workbook {
		return nil
	}
	scan.end()
	return in.choose(declared, scan)
}

// readFailed says that the data cannot be read: the file's fault where it is
// packed.
func (in *Input) readFailed(err error) error {
	switch {
	case errors.Is(err, rows.ErrFile):
		return err
	case in.packing.how != "":
		return fmt.Errorf("%w: %s: it cannot be unpacked: %w", rows.ErrFile, in.name, err)
	}
	return fmt.Errorf("%w: %s: %w", rows.ErrNoInput, in.name, withoutPath(err))
}

// withoutPath is the error without the path of the file: that is not for
// whoever is told.
func withoutPath(err error) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Err
	}
	return err
}

func markOf(head []byte) (string, int) {
	for _, m := range marks {
		if bytes.HasPrefix(head, m.bytes) {
			return m.name, len(m.bytes)
		}
	}
	return "", 0
}

// wide says which UTF-16 the text is in, going by the zero bytes at its start,
// or "".
func wide(head []byte) string {
	head = head[:min(len(head), 16)&^1]
	if len(head) < 4 {
		return ""
	}
	even, odd := 0, 0
	for i := 0; i < len(head); i += 2 {
		if head[i] == 0 {
			even++
		}
		if head[i+1] == 0 {
			odd++
		}
	}
	switch {
	case odd == len(head)/2 && even == 0:
		return "utf-16le"
	case even == len(head)/2 && odd == 0:
		return "utf-16be"
	}
	return ""
}

// xmlEncoding finds the encoding that an XML declaration names.
var xmlEncoding = regexp.MustCompile(`^\s*<\?xml[^>]{0,200}?\sencoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']`)

func (in *Input) choose(declared string, scan utf8Scan) error {
	if m := xmlEncoding.FindSubmatch(in.head); m != nil && declared == "" && in.mark == 0 {
		declared = string(m[1])
	}
	if declared != "" {
		name := strings.ToLower(declared)
		if alias, ok := encodingAliases[name]; ok && !(name == "utf-16" && in.encoding == "utf-16be") {
			name = alias
		} else if ok {
			name = in.encoding
		}
		if _, ok := encodings[name]; !ok {
			return fmt.Errorf("%w: %.40q is no encoding that can be read: it is one of %s", rows.ErrFile, declared, strings.Join(Encodings(), ", "))
		}
		if name != in.encoding {
			in.encoding, in.mark = name, 0
		}
	}
	if declared == "" && in.encoding == "" {
		in.encoding = wide(in.head)
		switch {
		case in.encoding != "":
			in.guessed = true
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
	return in.textCounted(in.passed)
}

func (in *Input) textCounted(passed *atomic.Int64) (*bufio.Reader, io.Closer, error) {
	if in.workbook {
		return nil, nil, fmt.Errorf("%w: %s is an XLSX workbook, not text", rows.ErrFile, in.name)
	}
	r, closer, err := in.open(passed)
	if err != nil {
		return nil, nil, err
	}
	if _, err := io.CopyN(io.Discard, r, int64(in.mark)); err != nil {
		return nil, nil, errors.Join(in.readFailed(err), closer.Close())
	}
	if in.encoding != "utf-8" {
		r = encodings[in.encoding].NewDecoder().Reader(r)
	}
	return bufio.NewReaderSize(r, 256<<10), closer, nil
}

func (in *Input) notes() []string {
	var notes []string
	if in.inner != in.name {
		notes = append(notes, "read from the packed file: "+rows.Shorten(in.inner, 200))
	}
	if in.guessed {
		notes = append(notes, "the file is not UTF-8: read as "+in.encoding)
	}
	return notes
}
