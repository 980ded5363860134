package reconcile

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"coopgraph/ontology"
	"coopgraph/store"
)

// form says how a property's values are read and compared.
type form int8

const (
	formText form = iota
	formName
	formIdentifier
	formNumber
	formDate
	formWebsite
	formThing
	formPlace
)

// The ids of properties that are more than a plain property or a connection.
const (
	nameProperty        = "name"
	namesProperty       = "names"
	descriptionProperty = "description"
	identifierProperty  = "identifier"
	countryProperty     = "country"
	placeProperty       = "place"
	websiteProperty     = "website"
)

// property is something that can be said of things: evidence in a query, a
// column of a data extension.
type property struct {
	id, name, description string
	// kinds are those that have it.
	kinds []store.Kind
	form  form
	// language is that of a name or description, "" for the reader's.
	language string
	// scheme is that of an identifier, "" for all.
	scheme string
	// weight is what agreement is worth beside that of the name (nameWeight).
	weight float64
}

// The weights of evidence: how much a value tells apart things of one name.
const (
	nameWeight     = 10
	websiteWeight  = 4
	thingWeight    = 4
	placeWeight    = 3
	otherWeight    = 2
	identityWeight = 20
)

// schemes are the schemes of identifiers that are proposed; any other can be
// asked for as "identifier:SCHEME".
var schemes = []string{"ROR", "ISO3166", "NUTS", "WIKIDATA", "GEONAMES", "ISNI", "ORCID", "GRID", "FUNDREF", "EUROVOC"}

// connectionFields are the connections that are properties, in the order in
// which they are proposed.
var connectionFields = []string{
	"partOf", "parts", "memberOf", "members", "organisation", "organisations", "posts", "holders", "places", "themes",
	"broader", "narrower", "related", "projects", "participants", "parties", "authors", "instruments", "events",
	"expertise", "cooperatesWith", "secretariat", "basedOn", "precursors", "successors",
}

// languageNames are the languages of names, in English.
var languageNames = map[string]string{"nl": "Dutch", "fr": "French", "de": "German", "en": "English"}

// properties lists what can be said of things of a kind; of any where it is "".
func properties(k store.Kind) []property {
	all := []property{
		{id: nameProperty, name: "name", form: formName, weight: nameWeight, description: "The name to show, in the language of the settings or of the reader"},
		{id: namesProperty, name: "all names", form: formName, weight: nameWeight, description: "Every name, in every language"},
		{id: descriptionProperty, name: "description", weight: otherWeight},
		{id: identifierProperty, name: "identifiers", form: formIdentifier, weight: identityWeight, description: "Every identifier, as SCHEME:VALUE"},
	}
	for _, l := range ontology.Languages() {
		all = append(all, property{id: nameProperty + ":" + l, name: "name (" + languageNames[l] + ")", form: formName, language: l, weight: nameWeight})
	}
	for _, s := range schemes {
		all = append(all, schemeProperty(s))
	}
	all = append(
		all,
		property{id: countryProperty, name: "country", form: formPlace, weight: placeWeight, description: "The country that it is in or acts for: a name in any language or an ISO 3166 code"},
		property{id: placeProperty, name: "place", form: formPlace, weight: placeWeight, description: "The places that it is in or acts for, and those around them"},
	)
	for i := range all {
		all[i].kinds = ontology.Kinds()
	}
	all = append(all, plainProperties()...)
	all = append(all, connected()...)
	return slices.DeleteFunc(all, func(p property) bool { return k != "" && !slices.Contains(p.kinds, k) })
}

func schemeProperty(scheme string) property {
	return property{
		id: identifierProperty + ":" + scheme, name: scheme, form: formIdentifier, scheme: scheme, weight: identityWeight,
		description: "The identifier in the scheme " + scheme, kinds: ontology.Kinds(),
	}
}

// plainProperties are the ontology's, but for functional mailboxes: contact
// data is not given away in bulk.
func plainProperties() []property {
	var out []property
	at := map[string]int{}
	for _, k := range ontology.Kinds() {
		for _, p := range ontology.Properties(k) {
			if p.Form == ontology.Mailbox {
				continue
			}
			i, known := at[p.Name]
			if !known {
				i = len(out)
				at[p.Name] = i
				out = append(out, property{id: p.Name, name: spaced(p.Name), form: formOf(p), weight: otherWeight})
				if p.Name == websiteProperty {
					out[i].weight = websiteWeight
				}
			}
			out[i].kinds = append(out[i].kinds, k)
		}
	}
	return out
}

func formOf(p ontology.Property) form {
	switch {
	case p.Form == ontology.Date:
		return formDate
	case p.Form == ontology.URL:
		return formWebsite
	case p.Type == store.Int || p.Type == store.Float:
		return formNumber
	}
	return formText
}

func connected() []property {
	var out []property
	for _, field := range connectionFields {
		p := property{id: field, name: spaced(field), form: formThing, weight: thingWeight}
		for _, k := range ontology.Kinds() {
			if _, ok := ontology.ConnectionOf(k, field); ok {
				p.kinds = append(p.kinds, k)
			}
		}
		out = append(out, p)
	}
	return out
}

// spaced writes "placeType" as "place type".
func spaced(s string) string {
	var b strings.Builder
	for _, r := range s {
		if unicode.IsUpper(r) {
			b.WriteByte(' ')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// propertyOf finds a property by its id, by the bare name of a scheme ("ROR"),
// or by the id of a scheme that is not proposed ("identifier:VAT").
func propertyOf(id string) (property, bool) {
	for _, p := range properties("") {
		if strings.EqualFold(p.id, id) || p.scheme != "" && strings.EqualFold(p.scheme, id) {
			return p, true
		}
	}
	prefix, scheme, found := strings.Cut(id, ":")
	if found && strings.EqualFold(prefix, identifierProperty) && scheme != "" {
		return schemeProperty(strings.ToUpper(scheme)), true
	}
	return property{}, false
}

// value is a value of a property.
type value struct {
	text   string
	number *float64
	whole  *int64
	date   ontology.PartialDate
	thing  *ontology.Thing
}

// values gives the values of a property of a subject. Things that it leads to
// must have been read (service.subjects).
func (s subject) values(p property, language string) []value {
	language = orDefault(p.language, language)
	switch {
	case p.form == formThing || p.form == formPlace:
		var out []value
		for _, t := range s.far[p.id] {
			out = append(out, value{thing: &t})
		}
		return out
	case p.id == namesProperty:
		return s.names(func(ontology.Name) bool { return true })
	case p.form == formName && p.language != "":
		return s.names(func(n ontology.Name) bool {
			return n.Language == p.language || strings.HasPrefix(n.Language, p.language+"-")
		})
	case p.form == formName:
		return texts(s.Name(language))
	case p.id == descriptionProperty:
		return texts(s.Description(language))
	case p.form == formIdentifier:
		return s.identifiers(p.scheme)
	}
	return plainValues(s.Props[p.id], p.form)
}

func texts(list ...string) []value {
	var out []value
	for _, s := range list {
		if s != "" {
			out = append(out, value{text: s})
		}
	}
	return out
}

func (s subject) names(wanted func(ontology.Name) bool) []value {
	var list []string
	for _, n := range s.Names {
		if wanted(n) && !slices.Contains(list, n.Value) {
			list = append(list, n.Value)
		}
	}
	return texts(list...)
}

func (s subject) identifiers(scheme string) []value {
	var list []string
	for _, i := range s.Identifiers {
		switch {
		case scheme == "":
			list = append(list, i.Key())
		case strings.EqualFold(i.Scheme, scheme):
			list = append(list, i.Value)
		}
	}
	return texts(list...)
}

func plainValues(v any, f form) []value {
	switch v := v.(type) {
	case string:
		if f == formDate {
			return []value{{date: ontology.PartialDate(v), text: v}}
		}
		return texts(v)
	case []string:
		return texts(v...)
	case bool:
		return texts(strconv.FormatBool(v))
	case int64:
		return []value{{whole: &v, text: strconv.FormatInt(v, 10)}}
	case float64:
		return []value{{number: &v, text: strconv.FormatFloat(v, 'f', -1, 64)}}
	}
	return nil
}
