package export

import (
	"fmt"

	"coopgraph/ontology"
	"coopgraph/store"
)

// gexf writes GEXF 1.3 (https://gexf.net): a dynamic graph, in which things and
// facts are there from the first day of their beginning to the last of their
// end. All edges are directed, as in [graphML].
type gexf struct{ *printer }

// gexfTypes are the types of attributes.
var gexfTypes = map[store.Type]string{
	store.String: "string", store.Strings: "string", store.Int: "long", store.Float: "double", store.Bool: "boolean",
}

func (g *gexf) head() error {
	g.print(`<?xml version="1.0" encoding="UTF-8"?>
<gexf xmlns="http://gexf.net/1.3" version="1.3">
<meta><creator>Coopgraph</creator></meta>
<graph defaultedgetype="directed" mode="dynamic" timeformat="date" timerepresentation="interval">
`)
	g.attributes("node", append([]attribute{{"kind", store.String}}, thingAttributes()...))
	g.attributes("edge", factAttributes)
	return g.print("<nodes>\n")
}

func (g *gexf) attributes(class string, list []attribute) {
	g.print(`<attributes class="`, class, "\" mode=\"static\">\n")
	for _, a := range list {
		g.print(fmt.Sprintf("<attribute id=\"%s\" title=\"%s\" type=\"%s\"/>\n", a.name, a.name, gexfTypes[a.kind]))
	}
	g.print("</attributes>\n")
}

func (g *gexf) values(list []attribute, values store.Props) {
	g.print("<attvalues>")
	for _, a := range list {
		if v, ok := values[a.name]; ok {
			g.print(`<attvalue for="`, a.name, `" value="`, escaped(plain(v)), `"/>`)
		}
	}
	g.print("</attvalues>")
}

// spell says when something is there; nothing where that is not known.
func (g *gexf) spell(s ontology.Span) {
	if s.From == "" && s.To == "" {
		return
	}
	g.print("<spells><spell")
	if s.From != "" {
		g.print(` start="`, string(s.From.First()), `"`)
	}
	if s.To != "" {
		g.print(` end="`, string(s.To.Last()), `"`)
	}
	g.print("/></spells>")
}

func (g *gexf) thing(t ontology.Thing) error {
	values := thingValues(t)
	values["kind"] = string(t.Kind)
	g.print(`<node id="`, string(t.ID), `" label="`, escaped(label(t)), `">`)
	g.values(append([]attribute{{"kind", store.String}}, thingAttributes()...), values)
	g.spell(t.Span())
	return g.print("</node>\n")
}

func (g *gexf) middle() error { return g.print("</nodes>\n<edges>\n") }

func (g *gexf) fact(f ontology.Fact) error {
	rel := string(f.Relation)
	g.print(`<edge id="`, string(f.ID), `" source="`, string(f.Subject), `" target="`, string(f.Object))
	g.print(`" type="directed" kind="`, rel, `" label="`, rel, `">`)
	g.values(factAttributes, factValues(f))
	g.spell(f.Span)
	return g.print("</edge>\n")
}

func (g *gexf) tail() error { return g.print("</edges>\n</graph>\n</gexf>\n") }
