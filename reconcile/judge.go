package reconcile

import (
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/language"

	"coopgraph/ontology"
	"coopgraph/ontology/search"
	"coopgraph/ontology/text"
)

// The parts of a score, of 100.
const (
	// identifiedScore is that of a thing which bears a given identifier and has
	// nothing of its name; a name like the one asked for makes it 100.
	identifiedScore = 88
	// unidentified is what the scores of all others are multiplied with where a
	// thing bears an identifier that the query gives.
	unidentified = 0.85
	// contradicted is what a score is multiplied with where the thing bears
	// another identifier in a given scheme, otherKind where it is of another
	// type than the query would like.
	contradicted = 0.6
	otherKind    = 0.7
	// folded is taken from the similarity of names that differ in accents or
	// punctuation; mended is what the similarity of letters counts for.
	folded = 0.02
	mended = 0.97
	// akin is the similarity of names from which on a related thing agrees.
	akin = 0.7
)

// When a candidate is a match: its score is at least certain, or at least
// supported with evidence worth corroboration and none against it; and the
// next one is clearly behind.
const (
	certain       = 95
	supported     = 80
	corroboration = 4
	clearly       = 5
	// shortAcronym is the length, in letters, below which an acronym alone
	// matches nothing: too many bodies share it.
	shortAcronym = 4
)

// judgement is what a candidate is worth, and why.
type judgement struct {
	pick
	score float64
	// name is the similarity of names, from 0 to 1.
	name float64
	// identified says that it bears a given identifier.
	identified bool
	// backed is the weight of evidence that agrees; opposed says that some does not.
	backed  float64
	opposed bool
	// barred says that it cannot match by itself, whatever its score.
	barred   bool
	features []feature
}

// judge weighs a candidate: the similarity of names, and the evidence that the
// graph can compare.
func (q query) judge(p pick) judgement {
	j := judgement{pick: p}
	total, weight := 0.0, 0.0
	if !q.nameless() {
		j.judgeName(q.searched())
		total, weight = j.name*nameWeight, nameWeight
	}
	disagrees := false
	for _, e := range q.evidence {
		agreement, known := e.compare(p.subject)
		if !known {
			continue
		}
		j.features = append(j.features, feature{"property:" + e.property.id, hundredths(agreement * 100)})
		j.opposed = j.opposed || agreement < 0.5
		if agreement >= 0.9 {
			j.backed += e.property.weight
		}
		if e.property.form == formIdentifier {
			j.identified = j.identified || agreement == 1
			disagrees = disagrees || agreement == 0
			continue
		}
		total += agreement * e.property.weight
		weight += e.property.weight
	}
	if bears(p.Thing, identifierKeys("", q.text, true)) {
		j.named = true
	}
	if weight > 0 {
		j.score = 100 * total / weight
	}
	j.settle(q, disagrees)
	return j
}

// settle applies what outweighs names: identifiers, the thing's own id, its kind.
func (j *judgement) settle(q query, disagrees bool) {
	switch {
	case j.named:
		j.score = 100
	case j.identified && q.nameless():
		j.score = 100
	case j.identified:
		j.score = identifiedScore + (100-identifiedScore)*j.name
		if j.name < leastName {
			j.barred = true
		}
	case disagrees:
		j.score *= contradicted
		j.barred = true
	}
	if len(q.kinds) > 0 {
		fits := slices.Contains(q.kinds, j.Kind)
		j.features = append(j.features, feature{"type", fits})
		if !fits {
			j.score *= otherKind
			j.barred = true
		}
	}
	j.score = hundredths(j.score)
}

// prefer puts things that bear a given identifier before those that do not.
func prefer(judged []judgement) {
	if !slices.ContainsFunc(judged, func(j judgement) bool { return j.identified }) {
		return
	}
	for i := range judged {
		if j := &judged[i]; !j.identified && !j.named {
			j.score, j.barred, j.opposed = hundredths(j.score*unidentified), true, true
		}
	}
}

func (j *judgement) judgeName(asked string) {
	if j.hit == nil {
		for _, n := range j.Names {
			j.name = max(j.name, alike(asked, n.Value))
		}
		j.features = append(j.features, feature{"name_similarity", hundredths(j.name * 100)})
		return
	}
	label := j.hit.Label
	j.name = nameScore(asked, j.hit)
	if label.Type == text.Acronym && j.hit.How == search.Exact && len([]rune(strings.TrimSpace(asked))) < shortAcronym {
		j.barred = true
	}
	j.features = append(
		j.features, feature{"name_similarity", hundredths(j.name * 100)},
		feature{"name_match:" + string(j.hit.How), true}, feature{"name_type:" + string(label.Type), true},
	)
	if label.Language != "" {
		j.features = append(j.features, feature{"name_language:" + label.Language, true})
	}
}

// nameScore is how alike the text and the name found are, from 0 to 1. What
// search keeps below a sure hit, for its order, is worth its letters here; a
// name that is the same but for accents and punctuation comes after one that is
// written the same.
func nameScore(asked string, hit *search.Hit) float64 {
	switch hit.How {
	case search.Exact:
		if !strings.EqualFold(strings.TrimSpace(asked), hit.Label.Value) {
			return hit.Score - folded
		}
	case search.Corrected, search.Compound, search.Substring, search.Prefix:
		return max(hit.Score, mended*alike(asked, hit.Label.Value))
	}
	return hit.Score
}

func hundredths(x float64) float64 { return math.Round(x*100) / 100 }

// isClear says whether the first of the judgements, best first, is the one.
func isClear(judged []judgement) bool {
	if len(judged) == 0 {
		return false
	}
	best := judged[0]
	enough := best.score >= certain || best.score >= supported && best.backed >= corroboration && !best.opposed
	return enough && (!best.barred || best.backed >= corroboration && !best.opposed && best.name >= leastName) &&
		(len(judged) == 1 || best.score-judged[1].score >= clearly)
}

// compare says how far a thing agrees with the evidence, from 0 to 1, by the
// best of the values given; false where the graph knows nothing of it.
func (e evidence) compare(s subject) (agreement float64, known bool) {
	for _, v := range s.values(e.property, "en") {
		known = true
		for _, g := range e.given {
			agreement = max(agreement, e.property.agree(g, v))
		}
	}
	if e.property.form == formName { // any name will do
		for _, n := range s.Names {
			for _, g := range e.given {
				agreement, known = max(agreement, alike(g.text, n.Value)), true
			}
		}
	}
	return agreement, known
}

func (p property) agree(g given, v value) float64 {
	switch p.form {
	case formThing, formPlace:
		return agreeThing(g, v.thing)
	case formIdentifier:
		k := v.text // SCHEME:VALUE where the property is of every scheme
		if p.scheme != "" {
			k = ontology.Identifier{Scheme: p.scheme, Value: v.text}.Key()
		}
		return truth(slices.Contains(identifierKeys(p.scheme, g.text, false), k))
	case formWebsite:
		return agreeWebsite(g.text, v.text)
	case formDate:
		return agreeDate(g.text, v.text)
	case formNumber:
		return agreeNumber(g.text, v.text)
	case formName:
		return alike(g.text, v.text)
	}
	return truth(key(g.text) == key(v.text))
}

// bears says whether a thing has one of the identifiers.
func bears(t ontology.Thing, keys []string) bool {
	return slices.ContainsFunc(t.Identifiers, func(i ontology.Identifier) bool { return slices.Contains(keys, i.Key()) })
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// key is a text for comparison: "RESEARCH_BODY" is "research body".
func key(s string) string { return text.NameKey(strings.ReplaceAll(s, "_", " ")) }

// agreeThing compares with a thing: by its id, an identifier, or a name.
func agreeThing(g given, t *ontology.Thing) float64 {
	if g.id != "" && (g.id == string(t.ID) || slices.Contains(t.FormerIDs, g.id)) {
		return 1
	}
	if g.text == "" {
		return 0
	}
	for _, i := range t.Identifiers {
		if strings.EqualFold(i.Value, g.text) || strings.EqualFold(i.Key(), g.text) || i.Scheme == "ISO3166" && i.Value == twoLetters(g.text) {
			return 1
		}
	}
	best := 0.0
	for _, n := range t.Names {
		best = max(best, alike(g.text, n.Value))
	}
	if best < akin {
		return 0
	}
	return best
}

// twoLetters gives the two-letter code of a country for its code of three
// letters or digits (ISO 3166-1).
func twoLetters(code string) string {
	if len(code) != 3 {
		return ""
	}
	region, err := language.ParseRegion(strings.ToUpper(code))
	if err != nil || !region.IsCountry() {
		return ""
	}
	return region.String()
}

// agreeWebsite compares addresses: the page, the host, a host within the other.
func agreeWebsite(a, b string) float64 {
	if sameAddress(a, b) {
		return 1
	}
	x, y := host(a), host(b)
	switch {
	case x == "" || y == "":
		return 0
	case x == y:
		return 0.9
	case strings.Contains(x, ".") && strings.HasSuffix(y, "."+x), strings.Contains(y, ".") && strings.HasSuffix(x, "."+y):
		return 0.6
	}
	return 0
}

func host(address string) string {
	u, err := url.Parse("http://" + bareAddress(address))
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// agreeDate compares dates as exact as they are: "2018" agrees with "2018-04-16".
func agreeDate(a, b string) float64 {
	a, _, _ = strings.Cut(strings.TrimSpace(a), "T")
	switch {
	case a == b:
		return 1
	case a == "" || b == "":
		return 0
	case strings.HasPrefix(b, a+"-") || strings.HasPrefix(a, b+"-"):
		return 0.9
	case len(a) >= 4 && len(b) >= 4 && a[:4] == b[:4]:
		return 0.5
	}
	return 0
}

func agreeNumber(a, b string) float64 {
	x, err := strconv.ParseFloat(strings.TrimSpace(a), 64)
	y, err2 := strconv.ParseFloat(b, 64)
	const near = 0.01
	return truth(err == nil && err2 == nil && math.Abs(x-y) <= near)
}

// alike compares names by the pairs of letters that their words share, whatever
// the order of words, accents, case and a typing error: twice their number by
// that of all pairs (Dice).
func alike(a, b string) float64 {
	x, y := pairs(a), pairs(b)
	if len(x) == 0 || len(y) == 0 {
		return 0
	}
	left := map[string]int{}
	for _, p := range y {
		left[p]++
	}
	shared := 0
	for _, p := range x {
		if left[p] > 0 {
			left[p]--
			shared++
		}
	}
	return 2 * float64(shared) / float64(len(x)+len(y))
}

// pairs gives the pairs of neighbouring letters of a name's folded words, with
// the spaces around each word.
func pairs(s string) []string {
	var out []string
	for _, w := range text.Words(s) {
		letters := []rune(" " + w + " ")
		for i := range letters[1:] {
			out = append(out, string(letters[i:i+2]))
		}
	}
	return out
}
