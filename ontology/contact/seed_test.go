package contact_test

import (
	"strings"
	"testing"
	"time"

	"coopgraph/ontology"
	"coopgraph/ontology/contact"
	"coopgraph/ontology/sketch"
	"coopgraph/seed"
	"coopgraph/store"
)

// TestTheSeedAnswersItsQuestions protects the first answers to what colleagues
// ask of the seed, their status, and what they lack.
func TestTheSeedAnswersItsQuestions(t *testing.T) {
	s := load(t, sketch.New())
	written := func() time.Time { return time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC) }
	if _, err := seed.Load(t.Context(), s, written); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		about   string
		asOf    ontology.Day
		first   string
		status  ontology.Status
		missing string
		reason  string // the beginning of the best reason in English
	}{
		{about: "hydrogen in North Rhine-Westphalia", first: "North Rhine-Westphalia", status: ontology.Undated, missing: "hydrogen"},
		{about: "hydrogen with North Rhine-Westphalia", first: "North Rhine-Westphalia", status: ontology.Undated, missing: "hydrogen"},
		{about: "Wasserstoff", first: "Strategic Coordination of the Secretariat-General of the Benelux Union", status: ontology.Attested, reason: "Coordinates: Joint Work Programme 2025-2028 (hydrogen) · attested January 2025"},
		{about: "voorzitter Schelderaad", first: "independent chair of the Scheldt Council", status: ontology.Attested, reason: "Held by: "},
		{about: "who chairs the Scheldt Council", first: "independent chair of the Scheldt Council", status: ontology.Undated, reason: "Head of: Scheldt Council"},
		{about: "secrétariat forum pentalatéral de l'énergie", first: "Benelux Union", status: ontology.Attested, reason: "Secretariat: Pentalateral Energy Forum · attested January 2025"},
		{about: "Grenzhindernisse Flandern Niederlande", first: "Coordination Point Border Obstacles Flanders-Netherlands", status: ontology.Undated},
		{about: "police liaison officers", first: "Benelux network of liaison officers", status: ontology.Attested, reason: "Has the post: police liaison officer · attested 16 April 2018"},
		{about: "Greater Region presidency", asOf: "2028-01-01", first: "Luxembourg", status: ontology.Current, reason: "Presidency: Greater Region · 2027–2028"},
		{about: "présidence de la Grande Région 2027", first: "Luxembourg", status: ontology.Current},
		{about: "wie is bij de Nordic Council bevoegd voor cyberveiligheid?", first: "Nordic Council", status: ontology.Undated, missing: "cyberveiligheid"},
		{about: "Benelux avec la Basse-Saxe", first: "Lower Saxony", status: ontology.Undated},
		{about: "Saarland", first: "Greater Region", status: ontology.Undated},
		{about: "Estonia", first: "Baltic States", status: ontology.Undated},
		{about: "adjoint du secrétaire général", first: "Deputy Secretary-General of the Benelux Union", status: ontology.Attested, reason: "Held by: Alain de Muyser · attested 16 April 2018"},
	}
	for _, tt := range tests {
		a := find(t, s, contact.Question{About: tt.about, AsOf: tt.asOf})
		if len(a.Matches) == 0 {
			t.Errorf("%q: nobody; left %q", tt.about, a.NotUnderstood)
			continue
		}
		m := a.Matches[0]
		var missing []string
		for _, x := range m.Missing {
			missing = append(missing, x.Text)
		}
		if name := nameOf(t, s, m.Node); name != tt.first || m.Status != tt.status || strings.Join(missing, ", ") != tt.missing {
			t.Errorf("%q: %s, %s, missing %q", tt.about, name, m.Status, missing)
		}
		if got := texts(t, s, a, 1, "en")[0]; !strings.HasPrefix(got[0], tt.reason) {
			t.Errorf("%q: reason %q, want %q", tt.about, got[0], tt.reason)
		}
	}
	a := find(t, s, contact.Question{About: "who chairs the Scheldt Council"})
	if name, why := nameOf(t, s, a.Matches[1].Node), texts(t, s, a, 2, "en")[1][0]; a.Matches[1].Score != a.Matches[0].Score ||
		name != "Secretariat-General of the Benelux Union" || why != "Chairs: Scheldt Council · attested January 2025" {
		t.Errorf("the chair's post is held by an organisation, which answers equally: %s, %q", name, why)
	}
	a = find(t, s, contact.Question{About: "Greater Region presidency", AsOf: "2026-01-01"})
	both := map[string]bool{nameOf(t, s, a.Matches[0].Node): true, nameOf(t, s, a.Matches[1].Node): true}
	if !both["Wallonia"] || !both["German-speaking Community"] || a.Matches[1].Status != ontology.Current {
		t.Errorf("two hold the presidency in 2026: %v", both)
	}
	a = find(t, s, contact.Question{About: "Greater Region presidency", AsOf: "2028-01-01"})
	for _, m := range a.Matches[1:] {
		if len(m.Missing) == 0 {
			t.Errorf("nobody else presides in 2028: %s", nameOf(t, s, m.Node))
		}
	}
}

func nameOf(tb testing.TB, s store.Reader, id store.ID) string {
	tb.Helper()
	nodes, err := s.Nodes(tb.Context(), []store.ID{id})
	if err != nil {
		tb.Fatal(err)
	}
	thing, err := ontology.ThingOf(nodes[id])
	if err != nil {
		tb.Fatal(err)
	}
	return thing.Name("en")
}
