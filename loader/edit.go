package loader

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"coopgraph/ontology"
	"coopgraph/store"
)

// standingOfHand is the standing of what people enter: it is believed before
// any list.
const standingOfHand = 1_000

// ByHand is the source of what people enter.
func ByHand() ontology.Document {
	return ontology.Document{
		ID: ontology.NodeID(ontology.Source, "hand", "edits"), Title: "Entered by hand", Language: "en", Standing: standingOfHand,
	}
}

// maxKey is the greatest length of an idempotency key, in bytes.
const maxKey = 200

// ErrKeyReused: an idempotency key was used before, for something else.
var ErrKeyReused = errors.New("this idempotency key was used for something else")

// ErrTaken: another thing bears the identifier.
var ErrTaken = errors.New("another thing bears this identifier")

// Editor changes the graph by hand. What a person enters is kept as records of
// a source of its own that is believed before any list, so that no import
// undoes it. Every change is one commit, with a receipt under its idempotency
// key: asked again with the same key, it gives the first outcome.
type Editor struct {
	Store store.Store
	// Now gives the time of writing.
	Now func() time.Time
	// By is who changes.
	By string
}

// Request names a change, so that it is made once.
type Request struct {
	// Key is the idempotency key, Digest what was asked under it.
	Key, Digest string
}

// Outcome is what a change was made to.
type Outcome struct {
	// ID is the thing or fact.
	ID store.ID `json:"id"`
	// Other is a second one, such as the thing merged into ID.
	Other store.ID `json:"other,omitempty"`
}

// Cite is a source that an entry rests on; the zero Cite is the entry itself.
type Cite struct {
	Document       ontology.Document
	Locator, Quote string
}

func (c Cite) citation() ontology.Citation {
	if c.Document.ID == "" {
		return ontology.Citation{Source: ByHand().ID}
	}
	return ontology.Citation{Source: c.Document.ID, Locator: c.Locator, Quote: c.Quote}
}

func (c Cite) documents() []ontology.Document {
	if c.Document.ID == "" {
		return []ontology.Document{ByHand()}
	}
	return []ontology.Document{ByHand(), c.Document}
}

// once makes a change under its key, or gives the outcome that it had.
func (e *Editor) once(ctx context.Context, q Request, change func(f *folding) (Outcome, error)) (Outcome, error) {
	var out Outcome
	w := Writer{Store: e.Store, Now: e.Now}
	err := w.commit(ctx, "", e.By, func(f *folding) error {
		earlier, known, err := e.Earlier(ctx, q)
		if err != nil || known {
			out = earlier
			return err
		}
		if out, err = change(f); err != nil {
			return err
		}
		if err := f.fold(ctx); err != nil {
			return err
		}
		receipt, err := e.receipt(q, out, f.now)
		f.changes = append(f.changes, receipt)
		return err
	})
	return out, err
}

// Earlier gives the outcome of a change that was made under the key, where
// there is one.
func (e *Editor) Earlier(ctx context.Context, q Request) (out Outcome, known bool, err error) {
	if q.Key == "" || len(q.Key) > maxKey {
		return out, false, fmt.Errorf("%w: an idempotency key has 1 to %d characters", store.ErrInvalid, maxKey)
	}
	id := e.receiptID(q.Key)
	nodes, err := e.Store.Nodes(ctx, []store.ID{id})
	if err != nil {
		return out, false, fmt.Errorf("read a receipt: %w", err)
	}
	node, known := nodes[id]
	if known {
		out, err = outcomeOf(node, q)
	}
	return out, known, err
}

// Note keeps the outcome of a change under its key. What was noted before
// stays.
func (e *Editor) Note(ctx context.Context, q Request, out Outcome) error {
	change, err := e.receipt(q, out, e.Now().UTC().Truncate(time.Microsecond))
	if err != nil {
		return err
	}
	if _, err := e.Store.Apply(ctx, []store.Change{change}); err != nil && !errors.Is(err, store.ErrConflict) {
		return fmt.Errorf("keep a receipt: %w", err)
	}
	return nil
}

// receipt is the change that keeps an outcome under its key.
func (e *Editor) receipt(q Request, out Outcome, at time.Time) (store.Change, error) {
	body, err := json.Marshal(out)
	if err != nil {
		return store.Change{}, fmt.Errorf("encode a receipt: %w", err)
	}
	absent := int64(0)
	return store.Change{Op: store.PutNode, IfVersion: &absent, Node: store.Node{
		ID: e.receiptID(q.Key), Kind: ontology.Receipt, Props: store.Props{"at": at, "by": e.By, "digest": q.Digest, "body": string(body)},
	}}, nil
}

func (e *Editor) receiptID(key string) store.ID { return ontology.NodeID(ontology.Receipt, e.By, key) }

func outcomeOf(receipt store.Node, q Request) (Outcome, error) {
	var out Outcome
	if receipt.Props["digest"] != q.Digest {
		return out, ErrKeyReused
	}
	body, _ := receipt.Props["body"].(string)
	if err := json.Unmarshal([]byte(body), &out); err != nil {
		return out, fmt.Errorf("receipt %s: %w", receipt.ID, err)
	}
	return out, nil
}

// Create makes a thing. The claim needs a kind and a name; its id follows from
// the key. It fails with ErrTaken where a thing bears one of its identifiers.
func (e *Editor) Create(ctx context.Context, q Request, c ontology.ThingClaim, cite Cite) (Outcome, error) {
	c.ID = ontology.NodeID(c.Kind, "hand/"+e.By, q.Key)
	if err := c.Validate(); err != nil {
		return Outcome{}, err
	}
	if len(c.Names) == 0 {
		return Outcome{}, fmt.Errorf("%w: a thing needs a name", store.ErrInvalid)
	}
	return e.once(ctx, q, func(f *folding) (Outcome, error) {
		if err := e.free(ctx, c); err != nil {
			return Outcome{}, err
		}
		citeAll(&c, cite)
		return Outcome{ID: c.ID}, e.save(ctx, f, entryOf(c.ID).Key, cite, func(r *ontology.SourceRecord) error {
			r.Claims.Things = []ontology.ThingClaim{c}
			return nil
		})
	})
}

// free fails with ErrTaken where another thing bears an identifier of the
// claim.
func (e *Editor) free(ctx context.Context, c ontology.ThingClaim) error {
	keys := make([]any, 0, len(c.Identifiers))
	for _, i := range c.Identifiers {
		keys = append(keys, i.Key())
	}
	if len(keys) == 0 {
		return nil
	}
	page, err := e.Store.Find(ctx, []store.Kind{c.Kind}, anyOf("identifiers", keys), store.Paging{})
	if err != nil {
		return fmt.Errorf("look up %d identifiers: %w", len(keys), err)
	}
	for _, n := range page.Items {
		if n.ID != c.ID {
			return fmt.Errorf("%w: %s", ErrTaken, n.ID)
		}
	}
	return nil
}

// citeAll lets everything in the claim rest on the source.
func citeAll(c *ontology.ThingClaim, cite Cite) {
	cites := []ontology.Citation{cite.citation()}
	c.Cites = cites
	for i := range c.Names {
		c.Names[i].Cites = cites
	}
	for i := range c.Descriptions {
		c.Descriptions[i].Cites = cites
	}
	for i := range c.Figures {
		c.Figures[i].Cites = cites
	}
}

// Update changes the fields of a thing that c.Replaces names into what c gives
// for them; what it does not give is removed. The thing must have the version,
// else it fails with store.ErrConflict. c needs id and kind.
func (e *Editor) Update(ctx context.Context, q Request, version int64, c ontology.ThingClaim, cite Cite) (Outcome, error) {
	if slices.Contains(c.Replaces, "names") && len(c.Names) == 0 {
		return Outcome{}, fmt.Errorf("%w: a thing needs a name", store.ErrInvalid)
	}
	return e.once(ctx, q, func(f *folding) (Outcome, error) {
		node, err := e.present(ctx, c.ID, version)
		if err != nil {
			return Outcome{}, err
		}
		c.ID, c.Kind = node.ID, node.Kind
		probe := c
		probe.Identifiers = append(slices.Clone(c.Identifiers), ontology.Identifier{Scheme: "ID", Value: string(c.ID)})
		if err := probe.Validate(); err != nil {
			return Outcome{}, err
		}
		if err := e.free(ctx, c); err != nil {
			return Outcome{}, err
		}
		citeAll(&c, cite)
		return Outcome{ID: c.ID}, e.save(ctx, f, entryOf(c.ID).Key, cite, func(r *ontology.SourceRecord) error {
			r.Claims.Things = []ontology.ThingClaim{override(r.Claims.Things, c)}
			return nil
		})
	})
}

// override lays the fields that c replaces over what was entered before.
func override(before []ontology.ThingClaim, c ontology.ThingClaim) ontology.ThingClaim {
	if len(before) == 0 {
		return c
	}
	old := before[0]
	for _, field := range c.Replaces {
		switch field {
		case "names":
			old.Names = c.Names
		case "identifiers":
			old.Identifiers = c.Identifiers
		case "descriptions":
			old.Descriptions = c.Descriptions
		case "figures":
			old.Figures = c.Figures
		default:
			if old.Props == nil {
				old.Props = ontology.Values{}
			}
			delete(old.Props, field)
			if v, ok := c.Props[field]; ok {
				old.Props[field] = v
			}
		}
		if !slices.Contains(old.Replaces, field) {
			old.Replaces = append(slices.Clone(old.Replaces), field)
		}
	}
	slices.Sort(old.Replaces)
	old.Deleted, old.Cites = false, c.Cites
	return old
}

// present reads a thing by its id or one that it once had, and fails where it
// is not there or has another version.
func (e *Editor) present(ctx context.Context, id store.ID, version int64) (store.Node, error) {
	n, err := e.thing(ctx, id)
	if err != nil {
		return n, err
	}
	if n.Version != version {
		return n, fmt.Errorf("%w: the version is %d", store.ErrConflict, n.Version)
	}
	return n, nil
}

// thing reads a thing by its id or one that it once had.
func (e *Editor) thing(ctx context.Context, id store.ID) (store.Node, error) {
	nodes, err := e.Store.Nodes(ctx, []store.ID{id})
	if err != nil {
		return store.Node{}, fmt.Errorf("read a thing: %w", err)
	}
	n, ok := nodes[id]
	if !ok {
		page, err := e.Store.Find(ctx, nil, anyOf("formerIds", []any{string(id)}), store.Paging{})
		if err != nil {
			return store.Node{}, fmt.Errorf("read a thing: %w", err)
		}
		if len(page.Items) > 0 {
			n, ok = page.Items[0], true
		}
	}
	if !ok || !ontology.IsThing(n.Kind) {
		return store.Node{}, fmt.Errorf("%w: no thing has this id", store.ErrNotFound)
	}
	return n, nil
}

// Delete takes a thing and its facts away: what lists say of it is kept and
// not shown. The thing must have the version, else it fails with
// store.ErrConflict.
func (e *Editor) Delete(ctx context.Context, q Request, id store.ID, version int64) (Outcome, error) {
	return e.once(ctx, q, func(f *folding) (Outcome, error) {
		node, err := e.present(ctx, id, version)
		if err != nil {
			return Outcome{}, err
		}
		return Outcome{ID: node.ID}, e.save(ctx, f, entryOf(node.ID).Key, Cite{}, func(r *ontology.SourceRecord) error {
			c := ontology.ThingClaim{ID: node.ID, Kind: node.Kind}
			if len(r.Claims.Things) > 0 {
				c = r.Claims.Things[0]
			}
			c.Deleted = true
			r.Claims.Things = []ontology.ThingClaim{c}
			return nil
		})
	})
}

// entryOf is the record, still empty, of what people enter about a thing.
func entryOf(id store.ID) ontology.SourceRecord {
	return ontology.SourceRecord{Source: ByHand().ID, Key: "thing/" + string(id), Standing: standingOfHand}
}

// save writes the record that a person's entry makes, changed by the function
// from what it was.
func (e *Editor) save(ctx context.Context, f *folding, key string, cite Cite, change func(*ontology.SourceRecord) error) error {
	if err := f.documents(ctx, cite.documents()); err != nil {
		return err
	}
	r := ontology.SourceRecord{Source: ByHand().ID, Key: key, Standing: standingOfHand}
	id := r.ID()
	nodes, err := e.Store.Nodes(ctx, []store.ID{id})
	if err != nil {
		return fmt.Errorf("read an entry: %w", err)
	}
	before := nodes[id]
	if before.Version > 0 {
		if r, err = ontology.RecordOf(before); err != nil {
			return err
		}
	}
	if err := change(&r); err != nil {
		return err
	}
	r.At, r.By, r.Run = f.now, e.By, ""
	return f.change(r, before)
}
