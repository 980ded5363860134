package read_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"coopgraph/loader/read"
	"coopgraph/loader/rows"
)

func gzipped(t testing.TB, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// entry is a file in a zip file.
type entry struct {
	name string
	data []byte
}

func zipped(t testing.TB, entries ...entry) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, e := range entries {
		how := zip.Deflate
		if len(e.data) < 64<<10 {
			how = zip.Store // fuzzing is slow otherwise
		}
		f, err := w.CreateHeader(&zip.FileHeader{Name: e.name, Method: how})
		if err == nil {
			_, err = f.Write(e.data)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const small = "id,name\n1,A\n"

var csv = read.Spec{Format: read.FormatCSV}

// However a list is packed, the same rows come out and it counts as the same
// file.
func TestPackedFilesAreReadAsWhatIsInThem(t *testing.T) {
	plain, err := read.FromBytes(t.Context(), "list.csv", []byte(small), "")
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{
		"list.csv.gz": gzipped(t, []byte(small)),
		"several.gz":  append(gzipped(t, []byte(small[:5])), gzipped(t, []byte(small[5:]))...),
		"list.zip":    zipped(t, entry{"folder/", nil}, entry{"folder/list.csv", []byte(small)}, entry{"__MACOSX/list.csv", []byte("x")}, entry{".DS_Store", []byte("x")}),
		"readme.zip":  zipped(t, entry{"README.txt", []byte("x")}, entry{"list.csv", []byte(small)}, entry{"logo.png", []byte("x")}),
	} {
		in, err := read.FromBytes(t.Context(), name, data, "")
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if in.Digest() != plain.Digest() || in.Format() != read.FormatCSV || in.Size() != int64(len(data)) {
			t.Errorf("%s: digest %s, format %q, size %d", name, in.Digest(), in.Format(), in.Size())
		}
		l, err := list(t.Context(), in, csv, table{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		same(t, []string{`2 {"id":"1","name":"A"}`}, l.lines())
	}
}

// What cannot be unpacked, or not with certainty, is refused with the reason.
func TestUnreadablePackingIsRefused(t *testing.T) {
	whole := gzipped(t, []byte(strings.Repeat(small, 1000)))
	for want, data := range map[string][]byte{
		"want one list in the zip file, have 2: a.csv, b.csv": zipped(t, entry{"a.csv", nil}, entry{"b.csv", nil}),
		"have 0": zipped(t),
		"holds the unsafe name \"../../etc/list.csv\"": zipped(t, entry{"../../etc/list.csv", []byte(small)}),
		"holds the unsafe name \"/list.csv\"":          zipped(t, entry{"/list.csv", []byte(small)}),
		"packed twice":                                 gzipped(t, gzipped(t, []byte(small))),
		"packed by xz":                                 []byte("\xfd7zXZ\x00..."),
		"the packed file is cut":                       whole[:len(whole)/2],
		"the zip file is damaged":                      zipped(t, entry{"a.csv", []byte(small)})[:60],
	} {
		_, err := read.FromBytes(t.Context(), "list", data, "")
		refused(t, err, want)
	}
}

// bomb is some hundred kilobytes that unpack to a gigabyte.
func bomb(t testing.TB) []byte {
	t.Helper()
	block := gzipped(t, make([]byte, 16<<20))
	return bytes.Repeat(block, 64)
}

// SAFETY row 64, for lists: a file that unpacks to a thousand times its size is
// refused.
func TestRow64PackedBombsAreRefused(t *testing.T) {
	forged := zipped(t, entry{"list.csv", make([]byte, 64<<20)})
	for name, data := range map[string][]byte{"gzip": bomb(t), "zip": forged} {
		_, err := read.FromBytes(t.Context(), name, data, "")
		refused(t, err, "unpacks to more than 200 times its size")
		if !errors.Is(err, rows.ErrTooLarge) {
			t.Errorf("%s: %v is not ErrTooLarge", name, err)
		}
	}
}

// SAFETY row 64: a table of contents that plays the sizes down does not help.
func TestRow64ForgedSizesAreRefused(t *testing.T) {
	data := zipped(t, entry{"list.csv", make([]byte, 64<<20)})
	at := bytes.LastIndex(data, []byte("PK\x01\x02"))
	copy(data[at+24:], []byte{100, 0, 0, 0})
	begun := time.Now()
	_, err := read.FromBytes(t.Context(), "list.zip", data, "")
	refused(t, err, "cannot be unpacked")
	if spent := time.Since(begun); spent > 30*time.Second {
		t.Errorf("it took %v", spent)
	}
}

// SAFETY row 75: what is no file to read is refused within a second; a link to
// one is followed.
func TestRow75WhatIsNoFileIsRefused(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	if err := os.WriteFile(at("list.csv"), []byte(small), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(at("closed.csv"), []byte(small), 0o000); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(at("fifo"), 0o600); err != nil {
		t.Fatal(err)
	}
	for link, to := range map[string]string{"link": "list.csv", "endless": "/dev/zero", "loop": "loop"} {
		if err := os.Symlink(to, at(link)); err != nil {
			t.Fatal(err)
		}
	}
	wrong := []string{dir, at("fifo"), "/dev/zero", at("endless"), at("loop"), at("missing.csv"), at("list.csv/below"), at(strings.Repeat("x", 5000))}
	if os.Geteuid() != 0 { // the superuser may read everything
		wrong = append(wrong, at("closed.csv"))
	}
	for _, path := range wrong {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		_, err := read.Inspect(ctx, path, "the list", "")
		cancel()
		if !errors.Is(err, rows.ErrNoInput) {
			t.Errorf("%.60s: %v, want ErrNoInput", path, err)
		} else if strings.Contains(err.Error(), dir) {
			t.Errorf("%v names the folder", err)
		}
	}
	in, err := read.Inspect(t.Context(), at("link"), "link", "")
	if err != nil {
		t.Fatal(err)
	}
	if l, err := list(t.Context(), in, csv, table{}); err != nil || len(l.rows) != 1 {
		t.Errorf("a link: %d rows, %v", len(l.rows), err)
	}
}

// A stream is spooled, read, and nothing of it is left.
func TestStreamsAreSpooledAndRemoved(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	for name, data := range map[string][]byte{"plain": []byte(small), "gzip": gzipped(t, []byte(small)), "workbook": gzipped(t, sheetOf(t, [][]any{{"id", "name"}, {"1", "A"}}))} {
		in, err := read.FromReader(t.Context(), name, bytes.NewReader(data), "")
		if err != nil {
			t.Fatal(err)
		}
		l, err := list(t.Context(), in, read.Spec{Format: read.FormatTable}, table{})
		if err != nil {
			t.Fatal(err)
		}
		same(t, []string{`2 {"id":"1","name":"A"}`}, l.lines())
	}
	left, err := os.ReadDir(os.TempDir())
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// A stream that never comes does not keep the program from ending.
func TestWaitingForAStreamEndsWithItsContext(t *testing.T) {
	r, w := io.Pipe()
	defer w.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := read.FromReader(ctx, "standard input", r, ""); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v, want the context's error", err)
	}
}

// The format is told by what is in a file rather than by its name.
func TestFormatsAreTold(t *testing.T) {
	for _, c := range []struct{ want, name, text string }{
		{read.FormatCSV, "a.csv", small},
		{read.FormatCSV, "a.dat", "id;name\n"},
		{read.FormatJSON, "a.txt", "[\n {\"id\": 1}]"},
		{read.FormatJSON, "a.json", "{\"items\": [{\"id\": 1}]}"},
		{read.FormatJSONLines, "a.json", "{\"id\": 1}\n{\"id\": 2}\n"},
		{read.FormatJSONLines, "a.jsonl", "{\"id\": 1}"},
		{read.FormatPopolo, "a.json", "{\"meta\": {}, \"persons\": [{\"id\": 1}]}"},
		{read.FormatNTriples, "a", "# x\n<http://a.example/1> <http://a.example/p> \"x\"@en .\n"},
		{read.FormatTurtle, "a.ttl", "<http://a.example/1> <http://a.example/p> \"x\"@en .\n"},
		{read.FormatTurtle, "a", "@prefix a: <http://a.example/> .\n"},
		{read.FormatTurtle, "a.ttl", "# only a comment\na:b a:c a:d ."},
		{read.FormatGenericode, "a.xml", "<?xml version=\"1.0\"?>\n<gc:CodeList xmlns:gc=\"http://docs.oasis-open.org/codelist/ns/genericode/1.0/\"/>"},
		{"", "a.html", "<html><table>"},
		{"", "a.bin", "\x00\x01\x02"},
	} {
		if got := read.FormatOf(c.name, []byte(c.text)); got != c.want {
			t.Errorf("%s %.30q: %q, want %q", c.name, c.text, got, c.want)
		}
	}
}
