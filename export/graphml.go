package export

import (
	"fmt"

	"coopgraph/ontology"
	"coopgraph/store"
)

// graphML writes GraphML (http://graphml.graphdrawing.org) with typed keys, and
// labels as yEd draws them. All edges are directed, symmetric relations from the
// lesser id to the greater: few programs read graphs of both sorts.
type graphML struct{ *printer }

// graphMLTypes are the types of keys.
var graphMLTypes = map[store.Type]string{
	store.String: "string", store.Strings: "string", store.Int: "long", store.Float: "double", store.Bool: "boolean",
}

func (g *graphML) head() error {
	g.print(`<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:y="http://www.yworks.com/xml/graphml">
<key id="drawing" for="node" yfiles.type="nodegraphics"/>
`)
	g.key("node", attribute{"label", store.String})
	g.key("node", attribute{"kind", store.String})
	for _, a := range thingAttributes() {
		g.key("node", a)
	}
	g.key("edge", attribute{"label", store.String})
	for _, a := range factAttributes {
		g.key("edge", a)
	}
	return g.print("<graph id=\"coopgraph\" edgedefault=\"directed\">\n")
}

func (g *graphML) key(of string, a attribute) {
	g.print(fmt.Sprintf("<key id=\"%s_%s\" for=\"%s\" attr.name=\"%s\" attr.type=\"%s\"/>\n", of, a.name, of, a.name, graphMLTypes[a.kind]))
}

func (g *graphML) data(of, name, value string) {
	g.print(`<data key="`, of, `_`, name, `">`, escaped(value), `</data>`)
}

func (g *graphML) values(of string, attributes []attribute, values store.Props) {
	for _, a := range attributes {
		if v, ok := values[a.name]; ok {
			g.data(of, a.name, plain(v))
		}
	}
}

func (g *graphML) thing(t ontology.Thing) error {
	name := label(t)
	g.print(`<node id="`, string(t.ID), `">`)
	g.data("node", "label", name)
	g.data("node", "kind", string(t.Kind))
	g.values("node", thingAttributes(), thingValues(t))
	return g.print(`<data key="drawing"><y:ShapeNode><y:NodeLabel>`, escaped(name), "</y:NodeLabel></y:ShapeNode></data></node>\n")
}

func (g *graphML) middle() error { return g.err }

func (g *graphML) fact(f ontology.Fact) error {
	g.print(`<edge id="`, string(f.ID), `" source="`, string(f.Subject), `" target="`, string(f.Object), `">`)
	g.data("edge", "label", string(f.Relation))
	g.values("edge", factAttributes, factValues(f))
	return g.print("</edge>\n")
}

func (g *graphML) tail() error { return g.print("</graph>\n</graphml>\n") }
