package search

import "unicode/utf8"

// editsAllowed is the number of typing errors mended in a word of so many
// letters: one from 4 letters, two from 8.
func editsAllowed(letters int) int {
	switch {
	case letters < 4:
		return 0
	case letters < 8:
		return 1
	}
	return 2
}

// maxCompared is the length in letters beyond which words are not compared:
// no word of the analysis is longer.
const maxCompared = 64

// distance counts the typing errors between two words: letters put in, left
// out, replaced, or two neighbours swapped, where no letter is touched twice
// (optimal string alignment). It gives limit+1 for anything above limit.
func distance(a, b string, limit int) int {
	d, _ := distances(a, b, limit)
	return d
}

// distances gives the distance of a from b, and from the nearest beginning of
// b; each is limit+1 when it is above limit.
func distances(a, b string, limit int) (whole, beginning int) {
	var bufA, bufB [maxCompared]rune
	x, okA := letters(a, &bufA)
	y, okB := letters(b, &bufB)
	if !okA || !okB || len(x)-len(y) > limit {
		return limit + 1, limit + 1
	}
	if len(y) > len(x)+limit {
		y = y[:len(x)+limit+1] // beginnings beyond this are farther than limit
	}
	return align(x, y, limit)
}

// align fills the table of optimal string alignment, a row at a time.
func align(x, y []rune, limit int) (whole, beginning int) {
	var rows [3][maxCompared + 1]int
	before, last, row := &rows[0], &rows[1], &rows[2]
	for j := range len(y) + 1 {
		last[j] = j
	}
	for i := 1; i <= len(x); i++ {
		row[0] = i
		least := i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			v := min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				v = min(v, before[j-2]+1)
			}
			row[j] = v
			least = min(least, v)
		}
		if least > limit {
			return limit + 1, limit + 1
		}
		before, last, row = last, row, before
	}
	beginning = limit + 1
	for j := range len(y) + 1 {
		beginning = min(beginning, last[j])
	}
	return min(last[len(y)], limit+1), beginning
}

// letters spreads a word into buf, unless it is too long.
func letters(s string, buf *[maxCompared]rune) ([]rune, bool) {
	if len(s) > maxCompared && utf8.RuneCountInString(s) > maxCompared {
		return nil, false
	}
	n := 0
	for _, r := range s {
		buf[n] = r
		n++
	}
	return buf[:n], true
}
