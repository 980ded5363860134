package contact

import "strings"

// nation is what belongs to a country, by the adjectives of four languages:
// "Duitse partners" are those of Germany. No list of names has them.
type nation struct {
	// country is its English name.
	country string
	// dutch, german and english are the adjective without ending; french is the
	// masculine, and the feminine where it is not that with an e.
	dutch, french, german, english string
}

// nations are the countries, and the regions, that colleagues work with.
var nations = []nation{
	{"Netherlands", "nederlands", "neerlandais hollandais", "niederlandisch niederlaendisch hollandisch hollaendisch", "dutch"},
	{"Belgium", "belgisch", "belge", "belgisch", "belgian"},
	{"Luxembourg", "luxemburgs", "luxembourgeois", "luxemburgisch", "luxembourgish"},
	{"Germany", "duits", "allemand", "deutsch", "german"},
	{"France", "franse", "francais", "franzosisch franzoesisch", "french"},
	{"United Kingdom", "brits", "britannique", "britisch", "british"},
	{"Ireland", "iers", "irlandais", "irisch", "irish"},
	{"Denmark", "deens", "danois", "danisch daenisch", "danish"},
	{"Sweden", "zweeds", "suedois", "schwedisch", "swedish"},
	{"Norway", "noors", "norvegien norvegienne", "norwegisch", "norwegian"},
	{"Finland", "fins", "finlandais finnois", "finnisch", "finnish"},
	{"Iceland", "ijslands", "islandais", "islandisch islaendisch", "icelandic"},
	{"Estonia", "estisch estlands", "estonien estonienne", "estnisch", "estonian"},
	{"Latvia", "letse letlands", "letton lettonne", "lettisch", "latvian"},
	{"Lithuania", "litouws", "lituanien lituanienne", "litauisch", "lithuanian"},
	{"Poland", "pools", "polonais", "polnisch", "polish"},
	{"Czechia", "tsjechisch", "tcheque", "tschechisch", "czech"},
	{"Austria", "oostenrijks", "autrichien autrichienne", "osterreichisch oesterreichisch", "austrian"},
	{"Switzerland", "zwitsers", "suisse", "schweizerisch schweizer", "swiss"},
	{"Italy", "italiaans", "italien italienne", "italienisch", "italian"},
	{"Spain", "spaans", "espagnol", "spanisch", "spanish"},
	{"Portugal", "portugees", "portugais", "portugiesisch", "portuguese"},
	{"Greece", "grieks", "grec grecque", "griechisch", "greek"},
	{"Slovenia", "sloveens", "slovene", "slowenisch", "slovenian"},
	{"Slovakia", "slowaaks", "slovaque", "slowakisch", "slovak"},
	{"Hungary", "hongaars", "hongrois", "ungarisch", "hungarian"},
	{"Romania", "roemeens", "roumain", "rumanisch rumaenisch", "romanian"},
	{"Bulgaria", "bulgaars", "bulgare", "bulgarisch", "bulgarian"},
	{"Croatia", "kroatisch", "croate", "kroatisch", "croatian"},
	{"Malta", "maltees", "maltais", "maltesisch", "maltese"},
	{"Cyprus", "cypriotisch", "chypriote", "zyprisch zypriotisch", "cypriot"},
	{"Ukraine", "oekraiens", "ukrainien ukrainienne", "ukrainisch", "ukrainian"},
	{"Flanders", "vlaams", "flamand", "flamisch flaemisch", "flemish"},
	{"Wallonia", "waals", "wallon wallonne", "wallonisch", "walloon"},
}

// countries are the countries by their inflected adjectives. "Frans" and "lets"
// are left out: a first name, and a verb.
var countries = countriesOf(nations)

func countriesOf(list []nation) map[string]string {
	of := map[string]string{}
	for _, n := range list {
		inflect := func(adjectives string, endings ...string) {
			for _, a := range strings.Fields(adjectives) {
				for _, e := range endings {
					of[a+e] = n.country
				}
			}
		}
		inflect(n.dutch, "", "e", "en")
		if strings.HasSuffix(n.dutch, "ees") { // "portugees" loses an e
			inflect(strings.TrimSuffix(n.dutch, "ees")+"es", "e")
		}
		inflect(n.french, "", "e", "s", "es")
		inflect(n.german, "", "e", "er", "es", "en", "em")
		inflect(n.english, "", "s")
	}
	return of
}

// languageOf are the words before an adjective that make a language of it: "in
// German", "en allemand", "auf Deutsch".
var languageOf = words("in en auf")

// countryBy gives the country that the i-th word is an adjective of; "" where it
// is none, or names a language.
func (u *understanding) countryBy(i int) string {
	if i > 0 && languageOf.has(u.words[i-1].Word) {
		return ""
	}
	w := u.words[i].Word
	if c := countries[w.Folded]; c != "" || w.Wide == "" {
		return c
	}
	return countries[w.Wide]
}
