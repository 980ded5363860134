package match

import "coopgraph/ontology"

// names counts the best pair of names; false where there is none.
func (s *scale) names(a, b *Side, full float64) (likeness, bool) {
	best, more, found := bestPair(a.labels, b.labels)
	if !found {
		s.add(Reason{Code: NoCommonName})
		return best, false
	}
	r := Reason{Code: best.code, Weight: best.weight * full / weights[SameName], A: best.a.name.Value, B: best.b.name.Value, Language: sharedLanguage(best)}
	s.addWeighed(r)
	if best.otherType {
		s.add(Reason{Code: OtherType, A: r.A, B: r.B})
	}
	if best.moreTypes {
		s.add(Reason{Code: MoreTypes, A: r.A, B: r.B})
	}
	if best.otherNumber {
		s.add(Reason{Code: OtherNumber, A: r.A, B: r.B})
	}
	if c := best.legalCode(); c != "" {
		s.add(Reason{Code: c, A: r.A, B: r.B})
	}
	for range min(more, maxMore) {
		s.add(Reason{Code: MoreLanguages})
	}
	if best.mixed() {
		s.limitTo(MixedScripts)
	}
	return best, true
}

// maxMore is the number of further languages that count.
const maxMore = 2

// federal are the countries whose parts have ministries of their own.
var federal = words("BE DE AT CH US CA")

func (s *scale) organisation(a, b *Side) {
	best, found := s.names(a, b, weights[SameName])
	identified := s.identifiers(a, b)
	generic := found && !best.distinctive()
	many := found && (generic || best.local())
	w := comparePlaces(a.Places, b.Places)
	s.places(w, weights[SameCountry], weights[SamePlace], many)
	sited := s.website(a, b, !found || best.contained)
	s.classification(a, b)
	s.dates(a, b)
	related := shareRelated(a, b)
	if related {
		s.add(Reason{Code: SameRelated})
	}
	if !found {
		s.limitTo(NamesDiffer)
		return
	}
	s.nameLimits(best, sited, w.samePlace || related)
	switch {
	case generic && w.otherCountry:
		s.forbid(Reason{Code: GenericElsewhere, A: best.a.name.Value, B: best.b.name.Value})
	case w.otherCountry:
		s.limitTo(CountryDiffers)
	case identified:
	case many && !sited && !s.pinned(best, w):
		s.limitTo(GenericAlone)
	case !sited && !related && !w.samePlace && !w.sameCountry:
		s.limitTo(NameAlone)
	}
}

// pinned says whether places make sure which of many bodies of one name is
// meant: a place within the country, or the country itself for a ministry of a
// country whose parts have none.
func (s *scale) pinned(best likeness, w whereabouts) bool {
	if w.samePlace || w.otherPlace {
		return w.samePlace
	}
	return w.sameCountry && !best.local() && len(best.a.types) == 1 && best.a.types[0] == "ministry" && !federal[w.country]
}

// nameLimits sets the limits that follow from how the names are alike. near
// says that place or related things agree.
func (s *scale) nameLimits(best likeness, sited, near bool) {
	switch best.code {
	case SameAcronym:
		s.limitTo(AcronymAlone)
	case SameFormerName:
		s.limitTo(FormerAlone)
	case PartOfName:
		s.limitTo(NamesDiffer)
	case OtherUmlauts:
		if !near {
			s.limitTo(NamesDiffer)
		}
	case Misspelt, Inflected:
		if !sited {
			s.limitTo(NamesDiffer)
		}
	}
	if c := best.legalCode(); best.otherType || best.otherNumber || c == OtherLegalForm || c == OneFoundation ||
		c == NoLegalForm && best.single() && !sited && !near {
		s.limitTo(NamesDiffer)
	}
}

// place compares two places: of one name there are a state, a province and a
// town, so type and surroundings must agree.
func (s *scale) place(a, b *Side) {
	best, found := s.names(a, b, placeName)
	if !found {
		return
	}
	identified := s.identifiers(a, b)
	s.nameLimits(best, false, false)
	x, y := a.text("placeType"), b.text("placeType")
	w := comparePlaces(a.Places, b.Places)
	switch {
	case x != "" && y != "" && x != y:
		s.forbid(Reason{Code: OtherPlaceType, A: x, B: y})
	case w.otherCountry:
		s.forbid(Reason{Code: GenericElsewhere, A: best.a.name.Value, B: best.b.name.Value})
	case x == y && x != "":
		s.add(Reason{Code: SamePlaceType, A: x, B: y})
	}
	sovereign := x == y && x == "COUNTRY"
	if sovereign {
		s.add(Reason{Code: BothCountries})
	}
	s.places(w, placeCountry, placeWithin, true)
	within := w.samePlace || shareRelated(a, b)
	if within && !w.samePlace {
		s.addWeighed(Reason{Code: SameRelated, Weight: placeWithin})
	}
	if (x == "" || x != y || !within) && !sovereign && !identified {
		s.limitTo(NameAlone)
	}
}

// theme compares two themes. A concept of a scheme is that scheme's: equal
// labels make it at most possible that it is another's.
func (s *scale) theme(a, b *Side) {
	best, found := s.names(a, b, weights[SameName])
	if !found {
		return
	}
	s.identifiers(a, b)
	s.nameLimits(best, false, false)
	if a.text("scheme") == "" && b.text("scheme") == "" {
		s.add(Reason{Code: NoScheme})
	} else {
		s.limitTo(OneOfScheme)
	}
}

// undertaking compares posts, projects, instruments and events: names recur,
// so organisation, date, number or page must agree.
func (s *scale) undertaking(a, b *Side) {
	best, found := s.names(a, b, personName)
	if !found {
		return
	}
	identified := s.identifiers(a, b)
	w := comparePlaces(a.Places, b.Places)
	s.places(w, weights[SameCountry], weights[SamePlace], false)
	sited := s.website(a, b, best.contained)
	sure := sited || identified
	if shareRelated(a, b) {
		w := eventRelated
		if a.Kind == ontology.Post {
			w, sure = postRelated, true
		}
		s.addWeighed(Reason{Code: SameRelated, Weight: w})
	}
	sure = s.moment(a, b) || sure
	if len(best.a.numbers) > 0 && !best.otherNumber && len(best.a.numbers) == len(best.b.numbers) {
		s.add(Reason{Code: SameNumber, A: best.a.numbers[0], B: best.b.numbers[0]})
	}
	s.nameLimits(best, sited, sure)
	if a.Kind == ontology.Post && best.code == PartOfName {
		s.limitTo(OtherPost)
	}
	if !sure {
		s.limitTo(NameAlone)
	}
}

// moment compares the dates of undertakings and says whether they agree.
func (s *scale) moment(a, b *Side) bool {
	agree := false
	for _, name := range []string{"date", "from", "to"} {
		x, y := ontology.PartialDate(a.text(name)), ontology.PartialDate(b.text(name))
		if x == "" || y == "" {
			continue
		}
		if x.First() <= y.Last() && y.First() <= x.Last() {
			agree = true
			s.addWeighed(Reason{Code: SameDate, Weight: eventDate, A: string(x), B: string(y)})
			continue
		}
		s.addWeighed(Reason{Code: OtherDate, Weight: eventOtherDate, A: string(x), B: string(y)})
		return false
	}
	return agree
}
