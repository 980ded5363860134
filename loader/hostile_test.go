package loader_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"coopgraph/loader"
	"coopgraph/ontology"
	"coopgraph/store"
)

// spots is a mapping of places and what is held there.
const spots = `
format: csv
scheme: SPOT
source: {key: spots, title: Spots}
key: {column: id}
things:
  - as: self
    kind: Place
    identifiers: [{scheme: SPOT, from: {column: id}}]
    names: [{from: {column: name}, type: OFFICIAL}]
    properties:
      latitude: {from: {column: lat}}
      longitude: {from: {column: lon}}
      website: {from: {column: web}}
  - as: event
    kind: Event
    when: {column: from, present: true}
    identifiers: [{scheme: SPOT-EVENT, from: {column: id}}]
    names: [{from: {text: "{name} fair"}, type: OFFICIAL}]
    properties:
      from: {from: {column: from}}
      to: {from: {column: until}}
facts:
  - {subject: "#event", relation: HELD_AT, object: "#self", from: {column: from}, to: {column: held}}
`

func bySpots(t testing.TB, into *[]loader.Result) func(*loader.Options) {
	t.Helper()
	return func(o *loader.Options) {
		o.Mapping = parse(t, spots)
		o.Row = func(r loader.Result) { *into = append(*into, r) }
	}
}

// A number that cannot be is left out, and a row whose end lies before its
// start is refused; both are said with the column.
func TestImpossibleNumbersAndSpansAreNamed(t *testing.T) {
	s := openSQLite(t)
	var results []loader.Result
	_, _, err := loadTable(t, s, "id,name,lat,lon,from,until,held\n"+
		"1,A,90.01,180,,,\n2,B,-90,-180.5,,,\n3,C,NaN,1e400,,,\n4,D,51,4,2001,2000-12-31,\n5,E,51,4,2001,2001,2000\n6,F,51,4,2001-05,2001,2001-05-02\n", bySpots(t, &results))
	if err != nil {
		t.Fatal(err)
	}
	want := [][2]string{
		{"", "left out of lat: latitude must be -90 to 90"},
		{"", "left out of lon: longitude must be -180 to 180"},
		{"", "left out of lat: latitude must be -90 to 90; left out of lon: longitude cannot be \"1e400\""},
		{"until", "the end 2000-12-31 lies before the start 2001"},
		{"held", "the end 2000 lies before the start 2001"},
		{"", ""},
	}
	got := make([][2]string, len(results))
	for i, r := range results {
		got[i] = [2]string{r.Item.Column, r.Message}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// SAFETY.md, row 72: of web addresses only those of http and https are kept.
func TestOnlyWebAddressesAreKept(t *testing.T) {
	s := openSQLite(t)
	long := "https://example.org/" + string(slices.Repeat([]byte("x"), 5_000))
	var results []loader.Result
	table := "id,name,web\n"
	for _, web := range []string{"javascript:alert(1)", "file:///etc/passwd", "//example.org", "http://", "ftp://example.org", "data:text/html,x", " javascript:alert(1)", long, "https://example.org/a"} {
		table += string(rune('a'+len(results))) + ",Spot " + web[:1] + "," + web + "\n"
		results = append(results, loader.Result{})
	}
	kept := len(results) - 1
	results = nil
	if _, _, err := loadTable(t, s, table, bySpots(t, &results)); err != nil {
		t.Fatal(err)
	}
	for i, r := range results {
		nodes, err := s.Nodes(t.Context(), []store.ID{r.Node})
		if err != nil {
			t.Fatal(err)
		}
		web, has := nodes[r.Node].Props["website"]
		if has != (i == kept) || has == (r.Message != "") {
			t.Errorf("row %d: website %v, %q", i, web, r.Message)
		}
	}
	if len(results) != kept+1 {
		t.Errorf("%d rows", len(results))
	}
}

// SAFETY.md, row 70: names with marks of direction, invisible letters, letters
// beyond the basic plane or markup are kept as they are, those that are too long
// or hold control characters are left out; every row is told of.
func TestHostileNamesAreKeptOrRefused(t *testing.T) {
	for name, c := range map[string]struct {
		name string
		kept bool
	}{
		"right to left override": {"Office \u202etxt.exe", true},
		"zero width":             {"Of\u200bfice of De\u200dlta", true},
		"emoji":                  {"Office \U0001F600", true},
		"markup":                 {"<script>alert('x')</script>", true},
		"template":               {"{{.}} ${x} %s", true},
		"2,000 bytes":            {string(slices.Repeat([]byte("x"), 2_000)), true},
		"10 KB":                  {string(slices.Repeat([]byte("x"), 10_000)), false},
		"escape":                 {"Office \x1b[31m", false},
		"bell":                   {"Office\a", false},
	} {
		t.Run(name, func(t *testing.T) {
			s := openSQLite(t)
			sum, said, err := loadTable(t, s, "id,name\n1,\""+c.name+"\"\n")
			if err != nil || sum.Created != 1 {
				t.Fatalf("%v, %v, %.200q", sum, err, said)
			}
			got := byIdentifier(t, s, ontology.Organisation, "TINY:1").Names
			if c.kept != (len(got) == 1 && got[0].Value == c.name) || c.kept != (said[0] == "2 CREATED ") {
				t.Errorf("kept %.80q, said %.200q", got, said)
			}
		})
	}
}

// themes is a mapping of themes and what is broader.
const themes = `
format: csv
scheme: THEME
source: {key: themes, title: Themes}
key: {column: id}
things:
  - {as: self, kind: Theme, identifiers: [{scheme: THEME, from: {column: id}}], names: [{from: {column: name}, type: OFFICIAL}]}
facts:
  - {subject: "#self", relation: BROADER, object: {scheme: THEME, from: {column: up}}}
`

// SAFETY.md, row 67: the row that closes a circle of broader themes names it,
// however the rows are parted; a theme is not broader than itself; and a search
// up or down ends.
func TestCirclesOfThemesAreNamed(t *testing.T) {
	for _, size := range []int{1, 2, 100} {
		s := openSQLite(t)
		by := func(o *loader.Options) { o.Mapping, o.BatchSize = parse(t, themes), size }
		const rows = "id,name,up\na,Water,b\nb,Rivers,c\nc,Fish,a\nd,Air,d\ne,Wind,a\n"
		dry := func(o *loader.Options) { o.DryRun, o.Scratch = true, openSQLite(t) }
		_, foreseen, err := loadTable(t, s, rows, by, dry)
		if err != nil {
			t.Fatalf("batches of %d, dry: %v", size, err)
		}
		_, said, err := loadTable(t, s, rows, by)
		if !slices.Equal(said, foreseen) {
			t.Errorf("batches of %d: a dry run says %q, the run %q", size, foreseen, said)
		}
		want := "4 CREATED its broader themes go in a circle: Fish → Water → Rivers → Fish"
		if err != nil || !slices.Contains(said, want) || strings.Count(strings.Join(said, "\n"), "circle") != 1 {
			t.Errorf("batches of %d: %v, %q", size, err, said)
		}
		if !slices.Contains(said, "5 CREATED left out: BROADER joins a thing to itself") {
			t.Errorf("batches of %d: %q", size, said)
		}
		if sum, said, err := loadTable(t, s, rows, by); err != nil || sum.Unchanged != 5 || len(said) != 0 {
			t.Errorf("batches of %d, again: %v, %v, %q", size, err, sum, said)
		}
		up := store.Leg{Rel: ontology.Broader, Dir: store.Both}
		id := byIdentifier(t, s, ontology.Theme, "THEME:a").ID
		hops, err := s.Expand(t.Context(), []store.ID{id}, []store.Step{{Legs: []store.Leg{up}, Through: &up}})
		if err != nil || len(hops[id][0].Items) > 5 {
			t.Errorf("batches of %d: %d themes, %v", size, len(hops[id][0].Items), err)
		}
	}
}
