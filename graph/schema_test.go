package graph

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"coopgraph/graph/generated"
	"coopgraph/graph/guard"
	"coopgraph/graph/model"
	"coopgraph/ontology"
	"coopgraph/store"
)

// position is a place after one key.
func position(key string, id store.ID) store.Position {
	return store.Position{Keys: []string{key}, ID: id}
}

func schema() *ast.Schema {
	return generated.NewExecutableSchema(generated.Config{}).Schema()
}

// own lists the types that the schema declares itself.
func own(s *ast.Schema) []*ast.Definition {
	var types []*ast.Definition
	for name, d := range s.Types {
		if !d.BuiltIn && !strings.HasPrefix(name, "__") {
			types = append(types, d)
		}
	}
	slices.SortFunc(types, func(a, b *ast.Definition) int { return strings.Compare(a.Name, b.Name) })
	return types
}

// The descriptions are the user manual.
func TestEverythingIsDescribed(t *testing.T) {
	missing := func(what, description string) {
		if strings.TrimSpace(description) == "" {
			t.Errorf("%s has no description", what)
		}
	}
	for _, d := range own(schema()) {
		missing(d.Name, d.Description)
		for _, f := range d.Fields {
			if strings.HasPrefix(f.Name, "__") {
				continue
			}
			missing(d.Name+"."+f.Name, f.Description)
			for _, a := range f.Arguments {
				missing(d.Name+"."+f.Name+"("+a.Name+")", a.Description)
			}
		}
		for _, v := range d.EnumValues {
			missing(d.Name+"."+v.Name, v.Description)
		}
	}
}

// Clients select a field of one name on several kinds at once: it must have
// one leaf type, list shape and nullability on all of them.
func TestFieldsOfOneNameAgree(t *testing.T) {
	s := schema()
	type use struct{ on, typ string }
	seen := map[string]use{}
	for _, d := range s.GetPossibleTypes(s.Types["Thing"]) {
		for _, f := range d.Fields {
			typ := f.Type.String()
			if strings.Contains(typ, "Connection") || composite(s, f.Type) {
				typ = strings.NewReplacer(f.Type.Name(), "…").Replace(typ)
			}
			if before, ok := seen[f.Name]; ok && before.typ != typ {
				t.Errorf("%s.%s is %s, %s.%s is %s", before.on, f.Name, before.typ, d.Name, f.Name, typ)
			}
			seen[f.Name] = use{d.Name, typ}
		}
	}
}

func composite(s *ast.Schema, t *ast.Type) bool {
	k := s.Types[t.Name()].Kind
	return k == ast.Object || k == ast.Interface
}

// gqlgen binds a field with arguments to a plain struct field, and ignores the
// arguments, without a warning.
func TestFieldsWithArgumentsAreMethods(t *testing.T) {
	types := map[string]any{
		"Organisation": &model.Organisation{}, "Person": &model.Person{}, "Post": &model.Post{}, "Project": &model.Project{},
		"Theme": &model.Theme{}, "Instrument": &model.Instrument{}, "Event": &model.Event{}, "Place": &model.Place{},
		"Fact": &model.Fact{}, "Reason": &model.Reason{}, "DuplicateReason": &model.DuplicateReason{}, "ImportRun": &model.ImportRun{},
	}
	s := schema()
	for _, d := range own(s) {
		if d.Kind != ast.Object || d == s.Query || d == s.Mutation {
			continue
		}
		for _, f := range d.Fields {
			if len(f.Arguments) == 0 {
				continue
			}
			v, ok := types[d.Name]
			if !ok {
				t.Errorf("%s.%s has arguments; its Go type is not in this test", d.Name, f.Name)
				continue
			}
			name := strings.ToUpper(f.Name[:1]) + f.Name[1:]
			if _, ok := reflect.TypeOf(v).MethodByName(name); !ok {
				t.Errorf("%s.%s has arguments and is no method", d.Name, f.Name)
			}
		}
	}
}

// A connection is declared once, in the ontology; the schema shows each.
func TestConnectionsAreDeclared(t *testing.T) {
	s := schema()
	elsewhere := []string{"facts", "basisOf"}
	for _, k := range ontology.Kinds() {
		for _, f := range s.Types[string(k)].Fields {
			if !strings.HasSuffix(f.Type.Name(), "Connection") || slices.Contains(elsewhere, f.Name) {
				continue
			}
			c, ok := ontology.ConnectionOf(k, f.Name)
			if !ok {
				t.Errorf("%s.%s leads nowhere: declare it in ontology/connections.go", k, f.Name)
				continue
			}
			if node := strings.TrimSuffix(f.Type.Name(), "Connection"); !shows(node, c) {
				t.Errorf("%s.%s shows %s, but leads to %v", k, f.Name, node, c.Far)
			}
		}
	}
}

// shows says whether a connection's node type can show everything it leads to.
func shows(node string, c ontology.Connection) bool {
	if node == "Thing" {
		return true
	}
	for _, k := range c.Far {
		if node != string(k) && (node != "Agent" || !slices.Contains(implements(k), "Agent")) {
			return false
		}
	}
	return c.Far != nil
}

// The closed lists of the schema are the ontology's.
func TestEnumsAreTheOntologys(t *testing.T) {
	s := schema()
	values := func(enum string) []string {
		var v []string
		for _, x := range s.Types[enum].EnumValues {
			v = append(v, x.Name)
		}
		slices.Sort(v)
		return v
	}
	var relations []string
	for _, r := range ontology.Relations() {
		relations = append(relations, string(r.Rel))
	}
	compare := func(enum string, want []string) {
		want = slices.Sorted(slices.Values(want))
		if !slices.Equal(values(enum), want) {
			t.Errorf("%s holds %v, the ontology %v", enum, values(enum), want)
		}
	}
	compare("Relation", relations)
	for enum, of := range map[string]struct {
		kind int
		name string
	}{"Classification": {0, "classification"}, "OrganisationRole": {0, "roles"}, "InstrumentType": {5, "type"}, "InstrumentState": {5, "state"}, "PlaceType": {7, "placeType"}} {
		p, _ := ontology.PropertyOf(ontology.Kinds()[of.kind], of.name)
		compare(enum, p.Values)
	}
}

// A list without a cost is a way around the limits.
func TestListsHaveCosts(t *testing.T) {
	costs := guard.DefaultCosts()
	costs.Lists = listSizes()
	if err := guard.CheckCosts(schema(), costs); err != nil {
		t.Error(err)
	}
}

func TestCursorsOfOtherListsFail(t *testing.T) {
	p, err := decodeCursor("Organisation.members", encodeCursor("Organisation.parts", position("x", "n_a")))
	if err == nil {
		t.Errorf("a cursor of another list was read as %v", p)
	}
}

func FuzzCursor(f *testing.F) {
	f.Add("Organisation.members", encodeCursor("Organisation.members", position("~", "f_a")))
	f.Add("people.key_nl", "")
	f.Add("x", "AAAA")
	f.Fuzz(func(t *testing.T, scope, s string) {
		p, err := decodeCursor(scope, s)
		if err != nil {
			return
		}
		if again := encodeCursor(scope, *p); again != s {
			if q, err := decodeCursor(scope, again); err != nil || !reflect.DeepEqual(p, q) {
				t.Errorf("%q and %q are both read as %v", s, again, p)
			}
		}
	})
}
