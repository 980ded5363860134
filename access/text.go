package access

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"hash/crc32"
	"io"
	"math/big"
	"strings"
)

// A token's text is
//
//	cg_ + id (12) + _ + secret (43) + checksum (6)
//
// for example cg_abcdefghij23_…: a prefix that secret scanners look for, the
// public id, 256 random bits and the CRC-32 of all that stands before it, so
// that a scanner (and the server, before it asks the store) can tell a token
// from a mistyped or invented one. Secret and checksum are base 62.
const (
	prefix       = "cg_"
	idLength     = 12
	secretBytes  = 32
	secretLength = 43
	sumLength    = 6
	textLength   = len(prefix) + idLength + 1 + secretLength + sumLength

	idAlphabet = "abcdefghijklmnopqrstuvwxyz234567"
	base62     = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
)

var idEncoding = base32.NewEncoding(idAlphabet).WithPadding(base32.NoPadding)

// newText draws a token.
func newText(random io.Reader) (id, text string, err error) {
	drawn := make([]byte, 8+secretBytes)
	if _, err := io.ReadFull(random, drawn); err != nil {
		return "", "", err
	}
	id = idEncoding.EncodeToString(drawn[:8])[:idLength]
	head := prefix + id + "_" + inBase62(new(big.Int).SetBytes(drawn[8:]), secretLength)
	return id, head + checksum(head), nil
}

// IsToken says whether the text has the form of a token, checksum included. It
// says nothing of whether the token is anybody's.
func IsToken(text string) bool {
	_, ok := parse(text)
	return ok
}

// parse gives the public id that a token's text names.
func parse(text string) (id string, ok bool) {
	if len(text) != textLength || !strings.HasPrefix(text, prefix) {
		return "", false
	}
	id, secret, ok := strings.Cut(text[len(prefix):], "_")
	if !ok || !isID(id) || strings.Trim(secret, base62) != "" {
		return "", false
	}
	at := len(text) - sumLength
	return id, text[at:] == checksum(text[:at])
}

func isID(s string) bool { return len(s) == idLength && strings.Trim(s, idAlphabet) == "" }

func checksum(s string) string {
	return inBase62(new(big.Int).SetUint64(uint64(crc32.ChecksumIEEE([]byte(s)))), sumLength)
}

// inBase62 writes a number with leading zeros.
func inBase62(n *big.Int, width int) string {
	digits := make([]byte, width)
	rest, base := new(big.Int), big.NewInt(int64(len(base62)))
	for i := width - 1; i >= 0; i-- {
		n.QuoRem(n, base, rest)
		digits[i] = base62[rest.Int64()]
	}
	return string(digits)
}

// digest is what a store keeps of a token. The secret is random, so a plain
// hash cannot be searched.
func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
