package reconcile

import (
	"coopgraph/ontology"
	"coopgraph/store"
)

// kindWords are the kinds in the reader's languages: nl, fr, de, en.
var kindWords = map[store.Kind]map[string]string{
	ontology.Organisation: {"nl": "Organisatie", "fr": "Organisation", "de": "Organisation", "en": "Organisation"},
	ontology.Person:       {"nl": "Persoon", "fr": "Personne", "de": "Person", "en": "Person"},
	ontology.Post:         {"nl": "Functie", "fr": "Fonction", "de": "Amt", "en": "Post"},
	ontology.Project:      {"nl": "Project", "fr": "Projet", "de": "Projekt", "en": "Project"},
	ontology.Theme:        {"nl": "Thema", "fr": "Thème", "de": "Thema", "en": "Theme"},
	ontology.Instrument:   {"nl": "Instrument", "fr": "Instrument", "de": "Instrument", "en": "Instrument"},
	ontology.Event:        {"nl": "Gebeurtenis", "fr": "Événement", "de": "Veranstaltung", "en": "Event"},
	ontology.Place:        {"nl": "Plaats", "fr": "Lieu", "de": "Ort", "en": "Place"},
}

func kindLabel(k store.Kind, language string) string { return kindWords[k][language] }

// pageWords are the headings of a preview.
var pageWords = map[string]map[string]string{
	"names":       {"nl": "Ook", "fr": "Aussi", "de": "Auch", "en": "Also"},
	"place":       {"nl": "Plaats", "fr": "Lieu", "de": "Ort", "en": "Place"},
	"partOf":      {"nl": "Deel van", "fr": "Fait partie de", "de": "Teil von", "en": "Part of"},
	"website":     {"nl": "Website", "fr": "Site web", "de": "Website", "en": "Website"},
	"identifiers": {"nl": "Identificatie", "fr": "Identifiants", "de": "Kennungen", "en": "Identifiers"},
	"sources":     {"nl": "Bronnen", "fr": "Sources", "de": "Quellen", "en": "Sources"},
	"unknown":     {"nl": "Onbekend", "fr": "Inconnu", "de": "Unbekannt", "en": "Unknown"},
}
