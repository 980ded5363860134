package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"coopgraph/loader/rows"
	"coopgraph/ontology"
	"coopgraph/store"
)

// entities reads the things of a labelled set. plain says that mapping labels
// takes the file; other files have more columns, and mark names by their type.
func entities(file string) (plain bool, items []*rows.Item, err error) {
	lines, err := table(file, append([]string{"key", "kind"}, ontology.Languages()...)...)
	if err != nil || len(lines) == 0 {
		return false, nil, err
	}
	if _, more := lines[0]["any"]; !more {
		return true, nil, nil
	}
	for i, l := range lines {
		t := ontology.ThingClaim{Kind: store.Kind(l["kind"]), Props: ontology.Values{}}
		if placeType, ok := map[string]string{"City": "MUNICIPALITY", "Region": "REGION", "Country": "COUNTRY"}[l["kind"]]; ok {
			t.Kind, t.Props["placeType"] = ontology.Place, placeType
		}
		for _, language := range append(ontology.Languages(), "any") {
			t.Names = append(t.Names, names(l[language], strings.TrimPrefix(language, "any"))...)
		}
		if d := l["description"]; d != "" {
			t.Descriptions = []ontology.Description{{Value: d}}
		}
		items = append(items, item(file, i+2, keyScheme, l["key"], t))
	}
	return false, items, nil
}

// nameTypes are the marks before names of a type.
var nameTypes = map[string]string{
	"former": ontology.FormerName, "acronym": ontology.Acronym, "short": ontology.ShortName,
}

// names reads a cell: names parted by semicolons, the first the official one.
func names(cell, language string) []ontology.Name {
	var list []ontology.Name
	for value := range strings.SplitSeq(cell, ";") {
		if value == "" {
			continue
		}
		n := ontology.Name{Value: value, Language: language, Type: ontology.AlternativeName}
		if len(list) == 0 {
			n.Type = ontology.OfficialName
		}
		if mark, rest, ok := strings.Cut(value, ":"); ok && nameTypes[mark] != "" {
			n.Value, n.Type = rest, nameTypes[mark]
		}
		list = append(list, n)
	}
	return list
}

// item makes a row of one thing, identified by its key.
func item(file string, line int, scheme, key string, t ontology.ThingClaim) *rows.Item {
	t.Identifiers = []ontology.Identifier{{Scheme: scheme, Value: key}}
	return &rows.Item{Key: key, Scheme: scheme, File: file, Line: line, Claims: ontology.Claims{Things: []ontology.ThingClaim{t}}}
}

// otherThings is the number of things among which those of the labelled
// searches are sought.
const otherThings = 10_000

// otherScheme is that of their identifiers.
const otherScheme = "OTHER"

// The words of the other things: near those of the labelled ones, and none of
// them; in each line one word a language, in the order of otherLanguages.
var (
	otherLanguages = [4]string{"nl", "fr", "de", "en"}
	otherSubjects  = [][4]string{
		{"Waterstoftankstations", "Hydrogénoduc", "Wasserstofftankstellen", "Refuelling"},
		{"Waterbouw", "Hydraulique", "Wasserbau", "Hydraulics"},
		{"Circulaire", "Circulaires", "Kreisverkehre", "Circularity"},
		{"Havenlogistiek", "Logistique", "Hafenlogistik", "Logistics"},
		{"Energiemarkt", "Énergétique", "Energiemarkt", "Markets"},
		{"Politieopleiding", "Policiers", "Polizeiausbildung", "Constabulary"},
		{"Verkeersdrukte", "Circulation", "Verkehrsdichte", "Congestion"},
		{"Klimaatbeleid", "Climatologie", "Klimapolitik", "Climatology"},
		{"Milieuvergunning", "Environnement", "Umweltgenehmigung", "Permitting"},
		{"Landschapsbeheer", "Paysages", "Landschaftspflege", "Landscapes"},
		{"Zorgverzekering", "Mutuelles", "Krankenkassen", "Insurance"},
		{"Bouwafval", "Gravats", "Bauschutt", "Rubble"},
		{"Spoorbrug", "Ferroviaires", "Eisenbahnbrücke", "Railways"},
		{"Kustlijn", "Littoral", "Küstenlinie", "Coastline"},
		{"Taalonderwijs", "Langues", "Sprachunterricht", "Languages"},
		{"Datadeling", "Données", "Datenaustausch", "Datasets"},
		{"Luchtvaart", "Aviation", "Luftfahrt", "Airports"},
		{"Bosbeheer", "Forêts", "Waldpflege", "Forestry"},
		{"Jeugdwerk", "Jeunesse", "Jugendarbeit", "Youthwork"},
	}
	otherForms = [][4]string{
		{"Raad voor", "Conseil pour", "Rat für", "Council for"},
		{"Dienst voor", "Service pour", "Dienststelle für", "Service for"},
		{"Netwerk voor", "Réseau pour", "Netzwerk für", "Network for"},
		{"Werkgroep voor", "Groupe pour", "Arbeitsgruppe für", "Taskforce for"},
		{"Platform voor", "Plateforme pour", "Plattform für", "Platform for"},
		{"Stichting voor", "Fondation pour", "Stiftung für", "Foundation for"},
		{"Instituut voor", "Institut pour", "Institut für", "Institute for"},
		{"Programma voor", "Programme pour", "Programm für", "Programme for"},
	}
	otherSyllables = strings.Fields("bra vel dor mi kas tun lo res wij ghem bek zel ron pau ti gor men sla der hof")
	otherKinds     = []store.Kind{ontology.Organisation, ontology.Project, ontology.Person, ontology.Theme, ontology.Place}
)

// others makes n things that never were, the same each time. Each is named
// after a number of its own, so that no two are taken for one.
func others(n int) []*rows.Item {
	r := rand.New(rand.NewPCG(7, 11))
	items := make([]*rows.Item, n)
	kinds := map[store.Kind][]int{}
	for i := range items {
		k := otherKinds[r.IntN(len(otherKinds))]
		t := ontology.ThingClaim{Kind: k, Names: otherNames(k, i, r), Props: ontology.Values{}}
		items[i] = item("others", i+1, otherScheme, fmt.Sprint(i), t)
		// Some are linked to earlier ones: the number of facts parts equal hits.
		if earlier := kinds[k]; len(earlier) > 0 && r.IntN(3) == 0 {
			items[i].Claims.Facts = []ontology.FactClaim{{
				Relation: ontology.LinkedTo, Subject: ontology.Ref{Key: "#0"},
				Object: ontology.Ref{Kind: k, Key: otherScheme + ":" + fmt.Sprint(earlier[r.IntN(len(earlier))])},
			}}
		}
		kinds[k] = append(kinds[k], i)
	}
	return items
}

func otherNames(k store.Kind, i int, r *rand.Rand) []ontology.Name {
	own := invented(i)
	switch k {
	case ontology.Person:
		return []ontology.Name{{Value: invented(r.IntN(400)) + " " + own, Type: ontology.OfficialName}}
	case ontology.Place:
		return []ontology.Name{{Value: own, Type: ontology.OfficialName}}
	}
	subject := otherSubjects[r.IntN(len(otherSubjects))]
	form := otherForms[r.IntN(len(otherForms))]
	var list []ontology.Name
	for l, language := range otherLanguages {
		value := subject[l] + " " + own
		switch k {
		case ontology.Project:
			value += fmt.Sprintf(" %d", 1+i%99)
		case ontology.Organisation:
			value = form[l] + " " + value
		}
		list = append(list, ontology.Name{Value: value, Language: language, Type: ontology.OfficialName})
	}
	return list
}

// invented is a word without a meaning, another for each number.
func invented(i int) string {
	var syllables []string
	for i += len(otherSyllables) * len(otherSyllables); i > 0; i /= len(otherSyllables) {
		syllables = append(syllables, otherSyllables[i%len(otherSyllables)])
	}
	slices.Reverse(syllables)
	word := strings.Join(syllables, "")
	return strings.ToUpper(word[:1]) + word[1:]
}
