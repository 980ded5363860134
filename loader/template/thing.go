package template

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"coopgraph/loader/rows"
	"coopgraph/ontology"
	"coopgraph/store"
)

// thingColumns declares the table of a kind.
func thingColumns(k store.Kind) []column {
	columns := []column{
		{Column: Column{Name: "key", Entry: true, Doc: "names the row, so that the same row next month replaces what this one said; the id, the first identifier or the name where it is left out"}},
		{Column: Column{Name: "id", Doc: "the id in the graph (n_…), where it is known"}, read: readID, write: func(t *ontology.Thing) string { return string(t.ID) }},
		{Column: Column{Name: "identifiers", Doc: "SCHEME:value, several parted by |, for example ROR:… | WIKIDATA:…"}, read: readIdentifiers, write: writeIdentifiers},
	}
	columns = append(columns, nameColumns()...)
	columns = append(columns, descriptionColumns()...)
	for _, p := range ontology.Properties(k) {
		columns = append(columns, propertyColumn(p))
	}
	columns = append(columns, column{
		Column: Column{Name: "figures", Doc: "numbers: PROPERTY = NUMBER UNIT (DATE), unit and date where known, several parted by |"},
		read:   readFigures, write: writeFigures,
	})
	return append(columns, relationColumns(k)...)
}

// thing makes the row's claim.
func (r *reading) thing(t *Template) {
	r.claim = ontology.ThingClaim{Kind: t.kind, Props: ontology.Values{}}
	for _, c := range t.columns {
		if cell := r.cell(c.Name); cell != "" && c.read != nil {
			c.read(r, cellText(r.row.Fields[c.Name]))
		}
	}
	if len(r.claim.Names) == 0 && len(r.claim.Identifiers) == 0 {
		r.reject("", "the row has neither a name nor an identifier")
		return
	}
	if err := r.claim.CheckSpan(); err != nil {
		r.reject("to", rows.Reason(err))
	}
	r.item.Key = r.key()
	r.claim.Cites = r.cite()
	for i := range r.facts {
		r.facts[i].Cites = r.cite()
	}
	if r.item.Dropped == "" {
		r.item.Claims = ontology.Claims{Things: []ontology.ThingClaim{r.claim}, Facts: r.facts}
	}
}

func (r *reading) key() string {
	first := ""
	if len(r.claim.Identifiers) > 0 {
		first = r.claim.Identifiers[0].Key()
	} else if len(r.claim.Names) > 0 {
		first = r.claim.Names[0].Value
	}
	return cmp.Or(r.cell("key"), string(r.claim.ID), first)
}

// keep says whether the ontology allows a part of the claim, and notes why not.
func (r *reading) keep(column string, part ontology.ThingClaim) bool {
	part.Kind = r.claim.Kind
	if len(part.Names) == 0 && len(part.Identifiers) == 0 {
		part.Identifiers = []ontology.Identifier{{Scheme: "X", Value: "x"}}
	}
	err := part.Validate()
	if err != nil {
		r.note(column, "%s", rows.Reason(err))
	}
	return err == nil
}

func readID(r *reading, cell string) {
	id := strings.TrimSpace(cell)
	if !ontology.IsID(id) || !strings.HasPrefix(id, "n_") {
		r.reject("id", fmt.Sprintf("%.40q is no id of a thing", id))
		return
	}
	r.claim.ID = store.ID(id)
}

func readIdentifiers(r *reading, cell string) {
	for _, s := range items(cell, false) {
		i := ontology.IdentifierOf(s)
		if r.keep("identifiers", ontology.ThingClaim{Identifiers: []ontology.Identifier{i}}) && !slices.Contains(r.claim.Identifiers, i) {
			r.claim.Identifiers = append(r.claim.Identifiers, i)
		}
	}
}

// writeIdentifiers writes the identifier that the thing's id is made from first:
// it makes the same id in a graph that does not have the thing.
func writeIdentifiers(t *ontology.Thing) string {
	keys := make([]string, 0, len(t.Identifiers))
	for _, i := range t.Identifiers {
		if ontology.NodeID(t.Kind, i.Scheme, i.Value) == t.ID {
			keys = slices.Insert(keys, 0, i.Key())
		} else {
			keys = append(keys, i.Key())
		}
	}
	return Guard(escapeAll(keys))
}

// listedTypes are the types of names other than official ones, with their
// columns.
var listedTypes = []struct{ kind, column, doc string }{
	{ontology.ShortName, "short_names", "shorter names in use"},
	{ontology.TranslatedName, "translated_names", "translations that are not official"},
	{ontology.AlternativeName, "alternative_names", "other names and spellings"},
	{ontology.Acronym, "acronyms", "acronyms"},
	{ontology.FormerName, "former_names", "names that it no longer bears"},
}

const tagDoc = "; with its language after an @, for example Example Network@en; several parted by |"

func nameColumns() []column {
	var columns []column
	for _, l := range ontology.Languages() {
		columns = append(columns, nameColumn("name_"+l, "the official name in this language ("+l+"); several parted by |", ontology.OfficialName, l))
	}
	columns = append(columns, nameColumn("name", "the official name in another language, or in one that is not known"+tagDoc, ontology.OfficialName, ""))
	for _, t := range listedTypes {
		columns = append(columns, nameColumn(t.column, t.doc+tagDoc, t.kind, ""))
	}
	return columns
}

// nameColumn is a column of names of a type: in one language, or with none of
// their own, each with its language.
func nameColumn(name, doc, kind, language string) column {
	return column{
		Column: Column{Name: name, Doc: doc},
		read: func(r *reading, cell string) {
			for _, s := range items(cell, false) {
				n := ontology.Name{Type: kind}
				n.Value, n.Language = inLanguage(s, language)
				if r.keep(name, ontology.ThingClaim{Names: []ontology.Name{n}}) {
					r.claim.Names = append(r.claim.Names, n)
				}
			}
		},
		write: func(t *ontology.Thing) string {
			var out []string
			for _, n := range t.Names {
				own := kind == ontology.OfficialName && slices.Contains(ontology.Languages(), n.Language)
				switch {
				case n.Type != kind || language != "" && n.Language != language || language == "" && own:
				case language != "":
					out = append(out, n.Value)
				default:
					out = append(out, withTag(n.Value, n.Language))
				}
			}
			return Guard(escapeAll(out))
		},
	}
}

// inLanguage gives a cell's text and its language: the column's, or the one
// after its @ if it is one.
func inLanguage(s, language string) (string, string) {
	if language != "" {
		return s, language
	}
	value, tag := splitTag(s)
	probe := ontology.ThingClaim{Kind: ontology.Organisation, Names: []ontology.Name{{Value: value, Language: tag, Type: ontology.OfficialName}}}
	if probe.Validate() != nil {
		return s, ""
	}
	return value, tag
}

func descriptionColumns() []column {
	var columns []column
	for _, l := range ontology.Languages() {
		columns = append(columns, column{
			Column: Column{Name: "description_" + l, Doc: "what it is, in this language (" + l + ")"},
			read: func(r *reading, cell string) {
				for _, s := range items(cell, true) {
					r.describe("description_"+l, ontology.Description{Value: s, Language: l})
				}
			},
			write: func(t *ontology.Thing) string {
				for _, d := range t.Descriptions {
					if d.Language == l {
						return Guard(escape(d.Value))
					}
				}
				return ""
			},
		})
	}
	return append(columns, column{
		Column: Column{Name: "description", Doc: "what it is, in another language or one that is not known" + tagDoc},
		read: func(r *reading, cell string) {
			for _, s := range items(cell, false) {
				var d ontology.Description
				d.Value, d.Language = inLanguage(s, "")
				r.describe("description", d)
			}
		},
		write: func(t *ontology.Thing) string {
			var out []string
			for _, d := range t.Descriptions {
				if !slices.Contains(ontology.Languages(), d.Language) {
					out = append(out, withTag(d.Value, d.Language))
				}
			}
			return Guard(escapeAll(out))
		},
	})
}

func (r *reading) describe(column string, d ontology.Description) {
	if r.keep(column, ontology.ThingClaim{Descriptions: []ontology.Description{d}}) {
		r.claim.Descriptions = append(r.claim.Descriptions, d)
	}
}

// columnName writes a property's name in the manner of columns: given_name.
func columnName(property string) string {
	var b strings.Builder
	for _, c := range property {
		if unicode.IsUpper(c) {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(c))
	}
	return b.String()
}

func propertyColumn(p ontology.Property) column {
	name := columnName(p.Name)
	return column{
		Column: Column{Name: name, Doc: propertyDoc(p)},
		read: func(r *reading, cell string) {
			v, err := propertyValue(p, cell)
			if err != nil {
				r.note(name, "%s", rows.Reason(err))
			} else if r.keep(name, ontology.ThingClaim{Props: ontology.Values{p.Name: v}}) {
				r.claim.Props[p.Name] = v
			}
		},
		write: func(t *ontology.Thing) string { return propertyCell(t.Props[p.Name]) },
	}
}

func propertyDoc(p ontology.Property) string {
	doc := map[ontology.Form]string{
		ontology.Enum: "one of " + strings.Join(p.Values, ", "), ontology.URL: "a web address (https://…)",
		ontology.Mailbox: "a functional e-mail address, never a person's", ontology.Date: "a year, a month or a day: 2024, 2024-05, 2024-05-09",
		ontology.Tag: "a language tag: nl, fr, de, en, …", ontology.Text: "text",
	}[p.Form]
	switch p.Type {
	case store.Bool:
		return "yes or no"
	case store.Int:
		return "a whole number"
	case store.Float:
		return "a number, in degrees, with a decimal point"
	case store.Strings:
		return doc + "; several parted by |"
	default:
		return doc
	}
}

// propertyValue reads a cell as the property's type.
func propertyValue(p ontology.Property, cell string) (any, error) {
	list := items(cell, p.Type != store.Strings)
	if p.Form == ontology.Enum {
		for i, s := range list {
			list[i] = fold(s)
		}
	}
	if p.Type == store.Strings {
		return list, nil
	}
	s := list[0]
	switch p.Type {
	case store.Int:
		if n, err := strconv.ParseInt(s, 10, 64); err == nil {
			return n, nil
		}
	case store.Float:
		if x, err := strconv.ParseFloat(s, 64); err == nil {
			return x, nil
		}
	case store.Bool:
		if b, ok := yesNo(s); ok {
			return b, nil
		}
	default:
		return s, nil
	}
	return nil, fmt.Errorf("%w: it cannot be %.40q", store.ErrInvalid, s)
}

func yesNo(s string) (value, ok bool) {
	switch strings.ToLower(s) {
	case "yes", "true", "1":
		return true, true
	case "no", "false", "0":
		return false, true
	}
	return false, false
}

func propertyCell(v any) string {
	switch v := v.(type) {
	case string:
		return Guard(escape(v))
	case []string:
		return Guard(escapeAll(v))
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case bool:
		if v {
			return "yes"
		}
		return "no"
	}
	return ""
}

var figureForm = regexp.MustCompile(`^(.+?) = (-?[0-9]+)(?: (.*?))??(?: \(([0-9]{4}(?:-[0-9]{2}){0,2})\))?$`)

func readFigures(r *reading, cell string) {
	for _, s := range items(cell, false) {
		m := figureForm.FindStringSubmatch(s)
		if m == nil {
			r.note("figures", "%.40q: write PROPERTY = NUMBER UNIT (DATE)", s)
			continue
		}
		n, err := strconv.ParseInt(m[2], 10, 64)
		if err == nil && m[4] != "" {
			_, err = ontology.ParsePartialDate(m[4])
		}
		if err != nil {
			r.note("figures", "%.40q holds a number or a date that is none", s)
			continue
		}
		r.claim.Figures = append(r.claim.Figures, ontology.Figure{Property: m[1], Value: n, Unit: m[3], AttestedOn: ontology.PartialDate(m[4])})
	}
}

func writeFigures(t *ontology.Thing) string {
	var out []string
	for _, f := range t.Figures {
		s := f.Property + " = " + strconv.FormatInt(f.Value, 10)
		if f.Unit != "" {
			s += " " + f.Unit
		}
		if f.AttestedOn != "" {
			s += " (" + string(f.AttestedOn) + ")"
		}
		out = append(out, s)
	}
	return Guard(escapeAll(out))
}
