package export

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"coopgraph/ontology"
	"coopgraph/store"
)

// linkedContext says what the terms mean. Things, facts and sources are
// urn:coopgraph: followed by their id; relations and properties that no
// vocabulary in use has are urn:coopgraph:vocabulary: followed by their name.
const linkedContext = `{
"@version": 1.1,
"cg": {"@id": "urn:coopgraph:", "@prefix": true},
"cgv": {"@id": "urn:coopgraph:vocabulary:", "@prefix": true},
"dcterms": "http://purl.org/dc/terms/",
"org": "http://www.w3.org/ns/org#",
"prov": "http://www.w3.org/ns/prov#",
"rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
"schema": "https://schema.org/",
"skos": "http://www.w3.org/2004/02/skos/core#",
"xsd": "http://www.w3.org/2001/XMLSchema#",
"id": "@id",
"type": "@type",
"prefLabel": {"@id": "skos:prefLabel", "@container": "@language"},
"altLabel": {"@id": "skos:altLabel", "@container": ["@language", "@set"]},
"name": {"@id": "schema:name", "@container": ["@language", "@set"]},
"alternateName": {"@id": "schema:alternateName", "@container": ["@language", "@set"]},
"description": {"@id": "dcterms:description", "@container": "@language"},
"identifier": {"@id": "schema:identifier", "@container": "@set"},
"propertyID": "schema:propertyID",
"value": "schema:value",
"exactMatch": {"@id": "skos:exactMatch", "@type": "@id", "@container": "@set"},
"sameAs": {"@id": "schema:sameAs", "@type": "@id", "@container": "@set"},
"website": {"@id": "schema:url", "@type": "@id"},
"mailbox": "schema:email",
"givenName": "schema:givenName",
"familyName": "schema:familyName",
"languages": {"@id": "schema:knowsLanguage", "@container": "@set"},
"latitude": "schema:latitude",
"longitude": "schema:longitude",
"classification": {"@id": "org:classification", "@type": "@vocab"},
"from": "schema:startDate",
"to": "schema:endDate",
"date": "dcterms:date",
"title": "dcterms:title",
"publisher": "dcterms:publisher",
"rights": "dcterms:rights",
"language": "dcterms:language",
"subject": {"@id": "rdf:subject", "@type": "@id"},
"predicate": {"@id": "rdf:predicate", "@type": "@id"},
"object": {"@id": "rdf:object", "@type": "@id"},
"member": {"@id": "org:member", "@type": "@id"},
"organization": {"@id": "org:organization", "@type": "@id"},
"basis": {"@id": "cgv:basis", "@type": "@id"},
"wasDerivedFrom": {"@id": "prov:wasDerivedFrom", "@type": "@id", "@container": "@set"},
"@vocab": "urn:coopgraph:vocabulary:"
}`

var linkedTypes = map[store.Kind][]string{
	ontology.Organisation: {"org:Organization", "schema:Organization"},
	ontology.Person:       {"schema:Person"},
	ontology.Post:         {"org:Post"},
	ontology.Project:      {"schema:Project"},
	ontology.Theme:        {"skos:Concept"},
	ontology.Instrument:   {"schema:CreativeWork"},
	ontology.Event:        {"schema:Event"},
	ontology.Place:        {"schema:Place"},
}

// linkedRelations are the properties of vocabularies in use that mean what a
// relation means, whatever the kinds it joins.
var linkedRelations = map[store.Rel]string{
	ontology.MemberOf: "org:memberOf", ontology.PostIn: "org:postIn", ontology.Holds: "org:holds",
	ontology.PartOf: "dcterms:isPartOf", ontology.CooperatesWith: "org:linkedTo", ontology.HasExpertise: "schema:knowsAbout",
	ontology.WorksOn: "dcterms:subject", ontology.LocatedIn: "schema:location", ontology.HeldAt: "schema:location",
	ontology.Covers: "schema:areaServed", ontology.PrecursorOf: "dcterms:isReplacedBy",
	ontology.Broader: "skos:broader", ontology.Related: "skos:related",
}

// linked writes JSON-LD 1.1: one object with the context and a graph of things,
// of facts as rdf:Statement with their dates and sources, and of the sources.
type linked struct {
	*printer
	ctx     context.Context //nolint:containedctx // graphWriter's methods are one writing, whose context this is
	r       store.Reader
	cited   map[store.ID]bool
	started bool
}

func newLinked(ctx context.Context, out *printer, r store.Reader) *linked {
	return &linked{printer: out, ctx: ctx, r: r, cited: map[store.ID]bool{}}
}

// object is a node object; its keys are written in order.
type object map[string]any

func (l *linked) head() error {
	return l.print("{\"@context\": ", linkedContext, ",\n\"@graph\": [")
}

func (l *linked) write(o object) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(o); err != nil {
		return fmt.Errorf("encode %v: %w", o["id"], err)
	}
	if l.started {
		l.print(",")
	}
	l.started = true
	return l.print("\n", strings.TrimSuffix(b.String(), "\n"))
}

func linkedID(id store.ID) string { return "cg:" + string(id) }

func reference(id store.ID) object { return object{"id": linkedID(id)} }

func (l *linked) thing(t ontology.Thing) error {
	o := object{"id": linkedID(t.ID), "type": append([]string{"cgv:" + string(t.Kind)}, linkedTypes[t.Kind]...)}
	linkedNames(o, t)
	descriptions := map[string]string{}
	for _, d := range t.Descriptions {
		descriptions[languageKey(d.Language)] = d.Value
	}
	if len(descriptions) > 0 {
		o["description"] = descriptions
	}
	linkedIdentifiers(o, t)
	for name, v := range t.Props {
		p, _ := ontology.PropertyOf(t.Kind, name)
		if name == "type" {
			// The term of JSON-LD itself would hide it.
			name = "instrumentType"
		}
		o[name] = v
		if p.Form == ontology.Date {
			o[name] = linkedDate(ontology.PartialDate(plain(v)))
		}
	}
	if len(t.Sources) > 0 {
		o["wasDerivedFrom"] = l.sources(t.Sources)
	}
	return l.write(o)
}

// linkedNames gives the names: the one to be shown in each language as the
// preferred label, all others as alternatives; schema.org's names beside them
// for what is not a theme.
func linkedNames(o object, t ontology.Thing) {
	preferred, others := map[string]string{}, map[string][]string{}
	for _, n := range t.Names {
		key := languageKey(n.Language)
		shown := n.Type == ontology.OfficialName || n.Type == ontology.ShortName || n.Type == ontology.TranslatedName
		if _, taken := preferred[key]; shown && !taken {
			preferred[key] = n.Value
		} else if preferred[key] != n.Value && !slices.Contains(others[key], n.Value) {
			others[key] = append(others[key], n.Value)
		}
	}
	if len(preferred) > 0 {
		o["prefLabel"] = preferred
	}
	if len(others) > 0 {
		o["altLabel"] = others
	}
	if t.Kind == ontology.Theme {
		return
	}
	names := map[string][]string{}
	for key, v := range preferred {
		names[key] = []string{v}
	}
	if len(names) > 0 {
		o["name"] = names
	}
	if len(others) > 0 {
		o["alternateName"] = others
	}
}

// languageKey is the key of a language in a language map.
func languageKey(tag string) string {
	if tag == "" {
		return "@none"
	}
	return tag
}

func linkedIdentifiers(o object, t ontology.Thing) {
	var list []object
	var same []string
	for _, i := range t.Identifiers {
		list = append(list, object{"type": "schema:PropertyValue", "propertyID": i.Scheme, "value": i.Value})
		if u := ontology.IdentifierURL(i); isIRI(u) {
			same = append(same, u)
		}
	}
	if len(list) > 0 {
		o["identifier"] = list
	}
	switch {
	case len(same) == 0:
	case t.Kind == ontology.Theme:
		o["exactMatch"] = same
	default:
		o["sameAs"] = same
	}
}

// isIRI says whether an address can stand as one in RDF.
func isIRI(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.IsAbs() && !strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune("<>\"{}|\\^`", r)
	})
}

// linkedDate gives a date with the type that says how exact it is.
func linkedDate(d ontology.PartialDate) object {
	form := map[int]string{4: "xsd:gYear", 7: "xsd:gYearMonth", 10: "xsd:date"}[len(d)]
	return object{"@value": string(d), "@type": form}
}

// sources gives references to sources, and notes that they are cited.
func (l *linked) sources(ids []string) []string {
	refs := make([]string, 0, len(ids))
	for _, id := range ids {
		l.cited[store.ID(id)] = true
		if ref := linkedID(store.ID(id)); !slices.Contains(refs, ref) {
			refs = append(refs, ref)
		}
	}
	return refs
}

func (l *linked) middle() error { return l.err }

// fact writes a statement. What it states stands as a plain triple beside it
// where no end of it and no plan makes that wrong.
func (l *linked) fact(f ontology.Fact) error {
	predicate, known := linkedRelations[f.Relation]
	if !known {
		predicate = "cgv:" + string(f.Relation)
	}
	subject := reference(f.Subject)
	if f.To == "" && !f.Planned {
		subject[predicate] = reference(f.Object)
	}
	o := object{
		"id": linkedID(f.ID), "type": []string{"rdf:Statement"},
		"subject": subject, "predicate": predicate, "object": linkedID(f.Object),
	}
	if f.Relation == ontology.MemberOf {
		o["type"] = []string{"rdf:Statement", "org:Membership"}
		o["member"], o["organization"] = linkedID(f.Subject), linkedID(f.Object)
	}
	if f.Role != "" {
		o["role"] = f.Role
	}
	if f.Basis != "" {
		o["basis"] = linkedID(f.Basis)
	}
	if f.Planned {
		o["planned"] = true
	}
	for name, d := range map[string]ontology.PartialDate{"from": f.From, "to": f.To, "attestedOn": f.AttestedOn} {
		if d != "" {
			o[name] = linkedDate(d)
		}
	}
	var sources []string
	for _, c := range f.Cites {
		sources = append(sources, string(c.Source))
	}
	if len(sources) > 0 {
		o["wasDerivedFrom"] = l.sources(sources)
	}
	return l.write(o)
}

// tail writes the sources that were cited.
func (l *linked) tail() error {
	err := eachNode(l.ctx, l.r, ontology.Source, store.Filter{}, func(nodes []store.Node) error {
		for _, n := range nodes {
			if !l.cited[n.ID] {
				continue
			}
			if err := l.write(linkedSource(ontology.DocumentOf(n))); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return l.print("\n]}\n")
}

func linkedSource(d ontology.Document) object {
	o := object{"id": linkedID(d.ID), "type": []string{"prov:Entity", "schema:CreativeWork"}}
	for name, v := range map[string]string{"title": d.Title, "publisher": d.Publisher, "rights": d.Licence, "language": d.Language} {
		if v != "" {
			o[name] = v
		}
	}
	if isIRI(d.URL) {
		o["website"] = d.URL
	}
	if d.Date != "" {
		o["date"] = linkedDate(ontology.PartialDate(d.Date))
	}
	return o
}
