package loader

import (
	"fmt"

	"coopgraph/loader/rows"
	"coopgraph/store"
)

// Summary counts what a run did. Read is the sum of the five outcomes.
type Summary struct {
	// Run is the import run, "" outside one.
	Run       store.ID `json:"run,omitempty"`
	Read      int64    `json:"read"`
	Created   int64    `json:"created"`
	Changed   int64    `json:"changed"`
	Unchanged int64    `json:"unchanged"`
	Skipped   int64    `json:"skipped"`
	Rejected  int64    `json:"rejected"`
	// Dangling is the number of references of these rows that nothing answers.
	Dangling int64 `json:"dangling"`
	// Missing is the number of rows that an earlier edition of the list had.
	Missing int64 `json:"missing,omitempty"`
	// Notes are what the readers have to say about the file as a whole.
	Notes []string `json:"notes,omitempty"`
}

// String gives the stable line
// `read=… created=… changed=… unchanged=… skipped=… rejected=… dangling=…`.
func (s Summary) String() string {
	return fmt.Sprintf("read=%d created=%d changed=%d unchanged=%d skipped=%d rejected=%d dangling=%d",
		s.Read, s.Created, s.Changed, s.Unchanged, s.Skipped, s.Rejected, s.Dangling)
}

// Add counts what became of a batch.
func (s *Summary) Add(w Written) {
	for _, r := range w.Results {
		s.Read++
		s.Dangling += int64(r.Dangling)
		if n := s.counter(r.Outcome); n != nil {
			*n++
		}
	}
	s.Dangling -= int64(w.Answered)
}

func (s *Summary) counter(o rows.Outcome) *int64 {
	switch o {
	case rows.Created:
		return &s.Created
	case rows.Changed:
		return &s.Changed
	case rows.Unchanged:
		return &s.Unchanged
	case rows.Skipped:
		return &s.Skipped
	case rows.Rejected:
		return &s.Rejected
	}
	return nil
}

// merge adds another summary's counts.
func (s *Summary) merge(o Summary) {
	s.Read += o.Read
	s.Created += o.Created
	s.Changed += o.Changed
	s.Unchanged += o.Unchanged
	s.Skipped += o.Skipped
	s.Rejected += o.Rejected
	s.Dangling += o.Dangling
}

// balanced says whether every row read has an outcome.
func (s Summary) balanced() bool {
	return s.Read == s.Created+s.Changed+s.Unchanged+s.Skipped+s.Rejected
}
