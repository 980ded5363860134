package loader

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"time"

	"coopgraph/loader/mapping"
	"coopgraph/loader/read"
	"coopgraph/loader/rows"
	"coopgraph/ontology"
	"coopgraph/ontology/match"
	"coopgraph/store"
)

// Options say what Run is to load.
type Options struct {
	Store store.Store
	// Now gives the time of writing.
	Now func() time.Time
	// File is the list; Input, where it is given, is the list instead.
	File  string
	Input *read.Input
	// List names the list where its file's name does not: mappings that take
	// any list of a form tell lists apart by it.
	List    string
	Mapping *mapping.Mapping
	// Encoding is one of Encodings, "" to find out.
	Encoding string
	// Strict rejects rows with cells too many or too few, Sheet names a
	// workbook's sheet or its place from 1; else as the mapping says.
	Strict bool
	Sheet  string
	// DryRun writes nothing and reports what a run would do, row by row. It
	// writes to Scratch instead, an empty store that is the caller's to close.
	DryRun  bool
	Scratch store.Store
	// KeepReport writes down a dry run and its rows like those of a run.
	KeepReport bool
	// Missing is MissingReport ("" too) or MissingEnd.
	Missing string
	// Marks are those of Batch.
	Marks match.Marks
	// By is who loads, "" at the command line.
	By string
	// Begun, when given, is told the run's id once it is written down.
	Begun func(store.ID)
	// BatchSize is the number of rows committed at once, 0 for what suits the
	// store.
	BatchSize int
	// Logger, when given, is told of errors that nobody foresaw: the run says
	// nothing of them but an id.
	Logger *slog.Logger
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

// ErrUnaccounted: the outcomes of a run's rows do not add up to the rows read.
var ErrUnaccounted = errors.New("rows are unaccounted for")

// Run loads a file: its rows, turned into claims by the mapping, are committed
// in atomic batches with a ledger, so that a run that was killed goes on where
// it stopped when it is started again. Loading a file again changes nothing.
// When the context ends, the run ends after the batch in hand. The summary is
// right as far as the run came, whatever the error: ErrNoInput, ErrFile,
// ErrBusy, ErrFenced, ErrManyMissing, those of the store, or the context's.
func Run(ctx context.Context, o Options) (sum Summary, err error) {
	in := o.Input
	if in == nil {
		if in, err = read.Inspect(ctx, o.File, filepath.Base(o.File), o.Encoding); err != nil {
			return Summary{}, err
		}
		defer func() { err = errors.Join(err, in.Close()) }()
	}
	if o.Mapping, err = o.mappingFor(in); err != nil {
		return Summary{}, err
	}
	if o.DryRun {
		return dryRun(ctx, o, in)
	}
	holder := sha256.Sum256([]byte(in.Digest() + "/" + o.Mapping.Digest()))
	lease, err := acquire(ctx, o.Store, o.Now, o.Mapping.Document().ID, fmt.Sprintf("%x", holder[:8]))
	if err != nil {
		return Summary{}, err
	}
	r := &run{Options: o, in: in, base: o.Store, lease: lease, told: told{}}
	sum, err = r.whole(ctx)
	return sum, errors.Join(err, lease.release(context.WithoutCancel(ctx)))
}

// mappingFor gives the mapping as it is used for the file.
func (o Options) mappingFor(in *read.Input) (*mapping.Mapping, error) {
	m, err := o.Mapping.For(cmp.Or(o.List, in.Name()), in.Format())
	if err != nil {
		return nil, err
	}
	if m.Lossless() {
		return nil, fmt.Errorf("%w: %s is a whole graph: it is restored, not loaded", store.ErrInvalid, in.Name())
	}
	if o.Strict || o.Sheet != "" {
		own := *m
		own.Strict = own.Strict || o.Strict
		own.XLSX.Sheet = cmp.Or(o.Sheet, own.XLSX.Sheet)
		m = &own
	}
	return m, nil
}

// dryRun does the run on an overlay.
func dryRun(ctx context.Context, o Options, in *read.Input) (Summary, error) {
	if o.Scratch == nil {
		return Summary{}, fmt.Errorf("%w: a dry run needs a scratch store", store.ErrInvalid)
	}
	r := &run{Options: o, in: in, base: o.Store, ledger: &ledger{run: ontology.NodeID(ontology.ImportRun, "dry", in.Digest())}, told: told{}}
	r.Store = newOverlay(o.Store, o.Scratch)
	if o.KeepReport {
		return r.whole(ctx)
	}
	return r.read(ctx)
}

type run struct {
	Options
	// base is the store as it is, Store what is written to.
	base   store.Store
	in     *read.Input
	lease  *lease
	ledger *ledger
	told   told
	// reported is the number of missing rows in the report.
	reported int
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
	if r.Begun != nil {
		r.Begun(r.ledger.run)
	}
	sum, err := r.read(ctx)
	if err == nil && !sum.balanced() {
		err = fmt.Errorf("%w: %v", ErrUnaccounted, sum)
	}
	end := store.Props{"finishedAt": r.Now().UTC().Truncate(time.Microsecond)}
	if err != nil {
		end["message"] = r.reason(err)
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
	changes := []store.Change{r.ledger.status(state, sum, more)}
	if r.lease != nil {
		renewal, err := r.lease.renew(ctx)
		if err != nil {
			return err
		}
		changes = append(changes, renewal)
	}
	if _, err := r.base.Apply(ctx, changes); err != nil {
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
	batch := Gather(r.base, r.BatchSize)
	flush := func() error {
		if len(batch.Items) == 0 {
			return nil
		}
		defer batch.Clear()
		// The batch in hand is finished whatever happens.
		return r.write(context.WithoutCancel(ctx), batch.Items)
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
		if batch.Add(it) {
			if err := flush(); err != nil {
				return r.ledger.sum, err
			}
		}
	}
	err = flush()
	if err == nil {
		err = r.missing(ctx, r.base, seen)
	}
	r.ledger.sum.Notes = reader.Notes()
	if err == nil && r.ledger.sum.Read != count {
		err = fmt.Errorf("%w: the file has %d, the ledger %d", ErrUnaccounted, count, r.ledger.sum.Read)
	}
	return r.ledger.sum, err
}

// begun is when the run began, also where it was interrupted since.
func (r *run) begun() time.Time {
	at, ok := r.ledger.props["startedAt"].(time.Time)
	if !ok {
		at = r.Now()
		r.ledger.props = store.Props{"startedAt": at}
	}
	return at
}

// write commits a batch with its entry in the ledger.
func (r *run) write(ctx context.Context, items []*rows.Item) error {
	w := Writer{Store: r.Store, Now: r.Now, told: r.told}
	b := Batch{Source: r.Mapping.Document(), Run: r.ledger.run, By: r.By, At: r.begun(), Marks: r.Marks, Items: items}
	var report []store.Change
	var sum Summary
	b.Also = func(ctx context.Context, w Written) ([]store.Change, error) {
		var changes []store.Change
		changes, sum = r.ledger.entry(w)
		if r.lease == nil {
			report = changes
			return nil, nil
		}
		renewal, err := r.lease.renew(ctx)
		if err != nil {
			return nil, err
		}
		return append(changes, renewal), nil
	}
	written, err := w.Write(ctx, b)
	if err == nil && r.KeepReport && r.lease == nil {
		_, err = r.base.Apply(ctx, report)
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
