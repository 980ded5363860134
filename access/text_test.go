package access_test

import (
	"crypto/rand"
	"fmt"
	"hash/crc32"
	"math/big"
	"regexp"
	"strings"
	"testing"

	"coopgraph/access"
)

// reseal puts the right checksum behind a token's head, as whoever invents
// tokens would.
func reseal(head string) string {
	const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	n, sum := crc32.ChecksumIEEE([]byte(head)), ""
	for range 6 {
		sum = string(digits[n%62]) + sum
		n /= 62
	}
	return head + sum
}

// renamed is a token with another id.
func renamed(text string, n int) string {
	id := []byte("aaaaaaaaaaaa")
	for i := range id {
		id[i] += byte(n % 26)
		n /= 26
	}
	return reseal("cg_" + string(id) + text[15:len(text)-6])
}

// The form is what secret scanners are told to look for.
func TestTheFormOfATokenIsOneThatScannersFind(t *testing.T) {
	r, _, _ := newRegistry(t)
	form := regexp.MustCompile(`^cg_[a-z2-7]{12}_[0-9A-Za-z]{49}$`)
	seen := map[string]bool{}
	for range 20 {
		token, text := create(t, r, access.Staff, 0)
		if !form.MatchString(text) || !strings.HasPrefix(text, "cg_"+token.ID+"_") || seen[text] || !access.IsToken(text) {
			t.Errorf("a token of %d characters with the id %s", len(text), token.ID)
		}
		if reseal(text[:len(text)-6]) != text {
			t.Error("the checksum is not the CRC-32 of what stands before it")
		}
		seen[text] = true
	}
}

func TestMistypedTokensAreToldWithoutTheStore(t *testing.T) {
	r, s, _ := newRegistry(t)
	_, text := create(t, r, access.Staff, 0)
	bad := map[string]string{
		"empty": "", "prefix": "cg_", "longer": text + "a", "shorter": text[:len(text)-1], "blank before": " " + text[1:],
		"upper case": strings.ToUpper(text), "another prefix": "gh_" + text[3:], "1 MB": strings.Repeat("a", 1<<20),
		"sealed, no underscore": reseal("cg_" + strings.Repeat("a", 56)), "sealed, id with 1": reseal("cg_1aaaaaaaaaaa_" + strings.Repeat("a", 43)),
		"sealed, secret with -": reseal("cg_aaaaaaaaaaaa_" + strings.Repeat("-", 43)), "NUL": text[:30] + "\x00" + text[31:],
	}
	for i := range text {
		for _, c := range "aB1_" {
			if text[i] != byte(c) {
				bad[fmt.Sprintf("%c at %d", c, i)] = text[:i] + string(c) + text[i+1:]
			}
		}
	}
	for name, text := range bad {
		if access.IsToken(text) {
			t.Errorf("%s: is taken for a token", name)
		}
		refused(t, r, text, "malformed")
	}
	if n := s.readings.Load(); n != 0 {
		t.Errorf("%d readings", n)
	}
}

// FuzzIsToken protects the first check: it never fails, and what passes has the
// one form and its checksum.
func FuzzIsToken(f *testing.F) {
	n, err := rand.Int(rand.Reader, big.NewInt(1<<40))
	if err != nil {
		f.Fatal(err)
	}
	for _, text := range []string{
		"", "cg_", "cg__", reseal("cg_abcdefghij23_" + strings.Repeat("z", 43)), reseal("cg_aaaaaaaaaaaa_" + fmt.Sprintf("%043d", n)),
		strings.Repeat("_", 65), "cg_\xff",
	} {
		f.Add(text)
	}
	form := regexp.MustCompile(`^cg_[a-z2-7]{12}_[0-9A-Za-z]{49}$`)
	f.Fuzz(func(t *testing.T, text string) {
		want := form.MatchString(text) && reseal(text[:len(text)-6]) == text
		if access.IsToken(text) != want {
			t.Errorf("IsToken(%q) is %v", text, !want)
		}
	})
}
