package match

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"coopgraph/ontology"
	"coopgraph/store"
)

// oneToOne are the schemes in which a thing has one identifier: two different
// ones are two things.
var oneToOne = words("ROR ORCID ISO3166 NUTS REFNIS WIKIDATA LEI KBO BCE KVK GRID GEONAMES EUROVOC NIS VAT SIREN RSIN CORDIS PIC OIN")

// identifierConflict gives a scheme of one-to-one identifiers in which both
// things have some and share none.
func identifierConflict(a, b []ontology.Identifier) (Reason, bool) {
	for i := range a {
		x := a[i]
		if !oneToOne[strings.ToUpper(x.Scheme)] {
			continue
		}
		other := ""
		shared := false
		for _, y := range b {
			if !strings.EqualFold(x.Scheme, y.Scheme) {
				continue
			}
			if inScheme(a, x.Scheme, y.Value) {
				shared = true
				break
			}
			if other == "" {
				other = y.Value
			}
		}
		if other != "" && !shared {
			return Reason{Code: OtherIdentifier, A: x.Key(), B: x.Scheme + ":" + other}, true
		}
	}
	return Reason{}, false
}

func inScheme(list []ontology.Identifier, scheme, value string) bool {
	for _, i := range list {
		if strings.EqualFold(i.Scheme, scheme) && sameValue(i.Value, value) {
			return true
		}
	}
	return false
}

// sameValue compares identifiers without case, spaces, points and hyphens.
func sameValue(a, b string) bool {
	return a == b || strings.EqualFold(bare(a), bare(b))
}

func bare(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" .-", r) {
			return -1
		}
		return r
	}, s)
}

// identifiers counts a shared one-to-one identifier and says whether there is
// one.
func (s *scale) identifiers(a, b *Side) bool {
	for _, x := range a.Identifiers {
		if oneToOne[strings.ToUpper(x.Scheme)] && inScheme(b.Identifiers, x.Scheme, x.Value) {
			s.add(Reason{Code: SameIdentifier, A: x.Key(), B: x.Key()})
			return true
		}
	}
	return false
}

// whereabouts is how the places of two things compare.
type whereabouts struct {
	// sameCountry and otherCountry: both have countries, and share one or none.
	sameCountry, otherCountry bool
	// samePlace: each side's exact place is one of the other's places.
	// otherPlace: one scheme gives both an exact place, neither of which holds
	// the other.
	samePlace, otherPlace bool
	country               string
	a, b                  string
}

// comparePlaces compares every place of one thing with every one of the other.
func comparePlaces(a, b []string) whereabouts {
	var w whereabouts
	bothHave := false
	for _, x := range a {
		for _, y := range b {
			if c, d := countryOf(x), countryOf(y); c != "" && d != "" {
				bothHave = true
				if c == d && (!w.sameCountry || c < w.country) {
					w.sameCountry, w.country = true, c
				}
			}
		}
	}
	w.otherCountry = bothHave && !w.sameCountry
	w.compareZones(a, b)
	return w
}

// compareZones compares the places within countries. What counts is the most
// exact of each side, which comes first: many things share a province.
func (w *whereabouts) compareZones(a, b []string) {
	x, y := exactPlace(a), exactPlace(b)
	if len(x) == 0 || len(y) == 0 {
		return
	}
	if sharesKey(x, b) && sharesKey(y, a) {
		w.samePlace, w.a, w.b = true, x[0], y[0]
		return
	}
	for _, p := range x {
		for _, q := range y {
			if apart(p, q) {
				w.otherPlace, w.a, w.b = true, p, q
				return
			}
		}
	}
}

// exactPlace gives the keys of the first place that is no country: an id and
// the keys up to the next id, or a key that no id precedes.
func exactPlace(places []string) []string {
	for i := 0; i < len(places); {
		j := i + 1
		if ontology.IsID(places[i]) {
			for j < len(places) && !ontology.IsID(places[j]) {
				j++
			}
		}
		if !slices.ContainsFunc(places[i:j], isCountry) {
			return places[i:j]
		}
		if j-i > 1 {
			return nil // what follows a country's id lies around the country
		}
		i = j
	}
	return nil
}

func sharesKey(keys, among []string) bool {
	return slices.ContainsFunc(keys, func(k string) bool { return slices.Contains(among, k) })
}

// apart says whether two keys name places of which neither holds the other:
// of one scheme, neither being the other's beginning.
func apart(x, y string) bool {
	sx, vx, okX := strings.Cut(x, ":")
	sy, vy, okY := strings.Cut(y, ":")
	return okX && okY && sx == sy && (sx == "NUTS" || sx == "REFNIS" || sx == "ISO3166") &&
		!strings.HasPrefix(vx, vy) && !strings.HasPrefix(vy, vx)
}

func isCountry(key string) bool {
	return strings.HasPrefix(key, "ISO3166:") && len(key) == len("ISO3166:")+2 ||
		strings.HasPrefix(key, "NUTS:") && len(key) == len("NUTS:")+2
}

// countryOf is the two-letter code of the country that a key names or lies in,
// "" where it does not show.
func countryOf(key string) string {
	scheme, value, _ := strings.Cut(key, ":")
	switch {
	case scheme == "REFNIS":
		return "BE"
	case (scheme == "ISO3166" || scheme == "NUTS") && len(value) >= 2:
		switch c := strings.ToUpper(value[:2]); c {
		case "EL":
			return "GR"
		case "UK":
			return "GB"
		default:
			return c
		}
	}
	return ""
}

// places counts places. many says that many things bear the name, so that one
// elsewhere is another.
func (s *scale) places(w whereabouts, country, place float64, many bool) {
	switch {
	case w.sameCountry:
		s.addWeighed(Reason{Code: SameCountry, Weight: country, A: w.country, B: w.country})
	case w.otherCountry:
		s.add(Reason{Code: OtherCountry})
	}
	switch {
	case w.samePlace:
		s.addWeighed(Reason{Code: SamePlace, Weight: place, A: w.a, B: w.b})
	case w.otherPlace && many:
		s.add(Reason{Code: OtherOfMany, A: w.a, B: w.b})
	case w.otherPlace:
		s.add(Reason{Code: OtherPlace, A: w.a, B: w.b})
	}
}

// website compares the addresses and says whether both lead to one page. Bodies
// whose names each hold words that the other lacks may share a portal: for
// them, unless compatible, one page counts as one host.
func (s *scale) website(a, b *Side, compatible bool) bool {
	x, y := siteOf(a), siteOf(b)
	if x.host == "" || y.host == "" || sharedHosts[x.host] || sharedHosts[y.host] {
		return false
	}
	switch {
	case x == y && compatible:
		s.add(Reason{Code: SameWebsite, A: x.host + x.path, B: y.host + y.path})
		return true
	case x.host == y.host:
		s.add(Reason{Code: SameHost, A: x.host, B: y.host})
	case !strings.HasSuffix(x.host, "."+y.host) && !strings.HasSuffix(y.host, "."+x.host):
		s.add(Reason{Code: OtherWebsite, A: x.host, B: y.host})
	}
	return false
}

type site struct{ host, path string }

func siteOf(s *Side) site {
	raw := s.text("website")
	if raw == "" {
		return site{}
	}
	u, err := url.Parse(raw)
	if err != nil {
		return site{}
	}
	return site{strings.TrimPrefix(strings.ToLower(u.Hostname()), "www."), homePath(u)}
}

// homePath is the path without what a home page's address often ends in.
func homePath(u *url.URL) string {
	p := strings.TrimRight(u.Path, "/")
	switch strings.ToLower(p) {
	case "/nl", "/fr", "/de", "/en", "/home", "/index.html", "/index.php", "/index.htm":
		return ""
	}
	if u.RawQuery != "" {
		return p + "?" + u.RawQuery
	}
	return p
}

// firm are the classifications that no list confuses with one another.
var firm = words("STATE REGION COMMUNITY MUNICIPALITY MINISTRY UNIVERSITY HEALTHCARE COMPANY PORT")

// vague are the classifications that say next to nothing.
var vague = words("OTHER GROUP GOVERNMENT_BODY INSTITUTION FACILITY NONPROFIT FUNDER UNIT")

func (s *scale) classification(a, b *Side) {
	x, y := a.text("classification"), b.text("classification")
	switch {
	case x == "" || y == "":
	case x == y && !vague[x]:
		s.add(Reason{Code: SameClassification, A: x, B: y})
	case x == y || vague[x] || vague[y]:
	case firm[x] && firm[y]:
		s.add(Reason{Code: FarClassification, A: x, B: y})
	default:
		s.add(Reason{Code: OtherClassification, A: x, B: y})
	}
}

// dates compares when two things began and ended.
func (s *scale) dates(a, b *Side) {
	x, y := year(a.text("from")), year(b.text("from"))
	switch {
	case x == 0 || y == 0:
	case x == y:
		s.add(Reason{Code: SameDate, A: a.text("from"), B: b.text("from")})
	case x-y > 1 || y-x > 1:
		s.add(Reason{Code: OtherDate, A: a.text("from"), B: b.text("from")})
	}
	endA, endB := year(a.text("to")), year(b.text("to"))
	switch {
	case endA != 0 && y != 0 && endA <= y && x < y:
		s.add(Reason{Code: OneAfterOther, A: a.text("to"), B: b.text("from")})
	case endB != 0 && x != 0 && endB <= x && y < x:
		s.add(Reason{Code: OneAfterOther, A: a.text("from"), B: b.text("to")})
	case endA != 0 && endB != 0 && (endA-endB > 1 || endB-endA > 1):
		s.add(Reason{Code: OtherDate, A: a.text("to"), B: b.text("to")})
	}
}

func year(date string) int {
	if len(date) < 4 {
		return 0
	}
	n, err := strconv.Atoi(date[:4])
	if err != nil {
		return 0
	}
	return n
}

func shareRelated(a, b *Side) bool {
	return slices.ContainsFunc(a.Related, func(id store.ID) bool { return slices.Contains(b.Related, id) })
}

func (s *Side) text(name string) string {
	v, _ := s.Props[name].(string)
	return v
}
