package mapping

import (
	"strings"
	"sync"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"coopgraph/ontology/text"
)

// countryAliases are codes and names in use that neither ISO 3166 nor the
// names of the CLDR have.
var countryAliases = map[string]string{
	"uk": "GB", "el": "GR", "great britain": "GB", "grande bretagne": "GB", "grossbritannien": "GB", "groot brittannie": "GB",
	"england": "GB", "czech republic": "CZ", "tschechische republik": "CZ", "republique tcheque": "CZ", "tsjechische republiek": "CZ",
	"holland": "NL", "the netherlands": "NL", "usa": "US", "united states of america": "US", "slovak republic": "SK", "letzebuerg": "LU",
	"deutschland": "DE", "belgie": "BE", "belgique": "BE", "belgien": "BE", "russian federation": "RU", "republic of ireland": "IE",
}

// countryNames gives the codes by folded name, in the four languages.
var countryNames = sync.OnceValue(func() map[string]string {
	names := map[string]string{}
	for _, tag := range []language.Tag{language.English, language.Dutch, language.French, language.German} {
		namer := display.Regions(tag)
		for a := 'A'; a <= 'Z'; a++ {
			for b := 'A'; b <= 'Z'; b++ {
				code := string(a) + string(b)
				r, err := language.ParseRegion(code)
				if err != nil || !r.IsCountry() || r.Canonicalize().String() != code {
					continue
				}
				key := text.NameKey(namer.Name(r))
				if _, taken := names[key]; !taken && key != "" {
					names[key] = code
				}
			}
		}
	}
	for key, code := range countryAliases {
		names[key] = code
	}
	return names
})

// countryOf gives the two letters of ISO 3166-1 for a country's code of two or
// three letters, or for its name in Dutch, French, German or English.
func countryOf(s string) (string, bool) {
	s = strings.TrimSpace(s)
	if code, ok := countryNames()[text.NameKey(s)]; ok {
		return code, true
	}
	if len(s) != 2 && len(s) != 3 {
		return "", false
	}
	r, err := language.ParseRegion(strings.ToUpper(s))
	if err != nil || !r.IsCountry() {
		return "", false
	}
	return r.Canonicalize().String(), true
}
