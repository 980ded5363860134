package evidence

import (
	"math"
	"time"

	"coopgraph/ontology"
)

// Age is the class of a fact's age on a day: 0 is the youngest. A chain has
// the greatest of its facts'.
type Age uint8

// ages are the classes' factors.
var ages = [...]float64{1, 0.7, 0.45, 0.25, 0.1}

// Ageless is the age of what time does not weaken: the trees of themes and
// places, and the thing asked for itself.
const Ageless Age = 0

// Factor is the factor of the class.
func (a Age) Factor() float64 { return ages[a] }

// The constants of the ageing of facts, in years.
const (
	halfLifeEnded = 3
	halfLifeKnown = 4
	endedAtOnce   = 0.6
	plannedFactor = 0.5
	leastKnown    = 0.25
	noDateAtAll   = 0.7
)

// AgeOf is the class of a fact on the day. One that is planned or starts later
// has a class of its own; one with an end still to come is
// young; an ended one weakens from its end; any other from the latest date on
// which a source attests it, since an open end does not keep a fact young.
func AgeOf(f ontology.Fact, on ontology.Day) Age {
	switch {
	case f.To != "" && f.To.Last() < on:
		return classOf(endedAtOnce * math.Pow(0.5, years(f.To.Last(), on)/halfLifeEnded))
	case f.Planned, f.From.First() > on:
		return classOf(plannedFactor)
	case f.To != "":
		return classOf(1)
	case f.Witnessed == "":
		return classOf(noDateAtAll)
	}
	return classOf(max(leastKnown, math.Pow(0.5, years(f.Witnessed.Last(), on)/halfLifeKnown)))
}

// classOf rounds a factor to the nearest class.
func classOf(factor float64) Age {
	best := 0
	for i, a := range ages {
		if math.Abs(a-factor) < math.Abs(ages[best]-factor) {
			best = i
		}
	}
	return Age(best)
}

// years is the time between two days, whichever comes first.
func years(a, b ontology.Day) float64 {
	x, errX := time.Parse(time.DateOnly, string(a))
	y, errY := time.Parse(time.DateOnly, string(b))
	if errX != nil || errY != nil {
		return 0
	}
	return math.Abs(y.Sub(x).Hours()) / 24 / 365.25
}

// statusOrder lists the statuses from the weakest.
var statusOrder = map[ontology.Status]int{
	ontology.Ended: 0, ontology.Planned: 1, ontology.Undated: 2, ontology.Attested: 3, ontology.Current: 4,
}

// Weaker gives the weaker of two statuses: ENDED, PLANNED, UNDATED, ATTESTED,
// CURRENT, from the weakest.
func Weaker(a, b ontology.Status) ontology.Status {
	if statusOrder[b] < statusOrder[a] {
		return b
	}
	return a
}
