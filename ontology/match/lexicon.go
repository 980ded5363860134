package match

import "strings"

// legalForms gives the legal form that a folded word names. Forms that are one
// in two languages have one name.
var legalForms = lexicon(map[string]string{
	"asbl":       "asbl vzw",
	"aisbl":      "aisbl ivzw inpa",
	"sa":         "sa nv",
	"srl":        "srl bv bvba sprl sarl besloten eurl",
	"sc":         "cv cvba scrl scs",
	"gmbh":       "gmbh ggmbh mbh ug",
	"ag":         "ag kgaa",
	"kg":         "kg ohg gbr",
	"ev":         "ev",
	"ltd":        "ltd limited plc llc inc llp",
	"ou":         "ou osauhing",
	"as":         "as aktsiaselts",
	"sia":        "sia",
	"mtu":        "mtu mittetulundusuhing",
	"sihtasutus": "sihtasutus",
	"foundation": "stichting stiftung fondation foundation",
	"sas":        "sas sasu",
	"se":         "se",
})

// outerForms are legal forms that are words of other meaning too: they count
// only at either end of a name.
var outerForms = words("as sa se ag kg ev sc cv ou ug inc besloten")

// typeWords gives the kind of body that a folded word names, in the four
// languages. Two bodies of different kinds are two bodies.
var typeWords = lexicon(map[string]string{
	"ministry":             "ministry ministries ministerie ministere ministeres ministerium",
	"federal ministry":     "bundesministerium",
	"service":              "service services dienst diensten sodp fod spf fps spp pod overheidsdienst",
	"province":             "province provincie provinz provinciebestuur provinciaal provinciale provincial",
	"municipality":         "municipality city town gemeente stad stadt ville commune gemeinde stadsbestuur gemeentebestuur stadtverwaltung gemeindeverwaltung mairie rathaus stadhuis gemeentehuis vallavalitsus linnavalitsus",
	"region":               "region gewest regio regional regionale",
	"community":            "communaute gemeenschap gemeinschaft community",
	"district":             "district arrondissement landkreis kreis bezirk canton kanton",
	"kingdom":              "kingdom koninkrijk royaume konigreich republic republiek republique republik",
	"duchy":                "duchy hertogdom groothertogdom duche grossherzogtum",
	"university":           "university universiteit universite universitat universitaire universitair universitaria universita universidad ulikool universitate",
	"hogeschool":           "hogeschool hochschule fachhochschule ecole",
	"hospital":             "hospital ziekenhuis hopital krankenhaus klinikum clinique kliniek klinik haigla slimnica uniklinik",
	"institute":            "institute instituut institut institutes instituten",
	"school":               "school schule lycee gymnasium college basisschool scholengemeenschap gumnaasium vidusskola lyceum",
	"faculty":              "faculty faculteit faculte fakultat",
	"department":           "department departement departementen abteilung afdeling",
	"directorate":          "directorate directoraat direction direktion",
	"agency":               "agency agentschap agence agentur bundesagentur",
	"council":              "council raad conseil rat",
	"commission":           "commission commissie kommission",
	"committee":            "committee comite komitee ausschuss",
	"court":                "court rechtbank tribunal gericht",
	"high court":           "gerechtshof cour oberlandesgericht",
	"local court":          "amtsgericht",
	"state court":          "landgericht",
	"federal court":        "bundesgericht bundesgerichtshof bundesverfassungsgericht",
	"administrative court": "verwaltungsgericht",
	"labour court":         "arbeitsgericht arbeidsrechtbank arbeidshof",
	"social court":         "sozialgericht",
	"fiscal court":         "finanzgericht",
	"police":               "police politie polizei politiezone bundespolizei",
	"embassy":              "embassy ambassade botschaft",
	"consulate":            "consulate consulaat consulat konsulat generalkonsulat",
	"museum":               "museum musee musea museums",
	"library":              "library bibliotheek bibliotheque bibliothek raamatukogu",
	"archive":              "archive archives archief archiv rijksarchief",
	"port":                 "port haven hafen havenbedrijf",
	"airport":              "airport luchthaven aeroport flughafen",
	"association":          "association vereniging verein verband",
	"secretariat":          "secretariat secretariaat sekretariat",
	"parliament":           "parliament parlement parlament landtag bundestag",
	"bank":                 "bank banque",
	"church":               "church kerk eglise kirche parish parochie paroisse",
	"centre":               "centre center centrum zentrum",
	"laboratory":           "laboratory laboratorium laboratoire labor",
	"chamber":              "chamber kamer chambre kammer handelskammer",
	"fund":                 "fund fonds",
	"authority":            "authority autoriteit autorite behorde",
	"office":               "office bureau kantoor amt finanzamt zollamt hauptzollamt arbeitsamt bundesamt landesamt standesamt",
	"government":           "government regering gouvernement regierung landesregierung",
	"union":                "union unie",
	"federation":           "federation federatie foderation",
	"company":              "company bedrijf societe gesellschaft",
	"housing":              "korteriuhistu dzivokli",
	"division":             "panzerdivision division divisie brigade",
	"fireservice":          "brandweer feuerwehr pompiers hulpverleningszone",
	"welfare":              "ocmw cpas jobcenter",
	"prison":               "prison gevangenis justizvollzugsanstalt gefangnis",
})

// addedTypes are kinds of bodies that a longer name of one body may add: the
// rest of the name of a centre, an authority. A hospital that a university's
// name is followed by is another body.
var addedTypes = words("centre institute authority association company service agency foundation region federation union")

// saints begin the names of many schools, hospitals and churches.
var saints = words("saint sainte sint sankt st heilig heilige onze notre liebfrauen")

// localTypes are kinds of bodies of which a country has many with one name.
var localTypes = words("municipality school hospital court police library church district prison housing fireservice welfare office archive museum consulate department faculty division")

// typeEndings are the endings of Dutch and German compounds that name the kind
// of body, with the word that stands for it in typeWords.
var typeEndings = []struct{ ending, word string }{
	{"ministerium", "ministerium"},
	{"ministerie", "ministerie"},
	{"universitat", "universitat"},
	{"universiteit", "universiteit"},
	{"hochschule", "hochschule"},
	{"krankenhaus", "krankenhaus"},
	{"ziekenhuis", "ziekenhuis"},
	{"klinikum", "klinikum"},
	{"bibliothek", "bibliothek"},
	{"bibliotheek", "bibliotheek"},
	{"gericht", "gericht"},
	{"institut", "institut"},
	{"instituut", "instituut"},
	{"museum", "museum"},
	{"verwaltung", "gemeinde"},
	{"bestuur", "gemeente"},
	{"schule", "schule"},
	{"polizei", "polizei"},
	{"agentur", "agentur"},
	{"kreis", "kreis"},
	{"verband", "verband"},
	{"amt", "amt"},
}

// commonWords are folded words that many bodies of a kind share: subjects of
// government, and words of rank or reach. A name of nothing else is generic.
var commonWords = words(`
 finance finances financien finanzen finanz financial justice justitie justiz interior interieur inneren innern inland binnenlandse zaken
 affairs affaires angelegenheiten foreign etrangeres buitenlandse auswartiges aussen health gezondheid sante gesundheit volksgezondheid public publique openbare offentliche
 economy economie economique economiques wirtschaft economic economische education onderwijs enseignement bildung culture cultuur kultur sport sports
 environment environnement milieu umwelt leefmilieu omgeving landbouw agriculture landwirtschaft energy energie climate klimaat climat klima
 transport mobility mobiliteit mobilite verkehr verkeer infrastructure infrastructuur infrastruktur defence defense defensie verteidigung
 work werk travail arbeit employment werkgelegenheid emploi social sociale sociales soziales sozial welfare welzijn family famille familie gezin
 research onderzoek recherche forschung science sciences wetenschap wetenschappen wissenschaft innovation innovatie development ontwikkeling developpement entwicklung
 technology technologie technologies water eau wasser tourism toerisme tourisme statistics statistiek statistique statistik budget begroting haushalt
 tax taxes belasting belastingen steuer steuern customs douane douanes zoll administration administratie verwaltung bestuur management beheer gestion
 national nationale nationaal federal federale federaal bund bundes land landes general generale algemeen algemene allgemeine central centrale centraal zentral
 international internationale internationaal european europees europese europeen europeenne europaisch europaische state staat etat country pays
 security veiligheid securite sicherheit safety housing huisvesting logement wohnen spatial planning ruimtelijke ordening youth jeugd jeunesse jugend
 group groep groupe gruppe team project projekt projet network netwerk reseau netzwerk saint sint sankt st heilig hart notre dame onze lieve vrouw
 information informatie digital digitaal digitale data personnel internal external services north south east west noord zuid oost nord sud est ouest ost
 main hoofd head board branch unit section secretary royal koninklijk koninklijke konigliche royale
`)

// romans are the Roman numerals that are no words of the four languages.
var romans = map[string]string{
	"ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8", "ix": "9", "xi": "11", "xii": "12",
	"xiii": "13", "xiv": "14", "xv": "15",
}

// particles stand before family names; titles before and after names. Neither
// tells people apart.
var (
	particles = words("van von de der den des du la le les ter ten te t zu zum d del di da dos l y")
	titles    = words("dr prof ir ing mr mw mevr dhr herr frau mme mlle m mrs ms msc phd bsc drs lic em sir dipl hc ma ba")
)

// tremas are the languages that write a diaeresis where German has an umlaut.
var tremas = words("nl fr en")

// sharedHosts carry the pages of many bodies: that two share one says nothing.
var sharedHosts = words(`facebook.com linkedin.com twitter.com x.com instagram.com youtube.com wikipedia.org
 wordpress.com github.com github.io sites.google.com wixsite.com blogspot.com jimdo.com weebly.com medium.com
 en.wikipedia.org nl.wikipedia.org fr.wikipedia.org de.wikipedia.org commission.europa.eu ec.europa.eu cordis.europa.eu ror.org orcid.org doi.org`)

func words(list string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(list) {
		m[w] = true
	}
	return m
}

// lexicon turns a map of meanings to their words round.
func lexicon(meanings map[string]string) map[string]string {
	m := map[string]string{}
	for meaning, list := range meanings {
		for _, w := range strings.Fields(list) {
			m[w] = meaning
		}
	}
	return m
}
