package export

import (
	"encoding/xml"
	"slices"
	"strconv"
	"strings"

	"coopgraph/ontology"
	"coopgraph/store"
)

// attribute is something that the formats in XML, and the script for a Neo4j,
// say of things or facts.
type attribute struct {
	name string
	kind store.Type
}

// thingAttributes are what is said of things besides their label and kind.
func thingAttributes() []attribute {
	list := []attribute{{"names", store.Strings}, {"identifiers", store.Strings}, {"description", store.String}}
	for _, k := range ontology.Kinds() {
		for _, p := range ontology.Properties(k) {
			if a := (attribute{p.Name, p.Type}); !slices.Contains(list, a) {
				list = append(list, a)
			}
		}
	}
	return list
}

// factAttributes are what is said of facts besides their relation.
var factAttributes = []attribute{
	{"role", store.String},
	{"from", store.String},
	{"to", store.String},
	{"attestedOn", store.String},
	{"planned", store.Bool},
	{"basis", store.String},
}

// thingValues are the values of thingAttributes, by name.
func thingValues(t ontology.Thing) store.Props {
	values := store.Props{}
	for name, v := range t.Props {
		values[name] = v
	}
	var names, identifiers []string
	for _, n := range t.Names {
		if n.Language != "" {
			n.Value += "@" + n.Language
		}
		names = append(names, n.Value)
	}
	for _, i := range t.Identifiers {
		identifiers = append(identifiers, i.Key())
	}
	for name, list := range map[string][]string{"names": names, "identifiers": identifiers} {
		if len(list) > 0 {
			values[name] = list
		}
	}
	if d := t.Description("en"); d != "" {
		values["description"] = d
	}
	return values
}

// factValues are the values of factAttributes, by name.
func factValues(f ontology.Fact) store.Props {
	values := store.Props{}
	for name, s := range map[string]string{
		"role": f.Role, "from": string(f.From), "to": string(f.To), "attestedOn": string(f.AttestedOn), "basis": string(f.Basis),
	} {
		if s != "" {
			values[name] = s
		}
	}
	if f.Planned {
		values["planned"] = true
	}
	return values
}

// label is the name under which a thing is drawn: its English one, where it has
// none its first identifier or its id.
func label(t ontology.Thing) string {
	if name := t.Name("en"); name != "" {
		return name
	}
	for _, i := range t.Identifiers {
		return i.Key()
	}
	return string(t.ID)
}

// plain is a value as text.
func plain(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case []string:
		return strings.Join(v, " | ")
	case bool:
		return strconv.FormatBool(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return ""
}

// escaped gives a text as XML; what XML cannot hold becomes U+FFFD.
func escaped(s string) string {
	var b strings.Builder
	// A strings.Builder does not fail.
	_ = xml.EscapeText(&b, []byte(s))
	return b.String()
}
