package mapping

import (
	"slices"
	"strings"

	"coopgraph/ontology"
)

// role is what a column is to the row's thing.
type role string

// The roles.
const (
	rolePrivate  role = "private"
	roleEmail    role = "email"
	roleGiven    role = "given name"
	roleFamily   role = "family name"
	roleWebsite  role = "website"
	roleCountry  role = "country"
	roleRegion   role = "region"
	roleCity     role = "city"
	roleLatitude role = "latitude"
	roleLongitud role = "longitude"
	roleParent   role = "parent"
	roleFrom     role = "start"
	roleTo       role = "end"
	roleDate     role = "date"
	roleAcronym  role = "acronym"
	roleFormer   role = "former name"
	roleAlias    role = "other name"
	roleType     role = "type"
	roleText     role = "description"
	roleFunction role = "function"
	roleFigure   role = "figure"
	roleProject  role = "project"
	roleMember   role = "organisation"
	roleUnit     role = "unit"
	roleParty    role = "political group"
	rolePerson   role = "name of a person"
	roleID       role = "id"
	roleName     role = "name"
)

// headers are the words that headers use for a role, in Dutch, French, German
// and English, folded. The first role counts of which a header holds one of the
// phrases, word by word.
var headers = []struct {
	role    role
	phrases string
}{
	// Data of persons: never taken.
	{rolePrivate, `birth date, date of birth, birthday, born, geboortedatum, date de naissance, naissance, geburtsdatum, gender, sex, geslacht,
		sexe, genre, geschlecht, nationality, nationaliteit, nationalite, staatsangehorigkeit, national register number, rijksregisternummer, nrn, bsn, insz, niss,
		phone, telephone, tel, telefoon, telefoonnummer, telefon, telefonnummer, rufnummer, mobile, gsm, mobiel, mobil, handy, portable, fax, telefax,
		address, adres, adresse, anschrift, street, straat, rue, strasse, house number, huisnummer, hausnummer, postcode, post code, postal code, postleitzahl,
		plz, zip, zip code, code postal, cp, po box, postbus, contact, contacts, contact person, contactpersoon, personne de contact, ansprechpartner, ansprechperson, project manager, project leader, projectleider, chef de projet, projektleiter, photo, foto, image, logo,
		iban, bic, bank account, password`},
	{roleEmail, `email, e mail, mail, e mailadres, emailadres, mailadres, courriel, e mail adresse, mailbox`},
	{roleGiven, `given name, given names, first name, firstname, voornaam, prenom, vorname, forename`},
	{roleFamily, `family name, last name, lastname, surname, achternaam, familienaam, nom de famille, nachname, familienname, zuname`},
	{roleWebsite, `website, web site, web, url, homepage, home page, site, internet, site web, site internet, webseite, internetseite, webadres, link, webpage, domain`},
	{roleLatitude, `latitude, lat, breedtegraad, breitengrad`},
	{roleLongitud, `longitude, lon, lng, long, lengtegraad, langengrad`},
	{roleFigure, `number of, aantal, nombre de, anzahl, count, total, totaal, budget, amount, bedrag, montant, betrag, contribution, employees, werknemers, effectif, mitarbeiter, population, surface, eur`},
	{roleParent, `parent, parent id, parent organisation, parent organization, mother organisation, moederorganisatie, organisation mere, maison mere, ubergeordnete,
		ubergeordnete behorde, ubergeordnete organisation, tragerorganisation, part of, onderdeel van, fait partie de, hort bij, onder, superior, overkoepelend, belongs to, parent key, tutelle, toezichthouder`},
	{roleCountry, `country, country code, land, landcode, pays, code pays, staat, landercode, lidstaat, etat membre, mitgliedstaat, member state, jurisdiction code, iso`},
	{roleRegion, `region, regio, gewest, provincie, province, provinz, bundesland, departement, department code, state, county, nuts, kreis, canton, kanton, district, arrondissement`},
	{roleCity, `city, town, stad, plaats, woonplaats, vestigingsplaats, gemeente, ville, commune, localite, lieu, ort, stadt, gemeinde, sitz, standort, municipality, locality, place, location, plaatsnaam, localiteit`},
	{roleFrom, `start, start date, startdate, begin, begindatum, startdatum, date de debut, debut, beginn, anfang, anfangsdatum, from, van, depuis, seit, ab, since, sinds,
		founded, founding date, founding year, established, foundation, opgericht, oprichting, oprichtingsdatum, date de creation, creation, fonde, fondee, gegrundet, grundungsdatum, grundungsjahr, grundung, opening date, year founded, valid from, geldig vanaf`},
	{roleTo, `end, end date, enddate, einde, einddatum, date de fin, fin, ende, enddatum, until, tot, jusqu, bis, closed, closing date, dissolved, dissolution date, opgeheven, opheffing, dissolution, aufgelost, auflosung, valid to, geldig tot`},
	{roleAcronym, `acronym, abbreviation, abbr, afkorting, acroniem, sigle, acronyme, abreviation, kurzel, abkurzung, kurzform, akronym, short name, shortname, korte naam, nom court, kurzname, kurzbezeichnung`},
	{roleFormer, `former name, previous name, old name, former title, old title, previous title, old applied title, old legal title, vroegere naam, voormalige naam, ancien nom, ehemaliger name, fruherer name, formerly`},
	{roleAlias, `alternative name, alternate name, other name, other names, alias, aliases, aka, andere naam, andere namen, alternatieve naam, autre nom, autres noms, nom alternatif, anderer name,
		alternativname, weitere namen, trade name, handelsnaam, nom commercial, handelsname, transliterated name, commercial name, legal name, juridische naam, nom juridique, raison sociale, officiele naam, synonym, synonyms, synoniemen`},
	{roleType, `type, soort, kind, category, categorie, kategorie, classification, classificatie, typ, art, rechtsform, rechtsvorm, legal form, forme juridique, form, vorm, organisatietype, organisationstyp, nature`},
	{roleText, `description, omschrijving, beschrijving, descriptif, beschreibung, about, over, summary, samenvatting, resume, zusammenfassung, mission, missie, opdracht, toelichting, doel, objective, objectif, zweck, remarks, aufgaben`},
	{roleProject, `project, project name, project title, projectnaam, projecttitel, projet, nom du projet, titre du projet, projekt, projektname, projekttitel, case`},
	{roleFunction, `function, functie, fonction, funktion, job title, jobtitle, position, poste, rol, role, title, titel, titre, amt, charge, mandate, mandaat, mandat`},
	{roleID, `id, identifier, identifiers, ids, identificatie, identifiant, kennung, code, key, sleutel, schlussel, number, nummer, numero, nr, no, num, uid, uuid, guid, kenmerk, reference, referentie, ref, ondernemingsnummer, numero d entreprise, lfd nr, nis, refnis`},
	{rolePerson, `volksvertegenwoordiger, kamerlid, parlementslid, statenlid, raadslid, gemeenteraadslid, senator, senateur, senatrice, depute, deputee, depute e, parlementaire,
		abgeordneter, abgeordnete, abgeordnete r, mdl, mdb, member of parliament, mp, mep`},
	{roleParty, `groupe politique, groupe parlementaire, political group, parliamentary group, party, political party, politieke fractie, fractie, partij, parti, fraktion, partei`},
	{roleUnit, `unit, department, afdeling, directie, directorate, division, direction, abteilung, referat, dezernat, cellule, committee, commissie, commission, ausschuss`},
	{roleMember, `organisation, organization, organisations, organizations, organisatie, organisme, employer, werkgever, employeur, arbeitgeber, company, bedrijf, onderneming, entreprise, firma, unternehmen, institution, instelling, institut, institute, einrichtung, affiliation,
		lead organisation, body, instantie, overheid, dienst, service, behorde, ministry, ministerie, ministere, ministerium, agency, agence, association, vereniging, verein, partner, member, lid, membre, mitglied, stakeholder, beneficiary, begunstigde, beneficiaire, begunstigter, school, ecole, schule`},
	{roleName, `name, names, naam, nom, bezeichnung, benaming, denomination, benennung, designation, intitule, titel, title, titre, label, namen, official name, full name, volledige naam`},
}

// roleOf tells a role by a header's words; "" where it is not known. A word for
// an organisation beside one for a name names the organisation.
func roleOf(words []string) role {
	if r := roleSpelt(words); r != "" {
		return r
	}
	// Umlauts may be written as two letters: Kuerzel, Behoerde.
	plain := make([]string, len(words))
	for i, w := range words {
		plain[i] = umlauts.Replace(w)
	}
	if slices.Equal(plain, words) {
		return ""
	}
	return roleSpelt(plain)
}

var umlauts = strings.NewReplacer("ae", "a", "oe", "o", "ue", "u")

func roleSpelt(words []string) role {
	for _, h := range headers {
		for phrase := range strings.SplitSeq(h.phrases, ",") {
			if holdsPhrase(words, strings.Fields(phrase)) {
				if h.role == rolePrivate && len(words) > 1 {
					if r := reached(words); r != "" {
						return r
					}
				}
				if h.role == roleFunction && !holdsPhrase(words, []string{"function"}) && (len(words) > 2 || titled(words)) {
					continue
				}
				return refine(h.role, words)
			}
		}
	}
	return roleOfCompound(words)
}

// titled says whether a title is the name that a law or a register gives.
func titled(words []string) bool {
	return slices.ContainsFunc([]string{"legal", "official", "applied", "full", "usual", "registered"}, func(w string) bool { return slices.Contains(words, w) })
}

// reached is the role of a column beside a contact that is no person's: the
// website in "contact website", "contact.internet".
func reached(words []string) role {
	rest := slices.DeleteFunc(slices.Clone(words), func(w string) bool { return w == "contact" || w == "contacts" })
	if len(rest) == 0 || len(rest) == len(words) {
		return ""
	}
	if r := roleOf(rest); r == roleWebsite || r == roleEmail {
		return r
	}
	return ""
}

// roleOfCompound tells a role by the last part of a word that is written
// together: Bedrijfsnaam, Havenbedrijf, Startzeitpunkt.
func roleOfCompound(words []string) role {
	for _, w := range words {
		if strings.HasPrefix(w, "contact") || strings.HasPrefix(w, "kontakt") {
			return rolePrivate
		}
		for _, h := range headers {
			for phrase := range strings.SplitSeq(h.phrases, ",") {
				if part := strings.TrimSpace(phrase); len(part) >= 4 && len(w) > len(part)+2 && strings.HasSuffix(w, part) {
					return h.role
				}
			}
		}
	}
	return ""
}

// refine settles what one word alone does not tell: the name of an
// organisation is a name, the number of one an id.
func refine(r role, words []string) role {
	id := slices.ContainsFunc(words, func(w string) bool { return slices.Contains([]string{"id", "code", "nr", "nummer", "number"}, w) })
	switch {
	case r == roleProject && slices.ContainsFunc(words, func(w string) bool { return slices.Contains([]string{"role", "rol", "rolle"}, w) }):
		return roleFunction
	case r == roleType && holdsPhrase(words, []string{"name"}):
		return roleName
	case r == roleID && slices.ContainsFunc(words, func(w string) bool { return slices.Contains([]string{"name", "naam", "nom"}, w) }):
		return roleName
	case r == roleMember && slices.ContainsFunc(words, func(w string) bool { return slices.Contains([]string{"status", "since", "level", "size"}, w) }):
		return ""
	case (r == roleMember || r == roleProject) && id:
		return roleID
	}
	return r
}

func holdsPhrase(words, phrase []string) bool {
	for i := range words {
		if i+len(phrase) <= len(words) && slices.Equal(words[i:i+len(phrase)], phrase) {
			return true
		}
	}
	return false
}

// founding and dissolving are words of headers for when an organisation began
// and ended: other dates may be those of anything.
func founding() []string {
	return []string{
		"founded", "founding", "established", "foundation", "opgericht", "oprichting", "oprichtingsdatum", "oprichtingsjaar", "creation", "fonde", "fondee",
		"gegrundet", "grundung", "grundungsdatum", "grundungsjahr",
	}
}

func dissolving() []string {
	return []string{"closed", "closing", "dissolved", "dissolution", "opgeheven", "opheffing", "aufgelost", "auflosung"}
}

// ownDate says whether a column of the role tells when the rows' things
// themselves begin or end.
func (g *guess) ownDate(c *column) bool {
	return c.dates != "" && (g.kind != ontology.Organisation || c.names(founding()...) || c.names(dissolving()...))
}

// typesOfOrganisations are words for kinds of organisations, folded, by what
// the ontology calls them.
var typesOfOrganisations = []struct{ classification, words string }{
	{"UNIVERSITY", "university universiteit universite universitat hogeschool hochschule college education higher"},
	{"RESEARCH_BODY", "research onderzoek recherche forschung forschungsinstitut onderzoeksinstelling kennisinstelling academic science"},
	{"MINISTRY", "ministry ministerie ministere ministerium departement"},
	{"MUNICIPALITY", "municipality gemeente commune gemeinde city stad ville stadt town"},
	{"AGENCY", "agency agentschap agence agentur"},
	{"COMPANY", "company bedrijf onderneming entreprise unternehmen firma private sme kmo pme kmu enterprise nv bv bvba sprl srl gmbh ag industry prc"},
	{"NONPROFIT", "nonprofit ngo vzw asbl stichting fondation foundation stiftung vereniging association verein charity civil"},
	{"HEALTHCARE", "hospital ziekenhuis hopital krankenhaus klinik healthcare zorg sante"},
	{"PORT", "port haven hafen"},
	{"NETWORK", "network netwerk reseau netzwerk"},
	{"CONSORTIUM", "consortium konsortium"},
	{"INTERNATIONAL_ORGANISATION", "international internationaal internationale"},
	{"REGION", "region regio gewest province provincie bundesland"},
	{"ARCHIVE", "archive archief archiv archives"},
	{"GOVERNMENT_BODY", "government overheid gouvernement regierung public publiek administration overheidsinstantie pub behorde authority"},
}

// classificationOf tells the classification that a text of a type column
// stands for, "" where none.
func classificationOf(folded string) string {
	for _, t := range typesOfOrganisations {
		known := words(t.words)
		for w := range strings.FieldsSeq(folded) {
			// Words are written together: Forschungsinstitut, ResearchOrganization.
			if known[w] || len(w) > 7 && slices.ContainsFunc(long(known), func(k string) bool { return strings.Contains(w, k) }) {
				return t.classification
			}
		}
	}
	return ""
}

// long are the words of seven letters and more, in their order.
func long(set map[string]bool) []string {
	var list []string
	for w := range set {
		if len(w) >= 7 {
			list = append(list, w)
		}
	}
	slices.Sort(list)
	return list
}
