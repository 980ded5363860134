package read

import (
	"fmt"

	"coopgraph/loader/rows"
)

// The limits of the texts that the cells of a workbook share.
const (
	// maxTexts is how many there may be: more than a sheet has rows.
	maxTexts = 8 << 20
	// textsInMemory is how many bytes of them stay in memory.
	textsInMemory = 16 << 20
)

// textTable is a list of texts. Those that go beyond what memory may hold stand
// in a temporary file.
type textTable struct {
	// ends are where the texts end, of all bytes.
	ends []int64
	// memory are the first bytes, tail those not yet written to the file.
	memory, tail []byte
	spool        *spool
	// last is the text that was last read from the file, at its place.
	last string
	at   int
}

func (t *textTable) add(file, text string) error {
	if len(t.ends) >= maxTexts {
		return rows.TooLarge(file, "the workbook has more than %d texts", maxTexts)
	}
	end := int64(len(text))
	if n := len(t.ends); n > 0 {
		end += t.ends[n-1]
	}
	t.ends = append(t.ends, end)
	if t.spool == nil && len(t.memory)+len(text) <= textsInMemory {
		t.memory = append(t.memory, text...)
		return nil
	}
	if t.spool == nil {
		s, err := newSpool()
		if err != nil {
			return err
		}
		t.spool = s
	}
	if t.tail = append(t.tail, text...); len(t.tail) < 1<<20 {
		return nil
	}
	return t.flush()
}

func (t *textTable) flush() error {
	if len(t.tail) == 0 {
		return nil
	}
	n, err := t.spool.file.Write(t.tail)
	t.spool.size += int64(n)
	t.tail = t.tail[:0]
	if err != nil {
		return fmt.Errorf("write a temporary file: %w", withoutPath(err))
	}
	return nil
}

// text gives the i-th text; false where there is none.
func (t *textTable) text(i int) (string, bool, error) {
	if i < 0 || i >= len(t.ends) {
		return "", false, nil
	}
	start, end := int64(0), t.ends[i]
	if i > 0 {
		start = t.ends[i-1]
	}
	if end <= int64(len(t.memory)) {
		return string(t.memory[start:end]), true, nil
	}
	if i == t.at && t.last != "" {
		return t.last, true, nil
	}
	buf := make([]byte, end-start)
	if _, err := t.spool.file.ReadAt(buf, start-int64(len(t.memory))); err != nil {
		return "", false, fmt.Errorf("read a temporary file: %w", withoutPath(err))
	}
	t.at, t.last = i, string(buf)
	return t.last, true, nil
}

// Close removes the temporary file.
func (t *textTable) Close() error {
	if t.spool == nil {
		return nil
	}
	return t.spool.Close()
}
