package read

import (
	"bufio"
	"cmp"
	"container/heap"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"

	"coopgraph/loader/rows"
)

// sortInMemory is how many bytes of statements are sorted at once.
const sortInMemory = 24 << 20

// sorter sorts statements by subject, in the order of the file within each: by
// parts that fit into memory, which are then merged from a temporary file.
type sorter struct {
	spool *spool
	// runs are where the sorted parts end.
	runs []int64
	part []triple
	size int
}

func newSorter() (*sorter, error) {
	s, err := newSpool()
	return &sorter{spool: s}, err
}

// Close removes the temporary file.
func (s *sorter) Close() error { return s.spool.Close() }

func (s *sorter) add(file string, t triple) error {
	if t.bad != nil {
		// Statements that cannot be read come first, as they have no subject.
		t.object = term{value: rows.Reason(t.bad)}
		t.subject = ""
	}
	s.part = append(s.part, t)
	s.size += len(t.subject) + len(t.predicate) + len(t.object.value) + len(t.object.language) + len(t.object.datatype) + 160
	if s.size < sortInMemory {
		return nil
	}
	return s.flush(file)
}

// flush writes a sorted part.
func (s *sorter) flush(file string) error {
	slices.SortStableFunc(s.part, func(a, b triple) int { return cmp.Compare(a.subject, b.subject) })
	w := bufio.NewWriterSize(s.spool.file, 256<<10)
	var buf []byte
	for _, t := range s.part {
		buf = t.encode(buf[:0])
		s.spool.size += int64(len(buf))
		if _, err := w.Write(buf); err != nil {
			return fmt.Errorf("write a temporary file: %w", withoutPath(err))
		}
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("write a temporary file: %w", withoutPath(err))
	}
	if s.spool.size > 4*maxSpool {
		return rows.TooLarge(file, "its statements are scattered, and sorting them needs more than %d bytes", int64(4*maxSpool))
	}
	s.runs = append(s.runs, s.spool.size)
	clear(s.part)
	s.part, s.size = s.part[:0], 0
	return nil
}

// merge gives the statements in their order.
func (s *sorter) merge() (tripleReader, error) {
	if err := s.flush(""); err != nil {
		return nil, err
	}
	s.part = nil
	m := &merged{}
	start := int64(0)
	for i, end := range s.runs {
		r := &run{place: i, r: bufio.NewReaderSize(io.NewSectionReader(s.spool.file, start, end-start), 32<<10)}
		start = end
		if err := r.step(); errors.Is(err, io.EOF) {
			continue
		} else if err != nil {
			return nil, err
		}
		m.runs = append(m.runs, r)
	}
	heap.Init(&m.runs)
	return m, nil
}

// merged takes the least of several runs.
type merged struct{ runs runHeap }

func (m *merged) next() (triple, error) {
	if len(m.runs) == 0 {
		return triple{}, io.EOF
	}
	t := m.runs[0].head
	err := m.runs[0].step()
	switch {
	case errors.Is(err, io.EOF):
		heap.Pop(&m.runs)
	case err != nil:
		return triple{}, err
	default:
		heap.Fix(&m.runs, 0)
	}
	if t.subject == "" {
		t.bad = rows.BadRow("%s", t.object.value)
	}
	return t, nil
}

// run is a sorted part; head is its first statement that is not yet taken.
type run struct {
	place int
	r     *bufio.Reader
	head  triple
}

func (r *run) step() error {
	t, err := decodeTriple(r.r)
	r.head = t
	return err
}

// runHeap has the run with the least head first, the earlier of the same.
type runHeap []*run

func (h runHeap) Len() int { return len(h) }

func (h runHeap) Less(i, j int) bool {
	return cmp.Or(cmp.Compare(h[i].head.subject, h[j].head.subject), cmp.Compare(h[i].place, h[j].place)) < 0
}

func (h runHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }

// Push is not used: runs only end.
func (h *runHeap) Push(x any) {
	if r, ok := x.(*run); ok {
		*h = append(*h, r)
	}
}

// Pop takes the last.
func (h *runHeap) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}

func (t triple) encode(buf []byte) []byte {
	kind := uint64(0)
	if t.object.literal {
		kind = 1
	}
	buf = binary.AppendUvarint(buf, kind)
	buf = binary.AppendUvarint(buf, uint64(t.line))
	for _, s := range []string{t.subject, t.predicate, t.object.value, t.object.language, t.object.datatype} {
		buf = binary.AppendUvarint(buf, uint64(len(s)))
		buf = append(buf, s...)
	}
	return buf
}

func decodeTriple(r *bufio.Reader) (t triple, err error) {
	kind, err := binary.ReadUvarint(r)
	if err != nil {
		return t, err
	}
	line, err := binary.ReadUvarint(r)
	if err != nil {
		return t, fmt.Errorf("read a temporary file: %w", err)
	}
	t.line, t.object.literal = int(line), kind == 1
	for _, s := range []*string{&t.subject, &t.predicate, &t.object.value, &t.object.language, &t.object.datatype} {
		n, err := binary.ReadUvarint(r)
		if err != nil || n > rows.MaxRecord {
			return t, fmt.Errorf("read a temporary file: a text of %d bytes: %w", n, err)
		}
		buf := make([]byte, n)
		if _, err := io.ReadFull(r, buf); err != nil {
			return t, fmt.Errorf("read a temporary file: %w", err)
		}
		*s = string(buf)
	}
	return t, nil
}
