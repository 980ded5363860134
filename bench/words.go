package main

// The languages of the names, in the order in which the lists below give them.
var languages = []string{"nl", "fr", "de", "en"}

// subjects and aspects make the names of themes: "hydrogen: storage". Each has
// the four languages.
var subjects = [][4]string{
	{"waterstof", "hydrogène", "Wasserstoff", "hydrogen"},
	{"drinkwater", "eau potable", "Trinkwasser", "drinking water"},
	{"binnenvaart", "navigation intérieure", "Binnenschifffahrt", "inland navigation"},
	{"spoorwegen", "chemins de fer", "Eisenbahn", "railways"},
	{"luchtkwaliteit", "qualité de l'air", "Luftqualität", "air quality"},
	{"cyberveiligheid", "cybersécurité", "Cybersicherheit", "cyber security"},
	{"grensarbeid", "travail frontalier", "Grenzarbeit", "frontier work"},
	{"beroepsopleiding", "formation professionnelle", "Berufsausbildung", "vocational training"},
	{"rampenbestrijding", "lutte contre les catastrophes", "Katastrophenschutz", "disaster control"},
	{"wegvervoer", "transport routier", "Straßenverkehr", "road transport"},
	{"dierenwelzijn", "bien-être animal", "Tierschutz", "animal welfare"},
	{"natuurgebieden", "espaces naturels", "Naturgebiete", "natural areas"},
	{"elektriciteitsnet", "réseau électrique", "Stromnetz", "electricity grid"},
	{"afvalstoffen", "déchets", "Abfälle", "waste"},
	{"grensziekenhuizen", "hôpitaux frontaliers", "Grenzkrankenhäuser", "border hospitals"},
	{"consumenten", "consommateurs", "Verbraucher", "consumers"},
	{"fietspaden", "pistes cyclables", "Radwege", "cycle paths"},
	{"zeehavens", "ports maritimes", "Seehäfen", "sea ports"},
	{"diploma's", "diplômes", "Abschlüsse", "diplomas"},
	{"belastingfraude", "fraude fiscale", "Steuerbetrug", "tax fraud"},
	{"overstromingen", "inondations", "Hochwasser", "floods"},
	{"gegevensruimten", "espaces de données", "Datenräume", "data spaces"},
	{"warmtepompen", "pompes à chaleur", "Wärmepumpen", "heat pumps"},
	{"jeugdzorg", "aide à la jeunesse", "Jugendhilfe", "youth care"},
	{"windparken", "parcs éoliens", "Windparks", "wind farms"},
	{"geneesmiddelen", "médicaments", "Arzneimittel", "medicines"},
	{"voedselveiligheid", "sécurité alimentaire", "Lebensmittelsicherheit", "food safety"},
	{"stedenbouw", "urbanisme", "Städtebau", "town planning"},
	{"postdiensten", "services postaux", "Postdienste", "postal services"},
	{"erfgoed", "patrimoine", "Kulturerbe", "heritage"},
}

var aspects = [][4]string{
	{"opslag", "stockage", "Speicherung", "storage"},
	{"vergunningen", "autorisations", "Genehmigungen", "permits"},
	{"toezicht", "surveillance", "Aufsicht", "supervision"},
	{"normen", "normes", "Normen", "standards"},
	{"onderzoek", "recherche", "Forschung", "research"},
	{"financiering", "financement", "Finanzierung", "funding"},
	{"statistiek", "statistiques", "Statistik", "statistics"},
	{"veiligheid", "sûreté", "Sicherheit", "safety"},
	{"opleiding", "formation", "Ausbildung", "training"},
	{"handhaving", "application", "Durchsetzung", "enforcement"},
	{"voorlichting", "information", "Aufklärung", "awareness"},
	{"aanbesteding", "passation de marchés", "Vergabe", "procurement"},
	{"planning", "planification", "Planung", "planning"},
	{"digitalisering", "numérisation", "Digitalisierung", "digitalisation"},
	{"kosten", "coûts", "Kosten", "costs"},
	{"meldpunten", "points de signalement", "Meldestellen", "reporting points"},
	{"innovatie", "innovation", "Innovation", "innovation"},
	{"toegankelijkheid", "accessibilité", "Barrierefreiheit", "accessibility"},
	{"uitwisseling", "échange", "Austausch", "exchange"},
	{"crisisplannen", "plans de crise", "Krisenpläne", "crisis plans"},
	{"kwaliteit", "qualité", "Qualität", "quality"},
	{"rechten", "droits", "Rechte", "rights"},
	{"inspectie", "inspection", "Inspektion", "inspection"},
	{"evaluatie", "évaluation", "Bewertung", "evaluation"},
	{"infrastructuur", "infrastructure", "Infrastruktur", "infrastructure"},
	{"duurzaamheid", "durabilité", "Nachhaltigkeit", "sustainability"},
	{"vervoer", "transport", "Transport", "transport"},
	{"import", "importation", "Einfuhr", "import"},
	{"erkenning", "reconnaissance", "Anerkennung", "recognition"},
	{"registers", "registres", "Register", "registers"},
}

// bodies are the forms of organisations; "%" is what they deal with or where
// they are.
var bodies = []struct {
	classification string
	names          [4]string
}{
	{"MINISTRY", [4]string{"Ministerie van %", "Ministère %", "Ministerium für %", "Ministry of %"}},
	{"AGENCY", [4]string{"Agentschap %", "Agence %", "Agentur %", "Agency for %"}},
	{"AUTHORITY", [4]string{"Autoriteit %", "Autorité %", "Behörde %", "Authority for %"}},
	{"COUNCIL", [4]string{"Raad %", "Conseil %", "Rat %", "Council for %"}},
	{"RESEARCH_BODY", [4]string{"Instituut %", "Institut %", "Institut %", "Institute for %"}},
	{"UNIVERSITY", [4]string{"Hogeschool %", "Haute école %", "Hochschule %", "College of %"}},
	{"COMPANY", [4]string{"% NV", "% SA", "% AG", "% plc"}},
	{"NONPROFIT", [4]string{"Vereniging %", "Association %", "Verein %", "Association for %"}},
	{"UNIT", [4]string{"Dienst %", "Service %", "Abteilung %", "Unit %"}},
	{"NETWORK", [4]string{"Netwerk %", "Réseau %", "Netzwerk %", "Network %"}},
}

var offices = [][4]string{
	{"adviseur", "conseiller", "Referent", "adviser"},
	{"hoofd", "chef", "Leiter", "head"},
	{"verbindingsambtenaar", "agent de liaison", "Verbindungsbeamter", "liaison officer"},
	{"coördinator", "coordinateur", "Koordinator", "coordinator"},
	{"secretaris", "secrétaire", "Sekretär", "secretary"},
}

var activities = [][4]string{
	{"proefproject", "projet pilote", "Pilotprojekt", "pilot"},
	{"routekaart", "feuille de route", "Fahrplan", "roadmap"},
	{"platform", "plateforme", "Plattform", "platform"},
	{"corridor", "corridor", "Korridor", "corridor"},
}

var texts = [][4]string{
	{"verdrag", "traité", "Vertrag", "treaty"},
	{"verklaring", "déclaration", "Erklärung", "declaration"},
	{"actieplan", "plan d'action", "Aktionsplan", "action plan"},
	{"memorandum", "mémorandum", "Memorandum", "memorandum"},
}

var meetings = [][4]string{
	{"conferentie", "conférence", "Konferenz", "conference"},
	{"overleg", "concertation", "Beratung", "consultation"},
	{"werkbezoek", "visite de travail", "Arbeitsbesuch", "working visit"},
}

// syllables make the names of places and people: nobody and nowhere that is.
var (
	openings = []string{"bra", "vel", "mor", "tes", "lin", "quo", "zan", "fer", "dul", "hap", "kir", "nos", "pel", "rud", "sil", "tam", "wex", "yor", "gla", "cro"}
	middles  = []string{"do", "ri", "ma", "len", "su", "ba", "ti", "no", "ke", "vo", "pa", "zi", "lu", "fe", "ga"}
	endings  = []string{"beek", "mont", "dorf", "ville", "ham", "rode", "wick", "court", "stein", "hoven", "burg", "gny", "mare", "donk", "feld", "loo"}
	births   = []string{"a", "el", "in", "o", "is", "ane", "or", "ie", "us", "ette"}
)
