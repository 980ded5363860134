package graph

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"

	"coopgraph/store"
)

// maxCursor is the greatest length of a cursor, in bytes.
const maxCursor = 2_000

// sumSize is the length in bytes of a cursor's checksum.
const sumSize = 8

type cursor struct {
	Keys []string `json:"k,omitempty"`
	ID   store.ID `json:"i"`
}

// encodeCursor gives the opaque form of a place in the list that scope names:
// a field and its order. Its checksum makes a cursor that was damaged, or
// comes from another list, fail instead of leading somewhere else.
func encodeCursor(scope string, p store.Position) string {
	body, err := json.Marshal(cursor{p.Keys, p.ID})
	if err != nil {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(append(cursorSum(scope, body), body...))
}

// decodeCursor reads a cursor of the list that scope names. It fails with
// errBadCursor.
func decodeCursor(scope, s string) (*store.Position, error) {
	bad := fmt.Errorf("%w: ask again without it", errBadCursor)
	if len(s) > maxCursor {
		return nil, bad
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(s)
	if err != nil || len(raw) <= sumSize {
		return nil, bad
	}
	body := raw[sumSize:]
	var c cursor
	if !bytes.Equal(raw[:sumSize], cursorSum(scope, body)) || json.Unmarshal(body, &c) != nil {
		return nil, bad
	}
	return &store.Position{Keys: c.Keys, ID: c.ID}, nil
}

func cursorSum(scope string, body []byte) []byte {
	sum := sha256.Sum256(append([]byte(scope+"\x00"), body...))
	return sum[:sumSize]
}
