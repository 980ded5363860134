package contact

import (
	"coopgraph/ontology"
	"coopgraph/store"
)

// words4 is a text in the languages of ontology.Languages: Dutch, French,
// German, English.
type words4 [4]string

// templates are the labels of reasons: one for each relation, direction and
// language, and for roles that say more than the relation.
var templates = map[label]words4{
	{ontology.Holds, store.In, general}:                {"Bekleedt", "Titulaire", "Inhaber des Amtes", "Holds"},
	{ontology.Holds, store.Out, general}:               {"Bekleed door", "Occupé par", "Besetzt durch", "Held by"},
	{ontology.PostIn, store.In, general}:               {"Functie bij", "Fonction au sein de", "Funktion bei", "Post in"},
	{ontology.PostIn, store.In, heading}:               {"Hoofd van", "À la tête de", "Leitung", "Head of"},
	{ontology.PostIn, store.Out, general}:              {"Heeft de functie", "Dispose de la fonction", "Hat die Funktion", "Has the post"},
	{ontology.MemberOf, store.In, general}:             {"Lid van", "Membre de", "Mitglied", "Member of"},
	{ontology.MemberOf, store.In, employed}:            {"Werkt bij", "Travaille pour", "Arbeitet bei", "Works at"},
	{ontology.MemberOf, store.Out, general}:            {"Heeft als lid", "Compte comme membre", "Hat als Mitglied", "Has as member"},
	{ontology.PartOf, store.In, general}:               {"Deel van", "Fait partie de", "Teil von", "Part of"},
	{ontology.PartOf, store.Out, general}:              {"Omvat", "Comprend", "Umfasst", "Includes"},
	{ontology.Presides, store.In, general}:             {"Voorzitterschap", "Présidence", "Präsidentschaft", "Presidency"},
	{ontology.Presides, store.Out, general}:            {"Onder voorzitterschap van", "Sous la présidence de", "Unter Präsidentschaft von", "Under the presidency of"},
	{ontology.Chairs, store.In, general}:               {"Voorzitter", "Préside", "Vorsitz", "Chairs"},
	{ontology.Chairs, store.Out, general}:              {"Voorgezeten door", "Présidé par", "Unter Vorsitz von", "Chaired by"},
	{ontology.ProvidesSecretariat, store.In, general}:  {"Secretariaat", "Secrétariat", "Sekretariat", "Secretariat"},
	{ontology.ProvidesSecretariat, store.Out, general}: {"Secretariaat bij", "Secrétariat assuré par", "Sekretariat bei", "Secretariat provided by"},
	{ontology.ParticipatesIn, store.In, general}:       {"Neemt deel aan", "Participe à", "Beteiligt an", "Takes part in"},
	{ontology.ParticipatesIn, store.In, leading}:       {"Leidt", "Dirige", "Leitet", "Leads"},
	{ontology.ParticipatesIn, store.Out, general}:      {"Met deelname van", "Avec la participation de", "Mit Beteiligung von", "With participation of"},
	{ontology.HasExpertise, store.In, general}:         {"Expertise", "Expertise", "Fachgebiet", "Expertise"},
	{ontology.HasExpertise, store.Out, general}:        {"Expert", "Expert", "Fachperson", "Expert"},
	{ontology.WorksOn, store.In, general}:              {"Werkt aan", "Travaille sur", "Arbeitet an", "Works on"},
	{ontology.WorksOn, store.Out, general}:             {"Behandeld door", "Traité par", "Bearbeitet von", "Dealt with by"},
	{ontology.CooperatesWith, store.Both, general}:     {"Werkt samen met", "Coopère avec", "Kooperiert mit", "Cooperates with"},
	{ontology.PartyTo, store.In, general}:              {"Partij bij", "Partie à", "Vertragspartei", "Party to"},
	{ontology.PartyTo, store.Out, general}:             {"Met als partij", "Avec pour partie", "Mit der Vertragspartei", "With as party"},
	{ontology.BasedOn, store.In, general}:              {"Berust op", "Fondé sur", "Beruht auf", "Based on"},
	{ontology.BasedOn, store.Out, general}:             {"Grondslag van", "Base de", "Grundlage von", "Basis of"},
	{ontology.AuthorOf, store.In, general}:             {"Auteur", "Auteur", "Verfasst", "Author"},
	{ontology.AuthorOf, store.In, leading}:             {"Coördinatie", "Coordination", "Koordination", "Coordinates"},
	{ontology.AuthorOf, store.In, publishing}:          {"Verantwoordelijke uitgever", "Éditeur responsable", "Verantwortlicher Herausgeber", "Responsible publisher"},
	{ontology.AuthorOf, store.In, editing}:             {"Redactie", "Rédaction", "Redaktion", "Editor"},
	{ontology.AuthorOf, store.Out, general}:            {"Opgesteld door", "Rédigé par", "Verfasst von", "Written by"},
	{ontology.Implements, store.In, general}:           {"Voert uit", "Met en œuvre", "Setzt um", "Implements"},
	{ontology.Implements, store.Out, general}:          {"Uitgevoerd door", "Mis en œuvre par", "Umgesetzt von", "Implemented by"},
	{ontology.Advises, store.In, general}:              {"Adviseert", "Conseille", "Berät", "Advises"},
	{ontology.Advises, store.Out, general}:             {"Geadviseerd door", "Conseillé par", "Beraten von", "Advised by"},
	{ontology.HeldAt, store.In, general}:               {"Vindt plaats bij", "Se tient à", "Findet statt bei", "Held at"},
	{ontology.HeldAt, store.Out, general}:              {"Locatie van", "Lieu de", "Veranstaltungsort", "Venue of"},
	{ontology.TookPartIn, store.In, general}:           {"Nam deel aan", "A participé à", "Teilgenommen an", "Took part in"},
	{ontology.TookPartIn, store.Out, general}:          {"Met deelname van", "Avec la participation de", "Mit Teilnahme von", "Attended by"},
	{ontology.Covers, store.In, general}:               {"Handelt voor", "Agit pour", "Handelt für", "Acts for"},
	{ontology.Covers, store.Out, general}:              {"Gebied van", "Territoire de", "Gebiet von", "Area of"},
	{ontology.LocatedIn, store.In, general}:            {"Gevestigd in", "Situé à", "Ansässig in", "Located in"},
	{ontology.LocatedIn, store.Out, general}:           {"Plaats van", "Lieu de", "Ort von", "Place of"},
	{ontology.PrecursorOf, store.In, general}:          {"Voorloper van", "Précurseur de", "Vorläufer von", "Precursor of"},
	{ontology.PrecursorOf, store.Out, general}:         {"Opvolger van", "Succède à", "Nachfolger von", "Successor of"},
	{ontology.PossiblySameAs, store.Both, general}:     {"Mogelijk hetzelfde als", "Peut-être identique à", "Möglicherweise identisch mit", "Possibly the same as"},
	{ontology.Broader, store.In, general}:              {"Valt onder", "Relève de", "Unterbegriff von", "Narrower than"},
	{ontology.Broader, store.Out, general}:             {"Omvat", "Englobe", "Oberbegriff von", "Broader than"},
	{ontology.Related, store.Both, general}:            {"Verwant met", "Lié à", "Verwandt mit", "Related to"},
	{ontology.DeputyOf, store.In, general}:             {"Plaatsvervanger van", "Suppléant de", "Stellvertretung", "Deputy of"},
	{ontology.DeputyOf, store.Out, general}:            {"Vervangen door", "Suppléé par", "Vertreten durch", "Deputised by"},
	{ontology.ContactPointFor, store.In, general}:      {"Contactpunt voor", "Point de contact pour", "Kontaktstelle für", "Contact point for"},
	{ontology.ContactPointFor, store.Out, general}:     {"Met als contactpunt", "Avec pour point de contact", "Mit der Kontaktstelle", "With the contact point"},
	{ontology.NamedIn, store.In, general}:              {"Genoemd in", "Mentionné dans", "Genannt in", "Named in"},
	{ontology.NamedIn, store.Out, general}:             {"Noemt", "Mentionne", "Nennt", "Names"},
	{ontology.LinkedTo, store.In, general}:             {"Verbonden met", "En lien avec", "In Verbindung mit", "Linked to"},
	{ontology.LinkedTo, store.Out, general}:            {"Verbonden met", "En lien avec", "In Verbindung mit", "Linked to"},
}

// itselfLabel stands before the contact that the question names.
var itselfLabel = words4{"Genoemd in de vraag", "Nommé dans la question", "In der Frage genannt", "Named in the question"}

// notes name the detour by which a chain leaves the thing asked for.
var notes = map[note]words4{
	narrower:  {"specifieker thema", "terme spécifique", "engerer Begriff", "narrower theme"},
	wider:     {"breder thema", "thème plus large", "weiter gefasstes Thema", "broader theme"},
	around:    {"omliggend gebied", "territoire englobant", "umgebendes Gebiet", "surrounding place"},
	related:   {"verwant thema", "thème apparenté", "verwandtes Thema", "related theme"},
	inner:     {"plaats in het gebied", "lieu du territoire", "Ort im Gebiet", "place inside"},
	covered:   {"bestreken gebied", "territoire couvert", "abgedecktes Gebiet", "covered place"},
	substance: {"thema hiervan", "thème de celui-ci", "Thema davon", "theme of it"},
	document:  {"brondocument", "document source", "Quelldokument", "source document"},
}

// plurals are the kinds of things that folded reasons count.
var plurals = map[store.Kind]words4{
	ontology.Organisation: {"organisaties", "organisations", "Organisationen", "organisations"},
	ontology.Person:       {"personen", "personnes", "Personen", "people"},
	ontology.Post:         {"functies", "fonctions", "Funktionen", "posts"},
	ontology.Project:      {"projecten", "projets", "Projekte", "projects"},
	ontology.Theme:        {"thema's", "thèmes", "Themen", "themes"},
	ontology.Instrument:   {"instrumenten", "instruments", "Instrumente", "instruments"},
	ontology.Event:        {"evenementen", "événements", "Veranstaltungen", "events"},
	ontology.Place:        {"plaatsen", "lieux", "Orte", "places"},
}

// statusWords are the words that stand before a date, or alone.
var statusWords = map[ontology.Status]words4{
	ontology.Ended:    {"beëindigd", "terminé", "beendet", "ended"},
	ontology.Attested: {"bekend", "attesté", "bekannt", "attested"},
	ontology.Planned:  {"gepland", "prévu", "geplant", "planned"},
	ontology.Undated:  {"zonder datum", "sans date", "ohne Datum", "undated"},
	ontology.Current:  {"lopend", "en cours", "laufend", "current"},
}

// The small words around dates.
var (
	punctuation = words4{": ", " : ", ": ", ": "}
	sinceWord   = words4{"sinds", "depuis", "seit", "since"}
	untilPeriod = words4{"tot ", "jusqu’en ", "bis ", "until "}
	untilDay    = words4{"tot ", "jusqu’au ", "bis zum ", "until "}
	inYear      = words4{"in ", "en ", "", ""}
	inMonth     = words4{"in ", "en ", "im ", ""}
	onDay       = words4{"op ", "le ", "am ", ""}
	dayArticle  = words4{"", "le ", "dem ", ""}
	monthNames  = words4{
		"januari februari maart april mei juni juli augustus september oktober november december",
		"janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
		"Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
		"January February March April May June July August September October November December",
	}
)
