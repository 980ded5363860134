package read

import (
	"archive/zip"
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"sync/atomic"

	"coopgraph/loader/rows"
)

// The limits of what a packed file may hold. Real lists shrink to between a
// third and a fiftieth; files made to fill a disk to a thousandth.
const (
	// maxUnpacked is how many bytes may come out of a packed file.
	maxUnpacked = 4 << 30
	// maxRatio is how many times larger than what it is packed into data may
	// be, once it is larger than freeUnpacked.
	maxRatio     = 200
	freeUnpacked = 32 << 20
	// maxDirectory is how many bytes of a zip file's table of contents are
	// read.
	maxDirectory = 2 << 20
)

// packing is how the data stands in its file.
type packing struct {
	// how is "gzip", "zip" or "".
	how string
	// entry is the data's place in a zip file's table of contents.
	entry int
}

// refused are formats that cannot be read, by the bytes that they start with.
var refused = []struct{ magic, what string }{
	{"\xfd7zXZ\x00", "packed by xz: unpack it first"},
	{"\x28\xb5\x2f\xfd", "packed by zstd: unpack it first"},
	{"BZh", "packed by bzip2: unpack it first"},
	{"7z\xbc\xaf\x27\x1c", "packed by 7-Zip: unpack it first"},
	{"Rar!", "packed by RAR: unpack it first"},
	{"%PDF-", "a PDF: save the table as XLSX or CSV"},
	{"SQLite format 3\x00", "a database, not a list"},
	{"PAR1", "a Parquet file: save the table as CSV"},
}

const (
	gzipMagic = "\x1f\x8b"
	oleMagic  = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
)

// zipMagics start a zip file, the second an empty one.
var zipMagics = []string{"PK\x03\x04", "PK\x05\x06"}

func isZip(head []byte) bool {
	return slices.ContainsFunc(zipMagics, func(m string) bool { return bytes.HasPrefix(head, []byte(m)) })
}

// unpack finds out how the data is packed. A workbook that is packed itself is
// spooled: it has to be read in any order.
func (in *Input) unpack(ctx context.Context) error {
	head, err := in.peek()
	if err != nil {
		return err
	}
	if err := in.lookInto(head); err != nil || in.packing.how == "" {
		return err
	}
	head, err = in.peek()
	if err != nil {
		return err
	}
	if isZip(head) {
		if err := in.spoolUnpacked(ctx); err != nil {
			return err
		}
		if err := in.lookInto(head); err != nil {
			return err
		}
		if in.packing.how == "" {
			return nil
		}
	}
	if in.packing.how == "zip" && isZip(head) || bytes.HasPrefix(head, []byte(gzipMagic)) {
		return fmt.Errorf("%w: %s: the file is packed twice: unpack it first", rows.ErrFile, in.name)
	}
	return in.refuse(head)
}

// lookInto sets packing and workbook by the content's first bytes.
func (in *Input) lookInto(head []byte) error {
	switch {
	case isZip(head):
		return in.lookIntoZip()
	case bytes.HasPrefix(head, []byte(gzipMagic)):
		in.packing = packing{how: "gzip"}
		for _, ending := range []string{".gz", ".gzip"} {
			in.inner = strings.TrimSuffix(in.inner, ending)
		}
		return nil
	}
	return in.refuse(head)
}

func (in *Input) refuse(head []byte) error {
	if bytes.HasPrefix(head, []byte(oleMagic)) {
		what := "an Excel workbook of the format before 2007 (.xls)"
		if bytes.Contains(head, []byte("E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00")) {
			what = "an encrypted Excel workbook"
		}
		return fmt.Errorf("%w: %s is %s: open it in a spreadsheet program and save it as XLSX without a password, or as CSV", rows.ErrFile, in.name, what)
	}
	for _, r := range refused {
		if bytes.HasPrefix(head, []byte(r.magic)) {
			return fmt.Errorf("%w: %s is %s", rows.ErrFile, in.name, r.what)
		}
	}
	return nil
}

// peek gives the start of the data.
func (in *Input) peek() (head []byte, err error) {
	r, closer, err := in.open(new(atomic.Int64))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, closer.Close()) }()
	head = make([]byte, headSize)
	n, err := io.ReadFull(r, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, in.readFailed(err)
	}
	return head[:n], nil
}

// spoolUnpacked replaces the content by what is packed in it.
func (in *Input) spoolUnpacked(ctx context.Context) (err error) {
	r, closer, err := in.open(new(atomic.Int64))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closer.Close()) }()
	s, err := newSpool()
	if err != nil {
		return err
	}
	if err := s.fill(ctx, in.name, r); err != nil {
		return errors.Join(in.readFailed(err), s.Close())
	}
	old := in.content
	in.content, in.packing = s.content(), packing{}
	return old.close()
}

// open gives the data, unpacked. What is read of the file is counted.
func (in *Input) open(passed *atomic.Int64) (io.Reader, io.Closer, error) {
	at, closer, err := in.content.open(in.name)
	if err != nil {
		return nil, nil, err
	}
	counted := &countedAt{r: at, n: passed}
	r, err := in.unpacked(counted)
	if err != nil {
		return nil, nil, errors.Join(err, closer.Close())
	}
	return r, closer, nil
}

func (in *Input) unpacked(at *countedAt) (io.Reader, error) {
	switch in.packing.how {
	case "gzip":
		z, err := gzip.NewReader(bufio.NewReaderSize(io.NewSectionReader(at, 0, in.content.size), 64<<10))
		if err != nil {
			return nil, in.readFailed(err)
		}
		return &unpacking{name: in.name, r: z, packed: func() int64 { return at.own }}, nil
	case "zip":
		z, err := in.directory(at)
		if err != nil {
			return nil, err
		}
		f := z.File[in.packing.entry]
		r, err := f.Open()
		if err != nil {
			return nil, in.readFailed(err)
		}
		return &unpacking{name: in.name, r: r, packed: func() int64 { return int64(min(f.CompressedSize64, maxUnpacked)) }}, nil
	}
	return io.NewSectionReader(at, 0, in.content.size), nil
}

// directory reads a zip file's table of contents and holds it against the
// limits, before anything is unpacked.
func (in *Input) directory(at io.ReaderAt) (*zip.Reader, error) {
	limited := &limitedAt{r: at, left: maxDirectory}
	z, err := zip.NewReader(limited, in.content.size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		if limited.left < 0 {
			return nil, rows.TooLarge(in.name, "its table of contents is longer than %d bytes", maxDirectory)
		}
		return nil, fmt.Errorf("%w: %s: the zip file is damaged: %w", rows.ErrFile, in.name, err)
	}
	limited.all = true
	var sum uint64
	for _, f := range z.File {
		if unsafeName(f.Name) {
			return nil, fmt.Errorf("%w: %s: the zip file holds the unsafe name %.100q", rows.ErrFile, in.name, f.Name)
		}
		sum += min(f.UncompressedSize64, maxUnpacked+1)
		if sum > maxUnpacked {
			return nil, rows.TooLarge(in.name, "it unpacks to more than %d bytes", int64(maxUnpacked))
		}
		if tooDense(f.UncompressedSize64, f.CompressedSize64) {
			return nil, rows.TooLarge(in.name, "%.100q in it unpacks to more than %d times its size", f.Name, maxRatio)
		}
	}
	if tooDense(sum, uint64(in.content.size)) {
		return nil, rows.TooLarge(in.name, "it unpacks to more than %d times its size", maxRatio)
	}
	return z, nil
}

func tooDense(unpacked, packed uint64) bool {
	return unpacked > freeUnpacked && unpacked/maxRatio > packed
}

// unsafeName says whether a name would lead out of the folder it were unpacked
// to. Nothing is ever unpacked by its name: whoever writes one means no good.
func unsafeName(name string) bool {
	if strings.ContainsAny(name, "\x00") || path.IsAbs(name) || len(name) > 1 && name[1] == ':' {
		return true
	}
	return slices.Contains(strings.FieldsFunc(name, func(r rune) bool { return r == '/' || r == '\\' }), "..")
}

// lookIntoZip finds out whether a zip file is a workbook, else which of its
// files is the data.
func (in *Input) lookIntoZip() (err error) {
	at, closer, err := in.content.open(in.name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closer.Close()) }()
	z, err := in.directory(at)
	if err != nil {
		return err
	}
	var files, likely []int
	for i, f := range z.File {
		switch base := path.Base(f.Name); {
		case f.Name == "[Content_Types].xml":
			in.workbook = true
			return nil
		case strings.HasSuffix(f.Name, "/"), strings.HasPrefix(f.Name, "__MACOSX/"), strings.HasPrefix(base, "."):
		default:
			files = append(files, i)
			if isDataName(base) {
				likely = append(likely, i)
			}
		}
	}
	if len(files) != 1 {
		files = likely
	}
	if len(files) != 1 {
		return fmt.Errorf("%w: %s: want one list in the zip file, have %d: %s", rows.ErrFile, in.name, len(files), rows.Shorten(names(z), 500))
	}
	f := z.File[files[0]]
	if f.Flags&1 != 0 {
		return fmt.Errorf("%w: %s: the zip file is encrypted: unpack it first", rows.ErrFile, in.name)
	}
	in.packing, in.inner = packing{how: "zip", entry: files[0]}, path.Base(f.Name)
	return nil
}

func names(z *zip.Reader) string {
	var out []string
	for _, f := range z.File[:min(len(z.File), 30)] {
		out = append(out, f.Name)
	}
	return strings.Join(out, ", ")
}

// isDataName says whether the name is that of a list rather than of what
// explains it.
func isDataName(name string) bool {
	name = strings.ToLower(name)
	for _, start := range []string{"readme", "license", "licence", "metadata", "schema"} {
		if strings.HasPrefix(name, start) {
			return false
		}
	}
	_, known := endings[path.Ext(strings.TrimSuffix(name, ".gz"))]
	return known
}

// errCut is io.ErrUnexpectedEOF of the packing, as against one of whoever reads.
var errCut = errors.New("the packed file is cut")

// unpacking holds what comes out against the limits as it comes.
type unpacking struct {
	name   string
	r      io.Reader
	packed func() int64
	n      int64
}

func (u *unpacking) Read(p []byte) (int, error) {
	n, err := u.r.Read(p)
	u.n += int64(n)
	switch {
	case u.n > maxUnpacked:
		return 0, rows.TooLarge(u.name, "it unpacks to more than %d bytes", int64(maxUnpacked))
	case tooDense(uint64(u.n), uint64(u.packed())):
		return 0, rows.TooLarge(u.name, "it unpacks to more than %d times its size", maxRatio)
	case errors.Is(err, io.ErrUnexpectedEOF):
		err = errCut
	}
	return n, err
}

// countedAt counts what is read.
type countedAt struct {
	r io.ReaderAt
	n *atomic.Int64
	// own is what this one alone has read.
	own int64
}

func (c *countedAt) ReadAt(p []byte, off int64) (int, error) {
	n, err := c.r.ReadAt(p, off)
	c.n.Add(int64(n))
	c.own += int64(n)
	return n, err
}

// limitedAt reads no more than it has left, until it may read all.
type limitedAt struct {
	r    io.ReaderAt
	left int64
	all  bool
}

func (l *limitedAt) ReadAt(p []byte, off int64) (int, error) {
	if !l.all {
		if l.left -= int64(len(p)); l.left < 0 {
			return 0, errors.New("the limit is reached")
		}
	}
	return l.r.ReadAt(p, off)
}
