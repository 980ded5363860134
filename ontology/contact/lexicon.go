package contact

import (
	"slices"
	"strings"

	"coopgraph/ontology"
	"coopgraph/ontology/evidence"
	"coopgraph/ontology/text"
	"coopgraph/store"
)

// wordSet is a set of folded words, written as one list parted by spaces.
type wordSet map[string]bool

func words(lists ...string) wordSet {
	set := wordSet{}
	for _, list := range lists {
		for _, w := range strings.Fields(list) {
			set[w] = true
		}
	}
	return set
}

// has says whether the word, in either folded form, is in the set.
func (s wordSet) has(w text.Word) bool { return s[w.Folded] || w.Wide != "" && s[w.Wide] }

// linking are the question words, pronouns and verbs that no name begins or
// ends with, beside the stop words of the analysis.
var linking = words(
	// Dutch
	"wie wat welk welke waar wanneer hoe waarom is zijn was waren ben bent heeft hebben had hadden wordt worden kan kunnen moet moeten mag wil willen ik jij je u hij zij we wij ons onze mijn me mij er dit dat deze die iemand iets niet ook nog nu hier daar langs binnen buiten tegen zonder rond inzake betreffende vanuit volgens graag even alle alles andere zit zitten zat zaten",
	// French
	"qui que quoi quel quelle quels quelles ou quand comment pourquoi est sont etait etaient a ont avait peut peuvent doit doivent veut je tu il elle nous vous ils elles on me moi mon ma mes notre nos ce cet cette ces y quelqu un une pas aussi s c l d n qu j m t concernant selon chez sans contre hors vis merci svp maintenant actuellement ici quelque autre autres tous tout toutes toute siege siegent",
	// German
	"wer was welche welcher welches welchen welchem wo wann wie warum wem wen ist sind war waren bin hat haben hatte wird werden kann konnen koennen muss mussen muessen darf will wollen ich du er sie es wir ihr uns unser unsere mein meine mir mich hier dies diese dieser jemand etwas nicht auch noch jetzt hier dort bitte laut gegen ohne innerhalb ausserhalb entlang rund hinsichtlich bezuglich bezueglich alle alles andere anderen sitzt sitzen",
	// English
	"who whom whose what which where when how why is are was were be been am has have had does do did can could must may should would will shall i you he she it we they us our my me this that these those there someone anybody anyone somebody something not also now here there about along within without against inside outside please thanks any all other others per via sit sits across live lives one another each",
)

// asking are the words in which one asks for a contact. They explain nothing
// and are never searched, unless part of a longer exact label.
var asking = words(
	// Dutch
	"contact contacten contactpersoon contactpersonen contactpunt aanspreekpunt aanspreekpersoon expert experts deskundige deskundigen deskundig specialist specialisten kenner kent kennen kennis weet weten bellen bel mailen mail telefoon telefoonnummer bereiken spreken samenwerking samenwerken samenwerkt verantwoordelijk verantwoordelijke verantwoordelijken bevoegd bevoegde zoek zoeken zoekt vind vinden naam namen persoon personen mensen collega collegas medewerker medewerkers werkt werken houdt bezig gaat behandelt beheert doet bezighoudt bezighouden thema onderwerp dossier dossiers onderwerpen vraag vragen vraagje praten praat help helpen helpt hulp volgt volgen opvolgt opvolgen opvolging regelt regelen melden meld aub alstublieft bedankt project projecten dringend snel nodig mailadres emailadres adres contactgegevens gegevens nummer iemands zorgt aangaande inlichtingen partner partners",
	// French
	"contacts contacter contactez interlocuteur interlocutrice interlocuteurs experte expertes specialiste specialistes connait connaitre connaissance sait savoir appeler appelle telephone joindre cooperation collaboration collabore responsable responsables competent competente competents charge chargee charges occupe occupent cherche chercher trouver trouve nom noms personne personnes gens collegue collegues collaborateur collaborateurs travaille travaillent traite gere theme sujet dossier sujets dossiers suit suivent suivre suivi assure assurent assurer aide aider signaler signale question questions projet projets urgent besoins coordonnees adresse numero renseignements renseignement besoin bonjour mail courriel parler parle adresser partenaire partenaires",
	// German
	"kontakt kontakte kontaktperson kontaktpersonen kontaktieren ansprechpartner ansprechpartnerin ansprechpartnern ansprechperson ansprechpersonen ansprechstelle experte experten expertin expertinnen fachmann fachfrau fachleute spezialist spezialisten spezialistin kennt kennen weiss anrufen rufe telefon telefonnummer erreichen zusammenarbeit kooperation kooperiert zustandig zustandige zustandiger zustandigen zustaendig zustaendige zustaendiger zustaendigen verantwortlich verantwortliche verantwortlicher verantwortlichen suche suchen sucht finde finden name namen person leute kollege kollegin kollegen mitarbeiter mitarbeiterin mitarbeitern arbeitet arbeiten beschaftigt beschaeftigt befasst bearbeitet betreut thema themen sprechen spreche reden macht machen kummert kuemmert kummern kuemmern helfen hilft hilfe projekt projekte dringend brauchen braucht frage fragen melden wende wenden wendet adresse mailadresse nummer kontaktdaten auskunft auskuenfte brauche brauchen gibt benotige benoetige partnern",
	// English
	"expertise knows know knowing knowledge call phone ring reach email cooperation cooperates cooperate collaboration responsible responsibility charge competent specialists handles handle handling deals deal dealing dealt search find looking look need needs want help names people persons colleague colleagues staff works work working worked concerning regarding topic subject file right get give show tell topics subjects issue issues matter matters question questions help reporting address number details follow follows following manages manage managing project projects urgent urgently talk talks talking enquiries hello hi",
)

// small are pronouns, adverbs and verbs of sentences. Like asking words they
// explain nothing, but may be a part of an exact label: "Benelux plus".
var small = words(
	// Dutch
	"zich hun haar hen ze diens wel geen meer minder heel erg zeer echt wellicht misschien liefst bijvoorbeeld omtrent tegenover tijdens sinds terwijl omdat want maar dus toch dan toen steeds altijd ooit eens zou zouden hebt zal zullen mogen kun kunt laat laten zeggen zeg vertel vertellen beide veel weinig ergens waarover waarvoor waarbij waarmee daarover hierover ervan erover ermee ga gaan komt komen neem nemen krijg krijgen opende geopend startte gestart achter impact gevolg gevolgen invloed info informatie stand status update nieuws situatie bijv evt enz enzo ofzo oid hoi beste dag groet groeten groetjes mvg momenteel tegenwoordig vandaag verder erachter aanwezig aanwezigen deelnemer deelnemers persoonlijk gebruikt gebruiken ontwikkelt ontwikkeld ontwikkelde maakt maken gemaakt financiert organiseert betrokken vertegenwoordigt ondertekend ondertekende uitvoert schuilt deed runt",
	// French
	"se soi leur leurs sa ses son lui eux celui celle ceux celles dont lequel laquelle lesquels auquel duquel ainsi bien tres plus moins encore deja toujours jamais peu beaucoup comme si car donc mais ni pendant depuis lorsque afin aupres envers parmi malgre sauf puis alors cela ca ceci suis es sommes etes sera seront serait aurait pourrait pourriez pouvez voudrais souhaite souhaiterais aimerais dois devons faut dire dites indiquer indiquez fait faire prend prendre ouvert lance derriere impact consequence consequences info infos information informations statut nouvelles situation salut bonsoir coucou cher chere cordialement etc cf stp aujourd hui present presents participant participants participe mene menent mener utilise utilisent developpe developpent realise realisent finance financent organise organisent implique impliques represente signe porte portent teste testent cache gerent",
	// German
	"sich um ihre ihren ihrem ihrer sein seine seinen seinem seiner euch euer unserem unseren man mehr weniger sehr ganz eher vielleicht gern gerne doch nur schon immer nie oft damit dafur dafuer dabei darum daruber darueber dazu davon daran hierzu wegen wahrend waehrend seit gegenuber gegenueber trotz statt ausser durch bis wenn ob weil dass denn aber also dann jene jener jenes solche solcher mochte moechte mochten moechten konnte koennte konnten koennten wurde wuerde sollte sollten soll sollen sagen sag sagt geben geht gehen kommt kommen eroffnet eroeffnet gestartet hinter dahinter bescheid auswirkung auswirkungen folgen info infos information informationen stand status neuigkeiten moin liebe lieber gruss grusse gruesse mfg usw evtl bzgl momentan derzeit aktuell heute steckt stecken gibts teilnehmer teilnehmerin teilnehmern jmd jemandem jemanden ggf benutzt nutzt entwickelt finanziert organisiert beteiligt vertritt unterzeichnet gemacht baut testet",
	// English
	"their its his her hers him them your yours than then but if because so very more most less much many few such same both either neither just only even still yet ever never often during since until despite being having said say says ask asked asking like let try trying take takes go goes going come comes make makes run runs running opened started behind impact effect effects consequences info information status update news latest dear cheers regards thx pls asap fyi currently today present participant participants attendee attendees attended whoever preferably ideally uses used develops developed funds organises organised organizes involved represents signed builds tests made done",
)

// shortened are prepositions and conjunctions of several letters cut short,
// which stand within names like the letters that are.
var shortened = words("vd vdh vh vr ds ivm mbt tbv obv tav bzgl bzw btr btreff inkl incl wrt")

// bodies are what bodies are: many names have such a word, and alone it is none
// of them.
var bodies = words(
	"gemeente gemeenten commune communes municipalite gemeinde gemeinden municipality municipalities",
	"stad steden ville villes stadt stadte staedte city cities town towns",
	"provincie provincies province provinces provinz provinzen",
	"regio regios region regions regionen",
	"ministerie ministeries ministere ministeres ministerium ministerien ministry ministries",
	"universiteit universiteiten universite universites universitat universitaet universitaten university universities",
	"hogeschool hochschule",
	"ziekenhuis ziekenhuizen hopital hopitaux krankenhaus krankenhauser klinik kliniek clinique hospital hospitals clinic",
	"orgaan organen organisme organismes instance instances stelle stellen organisatie organisaties organisation organisations organisationen organization organizations instelling instellingen institution institutions einrichtung einrichtungen",
	"instituut instituten institut instituts institute institutes",
	"dienst diensten service services dienste departement departementen departements department departments",
	"agentschap agentschappen agence agences agentur agenturen agency agencies",
	"raad raden conseil conseils rat council councils",
	"commissie commissies commission commissions kommission kommissionen comite comites komitee committee committees",
	"bedrijf bedrijven entreprise entreprises societe unternehmen firma company companies",
	"stichting stichtingen fondation fondations stiftung stiftungen foundation foundations",
	"vereniging verenigingen association associations verein vereine verband",
	"overheid overheden gouvernement regering regierung government governments",
	"behorde behorden behoerde behoerden amt amter autorite autorites autoriteit autoriteiten authority authorities",
	"centrum centra centre centres zentrum zentren center centers",
)

// abbreviated are words that are cut short also without a full stop.
var abbreviated = words("univ min dep dept inst gem prov assoc acad techn natl nat kon intl secr coord progr dir fed comm fac hosp")

// whichOnes ask for a body where they stand before what it is: "welke gemeente".
var whichOnes = words("welke welk quel quelle quels quelles welche welcher welches welchem welchen which what")

// cues are the verbs beside which the name of a language is a language.
var cues = words(
	"spreekt spreken sprekend sprekende spreker sprekers", "parle parlent parler parlant parlante parlants",
	"spricht sprechen sprechend sprechende sprechender", "speaks speak speaking speaker speakers",
)

// somebody and having, beside the name of a language, mean who speaks it:
// "jemand mit Niederländisch".
var (
	somebody = words("iemand jemand un someone somebody anyone anybody")
	having   = words("met avec mit with")
)

// tongues are the names of languages, by tag.
var tongues = map[string]wordSet{
	"nl": words("nederlands nederlandse vlaams neerlandais flamand niederlandisch niederlaendisch flamisch flaemisch dutch flemish"),
	"fr": words("frans francais francaise franzosisch franzoesisch french"),
	"de": words("duits allemand deutsch german"),
	"en": words("engels anglais englisch english"),
	"lb": words("luxemburgs luxembourgeois luxemburgisch letzebuergesch luxembourgish"),
	"es": words("spaans espagnol spanisch spanish"),
	"it": words("italiaans italien italienisch italian"),
	"pl": words("pools polonais polnisch polish"),
	"pt": words("portugees portugais portugiesisch portuguese"),
	"da": words("deens danois danisch daenisch danish"),
	"sv": words("zweeds suedois schwedisch swedish"),
	"no": words("noors norvegien norwegisch norwegian"),
	"fi": words("fins finnois finnisch finnish"),
	"et": words("ests estonien estnisch estonian"),
	"lv": words("lets letton lettisch latvian"),
	"lt": words("litouws lituanien litauisch lithuanian"),
}

// spoken are the beginnings of words that name a speaker of a language.
var spoken = map[string][]string{
	"nl": {"nederlandstalig", "nederlandssprekend", "neerlandophone", "niederlandischsprachig", "niederlaendischsprachig"},
	"fr": {"franstalig", "franssprekend", "francophone", "franzosischsprachig", "franzoesischsprachig", "frankofon"},
	"de": {"duitstalig", "duitssprekend", "germanophone", "deutschsprachig"},
	"en": {"engelstalig", "engelssprekend", "anglophone", "englischsprachig"},
	"lb": {"luxemburgstalig", "luxembourgophone", "luxemburgischsprachig"},
}

// tongueOf gives the tag of the language that the word names; "" for none.
func tongueOf(w text.Word) string {
	for tag, names := range tongues {
		if names.has(w) {
			return tag
		}
	}
	return ""
}

// speakerOf gives the tag of the language whose speakers the word names.
func speakerOf(w text.Word) string {
	for tag, beginnings := range spoken {
		for _, b := range beginnings {
			if strings.HasPrefix(w.Folded, b) || strings.HasPrefix(w.Wide, b) {
				return tag
			}
		}
	}
	return ""
}

// months are the names of months, by number from 1.
var months = []wordSet{
	1: words("januari janvier januar jaenner january jan"), 2: words("februari fevrier februar february feb"),
	3: words("maart mars marz maerz march"), 4: words("april avril apr"), 5: words("mei mai may"),
	6: words("juni juin june"), 7: words("juli juillet july"), 8: words("augustus aout august aug"),
	9: words("september septembre sept"), 10: words("oktober octobre october okt oct"),
	11: words("november novembre nov"), 12: words("december decembre dezember dec dez"),
}

// monthOf gives the number of the month that the word names; 0 for none.
func monthOf(w text.Word) int {
	for i, names := range months {
		if names.has(w) {
			return i
		}
	}
	return 0
}

// role is something that a contact does, asked for by a word of its own.
type role struct {
	words wordSet
	// legs are the last steps that give the role, whatever the fact's role.
	legs []store.Leg
	// roles are roles of a fact that give it; they count on inLegs.
	roles []string
	// head: the post of the head gives it.
	head bool
}

// chair is the place of the role of the chair among roles.
const chair = 0

// roles are the roles that can be asked for.
var roles = []role{
	chair: {
		words: words(
			"voorzitter voorzitster voorzitters voorzitterschap voorzitterschappen voorzit voorzitten voorgezeten",
			"president presidente presidents presidence presidences preside presider presidee",
			"vorsitz vorsitzender vorsitzende vorsitzenden vorsitzes prasident praesident prasidentin praesidentin prasidentschaft praesidentschaft",
			"chair chairs chaired chairing chairman chairwoman chairperson chairmanship presidency presidencies presides presided presiding",
		),
		legs: []store.Leg{
			{Rel: ontology.Chairs, Dir: store.In}, {Rel: ontology.Presides, Dir: store.In},
		},
		roles: evidence.ChairRoles,
	},
	{
		words: words("secretariaat secretariaten secretariat secretariats sekretariat sekretariate sekretariats secretariaatsfunctie"),
		legs:  []store.Leg{{Rel: ontology.ProvidesSecretariat, Dir: store.In}},
		roles: []string{"secretariat", "secretary"},
	},
	{
		words: words(
			"coordinator coordinatoren coordinators coordinatie coordineert coordineerde gecoordineerd coordinerend trekker trekt",
			"coordinateur coordinatrice coordinateurs coordination coordonne coordonnee coordonnait coordonnateur coordonnatrice coordonner pilote",
			"koordinator koordinatorin koordinatoren koordination koordiniert koordinierte projektleiter projektleiterin projektleitung",
			"coordinates coordinate coordinated coordinating projectleider projectleiders lead leads leading led leader",
		),
		roles: evidence.Leading,
	},
	{
		words: words(
			"hoofd diensthoofd afdelingshoofd eenheidshoofd leiding leidt leidde geleid directeur directrice",
			"chef cheffe dirige dirigee dirigeait dirigeant",
			"leiter leiterin leitung leitet leitete geleitet referatsleiter referatsleiterin abteilungsleiter abteilungsleiterin direktor direktorin",
			"head heads director",
		),
		head: true,
	},
	{
		words: words(
			"adviseert adviseren adviseerde advies adviseur adviseurs adviesorgaan",
			"conseille conseillent conseiller conseillere",
			"berat beraet beraten berater beraterin beratung",
			"advise advises advised advising advice advisor advisors adviser advisers",
		),
		legs: []store.Leg{{Rel: ontology.Advises, Dir: store.In}},
	},
	{
		words: words("uitgever uitgevers uitgegeven", "editeur editrice publie publiee", "herausgeber herausgeberin herausgegeben", "publisher publishers published publishes"),
		roles: []string{"publisher"},
	},
}

// parted are verbs that name a role when a particle stands apart from them:
// "wie zit de raad voor".
var parted = []struct{ verbs, particle wordSet }{
	{words("zit zitten zat zaten"), words("voor")},
	{words("sitzt sitzen sass sassen"), words("vor")},
}

// readParted gives the role of the chair to verbs whose particle closes their
// part of the question: before its end, a small word or a year.
func readParted(tokens []token) {
	for i := range tokens {
		for _, p := range parted {
			if !p.verbs.has(tokens[i].Word) {
				continue
			}
			for j := i + 2; j < len(tokens); j++ {
				closes := j+1 == len(tokens) || tokens[j+1].Stop || tokens[j+1].Folded < "a"
				if p.particle.has(tokens[j].Word) && closes {
					tokens[i].role = &roles[chair]
				}
			}
		}
	}
}

// roleOf gives the role that the word asks for.
func roleOf(w text.Word) (role, bool) {
	for _, r := range roles {
		if r.words.has(w) {
			return r, true
		}
	}
	return role{}, false
}

func (r role) hasWord(w text.Word) bool { return r.words.has(w) }

// binds says whether a last step gives the role. head says that the contact is
// the head's post.
func (r role) binds(leg store.Leg, factRole string, head bool) bool {
	if slices.Contains(r.legs, leg) || r.head && head && leg == (store.Leg{Rel: ontology.PostIn, Dir: store.In}) {
		return true
	}
	return factRole != "" && leg.Dir == store.In && evidence.HasRole(r.roles, factRole)
}

// askedRole is a role with the question's words for it.
type askedRole struct {
	role
	text string
}
