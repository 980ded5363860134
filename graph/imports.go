package graph

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"coopgraph/access"
	"coopgraph/graph/model"
	"coopgraph/graph/transport"
	"coopgraph/loader"
	"coopgraph/loader/mapping"
	"coopgraph/loader/read"
	"coopgraph/loader/rows"
	"coopgraph/store"
)

// importWait is how long an answer usually waits for an import to end.
const importWait = 5 * time.Second

// maxImports is how many imports are under way at once.
const maxImports = 2

// Imports does imports, and takes them back, which may go on after the answer.
type Imports struct {
	Store store.Store
	Now   func() time.Time
	// Scratch gives an empty store for a dry run, and what removes it.
	Scratch func(context.Context) (store.Store, func() error, error)
	Logger  *slog.Logger
	// Wait is how long an answer waits for an import to end; 0 is five seconds.
	Wait time.Duration

	mu      sync.Mutex
	stopped bool
	// jobs end those that are under way; next names one.
	jobs  map[int]context.CancelFunc
	next  int
	group sync.WaitGroup
}

var (
	// errBusy: too many imports are under way.
	errBusy = fmt.Errorf("%d imports are under way: try again when one has ended", maxImports)
	// errStopping: the server is about to end.
	errStopping = fmt.Errorf("%w: the server is stopping", store.ErrUnavailable)
)

// begin takes a place for an import, with a context that ends when the server
// does.
func (i *Imports) begin(ctx context.Context) (context.Context, func(), error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	switch {
	case i.stopped:
		return nil, nil, errStopping
	case len(i.jobs) >= maxImports:
		return nil, nil, errBusy
	case i.jobs == nil:
		i.jobs = map[int]context.CancelFunc{}
	}
	work, cancel := context.WithCancel(context.WithoutCancel(ctx))
	i.next++
	number := i.next
	i.jobs[number] = cancel
	i.group.Add(1)
	return work, func() {
		cancel()
		i.mu.Lock()
		delete(i.jobs, number)
		i.mu.Unlock()
		i.group.Done()
	}, nil
}

// Stop ends the imports after the batches in hand, and waits for it: importing
// the same file again goes on.
func (i *Imports) Stop() {
	i.mu.Lock()
	i.stopped = true
	for _, cancel := range i.jobs {
		cancel()
	}
	i.mu.Unlock()
	i.group.Wait()
}

// job is what is done with a run. It tells begun the run's id once it is
// written down, and gives it also with an error that the run has told.
type job func(ctx context.Context, begun func(store.ID)) (store.ID, error)

// outcome is how a job ended.
type outcome struct {
	run store.ID
	err error
}

// do does a job, and waits for its end, or for its run to be written down and
// some seconds more.
func (i *Imports) do(ctx context.Context, work job) (store.ID, error) {
	own, end, err := i.begin(ctx)
	if err != nil {
		return "", err
	}
	begun, ended := make(chan store.ID, 1), make(chan outcome, 1)
	go func() {
		var out outcome
		// Who hears of the end finds the place free.
		defer func() { ended <- out }()
		defer end()
		defer func() {
			if caught := recover(); caught != nil {
				out.err = fmt.Errorf("an import panicked: %s", transport.DescribePanic(caught))
				if i.Logger != nil {
					i.Logger.Error("an import panicked", "panic", transport.DescribePanic(caught), "stack", string(debug.Stack()))
				}
			}
		}()
		out.run, out.err = work(own, func(id store.ID) { begun <- id })
	}()
	wait := time.NewTimer(firstOf(i.Wait, importWait))
	defer wait.Stop()
	select {
	case out := <-ended:
		return out.run, out.err
	case <-wait.C:
	}
	select {
	case out := <-ended:
		return out.run, out.err
	case id := <-begun:
		return id, nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

func (i *Imports) run(ctx context.Context, o loader.Options) (sum loader.Summary, err error) {
	o.Logger = i.Logger
	if o.DryRun {
		if i.Scratch == nil {
			return sum, fmt.Errorf("%w: this server makes no dry runs", store.ErrInvalid)
		}
		scratch, discard, err := i.Scratch(ctx)
		if err != nil {
			return sum, fmt.Errorf("make room for a dry run: %w", err)
		}
		defer func() { err = errors.Join(err, discard()) }()
		o.Scratch, o.KeepReport = scratch, true
	}
	return loader.Run(ctx, o)
}

// ImportList imports a list.
func (m *mutation) ImportList(ctx context.Context, input model.ImportListInput) (*model.ImportPayload, error) {
	if err := access.Require(ctx, access.Import); err != nil {
		return nil, err
	}
	run, err := m.importList(ctx, input)
	return m.importPayload(ctx, run, err)
}

// importPayload answers with a run, or why there is none. What ended a run
// early stands in the run; the user is told of it besides where it is the
// file's fault.
func (m *mutation) importPayload(ctx context.Context, run store.ID, err error) (*model.ImportPayload, error) {
	wrong, other := userErrors(err)
	if other != nil && run == "" {
		return nil, other
	}
	p := &model.ImportPayload{UserErrors: append([]*model.UserError{}, wrong...)}
	if run == "" {
		return p, nil
	}
	p.Run, err = m.view(ctx).run(ctx, run)
	return p, err
}

// mappingOf opens a mapping by its name, which is never a file's.
func mappingOf(name string) (*mapping.Mapping, error) {
	names, err := mapping.Names()
	if err != nil {
		return nil, err
	}
	if !slices.Contains(names, name) {
		return nil, inField("mapping", fmt.Errorf("%w: there is no mapping of this name; there are %s", errInput, strings.Join(names, ", ")))
	}
	return mapping.Open(name)
}

func (m *mutation) importList(ctx context.Context, input model.ImportListInput) (store.ID, error) {
	list, err := mappingOf(input.Mapping)
	if err != nil {
		return "", err
	}
	in, field, err := listOf(ctx, input)
	if err != nil {
		return "", inField(field, err)
	}
	run, err := m.load(ctx, in, list, input)
	if errors.Is(err, rows.ErrFile) || errors.Is(err, rows.ErrNoInput) {
		err = inField(field, err)
	}
	return run, err
}

// load imports a list that was read, which it closes.
func (m *mutation) load(ctx context.Context, in *read.Input, list *mapping.Mapping, input model.ImportListInput) (store.ID, error) {
	e := loader.Editor{Store: m.Writes, Now: m.Now, By: access.Of(ctx).Name}
	o := loader.Options{Store: m.Writes, Now: m.Now, Input: in, Mapping: list, DryRun: value(input.DryRun), By: e.By}
	sum := sha256.Sum256(fmt.Appendf(nil, "importList\x00%s/%s/%t", in.Digest(), list.Name(), o.DryRun))
	q := loader.Request{Key: input.IdempotencyKey, Digest: hex.EncodeToString(sum[:])}
	earlier, err := m.earlierRun(ctx, e, q)
	if err != nil || earlier != "" {
		return earlier, errors.Join(err, in.Close())
	}
	run, err := m.Imports.do(ctx, func(ctx context.Context, begun func(store.ID)) (store.ID, error) {
		var noted error
		// Noted at once: the client may be gone when the run ends.
		o.Begun = func(id store.ID) {
			noted = e.Note(ctx, q, loader.Outcome{ID: id})
			begun(id)
		}
		sum, err := m.Imports.run(ctx, o)
		return sum.Run, errors.Join(err, noted, in.Close())
	})
	if errors.Is(err, errBusy) || errors.Is(err, errStopping) {
		return "", errors.Join(err, in.Close())
	}
	return run, err
}

// earlierRun gives the run that the same request made before; "" where there
// is none, or where it ended early and is to go on.
func (m *mutation) earlierRun(ctx context.Context, e loader.Editor, q loader.Request) (store.ID, error) {
	out, known, err := e.Earlier(ctx, q)
	if err != nil || !known {
		return "", err
	}
	run, err := m.view(ctx).run(ctx, out.ID)
	if err != nil || run == nil || run.Status == loader.Failed {
		return "", err
	}
	return out.ID, nil
}

// listOf reads the list, and says in which field of the input it stands.
func listOf(ctx context.Context, input model.ImportListInput) (*read.Input, string, error) {
	switch {
	case (input.File == nil) == (input.Text == nil):
		return nil, "", fmt.Errorf("%w: give either file or text", errInput)
	case input.Text != nil:
		in, err := read.FromBytes(ctx, "text", []byte(*input.Text), "UTF-8")
		return in, "text", err
	case input.File.File == nil:
		return nil, "file", fmt.Errorf("%w: the file is missing", errInput)
	}
	in, err := read.FromReader(ctx, input.File.Filename, input.File.File, "")
	return in, "file", err
}

// UndoImport takes an import back.
func (m *mutation) UndoImport(ctx context.Context, input model.UndoImportInput) (*model.ImportPayload, error) {
	if err := access.Require(ctx, access.Import); err != nil {
		return nil, err
	}
	e := loader.Editor{Store: m.Writes, Now: m.Now, By: access.Of(ctx).Name}
	q, err := request(ctx, input.IdempotencyKey, input)
	if err != nil {
		return nil, err
	}
	out, known, err := e.Earlier(ctx, q)
	if err != nil || known {
		return m.importPayload(ctx, out.ID, err)
	}
	run, notes := store.ID(input.Run), make(chan []string, 1)
	done, err := m.Imports.do(ctx, func(ctx context.Context, begun func(store.ID)) (store.ID, error) {
		begun(run)
		undone, err := loader.Undo(ctx, loader.UndoOptions{Store: m.Writes, Now: m.Now, Run: run, By: e.By})
		if err != nil {
			return "", err
		}
		notes <- undone.Notes
		return run, e.Note(ctx, q, loader.Outcome{ID: run})
	})
	p, err := m.importPayload(ctx, done, inField("run", err))
	if err != nil {
		return nil, err
	}
	select {
	case kept := <-notes:
		for _, note := range kept {
			p.UserErrors = append(p.UserErrors, &model.UserError{Message: note, Code: model.ErrorCodeKept})
		}
	default:
	}
	return p, nil
}
