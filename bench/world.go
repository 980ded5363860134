package main

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"strings"
	"unicode"
	"unicode/utf8"

	"coopgraph/loader/rows"
	"coopgraph/ontology"
	"coopgraph/store"
)

// scheme is that of the identifiers that the synthetic list gives.
const scheme = "BENCH"

// world is a graph of a given size that never was: the same size is always
// the same graph. It is made of the shapes that the real lists have: trees of
// themes and places, names in four languages, things with a few facts and
// some with thousands.
type world struct {
	document ontology.Document
	// counts are the things of each kind; they add up to the size asked for.
	counts map[store.Kind]int
}

// minNodes is the least size: every kind must be there.
const minNodes = 1_000

// shares are the kinds' parts of a hundred. Things refer to those of kinds
// that stand before their own.
var shares = []struct {
	kind    store.Kind
	percent int
}{
	{ontology.Theme, 1},
	{ontology.Place, 2},
	{ontology.Instrument, 4},
	{ontology.Organisation, 20},
	{ontology.Post, 15},
	{ontology.Person, 40},
	{ontology.Project, 15},
	{ontology.Event, 3},
}

func newWorld(nodes int) world {
	w := world{
		document: ontology.Document{
			ID: ontology.NodeID(ontology.Source, "bench", "synthetic"), Title: "Synthetic list", Language: "en", Date: "2025-06-01",
		},
		counts: map[store.Kind]int{},
	}
	rest := nodes
	for _, s := range shares {
		w.counts[s.kind] = nodes * s.percent / 100
		rest -= w.counts[s.kind]
	}
	w.counts[ontology.Person] += rest
	return w
}

// key is the identifier of the i-th thing of a kind.
func key(k store.Kind, i int) string { return fmt.Sprintf("%s-%d", strings.ToLower(string(k)), i) }

// id is the id that loading gives it.
func id(k store.Kind, i int) store.ID { return ontology.NodeID(k, scheme, key(k, i)) }

// items gives a row for each thing, with the facts of which it is the subject
// or, where the other end stands before it, the object.
func (w world) items() iter.Seq[*rows.Item] {
	return func(yield func(*rows.Item) bool) {
		line := 0
		for _, s := range shares {
			for i := range w.counts[s.kind] {
				line++
				if !yield(w.item(s.kind, i, line)) {
					return
				}
			}
		}
	}
}

// row is an item in the making.
type row struct {
	w  world
	r  *rand.Rand
	i  int
	it *rows.Item
}

func (w world) item(k store.Kind, i, line int) *rows.Item {
	m := row{
		w: w, r: rand.New(rand.NewPCG(uint64(len(k))<<32|uint64(k[0]), uint64(i))), i: i,
		it: &rows.Item{Key: key(k, i), Scheme: scheme, File: "synthetic", Line: line},
	}
	thing := ontology.ThingClaim{
		Kind: k, Identifiers: []ontology.Identifier{{Scheme: scheme, Value: m.it.Key}},
		Props: ontology.Values{}, Cites: m.cites(),
	}
	m.it.Claims.Things = []ontology.ThingClaim{thing}
	map[store.Kind]func(*row, *ontology.ThingClaim){
		ontology.Theme: (*row).theme, ontology.Place: (*row).place, ontology.Instrument: (*row).instrument,
		ontology.Organisation: (*row).organisation, ontology.Post: (*row).post, ontology.Person: (*row).person,
		ontology.Project: (*row).project, ontology.Event: (*row).event,
	}[k](&m, &m.it.Claims.Things[0])
	return m.it
}

func (r *row) cites() []ontology.Citation {
	return []ontology.Citation{{Source: r.w.document.ID, Locator: r.it.Key}}
}

// names gives the thing a name in each language.
func (r *row) names(t *ontology.ThingClaim, values [4]string) {
	for l, v := range values {
		first, size := utf8.DecodeRuneInString(v)
		kind := ontology.OfficialName
		if l == len(values)-1 {
			kind = ontology.TranslatedName
		}
		t.Names = append(t.Names, ontology.Name{Value: string(unicode.ToUpper(first)) + v[size:], Language: languages[l], Type: kind})
	}
}

// chance is true in so many of a hundred cases.
func (r *row) chance(percent int) bool { return r.r.IntN(100) < percent }

// some picks a thing of a kind; the first ones are picked far more often, so
// that some things are hubs: of a hundred the first gets a tenth.
func (r *row) some(k store.Kind) ontology.Ref {
	x := r.r.Float64()
	return ref(k, int(x*x*float64(r.w.counts[k])))
}

func ref(k store.Kind, i int) ontology.Ref {
	return ontology.Ref{Kind: k, Key: scheme + ":" + key(k, i)}
}

// own is the row's thing.
var own = ontology.Ref{Key: "#0"}

// fact adds a fact, with dates as uneven as those of real lists.
func (r *row) fact(rel store.Rel, subject, object ontology.Ref, role string) {
	f := ontology.FactClaim{Relation: rel, Subject: subject, Object: object, Role: role, Cites: r.cites()}
	year := 2008 + r.r.IntN(18)
	month := 1 + r.r.IntN(12)
	switch r.r.IntN(5) {
	case 0:
		f.From = ontology.PartialDate(fmt.Sprint(year))
	case 1:
		f.From = ontology.PartialDate(fmt.Sprintf("%d-%02d", year, month))
		f.To = ontology.PartialDate(fmt.Sprintf("%d-%02d", year+1+r.r.IntN(8), month))
	case 2:
		f.From, f.AttestedOn = ontology.PartialDate(fmt.Sprintf("%d-%02d-01", year, month)), ontology.PartialDate(fmt.Sprint(max(year, 2024)))
	case 3:
		f.AttestedOn = ontology.PartialDate(fmt.Sprintf("%d-%02d", year, month))
	}
	if r.chance(30) {
		f.Cites[0].Quote = "The two are named together in the minutes of the meeting."
	}
	r.it.Claims.Facts = append(r.it.Claims.Facts, f)
}

// pillars are the themes without a broader one; then comes each subject
// below one of them, then their aspects.
const pillars = 3

func (r *row) theme(t *ontology.ThingClaim) {
	t.Props["scheme"] = "bench"
	r.names(t, themeName(r.i))
	switch {
	case r.i < pillars:
	case r.i < pillars+len(subjects):
		r.fact(ontology.Broader, own, ref(ontology.Theme, r.i%pillars), "")
	default:
		r.fact(ontology.Broader, own, ref(ontology.Theme, pillars+(r.i-pillars)%len(subjects)), "")
	}
}

// themeName names the i-th theme in each language.
func themeName(i int) [4]string {
	if i < pillars {
		n := fmt.Sprint(i + 1)
		return [4]string{"pijler " + n, "pilier " + n, "Säule " + n, "pillar " + n}
	}
	i -= pillars
	subject := subjects[i%len(subjects)]
	if i < len(subjects) {
		return subject
	}
	i = i/len(subjects) - 1
	aspect, more := aspects[i%len(aspects)], ""
	if round := i / len(aspects); round > 0 {
		more = " " + invented(round)
	}
	var name [4]string
	for l := range name {
		name[l] = subject[l] + ": " + aspect[l] + more
	}
	return name
}

// countries and regions are the upper two levels of places.
const (
	countries = 10
	regions   = 100
)

func (r *row) place(t *ontology.ThingClaim) {
	t.Names = []ontology.Name{{Value: placeName(r.i), Type: ontology.OfficialName}}
	switch {
	case r.i < countries:
		t.Props["placeType"] = "COUNTRY"
	case r.i < regions:
		t.Props["placeType"] = "REGION"
		r.fact(ontology.PartOf, own, ref(ontology.Place, r.i%countries), "")
	default:
		t.Props["placeType"] = "MUNICIPALITY"
		r.fact(ontology.PartOf, own, ref(ontology.Place, countries+r.i%(regions-countries)), "")
	}
}

// placeName names the i-th place, in all languages alike.
func placeName(i int) string {
	name := openings[i%len(openings)] + middles[i/len(openings)%len(middles)] + endings[i/(len(openings)*len(middles))%len(endings)]
	if round := i / (len(openings) * len(middles) * len(endings)); round > 0 {
		name += "-" + invented(round)
	}
	return strings.ToUpper(name[:1]) + name[1:]
}

// invented is a word without a meaning, another for each number.
func invented(i int) string {
	word := openings[i%len(openings)]
	for i /= len(openings); i > 0; i /= len(middles) {
		word += middles[i%len(middles)]
	}
	return word
}

func (r *row) instrument(t *ontology.ThingClaim) {
	r.names(t, r.about(texts[r.r.IntN(len(texts))], " "+fmt.Sprint(1990+r.r.IntN(36))))
	t.Props["type"] = "AGREEMENT"
	t.Props["state"] = "IN_FORCE"
	r.fact(ontology.WorksOn, own, r.some(ontology.Theme), "")
	if r.i > 50 && r.chance(20) {
		r.fact(ontology.BasedOn, own, ref(ontology.Instrument, r.r.IntN(r.i)), "")
	}
}

// about makes a name from what something is and a theme.
func (r *row) about(what [4]string, more string) [4]string {
	theme := themeName(r.r.IntN(r.w.counts[ontology.Theme]))
	var name [4]string
	for l := range name {
		name[l] = what[l] + " " + theme[l] + more
	}
	return name
}

func (r *row) organisation(t *ontology.ThingClaim) {
	body := bodies[r.r.IntN(len(bodies))]
	subject, at := subjects[r.r.IntN(len(subjects))], " "+placeName(r.r.IntN(r.w.counts[ontology.Place]))
	var name [4]string
	for l := range name {
		name[l] = strings.Replace(body.names[l], "%", subject[l], 1) + at
	}
	r.names(t, name)
	t.Names = append(t.Names, ontology.Name{Value: strings.ToUpper(invented(r.i + 400)), Type: ontology.Acronym})
	t.Props["classification"] = body.classification
	t.Props["website"] = "https://" + r.it.Key + ".example"
	t.Descriptions = []ontology.Description{{Value: "Deals with " + subject[3] + " and answers questions about it.", Language: "en"}}
	r.fact(ontology.LocatedIn, own, r.some(ontology.Place), "")
	if r.chance(50) {
		r.fact(ontology.WorksOn, own, r.some(ontology.Theme), "")
	}
	if r.i > 100 && r.chance(30) {
		r.fact(ontology.PartOf, own, ref(ontology.Organisation, r.i/20), "")
	}
	if r.i > 100 && r.chance(20) {
		r.fact(ontology.MemberOf, own, ref(ontology.Organisation, r.r.IntN(20)), "member")
	}
	if r.i > 0 && r.chance(20) {
		r.fact(ontology.CooperatesWith, own, ref(ontology.Organisation, r.r.IntN(r.i)), "")
	}
	if r.i%40 == 0 {
		r.fact(ontology.Covers, own, ref(ontology.Place, r.r.IntN(min(regions, r.w.counts[ontology.Place]))), "")
	}
	if r.chance(20) {
		r.fact(ontology.PartyTo, own, r.some(ontology.Instrument), "")
	}
}

func (r *row) post(t *ontology.ThingClaim) {
	office := r.r.IntN(len(offices))
	r.names(t, r.about(offices[office], ""))
	t.Props["head"] = office == 1
	r.fact(ontology.PostIn, own, r.some(ontology.Organisation), "")
	if r.chance(60) {
		r.fact(ontology.WorksOn, own, r.some(ontology.Theme), "")
	}
	if r.i > 0 && r.chance(10) {
		r.fact(ontology.DeputyOf, own, ref(ontology.Post, r.r.IntN(r.i)), "")
	}
}

func (r *row) person(t *ontology.ThingClaim) {
	given := openings[r.r.IntN(len(openings))] + births[r.r.IntN(len(births))]
	family := openings[r.r.IntN(len(openings))] + middles[r.r.IntN(len(middles))] + middles[r.r.IntN(len(middles))] + endings[r.r.IntN(len(endings))]
	given, family = strings.ToUpper(given[:1])+given[1:], strings.ToUpper(family[:1])+family[1:]
	t.Names = []ontology.Name{{Value: given + " " + family, Type: ontology.OfficialName}}
	t.Props["givenName"], t.Props["familyName"] = given, family
	t.Props["languages"] = []string{languages[r.r.IntN(4)]}
	r.fact(ontology.MemberOf, own, r.some(ontology.Organisation), "")
	if r.i < r.w.counts[ontology.Post] {
		r.fact(ontology.Holds, own, ref(ontology.Post, r.i), "")
	}
	if r.chance(50) {
		r.fact(ontology.HasExpertise, own, r.some(ontology.Theme), "")
	}
}

func (r *row) project(t *ontology.ThingClaim) {
	r.names(t, r.about(activities[r.r.IntN(len(activities))], " "+invented(r.i+20)))
	t.Props["from"] = fmt.Sprint(2010 + r.r.IntN(16))
	for range 1 + r.r.IntN(3) {
		r.fact(ontology.WorksOn, own, r.some(ontology.Theme), "")
	}
	for i := range 2 + r.r.IntN(4) {
		role := "partner"
		if i == 0 {
			role = "lead"
		}
		r.fact(ontology.ParticipatesIn, r.some(ontology.Organisation), own, role)
	}
	for range 1 + r.r.IntN(3) {
		r.fact(ontology.ParticipatesIn, ref(ontology.Person, r.r.IntN(r.w.counts[ontology.Person])), own, "member")
	}
	if r.chance(50) {
		r.fact(ontology.LocatedIn, own, r.some(ontology.Place), "")
	}
}

func (r *row) event(t *ontology.ThingClaim) {
	r.names(t, r.about(meetings[r.r.IntN(len(meetings))], " "+invented(r.i+20)))
	t.Props["date"] = fmt.Sprintf("%d-%02d-%02d", 2010+r.r.IntN(16), 1+r.r.IntN(12), 1+r.r.IntN(28))
	r.fact(ontology.WorksOn, own, r.some(ontology.Theme), "")
	r.fact(ontology.HeldAt, own, r.some(ontology.Place), "")
	for range 3 + r.r.IntN(8) {
		r.fact(ontology.TookPartIn, ref(ontology.Person, r.r.IntN(r.w.counts[ontology.Person])), own, "participant")
	}
}
