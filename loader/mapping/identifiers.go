package mapping

import (
	"regexp"
	"slices"
	"strings"

	"coopgraph/ontology"
	"coopgraph/store"
)

// registerCode is a scheme of identifiers that is told by its form and, where it
// has one, by its check digit.
type registerCode struct {
	scheme string
	// form fits a whole cell; its first group is the identifier.
	form *regexp.Regexp
	// compact: what parts the digits is not part of the identifier.
	compact bool
	// check verifies the check digits of letters and digits without what parts
	// them; nil where there are none.
	check func(string) bool
	// header are words of which a column's header must hold one, where the
	// form alone tells too little.
	header string
	// telling: form and check digits leave no doubt, so that some of a
	// column's cells are enough.
	telling bool
	// person: the identifier is that of a person.
	person bool
	// kinds have such identifiers besides: a person's those of persons, an
	// organisation's all others.
	kinds []store.Kind
}

// of says whether things of a kind have such an identifier.
func (r registerCode) of(k store.Kind) bool {
	if r.person && k == ontology.Person || !r.person && k == ontology.Organisation {
		return true
	}
	return slices.Contains(r.kinds, k)
}

// registerCodes are tried in their order: the stricter first.
func registerCodes() []registerCode {
	return []registerCode{
		{scheme: "ROR", form: regexp.MustCompile(`^(?:https?://)?(?:ror\.org/)?(0[0-9a-hj-km-np-tv-z]{6}[0-9]{2})/?$`), check: checkROR, telling: true},
		{scheme: "ORCID", form: regexp.MustCompile(`^(?:https?://)?(?:orcid\.org/)?([0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{3}[0-9X])/?$`), check: checkMod112, telling: true, person: true},
		{scheme: "ISNI", form: regexp.MustCompile(`^(?:https?://)?(?:www\.)?(?:isni\.org/)?(?:isni/)?([0-9]{4} ?[0-9]{4} ?[0-9]{4} ?[0-9]{3}[0-9X])$`), check: checkMod112, kinds: []store.Kind{ontology.Person}},
		{scheme: "LEI", form: regexp.MustCompile(`^([0-9A-Z]{18}[0-9]{2})$`), check: checkMod97, telling: true},
		{scheme: "WIKIDATA", form: regexp.MustCompile(`^(?:https?://)?(?:www\.)?(?:wikidata\.org/)?(?:wiki/|entity/)?(Q[1-9][0-9]*)$`), kinds: ontology.Kinds()},
		{scheme: "GRID", form: regexp.MustCompile(`^(?:https?://)?(?:www\.)?(?:grid\.ac/institutes/)?(grid\.[0-9]+\.[0-9a-f]+)$`)},
		{scheme: "KBO", form: regexp.MustCompile(`^(?:BE)?[ .]?([01][0-9]{3}[ .]?[0-9]{3}[ .]?[0-9]{3})$`), compact: true, check: checkKBO},
		{scheme: "SIRET", form: regexp.MustCompile(`^([0-9]{3} ?[0-9]{3} ?[0-9]{3} ?[0-9]{5})$`), compact: true, check: checkLuhn},
		{scheme: "RSIN", form: regexp.MustCompile(`^([0-9]{9})$`), check: checkRSIN, header: "rsin fiscaal"},
		{scheme: "SIREN", form: regexp.MustCompile(`^([0-9]{3} ?[0-9]{3} ?[0-9]{3})$`), compact: true, check: checkLuhn},
		{scheme: "KVK", form: regexp.MustCompile(`^([0-9]{8})$`), header: "kvk handelsregister coc kamer"},
		{scheme: "RCSL", form: regexp.MustCompile(`^([A-K][0-9]{1,6})$`), header: "rcs rcsl"},
		{scheme: "VAT", form: regexp.MustCompile(`^((?:ATU|BE|BG|CY|CZ|DE|DK|EE|EL|ES|FI|FR|GB|HR|HU|IE|IT|LT|LU|LV|MT|NL|PL|PT|RO|SE|SI|SK)[ .]?[0-9A-Z][0-9A-Z. ]{6,13})$`), compact: true, header: "vat btw tva mwst ust uid iva"},
	}
}

// fits says whether the cell holds such an identifier.
func (r registerCode) fits(cell string) bool {
	m := r.form.FindStringSubmatch(cell)
	return m != nil && (r.check == nil || r.check(compact(m[1])))
}

// among says whether one of the cell's parts is such an identifier.
func (r registerCode) among(cell string) bool {
	if r.fits(cell) {
		return true
	}
	for part := range strings.FieldsFuncSeq(cell, func(c rune) bool { return strings.ContainsRune("|;\n", c) }) {
		if r.fits(strings.TrimSpace(part)) {
			return true
		}
	}
	return false
}

// compact leaves letters and digits only, in upper case.
func compact(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9', r >= 'A' && r <= 'Z':
			return r
		case r >= 'a' && r <= 'z':
			return r - 'a' + 'A'
		}
		return -1
	}, s)
}

// checkROR: six signs of Crockford's base 32 after the leading 0, then 98 less
// their value times 100 modulo 97 (https://ror.readme.io/docs/identifier).
func checkROR(s string) bool {
	const digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	n := 0
	for _, r := range s[1:7] {
		i := strings.IndexRune(digits, r)
		if i < 0 {
			return false
		}
		n = n*32 + i
	}
	return 98-(n*100)%97 == number(s[7:])
}

// checkMod112 is ISO 7064 MOD 11-2, of ISNI and ORCID.
func checkMod112(s string) bool {
	total := 0
	for _, r := range s[:len(s)-1] {
		total = (total + int(r-'0')) * 2
	}
	want := "0123456789X"[(12-total%11)%11]
	return s[len(s)-1] == want
}

// checkMod97 is ISO 7064 MOD 97-10, of the LEI.
func checkMod97(s string) bool {
	rest := 0
	for _, r := range s {
		if r >= 'A' {
			rest = (rest*100 + int(r-'A') + 10) % 97
		} else {
			rest = (rest*10 + int(r-'0')) % 97
		}
	}
	return rest == 1
}

// checkKBO: the last two digits are 97 less the others modulo 97.
func checkKBO(s string) bool { return len(s) == 10 && 97-number(s[:8])%97 == number(s[8:]) }

// checkLuhn is the check of SIREN and SIRET.
func checkLuhn(s string) bool {
	total := 0
	for i := range len(s) {
		d := int(s[len(s)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		total += d
	}
	return total%10 == 0
}

// checkRSIN is the eleven test: digits times 9 to 2, the last times -1.
func checkRSIN(s string) bool {
	total := 0
	for i := range 8 {
		total += int(s[i]-'0') * (9 - i)
	}
	return (total-int(s[8]-'0'))%11 == 0
}

func number(digits string) int {
	n := 0
	for _, r := range digits {
		n = n*10 + int(r-'0')
	}
	return n
}
