package search

import (
	"cmp"
	"slices"
	"strings"

	"coopgraph/ontology/text"
	"coopgraph/store"
)

// The parts of a score.
const (
	coverShare = 0.7
	labelShare = 0.3
	startBonus = 0.02
	// surest bounds the score of labels that are not the question.
	surest = 0.9975
	// exactFloor is the least score of a label that holds every word of the
	// question as it is, stemFloor that of one that holds them in any
	// inflection, compoundFloor that of one that is the question but for words
	// joined or split. Labels that lack a word, or where a typing error was mended
	// or a part was found, stay below mendCeiling, those above mendKnee in the
	// order of their scores: an exact hit comes before a fuzzy one.
	exactFloor    = 0.75
	stemFloor     = 0.746
	compoundFloor = 0.78
	mendKnee      = 0.725
	mendCeiling   = 0.745
	// acronymCeiling is the greatest score of an acronym that the question is
	// not, so that it stays behind full names.
	acronymCeiling = 0.45
	// pooledShare is taken of the score of a thing that has the words of the
	// question in several of its names.
	pooledShare = 0.85
	// describedCeiling is the greatest score of a hit whose words stand in its
	// description.
	describedCeiling = 0.5
)

// discount is taken from the points of a label by its type: of equal matches,
// a name in use comes before an alternative one, a former one, an acronym.
func discount(t text.Type) int {
	switch t {
	case text.Alternative:
		return 5
	case text.Former:
		return 10
	case text.Acronym:
		return 20
	}
	return 0
}

// ranker scores candidates. It is not safe for concurrent use.
type ranker struct {
	matcher
	language string
	kinds    []store.Kind
	reading  text.Encoded
	pool     []cell // for each word of the question, its best word of all labels
}

func newRanker(p *phrase, language string, kinds []store.Kind) *ranker {
	return &ranker{matcher: matcher{phrase: p}, language: language, kinds: kinds}
}

// scored is a candidate with its best label.
type scored struct {
	node  store.Node
	rank  rank
	label text.Label
	verdict
}

// verdict is what a label is worth.
type verdict struct {
	points int
	how    How
	// sure says that every word of the question stands in the label without
	// mending.
	sure bool
	// whole says that every word stands in it, mended or not.
	whole bool
	// covered is the share of the label that the question covers.
	covered float64
}

// rank gives the candidates that have something of the question, best first.
func (r *ranker) rank(c *candidates) []scored {
	out := make([]scored, 0, len(c.list))
	for i := range c.list {
		if s := r.score(&c.list[i]); s.points >= minScore {
			out = append(out, s)
		}
	}
	slices.SortFunc(out, func(a, b scored) int {
		return cmp.Or(a.rank.compare(b.rank), cmp.Compare(a.node.ID, b.node.ID))
	})
	return out
}

// score judges a candidate by its best label. A label's worth does not depend
// on the others'.
func (r *ranker) score(c *candidate) scored {
	best := scored{node: c.node}
	encoded, _ := c.node.Props[LabelsProp].(string)
	first := true
	r.pool = blank(r.pool, len(r.phrase.words))
	for encoded != "" {
		encoded = r.reading.Next(encoded)
		v := r.judge(&r.reading)
		for i, cell := range r.asked {
			r.pool[i].raise(cell.worth, cell.way, 0)
		}
		if first || v.points > best.points || v.points == best.points && r.preferred(r.reading.Label, best.label) {
			best.verdict, best.label, first = v, r.reading.Label, false
		}
	}
	if v := r.pooled(best.covered); v.points > best.points && v.whole {
		best.verdict = v
	}
	if p := points(describedCeiling * c.described); p > best.points {
		best.verdict = verdict{points: p, how: Description, sure: c.described == 1}
	}
	best.rank = rank{points: best.points, kind: r.place(c.node.Kind), degree: c.node.Degree}
	return best
}

// preferred says whether a label is to be shown rather than an equal one.
func (r *ranker) preferred(a, b text.Label) bool {
	return r.language != "" && strings.EqualFold(a.Language, r.language) && !strings.EqualFold(b.Language, r.language)
}

// place is a kind's place among those asked for.
func (r *ranker) place(k store.Kind) int {
	if i := slices.Index(r.kinds, k); i >= 0 {
		return i
	}
	return len(r.kinds)
}

// judge scores a label: 0.7 for the share of the question that it covers, and
// 0.3 for the share of it that the question covers.
func (r *ranker) judge(label *text.Encoded) verdict {
	r.compare(label.Words)
	v := verdict{how: Words}
	if r.equal {
		v.how, v.sure, v.whole = Exact, true, true
		if !r.inStep(label.Words) {
			v.how = Compound
		}
		v.points, v.covered = 10000-discount(label.Label.Type), 1
		return v
	}
	question, worst, content := r.questionCover(r.asked)
	covered := r.labelCover(label.Words)
	score := coverShare*question + labelShare*question*covered
	if r.starts {
		score += startBonus
	}
	switch {
	case content == same:
		score = max(score, exactFloor+(1-exactFloor)*covered*question)
	case content == stemmed:
		score = max(score, stemFloor)
	case content == compounded && r.labelWay(label.Words) <= compounded:
		score = max(score, compoundFloor)
	case content >= within:
		score = belowMend(score)
	}
	if label.Label.Type == text.Acronym && content != same {
		score = min(score, acronymCeiling)
	}
	v.how, v.sure, v.whole, v.covered = hows[worst], content <= compounded, content < absent, covered
	v.points = max(0, min(points(score), points(surest))-discount(label.Label.Type))
	return v
}

// pooled judges a thing by the words of all its labels, of which the one that is
// shown is covered as far as said: "Frontex agency" has a word of the acronym
// and one of the full name, "conseil nordic" a word of two languages each. What
// is not whole is no match by its names together.
func (r *ranker) pooled(covered float64) verdict {
	question, worst, content := r.questionCover(r.pool)
	score := pooledShare * (coverShare*question + labelShare*question*covered)
	return verdict{
		points: points(belowMend(score)), how: hows[worst], sure: content <= compounded, whole: content < absent, covered: covered,
	}
}

// questionCover is the share of the question that matches, with the weakest way
// of any word that does and of the words that are no stop words.
func (r *ranker) questionCover(cells []cell) (share float64, worst, content way) {
	for i := range cells {
		w := &r.phrase.words[i]
		share += w.weight * cells[i].worth
		if cells[i].way != absent {
			worst = max(worst, cells[i].way)
		}
		if !w.Stop {
			content = max(content, cells[i].way)
		}
	}
	return share / r.phrase.weight, worst, content
}

// belowMend leaves scores up to mendKnee as they are, and brings those above it
// below mendCeiling.
func belowMend(score float64) float64 {
	if score <= mendKnee {
		return score
	}
	return mendKnee + (score-mendKnee)*(mendCeiling-mendKnee)/(1+startBonus-mendKnee)
}

// labelCover is the share of a label's words, stop words aside, that the
// question covers.
func (r *ranker) labelCover(label []text.Word) float64 {
	sum, n := 0.0, 0
	for j := range label {
		if !label[j].Stop {
			sum += r.named[j].worth
			n++
		}
	}
	if n == 0 {
		return 0
	}
	return sum / float64(n)
}

// labelWay is the weakest way of a label's words, stop words aside.
func (r *ranker) labelWay(label []text.Word) way {
	worst := same
	for j := range label {
		if !label[j].Stop {
			worst = max(worst, r.named[j].way)
		}
	}
	return worst
}

// inStep says whether the question and an equal label have the same words.
func (r *ranker) inStep(label []text.Word) bool {
	if len(label) != len(r.asked) {
		return false
	}
	for i := range r.asked {
		if r.asked[i].way != same {
			return false
		}
	}
	return true
}
