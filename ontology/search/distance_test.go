package search

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestDistanceCountsTypingErrors(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"", "", 0},
		{"water", "water", 0},
		{"water", "wter", 1},
		{"water", "watter", 1},
		{"water", "wader", 1},
		{"water", "awter", 1},
		{"water", "watre", 1},
		{"ca", "abc", 3},
		{"dusseldrof", "dusseldorf", 1},
		{"abcd", "badc", 2},
		{"water", "", 3},
		{"ελλάδα", "ελλαδα", 1},
		{"water", "wasserstof", 3},
	} {
		if got := distance(c.a, c.b, 2); got != min(c.want, 3) {
			t.Errorf("distance(%q, %q) = %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

func TestDistanceToABeginning(t *testing.T) {
	if _, b := distances("roterd", "rotterdam", 1); b != 1 {
		t.Errorf("got %d", b)
	}
	if w, b := distances("rot", "rotterdam", 1); w != 2 || b != 0 {
		t.Errorf("got %d and %d", w, b)
	}
}

// plainDistance is the textbook table, without bounds.
func plainDistance(a, b []rune) int {
	d := make([][]int, len(a)+1)
	for i := range d {
		d[i] = make([]int, len(b)+1)
		d[i][0] = i
	}
	for j := range d[0] {
		d[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			d[i][j] = min(d[i-1][j]+1, d[i][j-1]+1, d[i-1][j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d[i][j] = min(d[i][j], d[i-2][j-2]+1)
			}
		}
	}
	return d[len(a)][len(b)]
}

func TestDistanceIsTheTextbooks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringOfN(rapid.RuneFrom([]rune("abcé")), 0, 9, -1)
		a, b := word.Draw(t, "a"), word.Draw(t, "b")
		want := min(plainDistance([]rune(a), []rune(b)), 3)
		if got := distance(a, b, 2); got != want {
			t.Errorf("distance(%q, %q) = %d, want %d", a, b, got, want)
		}
		if distance(a, b, 2) != distance(b, a, 2) {
			t.Errorf("distance of %q and %q depends on the side", a, b)
		}
	})
	long := strings.Repeat("a", 100)
	if got := distance(long, long, 2); got != 3 {
		t.Errorf("words beyond the analysis are not compared: %d", got)
	}
}
