package mapping_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"coopgraph/loader/mapping"
	"coopgraph/loader/read"
	"coopgraph/ontology"
	"coopgraph/store"
)

func compileSchema(t testing.TB) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(mapping.Schema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("mapping.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("mapping.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// validate checks a mapping in YAML against the schema.
func validate(t testing.TB, s *jsonschema.Schema, text []byte) error {
	t.Helper()
	var doc any
	if err := yaml.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return s.Validate(plain)
}

// Every built-in mapping, and every guess, is as the published schema says.
func TestMappingsFitTheSchema(t *testing.T) {
	s := compileSchema(t)
	files, err := filepath.Glob("mappings/*.yaml")
	if err != nil || len(files) < 12 {
		t.Fatalf("%d mappings, %v", len(files), err)
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if err := validate(t, s, text); err != nil {
			t.Errorf("%s: %v", f, err)
		}
	}
	for _, f := range []string{"publicbodies-de.csv", "kohesio-beneficiaries-ee-lv.tsv", "ips-cases-2022.csv", "marcobolo-person.csv"} {
		text, _ := guess(t, filepath.Join("../testdata", f))
		if err := validate(t, s, text); err != nil {
			t.Errorf("the guess for %s: %v", f, err)
		}
	}
}

// The closed lists of the schema are those of the ontology and of the readers.
func TestSchemaKnowsTheOntology(t *testing.T) {
	var s struct {
		Properties struct {
			Format struct {
				OneOf []struct{ Enum []string }
			}
		}
		Defs struct {
			Kind, Relation struct{ Enum []string }
			Properties     struct{ Properties map[string]any }
		} `json:"$defs"`
	}
	if err := json.Unmarshal(mapping.Schema(), &s); err != nil {
		t.Fatal(err)
	}
	var kinds, relations []string
	properties := map[string]bool{}
	for _, k := range ontology.Kinds() {
		kinds = append(kinds, string(k))
		for _, p := range ontology.Properties(k) {
			properties[p.Name] = true
		}
	}
	for _, r := range ontology.Relations() {
		relations = append(relations, string(r.Rel))
	}
	if diff := cmp.Diff(kinds, s.Defs.Kind.Enum) + cmp.Diff(relations, s.Defs.Relation.Enum); diff != "" {
		t.Errorf("kinds and relations (-ontology +schema):\n%s", diff)
	}
	for name := range properties {
		if s.Defs.Properties.Properties[name] == nil {
			t.Errorf("the schema lacks the property %s", name)
		}
	}
	for name := range s.Defs.Properties.Properties {
		if !properties[name] {
			t.Errorf("there is no property %s", name)
		}
	}
	formats := s.Properties.Format.OneOf[0].Enum
	want := read.Formats()
	slices.Sort(formats)
	slices.Sort(want)
	if diff := cmp.Diff(want, formats); diff != "" {
		t.Errorf("formats (-readers +schema):\n%s", diff)
	}
}

const good = `
format: table
scheme: TINY
source: {key: tiny, title: A tiny list}
key: [{column: id}, {text: "{name} {city?}"}]
things:
  - as: self
    kind: Organisation
    identifiers:
      - {scheme: TINY, from: {column: id}}
    names:
      - {from: {column: [name, title]}, type: OFFICIAL}
    properties:
      website: {from: {column: web}}
facts:
  - {subject: "#self", relation: PART_OF, object: [{id: {column: boss}}, {name: {column: boss}, kind: Organisation}]}
`

// What the schema refuses, the program refuses too, with the line and what
// would be right.
func TestWrongMappingsFailBoth(t *testing.T) {
	s := compileSchema(t)
	if err := validate(t, s, []byte(good)); err != nil {
		t.Fatalf("the good mapping: %v", err)
	}
	if _, err := mapping.Parse("good.yaml", []byte(good)); err != nil {
		t.Fatalf("the good mapping: %v", err)
	}
	for _, c := range []struct{ old, changed, want string }{
		{"format: table", "format: exel", `format "exel": want one of`},
		{"scheme: TINY\nsource", "skeme: TINY\nsource", `wrong.yaml:3: unknown field "skeme": did you mean scheme?`},
		{"kind: Organisation\n", "kind: Organization\n", "did you mean Organisation?"},
		{"relation: PART_OF", "relation: PARTOF", "did you mean PART_OF?"},
		{"type: OFFICIAL", "type: OFICIAL", "did you mean OFFICIAL?"},
		{"website:", "web site:", "did you mean website?"},
		{"{column: web}", "{colunm: web}", `unknown field "colunm": did you mean column?`},
		{"{column: web}", "{column: web, path: web}", "want one of value, column, columns, path and text"},
		{"{column: web}", "{column: web, case: upercase}", "it is one of lower, upper, fold, compact"},
		{"{id: {column: boss}}", "{id: {column: boss}, scheme: X}", "want one of id, name, and scheme with from"},
		{"{name: {column: boss}, kind: Organisation}", "{name: {column: boss}}", "name: want the kind of what bears it"},
		{"key: tiny, ", "", "source: want a key and a title"},
		{"    names:\n      - {from: {column: [name, title]}, type: OFFICIAL}\n", "    names:\n      - {from: {column: [name, title]}}\n", "a type of name"},
	} {
		text := strings.Replace(good, c.old, c.changed, 1)
		if text == good {
			t.Fatalf("%q is not in the mapping", c.old)
		}
		if err := validate(t, s, []byte(text)); err == nil {
			t.Errorf("%s: the schema takes it", c.changed)
		}
		_, err := mapping.Parse("wrong.yaml", []byte(text))
		if !errors.Is(err, store.ErrInvalid) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", c.changed, err, c.want)
		}
	}
}
