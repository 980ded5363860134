package ontology

import (
	"crypto/sha256"
	"encoding/base32"
	"strings"

	"coopgraph/store"
)

// The first letters of ids, by what they name.
const (
	nodePrefix   = "n_"
	factPrefix   = "f_"
	sourcePrefix = "s_"
	runPrefix    = "r_"
	otherPrefix  = "x_"
)

var base32Lower = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// NodeID is the id of a thing or record of the kind that has the key in the
// namespace: a prefix and 26 characters of base32 over SHA-256 of the three.
func NodeID(kind store.Kind, namespace, key string) store.ID {
	prefix := otherPrefix
	switch {
	case IsThing(kind):
		prefix = nodePrefix
	case kind == Source:
		prefix = sourcePrefix
	case kind == ImportRun:
		prefix = runPrefix
	}
	return hashID(prefix, string(kind), namespace, key)
}

// IsID says whether the text has the form of an id. It says nothing of
// whether anything has it.
func IsID(s string) bool {
	if len(s) != 28 || s[1] != '_' || !strings.ContainsRune("nfsrx", rune(s[0])) {
		return false
	}
	return strings.Trim(s[2:], "abcdefghijklmnopqrstuvwxyz234567") == ""
}

// IsFactID says whether the id names a fact.
func IsFactID(id store.ID) bool { return strings.HasPrefix(string(id), factPrefix) }

// IsRunID says whether the id names an import run.
func IsRunID(id store.ID) bool { return strings.HasPrefix(string(id), runPrefix) }

func hashID(prefix string, parts ...string) store.ID {
	h := sha256.New()
	for _, p := range parts {
		h.Write([]byte(p))
		h.Write([]byte{0})
	}
	return store.ID(prefix + base32Lower.EncodeToString(h.Sum(nil))[:26])
}
