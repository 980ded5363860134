package loader

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"coopgraph/loader/mapping"
	"coopgraph/loader/read"
	"coopgraph/loader/rows"
	"coopgraph/store"
)

// Options say what Run is to load.
type Options struct {
	Store store.Store
	// Now gives the time of writing.
	Now func() time.Time
	// File is the list.
	File    string
	Mapping *mapping.Mapping
	// Encoding is one of Encodings, "" to find out.
	Encoding string
	// DryRun writes nothing and reports what a run would do.
	DryRun bool
	// BatchSize is the number of rows committed at once, 0 for the usual.
	BatchSize int
	// Row, when given, is told what became of each row that is not unchanged.
	Row func(Result)
	// Progress, when given, is told how far the run is, after each batch.
	Progress func(Progress)
}

// Progress says how far a run is.
type Progress struct {
	Summary
	// Bytes of Size have been read.
	Bytes, Size int64
}

// rowsPerBatch is the usual number of rows committed at once.
const rowsPerBatch = 500

// ErrUnaccounted: the outcomes of a run's rows do not add up to the rows read.
var ErrUnaccounted = errors.New("rows are unaccounted for")

// Run loads a file: its rows, turned into claims by the mapping, are committed
// in atomic batches with a ledger, so that a run that was killed goes on where
// it stopped when it is started again. Loading a file again changes nothing.
// The summary is right as far as the run came, whatever the error: ErrNoInput,
// ErrFile, ErrBusy, ErrFenced, those of the store, or the context's.
func Run(ctx context.Context, o Options) (Summary, error) {
	if o.BatchSize <= 0 {
		o.BatchSize = rowsPerBatch
	}
	in, err := read.Inspect(ctx, o.File, filepath.Base(o.File), o.Encoding)
	if err != nil {
		return Summary{}, err
	}
	if o.DryRun {
		r := &run{Options: o, in: in, ledger: &ledger{}}
		return r.read(ctx)
	}
	holder := sha256.Sum256([]byte(in.Digest() + "/" + o.Mapping.Digest()))
	lease, err := acquire(ctx, o.Store, o.Now, o.Mapping.Document().ID, fmt.Sprintf("%x", holder[:8]))
	if err != nil {
		return Summary{}, err
	}
	r := &run{Options: o, in: in, lease: lease}
	sum, err := r.whole(ctx)
	return sum, errors.Join(err, lease.release(context.WithoutCancel(ctx)))
}

type run struct {
	Options
	in     *read.Input
	lease  *lease
	ledger *ledger
}

// whole does the run, or what is left of it, and writes down how it ended.
func (r *run) whole(ctx context.Context) (Summary, error) {
	var err error
	if r.ledger, err = openLedger(ctx, r.Options, r.in); err != nil {
		return Summary{}, err
	}
	if err := r.state(ctx, Running, Summary{}, nil); err != nil {
		return r.ledger.sum, err
	}
	sum, err := r.read(ctx)
	if err == nil && !sum.balanced() {
		err = fmt.Errorf("%w: %v", ErrUnaccounted, sum)
	}
	end := store.Props{"finishedAt": r.Now().UTC().Truncate(time.Microsecond)}
	if err != nil {
		end["message"] = rows.Shorten(err.Error(), 1_000)
		// Where the store is the reason, this fails as well: the run stays
		// RUNNING and is taken up again all the same.
		return sum, errors.Join(err, r.state(context.WithoutCancel(ctx), Failed, sum, end))
	}
	return sum, r.state(ctx, Finished, sum, end)
}

func (r *run) state(ctx context.Context, state string, sum Summary, more store.Props) error {
	if state == Running {
		sum = r.ledger.sum
	}
	renewal, err := r.lease.renew(ctx)
	if err != nil {
		return err
	}
	if _, err := r.Store.Apply(ctx, []store.Change{renewal, r.ledger.status(state, sum, more)}); err != nil {
		return fmt.Errorf("write down that the run is %s: %w", state, err)
	}
	return nil
}

// read reads the file and writes its batches, but for the rows that the ledger
// already holds.
func (r *run) read(ctx context.Context) (sum Summary, err error) {
	reader, closer, err := r.in.Open(r.Mapping.Spec, r.Mapping.Columns(), r.Mapping.Required)
	if err != nil {
		return r.ledger.sum, err
	}
	defer func() { err = errors.Join(err, closer.Close()) }()
	seen, done, count := keySet{}, r.ledger.sum.Read, int64(0)
	items := make([]*rows.Item, 0, r.BatchSize)
	flush := func() error {
		if len(items) == 0 {
			return nil
		}
		err := r.write(ctx, items)
		items = items[:0]
		return err
	}
	for {
		row, err := reader.Next(ctx)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			// What was read up to here is good.
			err = errors.Join(err, flush())
			return r.ledger.sum, err
		}
		it := r.Mapping.Item(r.in.Name(), row)
		seen.check(it)
		if count++; count <= done {
			continue
		}
		if items = append(items, it); len(items) == r.BatchSize {
			if err := flush(); err != nil {
				return r.ledger.sum, err
			}
		}
	}
	err = flush()
	r.ledger.sum.Notes = reader.Notes()
	if err == nil && r.ledger.sum.Read != count {
		err = fmt.Errorf("%w: the file has %d, the ledger %d", ErrUnaccounted, count, r.ledger.sum.Read)
	}
	return r.ledger.sum, err
}

// write commits a batch with its entry in the ledger.
func (r *run) write(ctx context.Context, items []*rows.Item) error {
	w := Writer{Store: r.Store, Now: r.Now}
	b := Batch{Source: r.Mapping.Document(), Run: r.ledger.run, Items: items}
	var written Written
	var sum Summary
	var err error
	if r.DryRun {
		if written, err = w.Plan(ctx, b); err == nil {
			_, sum = r.ledger.entry(written)
		}
	} else {
		b.Also = func(ctx context.Context, w Written) ([]store.Change, error) {
			renewal, err := r.lease.renew(ctx)
			if err != nil {
				return nil, err
			}
			var changes []store.Change
			changes, sum = r.ledger.entry(w)
			return append(changes, renewal), nil
		}
		written, err = w.Write(ctx, b)
	}
	if err != nil {
		return fmt.Errorf("rows %d to %d: %w", r.ledger.sum.Read+1, r.ledger.sum.Read+int64(len(items)), err)
	}
	r.ledger.sum = sum
	r.ledger.batches++
	if r.Row != nil {
		for _, result := range written.Results {
			if result.Outcome != rows.Unchanged {
				r.Row(result)
			}
		}
	}
	if r.Progress != nil {
		r.Progress(Progress{Summary: sum, Bytes: r.in.Passed(), Size: r.in.Size()})
	}
	return nil
}

// keySet remembers the keys of a file's rows, by a hash of 16 bytes: some 40
// bytes a row.
type keySet map[[16]byte]int

// check rejects an item whose key an earlier row has: the later would silently
// replace the earlier, and the other way round on the next run.
func (k keySet) check(it *rows.Item) {
	if it.Dropped != "" {
		return
	}
	sum := sha256.Sum256([]byte(it.Key))
	hash := [16]byte(sum[:16])
	if line, twice := k[hash]; twice {
		it.Dropped, it.Message = rows.Rejected, fmt.Sprintf("line %d has the same key", line)
		return
	}
	k[hash] = it.Line
}
