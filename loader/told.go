package loader

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"

	"coopgraph/ontology"
)

// maxTold is how many claims a run remembers.
const maxTold = 100_000

// told are claims about things that many rows tell of, and about groups of
// facts, which a run has folded already, by a hash of what they are about and
// what they say. Folding unites, and of a source's rows the newest counts: a
// row that only says once more what an earlier row of the run said changes
// nothing, whatever other lists say of it.
type told map[[16]byte]struct{}

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
		if _, ok := f.told[hash]; !ok {
			all = false
			f.telling = append(f.telling, hash)
		}
	}
	return all, nil
}

// remember keeps what a batch told, once it is committed.
func (t told) remember(telling [][16]byte) {
	for _, hash := range telling {
		if len(t) < maxTold {
			t[hash] = struct{}{}
		}
	}
}
