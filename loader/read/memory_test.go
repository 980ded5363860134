package read_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"coopgraph/loader/read"
)

// heapInUse is the heap that is reachable.
func heapInUse() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// repeated is a stream of numbered lines that nothing holds in memory.
type repeated struct {
	line  func(i int) string
	i, n  int
	ahead []byte
}

func (r *repeated) Read(p []byte) (int, error) {
	for len(r.ahead) == 0 {
		if r.i == r.n {
			return 0, io.EOF
		}
		r.ahead = []byte(r.line(r.i))
		r.i++
	}
	n := copy(p, r.ahead)
	r.ahead = r.ahead[n:]
	return n, nil
}

// However long a file is, reading it takes little memory: some 40 MB of each
// format, read while the heap is looked at.
func TestReadingTakesConstantMemory(t *testing.T) {
	long := strings.Repeat("lorem ipsum ", 170)
	for _, c := range []struct {
		format string
		n      int
		line   func(i int) string
	}{
		{read.FormatCSV, 20_000, func(i int) string { return fmt.Sprintf("%d,name,%s\n", i, long) }},
		{read.FormatJSONLines, 20_000, func(i int) string { return fmt.Sprintf("{\"id\": %d, \"text\": \"%s\"}\n", i, long) }},
		{read.FormatNTriples, 20_000, func(i int) string { return fmt.Sprintf("<x:%d> <x:p> \"%s\" .\n", i/3, long) }},
		{read.FormatNTriples, 20_000, func(i int) string { return fmt.Sprintf("<x:%d> <x:p%d> \"%s\" .\n", i%7_000, i, long) }},
		{read.FormatTurtle, 20_000, func(i int) string { return fmt.Sprintf("<x:%d> <x:p> \"%s\", [ <x:q> %d ] .\n", i, long, i) }},
	} {
		in, err := read.FromReader(t.Context(), c.format, &repeated{line: c.line, n: c.n}, "")
		if err != nil {
			t.Fatal(err)
		}
		before, most, count := heapInUse(), uint64(0), 0
		reader, closer, err := in.Open(read.Spec{Format: c.format}, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		for {
			_, err := reader.Next(t.Context())
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			if count++; count%2_000 == 1 {
				most = max(most, heapInUse())
			}
		}
		if grown := int64(most) - int64(before); grown > 38<<20 {
			t.Errorf("%s: %d rows took %d MB", c.format, count, grown>>20)
		}
		if err := errors.Join(closer.Close(), in.Close()); err != nil {
			t.Error(err)
		}
	}
}

// A workbook with 30 MB of texts takes little memory.
func TestWorkbooksTakeConstantMemory(t *testing.T) {
	var sheet, texts bytes.Buffer
	const n = 40_000
	long := strings.Repeat("lorem ipsum ", 60)
	for i := range n {
		fmt.Fprintf(&sheet, `<row r="%d"><c r="A%d"><v>%d</v></c><c r="B%d" t="s"><v>%d</v></c></row>`, i+2, i+2, i, i+2, n-1-i)
		fmt.Fprintf(&texts, `<si><t>text number %d of many: %s</t></si>`, i, long)
	}
	data := raw{sheet: headRow + sheet.String(), texts: texts.String()}.bytes(t)
	sheet, texts = bytes.Buffer{}, bytes.Buffer{}
	in, err := read.FromBytes(t.Context(), "list.xlsx", data, "")
	if err != nil {
		t.Fatal(err)
	}
	before, most, count := heapInUse(), uint64(0), 0
	reader, closer, err := in.Open(xlsx, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	for {
		row, err := reader.Next(t.Context())
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if want := fmt.Sprintf("text number %d of", n-1-count); !strings.HasPrefix(fmt.Sprint(row.Fields["name"]), want) {
			t.Fatalf("line %d: %v, want %s", row.Line, row.Fields["name"], want)
		}
		if count++; count%10_000 == 1 {
			most = max(most, heapInUse())
		}
	}
	if grown := int64(most) - int64(before); grown > 30<<20 || count != n {
		t.Errorf("%d rows took %d MB", count, grown>>20)
	}
	if err := errors.Join(closer.Close(), in.Close()); err != nil {
		t.Error(err)
	}
}
