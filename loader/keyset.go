package loader

import (
	"crypto/sha256"
	"fmt"
	"math"

	"coopgraph/loader/rows"
)

// keySet remembers the keys of a file's rows by a hash of 12 bytes, each with
// the line of the row that bears it: some 25 bytes a row. Line 0 is that of
// rows that were not taken.
type keySet map[[12]byte]uint32

func keyHash(key string) [12]byte {
	sum := sha256.Sum256([]byte(key))
	return [12]byte(sum[:12])
}

// check rejects an item whose key an earlier row has: the later would silently
// replace the earlier, and the other way round on the next run.
func (k keySet) check(it *rows.Item) {
	if it.Key == "" {
		return
	}
	hash := keyHash(it.Key)
	line, known := k[hash]
	switch {
	case it.Dropped != "":
		if !known {
			k[hash] = 0
		}
	case line > 0:
		it.Dropped, it.Message = rows.Rejected, fmt.Sprintf("line %d has the same key", line)
	default:
		k[hash] = uint32(min(max(it.Line, 1), math.MaxUint32))
	}
}

// has says whether a row of the file has the key, taken or not.
func (k keySet) has(key string) bool {
	_, known := k[keyHash(key)]
	return known
}
