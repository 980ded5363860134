package evidence

import (
	"math"
	"slices"
)

// freeNeighbours is the number of neighbours up to which a thing passed on the
// way does not weaken the chain.
const freeNeighbours = 8

// Damping is the factor for passing a thing that has n neighbours on the
// relation entered or left, the larger of the two.
func Damping(n int64) float64 {
	return 1 / (1 + math.Log2(math.Max(1, float64(n)/freeNeighbours)))
}

// Fewer is how many times less than the group before it a group counts.
const Fewer = 4

// Sum adds up groups of evidence, each a weight in [0, 1]: the best counts,
// the i-th best a quarter of the one before it. Full addition would make the
// largest organisation win. It sorts the weights in place.
func Sum(weights []float64) float64 {
	slices.SortFunc(weights, func(a, b float64) int {
		switch {
		case a > b:
			return -1
		case a < b:
			return 1
		}
		return 0
	})
	rest, share := 1.0, 1.0
	for _, w := range weights {
		rest *= 1 - w*share
		share /= Fewer
	}
	return 1 - rest
}

// Lacking is the part of a facet's share that no evidence is needed for.
const Lacking = 0.02

// Share is what the evidence of a facet contributes to the score.
func Share(evidence float64) float64 { return Lacking + (1-Lacking)*evidence }

// Score is the geometric mean over the facets of 0.02 + 0.98 × evidence,
// rounded to four digits; 0 without facets.
func Score(evidence []float64) float64 {
	if len(evidence) == 0 {
		return 0
	}
	logs := 0.0
	for _, e := range evidence {
		logs += math.Log(Share(e))
	}
	return Round(math.Exp(logs / float64(len(evidence))))
}

// Round gives a score to four digits.
func Round(score float64) float64 { return math.Round(score*1e4) / 1e4 }
