package mapping

import (
	"maps"
	"net/mail"
	"slices"
	"strings"

	"coopgraph/ontology/text"
)

// The lookups that every mapping has.
const (
	// countriesLookup leads from codes and names of countries to the two
	// letters of ISO 3166-1.
	countriesLookup = "countries"
	// mailboxesLookup leads from texts with an e-mail address to the address,
	// where it is that of a function. Addresses of persons are in no case
	// taken from a list: they are protected, and mailboxes are not.
	mailboxesLookup = "mailboxes"
)

// tables names the lookups that there are.
func (m *Mapping) tables() []string {
	return append(slices.Sorted(maps.Keys(m.Lookups)), countriesLookup, mailboxesLookup)
}

// table gives the lookup of the name, nil where there is none.
func (m *Mapping) table(name string) func(string) (string, bool) {
	if t, ok := m.Lookups[name]; ok {
		return func(s string) (string, bool) {
			v, ok := t[s]
			return v, ok
		}
	}
	switch name {
	case countriesLookup:
		return countryOf
	case mailboxesLookup:
		return mailboxOf
	}
	return nil
}

// functions are the words by which mailboxes of functions begin.
var functions = words(`
	info information informatie informations auskunft anfrage anfragen kontakt contact contacts contactpunt mail email post mailbox
	poststelle postmaster postbus posteingang zentrale empfang onthaal accueil reception receptie
	buero office offices bureau kanzlei sekretariat secretariat secretariaat secretaris sekr vorzimmer geschaeftsstelle gst hauptstelle
	presse press pers pressestelle presseamt pressebuero persdienst voorlichting communicatie communication communications kommunikation
	media medien redaktion redactie redaction webmaster web website webredaktion online internet
	service services servicecenter kundenservice kundencenter klantenservice klantendienst clients client callcenter hotline helpdesk support
	buergerinfo buergerservice buergertelefon buergerbuero burger burgerzaken gemeente gemeinde commune mairie stadt stad ville rathaus
	verwaltung administration administratie admin registry registratie register greffe griffie archiv archief archive archives
	bibliothek bibliotheek bibliotheque library museum enquiries enquiry inquiries general algemeen allgemein hello team
	personal hr jobs werkenbij recht juridisch legal datenschutz privacy dpo rti foi foia transparenz transparency
	zentrum centrum centre center institut instituut institute stiftung stichting fondation foundation
	praesident praesidium direktion directie direction dg generaldirektion leitung vorstand ombudsman ombudsdienst mediateur
`)

func words(list string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(list) {
		set[w] = true
	}
	return set
}

// mailboxOf gives the first address in the text whose local part begins with
// the name of a function.
func mailboxOf(s string) (string, bool) {
	for _, field := range strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(" ,;<>()\t\n", r) }) {
		a, err := mail.ParseAddress(field)
		if err != nil || a.Address != field {
			continue
		}
		local, domain, _ := strings.Cut(strings.ToLower(field), "@")
		first, _, _ := strings.Cut(text.NameKey(strings.ReplaceAll(local, "_", " ")), " ")
		if functions[first] && strings.Contains(domain, ".") {
			return field, true
		}
	}
	return "", false
}
