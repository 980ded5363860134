package text

import (
	"slices"
	"strings"
	"testing"
)

// FuzzSplitASCII makes sure that the short way through plain texts finds the
// words that the long way finds.
func FuzzSplitASCII(f *testing.F) {
	for _, s := range []string{"", "a", "The North-Sea  (NS) 2.0", "x'y\x00z_\x7f", strings.Repeat("Ab1", 40) + " end"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !isASCII(s) {
			return // the short way is not taken
		}
		if short, long := splitASCII(s), splitAny(s); !slices.Equal(short, long) {
			t.Errorf("%q: %v is not %v", s, short, long)
		}
	})
}
