package match

// The lengths of words from which one and two typing errors are mended.
const (
	minOneEdit  = 6
	minTwoEdits = 10
	maxWord     = 64
)

// mistyped says whether two words of letters a–z are as near as a typing
// error brings them: one letter put in, left out, replaced or swapped with its
// neighbour in a word of minOneEdit letters, two in one of minTwoEdits.
func mistyped(a, b string) bool {
	short, long := min(len(a), len(b)), max(len(a), len(b))
	if short < minOneEdit || long > maxWord {
		return false
	}
	limit := 1
	if short >= minTwoEdits {
		limit = 2
	}
	return long-short <= limit && distance(a, b, limit) <= limit
}

// distance is the optimal string alignment distance of two words of bytes,
// limit+1 for anything above limit.
func distance(a, b string, limit int) int {
	var rows [3][maxWord + 1]int
	before, last, row := &rows[0], &rows[1], &rows[2]
	for j := range len(b) + 1 {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			v := min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				v = min(v, before[j-2]+1)
			}
			row[j] = v
			least = min(least, v)
		}
		if least > limit {
			return limit + 1
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
