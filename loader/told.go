package loader

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"

	"coopgraph/ontology"
	"coopgraph/store"
)

// maxTold is how many claims a run remembers.
const maxTold = 100_000

// told are claims about things that many rows tell of, and about groups of
// facts, which a run has folded already, by a hash of what they are about and
// what they say, with the least id of a record that says it. All records of a
// run are of one moment, and of those the least id counts: a row that only says
// once more what a row of the run with a lesser id said changes nothing,
// whatever other lists say of it.
type told map[[16]byte]store.ID

// toldBy is a claim with a record that makes it.
type toldBy struct {
	hash   [16]byte
	record store.ID
}

func hashClaim[T any](about string, w ontology.Weighed[T]) ([16]byte, error) {
	body, err := json.Marshal(w.Claim)
	if err != nil {
		return [16]byte{}, fmt.Errorf("encode a claim: %w", err)
	}
	sum := sha256.Sum256(fmt.Appendf(body, "\x00%s\x00%d", about, w.Standing))
	return [16]byte(sum[:16]), nil
}

// knows says whether all the claims were told before. Those that were not are
// to be remembered once the batch is committed.
func knows[T any](f *folding, about string, claims []ontology.Weighed[T]) (bool, error) {
	if f.told == nil {
		return false, nil
	}
	all := true
	for _, w := range claims {
		hash, err := hashClaim(about, w)
		if err != nil {
			return false, err
		}
		if least, ok := f.told[hash]; !ok || w.Record < least {
			all = false
			f.telling = append(f.telling, toldBy{hash, w.Record})
		}
	}
	return all, nil
}

// remember keeps what a batch told, once it is committed.
func (t told) remember(all []toldBy) {
	for _, one := range all {
		least, ok := t[one.hash]
		if ok && one.record < least || !ok && len(t) < maxTold {
			t[one.hash] = one.record
		}
	}
}
