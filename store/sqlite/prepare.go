package sqlite

import (
	"crypto/sha256"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"unicode/utf8"

	"coopgraph/store"
)

// prepared is what a put is to write, as far as it follows from the change
// alone. It is made before the database is asked, on all processors.
type prepared struct {
	props string // as JSON
	doc   document
	err   error
}

// document is what the text index is to hold of a node.
type document struct {
	hash []byte // nil: nothing
	// fields are in plain tokens, in the order of the schema; words are those
	// of the first field as they came.
	fields []string
	words  string
}

// fewChanges is the number of changes that one goroutine prepares at a time.
const fewChanges = 64

// prepare starts to work on the changes; the function that it gives waits for
// the outcome, one for each change.
func (l *layout) prepare(changes []store.Change) (wait func() []prepared) {
	out := make([]prepared, len(changes))
	var next atomic.Int64
	work := func() {
		var buf []byte
		for {
			from := int(next.Add(fewChanges)) - fewChanges
			if from >= len(changes) {
				return
			}
			for i := from; i < min(from+fewChanges, len(changes)); i++ {
				buf = l.prepareOne(&out[i], &changes[i], buf)
			}
		}
	}
	if len(changes) <= fewChanges {
		return func() []prepared {
			work()
			return out
		}
	}
	var running sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(changes)/fewChanges) {
		running.Go(work)
	}
	return func() []prepared {
		running.Wait()
		return out
	}
}

// prepareOne fills in p; it gives back the buffer. What is not declared is
// left to the check in the changes' order.
func (l *layout) prepareOne(p *prepared, ch *store.Change, buf []byte) []byte {
	var set propSet
	var props store.Props
	var k *kind
	switch ch.Op {
	case store.PutNode:
		if k = l.kinds[ch.Node.Kind]; k == nil {
			return buf
		}
		set, props = k.propSet, ch.Node.Props
	case store.PutEdge:
		set, props = l.edges, ch.Edge.Props
	case store.DeleteNode, store.DeleteEdge:
		return buf
	}
	if buf, p.err = set.encode(buf[:0], props); p.err != nil {
		return buf
	}
	p.props = string(buf)
	if k != nil {
		p.doc, p.err = l.document(k, ch.Tokens)
	}
	return buf
}

// document reads a change's tokens; those of an internal kind are not indexed.
func (l *layout) document(k *kind, tokens map[string]string) (document, error) {
	for f, t := range tokens {
		if !slices.Contains(l.text, f) {
			return document{}, invalid("text field %q is not declared", f)
		}
		if !utf8.ValidString(t) {
			return document{}, invalid("text field %q is not UTF-8", f)
		}
	}
	if k.internal || len(tokens) == 0 {
		return document{}, nil
	}
	d := document{fields: make([]string, len(l.text))}
	sum := sha256.New()
	empty := true
	for i, f := range l.text {
		d.fields[i] = plainTokens(tokens[f])
		empty = empty && strings.Trim(tokens[f], " ") == ""
		sum.Write([]byte(tokens[f]))
		sum.Write([]byte{0xff})
	}
	if empty {
		return document{}, nil
	}
	if len(l.text) > 0 {
		d.words = tokens[l.text[0]]
	}
	d.hash = sum.Sum(nil)[:16]
	return d, nil
}
