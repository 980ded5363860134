package match

import (
	"slices"
	"strings"

	"coopgraph/ontology"
)

// words4 is a text in the languages of ontology.Languages: Dutch, French,
// German, English.
type words4 [4]string

var languageNames = map[string]words4{
	"nl": {"in het Nederlands", "en néerlandais", "auf Niederländisch", "in Dutch"},
	"fr": {"in het Frans", "en français", "auf Französisch", "in French"},
	"de": {"in het Duits", "en allemand", "auf Deutsch", "in German"},
	"en": {"in het Engels", "en anglais", "auf Englisch", "in English"},
}

// saysLanguage are the reasons whose text ends well in a language's name.
var saysLanguage = map[Code]bool{SameName: true, SameAcronym: true, SameFormerName: true}

var punctuation = words4{": ", " : ", ": ", ": "}

// templates are the texts of reasons.
var templates = map[Code]words4{
	SameName:        {"zelfde naam", "même nom", "gleicher Name", "same name"},
	SpelledTogether: {"zelfde naam, anders aan elkaar geschreven", "même nom, coupé autrement", "gleicher Name, anders zusammengeschrieben", "same name, joined differently"},
	SameWords:       {"zelfde woorden in andere volgorde", "mêmes mots dans un autre ordre", "gleiche Wörter in anderer Reihenfolge", "same words in another order"},
	OtherUmlauts:    {"zelfde naam op een umlaut na", "même nom à un tréma près", "gleicher Name bis auf einen Umlaut", "same name but for an umlaut"},
	Inflected:       {"zelfde woorden in andere vorm", "mêmes mots sous une autre forme", "gleiche Wörter in anderer Form", "same words in another form"},
	Misspelt:        {"bijna dezelfde naam, misschien een tikfout", "presque le même nom, peut-être une faute de frappe", "fast gleicher Name, vielleicht ein Tippfehler", "nearly the same name, perhaps a typing error"},
	PartOfName:      {"naam komt gedeeltelijk overeen", "nom identique en partie", "Name stimmt teilweise überein", "name agrees in part"},
	SameAcronym:     {"zelfde afkorting", "même sigle", "gleiche Abkürzung", "same acronym"},
	SameFormerName:  {"zelfde naam als een vroegere naam", "même nom qu'un ancien nom", "gleich einem früheren Namen", "same as a former name"},
	MoreLanguages:   {"zelfde naam in nog een taal", "même nom dans une autre langue encore", "gleicher Name in einer weiteren Sprache", "same name in a further language"},
	NoCommonName:    {"namen hebben niets gemeen", "noms sans rien de commun", "Namen haben nichts gemeinsam", "names have nothing in common"},
	OtherLegalForm:  {"andere rechtsvorm", "autre forme juridique", "andere Rechtsform", "different legal form"},
	NoLegalForm:     {"rechtsvorm maar aan één kant vermeld", "forme juridique indiquée d'un seul côté", "Rechtsform nur auf einer Seite genannt", "legal form given on one side only"},
	OneFoundation:   {"maar aan één kant een stichting", "une fondation d'un seul côté", "nur auf einer Seite eine Stiftung", "a foundation on one side only"},
	OtherNumber:     {"ander nummer in de naam", "autre numéro dans le nom", "andere Nummer im Namen", "different number in the name"},
	MoreTypes:       {"een naam noemt nog een soort instelling", "un nom indique un type d'organisme de plus", "ein Name nennt eine weitere Art von Einrichtung", "one name mentions a further kind of body"},
	OtherType:       {"ander soort instelling volgens de naam", "autre type d'organisme d'après le nom", "dem Namen nach eine andere Art von Einrichtung", "different kind of body by its name"},
	NameAndInitials: {"zelfde familienaam en voorletter", "même nom de famille et même initiale", "gleicher Familienname und gleiche Initiale", "same family name and initial"},
	MiddleInitials:  {"zelfde naam, op een tweede voornaam na", "même nom, à un second prénom près", "gleicher Name bis auf einen zweiten Vornamen", "same name but for a second given name"},
	NamesSwapped:    {"zelfde namen, voor- en familienaam verwisseld", "mêmes noms, prénom et nom de famille inversés", "gleiche Namen, Vor- und Familienname vertauscht", "same names, given and family name exchanged"},
	MoreSurnames:    {"een familienaam meer of minder", "un nom de famille de plus ou de moins", "ein Familienname mehr oder weniger", "one family name more or less"},
	SurnameMisspelt: {"bijna dezelfde familienaam", "presque le même nom de famille", "fast gleicher Familienname", "nearly the same family name"},
	OtherGivenName:  {"zelfde familienaam, andere voornaam", "même nom de famille, autre prénom", "gleicher Familienname, anderer Vorname", "same family name, different given name"},

	SameCountry:         {"zelfde land", "même pays", "gleiches Land", "same country"},
	OtherCountry:        {"ander land", "autre pays", "anderes Land", "different country"},
	SamePlace:           {"zelfde plaats", "même lieu", "gleicher Ort", "same place"},
	OtherPlace:          {"andere plaats", "autre lieu", "anderer Ort", "different place"},
	OtherOfMany:         {"zo heten er veel, en deze is elders", "plusieurs portent ce nom, et celui-ci est ailleurs", "viele heißen so, und dieses ist anderswo", "many are called so, and this one is elsewhere"},
	SameWebsite:         {"zelfde website", "même site web", "gleiche Website", "same website"},
	SameHost:            {"pagina's op dezelfde website", "pages du même site web", "Seiten derselben Website", "pages of the same website"},
	OtherWebsite:        {"andere website", "autre site web", "andere Website", "different website"},
	SameClassification:  {"zelfde soort organisatie", "même type d'organisation", "gleiche Art von Organisation", "same kind of organisation"},
	OtherClassification: {"ander soort organisatie", "autre type d'organisation", "andere Art von Organisation", "different kind of organisation"},
	FarClassification:   {"heel ander soort organisatie", "type d'organisation tout autre", "ganz andere Art von Organisation", "very different kind of organisation"},
	SameDate:            {"zelfde datum", "même date", "gleiches Datum", "same date"},
	OtherDate:           {"andere datum", "autre date", "anderes Datum", "different date"},
	OneAfterOther:       {"het ene eindigt voor het andere begint", "l'un finit avant que l'autre commence", "das eine endet, bevor das andere beginnt", "one ends before the other begins"},
	SameRelated:         {"zelfde organisatie of overkoepelend geheel", "même organisation ou même ensemble", "gleiche Organisation oder übergeordnete Einheit", "same organisation or parent"},
	SameIdentifier:      {"zelfde identificatie", "même identifiant", "gleiche Kennung", "same identifier"},
	SamePlaceType:       {"zelfde soort plaats", "même type de lieu", "gleiche Art von Ort", "same kind of place"},
	BothCountries:       {"allebei een land", "deux pays", "beide ein Land", "both countries"},
	NoScheme:            {"geen van beide uit een thesaurus", "aucun des deux ne vient d'un thésaurus", "keines von beiden aus einem Thesaurus", "neither is from a thesaurus"},
	SameNumber:          {"zelfde nummer in de naam", "même numéro dans le nom", "gleiche Nummer im Namen", "same number in the name"},

	OtherKind:        {"geen zelfde soort ding", "choses de nature différente", "Dinge verschiedener Art", "different kinds of things"},
	OtherIdentifier:  {"andere identificatie in hetzelfde register", "autre identifiant dans le même registre", "andere Kennung im selben Register", "different identifier in the same registry"},
	OtherPlaceType:   {"ander soort plaats", "autre type de lieu", "andere Art von Ort", "different kind of place"},
	GenericElsewhere: {"naam die in elk land voorkomt, in een ander land", "nom qui existe dans chaque pays, dans un autre pays", "Name, den es in jedem Land gibt, in einem anderen Land", "a name that every country has, in another country"},

	AcronymAlone:   {"een afkorting alleen volstaat niet", "un sigle seul ne suffit pas", "eine Abkürzung allein genügt nicht", "an acronym alone does not suffice"},
	FormerAlone:    {"een vroegere naam alleen volstaat niet", "un ancien nom seul ne suffit pas", "ein früherer Name allein genügt nicht", "a former name alone does not suffice"},
	NamesDiffer:    {"de namen verschillen", "les noms diffèrent", "die Namen sind verschieden", "the names differ"},
	GenericAlone:   {"zo heten er veel, de plaats geeft geen zekerheid", "plusieurs portent ce nom et le lieu ne tranche pas", "viele heißen so, der Ort gibt keine Gewissheit", "many are called so and the place does not settle it"},
	NameAlone:      {"de naam alleen volstaat niet", "le nom seul ne suffit pas", "der Name allein genügt nicht", "the name alone does not suffice"},
	MixedScripts:   {"een woord mengt letters van twee schriften", "un mot mêle des lettres de deux écritures", "ein Wort mischt Buchstaben zweier Schriften", "a word mixes letters of two scripts"},
	OneOfScheme:    {"een begrip hoort bij zijn eigen thesaurus", "un concept appartient à son propre thésaurus", "ein Begriff gehört zu seinem eigenen Thesaurus", "a concept belongs to its own thesaurus"},
	OtherPost:      {"een woord meer maakt er een andere functie van", "un mot de plus en fait une autre fonction", "ein Wort mehr macht daraus ein anderes Amt", "a word more makes it another post"},
	Claimed:        {"een bron houdt ze voor mogelijk hetzelfde", "une source les tient pour peut-être identiques", "eine Quelle hält sie für möglicherweise dasselbe", "a source holds that they may be the same"},
	CountryDiffers: {"de landen verschillen", "les pays diffèrent", "die Länder sind verschieden", "the countries differ"},
}

// Text says the reason in a language of ontology.Languages, in English for
// any other: "same name in French: Province de Liège".
func (r Reason) Text(language string) string {
	at := slices.Index(ontology.Languages(), base(language))
	if at < 0 {
		at = len(ontology.Languages()) - 1
	}
	var b strings.Builder
	b.WriteString(templates[r.Code][at])
	if in, ok := languageNames[r.Language]; ok && saysLanguage[r.Code] {
		b.WriteString(" " + in[at])
	}
	switch {
	case r.A == "" && r.B == "":
		return b.String()
	case r.A == r.B, r.B == "":
		b.WriteString(punctuation[at] + r.A)
	case r.A == "":
		b.WriteString(punctuation[at] + r.B)
	default:
		b.WriteString(punctuation[at] + r.A + " / " + r.B)
	}
	return b.String()
}
